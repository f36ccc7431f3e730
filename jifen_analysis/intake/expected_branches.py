"""The list of branches that should have reported, as a file."""

from __future__ import annotations

from pathlib import Path

from jifen_analysis.errors import UsageError, cause
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.grid import Grid, UnreadableError, is_blank, open_grids
from jifen_analysis.intake.layouts.spellings import column_of


def read_expected(path: Path) -> list[str]:
    """Return the branches on a list: a workbook or text file with a column of them.

    Raises
    ------
    UsageError
        Where it cannot be read, or has none.
    """
    try:
        grids = open_grids(path, path.name)
    except (OSError, UnreadableError) as fault:
        said = fault.text if isinstance(fault, UnreadableError) else cause(fault)
        raise UsageError(
            f"读不了支部名单 {path}:{said.zh}", f"cannot read the list of branches {path}: {said.en}"
        ) from fault
    names = [name for grid in grids for name in _names_on(grid)]
    if not names:
        raise UsageError(f"支部名单 {path} 里没有支部名称", f"no branch names in {path}")
    return list(dict.fromkeys(names))


def _names_on(grid: Grid) -> list[str]:
    for i in range(grid.height):
        for j in range(grid.width):
            if (column_of(grid.columns[j][i], "members") or ("",))[0] == "branch":
                return [plain(display_raw(value)) for value in grid.columns[j][i + 1 :] if not is_blank(value)]
    return [
        plain(display_raw(value))
        for value in (grid.columns[0] if grid.width else ())
        if isinstance(value, str) and not is_blank(value)
    ]
