"""The rows below a header: records, totals, footers, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from jifen_analysis.intake.branches import heads_rows
from jifen_analysis.intake.cells import display_raw, is_nothing, is_number, plain, unspaced
from jifen_analysis.intake.cells.lexicon import (
    CHECKING,
    EXAMPLE,
    LEGEND,
    MEANS,
    MISSED,
    PEOPLE,
    PRESENT,
    REPORTING,
    SIGNING,
    SPAN,
    SUMS,
    TO_COME,
)
from jifen_analysis.intake.cells.remarks import of_somebody
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.grid import Grid, Value, count_filled, is_blank, rows_where, words_below
from jifen_analysis.intake.layouts.block import Fate, columns_apart
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.spellings import PERSON, column_of, find_columns, is_somebody
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import spelling

_TOTAL = re.compile(
    rf"[^。;:]{{0,12}}?(?:{SUMS}|{MEANS}|最[高低][得评]?分|中位数|标准差|total|subtotal)(?:[数额值]|金额|次数|人数|得?分|成绩)?"
    r"(?:[:=(\d].*)?"
)
_CALLED = f"{TO_COME}|{PRESENT}|{MISSED}"
_COUNTED = rf"(?:{_CALLED}):?\d+[人名]?"
_HEADS = re.compile(
    rf"(?:{_CALLED}|列席|参加|实参加|应缴|实缴)?(?:总)?(?:人数|人次|率|人|次数|百分比)(?:\(.*\))?"
    rf"|{_COUNTED}(?:[,;、\s].*)?|(?:{_COUNTED}[,;、\s]*)+"
    rf"|{TO_COME}|(?:{PRESENT}|{MISSED})率?"
)
_SENTENCE = re.compile(r"[\u4e00-\u9fff][^;。]*[;。:]\s*[\u4e00-\u9fff]")
"""What has parts as a sentence has, and is no id and no name."""
_DAY = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|年 ?月 ?日")
_OF_A_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}|\d{4}[-./]\d{1,2}[-./]\d{1,2}")
"""How a heading begins that stands over those of one meeting: 3月5日党员大会."""
_FOOTER = re.compile(
    rf"^(?:{LEGEND}|{REPORTING}|{CHECKING}|{SIGNING}|标记|(?:发[出放]|[收回]回|有效|参评)[\u4e00-\u9fff]{{0,4}}(?:\d+[张票份人名]|$)|其中|过次页|承前页|[转续接承][上下前次]页|负责人|联系|注[:0-9]|记录数|共\d+|共计?\d|以上|单位\(盖章\)"
    r"|[\u4e00-\u9fff]{1,4}\d*[人名]:|大写(?:[:(]|$)|单位盖章|[\u4e00-\u9fff]{2,8}(?:意见|评语):|支部书记|日期:|第\d+页|数据来源|截至|截止|-{3,}|={3,}|end\b)",
    re.IGNORECASE,
)
_APART = re.compile(rf"^(?:{MISSED})(?:{PEOPLE}|人|名单)*\d*[人名]?:.|^{_COUNTED}.*\(")
"""How a line begins that lists who was away: 请假人员:李四, 实到3人 请假1人(李四); without a name it is a heading."""


@dataclass(frozen=True)
class Rows:
    """The rows below a header."""

    body: Sequence[int]  # those with records
    others: Mapping[int, Fate]  # what the others are
    example: bool = False  # whether one of them is marked as an example
    unfilled: tuple[int, ...] = ()  # those that name somebody and say nothing of him


def is_footer(value: Value) -> bool:
    """Return whether a text begins as what stands below a list: who filled it in, a note."""
    return isinstance(value, str) and _FOOTER.match(unspaced(value)) is not None


def blocks_below(grid: Grid, header: Header) -> list[int]:
    """Return where further blocks begin: at another header, or at the titles above this one's repetition.

    A header that is repeated after a page break has no title of its own.
    """
    again, same = [(_titles_above(grid, i, header), i) for i in _repetitions(grid, header)], _titles_again(grid, header)
    titled = [first for first, i in again if any(_says_something(grid.row(k)) for k in {*range(first, i)} - same)]
    return sorted({*titled, *(_titles_above(grid, i, header) for i in _other_headers(grid, header))})


def _other_headers(grid: Grid, header: Header) -> set[int]:
    """Return the rows below that are the header of something else: where a name or an amount stands, nobody is 姓名."""
    free = {j for name, j in header.columns.items() if name in _FREE_TEXT}
    columns = (grid.columns[j] for j in header.used - free)
    heads = ((column, set(filter(is_somebody, words_below(column, header.below)))) for column in columns)
    found = {i for column, words in heads if words for i in range(header.below, grid.height) if column[i] in words}
    if not found:
        return found
    return found - {i + k for i in _repetitions(grid, header) for k in range(header.depth)}


_FREE_TEXT = frozenset(
    column.name for columns in TABLES.values() for column in columns.values() if column.kind == "text"
) - {*TABLES["members"], "grade", "group"}
"""Columns in which anything may stand: texts that name no member, group or grade."""


def _repetitions(grid: Grid, header: Header) -> list[int]:
    """Return the rows below a header that say the same again."""
    name, j = next(iter(header.columns.items()))
    column, first = grid.columns[j], header.row + 1
    words = words_below(column, first)
    alike = {value for value in words if value == column[header.row] or _same(value, name, header.table)}
    rows = (i for i in range(first, grid.height) if column[i] in alike) if alike else ()
    return [i for i in rows if _repeats(grid, i, header)]


def _titles_again(grid: Grid, header: Header) -> set[int]:
    """Return the rows above a repeated header that say only what stands above the first: the next page has begun."""
    above = (k for i in _repetitions(grid, header) for k in range(_titles_above(grid, i, header), i))
    titles = {_PAGE.sub("", unspaced(str(value))) for row in grid.rows(0, header.row) for value in row}
    return {
        k for k in above if titles.issuperset(_PAGE.sub("", unspaced(str(value))) for value in grid.row(k) if value)
    }


_PAGE = re.compile(r"[(\[]?(?:[接续](?:[上前]页|表)?|[第共]\d+页)[)\]]?$")


def _titles_above(grid: Grid, i: int, header: Header) -> int:
    """Return the first of the rows directly above a header that belong to it."""
    first = i
    while first > header.below and _is_loose(grid.row(first - 1), len(header.used)):
        first -= 1
    return first


def _is_loose(row: Sequence[Value], width: int) -> bool:
    """Return whether a row may be a title: little text, neither total nor footer."""
    filled = [value for value in row if not is_blank(value)]
    texts = [plain(value) for value in filled if isinstance(value, str)]
    ends = any(is_total(text) or _FOOTER.match(re.sub(r"\s", "", text)) for text in texts)
    return len(texts) == len(filled) and not ends and len(filled) <= max(1, width // 3)


def _says_something(row: Sequence[Value]) -> bool:
    """Return whether a title says a time, a branch or a kind of meeting; a bare page number does not."""
    texts = (value for value in row if isinstance(value, str) and not re.fullmatch(r"[-—–\s]*\d+[-—–\s]*", value))
    return any(re.search(r"\d|[月季度年]|支部|[会课日]", text) for text in texts)


def rows_below(grid: Grid, header: Header, first: int) -> Rows:
    """Tell records from totals, footers and repeated headers, from a row on."""
    named = [header.columns[name] for name in ("member_id", "name", "branch", "question") if name in header.columns]
    keys = named[:2] or [min(header.columns.values())]
    again = _header_rows(grid, header, first)
    odd = sorted({*_odd(grid, keys, "member_id" not in header.columns, first)} - again)
    fates: dict[int, Fate | None] = {i: _fate(grid, i, header, keys) for i in odd}
    fates |= dict.fromkeys((*again, *_titles_again(grid, header)), "header")
    fates |= dict.fromkeys(_sums_of_somebody(grid, header, first), "total")
    others: dict[int, Fate] = {i: fate for i, fate in fates.items() if fate}
    skipped = set(others) | {i for i in odd if all(is_blank(value) for value in grid.row(i))}
    unfilled = _unfilled(grid, header, first) - skipped
    others |= dict.fromkeys(unfilled, "title")
    skipped |= unfilled
    body = range(first, grid.height) if not skipped else [i for i in range(first, grid.height) if i not in skipped]
    example = any(is_example(grid.row(i)) for i, fate in others.items() if fate == "title")
    return Rows(body, others, example, tuple(sorted(unfilled)))


def _sums_of_somebody(grid: Grid, header: Header, first: int) -> set[int]:
    """Return the rows that say 合计 where others name an item, a group, a month or an event."""
    places = (header.columns[name] for name in _TOLD_APART if name in header.columns)
    return {i for j in places for i in rows_where(grid.columns[j], first, _is_sum)}


_TOLD_APART = ("item", "group", "month", "period", "event")
_SUM = re.compile(rf"(?:本人|个人|{SPAN})?(?:{SUMS}|总分|(?:{MEANS})(?:得?分)?)")


@lru_cache(maxsize=1 << 15)
def _is_sum(value: Value) -> bool:
    return isinstance(value, str) and _SUM.fullmatch(spelling(value)) is not None


def _header_rows(grid: Grid, header: Header, first: int) -> set[int]:
    """Return the rows of repeated headers, all their levels and the days of the week among them."""
    length = first - header.row
    first_lines = set(_repetitions(grid, header))
    rows = {i + k for i in first_lines for k in range(length) if i + k < grid.height}
    return first_lines | {i for i in rows if any(_alike(grid, i, header.row + k) for k in range(length))}


def _unfilled(grid: Grid, header: Header, first: int) -> set[int]:
    """Return the rows of a list with everybody's name in which nothing is filled in, and nothing said: 王芳(免缴)."""
    own = [j for name, j in header.columns.items() if name not in (*PERSON, "period")]
    if header.table in ("members", "surveys") or header.wide or not own:
        return set()
    empty = rows_where(grid.columns[own[0]], first, is_nothing)
    bare = {i for i in empty if all(is_nothing(grid.columns[j][i]) for j in own[1:])} - _merged_rows(grid, own)
    return {i for i in bare if not _says_of_somebody(grid.row(i))}


