"""What others say of a member: evaluators' marks, ballots, assessors' marks.

Each of them belongs to the scored period that contains its own. Where there is
none inside, those of the shortest longer period that contains it serve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from jifen_analysis.periods import Period, longer_kinds
from jifen_analysis.scoring.arrays import Ints, encode, looked_up, member_codes
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.tables.columns import TABLES, fixed_point
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary

VOTES = tuple(name for name, column in TABLES["ballots"].items() if column.kind == "count")
CAST = VOTES[:5]


@dataclass(frozen=True)
class Submissions:
    """What was submitted for each row.

    ``marks`` of a group: mark × count in ten-thousandths, and count; ``items``: assessors' marks and how many;
    ``votes`` by kind.
    """

    marks: Mapping[str, tuple[Ints, Ints]]
    items: Mapping[str, tuple[Ints, Ints]]
    votes: Mapping[str, Ints]

    def block(self, some: slice) -> Submissions:
        """Return what was submitted for a block of rows."""
        marks, items = (
            {name: (total[some], n[some]) for name, (total, n) in of.items()} for of in (self.marks, self.items)
        )
        return Submissions(marks, items, {kind: votes[some] for kind, votes in self.votes.items()})


@dataclass(frozen=True)
class Level:
    """How many submissions have the row's own period or one longer kind, and their sums, of shape (sums, rows)."""

    number: Ints
    sums: Ints


Levels = Mapping[int, Level]
"""By level: 0 for the own period, then each longer kind; only those with any submission."""
Collected = Mapping[str, Levels]
"""The levels of ``evaluations``, of ``ballots``, and of each marked item under ``marks.`` and its id."""


SUBMITTED = ("evaluations", "ballots", "marks")
"""The tables of what others submitted."""


def collect_submissions(
    records: Records, roster: Roster, items: Mapping[str, tuple[str, ...]], seen: date | None
) -> Collected:
    """Add up what was submitted, each level for itself: so the sums of parts of the records add up, too.

    ``items`` says how each marked item may be called.
    """

    def batches(table: str) -> Iterator[pd.DataFrame]:
        return (visible(batch, seen) for batch in records.batches(table, TABLES[table]))

    groups = records.vocabulary.codes("group")
    own = {
        f"marks.{item}": _levels(
            (batch[batch["item"].isin(called)] for batch in batches("marks")), roster, _of_marks, 2
        )
        for item, called in items.items()
    }
    return {
        "evaluations": _levels(batches("evaluations"), roster, partial(_of_evaluations, groups), 2 * len(groups)),
        "ballots": _levels(map(nonempty_ballots, batches("ballots")), roster, _of_ballots, len(VOTES)),
        **own,
    }


Weighed = Iterator[tuple[Ints | int, Ints]]
"""Which of the sums each submission goes into, and its amount."""


def _of_evaluations(groups: tuple[str, ...], frame: pd.DataFrame, at: Ints) -> Weighed:
    codes, names = encode(frame["group"])
    group = looked_up(np.array([groups.index(name) for name in names.to_pylist()]), codes[at])
    count = frame["count"].to_numpy(dtype="int64")[at]
    yield group, fixed_point(frame["mark"].to_numpy()[at]) * count
    yield group + len(groups), count


def _of_marks(frame: pd.DataFrame, at: Ints) -> Weighed:
    yield 0, fixed_point(frame["mark"].to_numpy()[at])
    yield 1, np.ones(len(at), dtype="int64")


def _of_ballots(frame: pd.DataFrame, at: Ints) -> Weighed:
    for plane, kind in enumerate(VOTES):
        yield plane, frame[kind].to_numpy(dtype="int64", na_value=0)[at]


def _levels(
    batches: Iterable[pd.DataFrame], roster: Roster, weighed: Callable[[pd.DataFrame, Ints], Weighed], sums: int
) -> Levels:
    found: dict[int, Level] = {}
    for batch in batches:
        for at, row, level in levels(batch, roster):
            if len(at):
                _add(found.setdefault(int(level[0]), _blank(sums, len(roster))), row, weighed(batch, at))
    return found


def _add(level: Level, row: Ints, weighed: Weighed) -> None:
    """Add a batch to a level."""
    np.add.at(level.number, row, 1)
    for plane, amount in weighed:
        np.add.at(level.sums.reshape(-1), plane * level.sums.shape[1] + row, amount)


