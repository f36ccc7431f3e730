"""What is said of a sheet that is read: readings taken, and what is hidden."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.cells.lexicon import EXAMPLE, JUDGING, LISTS, MARKS, MISSED, NO_BRANCH, PEOPLE
from jifen_analysis.intake.cells.phrases import named_in
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.cells.times import WEEK, read_date, read_month
from jifen_analysis.intake.grid import Grid, Value, count_filled, is_blank
from jifen_analysis.intake.layouts.block import Block, columns_apart, problem
from jifen_analysis.intake.layouts.body import Rows, is_example
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import weekday
from jifen_analysis.intake.layouts.legend import by_sign
from jifen_analysis.intake.layouts.readings.statuses import AWAY
from jifen_analysis.intake.layouts.scene import Scene, texts_of
from jifen_analysis.intake.layouts.spellings import find_columns, likely_column
from jifen_analysis.intake.layouts.year_turns import turned_headers
from jifen_analysis.vocabulary import Vocabulary


def notes(grid: Grid, header: Header, block: Block, rows: Rows, scene: Scene) -> Iterator[Problem]:
    """Return what was taken from where, what is hidden, and what stands for nothing."""
    words, titles = scene.words, (*scene.titles, grid.sheet)
    yield from _taken_from_title(grid, header, block, words)
    yield from _taken_from_headers(grid, header)
    yield from _evaluators_alike(grid, header)
    yield from _weekdays_below(grid, header, min(rows.body, default=0))
    yield from _called_void(grid, header, titles)
    yield from _weekday_in_title(grid, header, block, titles)
    yield from _votes_of_some(grid, header, titles)
    yield from _of_another_kind(grid, header, titles)
    yield from _other_money(grid, header, titles)
    yield from _hidden(grid, header, rows)
    yield from left_unfilled(grid, header, rows)
    yield from _examples(grid, header, rows)
    yield from turned_headers(grid, header)
    if header.wide and header.table == "attendance":
        yield from _blanks(block, words, titles)
        yield from _ticks_of_absence(block, titles)
    if header.wide and header.table == "marks" and any("item" in spread.constants for spread in header.spreads):
        items = "、".join(dict.fromkeys(str(spread.constants.get("item", "")) for spread in header.spreads))
        text = Text(f"每列一个项目,读作:{items}", f"an item a column: {items}")
        yield problem(grid, "items_from_header", text, (header.row, min(header.columns.values())), "note")
    if header.wide and header.table == "dues" and not any(_has_two_amounts(header, s.fields) for s in header.spreads):
        at = header.row, min(header.columns.values())
        heads = [display_raw(grid.columns[j][i]) for j in columns_apart(header.spreads) for i in header.lines]
        own = (grid.sheet, *texts_of(grid, header.row), *(head for head in heads if "月" not in head))
        if any(_OWED.search(text) and not _PAID.search(text) for text in own):
            yield problem(grid, "only_due", _ONLY_DUE, at)
        else:
            text = Text("每月只有一个金额,读作应缴并已缴这个数", "one amount a month: taken as due and as paid")
            yield problem(grid, "amount_due_and_paid", text, at, "note")


_OWED, _PAID = (
    re.compile(r"应[缴交]"),
    re.compile(r"[实已收][缴交]|[缴交]纳|收缴|(?:每人)?每?月(?:每人)?应[缴交]\D{0,3}\d"),
)
_ONLY_DUE = Text(
    "表题或表名说这是应缴的数,没有说缴了没有;请把应缴和实缴列在一张表上(月应缴一列,每月填实缴)",
    "title or sheet says that these amounts are due, not whether they were paid: put both on one sheet",
)


def _votes_of_some(grid: Grid, header: Header, titles: Sequence[str]) -> Iterator[Problem]:
    """Note that votes are those of one group, as title, sheet or file say: another group's are to be added to them."""
    texts = (*titles, PurePath(grid.file).stem) if header.table == "ballots" else ()
    voters = next((one or other for text in texts for one, other in _VOTERS.findall(plain(text))), "")
    if voters:
        text = Text(f"按表题或表名,只是“{voters}”投的票", f"the votes of {voters} alone, as title or names say")
        yield replace(problem(grid, VOTES_OF_SOME, text, (header.row, min(header.used)), "note"), value=voters)


