"""A project: laid out, remembered by every command run inside, and asked what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.cli.commands import COMMANDS
from jifen_analysis.cli.project import project_here
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from tests.command import Jifen, files

MEMBERS = "党员编号,姓名,党支部\n00001,甲一,第一支部\n00002,乙二,第一支部\n"
CAME = "党员编号,日期,活动类型,出勤情况\n00001,2024-03-05,党课,缺席\n00002,2024-03-05,党课,出勤\n"


@pytest.fixture
def project(jifen: Jifen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project of one year, in which the test goes on."""
    folder = tmp_path / "考核"
    assert jifen("new", folder, "--scheme", "village_monthly", "--years", "2024")[0] == 0
    monkeypatch.chdir(folder)
    return folder


def sent(project: Path, came: str = CAME) -> None:
    """Put a branch's tables into the project."""
    files(project / "报送" / "2024", 花名册=MEMBERS, 考勤=came)


def test_a_project_is_laid_out(project: Path) -> None:
    """Everything has its place, and the scheme is the one that was named."""
    assert sorted(path.name for path in project.iterdir()) == sorted(
        ["jifen.toml", "报送", "结果", "方案.xlsx", "对照表.xlsx", "空白表.xlsx"]
    )
    assert read_scheme(project / "方案.xlsx").digest == read_scheme("village_monthly").digest
    found = project_here()
    assert found is not None
    assert (found.years, found.data, found.scheme) == ((2024,), Path("报送"), "方案.xlsx")


def test_a_scheme_s_own_file_and_other_files_are_remembered(
    jifen: Jifen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is copied as it is; a roster stays where it lies."""
    own = read_scheme("street_80_20").write(tmp_path / "my.toml")
    (tmp_path / "花名册.csv").write_text(MEMBERS, encoding="utf-8")
    folder = tmp_path / "p"
    assert jifen("new", folder, "--scheme", own, "--years", "2023", "2024", "--roster", tmp_path / "花名册.csv")[0] == 0
    assert (folder / "方案.toml").read_bytes() == own.read_bytes()
    assert sorted(path.name for path in (folder / "报送").iterdir()) == ["2023", "2024"]
    monkeypatch.chdir(folder)
    found = project_here()
    assert found is not None
    assert found.defaults("assess") == {
        "data": Path("报送"), "scheme": "方案.toml", "roster": Path("../花名册.csv"), "words": Path("对照表.xlsx"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ((".",), "已经有内容"),
        (("新", "--scheme", "nosuch"), "没有方案 nosuch"),
        (("新", "--years", "24"), "年度须写成 2024 的样子"),
        (("新", "--roster", "没有.xlsx"), "没有这个文件:没有.xlsx"),
    ],
)
def test_what_cannot_be_laid_out_is_refused(project: Path, jifen: Jifen, line: tuple[str, ...], said: str) -> None:
    """And nothing is left behind."""
    code, _, err = jifen("new", *line)
    assert (code, said in err) == (2, True)
    assert not (project / "新").exists()


def test_commands_run_inside_need_no_options(project: Path, jifen: Jifen) -> None:
    """Data, scheme and year are the project's, from any of its folders; what must be written goes to its results."""
    sent(project)
    assert jifen("check")[0] == 0
    code, out, _ = jifen("assess")
    assert (code, "路头村党员积分" in out) == (0, True)
    assert "缺席" in jifen("explain", "00001")[1]
    assert "缺席" in jifen("explain", "甲一", "--period", "2024-03")[1]
    assert "路头村党员积分" in jifen("lint")[1]
    for command, name in (("notice", "公示表.xlsx"), ("export", "核验包.zip"), ("template", "空白表.xlsx")):
        assert jifen(command)[0] == 0, command
        assert (project / "结果" / name).exists()


def test_a_folder_of_the_project_is_in_the_project(
    project: Path, jifen: Jifen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths are seen from where the command runs."""
    sent(project)
    monkeypatch.chdir(project / "报送" / "2024")
    assert "路头村党员积分" in jifen("assess")[1]
    assert jifen("export", "包.zip")[0] == 0
    assert (project / "报送" / "2024" / "包.zip").exists()


def test_the_line_wins(project: Path, jifen: Jifen) -> None:
    """What is written on it; the rest stays the project's."""
    sent(project)
    assert "街道党员积分量化" in jifen("assess", "--scheme", "street_80_20")[1]
    assert "没有这个文件或文件夹" in jifen("check", "别处")[2]


def test_every_command_with_data_takes_the_project_s(project: Path) -> None:
    """Nothing but what begins something goes without."""
    found = project_here()
    assert found is not None
    without = {name for name in COMMANDS if "data" not in found.defaults(name)}
    assert without == {"sample", "demo", "schemes", "new"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shceme = 1", "没有 shceme 这一项,是否要写 scheme"),
        ("years = 2024", r"years 须是年度,写成 \[2023, 2024\];现为 2024"),
        ("roster = 3", "roster 须是路径"),
        ("scheme = ", "不是有效的 TOML"),
    ],
)
def test_a_jifen_toml_that_will_not_do_is_refused(project: Path, text: str, said: str) -> None:
    """With what was found and what would be right."""
    (project / "jifen.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        project_here()


def test_the_year_of_dates_can_be_remembered_apart(project: Path) -> None:
    """Where several years are assessed, dates that name none may be of one of them."""
    (project / "jifen.toml").write_text("years = [2023, 2024]\nyear = 2023\n", encoding="utf-8")
    found = project_here()
    assert found is not None
    assert found.defaults("check")["year"] == 2023


def test_status_says_what_comes_next(project: Path, jifen: Jifen) -> None:
    """From an empty folder over errors to results, and when the data are newer than these."""
    assert "2024 年还没有报送" in jifen("status")[1]
    sent(project, CAME + "00009,2024-03-05,党课,出勤\n")
    assert "jifen check --returned 结果/退回" in jifen("status")[1]
    sent(project)
    assert "jifen assess --out 结果/考核结果.xlsx" in jifen("status")[1]
    for name in ("考核结果.xlsx", "总结.html", "公示表.xlsx"):
        (project / "结果" / name).touch()
    assert "都写好了" in jifen("status")[1]
    (project / "对照表.xlsx").unlink()
    assert "对照表 对照表.xlsx 不在" in jifen("status")[1]
    (project / "方案.xlsx").unlink()
    code, out, _ = jifen("status")
    assert (code, "方案 方案.xlsx 不在" in out, "没有这个文件" in out) == (0, True, True)


def test_status_knows_years_from_the_records(jifen: Jifen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beside the folders of the years is of the years that it speaks of, and no others."""
    jifen("new", tmp_path / "考核", "--scheme", "village_monthly", "--years", "2023", "2024")
    monkeypatch.chdir(tmp_path / "考核")
    files(tmp_path / "考核" / "报送", 花名册=MEMBERS, 考勤=CAME)
    said = jifen("status")[1]
    assert "2023 年还没有报送" in said
    assert "2024 年还没有报送" not in said


def test_status_names_what_is_not_known(project: Path, jifen: Jifen) -> None:
    """Unknown spellings are first to be explained."""
    sent(project, CAME.replace("缺席", "飞了"))
    assert "jifen check --unknown 对照表.xlsx" in jifen("status")[1]


def test_outside_of_a_project_there_is_no_status(jifen: Jifen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said how to begin one; commands take nothing from nowhere."""
    monkeypatch.chdir(tmp_path)
    code, _, err = jifen("status")
    assert (code, "jifen new 文件夹" in err) == (2, True)
    assert "缺少" in jifen("assess")[2]
