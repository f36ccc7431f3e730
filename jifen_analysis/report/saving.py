"""Files that are whole or not there: written beside their place, then moved into it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from jifen_analysis.errors import UsageError, cause


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
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "a.txt") as path:
    ...     _ = path.write_text("whole")
    >>> [found.name for found in folder.iterdir()]
    ['a.txt']
    """
    with _beside(target) as beside:
        beside.touch()
        yield beside
        beside.replace(target)


@contextmanager
def filling(target: Path) -> Iterator[Path]:
    """Yield a folder to write into; it takes the place of the target, which is empty or not there, when all went well.

    Raises
    ------
    UsageError
        Where the folder cannot be made, or holds something already.
    """
    with _beside(target) as beside:
        if target.is_dir() and any(target.iterdir()):
            raise UsageError(f"文件夹不是空的:{target};请换一个", f"the folder is not empty: {target}; choose another")
        beside.mkdir(parents=True)
        yield beside
        if target.is_dir():
            target.rmdir()
        beside.replace(target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a hidden name beside the target; tidy up after this run, and after one that was killed."""
    beside = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    try:
        _remove(left for left in _abandoned(target))
        yield beside
    except (OSError, FileCreateError) as fault:
        raise _unwritable(target, fault) from fault
    finally:
        _remove([beside])


def _abandoned(target: Path) -> Iterator[Path]:
    """Yield what runs that are over have left beside the target."""
    name = re.compile(rf"\.{re.escape(target.stem)}\.(\d+){re.escape(target.suffix)}")
    for found in target.parent.iterdir() if target.parent.is_dir() else ():
        left = name.fullmatch(found.name)
        if left and not _runs(int(left[1])):
            yield found


def _runs(process: int) -> bool:
    """Return whether a process is still there; Windows does not say, but keeps open files from being removed."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):  # what another run of this program holds open is its own
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _unwritable(target: Path, fault: OSError | FileCreateError) -> UsageError:
    if isinstance(fault, FileCreateError):  # xlsxwriter's, about the fault of the system inside it
        return _unwritable(target, fault.args[0])
    if isinstance(fault, PermissionError):
        return UsageError(
            f"写不进去:{target};文件可能正在 Excel/WPS 里打开,或没有写入权限。请关闭后重试,或换一个文件名",
            f"cannot write {target}: it may be open in a spreadsheet program, or may not be written by you; "
            "close it and try again, or choose another name",
        )
    said = cause(fault)
    return UsageError(f"写不进去:{target}({said.zh})", f"cannot write {target} ({said.en})")
