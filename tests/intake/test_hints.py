from pathlib import Path

import pytest

from jifen_analysis.errors import InvalidRecords
from tests.intake.sheets import checked, errors, rows_of

TICKS = [("编号", "3月5日", "3月12日"), ("00001", "○", None), ("00002", "√", "外")]


def _write(folder: Path, text: str) -> None:
    (folder / "布局.toml").write_text(text, encoding="utf-8")


def test_a_layout_file_settles_what_cannot_be_known(tmp_path: Path) -> None:
    """Year, signs, spellings and the meaning of a blank, in the words of the refusals."""
    assert {code for code, _ in errors(checked(tmp_path, TICKS))} == {"year_unknown"}
    _write(tmp_path, 'year = 2024\nblank = "absent"\n[symbols]\n"○" = "请假"\n[words.status]\n"外" = "公假"\n')
    found = checked(tmp_path, TICKS)
    assert rows_of(found, "attendance", "member_id", "date", "status") == [
        ("00001", "2024-03-05", "leave"),
        ("00002", "2024-03-05", "present"),
        ("00001", "2024-03-12", "absent"),
        ("00002", "2024-03-12", "excused"),
    ]


def test_headers_and_sheets_may_be_named(tmp_path: Path) -> None:
    """A header that is no column of ours, and the table of a sheet."""
    rows = [("编号", "日期", "活动", "到了没有"), ("00001", "2024-3-5", "党课", "到")]
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["missing_column"]
    _write(tmp_path, '[headers]\n"到了没有" = "出勤情况"\n[sheets]\n"Sheet1" = "attendance"\n')
    assert rows_of(checked(tmp_path, rows), "attendance", "status") == [("present",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yaer = 2024", "yaer"),
        ("year = 24", "year"),
        ('[symbols]\n"○" = "吃饭"', "symbols.○"),
        ('[headers]\n"a" = "b"', "headers.a"),
        ('[sheets]\n"a" = "b"', "sheets.a"),
        ('[words.status]\n"a" = "b"', "words.status.a"),
        ('[words.wort]\n"a" = "b"', "words.wort"),
        ("year = ", "读不懂"),
    ],
)
def test_mistakes_in_it_are_said(tmp_path: Path, text: str, said: str) -> None:
    """A layout file with a mistake is refused with file and line, not half obeyed."""
    _write(tmp_path, text)
    with pytest.raises(InvalidRecords, match=said):
        checked(tmp_path, TICKS)
