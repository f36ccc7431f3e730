"""No output takes the place of a file that the same run reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.cli.app import READ, refuse_overwriting
from jifen_analysis.errors import UsageError
from jifen_analysis.intake.files import data_files
from tests.command import Jifen, files
from tests.killed import FAULTY, SET, all_writes, drawn
from tests.matrix import beside
from tests.test_cli import ATTENDANCE, MARKS, ROSTER

WRITES = {
    what: words
    for what, words in all_writes().items()
    if "DATA" in words and what.endswith((".xlsx", ".csv", ".parquet", "json-OUT"))
}
"""Whatever is written of data into one file that may have the name of one of them."""


@pytest.mark.parametrize("what", WRITES)
def test_what_is_read_is_not_written_over(jifen: Jifen, tmp_path: Path, what: str) -> None:
    """A table of the data, however the output's name ends, is there still, to the byte, and the refusal names it."""
    data = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE, 民主评议=MARKS)
    beside(tmp_path / "beside")
    target = (data / "考勤.csv").rename(data / f"考勤.{what.partition('.')[2] or 'csv'}")
    before = target.read_bytes()
    places = {"DATA": data, "OUT": target, "KEY": tmp_path / "beside" / "密钥.txt"}
    code, _, err = jifen(*(places.get(word, word) for word in WRITES[what]))
    assert (code, target.name in err, target.read_bytes() == before) == (2, True, True)


AMONG = {
    what: words
    for what, words in all_writes().items()
    if {"DATA", FAULTY} & {*words} and (what in WRITES or what.endswith("OUT") or SET in what) and not drawn(what)
    if what.startswith("check") or not what.endswith(".xlsx")
}
"""Whatever is written of data that could be taken for data: tables, and folders that hold some.

All workbooks are marked in one place; those of check, which are soon written, stand for them.
"""


@pytest.mark.parametrize("what", AMONG)
def test_what_is_written_among_the_data_is_no_data(jifen: Jifen, tmp_path: Path, what: str) -> None:
    """The next run reads the same files as before; a folder that it would read with them is refused."""
    attendance = ATTENDANCE.replace("迟到", "说他病了") if FAULTY in AMONG[what] else ATTENDANCE
    data = files(tmp_path / "数据", 花名册=ROSTER, 考勤=attendance, 民主评议=MARKS)
    beside(tmp_path / "beside")
    before = [file.name for file in data_files(data)[0]]
    places = {"DATA": data, FAULTY: data, "OUT": data / what, "KEY": tmp_path / "beside" / "密钥.txt"}
    code, _, err = jifen(*(places.get(word, word) for word in AMONG[what]))
    assert (data / what).exists() != (code == 2 and "里面" in err)
    assert [file.name for file in data_files(data)[0]] == before


@pytest.mark.parametrize("name", [*sorted(READ - {"data"}), "scheme"])
def test_nothing_else_that_is_read_is_lost(tmp_path: Path, name: str) -> None:
    """Neither a roster, a key, a list, a correspondence table nor a scheme; what is added to a table may be."""
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"")
    given = {name: [str(file)] if name == "scheme" else file}
    with pytest.raises(UsageError, match="会把它盖掉"):
        refuse_overwriting({**given, "out": file})
    refuse_overwriting({**given, "out": tmp_path / "y.xlsx"})
    refuse_overwriting({"words": file, "unknown": file})
