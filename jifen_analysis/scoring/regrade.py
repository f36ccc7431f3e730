"""Other weights, cut scores and quotas over scores that are there already: nothing is added up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.arrays import Ints, no_labels, splice
from jifen_analysis.scoring.assess import assess, check_periods, versions_in_force, work
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.computation import Computation, Settings, decide, grade_scores
from jifen_analysis.scoring.score import Scores, composite, weights_by_row


def regrade(result: Assessment, scheme: Scheme) -> Assessment:
    """Assess the same records under another scheme, reusing every score where only what follows them differs.

    Parameters
    ----------
    result : Assessment
        With its records.
    scheme : Scheme
        Where it differs from the result's own scheme in weights, cut scores and
        quotas alone, components keep their scores; otherwise the records are
        assessed from the beginning. The result is the same, to the bit.

    Raises
    ------
    UsageError
        Where the result was opened from a folder and has no records.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.tables.records import Records
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]}),
    ...     "attendance": pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"],
    ...                                 "activity": ["lecture"], "status": ["late"]}),
    ...     "evaluations": pd.DataFrame({"member_id": ["00001"], "period": ["2024H1"],
    ...                                  "group": ["committee"], "mark": [85.0]}),
    ... })
    >>> scheme = read_scheme("community_60_40")
    >>> regrade(assess(records, scheme), scheme.with_shares(daily=0.5, evaluation=0.5)).table["total"].tolist()
    [90.5]
    """
    settings = result.settings or Settings()
    if result.records is None:
        raise UsageError("这份结果没有原始记录,不能重新计分", "this result has no records to score again")
    if result.working is None or not same_scores(result.scheme, scheme):
        again = partial(assess, periods=settings.periods, as_of=settings.as_of, corrections=settings.corrections)
        return again(result.records, scheme)
    periods = result.working.roster.periods
    shown = check_periods(settings.periods, scheme) or periods
    uncorrected = partial(work, result.records, scheme, periods, replace(settings, corrections=False))
    return Assessment.of(_again(result.working, scheme), result.records, scheme, settings, shown, uncorrected)


def grade_codes(working: Computation, books: tuple[RuleBook, ...], scores: Scores) -> Ints:
    """Return only the grades that other weights and cut scores give, from 1 the highest; no ranks, years or outcomes.

    0 is no grade; ``books`` are the working's versions of the scheme, with other weights and cut scores in them.
    """
    facts = replace(working.facts, grade=no_labels(len(working.roster)), stands={})
    scored = _weighted(books, working.version, scores)
    return np.asarray(grade_scores(books, working.version, facts, scored, working.corrections)[1].grade.codes, "int64")


def same_scores(one: Scheme, other: Scheme) -> bool:
    """Return whether two schemes give every component the same score.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> scheme = read_scheme("street_80_20")
    >>> [same_scores(scheme, other) for other in (scheme.with_grades(优秀=95), scheme.variant("attendance_30"))]
    [True, False]
    """
    return _scoring(one.document) == _scoring(other.document)


def _scoring(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a scheme says without weights, grades and what nothing is computed from."""
    said: dict[str, Any] = thaw(document)
    parts = {name: {key: one[key] for key in one if key != "weight"} for name, one in said["components"].items()}
    changes = {since: _change(change) for since, change in said.get("changes", {}).items()}
    kept = {key: value for key, value in said.items() if key not in {"grades", "readings", "valid_from"}}
    return kept | {"components": parts, "changes": {since: change for since, change in changes.items() if change}}


def _change(change: Mapping[str, Any]) -> dict[str, Any]:
    found = {path: value for path, value in change.get("set", {}).items() if not _follows(path)}
    gone = [path for path in change.get("drop", ()) if not _follows(path)]
    return {key: value for key, value in (("set", found), ("drop", gone)) if value}


def _follows(path: str) -> bool:
    """Return whether a path of the scheme file is used only after the scores."""
    steps = path.split(".")
    return steps[0] == "grades" or (steps[0] == "components" and steps[2:] == ["weight"])


def _again(working: Computation, scheme: Scheme) -> Computation:
    """Decide everything anew over the scores of a working."""
    rows = working.roster
    books, of_period = versions_in_force(scheme, rows.periods)
    version = of_period[rows.period]
    facts = replace(working.facts, grade=no_labels(len(rows)), stands={})
    return decide(books, version, facts, _weighted(books, version, working.scores), working.corrections)


def _weighted(books: tuple[RuleBook, ...], version: Ints, scores: Scores) -> Scores:
    """Return scores with the weights of other versions, and the totals that they make."""
    weights = splice([weights_by_row(book, len(version)) for book in books], version)
    totals = [np.broadcast_to(composite(book, scores.components), version.shape) for book in books]
    return replace(scores, weights=weights, total=splice(totals, version))
