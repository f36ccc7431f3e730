"""Sixty workbooks read side by side in processes, beside one after the other: ``python -m benchmarks.workbooks``.

Each way runs in a process of its own, in turns. On a busy machine take the
column of processors: what this process took itself, and its share of what the
others took, had every process a processor of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jifen_analysis.intake import check
from jifen_analysis.intake.processes import processes
from jifen_analysis.sample import write


def read(folder: Path, most: int) -> tuple[float, float, int]:
    """Check a folder; return seconds, seconds of processors had each process its own, and rows read."""
    before, start = os.times(), time.perf_counter()
    with processes(folder, most) as each:
        found = check(folder, each=each)
    whole, after = time.perf_counter() - start, os.times()
    own = after.user + after.system - before.user - before.system
    others = after.children_user + after.children_system - before.children_user - before.children_system
    return whole, own + others / most, sum(map(len, found.tables.values()))


def main() -> None:
    """Measure and print, everything in one run; or read once, where the number of processes is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=900, help="30 a workbook, two years")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-bench")
    parser.add_argument("--most", type=int)
    given = parser.parse_args()
    folder = given.folder / f"workbooks-{given.members}"
    if given.most:
        print(json.dumps(read(folder, given.most)))
        return
    if not folder.exists():
        write(folder, given.members)
    ways = (1, 2)
    turns = [(most, _apart(folder, given.members, most)) for _ in range(given.times) for most in ways]
    runs = {most: [took for way, took in turns if way == most] for most in ways}
    best = {most: [min(values) for values in zip(*mine, strict=True)] for most, mine in runs.items()}
    books = len(list(folder.rglob("*.xlsx")))
    print(f"{books} workbooks, {best[1][2]:,.0f} rows; best of {given.times} runs each, as multiples of one process")
    for most in ways:
        whole, processors = (best[most][at] / best[1][at] for at in (0, 1))
        print(f"{most} process{'es' if most > 1 else '  '}   {whole:6.2f} whole   {processors:6.2f} processors")


def _apart(folder: Path, members: int, most: int) -> list[float]:
    asked = ["--members", str(members), "--folder", str(folder.parent), "--most", str(most)]
    done = subprocess.run([sys.executable, "-m", "benchmarks.workbooks", *asked], check=True, stdout=subprocess.PIPE)
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
