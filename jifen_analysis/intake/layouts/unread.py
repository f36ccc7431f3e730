"""What stands on a sheet and is not read: named, and refused where it could change a score."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import display_raw, is_nothing, is_number, plain, unspaced
from jifen_analysis.intake.cells.lexicon import (
    MADE_OF_OTHERS,
    MEANS,
    MISSED,
    PAID_BY,
    REASON,
    REMARKS,
    SHARES,
    SPAN,
    SUMS,
    VOID,
    WHEN,
)
from jifen_analysis.intake.cells.remarks import gone, of_somebody, of_state, weighty
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.cells.times import YEAR
from jifen_analysis.intake.dues import state_of
from jifen_analysis.intake.grid import Value, is_blank
from jifen_analysis.intake.layouts.block import problem
from jifen_analysis.intake.layouts.labels import labels
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.meetings import keys_in
from jifen_analysis.intake.layouts.return_markers import OUR_COLUMN
from jifen_analysis.intake.layouts.spellings import column_of, is_harmless, may_speak_of_states, part_of
from jifen_analysis.intake.layouts.surroundings import activity_in
from jifen_analysis.tables import KEYS
from jifen_analysis.vocabulary import ASIDE, Vocabulary

_DERIVED = re.compile(
    rf"{SUMS}|{MEANS}|{SHARES}|{MADE_OF_OTHERS}|综合|总|最[终后高低]|等[次级第]|自[评我]|组织|系数|权重|%|人[数次]|次数"
    rf"|^(?:{SPAN})应[缴交]|[扣加]分|审核|核定|满分|标准|[欠未多少预][缴交]|欠费|[发收]出?|回收|有效|无效|废票|参[评加]|应到|实到|差额|欠缴|基数|工资"
)
"""Parts of headers of what is made of other columns, or says of how much they are."""

_COUNTING = {
    "ballots": re.compile(r".*"),
    "evaluations": re.compile(r".*[评分测议].*"),
    "marks": re.compile(r".*分.*"),
    "declarations": re.compile(r".*分.*"),
    "dues": re.compile(
        rf"(?!.*(?:工会|团费)).*(?:[缴交收退补月免]|金额|费|款|结[转余]|余额|预存|抵扣|{PAID_BY}).*|[元角分]"
    ),
}
"""Headers of numbers that would count in a table, if they were read."""

_OWED, _OF_MONTHS = re.compile(r".*(?:欠[缴交费款]|未[缴交]).*"), re.compile(r"\d月|季|半年|全年")
"""Headers of what is owed, and months named below them: they contradict the payments beside them, or repeat them."""
_PAYMENT = re.compile(r"[实已收][缴交]|[缴交]纳?金额|收款")
_PAID_BY_OTHERS = re.compile(r"代[缴交](?:人|者|情况)?")
"""A header of those who paid for others: where nothing stands as paid, it may stand with them."""
_INSTEAD = {
    "dues": (
        (_OWED, "paid"),
        (re.compile(r".*(?:逾期|迟[缴交]|延期|拖欠).*"), "paid_on"),
        (re.compile(rf".*补[缴交].*(?:{WHEN})"), ""),
    ),
    "attendance": ((re.compile(r".*(?:[代替][会签参到]|替会).*"), ""),),
    "members": (
        (re.compile(r"流[出动入].*|.*外出(?:地|地点|去向).*"), "floating"),
        (re.compile(rf".*(?:[转调]出|去世|离开).*(?:{WHEN})"), "until"),
        (re.compile(rf".*[转调]入.*(?:{WHEN})"), "since"),
        (re.compile(rf".*退休.*(?:{WHEN})"), "retired"),
    ),
}
"""Headers of what could be told from another column, which the sheet lacks: they alone say it."""
_YEAR = re.compile(rf"{YEAR}(?:年度?)?")
_REMARKS = re.compile(rf".*(?:{REMARKS}|{REASON}|情况|状态|意见|结论|结果|核实|审[核批]|认定|其[他它]|补充).*|")
_SAMPLES = 3
_HALF = 0.5
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")


@dataclass(frozen=True)
class _Column:
    """A column that nothing reads: its header, and what stands in which rows."""

    j: int
    label: str
    cells: Sequence[tuple[int, Value]]
    over: str = ""  # the headings over its header

    @property
    def numeric(self) -> bool:
        """Whether numbers stand in it and nothing else."""
        return all(_is_number(value) for _, value in self.cells)

    def share(self, told: Callable[[Value], bool]) -> float:
        """Return in how many of its cells something is so, as a share of all."""
        return sum(told(value) for _, value in self.cells) / len(self.cells)


def unread(piece: Piece, doubted: frozenset[int] = frozenset()) -> Iterator[Problem]:
    """Name every column that nothing reads, but for the known harmless ones; what could change a score is an error."""
    for j in range(piece.width):
        if j in piece.header.used or j in piece.summed or j in doubted:
            continue
        cells, text = [(i, value) for i, value in piece.filled(j) if (i, j) not in piece.copies], piece.head(j)
        if cells and text != OUR_COLUMN and not is_harmless(text):
            yield from _said(piece, _Column(j, text, cells, _over(piece, j)))
        elif cells and text not in (OUR_COLUMN, ASIDE) and "介绍人" not in text:
            heavy = _is_gone if may_speak_of_states(text) else _is_misplaced
            yield from _heavy(piece, _Column(j, text, cells), dict(filter(heavy, cells)))


def _over(piece: Piece, j: int) -> str:
    parts = labels(piece.grid, piece.header.row, piece.header.depth)[j][:-1]
    return "/".join(dict.fromkeys(plain(display_raw(part)) for part in parts if not is_blank(part)))


def _said(piece: Piece, column: _Column) -> Iterator[Problem]:
    if any(column.j in others for others in piece.header.rivals.values()):
        # Held against the column that counts already.
        yield _problem(piece, column, _naming(_values(column)), "note", _left(column, _values(column)))
        return
    if part_of(column.label) == "year" and all(_is_year(value, piece) for _, value in column.cells):
        return
    if not column.label and not piece.grid.sheet and column.numeric:  # a comma within a cell moves all that follows
        yield problem(piece.grid, "row_too_long", _TOO_LONG, (column.cells[0][0], column.j))
        return
    if part_of(column.label) == "year" or _counts(piece, column):
        again = column.over and column_of(column.label, piece.header.table) in piece.header.columns
        yield _problem(piece, column, "column_counts", "error", _once_more(column) if again else _would_count(column))
        return
    if twice := _told_apart(piece, column):
        text = Text(
            f"两行只有“{column.label}”不同,不是同一行写了两遍;请在认得的列里写明区别,或合成一行",
            f"two rows differ in {column.label} alone: say in a column that is known what parts them, or make them one",
        )
        yield problem(piece.grid, "rows_told_apart", text, (twice, column.j))
        return
    exempted = "exempt" in piece.header.columns
    texts = ((i, value) for i, value in column.cells if isinstance(value, str))
    heavy = {i: value for i, value in texts if _weighs(column.label, value, exempted=exempted)}
    yield from _heavy(piece, column, heavy)
    if len(heavy) < len(column.cells):
        rest = [value for i, value in column.cells if i not in heavy]
        yield _problem(piece, column, _naming(rest), "note", _left(column, rest))


def _told_apart(piece: Piece, column: _Column) -> int:
    """Return a row that is another one again but for a column that nothing reads; 0 where there is none."""
    keys = {*KEYS.get(piece.header.table, ())}
    if not keys or piece.header.wide or not column.label or len({value for _, value in column.cells}) < 2:
        return 0
    read = [piece.grid.columns[j] for j in piece.header.used]
    first: dict[tuple[Value, ...], Value] = {}
    told = ((i, first.setdefault(tuple(cells[i] for cells in read), value), value) for i, value in column.cells)
    return next((i for i, one, other in told if one != other), 0)


def _heavy(piece: Piece, column: _Column, heavy: Mapping[int, Value]) -> Iterator[Problem]:
    """Refuse what could change a score, each distinct text once."""
    times = Counter(map(display_raw, heavy.values()))
    for value, i in {display_raw(value): i for i, value in reversed([*heavy.items()])}.items():
        yield problem(piece.grid, "cell_counts", _weighing(column, value), (i, column.j), times=times[value])


def _is_misplaced(cell: tuple[int, Value]) -> bool:
    """Return whether a cell below a harmless header says what becomes of a member, as 未缴 for a signature."""
    return isinstance(cell[1], str) and not cell[1].isascii() and of_somebody(cell[1])


def _is_gone(cell: tuple[int, Value]) -> bool:
    return isinstance(cell[1], str) and gone(cell[1])


def _values(column: _Column) -> list[Value]:
    return [value for _, value in column.cells]


def _is_year(value: Value, piece: Piece) -> bool:
    found = re.search(YEAR, display_raw(value))
    return found is not None and piece.scene.around.year in (None, int(found[0]))


def _is_number(value: Value) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"[-+]?\d+(?:\.\d+)?[票分元]?", unspaced(value)) is not None
    return is_number(value)


def _counts(piece: Piece, column: _Column) -> bool:
    """Return whether a column holds votes, marks, amounts or signs that no header explains."""
    table, is_sign = piece.header.table, partial(_is_sign, words=piece.scene.words)
    if _of_another_table(piece, column) or _stands_in(piece, column):
        return True
    if table == "attendance" and _names_meetings(piece, column):
        return True
    if table == "attendance":
        return not column.numeric and column.share(is_sign) > _HALF
    if table == "dues" and any(column_of(value, "dues") in ("due", "paid") for _, value in column.cells):
        return True  # 应缴 and 实缴 in rows
    if table == "dues" and column.share(_is_payment) > _HALF:
        return True
    if table == "events" and not _KEPT.search(column.label):
        return column.share(is_sign) >= _HALF
    if table in _JUDGED and column.numeric and (known := _counts_beside_marks(piece, column)) is not None:
        return known
    form = _COUNTING.get(table)
    if form is None or not column.numeric or not column.label or _DERIVED.search(column.label):
        return False
    beside = piece.header.wide and table in ("evaluations", "marks")  # a group, a judge or an item more
    return beside or form.fullmatch(column.label) is not None


def _counts_beside_marks(piece: Piece, column: _Column) -> bool | None:
    """Return whether numbers beside marks, votes or claims are such themselves; ``None`` where the header decides."""
    table = piece.header.table
    if table == "declarations" and _GRANTED.search(column.label):
        return True
    if not column.label and _under_a_heading(piece, column.j):
        return True
    return False if table == "marks" and _FULL.fullmatch(column.label) and _bounds(piece, column) else None


_FULL = re.compile(r"(?:考[核评]|项目|基[本准础])?分值?|应得分|配分")


def _bounds(piece: Piece, column: _Column) -> bool:
    """Return whether no mark of a row is above the number in a column: these are the full marks."""
    marks = [piece.grid.columns[j] for j in piece.header.places("mark")]
    full = {i: piece.amount(value) for i, value in column.cells}
    pairs = [(piece.amount(column[i]), most) for column in marks for i, most in full.items()]
    return len(marks) == 1 and all(mark is None or (most is not None and mark <= most) for mark, most in pairs)


_GRANTED = re.compile("[核审评]定|审核|复核|实[际得]|认[定可]|最[后终]")
"""Beside what was claimed, the header of what was granted: a mark."""
_JUDGED = ("evaluations", "marks", "ballots", "declarations")


def _under_a_heading(piece: Piece, j: int) -> bool:
    """Return whether a column without a header stands between those of the header: one heading may be over several."""
    last = max((k for k in range(piece.width) if piece.head(k)), default=-1)
    spans = [area for area in piece.grid.merges if area.top in {piece.grid.row_numbers[i] for i in piece.header.lines}]
    number = piece.grid.column_numbers[j]
    return min(piece.header.used) < j < last or any(area.left < number <= area.right for area in spans)


def _stands_in(piece: Piece, column: _Column) -> bool:
    """Return whether a column says in its own way what no column that is read does."""
    table, said = piece.header.table, [value for value in _values(column) if display_raw(value) not in _NAUGHT]
    if table == "members" and _YEAR.fullmatch(column.label):
        return True
    if table == "dues" and _OWED.fullmatch(column.label) and any(_OF_MONTHS.search(str(value)) for value in said):
        return True
    paid = [piece.grid.columns[j] for j in piece.header.places("paid")]
    if table == "dues" and not paid and column.numeric and _PAYMENT.search(column.label):
        return True  # nothing else says what was paid
    if table == "dues" and _PAID_BY_OTHERS.fullmatch(column.label):
        return any(is_nothing(cells[i]) for i, _ in column.cells for cells in paid)
    instead = (name for form, name in _INSTEAD.get(table, ()) if form.fullmatch(column.label))
    return any(not piece.header.places(name) and (said or name == "paid") for name in instead)


_KEPT = re.compile(r"公示|公开|签|材料|附件|佐证|证[明书]|[存归]档|上报|照片")
"""Headers of ticks beside an event that say how it is kept, not whether it was."""


def _names_meetings(piece: Piece, column: _Column) -> bool:
    """Return whether a column names a known meeting in every row, of a sheet without such a column, or not its own."""
    texts = {value for _, value in column.cells if isinstance(value, str)}
    named = {activity_in([text], piece.scene.words) for text in texts if "activity" not in piece.header.columns}
    return bool(named) and None not in named and named != {piece.scene.around.activity}


def _of_another_table(piece: Piece, column: _Column) -> bool:
    """Return whether a column holds signs of a meeting, payments or votes beside the records of another table."""
    table, label = piece.header.table, column.label
    words = piece.scene.words
    signs = keys_in((label,), words) or activity_in([label], words) or column_of(label, "attendance") == "status"
    if table != "attendance" and signs and column.share(partial(_is_sign, words=words)) > _HALF:
        return True
    paid = table != "dues" and column_of(label, "dues") == "paid"
    votes = table != "ballots" and label.endswith("票") and not _DERIVED.search(label)
    return (paid or votes) and (column.numeric or any(map(_is_payment, _values(column))))


def _is_sign(value: Value, words: Vocabulary) -> bool:
    text = plain(display_raw(value))
    return text.casefold() in TICKS or words.code("status", text) is not None


def _is_payment(value: Value) -> bool:
    return isinstance(value, str) and bool(re.search("[缴交收]", value) and state_of(value))


_WHY_EXEMPT = re.compile(rf"免(?:于|予)?考核?(?:的?(?:{REASON}|依据|情况|说明))")


def _weighs(label: str, value: str, *, exempted: bool) -> bool:
    text = plain(value)
    if exempted and _WHY_EXEMPT.fullmatch(label):
        return False
    if asked := _ASKED.search(label):
        return text in _NO if asked["so"] else text not in _NO
    return weighty(text) or "免考" in label if _REMARKS.fullmatch(label) else of_state(text)


_ASKED = re.compile(
    rf"^是否(?:已?(?P<so>通过|有效|属实|采纳|认定|核实|确认|符合|批准|同意|合规|完成|应到|应参加|参评|计[分入]|纳入|考核)|(?:{VOID}|{MISSED}|撤销|取消|退回|补[课学签]))"
)
"""What is asked of a row: whether it counts, or whether it does not."""
_NO = ("否", "不", "无", "没有", "×", "不是", "未", "N", "n", "no")
_NAUGHT = ("0", "0.0", *_NO)


_TOO_LONG = Text(
    "这一行的格数比表头多,可能有逗号把一格分成了两格;请核对这一行,或给这一列写上列名",
    "the row has more cells than the header: a comma may have parted one; check the row, or name the column",
)


def _naming(values: Sequence[Value]) -> str:
    """Return the code of a note: what looks like names is kept from logs."""
    names = any(isinstance(value, str) and _NAME.fullmatch(plain(value)) for value in values)
    return "names_unread" if names else "column_unread"


# ---------------------------------------------------------------- how it is said


def _problem(piece: Piece, column: _Column, code: str, severity: Severity, text: Text) -> Problem:
    lines = reversed(piece.header.lines)
    row = next((i for i in lines if not is_blank(piece.grid.columns[column.j][i])), column.cells[0][0])
    items = column.numeric and any("item" in spread.constants for spread in piece.header.spreads)
    kind = ("item" if items else "header") if column.label else ""  # beside items, numbers are marks for one more
    return problem(piece.grid, code, text, (row, column.j), severity, kind, len(column.cells))


def _samples(values: Sequence[Value]) -> str:
    distinct = list(dict.fromkeys(display_raw(value)[:20] for value in values))
    return "、".join(f"“{text}”" for text in distinct[:_SAMPLES]) + ("等" if len(distinct) > _SAMPLES else "")


def _called(column: _Column) -> tuple[str, str]:
    return (column.label, column.label) if column.label else ("没有表头的一列", "a column without a header")


def _left(column: _Column, values: Sequence[Value]) -> Text:
    zh, en = _called(column)
    samples, many = _samples(values), len(values)
    return Text(f"{zh}:没有读,共 {many} 格,如 {samples}", f"{en}: not read, {many} cells, such as {samples}")


def _would_count(column: _Column) -> Text:
    zh, en = _called(column)
    samples = _samples(_values(column))
    return Text(
        f"{zh}:没有读,共 {len(column.cells)} 格,如 {samples};其中的数或记号可能影响计分:"
        "请改用认得的列名,或在对照表里写明是什么、或不计(--unknown)",
        f"{en}: not read, {len(column.cells)} cells, such as {samples}; it could change a score: use a header that is "
        "known, or settle it in a correspondence table (--unknown), where 不计 leaves it aside",
    )


def _once_more(column: _Column) -> Text:
    samples = _samples(_values(column))
    return Text(
        f"“{column.over}”下又有一列“{column.label}”,没有读,共 {len(column.cells)} 格,如 {samples};"
        "同样的列只能有一列:是几处的数的,请相加成一列",
        f"another column {column.label}, below {column.over}: not read, {len(column.cells)} cells, such as {samples}; "
        "of numbers from several places make one column, added up",
    )


def _weighing(column: _Column, value: str) -> Text:
    zh, en = _called(column)
    return Text(
        f"{zh}:“{value}”没有读,而它可能影响计分;"
        "请填到相应的列(如 截止日期、出勤情况、实缴),或在对照表里把这一列写作不计",
        f"{en}: “{value}” is not read and could change a score; put it into the column that it belongs to, or leave "
        "the column aside (不计) in a correspondence table",
    )
