"""Sheets read as a correspondence table says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jifen_analysis as jf
from jifen_analysis.errors import Problem
from jifen_analysis.intake import Check
from jifen_analysis.intake.correspondence import lay_out_with, read_correspondence
from jifen_analysis.intake.correspondence.book import unknown_texts
from jifen_analysis.intake.correspondence.model import fold_text
from jifen_analysis.intake.grid import Grid
from jifen_analysis.report.pseudonyms import PseudonymKey, pseudonymise
from jifen_analysis.store.write import convert
from jifen_analysis.vocabulary import standard
from tests.intake.sheets import ROSTER, book, checked, errors, filled_cells, rows_of

TICKS = [("编号", "3月5日", "3月12日"), ("00001", "○", None), ("00002", "√", "外")]
EVENTS = [
    ("编号", "日期", "事项", "数量"),
    ("00001", "2024-03-12", "扫 雪", 4),
    ("00002", "2024-03-12", "吃饭", 1),
    ("00001", "2024-03-13", "扫雪", 2),
]


def settled(found: Check) -> list[tuple[str, str, str, int]]:
    """Kind, text, meaning and number of cells of everything that a table settled."""
    return [(note.kind, note.value, note.meaning, note.times) for note in found.notes if note.code == "settled"]


def test_year_signs_words_and_blanks(tmp_path: Path) -> None:
    """What cannot be known is refused; a table beside the data settles it, and what it settled is said."""
    assert {code for code, _ in errors(checked(tmp_path, TICKS))} == {"year_unknown"}
    text = 'year = 2024\nblank = "absent"\n[symbols]\n"○" = "请假"\n[words.status]\n"外" = "公假"\n'
    (tmp_path / "布局.toml").write_text(text, encoding="utf-8")
    found = checked(tmp_path, TICKS)
    assert rows_of(found, "attendance", "member_id", "date", "status") == [
        ("00001", "2024-03-05", "leave"),
        ("00002", "2024-03-05", "present"),
        ("00001", "2024-03-12", "absent"),
        ("00002", "2024-03-12", "excused"),
    ]
    assert set(settled(found)) == {("year", "", "2024", 1), ("sign", "○", "leave", 1), ("status", "外", "excused", 1)}


@pytest.mark.parametrize(
    ("meaning", "retired", "code"), [("离退休", True, "retired"), ("在职", False, "serving"), ("不计", None, "不计")]
)
def test_words_for_states_are_asked_and_settled(tmp_path: Path, meaning: str, retired: bool | None, code: str) -> None:
    """An unknown word under 人员类别 waits for a line of 党员状态; what it then sets, or that it sets none, is said."""
    rows = [(*ROSTER[0], "人员类别"), (*ROSTER[1], "老党员"), (*ROSTER[2], "在职党员")]
    path = book(tmp_path / "花名册.xlsx", {"花名册": rows})
    asked = unknown_texts(jf.check(path).problems, standard())
    assert asked[["kind", "text", "cell"]].to_numpy().tolist() == [["standing", "老党员", "D2"]]
    found = jf.check(path, words={"words": {"standing": {"老党员": meaning}}})
    assert (found.errors, settled(found)) == ((), [("standing", "老党员", code, 1)])
    assert rows_of(found, "members", "retired") == [(retired,), (False,)]


def test_headers_and_sheets(tmp_path: Path) -> None:
    """A header that is no column of ours, and the table of a sheet."""
    rows = [("编号", "日期", "活动", "到了没有"), ("00001", "2024-3-5", "党课", "√")]
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["missing_column"]
    said = {"headers": {"到了没有": "出勤情况"}, "sheets": {"Sheet1": "考勤"}}
    found = checked(tmp_path, rows, words=said)
    assert rows_of(found, "attendance", "status") == [("present",)]
    assert {kind for kind, *_ in settled(found)} == {"header", "sheet"}


def test_a_value_that_looks_like_a_header_stays(tmp_path: Path) -> None:
    """Only the header is put in other words, though cells below it, and beside, say the same."""
    rows = [
        ("编号", "日期", "活动", "到", "内容"),
        ("00001", "2024-3-5", "党课", "到", "到"),
        ("00002", "2024-3-5", "党课", "缺", "到"),
    ]
    found = checked(tmp_path, rows, words={"headers": {"到": "出勤情况", "内容": "不计"}})
    assert rows_of(found, "attendance", "status") == [("present",), ("absent",)]
    assert found.counts["aside"] == 2


def test_left_aside_on_purpose(tmp_path: Path) -> None:
    """A record that is nothing without its word is left aside whole, another keeps the rest; every cell is counted."""
    words = {"event": {"吃饭": "不计", "扫雪": "公益事业"}, "post": {"组长": "不计"}}
    roster = [("编号", "姓名", "党支部", "职务"), ("00001", "张三", "甲", "组长"), ("00002", "李四", "甲", "委员")]
    path = book(tmp_path / "数据.xlsx", {"花名册": roster, "事项": EVENTS, "草稿": [("随手", "记的"), (1, 2)]})
    found = jf.check(path, words={"words": words, "sheets": {"草稿": "不计"}})
    assert not found.errors
    assert rows_of(found, "events", "event", "quantity") == [("public_benefit", 4), ("public_benefit", 2)]
    assert rows_of(found, "members", "post") == [(None,), ("committee",)]
    assert Counter(settled(found)) == Counter(
        [
            *(
                ("event", "吃饭", "不计", 1),
                ("event", "扫 雪", "public_benefit", 2),
            ),
            *(("post", "组长", "不计", 1), ("sheet", "草稿", "不计", 1)),
        ]
    )
    assert found.counts["aside"] == 4 + 1 + 4
    assert sum(found.counts.values()) == filled_cells(path)


def test_a_mark_left_aside_is_no_record(tmp_path: Path) -> None:
    """On a sheet of ticks a sign that does not count is like a blank; where blanks mean something it stays unknown."""
    said: dict[str, Any] = {"year": 2024, "symbols": {"○": "不计"}, "words": {"status": {"外": "不计"}}}
    found = checked(tmp_path, TICKS, words=said)
    assert rows_of(found, "attendance", "member_id", "status") == [("00002", "present")]
    assert {code for code, _ in errors(checked(tmp_path, TICKS, words={**said, "blank": "缺席"}))} == {
        "unknown_sign",
        "unknown_word",
    }


def test_branches_are_joined(tmp_path: Path) -> None:
    """Several spellings become one branch, on the roster and wherever a row or a title names it."""
    roster = [("编号", "姓名", "党支部"), ("00001", "张三", "第一支部"), ("00002", "李四", "一支部")]
    survey = [("考核期", "支部", "题目", "分数"), ("2024", "一 支部", "是否满意", 4)]
    path = book(tmp_path / "数据.xlsx", {"花名册": roster, "满意度测评": survey})
    found = jf.check(path, words={"branches": {"一支部": "第一支部"}})
    assert rows_of(found, "members", "branch") == [("第一支部",), ("第一支部",)]
    assert set(rows_of(found, "surveys", "branch")) == {("第一支部",)}
    assert {kind for kind, *_ in settled(found)} == {"branch"}


def test_a_legend_of_the_sheet_wins(tmp_path: Path) -> None:
    """What a sheet says of its own signs holds there, and nothing is said to be settled."""
    rows = [("图例:○ 迟到",), ("编号", "3月5日"), ("00001", "○")]
    found = checked(tmp_path, rows, words={"year": 2024, "symbols": {"○": "请假"}})
    assert rows_of(found, "attendance", "status") == [("late",)]
    assert [kind for kind, *_ in settled(found)] == ["year"]


def test_converted_folders_keep_what_was_settled(tmp_path: Path) -> None:
    """Notes and the table's own hash go with the records; another table is not taken, and that is said."""
    path = book(tmp_path / "报送" / "数据.xlsx", {"花名册": [("编号", "党支部"), ("00001", "甲")], "事项": EVENTS[:2]})
    (path.parent / "对照表.toml").write_text('[words.event]\n"扫雪" = "公益事业"\n', encoding="utf-8")
    records = jf.load(path.parent)
    folder = convert(records, tmp_path / "已查验")
    again = jf.check(folder)
    assert settled(again) == [("event", "扫 雪", "public_benefit", 1)]
    assert "对照表.toml" in {source.file for source in again.records.sources if source.digest}
    assert [note.code for note in jf.check(folder, words={"year": 2024}).notes][-1] == "words_settled"


