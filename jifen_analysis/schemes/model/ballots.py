"""Ballots: the ladder of vote shares that pays an item, its limits and its quota, and all of it in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from jifen_analysis.schemes.model.parts import Bounded, FullMark, Item, Keyed, Scope, Share, Sourced, as_list, refuse
from jifen_analysis.schemes.model.phrases import BOUNDS, Speech, percent

Vote = Literal["excellent", "qualified", "basic", "unqualified", "abstained", "satisfied", "neutral", "dissatisfied"]
Votes = Annotated[tuple[Vote, ...], BeforeValidator(as_list), Field(min_length=1)]


class VoteShare(Bounded):
    """A share of the votes, compared exactly."""

    votes: Votes
    at_least: Share | None = None
    at_most: Share | None = None
    above: Share | None = None
    below: Share | None = None

    @model_validator(mode="after")
    def _fits(self) -> VoteShare:
        refuse((not self.bounds, "须写 at_least、at_most、above、below", "a bound such as at_least is wanted"))
        return self


class Rung(Sourced):
    """One rung of a ballot ladder; a rung without conditions catches the rest."""

    when: tuple[VoteShare, ...] = ()
    pays: Share | None = None
    becomes: str | None = None
    flag: Literal["review", "ballot_gap"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Rung:
        both = (self.pays is None) == (self.becomes is None)
        refuse((both, "须写且只写 pays、becomes 之一", "exactly one of pays and becomes is right"))
        return self


class Limit(Sourced, Bounded):
    """A second look at a ballot: where a share is out of bounds, another rung is taken."""

    votes: Votes
    of: Votes
    above: Share | None = None
    below: Share | None = None
    rung: str | None = None
    becomes: str | None = None
    flag: Literal["review"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Limit:
        idle = self.becomes is None and self.flag is None
        refuse(
            (not self.bounds, "须写 above 或 below", "above or below is wanted"),
            (idle, "须写 becomes 或 flag", "becomes or flag is wanted"),
        )
        return self


class Quota(Sourced):
    """At most floor(share × n) may keep it; n and ties as in ``scoring.quotas``."""

    share: Share
    within: Scope = "branch"
    of: Literal["counted", "all"] = "counted"


class BallotQuota(Quota):
    """A quota on a rung of a ladder, by a share of the votes."""

    rung: str
    by: Votes
    becomes: str


class BallotItem(Item):
    """An item paid by a ladder of vote shares."""

    table: Literal["ballots"] = Field(alias="from")
    max: FullMark
    votes_cast: Votes = ("excellent", "qualified", "basic", "unqualified", "abstained")
    ladder: Keyed[Rung] = Field(min_length=1)
    limits: Keyed[Limit] = Field(default_factory=dict, validate_default=True)
    quota: BallotQuota | None = None

    @property
    def parts(self) -> Mapping[str, Sourced]:
        """The rungs of its ladder."""
        return self.ladder


# ---------------------------------------------------------------- in words


Lines = Iterator[tuple[str, Sourced]]
"""Lines in words, each with the part of the scheme that it is about."""


def ballot_lines(item: BallotItem, speech: Speech) -> Lines:
    """Yield the rungs, the limits and the quota of a ballot, in the order in which they are applied."""
    for rung in item.ladder.values():
        yield _rung(rung, item, speech), rung
    for limit in item.limits.values():
        yield _limit(limit, item, speech), limit
    if item.quota is not None:
        yield _quota(item.quota, item, speech), item.quota


def _quota(quota: BallotQuota, item: BallotItem, speech: Speech) -> str:
    share, kept, fall = percent(quota.share), item.ladder[quota.rung].title, item.ladder[quota.becomes].title
    return speech.say(
        f"“{kept}”最多占支部的{share}(舍去尾数,得票率高的在先),其余为“{fall}”",
        f"{kept}: at most {share} of the branch (rounded down), the others become {fall}",
    )


def _rung(rung: Rung, item: BallotItem, speech: Speech) -> str:
    asked = speech.say(",", ", ").join(_share(share, speech) for share in rung.when) or speech.say("其余", "all others")
    paid = item.ladder[rung.becomes] if rung.becomes else rung
    points = f"{float(Fraction(str(paid.pays)) * Fraction(str(item.max))):g}"
    flag = speech.say(f",标记“{_flag(rung.flag, speech)}”", f", flag {rung.flag}") if rung.flag else ""
    return speech.say(f"{asked}:{paid.title},{points}分{flag}", f"{asked}: {paid.title}, {points}{flag}")


def _flag(flag: str | None, speech: Speech) -> str:
    return speech.words.label("flag", str(flag), speech.lang)


def _share(share: VoteShare, speech: Speech) -> str:
    votes = _votes(share.votes, speech)
    return speech.listed(
        votes + speech.say("", " ") + speech.say(*BOUNDS[name]) + percent(bound) for name, bound in share.bounds
    )


def _votes(kinds: tuple[str, ...], speech: Speech) -> str:
    return "+".join(speech.words.column("ballots", kind).said(speech.lang) for kind in kinds)


def _limit(limit: Limit, item: BallotItem, speech: Speech) -> str:
    asked = speech.listed(speech.say(*BOUNDS[name]) + percent(bound) for name, bound in limit.bounds)
    where = speech.say(
        f"{_votes(limit.votes, speech)}占{_votes(limit.of, speech)}{asked}时",
        f"{_votes(limit.votes, speech)} of {_votes(limit.of, speech)} {asked}",
    )
    then = (
        [speech.say(f"改为“{item.ladder[limit.becomes].title}”", f"becomes {item.ladder[limit.becomes].title}")]
        if limit.becomes
        else []
    )
    then += [speech.say(f"标记“{_flag(limit.flag, speech)}”", f"flag {limit.flag}")] if limit.flag else []
    rung = speech.say(f"“{item.ladder[limit.rung].title}”", f"{item.ladder[limit.rung].title} ") if limit.rung else ""
    return where + speech.say(",", ": ") + rung + speech.listed(then)
