"""Measures of a member in a period and in a year: counts, shares, and the longest runs of months."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from jifen_analysis.schemes.model import Measure
from jifen_analysis.scoring.arrays import Bools, Ints, broadcast, by_block, no_labels
from jifen_analysis.scoring.row_state import RowState, Years, mask_values


def compute_measures(measures: Mapping[str, Measure], facts: RowState) -> dict[str, np.ndarray]:
    """Return every measure made from records, as floats.

    Missing where there is nothing to divide by, and for those who are not scored.
    """
    alive = {name: branch_months(measure, facts) for name, measure in measures.items()}

    def of(some: slice) -> dict[str, np.ndarray]:
        part = facts.block(some)
        return {
            name: mask_values(_measured(measure, part, alive[name][some]), part.roster.scored)
            for name, measure in measures.items()
        }

    return by_block(of, facts.roster.cuts)


def _measured(measure: Measure, facts: RowState, alive: Bools) -> np.ndarray:
    if measure.share:
        return ratio(facts.count(measure.share.part), facts.count(measure.share.whole))
    if measure.longest_run:
        return longest_run(run_months(measure, facts, alive)).astype("float64")
    return facts.count(measure.count).astype("float64")


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return a ratio, missing where the whole is 0."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def run_months(measure: Measure, facts: RowState, alive: Bools) -> Bools:
    """Return the months in which the condition of a run holds, shape (rows, months), given those of the branch."""
    run = measure.longest_run
    assert run is not None
    holds = facts.roster.months & alive
    if run.any_of:
        holds &= facts.count(run.any_of, "month") > 0
    if run.none_of:
        holds &= facts.count(run.none_of, "month") == 0
    return holds


def branch_months(measure: Measure, facts: RowState) -> Bools:
    """Return the months in which anyone of the branch has a record that a run asks for, shape (rows, months)."""
    asked = measure.longest_run.given_branch if measure.longest_run else ()
    if not asked:
        return broadcast(True, facts.roster.months.shape)
    # A bit a month: counts of every row and month would be most of the memory.

    def own(some: slice) -> dict[str, Bools]:
        return {"months": np.packbits(facts.block(some).count(asked, "month") > 0, axis=1)}

    found = by_block(own, facts.roster.cuts)["months"]
    branch = facts.roster.groups("branch")
    held = np.zeros((int(branch.max(initial=-1)) + 1, found.shape[1]), dtype="uint8")
    for of_branch, months in zip(held.T, found.T, strict=True):
        np.bitwise_or.at(of_branch, branch, months)
    return np.unpackbits(held[branch], axis=1, count=facts.roster.months.shape[1]).astype(bool)


def longest_run(holds: Bools) -> Ints:
    """Return the most columns in a row that hold.

    Examples
    --------
    >>> longest_run(np.array([[True, True, False, True]]))
    array([2])
    """
    run = best = np.zeros(len(holds), dtype="int8")
    for column in holds.T:
        run = (run + np.int8(1)) * column
        best = np.maximum(best, run)
    return best.astype("int64")


def measured_in_year(measures: Mapping[str, Measure], facts: RowState) -> dict[str, np.ndarray]:
    """Return the measures of the whole year at each row: shares and counts summed, the longest of the runs."""

    def of(some: slice) -> dict[str, np.ndarray]:
        part = facts.block(some)
        rows = part.roster.years
        years = Years(part, np.zeros(len(rows.last)), no_labels(len(rows.last)), {})
        return {
            f"year.{name}": _year_value(measure, part.values[name], years)[rows.of_row]
            for name, measure in measures.items()
        }

    return by_block(of, facts.roster.cuts)


def _year_value(measure: Measure, value: np.ndarray, years: Years) -> np.ndarray:
    facts, scored = years.facts, years.facts.roster.scored
    if measure.share:
        part, whole = (facts.count(chosen) * scored for chosen in (measure.share.part, measure.share.whole))
        return ratio(years.sum(part), years.sum(whole))
    if measure.longest_run:
        return years.over(np.maximum, np.where(scored, value, 0.0))
    return years.sum(facts.count(measure.count) * scored).astype("float64")
