"""Items that votes decide: the rung of a ladder that they reach, and the votes behind it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import numpy as np

from jifen_analysis.errors import NOTHING, Text, join_sentences
from jifen_analysis.schemes.model import BallotItem, Limit, VoteShare
from jifen_analysis.schemes.model.parts import COMPARISONS
from jifen_analysis.schemes.model.phrases import title_of
from jifen_analysis.scoring import quotas
from jifen_analysis.scoring.arrays import Bools, Ints
from jifen_analysis.scoring.ledger import ItemScore, LedgerLine, ordered_sum
from jifen_analysis.scoring.record_index import Paid, RecordIndex, Trace, from_longer
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.submissions import VOTES, Submissions, nonempty_ballots, votes_by_row


def ballot_item(item: BallotItem, given: Submissions, roster: Roster) -> ItemScore:
    """Score an item by the rung of a ladder that the votes reach."""
    applies = roster.are(item.who) & roster.scored
    voted = applies & (_votes(given, item.votes_cast) > 0)
    rung, flags = _first_rung(item, given, voted)
    rung, flags = _limited(item, given, voted, rung, flags)
    rung, tied = _within_quota(item, given, roster, voted, rung)
    names = list(item.ladder)
    pays = np.array([float(Fraction(pay)) for pay in _pays(item)] + [0.0])
    score = np.where(voted, pays[rung] * item.max, 0.0)[:, None]
    cast = np.where(voted, _votes(given, item.votes_cast), 0)[:, None]
    lines = tuple(
        LedgerLine(
            name,
            "rule",
            score * (rung == at)[:, None],
            cast * (rung == at)[:, None],
            item.ladder[name].clause or item.clause,
        )
        for at, name in enumerate(names)
        if item.ladder[name].pays is not None
    )
    return ItemScore(lines, "period", score, applies & ~voted, (*flags, ("quota_tied", tied)))


def _pays(item: BallotItem) -> Iterator[str]:
    for rung in item.ladder.values():
        yield rung.pays or item.ladder[str(rung.becomes)].pays or "0"


def _votes(given: Submissions, kinds: tuple[str, ...]) -> Ints:
    return ordered_sum(given.votes[kind] for kind in kinds)


def _share_holds(share: VoteShare | Limit, of: tuple[str, ...], given: Submissions) -> Bools:
    """Hold a share of votes against its bounds, by cross-multiplication."""
    votes, whole = _votes(given, share.votes), _votes(given, of)
    kept = whole > 0
    for name, bound in share.bounds:
        exact = Fraction(bound)
        kept = kept & COMPARISONS[name](votes * exact.denominator, whole * exact.numerator)
    return kept


Flags = tuple[tuple[str, Bools], ...]


def _first_rung(item: BallotItem, given: Submissions, voted: Bools) -> tuple[Ints, Flags]:
    """Return the first rung whose shares hold (their number where none does), and what it has to say."""
    names = list(item.ladder)
    rung = np.full(len(voted), len(names))
    flags: Flags = ()
    for at, (_, step) in enumerate(item.ladder.items()):
        holds = [_share_holds(share, item.votes_cast, given) for share in step.when]
        mine = voted & (rung == len(names)) & np.logical_and.reduce([voted, *holds])
        rung = np.where(mine, names.index(step.becomes) if step.becomes else at, rung)
        flags += ((step.flag, mine),) if step.flag else ()
    return rung, flags


def _limited(item: BallotItem, given: Submissions, voted: Bools, rung: Ints, flags: Flags) -> tuple[Ints, Flags]:
    """Return the rung after every second look."""
    names = list(item.ladder)
    for limit in item.limits.values():
        mine = voted & _share_holds(limit, limit.of, given)
        if limit.rung is not None:
            mine = mine & (rung == names.index(limit.rung))
        if limit.becomes is not None:
            rung = np.where(mine, names.index(limit.becomes), rung)
        flags += ((limit.flag, mine),) if limit.flag else ()
    return rung, flags


def _within_quota(item: BallotItem, given: Submissions, roster: Roster, voted: Bools, rung: Ints) -> tuple[Ints, Bools]:
    if item.quota is None:
        return rung, np.zeros(len(roster), bool)
    names = list(item.ladder)
    group = roster.groups(item.quota.within)
    entered = voted & roster.counted & (rung == names.index(item.quota.rung))
    base = roster.counted & voted if item.quota.of == "counted" else roster.counted
    # Equal fractions are equal floats, and different ones of fewer than 2**26 votes differ.
    cast = _votes(given, item.votes_cast)
    share = _votes(given, item.quota.by) / np.where(cast > 0, cast, 1)
    kept, tied = quotas.keep(share, group, entered, quotas.seats(item.quota.share, quotas.group_sizes(group, base)))
    return np.where(entered & ~kept, names.index(item.quota.becomes), rung), tied


# ---------------------------------------------------------------- the votes behind it


def ballot_traces(item: BallotItem, rung: str, paid: Paid, desk: RecordIndex) -> Iterator[Trace]:
    """Yield the rung that the votes reach, and how it came about; then the votes."""
    ballots, row = desk.serving(nonempty_ballots(desk.table("ballots")))
    steps = _steps(item, votes_by_row(ballots, row, len(desk.roster))) if paid else []
    for (here, part), points in paid.items():
        said = Text("测评档次", "rung of the ballot"), title_of(item.ladder[rung].title, rung)
        remark = _turned(item, rung, [(why, list(item.ladder)[taken[here]]) for why, taken in steps])
        yield Trace(here, part, points=points, remark=remark, finding=said)
        for record in ballots.index[row == here].tolist():
            yield from _vote_traces(record, here, part, desk)


def _steps(item: BallotItem, given: Submissions) -> list[tuple[Text, np.ndarray]]:
    """Return the position of the rung by votes, and after each second look, at every row."""
    voted = _votes(given, item.votes_cast) > 0
    taken, _ = _first_rung(item, given, voted)
    taken = np.minimum(taken, len(item.ladder) - 1)
    found = [(NOTHING, taken)]
    for name, limit in item.limits.items():
        one = item.model_copy(update={"limits": {name: limit}})
        taken, _ = _limited(one, given, voted, taken, ())
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


def _vote_traces(record: int, row: int, part: int, desk: RecordIndex) -> Iterator[Trace]:
    remark = from_longer("ballots", record, row, desk)
    votes = desk.record("ballots", record)
    for kind in VOTES:
        if votes[kind] is not None:
            yield Trace(row, part, "ballots", record, kind, remark=remark)
