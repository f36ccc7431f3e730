"""Every hand-worked case, held against the engine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from tests.case_batches import batches
from tests.worked_cases import worked_cases

CASES = [(scheme, f"{file}-{name}") for scheme, file, name, _ in worked_cases()]


@cache
def misses(scheme: str) -> Mapping[str, tuple[str, ...]]:
    """What the engine finds otherwise than a case expects, by case."""
    found = [miss for batch in batches(scheme) for miss in batch.misses(read_scheme(scheme))]
    return {case: tuple(miss for miss in found if miss.startswith(f"{case}: ")) for _, case in CASES}


@pytest.mark.parametrize(("scheme", "case"), CASES)
def test_the_engine_finds_what_a_clerk_expects(scheme: str, case: str) -> None:
    """Whatever a worked case expects, the engine finds."""
    assert misses(scheme)[case] == ()


@pytest.mark.parametrize("scheme", scheme_names())
def test_no_case_is_left_out(scheme: str) -> None:
    """Every case of a scheme is in one of its batches, with every member it expects something of."""
    listed = {expected.case for batch in batches(scheme) for expected in batch.expectations}
    assert listed == {case for name, case in CASES if name == scheme}
