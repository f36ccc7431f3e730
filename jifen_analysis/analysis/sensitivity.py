"""Which of the choices that nobody can prove right moves the grades most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import (
    Bools,
    Floats,
    Ints,
    as_number,
    must_be,
    reassess,
    require,
    scheme_of,
    table_of,
)
from jifen_analysis.errors import JifenError, UsageError
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.regrade import grade_codes
from jifen_analysis.scoring.score import Scores
from jifen_analysis.summaries import Choices, Indices

Model = Callable[[Floats], np.ndarray]
"""Takes points of shape (columns, m), each uniform on (0, 1); returns outputs of shape (m,) or (outputs, m)."""

MOST_CELLS = 1 << 28
"""Outputs times evaluations at most: as bytes, a quarter of a gigabyte."""

RESAMPLES = 400
_CONFIDENCE = 0.95


def indices(model: Model, factors: Mapping[str, int], n: int = 1024, seed: int = 0) -> pd.DataFrame:
    """Say which share of the variance of a model's outputs each factor decides.

    Parameters
    ----------
    model : callable
        Takes points of shape (columns, m), uniform and independent on (0, 1);
        returns outputs of shape (m,) or (outputs, m), whose variances are added.
    factors : mapping of str to int
        Two or more, each with how many of the columns are its own, in order.
    n : int
        A power of two; the model is evaluated n (factors + 2) times.
    seed : int
        Of the scrambled Sobol' sequence.

    Returns
    -------
    DataFrame
        One row a ``factor``: ``first`` (what it decides alone), ``total`` (with
        all that it does together with others) and their 95 % intervals
        ``first_low``, ``first_high``, ``total_low``, ``total_high`` (points drawn
        anew); ``moved``, the mean share of the outputs that are another when this
        factor alone is drawn anew. ``attrs``: ``summaries.Indices``.

    Raises
    ------
    UsageError
        For fewer than two factors, an n that is no power of two from 8, or too
        many outputs to hold.

    Notes
    -----
    Sobol' (2001), Mathematics and Computers in Simulation 55, 271-280; estimator
    of Saltelli et al. (2010), Computer Physics Communications 181, 259-270, in
    scipy; several outputs together: Gamboa, Janon, Klein & Lagnoux (2014),
    Electronic Journal of Statistics 8, 575-603.

    Examples
    --------
    >>> table = indices(lambda x: 2 * x[0] + x[1], {"a": 1, "b": 1}, n=256)
    >>> table.set_index("factor")[["first", "total"]].round(1).values.tolist()
    [[0.8, 0.8], [0.2, 0.2]]
    """
    if len(factors) < 2:
        raise UsageError("至少要有两项可变的取法才谈得上哪项更要紧", "two factors are needed to say which matters more")
    _check_draws(n, seed)
    first, second, mixed = _points(factors, n, seed)
    outputs = [np.atleast_2d(model(points)) for points in (first, second, *mixed)]
    whole = np.stack(outputs)
    moving = (whole != whole[:1, :, :1]).any(axis=(0, 2))
    moved = (whole[2:] != whole[0]).mean(axis=(1, 2))
    table = pd.DataFrame({"factor": list(factors), **_indices(whole[:, moving], n, seed), "moved": moved})
    return Indices(n, seed, n * len(whole), whole.shape[1], int((~moving).sum())).on(table)


def _check_draws(n: int, seed: int) -> None:
    """Refuse a number of points that is no power of two, or a seed that is none."""
    if not isinstance(n, (int, np.integer)) or n < 8 or n & (n - 1):
        raise UsageError(f"抽样数须为 8 以上的 2 的幂:{n}", f"n must be a power of two, 8 at least: {n}")
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise UsageError(f"seed 须为不小于 0 的整数:{seed}", f"the seed must be a whole number, not negative: {seed}")


def _points(factors: Mapping[str, int], n: int, seed: int) -> tuple[Floats, Floats, list[Floats]]:
    """Return two samples, and for each factor the first with the columns of that factor from the second."""
    columns = sum(factors.values())
    drawn = stats.qmc.Sobol(2 * columns, rng=np.random.default_rng(seed)).random(n).T
    first, second = drawn[:columns], drawn[columns:]
    owner = np.repeat(np.arange(len(factors)), list(factors.values()))
    return first, second, [np.where((owner == at)[:, None], second, first) for at in range(len(factors))]


def _indices(outputs: np.ndarray, n: int, seed: int) -> dict[str, Floats]:
    """Return first and total indices with their intervals; missing where nothing moves."""
    names = [f"{kind}{end}" for kind in ("first", "total") for end in ("", "_low", "_high")]
    if not outputs.shape[1]:
        return dict.fromkeys(names, np.full(len(outputs) - 2, np.nan))
    f_a, f_b, *f_ab = outputs.astype("float64")
    known = {"f_A": f_a, "f_B": f_b, "f_AB": np.stack(f_ab)}
    found = stats.sobol_indices(func=known, n=n, method=_of_all)
    centre = (f_a + f_b).mean(axis=1, keepdims=True) / 2
    parts = _parts(f_a - centre, f_b - centre, known["f_AB"] - centre)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), RESAMPLES) / n
    tails = [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2]
    ends = [np.quantile(side, tails, axis=0) for side in _index_ratios(parts, weights)]
    values = [found.first_order, *ends[0], found.total_order, *ends[1]]
    return dict(zip(names, values, strict=True))


def _of_all(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:  # noqa: N803 # as scipy calls them
    """Return the indices of all outputs together: their partial variances added, over their variances added."""
    n = f_A.shape[1]
    first, total = _index_ratios(_parts(f_A, f_B, f_AB), np.full((1, n), 1 / n))
    return first[0], total[0]


def _parts(f_a: Floats, f_b: Floats, f_ab: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what each point adds: to the partial variances, first and total, of each factor, and to the variance."""
    alone = (f_b * (f_ab - f_a)).sum(axis=1).T
    together = ((f_a - f_ab) ** 2).sum(axis=1).T / 2
    return alone, together, ((f_a**2 + f_b**2) / 2).sum(axis=0)


