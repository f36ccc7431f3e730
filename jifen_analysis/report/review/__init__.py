"""The annual review: its content, once, for every way of writing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jifen_analysis.errors import Lang, UsageError
from jifen_analysis.intake import Check
from jifen_analysis.periods import Period
from jifen_analysis.report.manifest import output_date
from jifen_analysis.report.review.appendix import appendix
from jifen_analysis.report.review.conclusions import opening
from jifen_analysis.report.review.lines import QUOTA, lost_to_quota
from jifen_analysis.report.review.model import Picture, Point, Points, Review, Section, Table, Voice
from jifen_analysis.report.review.partial import PARTIAL, missing_group
from jifen_analysis.report.review.review_data import ReviewData
from jifen_analysis.report.review.strip_titles import strip_title
from jifen_analysis.report.review.summary_page import FRONT
from jifen_analysis.report.standing import last_period
from jifen_analysis.saving import output_day
from jifen_analysis.scoring.assessment import Assessment

__all__ = ["Picture", "Point", "Points", "Review", "Section", "Table", "Voice", "review"]


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
        What it concludes first, then at most eight figures with computed sentences.

    Raises
    ------
    UsageError
        Where nothing was scored in the year.
    """
    chosen = year if year is not None else Period.parse(last_period(result)).year
    facts = ReviewData(result, chosen, Voice(lang), check, with_names)
    front, refused = _front(facts)
    kind = facts.voice.say("（内部使用）", " (internal use)") if with_names else ""
    title = facts.voice.say(
        f"{join_title(result.scheme.title, facts.label)}总结{kind}", f"{facts.label} review: {result.scheme.id}{kind}"
    )
    subtitle = facts.voice.say(
        f"{output_date()}编制；等次均为拟定，以会议决定为准", f"Made on {output_day()}; all grades are proposed"
    )
    behind = appendix(facts, refused)
    drawn = [*front, *(block for section in behind for block in section.blocks if isinstance(block, Picture))]
    first = opening(facts, drawn, {QUOTA: lost_to_quota(facts), PARTIAL: missing_group(facts)})
    return _bare(Review(title, subtitle, lang, first, front, behind, facts.origin))


def join_title(scheme: str, label: str) -> str:
    """Join the title of a scheme and a year, apart where the title ends in a number.

    Examples
    --------
    >>> join_title("党员量化管理", "2024年"), join_title("基础60+评议40", "2024年")
    ('党员量化管理2024年', '基础60+评议40 2024年')
    """
    return f"{scheme}{' ' if scheme[-1:].isdigit() else ''}{label}"


def _bare(written: Review) -> Review:
    """Return a review whose figures have axes but no findings: nobody has weighed those for privacy."""
    sections = tuple(replace(section, blocks=tuple(map(_untitled, section.blocks))) for section in written.appendix)
    return replace(written, front=tuple(map(_untitled, written.front)), appendix=sections)


def _untitled(block: Any) -> Any:
    return replace(block, figure=strip_title(block.figure)) if isinstance(block, Picture) else block


def _front(facts: ReviewData) -> tuple[tuple[Picture, ...], list[str]]:
    drawn, refused = [], []
    for draw in FRONT:
        try:
            drawn.append(draw(facts))
        except UsageError as refusal:
            refused.append(facts.reason(refusal))
    return tuple(drawn), list(dict.fromkeys(refused))
