"""Checked records, written once as Parquet and read again without a second check.

A converted folder holds ``members.parquet``, for every other table one file
for each year and group of whole branches, and ``jifen.json``: which branches
stand in which file, its SHA-256, where every record came from, what was noted,
and its own digest. The folder is there when all of it is written, or not at all;
a file that is not the one that was written is refused like any broken file.
"""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from jifen_analysis.saving import filling
from jifen_analysis.sealing import seal
from jifen_analysis.store.groups import GroupFiles, Homes, arrow, write_part
from jifen_analysis.store.manifest import FORMAT, MANIFEST, Manifest, is_part
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.tables.columns import ORIGIN
from jifen_analysis.tables.partition import MEMBERS_A_PART, blocks, homes


def convert(records: Records, out: str | Path, *, members_a_file: int = MEMBERS_A_PART) -> Path:
    """Write checked records as Parquet by year and branch.

    Parameters
    ----------
    records : Records
        From ``load``: checked. What stands in files is read batch by batch, and
        no table is held.
    out : str or Path
        A folder that does not exist, is empty, or is what an earlier version
        left there half written.
    members_a_file : int
        Branches are put together until they have so many members. A branch
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
    >>> import pandas as pd
    >>> members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    >>> folder = convert(Records.from_frames({"members": members}), Path(tempfile.mkdtemp()))
    >>> sorted(path.name for path in folder.iterdir())
    ['jifen.json', 'members.parquet']
    """
    folder = Path(out)
    with filling(folder, _half_written(folder)) as beside:
        manifest = _filled(beside, records, members_a_file)
        content = {"format": FORMAT, **asdict(manifest)}
        (beside / MANIFEST).write_text(seal(content), encoding="utf-8", newline="\n")
    return folder


def _half_written(folder: Path) -> tuple[str, ...]:
    """Return the names in a folder that holds parts of a conversion, no manifest and nothing else."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    parts = [path for path in files if is_part(path)]
    whole = len(files) == len(parts) + (folder / "members.parquet").is_file()
    return ("members.parquet", *TABLES) if parts and whole else ()


def _filled(folder: Path, records: Records, members_a_file: int) -> Manifest:
    """Write every file but the manifest."""
    home = homes(records.members)
    cut = blocks(home, members_a_file)
    parts = [write_part(folder, "members.parquet", "members", (-1, 0), arrow("members", records.members))]
    of = Homes.of(home, cut)
    for table in (name for name in records.frames if name != "members"):
        files = GroupFiles(folder, table)
        for batch in records.batches(table, (*TABLES[table], *ORIGIN)):
            files.add(batch, of)
        parts += files.finish()
    parts.sort(key=lambda part: (list(TABLES).index(part.table), part.year, part.block))
    return Manifest(tuple(parts), cut, records.sources, tuple(records.notes), version("jifen-analysis"))
