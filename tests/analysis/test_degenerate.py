"""Tests that no analysis, fed with what is barely data, gives a traceback, a warning or a number that cannot be."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jifen_analysis import analysis
from jifen_analysis.analysis import (
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
from jifen_analysis.errors import JifenError
from tests.analysis.builders import GRADES

N = 30
NO = np.nan
WIDE = np.random.default_rng(5).normal(88, 4, N).round(1).tolist()

COLUMNS: Mapping[str, list[Any]] = {
    "alike": [90.0] * N,
    "ulp apart": [90.0, float(np.nextafter(90, 100))] * (N // 2),
    "noise": [0.1 + 0.2, 0.3] * (N // 2),
    "hair below the ceiling": [100.0, 100 - 1e-9] * (N // 2),
    "two values": [80.0, 90.0] * (N // 2),
    "yes and no": [0.0, 1.0] * (N // 2),
    "true and false": [True, False] * (N // 2),
    "zeros": [0.0] * N,
    "outlier": [90.0] * (N - 1) + [0.0],
    "steps": [float(n) for n in range(N)],
    "millionths": [90 + n * 1e-6 for n in range(N)],
    "tiny": [n * 1e-9 for n in range(N)],
    "negative": [-float(n) for n in range(N)],
    "too large": [1e13, 2.0] * (N // 2),
    "large": [1e9, 2.0] * (N // 2),
    "endless": [np.inf, 90.0] * (N // 2),
    "missing": [NO] * N,
    "some missing": [90.0, NO, 80.0] * (N // 3),
    "two there": [90.0, 80.0] + [NO] * (N - 2),
    "words": ["九十"] * N,
    "nothing": [None] * N,
    "wide": WIDE,
    "one": [90.0],
    "empty": [],
}
"""What may stand where scores, marks or counts are asked for."""


def by_member(values: list[Any]) -> pd.Series:
    """Values by number, of whatever type they are."""
    return pd.Series(values, [f"{n:03d}" for n in range(len(values))], dtype=None if len(values) else "float64")


def frame(*columns: list[Any]) -> pd.DataFrame:
    """Columns a, b, c by member."""
    return pd.DataFrame({name: by_member(values) for name, values in zip("abc", columns, strict=False)})


def grades(values: list[Any]) -> pd.Series:
    """Grades by member, one for each kind of value; missing where it is no number."""
    known = [isinstance(one, float) and np.isfinite(one) for one in values]
    return by_member([GRADES[int(one) % 3] if there else None for one, there in zip(values, known, strict=True)])


def result(values: list[Any], group: list[Any]) -> pd.DataFrame:
    """A result's table."""
    marks = by_member(values)
    table = {"member_id": marks.index, "period": "2024", "branch": group, "total": marks.array, "flags": ""}
    return pd.DataFrame(table | {"evaluation": marks.array, "score": marks.array})


def six(values: list[Any]) -> list[str]:
    """Branches of six, the last smaller."""
    return [f"b{n // 6}" for n in range(len(values))]


