"""What ledgers of dues say in words and signs: 免缴, 未缴, 补缴, √."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import Coded, Reading, plain, quoted, unspaced
from jifen_analysis.intake.cells.column import rows_by
from jifen_analysis.intake.cells.lexicon import HARDSHIP, IN_TIME, PAID_BY
from jifen_analysis.intake.cells.reading import CROSS, TICK
from jifen_analysis.intake.grid import Fault, Value
from jifen_analysis.periods import Period

_PAYING = "(?:[缴交付]|收)(?:纳|费|款|党费)?"
_HOW = f"{IN_TIME}|全额|全部|如数|一次性|{PAID_BY}|工资|自行|统一"
_STATES = {
    "waived": re.compile(rf"(?:已|经批准|(?:{HARDSHIP})(?:党员)?|按规定)*免(?:予)?(?:{_PAYING})?"),
    "unpaid": re.compile(rf"[未没欠]有?(?:{_PAYING})?[清齐]?|拖欠|待缴|尚未缴纳|否|[{CROSS}╳x]"),
    "settled": re.compile(
        rf"已?[缴交][清讫齐纳]?|已(?:{_HOW})*{_PAYING}[清讫齐]?|(?:{_HOW})+已?{_PAYING}[清讫齐]?"
        rf"|已|足额|按[时期]|按时足额|(?:已)?结清|已清|已?(?:扣缴|代缴|代扣|转账|到账)|代扣代缴|是|[{TICK}]"
    ),
}
"""What a whole cell says; settled is that what was due was paid, whatever that is."""
_ARREARS = re.compile(r"\(?已?补[缴交](?:纳)?\)?:?")

_SAID = {
    "waived": Text("读作应缴 0", "read as nothing due"),
    "unpaid": Text("读作没有缴", "read as nothing paid"),
    "settled": Text("读作缴清了应缴数,日期不明", "read as what was due, paid on a day unknown"),
    "arrears": Text(
        "读作逾期缴清,没有写日期的按次月1日计", "read as paid late; without a date, on the first of the next month"
    ),
}


def amount_of(value: Value) -> Value:
    """Return the amount beside a word such as 补缴, or nothing where a word says that there is none.

    Examples
    --------
    >>> amount_of("补缴12元"), amount_of("未缴"), amount_of("√"), amount_of(12.0)
    ('12元', None, '√', 12.0)
    """
    state = state_of(value)
    if state in ("", "settled"):
        return value
    parts = [part for part in _ARREARS.split(plain(str(value))) if part.strip()] if state == "arrears" else []
    return value if len(parts) > 1 else parts[0].strip() if parts else None


def amount_due(value: Value) -> Value:
    """Return the amount in a cell that should say what is due; that it was paid does not say how much."""
    state = state_of(value)
    if state in ("settled", "unpaid"):
        return Fault("no_amount", str(value))
    return value if state == "waived" else amount_of(value)


def amount_paid(value: Value) -> Value:
    """Return the amount in a cell that should say what was paid; of what was due, the words say whether."""
    return None if state_of(value) == "settled" else amount_of(value)


def state_of(value: Value) -> str:
    """Return what the words of a cell say: waived, unpaid, settled, arrears or nothing."""
    if isinstance(value, bool):
        return "settled" if value else "unpaid"
    if not isinstance(value, str):
        return ""
    text = unspaced(value).casefold()
    whole = next((state for state, form in _STATES.items() if form.fullmatch(text)), "")
    return whole or ("arrears" if _ARREARS.search(text) else "")


def answers(cells: Sequence[Value]) -> tuple[Value, ...]:
    """Return the cells of a column that asks whether, such as 是否缴纳, with 1 and 0 as what they mean there."""
    return tuple(bool(value) if isinstance(value, (int, float)) and value in (0, 1) else value for value in cells)


def as_said(
    columns: Mapping[str, Coded], cells: Coded
) -> tuple[dict[str, Coded], list[tuple[int, np.ndarray, Reading]]]:
    """Take the words in the cells of payments at their word.

    Of ``due``, ``month`` and, where the sheet has them, ``paid`` and ``paid_on``: due, paid and date of payment as the
    words have it, and of each different cell with such a word its place among them, its rows and its reading.
    """
    states = Coded(cells.codes, list(map(state_of, cells.values)))
    if not states.where(bool).any():
        return {}, []
    nothing = Coded.constant(None, len(cells))
    told = [columns["due"], columns["month"], *(columns.get(name, nothing) for name in ("paid", "paid_on"))]
    rows = zip(states.listed(), *(column.listed() for column in told), strict=True)
    said = zip(*(_taken(*row) for row in rows), strict=True)
    readings = [
        (code, rows, _reading(states.values[code], cells.values[code]))
        for code, rows in rows_by(cells.codes, states.where(bool))
    ]
    return {name: Coded.of(values) for name, values in zip(("due", "paid", "paid_on"), said, strict=True)}, readings


def _taken(
    state: str, due: float | None, month: str | None, paid: float | None, paid_on: date | None
) -> tuple[float | None, float | None, date | None]:
    """Return due, paid and date of payment of one row, whose payment says something in words or nothing."""
    due = 0.0 if state == "waived" else due
    if paid is None:
        paid = {"arrears": due, "settled": due, "unpaid": 0.0}.get(state)
    return due, paid, _next_month(month) if state == "arrears" and paid_on is None else paid_on


def _next_month(month: str | None) -> date | None:
    return Period.parse(month).last_day + timedelta(days=1) if month else None


def _reading(state: str, value: Value) -> Reading:
    text = _SAID[state]
    return Reading(None, "note", f"dues_{state}", quoted(value, text.zh, f"is {text.en}"))
