"""Every picture there is, drawn for an office in a language."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from types import ModuleType

import plotly.graph_objects as go

from jifen_analysis.analysis import branches as branches_of
from jifen_analysis.analysis import distribution as distribution_of
from jifen_analysis.analysis import movement as movement_of
from jifen_analysis.analysis import thresholds as thresholds_of
from jifen_analysis.analysis import weights as weights_of
from jifen_analysis.charts import (
    branches,
    comparison,
    distribution,
    equating,
    evaluators,
    generalizability,
    items,
    movement,
    power,
    ranks,
    raters,
    sensitivity,
    standard_setting,
    thresholds,
    weights,
)
from jifen_analysis.charts.theme import Style
from tests.charts import frames
from tests.charts.frames import CUTS, WEIGHTS, Office

Drawing = Callable[[Office, Style], go.Figure]

FIGURES: dict[str, Drawing] = {
    "distribution.histogram": lambda office, say: distribution.histogram(frames.ecdf(office), CUTS, **say),
    "distribution.ecdf": lambda office, say: distribution.ecdf(frames.ecdf(office, "branch"), CUTS, **say),
    "distribution.ecdf of all": lambda office, say: distribution.ecdf(frames.ecdf(office), **say),
    "distribution.summary": lambda office, say: distribution.summary(
        distribution_of.summary(office.table, "branch"), **say
    ),
    "distribution.grade_shares": lambda office, say: distribution.grade_shares(
        distribution_of.summary(office.table, "branch"), **say
    ),
    "distribution.heaping": lambda office, say: distribution.heaping(
        distribution_of.heaping(office.table["evaluation"]), **say
    ),
    "distribution.reliability": lambda office, say: distribution.reliability(
        distribution_of.reliability(office.table[["daily", "evaluation"]].assign(bonus=office.table["total"])), **say
    ),
    "branches.funnel": lambda office, say: branches.funnel(frames.funnel(office), "优秀", **say),
    "branches.shrunken_means": lambda office, say: branches.shrunken_means(
        branches_of.shrunken_means(office.table["total"], office.table["branch"]), **say
    ),
    "thresholds.pass_curve": lambda office, say: thresholds.pass_curve(
        thresholds_of.pass_curve(office.table["total"]), CUTS, **say
    ),
    "thresholds.pass_curve by group": lambda office, say: thresholds.pass_curve(
        thresholds_of.pass_curve(office.table["total"], range(60, 101), office.table["branch"], 3), CUTS, **say
    ),
    "thresholds.selection_rates": lambda office, say: thresholds.selection_rates(frames.rates(office), "优秀", **say),
    "thresholds.bunching": lambda office, say: thresholds.bunching(
        thresholds_of.bunching(office.table["total"], 90), **say
    ),
    "thresholds.accuracy": lambda office, say: thresholds.accuracy(
        thresholds_of.accuracy(office.table["total"], 2.0, list(CUTS.values())), **say
    ),
    "thresholds.livingston_lewis": lambda office, say: thresholds.livingston_lewis(
        frames.livingston_lewis(office), **say
    ),
    "thresholds.readings": lambda office, say: thresholds.readings(frames.readings(office), **say),
    "thresholds.near_cut": lambda office, say: thresholds.near_cut(frames.near_cut(office), **say),
    "thresholds.quota_audit": lambda office, say: thresholds.quota_audit(frames.quota_audit(office), **say),
    "movement.transitions": lambda office, say: movement.transitions(frames.transitions(office), **say),
    "movement.flows": lambda office, say: movement.flows(frames.transitions(office), **say),
    "movement.mobility": lambda office, say: movement.mobility(
        movement_of.mobility(frames.transitions(office).probabilities), **say
    ),
    "movement.whereabouts": lambda office, say: movement.whereabouts(frames.whereabouts(office), **say),
    "movement.ranks": lambda office, say: movement.ranks(movement_of.ranks(*frames.totals(office)), **say),
    "movement.regression_to_mean": lambda office, say: movement.regression_to_mean(frames.tenths(office), **say),
    "movement.attribution": lambda office, say: movement.attribution(frames.attribution(office), **say),
    "comparison.schemes": lambda office, say: comparison.schemes(frames.schemes(office), **say),
    "comparison.moves": lambda office, say: comparison.moves(frames.moves(office), **say),
    "comparison.transitions": lambda office, say: comparison.transitions(frames.moves(office), **say),
    "comparison.records": lambda office, say: comparison.records(frames.records(office), **say),
    "comparison.why": lambda office, say: comparison.why(frames.why(office), **say),
    "weights.sweep": lambda office, say: weights.sweep(frames.sweep(office), **say),
    "weights.acceptability": lambda office, say: weights.acceptability(frames.acceptability(office), **say),
    "weights.grade_acceptability": lambda office, say: weights.grade_acceptability(frames.acceptability(office), **say),
    "weights.influence": lambda office, say: weights.influence(
        weights_of.influence(office.table[list(WEIGHTS)], WEIGHTS), **say
    ),
    "weights.swap_points": lambda office, say: weights.swap_points(frames.swap_points(office), 0.6, **say),
    "evaluators.leniency": lambda office, say: evaluators.leniency(frames.leniency(office), **say),
    "evaluators.g_study": lambda office, say: evaluators.g_study(frames.g_study(office), **say),
    "raters.concordance": lambda office, say: raters.concordance(frames.concordance(office), **say),
    "raters.repeated_rows": lambda office, say: raters.repeated_rows(frames.repeated_rows(office), **say),
    "items.item_analysis": lambda office, say: items.item_analysis(frames.item_analysis(office), **say),
    "items.differential_functioning": lambda office, say: items.differential_functioning(
        frames.differential_functioning(office), **say
    ),
    "movement.paired_change": lambda office, say: movement.paired_change(frames.paired_change(office), **say),
    "sensitivity.choices": lambda office, say: sensitivity.choices(frames.choices(office), **say),
    "equating.equivalents": lambda office, say: equating.equivalents(frames.equivalents(office), CUTS, **say),
    "standard_setting.borderline_regression": lambda office, say: standard_setting.borderline_regression(
        *frames.borderline_regression(office), **say
    ),
    "standard_setting.angoff": lambda office, say: standard_setting.angoff(*frames.set_by(office, "angoff"), **say),
    "standard_setting.hofstee": lambda office, say: standard_setting.hofstee(*frames.set_by(office, "hofstee"), **say),
    "standard_setting.contrasting_groups": lambda office, say: standard_setting.contrasting_groups(
        *frames.set_by(office, "contrasting_groups"), **say
    ),
    "generalizability.d_study": lambda office, say: generalizability.d_study(frames.d_study(office), **say),
    "power.smallest_gap": lambda office, say: power.smallest_gap(frames.smallest_gap(office), **say),
    "ranks.intervals": lambda office, say: ranks.intervals(frames.rank_intervals(office), **say),
    "evaluators.partial": lambda office, say: evaluators.partial(frames.partial(office), **say),
    "evaluators.self_gap": lambda office, say: evaluators.self_gap(frames.self_gap(office), **say),
    "evaluators.survey": lambda office, say: evaluators.survey(frames.survey(office), **say),
}


def heading(figure: go.Figure) -> str:
    """Return headline and subtitle as they are read, without marks and line breaks."""
    return re.sub(r"<[^>]*>", "", figure.layout.title.text)


def public(package: ModuleType) -> set[str]:
    """Return module.function of every public function below a package."""
    modules = [
        importlib.import_module(f"{package.__name__}.{one.name}") for one in pkgutil.iter_modules(package.__path__)
    ]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in modules
        if not module.__name__.endswith((".inputs", ".theme"))
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and not isinstance(value, type)
        if getattr(value, "__module__", "").startswith(module.__name__)
    }
