"""Ballots: votes that no rung of a ladder describes, rungs that no votes come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from jifen_analysis.errors import Text
from jifen_analysis.schemes.lint.finding import LintFinding, clause_of
from jifen_analysis.schemes.model import BallotItem, RuleBook, Rung, VoteShare, walk
from jifen_analysis.schemes.model.parts import COMPARISONS
from jifen_analysis.vocabulary import standard

VOTERS = 20
"""Every way in which so many people can vote is tried."""

Ballot = Mapping[str, int]


def ladders(book: RuleBook) -> Iterator[LintFinding]:
    """Yield, for each ballot, votes that fall between its rungs, and rungs that nothing reaches."""
    for path, part in walk(book):
        if isinstance(part, BallotItem):
            yield from _ladder(path, part, clause_of(path, book))


def _ladder(path: str, item: BallotItem, clause: str) -> Iterator[LintFinding]:
    asked = {name: rung for name, rung in item.ladder.items() if rung.when}
    reached: set[str | None] = set()
    gap: Ballot | None = None
    for ballot in ballots(item.votes_cast):
        first = next((name for name, rung in asked.items() if all(_holds(share, ballot) for share in rung.when)), None)
        reached.add(first)
        gap = ballot if first is None and gap is None else gap
    if gap is not None:
        yield LintFinding("ballot_gap", f"{path}.ladder", _gap_text(gap, item), clause)
    for name, rung in asked.items():
        if name not in reached:
            text = Text(f"没有票数能达到“{rung.title or name}”", f"no votes come to {name}")
            yield LintFinding("rung_unreachable", f"{path}.ladder.{name}", text, clause)


def ballots(kinds: tuple[str, ...], voters: int = VOTERS) -> Iterator[Ballot]:
    """Yield every way in which some people can vote, the votes of the first kinds highest first.

    Examples
    --------
    >>> [tuple(ballot.values()) for ballot in ballots(("excellent", "basic"), 2)]
    [(2, 0), (1, 1), (0, 2)]
    """
    first, *rest = kinds
    if not rest:
        yield {first: voters}
        return
    for votes in range(voters, -1, -1):
        for others in ballots(tuple(rest), voters - votes):
            yield {first: votes, **others}


def _holds(asked: VoteShare, ballot: Ballot) -> bool:
    votes = sum(ballot.get(kind, 0) for kind in asked.votes)
    return all(COMPARISONS[name](votes, _votes(bound)) for name, bound in asked.bounds)


@cache
def _votes(share: str) -> Fraction:
    return Fraction(share) * VOTERS


def _gap_text(ballot: Ballot, item: BallotItem) -> Text:
    label = standard().columns["ballots"]
    zh = "、".join(f"{label[kind].label} {votes}" for kind, votes in ballot.items() if votes)
    en = ", ".join(f"{kind} {votes}" for kind, votes in ballot.items() if votes)
    rest = [rung for rung in item.ladder.values() if not rung.when]
    return Text(
        f"有的票数不属任何一档,如 {zh}({_caught(rest, item)})",
        f"some votes match no tier, such as {en}" + ("" if rest else "; then there is no score"),
    )


def _caught(rest: list[Rung], item: BallotItem) -> str:
    if not rest:
        return "则没有得分"
    becomes = item.ladder[rest[0].becomes] if rest[0].becomes else rest[0]
    return f"方案按“{becomes.title}”"
