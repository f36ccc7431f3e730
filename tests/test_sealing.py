"""Documents that carry their own digest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.sealing import document, seal, unseal

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
CONTENT = st.dictionaries(
    st.text(max_size=5).filter(lambda key: key != "sha256"),
    st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner)),
    max_size=4,
)


@given(CONTENT)
def test_what_was_sealed_is_what_is_opened(content: dict[str, object]) -> None:
    """Content and its order come back."""
    found = unseal(document(seal(content)))
    assert list(found.items()) == list(content.items())


@given(CONTENT.filter(bool), st.data())
def test_any_change_breaks_the_seal(content: dict[str, object], data: st.DataObject) -> None:
    """A key that is gone, added or has another value is found out."""
    found, key = document(seal(content)), data.draw(st.sampled_from(list(content)))
    without = {name: value for name, value in found.items() if name != key}
    for changed in (without, {**found, key: [found[key]]}, {**found, key + "'": 1}):
        with pytest.raises(ValueError, match="changed after it was written"):
            unseal(changed)


@pytest.mark.parametrize("text", ["null", "[]", "3", "{", "", "[" * 100_000])
def test_what_is_no_document_is_refused(text: str) -> None:
    """Whatever stands in the file, one kind of error says so."""
    with pytest.raises(ValueError, match=r"."):
        document(text)


def test_an_old_document_without_a_seal_is_refused() -> None:
    """What was never sealed is not what was written here."""
    with pytest.raises(ValueError, match="changed"):
        unseal(document(json.dumps({"rows": 3})))