def _says_of_somebody(row: Sequence[Value]) -> bool:
    """Return whether a cell beside, or behind, a name says what becomes of him; one that stands alone is a heading."""
    texts = [plain(value) for value in row if isinstance(value, str) and not is_blank(value)]
    alone = len(texts) == 1 and not texts[0].endswith(")")
    return not alone and any(map(of_somebody, texts))


def _merged_rows(grid: Grid, own: Sequence[int]) -> set[int]:
    """Return the rows of which a cell above says something, being merged with theirs."""
    numbers = {grid.column_numbers[j] for j in own}
    spans = [(area.top, area.bottom) for area in grid.merges if area.left in numbers and area.bottom > area.top]
    if not spans:
        return set()
    return {i for i, number in enumerate(grid.row_numbers) if any(top < number <= last for top, last in spans)}


def is_example(row: Sequence[Value]) -> bool:
    """Return whether a cell of a row says that it is an example."""
    return any(isinstance(value, str) and _EXAMPLE.match(plain(value)) for value in row)


def _odd(grid: Grid, keys: list[int], names: bool, first: int) -> Iterable[int]:
    """Return rows that may be no record: few, so that only these are looked at one by one."""
    for j in range(max(keys) + 1):
        yield from rows_where(grid.columns[j], first, partial(_unlike, key=j == keys[0], names=names))


