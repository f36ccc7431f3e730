"""Tests of what members declare and what people think of the scheme."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jifen_analysis.analysis import evaluators
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables.records import Records
from tests.builders import records

COMMUNITY = read_scheme("community_60_40")


def assessed(declared: list[list[Any]], **tables: list[list[Any]]) -> Assessment:
    """Two members of two branches, one of them late once, and what they declared."""
    base = {
        "members": [["00001", "甲"], ["00002", "乙"]],
        "attendance": [["00001", "2024-03-05", "lecture", "late"]],
        "evaluations": [[member, "2024H1", "members", 80] for member in ("00001", "00002")],
    }
    given_ = records(**(base | tables))
    frames = {name: given_.table(name) for name in base}
    claims = pd.DataFrame(declared, columns=["member_id", "period", "item", "points"])
    whole = frames | ({"declarations": claims} if declared else {})
    return assess(Records.from_frames(whole), COMMUNITY)


def test_what_was_declared_stands_beside_what_was_given() -> None:
    """A member who was late claims all twenty points and was given sixteen."""
    item = "organisation_activities"
    found = evaluators.self_gap(assessed([["00001", "2024H1", item, 20], ["00002", "2024H1", item, 19]]))
    assert found[["branch", "n", "declared", "given", "gap"]].values.tolist() == [
        ["乙", 1, 19.0, 20.0, -1.0],
        ["甲", 1, 20.0, 16.0, 4.0],
    ]


def test_an_item_may_be_named_as_people_read_it() -> None:
    """The Chinese title stands for the item."""
    found = evaluators.self_gap(assessed([["00001", "2024H1", "组织活动", 20]]), by=["item"])
    assert found[["item", "gap"]].values.tolist() == [["organisation_activities", 4.0]]


def test_an_item_in_which_nothing_happened_was_given_nothing() -> None:
    """A claimed bonus without any record is a gap from zero, not a missing score."""
    found = evaluators.self_gap(assessed([["00001", "2024H1", "bonus", 10]]), by=["item"])
    assert found[["declared", "given"]].values.tolist() == [[10.0, 0.0]]


def test_declarations_without_a_score_are_counted_apart() -> None:
    """Another period or an unknown item has nothing to be compared with."""
    claims = [["00001", "2023H1", "dues", 10], ["00001", "2024H1", "singing", 10], ["00001", "2024H1", "dues", 10]]
    attrs = evaluators.self_gap(assessed(claims)).attrs
    assert attrs["unmatched"] == 2


def test_shares_of_a_few_declarations_are_withheld() -> None:
    """Under five declarations nobody's modesty is shown as a share."""
    found = evaluators.self_gap(assessed([["00001", "2024H1", "dues", 10]]))
    assert found["withheld"].tolist() == [True]
    assert found["share_above"].isna().all()
    shown = evaluators.self_gap(assessed([["00001", "2024H1", "dues", 11]]), min_n=1)
    assert shown["share_above"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("declared", "by", "said"),
    [
        ([], ["item"], "没有自评申报"),
        ([["00001", "2023H1", "dues", 10]], ["item"], "没有一条对得上"),
        ([["00001", "2024H1", "dues", 10]], ["brunch"], "没有列 brunch,最接近的是 branch"),
    ],
)
def test_what_cannot_be_compared_is_refused(declared: list[list[Any]], by: list[str], said: str) -> None:
    """No declaration, none that meets a score, an unknown column."""
    with pytest.raises(UsageError, match=said):
        evaluators.self_gap(assessed(declared), by=by)


def answers(scores: list[float], counts: list[int] | None = None, **columns: Any) -> pd.DataFrame:
    """Answers of one period and group."""
    frame = pd.DataFrame({"period": "2024", "group": "members", "score": scores}).assign(**columns)
    return frame if counts is None else frame.assign(count=counts)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 5).map(float), min_size=5, max_size=40))
def test_single_answers_have_student_s_interval(scores: list[float]) -> None:
    """With one answer a row the interval is the textbook's."""
    row = evaluators.survey(answers(scores)).iloc[0]
    reach = stats.t.isf(0.025, len(scores) - 1) * np.std(scores, ddof=1) / np.sqrt(len(scores))
    assert row[["n", "mean"]].tolist() == pytest.approx([len(scores), np.mean(scores)])
    assert row[["low", "high"]].tolist() == pytest.approx([np.mean(scores) - reach, np.mean(scores) + reach])


def test_a_row_stands_for_its_answers() -> None:
    """Means are weighted by count, and n is the number of answers."""
    row = evaluators.survey(answers([4.0, 2.0], [9, 1])).iloc[0]
    assert row[["n", "rows", "mean"]].tolist() == pytest.approx([10, 2, 3.8])


def test_one_row_has_no_interval() -> None:
    """A single mean, of however many answers, tells nothing of its spread."""
    row = evaluators.survey(answers([4.0], [50])).iloc[0]
    assert row["mean"] == 4.0
    assert row[["low", "high"]].isna().all()


def test_few_answers_are_withheld() -> None:
    """Under five answers the mean is withheld and said to be."""
    row = evaluators.survey(answers([4.0, 5.0])).iloc[0]
    assert row["withheld"]
    assert row[["mean", "low", "high"]].isna().all()


def test_groups_and_periods_have_rows_of_their_own() -> None:
    """A blank group stays a group, and a blank count is one answer."""
    frame = pd.concat([answers([3.0] * 5), answers([5.0] * 5, group=None), answers([1.0] * 5, [1] * 5, period="2023")])
    found = evaluators.survey(frame)
    assert found["n"].tolist() == [5, 5, 5]
    assert found["mean"].tolist() == [1.0, 3.0, 5.0]


def test_the_order_of_answers_changes_no_bit() -> None:
    """Shuffled answers give the same table."""
    frame = answers([1.1, 2.2, 3.3, 4.4, 5.5, 0.1], [1, 2, 3, 4, 5, 6])
    shuffled = frame.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(evaluators.survey(frame), evaluators.survey(shuffled), check_exact=True)


def test_one_column_may_be_named_bare() -> None:
    """A single name needs no list; none at all is refused."""
    pd.testing.assert_frame_equal(
        evaluators.survey(answers([4.0]), by="period"), evaluators.survey(answers([4.0]), by=["period"])
    )
    with pytest.raises(UsageError, match="by 至少要有一列"):
        evaluators.survey(answers([4.0]), by=[])


@pytest.mark.parametrize(
    ("scores", "counts", "said"),
    [([np.nan], None, "没有人作答"), ([4.0], [0], "没有人作答"), ([4.0], [-1], "人数不能为负")],
)
def test_what_nobody_answered_is_refused(scores: list[float], counts: list[int] | None, said: str) -> None:
    """Blank scores, rows of no answers, and counts below nothing."""
    with pytest.raises(UsageError, match=said):
        evaluators.survey(answers(scores, counts))


def test_nobody_asked_is_refused() -> None:
    """An empty survey has no mean."""
    with pytest.raises(UsageError, match="表是空的"):
        evaluators.survey(answers([]))
    with pytest.raises(UsageError, match="没有列 question"):
        evaluators.survey(answers([4.0]), by=["question"])
