"""The same totals by several engines, each in a process of its own, from the same files, in one run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen

import pandas as pd

ENGINES = ("floor", "jifen", "duck", "polar", "plain")
TITLES = {
    "floor": "read and decode",
    "jifen": "jifen assess",
    "duck": "DuckDB by hand",
    "polar": "Polars by hand",
    "plain": "pandas by hand",
}


@dataclass(frozen=True)
class Run:
    """What one engine took: seconds of the whole process and of the computing, of processors, and bytes at the peak."""

    engine: str
    whole: float
    compute: float
    processors: float
    peak: float


def side_by_side(folder: Path, scheme: str, times: int) -> Iterator[Run]:
    """Yield the best of several runs of each engine; they take turns. Totals must be equal."""
    out = {engine: folder.parent / f"{scheme}-{engine}.parquet" for engine in ENGINES}
    runs = [_measured(engine, scheme, folder, out[engine]) for _ in range(times) for engine in ENGINES]
    for engine in ENGINES[2:]:
        _equal(out["jifen"], out[engine], engine)
    for engine in ENGINES:
        mine = [run for run in runs if run.engine == engine]
        yield Run(engine, *(min(getattr(run, of) for run in mine) for of in ("whole", "compute", "processors", "peak")))


def _measured(engine: str, scheme: str, folder: Path, out: Path) -> Run:
    start = time.perf_counter()
    process = Popen([sys.executable, "-m", "benchmarks.one", engine, scheme, str(folder), str(out)], stdout=PIPE)
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{engine} failed on {scheme}")
    whole = time.perf_counter() - start
    seconds, peak = map(float, said.split())
    return Run(engine, whole, seconds, used.ru_utime + used.ru_stime, peak)


def _equal(ours: Path, theirs: Path, engine: str) -> None:
    one, other = (_by_member(path) for path in (ours, theirs))
    gap = (one["total"] - other["total"]).abs()
    if len(one) != len(other) or not gap.max() < 1e-9 or not (one["rank_branch"] == other["rank_branch"]).all():
        sys.exit(f"{engine} disagrees: {len(one)} and {len(other)} totals, largest gap {gap.max()}")


def _by_member(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    text = frame.astype({"member_id": "str", "period": "str"})
    return text.set_index(["member_id", "period"]).sort_index()


def lines(runs: list[Run]) -> Iterator[str]:
    """Yield a line an engine: everything as a multiple of DuckDB's."""
    duck = next(run for run in runs if run.engine == "duck")
    yield f"{'times that of DuckDB':18} {'whole':>8} {'compute':>8} {'processors':>11} {'peak memory':>12}"
    for run in runs:
        ratios = (getattr(run, of) / getattr(duck, of) for of in ("whole", "compute", "processors", "peak"))
        yield "{:20} {:8.2f} {:8.2f} {:11.2f} {:12.2f}".format(TITLES[run.engine], *ratios)