def _unlike(value: Value, *, key: bool, names: bool) -> bool:
    """Return whether a cell is unlike that of a record: an id has digits, a name is short."""
    return _is_unlike(value, key, names) if isinstance(value, str) and value else key and not value


@lru_cache(maxsize=1 << 15)
def _is_unlike(value: str, key: bool, names: bool) -> bool:
    text = _COUNT.sub("", plain(value))
    if is_total(text) or _FOOTER.match(text) or _EXAMPLE.match(text) or _APART.match(f"{text}:-"):
        return True
    if key and _OF_A_DAY.match(text):
        return True
    odd = len(_BESIDE.sub("", text)) > _LONGEST_NAME if names else not any(map(str.isdigit, text))
    return key and (odd or _is_sign(text) or _OF_MANY.search(text) is not None)


_COUNT = re.compile(r"\(?共?\s*\d+\s*[人名]\)?:?$")
"""How many stand below a heading, at its end."""
_LONGEST_NAME, _BESIDE = 6, re.compile(r"\([^()]*\)$")
_OF_MANY = re.compile(rf"(?:支部|总支|党委|小组|{PEOPLE}|群众|干部)(?:\(.*\))?:?$")
"""How headings end that stand over the rows of some members."""


def _is_sign(value: Value) -> bool:
    """Return whether a cell has neither letters nor digits, so that it is no id and no name."""
    return isinstance(value, str) and not is_blank(value) and not any(map(str.isalnum, plain(value)))


