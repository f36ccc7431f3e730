"""Tests of what parts of a scheme are called."""

from __future__ import annotations

import pytest

from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.titles import titles
from tests.builders import scheme


@pytest.mark.parametrize("name", scheme_names())
def test_every_part_of_the_library_has_a_chinese_title(name: str) -> None:
    """No component, item, rule, group or rung is called by its code."""
    book = read_scheme(name).book
    found = titles(book)
    parts = [(one, key, rule) for one, part in book.components.items() for key, item in part.items.items()
             for rule in item.parts]  # fmt: skip
    assert set(parts) <= set(found)
    assert all(not step.isascii() for said in found.values() for step in said)
    assert all(len(path) == len(said) for path, said in found.items())


def test_what_has_no_title_keeps_its_id() -> None:
    """And an assessor's mark, which follows no rule of the file, has a name all the same."""
    found = titles(scheme('[components.a.items.b]\nfrom = "marks"\nmax = 5').book)
    assert found == {("a",): ("a",), ("a", "b"): ("a", "b"), ("a", "b", "mark"): ("a", "b", "打分")}
