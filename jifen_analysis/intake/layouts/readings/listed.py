"""One record a row, each column under a header of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jifen_analysis.intake.grid import Grid, grouped
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import Header, with_parts
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import find_columns, header_forms, likely_column
from jifen_analysis.tables import TABLES


def a_record_a_row(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read one row as the header of the table that it fits best, if of any."""
    return best_table(grid, row, scene.called, scene.given, likely=True)


def best_table(
    grid: Grid,
    row: int,
    called: frozenset[str],
    given: frozenset[str],
    tables: Iterable[str] = TABLES,
    *,
    likely: bool = False,
) -> Header | None:
    """Return a row read as the header of the table that it fits best, if of any."""
    told = called | ({"events"} if "event" in given else frozenset())
    known = (header_in(grid, row, table, named=table in told, likely=likely) for table in tables)
    headers = [_of_honours(with_parts(grid, header)) for header in known]
    plausible = [header for header in headers if header.plausible]
    telling = [header for header in plausible if header.telling]
    if any(says_only_who(header) for header in plausible) and telling:
        plausible = telling  # records with an unknown header are no roster of a branch that the folder names
    return min(plausible, key=lambda header: header.merit(given)) if plausible else None


def says_only_who(header: Header) -> bool:
    """Return whether all that makes a header one of a roster is that it says who."""
    return header.table == "members" and not header.named and not header.telling


def _of_honours(header: Header) -> Header:
    """Take rows with a name of an award, and no event, for honours."""
    if header.table != "events" or "event" in header.columns or "award" not in header.columns:
        return header
    return header.with_spreads((Spread({}, {"event": "honour"}),))


def header_in(grid: Grid, row: int, table: str, *, named: bool, likely: bool = False) -> Header:
    """Read one row as the header of one table; ``likely`` columns are told by their kind where none is by name."""
    heads = ((find_columns(value).get(table), j) for j, value in enumerate(grid.row(row)))
    found = grouped((known[0], (known[1], j)) for known, j in heads if known)
    columns = {column: min(at)[1] for column, at in found.items()}
    for name in (name for name in ("name", "date") if likely and _lacks(table, columns, name)):
        columns |= {name: j} if (j := likely_column(grid.row(row), name)) >= 0 else {}
    doubled, rivals = {}, {}
    for column, j in columns.items():
        if len(found.get(column, ())) > 1:
            forms = header_forms(grid.columns[j][row])
            others = [(header_forms(grid.columns[k][row]) == forms, k) for _, k in found[column] if k != j]
            same, less = tuple(k for alike, k in others if alike), tuple(k for alike, k in others if not alike)
            if same:
                doubled[column] = (j, *same)
            elif less:
                rivals[column] = less
    return Header(table, row, columns, doubled, named, rivals=rivals)


def _lacks(table: str, columns: Mapping[str, int], column: str) -> bool:
    """Return whether records of a table need whose, or of which day, they are, and no header says it by name."""
    if column == "name":
        return table in ("events", "attendance") and not {"member_id", "name"} & columns.keys()
    return table == "events" and column not in columns