@lru_cache(maxsize=1 << 15)
def is_total(value: Value) -> bool:
    """Return whether a cell is the label of a total."""
    text = spelling(value) if isinstance(value, str) else ""
    return any(form.fullmatch(text) for form in (_TOTAL, _HEADS))


def _fate(grid: Grid, i: int, header: Header, keys: list[int]) -> Fate | None:
    row = grid.row(i)
    filled = [(j, value) for j, value in enumerate(row) if not is_blank(value)]
    if not filled:
        return None
    own = filled[0][0] in header.places("status")
    named = _by_words(row, filled[0][0], keys, names="member_id" not in header.columns, own=own)
    if named:
        return named
    if _is_sign(row[keys[0]]) and all(isinstance(value, str) for _, value in filled):
        return "footer"  # a sign and what it means
    j, first = filled[0]
    text = _COUNT.sub("", plain(first)) if isinstance(first, str) else ""
    alone = len(filled) == 1 and isinstance(first, str)
    names = "member_id" not in header.columns
    if alone and heads_rows(str(first)) and not _is_last(grid, i, keys, names=names):
        return "title"
    if alone and header.table == "attendance" and "date" not in header.columns and _OF_A_DAY.match(text):
        return "footer" if _is_last(grid, i, keys, names=names) else "title"
    if len(filled) == 1 and (_DAY.fullmatch(text) or _SENTENCE.search(text)):
        return "footer"
    several = _OF_MANY.search(text) is not None  # 2024年转出党员
    if len(filled) == 1 and text and (several or not re.search(r"\d", text)) and _prose(text, j, keys):
        return "footer" if _is_last(grid, i, keys, names=names) else "title"
    if not any(j in set(header.columns.values()) for j, _ in filled) and not _is_nameless(grid, i, filled, header):
        return "footer" if all(isinstance(value, str) for _, value in filled) else "extra"
    return None


def _is_nameless(grid: Grid, i: int, filled: Sequence[tuple[int, Value]], header: Header) -> bool:
    """Return whether a row without a name holds signs or amounts, as a record does, and not the sums of those above."""
    cells = [(j, value) for j, value in filled if j in header.used]
    if header.table == "attendance":
        return bool(cells) and all(isinstance(value, str) and plain(value).casefold() in TICKS for _, value in cells)
    numbers = [(j, float(value)) for j, value in cells if is_number(value)]
    return bool(numbers) and not all(_sums_up(grid.columns[j][header.below : i], n) for j, n in numbers)


