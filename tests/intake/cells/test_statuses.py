import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.cells.statuses import TICKS, read_status
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

STATUS = TABLES["attendance"]["status"]
WORDS = standard()


@pytest.mark.parametrize("sign", ["√", "✔", "☑", "■", "V", "v", "对勾", "✘", "□", "×"])
def test_signs_of_habit_are_read(sign: str) -> None:
    """A tick is present, a cross or an empty box absent; but for the ticks proper this is said."""
    reading = read_status(sign, STATUS, WORDS)
    assert reading.value == TICKS[sign.casefold()]
    assert reading.severity == (None if sign in ("√", "✔", "☑", "对勾") else "note")
    assert [read_status(box, STATUS, WORDS).value for box in (True, False)] == ["present", "absent"]


@pytest.mark.parametrize("value", ["○", "△", "A"])
def test_signs_without_a_legend_are_refused(value: str) -> None:
    """A sign that nobody explains is refused with the line that would explain it."""
    reading = read_status(value, STATUS, WORDS)
    assert reading.code == "unknown_sign"
    assert reading.text is not None
    assert "对照表" in reading.text.zh


@pytest.mark.parametrize("value", ["√×", "√√", "√(假)", "√ 假", "迟/早退", "○△", "出勤/请假"])
def test_several_marks_in_one_cell_are_refused(value: str) -> None:
    """Nobody knows which of two marks counts, nor whether they were two meetings."""
    reading = read_status(value, STATUS, WORDS)
    assert reading.code == "several_marks"
    assert reading.text is not None
    assert value in reading.text.zh


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("√(迟到)", "late"),
        ("无故未参加", "absent"),
        ("没参加", "absent"),
        ("到位", "present"),
        ("因公", "excused"),
        ("因病", "sick_leave"),
        ("擅自缺席", "absent"),
        ("请假(病)", "sick_leave"),
        ("请假（公差）", "excused"),
        ("请假/病假", "sick_leave"),
        ("缺席(事假)", "leave"),
        ("缺席(未请假)", "absent"),
        ("×(请假)", "leave"),
        ("事假1", "leave"),
        ("病假1次", "sick_leave"),
        ("迟到10分钟", "late"),
        ("请假(回老家)", "leave"),
        ("因公出差请假", "excused"),
        ("已向书记请假", "leave"),
        ("线上参会", "present"),
        ("公休", "leave"),
    ],
)
def test_the_more_specific_counts(value: str, status: str) -> None:
    """What stands beside a sign or a word says more of the same."""
    assert read_status(value, STATUS, WORDS).value == status


@pytest.mark.parametrize("value", ["√(请假)", "出勤(缺席)", "事假2", "请假(待批)", "补学", "没迟到", "出勤?"])
def test_what_may_mean_another_thing_is_refused(value: str) -> None:
    """A contradiction, a count, a denial or a doubt is no status."""
    assert read_status(value, STATUS, WORDS).severity == "error"


@given(st.text(st.sampled_from("√×出勤请假病缺席迟到未()/1 "), max_size=8))
def test_every_text_is_read_or_refused(value: str) -> None:
    """A reading is a known status, or a refusal with a text."""
    reading = read_status(value, STATUS, WORDS)
    assert (reading.value in WORDS.words["status"]) if reading.severity != "error" else reading.text is not None


@pytest.mark.parametrize("part", ["部分", "中途", "基本", "半程"])
def test_who_came_in_part_is_not_taken_for_present(part: str) -> None:
    """全程参加 is present; nobody knows what a part of it is."""
    assert read_status(f"{part}参加", STATUS, WORDS).value is None
    assert read_status("全程参加", STATUS, WORDS).value == "present"


@pytest.mark.parametrize("who", ["孩子", "家里老人", "爱人", "照顾母亲", "本人", ""])
@pytest.mark.parametrize("ill", ["生病", "住院", "因病住院"])
@pytest.mark.parametrize("form", ["请假({})", "请假:{}", "{}请假"])
def test_an_illness_of_others_is_no_sick_leave(who: str, ill: str, form: str) -> None:
    """Whoever is away for the sake of somebody ill has leave."""
    own = who in ("本人", "")
    assert read_status(form.format(who + ill), STATUS, WORDS).value == ("sick_leave" if own else "leave")
