"""Files that are whole or not there: written beside their place, then moved into it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from jifen_analysis.errors import UsageError, cause

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that a spreadsheet would take for a formula, or that was kept from being taken for one."""


def output_day() -> date:
    """Return the day that outputs are dated: today, or the day of ``SOURCE_DATE_EPOCH``.

    Raises
    ------
    UsageError
        Where that is no moment from 1970 to the end of 2099.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return datetime.now(tz=UTC).astimezone().date()
    if not re.fullmatch(r"[0-9]{1,10}", given) or int(given) > _LATEST:
        raise UsageError(
            f"环境变量 SOURCE_DATE_EPOCH 应为 1970 年以来的秒数,如 1735689600;现为 {given}",
            f"SOURCE_DATE_EPOCH is the seconds since 1970, such as 1735689600; found {given}",
        )
    return datetime.fromtimestamp(int(given), UTC).date()


_LATEST = 4_102_444_800
"""The first second of 2100."""


_LONGEST = 230
"""Bytes of a name: systems take 255, and what is written beside it for a while, or with it, has a longer one."""


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
        Where the ending is another, the name too long, the folder missing, or a folder or device of that name
        stands there.
    """
    target, known = Path(path), tuple(suffixes)
    if known and target.suffix.lower() not in known:
        found = target.suffix or "(没有后缀)"
        raise UsageError(
            f"不能写成 {found}:{target};可用后缀 {'、'.join(known)}",
            f"cannot write {target}: the name must end with {', '.join(known)}",
        )
    if len(os.fsencode(target.name)) > _LONGEST:
        raise UsageError(
            f"名称太长:{target.name};至多 {_LONGEST} 个字节(约 {_LONGEST // 3} 个汉字)",
            f"the name is too long: {target.name}; at most {_LONGEST} bytes",
        )
    if not target.parent.is_dir():
        raise UsageError(
            f"文件夹不存在:{target.parent};请先建好,或换一个位置",
            f"there is no folder {target.parent}; make it first, or choose another place",
        )
    if target.is_dir():
        raise UsageError(f"这是一个文件夹,不能写成文件:{target}", f"{target} is a folder, not a file")
    if target.exists() and not target.is_file():  # a file would take the place of the device itself
        raise UsageError(f"这是一个设备或管道,不能写成文件:{target}", f"{target} is a device or a pipe, not a file")
    return target


def make_folder(folder: Path) -> Path:
    """Return a folder, made where it does not exist.

    Raises
    ------
    UsageError
        Where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        said = cause(fault)
        raise UsageError(f"建不了文件夹 {folder}:{said.zh}", f"cannot make folder {folder}: {said.en}") from None
    return folder


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
def scratch() -> Iterator[Path]:
    """Yield a temporary folder, gone afterwards.

    Raises
    ------
    UsageError
        Where there is none, or nothing more can be written there.

    Examples
    --------
    >>> with scratch() as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    except OSError as fault:
        said = cause(fault)
        raise UsageError(
            f"临时文件写不下({said.zh});请查看 TMPDIR 和磁盘", f"no room for temporary files ({said.en})"
        ) from fault


@contextmanager
def filling(target: Path, ours: Collection[str] = ()) -> Iterator[Path]:
    """Yield a folder to write into; it takes the place of the target when all went well.

    No system puts one folder in the place of another that holds something: the
    earlier one steps aside first. Where the program is killed between these two
    renames, the next run puts it back.

    Parameters
    ----------
    target : Path
        Not there, empty, or the earlier one.
    ours : collection of str
        What an earlier one may hold.

    Raises
    ------
    UsageError
        Where the folder cannot be made, or holds something else.
    """
    place = target.resolve()
    if not place.name:
        raise UsageError(f"{target} 不是空的文件夹,请另选一个", f"{target} is not an empty folder; choose another")
    with _beside(place) as beside:
        _refuse_others(place, ours)
        beside.mkdir(parents=True)
        yield beside
        if place.exists():
            place.replace(_aside(beside))
        beside.replace(place)


def _refuse_others(target: Path, ours: Collection[str]) -> None:
    held = {path.name for path in target.iterdir()} if target.is_dir() else {""} if target.exists() else set()
    if held - set(ours):
        raise UsageError(f"{target} 不是空的文件夹,请另选一个", f"{target} is not an empty folder; choose another")
    if Path.cwd().is_relative_to(target):
        raise UsageError(f"{target} 是当前所在的文件夹,请另选一个", f"{target} is where you are; choose another folder")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a hidden name beside the target; tidy up after this run, and after one that was killed."""
    beside = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    try:
        _settle(target, _abandoned(target))
        yield beside
    except Exception as fault:
        system = next((one for one in _behind(fault, beside) if isinstance(one, OSError)), None)
        if system is None:
            raise
        raise _unwritable(target, system) from fault
    finally:
        _settle(target, [_aside(beside), beside])


def _behind(fault: Exception, beside: Path) -> tuple[object, ...]:
    """Return what a fault may come from: libraries wrap it, and of what lies inside a hidden name nobody is told."""
    within = isinstance(fault, UsageError) and str(beside) in fault.message()
    return (fault, *fault.args, *((fault.__cause__, fault.__context__) if within else ()))


def _aside(beside: Path) -> Path:
    """Return where an earlier folder waits until the new one has its place."""
    return beside.with_name(f"{beside.name}{_ASIDE}")


_ASIDE = "~"


def _abandoned(target: Path) -> list[Path]:
    """Return what runs that are over have left beside the target, what stepped aside first."""
    name = re.compile(rf"\.{re.escape(target.stem)}\.(\d+){re.escape(target.suffix)}{_ASIDE}?")
    beside = sorted(target.parent.iterdir(), reverse=True) if target.parent.is_dir() else []
    return [path for path in beside if (left := name.fullmatch(path.name)) and not _runs(int(left[1]))]


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


def _settle(target: Path, left: Iterable[Path]) -> None:
    """Remove what was left beside the target; what stepped aside for nothing is put back."""
    for path in left:
        with suppress(OSError):  # what another run of this program holds open is its own
            if path.name.endswith(_ASIDE) and not target.exists():
                path.replace(target)
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _unwritable(target: Path, fault: OSError) -> UsageError:
    if isinstance(fault, PermissionError):
        return UsageError(
            f"写不进去:{target};文件可能正在 Excel/WPS 里打开,或没有写入权限。请关闭后重试,或换一个文件名",
            f"cannot write {target}: it may be open in a spreadsheet program, or may not be written by you; "
            "close it and try again, or choose another name",
        )
    said = cause(fault)
    return UsageError(f"写不进去:{target}({said.zh})", f"cannot write {target} ({said.en})")
