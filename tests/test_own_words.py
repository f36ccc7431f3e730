"""A word that only a scheme defines is known all the way: from the blank workbook to the converted folder."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import jifen_analysis as jf
from jifen_analysis.cli import run
from tests.eleventh import written

SHEETS = {
    "花名册": [("党员编号", "姓名", "党支部"), ("00001", "张三", "一号楼")],
    "事项": [("党员编号", "日期", "事项", "数量"), ("00001", "2024-03-12", "义务植树", 4)],
}


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """One workbook with an event of the scheme's own."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    (tmp_path / "报送").mkdir()
    book.save(tmp_path / "报送" / "一号楼.xlsx")
    return tmp_path / "报送"


@pytest.mark.parametrize("command", ["check", "convert", "assess", "explain", "report", "notice", "export", "compare"])
def test_every_command_knows_it(
    command: str, sent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the scheme nothing is refused; without it the word is named."""
    monkeypatch.chdir(tmp_path)
    rest = {
        "convert": ["已查验"],
        "export": ["核验包.zip"],
        "explain": ["00001"],
        "compare": ["--variant", "uncapped"],
    }.get(command, [])
    assert run([command, str(sent), *rest, "--scheme", str(written(tmp_path))]) == 0
    assert "义务植树”不是认得的词" not in capsys.readouterr().out
    assert run(["check", str(sent), "--with-names"]) == 1
    assert "义务植树”不是认得的词" in capsys.readouterr().out


def test_nobody_is_sent_a_mark_for_it(sent: Path, tmp_path: Path) -> None:
    """Returned copies are written only without the scheme: there the word is an error."""
    returned = ["--returned", str(tmp_path / "退回件")]
    run(["check", str(sent), *returned, "--scheme", str(written(tmp_path))])
    assert not (tmp_path / "退回件").exists() or not list((tmp_path / "退回件").iterdir())
    run(["check", str(sent), *returned])
    assert [copy.name for copy in (tmp_path / "退回件").iterdir()] == ["一号楼_退回.xlsx"]


def test_the_blank_workbook_offers_it(tmp_path: Path) -> None:
    """The list of events is the scheme's."""
    assert run(["template", str(tmp_path / "空白表.xlsx"), "--scheme", str(written(tmp_path))]) == 0
    lists = openpyxl.load_workbook(tmp_path / "空白表.xlsx")["字典"]
    assert "义务植树" in {cell.value for row in lists.iter_rows() for cell in row}


def test_python_takes_a_scheme_a_name_or_a_file(sent: Path, tmp_path: Path) -> None:
    """``load``, ``check`` and ``coverage`` alike; of several schemes every word is known."""
    file = written(tmp_path)
    for given in (file, str(file), jf.read_scheme(file), ["community_60_40", file]):
        assert jf.load(sent, scheme=given).events["event"].tolist() == ["tree_planted"]
    assert not jf.check(sent, scheme=file).errors
    assert jf.check(sent, scheme="community_60_40").errors
    covered = jf.coverage(sent, scheme=file).set_index("table")["state"].to_dict()
    assert covered == {"members": "reported", "attendance": "table_missing", "events": "reported"}
