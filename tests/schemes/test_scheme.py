"""Tests of a scheme as a frozen thing that is passed around."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from jifen_analysis.schemes.lint import lint
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from tests.schemes.builders import SMALL, document, small


def test_nothing_of_a_scheme_can_be_written() -> None:
    """Neither its fields nor its document, at any depth."""
    scheme = small()
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        scheme.file = "x"  # type: ignore[misc]
    with pytest.raises(TypeError, match="item assignment"):
        scheme.document["components"]["duty"]["weight"] = 1  # type: ignore[index]


def test_the_document_given_is_not_kept() -> None:
    """Writing into the table one came with changes no scheme."""
    raw = document()
    scheme = Scheme(raw)
    before = scheme.digest
    raw["grades"]["优"]["at_least"] = 50
    assert (scheme.digest, Scheme(dict(scheme.document)).digest) == (before, before)


def test_reading_describing_and_linting_change_nothing() -> None:
    """Whatever is asked of a scheme, it says the same afterwards."""
    scheme = read_scheme("bureau_quarterly")
    before = scheme.digest
    scheme.describe("en")
    lint(scheme.variant("soft_quota"))
    assert scheme.digest == before


def test_a_scheme_travels() -> None:
    """A pickled scheme is the same scheme, variants included."""
    scheme = small().variant("strict").with_grades(良=65)
    twin = pickle.loads(pickle.dumps(scheme))
    assert (twin.digest, twin.applied, twin.file, twin.words) == (
        scheme.digest,
        scheme.applied,
        scheme.file,
        scheme.words,
    )


def test_the_digest_tells_schemes_apart() -> None:
    """Any number that differs gives another digest; the same document the same."""
    assert small().digest == small().digest
    assert len({small().digest, small().with_grades(优=91).digest, small({"title": "x"}).digest}) == 3


def test_digests_do_not_depend_on_the_file(tmp_path: object) -> None:
    """What a scheme says counts, not where it was read."""
    assert Scheme(document(), "a.toml").digest == Scheme(document(), "b.toml").digest
    assert "small" in SMALL
