"""Checked records, written once as Parquet and read again without a second check.

A converted folder holds ``members.parquet``, for every other table one file
for each year and group of whole branches, and ``jifen.json``: which branches
stand in which file, its SHA-256, where every record came from, what was noted.
A file that is not the one that was written is refused like any broken file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_analysis.errors import Problem, Text, UsageError, cause
from jifen_analysis.intake.check import Check
from jifen_analysis.intake.stored import StoredTable
from jifen_analysis.periods import Period
from jifen_analysis.tables import TABLES, Records, Source
from jifen_analysis.tables.columns import ORIGIN
from jifen_analysis.tables.partition import MEMBERS_A_PART, Branches, block_numbers, blocks, homes
from jifen_analysis.vocabulary import Vocabulary

MANIFEST = "jifen.json"
FORMAT = 2
"""Raised whenever what is written, or what is checked before, changes."""
WRITING = MappingProxyType({"row_group_size": 1 << 18, "compression": "snappy"})
"""How the files are written: a row group is a batch, and what is read often need not be small."""


@dataclass(frozen=True)
class Part:
    """One file of a converted folder.

    Parameters
    ----------
    path : str
        Below the folder.
    table : str
        What it holds.
    year, block : int
        Of which year, and of which group of branches; 0 and -1 for the roster.
    rows : int
        How many records.
    months : tuple of int
        The integer months in which they fall, where the table has days or months.
    words : mapping of str to tuple of str
        The coded words that occur, by kind.
    sha256 : str
        Of the file.
    """

    path: str
    table: str
    year: int
    block: int
    rows: int
    months: tuple[int, ...]
    words: Mapping[str, tuple[str, ...]]
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a converted folder holds.

    Parameters
    ----------
    parts : tuple of Part
        Its files.
    blocks : tuple of tuple of str
        The branches of each group; a member belongs to the first branch of the roster.
    sources : tuple of Source
        What the origin columns refer to.
    notes : tuple of Problem
        What was noted when the records were checked.
    made_by : str
        Version of the package that checked them.
    """

    parts: tuple[Part, ...]
    blocks: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...] = ()
    notes: tuple[Problem, ...] = ()
    made_by: str = ""


# ---------------------------------------------------------------- writing


def convert(records: Records, out: str | Path, *, members_a_file: int = MEMBERS_A_PART) -> Path:
    """Write checked records as Parquet by year and branch.

    Parameters
    ----------
    records : Records
        From ``load``: checked.
    out : str or Path
        A folder that does not exist or is empty.
    members_a_file : int
        Branches are put together until they have so many members: a branch
        never stands in two files of one table and year.

    Returns
    -------
    Path
        The folder, which every command and ``load`` accept.

    Raises
    ------
    UsageError
        Where the folder holds something.

    Examples
    --------
    >>> import tempfile
    >>> members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    >>> folder = convert(Records.from_frames({"members": members}), Path(tempfile.mkdtemp()))
    >>> sorted(path.name for path in folder.iterdir())
    ['jifen.json', 'members.parquet']
    """
    folder = Path(out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} 不是空文件夹", f"{folder} is not an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    home = homes(records.members)
    cut = blocks(home, members_a_file)
    parts = [_written(folder, "members.parquet", "members", 0, -1, records.members)]
    for table in (name for name in TABLES if name != "members" and name in records.frames):
        parts += _table_written(folder, table, records.table(table), home, cut)
    manifest = Manifest(tuple(parts), cut, records.sources, records.notes, version("jifen-analysis"))
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return folder


def _table_written(
    folder: Path, table: str, frame: pd.DataFrame, home: pd.Series, cut: Sequence[Branches]
) -> Iterator[Part]:
    places = pd.DataFrame({"year": _years(frame), "block": block_numbers(frame, home, cut)})
    for year, at in places.drop_duplicates().sort_values(["year", "block"]).to_numpy().tolist():
        here = ((places["year"] == year) & (places["block"] == at)).to_numpy()
        mine = frame[here].sort_values(next(iter(TABLES[table])), kind="stable")
        yield _written(folder, f"{table}/year={year}/branches-{at + 1:04d}.parquet", table, year, at, mine)