VOTES_OF_SOME = "votes_of_some"
_GROUP = "党员|群众|居民|村民|职工|教师|学生|班子|支委|联户|代表"
_VOTERS = re.compile(
    rf"(?<!评议)(?<!测评)({_GROUP})[\u4e00-\u9fff]{{0,4}}?(?:投|的?选?票(?!人|数))|\(({_GROUP})[\u4e00-\u9fff]{{0,3}}\)"
)
"""Who voted, in the title of a sheet of votes."""


def _examples(grid: Grid, header: Header, rows: Rows) -> Iterator[Problem]:
    """Name the rows that are left out as examples, but for those that our own blank forms come with."""
    for i in (i for i, fate in rows.others.items() if fate == "title" and is_example(grid.row(i))):
        j = next(j for j in range(grid.width) if is_example([grid.columns[j][i]]))
        if j not in header.columns.values() or display_raw(grid.columns[j][i]).strip() != "示例":
            text = Text("这一行写明是示例,不计为记录", "says that it is an example, and is no record")
            yield problem(grid, "example_left", text, (i, j), "note")


def _taken_from_headers(grid: Grid, header: Header) -> Iterator[Problem]:
    """Say how a header was read that is a number, a day of a month, or tells by its kind alone whose or when it was."""
    for name in ("name", "date"):
        j = likely_column(grid.row(header.row), name)
        if header.columns.get(name) == j and not find_columns(head := grid.columns[j][header.row]):
            text = Text(
                f"“{head}”一列读作{'姓名' if name == 'name' else '日期'}", f"the column {head} is taken as the {name}"
            )
            yield problem(grid, "column_by_kind", text, (header.row, j), "note")
    days = {j: spread.constants.get("date") for spread in header.spreads for j in spread.fields.values()}
    for j, day in sorted(days.items()):
        for i in header.lines:
            value = grid.columns[j][i]
            year = day.year if isinstance(day, date) else None
            reading = read_month(value, None) if header.table == "dues" else read_date(value, year)
            if reading.severity == "note" and reading.text:
                yield problem(grid, reading.code, reading.text, (i, j), "note")


def _evaluators_alike(grid: Grid, header: Header) -> Iterator[Problem]:
    """Say of columns of one group under one header that each is an evaluator's mark."""
    alike: dict[str, int] = {}
    for spread in header.spreads if header.table == "evaluations" and header.wide else ():
        head = " ".join(display_raw(grid.columns[spread.first][i]) for i in header.lines)
        if alike.setdefault(f"{sorted(spread.constants.items())} {head}", spread.first) != spread.first:
            yield problem(grid, "evaluators_alike", _ALIKE, (header.row, spread.first), "note")


_ALIKE = Text(
    "列名与前面一列相同,各读作一个评议人的一分;若是重复的,请只留一列", "a header once more: another evaluator's mark"
)


def _weekdays_below(grid: Grid, header: Header, first: int) -> Iterator[Problem]:
    """Say where a line of days of the week below the days has another than its day's."""
    for spread in header.spreads:
        day, j = spread.constants.get("date"), spread.first
        if not isinstance(day, date) or j < 0:
            continue
        for i in range(header.row + 1, first):
            said, on = weekday(grid.columns[j][i]), WEEK[day.weekday()]
            if said not in ("", on):
                own = f"星期{on}"
                text = Text(f"列名是 {day},那天是{own};请核对", f"below {day}, which is a {day:%A}; check it")
                yield problem(grid, "weekday_differs", text, (i, j), "note")


def _weekday_in_title(grid: Grid, header: Header, block: Block, titles: Sequence[str]) -> Iterator[Problem]:
    """Say where a title has another day of the week than that of its day."""
    day = block.constants.get("date")
    if not isinstance(day, date):
        return
    on = WEEK[day.weekday()]
    for said in {one.replace("天", "日") for one in _WEEKDAY.findall(plain(" ".join(titles)))} - {on}:
        text = Text(f"表题写的是星期{said},{day} 是星期{on};请核对", f"{day} is a {day:%A}, which the title denies")
        yield problem(grid, "weekday_differs", text, (header.row, min(header.used)), "note")


