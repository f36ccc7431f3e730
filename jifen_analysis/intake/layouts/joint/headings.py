"""What rows and headers say against the headings over them: the nearer counts, and where they disagree it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from jifen_analysis.errors import Text
from jifen_analysis.intake.branches import bare_branch
from jifen_analysis.intake.cells import display_raw, is_nothing, read_cell
from jifen_analysis.intake.grid import Value, distinct_cells
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.surroundings import Surroundings, said_in
from jifen_analysis.periods import Period
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.vocabulary import Vocabulary

_TIMES = ("date", "month", "period", "year")
_WORDS = ("activity", "group")


def with_headings(piece: Piece) -> Piece:
    """Say where a column, or the headers of a wide sheet, speak of others than title, sheet and file do."""
    around = piece.scene.around
    for name, heading in _said(piece, around).items():
        j = piece.header.columns.get(name, -1)
        others = _others(piece, name, j, heading) if j >= 0 else set()
        rows = [i for i in piece.body if piece.grid.columns[j][i] in others] if others else []
        if rows:
            piece = piece.saying("row_beats_heading", _row(piece, j, rows, heading), (rows[0], j), times=len(rows))
        heads = [k for k, value in _in_headers(piece, name) if not _fits(name, value, heading)] if j < 0 else []
        if heads:
            piece = piece.saying("row_beats_heading", _head(heading), (piece.header.row, heads[0]), times=len(heads))
    return _places(piece)


def _said(piece: Piece, around: Surroundings) -> Mapping[str, Any]:
    """Return what the headings say of a column that the table has, as it would stand in it."""
    table = TABLES[piece.header.table]
    period = around.period or (str(around.year) if around.year else "")
    times = dict.fromkeys(_TIMES, Period.parse(period) if period else None)
    branch = around.branch if around.branch.endswith("支部") and piece.header.table != "members" else ""
    said = {**times, "activity": around.activity, "group": around.group, "due": around.due, "branch": branch}
    return {name: told for name, told in said.items() if told and (name in table or name == "branch")}


def _others(piece: Piece, name: str, j: int, heading: Any) -> set[Any]:
    """Return the values of a column that say something else than the heading."""
    column, words, year = TABLES[piece.header.table].get(name), piece.scene.words, piece.scene.around.year
    told = {value: _month_or_cell(value, name) for value in distinct_cells(piece.grid.columns[j], piece.body)}
    one = {alike: value for value, alike in told.items()}
    apart = {alike for alike, value in one.items() if _differs(value, name, column, words, year, heading)}
    return {value for value, alike in told.items() if alike in apart} if apart else set()


def _month_or_cell(value: Value, name: str) -> Any:
    """Return the month of a day, all of whose days differ from a heading or none; of anything else itself."""
    return (value.year, value.month) if name == "date" and type(value) in (date, datetime) else value  # type: ignore[union-attr]


@lru_cache(maxsize=1 << 16, typed=True)
def _differs(value: Value, name: str, column: Column | None, words: Vocabulary, year: int | None, heading: Any) -> bool:
    if is_nothing(value):
        return False
    said = display_raw(value) if column is None else read_cell(value, column, words, year).value
    return said is not None and not _fits(name, said, heading)


def _in_headers(piece: Piece, name: str) -> Iterator[tuple[int, Any]]:
    for spread in piece.header.spreads:
        if name in spread.constants and spread.fields:
            yield min(spread.fields.values()), spread.constants[name]


@lru_cache(maxsize=1 << 14)
def _fits(name: str, said: Any, heading: Any) -> bool:
    if name == "branch":
        one, other = bare_branch(str(said)), bare_branch(str(heading))
        return one.endswith(other) or other.endswith(one)
    if name not in _TIMES:
        return bool(said == heading)
    own = Period(12 * said.year + said.month - 1, 1) if isinstance(said, date) else Period.parse(str(said))
    return own in heading


def _places(piece: Piece) -> Piece:
    """Say where title, sheet and file name different years, months or branches: the nearest counts."""
    path = PurePath(piece.grid.file)
    places = (piece.scene.titles, [piece.grid.sheet], [path.stem], [path.parent.name])
    told = [said_in(place, piece.scene.around.year) for place in places]
    for values in zip(*told, strict=True):
        found = list(dict.fromkeys(value for value in values if value))
        apart = [value for value in found[1:] if not _alike(str(found[0]), str(value))]
        if apart:
            text = Text(
                f"表题、表名、文件名说的不一样({'、'.join(map(str, found))}),按最近的“{found[0]}”读,请核对",
                f"title, sheet and file disagree ({', '.join(map(str, found))}); the nearest counts: {found[0]}",
            )
            piece = piece.saying("headings_differ", text, (piece.header.row, min(piece.header.used, default=0)))
    return piece


def _alike(one: str, other: str) -> bool:
    if "支部" in one:
        return _fits("branch", other, one)
    return one.startswith(other) or other.startswith(one) or _inside(one, other) or _inside(other, one)


def _inside(one: str, other: str) -> bool:
    return len(one) > 4 and len(other) > 4 and Period.parse(one) in Period.parse(other)


def _row(piece: Piece, j: int, rows: list[int], heading: Any) -> Text:
    listed = "、".join(dict.fromkeys(display_raw(piece.grid.columns[j][i]) for i in rows[:3]))
    return Text(
        f"写的是 {listed},表题、表名或文件名说的是 {_told(piece, heading)};以行内为准(共 {len(rows)} 行),请核对",
        f"says {listed}, title, sheet or file say {heading}; the row counts ({len(rows)} rows)",
    )


def _head(heading: Any) -> Text:
    return Text(
        f"列名说的不是表题、表名或文件名说的 {_told(None, heading)};以列名为准,请核对",
        f"the header says something else than title, sheet or file, {heading}; the header counts",
    )


def _told(piece: Piece | None, heading: Any) -> str:
    """Return what a heading says as a person reads it."""
    if isinstance(heading, Period):
        return heading.label()
    for kind in _WORDS if piece is not None else ():
        if piece is not None and heading in piece.scene.words.words[kind]:
            return piece.scene.words.label(kind, str(heading))
    return f"{heading:g}" if isinstance(heading, float) else str(heading)