def _index_ratios(parts: tuple[Floats, Floats, Floats], weights: Floats) -> tuple[Floats, Floats]:
    alone, together, whole = parts
    variance = (weights @ whole)[:, None]
    return weights @ alone / variance, weights @ together / variance


# ---------------------------------------------------------------- choices


TREATMENTS = ("shared", "lowest", "highest")
"""A missing group of evaluators: its weight shared out, as the scheme has it, or its lowest or highest mark put in."""

LEAST_SHARE = 0.01
"""No component's share of the full marks is drawn below this."""


def choices(
    result: Assessment,
    missing: pd.DataFrame | None = None,
    *,
    shares: float = 0.05,
    cuts: float = 1.0,
    readings: Sequence[str] | None = None,
    period: str | None = None,
    n: int = 128,
    seed: int = 0,
) -> pd.DataFrame:
    """Say which choice moves the grades most, of all that could have been made otherwise.

    All are varied together: each component's share of the full marks, each cut
    score, what stands in for a group of evaluators that is missing, and which
    reading of the text is taken. Every draw is graded whole, with forced grades,
    quotas and corrections.

    Parameters
    ----------
    result : Assessment
        With its records.
    missing : DataFrame, optional
        What ``evaluators.partial`` returned; without it the treatment of missing
        groups is not varied.
    shares : float
        By how much a share is drawn more or less, before they are scaled to sum
        to 1; .05 is five percentage points, 0 leaves them.
    cuts : float
        By how many points a cut score is drawn higher or lower; 0 leaves them.
    readings : sequence of str, optional
        Readings of the scheme, each as likely as the text as it is read; default
        all it has.
    period : str, optional
        Default the last with totals.
    n : int
        A power of two: the grades are decided n (choices + 2) times.
    seed : int
        The same seed gives the same numbers.

    Returns
    -------
    DataFrame
        One row a ``factor``, that which decides most first: ``weights``, ``cut.``
        and the grade, ``missing``, ``reading``; ``first``, ``total`` (Sobol'
        indices of the members' grades, in steps, all members together) with 95 %
        intervals ``first_low``, ``first_high``, ``total_low``, ``total_high``;
        ``moved``: the mean share of the members whose grade is another when this
        choice alone is made anew. ``attrs``: ``summaries.Choices``.

    Raises
    ------
    UsageError
        Where the result has no records, the scheme no grades, fewer than two
        choices can be varied, a number is negative, a reading is unknown, or
        there are too many members for so many draws.

    Notes
    -----
    See ``indices``. What decides most does so within the ranges given: they are
    the question. Saltelli et al. (2008), Global Sensitivity Analysis: The Primer.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> ids = [f"{n:02d}" for n in range(40)]
    >>> members = pd.DataFrame({"member_id": ids, "branch": "一"})
    >>> present = pd.DataFrame({"member_id": ids, "date": "2024-03-05", "activity": "lecture", "status": "present"})
    >>> marks = pd.DataFrame({"member_id": ids, "mark": np.linspace(60, 99, 40), "period": "2024H1"})
    >>> tables = {"members": members, "attendance": present, "evaluations": marks.assign(group="members")}
    >>> records = Records.from_frames(tables)
    >>> table = choices(assess(records, read_scheme("community_60_40")), readings=[], n=64)
    >>> sorted(table["factor"])
    ['cut.优秀', 'cut.合格', 'weights']
    """
    scheme = scheme_of(result)
    _check_draws(n, seed)
    apart = as_number(shares, "占比的幅度", "the range of shares"), as_number(cuts, "分数线的幅度", "the range of cuts")
    if min(apart) < 0:
        raise UsageError(f"幅度不能为负:{apart}", f"ranges must not be negative: {apart}")
    if not scheme.book.grades:
        raise UsageError("本方案不划等次", "the scheme has no grades")
    chosen = _period(result) if period is None else period
    require(chosen, result.table["period"].astype("str").unique(), "考核期", "period")
    names = list(scheme.book.readings) if readings is None else list(readings)
    for name in names:
        require(name, scheme.book.readings, "读法", "reading")
    office = _Office.of(result, scheme, names, chosen, missing)
    factors = _factors(office, apart)
    _check_cells(int(office.rows.sum()), n * (len(factors) + 2))
    table = indices(_model(office, factors, apart), factors, n, seed)
    drawn = Indices.read(table)
    table = table.sort_values(["total", "factor"], ascending=[False, True], ignore_index=True)
    return Choices(
        int(office.rows.sum()),
        drawn.still,
        *apart,
        names,
        period=chosen,
        missing=int(office.gaps.any(axis=(0, 1)).sum()),
        n=drawn.n,
        seed=drawn.seed,
        evaluations=drawn.evaluations,
    ).on(table)


