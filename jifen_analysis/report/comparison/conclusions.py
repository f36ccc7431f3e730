"""What the comparison's page concludes first: what changes, by what, what to settle, and of whom each number speaks."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterator, Mapping
from typing import Any

from jifen_analysis.charts.theme import format_number as shown
from jifen_analysis.errors import NOTHING, Text
from jifen_analysis.findings import comparison as say_comparison
from jifen_analysis.report.comparison.facts import Compared, Pair
from jifen_analysis.report.comparison.statements import pair_findings
from jifen_analysis.report.review import Point, Points, Section, Voice

_MOST = 5
"""Points at most."""


def comparison_opening(found: Compared, drawn: Container[str], voice: Voice) -> tuple[Section, ...]:
    """Return the sections of the first page.

    Parameters
    ----------
    found : Compared
        From ``compared``.
    drawn : container of str
        The keys of the figures to which a point leads.
    voice : Voice
        The language.
    """
    say = voice.say
    parts = [
        (say("主要结论", "Main points"), _main(found, drawn, voice)),
        (say("提请研究", "To discuss"), [Point(text) for text in _topics(found, voice)]),
        (say("使用时注意", "To mind"), [Point(text) for text in _limits(found, voice)]),
    ]
    return tuple(Section(title, (Points(tuple(points)),)) for title, points in parts if points)


def _main(found: Compared, drawn: Container[str], voice: Voice) -> list[Point]:
    rows = found.agreement[found.agreement["a"] == found.pairs[0].a].to_dict("records")
    pairs = zip(found.pairs, rows, strict=True)
    said = {f"moves_{at}": _sentence(voice, pair, row) for at, (pair, row) in enumerate(pairs)}
    said |= {key: finding.sentence(voice.lang) for key, finding in pair_findings(found, voice).items()}
    points = [Point(text, shown_by=key if key in drawn else "") for key, text in said.items()]
    return points[: max(_MOST, len(found.pairs))]


def _sentence(voice: Voice, pair: Pair, row: Mapping[Hashable, Any]) -> str:
    """Say of one pair who changes grade, of all who have one on either side, and how alike the ranks are."""
    moved, tau = say_comparison.moves(pair.moves), shown(row["tau_b"], ".2f")
    lists = ("", "") if pair.same_grades else (";两边的等次表不同", "; two lists of grades")
    told = moved.text if moved is not None else Text("两边都没有等次", "no grades on either side")
    best = best_grade(pair)
    return voice.say(
        f"{pair.b}：{told.zh}{best.zh}；名次一致程度τ-b={tau}{lists[0]}。",
        f"{pair.b}: {told.en}{best.en}; tau-b {tau}{lists[1]}.",
    )


def best_grade(pair: Pair) -> Text:
    """Say how many hold the best grade under each, where both call it the same."""
    if not pair.same_grades or not pair.changed:
        return NOTHING
    counts = pair.moves.transitions
    graded = (
        counts.loc[counts.index != "<NA>", :].to_numpy().sum(),
        counts.loc[:, counts.columns != "<NA>"].to_numpy().sum(),
    )
    if not all(graded):
        return NOTHING  # nobody has a grade under one of them: none of the best is no number of them
    best = [str(name) for name in counts.index if name != "<NA>"][-1]
    before, after = int(counts.loc[[best]].to_numpy().sum()), int(counts[[best]].to_numpy().sum())
    return Text(f";{best}由{before}人次变为{after}人次", f"; {best} from {before} to {after}")


def drawn_of(pair: Pair) -> Text:
    """Say of whom the figure of a pair is, where it is not of all who have a grade on either side.

    A difference of points needs both totals; a grade may stand on one side alone.
    """
    rows = pair.moves.members
    both = rows[["total_a", "total_b"]].notna().all(axis=1)
    graded = rows[["grade_a", "grade_b"]].notna().any(axis=1)
    left = int((graded & ~both).sum())
    changed = int((rows["grade_changed"].astype("bool") & ~both).sum())
    if not left:
        return NOTHING
    return Text(
        f"图中是两边都有总分的{int(both.sum())}人次,名次也只比他们;另{left}人次只有一边有总分,不在图中"
        f"(等次改变的{changed}人次)。",
        f"Drawn, and ranked, are the {int(both.sum())} with both totals; {left} with one total are not "
        f"({changed} of them change grade).",
    )


def _topics(found: Compared, voice: Voice) -> Iterator[str]:
    """Yield what is to be settled before a scheme is chosen."""
    moving = [pair for pair in found.pairs if pair.changed]
    if moving:
        yield voice.say(
            "等次改变的人中，哪些是换方案的本意，哪些不是；差别最大的几个人逐项看。",
            "Which changes of grade are meant, and which are not; look at the largest differences item by item.",
        )
    most = found.summary[found.summary["n"] > 0].sort_values("n", ascending=False, kind="stable").head(1)
    for scheme, reading, n in most[["scheme", "reading", "n"]].itertuples(index=False):
        yield voice.say(
            f"{scheme}“{reading}”一处怎样读，事先议定：它改变{n}人次的等次。",
            f"How {scheme} is to be read at “{reading}”: {n} grades hang on it.",
        )


def _limits(found: Compared, voice: Voice) -> Iterator[str]:
    say = voice.say
    yield say(
        "同样的记录按不同方案计分；等次改变只说明规则不同，不说明哪个方案更对。",
        "The same records are scored by different schemes: a changed grade shows another rule, not which is right.",
    )
    if any(drawn_of(pair).zh for pair in found.pairs):
        yield say(
            "等次按至少一边有等次的人次计，名次和分差按两边都有总分的人次计，两个人次数因此不同。",
            "Grades are counted of all with a grade on either side, ranks and differences of those with both totals.",
        )
    if found.pairs and found.pairs[0].moves.grain == "year":
        yield say(
            "按年比：各期的总分先合成年度总分。",
            "Compared by year: the totals of its periods are put together first.",
        )
