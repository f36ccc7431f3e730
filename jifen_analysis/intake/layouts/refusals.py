"""Why a sheet, or one header of it, cannot be read: what is missing, what stands twice, what only adds up others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, is_number, plain, read_cell
from jifen_analysis.intake.cells.lexicon import JUDGING, PART_OF_YEAR, RESULTS, SPAN, SUMS
from jifen_analysis.intake.cells.names import looks_like_name
from jifen_analysis.intake.cells.standing import SET
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import Layout, columns_apart, problem
from jifen_analysis.intake.layouts.body import Rows
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.missing import outcomes_among, unknown_headers
from jifen_analysis.intake.layouts.readings.attendees import announced
from jifen_analysis.intake.layouts.readings.meetings import Doubt
from jifen_analysis.intake.layouts.scene import texts_of, titles_of
from jifen_analysis.intake.layouts.spellings import (
    DEEPEST,
    column_of,
    find_columns,
    header_forms,
    is_harmless,
    is_person,
    is_somebody,
)
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import Column
from jifen_analysis.vocabulary import Vocabulary, spelling

_GUIDES = ("说明", "须知", "填写", "封面", "目录", "字典", "readme", "guide", "instructions")


def without_header(grid: Grid) -> Layout:
    """Refuse a sheet in which no header was found, unless it is a guide."""
    if any(name in spelling(grid.sheet) for name in _GUIDES):
        guide = (problem(grid, "guide_left", _GUIDE, severity="note"),) if _holds_entries(grid) else ()
        return Layout(problems=guide, counts={"title": grid.filled()})
    rows = list(grid.rows(0, DEEPEST))
    who = (i for i, row in enumerate(rows) if any(map(is_somebody, row)) and len(_words_of(row)) > 1)
    row = next(who, max(range(len(rows)), key=lambda i: (_bare_words(rows[i]), -i), default=0))
    cells = {j: display_raw(value) for j, value in enumerate(grid.row(row)) if not is_blank(value)}
    told = list(outcomes_among(grid, row, {label: j for j, label in cells.items()}))
    if sum(_QUESTION.search(plain(label)) is not None for label in cells.values()) > 1:
        told = [problem(grid, "no_header", _QUESTIONS, (row, min(cells)))]
    if told:
        return Layout(problems=tuple(told[:1]), counts={"refused": grid.filled()})
    known, others = (
        "、".join(one for one in cells.values() if bool(find_columns(one)) is own) for own in (True, False)
    )
    texts = [display_raw(value) for line in rows for value in line if not is_blank(value)]
    seen = [text for text in texts if not looks_like_name(text)][:6]
    somebody = any(map(is_somebody, grid.row(row))) and not any(map(announced, cells.values()))
    said = f"第 {grid.row_numbers[row]} 行认得“{known}”,不认得“{others}”" if somebody else f"见到的是:{'、'.join(seen)}"
    text = Text(
        "没有找到表头;表头应在一行内有 党员编号(或姓名)和某类表的列,如 日期、出勤情况 或 月份、应缴 或 日期、事项;"
        f"{said};也可在对照表里写明列名",
        "no header found; looked for a row with 党员编号 (or 姓名) and the columns of a table, such as 日期, 出勤情况 "
        f"or 月份, 应缴; saw: {', '.join(seen)}; a correspondence table can name the columns",
    )
    labels = {label: j for j, label in cells.items() if len(_words_of(grid.row(row))) > 1 and not find_columns(label)}
    asked = tuple(unknown_headers(grid, row, labels, "日期、出勤情况、应缴、事项"))
    return Layout(problems=(problem(grid, "no_header", text), *asked), counts={"refused": grid.filled()})


_QUESTION = re.compile(
    rf"^(?:\d+[、.])?\s*请?您?对[\u4e00-\u9fff]{{2,4}}(?:同志)?的?[\u4e00-\u9fff]{{0,6}}(?:{JUDGING}|印象|意见)"
)
"""A question of a questionnaire about somebody: 3、对张三同志的评价."""
_QUESTIONS = Text(
    "像是问卷:每列问一个人,一行是一个人的答卷,没有读;请汇总成一人一行(姓名、优秀、合格……各几票,或平均分和评议人数)",
    "a questionnaire, a column about each member and a row of each voter: make it a row a member, with votes or marks",
)
_GUIDE = Text(
    "按表名是说明,没有读,而上面有数或记号;若是记录,请改表名,写上表头",
    "called a guide and not read, but numbers or signs stand on it: rename it and give it headers, if they are records",
)


def _holds_entries(grid: Grid) -> bool:
    """Return whether numbers, days or signs stand beside texts, as in a list: a guide is in words."""
    rows = (
        [plain(value) if isinstance(value, str) else None for value in row if not is_blank(value)]
        for row in grid.rows(0, grid.height)
    )
    return any(len(row) > 1 and any(text is None or text.casefold() in TICKS for text in row[1:]) for row in rows)


def _words_of(row: Sequence[Value]) -> Mapping[int, str]:
    """Return the words of a row that may be headers, by column; none where something else stands among them."""
    filled = {j: value for j, value in enumerate(row) if not is_blank(value)}
    words = {j: value for j, value in filled.items() if isinstance(value, str) and _WORD.fullmatch(plain(value))}
    return words if len(words) == len(filled) else {}


def _bare_words(row: Sequence[Value]) -> int:
    """Return how many words stand in a row, none where one of them may be somebody's name."""
    words = _words_of(row)
    return 0 if any(map(looks_like_name, words.values())) else len(words)


