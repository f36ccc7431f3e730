"""No command writes over what it reads, nor among it what would be read with it: a slip in a name costs no roster."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jifen_analysis.errors import UsageError

READ = frozenset({"data", "roster", "words", "expect", "pseudonymise"})
"""Parameters whose paths are read; every other path of a command is written."""
_ADDED_TO = "unknown"
"""What is written into the correspondence table itself: what is filled in there stays."""


_FOLDERS = frozenset({"out", "returned"})
"""Outputs that hold tables where they are folders: a single file among the data is known by its mark."""


def refuse_overwriting(given: Mapping[str, Any]) -> None:
    """Refuse an output in the place of a file that the same run reads, or that the next one would take for data.

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
        if isinstance(target, Path) and name in _FOLDERS and not target.suffix and _lies_within(target, given):
            raise UsageError(
                f"{target} 在数据文件夹 {given['data']} 里面,下次会被当作报来的表;请写到别处",
                f"{target} lies within the data, {given['data']}, and would be read with it; choose a place outside",
            )


def _lies_within(target: Path, given: Mapping[str, Any]) -> bool:
    data = given.get("data")
    return data is not None and Path(data).is_dir() and Path(data).resolve() in target.resolve().parents


def _is_read(target: Path, name: str, given: Mapping[str, Any]) -> bool:
    from jifen_analysis.intake.files import is_data  # who is only asked for help does not wait for it

    schemes = given.get("scheme") or ()
    named = [schemes] if isinstance(schemes, str) else list(schemes)
    files = [Path(one) for one in named] + [given[key] for key in READ - {"data"} if given.get(key)]
    same = any(one.is_file() and one.samefile(target) for one in files)
    data = given.get("data")
    return (same and name != _ADDED_TO) or (data is not None and is_data(target, Path(data)))
