"""Every unknown text once, and the table to fill in."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import jifen_analysis as jf
from jifen_analysis.cli import run
from jifen_analysis.errors import InvalidRecords, Problem
from jifen_analysis.errors import same as same_text
from jifen_analysis.intake.correspondence import count_unknown, unknown_texts
from jifen_analysis.tables.problems import Alike, in_order
from jifen_analysis.vocabulary import standard
from tests.intake.sheets import ROSTER, book

EVENTS = [
    ("编号", "日期", "事项"),
    ("00001", "2024-03-05", "扫雪"),
    ("00002", "2024-03-05", "扫 雪"),
    ("00002", "2024-03-06", '=HYPERLINK("http://a.b","甲")'),
]
TICKS = [("编号", "3月5日", "3月6日"), ("00001", "○", "来过"), ("00002", "√", "○")]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Two workbooks with words that nobody knows."""
    path = book(tmp_path / "报送" / "一.xlsx", {"花名册": ROSTER, "事项": EVENTS, "2024年考勤": TICKS})
    opened = openpyxl.load_workbook(path)
    opened["事项"]["C4"].data_type = "s"
    opened.save(path)
    book(path.with_name("二.xlsx"), {"事项": EVENTS[:2]})
    return path.parent


def fill(path: Path, meanings: dict[str, str]) -> None:
    """Fill in some lines of a table by their text, and a remark beside each."""
    opened = openpyxl.load_workbook(path)
    for row in opened["对照表"].iter_rows(min_row=2):
        if row[1].value in meanings:
            row[2].value, row[8].value = meanings[row[1].value], "会上定的"
    opened.save(path)


def lines(path: Path) -> list[tuple[object, ...]]:
    """Kind, text, meaning, cells and files of every line."""
    rows = openpyxl.load_workbook(path)["对照表"].iter_rows(min_row=2, values_only=True)
    return [tuple(value or "" for value in row[:5]) for row in rows]


def test_each_unknown_text_is_said_once(sent: Path) -> None:
    """What it is, how often, in how many files, where first."""
    found = jf.check(sent).unknown
    assert found[["kind", "text", "count", "files", "cell"]].to_numpy().tolist() == [
        ["status", "来过", 1, 1, "C2"],
        ["event", "扫雪", 3, 2, "C2"],
        ["event", EVENTS[3][2], 1, 1, "C4"],
        ["sign", "○", 2, 1, "B2"],
    ]
    assert jf.check(sent, words={"words": {"event": {"扫雪": "公益事业"}}}).unknown["kind"].tolist() == [
        "status",
        "event",
        "sign",
    ]


def test_very_many_unknown_texts_are_counted_as_they_are_listed() -> None:
    """However they are spelt, in whatever sheets, a text counts once for its kind; what is no word does not count."""
    texts = [spelt for n in range(2500) for spelt in (f"错{n}", f"错 {n}", f"Ｗ{n}", f"w{n}")]
    same = "error", "unknown_word", "event"
    where = np.arange(len(texts)), np.arange(len(texts)) + 2, np.ones(len(texts), int)
    parts = [Alike(*same, name, "", texts, lambda _: same_text(""), *where) for name in ("a.csv", "b.csv")]
    more = [replace(parts[0], word=word) for word in ("status", "sign", "")]
    found = in_order([], [*parts, *more]).followed_by([Problem("error", "year_unknown", same_text(""), "c.csv")])
    assert count_unknown(found, standard()) == len(unknown_texts(found, standard())) == 2500 * (2 + 2 + 4) + 1