_WORD = re.compile(r"(?=.*[\u4e00-\u9fffA-Za-z])\D+")


def refuse_undirected(grid: Grid, header: Header) -> Iterator[Problem]:
    """Refuse names across names of which nothing says who gave the marks and who got them."""
    name = header.columns.get("name")
    if header.table != "evaluations" or name is None or len(header.spreads) < 2:
        return
    people = {fold_name(display_raw(value)) for value in grid.columns[name][header.row + 1 :] if not is_blank(value)}
    places = list(columns_apart(header.spreads))
    across = all(fold_name(display_raw(grid.columns[j][header.row])) in people for j in places)
    told = "被" in str(grid.columns[name][header.row])
    if across and not told and not any(_means(grid, header, places, total.j) for total in header.sums):
        text = Text(
            "横竖都是姓名,不知行是被评的人还是评分的人;请把姓名一列的表头写成“被评议人”,或加上每行的平均分",
            "names across names: is a row who was judged, or who judged? call the column 被评议人, or add the mean of "
            "each row",
        )
        yield problem(grid, "matrix_undirected", text, (header.row, name))


def _means(grid: Grid, header: Header, places: Sequence[int], j: int) -> bool:
    """Return whether a column holds the means of its rows."""
    rows = [
        ([float(row[k]) for k in places if isinstance(row[k], (int, float))], float(said))  # type: ignore[arg-type]  # numbers
        for row in grid.rows(header.row + 1)
        if isinstance(said := row[j], (int, float))
    ]
    return bool(rows) and all(marks and abs(sum(marks) / len(marks) - said) < 0.06 for marks, said in rows)


def refuse_doubled(grid: Grid, header: Header) -> Iterator[Problem]:
    """Refuse the very same header over two columns."""
    for positions in header.doubled.values():
        cells = "、".join(grid.address(header.row, j) for j in positions)
        text = Text(f"表头重复({cells}),不知以哪一列为准;请只留一列", f"the header stands twice ({cells}); keep one")
        for j in positions:
            yield problem(grid, "duplicate_header", text, (header.row, j))


