"""Which texts are surely no known words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.intake.cells import read_cell
from jifen_analysis.intake.cells.reading import NOTHING
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.cells.unknown import surely_unknown
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.vocabulary import standard

WORDS = {column.words: column for table in TABLES.values() for column in table.values() if column.kind == "word"}
SIGNS = [*TICKS, *NOTHING, *"0123 aWwXv没未无的了次分钟约人补拟原假到会Ⅳｘ", "网格员", "无故", "迟到", "例会"]


@pytest.mark.parametrize("column", WORDS.values(), ids=list(WORDS))
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_surely_unknown_is_refused_as_that(column: Column, data: st.DataObject) -> None:
    """Of known words, signs and letters, no text that is called unknown is read as anything, or refused otherwise."""
    pieces = st.sampled_from([*standard().spellings(column.words), *SIGNS * 3])
    texts = data.draw(st.lists(st.lists(pieces, max_size=4).map("".join), min_size=20, max_size=60, unique=True))
    sure = surely_unknown(texts, column.words, standard()).tolist()
    read = [read_cell(text, column, standard().unhinted) for text, it in zip(texts, sure, strict=True) if it]
    assert {(one.code, one.kind) for one in read} <= {("unknown_word", column.words)}


def test_a_text_of_letters_is_surely_unknown() -> None:
    """Where no known word stands in it and it is longer than a sign; half a sign is nothing that could be told."""
    texts = ["w17", "错字", "x1", "无", "到", "到17", "错 字", None]
    assert surely_unknown(texts, "status", standard()).tolist() == [True, True, *[False] * 6]
    assert not surely_unknown(["w17", "\ud800"], "status", standard()).any()