_WEEKDAY = re.compile(r"日[(\s]*(?:星期|周|礼拜)([一二三四五六日天])")


def left_unfilled(grid: Grid, header: Header, rows: Rows) -> Iterator[Problem]:
    """Say how many rows name somebody and nothing else."""
    if rows.unfilled:
        text = Text(
            f"{len(rows.unfilled)} 行只有姓名或编号,没有内容,不计为记录",
            f"{len(rows.unfilled)} rows name somebody and say nothing; they are no records",
        )
        yield problem(grid, "unfilled_rows", text, (rows.unfilled[0], min(header.columns.values())), "note")


def _has_two_amounts(header: Header, fields: Mapping[str, int]) -> bool:
    return "paid" in fields or "due" in header.columns


def _taken_from_title(grid: Grid, header: Header, block: Block, words: Vocabulary) -> Iterator[Problem]:
    varied = set.intersection(*(set(spread.constants) for spread in header.spreads)) if header.spreads else set()
    for column, value in block.constants.items():
        if column == "year" or (column == "branch" and header.table != "members") or column in varied:
            continue
        label = words.column(header.table, column).label
        said = words.label(column, value) if column in words.words else display_raw(value)
        text = Text(f"表中没有“{label}”列,按表题或表名读作 {said}", f"{column} taken from title or sheet: {said}")
        severity: Severity = "note"
        if value == "unspecified":
            text, severity = _unspecified(" ".join((*grid.above, *texts_of(grid, header.row), grid.sheet)), words)
        yield problem(grid, f"{column}_from_title", text, (header.row, min(header.columns.values())), severity)


def _unspecified(titles: str, words: Vocabulary) -> tuple[Text, Severity]:
    """Say that no kind of meeting is named, or that several are; two in one (暨) are refused, as in a cell."""
    named = [words.label("activity", code) for code in dict.fromkeys(named_in(titles, "activity", words).values())]
    events = (event for event in named_in(titles, "event", words) if re.search(re.escape(event) + NO_BRANCH, titles))
    deeds = [*events, *_DEEDS.findall(titles)]
    if deeds and not named:
        zh = f"表题说的是“{deeds[0]}”,是事项而不是会议;请改报事项表(姓名、日期、事项),或加“活动类型”一列"
        return Text(zh, "the title names an event and no meeting: send it as events, or add a column 活动类型"), "error"
    if len(named) < 2:
        return Text("表中没有注明活动类型,记为“未注明”", "no activity is named; taken as unspecified"), "note"
    listed = "、".join(named)
    if "暨" in titles:
        zh = f"表题说是几种活动({listed}),不知算哪一种;请加“活动类型”一列,两种都算的分两行写"
        return Text(zh, "the title names several activities in one; add a column 活动类型"), "error"
    zh = f"表题说了几种活动({listed}),没有说每次是哪一种,记为“未注明”;请加“活动类型”一列"
    return Text(zh, "the title names several activities, not which is which; taken as unspecified"), "note"


_DEEDS = re.compile(rf"(?:志愿(?:服务|活动)?|义工|走访|慰问|值[班守]|帮扶|捐[款物赠]){NO_BRANCH}")
"""What people do besides meetings, where the name is no event's."""


def _called_void(grid: Grid, header: Header, titles: Sequence[str]) -> Iterator[Problem]:
    """Refuse a sheet, or a file, whose name says that it does not count, and doubt one that is called a draft."""
    for name in (grid.sheet, PurePath(grid.file).stem):
        if found := _VOID_NAME.search(name):
            severity: Severity = "error" if found["void"] else "note"
            after = ";不计的请移出,要计的请改名" if found["void"] else ",照样读入;若不该计,请移出"
            text = Text(
                f"文件名或表名“{name}”里写着“{found[0]}”{after}",
                f"file or sheet is called {name}: take it out if it does not count, else rename it",
            )
            yield problem(grid, "void_name", text, None, severity)
    for title, found in ((title, _VOID_TITLE.search(plain(title))) for title in titles):
        if found:
            void = found["void"] is not None
            zh = "说这张表不算;不计的请移出,要计的请改表题" if void else f"里写着“{found[0]}”,照样读入;若不该计,请移出"
            out = "; read all the same: take it out if it does not count"
            en = f"says that it does not count: {title}" if void else f"is {title}{out}"
            text = Text(f"表题“{title}”{zh}", f"the title {en}")
            yield problem(grid, "void_name", text, (header.row, min(header.used)), "error" if void else "note")