_RESULTS = re.compile(rf"{RESULTS}|(?:考核|评定|评议)结果|得分(?:汇总|排名)|公示")
_OF_POINTS = re.compile(r"[\u4e00-\u9fff]{0,4}积分(?:\(.*\))?")
_TALLIED = re.compile(
    rf"(?:{SUMS}|{SPAN}|总|本期|得|[今本][日周月季年期])?积?分(?:{SUMS})?|加分|扣分|名次|排名|等[次级]|{PART_OF_YEAR}|1?\d月份?"
)
_TALLY = Text(
    "像是积分的结果(台账、汇总或公示),不是记录;请报考勤、党费、事项、评议等原始记录,各项分数由方案算出",
    "looks like results (a ledger or list of points), not records; send attendance, dues, events and reviews: the "
    "scheme makes the points",
)


_TITLES = 3
"""Rows in which a title stands."""


def refuse_ledger(grid: Grid) -> Iterator[Problem]:
    """Refuse a ledger or list of points as what it is, where titles and headers say so, or several headers do."""
    called = any(_RESULTS.search(text) for text in titles_of(grid, _TITLES))
    form = _TALLIED if called else _OF_POINTS
    for i, row in enumerate(grid.rows(0, DEEPEST)):
        at = [j for j, value in enumerate(row) if isinstance(value, str) and form.fullmatch(plain(value))]
        if len(at) > 1:
            yield problem(grid, "results_not_records", _TALLY, (i, at[0]))
            return


def doubtful(grid: Grid, doubts: Sequence[Doubt], rows: Rows) -> Iterator[Problem]:
    """Say of a day that does not exist only where something stands below it, of an unknown year only once."""
    unknown = [doubt for doubt in doubts if doubt.code == "year_unknown"]
    others = (doubt for doubt in doubts if doubt.code in ("bad_date", "hidden_year", "bad_month", "out_of_range"))
    for doubt in (*unknown[:1], *others):
        yield problem(grid, doubt.code, doubt.text, (doubt.row, doubt.j))
    for doubt in doubts:
        if doubt.code == "no_such_day":
            filled = [i for i in rows.body if not is_blank(grid.columns[doubt.j][i])]
            yield from (problem(grid, doubt.code, doubt.text, (i, doubt.j)) for i in filled)


_EXACT = ("word", "number", "count", "date", "month", "period")
"""Kinds of which a second column cannot just say the same in other words, or count the rows."""


def contradicting_columns(grid: Grid, header: Header, body: Sequence[int], words: Vocabulary) -> Iterator[Problem]:
    """Refuse two columns of one meaning, such as 出勤 and 签到, that say different things of the same row.

    Columns about members' states are held against each other row by row, once it is known what they mean.
    """
    places = {name: j for spread in header.spreads for name, j in spread.fields.items()} | dict(header.columns)
    for name, others in header.rivals.items():
        column, j = TABLES[header.table].get(name), places[name]
        if column is None or column.kind not in _EXACT or (header.table == "members" and name in SET):
            continue
        for other in others:
            pairs = dict.fromkeys((grid.columns[j][i], grid.columns[other][i]) for i in body)
            other_votes = header.table == "ballots" and _vote(grid, header, j) != _vote(grid, header, other)
            if other_votes or any(_contradict(one, two, column, words) for one, two in pairs):
                yield from _both(grid, header.row, j, other)


def _vote(grid: Grid, header: Header, j: int) -> str:
    """Return what a column of votes calls them: 称职 and 合格 side by side are not the same votes counted twice."""
    return re.sub("得?票数?$", "", header_forms(grid.columns[j][header.row])[-1])


def _contradict(one: Value, two: Value, column: Column, words: Vocabulary) -> bool:
    first, second = read_cell(one, column, words), read_cell(two, column, words)
    unknown = column.words == "event" and second.severity == "error"  # a deed that is not read is lost
    return first.value is not None and (unknown or second.value is not None) and first.value != second.value


def _both(grid: Grid, row: int, j: int, other: int) -> Iterator[Problem]:
    cells = "、".join(grid.address(row, k) for k in (j, other))
    text = Text(
        f"两列都是这个意思({cells})而内容不同,不知以哪一列为准;请只留一列,或把另一列改名",
        f"two columns of this meaning ({cells}) say different things; keep one, or rename the other",
    )
    for k in (j, other):
        yield problem(grid, "duplicate_header", text, (row, k))


