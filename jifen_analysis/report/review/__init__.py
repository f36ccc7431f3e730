"""The annual review: its content, once, for every way of writing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jifen_analysis.errors import Lang, UsageError
from jifen_analysis.intake import Check
from jifen_analysis.periods import Period
from jifen_analysis.report.manifest import dated
from jifen_analysis.report.review.appendix import appendix
from jifen_analysis.report.review.bare import untitled
from jifen_analysis.report.review.facts import Facts
from jifen_analysis.report.review.front import FRONT
from jifen_analysis.report.review.model import Picture, Review, Section, Table, Voice
from jifen_analysis.report.standing import last_period
from jifen_analysis.saving import made_on
from jifen_analysis.scoring.assessment import Assessment

__all__ = ["Picture", "Review", "Section", "Table", "Voice", "review"]


def review(
    result: Assessment,
    year: int | None = None,
    check: Check | None = None,
    *,
    lang: Lang = "zh",
    with_names: bool = False,
) -> Review:
    """Review one year against the last.

    Parameters
    ----------
    result : Assessment
        With the year, and the one before where there is one.
    year : int, optional
        Which; the last that was scored by default.
    check : Check, optional
        What was found in the files, for the section on data.
    lang : {"zh", "en"}
        In which language.
    with_names : bool
        For internal use: lists of names, and nothing hidden. Otherwise groups
        of fewer than five are hidden, and what would give them back.

    Returns
    -------
    Review
        At most eight figures in front, each with a computed sentence.

    Raises
    ------
    UsageError
        Where nothing was scored in the year.
    """
    chosen = year if year is not None else Period.parse(last_period(result)).year
    facts = Facts(result, chosen, Voice(lang), check, with_names)
    front, refused = _front(facts)
    kind = facts.voice.say("(内部使用)", " (internal use)") if with_names else ""
    title = facts.voice.say(
        f"{result.scheme.title}{facts.label}总结{kind}", f"{facts.label} review: {result.scheme.id}{kind}"
    )
    subtitle = facts.voice.say(
        f"{dated()}编制;等次均为拟定,以会议决定为准", f"Made on {made_on()}; all grades are proposed"
    )
    return _bare(Review(title, subtitle, lang, _summary(facts), front, appendix(facts, refused), facts.made))


def _bare(written: Review) -> Review:
    """Return a review whose figures have axes but no findings: nobody has weighed those for privacy."""
    sections = tuple(replace(section, blocks=tuple(map(_untitled, section.blocks))) for section in written.appendix)
    return replace(written, front=tuple(map(_untitled, written.front)), appendix=sections)


def _untitled(block: Any) -> Any:
    return replace(block, figure=untitled(block.figure)) if isinstance(block, Picture) else block


def _front(facts: Facts) -> tuple[tuple[Picture, ...], list[str]]:
    drawn, refused = [], []
    for draw in FRONT:
        try:
            drawn.append(draw(facts))
        except UsageError as refusal:
            refused.append(refusal.message(facts.voice.lang))
    return tuple(drawn), list(dict.fromkeys(refused))


def _counted(facts: Facts, count: int) -> str:
    shown = facts.shown(count)
    few = facts.voice.say(f"不足{facts.least}人", f"fewer than {facts.least}")
    return few if shown is None else facts.voice.people(shown)


def _summary(facts: Facts) -> tuple[str, ...]:
    """Say how many were assessed, in how many branches, and under what."""
    say, states = facts.voice.say, facts.now["state"].value_counts()
    waiting = _counted(facts, int(states.get("pending", 0)))
    scored = int(states.get("assessed", 0))
    told = facts.told[-1] if facts.told else scored
    assessed = _counted(facts, scored if abs(scored - told) >= facts.least else told)
    n = facts.now.loc[facts.now["state"] == "assessed", "branch"].nunique()
    counted = say(
        f"{facts.label}共{n}个支部{assessed}参加考核并得出结果,待评{waiting}。",
        f"In {facts.label} {assessed} members of {n} branches were assessed; pending: {waiting}.",
    )
    basis = say(f"依据:{facts.book.source}。", f"Basis: {facts.book.source}.")
    hidden = say(
        f"不足{facts.least}人的组不予显示,可由合计推算的一并不予显示。",
        f"Groups of fewer than {facts.least} are not shown, nor what would give them back.",
    )
    return (counted, basis) if facts.with_names else (counted, basis, hidden)