TEXTS = st.sampled_from(["扫雪", "扫 雪", "吃饭", "公益事业", "表彰奖励", "○", "", "=1"])


@given(
    st.lists(st.tuples(st.sampled_from(["00001", "00002"]), TEXTS), min_size=1, max_size=8),
    st.dictionaries(st.sampled_from(["扫雪", "吃饭", "○"]), st.sampled_from(["公益事业", "表彰奖励", "不计"])),
)
def test_every_cell_has_one_fate(rows: list[tuple[str, str]], said: dict[str, str]) -> None:
    """Whatever is settled or left aside: no cell is lost or counted twice, and no record stands for another word."""
    body = [(member, "2024-03-05", text, "x") for member, text in rows]
    columns = tuple(zip(("编号", "日期", "事项", "备注"), *body, strict=True))
    grid = Grid("a.xlsx", "事项", columns, range(1, len(body) + 2), range(1, 5))
    table = read_correspondence({"words": {"event": said}})
    words = standard().respelt(table.hints.spellings)
    layout = lay_out_with(grid, words, None, table.hints)
    (block,) = layout.blocks or (None,)
    if block is None:
        return
    kept = [block.grid.columns[block.columns["event"]][i] for i in block.body]
    gone = {text for text in said if said[text] == "不计"}
    assert kept == [text for _, text in rows if text.replace(" ", "") not in gone]
    notes: list[Problem] = [note for note in layout.problems if note.code == "settled"]
    asked = Counter(text.replace(" ", "") for _, text in rows if text.replace(" ", "") in said)
    assert Counter({note.value.replace(" ", ""): note.times for note in notes}) == asked


