"""A 方案表 as people write it; and every mistake in it with its cell."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jifen_analysis.errors import InvalidScheme, UsageError
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.schemes.sheets import document_of, rows_of
from tests.intake.sheets import book
from tests.schemes.builders import small

WRITTEN: dict[str, list[list[Any]]] = {
    "方案": [["代号", "grid"], ["名称", "网格积分"], ["出处", "办法"], ["考核期", "年"]],
    "板块": [["名称", "权重", "条款"], ["日常 考核", 1, "第二条"], ["加分", None, "第三条"]],
    "项目": [["板块", "名称", "起始分", "最高"], ["日常 考核", "组织生活", 60, None], ["加分", "加分", None, "10"]],
    "规则": [
        ["板块", "项目", "名称", "记录", "事项", "活动类型", "级别", "按", "分值"],
        ["日常 考核", "组织生活", "缺席、迟到", "考勤", None, "组织生活", None, "出勤情况", "缺席、旷会=-5;迟到=-2"],
        [None, None, "受处分", "事项", "党纪处分", None, None, None, "不得分"],
        ["加分", "加分", "表彰", "事项", "表彰奖励", None, "区县级、市级", None, 5],
    ],
    "等次": [
        ["等次", "不低于", "名额"],
        ["优秀", 60, "比例=25%;范围=支部"],
        ["合格", 50, None],
        ["不合格", None, None],
    ],
    "直接认定": [["名称", "符合任一"], ["一票否决", "记录=事项;事项=一票否决\n指标=日常 考核扣分;不低于=40"]],
}


def written(folder: Path, **other: list[list[Any]]) -> Scheme:
    """Read a small 方案表, some of its sheets otherwise."""
    return read_scheme(book(folder / "方案.xlsx", {**WRITTEN, **other}))


def refused(folder: Path, **other: list[list[Any]]) -> list[tuple[str, str]]:
    """Sheet and cell of every mistake, in order."""
    with pytest.raises(InvalidScheme) as refusal:
        written(folder, **other)
    return [(problem.sheet, problem.cell) for problem in refusal.value.problems]


def changed(name: str, row: int, column: int, value: Any) -> dict[str, list[list[Any]]]:
    """A sheet with one other cell, counted from 1."""
    rows = [[*one] for one in WRITTEN[name]]
    rows[row - 1] = [*rows[row - 1], *[None] * (column - len(rows[row - 1]))]
    rows[row - 1][column - 1] = value
    return {name: rows}


def test_names_serve_where_no_id_is_written(tmp_path: Path) -> None:
    """Blank owners are those of the row above; labels, lists, percentages and texts of numbers are read."""
    found = written(tmp_path).book
    rules = found.components["日常_考核"].items["组织生活"].rules  # type: ignore[union-attr]
    assert dict(rules["缺席、迟到"].points) == {"absent": -5, "late": -2}  # type: ignore[arg-type]
    assert rules["受处分"].points == "forfeit"
    assert found.components["加分"].items["加分"].cap == 10  # type: ignore[union-attr]
    assert found.components["加分"].items["加分"].rules["表彰"].where["level"] == ("district", "city")  # type: ignore[union-attr]
    assert (found.period, found.grades["优秀"].quota.share) == ("year", "0.25")  # type: ignore[union-attr]
    assert [one.measure for one in found.forced["一票否决"].any] == [None, "lost.日常_考核"]


@pytest.mark.parametrize(
    ("other", "cell"),
    [
        (changed("规则", 2, 6, "组织生话"), ("规则", "F2")),
        (changed("规则", 2, 9, "缺席=多"), ("规则", "I2")),
        (changed("规则", 4, 7, "区县极"), ("规则", "G4")),
        (changed("规则", 4, 7, "轻微"), ("规则", "G4")),
        (changed("规则", 3, 2, "别的"), ("规则", "B3")),
        (changed("规则", 2, 9, "=1+1"), ("规则", "I2")),
        (changed("规则", 1, 6, "活动"), ("规则", "F1")),
        (changed("规则", 4, 3, None), ("规则", "A4")),
        (changed("项目", 2, 3, "六十"), ("项目", "C2")),
        (changed("方案", 4, 2, "每周"), ("方案", "B4")),
        (changed("方案", 4, 1, "考核周期"), ("方案", "A4")),
        (changed("等次", 3, 2, 70), ("等次", "A3")),
        (changed("等次", 2, 3, "比例=1.5"), ("等次", "C2")),
        (changed("等次", 2, 3, "比率=0.2"), ("等次", "C2")),
        (changed("等次", 2, 3, "两成"), ("等次", "C2")),
        (changed("等次", 3, 1, "优秀"), ("等次", "A3")),
        (changed("直接认定", 2, 2, "指标=日常分;高于=3"), ("直接认定", "B2")),
        (changed("直接认定", 2, 2, "记录=事项;事项=一票否决;记录数=3"), ("直接认定", "B2")),
        ({"规责": [["板块"]]}, ("规责", "A1")),
    ],
)
def test_a_mistake_names_its_cell(tmp_path: Path, other: dict[str, list[list[Any]]], cell: tuple[str, str]) -> None:
    """Whether one cell cannot be read, or the whole does not fit together."""
    assert cell in refused(tmp_path, **other)


def test_all_mistakes_are_said_at_once_and_none_twice(tmp_path: Path) -> None:
    """What follows from a cell that could not be read is not said beside it."""
    other = changed("规则", 2, 6, "组织生话") | changed("等次", 2, 3, "两成")
    assert refused(tmp_path, **other) == [("规则", "F2"), ("等次", "C2")]


def test_the_message_says_labels(tmp_path: Path) -> None:
    """In the words of the list, with the nearest."""
    with pytest.raises(InvalidScheme, match="规则!G4: 词表没有“区县极”,最接近的是“区县级”;可用:国家级、省级部门"):
        written(tmp_path, **changed("规则", 4, 7, "区县极"))


def test_rows_above_the_headers_and_blank_rows_are_left_out(tmp_path: Path) -> None:
    """A title, a blank line, a sheet of notes to oneself that is empty."""
    rows = [["评分规则一览"], [], *WRITTEN["规则"], [None, " "]]
    assert written(tmp_path, 规则=rows, Sheet1=[]).digest == written(tmp_path).digest


@pytest.mark.parametrize(("content", "said"), [(None, "没有方案文件"), (b"no workbook", "不是能打开的工作簿")])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    """In a sentence."""
    if content is not None:
        (tmp_path / "方案.xlsx").write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read_scheme(tmp_path / "方案.xlsx")


def test_another_workbook_is_no_scheme(tmp_path: Path) -> None:
    """It is said what is missing."""
    with pytest.raises(InvalidScheme, match="没有“方案”这张表"):
        read_scheme(book(tmp_path / "花名册.xlsx", {"花名册": [["党员编号"], ["1"]]}))


def test_what_excel_saves_again_is_the_same(tmp_path: Path) -> None:
    """Opened and saved by another program; lists to choose from stand beside the columns."""
    path = read_scheme("bureau_quarterly").write(tmp_path / "方案.xlsx")
    again = openpyxl.load_workbook(path)
    assert {str(one.sqref) for one in again["规则"].data_validations.dataValidation} >= {"E2:E501"}
    assert again["字典"].sheet_state == "hidden"
    again.save(path)
    assert read_scheme(path).digest == read_scheme("bureau_quarterly").digest


def test_a_workbook_larger_than_any_scheme_is_not_unpacked(tmp_path: Path) -> None:
    """A package that declares a hundred times its size, and a cell at the far end of a sheet."""
    packed = book(tmp_path / "方案.xlsx", WRITTEN)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/bomb.bin", bytes(80 << 20))
    with pytest.raises(UsageError, match="解压后有 80 MB"):
        read_scheme(packed)
    far = openpyxl.load_workbook(book(tmp_path / "远.xlsx", WRITTEN))
    far["规则"].cell(1_048_576, 16_384).value = "x"
    far.save(tmp_path / "远.xlsx")
    with pytest.raises(UsageError, match="“规则”用到了 XFD1048576 格"):
        read_scheme(tmp_path / "远.xlsx")


GUIDE = Path(__file__).parents[3] / "docs" / "writing_a_scheme.md"


@pytest.mark.parametrize("ending", ["xlsx", "toml"])
@pytest.mark.parametrize("name", scheme_names())
def test_the_ten_come_back_the_same(tmp_path: Path, name: str, ending: str) -> None:
    """To the digest, and in the order in which things are said."""
    scheme = read_scheme(name)
    again = read_scheme(scheme.write(tmp_path / f"方案.{ending}"))
    assert thaw(again.document) == thaw(scheme.document)
    assert again.digest == scheme.digest
    assert again.describe() == scheme.describe()


def test_what_a_variant_changed_is_written(tmp_path: Path) -> None:
    """Weights that are fractions, quotas of one's own, readings applied: as they are now."""
    scheme = (
        read_scheme("community_60_40")
        .with_shares(daily=2 / 3, evaluation=1 / 3)
        .with_grades(优秀=88)
        .variant("floored")
    )
    again = read_scheme(scheme.write(tmp_path / "方案.xlsx"))
    assert again.digest == scheme.digest


