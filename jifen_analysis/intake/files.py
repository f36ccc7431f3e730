"""Which files of a folder hold data, and what each is called in messages."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from zipfile import BadZipFile, ZipFile

from jifen_analysis.errors import Problem, Text, UsageError, cause
from jifen_analysis.intake.grid import AUTHOR, PROGRAM, holds_table
from jifen_analysis.sealing import digest
from jifen_analysis.store.manifest import is_part

TABLES_OF_WORDS = ("对照表.xlsx", "对照表.xls", "对照表.csv", "对照表.toml", "布局.toml", "layout.toml")
"""Correspondence tables that stand beside the data; what they are called."""
UNUSED_TABLE = Text(
    "像是对照表,没有用上:自动用的只是数据文件夹里的 对照表.xlsx;要用这一张,请改成这个名字,或加 --words",
    "a correspondence table that is not applied: only 对照表.xlsx beside the data is; rename it, or use --words",
)
"""What is said of a correspondence table that nobody asked for."""
UNUSED_QUERIES = Text(
    "像是数据库的查询,没有用上:要读数据库,请单独给出这个文件,名字须是 数据库.xlsx",
    "queries of a database that are not asked: name this file alone as the data, and call it 数据库.xlsx",
)
"""What is said of queries that lie among files, or under another name."""
_NO_DATA = Text("不是数据文件,未读", "not a data file; left aside")
_NO_FILE = Text(
    "是链接、管道或设备,不是文件,未读;请把文件本身放进来",
    "a link to a folder or to nothing, a pipe or a device; not read: put the files themselves here",
)
_MADE_HERE = Text("本程序写出的结果,不是报送的数据,未读", "written by this program, not sent by anybody; left aside")
_ASIDE = frozenset({".md", ".toml", ".json", ".py", ".ipynb", ".rst", ".gitignore"})


@dataclass(frozen=True)
class DataFile:
    """A file, and its path below what was loaded."""

    path: Path
    name: str

    @property
    def parquet(self) -> Path:
        """Where it lies, if it is a file of Parquet."""
        return self.path

    def state(self) -> tuple[int, int]:
        """Return its size and time; of one that is gone, nothing."""
        found = self.path.stat() if self.path.exists() else None
        return (found.st_size, found.st_mtime_ns) if found else (0, 0)

    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        return digest(self.path)


_ADDRESS = re.compile(r"\w{2,}(?:\+\w+)?:/")


def data_files(path: str | Path) -> tuple[list[DataFile], list[Problem]]:
    """Return the data files of a path, in order of name, a note for each file left aside, an error for what is closed.

    Raises
    ------
    UsageError
        Where there is nothing at the path, or nothing that could be read.
    """
    root = Path(path)
    if not root.exists() and _ADDRESS.match(str(path)):  # which may hold a password, and is not shown
        raise UsageError(
            '这是数据库的地址:请写进一个 .toml(database = "…" 和 [queries]),或在 Python 里用 jf.Database',
            'the address of a database: write it into a .toml (database = "…" and [queries]), or take jf.Database',
        )
    if not root.exists():
        raise UsageError(f"没有这个文件或文件夹:{root}", f"no such file or folder: {root}")
    if root.is_file():
        return [DataFile(root.absolute(), readable(root.name))], []
    if not root.is_dir():
        raise UsageError(f"这是一个设备或管道,不是文件:{root}", f"{root} is a device or a pipe, not a file")
    files, notes = find_files(root)
    if not files and not any(note.severity == "error" for note in notes):
        raise UsageError(
            f"文件夹里没有数据文件(.xlsx、.xls、.csv、.parquet):{root}",
            f"no data files (.xlsx, .xls, .csv, .parquet) in {root}",
        )
    return files, notes


def is_data(path: Path, root: Path) -> bool:
    """Return whether a file is one that is read where a path is loaded."""
    if root.is_file():
        return path.samefile(root)
    place, base = path.resolve(), root.resolve()
    if base not in place.parents:
        return False
    return not _is_aside(place.relative_to(base)) and not _is_made_here(path) and _readable(path)


def find_files(root: Path, without: Collection[Path] = ()) -> tuple[list[DataFile], list[Problem]]:
    """Return the data files below a folder, and notes, but for what lies in some of its sub-folders."""
    paths, notes = everything(root, without)
    packs = _packs(root, paths)
    files: list[DataFile] = []
    packed: list[DataFile] = []
    for found in paths:
        if _is_aside(found.relative_to(root)) or is_part(found):
            continue
        name = readable(found.relative_to(root).as_posix())
        if not found.is_file():
            notes.append(Problem("error", "not_readable", _NO_FILE, name))
        elif _is_made_here(found):
            notes.append(_made_here(name))
        elif _readable(found):
            (files if packs.isdisjoint(found.parents) else packed).append(DataFile(found.absolute(), name))
        else:
            notes.append(Problem("note", "left_aside", _NO_DATA, name))
    notes += [_made_here(readable(one.relative_to(root).as_posix())) for one in sorted(packs) if files]
    return files or packed, [*notes, *_half_converted(root, paths)]


def _packs(root: Path, paths: Iterable[Path]) -> set[Path]:
    """Return the folders below that say of themselves that they were exported here: the same records once more."""
    said = (path for path in paths if path.name == "manifest.json" and path.parent != root)
    return {path.parent for path in said if _says_ours(path)}


def _says_ours(manifest: Path) -> bool:
    try:
        said = json.loads(manifest.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("program") == PROGRAM


def _half_converted(root: Path, paths: Iterable[Path]) -> list[Problem]:
    """Return an error for each folder that holds a part of a conversion without what says what it is a part of."""
    folders = dict.fromkeys(path.parents[2] for path in paths if is_part(path))
    text = Text(
        "转换没有写完或缺少 jifen.json,其中的记录不全,未读;请重新转换",
        "a conversion that was not finished, or without its jifen.json; not read; convert again",
    )
    names = (folder.relative_to(root).as_posix() for folder in folders)
    return [Problem("error", "half_converted", text, name) for name in names]


def readable(name: str) -> str:
    r"""Return a file's name as it can be printed: bytes that are no UTF-8 are spelt out.

    Examples
    --------
    >>> readable("花名册\udcff.csv")
    '花名册\\xff.csv'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def everything(root: Path, without: Collection[Path] = ()) -> tuple[list[Path], list[Problem]]:
    """Return every file below a folder, in order, and an error for each folder that may not be looked into.

    A link to another folder is not followed, for it may lead round in a circle, and stands among the files.
    """
    faults: list[OSError] = []
    paths: list[Path] = []
    for folder, below, names in os.walk(root, onerror=faults.append):
        below[:] = [name for name in below if Path(folder, name) not in without]
        linked = (name for name in below if Path(folder, name).is_symlink())
        paths += (Path(folder, name) for name in (*names, *linked))
    return sorted(paths), [_closed(root, fault) for fault in faults]


