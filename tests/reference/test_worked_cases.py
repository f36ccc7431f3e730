"""The reference against the hand-worked cases: two readings of the text by two hands."""

from typing import Any

import pytest

from tests.worked_cases import WorkedCase, worked_cases

from .scoring import Scored, score

CASES = [pytest.param(scheme, case, id=f"{scheme}-{file}-{name}") for scheme, file, name, case in worked_cases()]


@pytest.mark.parametrize(("scheme", "case"), CASES)
def test_agrees_with_the_worked_case(scheme: str, case: WorkedCase) -> None:
    """Whatever a case expects, the reference finds."""
    result = score(case.tables, scheme, case.variants)
    for (member_id, period), expected in case.expect.items():
        found = {name: find(result, member_id, period, name) for name in expected}
        numbers = {name for name, value in expected.items() if isinstance(value, float)}
        assert {n: v for n, v in found.items() if n not in numbers} == plain(expected, numbers)
        for name in numbers:
            assert float(found[name]) == pytest.approx(expected[name], abs=1e-6), name


def plain(expected: dict[str, Any], numbers: set[str]) -> dict[str, Any]:
    """The expectations that must hold to the letter; an empty word is none."""
    return {name: None if value == "" else value for name, value in expected.items() if name not in numbers}


def find(result: Scored, member_id: str, period: str, name: str) -> Any:
    """What the reference says under the name an expectation uses."""
    rows = [r for r in result.rows if (r["member_id"], r["period"]) == (member_id, period)]
    year_total, year_grade = result.years.get((member_id, period), (None, None))
    if name == "outcomes":
        return {outcome for who, when, outcome in result.outcomes if (who, when) == (member_id, period)}
    special = {"absent": not rows, "year_total": year_total, "year_grade": year_grade}
    return special[name] if name in special else rows[0][name]
