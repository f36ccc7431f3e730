"""The one call: records and a scheme in, an assessment out.

The order is always the same: rows, sums, scores, grades, years, outcomes. What
crosses members is decided once for the whole data set, after the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError
from jifen_analysis.periods import Period, read_period, requested_periods
from jifen_analysis.schemes.labels import KINDS
from jifen_analysis.schemes.model import MarkedItem, RuleBook
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring import corrections as objections
from jifen_analysis.scoring import score
from jifen_analysis.scoring.arrays import Ints, member_codes, no_labels, splice
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.collection import Gather, RecordQueries, collect
from jifen_analysis.scoring.computation import Computation, Settings, decide, words_in
from jifen_analysis.scoring.corrections import Corrections
from jifen_analysis.scoring.kinds import of_scheme
from jifen_analysis.scoring.queries import UNDATED
from jifen_analysis.scoring.roster import Roster, build_roster, enrol, scored_periods
from jifen_analysis.scoring.row_state import RowState, compute_measures, measured_in_year
from jifen_analysis.scoring.score import Scores
from jifen_analysis.scoring.submissions import Submissions
from jifen_analysis.tables.records import Records


def assess(
    records: Records,
    scheme: Scheme,
    *,
    periods: Iterable[str] = (),
    as_of: date | None = None,
    corrections: bool = True,
    gather: Gather = collect,
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
    shown = check_periods(asked, scheme)
    scored = tuple(sorted({*_known_periods(records, scheme, as_of), *shown}))
    working = work(records, scheme, scored, settings, gather)
    again = partial(work, records, scheme, scored, replace(settings, corrections=False), gather)
    return Assessment.of(working, records, scheme, settings, shown or scored, again)


def check_periods(asked: tuple[str, ...], scheme: Scheme) -> tuple[Period, ...]:
    """Return the periods that were asked for, refusing what is none."""
    read = [read_period(text) for text in asked]
    wrong = [text for text, period in zip(asked, read, strict=True) if period is None]
    shown = requested_periods([period for period in read if period is not None], scheme.period)
    if wrong or (asked and not shown):
        said = "、".join(wrong or asked)
        raise UsageError(
            f"“{said}”不是本方案的考核期;本方案按{KINDS[scheme.period]}考核,可写 2024 或 {_EXAMPLE[scheme.period]}",
            f"“{said}” is no period of this scheme, which scores by {scheme.period}: 2024 or {_EXAMPLE[scheme.period]}",
        )
    return shown


_EXAMPLE = {"year": "2024", "half": "2024H1", "quarter": "2024Q1", "month": "2024-01"}


def _known_periods(records: Records, scheme: Scheme, as_of: date | None) -> tuple[Period, ...]:
    found = scored_periods(records, scheme.period)
    return tuple(period for period in found if as_of is None or period.first_day <= as_of)


def work(
    records: Records, scheme: Scheme, periods: tuple[Period, ...], settings: Settings, gather: Gather = collect
) -> Computation:
    """Compute everything for some periods."""
    books, of_period = versions_in_force(scheme, periods)
    rows = enrol(build_roster(records, periods), books[-1])
    version = of_period[rows.period]
    words = scheme.words
    queries = frozenset({UNDATED, *(query for book in books for query in of_scheme(book, words))})
    asked = RecordQueries(queries, _marked(books), settings.as_of)
    sums, given = gather(records, rows, asked).answers(rows, asked, records.vocabulary)
    _refuse_marks(records, rows, books)
    changed = (
        objections.corrections(records, books[-1], rows, settings.as_of)
        if settings.corrections
        else objections.none(rows)
    )
    facts = _measured(books, version, RowState(rows, words, sums, {}, no_labels(len(rows)), {}))
    return decide(books, version, facts, _scored(books, version, facts, given, changed), changed)


def versions_in_force(scheme: Scheme, periods: tuple[Period, ...]) -> tuple[tuple[RuleBook, ...], Ints]:
    """Return the versions of a scheme that some periods see, oldest first, and which each period sees."""
    versions = [scheme.on(period.first_day) for period in periods] or [scheme]
    books = {one.digest: one.book for one in versions}
    return tuple(books.values()), np.array([list(books).index(one.digest) for one in versions], dtype="int64")


def _marked(books: tuple[RuleBook, ...]) -> dict[str, tuple[str, ...]]:
    """Return every marked item with the names under which its marks may be sent."""
    return {
        key: tuple(name for name in (key, item.title) if name)
        for book in books
        for (_, key), item in book.items.items()
        if isinstance(item, MarkedItem)
    }


def _measured(books: tuple[RuleBook, ...], version: Ints, facts: RowState) -> RowState:
    facts = facts.with_values(**splice([compute_measures(book.measures, facts) for book in books], version))
    in_years = [measured_in_year(book.measures, facts) for book in books]
    return facts.with_values(**splice(in_years, version))


def _scored(
    books: tuple[RuleBook, ...], version: Ints, facts: RowState, given: Submissions, changed: Corrections
) -> Scores:
    """Score every row under the version of the scheme that holds there."""
    lost = [name.removeprefix("lost.") for name in words_in(books) if name.startswith("lost.")]
    return score.splice_scores([score.scores(one, facts, given, changed.points, lost) for one in books], version)


# ---------------------------------------------------------------- marks out of range


def _refuse_marks(records: Records, rows: Roster, books: tuple[RuleBook, ...]) -> None:
    batches = records.batches("marks")
    problems = [p for marks in batches for book in books for p in _marks_too_high(records, marks, rows, book)]
    if problems:
        raise InvalidRecords(dict.fromkeys(problems))


def _marks_too_high(records: Records, frame: pd.DataFrame, rows: Roster, book: RuleBook) -> Iterator[Problem]:
    for (_, key), item in book.items.items():
        if isinstance(item, MarkedItem):
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
