"""How robust ranks and grades are against the choice of weights: of one component, or of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import (
    Floats,
    HasRecords,
    Ints,
    Numbers,
    as_frame,
    as_number,
    as_series,
    floats,
    millionths,
    must_be,
    numbers,
    reassess,
    require,
    scheme_of,
)
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import RuleBook, exact
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.score_range import is_bonus
from jifen_analysis.summaries import Acceptability, Sweep


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


CELLS = 1 << 18
"""Totals held at a time: two megabytes, so that a chunk stays in the processor's cache."""

RANK_CELLS = 1 << 22
"""Most cells of the table of ranks: 2,048 members at every rank; of more members only the best ranks."""

CONCENTRATION = 50.0
"""How closely weights are drawn around given ones: a weight of 0.6 then has a standard deviation of 0.07."""


def acceptability(
    components: pd.DataFrame,
    weights: Mapping[str, float] | pd.Series | None = None,
    n: int = 2000,
    concentration: float | None = None,
    seed: int = 0,
    top: int | None = None,
    cuts: Mapping[str, float] | pd.Series | None = None,
) -> Acceptability:
    """Draw many weightings and count under how many each member holds each rank and grade.

    Parameters
    ----------
    components : DataFrame of shape (members, k)
        Component scores in points, the higher the better. Points added outside
        the weights (a bonus) are added to every component: weights sum to 1, so
        the total then has them once. Members with a missing component are left out.
    weights : mapping or Series by component, optional
        Positive weights to draw around; they are scaled to sum to 1. Without
        them every weighting is equally likely.
    n : int
        Number of weightings.
    concentration : float, optional
        How closely to draw around ``weights``, or around equal weights without
        them (the Dirichlet parameters' sum); default 50, and without weights k,
        which makes every weighting equally likely.
    seed : int
        Of numpy's default generator; the same seed gives the same numbers.
    top : int, optional
        Number of places.
    cuts : mapping of grade to cut score, optional
        A total, at 6 decimals, that reaches the cut has the grade; give the
        lowest grade ``-inf``. Totals below all cuts count under ``""``.

    Returns
    -------
    Acceptability
        Probabilities as shares of the n draws.

    Raises
    ------
    UsageError
        Where no member or component is left, weights do not fit the components
        or are not positive, or n, concentration or top is not positive.

    Notes
    -----
    Stochastic multicriteria acceptability analysis: Lahdelma & Salminen (2001),
    SMAA-2, Operations Research 49, 444-454. Totals become whole millionths with
    the member's number in the lowest bits, so that one sort of integers gives
    order and ties; 20,000 members under 2,000 weightings need about 100 MB.

    Examples
    --------
    >>> scores = pd.DataFrame({"daily": [90.0, 80, 70], "evaluation": [70.0, 95, 60]}, index=["1", "2", "3"])
    >>> found = acceptability(scores, top=1)
    >>> found.ranks.loc["3"].tolist(), bool(0.65 < found.in_top["2"] < 0.75)
    ([0.0, 0.0, 1.0], True)
    """
    whole = as_frame(components, "分项得分", "component scores").dropna()
    alpha = _alpha(whole.columns, weights, concentration)
    _check_sizes(whole, n, top)
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise UsageError(f"seed 须为不小于 0 的整数:{seed}", f"the seed must be a whole number, not negative: {seed}")
    draws = np.random.default_rng(seed).dirichlet(alpha, n)
    lines = _lines(cuts)
    counts = _counted(_totals(draws, whole.to_numpy()), len(whole), top, list(lines.values()))
    said = {"n": n, "seed": seed, "alpha": dict(zip(whole.columns, alpha.tolist(), strict=True)), "top": top}
    return Acceptability(
        *_shares(counts, whole.index, n, lines, top), said | {"left_out": len(components) - len(whole)}
    )


def _alpha(names: pd.Index, weights: Mapping[str, float] | pd.Series | None, concentration: float | None) -> Floats:
    centre = dict.fromkeys(names, 1.0) if weights is None else weights
    usual = len(names) if weights is None else CONCENTRATION  # all parameters 1: uniform on the simplex
    given = floats(as_series(centre, "权重", "weights"), "权重", "weights")
    for name in [*given.index, *names]:
        require(name, names if name in given.index else given.index, "分项权重", "component weight")
    close = as_number(usual if concentration is None else concentration, "集中度", "the concentration")
    if not (given > 0).all() or not close > 0:
        raise UsageError(
            f"权重和集中度须大于 0:{given.to_dict()}、{close}",
            f"weights and concentration must be positive: {given.to_dict()}, {close}",
        )
    return (given[names] * close / given.sum()).to_numpy("float64")