def _years(frame: pd.DataFrame) -> np.ndarray:
    if "date" in frame:
        return frame["date"].dt.year.to_numpy()
    return frame["month" if "month" in frame else "period"].str[:4].astype("int64").to_numpy()


def _written(folder: Path, name: str, table: str, year: int, block: int, frame: pd.DataFrame) -> Part:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(_arrow(table, frame), path, **WRITING)
    words = {
        column.words: tuple(str(word) for word in frame[column.name].dropna().unique())
        for column in TABLES[table].values()
        if column.kind == "word"
    }
    return Part(name, table, year, block, len(frame), _months(table, frame), words, _digest(path))


def _arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """Return a frame as any reader of Parquet understands it: words as text, dates as days."""
    days = {name: pa.array(frame[name], pa.date32()) for name, c in TABLES[table].items() if c.kind == "date"}
    text = {name: frame[name].astype("str") for name, c in TABLES[table].items() if c.kind == "word"}
    origin = {name: frame[name] if name in frame else np.zeros(len(frame), "int32") for name in ORIGIN}
    plain = {name: frame[name] for name in TABLES[table]}
    arrays = {name: pa.array(values) for name, values in {**plain, **text, **days, **origin}.items()}
    return pa.table(arrays, pa.schema([_field(table, name, values.type) for name, values in arrays.items()]))


def _field(table: str, name: str, kind: pa.DataType) -> pa.Field:
    """Return a field that says where no value can be missing: it is read in half the time."""
    column = TABLES[table].get(name)
    return pa.field(name, kind, nullable=column is not None and not column.required and column.default is None)


def _months(table: str, frame: pd.DataFrame) -> tuple[int, ...]:
    if "date" in frame and table in ("attendance", "events"):
        month = frame["date"].to_numpy().astype("datetime64[M]").astype("int64") + 1970 * 12
        return tuple(int(one) for one in np.unique(month))
    return tuple(sorted(Period.parse(month).first for month in frame["month"].unique())) if "month" in frame else ()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# ---------------------------------------------------------------- reading


def is_converted(path: str | Path) -> bool:
    """Return whether a folder was written by :func:`convert`."""
    return (Path(path) / MANIFEST).is_file()


def manifest_of(folder: str | Path) -> Manifest:
    """Read what a converted folder holds.

    Raises
    ------
    UsageError
        Where another version wrote it, or the manifest is damaged.
    """
    path = Path(folder) / MANIFEST
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
        if made.pop("format") != FORMAT:
            raise UsageError(
                f"{folder} 由另一版本转换(jifen {made['made_by']}),请重新转换",
                f"{folder} was converted by another version ({made['made_by']}); convert again",
            )
        return Manifest(
            tuple(Part(**part) for part in made["parts"]),
            tuple(tuple(names) for names in made["blocks"]),
            tuple(Source(**source) for source in made["sources"]),
            tuple(Problem(**{**note, "text": Text(*note["text"])}) for note in made["notes"]),
            made["made_by"],
        )
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise UsageError(f"{path} 已损坏,请重新转换", f"{path} is damaged; convert again") from fault