def test_parquet_is_settled_like_any_sheet(tmp_path: Path) -> None:
    """Headers, branches and 不计 of a table hold for files that are typed already."""
    members = {"member_id": ["00001", "00002"], "branch": ["第一支部", "一支部"], "name": ["张三", "李四"]}
    pd.DataFrame(members).to_parquet(tmp_path / "members.parquet")
    signs = {
        "member_id": ["00001"] * 2,
        "会期": ["2024-03-05"] * 2,
        "activity": ["党课", "茶话会"],
        "status": ["到"] * 2,
    }
    pd.DataFrame(signs).to_parquet(tmp_path / "attendance.parquet")
    said = {
        "headers": {"会期": "日期"},
        "branches": {"一支部": "第一支部"},
        "words": {"activity": {"茶话会": "不计"}},
    }
    found = jf.check(tmp_path, words=said)
    assert rows_of(found, "attendance", "member_id", "date", "activity") == [("00001", "2024-03-05", "lecture")]
    assert {branch for (branch,) in rows_of(found, "members", "branch")} == {"第一支部"}
    assert {kind for kind, *_ in settled(found)} == {"header", "branch", "activity"}


def test_what_was_settled_stays_with_the_result(tmp_path: Path) -> None:
    """Saved and opened, or under pseudonyms, a result still says what a table settled: but no name, and no file."""
    rows = [("编号", "日期", "事项"), ("00001", "2024-03-05", "扫雪"), ("00002", "2024-03-05", "扫雪找张三")]
    book(tmp_path / "甲.xlsx", {"花名册": ROSTER, "2024年事项": rows})
    records = jf.load(tmp_path / "甲.xlsx", words={"words": {"event": {"扫雪": "公益活动", "扫雪找张三": "公益活动"}}})
    made = jf.assess(records, jf.read_scheme("community_60_40"))
    made.save(tmp_path / "结果")
    kept = {(note.code, note.value, note.meaning) for note in jf.open_result(tmp_path / "结果").notes}
    assert kept == {("settled", text, "public_benefit") for text in ("扫雪", "扫雪找张三")}
    hidden = pseudonymise(records, PseudonymKey(b"a key for tests only"))
    assert [(note.value, note.file) for note in hidden.notes] == [("扫雪", "")]


def test_where_no_header_is_found_its_likely_words_are_asked_for(tmp_path: Path) -> None:
    """A sheet whose every header is a word of its own is asked about header by header, and read once they are said."""
    rows = [("我们的表",), ("大名", "会期", "哪种会", "来没来"), ("张三", "2024-03-05", "党课", "到")]
    said = {"headers": {"大名": "姓名", "会期": "日期", "哪种会": "活动类型", "来没来": "出勤情况"}}
    found = checked(tmp_path, rows)
    assert [note.value for note in found.problems if note.kind == "header"] == list(said["headers"])
    assert len(rows_of(checked(tmp_path, rows, words=said), "attendance", "member_id")) == 1


@pytest.mark.parametrize("meaning", ["理论学习", "theory_study", "不计"])
@pytest.mark.parametrize("wide", [False, True])
def test_local_names_of_items_are_asked_and_settled(tmp_path: Path, wide: bool, meaning: str) -> None:
    """An item that no scheme given has, over a column or in a row, waits for a line; what that made of it is said."""
    local = "2.理论测试(10分)" if wide else "理论测试"
    columns = (local, "政策 宣传") if wide else ("考核项目", "得分")
    cells = ((9, 7), (8, 6)) if wide else ((local, 9), ("政策 宣传", 6))
    rows = [("编号", "考核期", *columns), *((f"0000{n}", "2024", *row) for n, row in enumerate(cells, start=1))]
    for sheet in ("考评打分", "Sheet1"):
        data = book(tmp_path / f"{sheet}.xlsx", {"花名册": ROSTER, sheet: rows})
        asked = jf.check(data, scheme="branch_scorecard").unknown
        assert set(asked["kind"]) == {"item"}
        assert {fold_text("item", text) for text in asked["text"]} == {"理论测试"}
    found = jf.check(data, scheme="branch_scorecard", words={"items": {"理论测试": meaning}})
    code = "不计" if meaning == "不计" else "理论学习"
    assert (found.errors, [(kind, said) for kind, _, said, _ in settled(found)]) == ((), [("item", code)])
    items = found.tables["marks"].groupby("item")["mark"].sum().to_dict()
    assert items == {"政策宣传": 13 if wide else 6, **({} if meaning == "不计" else {"理论学习": 17 if wide else 9})}
    assert found.unknown.empty
