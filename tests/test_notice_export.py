"""jifen report, notice, export, slips and pseudonyms: what they write and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from jifen_analysis.report import needs
from jifen_analysis.sample import write
from tests.command import Jifen


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of sixty members in canonical files."""
    folder = tmp_path_factory.mktemp("数据 样例")
    write(folder, 60, (2023, 2024), 7, "parquet")
    return folder


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is written into an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key file."""
    file = tmp_path / "key.txt"
    file.write_text("a key for tests only", encoding="utf-8")
    return file


def test_a_report_is_written_with_its_manifest(jifen: Jifen, data: Path, undrawn: None) -> None:
    """The page stands where it was asked for, its hash in the manifest beside it."""
    code, out, _ = jifen("report", data, "--out", "总结.html", "--manifest")
    assert code == 0
    assert "2024年" in out
    made = json.loads(Path("总结.html.manifest.json").read_text(encoding="utf-8"))
    assert list(made["outputs"]) == ["总结.html"]
    assert "members.parquet" in made["inputs"]


def test_without_a_browser_a_pdf_is_refused_before_anything_is_read(
    jifen: Jifen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to install is said at once: the data that does not exist is never looked for."""
    monkeypatch.setattr(needs, "_no_browser", lambda: ("请安装 chromium", "install chromium"))
    code, _, err = jifen("report", "不存在", "--out", "a.pdf")
    assert code == 2
    assert "请安装 chromium" in err


def test_notices_are_written_for_one_branch(jifen: Jifen, data: Path) -> None:
    """A branch that does not exist is refused."""
    assert jifen("notice", data, "--out", "n.xlsx", "--branch", "第一支部")[0] == 0
    assert Path("n.xlsx").is_file()
    code, _, err = jifen("notice", data, "--branch", "无此支部")
    assert (code, "没有支部 无此支部" in err) == (2, True)


def test_slips_need_a_branch_and_a_file(jifen: Jifen, data: Path) -> None:
    """Either a member or a branch; a branch goes into a file."""
    assert jifen("explain", data, "--branch", "第二支部", "--out", "卡.docx")[0] == 0
    assert Path("卡.docx").is_file()
    assert "--branch 须与 --out" in jifen("explain", data, "--branch", "第二支部")[2]
    assert "请给出党员编号" in jifen("explain", data)[2]


def test_pseudonyms_are_the_same_in_every_run(jifen: Jifen, data: Path, key: Path) -> None:
    """Two runs with one key give equal files without names."""
    for name in ("a.csv", "b.csv"):
        assert jifen("assess", data, "--out", name, "--pseudonymise", key)[0] == 0
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    table = pd.read_csv("a.csv", dtype={"member_id": str})
    assert table["name"].isna().all()
    assert table["member_id"].str.fullmatch("p[0-9a-f]{15}").all()


def test_an_export_can_be_assessed(jifen: Jifen, data: Path, key: Path) -> None:
    """The package is data like any other; that it is not anonymous is said."""
    code, out, _ = jifen("export", data, "包", "--pseudonymise", key)
    assert code == 0
    assert "不是匿名" in out
    assert jifen("assess", "包/records", "--scheme", "包/scheme.toml", "--out", "c.csv")[0] == 0
    assert jifen("assess", data, "--out", "d.csv", "--pseudonymise", key)[0] == 0
    one, two = (sorted(Path(name).read_text(encoding="utf-8").splitlines()) for name in ("c.csv", "d.csv"))
    assert one == two
