"""What a correspondence table settled is told where it was used."""

from __future__ import annotations

import json
from pathlib import Path

import jifen_analysis as jf
from jifen_analysis.cli import run
from jifen_analysis.report.manifest import brief_origin, origin_text
from tests.intake.sheets import book

SHEETS = {
    "花名册": [("编号", "姓名", "党支部"), ("00001", "张三", "第一支部"), ("00002", "李四", "第一支部")],
    "事项": [
        ("编号", "日期", "事项"),
        ("00001", "2024-03-12", "扫雪"),
        ("00002", "2024-03-12", "救人"),
        ("00002", "2024-03-13", "春游"),
    ],
    "考勤": [
        ("编号", "日期", "活动", "到了没有"),
        ("00001", "2024-03-05", "党课", "○"),
        ("00002", "2024-03-05", "党课", "△"),
    ],
}
SAID = {
    "headers": {"到了没有": "出勤情况"},
    "symbols": {"○": "迟到", "△": "缺席"},
    "words": {"event": {"扫雪": "公益事业", "救人": "突发事件应急", "春游": "不计"}},
}


def test_each_is_told_what_concerns_his_own_records(tmp_path: Path) -> None:
    """Words and signs of the member's own records; headers and what was left aside hold for the sheet."""
    records = jf.load(book(tmp_path / "一.xlsx", SHEETS), words=SAID)
    result = jf.assess(records, jf.read_scheme("community_60_40"))
    first, second = (
        {text.zh.split("按对照表")[0] for text in result.explain(member).meanings} for member in ("00001", "00002")
    )
    assert first == {"“扫雪”", "“春游”", "“○”", "列名“到了没有”"}
    assert second == {"“救人”", "“春游”", "“△”", "列名“到了没有”"}
    said = str(result.explain("00001"))
    assert "“扫雪”按对照表读作“公益事业、帮困爱心活动”〔一.xlsx 事项〕" in said
    assert "“○”按对照表读作“迟到”〔一.xlsx 考勤〕" in said
    assert "as the correspondence table says" in result.explain("00001").text("en")


def test_the_manifest_keeps_what_was_settled(tmp_path: Path) -> None:
    """Beside a result, and after a conversion: every text with its meaning, and the hash of the table's file."""
    book(tmp_path / "报送" / "一.xlsx", SHEETS)
    rows = [
        ("类别", "报来的写法", "读作"),
        ("列名", "到了没有", "出勤情况"),
        ("记号", "○", "迟到"),
        ("记号", "△", "缺席"),
    ]
    events = [("事项", text, meaning) for text, meaning in SAID["words"]["event"].items()]
    table = book(tmp_path / "今年.xlsx", {"对照表": [*rows, *events]})
    assert run(["convert", str(tmp_path / "报送"), str(tmp_path / "已查验"), "--words", str(table)]) == 0
    for data, more in ((tmp_path / "报送", ["--words", str(table)]), (tmp_path / "已查验", [])):
        out = tmp_path / f"{data.name}.csv"
        assert run(["assess", str(data), "--out", str(out), *more]) == 0
        made = json.loads(out.with_name(f"{out.name}.manifest.json").read_text(encoding="utf-8"))
        told = {"text": "扫雪", "meaning": "public_benefit", "label": "公益事业、帮困爱心活动"}
        assert {"kind": "event", **told} in made["settled"]
        assert len(made["settled"]) == 6
        assert ("对照表 扫雪", "公益事业、帮困爱心活动") in origin_text(made)
        assert "“○”读作“迟到”" in dict(brief_origin(made))["按对照表"]
        assert len(made["inputs"]["今年.xlsx"]) == 64
