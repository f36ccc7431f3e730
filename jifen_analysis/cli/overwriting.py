"""No command writes over what it reads: a slip in a file name costs no roster."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jifen_analysis.errors import UsageError

READ = frozenset({"data", "roster", "words", "expect", "pseudonymise"})
"""Parameters whose paths are read; every other path of a command is written."""
_ADDED_TO = "unknown"
"""What is written into the correspondence table itself: what is filled in there stays."""


def refuse_overwriting(given: Mapping[str, Any]) -> None:
    """Refuse an output in the place of a file that the same run reads.

    Parameters
    ----------
    given : mapping of str to value
        The parameters of a command, paths as ``Path``.

    Raises
    ------
    UsageError
        Where that would be.
    """
    for name, target in given.items():
        if isinstance(target, Path) and name not in READ and target.is_file() and _is_read(target, name, given):
            raise UsageError(
                f"{target} 是这次要读的文件,写在那里会把它盖掉;请换一个文件名",
                f"{target} is read by this very command and would be lost; choose another name",
            )


def _is_read(target: Path, name: str, given: Mapping[str, Any]) -> bool:
    from jifen_analysis.intake.files import is_data  # who is only asked for help does not wait for it

    schemes = given.get("scheme") or ()
    named = [schemes] if isinstance(schemes, str) else list(schemes)
    files = [Path(one) for one in named] + [given[key] for key in READ - {"data"} if given.get(key)]
    same = any(one.is_file() and one.samefile(target) for one in files)
    data = given.get("data")
    return (same and name != _ADDED_TO) or (data is not None and is_data(target, Path(data)))