GROUPS: tuple[Callable[[list[Any]], list[Any]], ...] = (
    six,
    lambda values: ["甲"] * len(values),
    lambda values: [f"b{n}" for n in range(len(values))],
    lambda values: ["甲", "乙"] * (len(values) // 2) + ["甲"] * (len(values) % 2),
    lambda values: [None] * len(values),
)

Ask = Callable[[list[Any], list[Any]], object]
BOUNDS = pd.DataFrame([[50, 90, 0.1, 0.6]] * 3, columns=list(standard_setting.BOUNDS))

ASKED: Mapping[str, Ask] = {
    "branches.funnel": lambda x, y: (branches.funnel(x, [10] * len(x)), branches.funnel(x, y)),
    "comparison.agreement": lambda x, y: comparison.agreement(grades(x), grades(y), GRADES),
    "comparison.rank_agreement": lambda x, y: comparison.rank_agreement(by_member(x), by_member(y)),
    "distribution.heaping": lambda x, _: distribution.heaping(x),
    "distribution.reliability": lambda x, y: distribution.reliability(frame(x, y)),
    "equating.equivalents": lambda x, y: equating.equivalents(by_member(x), by_member(y), design="equivalent"),
    "evaluators.g_study": lambda x, y: evaluators.g_study(frame(x, y), by_member(six(x))),
    "generalizability.d_study": lambda x, y: generalizability.d_study(evaluators.g_study(frame(x, y)), distances=x),
    "items.item_analysis": lambda x, y: items.item_analysis(frame(x, y, WIDE[: len(x)]), draws=3),
    "movement.mobility": lambda x, y: movement.mobility([x[:2], y[:2]]),
    "movement.paired_change": lambda x, y: movement.paired_change(by_member(x), by_member(y), by_member(six(x))),
    "movement.ranks": lambda x, y: movement.ranks(by_member(x), by_member(y)),
    "movement.regression_to_mean": lambda x, y: movement.regression_to_mean(
        by_member(x), by_member(y), halves=frame(x, y)
    ),
    "movement.transitions": lambda x, y: movement.transitions(grades(x), grades(y), GRADES),
    "movement.whereabouts": lambda x, y: movement.whereabouts(grades(x), grades(y)),
    "power.smallest_gap": lambda x, _: power.smallest_gap(by_member(x[:6]), 4),
    "ranks.intervals": lambda x, y: ranks.intervals(by_member(x[:6]), 1e-9 if x is y else by_member(y[:6])),
    "raters.concordance": lambda x, y: raters.concordance(frame(x, y), draws=3),
    "standard_setting.angoff": lambda x, y: standard_setting.angoff(frame(x, y)),
    "standard_setting.borderline_regression": lambda x, y: standard_setting.borderline_regression(
        by_member(x), by_member(y), 85
    ),
    "standard_setting.contrasting_groups": lambda x, y: standard_setting.contrasting_groups(by_member(x), by_member(y)),
    "standard_setting.hofstee": lambda x, _: standard_setting.hofstee(by_member(x), BOUNDS),
    "standard_setting.moves": lambda x, _: standard_setting.moves(by_member(x), {"优秀": 90, "合格": 60}, "优秀", 92),
    "thresholds.accuracy": lambda x, y: (
        thresholds.accuracy(x, 1e-9, [60, 90]),
        thresholds.accuracy(by_member(x), by_member(y), [60, 90]),
    ),
    "thresholds.bunching": lambda x, y: (thresholds.bunching(x, 90, 1e-6), thresholds.bunching([*x, *y], 90)),
    "thresholds.livingston_lewis": lambda x, y: (
        thresholds.livingston_lewis(x, 0.8, 0, 100, [60, 90]),
        thresholds.livingston_lewis([*x, *y], 0.999999, -100, 1e9, [60, 90]),
    ),
    "weights.acceptability": lambda x, y: weights.acceptability(frame(x, y), n=9, top=3, cuts={"优秀": 90}),
    "weights.influence": lambda x, y: weights.influence(frame(x, y), {"a": 0.6, "b": 0.4}),
    "weights.swap_points": lambda x, y: weights.swap_points(frame(x[:9], y[:9])),
    "weights.swaps": lambda x, y: weights.swaps(x[:2], y[:2]),
}
"""How each analysis of two columns is asked."""

BY_GROUP: Mapping[str, Ask] = {
    "branches.shrunken_means": branches.shrunken_means,
    "distribution.ecdf": lambda x, g: distribution.ecdf(result(x, g), "branch"),
    "distribution.summary": lambda x, g: distribution.summary(result(x, g), "branch"),
    "evaluators.leniency": lambda x, g: evaluators.leniency(result(x, g)),
    "evaluators.survey": lambda x, g: evaluators.survey(result(x, g), by="branch"),
    "items.differential_functioning": lambda x, g: items.differential_functioning(frame(x, x[::-1], x), by_member(g)),
    "raters.repeated_rows": lambda x, g: raters.repeated_rows(frame(x, x[::-1]), by_member(g), draws=3),
    "thresholds.pass_curve": lambda x, g: thresholds.pass_curve(x, group=g),
    "thresholds.selection_rates": thresholds.selection_rates,
}
"""How each analysis of a column by group is asked."""

OF_RESULTS = {
    *("branches.intraclass_correlation", "branches.overdispersion"),  # parts of those above
    *(f"comparison.{name}" for name in ("moves", "records", "schemes", "why", "yearly")),
    *(f"evaluators.{name}" for name in ("complete_marks", "partial", "self_gap")),
    *("items.item_table", "movement.attribution", "sensitivity.choices", "sensitivity.indices"),
    *("standard_setting.ballot_ratings", "weights.swap_shares", "weights.sweep", "weights.trial"),
    *(f"thresholds.{name}" for name in ("binding", "near_cut", "quota_audit", "readings")),
}
"""What takes a whole result, a table of its own, or a model: the matrix of whole folders has these."""


def test_every_analysis_is_asked() -> None:
    """A new one is in the matrix, or said to take no bare columns."""
    modules = [
        importlib.import_module(one.name) for one in pkgutil.iter_modules(analysis.__path__, "jifen_analysis.analysis.")
    ]
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in modules
        for name in getattr(module, "__all__", vars(module))
        if not name.startswith("_") and not module.__name__.endswith(".inputs")
        if callable(one := getattr(module, name)) and not isinstance(one, type)
        if getattr(one, "__module__", "").startswith(module.__name__)
    }
    assert found == {*ASKED, *BY_GROUP, *OF_RESULTS}
    assert sensitivity.indices.__module__.startswith("jifen")


