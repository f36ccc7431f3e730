"""The reference against the hand-worked cases: two readings of the text by two hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jifen_analysis.schemes.read import scheme_names
from tests.case_batches import same
from tests.worked_cases import WorkedCase, cases

from .scoring import Scored, score


@pytest.mark.parametrize("scheme", scheme_names())
def test_agrees_with_the_worked_cases(scheme: str) -> None:
    """Whatever the cases of a scheme expect, the reference finds."""
    own = [(f"{file}-{name}", case) for owner, file, name, case in cases() if owner == scheme]
    assert [f"{called}: {miss}" for called, case in own for miss in misses(scheme, case)] == []


def misses(scheme: str, case: WorkedCase) -> Iterator[str]:
    """Yield what the reference finds otherwise than a case expects; an empty word is none, numbers are to 1e-6."""
    result = score(case.tables, scheme, case.variants)
    for (member_id, period), expected in case.expect.items():
        for name, value in expected.items():
            found = find(result, member_id, period, name)
            if not same(found, None if value == "" else value):
                yield f"{name} of {member_id} in {period} is {found}, not {value}"


def find(result: Scored, member_id: str, period: str, name: str) -> Any:
    """What the reference says under the name an expectation uses."""
    rows = [r for r in result.rows if (r["member_id"], r["period"]) == (member_id, period)]
    year_total, year_grade = result.years.get((member_id, period), (None, None))
    if name == "outcomes":
        return {outcome for who, when, outcome in result.outcomes if (who, when) == (member_id, period)}
    special = {"absent": not rows, "year_total": year_total, "year_grade": year_grade}
    return special[name] if name in special else rows[0][name]
