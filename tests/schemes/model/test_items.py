"""Tests of items and ballots in words."""

from __future__ import annotations

from typing import Any

import pytest

from jifen_analysis.schemes.model import BallotItem, PointsItem
from jifen_analysis.schemes.model.ballots import ballot_lines
from jifen_analysis.schemes.model.items import item_text
from jifen_analysis.schemes.model.phrases import Speech
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.vocabulary_checks import words_of
from tests.schemes.builders import small

BOOK = small().book
ZH, EN = Speech(BOOK, words_of(BOOK)), Speech(BOOK, words_of(BOOK), "en")
TASK = {"from": "events", "where": {"event": "task"}}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"start": 10, "floor": 0, "rules": {"a": {**TASK, "points": -1}}}, "起始10分,扣完为止"),
        ({"start": 10, "rules": {"a": {**TASK, "points": -1}}}, "起始10分,扣分不设下限"),
        ({"start": 10, "floor": -5, "rules": {"a": {**TASK, "points": -1}}}, "起始10分,不低于-5分"),
        ({"start": 10}, "起始10分"),
        ({"per": "quarter", "start": 15, "floor": 0}, "每季度分别计算,起始15分,扣完为止"),
        ({"cap": 10, "rules": {"a": {**TASK, "points": 1}}}, "最高10分"),
        ({"rules": {"a": {**TASK, "points": 1}}, "for": {"category": "old"}}, "只限年长"),
    ],
)
def test_items_of_points_in_words(item: dict[str, Any], said: str) -> None:
    """Start, floor, cap, parts and members of an item."""
    assert item_text(PointsItem.model_validate(item), ZH) == said


def test_marks_in_words() -> None:
    """Full marks, by category where they differ."""
    item = BOOK.components["duty"].items["mark"]
    assert item_text(item, ZH) == "由考评人打分,0至34分,年长0至20分"
    assert item_text(item, EN) == "marked from 0 to 34, 年长: to 20"


def test_ballots_in_words() -> None:
    """Rungs, limits and the quota stand in the order in which they are applied."""
    scheme = read_scheme("bureau_quarterly").variant("dissatisfied_fails")
    item = scheme.book.components["evaluation"].items["ballot"]
    assert isinstance(item, BallotItem)
    lines = [text for text, _ in ballot_lines(item, Speech(scheme.book, scheme.words))]
    assert lines[1] == "优秀票+合格票达到60%,不合格票不超过15%:合格,18分"
    assert lines[4:] == [
        "其余:基本合格,16分,标记“测评票数落在空档”",
        "满意票占满意票+一般票+不满意票低于70%时,“优秀”改为“合格”",
        "不满意票占满意票+一般票+不满意票高于50%时,改为“不合格”、标记“需核实”",
        "“优秀”最多占支部的20%(舍去尾数,得票率高的在先),其余为“合格”",
    ]
