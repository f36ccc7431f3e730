"""The marks, ballots and decisions behind a line, each with what it adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from jifen_analysis.errors import Text
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import BallotItem, EvaluationItem, MarkedItem
from jifen_analysis.scoring.corrections import placement
from jifen_analysis.scoring.explain.member_records import NOTHING, MemberRecords, Trace
from jifen_analysis.scoring.explain.words import join_sentences, title_of
from jifen_analysis.scoring.submissions import (
    VOTES,
    first_rung,
    limited,
    nearest,
    nonempty_ballots,
    submissions,
    visible_table,
)

Paid = Mapping[tuple[int, int], float]
"""The points of a line, by row and part."""


def evaluation_traces(item: EvaluationItem, group: str, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
    """Yield the evaluators of one pool."""
    table = visible_table(desk.records, "evaluations", desk.seen)
    at, row = nearest(table, desk.roster)
    mine = table["group"].isin(item.groups[group].pool).to_numpy()[at]
    weight = (table["mark"] * table["count"].astype("float64")).to_numpy()[at]
    yield from _shared("evaluations", table.index.to_numpy()[at][mine], row[mine], weight[mine], paid, desk)


def mark_traces(item: MarkedItem, key: str, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
    """Yield the assessors' marks of one item."""
    table = visible_table(desk.records, "marks", desk.seen)
    table = table[table["item"].isin([key, item.title])]
    at, row = nearest(table, desk.roster)
    yield from _shared("marks", table.index.to_numpy()[at], row, table["mark"].to_numpy()[at], paid, desk)


def _shared(
    table: str, record: np.ndarray, row: np.ndarray, weight: np.ndarray, paid: Paid, desk: MemberRecords
) -> Iterator[Trace]:
    """Share a line's points over its records by their weight in it."""
    whole = np.bincount(row, weight, minlength=len(desk.roster))
    for at, here, part in zip(record.tolist(), row.tolist(), weight.tolist(), strict=True):
        if (here, 0) in paid:
            points = paid[here, 0] * part / whole[here] if whole[here] else 0.0
            yield Trace(here, 0, table, at, "mark", points, _from_longer(table, at, here, desk))


def _from_longer(table: str, record: int, row: int, desk: MemberRecords) -> Text:
    """Say where a record of a longer period serves."""
    given = Period.parse(desk.record(table, record)["period"])
    if given in desk.roster.periods[desk.roster.period[row]]:
        return NOTHING
    return Text(f"本期没有,用{given.label()}的", f"none in the period itself: that of {given} serves")


# ---------------------------------------------------------------- ballots


def ballot_traces(item: BallotItem, rung: str, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
    """Yield the rung that the votes reach, and how it came about; then the votes."""
    table = nonempty_ballots(visible_table(desk.records, "ballots", desk.seen))
    at, row = nearest(table, desk.roster)
    steps = _steps(item, desk) if paid else []
    for (here, part), points in paid.items():
        said = Text("测评档次", "rung of the ballot"), title_of(item.ladder[rung].title, rung)
        remark = _turned(item, rung, [(why, list(item.ladder)[taken[here]]) for why, taken in steps])
        yield Trace(here, part, points=points, remark=remark, finding=said)
        for record in table.index.to_numpy()[at][row == here].tolist():
            yield from _votes(record, here, part, desk)


def _steps(item: BallotItem, desk: MemberRecords) -> list[tuple[Text, np.ndarray]]:
    """Return the position of the rung by votes, and after each second look, at every row of the desk."""
    given = submissions(desk.records, desk.roster, {}, desk.seen)
    voted = np.sum([given.votes[kind] for kind in item.votes_cast], axis=0) > 0
    taken, _ = first_rung(item, given, voted)
    taken = np.minimum(taken, len(item.ladder) - 1)
    found = [(NOTHING, taken)]
    for name, limit in item.limits.items():
        one = item.model_copy(update={"limits": {name: limit}})
        taken, _ = limited(one, given, voted, taken, ())
        found.append((title_of(limit.title, name), taken))
    return found


def _turned(item: BallotItem, rung: str, steps: list[tuple[Text, str]]) -> Text:
    """Say by which second looks, and whether by the quota, another rung than that by votes was taken."""
    why = [reason for (_, before), (reason, after) in pairwise(steps) if before != after]
    if item.quota is not None and steps[-1][1] != rung:
        why.append(title_of(item.quota.title, "quota"))
    first = item.ladder[steps[0][1]].title or steps[0][1]
    zh, en = join_sentences(why, "zh"), join_sentences(why, "en")
    return Text(f"按得票为{first};{zh}", f"{first} by votes; {en}") if why else NOTHING


def _votes(record: int, row: int, part: int, desk: MemberRecords) -> Iterator[Trace]:
    remark = _from_longer("ballots", record, row, desk)
    votes = desk.record("ballots", record)
    for kind in VOTES:
        if votes[kind] is not None:
            yield Trace(row, part, "ballots", record, kind, remark=remark)


# ---------------------------------------------------------------- decisions after objections


def correction_traces(target: tuple[str, str], desk: MemberRecords) -> Iterator[Trace]:
    """Yield the decisions about an item."""
    placed = placement(desk.records, desk.working.book, desk.roster, desk.seen)
    for at in np.flatnonzero(placed.fits & (placed.row >= 0)).tolist():
        if placed.target[at] == target:
            points = float(placed.frame["points"].iloc[at])
            yield Trace(int(placed.row[at]), 0, "corrections", int(placed.frame.index[at]), "points", points)


def grade_traces(row: int, desk: MemberRecords, *, year: bool = False) -> Iterator[Trace]:
    """Yield the decisions that set the grade of a row's period, or of its year where that is longer."""
    placed = placement(desk.records, desk.working.book, desk.roster, desk.seen)
    of_year = placed.whole_year & (placed.row < 0) & (placed.year == desk.roster.year[row])
    for at in np.flatnonzero(placed.grades & (of_year if year else placed.row == row)).tolist():
        yield Trace(row, 0, "corrections", int(placed.frame.index[at]), "grade")
