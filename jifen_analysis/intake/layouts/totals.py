"""Columns and rows that sum up others are no records; they are held against the cells they are a total of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import Reading, display_raw, is_nothing, plain, read_cell, unspaced
from jifen_analysis.intake.cells.lexicon import AMOUNT, JUDGING, MISSED, PEOPLE, PRESENT, SUMS, VOTES
from jifen_analysis.intake.cells.remarks import weighty
from jifen_analysis.intake.cells.times import TO, in_digits
from jifen_analysis.intake.dues import amount_of
from jifen_analysis.intake.grid import Value, is_blank
from jifen_analysis.intake.layouts.block import Block, Spread, problem
from jifen_analysis.intake.layouts.body import Rows, is_total
from jifen_analysis.intake.layouts.headers import Header, Sum
from jifen_analysis.intake.layouts.legend import by_sign
from jifen_analysis.intake.layouts.spellings import column_of
from jifen_analysis.periods import read_period
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import Column
from jifen_analysis.vocabulary import Vocabulary, spelling, standard

_MONTHS = re.compile(rf"(\d{{1,2}})月?[{TO}](\d{{1,2}})月")
_ENDS = re.compile(rf"(?:{SUMS}|(?<=[年度月])[实已]?[缴交](?:纳|费)?(?:党费|{AMOUNT})?|\(.*?\))+$")
_SCORES = re.compile(r"总分.*|总得分.*")
_ITEMS = ("marks", "declarations")
_SPANS = ("dues",)
"""Tables in which a quarter or a half in a header can only be a sum of months."""


def sum_in(label: Sequence[Value], table: str) -> Sum | None:
    """Return the sum that a header announces, if it announces one.

    Examples
    --------
    >>> sum_in(("一季度小计",), "dues").months
    (1, 2, 3)
    >>> sum_in(("1月",), "dues") is None
    True
    """
    texts = [unspaced(p) for p in label if isinstance(p, str) and p and not column_of(p, table)]
    if not texts:
        return None
    lowest, total = texts[-1], next((text for text in texts if is_total(text)), "")
    months = months_in(_ENDS.sub("", total or lowest))
    summed = total or (months and table in _SPANS) or (table in _ITEMS and _SCORES.fullmatch(lowest))
    return Sum(0, total or lowest, months) if summed else None


@lru_cache(maxsize=1 << 14)
def months_in(text: str) -> tuple[int, ...]:
    """Return the months of a quarter, half or range of months; none where a text names none.

    Examples
    --------
    >>> months_in("第二季度"), months_in("Q2"), months_in("1-3月"), months_in("2月")
    ((4, 5, 6), (4, 5, 6), (1, 2, 3), ())
    """
    text = re.sub(r"^\d{4}年?", "", in_digits(text))
    if span := _MONTHS.fullmatch(text):
        return tuple(range(int(span[1]), int(span[2]) + 1))
    part = read_period(f"2000年{text}")
    if part and part.kind in ("half", "quarter"):
        return tuple(month % 12 + 1 for month in part.months)
    return tuple(range(1, 13)) if text in ("全年", "全年度") else ()


# ---------------------------------------------------------------- held against their cells


Measure = Callable[[Sequence[Value]], list[float]]
"""What a total of some cells may say, the likeliest first."""

Made = Callable[[Sequence[Any]], list[float]]
"""What may be made of the values of some cells, the likeliest first."""

_SUMMED = (*SUMS.split("|"), "total")
_AMOUNT = Column("amount", "number")


def wrong_totals(block: Block, header: Header, rows: Rows, words: Vocabulary) -> Iterator[Problem]:
    """Return a note with both numbers for every total that is not the sum of its cells."""
    yield from _valid_votes(block, header, rows, words)
    yield from _people_counted(block, header, rows)
    yield from _came(block, header, rows, words)
    yield from _below(block, header, rows, words)
    for n, total in enumerate(header.sums):
        yield from _beside(block, total, header.sums[n - 1].j if n else -1, words)


def _texts(block: Block, header: Header, rows: Rows) -> list[str]:
    """Return what stands above the header and below the records."""
    lines = (*range(header.row), *sorted(i for i in rows.others if i > header.row))
    return [value for i in lines for value in block.grid.row(i) if isinstance(value, str)]


def _came(block: Block, header: Header, rows: Rows, words: Vocabulary) -> Iterator[Problem]:
    """Hold how many came, or did not, by title or footer of one meeting's list, against the signs."""
    places = header.places("status")
    if block.table != "attendance" or len(places) != 1 or "date" in header.columns:
        return
    own = (text for text in _texts(block, header, rows) if text not in block.grid.above)  # not of the block beside it
    for said in (found for text in own for found in _CAME.finditer(plain(text))):
        only = words.code("status", said["what"]) or "present"
        measure = _measure(block, "status", words, partial(_counted_as, only))
        sums = measure([block.grid.columns[places[0]][i] for i in block.body])
        if sums and float(said["n"]) not in sums:
            text = Text(f"表上写“{said[0]}”,记号数出来是 {sums[0]:g} 人", f"says {said[0]}, the signs say {sums[0]:g}")
            yield problem(block.grid, "total_differs", text, (header.row, places[0]), "note")