def _check_cells(members: int, draws: int) -> None:
    if members * draws > MOST_CELLS:
        raise UsageError(
            f"人太多,放不下这么多次:{members} 人 × {draws} 次;请减小 n",
            f"too many members for so many draws: {members} by {draws}; lower n",
        )


def _period(result: Assessment) -> str:
    known = result.table.dropna(subset="total")["period"].astype("str")
    if known.empty:
        raise UsageError("还没有人有总分", "nobody has a total yet")
    return max(known.unique(), key=Period.parse)


@dataclass(frozen=True)
class _Office:
    """Everything that is decided anew: a working for each reading, the rows of the period, what is missing.

    Parameters
    ----------
    workings : tuple of Computation
        As the text is read, then under each reading.
    rows : ndarray of bool
        Who has a grade as the text is read, or under a reading, of the rows.
    names : tuple of str
        Components, as the gaps have them.
    gaps : ndarray of float, shape (2, components, rows)
        What a component would lose by the lowest and by the highest mark of a missing group.
    full : mapping of str to float
        The components' shares of the full marks.
    """

    workings: tuple[Computation, ...]
    rows: Bools
    names: tuple[str, ...]
    gaps: Floats
    full: Mapping[str, float]

    @classmethod
    def of(
        cls, result: Assessment, scheme: Scheme, readings: list[str], period: str, missing: pd.DataFrame | None
    ) -> _Office:
        """Score the period under every reading."""
        schemes = [scheme, *(scheme.variant(name) for name in readings)]
        workings = [one for each in schemes if (one := reassess(result, each, [period]).working) is not None]
        roster = workings[0].roster
        place = [str(one) for one in roster.periods].index(period)
        graded = [grade_codes(one, one.books, one.scores) > 0 for one in workings]
        rows = roster.scored & (roster.period == place) & np.any(graded, axis=0)  # who waits for a total keeps no grade
        names = tuple(scheme.book.components)
        ids = pd.Index(roster.ids[roster.member]).where(rows)  # of this period alone
        return cls(tuple(workings), rows, names, _gaps(workings[0], ids, period, names, missing), _full(scheme))

    @cached_property
    def lines(self) -> dict[str, float]:
        """The cut scores of the text as it is read."""
        return {name: one.cut for name, one in self.workings[0].book.grades.items() if one.cut is not None}

    def scores(self, reading: int, treatment: int) -> Scores:
        """Return the scores under a reading, missing groups treated one way."""
        scores = self.workings[reading].scores
        if treatment == 0:
            return scores
        parts = {name: scores.components[name] - self.gaps[treatment - 1, at] for at, name in enumerate(self.names)}
        return replace(scores, components={**scores.components, **parts})


