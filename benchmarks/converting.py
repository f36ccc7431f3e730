"""What ``convert`` of raw Parquet takes, as a multiple of reading and writing the same bytes with pyarrow.

``python -m benchmarks.converting``: one file a table, English headers and codes. pyarrow checks nothing, and copies
each file a million records at a time. Each runs in a process of its own; they take turns.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.data import options
from benchmarks.raw import raw_folder
from benchmarks.took import took

WAYS = {"pyarrow": "benchmarks.converting", "convert": "jifen_analysis.cli"}


def main() -> None:
    """Measure and print, or copy where that is asked for."""
    if sys.argv[1:2] == ["convert"]:
        copied(*map(Path, sys.argv[2:]))
        return
    given = options(__doc__).parse_args()
    for members in sorted(given.members):
        folder = raw_folder(members, given.folder)
        runs = [(way, *_measured(way, folder)) for _ in range(given.times) for way in WAYS]
        best = {way: [min(run[of] for run in runs if run[0] == way) for of in (1, 2)] for way in WAYS}
        processors, peak = (one / floor for one, floor in zip(best["convert"], best["pyarrow"], strict=True))
        print(f"\n{members:,} members, raw Parquet converted, the check included; times pyarrow reading and writing it")
        print(f"processors {processors:.2f}, peak memory {peak:.2f}; best of {given.times} runs each", flush=True)


def copied(source: Path, out: Path) -> None:
    """Copy every table of a folder with pyarrow, a million records at a time."""
    out.mkdir()
    for path in source.glob("*.parquet"):
        with pq.ParquetFile(path) as file, pq.ParquetWriter(out / path.name, file.schema_arrow) as writer:
            for batch in file.iter_batches(1 << 20):
                writer.write_batch(batch)


def _measured(way: str, folder: Path) -> tuple[float, float]:
    """Return processor seconds and the peak of memory of one way."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        return took([sys.executable, "-m", WAYS[way], "convert", str(folder), f"{beside}/out"])


if __name__ == "__main__":
    main()