_CAME = re.compile(rf"(?<!应)(?P<what>{PRESENT}|{MISSED})(?:{PEOPLE}|人数|共|:)*(?P<n>\d+)[人名]")


def _counted_as(kind: str, statuses: Sequence[str]) -> list[float]:
    if kind == "leave":
        return [sum(statuses.count(status) for status in ("leave", "sick_leave", "excused")), statuses.count("leave")]
    return _counts(statuses)[:2] if kind == "present" else [statuses.count(kind)]


def _valid_votes(block: Block, header: Header, rows: Rows, words: Vocabulary) -> Iterator[Problem]:
    """Hold the number of valid votes against the votes of every row."""
    if block.table != "ballots" or header.wide:
        return
    kinds = {name for name, column in TABLES["ballots"].items() if column.kind == "count"}
    votes = [block.grid.columns[j] for name, j in header.columns.items() if name in kinds]
    measure = _measure(block, "excellent", words)
    said = [found for text in _texts(block, header, rows) for found in _VALID_IN_TITLE.finditer(plain(text))]
    first = min(header.columns.values())
    stated = {(float(found["n"]), found["papers"] is not None, first): found[0] for found in said}
    counted = [(j, head) for j, head in _heads(block, header) if _COUNTED.fullmatch(head)]
    for i in block.body:
        sums = measure([vote[i] for vote in votes])
        read = [(read_cell(block.grid.columns[j][i], _AMOUNT, standard()).value, j, head) for j, head in counted]
        own = {(n, _PAPERS.fullmatch(head) is not None, j): f"{head}{n:g}" for n, j, head in read if n is not None}
        for (number, papers, j), told in (stated | own).items() if sums else ():
            if sums[0] > number or (sums[0] != number and not papers):  # papers may be void, or not come back
                text = Text(
                    f"表上写“{told}”,这一行各种票相加是 {sums[0]:g}",
                    f"the sheet says {told}, the votes add up to {sums[0]:g}",
                )
                yield problem(block.grid, "total_differs", text, (i, j), "note")


def _heads(block: Block, header: Header) -> list[tuple[int, str]]:
    return [
        (j, re.sub(r"\(.*\)", "", unspaced(str(column[header.row])))) for j, column in enumerate(block.grid.columns)
    ]


_VALID_IN_TITLE = re.compile(
    rf"(?:有效(?:选?票|测评票|表决票)?|实到|(?P<papers>(?:发[出放]|[收回]回|参[评加与](?:{JUDGING})?)(?:的?(?:选?票|测评票|表决票|党员|人员?))?))"
    r"(?:数|为|共|:)*(?P<n>\d+)[张票份人名]"
)
_PAPERS = re.compile(r"(?:发[出放]|[收回]回)(?:选?票|测评[票表]|表决票|份|张)?数?")
_COUNTED = re.compile(rf"{_PAPERS.pattern}|{VOTES}")


