"""What every picture owes its reader: one for each analysis, who is meant, how many, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import plotly.graph_objects as go
import pytest

from jifen_analysis import analysis, charts
from jifen_analysis.charts.theme import Style
from jifen_analysis.errors import Lang
from tests.charts.figures import FIGURES, public
from tests.charts.frames import GRADES, PLAIN

UNDRAWN = {
    "branches.intraclass_correlation": "one number: said in the picture of shrunken_means",
    "branches.overdispersion": "two numbers: phi is said in the funnel",
    "comparison.agreement": "one pair's numbers: schemes draws every pair's",
    "comparison.rank_agreement": "one pair's numbers: schemes draws every pair's",
    "items.item_table": "the points that the other two ask about",
    "comparison.yearly": "periods put together, for why to take apart",
    "evaluators.complete_marks": "a table of marks, for g_study",
    "sensitivity.indices": "of any model: choices draws those of a scheme",
    "standard_setting.ballot_ratings": "the ratings that borderline_regression asks about",
    "standard_setting.moves": "said in the pictures of cut scores",
    "thresholds.binding": "a sentence for each line: whether it or the quota decides",
    "weights.swap_shares": "pairs with exact fractions, to be read",
    "weights.trial": "two results: the charts of comparison draw them",
    "weights.swaps": "one number: swap_points draws every pair's",
}
"""Analyses without a picture of their own, and why."""

TOGETHER = {
    "distribution.histogram": "bars of points",
    "distribution.ecdf of all": "one curve of everyone",
    "distribution.heaping": "digits",
    "distribution.reliability": "items",
    "thresholds.pass_curve": "one curve of everyone",
    "thresholds.bunching": "one curve of everyone",
    "thresholds.accuracy": "bars of probability",
    "thresholds.livingston_lewis": "bands",
    "movement.transitions": "grades",
    "movement.flows": "grades",
    "movement.mobility": "measures",
    "movement.regression_to_mean": "tenths",
    "comparison.schemes": "pairs of schemes",
    "comparison.transitions": "grades",
    "comparison.why": "parts of one member's total, who is in the title",
    "weights.sweep": "grades",
    "weights.influence": "components",
    "evaluators.g_study": "parts of a variance",
    "items.item_analysis": "items",
    "raters.concordance": "coefficients",
    "evaluators.survey": "groups that answered",
    "generalizability.d_study": "numbers of evaluators",
    "equating.equivalents": "scores",
    "sensitivity.choices": "choices of a scheme",
    "standard_setting.borderline_regression": "one cloud of everyone",
    "standard_setting.contrasting_groups": "one cloud of everyone",
    "standard_setting.hofstee": "one curve of everyone",
    "standard_setting.angoff": "judges",
}
"""Pictures whose marks are neither a member nor a branch, and what they are."""

UNCOUNTED = {
    "movement.mobility": "a matrix of probabilities does not say of how many",
    "thresholds.livingston_lewis": "a fitted distribution; its length in items is said",
    "thresholds.bunching": "says how many are on both sides in words",
    "thresholds.readings": "the numbers are written on the bars",
    "comparison.why": "one member",
    "movement.ranks": "says of how many members in words",
    "movement.attribution": "says of how many members in words",
    "weights.acceptability": "says of how many members in words",
    "weights.grade_acceptability": "says of how many members in words",
    "weights.swap_points": "says how many pairs in words",
    "weights.sweep": "the axis counts",
    "evaluators.g_study": "says of how many persons in words",
    "branches.funnel": "the axis counts",
    "sensitivity.choices": "says of how many members in words",
    "generalizability.d_study": "says of how many persons in words",
    "evaluators.partial": "says of how many marks in words",
    "ranks.intervals": "says of how many in words",
}
"""Pictures that say otherwise of how many they are."""


@cache
def drawn(name: str, lang: Lang = "zh") -> go.Figure:
    """Draw each picture once."""
    return FIGURES[name](PLAIN, Style(lang=lang, source="虚构" if lang == "zh" else "invented"))


def words(figure: go.Figure) -> str:
    """Return all that can be read on a figure, also in its hovers."""
    spec = figure.to_plotly_json()
    del spec["layout"]["template"]
    return "\n".join(texts(spec))


def texts(part: Any) -> Iterator[str]:
    """Yield every text in a figure's specification."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from texts(value) if key != "bdata" else ()
    elif hasattr(part, "__iter__"):
        for value in part:
            yield from texts(value)


def test_every_analysis_has_its_picture() -> None:
    """A chart of the same module and name draws what an analysis returned, or a reason stands here."""
    asked = public(analysis)
    assert asked - public(charts) == UNDRAWN.keys()
    assert len(asked) > 25


@pytest.mark.parametrize("name", FIGURES)
def test_hovers_say_who(name: str) -> None:
    """What is pointed at says which member or branch it is, unless it is neither."""
    shown = [trace for trace in drawn(name).data if trace.hoverinfo != "skip"]
    known = set(PLAIN.table["member_id"]) | set(PLAIN.table["branch"])
    fields = ("customdata", "x", "y", "name", "text")
    said = "\n".join(texts([getattr(trace, field, None) for trace in shown for field in fields]))
    assert any(who in said for who in known) == (name not in TOGETHER)


@pytest.mark.parametrize("name", FIGURES)
def test_hovers_do_not_pad_numbers(name: str) -> None:
    """A general number in a hover is trimmed: plotly's plain “g” makes 90 into 90.0000."""
    assert re.findall(r"%{[^}]*:[^~}]*g}", words(drawn(name))) == []


@pytest.mark.parametrize("name", FIGURES)
def test_pictures_say_of_how_many(name: str) -> None:
    """The number of members stands in the title or beside the names."""
    assert bool(re.search(r"n=\d", words(drawn(name)))) or name in UNCOUNTED


@pytest.mark.parametrize("name", FIGURES)
def test_pictures_have_title_finding_axis_and_source(name: str) -> None:
    """Each has a title, an axis that says its unit, and the line of its source; none says “nan”."""
    figure = drawn(name)
    assert figure.layout.title.text.startswith("<b>")
    assert "来源\uff1a虚构" in [note.text[:5] for note in figure.layout.annotations]
    assert re.search(r"\bnan\b", words(figure)) is None
    if not name.startswith(("movement.flows", "movement.ranks")):
        axis = f"{figure.layout.xaxis.title.text}{figure.layout.yaxis.title.text}"
        notes = [note.text for note in figure.layout.annotations if note.text[-1] == "→"]
        assert axis.replace("None", "") or notes


@pytest.mark.parametrize("name", FIGURES)
def test_english_all_through(name: str) -> None:
    """In English only names and grades of the office remain Chinese."""
    text = words(drawn(name, "en")).replace("<br>", "")
    for own in (
        *sorted(set(PLAIN.table["branch"])),
        *sorted(GRADES, key=len, reverse=True),
        "乡镇分层量化方案",
        "第三条",
    ):
        text = text.replace(own, "")
    assert re.findall(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+", text) == []
