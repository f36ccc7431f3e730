"""What the parts of a cluster's work cost, and what each grows with: ``python -m benchmarks.partitions``.

The workers are played one after the other: each task and each answer is pickled
as it would be sent. Members grow at 25,000 to a part, and one size is cut into
more and more parts, so that what a part costs and what a record costs can be
told apart. Every run has a process of its own; its peak of memory is that of
the client. The largest run is foretold from the smaller ones before it is used:
that says how far the lines may be trusted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from distributed.protocol.pickle import dumps, loads
from scipy.optimize import nnls

from benchmarks.data import folder_of
from benchmarks.one import peak
from jifen_analysis.intake import load
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.collection import Gathered, RecordQueries, collect, light
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.store.manifest import manifest_of
from jifen_analysis.tables import Records
from jifen_analysis.tables.partition import MEMBERS_A_PART, partitions

SCHEME = "community_60_40"
CUT = (50_000, 12_500, 3_125)
"""How many members to a part, for 100,000 of them."""


@dataclass(frozen=True)
class Cost:
    """What one run took: sizes, seconds of processors, bytes."""

    parts: int
    members: int
    records: int
    rows: int
    stored: float
    checking: float
    adding: float
    longest: float
    merging: float
    deciding: float
    sent: float
    answered: float
    peak: float


@dataclass(frozen=True)
class Task:
    """What one part took."""

    sent: int
    answered: int
    adding: float
    merging: float


# ---------------------------------------------------------------- one run


def run(members: int, members_a_part: int, under: Path) -> Cost:
    """Assess a converted folder part by part, and say what it took."""
    folder = folder_of(members, under, members_a_part)
    tasks: list[Task] = []
    started = time.process_time()
    records = load(folder)
    loaded = time.process_time()
    table = assess(records, read_scheme(SCHEME), gather=partial(played, tasks)).table
    parts = manifest_of(folder).parts
    added, merged = sum(task.adding for task in tasks), sum(task.merging for task in tasks)
    return Cost(
        parts=len(tasks),
        members=members,
        records=sum(part.rows for part in parts if part.block >= 0),
        rows=len(table),
        stored=sum((folder / part.path).stat().st_size for part in parts),
        checking=loaded - started,
        adding=added,
        longest=max(task.adding for task in tasks),
        merging=merged,
        deciding=time.process_time() - loaded - added - merged,
        sent=sum(task.sent for task in tasks),
        answered=sum(task.answered for task in tasks),
        peak=peak(),
    )


def played(tasks: list[Task], records: Records, roster: Roster, asked: RecordQueries) -> Gathered:
    """Add the parts up one after the other, noting what each takes."""
    whole = Gathered.nothing(roster, asked, records.vocabulary)
    for part in partitions(records):
        mine, rows = light(roster, part.members)
        task = dumps((part.records, mine, asked))
        started = time.process_time()
        answer = dumps(collect(*loads(task)))
        answered = time.process_time()
        whole = whole.entered(loads(answer), rows, len(roster))
        tasks.append(Task(len(task), len(answer), answered - started, time.process_time() - answered))
    return whole


# ---------------------------------------------------------------- what it grows with


@dataclass(frozen=True)
class Line:
    """A cost as so much at all, so much a part, and so much for each of what it grows with."""

    of: str
    by: str
    each: tuple[float, float, float]

    @classmethod
    def through(cls, costs: Sequence[Cost], of: str, by: str) -> Line:
        """Fit a line, none of its shares negative, every run weighing the same."""
        wanted = np.array([getattr(cost, of) for cost in costs], dtype="float64")
        sizes = np.array([[1, cost.parts, getattr(cost, by)] for cost in costs], dtype="float64")
        scale = sizes.max(axis=0)
        shares, _ = nnls(sizes / scale / wanted[:, None], np.ones(len(costs)))
        fixed, part, one = (shares / scale).tolist()
        return cls(of, by, (fixed, part, one))

    def at(self, parts: float, size: float) -> float:
        """Return what the line says of a size."""
        fixed, part, one = self.each
        return fixed + part * parts + one * size


GROWS = {
    "adding": "records", "checking": "records", "stored": "records",
    "sent": "rows", "answered": "rows", "merging": "rows", "deciding": "rows", "peak": "rows",
}  # fmt: skip


def lines(costs: Sequence[Cost]) -> dict[str, Line]:
    """Return the line of everything that was measured."""
    return {of: Line.through(costs, of, by) for of, by in GROWS.items()}


# ---------------------------------------------------------------- printed


def measured(costs: Sequence[Cost]) -> Iterator[str]:
    """Yield the table of the runs."""
    yield "parts   members   records  check s   add s  longest  merge s  decide s   sent MB  answer MB  peak MB"
    for c in costs:
        yield (
            f"{c.parts:5} {c.members:9,} {c.records / 1e6:8.1f}M {c.checking:8.2f} {c.adding:7.2f} {c.longest:8.2f} "
            f"{c.merging:8.2f} {c.deciding:9.2f} {c.sent / 1e6:9.1f} {c.answered / 1e6:10.1f} {c.peak / 1e6:8.0f}"
        )


def foretold(costs: Sequence[Cost]) -> Iterator[str]:
    """Yield what the smaller runs say of the largest, as a multiple of what it took."""
    largest = max(costs, key=lambda cost: cost.members)
    smaller = [cost for cost in costs if cost is not largest]
    said = {of: line.at(largest.parts, getattr(largest, line.by)) for of, line in lines(smaller).items()}
    told = ", ".join(f"{of} {value / getattr(largest, of):.2f}" for of, value in said.items())
    yield f"\n{largest.members:,} members foretold from the smaller runs, as multiples of what was measured:\n{told}"


def shares(costs: Sequence[Cost]) -> Iterator[str]:
    """Yield each line: a part, and a million of what it grows with."""
    for of, line in lines(costs).items():
        unit, size = ("s", 1.0) if of in ("adding", "checking", "merging", "deciding") else ("MB", 1e6)
        _, part, one = line.each
        yield f"{of:9} {part / size:10.4f} {unit:2} a part {one * 1e6 / size:10.3f} {unit:2} a million {line.by}"


def nation(costs: Sequence[Cost], members: int, records: int) -> Iterator[str]:
    """Yield what the lines say of a size that nobody here can run."""
    rows, parts = members * max(cost.rows / cost.members for cost in costs), members / MEMBERS_A_PART
    size = {"records": float(records), "rows": rows}
    said = {of: line.at(parts, size[line.by]) for of, line in lines(costs).items()}
    yield f"\n{members:,} members, {records:,} records, {parts:,.0f} parts, if the lines went on:"
    yield f"on the workers   {(said['adding'] + said['checking']) / 3600:6.1f} hours of one processor"
    yield f"at the client    {(said['merging'] + said['deciding']) / 3600:6.1f} hours of one processor"
    yield f"                 {said['peak'] / 1e9:6.0f} GB of memory"
    yield f"over the network {said['sent'] / 1e9:6.1f} GB of tasks, {said['answered'] / 1e9:.1f} GB of sums"
    yield f"stored           {said['stored'] / 1e9:6.1f} GB of Parquet"


def main() -> None:
    """Measure and print, everything in one run; or make one run, where its size is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=32, help="parts of 25,000 members in the largest run")
    parser.add_argument("--members", type=int)
    parser.add_argument("--members-a-part", type=int, default=MEMBERS_A_PART)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-bench")
    given = parser.parse_args()
    if given.members:
        print(json.dumps(asdict(run(given.members, given.members_a_part, given.folder))))
        return
    growing = [(MEMBERS_A_PART << step, MEMBERS_A_PART) for step in range(given.most.bit_length())]
    costs = [_apart(*size, given.folder) for size in (*growing, *((100_000, cut) for cut in CUT))]
    for line in (*measured(costs), *foretold(costs), "", *shares(costs), *nation(costs, 100_000_000, 5_000_000_000)):
        print(line)


def _apart(members: int, members_a_part: int, folder: Path) -> Cost:
    """Make one run in a process of its own."""
    folder_of(members, folder, members_a_part)
    asked = ["--members", str(members), "--members-a-part", str(members_a_part), "--folder", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.partitions", *asked], check=True, capture_output=True, text=True
    )
    return Cost(**json.loads(done.stdout))


if __name__ == "__main__":
    main()