def _people_counted(block: Block, header: Header, rows: Rows) -> Iterator[Problem]:
    """Hold the number of members that a heading or a footer of a roster says against the rows that it is of."""
    below = [i for i in sorted(rows.others) if i > header.row] if block.table in ("members", "events") else []
    cells = [(i, j, found) for i in below for j, v in _said_together(block.grid.row(i)) if (found := _count_in(v))]
    who = [header.columns[name] for name in ("member_id", "name") if name in header.columns][:1]
    headings = [i for i, _, found in cells if not found["all"] and not found["part"]]
    ends = [0, *(i for i, _, found in cells if found["part"])]
    for i, j, found in cells:
        last = next((k for k in headings if k > i), block.grid.height)
        first = max((k for k in (*ends, *headings) if k < i), default=0)
        inside = range(first, i) if found["part"] else range(i + 1, last)
        own = [k for k in block.body if found["all"] is not None or k in inside]
        listed, people = len(own), {tuple(block.grid.columns[k][row] for k in who) for row in own}
        if listed and int(found["n"]) not in (listed, len(people)):
            said = found["n"]
            text = Text(f"写的是 {said} 人,名单里是 {listed} 人", f"says {said} members, {listed} are listed")
            yield problem(block.grid, "total_differs", text, (i, j), "note")


def _said_together(row: Sequence[Value]) -> Iterator[tuple[int, Value]]:
    """Yield the cells of a row, one such as 3人 with 合计 before it."""
    before = ""
    for j, value in enumerate(row):
        if not is_blank(value):
            yield j, f"{before}{display_raw(value)}" if is_total(before) else value
            before = display_raw(value)


@lru_cache(maxsize=1 << 12)
def _count_in(value: Value) -> re.Match[str] | None:
    return _PEOPLE.fullmatch(unspaced(value)) if isinstance(value, str) else None


_PEOPLE = re.compile(
    r"(?:(?P<part>[^()]*小计(?:党员|人数)?[:(]?)|(?P<all>(?:[合总]计|共计?|以上)(?:共|有|计)*(?:党员|人数)?[:(]?)|.*?\((?:共|计)*)"
    r"(?P<n>\d+)[人名](?:党员)?\)?[。.]?:?"
)
"""How many members there are: 第一支部(12人), 共30名党员."""

# ---------------------------------------------------------------- rows that are totals


def _below(block: Block, header: Header, rows: Rows, words: Vocabulary) -> Iterator[Problem]:
    grid = block.grid
    totals = sorted(i for i, fate in rows.others.items() if fate == "total")
    fields = {**_numbers(header), **{total.j: total.field for total in header.sums if total.field != "status"}}
    measures = {field: _measure(block, field, words) for field in fields.values()} if totals else {}
    for n, i in enumerate(totals):
        label = next((spelling(str(value)) for value in grid.row(i) if is_total(value)), "")
        counts = block.table == "attendance" and _HEADS.fullmatch(label)
        if counts:
            measures = {**measures, "status": _measure(block, "status", words, _counting(label, words))}
        elif not any(word in label for word in _SUMMED):
            continue
        parts = _rows_summed(i, [-1, *totals[:n]], totals[n + 1 :], rows.body, part="小计" in label)
        for j, field in sorted(fields.items()):
            cells = ([grid.columns[j][k] for k in part] for part in parts)
            yield from _differs(block, i, j, cells, measures[field], _RATED if counts and "率" in label else _ADDED)


_HEADS = re.compile(rf"(?:{PRESENT}|{MISSED})(?:总?人[数次]|人|率)?")
"""How many came, or did not, below the signs of each meeting, or what share."""


