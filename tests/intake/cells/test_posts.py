import pytest

from jifen_analysis.intake.cells.posts import read_post
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

POST, WORDS = TABLES["members"]["post"], standard()


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
