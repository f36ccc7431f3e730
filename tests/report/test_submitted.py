"""The sheet of everything wrong: the same rows, whether problems are few or very many."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jifen_analysis.intake import check
from jifen_analysis.intake.cells import column
from jifen_analysis.report.submitted import data_problems
from jifen_analysis.tables import membership, problems
from jifen_analysis.tables.problems import Ordered


def test_many_problems_have_the_rows_of_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown words and ids, with hints and without, days, repeated rows, blanks and a file that cannot be read."""
    (tmp_path / "花名册.csv").write_text("党员编号,党支部\n00001,第一支部\n00002,第一支部\n", encoding="utf-8")
    rows = ["00001,2024-03-05,党课,到了", "00001,2024-03-05,党课,到 了", "9,1980-01-01,党课,出勤", "00002,,党课,出勤"]
    rows += ["00002,2024-03-05,党课,出勤", "00002,2024-03-05,党课,出勤", "00002,2024-03-06,党 课,<&>"]
    rows += [f"{n},2024-03-07,党课,错{n}" for n in (7, 8, 1, 8)]
    for name in ("考勤", "支部/考勤"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = "\n".join(["党员编号,日期,活动类型,出勤情况", *rows])
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "党费.xlsx").write_bytes(b"PK")
    monkeypatch.setattr(column, "MOST_HINTS", 2)
    monkeypatch.setattr(membership, "MOST_HINTS", 2)
    few = check(tmp_path)
    monkeypatch.setattr(problems, "MANY", 0)
    many = check(tmp_path)
    assert isinstance(many.problems, Ordered)
    assert len(few.problems) > len({one.code for one in few.problems}) > 3
    one, other = (data_problems(found.problems).frame for found in (few, many))
    pd.testing.assert_frame_equal(one, other.astype("str"))
