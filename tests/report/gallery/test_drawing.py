"""Tests of every chart of the gallery by its name, of any result."""

from __future__ import annotations

import json
from functools import cache

import pytest

import jifen_analysis as jf
from docs import gallery
from jifen_analysis.errors import JifenError, UsageError
from jifen_analysis.report.gallery import Subject, chart_options, charts, draw_chart
from tests.report.sampled import records, result

NUMBERS = {int: "2", float: "0.9", str: ""}


@cache
def subject(scheme: str = "community_60_40", members: int = 120) -> Subject:
    """The small sample under a scheme."""
    return Subject(result(scheme, members))


def test_every_name_of_the_gallery_is_drawn() -> None:
    """As the page lists them; each with its title, source and what parts are called."""
    named = [f"{chart.module}.{chart.name}" for chart in gallery.charts()]
    assert sorted(charts()) == sorted(named)
    limited = jf.read_scheme("community_60_40").with_quotas(优秀="0.2")
    of = {"thresholds.quota_audit": Subject(jf.assess(records(), limited))}
    asked = {"thresholds.near_cut": {"margin": "5"}}  # within a point of it there are fewer than five
    judged = {"standard_setting.angoff", "standard_setting.hofstee"}
    for name in judged:
        with pytest.raises(UsageError, match="这张图要一张判断表"):
            draw_chart(name, subject(), {})
    for name in sorted({*named} - judged):
        figure = draw_chart(name, of.get(name, subject()), asked.get(name, {}))
        assert figure.data, name
        assert "2024年下半年" in str(json.loads(figure.to_json())), name


@pytest.mark.parametrize("scheme", ["village_monthly", "village_inspector"])
def test_what_a_scheme_does_not_have_is_said(scheme: str) -> None:
    """Without grades, cut scores or evaluations a chart is drawn or refused for its own reason, never empty."""
    refused: dict[str, str] = {}
    for name in charts():
        try:
            figure = draw_chart(name, subject(scheme, 30), {})
        except JifenError as refusal:
            refused[name] = str(refusal)
        else:
            points = [one.x if "x" in one else None for one in figure.select_traces()]
            found = "<br>" in figure.layout.title.text  # such as “nobody would change places”
            assert found or any(x is None or len(x) for x in points), name
    assert not [name for name, said in refused.items() if "表是空的" in said]
    assert "distribution.histogram" not in refused
    assert "evaluators.leniency" in refused


def test_options_are_the_analysis_parameters() -> None:
    """Typed as text, read by their kind; another is another picture."""
    assert dict(chart_options("thresholds.bunching")) == {"cut": None, "width": 1}
    one, other = (draw_chart("thresholds.bunching", subject(), {"cut": cut}).to_json() for cut in ("90", "80"))
    assert one != other
    unit = draw_chart("distribution.summary", subject(), {"by": "stage", "min_n": "1"})
    assert unit.to_json() != draw_chart("distribution.summary", subject(), {}).to_json()
    assert draw_chart("comparison.moves", subject(), {"other": "street_80_20"}).data


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("branches.funel", {}, r"没有图 branches\.funel,最接近的是 branches\.funnel;有:distribution"),
        ("branches.funnel", {"grade": "良"}, "没有等次 良;有:优秀"),
        ("branches.funnel", {"by": "unit"}, "没有选项 by;有:grade="),
        ("thresholds.accuracy", {"se": "大"}, "选项 se 须是数,收到“大”"),
        ("thresholds.selection_rates", {"by": "shoe"}, "没有列 shoe"),
        ("weights.sweep", {"component": "x"}, "没有板块 x;有:daily"),
        ("weights.swap_points", {"branch": "x"}, "没有支部 x"),
        ("comparison.moves", {"other": "x"}, "x"),
    ],
)
def test_what_cannot_be_drawn_is_refused(name: str, options: dict[str, str], said: str) -> None:
    """With what there is."""
    with pytest.raises(UsageError, match=said):
        draw_chart(name, subject(), options)


def test_an_unknown_period_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match="没有考核期 2022H1;有:2023H1"):
        draw_chart("thresholds.pass_curve", Subject(result(), "2022H1"), {})


def test_a_chart_names_the_periods_that_it_counts() -> None:
    """The sweep counts every period, the curves the last one; each says so as its source."""
    sources = [
        str(json.loads(draw_chart(name, subject(), {}).to_json())) for name in ("weights.sweep", "distribution.ecdf")
    ]
    assert ["2023年上半年至2024年下半年" in source for source in sources] == [True, False]