def check_converted(folder: str | Path, words: Vocabulary, each: Callable[..., Iterable[Any]] | None = None) -> Check:
    """Say whether every file is the one that was written; the records are read when they are asked for.

    Parameters
    ----------
    folder : str or Path
        Written by :func:`convert`.
    words : Vocabulary
        The words that may occur.
    each : callable, optional
        ``map``, or what does the same elsewhere; in threads by default.
    """
    root, manifest = Path(folder).resolve(), manifest_of(folder)
    with ThreadPoolExecutor() as pool:
        found = (each or pool.map)(partial(wrong, root, words), manifest.parts)
    errors = [problem for problem in (*found, *_strangers(root, manifest)) if problem]
    bad = {problem.file for problem in errors}
    out = {part.block for part in manifest.parts if part.path in bad}
    nobody = -1 in out or out >= set(range(len(manifest.blocks)))
    records = None if nobody else stored_records(root, manifest, words, frozenset(out))
    branches = sorted(branch for block in out if block >= 0 for branch in manifest.blocks[block])
    files = tuple(part.path for part in manifest.parts)
    refused = tuple(part.path for part in manifest.parts if part.block in out)
    tables = _Told(records) if records else {}
    return Check((*errors, *manifest.notes), records, files, refused, tables, branches=tuple(branches))


def wrong(folder: Path, words: Vocabulary, part: Part) -> Problem | None:
    """Return what is wrong with a file: it is gone, it was changed, or it holds words nobody knows here."""
    path = folder / part.path
    try:
        same = _digest(path) == part.sha256
    except OSError as fault:
        text = Text(f"打不开文件:{cause(fault).zh}", f"cannot open the file: {cause(fault).en}")
        return Problem("error", "not_readable", text, part.path)
    if not same:
        text = Text("文件在转换之后改动过,请重新转换", "changed since it was converted; convert again")
        return Problem("error", "changed", text, part.path)
    unknown = [word for kind, said in part.words.items() for word in said if word not in words.words[kind]]
    if unknown:
        text = Text(
            f"不认得的词:{'、'.join(unknown)};转换和计分须用同一方案",
            f"unknown words: {', '.join(unknown)}; convert and score with the same scheme",
        )
        return Problem("error", "unknown_word", text, part.path, value=unknown[0])
    return None


def _strangers(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    known = {part.path for part in manifest.parts}
    text = Text("转换之后放进来的文件,未读", "put here after the conversion; left aside")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known and name != MANIFEST and not path.name.startswith("."):
            yield Problem("note", "left_aside", text, name)


def stored_records(folder: Path, manifest: Manifest, words: Vocabulary, without: Iterable[int] = ()) -> Records:
    """Return records that stay in their files until they are asked for.

    Parameters
    ----------
    without : iterable of int
        Groups of branches that are left out.
    """
    out = frozenset(without)
    roster = StoredTable("members", (folder / "members.parquet",), words)
    members = Records(MappingProxyType({"members": roster}), vocabulary=words).members
    if out:
        gone = {branch for block in out for branch in manifest.blocks[block]}
        home = members["member_id"].map(homes(members))
        members = members[~home.isin(gone)].reset_index(drop=True)
    frames: dict[str, Sequence[pd.DataFrame]] = {"members": (members,)}
    kept = [part for part in manifest.parts if part.block >= 0 and part.block not in out]
    for table in dict.fromkeys(part.table for part in kept):
        mine = [part for part in kept if part.table == table]
        months = frozenset(month for part in mine for month in part.months)
        files, branches = (
            tuple(folder / part.path for part in mine),
            tuple(manifest.blocks[part.block] for part in mine),
        )
        frames[table] = StoredTable(table, files, words, branches, months)
    return Records(MappingProxyType(frames), manifest.sources, manifest.notes, words)


class _Told(Mapping[str, pd.DataFrame]):
    """Every row with the place it came from, made table by table when it is asked for."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __getitem__(self, table: str) -> pd.DataFrame:
        frame, sources = self._records.table(table), self._records.sources
        at = frame["_source"].to_numpy()
        place: dict[str, Any] = {
            name: pd.Series(["", *(getattr(source, name[1:]) for source in sources)], dtype="str").take(at).to_numpy()
            for name in ("_file", "_sheet")
        }
        return frame.drop(columns=["_source", "_column"]).assign(**place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records.frames)

    def __len__(self) -> int:
        return len(self._records.frames)