def test_the_table_is_filled_in_kept_and_applied(
    sent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the first refusal to an accepted folder; run again it keeps what is filled in and adds what is new."""
    path = tmp_path / "我的对照表.xlsx"
    assert run(["check", str(sent)]) == 1
    assert "--unknown" in (said := capsys.readouterr().out)
    assert "--words" in said
    assert run(["assess", str(sent)]) == 1
    assert "--unknown" in capsys.readouterr().err
    assert run(["check", str(sent), "--unknown", str(path)]) == 1
    assert lines(path) == [
        ("出勤情况", "来过", "", "1", "1"),
        ("事项", "扫雪", "", "3", "2"),
        ("事项", EVENTS[3][2], "", "1", "1"),
        ("记号", "○", "", "2", "1"),
    ]
    fill(path, {"来过": "迟到", "扫雪": "公益事业、帮困爱心活动", EVENTS[3][2]: "不计"})
    book(sent / "三.xlsx", {"事项": [EVENTS[0], ("00003", "2024-03-07", "送菜")]})
    assert run(["check", str(sent), "--unknown", str(path), "--words", str(path)]) == 1
    kept = lines(path)
    assert [line[:3] for line in kept] == [
        ("出勤情况", "来过", "迟到"),
        ("事项", "扫雪", "公益事业、帮困爱心活动"),
        ("事项", EVENTS[3][2], "不计"),
        ("记号", "○", ""),
        ("事项", "送菜", ""),
    ]
    assert [row[8] for row in openpyxl.load_workbook(path)["对照表"].iter_rows(max_row=3, values_only=True)][1:] == [
        "会上定的"
    ] * 2
    fill(path, {"○": "请假", "送菜": "公益事业、帮困爱心活动"})
    assert run(["check", str(sent), "--words", str(path)]) == 0
    assert "“扫雪”按对照表读作“公益事业、帮困爱心活动”" in capsys.readouterr().out
    shutil.copy(path, sent / "对照表.xlsx")
    assert run(["assess", str(sent), "--out", str(tmp_path / "结果.csv")]) == 0
    assert len(jf.load(sent).events) == 4


def test_what_may_be_chosen_stands_in_a_list(sent: Path, tmp_path: Path) -> None:
    """Each line offers the words of its kind and 不计, and the column to fill in is coloured."""
    opened = openpyxl.load_workbook(jf.check(sent).write_unknown(tmp_path / "表.xlsx"))
    validations = opened["对照表"].data_validations.dataValidation
    rules = {str(rule.sqref): rule.formula1 for rule in validations}
    assert {"C2", "C3:C4", "C5"} <= set(rules)
    # Sorted by hand, a line stands beside another kind's list: that list may not forbid the right word.
    assert {rule.errorStyle for rule in validations if str(rule.sqref).startswith("C")} == {"warning"}
    column = rules["C3:C4"].split("$")[1]
    listed = [cell.value for cell in opened["字典"][column] if cell.value]
    assert listed[-1] == "不计"
    assert "见义勇为" in listed
    assert opened["对照表"]["C2"].fill.fgColor.rgb == "FFFFF2CC"


def test_nothing_else_is_overwritten(sent: Path) -> None:
    """Another workbook at its place stays as it is."""
    before = (sent / "二.xlsx").read_bytes()
    with pytest.raises(InvalidRecords, match="不是对照表"):
        jf.check(sent).write_unknown(sent / "二.xlsx")
    assert (sent / "二.xlsx").read_bytes() == before


def test_headers_of_which_one_must_be_the_missing_column_are_asked(tmp_path: Path) -> None:
    """Nothing like 出勤情况 is there: every header that nobody knows is listed, the missing column named first."""
    rows = [("序号", "编号", "日期", "活动", "到没到"), (1, "00001", "2024-03-05", "党课", "√")]
    path = book(tmp_path / "一.xlsx", {"花名册": ROSTER, "考勤": rows})
    asked = jf.check(path).unknown
    assert asked[["kind", "text", "cell"]].to_numpy().tolist() == [["header", "到没到", "E1"]]
    assert asked["nearest"][0].split("、")[0] == "出勤情况"
    assert not jf.check(path, words={"headers": {"到没到": "出勤情况"}}).errors


def test_a_table_that_is_filled_in_is_not_called_open(
    sent: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Listing again without applying says that the lines only wait to be applied."""
    target = tmp_path / "对照表.xlsx"
    run(["check", str(sent), "--unknown", str(target)])
    assert "种写法待填" in capsys.readouterr().out
    opened = openpyxl.load_workbook(target)
    for row in opened["对照表"].iter_rows(min_row=2):
        row[2].value = "不计"
    opened.save(target)
    run(["check", str(sent), "--unknown", str(target)])
    assert "都填好了" in capsys.readouterr().out
