"""Tests of what the words in the cells of a 方案表 stand for."""

from __future__ import annotations

import pytest

from jifen_analysis.schemes.sheets.terms import SEPARATING, terms_of


@pytest.mark.parametrize("column", ["activity", "status", "event", "level", "state", "pool", "post", "stage", "sex"])
def test_every_word_is_said_in_chinese_and_read_again(column: str) -> None:
    """No code among the words to choose from: a label that would part a cell is said by another spelling."""
    labels = terms_of({}).of_kind(column)
    for code in labels.codes.values():
        said = labels.say(code)
        assert not said.isascii()
        assert not SEPARATING.search(said)
        assert labels.code(said, column) == code