def in_sight(path: str | Path) -> str:
    """Return a digest of the names of all files at a path: it tells whether two machines see the same."""
    root = Path(path)
    names = [found.relative_to(root).as_posix() for found in (root, *everything(root)[0]) if found.exists()]
    return hashlib.sha256("\n".join(map(readable, names)).encode()).hexdigest()


def _closed(root: Path, fault: OSError) -> Problem:
    said = cause(fault)
    text = Text(f"打不开文件夹:{said.zh}", f"cannot open the folder: {said.en}")
    return Problem("error", "not_readable", text, Path(str(fault.filename)).relative_to(root).as_posix())


def _is_aside(name: Path) -> bool:
    """Lock files, hidden files, what the words mean and texts about the data are no data."""
    if name.as_posix() in TABLES_OF_WORDS:
        return True
    hidden = any(part.startswith((".", "~$", "__")) for part in name.parts)
    return hidden or name.suffix.lower() in _ASIDE or name.stem.lower().startswith(("readme", "license"))


def _is_made_here(path: Path) -> bool:
    """Results that were written among the data are no data: they bear our name, or a manifest beside them."""
    if os.path.isfile(f"{path}.manifest.json"):  # noqa: PTH113 - a name too long for one has none
        return True
    if path.suffix.lower() == ".parquet":
        return _bears_our_name(path)
    try:
        with ZipFile(path) as package:
            return AUTHOR.encode() in package.read("docProps/core.xml")
    except (OSError, BadZipFile, KeyError):
        return False


def _bears_our_name(parquet: Path) -> bool:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    try:
        return AUTHOR.encode() in (read_metadata(parquet).metadata or {})
    except (OSError, ArrowException):
        return False


def _made_here(name: str) -> Problem:
    return Problem("note", "left_aside", UNUSED_TABLE if "对照表" in PurePath(name).name else _MADE_HERE, name)


def _readable(path: Path) -> bool:
    try:
        return holds_table(path)
    except OSError:
        return True  # reading it will say why not
