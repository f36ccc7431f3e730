"""What is due for each month: where it changed within the year, and where months have one amount alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, read_cell
from jifen_analysis.intake.grid import Fault
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
        said = _STANDARD.fullmatch(re.sub(r"\s|\(元\)", "", piece.head(j)))
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


# ---------------------------------------------------------------- one amount a month


def with_amounts(piece: Piece) -> Piece:
    """Refuse a nought, and name what differs, among the single amounts of a member's months."""
    places = [spread.fields["due"] for spread in piece.header.spreads if list(spread.fields) == ["due"]]
    if piece.header.table != "dues" or len(places) < 2 or "due" in piece.header.columns:
        return piece
    if piece.scene.around.due is not None:
        return piece
    blanks = 0
    for i in piece.body:
        cells = {j: piece.grid.columns[j][i] for j in places}
        read = {j: piece.amount(value) for j, value in cells.items()}
        amounts = sorted({number for number in read.values() if number})
        blanks += sum(map(is_nothing, cells.values())) if amounts else 0
        for j in (j for j, number in read.items() if number == 0):
            piece = piece.put(j, {i: Fault("no_amount", display_raw(cells[j]))})
        if len(amounts) > 1:
            at = i, next(j for j, number in read.items() if number not in (None, 0) and number != read[_first(read)])
            piece = piece.saying("amounts_differ", _differing(amounts), at)
    if blanks:
        text = Text(
            f"空白 {blanks} 格,没有写应缴多少,不计为记录", f"{blanks} blank cells say no due and are no records"
        )
        piece = piece.saying("blank_months", text, (piece.header.row, min(places)), times=blanks)
    return piece


def _first(read: Mapping[int, float | None]) -> int:
    return next(j for j, number in read.items() if number)


def _differing(amounts: list[float]) -> Text:
    listed = "、".join(f"{amount:g}" for amount in amounts)
    return Text(
        f"同一人各月金额不同({listed}),没有写应缴多少,每月按所填的数读作应缴并已缴;若有少缴,请加“月应缴”一列",
        f"amounts that differ ({listed}) and no due: each is taken as due and paid; if one is short add 月应缴",
    )
