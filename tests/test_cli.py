"""The command jifen: what it prints, writes and refuses, and with which exit code."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.cli import notebooks, sample_demo
from jifen_analysis.cli.app import load_command
from jifen_analysis.cli.commands import COMMANDS
from jifen_analysis.cli.language import choose_language, translate
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError
from jifen_analysis.vocabulary import standard
from tests.command import Jifen, console_of, files
from tests.eleventh import written

ROSTER = "党员编号,姓名,党支部\n00001,甲一,一支部\n00002,甲二,一支部\n00003,乙一,二支部\n"
ATTENDANCE = "党员编号,日期,活动类型,出勤情况\n" + "".join(
    f"0000{n},2024-03-05,党课,{status}\n" for n, status in enumerate(("迟到", "出勤", "缺席"), start=1)
)
MARKS = "党员编号,考核期,评议主体,分数\n" + "".join(
    f"0000{n},2024年上半年,班子成员,{mark}\n" for n, mark in enumerate((85, 95), start=1)
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of three members, one of them without a review."""
    return files(tmp_path / "数据 2024", 花名册=ROSTER, 考勤=ATTENDANCE, 民主评议=MARKS)


def spoil(data: Path) -> None:
    """Write a word that nobody knows into the attendance of the second branch."""
    file = data / "考勤.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("缺席", "来过一下"), encoding="utf-8")


# ---------------------------------------------------------------- check


def test_check_accepts_sound_data(jifen: Jifen, data: Path) -> None:
    """Data without errors is accepted, branch by branch, with exit code 0."""
    code, out, err = jifen("check", data)
    assert (code, err) == (0, "")
    assert "接收:没有错误" in out
    assert out.index("一支部") < out.index("二支部")


def test_check_names_file_and_cell(jifen: Jifen, data: Path) -> None:
    """An error is printed with its file and cell, and the exit code is 1."""
    spoil(data)
    code, out, _ = jifen("check", data, "--with-names")
    assert code == 1
    assert "考勤.csv" in out
    assert "D4" in out
    assert "来过一下" in out
    assert "不接收:1 处错误" in out


def test_a_note_that_repeats_itself_is_said_once(jifen: Jifen, data: Path) -> None:
    """Rows given twice are one line a sheet with the first cells and the number; so is a spelling nobody knows."""
    file = data / "考勤.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([head, *rows, *rows, *rows, *rows[:1]]), encoding="utf-8")
    lines = [line for line in jifen("check", data)[1].splitlines() if "出现两次" in line]
    assert lines == ["  提示  A5、A6、A7、A8、A9等 7 处:同一行出现两次,只计一次"]
    file.write_text("\n".join([head, *(row.replace("党课", "某课") for row in rows)]), encoding="utf-8")
    assert jifen("check", data)[1].count("“……”不是认得的词") == 1