MUCH: dict[str, Any] = {
    "population": {"stage": ["full", "probationary"], "except": {"infirm": True}},
    "valid_from": date(2024, 1, 1),
    "changes": {"2024-01-01": {"set": {"components.duty.weight": 0.5, "period": "year"}, "drop": ["forced"]}},
    "readings": {"empty": {"title": "空", "why": "无"}, "odd": {"set": {"a.b": ["甲", 1], "c": "7/6", "d": True}}},
    "outcomes.more": {
        "title": "多", "any": [
            {"measure": "total", "below": "branch_mean"},
            {"from": "attendance", "where": {"status": ["absent", "late"]}, "except": {"activity": "workday"},
             "at_least": 2, "in_a_row": 3, "per": "month"},
            {"for": {"sex": "female", "age_below": 60, "except": {"post": "none"}}},
        ],
        "gives": {"above": 100, "for_each": 50, "gives": 0.5, "unit": "张;“券”,1=1"},
    },
}  # fmt: skip


def test_every_shape_of_value_comes_back() -> None:
    """Nested notes, quoted texts, dates, lists and JSON of readings."""
    document = thaw(small().document)
    for path, value in MUCH.items():
        *steps, last = path.split(".")
        table = document
        for step in steps:
            table = table.setdefault(step, {})
        table[last] = value
    placed = document_of(rows_of(document))
    assert placed.problems == ()
    assert placed.document == document


def test_where_to_is_checked(tmp_path: Path) -> None:
    """Another ending is refused."""
    with pytest.raises(UsageError, match=r"可用后缀 .toml、.xlsx"):
        read_scheme("street_80_20").write(tmp_path / "a.docx")


def test_the_workbook_says_the_same_in_the_words_of_the_document() -> None:
    """Labels, not codes."""
    rows = rows_of(thaw(read_scheme("community_60_40").document))
    header, first, *_ = rows["规则"]
    said = {head: cell for head, cell in zip(header, first, strict=True) if cell is not None}
    assert said == {
        "板块": "daily", "项目": "organisation_activities", "代号": "attendance", "名称": "参加组织活动",
        "记录": "考勤", "除外": "活动类型=工作日考勤", "按": "出勤情况", "设定": "病假按请假扣分",
        "分值": "缺席=-5;迟到=-4;早退=-4;请假=-3;病假=-3;替会=-10",
    }  # fmt: skip
    assert isinstance(Scheme(document_of(rows).document), Scheme)
