"""Tests of what follows from the sliders: numbers as an assessment of its own has them, and fast."""

from __future__ import annotations

import re
from time import process_time

import pytest

import jifen_analysis as jf
from jifen_analysis.analysis import thresholds
from jifen_analysis.desk.moving import Positions
from jifen_analysis.desk.showing import fairness, results_at
from jifen_analysis.report.trial.facts import binding_limits
from jifen_analysis.sample.synthetic import synthetic
from tests.report.sampled import records

SCHEME = jf.read_scheme("community_60_40")


def rows(table: str) -> list[list[str]]:
    """The cells of a table in HTML."""
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", line) for line in re.findall(r"<tr>(.*?)</tr>", table)]


def test_the_tables_are_those_of_an_assessment() -> None:
    """Grades by branch, who moves, fairness."""
    before = jf.assess(records(), SCHEME, periods=["2024H2"])
    at = Positions.of(SCHEME).with_share("daily", 0.3).with_cut("优秀", 88.0).with_quota("优秀", 0.2)
    found = results_at(before, binding_limits(before), at)
    scheme = SCHEME.with_shares(daily=0.3, evaluation=0.7).with_grades(优秀=88).with_quotas(优秀="1/5")
    after = jf.assess(records(), scheme, periods=["2024H2"])
    counts = after.table["grade"].value_counts()
    whole = dict(zip(*[rows(found.grades)[at] for at in (0, -1)], strict=True))
    assert {grade: int(whole[grade].split("→")[-1]) for grade in counts.index} == counts.to_dict()
    moved = (before.table["grade"].astype("object") != after.table["grade"].astype("object")) & after.table[
        "grade"
    ].notna()
    assert {row[0] for row in rows(found.moves)[1:]} <= set(after.table.loc[moved, "member_id"])
    assert not any(name in found.moves for name in after.table["name"])
    assert f"({counts['优秀']} 人)" in rows(found.fairness)[1][2]
    assert f"{moved.sum()} 人次等次改变" in found.sentences


def test_what_cannot_stand_is_refused() -> None:
    """A cut above the next higher one."""
    before = jf.assess(records(), SCHEME, periods=["2024H2"])
    with pytest.raises(jf.JifenError, match="分数线须低于"):
        results_at(before, binding_limits(before), Positions.of(SCHEME).with_cut("合格", 95.0))


def test_fairness_is_that_of_the_selection_rates() -> None:
    """The branches' chances as the analysis has them."""
    table = jf.assess(records(), SCHEME, periods=["2024H2"]).table.dropna(subset="grade")
    rates = thresholds.selection_rates(table["grade"].astype("str") == "优秀", table["branch"])
    told = rates[~rates["withheld"].astype("bool")]
    found = fairness(jf.assess(records(), SCHEME, periods=["2024H2"]))
    assert found["支部最低比例 ÷ 最高比例"] == f"{told['rate'].min() / told['rate'].max():.2f}"
    below = int(told["below_four_fifths"].fillna(False).astype("bool").sum())
    assert found["低于最高支部五分之四的支部"] == f"{below} / {len(told)}"


def test_nothing_moved_and_no_grades() -> None:
    """Each has its own sentence."""
    before = jf.assess(records(), SCHEME, periods=["2024H2"])
    assert "没有人的等次改变" in results_at(before, binding_limits(before), Positions.of(SCHEME)).sentences
    plain = jf.assess(records(), jf.read_scheme("village_monthly"), periods=["2024-12"])
    assert fairness(plain) == {}
    assert "不划等次" in results_at(plain, binding_limits(plain), Positions.of(plain.scheme)).grades


def test_three_thousand_members_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is made anew, no score added up again; a move costs 0.1 s on an idle core, and some more on a busy one."""
    before = jf.assess(jf.Records.from_frames(synthetic(3000, (2024,), 5)), SCHEME, periods=["2024H2"])
    binds = binding_limits(before)

    def again(*_: object) -> None:
        raise AssertionError("assessed from the beginning")

    monkeypatch.setattr("jifen_analysis.scoring.assess.build_roster", again)
    at, took = Positions.of(SCHEME), []
    for step in range(4):
        start = process_time()
        results_at(before, binds, at.with_share("daily", 0.5 + step / 100).with_cut("优秀", 85.0 + step))
        took.append(process_time() - start)
    assert min(took) < 1, took