_VOID_TITLE = re.compile(rf"[(【](?:(?P<void>作废|无效|{EXAMPLE})|样表|模板)[)】]")
"""A title of what does not count; who fills in the form of a notice often leaves 样表 there."""
_VOID_NAME = re.compile(
    r"(?P<void>作废|废弃|停用|废止|(?:填[写报])?(?:[示样范]例|样[表张]))|草稿|初[稿评审]|旧[版表]|旧$|备份|[去往]年|历史"
    r"|(?<![a-z])(?:old|bak|backup|draft)(?![a-z])",
    re.IGNORECASE,
)


def _other_money(grid: Grid, header: Header, titles: Sequence[str]) -> Iterator[Problem]:
    """Refuse amounts a month of which title or names say that they are other money, and nothing that they are dues."""
    told = " ".join((*titles, PurePath(grid.file).stem))
    found = _OTHER_MONEY.search(told) if header.table == "dues" and "党费" not in told else None
    heads = (grid.columns[j][i] for j in header.used for i in header.lines)
    if found and not any("党费" in display_raw(head) for head in heads):
        text = Text(
            f"表题或表名说的是“{found[0]}”,不是党费,却按每月一格的党费读;捐款请报事项表,别的请移出",
            f"title or names say {found[0]}, which are no dues: send donations as events, take other money out",
        )
        yield problem(grid, "other_money", text, (header.row, min(header.used)))


_OTHER_MONEY = re.compile(
    rf"(?:捐[款物赠资]|[团会]费|物业费|[水电]费|医保|社保|保险|合作医疗|补[贴助]|津贴|慰问|工资|报销){NO_BRANCH}"
)


def _of_another_kind(grid: Grid, header: Header, titles: Sequence[str]) -> Iterator[Problem]:
    """Say that a title speaks of records unlike those that are read: a rehearsal, payments besides the dues, debts."""
    form = _OTHER_KINDS["dues" if header.table == "dues" else "judged"]
    found = form.search(" ".join(titles)) if header.table in ("dues", "evaluations", "ballots", "marks") else None
    if found:
        unpaid = header.table == "dues" and not header.places("paid")
        severity: Severity = "error" if unpaid else "note"
        zh = ",没有实缴一栏,不能当作已缴;是缴的请加“实缴”一列,不是的请移出" if unpaid else ",照样读入;若不该计,请移出"
        en = ", and nothing says what was paid" if unpaid else "; read all the same: take it out if it does not count"
        text = Text(f"表题或表名说的是“{found[0]}”{zh}", f"title or sheet says {found[0]}{en}")
        yield problem(grid, "title_of_another_kind", text, (header.row, min(header.used)), severity)


_VOTING = f"{JUDGING}|投票|考核"
_OTHER_KINDS = {
    "dues": re.compile(
        rf"(?:特殊|大额|自愿多[缴交]纳?的?)党费|(?<![及和与、或])(?:欠[缴交费]|未[缴交])(?:党费)?(?:的?(?:{PEOPLE}))?(?:名册|明细|表|{LISTS})"
        r"|预算|计划表|测算"
    ),
    "judged": re.compile(
        rf"模拟(?:民主)?(?:{_VOTING})|(?:{_VOTING})[^,。;]{{0,4}}(?:模拟|演练|彩排)|[试预](?:{_VOTING})|试[评填]|班子(?!成员|[和与及、])(?:民主)?(?:{JUDGING})"
        rf"|(?:{JUDGING}|{MARKS})(?:合计|之和|总和|累加)"
    ),
}


