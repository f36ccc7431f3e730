"""What is due for each month where it changed within the year: 1-6月标准 and 7-12月标准 beside the months."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.sums import months_in
from jifen_analysis.tables import TABLES

_STANDARD = re.compile(
    r"(?P<months>.+?(?:月|年度?|季度?))(?:的?每?月?(?:党费|应?[缴交]费?纳?)*标准|每?月应[缴交](?:党费|金额|额|数)?)"
)
_DAYS = Text(
    "各月的数都像是月.日(如 1.5、2.6),是缴费日期还是金额不清楚;金额请写成 1.50元,日期请另列或写 2024-01-05",
    "the numbers of all months look like days (1.5, 2.6): days of payment or amounts? write 2024-01-05 or 1.50元",
)


def with_standards(piece: Piece) -> Piece:
    """Give each month the due of the months that a header names, and refuse days where amounts should stand."""
    if piece.header.table != "dues" or not piece.header.wide:
        return piece
    return _without_days(_stated(piece))


def _stated(piece: Piece) -> Piece:
    due = _due_by_month(piece) if "due" not in piece.header.columns and piece.scene.around.due is None else {}
    spreads = tuple(_owed(spread, due) for spread in piece.header.spreads)
    return replace(piece, header=replace(piece.header, spreads=spreads)).reading(*due.values()) if due else piece


def _due_by_month(piece: Piece) -> Mapping[int, int]:
    """Return month -> column of its due; nothing where two columns speak of a month, or none of one on the sheet."""
    found: dict[int, int] = {}
    for j in range(piece.grid.width):
        said = (
            _STANDARD.fullmatch(re.sub(r"\s|\(元\)", "", plain(display_raw(piece.label(j)))))
            if piece.label(j)
            else None
        )
        for month in months_in(said["months"]) if said else ():
            if month in found:
                return {}
            found[month] = j
    return found if all(_month(spread) in found for spread in piece.header.spreads) else {}


def _month(spread: Spread) -> int:
    return int(str(spread.constants.get("month") or "0000-00")[5:])


def _owed(spread: Spread, due: Mapping[int, int]) -> Spread:
    if list(spread.fields) != ["due"] or _month(spread) not in due:
        return spread
    return Spread({"due": due[_month(spread)], "paid": spread.fields["due"]}, spread.constants)


def _without_days(piece: Piece) -> Piece:
    """Refuse numbers that all name the month of their column, or the next, before the point."""
    column = TABLES["dues"]["paid"]
    cells = {
        (i, j): _month(spread)
        for spread in piece.header.spreads
        for name, j in spread.fields.items()
        if name == "paid" or "paid" not in spread.fields
        for i in piece.body
        if not is_nothing(piece.grid.columns[j][i])
    }
    read = {at: read_cell(piece.grid.columns[at[1]][at[0]], column, piece.scene.words).value for at in cells}
    days = [at for at, number in read.items() if number and number % 1 and int(number) in _near(cells[at])]
    if len(days) < _FEWEST or len(days) < len(cells):
        return piece
    return piece.saying("days_or_amounts", _DAYS, days[0], "error", times=len(days))


_FEWEST = 2


def _near(month: int) -> tuple[int, int]:
    return month, month % 12 + 1
