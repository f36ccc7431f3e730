"""What becomes of the grades when one component weighs more or less."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jifen_analysis.analysis.inputs import HasRecords, Numbers, assessed, numbers, require, scheme_of
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.spans import is_bonus


def sweep(result: HasRecords, component: str, grid: Numbers, against: Sequence[str] | None = None) -> pd.DataFrame:
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

    Returns
    -------
    DataFrame
        One row for each weight (ascending) and grade (from the highest; every
        grade stays): ``weight``, ``grade``, ``n`` (members and periods). ``attrs``: ``component``, ``against``,
        ``current`` (the scheme's own weight), ``ungraded`` (rows without a
        grade, by weight).

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
    weights = {name: part.weight for name, part in scheme.book.components.items()}
    require(component, weights, "板块", "component")
    others = {name: weights[name] for name in _giving_way(scheme.book, component, against)}
    share = weights[component] + sum(others.values())
    grades = list(scheme.book.grades)
    if not grades:
        raise UsageError("本方案不划等次", "the scheme has no grades")
    rows, ungraded = [], {}
    for weight in numbers(grid, "权重", "weights").tolist():
        rest = {name: round((share - weight) * other / sum(others.values()), 12) for name, other in others.items()}
        if min(weight, *rest.values()) < 0:
            raise UsageError(
                f"权重须在 0 与 {share:g} 之间:{weight:g}", f"weights lie between 0 and {share:g}: {weight:g}"
            )
        held = assessed(result, scheme.with_weights(**{component: weight}, **rest)).table["grade"]
        rows += [(weight, grade, int((held == grade).sum())) for grade in grades]
        ungraded[weight] = int(held.isna().sum())
    table = pd.DataFrame(rows, columns=["weight", "grade", "n"])
    table.attrs = {"component": component, "against": list(others)}
    table.attrs |= {"current": weights[component], "ungraded": ungraded}
    return table


def _giving_way(book: RuleBook, component: str, against: Sequence[str] | None) -> list[str]:
    known = book.components
    for name in against or ():
        require(name, known, "板块", "component")
    chosen = against if against is not None else [name for name, part in known.items() if not is_bonus(part)]
    others = [name for name in chosen if name != component and known[name].weight > 0]
    if not others or (against is None and is_bonus(known[component])):
        raise UsageError(
            f"{component} 没有与之分权的板块;请用 against 指定:{', '.join(known)}",
            f"no component shares its weight with {component}; name some with against: {', '.join(known)}",
        )
    return others
