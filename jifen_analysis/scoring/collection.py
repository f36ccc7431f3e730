"""What is added up from the records before anything is decided.

Nothing here depends on how the records are cut: sums of parts, of any parts,
add up to those of the whole, to the bit. What is decided reads nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from jifen_analysis.scoring.aggregate import Count, Sums, answers, by_table, empty_counts, insert_counts, merge_tables
from jifen_analysis.scoring.arrays import Ints, at_once
from jifen_analysis.scoring.queries import Query
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.submissions import SUBMITTED, Collected, Submissions, collect_submissions, resolve
from jifen_analysis.scoring.submissions import insert_part as entered_levels
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class RecordQueries:
    """What a scheme needs to know of the records: counts and sums, marked items with their names, the last day seen."""

    queries: frozenset[Query]
    items: Mapping[str, tuple[str, ...]]
    seen: date | None = None


@dataclass(frozen=True)
class Gathered:
    """Everything that was added up, by row: records of attendance, events and dues, and what others submitted."""

    count: Count
    collected: Collected

    @classmethod
    def nothing(cls, roster: Roster, asked: RecordQueries, words: Vocabulary) -> Gathered:
        """Return the sums of no records."""
        return cls(empty_counts(roster, asked.queries, words), {})

    def entered(self, part: Gathered, rows: Ints, size: int) -> Gathered:
        """Return these sums and those of a part, which speaks of some of the rows.

        The arrays of these sums are used up.
        """
        return Gathered(
            insert_counts(self.count, part.count, rows), entered_levels(self.collected, part.collected, rows, size)
        )

    def answers(self, roster: Roster, asked: RecordQueries, words: Vocabulary) -> tuple[Sums, Submissions]:
        """Read the answers from what was added up."""
        sums = answers(self.count, roster, asked.queries, words)
        return sums, resolve(self.collected, roster, asked.items, words)


Gather = Callable[[Records, Roster, RecordQueries], Gathered]
"""A way to add the records up: here, or on other machines."""


def collect(records: Records, roster: Roster, asked: RecordQueries) -> Gathered:
    """Add the records up on this machine, several tables at once."""
    counting: dict[str, Callable[[], Any]] = {**by_table(records, roster, asked.queries, asked.seen)}
    others = partial(collect_submissions, records, roster, asked.items, asked.seen)
    jobs = [(records.rows(table), count) for table, count in counting.items()]
    jobs.append((sum(map(records.rows, SUBMITTED)), others))
    *counts, collected = at_once(lambda job: job[1](), jobs, size=lambda job: job[0])
    return Gathered(merge_tables(counts), collected)


def light(roster: Roster, members: Ints) -> tuple[Roster, Ints]:
    """Return the rows of some members (codes, rising), fit to add up their records, and which rows they are."""
    chosen = np.zeros(len(roster.ids), bool)
    chosen[members] = True
    rows = np.flatnonzero(chosen[roster.member])
    return replace(roster.only(rows, members), members=roster.members.iloc[:0]), rows
