"""Files that are whole or not there: written beside their place, then moved into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from jifen_analysis.errors import UsageError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def writable(path: str | Path, suffixes: Iterable[str] = ()) -> Path:
    """Return a path that may be written, before the work that fills it is done.

    Parameters
    ----------
    path : str or Path
        The file that is wanted.
    suffixes : iterable of str
        What it may end with, such as ``.xlsx``; anything without.

    Raises
    ------
    UsageError
        Where the ending is another, the folder is missing, or a folder of that name stands there.
    """
    target, known = Path(path), tuple(suffixes)
    if known and target.suffix.lower() not in known:
        found = target.suffix or "(没有后缀)"
        raise UsageError(
            f"不能写成 {found}:{target};可用后缀 {'、'.join(known)}",
            f"cannot write {target}: the name must end with {', '.join(known)}",
        )
    if not target.parent.is_dir():
        raise UsageError(
            f"文件夹不存在:{target.parent};请先建好,或换一个位置",
            f"there is no folder {target.parent}; make it first, or choose another place",
        )
    if target.is_dir():
        raise UsageError(f"这是一个文件夹,不能写成文件:{target}", f"{target} is a folder, not a file")
    return target


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a path to write to; what stands there takes the target's place when all went well.

    Raises
    ------
    UsageError
        Where the folder cannot be written, or another program holds the file open.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "a.txt") as path:
    ...     _ = path.write_text("whole")
    >>> [found.name for found in folder.iterdir()]
    ['a.txt']
    """
    try:
        handle, name = tempfile.mkstemp(suffix=target.suffix, prefix=".", dir=target.parent)
    except OSError as fault:
        raise _unwritable(target, fault) from fault
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(0o666 & ~_umask())
        beside.replace(target)
    except OSError as fault:
        raise _unwritable(target, fault) from fault
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def _unwritable(target: Path, fault: OSError) -> UsageError:
    if isinstance(fault, PermissionError):
        return UsageError(
            f"写不进去:{target};文件可能正在 Excel/WPS 里打开,或没有写入权限。请关闭后重试,或换一个文件名",
            f"cannot write {target}: it may be open in a spreadsheet program, or may not be written by you; "
            "close it and try again, or choose another name",
        )
    return UsageError(f"写不进去:{target}({fault.strerror})", f"cannot write {target} ({fault.strerror})")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a flat table as CSV (UTF-8 with BOM) or Parquet.

    Floats are written in full, so that they read back as they were. In CSV a
    text that a spreadsheet would take for a formula gets an apostrophe before
    it.

    Parameters
    ----------
    table : DataFrame
        One level of columns.
    path : Path
        Ends with ``.csv`` or ``.parquet``.

    Raises
    ------
    UsageError
        Where the file cannot be written.
    """
    with replacing(path) as beside:
        if path.suffix.lower() == ".parquet":
            table.to_parquet(beside, index=False)
        else:
            table.apply(_harmless).to_csv(beside, index=False, encoding="utf-8-sig", lineterminator="\n")


def _harmless(values: pd.Series) -> pd.Series:
    if not pd.api.types.is_string_dtype(values.dtype):
        return values
    text = values.astype("str")
    return text.mask(text.str.startswith(_FORMULA), "'" + text)
