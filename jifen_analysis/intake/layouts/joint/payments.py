"""What a ledger of dues says of a payment in another column than that of amounts: 状态, 备注."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.cells.numbers import read_boolean
from jifen_analysis.intake.dues import amount_of, state_of
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.joint.month_remarks import left_as_said, speaks_of_months, with_months_beside
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary

_STATE = re.compile(
    r"(?:党费)?(?:缴费|缴纳|交费|交纳|收缴|支付)?(?:状态|情况)|是否(?:已|按时|足额)*[缴交][清费纳]*(?:党费)?"
)
_REMARK = re.compile(r"备注|说明|情况说明|(?:未缴|免缴|补缴|减免|欠缴|缓缴)?(?:原因|说明|情况|备注)")
_WORDS = re.compile(r"代[缴扣]|免[缴交]|[未没欠]\s*[缴交]|[补][缴交]|已[缴交]|缴清")
_DAY = re.compile(r"(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}日?")
_ASKED = re.compile(r"是否(?:已|为|经批准)?(?P<state>[免补欠][缴交])(?:党费|党员)?")
_TAKEN = {"waived": "免缴", "unpaid": "未缴", "settled": "已缴", "arrears": "补缴"}


def is_state(value: Value) -> bool:
    """Return whether a header announces whether dues were paid, not how much."""
    return isinstance(value, str) and _STATE.fullmatch(re.sub(r"\s", "", plain(value))) is not None


def with_payments(piece: Piece) -> Piece:
    """Read a blank payment as what the columns of states and remarks beside it say."""
    if piece.header.table != "dues":
        return piece
    piece = reduce(_answered, piece.unread(), piece)
    if piece.header.wide:
        remarks = [j for j in piece.unread() if _is_remark(piece, j) and speaks_of_months(piece, j)]
        return with_months_beside(piece, remarks[0]) if len(remarks) == 1 else piece
    piece = piece if "paid" in piece.header.columns else _of_states(piece)
    paid = piece.header.columns.get("paid")
    for j in piece.unread() if paid is not None else ():
        said = any(_said(piece.grid.columns[j][i]) for i in piece.body)
        if paid is not None and (is_state(piece.label(j)) or (_is_remark(piece, j) and said)):
            piece = _told(piece, paid, j)
    return piece


def _is_remark(piece: Piece, j: int) -> bool:
    label = piece.label(j)
    text = re.sub(r"\s", "", plain(label)) if isinstance(label, str) else ""
    return _REMARK.fullmatch(text) is not None or _ASKED.fullmatch(text) is not None


def _answered(piece: Piece, j: int) -> Piece:
    """Put what a header such as 是否免缴 asks for in place of yes, and nothing in place of no."""
    label = piece.label(j)
    asked = _ASKED.fullmatch(re.sub(r"\s", "", plain(label))) if isinstance(label, str) else None
    answers = {i: read_boolean(piece.grid.columns[j][i]).value for i in piece.body} if asked else {}
    state = _TAKEN[state_of(asked["state"])] if asked else ""
    return piece.put(j, {i: state if yes else None for i, yes in answers.items() if yes is not None})


def _of_states(piece: Piece) -> Piece:
    """Take the one column that says in every row whether dues were paid for the payments, where no amounts stand."""
    states = [j for j in piece.unread() if is_state(piece.label(j))]
    cells = [piece.grid.columns[j][i] for j in states for i in piece.body]
    stated = "due" in piece.header.columns or piece.scene.around.due is not None
    if len(states) != 1 or not stated or not all(is_nothing(v) or state_of(v) for v in cells):
        return piece
    return replace(piece, header=replace(piece.header, columns={**piece.header.columns, "paid": states[0]}))


def _said(value: Value) -> str:
    """Return what a remark says of a payment: waived, unpaid, settled, arrears, or nothing."""
    if is_nothing(value):
        return ""
    whole = state_of(value)
    found = {state_of(re.sub(r"\s", "", part)) for part in _WORDS.findall(plain(display_raw(value)))}
    return whole or (found.pop() if len(found) == 1 else "")


def _told(piece: Piece, paid: int, j: int) -> Piece:
    amounts, day = piece.grid.columns[paid], piece.header.columns.get("paid_on")
    taken: dict[int, Value] = {}
    days: dict[int, Value] = {}
    for i in piece.body:
        remark, state = piece.grid.columns[j][i], _said(piece.grid.columns[j][i])
        if is_nothing(remark):
            continue
        found = _DAY.search(plain(display_raw(remark)))
        if state and is_nothing(amounts[i]):
            taken[i] = _TAKEN[state]
            piece = piece.saying("paid_from_remark", _read(remark, _TAKEN[state]), (i, j))
        elif state and _contradicts(state, amounts[i], piece.scene.words):
            piece = piece.saying("remark_contradicts", _unclear(remark, amounts[i]), (i, j), "error")
        elif state == "arrears":
            taken[i] = f"{display_raw(amounts[i])}补缴"
        elif not state:
            piece = piece.saying("remark_left", left_as_said(remark), (i, j))
        if found and state in ("arrears", "settled") and (day is None or is_nothing(piece.grid.columns[day][i])):
            days[i] = found[0]
    piece = piece.put(paid, taken).reading(j)
    if days:
        piece = piece.put(day, days) if day is not None else piece.with_column("paid_on", days, j)
    return piece


def _contradicts(state: str, amount: Value, words: Vocabulary) -> bool:
    """Return whether an amount stands where the remark says that nothing was paid, or that something was."""
    number = read_cell(amount_of(amount), TABLES["dues"]["paid"], words).value
    return number is not None and (number > 0) == (state in ("unpaid", "waived"))


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
