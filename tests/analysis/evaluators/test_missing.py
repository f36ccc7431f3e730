"""Tests of who gains where a group of evaluators is missing."""

import numpy as np
import pytest

from jifen_analysis.analysis import evaluators
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from tests.builders import records

GROUPS = ("committee", "members", "households")


def scored(marks: dict[str, dict[str, float]]) -> Assessment:
    """Members of one branch with marks by group, under a scheme that weighs three groups."""
    rows = [[who, "2024H1", group, mark, 5] for who, given in marks.items() for group, mark in given.items()]
    given = records(
        members=[[who, "一"] for who in marks],
        attendance=[[who, "2024-03-05", "lecture", "present"] for who in marks],
        evaluations=rows,
    )
    return assess(given, read_scheme("community_60_40"))


def test_the_bounds_are_those_of_the_scores_that_would_have_been() -> None:
    """Scored again with the group's lowest and highest mark in the branch, the total falls by what is said."""
    full = {"00001": dict.fromkeys(GROUPS, 80.0), "00002": {"committee": 60.0, "members": 90.0, "households": 90.0}}
    gone = {"members": 92.0, "households": 88.0}
    found = evaluators.partial(scored(full | {"00003": gone})).set_index("member_id")
    assert found.index.tolist() == ["00003"]
    total = scored(full | {"00003": gone}).table.set_index("member_id")["total"]["00003"]
    for column, mark in (("gain_low", 80.0), ("gain_high", 60.0)):
        again = scored(full | {"00003": gone | {"committee": mark}}).table.set_index("member_id")["total"]["00003"]
        assert found.loc["00003", column] == pytest.approx(total - again)
    assert found.loc["00003", ["missing", "stands"]].tolist() == ["committee", "gained"]


def test_who_lost_a_kind_group_lost() -> None:
    """Without the only kind group a total is lower than it would have been."""
    full = {"00001": {"committee": 95.0, "members": 70.0, "households": 70.0}}
    found = evaluators.partial(scored(full | {"00002": {"members": 70.0, "households": 70.0}}))
    assert found["stands"].tolist() == ["lost"]


def test_a_group_that_marked_nobody_bounds_nothing() -> None:
    """Where nobody in the branch has its mark, nothing is guessed."""
    found = evaluators.partial(scored({who: {"members": 80.0, "households": 85.0} for who in ("00001", "00002")}))
    assert found["stands"].tolist() == ["unknown"] * 2
    assert found[["gain_low", "gain_high"]].isna().all(axis=None)


def test_nobody_is_listed_where_all_groups_marked() -> None:
    """All marks there: an empty list, and how many were evaluated."""
    found = evaluators.partial(scored({"00001": dict.fromkeys(GROUPS, 80.0)}))
    assert (len(found), found.attrs["evaluated"]) == (0, 1)
    assert np.array_equal(found.columns, ["member_id", "period", "branch", "component", "item", "missing", "given",
                                          "gain_low", "gain_high", "stands"])  # fmt: skip