def _full(scheme: Scheme) -> Mapping[str, float]:
    """Return the shares that can be shifted; none where the scheme has no two components with full marks."""
    try:
        shares = {name: float(share) for name, share in scheme.shares.items()}
    except JifenError:  # full marks are not the same for everybody
        return {}
    return shares if len(shares) > 1 else {}


def _gaps(
    working: Computation, ids: pd.Index, period: str, names: tuple[str, ...], missing: pd.DataFrame | None
) -> Floats:
    """Return by row what the component was given too much, by the lowest mark and by the highest."""
    gaps = np.zeros((2, len(names), len(ids)))
    if missing is None or (isinstance(missing, pd.DataFrame) and missing.empty):
        return gaps
    must_be(missing, pd.DataFrame, "missing 须是 partial 的结果", "missing must be what partial returned")
    table_of(missing, "member_id", "period", "component", "gain_low", "gain_high")
    mine = missing[missing["period"].astype("str") == period].dropna(subset=["gain_low", "gain_high"])
    for at, name in enumerate(names):
        gains = mine[mine["component"] == name].groupby("member_id")[["gain_high", "gain_low"]].sum()
        weight = np.asarray(working.scores.weights[name], "float64")
        points = gains.reindex(ids).fillna(0).to_numpy().T
        gaps[:, at] = np.divide(points, weight, out=np.zeros_like(points), where=weight > 0)
    return gaps


def _factors(office: _Office, apart: tuple[float, float]) -> dict[str, int]:
    """Return what can be chosen otherwise, and how many numbers each takes to draw."""
    found = {"weights": len(office.full)} if apart[0] and office.full else {}
    found |= {f"cut.{name}": 1 for name in office.lines} if apart[1] else {}
    found |= {"missing": 1} if office.gaps.any() else {}
    return found | ({"reading": 1} if len(office.workings) > 1 else {})


def _model(office: _Office, factors: Mapping[str, int], apart: tuple[float, float]) -> Model:
    """Return what grades everybody at each of some points."""
    starts = dict(zip(factors, np.cumsum([0, *factors.values()]).tolist(), strict=False))

    def level(point: Floats, name: str, levels: int) -> int:
        return int(point[starts[name]] * levels) if name in starts else 0

    def graded(point: Floats) -> Ints:
        reading = level(point, "reading", len(office.workings))
        scores = office.scores(reading, level(point, "missing", len(TREATMENTS)))
        ratios = _ratios(office.full, point[: factors.get("weights", 0)], apart[0])
        moves = {
            name: apart[1] * (2 * point[starts[f"cut.{name}"]] - 1) for name in office.lines if f"cut.{name}" in starts
        }
        working = office.workings[reading]
        books = tuple(_revised(book, ratios, moves) for book in working.books)
        return grade_codes(working, books, scores)[office.rows].astype("int8")

    return lambda points: np.stack([graded(point) for point in points.T], axis=1)


def _ratios(full: Mapping[str, float], drawn: Floats, apart: float) -> dict[str, float]:
    """Return by what each component's weight is multiplied, so that shares shift and still sum to 1."""
    if not len(drawn):
        return {}
    shares = np.array(list(full.values()))
    shifted = np.maximum(shares + apart * (2 * drawn - 1), np.minimum(shares, LEAST_SHARE))
    return dict(zip(full, (shifted / shifted.sum() / shares).tolist(), strict=True))


def _revised(book: RuleBook, ratios: Mapping[str, float], moves: Mapping[str, float]) -> RuleBook:
    """Return a rule book with other weights and cut scores; nothing is read anew."""
    parts = {
        name: part.model_copy(update={"weight": part.weight * ratios[name]}) if name in ratios else part
        for name, part in book.components.items()
    }
    grades = {}
    for name, grade in book.grades.items():
        side = "at_least" if grade.at_least is not None else "above"
        moved = grade.cut is not None and name in moves
        grades[name] = grade.model_copy(update={side: (grade.cut or 0.0) + moves[name]}) if moved else grade
    return book.model_copy(update={"components": parts, "grades": grades})
