"""What becomes of the grades when one component weighs more or less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from jifen_analysis.analysis.inputs import HasRecords, Numbers, numbers, reassess, require, scheme_of
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import RuleBook, exact
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.score_range import is_bonus
from jifen_analysis.summaries import Sweep


def sweep(
    result: HasRecords,
    component: str,
    grid: Numbers,
    against: Sequence[str] | None = None,
    *,
    of: Literal["weight", "share"] = "weight",
) -> pd.DataFrame:
    """Assess the same records with one component at every weight of a grid.

    Nothing is approximated: each weight is a scheme of its own, with its bands,
    forced grades, quotas and corrections.

    Parameters
    ----------
    result : Assessment
        With its records.
    component : str
        Id of the component.
    grid : array_like
        Its weights, such as 0.5, 0.6, 0.7.
    against : sequence of str, optional
        The components that give way, in proportion to their weights, so that
        the weights' sum stays; default all others but bonuses.
    of : {"weight", "share"}
        Whether the grid holds weights as the scheme writes them, or shares of its full marks,
        which stay what they are (see ``Scheme.with_shares``).

    Returns
    -------
    DataFrame
        One row for each weight (ascending) and grade (from the highest; every
        grade stays): ``weight``, ``grade``, ``n`` (members and periods). ``attrs``: ``summaries.Sweep``.

    Raises
    ------
    UsageError
        For an unknown component (with the nearest), a weight that leaves the
        others less than nothing, or where no other component gives way or the
        scheme has no grades.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> marks = {"member_id": "1", "period": "2024H1", "group": "members", "mark": 70.0}
    >>> attended = {"member_id": "1", "date": "2024-03-05", "activity": "lecture", "status": "present"}
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame([{"member_id": "1", "branch": "一"}]),
    ...     "attendance": pd.DataFrame([attended]), "evaluations": pd.DataFrame([marks]),
    ... })
    >>> table = sweep(assess(records, read_scheme("community_60_40")), "daily", [0.6, 0.7])
    >>> table[table["grade"] == "优秀"]["n"].tolist()
    [0, 1]
    """
    scheme = scheme_of(result)
    weights = _measured(scheme, component, of)
    others = {name: weights[name] for name in _giving_way(scheme.book, component, against, weights)}
    whole = weights[component] + sum(others.values())
    grades = list(scheme.book.grades)
    if not grades:
        raise UsageError("本方案不划等次", "the scheme has no grades")
    rows, ungraded = [], {}
    for weight in numbers(grid, "权重", "weights").tolist():
        if not 0 <= weight <= round(float(whole), 12):
            raise UsageError(
                f"权重须在 0 与 {float(whole):g} 之间:{weight:g}",
                f"weights lie between 0 and {float(whole):g}: {weight:g}",
            )
        held = reassess(result, _moved(scheme, component, weight, others, whole)).table["grade"]
        rows += [(weight, grade, int((held == grade).sum())) for grade in grades]
        ungraded[weight] = int(held.isna().sum())
    table = pd.DataFrame(rows, columns=["weight", "grade", "n"])
    return Sweep(component, float(weights[component]), list(others), of, ungraded).on(table)


def _measured(scheme: Scheme, component: str, of: str) -> dict[str, Fraction | float]:
    """Return what each component weighs: as written, or, as fractions, of the full marks."""
    weights: dict[str, Fraction | float] = {name: part.weight for name, part in scheme.book.components.items()}
    require(component, weights, "板块", "component")
    if of == "weight":
        return weights
    shares: dict[str, Fraction | float] = dict(scheme.shares)
    require(component, shares, "满分板块", "component with full marks")
    return shares


def _moved(
    scheme: Scheme, component: str, weight: float, others: Mapping[str, Fraction | float], whole: Fraction | float
) -> Scheme:
    """Return the scheme with one component at a weight or share, and the others in their proportion."""
    if isinstance(whole, Fraction):
        named = exact(weight)
        kept = sum(others.values())
        return scheme.with_shares(
            **{component: named}, **{key: (whole - named) * o / kept for key, o in others.items()}
        )
    left, kept = whole - weight, float(sum(others.values()))
    rest: dict[str, Any] = {key: round(left * float(other) / kept, 12) for key, other in others.items()}
    return scheme.with_weights(**{component: weight, **rest})


def _giving_way(
    book: RuleBook, component: str, against: Sequence[str] | None, weights: Mapping[str, Fraction | float]
) -> list[str]:
    known = book.components
    for name in against or ():
        require(name, known, "板块", "component")
    chosen = against if against is not None else [name for name, part in known.items() if not is_bonus(part)]
    others = [name for name in chosen if name != component and weights.get(name, 0) > 0]
    if not others or (against is None and is_bonus(known[component])):
        raise UsageError(
            f"{component} 没有与之分权的板块;请用 against 指定:{', '.join(known)}",
            f"no component shares its weight with {component}; name some with against: {', '.join(known)}",
        )
    return others
