"""The command jifen compare: what it prints, writes and refuses."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from jifen_analysis.report.pseudonyms import PseudonymKey
from tests.command import Jifen, files

ROSTER = "党员编号,姓名,党支部\n00001,甲一,一支部\n00002,甲二,一支部\n"
ATTENDANCE = "党员编号,日期,活动类型,出勤情况\n00001,2024-03-05,党课,迟到\n00002,2024-03-05,党课,出勤\n"
MARKS = "党员编号,考核期,评议主体,分数\n" + "".join(
    f"0000{n},{period},班子成员,{mark}\n"
    for n, mark in ((1, 85), (2, 75))
    for period in ("2024年上半年", "2024年下半年", "2024年")
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two members: one late, one at 90 points exactly."""
    return files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE, 民主评议=MARKS)


@pytest.mark.parametrize("asked", [("--variant", "strict"), ()])
def test_a_reading_against_its_scheme(jifen: Jifen, data: Path, asked: tuple[str, ...]) -> None:
    """One scheme and one of its readings, or all: who loses the grade at the line, and that no point differs."""
    code, out, err = jifen("compare", data, *asked)
    assert (code, err) == (0, "")
    assert "高于90分才为优秀" in out
    assert (out.count("(行)→") > 1) == (not asked)
    line = next(line for line in out.splitlines() if line.startswith("00002"))
    assert "+0.00" in line
    assert "得分相同" in line


def test_english(jifen: Jifen, data: Path) -> None:
    """The same in English."""
    code, out, _ = jifen("compare", data, "--variant", "strict", "--lang", "en")
    assert code == 0
    assert "same points" in out
    assert "Readings that move someone" in out


@pytest.mark.parametrize("name", ["比较.xlsx", "比较.html", "比较.pptx"])
def test_it_is_written(jifen: Jifen, data: Path, tmp_path: Path, name: str) -> None:
    """A workbook, a page with its figures to hover over, slides; all said where, nothing else is left beside them."""
    folder = tmp_path / "出"
    folder.mkdir()
    schemes = ("--scheme", "community_60_40", "--scheme", "street_80_20")
    code, out, _ = jifen("compare", data, *schemes, "--out", folder / name)
    assert code == 0
    assert str(folder / name) in out
    assert all(str(path) in out for path in folder.iterdir())
    assert len(list(folder.iterdir())) == 1 + name.endswith("html")
    if name.endswith("html"):
        assert "街道党员积分量化" in (folder / name).read_text(encoding="utf-8")
    elif name.endswith("xlsx"):
        assert "为什么" in openpyxl.load_workbook(folder / name).sheetnames


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--scheme", "town_tiered"), "至少要两个不同的方案或读法"),
        (("--variant", "stricter"), "没有读法 stricter,可用:"),
        (("--variant", "strict", "--out", "x.txt"), "可用后缀 .xlsx、.html"),
        (("--variant", "strict", "--pseudonymise", "没有.txt"), "读不了密钥文件 没有.txt"),
    ],
)
def test_wrong_use(jifen: Jifen, data: Path, args: tuple[str, ...], said: str) -> None:
    """What cannot be compared is refused in a sentence, with exit code 2 and nothing printed."""
    code, out, err = jifen("compare", data, *args)
    assert (code, out) == (2, "")
    assert said in err


def test_data_with_errors_is_not_compared(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """An error in the data stops the comparison before anything is written."""
    (data / "考勤.csv").write_text(ATTENDANCE.replace("迟到", "来过一下"), encoding="utf-8")
    code, _, err = jifen("compare", data, "--variant", "strict", "--out", tmp_path / "x.xlsx")
    assert code == 1
    assert "D2: “……”不是认得的词" in err
    assert not (tmp_path / "x.xlsx").exists()


def test_under_pseudonyms_nobody_is_named(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """With a key neither id nor name leaves, in print or in a file."""
    key = tmp_path / "密钥.txt"
    key.write_text("a key for tests only", encoding="utf-8")
    for name in ("比较.xlsx", "比较.html"):
        code, out, _ = jifen("compare", data, "--variant", "strict", "--pseudonymise", key, "--out", tmp_path / name)
        written = read_text(tmp_path / name)
        assert code == 0
        assert not {"00001", "00002", "甲一", "甲二"} & set(out.split())
        assert not re.search(r"(?<!\d)0000[12](?!\d)|甲[一二]", written)
        assert PseudonymKey(b"a key for tests only").pseudonym("00002") in written


def read_text(path: Path) -> str:
    """All that stands in a page or in the cells of a workbook."""
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(path)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
