"""What happens to the collector of garbage while a workbook is made."""

from __future__ import annotations

import gc

import pytest

from jifen_analysis.allocation import without_collection


@without_collection()
def lost() -> None:
    """Fail while nothing is collected."""
    assert not gc.isenabled()
    raise KeyError("lost")


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_is_afterwards_as_it_was(before: bool) -> None:
    """Whether the work ends well or not, collection is on again only where it was on."""
    was = gc.isenabled()
    (gc.enable if before else gc.disable)()
    try:
        with pytest.raises(KeyError, match="lost"):
            lost()
        assert gc.isenabled() is before
    finally:
        (gc.enable if was else gc.disable)()
