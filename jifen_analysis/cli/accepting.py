"""What may be scored: everything, or the branches whose files have no error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import InvalidRecords, UsageError, join_problems, kinds_of, there_are
from jifen_analysis.intake import Check
from jifen_analysis.report.pseudonyms import PseudonymKey, pseudonymise, read_key, seen_by_others, without_addresses
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.assess import assess, check_periods
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.roster import scored_periods
from jifen_analysis.tables import Records

Score = Callable[[Records], Assessment]


def under(desk: Terminal, key: Path | None, score: Score, scheme: Scheme) -> Score:
    """Return what scores records under a scheme, with pseudonyms where there is a key."""
    return score if key is None else pseudonymise_accepted(secret(desk, key), score, scheme)


def secret(desk: Terminal, file: Path) -> PseudonymKey:
    """Return the key of a file, and say so where others may read it, too."""
    key = read_key(file)
    if seen_by_others(file):
        desk.say(
            f"密钥文件 {file} 别人也能读:请改为只有本人可读(chmod 600)",
            f"others may read the key file {file}: let only its owner (chmod 600)",
            "yellow",
        )
    return key


def pseudonymise_accepted(key: PseudonymKey, score: Score, scheme: Scheme) -> Score:
    """Return what scores records under pseudonyms; the categories of the scheme stay."""
    return lambda records: without_addresses(score(pseudonymise(records, key, tuple(scheme.book.categories))))


def score_periods(records: Records, *, scheme: Scheme, periods: Sequence[str] = (), **how: Any) -> Assessment:
    """Score the periods asked for; in a year of which nothing is recorded everybody would be graded on no evidence."""
    shown = {period.year for period in check_periods(tuple(periods), scheme)}
    recorded = {period.year for period in scored_periods(records, scheme.period)}
    if not shown <= recorded and (recorded := recorded.union(records.years)) and (nothing := shown - recorded):
        named, there = "、".join(map(str, sorted(nothing))), there_are(sorted(recorded))
        raise UsageError(f"没有 {named} 年的任何记录;{there.zh}", f"nothing is recorded in {named}; {there.en}")
    return assess(records, scheme, periods=periods, **how)


def score_accepted(found: Check, score: Score, *, partly: bool) -> tuple[Assessment, Check]:
    """Score what may be scored.

    Parameters
    ----------
    found : Check
        What came in.
    score : callable
        From records to a result; it may find errors of its own, such as a mark
        above what the scheme's item allows.
    partly : bool
        Whether branches whose files have errors are left out, or stop everything.

    Returns
    -------
    Assessment
        Of the accepted records.
    Check
        With everything found, and everyone left out, on the way.

    Raises
    ------
    InvalidRecords
        Where something is wrong and nothing may be left out, or nothing is left.
    """
    if found.records is None or (found.errors and not partly):
        raise InvalidRecords(found.problems)
    try:
        return score(found.records), found
    except InvalidRecords as refusal:
        files = {kind[0].file for kind in kinds_of(refusal.problems)} - {""}
        if not partly or not files:
            raise
        return score_accepted(_spared(found, refusal, files), score, partly=True)


def _spared(found: Check, refusal: InvalidRecords, files: Iterable[str]) -> Check:
    """Leave out every branch of which the files speak."""
    assert found.records is not None
    kept, branches = _without(found.records, frozenset(files))
    return replace(
        found,
        problems=join_problems(found.problems, refusal.problems),
        records=kept,
        refused=tuple(sorted({*found.refused, *files})),
        branches=tuple(sorted({*found.branches, *branches})),
    )


def _without(records: Records, files: frozenset[str]) -> tuple[Records | None, tuple[str, ...]]:
    numbers = [number for number, source in enumerate(records.sources, start=1) if source.file in files]
    tables = {name: records.table(name) for name in records.frames}
    members = tables["members"]
    touched = {one for table in tables.values() for one in _members_in(table[table["_source"].isin(numbers)])}
    branches = tuple(sorted(members.loc[members["member_id"].isin(touched), "branch"].unique()))
    gone = set(members.loc[members["branch"].isin(branches), "member_id"])
    masks = {name: ~_of(table, gone, branches) for name, table in tables.items()}
    return (records.only(masks) if masks["members"].any() else None), branches


def _members_in(table: pd.DataFrame) -> Iterable[str]:
    return table["member_id"].unique() if "member_id" in table else ()


def _of(table: pd.DataFrame, members: set[str], branches: tuple[str, ...]) -> pd.Series:
    return table["member_id"].isin(members) if "member_id" in table else table["branch"].isin(branches)
