"""Tests of tables and lists that nobody can write into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.schemes.model.parts import freeze, thaw

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
TREES = st.recursive(SCALARS, lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside), max_leaves=12)


@given(TREES)
def test_thawing_undoes_freezing(tree: object) -> None:
    """What was frozen comes back as plain tables and lists."""
    assert thaw(freeze(tree)) == tree


def test_nothing_can_be_written_at_any_depth() -> None:
    """Tables refuse assignment, lists have become tuples."""
    cold = freeze({"a": {"b": [1, {"c": 2}]}})
    with pytest.raises(TypeError, match="item assignment"):
        cold["a"]["b"][1]["c"] = 3
    assert cold["a"]["b"][0] == 1


def test_a_thawed_copy_is_independent() -> None:
    """Writing into the copy leaves the source as it was."""
    source = {"a": [1, 2]}
    copy = thaw(source)
    copy["a"].append(3)
    assert source == {"a": [1, 2]}
