"""The commands try and chart, and what assess takes of them."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import plotly.graph_objects as go
import pytest

import jifen_analysis as jf
from jifen_analysis.cli import chart
from jifen_analysis.cli.proposal_options import proposal
from jifen_analysis.errors import UsageError
from jifen_analysis.report import images
from tests.command import Jifen, files
from tests.leaks import texts
from tests.odd_data import odd

ROSTER = "党员编号,姓名,党支部\n" + "".join(f"0000{n},甲{n},一支部\n" for n in range(1, 6))
ATTENDANCE = "党员编号,日期,活动类型,出勤情况\n" + "".join(
    f"0000{n},2024-03-05,党课,{status}\n" for n, status in enumerate(("迟到", "出勤", "缺席", "出勤", "出勤"), start=1)
)
MARKS = "党员编号,考核期,评议主体,分数\n" + "".join(
    f"0000{n},2024年上半年,班子成员,{mark}\n" for n, mark in enumerate((85, 95, 88, 70, 76), start=1)
)
SHARES = ("--share", "日常考核=30", "--share", "民主评议=70")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of five members."""
    return files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE, 民主评议=MARKS)


def test_try_says_who_moves_and_what_binds(jifen: Jifen, data: Path) -> None:
    """In ids, not names, unless names are asked for."""
    code, out, err = jifen("try", data, *SHARES, "--cut", "优秀=85", "--quota", "优秀=20%")
    assert (code, err) == (0, "")
    assert "试算:“日常考核”占满分 60% → 30%" in out
    assert "“优秀”名额 无 → 20%" in out
    assert "起作用的只是名额" in out
    assert "00003" in out
    assert "甲3" not in out
    assert "甲3" in jifen("try", data, *SHARES, "--quota", "优秀=20%", "--with-names")[1]


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_try_writes_what_it_prints(jifen: Jifen, data: Path, tmp_path: Path, ending: str) -> None:
    """A page or a workbook: members by number, and by id and name where that is asked for."""
    target = tmp_path / f"试算.{ending}"
    for asked, shown, hidden in (((), r"#1(?!\w)", r"\b00003\b(?!\.)"), (("--with-names",), r"\b00003\b", "#1<")):
        assert jifen("try", data, *SHARES, "--quota", "优秀=20%", "--out", target, *asked)[0] == 0
        text = "".join(texts(target.name, target.read_bytes()))
        assert "民主评议" in text
        assert re.search(shown, text)
        assert not re.search(hidden, text)
        assert ("甲3" in text) == bool(asked)


def test_a_picture_tells_members_by_number(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """By id only where that is asked for."""
    target = tmp_path / "图.html"
    for asked in ((), ("--with-names",)):
        assert jifen("chart", "weights.swap_points", data, "--out", target, *asked)[::2] == (0, "")
        figure = target.read_text(encoding="utf-8").rpartition("Plotly.newPlot")[2]
        assert bool(re.search(r"(?<![\w.#])0000[1-5](?!\w)", figure)) == bool(asked)
        assert bool(re.search(r"#[1-5](?!\w)", figure)) == (not asked)


def test_a_figure_of_too_few_is_left_out_with_its_sentence(jifen: Jifen, tmp_path: Path) -> None:
    """Three members are tried out all the same; the page says what it does not draw, and why."""
    few = [text.splitlines(keepends=True)[:4] for text in (ROSTER, ATTENDANCE, MARKS)]
    small = files(tmp_path / "小", **dict(zip(("花名册", "考勤", "民主评议"), map("".join, few), strict=True)))
    assert jifen("try", small, *SHARES, "--out", tmp_path / "试算.html")[::2] == (0, "")
    assert "没有画多少人到线的图\uff1a各组都不足" in (tmp_path / "试算.html").read_text(encoding="utf-8")


def test_assess_takes_what_try_takes(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """The result is that of the scheme with the shares, and says that it is a trial."""
    target = tmp_path / "x.csv"
    code, out, _ = jifen("assess", data, *SHARES, "--cut", "优秀=88", "--quota", "优秀=1/3", "--out", target)
    scheme = jf.read_scheme("community_60_40").with_shares(daily=0.3, evaluation=0.7)
    table = jf.assess(jf.load(data), scheme.with_grades(优秀=88).with_quotas(优秀="1/3")).table
    assert code == 0
    assert "试算:“优秀”线 90 → 88" in out
    back = pd.read_csv(target, dtype={"member_id": "str"})
    assert back["total"].dropna().tolist() == table["total"].dropna().round(6).tolist()
    assert back["grade"].dropna().tolist() == table["grade"].dropna().tolist()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "没有说要试什么"),
        (("--share", "日常考核=70", "--share", "民主评议=20"), "占比合计为 0.9,应为 1"),
        (("--share", "日常考核"), "--share 须写成 日常考核=70 的样子"),
        (("--share", "加分=70"), "加分 只是另加减分,没有满分"),
        (("--cut", "优秀=高"), "--cut 须写成 优秀=88 的样子;收到“优秀=高”"),
        (("--quota", "优秀=20"), "--quota 须写成 优秀=20% 的样子"),
        (("--cut", "优秀=88", "--cut", "优秀=89"), "--cut 两次写了 优秀"),
        (("--quota", "不合格=10%"), "等次 不合格 不能设名额"),
        (("--cut", "优秀=88", "--out", "x.pdf"), ".html"),
    ],
)
def test_what_cannot_be_tried_is_refused_before_anything_is_read(
    jifen: Jifen, data: Path, asked: tuple[str, ...], said: str
) -> None:
    """With exit code 2 and what would be right."""
    code, _, err = jifen("try", data, *asked)
    assert code == 2
    assert said in err