@pytest.mark.parametrize("name", ASKED)
def test_two_columns_of_anything(name: str) -> None:
    """Every kind of column beside itself, and another kind or a wide one: refused in a sentence, or lawful numbers."""
    kinds = list(COLUMNS.items())
    for at, (kind, x) in enumerate(kinds):
        for other, y in (kinds[at], kinds[(at + 7) % len(kinds)] if at % 2 else ("wide", WIDE)):
            if len(x) == len(y):
                check(f"{name} of {kind}, {other}", lambda x=x, y=y: ASKED[name](x, y))


@pytest.mark.parametrize("name", BY_GROUP)
def test_a_column_of_anything_by_group(name: str) -> None:
    """Every kind of column in some of: groups of six, one, each alone, two, none at all."""
    for turn, (kind, values) in enumerate(COLUMNS.items()):
        x = values[:10]
        for at in {turn % len(GROUPS), (turn + 2) % len(GROUPS)}:
            check(f"{name} of {kind}, grouping {at}", lambda x=x, at=at: BY_GROUP[name](x, GROUPS[at](x)))


def check(asked: str, ask: Callable[[], object]) -> None:
    """Ask with warnings as errors, and hold every number against what it can be."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = ask()
        except JifenError as refused:
            said = refused.message("zh")
            assert ":[]" not in said, f"{asked}: {said}"  # what is wrong is said, not an empty list of it
            return
    wrong = [one for record in records(found) for one in unlawful(record)]
    assert not wrong, f"{asked}: {wrong[:3]}"


def records(found: object) -> Iterator[dict[str, Any]]:
    """Yield what belongs together: rows, attributes, the fields of a result."""
    if isinstance(found, tuple):
        for one in found:
            yield from records(one)
    elif dataclasses.is_dataclass(found):
        fields = {one.name: getattr(found, one.name) for one in dataclasses.fields(found)}
        yield fields
        for name in ("table", "probabilities", "ranks", "grades", "low", "high"):  # of probabilities alone
            if isinstance(fields.get(name), pd.DataFrame):
                yield from (
                    {f"share_{place}": one} for place, one in enumerate(fields[name].to_numpy("float64").ravel())
                )
    elif isinstance(found, pd.Series):
        yield {**found.to_dict()}
        yield dict(found.attrs)
    elif isinstance(found, pd.DataFrame):
        yield from found.to_dict("records")
        yield dict(found.attrs)


SHARES = {"p", "accuracy", "consistency", "null_share", "rate", "eta2", "omega2", "icc", "settled", "told", "shrinkage"}
AT_MOST_ONE = {"kappa", "kappa_linear", "kappa_quadratic", "alpha", "omega", "tau_b", "weighted_tau", "spearman", "r"}
NEVER_NEGATIVE = {"variance", "sd", "se", "within", "between", "var_within", "var_between", "tau2", "sem", "slope_se"}
ENDLESS = {"odds_ratio", "delta"}
HELD = ("shrunken", "change", "rate", "equivalent", "cut")
"""The first of these that a row has lies between its ``low`` and ``high``."""


def unlawful(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield each number that cannot be: a probability beyond 1, a spread below 0, an estimate outside its interval."""
    known = {str(name): float(one) for name, one in record.items() if isinstance(one, (float, np.floating, int))}
    known = {name: one for name, one in known.items() if not np.isnan(one)}
    for name, one in known.items():
        share = name in SHARES or name.startswith(("p_", "share_")) or name.endswith(("_p", "_share"))
        low, high = known.get(f"{name}_low", -np.inf), known.get(f"{name}_high", np.inf)
        slack = 1e-9 * max(1.0, abs(one))
        if (
            (share and not -1e-12 <= one <= 1 + 1e-12)
            or (name in AT_MOST_ONE and one > 1 + 1e-12)
            or (name in NEVER_NEGATIVE and one < 0)
            or (np.isinf(one) and name not in ENDLESS)
            or not low - slack <= one <= high + slack
        ):
            yield f"{name} {one} ({low} to {high})"
    held = next((known[name] for name in HELD if name in known), None)
    if held is not None and {"low", "high"} <= set(known):
        slack = 1e-9 * max(1.0, abs(held))
        if not known["low"] - slack <= held <= known["high"] + slack:
            yield f"{held} outside {known['low']} to {known['high']}"