def _hidden(grid: Grid, header: Header, rows: Rows) -> Iterator[Problem]:
    if grid.hidden:
        yield problem(
            grid, "hidden_sheet", Text("工作表是隐藏的,照样读入", "a hidden sheet; read all the same"), None, "note"
        )
    facts = grid.facts
    down, across = (facts.hidden_rows, facts.hidden_columns)[:: -1 if grid.turned else 1]
    numbers = [number for i in rows.body if (number := grid.row_numbers[i]) in down] if down else []
    if numbers:
        listed = "、".join(map(str, numbers[:10])) + ("……" if len(numbers) > 10 else "")
        text = Text(
            f"第 {listed} {'列' if grid.turned else '行'}是隐藏的,照样读入", f"hidden rows, read all the same: {listed}"
        )
        yield problem(grid, "hidden_rows", text, (grid.row_numbers.index(numbers[0]), min(header.used)), "note")
    for j in sorted(header.used):
        if grid.column_numbers[j] in across:
            text = Text(f"这一{'行' if grid.turned else '列'}是隐藏的,照样读入", "hidden; read all the same")
            said = next((i for i in header.lines if not is_blank(grid.columns[j][i])), header.row)
            yield problem(grid, "hidden_column", text, (said, j), "note")


def _blanks(block: Block, words: Vocabulary, titles: Sequence[str]) -> Iterator[Problem]:
    cells = [block.grid.columns[j][i] for j in columns_apart(block.spreads) for i in block.body]
    empty = len(cells) - count_filled(cells)
    drawn = {value: many for value, many in Counter(cells).items() if _is_drawn(by_sign(value, block.symbols))}
    signs = {plain(str(value)): many for value, many in drawn.items()}
    if not empty and not signs:
        return
    shown = "、".join(f"“{sign}”" for sign in sorted(signs))
    zh, en = (
        (f",另有 {shown} {sum(signs.values())} 格", f", and {sum(signs.values())} of {shown},") if signs else ("", "")
    )
    text = Text(f"空白 {empty} 格{zh},不计为记录", f"{empty} blank cells{en} are no records")
    if block.blank:
        label = words.label("status", block.blank)
        text = Text(f"空白 {empty} 格,按图例或对照表读作{label}", f"{empty} blank cells, read as {block.blank}")
    away = {sign for sign, code in block.symbols.items() if TICKS.get(sign) == "present" and code in (*AWAY, "absent")}
    unsaid = empty and not block.blank and not _OF_ABSENCE.search(" ".join(titles))
    if unsaid and away.intersection(plain(str(value)) for value in cells):
        at = block.body[0], min(columns_apart(block.spreads))
        yield problem(block.grid, "blank_unsaid", _UNSAID, at, times=empty)
        return
    yield Problem("note", "blank_cells", text, block.grid.file, block.grid.sheet)


_UNSAID = Text(
    "图例说打勾的没有到,空白的是到了还是没有记,没有说;请在表上写明,如“空白为出勤”",
    "the legend says that who is ticked was away, and nothing of blank cells: say it on the sheet (空白为出勤)",
)


def _is_drawn(value: Value) -> bool:
    """Return whether a cell shows a stroke that stands for nothing: — or /."""
    return isinstance(value, str) and not is_blank(value) and is_nothing(value)


def _ticks_of_absence(block: Block, titles: Sequence[str]) -> Iterator[Problem]:
    """Refuse ticks on a list that is called one of absences, where no legend says what they mean."""
    told = " ".join(titles)
    if not _OF_ABSENCE.search(told) or _OF_PRESENCE.search(told):
        return
    grid, signs = block.grid, {sign for sign, code in TICKS.items() if code == "present"} - set(block.symbols)
    places = [
        (i, j) for j in columns_apart(block.spreads) for i in block.body
        if plain(display_raw(grid.columns[j][i])).casefold() in signs
    ]  # fmt: skip
    if places:
        yield problem(grid, "tick_of_absence", _WHICH, min(places), times=len(places))


_OF_ABSENCE = re.compile(rf"(?:{MISSED})[\u4e00-\u9fff]{{0,4}}?(?:{LISTS})")
_OF_PRESENCE = re.compile(r"[出考]勤|签到|到会情况|参会情况")
_WHICH = Text(
    "表题说这是缺席或请假的登记,“√”是到了还是没到,没有图例;请在表上写明,如 √为缺席",
    "the title speaks of absences: did who is ticked come, or not? say it on the sheet (√为缺席)",
)
