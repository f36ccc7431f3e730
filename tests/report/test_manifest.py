"""What a result was made from, in data and in words."""

from __future__ import annotations

import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.report.manifest import brief_origin, origin, origin_text
from jifen_analysis.report.pseudonyms import PseudonymKey, pseudonymise


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("扫雪", "扫雪"),
        ("张三扫雪", "……"),
        ("扫雪张三", "……"),
        ("张 扫雪", "张 扫雪"),
        ("张 三扫雪", "……"),
        ("张　三扫雪", "……"),
        ("扫雪(00001)", "……"),
        ("扫雪2001", "扫雪2001"),
    ],
)
def test_what_was_settled_is_told_without_the_names_of_members(text: str, told: str) -> None:
    """Pages and properties say what a local word was read as; where a member stands in it, not which."""
    roster = pd.DataFrame({"党员编号": ["00001"], "姓名": ["张三"], "党支部": ["甲"]})
    events = pd.DataFrame({"编号": ["00001"], "日期": "2024-03-05", "事项": [text]})
    records = jf.load({"花名册": roster, "事项": events}, words={"words": {"event": {text: "见义勇为"}}})
    hidden = pseudonymise(records, PseudonymKey(b"0123456789abcdef"))
    assert [note.value for note in hidden.notes] == [text] * (text == told)
    made = origin(jf.assess(records, jf.read_scheme("street_80_20")))
    assert (f"对照表 {told}", "见义勇为") in origin_text(made)
    assert dict(brief_origin(made))["按对照表"] == f"“{told}”读作“见义勇为”"