def due_of_all_months(grid: Grid, header: Header, body: Sequence[int], words: Vocabulary) -> Iterator[Problem]:
    """Refuse a plain 应缴 beside the months that is what they add up to in every row: it is no month's due."""
    j, column = header.columns.get("due"), TABLES["dues"]["due"]
    months = [spread.fields["paid"] for spread in header.spreads if "paid" in spread.fields]
    if header.table != "dues" or j is None or len(months) < 2 or _OF_A_MONTH.search(str(grid.columns[j][header.row])):
        return
    amounts = {k: [read_cell(grid.columns[k][i], column, words).value for i in body] for k in (j, *months)}
    rows = [(row[0], [paid for paid in row[1:] if paid]) for row in zip(*amounts.values(), strict=True) if row[0]]
    sums = [due in (sum(paid), 12 * paid[0]) for due, paid in rows if len(paid) > 1]
    if sums and all(sums):
        yield problem(grid, "due_of_all_months", _OF_ALL_MONTHS, (header.row, j))


_OF_A_MONTH = re.compile("月|标准")
_OF_ALL_MONTHS = Text(
    "这一列等于各月之和,像是几个月合计的应缴数;请改填每月的应缴数,列名写“月应缴”;若是合计,列名写“应缴合计”",
    "adds up the months, so it is no month's due; put the due of a month under 月应缴, or call the sum 应缴合计",
)


# ---------------------------------------------------------------- sheets that add up others


_CALLED = re.compile(r"汇总|合计|统计|总表")
_FIRST_ROWS = 8
_NUMBER = re.compile(r"\d+(?:\.\d+)?[%次元人分]?")


def without_tallies(grids: Sequence[Grid], layouts: Sequence[Layout]) -> list[Layout]:
    """Leave refused sheets aside that hold numbers alone and are called 汇总, beside sheets with records: said.

    Beside a roster alone only those that count members, and name nobody.
    """
    tables = {block.table for layout in layouts for block in layout.blocks}
    if not tables:
        return list(layouts)
    return [
        _without_tally(grid, layout, of_branches=tables == {"members"})
        for grid, layout in zip(grids, layouts, strict=True)
    ]


def _without_tally(grid: Grid, layout: Layout, *, of_branches: bool) -> Layout:
    """Return a layout, unless its sheet was refused and only adds up others."""
    refused = not layout.blocks and any(one.severity == "error" for one in layout.problems)
    if refused and _is_tally(grid, of_branches=of_branches):
        said = Problem("note", "tally_left", _LEFT, grid.file, grid.sheet)
        return Layout(problems=(said,), counts={"total": grid.filled()})
    return layout


_LEFT = Text(
    "像是其他工作表的汇总,只有合计的数,没有读;若有别处没有的记录,请报每次、每月的表",
    "looks like a summary of the other sheets, numbers alone; left aside: send the records of what stands nowhere else",
)


def _is_tally(grid: Grid, *, of_branches: bool) -> bool:
    """Return whether a sheet is called so and holds numbers of somebody, or of branches, and nothing else."""
    told = (lambda value: column_of(value, "members") == "branch") if of_branches else is_somebody
    row = next((i for i in range(min(grid.height, _FIRST_ROWS)) if any(map(told, grid.row(i)))), -1)
    called = any(_CALLED.search(text) for text in (grid.sheet, *texts_of(grid, max(row, 0))))
    if row < 0 or not called:
        return False
    heads = [display_raw(value) for value in grid.row(row)]
    own = [j for j, head in enumerate(heads) if not (is_person(head) or is_harmless(head))]
    cells = [value for j in own for value in grid.columns[j][row + 1 :] if not is_blank(value)]
    return bool(cells) and all(map(_is_number, cells))


def _is_number(value: Value) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(plain(value)) is not None
    return is_number(value)
