"""Assessment: fresh frames, roll-ups, results kept in a folder."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.periods import Kind
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES, Assessment, open_result
from jifen_analysis.tables.sources import Source
from tests.builders import records, scheme

TEXT = """
valid_from = 2023-01-01
year_total = "sum"
[components.base.items.base]
start = 10
rules.help = { from = "events", where = { event = "mediation" }, points = 3 }
[components.work.items.work]
from = "marks"
max = 10
for = { post = "deputy" }
[grades."优秀"]
at_least = 11
[grades."不合格"]
[outcomes.praise]
top = { count = 1 }
[changes."2024-07-01".set]
"components.base.items.base.start" = 20
"""


def result(period: str = "month", **tables: Any) -> Assessment:
    """Three members in two months of 2024 and one of 2023; one mediation; one exempt; one who lacks a mark."""
    given = {
        "members": [["1", "甲"], ["2", "甲", {"exempt": True}], ["3", "甲", {"post": "deputy"}]],
        "events": [
            ["1", f"{month}-05", event]
            for month, event in (("2023-12", "complaint"), ("2024-01", "mediation"), ("2024-07", "complaint"))
        ],
        "marks": [["3", "2024-01", "work", 5]],
    }
    return assess(records(**(given | tables)), scheme(TEXT, period=period))


# ---------------------------------------------------------------- frames


@pytest.mark.parametrize("name", FRAMES)
def test_frames_are_fresh(name: str) -> None:
    """Writing into a frame, or adding to it, changes nothing inside."""
    found = result()
    frame = getattr(found, name)
    before = frame.copy()
    frame.iloc[:, 0] = "x"
    frame["more"] = 1
    pd.testing.assert_frame_equal(getattr(found, name), before)


def test_a_result_cannot_be_changed() -> None:
    """No attribute can be set."""
    with pytest.raises(AttributeError, match="cannot assign to field"):
        result().scheme = None


# ---------------------------------------------------------------- roll-ups


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("year", [["1", "2023", 10, 1], ["1", "2024", 33, 2], ["3", "2023", None, 1], ["3", "2024", None, 2]]),
        (
            "quarter",
            [
                *(["1", "2023Q4", 10, 1], ["1", "2024Q1", 13, 1], ["1", "2024Q3", 20, 1]),
                *(["3", "2023Q4", None, 1], ["3", "2024Q1", 15, 1], ["3", "2024Q3", None, 1]),
            ],
        ),
    ],
)
def test_months_roll_up(kind: Kind, expected: list[list[Any]]) -> None:
    """Totals of the months inside; missing where one of them is; the exempt have none."""
    found = result().roll_up(kind)
    assert list(found) == ["member_id", "period", "total", "n"]
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == expected


@pytest.mark.parametrize(
    ("period", "kind", "longer"), [("year", "year", "无"), ("half", "quarter", "year"), ("half", "week", "year")]
)
def test_only_longer_periods_are_rolled_up(period: str, kind: Kind, longer: str) -> None:
    """The refusal lists the kinds that are longer."""
    book = "components.base.items.base = { start = 10 }"
    found = assess(records(members=[["1", "甲"]]), scheme(book, period=period))
    with pytest.raises(UsageError, match=f"不能汇总到 {kind},可用:.*{longer}"):
        found.roll_up(kind)


# ---------------------------------------------------------------- folders


def test_grades_of_a_scheme_without_any_keep_their_type(tmp_path: Path) -> None:
    """Village points are only listed: a saved result comes back equal there, too."""
    found = assess(
        records(members=[["1", "甲"]], attendance=[["1", "2024-03-05", "lecture", "present"]]),
        read_scheme("village_monthly"),
    )
    again = open_result(found.save(tmp_path / "a"))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))


def test_a_result_survives_a_folder(tmp_path: Path) -> None:
    """Every frame with its types, the scheme with its variants and dates, roll-ups, and a second saving."""
    found = result()
    again = open_result(found.save(tmp_path / "a" / "b"))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
    assert again.scheme.digest == found.scheme.digest
    assert again.scheme.book == found.scheme.book
    pd.testing.assert_frame_equal(again.roll_up("half"), found.roll_up("half"))
    twice = open_result(again.save(tmp_path / "a" / "b"))
    assert (twice.notes, twice.records, twice.working) == ((), None, None)
    assert list((tmp_path / "a").iterdir()) == [tmp_path / "a" / "b"]


def test_what_a_result_was_made_from_survives_folders(tmp_path: Path) -> None:
    """The hashes of the files, and how it was asked for, are there after a second saving too."""
    read = replace(records(members=[["1", "甲"]]), sources=(Source("一.xlsx", digest="5f"),))
    found = assess(read, scheme(TEXT, period="month"), periods=["2024"], as_of=date(2024, 5, 31), corrections=False)
    again = open_result(open_result(found.save(tmp_path / "a")).save(tmp_path / "b"))
    assert again.inputs == found.inputs == {"一.xlsx": "5f"}
    assert again.settings == found.settings


def test_a_variant_is_remembered(tmp_path: Path) -> None:
    """Under which changes of the scheme it was scored."""
    patched = scheme(TEXT, period="month").patch({"components.base.items.base.start": 12})
    found = assess(records(members=[["1", "甲"]]), patched)
    assert open_result(found.save(tmp_path)).scheme.applied == ("components.base.items.base.start=12",)


@pytest.mark.parametrize("spoil", ["result.json", "table.parquet", "all"])
def test_what_is_no_result_is_refused(tmp_path: Path, spoil: str) -> None:
    """A folder without all its files, or with something else in them, names itself in the refusal."""
    result().save(tmp_path)
    if spoil == "table.parquet":
        (tmp_path / spoil).write_text("nothing", encoding="utf-8")
    for name in [spoil] if spoil == "result.json" else [path.name for path in tmp_path.iterdir() if spoil == "all"]:
        (tmp_path / name).unlink()
    with pytest.raises(UsageError, match=f"{tmp_path.name} 中没有保存的结果"):
        open_result(tmp_path)


@pytest.mark.parametrize("made", ["{}", '{"scheme": {}, "file": "", "applied": []}', "[]"])
def test_a_spoilt_description_is_refused(tmp_path: Path, made: str) -> None:
    """A description that lacks the scheme is no result either."""
    result().save(tmp_path)
    (tmp_path / "result.json").write_text(made, encoding="utf-8")
    with pytest.raises(UsageError, match="没有保存的结果"):
        open_result(tmp_path)


@pytest.mark.parametrize("file", ["result.json", *(f"{name}.parquet" for name in FRAMES)])
def test_a_saved_result_that_was_changed_is_refused(tmp_path: Path, file: str) -> None:
    """Another period in the description, or the frame of another run, is found out."""
    result().save(tmp_path)
    path = tmp_path / file
    if file == "result.json":
        path.write_text(path.read_text(encoding="utf-8").replace('"corrections": true', '"corrections": false'))
    else:
        frame = pd.read_parquet(path)
        frame.iloc[:0].to_parquet(path, index=False, compression="gzip")
    with pytest.raises(UsageError, match="保存之后改动过"):
        open_result(tmp_path)


def test_other_files_are_not_written_over(tmp_path: Path) -> None:
    """A folder that holds something else is refused, and so is a file."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(UsageError, match="不是空的"):
            result().save(target)


def test_the_description_is_readable(tmp_path: Path) -> None:
    """Chinese as Chinese, so that a person can look into it."""
    result().save(tmp_path)
    text = (tmp_path / "result.json").read_text(encoding="utf-8")
    assert "试行办法" in text
    assert json.loads(text)["scheme"]["period"] == "month"
