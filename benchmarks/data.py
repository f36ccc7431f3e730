"""Converted folders of any size: one of at most 100,000 members is made and checked, larger ones repeat it."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.records import year_of_records
from jifen_analysis.intake.files import DataFile
from jifen_analysis.store.manifest import FORMAT, MANIFEST, ConvertedFile, Manifest, manifest_of
from jifen_analysis.store.write import convert, write_file
from jifen_analysis.tables.partition import MEMBERS_A_PART

ONCE = 100_000


def folder_of(members: int, under: Path, members_a_file: int = MEMBERS_A_PART) -> Path:
    """Return a converted folder of so many members, made where it is not there yet in today's format."""
    name = f"{members}" if members_a_file == MEMBERS_A_PART else f"{members}-by-{members_a_file}"
    out = under / f"format-{FORMAT}" / name
    if not (out / MANIFEST).exists():
        if members <= ONCE:
            convert(year_of_records(members), out, members_a_file=members_a_file)
        else:
            _repeated(folder_of(ONCE, under, members_a_file), out, members // ONCE)
    return out


def _repeated(source: Path, out: Path, times: int) -> None:
    """Write the same records several times, each time under ids of their own."""
    manifest = manifest_of(source)
    rosters = [_renamed(pq.read_table(source / "members.parquet"), copy) for copy in range(times)]
    out.mkdir(parents=True)
    write_file(pa.concat_tables(rosters), out / "members.parquet")
    roster = replace(manifest.parts[0], rows=sum(map(len, rosters)), sha256=_digest(out / "members.parquet"))
    blocks = tuple(tuple(f"{copy}-{name}" for name in names) for copy in range(times) for names in manifest.blocks)
    parts = [roster, *(part for copy in range(times) for part in _copies(source, out, manifest, copy))]
    made = Manifest(tuple(parts), blocks, made_by=manifest.made_by)
    (out / MANIFEST).write_text(json.dumps({"format": FORMAT, **asdict(made)}), encoding="utf-8")


def _copies(source: Path, out: Path, manifest: Manifest, copy: int) -> Iterator[ConvertedFile]:
    for part in manifest.parts[1:]:
        name = part.path.replace("branches-", f"branches-{copy:03d}-")
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        table = _renamed(pq.read_table(source / part.path, partitioning=None), copy)
        write_file(table, out / name)
        block = copy * len(manifest.blocks) + part.block
        yield replace(part, path=name, block=block, sha256=_digest(out / name))


def _renamed(table: pa.Table, copy: int) -> pa.Table:
    for name, prefix in (("member_id", f"{copy:03d}"), ("branch", f"{copy}-"), ("unit", f"{copy}-")):
        if name in table.column_names:
            at = table.column_names.index(name)
            column = table.column(name)
            joined = pc.binary_join_element_wise(pa.scalar(prefix, column.type), column, pa.scalar("", column.type))
            table = table.set_column(at, table.schema.field(at), joined)
    return table


def _digest(path: Path) -> str:
    return DataFile(path, path.name).digest()


def options(said: str | None) -> argparse.ArgumentParser:
    """Return the options of what is measured at several sizes: how many members, how often, where."""
    parser = argparse.ArgumentParser(description=said, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, nargs="+", default=[10_000, 100_000], help="10000 100000 by default")
    parser.add_argument("--times", type=int, default=3, help="runs of each, the best of which counts; 3 by default")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-bench")
    return parser
