"""Charts of two schemes or readings on the same records."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import comparison as ask
from jifen_analysis.charts import comparison as draw
from jifen_analysis.charts.theme import Style
from jifen_analysis.errors import UsageError
from jifen_analysis.report.gallery.subject import Subject
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment


def schemes(of: Subject, *, others: str = "") -> go.Figure:
    """Draw how far the scheme and others, named with commas between, agree; its readings by default."""
    named = others.replace("\uff0c", ",").split(",") if others else list(of.scheme.book.readings)
    results = {of.scheme.title: of.result}
    for other in (of.under(name.strip()) for name in named):
        results[_called(other)] = other
    return draw.schemes(ask.schemes(results), **of.overall)


def moves(of: Subject, *, other: str = "") -> go.Figure:
    """Draw who gains and who loses under another scheme or reading."""
    second = of.under(other)
    return draw.moves(ask.moves(of.result, second), **_sides(of, second, of.overall))


def transitions(of: Subject, *, other: str = "") -> go.Figure:
    """Draw which grade under one became which under the other."""
    second = of.under(other)
    return draw.transitions(ask.moves(of.result, second), **_sides(of, second, of.overall))


def why(of: Subject, *, other: str = "", member: str = "") -> go.Figure:
    """Draw where a member's difference comes from; the one who moves most by default."""
    second = of.under(other)
    members = ask.moves(of.result, second).members
    mine = members[members["period"] == of.looked_at].dropna(subset="difference")
    if mine.empty:
        raise UsageError("这一期没有两边都有总分的人", "nobody has a total on both sides in this period")
    chosen = member or str(mine["member_id"].iloc[int(mine["difference"].abs().argmax())])
    return draw.why(ask.why(of.result, second, chosen, of.looked_at), **_sides(of, second, of.style))


def records(of: Subject) -> go.Figure:
    """Draw whose totals corrections moved."""
    before = assess(of.records, of.scheme, corrections=False)
    return draw.records(ask.records(before, of.result), **of.overall)


def _called(result: Assessment) -> str:
    readings = {name: one.title for name, one in result.scheme.book.readings.items()}
    return "·".join([result.scheme.title, *(readings.get(name) or name for name in result.scheme.applied)])


def _sides(of: Subject, second: Assessment, style: Style) -> Style:
    return {**style, "labels": {**of.titles, "a": _called(of.result), "b": _called(second)}}
