"""What a ledger of dues says of a payment in another column than that of amounts: 状态, 备注, 2月免缴."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, quoted, unspaced
from jifen_analysis.intake.cells.lexicon import HARDSHIP, IN_TIME, OUT, PART_OF_YEAR, REASON, REMARKS
from jifen_analysis.intake.cells.numbers import read_boolean
from jifen_analysis.intake.cells.remarks import void, weighty
from jifen_analysis.intake.cells.times import TO, in_digits, read_month
from jifen_analysis.intake.dues import state_of
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.totals import months_in

_UP = "[清费纳]*(?:党费)?"
_STATE = re.compile(rf"(?:党费)?(?:[缴交][费纳]|收缴|支付)?(?:状态|情况)|是否(?:已|{IN_TIME})*[缴交]{_UP}")
_REMARK = re.compile(rf"{REMARKS}|(?:[未免补欠缓]缴|减免)?(?:{REASON}|情况|{REMARKS})")
_WORDS = re.compile(r"代[缴扣]|免[缴交]|[未没欠]\s*[缴交]|[补][缴交]|已[缴交]|缴清")
_DAY = re.compile(r"(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}日?")
_ASKED = re.compile(r"是否(?:已|为|经批准)?(?P<state>[免补欠][缴交])(?:党费|党员)?")
_TAKEN = {"waived": "免缴", "unpaid": "未缴", "settled": "已缴", "arrears": "补缴"}

_MONTHS = rf"(?P<months>全年|{PART_OF_YEAR}?|\d{{1,2}}月?(?:[{TO}、和及]\d{{1,2}}月?)*月)"
_SAID_STATE = r"(?P<state>免[缴交]|补[缴交]|[未没欠][缴交]|已[缴交]|缴清)(?:[清齐讫纳]|党费)*"
_ON_DAY = r"(?:(?:已|又)?[于在]?(?P<day>(?:\d{4}年)?\d{1,2}月\d{1,2}日))?"
_WHY = rf"(?:因?[^\d,;。]{{0,6}}?(?:{HARDSHIP}|{OUT}|生病)[^\d,;。]{{0,4}}?)?"
_CLAUSE = re.compile(rf"{_WHY}{_MONTHS}份?(?P<of>的?党费)?{_WHY}{_ON_DAY}(?:已|全部|经批准)*{_SAID_STATE}")
_TURNED = re.compile(rf"{_ON_DAY}(?:已|经批准)*{_SAID_STATE}{_MONTHS}份?(?P<of>的?党费)")


def with_payments(piece: Piece) -> Piece:
    """Read a blank payment as what the columns of states and remarks beside it say."""
    piece = _in_time(reduce(_answered, piece.unread(), piece))
    if piece.header.wide:
        remarks = [j for j in piece.unread() if _is_remark(piece, j) and _speaks_of_months(piece, j)]
        return _with_months_beside(piece, remarks[0]) if len(remarks) == 1 else piece
    piece = piece if "paid" in piece.header.columns else _of_states(piece)
    paid = piece.header.columns.get("paid")
    if paid is None:
        return piece
    for j in piece.unread():
        said = any(_said(value) for _, value in piece.filled(j))
        if _STATE.fullmatch(_head(piece, j)) or (_is_remark(piece, j) and said):
            piece = _told(piece, paid, j)
    return piece


_IN_TIME = re.compile(rf"(?:是否)?(?:已|{IN_TIME})*(?:{IN_TIME})[缴交]?{_UP}(?:情况)?")
_NOT_IN_TIME = Text(
    "没有按时或足额缴,不知哪天缴的、缴了多少;请填实缴和缴纳日期,没有缴的写未缴",
    "not in time or in full, but not when or how much: give what was paid and the day, or 未缴",
)


def _in_time(piece: Piece) -> Piece:
    """Refuse a no to whether somebody paid in time, or in full, without a day of payment: he may have paid."""
    for j in [j for j in (*piece.unread(), piece.at("paid")) if j >= 0 and _IN_TIME.fullmatch(_head(piece, j))]:
        for i, answer in piece.filled(j):
            late = read_boolean(answer).value is False or _NOT.match(plain(display_raw(answer))) is not None
            if late and is_nothing(piece.cell(i, "paid_on")):
                piece = piece.saying("not_in_time", _NOT_IN_TIME, (i, j), "error")
        piece = piece.reading(j) if piece.at("paid") not in (-1, j) else piece
    return piece


_NOT = re.compile("[未不没]")


def _is_remark(piece: Piece, j: int) -> bool:
    text = _head(piece, j)
    return _REMARK.fullmatch(text) is not None or _ASKED.fullmatch(text) is not None


def _head(piece: Piece, j: int) -> str:
    return re.sub(r"\s", "", piece.head(j))


def _answered(piece: Piece, j: int) -> Piece:
    """Put what a header such as 是否免缴 asks for in place of yes, and nothing in place of no."""
    asked = _ASKED.fullmatch(_head(piece, j))
    answers = {i: read_boolean(piece.grid.columns[j][i]).value for i in piece.body} if asked else {}
    state = _TAKEN[state_of(asked["state"])] if asked else ""
    return piece.put(j, {i: state if yes else None for i, yes in answers.items() if yes is not None})


def _of_states(piece: Piece) -> Piece:
    """Take the one column that says in every row whether dues were paid for the payments, where no amounts stand."""
    heads = {j: _head(piece, j) for j in piece.unread()}
    states = [j for j, head in heads.items() if _STATE.fullmatch(head) or _IN_TIME.fullmatch(head)]
    cells = [value for j in states for _, value in piece.filled(j)]
    stated = "due" in piece.header.columns or piece.scene.around.due is not None
    if len(states) != 1 or not stated or not all(map(state_of, cells)):
        return piece
    return piece.named("paid", states[0])


def _said(value: Value) -> str:
    """Return what a remark says of a payment: waived, unpaid, settled, arrears, or nothing."""
    whole = state_of(value)
    found = {state_of(re.sub(r"\s", "", part)) for part in _WORDS.findall(plain(display_raw(value)))}
    return whole or (found.pop() if len(found) == 1 else "")


def _told(piece: Piece, paid: int, j: int) -> Piece:
    amounts, day = piece.grid.columns[paid], piece.header.columns.get("paid_on")
    taken: dict[int, Value] = {}
    days: dict[int, Value] = {}
    for i, remark in piece.filled(j):
        state = _said(remark)
        found = _DAY.search(plain(display_raw(remark)))
        if state and _of_another_month(piece, i, remark, alone=state == "arrears"):
            piece = piece.saying("remark_unclear", quoted(remark, *_ELSEWHERE), (i, j), "error")
            continue
        if state and is_nothing(amounts[i]):
            taken[i] = _TAKEN[state]
            piece = piece.saying("paid_from_remark", _read(remark, _TAKEN[state]), (i, j))
        elif state and _contradicts(state, piece.amount(amounts[i])):
            piece = piece.saying("remark_contradicts", _unclear(remark, amounts[i]), (i, j), "error")
        elif state == "arrears" and (day is None or is_nothing(piece.grid.columns[day][i])):
            taken[i] = f"补缴{display_raw(amounts[i])}"
        elif not state and void(display_raw(remark)):
            piece = piece.refusing_void(j, {i: display_raw(remark)})
        elif not state:
            piece = piece.saying("remark_left", quoted(remark, *_LEFT), (i, j))
        if found and state in ("arrears", "settled") and (day is None or is_nothing(piece.grid.columns[day][i])):
            days[i] = found[0]
    piece = piece.put(paid, taken).reading(j)
    if days:
        piece = piece.put(day, days) if day is not None else piece.with_column("paid_on", days, j)
    return piece


def _of_another_month(piece: Piece, i: int, remark: Value, *, alone: bool) -> bool:
    """Return whether a remark names months other than that of the row, or (``alone``) others besides it."""
    text = _PAID_DAY.sub("", in_digits(unspaced(display_raw(remark))))
    named = {month for part in _SPANS.findall(text) for month in months_in(part)}
    named |= {int(month) for month in re.findall(r"(\d{1,2})月", text)}
    at, around = piece.at("month"), piece.scene.around
    read = read_month(piece.grid.columns[at][i], around.year or _ANY_YEAR).value if at >= 0 else None
    own = int(read[5:]) if read else around.month
    return bool(named) and (own not in named or (alone and named != {own}))


_SPANS = re.compile(rf"\d{{1,2}}月?[{TO}]\d{{1,2}}月|{PART_OF_YEAR}|全年")
_PAID_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号]")
_ANY_YEAR = 2000


_ELSEWHERE = (
    "说的是别的月份的党费;请把那个月另列一行,本月只填本月的",
    "speaks of the dues of another month: give that month a row of its own",
)


def _contradicts(state: str, amount: float | None) -> bool:
    """Return whether an amount stands where the remark says that nothing was paid, or that something was."""
    return amount is not None and (amount > 0) == (state in ("unpaid", "waived"))


def _read(remark: Value, taken: str) -> Text:
    return Text(
        f"实缴空白,按旁边的“{display_raw(remark)}”读作{taken}",
        f"a blank payment, read from “{display_raw(remark)}” beside it",
    )


def _unclear(remark: Value, amount: Value) -> Text:
    return Text(
        f"实缴写的是 {display_raw(amount)},旁边写的是“{display_raw(remark)}”,两者不合;请改其中一个",
        f"the payment says {display_raw(amount)}, beside it stands “{display_raw(remark)}”: correct one of them",
    )


_LEFT = "是说明,不改变缴费记录", "is a remark and changes no payment"


# ---------------------------------------------------------------- 2月免缴, 2月党费于3月15日补缴


@dataclass(frozen=True)
class _MonthRemark:
    """What a remark says of some months: a state, the day of a payment, and whether it names them beyond doubt."""

    months: Sequence[int]
    state: str
    day: str = ""
    sure: bool = True


def _with_months_beside(piece: Piece, j: int) -> Piece:
    """Put what a column of remarks says of single months into them; refuse what may mean two things."""
    places = _places(piece)
    for i, remark in piece.filled(j):
        said = _clauses(plain(display_raw(remark)), tuple(places))
        wrong = next((text for one in said if (text := _doubt(piece, i, one, places, remark))), None)
        if wrong or (not said and weighty(display_raw(remark))):
            piece = piece.saying("remark_unclear", wrong or quoted(remark, *_UNREAD), (i, j), "error")
        elif said:
            piece = _put(piece, (i, j), said, places)
        else:
            piece = piece.saying("remark_left", quoted(remark, *_LEFT), (i, j))
    return piece.reading(j)


def _speaks_of_months(piece: Piece, j: int) -> bool:
    """Return whether a remark of a column says that a month was waived, paid or not."""
    places = _places(piece)
    return bool(places) and any(_clauses(plain(display_raw(cell)), tuple(places)) for _, cell in piece.filled(j))


def _places(piece: Piece) -> dict[int, int]:
    """Return month -> the column of its payment, where all months are of one year."""
    told = ((spread.month, spread.fields) for spread in piece.header.spreads if spread.month)
    found = {month: fields.get("paid", fields.get("due", -1)) for month, fields in told}
    return found if len(found) == len(piece.header.spreads) and -1 not in found.values() else {}


# ---------------------------------------------------------------- what a remark says


def _clauses(text: str, months: Sequence[int]) -> list[_MonthRemark]:
    """Return what every part of a remark says of months; nothing where one of the parts says something else."""
    parts = [part for part in re.split(r"[,;。]", in_digits(re.sub(r"\s", "", text))) if part]
    found = [_clause(part, months) for part in parts]
    return [one for one in found if one] if all(found) else []


def _clause(part: str, months: Sequence[int]) -> _MonthRemark | None:
    found = _CLAUSE.fullmatch(part) or _TURNED.fullmatch(part)
    if found:
        named = _named(found["months"], months)
        sure = found["day"] is not None or found["of"] is not None or state_of(found["state"]) != "arrears"
        return _MonthRemark(named, state_of(found["state"]), found["day"] or "", sure) if named else None
    whole = state_of(re.sub(_WHY, "", part)) or state_of(part)
    return _MonthRemark(months, whole) if whole in ("waived", "unpaid") else None


def _named(text: str, months: Sequence[int]) -> tuple[int, ...]:
    """Return the months that a text names; of 全年 and 上半年 those that the sheet has."""
    listed = tuple(map(int, re.findall(r"\d+", text))) if not re.search(rf"[{TO}季年]", text) else months_in(text)
    kept = tuple(month for month in listed if month in months or re.search(r"\d", text))
    return kept if all(1 <= month <= 12 for month in kept) else ()


def _doubt(piece: Piece, i: int, said: _MonthRemark, places: Mapping[int, int], remark: Value) -> Text | None:
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
        return quoted(remark, *_WHICH)
    if said.state == "arrears" and not said.sure and open_ != list(said.months):
        return _whose(remark, said.months[0])
    return None


def _amount(piece: Piece, value: Value) -> float | None:
    """Return what was paid; nothing where the cell is blank."""
    if is_nothing(value):
        return None
    number = piece.amount(value)
    return 1.0 if number is None and state_of(value) in ("settled", "arrears") else number or 0.0


def _put(piece: Piece, at: tuple[int, int], said: Sequence[_MonthRemark], places: Mapping[int, int]) -> Piece:
    i, j = at
    remark = piece.grid.columns[j][i]
    for one in said:
        for month in one.months:
            own = piece.grid.columns[places[month]][i]
            amount = display_raw(own) if one.state == "arrears" and not is_nothing(own) and state_of(own) == "" else ""
            late = one.state == "arrears" and not (amount and one.day)  # else the day says it
            if is_nothing(own) or late or (own in (0, "0") and one.state == "waived"):
                piece = piece.put(places[month], {i: f"{_TAKEN[one.state]}{amount}"})
            piece = _dated(piece, (i, places[month]), one.day, j) if one.day else piece
    text = quoted(remark, "读到所说的月份", "is read into the months that it names")
    return piece.saying("months_from_remark", text, at)


def _dated(piece: Piece, at: tuple[int, int], day: str, j: int) -> Piece:
    """Return the piece with the day of payment of one month, in a column that only this month has."""
    i, place = at
    index, spread = next((n, one) for n, one in enumerate(piece.header.spreads) if place in one.fields.values())
    if "paid_on" in spread.fields:
        return piece.put(spread.fields["paid_on"], {i: day})
    return piece.with_field(index, "paid_on", {i: day}, j)


# ---------------------------------------------------------------- how it is said


_UNREAD = (
    "没有读,而它可能影响计分;请写到那个月的格里(如 免缴、补缴10),或在对照表里把这一列写作不计",
    "is not read and could change a score; write it into the month (免缴, 补缴10), or leave the column aside (不计) in "
    "a correspondence table",
)


def _whose(remark: Value, month: int) -> Text:
    return Text(
        f"“{display_raw(remark)}”有两种读法:{month}月的党费后来补缴,或{month}月补缴以前的党费;"
        f"请写“{month}月党费于×月×日补缴”,或在那个月的格里写“补缴”",
        f"“{display_raw(remark)}”: were the dues of month {month} paid later, "
        f"or those of earlier months in month {month}? write {month}月党费于×月×日补缴, or 补缴 into the month's cell",
    )


_WHICH = (
    "有两种读法:只说空白的几个月,或说全部;而有的月份已填金额;请写明哪几个月",
    ": of the blank months, or of all? some have amounts; name the months",
)


def _contradicted(remark: Value, month: int) -> Text:
    zh = f"与 {month}月 一格填的金额不合;请改其中一个"
    return quoted(remark, zh, f"contradicts the amount of month {month}; correct one of them")


def _no_column(remark: Value, month: int) -> Text:
    zh = f"说的 {month}月 表上没有;请另报那个月"
    return quoted(remark, zh, f"speaks of month {month}, which the sheet has not; report it of its own")
