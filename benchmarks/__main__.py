"""Print how long ``assess`` takes beside a plain count of the same attendance rows."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from functools import partial

import jifen_analysis as jf
from benchmarks.records import year_of_records

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
    """Measure and print, everything in one run on the same frames."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    records = year_of_records(given.members)
    attendance = records.attendance
    count = partial(lambda rows: rows.groupby(["member_id", "status"], observed=True).size(), attendance)
    scored = {f"assess, {name}": partial(jf.assess, records, jf.read_scheme(name)) for name in SCHEMES}
    taken = best({COUNT: count, **scored}, given.times)
    print(f"{given.members:,} members, {len(attendance):,} attendance rows; best of {given.times} runs each")
    for name, seconds in taken.items():
        print(f"{name:40} {seconds:7.3f} s   {seconds / taken[COUNT]:5.2f} times the count")


main()
