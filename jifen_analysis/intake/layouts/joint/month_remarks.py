"""What a ledger with a column a month says of single months beside them: 2月免缴, 2月党费于3月15日补缴."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.cells.remarks import weighty
from jifen_analysis.intake.cells.times import in_digits
from jifen_analysis.intake.dues import amount_of, state_of
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.sums import months_in
from jifen_analysis.tables import TABLES

_MONTHS = r"(?P<months>全年|[上下]半年|第?[一二三四1-4]季度?|\d{1,2}月?(?:[-—~至到、和及]\d{1,2}月?)*月)"
_STATE = r"(?P<state>免[缴交]|补[缴交]|[未没欠][缴交]|已[缴交]|缴清)(?:[清齐讫纳]|党费)*"
_DAY = r"(?:(?:已|又)?[于在]?(?P<day>(?:\d{4}年)?\d{1,2}月\d{1,2}日))?"
_WHY = r"(?:因?[^\d,;。]{0,6}?(?:困难|特困|失业|生病|住院|出差|外出)[^\d,;。]{0,4}?)?"
_CLAUSE = re.compile(rf"{_WHY}{_MONTHS}份?(?P<of>的?党费)?{_WHY}{_DAY}(?:已|全部|经批准)*{_STATE}")
_TURNED = re.compile(rf"{_DAY}(?:已|经批准)*{_STATE}{_MONTHS}份?(?P<of>的?党费)")
_TAKEN = {"waived": "免缴", "unpaid": "未缴", "settled": "已缴", "arrears": "补缴"}


@dataclass(frozen=True)
class _Said:
    """What a remark says of some months: a state, the day of a payment, and whether it names them beyond doubt."""

    months: Sequence[int]
    state: str
    day: str = ""
    sure: bool = True


def with_months_beside(piece: Piece, j: int) -> Piece:
    """Put what a column of remarks says of single months into them; refuse what may mean two things."""
    places = _places(piece)
    for i in piece.body:
        remark = piece.grid.columns[j][i]
        said = [] if is_nothing(remark) else _clauses(plain(display_raw(remark)), tuple(places))
        wrong = next((text for one in said if (text := _doubt(piece, i, one, places, remark))), None)
        if wrong or (not said and weighty(display_raw(remark))):
            piece = piece.saying("remark_unclear", wrong or _unread(remark), (i, j), "error")
        elif said:
            piece = _put(piece, (i, j), said, places)
        elif not is_nothing(remark):
            piece = piece.saying("remark_left", left_as_said(remark), (i, j))
    return piece.reading(j)


def speaks_of_months(piece: Piece, j: int) -> bool:
    """Return whether a remark of a column says that a month was waived, paid or not."""
    places = _places(piece)
    cells = (piece.grid.columns[j][i] for i in piece.body)
    return bool(places) and any(
        not is_nothing(cell) and _clauses(plain(display_raw(cell)), tuple(places)) for cell in cells
    )


def _places(piece: Piece) -> dict[int, int]:
    """Return month -> the column of its payment, where all months are of one year."""
    told = {str(spread.constants.get("month") or ""): spread.fields for spread in piece.header.spreads}
    found = {int(m[5:]): fields.get("paid", fields.get("due", -1)) for m, fields in told.items() if m}
    return found if len(found) == len(piece.header.spreads) and -1 not in found.values() else {}


# ---------------------------------------------------------------- what a remark says


def _clauses(text: str, months: Sequence[int]) -> list[_Said]:
    """Return what every part of a remark says of months; nothing where one of the parts says something else."""
    parts = [part for part in re.split(r"[,;。]", in_digits(re.sub(r"\s", "", text))) if part]
    found = [_clause(part, months) for part in parts]
    return [one for one in found if one] if all(found) else []


def _clause(part: str, months: Sequence[int]) -> _Said | None:
    found = _CLAUSE.fullmatch(part) or _TURNED.fullmatch(part)
    if found:
        named = _named(found["months"], months)
        sure = found["day"] is not None or found["of"] is not None or state_of(found["state"]) != "arrears"
        return _Said(named, state_of(found["state"]), found["day"] or "", sure) if named else None
    whole = state_of(re.sub(_WHY, "", part)) or state_of(part)
    return _Said(months, whole) if whole in ("waived", "unpaid") else None


def _named(text: str, months: Sequence[int]) -> tuple[int, ...]:
    """Return the months that a text names; of 全年 and 上半年 those that the sheet has."""
    listed = tuple(map(int, re.findall(r"\d+", text))) if not re.search("[-—~至到季年]", text) else months_in(text)
    kept = tuple(month for month in listed if month in months or re.search(r"\d", text))
    return kept if all(1 <= month <= 12 for month in kept) else ()


def _doubt(piece: Piece, i: int, said: _Said, places: Mapping[int, int], remark: Value) -> Text | None:
    """Return why what is said of a row's months cannot be put into them, if it cannot."""
    paid = {month: _amount(piece, piece.grid.columns[j][i]) for month, j in places.items()}
    unknown = [month for month in said.months if month not in places]
    full = [month for month in said.months if paid.get(month)]
    open_ = [month for month, amount in paid.items() if amount is None]
    if unknown:
        return _no_column(remark, unknown[0])
    none = [month for month in said.months if paid.get(month) == 0 and said.state == "settled"]
    if none or (said.state in ("waived", "unpaid") and full and len(said.months) < len(places)):
        return _contradicted(remark, (none or full)[0])
    if said.state in ("waived", "unpaid") and full:
        return _which(remark)
    if said.state == "arrears" and not said.sure and open_ != list(said.months):
        return _whose(remark, said.months[0])
    return None


