"""The one call: records and a scheme in, an assessment out.

The order is always the same: rows, sums, scores, grades, years, outcomes. What
crosses members is decided once for the whole data set, after the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError
from jifen_analysis.periods import Period, read_period
from jifen_analysis.schemes.model import MarkedItem, RuleBook, walk
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring import corrections as objections
from jifen_analysis.scoring import grade, outcomes, places, score, years
from jifen_analysis.scoring.arrays import Bools, Ints, at_once, everywhere
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.corrections import Corrections
from jifen_analysis.scoring.facts import Facts, known, millionths
from jifen_analysis.scoring.gathering import Asked, Gather, gathered
from jifen_analysis.scoring.grade import Grading
from jifen_analysis.scoring.measures import measured, measured_in_year
from jifen_analysis.scoring.named import blank
from jifen_analysis.scoring.numbered import member_codes
from jifen_analysis.scoring.outcomes import Standing
from jifen_analysis.scoring.queries import UNDATED, of_scheme
from jifen_analysis.scoring.roster import Roster, asked_periods, enrolled, roster, scored_periods
from jifen_analysis.scoring.score import Scores
from jifen_analysis.scoring.settings import Settings
from jifen_analysis.scoring.submissions import Submissions
from jifen_analysis.scoring.tally import Sums
from jifen_analysis.scoring.versions import each_chosen
from jifen_analysis.scoring.working import Working
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary


def assess(
    records: Records,
    scheme: Scheme,
    *,
    periods: Iterable[str] = (),
    as_of: date | None = None,
    corrections: bool = True,
    gather: Gather = gathered,
) -> Assessment:
    """Score, grade and decide what follows.

    Parameters
    ----------
    records : Records
        From ``load`` or ``Records.from_frames``; any number of batches.
    scheme : Scheme
        From ``read_scheme``, or a variant of one.
    periods : iterable of str
        Periods to show, such as ``2024`` or ``2024H1``; all by default. What
        came before still counts for runs, repeats and gains in rank.
    as_of : date, optional
        Provisional: nothing after this day is seen, and what belongs to a
        period that ends later is not yet due.
    corrections : bool
        Lay the decisions after objections over the result.
    gather : callable
        How the records are added up: on this machine, batch by batch, or as
        ``scoring.cluster.on`` says, on others. The result is the same.

    Returns
    -------
    Assessment
        Frozen; its frames are fresh copies.

    Raises
    ------
    InvalidRecords
        Where a mark lies outside what the scheme's item allows.
    UsageError
        Where a period is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]}),
    ...     "attendance": pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"],
    ...                                 "activity": ["lecture"], "status": ["late"]}),
    ...     "evaluations": pd.DataFrame({"member_id": ["00001"], "period": ["2024H1"],
    ...                                  "group": ["committee"], "mark": [85.0]}),
    ... })
    >>> assess(records, read_scheme("community_60_40")).table["total"].tolist()
    [91.6]
    """
    asked = tuple(periods)
    settings = Settings(asked, as_of, corrections)
    shown = _asked(asked, scheme)
    scored = tuple(sorted({*_known_periods(records, scheme, as_of), *shown}))
    working = work(records, scheme, scored, settings, gather)
    again = partial(work, records, scheme, scored, replace(settings, corrections=False), gather)
    return Assessment.of(working, records, scheme, settings, shown or scored, again)


def _asked(asked: tuple[str, ...], scheme: Scheme) -> tuple[Period, ...]:
    read = [read_period(text) for text in asked]
    wrong = [text for text, period in zip(asked, read, strict=True) if period is None]
    shown = asked_periods([period for period in read if period is not None], scheme.period)
    if wrong or (asked and not shown):
        said = "、".join(wrong or asked)
        raise UsageError(
            f"“{said}”不是本方案的考核期;本方案按{_KIND[scheme.period]}考核,可写 2024 或 {_EXAMPLE[scheme.period]}",
            f"“{said}” is no period of this scheme, which scores by {scheme.period}: 2024 or {_EXAMPLE[scheme.period]}",
        )
    return shown


_KIND = {"year": "年", "half": "半年", "quarter": "季度", "month": "月"}
_EXAMPLE = {"year": "2024", "half": "2024H1", "quarter": "2024Q1", "month": "2024-01"}


def _known_periods(records: Records, scheme: Scheme, as_of: date | None) -> tuple[Period, ...]:
    found = scored_periods(records, scheme.period)
    return tuple(period for period in found if as_of is None or period.first_day <= as_of)


def work(
    records: Records,
    scheme: Scheme,
    periods: tuple[Period, ...],
    settings: Settings,
    gather: Gather = gathered,
) -> Working:
    """Compute everything for some periods."""
    versions = [scheme.on(period.first_day) for period in periods] or [scheme]
    distinct = list({one.digest: one for one in versions}.values())
    books = tuple(one.book for one in distinct)
    digests = [one.digest for one in distinct]
    rows = enrolled(roster(records, periods), books[-1])
    version = np.array([digests.index(one.digest) for one in versions], dtype="int64")[rows.period]
    words = scheme.words
    queries = frozenset({UNDATED, *(query for book in books for query in of_scheme(book, words))})
    asked = Asked(queries, _marked(books), settings.as_of)
    sums, given = gather(records, rows, asked).answers(rows, asked, records.vocabulary)
    _refuse_marks(records, rows, books)
    changed = (
        objections.corrections(records, books[-1], rows, settings.as_of)
        if settings.corrections
        else objections.none(rows)
    )
    return _decide(books, version, rows, words, sums, given, changed)


def _marked(books: tuple[RuleBook, ...]) -> dict[str, tuple[str, ...]]:
    """Return every marked item with the names under which its marks may be sent."""
    return {
        key: tuple(name for name in (key, item.title) if name)
        for book in books
        for component in book.components.values()
        for key, item in component.items.items()
        if isinstance(item, MarkedItem)
    }


def _decide(
    books: tuple[RuleBook, ...],
    version: Ints,
    rows: Roster,
    words: Vocabulary,
    sums: Sums,
    given: Submissions,
    changed: Corrections,
) -> Working:
    book = books[-1]
    facts = _measured(books, version, Facts(rows, words, sums, {}, blank(len(rows)), {}))
    written = _written(books)
    lost = [name.removeprefix("lost.") for name in written if name.startswith("lost.")]
    scored = score.spliced([score.scores(one, facts, given, changed.points, lost) for one in books], version)
    raw = known(scored.total, rows.scored)
    facts = facts.with_values(**_score_values(scored, raw, rows))
    grading = grade.spliced([grade.graded(one, facts, raw, changed.grade) for one in books], version)
    whole, entered = millionths(grading.total), rows.counted & ~np.isnan(grading.total)
    groups = rows.groups("branch"), rows.period
    of_branch, overall = at_once(lambda group: places.ranks(whole, group, entered), groups)
    gain = {"rank_gain": _gain(of_branch, rows)} if "rank_gain" in written else {}
    facts = replace(facts.with_values(total=grading.total, **gain), grade=grading.grade)
    of_last = version[rows.years.last]
    graded_years = years.spliced(
        [years.year_grading(one, facts, grading.total, changed.year_grade) for one in books], of_last
    )
    stands = outcomes.spliced([outcomes.period_outcomes(one, facts) for one in books], version)
    flags = _flags(rows, sums, scored, grading, changed, stands)
    of_years = outcomes.spliced([outcomes.year_outcomes(one, graded_years.years) for one in books], of_last)
    facts = replace(facts, stands={name: one.stands for name, one in stands.items()})
    of_year = replace(graded_years.years, facts=facts, stands={name: one.stands for name, one in of_years.items()})
    return Working(
        book, books, version, facts, scored, grading, replace(graded_years, years=of_year), changed,
        of_branch, overall, flags, stands, of_years,
    )  # fmt: skip


def _measured(books: tuple[RuleBook, ...], version: Ints, facts: Facts) -> Facts:
    facts = facts.with_values(**each_chosen([measured(book.measures, facts) for book in books], version, np.nan))
    in_years = [measured_in_year(book.measures, facts) for book in books]
    return facts.with_values(**each_chosen(in_years, version, np.nan))


def _written(books: tuple[RuleBook, ...]) -> frozenset[str]:
    """Return every word that a scheme writes: a measure that is not among them is asked for by nobody."""
    return frozenset(word for book in books for _, word in walk(book) if isinstance(word, str))


def _score_values(scored: Scores, total: np.ndarray, rows: Roster) -> dict[str, np.ndarray]:
    lost = {f"lost.{name}": values for name, values in scored.lost.items()}
    own = {name: known(values, rows.scored) for name, values in (*scored.components.items(), *lost.items())}
    return {"total": total, **own, "rank_gain": everywhere(np.nan, (len(rows),))}


def _gain(rank: Ints, rows: Roster) -> np.ndarray:
    """Return by how many places each member rose in the branch since the period before."""
    earlier = np.where(rows.before >= 0, rank[rows.before], 0)
    return np.where((earlier > 0) & (rank > 0), earlier - rank, np.nan)


def _flags(
    rows: Roster,
    sums: Sums,
    scored: Scores,
    grading: Grading,
    changed: Corrections,
    outcomes: Mapping[str, Standing],
) -> dict[str, Bools]:
    """Return who has which flag; ``not_assessed`` and ``exempt`` stand alone."""
    none = np.zeros(len(rows), bool)
    tied = np.logical_or.reduce(
        [scored.flags.get("quota_tied", none), grading.flags["quota_tied"], *(o.tied for o in outcomes.values())]
    )
    found = {
        "incomplete": np.isnan(grading.total),
        "evaluation_partial": scored.flags.get("evaluation_partial", none),
        "part_period": rows.part,
        "dues_undated": sums[UNDATED] > 0 if _reads_dues(sums) else none,
        "veto": grading.flags["veto"],
        "forced": grading.flags["forced"],
        "quota_tied": tied,
        "ballot_gap": scored.flags.get("ballot_gap", none),
        "review": scored.flags.get("review", none),
        "category_assumed": rows.assumed,
        "corrected": changed.touched,
    }
    alone = {"exempt": rows.inside & rows.exempt, "not_assessed": rows.inside & ~rows.assessed}
    return {name: where & rows.scored for name, where in found.items()} | alone


def _reads_dues(sums: Sums) -> bool:
    return any(query.table == "dues" and query != UNDATED for query in sums)


# ---------------------------------------------------------------- marks out of range


def _refuse_marks(records: Records, rows: Roster, books: tuple[RuleBook, ...]) -> None:
    batches = records.batches("marks")
    problems = [p for marks in batches for book in books for p in _marks_too_high(records, marks, rows, book)]
    if problems:
        raise InvalidRecords(dict.fromkeys(problems))


def _marks_too_high(records: Records, frame: pd.DataFrame, rows: Roster, book: RuleBook) -> Iterator[Problem]:
    for component in book.components.values():
        for key, item in component.items.items():
            if not isinstance(item, MarkedItem):
                continue
            mine = frame[frame["item"].isin([key, item.title]).to_numpy()]
            for at, most in _too_high(mine, rows, item):
                yield _mark_problem(records, mine.iloc[at], item, most)


def _too_high(marks: pd.DataFrame, rows: Roster, item: MarkedItem) -> Iterator[tuple[int, float]]:
    """Yield the marks above the most that the member can have in any period, with that; strangers can have any."""
    asked = rows.inside & rows.are(item.who)
    full = np.array([item.most(category) for category in rows.categories])[rows.category]
    most = np.full(len(rows.ids) + 1, -np.inf)
    np.maximum.at(most, rows.member[asked], full[asked])
    mine = np.where(np.isinf(most), np.inf, most)[member_codes(marks["member_id"], rows.ids)]
    for at in np.flatnonzero(marks["mark"].to_numpy() > mine):
        yield int(at), float(mine[at])


def _mark_problem(records: Records, row: pd.Series, item: MarkedItem, most: float) -> Problem:
    file, sheet, cell = records.address(row, "mark")
    text = Text(
        f"“{item.title}”得分 {row['mark']:g} 超过满分 {most:g}",
        f"the mark {row['mark']:g} is above the full mark {most:g}",
    )
    return Problem("error", "mark_too_high", text, file, sheet, cell, f"{row['mark']:g}")
