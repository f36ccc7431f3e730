"""Tests of other weights: as numbers, and as shares of the full marks."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import exact
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.schemes.score_range import full_marks
from tests.schemes.builders import small

POOLS = {"all": {"weight": 1, "pool": ["members"]}}


def weights(scheme: Scheme) -> dict[str, float]:
    """The weights of a scheme's components."""
    return {name: component.weight for name, component in scheme.book.components.items()}


def whole(scheme: Scheme) -> Fraction:
    """The full marks of everything."""
    (marks,) = full_marks(scheme.book)
    return sum((exact(weights(scheme)[name]) * full for name, full in marks.items()), Fraction(0))


def scheme_of(components: dict[str, Any], **more: Any) -> Scheme:
    """A scheme of some components."""
    head = {"id": "s", "title": "方案", "source": "虚构", "period": "half"}
    return Scheme({**head, "components": components, **more})


def started(points: float, weight: float = 1, **more: Any) -> dict[str, Any]:
    """A component of one item that starts with points."""
    return {"title": "", "weight": weight, "items": {f"item{id(more)}": {"start": points, **more}}}


# ---------------------------------------------------------------- weights


def test_weights_that_sum_as_before() -> None:
    """Named components change, the others stay."""
    scheme = small().with_weights(duty=0.7, review=0.3)
    assert weights(scheme) == {"duty": 0.7, "review": 0.3, "bonus": 1}
    assert scheme.applied == ("duty=0.7,review=0.3",)


def test_weights_that_sum_to_something_else_are_refused() -> None:
    """The sum is said, and how to write shares or scale."""
    with pytest.raises(
        UsageError, match=r"权重合计为 1\.2,应为 1;要写占满分的比例,请用 with_shares,或用 normalise=True"
    ):
        small().with_weights(duty=0.7, review=0.5)


def test_normalising_keeps_the_full_marks() -> None:
    """Whatever the full marks of the components, the whole stays."""
    scaled = read_scheme("street_80_20").with_weights(normalise=True, base=7, evaluation=3)
    assert whole(scaled) == 100
    assert weights(scaled)["base"] / weights(scaled)["evaluation"] == pytest.approx(7 / 3)


@pytest.mark.parametrize("asked", [{"duty": 7.0, "review": 3.0}, {"bonus": 2.0}])
def test_normalising_needs_the_same_full_marks_for_everybody(asked: dict[str, float]) -> None:
    """Where they differ, or there are none, exact weights are asked for."""
    with pytest.raises(UsageError, match="没有满分,或满分因人而异"):
        small().with_weights(normalise=True, **asked)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"duti": 1.0}, "没有板块 duti,可用:duty、review、bonus"),
        ({"duty": 1.5, "review": -0.5}, "权重不能为负"),
        ({"duty": float("nan"), "review": 0.2}, "权重合计为 nan"),
    ],
)
def test_weights_that_cannot_be(asked: dict[str, float], said: str) -> None:
    """Unknown components, negative weights and no numbers are refused."""
    with pytest.raises(UsageError, match=said):
        small().with_weights(**asked)


# ---------------------------------------------------------------- shares

KINDS = st.sampled_from(["points", "monthly", "marks", "evaluations"])
PART = st.tuples(KINDS, st.integers(1, 400), st.sampled_from([0.25, 0.6, 1, 1.5, "7/6"]), st.integers(1, 50))


def _item(kind: str, points: float) -> dict[str, Any]:
    return {
        "points": {"start": points},
        "monthly": {"start": points, "per": "month"},
        "marks": {"from": "marks", "max": points},
        "evaluations": {"from": "evaluations", "groups": POOLS, "scale": points},
    }[kind]


@given(st.lists(PART, min_size=1, max_size=5))
def test_shares_are_exact_and_keep_the_full_marks(parts: list[tuple[str, int, Any, int]]) -> None:
    """Whatever the items and weights: the shares are those asked for, the whole is what it was."""
    components: dict[str, Any] = {
        f"c{at}": {"weight": weight, "items": {f"i{at}": _item(kind, points / 4)}}
        for at, (kind, points, weight, _) in enumerate(parts)
    }
    scheme = scheme_of({**components, "bonus": {"items": {"extra": {"cap": 10}}}})
    asked = {f"c{at}": Fraction(part[3], sum(part[3] for part in parts)) for at, part in enumerate(parts)}
    changed = scheme.with_shares(**asked)
    (marks,) = full_marks(scheme.book)
    paid = {
        name: Fraction(str(part["weight"])) * marks[name]
        for name, part in changed.document["components"].items()
        if name in asked
    }
    assert paid == {name: share * whole(scheme) for name, share in asked.items()}
    assert {name: float(share) for name, share in changed.shares.items()} == pytest.approx(asked)
    assert weights(changed)["bonus"] == 1
    assert sum(scheme.shares.values()) == 1


@given(st.floats(0, 1))
def test_floats_that_sum_to_one_but_for_rounding_are_shares(share: float) -> None:
    """What is left of one goes to the larger; 0.72 and 0.3 - 0.02 are 18/25 and 7/25."""
    scheme = read_scheme("street_80_20")
    changed = scheme.with_shares(base=share, evaluation=1 - share)
    assert float(changed.shares["base"]) == pytest.approx(share, abs=1e-9)
    assert float(whole(changed)) == pytest.approx(100)
    assert scheme.with_shares(base=0.72, evaluation=0.3 - 0.02).shares["evaluation"] == Fraction(7, 25)


