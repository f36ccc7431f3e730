"""What stands in a cell says the same when it is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.schemes.model.parts import MisfitError
from jifen_analysis.schemes.sheets.notation import (
    FLAG,
    Choice,
    Codec,
    Listed,
    Literal,
    Note,
    NoteLines,
    Pairs,
    Plain,
    PriceOrTable,
    TermOf,
    Tiers,
    terms_by,
)
from jifen_analysis.schemes.sheets.plan import _condition, _quota
from jifen_analysis.schemes.sheets.terms import Labels, terms_of

TERMS = terms_of({"components": {"a": {"title": "甲;乙"}, "b": {"title": "日常"}, "c": {"title": "日常"}}})
NUMBERS = st.integers(-1000, 1000) | st.integers(-9999, 9999).map(lambda n: n / 100).filter(
    lambda x: not x.is_integer()
)
TEXTS = st.text(st.sampled_from('甲乙;;=、,。"“”[]{}. 1a'), min_size=1).map(str.strip).filter(bool)
STATUS = st.sampled_from(["present", "late", "absent", "leave", "attended"])
BOUNDS = st.dictionaries(st.sampled_from(["at_least", "above", "at_most"]), NUMBERS, min_size=1)
CONDITIONS = st.one_of(
    BOUNDS.map(lambda bounds: {"measure": "lost.b", **bounds}),
    st.lists(STATUS, min_size=2, max_size=3, unique=True).map(lambda s: {"from": "attendance", "where": {"status": s}}),
    STATUS.map(lambda s: {"from": "attendance", "except": {"status": s}, "in_a_row": 3, "per": "month"}),
    st.booleans().map(lambda b: {"for": {"retired": b, "except": {"post": ["none", "deputy"]}}}),
    TEXTS.filter(lambda t: not set(t) & set("、,\uff0c")).map(lambda t: {"measure": "grade", "in": t}),
)

PARTING = set(';="\uff1b\uff1d“”[]{}.\n ')


@settings(deadline=None, max_examples=60)
@given(st.lists(CONDITIONS.filter(lambda c: not set(str(c.get("in", ""))) & PARTING), min_size=1, max_size=4))
def test_conditions_are_read_as_they_were(conditions: list[dict[str, Any]]) -> None:
    """A line each, in labels."""
    codec = NoteLines(Note(_condition))
    assert codec.read(codec.shown(conditions, TERMS), TERMS) == conditions


@settings(deadline=None, max_examples=60)
@given(TEXTS, NUMBERS)
def test_texts_in_notes_may_hold_any_sign(text: str, share: float) -> None:
    """They are quoted where they must be."""
    value = {"share": share, "title": text, "assumed": text}
    codec = Note(_quota)
    assert codec.read(codec.shown(value, TERMS), TERMS) == value


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(STATUS, NUMBERS | st.just("forfeit"), min_size=1), st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1)
)
def test_prices_and_steps_are_read_as_they_were(prices: dict[str, Any], steps: list[tuple[float, float]]) -> None:
    """By the words of the column that prices."""
    own = terms_by(TERMS, "status")
    assert PriceOrTable().read(PriceOrTable().shown(prices, own), own) == prices
    listed = [list(step) for step in steps]
    assert Tiers().read(Tiers().shown(listed, TERMS), TERMS) == listed


FULL = str.maketrans(";=,[]", "\uff1b\uff1d\uff0c\uff3b\uff3d")
"""What the same keys write while Chinese is typed."""


@pytest.mark.parametrize(
    ("codec", "cell"),
    [
        (NoteLines(Note(_condition)), "指标=总分;不低于=90\n记录=考勤;活动类型=党课,支部党员大会"),
        (PriceOrTable(), "缺席=-5;迟到、早退=-4"),
        (Tiers(), "1=-2;31=-5;60=不得分"),
        (Pairs("components"), "a=10;b=8"),
        (TermOf("status"), "缺席,迟到"),
        (Listed(), "优秀,合格"),
        (Literal(), "[[1, -2], [31, -5]]"),
    ],
)
def test_signs_may_be_full_width(codec: Codec, cell: str) -> None:
    """A cell typed in Chinese says the same."""
    own = terms_by(TERMS, "status")
    assert codec.read(cell.translate(FULL), own) == codec.read(cell, own)


@settings(deadline=None, max_examples=40)
@given(st.recursive(NUMBERS | TEXTS | st.booleans(), lambda some: st.lists(some, max_size=3), max_leaves=5))
def test_any_value_of_a_reading_is_read_as_it_was(value: Any) -> None:
    """Numbers as numbers, all else as text or JSON."""
    assert Literal().read(Literal().shown(value, TERMS), TERMS) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [(20.0, 20), ("20", 20), (" 0.5 ", 0.5), ("25%", 0.25), ("1/3", "1/3"), ("十", "十"), (True, True)],
)
def test_numbers_are_taken_as_people_write_them(cell: Any, value: Any) -> None:
    """What is none stays what it is, to be refused with the whole."""
    assert Plain("number").read(cell, TERMS) == value


@given(st.sampled_from(["{}", "{}%", "{}/7"]), st.integers(-999, 999) | st.sampled_from([0.5, -12.25]))
def test_numbers_may_be_full_width(form: str, number: float) -> None:
    """Every sign of a number says the same as the one of a keyboard in English."""
    cell = form.format(number if form != "{}/7" else abs(int(number)))
    full = "".join(chr(ord(sign) + 0xFEE0) for sign in cell)
    assert Plain("number").read(full, TERMS) == Plain("number").read(cell, TERMS)
    assert Literal().read(Literal().shown(full, TERMS), TERMS) == full


def test_labels_that_could_be_mistaken_are_not_used() -> None:
    """Two of one name, one with a sign that parts: their codes stand for them."""
    known = TERMS.names["components"]
    assert [known.say(code) for code in ("a", "b", "c")] == ["a", "b", "c"]
    assert TERMS.names["measures"].code("总分", "") == "total"


@pytest.mark.parametrize(
    ("codec", "cell", "said"),
    [
        (FLAG, "也许", "这里没有“也许”;可用:是、否"),
        (Choice({"a": "支部"}), "支都", "最接近的是“支部”"),
        (PriceOrTable(), "缺席=-5", "须在“按”一列写明按什么"),
        (Tiers(), "扣五分", "分档须写成"),
        (Note(_quota), "两成", "须写成 名称=内容"),
        (Literal(), "[1, 2", r"须是数、文字"),
    ],
)
def test_what_cannot_be_meant_is_refused(codec: Any, cell: str, said: str) -> None:
    """With what would be right."""
    with pytest.raises(MisfitError, match=said):
        codec.read(cell, TERMS)


def test_a_code_is_always_understood() -> None:
    """Beside its label."""
    known = Labels.of({"half": "半年"})
    assert {known.code(said, "x") for said in ("half", "半年", "半 年")} == {"half"}
