"""Sixty workbooks read side by side in processes, beside one after the other, and beside calamine alone.

``python -m benchmarks.workbooks``; ``--members 3000`` makes two hundred of them. Opening is calamine and what it is
silent about (errors, number formats, comments, what is hidden): whatever is made of the cells comes on top.

Each way runs in a process of its own, in turns, and reads one workbook before the clock starts: loading libraries is
no reading. On a busy machine take the
column of processors: what this process took itself, and its share of what the
others took, had every process a processor of its own.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import python_calamine

from jifen_analysis.intake import check
from jifen_analysis.intake.grid import open_grids
from jifen_analysis.intake.parallel import processes
from jifen_analysis.sample import write


def read(folder: Path, most: int) -> tuple[float, float, int]:
    """Check a folder, or only read its values; return seconds, those of processors of their own, and rows."""
    with tempfile.TemporaryDirectory() as first:
        shutil.copy(next(folder.rglob("*.xlsx")), first)
        _read(Path(first), most)
    before, start = os.times(), time.perf_counter()
    rows = _read(folder, most)
    whole, after = time.perf_counter() - start, os.times()
    own = after.user + after.system - before.user - before.system
    others = after.children_user + after.children_system - before.children_user - before.children_system
    return whole, own + others / max(most, 1), rows


def _read(folder: Path, most: int) -> int:
    return _checked(folder, most) if most > 0 else (_only_read, _only_opened)[-most](folder)


def _checked(folder: Path, most: int) -> int:
    with processes(folder, most) as each:
        return sum(map(len, check(folder, each=each).tables.values()))


def _only_read(folder: Path) -> int:
    books = [python_calamine.load_workbook(io.BytesIO(path.read_bytes())) for path in sorted(folder.rglob("*.xlsx"))]
    return sum(len(book.get_sheet_by_name(name).to_python()) for book in books for name in book.sheet_names)


def _only_opened(folder: Path) -> int:
    return sum(grid.height for path in sorted(folder.rglob("*.xlsx")) for grid in open_grids(path, path.name))


def main() -> None:
    """Measure and print, everything in one run; or read once, where the number of processes is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=900, help="30 a workbook, two years")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-bench")
    parser.add_argument("--most", type=int)
    given = parser.parse_args()
    folder = given.folder / f"workbooks-{given.members}"
    if given.most is not None:
        print(json.dumps(read(folder, given.most)))
        return
    if not folder.exists():
        write(folder, given.members)
    ways = (0, -1, 1, 2)
    turns = [(most, _apart(folder, given.members, most)) for _ in range(given.times) for most in ways]
    runs = {most: [took for way, took in turns if way == most] for most in ways}
    best = {most: [min(values) for values in zip(*mine, strict=True)] for most, mine in runs.items()}
    books = len(list(folder.rglob("*.xlsx")))
    print(f"{books} workbooks, {best[1][2]:,.0f} rows; best of {given.times} runs each, as multiples of one process")
    for most in ways:
        whole, processors = (best[most][at] / best[1][at] for at in (0, 1))
        said = f"{most} process{'es' if most > 1 else ''}" if most > 0 else ("calamine alone", "opening alone")[-most]
        print(f"{said:<16}{whole:6.2f} whole   {processors:6.2f} processors")
    print(f"checking takes {best[1][1] / best[0][1]:.1f} times as long as calamine takes to read the same files,")
    print(f"of which opening them takes {best[-1][1] / best[0][1]:.1f}")


def _apart(folder: Path, members: int, most: int) -> list[float]:
    asked = ["--members", str(members), "--folder", str(folder.parent), "--most", str(most)]
    done = subprocess.run([sys.executable, "-m", "benchmarks.workbooks", *asked], check=True, stdout=subprocess.PIPE)
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