def test_numbers_as_people_write_them() -> None:
    """Percent with or without the sign, shares of one, fractions, full-width signs; no quota."""
    shares = [proposal(said, (), ()).shares for said in (["a=70", "b=30"], ["a=0.7", "b=0.3"], ["a=7/10", "b=30%"])]
    assert shares[0] == shares[1] == shares[2]
    found = proposal((), ["优\uff1d88.5"], ["优=20\uff05", "良=无", "中=1/3"])
    assert (found.cuts, found.quotas) == ({"优": 88.5}, {"优": "1/5", "良": None, "中": "1/3"})
    with pytest.raises(UsageError, match="--share 须写成"):
        proposal(["a=1/0"], (), ())


def test_a_cut_score_of_a_sheet_of_judges(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """The blank sheet has the scheme's items with their full marks; filled in it is drawn, a spoilt cell is named."""
    sheet, target = tmp_path / "判断.xlsx", tmp_path / "图.html"
    scheme, draw = ("--scheme", "community_60_40"), ("chart", "standard_setting.angoff", data, "--out", target)
    assert jifen("template", sheet, "--judgements", "angoff", *scheme)[0] == 0
    book = openpyxl.load_workbook(sheet)
    rows = book["判断"].iter_rows(min_row=2, min_col=2, max_col=5)
    assert sum(full.value for full, *judges in rows if [setattr(cell, "value", 0.9) for cell in judges]) == 100
    book.save(sheet)
    code, out, _ = jifen(*draw, *scheme, "--set", f"judgements={sheet}")
    assert (code, "优秀线在90.0分" in out) == (0, True)
    book["判断"]["D3"].value = "约九成"
    book.save(sheet)
    code, _, err = jifen(*draw, *scheme, "--set", f"judgements={sheet}")
    assert (code, "判断!D3" in err) == (1, True)


def test_judges_say_whom_they_mean(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """Ids of a sheet of members are those of the records, though pictures go by numbers; one of nobody is named."""
    sheet, draw = (
        tmp_path / "判断.csv",
        ("chart", "standard_setting.contrasting_groups", data, "--out", tmp_path / "图.html"),
    )
    for known, said in (("00001", "现有 1"), ("98765", "1 个编号不在这一期的结果里:98765")):
        sheet.write_text(f"编号,是否够格\n{known},是\n", encoding="utf-8")
        code, _, err = jifen(*draw, "--scheme", "community_60_40", "--set", f"judgements={sheet}")
        assert (code, said in err) == (2, True), err


def test_chart_lists_and_draws(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """Without a name the charts, without data the options, else a page; what is unknown is listed."""
    assert "branches.funnel" in jifen("chart")[1]
    assert "width=1" in jifen("chart", "thresholds.bunching")[1]
    target = tmp_path / "图.html"
    code, out, _ = jifen("chart", "thresholds.accuracy", data, "--out", target, "--set", "se=2")
    assert (code, f"已写入 {target}" in out) == (0, True)
    assert "plotly" in target.read_text(encoding="utf-8")
    for asked, said in (
        (("chart", "x", data, "--out", target), "没有图 x"),
        (("chart", "thresholds.accuracy", data), "--out"),
        (("chart", "thresholds.accuracy", data, "--out", target, "--set", "se"), "--set 须写成"),
        (("chart", "thresholds.accuracy", data, "--out", tmp_path / "x.pdf"), ".png"),
        (("chart", "thresholds.accuracy", data, "--out", target, "--period", "2022"), "没有考核期 2022"),
        (("chart", "standard_setting.angoff", data, "--out", target), "要一张判断表"),
        (("template", tmp_path / "x.xlsx", "--judgements", "x"), "没有定线的方法 x"),
    ):
        code, _, err = jifen(*asked)
        assert (code, said in err) == (2, True), err


def test_a_chart_tells_nobody_apart_by_id(jifen: Jifen, tmp_path: Path) -> None:
    """Members are numbers of the picture alone, unless the ids are asked for."""
    people, target = odd(tmp_path / "数据", (9, 12)), tmp_path / "图.html"
    for more, told in (((), False), (("--with-names",), True)):
        assert jifen("chart", "movement.ranks", people, "--out", target, *more)[0] == 0
        drawn = target.read_text(encoding="utf-8").rpartition("Plotly.newPlot")[2]
        assert bool(re.search(r"(?<![\d.])0[12]0\d\d(?!\d)", drawn)) == told


def test_a_drawing_bears_no_trace_of_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn knows the name of its file, and that has no process number in it: the same picture every time."""
    monkeypatch.setattr(images, "render", lambda _, paths: [path.write_text(path.name) for path in paths])
    chart._save(go.Figure(), tmp_path / "图.svg")
    assert (tmp_path / "图.svg").read_text(encoding="utf-8") == "chart.svg"