def _lines(cuts: Mapping[str, float] | pd.Series | None) -> dict[str, float]:
    """Return the cuts, the highest first."""
    if cuts is None:
        return {}
    must_be(
        cuts, (Mapping, pd.Series), "分数线须按等次给出,如 {'优秀': 90}", "cuts are given by grade, as {'优秀': 90}"
    )
    found = {str(name): -np.inf if cut == -np.inf else as_number(cut, "分数线", "a cut") for name, cut in cuts.items()}
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def _check_sizes(whole: pd.DataFrame, n: int, top: int | None) -> None:
    if not len(whole) or not len(whole.columns):
        raise UsageError("没有各分项都有分数的人", "no member has a score in every component")
    if not _positive(n) or not (top is None or _positive(top)):
        raise UsageError(f"n 与 top 须为正整数:{n}、{top}", f"n and top must be positive: {n}, {top}")
    if np.abs(whole.to_numpy()).max() * 1e6 >= 2.0 ** (62 - (len(whole) - 1).bit_length()):
        raise UsageError("分数过大", "scores are too large")


def _positive(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and bool(value >= 1)


def _totals(draws: Floats, scores: Floats) -> Iterator[Ints]:
    """Yield totals in millionths, some weightings at a time: shape (weightings, members).

    Components are added in their order, not by a matrix product, whose last bits
    depend on where in the matrix a member stands.
    """
    columns, step = np.ascontiguousarray(scores.T), max(1, CELLS // len(scores))
    for at in range(0, len(draws), step):
        some = draws[at : at + step].T[:, :, None]
        yield millionths(sum(weight * column for weight, column in zip(some, columns, strict=True)))


def _places(totals: Ints) -> tuple[Ints, Ints]:
    """Return the members of each row, the highest total first, and the first place of each one's tie, from 0."""
    bits, place = (totals.shape[1] - 1).bit_length(), np.arange(totals.shape[1])
    keys = (-totals << bits) | place
    keys.sort(axis=1)
    scores = keys >> bits
    starts = np.zeros(keys.shape, np.int32)
    np.multiply(place[1:], scores[:, 1:] != scores[:, :-1], out=starts[:, 1:], casting="unsafe")
    return keys & ((1 << bits) - 1), np.maximum.accumulate(starts, axis=1, out=starts)


def _member_ranks(order: Ints, first: Ints) -> Ints:
    ranks = np.empty_like(first)
    for row, who, place in zip(ranks, order, first, strict=True):
        row[who] = place + 1
    return ranks


@dataclass(frozen=True)
class _Counts:
    """Sums over all weightings, by member: of ranks, of ranks held, of places in the top, of cuts reached."""

    ranks: Ints
    summed: Ints
    best: Ints
    worst: Ints
    in_top: Ints
    reached: Ints


def _counted(chunks: Iterator[Ints], members: int, top: int | None, cuts: list[float]) -> _Counts:
    shown, places = min(members, max(1, RANK_CELLS // members)), min(top or members, members)
    held = np.zeros(members * shown, np.int64)
    summed, best, worst, in_top = (np.full(members, start, np.int64) for start in (0, members, 1, 0))
    reached, lines = np.zeros((len(cuts), members), np.int64), [_line(cut) for cut in cuts]
    for totals in chunks:
        order, first = _places(totals)
        ranks = _member_ranks(order, first)
        np.add.at(held, order[:, :shown] * shown + first[:, :shown], 1)
        summed += ranks.sum(axis=0)
        np.minimum(best, ranks.min(axis=0), out=best)
        np.maximum(worst, ranks.max(axis=0), out=worst)
        if places < members:  # a tie that reaches beyond the last place begins where the next member's tie begins
            in_top += (ranks <= first[:, [places]]).sum(axis=0)
        for line, sums in zip(lines, reached, strict=True):
            sums += (totals >= line).sum(axis=0)
    return _Counts(held.reshape(members, shown), summed, best, worst, in_top, reached)


def _line(cut: float) -> int:
    return np.iinfo(np.int64).min if cut == -np.inf else int(millionths(cut))


def _shares(
    counts: _Counts, members: pd.Index, n: int, lines: Mapping[str, float], top: int | None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series | None, pd.DataFrame | None]:
    ranks = pd.DataFrame(
        counts.ranks / n, index=members, columns=pd.RangeIndex(1, counts.ranks.shape[1] + 1, name="rank")
    )
    spread = {"mean_rank": counts.summed / n, "best_rank": counts.best, "worst_rank": counts.worst}
    in_top = (
        None
        if top is None
        else pd.Series(counts.in_top / n if top < len(members) else 1.0, index=members, name="in_top")
    )
    bands = np.diff(counts.reached, axis=0, prepend=0, append=n) / n
    grades = pd.DataFrame(bands.T, index=members, columns=pd.Index([*lines, ""], name="grade")) if lines else None
    return ranks, pd.DataFrame(spread, index=members), in_top, grades
