"""The same totals by several engines, each in a process of its own, from the same files, in one run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from subprocess import PIPE, Popen

import pandas as pd

ENGINES = ("floor", "jifen", "duck", "polar", "plain")
NEEDED = {"duck": "duckdb", "polar": "polars"}
"""Peers that are no part of this package's environment."""
TITLES = {
    "floor": "read and decode",
    "jifen": "jifen assess",
    "duck": "DuckDB by hand",
    "polar": "Polars by hand",
    "plain": "pandas by hand",
}


OF = ("whole", "compute", "processors", "peak")


@dataclass(frozen=True)
class Run:
    """What one engine took: seconds of the whole process and of the computing, of processors, and bytes at the peak."""

    engine: str
    whole: float
    compute: float
    processors: float
    peak: float


def present() -> tuple[str, ...]:
    """Return the engines that can run here."""
    return tuple(engine for engine in ENGINES if find_spec(NEEDED.get(engine, "pandas")))


def absent() -> Iterator[str]:
    """Yield why an engine is left out."""
    for engine in sorted(set(ENGINES) - set(present())):
        package = NEEDED[engine]
        yield f"{TITLES[engine]}: left out, {package} is not installed (pip install {package})"


def side_by_side(folder: Path, scheme: str, times: int, among: Sequence[str] = ENGINES) -> Iterator[Run]:
    """Yield the best of several runs of each engine; they take turns. Totals must be equal."""
    engines = tuple(engine for engine in present() if engine in among)
    out = {engine: folder.parent / f"{scheme}-{engine}.parquet" for engine in engines}
    runs = [_measured(engine, scheme, folder, out[engine]) for _ in range(times) for engine in engines]
    for engine in set(engines) - {"floor", "jifen"}:
        _equal(out["jifen"], out[engine], engine)
    for engine in engines:
        mine = [run for run in runs if run.engine == engine]
        yield Run(engine, *(min(getattr(run, of) for run in mine) for of in OF))


def _measured(engine: str, scheme: str, folder: Path, out: Path) -> Run:
    start = time.perf_counter()
    asked = [sys.executable, "-m", "benchmarks.one", engine, scheme, str(folder), str(out)]
    process = Popen(asked, stdout=PIPE, env=_compiled_once(out.parent))
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{engine} failed on {scheme}")
    whole = time.perf_counter() - start
    seconds, peak = map(float, said.split())
    return Run(engine, whole, seconds, used.ru_utime + used.ru_stime, peak)


def _compiled_once(folder: Path) -> dict[str, str]:
    """Return an environment in which modules are compiled by the first run alone, as where they are installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


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
    """Yield a line an engine: everything as a multiple of DuckDB's, or of ours where DuckDB is not there."""
    by_engine = {run.engine: run for run in runs}
    one = by_engine.get("duck", by_engine["jifen"])
    yield f"{'times ' + TITLES[one.engine]:20} {'whole':>8} {'compute':>8} {'processors':>11} {'peak memory':>12}"
    for run in runs:
        yield f"{TITLES[run.engine]:20} " + "{:8.2f} {:8.2f} {:11.2f} {:12.2f}".format(*_times(run, one))
    if "plain" not in by_engine:
        return
    whole, compute, processors, peak = _times(by_engine["plain"], by_engine["jifen"])
    yield (
        f"pandas by hand, as a multiple of jifen: whole {whole:.1f}, compute {compute:.1f}, "
        f"processors {processors:.1f}, peak memory {peak:.1f}"
    )


def _times(run: Run, one: Run) -> Iterator[float]:
    return (getattr(run, of) / getattr(one, of) for of in OF)


def growth(measured: Mapping[int, list[Run]]) -> Iterator[str]:
    """Yield by what each engine's figures grow from one size to the next."""
    for small, large in pairwise(measured):
        yield f"\nfrom {small:,} to {large:,} members, {large / small:g} times as many"
        for run, one in zip(measured[large], measured[small], strict=True):
            yield f"{TITLES[run.engine]:20} " + "{:8.1f} {:8.1f} {:11.1f} {:12.1f}".format(*_times(run, one))
