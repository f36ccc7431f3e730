"""Tests of the words for records, members, conditions and points."""

from __future__ import annotations

from typing import Any

import pytest

from jifen_analysis.schemes.model import Condition, Selector, Who
from jifen_analysis.schemes.model.phrases import (
    Speech,
    condition_text,
    measure_text,
    percent,
    points_text,
    records_text,
    who_text,
)
from jifen_analysis.schemes.vocabulary_checks import words_of
from tests.schemes.builders import small

BOOK = small({"measures.run": {"title": "连续月数", "longest_run": {"any_of": [{"from": "dues"}]}}}).book
WORDS = words_of(BOOK)
ZH, EN = Speech(BOOK, WORDS), Speech(BOOK, WORDS, "en")


@pytest.mark.parametrize(
    ("records", "zh", "en"),
    [
        ({"from": "attendance"}, "考勤", "attendance"),
        (
            {"from": "attendance", "where": {"activity": "organisation_life", "status": ["absent", "proxy"]}},
            "考勤:组织生活,缺席、替会",
            "attendance: organisation life; absent, proxy",
        ),
        ({"from": "events", "where": {"event": "tree_planted"}}, "事项:植树", "event: tree planted"),
        ({"from": "dues", "where": {"state": ["late", "short"]}}, "党费:逾期缴清、未足额", "dues: late, short"),
        (
            {"from": "events", "where": {"event": "discipline"}, "except": {"level": "minor"}},
            "事项:党纪处分(轻微除外)",
            "event: discipline (but minor)",
        ),
        ({"from": "events", "where": {"level": "severity"}}, "事项:轻微、较重、严重", "event: minor, serious, grave"),
    ],
)
def test_records(records: dict[str, Any], zh: str, en: str) -> None:
    """Tables, words and exceptions; some groups by their own name, others spelt out."""
    selector = Selector.model_validate(records)
    assert (records_text(selector, ZH), records_text(selector, EN)) == (zh, en)


@pytest.mark.parametrize(
    ("who", "zh", "en"),
    [
        ({"post": ["secretary", "director"]}, "书记、主任", "secretary, director"),
        ({"stage": "probationary", "floating": True}, "预备,流动党员", "probationary; floating"),
        ({"retired": False}, "非退休", "not retired"),
        ({"age_at_least": 60}, "60周岁及以上", "60 or older"),
        (
            {"age_below": 60, "age_unknown": True},
            "未满60周岁,没有出生日期的也在内",
            "under 60; also without a date of birth",
        ),
        ({"except": {"post": "none"}}, "无职以外", "other than none"),
        ({"category": "old", "sex": "female"}, "女,年长", "female; 年长"),
    ],
)
def test_members(who: dict[str, Any], zh: str, en: str) -> None:
    """Every column that can be asked has its words."""
    part = Who.model_validate(who)
    assert (who_text(part, ZH), who_text(part, EN)) == (zh, en)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ({"measure": "total", "at_least": 90}, "总分达到90分", "total at least 90"),
        ({"measure": "lost.duty", "at_least": 20}, "履职扣分达到20分", "points lost in 履职 at least 20"),
        ({"measure": "total", "below": "branch_mean"}, "总分低于支部平均分", "total below the mean of the branch"),
        ({"measure": "attended_share", "below": 0.6}, "出席率低于60%", "出席率 below 60%"),
        ({"measure": "run", "at_least": 6}, "连续月数达到6个月", "连续月数 at least 6 months"),
        ({"measure": "rank_gain", "above": 0}, "支部名次前移高于0名", "places gained in the branch above 0"),
        ({"measure": "grade", "in": ["优", "良"]}, "等次为优、良", "grade is 优, 良"),
        ({"measure": "grade", "not_in": "差", "nth": 2}, "等次不是差(第2次)", "grade is not 差 (time no. 2)"),
        (
            {"measure": "total", "above": 60, "at_most": 80, "in_a_row": 2},
            "总分不超过80分、高于60分(连续2个半年)",
            "total at most 80, above 60 (2 halves in a row)",
        ),
        ({"outcome": "talk"}, "“谈话”", "谈话"),
        (
            {"from": "events", "where": {"event": "report_missed"}, "in_a_row": 2, "per": "quarter"},
            "事项:流动党员未按季汇报(连续2个季度)",
            "event: report missed (2 quarters in a row)",
        ),
        (
            {"from": "events", "where": {"event": "land_violation"}, "at_least": 2, "over": "data"},
            "事项:违法建设达到2次(历年累计)",
            "event: land violation at least 2 times (over all years)",
        ),
        ({"for": {"stage": "activist"}}, "积极分子", "activist"),
    ],
)
def test_conditions(condition: dict[str, Any], zh: str, en: str) -> None:
    """Subjects, comparisons with their units, and what counts how often."""
    part = Condition.model_validate(condition)
    assert (condition_text(part, ZH), condition_text(part, EN)) == (zh, en)


def test_measures_are_called_by_their_titles() -> None:
    """Components and measures by title, the rest by their usual names."""
    assert [measure_text(name, ZH) for name in ("duty", "lost.review", "run", "total")] == [
        "履职",
        "评议扣分",
        "连续月数",
        "总分",
    ]


@pytest.mark.parametrize(
    ("price", "zh", "en"),
    [(5, "加5分", "+5"), (-0.5, "扣0.5分", "-0.5"), ("forfeit", "本项不得分", "the item is lost")],
)
def test_points(price: float | str, zh: str, en: str) -> None:
    """A price is added, deducted, or the item is lost."""
    assert (points_text(price, ZH), points_text(price, EN)) == (zh, en)


@pytest.mark.parametrize(("share", "said"), [("0.2", "20%"), ("0.125", "12.5%"), ("1/3", "1/3"), ("1", "100%")])
def test_shares_in_words(share: str, said: str) -> None:
    """Decimals as percentages, fractions as they are."""
    assert percent(share) == said
