"""Every hand-worked case, held against the engine."""

from __future__ import annotations

import pytest

from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from tests.case_batches import batches
from tests.worked_cases import cases


@pytest.mark.parametrize("scheme", scheme_names())
def test_the_engine_finds_what_a_clerk_expects(scheme: str) -> None:
    """Whatever the worked cases of a scheme expect, the engine finds."""
    assert [miss for batch in batches(scheme) for miss in batch.misses(read_scheme(scheme))] == []


@pytest.mark.parametrize("scheme", scheme_names())
def test_no_case_is_left_out(scheme: str) -> None:
    """Every case of a scheme is in one of its batches, with every member it expects something of."""
    listed = {expected.case for batch in batches(scheme) for expected in batch.expectations}
    assert listed == {f"{file}-{name}" for owner, file, name, _ in cases() if owner == scheme}
