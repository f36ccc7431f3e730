"""Print what ``assess`` takes beside a plain count in memory, and beside the same schemes written by hand.

By default 10,000 and 100,000 members, in a few minutes; ``--members 1000000`` takes
about ten times as long again and some 7 GB (for pandas), and is not run unless asked
for. ``--in-memory`` for the count alone. Only ratios of one run mean anything: on a
busy machine those of processors and peak memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import jifen_analysis as jf
from benchmarks.beside import Run, absent, growth, lines, side_by_side
from benchmarks.data import ONCE, folder_of, options
from benchmarks.reader import reading
from benchmarks.records import year_of_records
from benchmarks.wrong import wrong_rows

SCHEMES = ("community_60_40", "street_80_20")
COUNT = "groupby([member_id, status]).size()"


def best(works: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Return the shortest of several runs of each, in seconds; they take turns on a busy machine."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return {name: min(runs) for name, runs in seconds.items()}


def main() -> None:
    """Measure and print, everything in one run."""
    parser = options(__doc__)
    parser.add_argument("--in-memory", action="store_true", help="the plain count alone")
    given = parser.parse_args()
    in_memory(min(max(given.members), ONCE), given.times)
    if given.in_memory:
        return
    for reason in absent():
        print(reason)
    for scheme in SCHEMES:
        by_hand(scheme, sorted(given.members), given.times, given.folder)
    print()
    reading(200_000, given.times, given.folder)
    wrong_rows(min(min(given.members), ONCE), given.folder)


def in_memory(members: int, times: int) -> None:
    """Measure ``assess`` beside a plain count of the same attendance rows."""
    records = year_of_records(members)
    attendance = records.attendance
    count = partial(lambda rows: rows.groupby(["member_id", "status"], observed=True).size(), attendance)
    scored = {f"assess, {name}": partial(jf.assess, records, jf.read_scheme(name)) for name in SCHEMES}
    taken = best({COUNT: count, **scored}, times)
    print(f"{members:,} members, {len(attendance):,} attendance rows in memory; best of {times} runs each")
    for name, seconds in taken.items():
        print(f"{name:40} {seconds:7.3f} s   {seconds / taken[COUNT]:5.2f} times the count")


def by_hand(scheme: str, sizes: Iterable[int], times: int, folder: Path) -> None:
    """Measure the engines from Parquet at every size, and how they grow."""
    measured: dict[int, list[Run]] = {}
    for members in sizes:
        measured[members] = list(side_by_side(folder_of(members, folder), scheme, times))
        print(f"\n{members:,} members, {scheme}, from Parquet; best of {times} runs each; totals and ranks equal")
        print("\n".join(lines(measured[members])))
    print("\n".join(growth(measured)))


main()