def test_check_writes_json(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """--json holds verdict, problems and every row that could be read, even where the data is rejected."""
    spoil(data)
    code, _, _ = jifen("check", data, "--json", tmp_path / "f.json")
    found = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert code == 1
    assert found["verdict"] == "reject"
    assert {"severity", "code", "file", "sheet", "cell", "value", "message"} == set(found["problems"][0])
    assert found["problems"][0]["cell"] == "D4"
    assert [row["status"] for row in found["tables"]["attendance"]] == ["late", "present"]
    assert found["tables"]["members"][0] | {"_file": "花名册.csv", "_row": 2} == found["tables"]["members"][0]


def test_check_expects_branches(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """A branch of the list that sent nothing is named."""
    (tmp_path / "名单.csv").write_text("支部名称\n一支部\n三支部\n", encoding="utf-8")
    _, out, _ = jifen("check", data, "--expect", tmp_path / "名单.csv")
    assert "未报" in next(line for line in out.splitlines() if line.startswith("三支部"))


def test_check_returns_marked_copies(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """--returned writes a copy of each file with errors and says where."""
    spoil(data)
    _, out, _ = jifen("check", data, "--returned", tmp_path / "退回")
    copies = [path.name for path in (tmp_path / "退回").iterdir()]
    assert len(copies) == 1
    assert copies[0] in out
    assert "换下原来的文件" in out


def test_check_takes_a_roster_from_elsewhere(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """Data without a roster is scored with --roster, and refused without."""
    (data / "花名册.csv").rename(tmp_path / "花名册.csv")
    assert jifen("assess", data)[0] == 1
    assert jifen("assess", data, "--roster", tmp_path / "花名册.csv")[0] == 0


# ---------------------------------------------------------------- assess


def test_assess_prints_grades_by_branch(jifen: Jifen, data: Path) -> None:
    """Without --out the grades are printed, branch by period."""
    code, out, err = jifen("assess", data)
    assert (code, err) == (0, "")
    title, headers, first, *_ = out.strip().splitlines()
    assert title == "社区党员量化管理:优秀/合格/不合格 人数,平均分"
    assert headers.split() == ["党支部", "2024年上半年", "2024年"]
    assert first.split() == ["一支部", "2/0/0", "94.8", "2/0/0", "94.8"]


def test_assess_says_who_has_no_total(jifen: Jifen, data: Path) -> None:
    """Members for whom something is missing are counted below the table, period by period."""
    assert "待评(缺评议等,不按零分计)人数:2024年上半年 1\n" in jifen("assess", data)[1]
    (data / "民主评议.csv").write_text(MARKS + "00003,2024年上半年,班子成员,80\n", encoding="utf-8")
    assert "待评" not in jifen("assess", data)[1]


def test_assess_says_why_there_is_nothing_to_score(jifen: Jifen, tmp_path: Path) -> None:
    """A roster alone opens no period: that is said instead of an empty table."""
    (tmp_path / "members.csv").write_text("member_id,branch\n00001,甲支部\n", encoding="utf-8")
    code, out, _ = jifen("assess", tmp_path)
    assert code == 0
    assert "没有可计分的" in out


def test_assess_csv_is_the_table_in_full(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """The CSV has a BOM, English headers and floats that read back bit for bit."""
    target = tmp_path / "结果 表.csv"
    assert jifen("assess", data, "--out", target)[0] == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    table = jf.assess(jf.load(data), jf.read_scheme("community_60_40")).table
    back = pd.read_csv(target, dtype={"member_id": "str"})
    assert list(back) == list(table)
    assert back["member_id"].tolist() == ["00001", "00002", "00003"]
    assert back["total"].dropna().tolist() == table["total"].dropna().tolist()
    years = pd.read_csv(target.with_name("结果 表.年度.csv"), dtype={"member_id": "str"})
    assert years[["member_id", "year"]].to_numpy().tolist() == [[f"0000{n}", 2024] for n in (1, 2, 3)]
    assert jf.check(tmp_path).tables["members"].shape == jf.check(data).tables["members"].shape


def test_explain_takes_a_year_for_all_its_periods(jifen: Jifen, data: Path) -> None:
    """Where a scheme scores halves, the year asked for is both, one after the other; another year is refused."""
    (data / "民主评议.csv").write_text(MARKS + "00001,2024年下半年,班子成员,80\n", encoding="utf-8")
    (data / "考勤.csv").write_text(ATTENDANCE + "00001,2024-09-05,党课,出勤\n", encoding="utf-8")
    code, out, _ = jifen("explain", data, "00001", "--period", "2024")
    heads = [line for line in out.splitlines() if line.startswith("00001 ")]
    assert (code, [line.rsplit(maxsplit=1)[-1] for line in heads]) == (0, ["2024年上半年", "2024年下半年"])
    assert jifen("explain", data, "00001", "--period", "2031")[0] == 2


def test_assess_parquet_is_the_table(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """The Parquet file reads back as result.table, types and all."""
    assert jifen("assess", data, "--out", tmp_path / "x.parquet")[0] == 0
    table = jf.assess(jf.load(data), jf.read_scheme("community_60_40")).table
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "x.parquet"), table)


def test_assess_workbook_opens_with_its_sheets(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """The workbook has the summary first and says which scheme it was made with."""
    code, out, _ = jifen("assess", data, "--out", tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert code == 0
    assert str(tmp_path / "x.xlsx") in out
    assert book.sheetnames[0] == "汇总"
    assert any("community_60_40" in str(cell.value) for row in book["说明"] for cell in row)


def test_assess_writes_nothing_where_anything_is_wrong(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """An error anywhere is printed with its address, nothing is written, exit code 1."""
    spoil(data)
    code, _, err = jifen("assess", data, "--out", tmp_path / "x.csv")
    assert code == 1
    assert "考勤.csv D4" in err
    assert not (tmp_path / "x.csv").exists()


def test_accepted_only_scores_the_sound_branches(jifen: Jifen, tmp_path: Path) -> None:
    """--accepted-only scores branches whose files have no error and names the others."""
    data = tmp_path / "年报"
    data.mkdir()
    for branch, member, status in (("一支部", "00001", "迟到"), ("二支部", "00002", "来过一下")):
        with pd.ExcelWriter(data / f"{branch}.xlsx") as book:
            pd.DataFrame({"党员编号": [member], "党支部": [branch]}).to_excel(book, sheet_name="花名册", index=False)
            record = {"党员编号": [member], "日期": ["2024-03-05"], "活动类型": ["党课"], "出勤情况": [status]}
            pd.DataFrame(record).to_excel(book, sheet_name="考勤", index=False)
    code, out, _ = jifen("assess", data, "--accepted-only", "--out", tmp_path / "x.csv")
    assert code == 0
    assert "二支部.xlsx" in out
    assert pd.read_csv(tmp_path / "x.csv")["branch"].tolist() == ["一支部"]


def test_of_very_many_branches_left_out_the_first_are_named(jifen: Jifen, tmp_path: Path) -> None:
    """One wrong word may leave out every branch there is: the screen says how many they are."""
    ids = [f"{n:05}" for n in range(70)]
    pd.DataFrame({"党员编号": ids, "党支部": [f"第{n}支部" for n in ids]}).to_csv(tmp_path / "花名册.csv", index=False)
    rows = {"党员编号": ids, "日期": "2024-03-05", "活动类型": "党课", "出勤情况": ["到了一下", *["出勤"] * 69]}
    pd.DataFrame(rows).to_csv(tmp_path / "考勤.csv", index=False)
    code, out, _ = jifen("check", tmp_path)
    assert code == 1
    told = next(line for line in out.splitlines() if "因此未计的支部" in line)
    assert told.endswith("第00059支部……共 70 个")
    assert told.count("支部") == 1 + 60


def test_accepted_only_leaves_out_marks_that_no_item_allows(jifen: Jifen, tmp_path: Path) -> None:
    """A mark above the scheme's full mark is an error of its file like any other."""
    data = tmp_path / "打分"
    data.mkdir()
    for branch, member, mark in (("一支部", "00001", 9), ("二支部", "00002", 11)):
        with pd.ExcelWriter(data / f"{branch}.xlsx") as book:
            pd.DataFrame({"党员编号": [member], "党支部": [branch]}).to_excel(book, sheet_name="花名册", index=False)
            given = {"党员编号": [member], "考核期": ["2024年"], "项目": ["理论学习"], "得分": [mark]}
            pd.DataFrame(given).to_excel(book, sheet_name="考评打分", index=False)
    args = ("assess", data, "--scheme", "branch_scorecard", "--period", "2024", "--out", tmp_path / "x.csv")
    assert jifen(*args)[0] == 1
    code, out, _ = jifen(*args, "--accepted-only")
    assert code == 0
    assert "未采用的文件:二支部.xlsx" in out
    assert pd.read_csv(tmp_path / "x.csv")["branch"].tolist() == ["一支部"]


def test_assess_under_a_variant_and_a_period(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """--scheme, --variant and --period do what the library does."""
    args = ("--scheme", "community_60_40", "--variant", "strict", "--variant", "floored", "--period", "2024H1")
    assert jifen("assess", data, *args, "--out", tmp_path / "x.csv")[0] == 0
    scheme = jf.read_scheme("community_60_40").variant("strict", "floored")
    expected = jf.assess(jf.load(data), scheme, periods=["2024H1"]).table["total"]
    assert pd.read_csv(tmp_path / "x.csv")["total"].dropna().tolist() == expected.dropna().tolist()


@pytest.mark.parametrize("asked", [("2030",), ("2030H1", "2024")])
def test_a_year_of_which_nothing_is_recorded_is_refused(jifen: Jifen, data: Path, asked: tuple[str, ...]) -> None:
    """A mistyped year would grade everybody on no evidence: assess and try name it, and the years there are."""
    periods = [text for period in asked for text in ("--period", period)]
    for command in (("assess", data), ("try", data, "--cut", "优秀=88")):
        code, _, err = jifen(*command, *periods, "--scheme", "community_60_40")
        assert code == 2
        assert "没有 2030 年的任何记录;有:2024" in err


def test_as_of_sees_nothing_later(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """--as-of before the only meeting leaves no deduction, and the print says that it is provisional."""
    _, out, _ = jifen("assess", data, "--as-of", "2024-03-01", "--period", "2024H1", "--out", tmp_path / "x.csv")
    assert "预评,截至 2024-03-01" in out
    assert pd.read_csv(tmp_path / "x.csv")["daily"].tolist() == [100, 100, 100]


def test_corrections_can_be_left_out(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """--without-corrections scores as if no objection had been decided."""
    text = "党员编号,考核期,对象,分值,理由\n00001,2024年上半年,组织活动,4,有会议记录\n"
    (data / "异议复核.csv").write_text(text, encoding="utf-8")
    jifen("assess", data, "--out", tmp_path / "with.csv")
    jifen("assess", data, "--without-corrections", "--out", tmp_path / "without.csv")
    daily = [pd.read_csv(tmp_path / f"{name}.csv")["daily"][0] for name in ("with", "without")]
    assert daily == [100, 96]


def test_a_scheme_of_ones_own_brings_its_words(jifen: Jifen, data: Path, tmp_path: Path) -> None:
    """An event that only a scheme file knows is read under that scheme."""
    scheme = tmp_path / "自拟.toml"
    scheme.write_text(
        'id = "own"\ntitle = "自拟"\nsource = "试"\nperiod = "year"\n'
        '[words.event.tree_planting]\nlabel = "植树"\n'
        "[components.all.items.all]\nstart = 10\n"
        '[components.all.items.all.rules.trees]\nfrom = "events"\nwhere = { event = "tree_planting" }\npoints = 3\n',
        encoding="utf-8",
    )
    (data / "事项.csv").write_text("党员编号,日期,事项\n00001,2024-04-01,植树\n", encoding="utf-8")
    assert jifen("check", data)[0] == 1
    assert jifen("assess", data, "--scheme", scheme, "--out", tmp_path / "x.csv")[0] == 0
    assert pd.read_csv(tmp_path / "x.csv")["total"].tolist() == [13, 10, 10]


# ---------------------------------------------------------------- the other commands


def test_schemes_lists_all_ten(jifen: Jifen) -> None:
    """Every built-in scheme stands in the list with its Chinese name."""
    code, out, _ = jifen("schemes")
    assert code == 0
    assert all(name in out for name in jf.scheme_names())
    assert "社区党员量化管理" in out


def test_schemes_shows_one_in_words(jifen: Jifen) -> None:
    """A named scheme is described from its file."""
    assert jifen("schemes", "village_monthly")[1].strip() == jf.read_scheme("village_monthly").describe().strip()


def test_words_shows_the_vocabulary(jifen: Jifen, tmp_path: Path) -> None:
    """The kinds with their number; every spelling of one kind, by its name or code; a scheme's own words, too."""
    words = standard().words
    _, out, _ = jifen("words")
    assert [int(line.split()[2]) for line in out.splitlines()[1:]] == list(map(len, words.values()))
    assert jifen("words", "出勤情况") == jifen("words", "status")
    _, out, _ = jifen("words", "status")
    assert all(text in out for word in words["status"].values() for text in word.spellings)
    assert "tree_planted" in jifen("words", "事项", "--scheme", str(written(tmp_path)))[1]
    assert "tree_planted" not in jifen("words", "事项")[1]
    code, _, err = jifen("words", "天气")
    assert (code, "出勤情况(status)" in err) == (2, True)


def test_lint_prints_every_finding(jifen: Jifen) -> None:
    """Lint prints one line a finding."""
    code, out, _ = jifen("lint", "bureau_quarterly")
    assert code == 0
    assert len(out.splitlines()) == 1 + len(jf.lint(jf.read_scheme("bureau_quarterly")))


def test_sample_takes_several_years(jifen: Jifen, tmp_path: Path) -> None:
    """One --years takes several, as does repeating it."""
    args = ("--members", 60, "--format", "csv")
    assert jifen("sample", tmp_path / "a", "--years", 2022, 2023, *args)[0] == 0
    assert jifen("sample", tmp_path / "b", "--years", 2022, "--years", 2023, *args)[0] == 0
    assert (tmp_path / "a" / "dues.csv").read_bytes() == (tmp_path / "b" / "dues.csv").read_bytes()
    assert jf.load(tmp_path / "a").years == (2022, 2023)


def test_demo_makes_a_sample_where_there_is_none(jifen: Jifen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a checkout the demo makes its own sample, and writes what it says it writes."""
    monkeypatch.setattr(sample_demo, "CHECKOUT", tmp_path / "no checkout")
    monkeypatch.setattr(sample_demo, "write", lambda folder: start_small(folder))
    code, out, _ = jifen("demo", "--out", tmp_path / "out")
    assert code == 0
    tables = ("考核结果.xlsx", "考核结果.csv", "考核结果.年度.csv")
    written = {"sample", *tables, *(f"{name}.manifest.json" for name in tables[1:])}
    assert written == {path.name for path in (tmp_path / "out").iterdir()}
    assert all(str(tmp_path / "out" / name) in out for name in tables)
    assert "须处理的" in out


def start_small(folder: Path) -> None:
    """Write a sample of a few members."""
    from jifen_analysis.sample import write

    write(folder, members=12, years=[2023, 2024], format="parquet")


def test_notebooks_are_set_to_the_scheme(jifen: Jifen, tmp_path: Path) -> None:
    """A file as seen from the copies, a built-in name as it is; what is no scheme is refused at once."""
    named = {"own.toml": "../own.toml", "street_80_20": "street_80_20"}
    written(tmp_path)
    for at, (scheme, seen) in enumerate(named.items()):
        place = tmp_path / f"本{at}"
        place.mkdir()
        notebooks.copy_notebooks(place, tmp_path, str(tmp_path / scheme) if "." in scheme else scheme)
        assert f'SCHEME = \\"{seen}\\"' in (place / "10_desk.ipynb").read_text(encoding="utf-8")
    assert jifen("lab", tmp_path, "--scheme", "没有.toml")[0] == 2


def test_lab_copies_notebooks_and_opens_them(jifen: Jifen, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lab puts copies beside the data, set to read it, and never opens the originals."""
    called: list[list[str]] = []

    monkeypatch.setattr(notebooks, "wait_for_server", lambda command: called.append(command) or 0)
    place = data.parent / "jifen_notebooks"
    assert jifen("lab", data)[0] == 0
    assert jifen("lab", data, "--no-browser")[0] == 0
    begun = [
        [sys.executable, "-m", "jupyterlab", *closed, *notebooks.QUIET, str(place)] for closed in ([], ["--no-browser"])
    ]
    assert [[word for word in command if word != "--allow-root"] for command in called] == begun
    assert {path.name for path in place.iterdir()} == {path.name for path in notebooks.notebooks()}
    for notebook in place.iterdir():
        assert f'DATA = \\"../{data.name}\\"' in notebook.read_text(encoding="utf-8")


def test_lab_ends_at_the_first_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server, told what lab tells it, does not ask back whether it should end, and go on when nobody answers."""
    server = pytest.importorskip("jupyter_server.serverapp").ServerApp(log_level=50)
    server.parse_command_line(list(notebooks.QUIET))
    stopped: list[bool] = []
    monkeypatch.setattr(server, "stop", lambda from_signal=False: stopped.append(from_signal))
    server._confirm_exit()
    assert stopped == [True]


def test_lab_keeps_what_the_user_wrote(data: Path, tmp_path: Path) -> None:
    """A notebook that is already there is not touched."""
    (tmp_path / "00_quickstart.ipynb").write_text("mine", encoding="utf-8")
    copied = notebooks.copy_notebooks(tmp_path, data)
    assert (tmp_path / "00_quickstart.ipynb").read_text(encoding="utf-8") == "mine"
    assert "00_quickstart.ipynb" not in {path.name for path in copied}


@pytest.mark.parametrize("name", ['引"号', "方[括]号", "a\\b", "'); import os; ('", "{0}%s", "换\n行", "坏\udcff"])
def test_a_folder_of_any_name_stays_a_name(tmp_path: Path, name: str) -> None:
    """Whatever a folder is called, the notebooks are sound and the line that names it holds just its name."""
    data, place = tmp_path / name, tmp_path / "lab"
    place.mkdir()
    for path in notebooks.copy_notebooks(place, data):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = [line for cell in cells for line in cell["source"] if line.startswith("DATA = ")]
        assert [ast.literal_eval(ast.parse(line).body[0].value) for line in lines] == [f"../{name}"] * len(lines)  # type: ignore[attr-defined]


def test_lab_says_what_to_install(jifen: Jifen, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without JupyterLab the command says how to get it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    code, _, err = jifen("lab", data)
    assert code == 2
    assert "pip install 'jifen-analysis[notebook]'" in err


# ---------------------------------------------------------------- mistakes

MISTAKES = [
    (["chekc", "DATA"], "没有命令 chekc"),
    (["check"], "缺少 DATA"),
    (["check", "nowhere"], "没有这个文件或文件夹:nowhere"),
    (["check", "DATA", "--bogus"], "没有选项 --bogus"),
    (["check", "DATA", "--year", "今年"], "--year 的值不对:应为整数"),
    (["check", "DATA", "--id-width", "0"], "--id-width 的值不对:至少为 1"),
    (["check", "DATA", "--json", "no folder/x.json"], "文件夹不存在"),
    (["check", "DATA", "--roster", "nowhere.xlsx"], "nowhere.xlsx"),
    (["check", "DATA", "--expect", "nowhere.xlsx"], "nowhere.xlsx"),
    (["assess", "DATA", "--scheme", "community_60_04"], "community_60_40"),
    (["assess", "DATA", "--scheme", "nowhere.toml"], "没有方案文件 nowhere.toml"),
    (["assess", "DATA", "--variant", "nosuch"], "没有读法 nosuch"),
    (["assess", "DATA", "--period", "2024Q1"], "2024Q1"),
    (["assess", "DATA", "--period", "去年"], "去年"),
    (["assess", "DATA", "--as-of", "31.5.2024"], "--as-of 须写成 2024-05-31 的样子"),
    (["assess", "DATA", "--out", "x.docx"], "不能写成 .docx"),
    (["assess", "DATA", "--out", "x"], "可用后缀 .xlsx、.csv、.parquet"),
    (["assess", "DATA", "--out", "no folder/x.xlsx"], "文件夹不存在:no folder"),
    (["assess", "DATA", "--out", "folder.xlsx"], "这是一个文件夹"),
    (["schemes", "nosuch"], "没有方案 nosuch"),
    (["lint"], "缺少 NAME"),
    (["lint", "nosuch"], "没有方案 nosuch"),
    (["sample"], "缺少 OUT"),
    (["sample", "x", "--members", "0"], "0 人"),
    (["sample", "x", "--years", "24"], "24"),
    (["sample", "x", "--format", "pdf"], "格式只能是 xlsx、csv、parquet"),
    (["sample", "file"], "不是空的文件夹"),
    (["demo", "--out", "file"], "建不了文件夹"),
    (["lab", "nowhere"], "没有这个文件或文件夹:nowhere"),
    (["--lang", "fr", "schemes"], "--lang 只能是 zh 或 en"),
    (["explain", "DATA"], "请给出党员编号"),
    (["explain", "DATA", "99999"], "99999"),
    (["explain", "DATA", "00001", "--period", "2031H1"], "2031"),
]


@pytest.mark.parametrize(
    ("args", "said"), MISTAKES, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_usage_is_told_not_traced(
    jifen: Jifen, data: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], said: str
) -> None:
    """Wrong usage gives one or a few lines on stderr and exit code 2, and writes nothing."""
    monkeypatch.chdir(data.parent)
    (data.parent / "folder.xlsx").mkdir()
    (data.parent / "file").write_text("", encoding="utf-8")
    before = sorted(data.parent.rglob("*"))
    code, _, err = jifen(*[str(data) if arg == "DATA" else arg for arg in args])
    assert code == 2
    assert said in err
    assert len(err.splitlines()) <= 3
    assert sorted(data.parent.rglob("*")) == before


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_parser_says_is_in_one_language(jifen: Jifen, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Any option, given what it hardly takes, is refused without English in Chinese; no placeholder mixes the two."""
    monkeypatch.setenv("COLUMNS", "200")
    command = load_command(name)
    for lang, other in (("zh", "\v"), ("en", "[\v\u4e00-\u9fff]")):
        assert not any(re.search(other, one.metavar or "") for one in translate(command, lang).params)
    taking = [one for one in command.params if one.opts[0].startswith("--") and not one.is_flag]
    if any(one.required for one in command.params):  # else it would be done
        said = [jifen(name, one.opts[0], value)[2] for one in taking for value in ("?", "-1", "9" * 30)]
        assert [one for one in said if re.search("[a-z]{2,} [a-z]{2,}", re.sub(r"jifen \w+|\S*[|/]\S*", "", one))] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("id = 1\n", "id"), ("id = \n", "第 1 行"), ('id = "x"\nid = "y"\n', "同一个键写了两次")],
)
def test_a_faulty_scheme_is_told(jifen: Jifen, data: Path, tmp_path: Path, text: str, said: str) -> None:
    """A scheme file with mistakes gives its file and places, exit code 1."""
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    code, _, err = jifen("assess", data, "--scheme", tmp_path / "s.toml")
    assert code == 1
    assert "s.toml" in err
    assert said in err


def test_a_mark_above_the_full_mark_is_an_error_of_the_data(jifen: Jifen, data: Path) -> None:
    """A mark that no item allows is told with its cell, exit code 1."""
    (data / "打分.csv").write_text("党员编号,考核期,项目,得分\n00001,2024年,理论学习,11\n", encoding="utf-8")
    code, _, err = jifen("assess", data, "--scheme", "branch_scorecard")
    assert code == 1
    assert "打分.csv D2" in err


def test_english_on_request(jifen: Jifen, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--lang en anywhere, or JIFEN_LANG=en, gives English messages and help."""
    assert "no such file or folder" in jifen("check", "nowhere", "--lang", "en")[2]
    assert "accepted: no errors" in jifen("--lang=en", "check", data)[1]
    assert "Score and grade" in jifen("assess", "--help", "--lang", "en")[1]
    monkeypatch.setenv("JIFEN_LANG", "en")
    assert "accepted: no errors" in jifen("check", data)[1]


def test_help_is_in_one_language(jifen: Jifen) -> None:
    """What the parser adds to the help is Chinese too, and English again on request."""
    for args in ([], ["explain", "--help"]):
        out = jifen(*args)[1]
        assert {"用法:", "选项", "显示本说明"} <= set(re.findall("用法:|选项|显示本说明", out))
        assert not re.search("Usage|Options|Arguments|Commands|default|Show|Install|required", out)
    assert "Usage: jifen explain" in jifen("explain", "--help", "--lang", "en")[1]


def test_lang_without_a_language_is_refused() -> None:
    """--lang at the end of the line names no language."""
    with pytest.raises(UsageError, match="zh 或 en"):
        choose_language(["check", "--lang"], {})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(jifen: Jifen, command: str) -> None:
    """--help works for every command and shows an example of it."""
    code, out, _ = jifen(command, "--help")
    assert code == 0
    assert f"例:jifen {command}" in out


def test_bare_command_shows_help(jifen: Jifen) -> None:
    """The command alone lists its commands."""
    code, out, _ = jifen()
    assert code == 0
    assert "assess" in out


def test_tables_are_drawn_on_a_terminal_and_plain_in_a_pipe() -> None:
    """A pipe gets columns without lines or trailing blanks; a terminal gets a drawn table."""
    shown = {}
    for terminal in (True, False):
        console = console_of(terminal)
        Terminal("zh", console, console).table(["支部", "人数"], [["一支部 [b]", 3]], numbers=1)
        shown[terminal] = console.file.getvalue()  # type: ignore[attr-defined]
    assert "─" in shown[True]
    assert shown[False].splitlines() == ["支部        人数", "一支部 [b]     3"]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_follows_the_files_on_a_terminal_alone(data: Path, terminal: bool) -> None:
    """The workbooks that are read are counted up to the last; a pipe gets no bar, and the records are the same."""
    for file in data.iterdir():
        pd.read_csv(file, dtype="str").to_excel(file.with_suffix(".xlsx"), index=False)
        file.unlink()
    console = console_of(terminal)
    assert read_data(Terminal("zh", console, console), data).verdict == "accept"
    assert ("3/3" in console.file.getvalue()) is terminal  # type: ignore[attr-defined]


def test_a_narrow_terminal_cuts_nothing_off() -> None:
    """Headers break into lines where the terminal is too narrow: two half-years stay apart."""
    console = console_of(True)
    headers = ["支部", *(f"202{n}年{half}半年" for n in (3, 4) for half in "上下")]
    Terminal("zh", console, console).table(headers, [["一支部", *["41/23/3  90.3"] * 4]], "", 4)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "…" not in shown
    assert (shown.count("上"), shown.count("下")) == (2, 2)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_help_is_whole_on_a_narrow_terminal() -> None:
    """At 80 signs nothing is cut off in either language, and no flag seems to take a value."""
    calls = "; ".join(f"run([{name!r}, '--help', '--lang', {lang!r}])" for name in COMMANDS for lang in ("zh", "en"))
    import pty  # Windows has none

    ours, theirs = pty.openpty()
    code = f"import os; os.environ.update(COLUMNS='80'); from jifen_analysis.cli import run; {calls}; run(['schemes'])"
    with subprocess.Popen([sys.executable, "-c", code], stdout=theirs) as process:
        os.close(theirs)
        said = re.sub(r"\x1b\[[0-9;]*m", "", b"".join(iter(lambda: read_terminal(ours), b"")).decode())
    assert process.returncode == 0
    assert said.count("--help") >= 2 * len(COMMANDS)
    assert [line for line in said.splitlines() if " …" in line or "<bool>" in line] == []
    assert "dissatisfied_fails" in said


def read_terminal(end: int) -> bytes:
    """Return what a terminal is told next; nothing once whoever spoke is gone, which Linux calls an error."""
    try:
        return os.read(end, 1 << 16)
    except OSError:
        return b""


def test_the_installed_command_runs(data: Path) -> None:
    """The command runs as a process of its own, and its exit code reaches the shell."""
    done = subprocess.run(
        [sys.executable, "-m", "jifen_analysis.cli", "check", str(data)], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_scheme_is_written_as_a_workbook_and_taken_as_one(jifen: Jifen, tmp_path: Path) -> None:
    """What stands in it is the scheme; without a name there is nothing to write."""
    out = tmp_path / "方案.xlsx"
    assert jifen("schemes", "street_80_20", "--out", out)[:2] == (0, f"已写入 {out}\n")
    assert jifen("schemes", out)[1] == jifen("schemes", "street_80_20")[1]
    assert "须与方案名一起用" in jifen("schemes", "--out", out)[2]


def test_a_spelling_that_repeats_is_one_mistake(jifen: Jifen, tmp_path: Path) -> None:
    """Where it stands first, and how often; other errors stand one by one."""
    rows = "".join(f"0000{n},2024-0{month}-05,志愿者行动\n" for n in (1, 2) for month in range(1, 8))
    data = files(
        tmp_path / "d",
        花名册="党员编号,党支部\n00001,甲\n00002,甲\n",
        事项=f"党员编号,日期,事项\n{rows},,\n0009,2024-03-05,\n",
    )
    out = jifen("check", data)[1]
    (line,) = [one for one in out.splitlines() if "不是认得的词" in one]
    assert "C2、C3、C4、C5、C6等 14 处" in line


def test_a_grade_that_nobody_holds_is_shown(jifen: Jifen, tmp_path: Path) -> None:
    """As 0; and what everybody has is said once."""
    data = files(tmp_path / "d", 花名册="党员编号,党支部\n00001,甲\n00002,甲\n",
                 考勤="党员编号,日期,活动类型,出勤情况\n00001,2024-03-05,党课,出勤\n",
                 党费="党员编号,月份,应缴,实缴\n00001,2024-01,5,5\n00002,2024-01,5,5\n",
                 民主评议="党员编号,考核期,评议主体,分数\n00001,2024H1,党员,90\n00002,2024H1,党员,90\n")  # fmt: skip
    out = jifen("assess", data)[1]
    assert "优秀/合格/不合格 人数" in out
    assert "2/0/0" in out
    assert "所有人都是“党费无缴纳日期”:2024年上半年" in out
    assert "所有人都是“评议主体不全”:2024年上半年" in out


def test_headers_of_a_table_are_chinese_on_request(jifen: Jifen, tmp_path: Path) -> None:
    """English otherwise."""
    data = files(tmp_path / "d", 花名册="党员编号,党支部\n00001,甲\n",
                 考勤="党员编号,日期,活动类型,出勤情况\n00001,2024-03-05,党课,出勤\n")  # fmt: skip
    for headers, first in ((["--headers", "zh"], "党员编号,姓名,党支部"), ([], "member_id,name,branch")):
        assert jifen("assess", data, "--out", tmp_path / "x.csv", *headers)[0] == 0
        assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig").startswith(first)
    assert jifen("assess", data, "--out", tmp_path / "x.csv", "--headers", "de")[0] == 2


def _misuses() -> list[tuple[str, ...]]:
    """Return each command with more than it takes, each option without its value, and each switch with one."""
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        declared = load_command(name).params
        takes = sum(one.param_type_name == "argument" for one in declared)
        found.append((name, *"abcdef"[: takes + 1]))
        for one in declared:
            option = max(one.opts, key=len)
            if one.param_type_name == "option" and option != "--help":
                found.append((name, *"abcdef"[:takes], f"{option}=1" if one.is_bool_flag else option))
    return found


def test_what_the_parser_refuses_is_said_in_chinese(jifen: Jifen) -> None:
    """Whatever is too much, and whatever lacks its value or has one: no word is foreign but options and commands."""
    for misuse in _misuses():
        code, _, err = jifen(*misuse)
        assert code == 2, misuse
        foreign = set(re.findall(r"(?<![-\w])[A-Za-z]{2,}", err)) - {*COMMANDS, "jifen", "DATA"}
        assert not foreign, (misuse, err)
