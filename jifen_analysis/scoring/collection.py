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
    answered: tuple[Sums, Submissions] | None = None
    """What was read from them already, where everybody asks the same of the same rows."""

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
        if self.answered is not None:
            return self.answered
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
    *counts, collected = at_once(lambda job: job[1](), jobs, len(roster), size=lambda job: job[0])
    return Gathered(merge_tables(counts), collected)


_MOST = 1 << 18
"""Rows whose sums are worth keeping: of more they take hundreds of megabytes."""


def collect_once(remembered: int = 2) -> Gather:
    """Return a way to add up one set of records for several schemes: those that ask the same share the answers.

    Readings of a scheme, or schemes that differ in a price, mostly ask the same of the same rows.

    Parameters
    ----------
    remembered : int
        How many ways of asking, the last ones, are kept with their answers; of very many rows none, for memory.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": ["1"], "branch": ["一"]}),
    ...     "dues": pd.DataFrame({"member_id": ["1"], "month": ["2024-03"], "due": [5], "paid": [5]}),
    ... })
    >>> once, scheme = collect_once(), read_scheme("street_80_20")
    >>> [len(assess(records, each, gather=once).table) for each in (scheme, scheme.with_grades(优秀=95.0))]
    [1, 1]
    """
    known: dict[Any, Gathered] = {}

    def once(records: Records, roster: Roster, asked: RecordQueries) -> Gathered:
        enrolled = (rows.tobytes() for rows in (roster.inside, roster.category, roster.assumed))
        key = (roster.periods, roster.categories, *enrolled, asked.queries, *asked.items.items(), asked.seen)
        found = known.pop(key, None)
        if len(roster) > _MOST:
            return collect(records, roster, asked)
        if found is None:
            sums = collect(records, roster, asked)
            found = replace(sums, answered=sums.answers(roster, asked, records.vocabulary))
        known[key] = found  # the last: what stands first was asked for longest ago
        if len(known) > remembered:
            del known[next(iter(known))]
        return found

    return once


def light(roster: Roster, members: Ints) -> tuple[Roster, Ints]:
    """Return the rows of some members (codes, rising), fit to add up their records, and which rows they are."""
    chosen = np.zeros(len(roster.ids), bool)
    chosen[members] = True
    rows = np.flatnonzero(chosen[roster.member])
    return replace(roster.only(rows, members), members=roster.members.iloc[:0]), rows