def _numbers(header: Header) -> dict[int, str]:
    """Return the columns that can be added up, and what stands in them."""
    named = [*header.columns.items(), *(item for spread in header.spreads for item in spread.fields.items())]
    kinds = {name: column.kind for name, column in TABLES[header.table].items()}
    return {j: name for name, j in named if kinds.get(name) in ("number", "count") or name == "status"}


def _rows_summed(
    i: int, before: Sequence[int], after: Sequence[int], body: Sequence[int], *, part: bool
) -> list[list[int]]:
    """Return which rows a total may sum: those since the total before it, all above, or those below it."""
    above = [k for k in body if k < i]
    since = [k for k in above if k > before[-1]]
    below = [k for k in body if k > i and not after] or [k for k in body if i < k < (after or [i])[0]]
    found = [since, above, below] if part else [above, since, below, list(body)]
    return [rows for rows in found if rows]


# ---------------------------------------------------------------- columns that are totals


def _beside(block: Block, total: Sum, before: int, words: Vocabulary) -> Iterator[Problem]:
    if block.table == "evaluations":
        yield from _made_of_marks(block, total, words)
    if block.table not in ("dues", "marks", "declarations", "attendance", "events"):
        return
    rate = total.field == "status" and "率" in total.label
    if not rate and re.search("率|均", total.label):  # a mean is no sum
        yield from (problem for i in block.body for problem in _in_words(block, i, total.j))
        return
    spreads = [spread for spread in block.spreads if not total.months or spread.month in total.months]
    parts = [[s for s in spreads if before < s.first < total.j], spreads]
    likeliest = parts if "小计" in total.label else parts[::-1]
    both = ("due", "paid") if block.table == "dues" and not _ENDS.sub("", total.label) else ()
    columns = [
        [block.grid.columns[j] for s in part for j in _places(s, field)]
        for part in likeliest
        for field in dict.fromkeys((total.field, *both))
        if part
    ]
    measure = _measure(block, total.field, words, _counting(total.label, words) if total.field == "status" else None)
    for i in block.body:
        parts_of = ([column[i] for column in part] for part in columns)
        yield from _differs(block, i, total.j, parts_of, measure, _RATED if rate else _ADDED)


def _places(spread: Spread, field: str) -> list[int]:
    return [spread.fields[field]] if field in spread.fields else list(spread.fields.values())[:1]


def _counting(label: str, words: Vocabulary) -> Made:
    """Return what a number under a label such as 缺勤次数 or 出勤率 counts, or is a share of."""
    only = words.code("status", re.sub(r"(?:总?[次人]数|人次?|天数|率)$", "", label)) or ""
    return partial(_rates if "率" in label else _counts, only=only)


def _made_of_marks(block: Block, total: Sum, words: Vocabulary) -> Iterator[Problem]:
    """Hold the highest, the lowest, the mean or the last of the marks of one group's evaluators against them."""
    if len({tuple(spread.constants.items()) for spread in block.spreads}) > 1 or re.search("综合|加权", total.label):
        return  # groups of evaluators are weighed
    columns = [block.grid.columns[j] for spread in block.spreads for j in _places(spread, "mark")]
    if len(columns) < _FEWEST:
        return  # a mean that stands for the marks
    measure = _measure(block, "mark", words, partial(_made, total.label))
    for i in block.body:
        yield from _differs(block, i, total.j, [[column[i] for column in columns]], measure, _MARKED)


def _made(label: str, marks: Sequence[float]) -> list[float]:
    """Return what a header such as 最高分 may say of some marks, the likeliest first, as people round it."""
    if not marks or "最高" in label or "最低" in label:
        return [max(marks) if "最高" in label else min(marks)] if marks else []
    trimmed = sorted(marks)[1:-1] if len(marks) > _FEWEST else marks
    means = [sum(some) / len(some) for some in (marks, trimmed)]
    rounded = [round(mean, places) for mean in means for places in (2, 1, 0)]
    return [*rounded, *means, *([] if "均" in label else [sum(marks)])]


