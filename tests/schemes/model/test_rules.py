"""Tests of rules in words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from jifen_analysis.schemes.model import AnyRule
from jifen_analysis.schemes.model.phrases import Speech
from jifen_analysis.schemes.model.rules import counted_text, rule_text
from jifen_analysis.schemes.vocabulary_checks import words_of
from tests.schemes.builders import small

BOOK = small().book
ZH, EN = Speech(BOOK, words_of(BOOK)), Speech(BOOK, words_of(BOOK), "en")
READ = TypeAdapter(AnyRule).validate_python
TASK = {"from": "events", "where": {"event": "task"}}
WORK = {"from": "attendance", "where": {"activity": "workday"}}


def both(rule: dict[str, Any], per: str | None = None) -> tuple[str, str]:
    """A rule in both languages."""
    priced = READ(rule)
    return rule_text(priced, per, ZH), rule_text(priced, per, EN)


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ({**TASK, "points": 5}, "每次加5分", "+5 each"),
        ({**TASK, "points": -0.5}, "每次扣0.5分", "-0.5 each"),
        ({**TASK, "points": 5, "times": "quantity"}, "每单位数量加5分", "+5 for each unit of quantity"),
        ({**TASK, "points": 5, "once": True}, "有即加5分", "+5 if any"),
        ({**TASK, "points": "forfeit"}, "有即本项不得分", "the item is lost if any"),
        ({"from": "dues", "points": -1}, "每月扣1分", "-1 a month"),
        (
            {**TASK, "by": "level", "points": {"late": -1, "unfinished": -1, "early": 2}},
            "逾期、未完成扣1分,提前加2分",
            "late, unfinished -1; early +2",
        ),
        (
            {"from": "dues", "by": "days_late", "tiers": [[1, -2], [60, "forfeit"]]},
            "每月按逾期天数:满1天扣2分,满60天本项不得分",
            "by days late, each month: from 1 days -2, from 60 days the item is lost",
        ),
        (
            {**TASK, "sum_of": "amount", "tiers": [[1000, 5]]},
            "按累计金额:满1000元加5分",
            "by the sum: from 1000 yuan +5",
        ),
        (
            {**TASK, "sum_of": "points", "floor": 0, "cap": 5},
            "按登记的酌情分值相加,最多5分,最少0分",
            "the points on record, added up, at most 5, at least 0",
        ),
        (
            {**TASK, "by": "level", "points": {"early": 5}, "highest_per": "award", "once": True},
            "提前加5分,各计一次,同一奖项只计最高的一次",
            "early +5, once each, the same award once, at its highest",
        ),
        (
            {
                "when": [{"measure": "attended_share", "below": 0.5}, {"measure": "attended_share", "at_most": 0}],
                "points": -5,
            },
            "出席率低于50% 或 出席率不超过0%时扣5分",
            "出席率 below 50% or 出席率 at most 0%: -5",
        ),
        ({**TASK, "points": 1, "for": {"post": "none"}}, "每次加1分,只限无职", "+1 each, only none"),
    ],
)
def test_rules_in_words(rule: dict[str, Any], zh: str, en: str) -> None:
    """Every shape and modifier has its phrase in both languages."""
    assert both(rule) == (zh, en)


def test_what_happens_in_a_month() -> None:
    """Awards of a month say what must have happened, what must not, and what is paid otherwise."""
    rule = {"given": [WORK], "none_of": [TASK], "points": 5, "otherwise": -5}
    assert both(rule, "month") == (
        "每月没有〔事项:工作任务〕加5分,否则扣5分(须有〔考勤:工作日考勤〕)",
        "each month without event: task: +5, otherwise -5 (only with attendance: workday)",
    )
    assert both({"any_of": [TASK, WORK], "points": 5})[0] == "有〔事项:工作任务 或 考勤:工作日考勤〕加5分"


def test_which_records_count() -> None:
    """A rule on records names them; another names none."""
    rule = READ({"from": "attendance", "except": {"activity": "workday"}, "points": 1})
    assert (counted_text(rule, ZH), counted_text(rule, EN)) == ("考勤(工作日考勤除外)", "attendance (but workday)")
    assert counted_text(READ({"any_of": [TASK], "points": 5}), ZH) == ""
