"""The summary by branch and period, against hand counts."""

from __future__ import annotations

import pytest

from jifen_analysis.report.summary import WHOLE, by_branch, by_number, flags_of_everyone, needs_attention
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from tests.builders import records
from tests.report.builders import MEMBERS, assessed, assessed_of


def test_counts_of_a_half() -> None:
    """Everyone on the roster is assessed, exempt or pending, and grades count the assessed."""
    half = by_branch(assessed()).set_index(["period", "branch"]).loc["2024H1"]
    counted = half[["due", "assessed", "exempt", "pending", "优秀", "合格", "不合格"]].to_dict("index")
    tenth = {"due": 2, "assessed": 2, "exempt": 0, "pending": 0, "优秀": 2, "合格": 0, "不合格": 0}
    second = {"due": 2, "assessed": 1, "exempt": 0, "pending": 1, "优秀": 0, "合格": 0, "不合格": 1}
    assert counted == {"第十支部": tenth, "第二支部": second, WHOLE: {key: tenth[key] + second[key] for key in tenth}}


def test_shares_are_of_the_assessed() -> None:
    """A pending member is in no denominator."""
    half = by_branch(assessed()).set_index(["period", "branch"]).loc["2024H1"]
    assert half["share.不合格"].tolist() == [1, 0, pytest.approx(1 / 3)]
    assert half.loc["第十支部", "mean"] == pytest.approx((91.6 + 94) / 2)


def test_exempt_members_are_not_due() -> None:
    """An exempt member is counted as such and nowhere else; a branch of none but exempt has no share and no mean."""
    exempt = ["00009", "第一支部", *[None] * 14, True]
    row = by_branch(assessed_of(members=[*MEMBERS, exempt])).iloc[0]
    assert row[["branch", "due", "assessed", "exempt"]].tolist() == ["第一支部", 0, 0, 1]
    assert row[["share.优秀", "mean"]].isna().all()


def test_branches_stand_in_the_order_of_their_numbers() -> None:
    """The tenth branch follows the second, and the whole comes last."""
    summary = by_branch(assessed())
    assert summary.loc[summary["period"] == "2024H1", "branch"].tolist() == ["第二支部", "第十支部", WHOLE]


def test_a_year_follows_its_halves() -> None:
    """Where the scheme totals years, each stands after its last period, graded where the scheme grades years."""
    half_days = [["00001", day, "lecture", "present"] for day in ("2023-03-01", "2024-03-01", "2024-09-01")]
    summary = by_branch(assessed_of(attendance=half_days))
    assert list(summary["period"].unique()) == ["2023H1", "2023", "2024H1", "2024H2", "2024"]


def test_a_yearly_scheme_has_no_rows_twice() -> None:
    """A scheme by year has one row a branch and year."""
    summary = by_branch(assessed("street_80_20"))
    assert not summary.duplicated(["period", "branch"]).any()
    assert list(summary["period"].unique()) == ["2024"]


def test_a_scheme_without_grades_has_no_grade_columns() -> None:
    """Only counts and the mean remain."""
    assert list(by_branch(assessed_of("community_cadre", marks=[])))[2:] == [
        "due",
        "assessed",
        "exempt",
        "pending",
        "mean",
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["第十一支部", "第二十支部", "第九支部"], ["第九支部", "第十一支部", "第二十支部"]),
        (["10组", "9组"], ["9组", "10组"]),
        (["一百零一", "一百"], ["一百", "一百零一"]),
        (["二〇", "二"], ["二", "二〇"]),
    ],
)
def test_natural_order(names: list[str], expected: list[str]) -> None:
    """Arabic and Chinese numerals are compared as numbers."""
    assert sorted(names, key=by_number) == expected


def test_what_everybody_has_is_said_once() -> None:
    """Of a period in which all have it; not where one has not, nor of a single member."""
    paid = [
        [member, month, 5, 5, *day]
        for member in ("1", "2")
        for month, *day in (["2024-01"], ["2024-07", *day_of(member)])
    ]
    came = [["1", "2024-03-05", "lecture", "present"], ["1", "2024-09-05", "lecture", "present"]]
    marks = [[member, half, "members", 80] for member in "12" for half in ("2024H1", "2024H2")]
    given = records(members=[["1", "甲"], ["2", "甲"]], dues=paid, attendance=came, evaluations=marks)
    found = flags_of_everyone(assess(given, read_scheme("community_60_40")))
    assert found == {"dues_undated": ("2024H1",), "evaluation_partial": ("2024H1", "2024H2")}


def day_of(member: str) -> list[str]:
    """The first member's payment has a day."""
    return ["2024-07-05"] if member == "1" else []


def test_who_needs_attention() -> None:
    """The unfinished and the vetoed are named, by period, the last first; everyone else is not."""
    found = needs_attention(assessed()).set_index(["period", "flag"])
    assert found.loc[("2024H1", "incomplete")].tolist() == [1, "00004 @乙二"]
    assert found.loc[("2024H1", "veto")].tolist() == [1, "00003 =1+1"]
    assert found.index.get_level_values("period").is_monotonic_decreasing


def test_only_the_first_few_are_named() -> None:
    """Five are named, all are counted."""
    members = [[f"{n:05d}", "一支部", None] for n in range(1, 8)]
    found = needs_attention(
        assessed_of(
            members=members, evaluations=[], events=[], attendance=[["00001", "2024-03-05", "lecture", "present"]]
        )
    )
    row = found.set_index(["period", "flag"]).loc[("2024H1", "incomplete")]
    assert row["cases"] == 7
    assert row["who"] == "00001、00002、00003、00004、00005"


def test_nothing_to_look_at() -> None:
    """A clean result needs nobody."""
    everyone = [[f"0000{n}", "2024H1", group, 85] for n in (1,) for group in ("committee", "members", "households")]
    members = [["00001", "一支部", "甲"]]
    attendance = [["00001", "2024-03-05", "lecture", "present"]]
    found = needs_attention(assessed_of(members=members, attendance=attendance, events=[], evaluations=everyone))
    assert found.empty
    assert records(members=members).members["member_id"].tolist() == ["00001"]