_FEWEST = 2
"""Marks of which the highest and the lowest leave none."""

# ---------------------------------------------------------------- both


def _measure(block: Block, field: str, words: Vocabulary, made: Made | None = None) -> Measure:
    """Return how cells of a field are added up; equal cells are read once."""
    column = TABLES[block.table].get(field, _AMOUNT)
    status = column.words == "status"
    adds = made or (_counts if status else lambda values: [sum(values)])

    @lru_cache(maxsize=None, typed=True)
    def read(value: Value) -> Reading:
        own = by_sign(value, block.symbols) if status else amount_of(value)
        meant = block.blank if status and is_nothing(own) else own
        return read_cell(meant, column, words)

    def measured(cells: Sequence[Value]) -> list[float]:
        readings = [read(cell) for cell in cells]
        if any(reading.severity == "error" for reading in readings):
            return []  # what cannot be read is refused already
        values = [reading.value for reading in readings if reading.value is not None]
        return adds(values)

    return measured


def _counts(statuses: Sequence[str], only: str = "") -> list[float]:
    """Return what a number beside or below ticks may count: those there, those who came at all, all records."""
    if only not in ("", "present"):
        return [statuses.count(only)]
    attended = sum(statuses.count(status) for status in ("present", "late", "early_leave"))
    return [statuses.count("present"), attended, *([] if only else [len(statuses)])]


def _rates(statuses: Sequence[str], only: str = "") -> list[float]:
    """Return what a rate of those who came, or did not, may be, with and without who was excused, as people count."""
    excused = statuses.count("excused")
    many = {count for some in _counts(statuses, only)[:2] for count in (some, some + excused * (only != "absent"))}
    wholes = [whole for whole in (len(statuses), len(statuses) - excused) if whole]
    return [count / whole for count in sorted(many) for whole in wholes]


def _share(value: Value) -> float | None:
    """Return the share that a cell says: 95%, 0.95, 95."""
    number = read_cell(value.rstrip("%") if isinstance(value, str) else value, _AMOUNT, standard()).value
    return number / 100 if number is not None and (number > 1 or "%" in display_raw(value)) else number


def _two(what: str, how: str, of: float, unit: str, said: float, number: float) -> Text:
    """Say both numbers, in hundredths where they are shares."""
    one, other = (f"{round(value * of, 6):.6g}{unit}" for value in (said, number))
    return Text(f"{what}写的是 {one},{how} {other}", f"says {one}, what it is made of gives {other}")


_ADDED = partial(_two, "合计", "相加是", 1, "")
_MARKED = partial(_two, "", "按这一行的分数应是", 1, "")
_RATED = partial(_two, "比率", "按记号算是", 100, "%")


_IN_WORDS = Text("合计一格里不只是数,没有读;若影响记录,请填到相应的格", "not a number alone, and not read")


def _in_words(block: Block, i: int, j: int) -> Iterator[Problem]:
    words = block.grid.columns[j][i]
    if isinstance(words, str) and weighty(words):
        yield problem(block.grid, "total_unread", _IN_WORDS, (i, j), "note")


def _differs(
    block: Block,
    i: int,
    j: int,
    parts: Iterable[Sequence[Value]],
    measure: Measure,
    text: Callable[[float, float], Text] = _ADDED,
) -> Iterator[Problem]:
    grid = block.grid
    value = grid.columns[j][i]
    said: float | None = _share(value) if text is _RATED else read_cell(value, _AMOUNT, standard()).value
    yield from _in_words(block, i, j) if said is None else ()
    first: float | None = None
    if said is None:
        return
    for number in chain.from_iterable(map(measure, parts)):
        if abs(number - said) <= 0.005:
            return
        first = number if first is None else first
    if first is not None:
        where = grid.file, grid.sheet, grid.address(i, j), display_raw(value)
        yield Problem("note", "total_differs", text(said, first), *where)