def _sums_up(above: Sequence[Value], said: float) -> bool:
    """Return whether a number is the sum, the mean or the count of those above it."""
    numbers = [float(value) for value in above if is_number(value)]
    likely = (sum(numbers), sum(numbers) / len(numbers), len(numbers)) if numbers else ()
    return any(abs(one - said) < _ROUNDED for one in likely)


_ROUNDED = 0.06
"""By how much a mean may be rounded."""


def _by_words(row: Sequence[Value], first: int, keys: list[int], *, names: bool, own: bool) -> Fate | None:
    """Return what the words of a row say that it is, unless it has the id or name of somebody, or begins with his sign.

    ``own`` says that the first of them stands where the signs do.
    """
    somebody = not _unlike(row[keys[0]], key=True, names=names)
    told = {plain(str(row[j])) for j in ({first, *keys} if not somebody else {first}) if isinstance(row[j], str)}
    label = unspaced(str(row[first]))
    line = ":".join(unspaced(str(value)) for value in row if not is_blank(value)) if count_filled(row) <= _LINE else ""
    if (_FOOTER.match(label) and label.endswith(":")) or (_APART.match(line) and not (own and somebody)):
        return "footer"  # who filled in the sheet, or was away, even where his name stands below the names
    heads = count_filled(row) == 1 and _STATUS.fullmatch(label)  # 缺席 alone counts nobody: it stands over rows
    if (
        not heads
        and any(is_total(text) for text in told)
        and (not somebody or _ONLY_TOTAL.fullmatch(spelling(str(row[first]))))
    ):
        return "total"
    if any(_EXAMPLE.match(text) for text in told):
        return "title"
    if somebody:
        return None
    return "footer" if any(_FOOTER.match(re.sub(r"\s", "", text)) for text in told) else None


_ONLY_TOTAL = re.compile(SUMS)
_STATUS = re.compile(f"{PRESENT}|{MISSED}|{TO_COME}")
_LINE = 2
"""Cells of a line that says something by itself: a label, and what it labels."""


def _prose(text: str, j: int, keys: list[int]) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and (j not in keys[1:] or len(text) > 4)


def _is_last(grid: Grid, i: int, keys: list[int], *, names: bool) -> bool:
    return all(_unlike(grid.columns[keys[0]][k], key=True, names=names) for k in range(i + 1, grid.height))


_EXAMPLE = re.compile(rf"^[(\[【]?(?:{EXAMPLE}|举例|例如|例(?:[:)]|$)|example)", re.IGNORECASE)


def _repeats(grid: Grid, i: int, header: Header) -> bool:
    """Return whether a row says most of a header again, and nothing else where that has a column."""
    cells = [(grid.columns[j][i], name) for name, j in header.columns.items()]
    again = [_same(value, name, header.table) for value, name in cells]
    if any(not same and find_columns(value) for same, (value, _) in zip(again, cells, strict=True)):
        return False
    apart = columns_apart(header.spreads)
    if any(not is_blank(grid.columns[j][i]) and not _stands_above(grid, i, j, header) for j in apart):
        return False
    return (sum(again) >= 2 and sum(again) * 2 > len(again)) or _alike(grid, i, header.row)


def _stands_above(grid: Grid, i: int, j: int, header: Header) -> bool:
    """Return whether the header says in a column what another row does: 1月 and 2月 are no 7月 and 8月."""
    said = unspaced(display_raw(grid.columns[j][i]))
    return any(unspaced(display_raw(grid.columns[j][k])) == said for k in header.lines)


def _same(value: Value, name: str, table: str) -> bool:
    return column_of(value, table) == name


def _alike(grid: Grid, i: int, k: int) -> bool:
    """Return whether two rows say the same in most of their cells."""
    pairs = [pair for pair in zip(grid.row(i), grid.row(k), strict=True) if not is_blank(pair[0])]
    same = sum(one == other for one, other in pairs)
    return same >= 2 and same * 2 > len(pairs)