def votes_by_row(ballots: pd.DataFrame, row: Ints, rows: int) -> Submissions:
    """Add up the votes of ballots that serve some rows."""
    level = _blank(len(VOTES), rows)
    _add(level, row, _of_ballots(ballots, np.arange(len(row))))
    return Submissions({}, {}, dict(zip(VOTES, level.sums, strict=True)))


def insert_part(whole: Collected, part: Collected, rows: Ints, size: int) -> Collected:
    """Return sums and those of a part, whose rows are some of the whole's; the whole's arrays are used up."""
    found = {name: dict(of) for name, of in whole.items()}
    for name, of in part.items():
        mine = found.setdefault(name, {})
        for at, level in of.items():
            into = mine.setdefault(at, _blank(len(level.sums), size))
            into.number[rows] += level.number
            into.sums[:, rows] += level.sums
    return found


def _blank(sums: int, rows: int) -> Level:
    return Level(np.zeros(rows, dtype="int64"), np.zeros((sums, rows), dtype="int64"))


def resolve(found: Collected, roster: Roster, items: Iterable[str], words: Vocabulary) -> Submissions:
    """Let the nearest level that has any submission serve each row."""
    groups = words.codes("group")
    marks = _nearest(found.get("evaluations", {}), 2 * len(groups), len(roster))
    of_items = {item: _nearest(found.get(f"marks.{item}", {}), 2, len(roster)) for item in items}
    return Submissions(
        {name: (marks[at], marks[len(groups) + at]) for at, name in enumerate(groups)},
        {item: (sums[0], sums[1]) for item, sums in of_items.items()},
        dict(zip(VOTES, _nearest(found.get("ballots", {}), len(VOTES), len(roster)), strict=True)),
    )


def _nearest(found: Levels, sums: int, rows: int) -> Ints:
    """Return the sums of each row at its nearest level, of shape (sums, rows)."""
    if len(found) == 1:
        return next(iter(found.values())).sums
    if not found:
        return np.broadcast_to(np.int64(0), (sums, rows))
    result, done = np.zeros((sums, rows), dtype="int64"), np.zeros(rows, bool)
    for _, level in sorted(found.items()):
        mine = ~done & (level.number > 0)
        result[:, mine] = level.sums[:, mine]
        done |= mine
    return result


def visible(frame: pd.DataFrame, seen: date | None) -> pd.DataFrame:
    """Return the rows whose period does not end after the last day seen."""
    if seen is None or frame.empty:
        return frame
    codes, names = encode(frame["period"])
    return frame[np.array([Period.parse(name).last_day <= seen for name in names.to_pylist()])[codes]]


def nonempty_ballots(ballots: pd.DataFrame) -> pd.DataFrame:
    """Leave out ballots in which nobody voted: they are none."""
    return ballots[(ballots[list(CAST)].fillna(0).sum(axis=1) > 0).to_numpy(bool)]


def levels(frame: pd.DataFrame, roster: Roster) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield, for the own and then each longer kind of period, positions in the frame, rows, and the level."""
    codes = member_codes(frame["member_id"], roster.ids)
    names, known = encode(frame["period"])
    own = [Period.parse(code) for code in known.to_pylist()]
    for at, period in enumerate(roster.periods):
        kinds = [period, *(period.within(kind) for kind in longer_kinds(period.kind))]
        for level, wanted in enumerate(kinds):
            inside = np.array([p in period if level == 0 else p == wanted for p in own])
            if inside.any():
                rows = roster.rows(codes, np.where(inside, at, -1)[names])
                chosen = np.flatnonzero(rows >= 0)
                yield chosen, rows[chosen], np.full(len(chosen), level)


def nearest(frame: pd.DataFrame, roster: Roster) -> tuple[Ints, Ints]:
    """Return positions in the frame and rows, keeping for each row the nearest level that has any."""
    parts = list(levels(frame, roster))
    none = np.zeros(0, dtype="int64")
    at, row, level = (np.concatenate([part[n] for part in parts] or [none]).astype("int64") for n in range(3))
    best = np.full(len(roster), np.iinfo("int64").max)
    np.minimum.at(best, row, level)
    kept = level == best[row]
    return at[kept], row[kept]