def test_seventy_and_thirty_of_a_scheme_whose_items_sum() -> None:
    """Sixty points that count seventy weigh seven sixths, exactly, and the file says so."""
    scheme = scheme_of({"base": started(60), "review": {"items": {"mean": _item("evaluations", 0.4)}}})
    changed = scheme.with_shares(base=0.7, review=0.3)
    assert changed.document["components"]["base"]["weight"] == "7/6"
    assert changed.document["components"]["review"]["weight"] == 0.75
    assert (weights(changed)["base"], whole(changed), changed.applied) == (7 / 6, 100, ("base=70%,review=30%",))
    assert "7/6" in changed.describe()
    assert weights(scheme) == {"base": 1, "review": 1}


def test_of_a_scheme_whose_parts_have_weights() -> None:
    """Shares and weights are the same where every component has the same full marks; titles will do."""
    scheme = read_scheme("community_60_40")
    assert scheme.shares == {"daily": Fraction(3, 5), "evaluation": Fraction(2, 5)}
    changed = scheme.with_shares(日常考核="70%", 民主评议=Fraction(3, 10))
    assert weights(changed) == {"daily": 0.7, "evaluation": 0.3, "bonus": 1}


def test_those_not_named_keep_their_share() -> None:
    """Two of four may be named where they sum to what they had."""
    changed = read_scheme("branch_scorecard").with_shares(political=0.4, organisation=0.1)
    assert list(changed.shares.values()) == [Fraction(2, 5), Fraction(1, 10), Fraction(3, 10), Fraction(1, 5)]


def test_shares_hold_on_every_day() -> None:
    """A dated change of an item's points changes the weight, not the share."""
    changes = {"2025-01-01": {"set": {"components.base.items.a.start": 80, "components.review.weight": 3}}}
    parts = {"base": {"items": {"a": {"start": 60}}}, "review": {"items": {"b": {"start": 40}}}}
    scheme = scheme_of(parts, changes=changes)
    changed = scheme.with_shares(base=0.5, review=0.5)
    for day, full in ((date(2024, 1, 1), 100), (date(2025, 1, 1), 200)):
        assert changed.on(day).shares == {"base": Fraction(1, 2), "review": Fraction(1, 2)}
        assert whole(changed.on(day)) == whole(scheme.on(day)) == full


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"base": 0.7, "evaluation": 0.2}, r"占比合计为 0\.9,应为 1:.*按此比例应为 base=7/9, evaluation=2/9"),
        ({"base": 0.7}, r"占比合计为 0\.9,应为 1:base=0\.7.未写的保持 evaluation=0\.2..其余应写 evaluation=0\.3"),
        ({"base": 0.0}, r"占比合计为 0\.2,应为 1"),
        ({"bonus": 0.3}, r"bonus 只是另加减分,没有满分.*有满分的板块:.*\(base\)、.*\(evaluation\)"),
        ({"bass": 0.3}, "没有板块 bass,可用:基础积分"),
        ({"base": 70, "evaluation": 30}, r"base 的占比须在 0 与 1 之间\(70% 写作 0\.7\),现为 70"),
        ({"base": -0.1, "evaluation": 1.1}, "须在 0 与 1 之间"),
        ({"base": "seven"}, "base 的占比须是数,现为 seven"),
        ({"base": float("nan")}, "base 的占比须是数"),
        ({"base": float("inf")}, "base 的占比须是数"),
        ({"base": "1/0"}, "base 的占比须是数"),
        ({"base": True}, "base 的占比须是数"),
        ({"base": None}, "base 的占比须是数"),
        ({"base": 0.7, "基础积分": 0.3}, "同一板块写了两次"),
    ],
)
def test_shares_that_cannot_be(asked: dict[str, Any], said: str) -> None:
    """Each is refused with what would be right."""
    with pytest.raises(UsageError, match=said.replace("(未", r"\(未").replace(");按", r"\);按")):
        read_scheme("street_80_20").with_shares(**asked)


def test_full_marks_that_differ_among_members() -> None:
    """No weight gives everybody the share; what everybody has is said."""
    with pytest.raises(UsageError, match=r"满分因人而异\(duty=80, review=100;duty=94, review=100\)"):
        small().with_shares(duty=0.5, review=0.5)
    assert small().shares == {}


def test_without_any_full_marks_there_are_no_shares() -> None:
    """A scheme that only adds, and one whose weights are all 0."""
    with pytest.raises(UsageError, match=r"有满分的板块:\(无\)"):
        scheme_of({"a": {"items": {"x": {"cap": 5}}}}).with_shares(a=1)
    with pytest.raises(UsageError, match="各板块权重都是 0"):
        scheme_of({"a": started(10, 0)}).with_shares(a=1)


@pytest.mark.parametrize("name", scheme_names())
def test_every_scheme_can_be_given_its_own_shares(name: str) -> None:
    """Then nothing changes."""
    scheme = read_scheme(name)
    if scheme.shares:
        assert weights(scheme.with_shares(**scheme.shares)) == weights(scheme)
