import pytest

from jifen_analysis.intake.cells.phrases import chosen, read_activity
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

ACTIVITY, WORDS = TABLES["attendance"]["activity"], standard()


@pytest.mark.parametrize(
    ("value", "activity", "severity"),
    [
        ("主题党日", "theme_day", None),
        ("3月份主题党日活动", "theme_day", "note"),
        ("第一季度支部党员大会", "general_meeting", "note"),
        ("书记讲党课", "lecture", "note"),
        ("3月支部委员会", "committee_meeting", "note"),
        ("2024年度组织生活会", "life_meeting", "note"),
        ("党员大会暨主题党日", None, "error"),
        ("支委会扩大会暨党课", None, "error"),
        ("学习党章", None, "error"),
    ],
)
def test_one_known_activity_inside_a_phrase_is_meant(value: str, activity: str | None, severity: str | None) -> None:
    """Exactly one: of two nobody knows which, and both are named."""
    reading = read_activity(value, ACTIVITY, WORDS)
    assert (reading.value, reading.severity) == (activity, severity)
    if reading.code == "several_activities":
        assert reading.text is not None
        assert reading.text.zh.count("、") == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("☑到会 □请假 □缺席", "到会"),
        ("□到会☑请假", "请假"),
        ("到会□ 请假√", "请假"),
        ("☑到会 ☑请假", ""),
        ("□到会 □请假", ""),
        ("☑到会", ""),
        ("到会 请假☑", ""),
    ],
)
def test_the_one_ticked_box_is_the_word(text: str, word: str) -> None:
    """A box before each word or behind each; two ticks, none, one box alone or words without one say nothing."""
    assert chosen(text) == word
