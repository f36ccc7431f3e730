import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.cells.names import read_id, read_name, read_text, read_word
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

STATUS = TABLES["attendance"]["status"]


@pytest.mark.parametrize(
    ("value", "member"),
    [
        ("00017", "00017"),
        (17, "17"),
        (17.0, "17"),
        (" ０００17 ", "00017"),
        ('="00017"', "00017"),
        ("1" * 18, "1" * 18),
    ],
)
def test_ids_are_text(value: object, member: str) -> None:
    """An id keeps its zeros; a number gives its digits."""
    assert read_id(value).value == member


@pytest.mark.parametrize(
    ("value", "code"),
    [(1e15, "id_digits_lost"), (9.9e17, "id_digits_lost"), ("9.9E+17", "id_digits_lost"), (12.5, "bad_id"),
     ("12.5", "bad_id"), (True, "bad_id"), (-3, "bad_id")],
)  # fmt: skip
def test_ids_that_lost_digits_are_refused(value: object, code: str) -> None:
    """More than 15 digits as a number, decimals and truth values are no ids."""
    assert read_id(value).code == code


@pytest.mark.parametrize(("value", "code"), [("旷会", "absent"), ("迟 到", "late"), ("present", "present")])
def test_words_are_read(value: str, code: str) -> None:
    """Labels, aliases and codes are the same word."""
    assert read_word(value, STATUS, standard()).value == code


def test_unknown_words_name_the_nearest() -> None:
    """A misspelt word is refused with the known word most like it."""
    reading = read_word("党员大会议", TABLES["attendance"]["activity"], standard())
    assert reading.code == "unknown_word"
    assert "党员大会" in reading.text.zh


def test_text_stays_as_it_is() -> None:
    """Text that begins with = is text; a whole number loses its decimal point."""
    assert read_text("=SUM(A1)").value == "=SUM(A1)"
    assert read_text(12.0).value == "12"


@pytest.mark.parametrize("length", [15, 16, 17, 18, 19])
def test_the_number_of_an_identity_card_has_eighteen_signs(length: int) -> None:
    """A digit too few or too many is refused, masked; the old kind with 15 is doubted."""
    number = {15: "110101800101123", 18: "110101198001011232"}.get(length, "1101011980010112345"[:length])
    reading = read_id(number)
    said = {15: ("note", "card_doubtful"), 18: (None, "")}.get(length, ("error", "card_length"))
    assert (reading.severity, reading.code) == said
    assert reading.text is None or number not in reading.text.zh


@given(st.text("王芳欧阳小明", min_size=2, max_size=4), st.sampled_from(["", " ", "  ", "\u3000"]))
def test_a_name_is_read_without_the_gaps_that_align_it(name: str, gap: str) -> None:
    """Spaces between the characters of a name are no part of it; those between words are."""
    assert read_name(gap.join(name)).value == name
    assert read_name(f"{gap}Anna Li{gap}").value == "Anna Li"
