import pytest

from jifen_analysis.intake.cells.phrases import chosen, read_activity, read_post
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

ACTIVITY, POST, WORDS = TABLES["attendance"]["activity"], TABLES["members"]["post"], standard()


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
        ("党课(取消)", None, "error"),
        ("党课未召开", None, "error"),
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


@pytest.mark.parametrize(
    ("value", "post"),
    [
        ("支部书记", "secretary"),
        ("第一党支部书记", "secretary"),
        ("支部书记、主任", "secretary_director"),
        ("书记兼村委会主任", "secretary_director"),
        ("副书记、组织委员", "deputy"),
        ("组织委员", "committee"),
        ("支部宣传委员", "committee"),
        ("组织委员、党小组长", "committee"),
        ("支部纪检委员", "inspector"),
        ("书记(兼)", "secretary"),
        ("党小组长", None),
        ("团支部书记", None),
        ("支部副书记、村委会副主任", "deputy"),
        ("党员", "none"),
    ],
)
def test_posts_are_read(value: str, post: str | None) -> None:
    """Whose committee, and what else somebody does there, changes nothing."""
    reading = read_post(value, POST, WORDS)
    assert (reading.value, reading.severity == "error") == (post, False)


@pytest.mark.parametrize(
    "value", ["书记、副书记", "副书记、纪检委员", "会计", "党委书记", "组织委员、会计", "原支部书记", "代书记"]
)
def test_other_posts_are_refused(value: str) -> None:
    """Two posts that are priced apart, and posts outside the branch."""
    assert read_post(value, POST, WORDS).severity == "error"