def _amount(piece: Piece, value: Value) -> float | None:
    """Return what was paid; nothing where the cell is blank."""
    if is_nothing(value):
        return None
    number: float | None = read_cell(amount_of(value), TABLES["dues"]["paid"], piece.scene.words).value
    return 1.0 if number is None and state_of(value) in ("settled", "arrears") else number or 0.0


def _put(piece: Piece, at: tuple[int, int], said: Sequence[_Said], places: Mapping[int, int]) -> Piece:
    i, j = at
    remark = piece.grid.columns[j][i]
    for one in said:
        for month in one.months:
            own = piece.grid.columns[places[month]][i]
            amount = display_raw(own) if one.state == "arrears" and not is_nothing(own) and state_of(own) == "" else ""
            if is_nothing(own) or one.state == "arrears" or (own in (0, "0") and one.state == "waived"):
                piece = piece.put(places[month], {i: f"{amount}{_TAKEN[one.state]}"})
            piece = _dated(piece, (i, places[month]), one.day, j) if one.day else piece
    text = Text(
        f"“{display_raw(remark)}”读到所说的月份", f"“{display_raw(remark)}” is read into the months that it names"
    )
    return piece.saying("months_from_remark", text, at)


def _dated(piece: Piece, at: tuple[int, int], day: str, of: int) -> Piece:
    """Return the piece with the day of payment of one month, in a column that only this month has."""
    i, place = at
    index, spread = next((n, one) for n, one in enumerate(piece.header.spreads) if place in one.fields.values())
    if "paid_on" in spread.fields:
        return piece.put(spread.fields["paid_on"], {i: day})
    grid = piece.grid
    column = tuple(day if k == i else None for k in range(grid.height))
    numbers = (*grid.column_numbers, grid.column_numbers[of])
    spreads = list(piece.header.spreads)
    spreads[index] = Spread({**spread.fields, "paid_on": grid.width}, spread.constants)
    return replace(
        piece,
        grid=replace(grid, columns=(*grid.columns, column), column_numbers=numbers),
        header=piece.header.with_spreads(tuple(spreads)),
        copies=piece.copies | {(i, grid.width)},
    )


# ---------------------------------------------------------------- how it is said


def _unread(remark: Value) -> Text:
    return Text(
        f"“{display_raw(remark)}”没有读,而它可能影响计分;"
        "请写到那个月的格里(如 免缴、补缴10),或在对照表里把这一列写作不计",
        f"“{display_raw(remark)}” is not read and could change a score; "
        "write it into the month (免缴, 补缴10), or leave the column aside (不计) in a correspondence table",
    )


def _whose(remark: Value, month: int) -> Text:
    return Text(
        f"“{display_raw(remark)}”有两种读法:{month}月的党费后来补缴,或{month}月补缴以前的党费;"
        f"请写“{month}月党费于×月×日补缴”,或在那个月的格里写“补缴”",
        f"“{display_raw(remark)}”: were the dues of month {month} paid later, "
        f"or those of earlier months in month {month}? write {month}月党费于×月×日补缴, or 补缴 into the month's cell",
    )


def _which(remark: Value) -> Text:
    return Text(
        f"“{display_raw(remark)}”有两种读法:只说空白的几个月,或说全部;而有的月份已填金额;请写明哪几个月",
        f"“{display_raw(remark)}”: of the blank months, or of all? some have amounts; name the months",
    )


def _contradicted(remark: Value, month: int) -> Text:
    return Text(
        f"“{display_raw(remark)}”与 {month}月 一格填的金额不合;请改其中一个",
        f"“{display_raw(remark)}” contradicts the amount of month {month}; correct one of them",
    )


def _no_column(remark: Value, month: int) -> Text:
    return Text(
        f"“{display_raw(remark)}”说的 {month}月 表上没有;请另报那个月",
        f"“{display_raw(remark)}” speaks of month {month}, which the sheet has not; report it of its own",
    )


def left_as_said(remark: Value) -> Text:
    """Return that a remark beside payments changes none."""
    return Text(
        f"“{display_raw(remark)}”是说明,不改变缴费记录", f"“{display_raw(remark)}” is a remark and changes no payment"
    )
