"""Long tables that are looked through by column, held against the look at each row."""

from __future__ import annotations

import csv
import os
import signal
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd
import pandas.testing as pdt
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import InvalidRecords
from jifen_analysis.intake import Check, check, load, raw_check, raw_columns, raw_text, workbooks
from jifen_analysis.intake.raw import PartedTable, RawTable
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.store.write import convert
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

Frames = dict[str, pd.DataFrame]
Fault = Callable[[pd.DataFrame, int], pd.DataFrame]


def _sound() -> Frames:
    """Tables of four members in which nothing is wrong; the third joins in March, the fourth moves in July."""
    ids = [f"{n:05d}" for n in (1, 2, 3, 4)]
    months = [f"2024-{n:02d}" for n in (3, 6, 9)]
    day = pd.to_datetime([f"{month}-1{n}" for month in months for n in range(4)]).date
    held = pd.Series(ids * 3)
    roster = {
        "member_id": [*ids, "00004"],
        "name": ["甲一", "乙二", "丙三", "丁四", "丁四"],
        "branch": ["第一支部"] * 4 + ["第二支部"],
    }
    since = pd.to_datetime([None, None, "2024-03-01", None, "2024-07-01"]).date
    until = pd.to_datetime([None, None, None, "2024-06-30", None]).date
    return {
        "members": pd.DataFrame({**roster, "since": since, "until": until}),
        "attendance": pd.DataFrame({"member_id": held, "date": day, "activity": "lecture", "status": "present"}),
        "dues": pd.DataFrame(
            {
                "member_id": held,
                "month": pd.Series(months).repeat(4).to_numpy(),
                "due": 2.0,
                "paid": 2.0,
                "paid_on": day,
            }
        ),
        "events": pd.DataFrame(
            {"member_id": held, "date": day, "event": "honour", "level": "city", "quantity": 1, "note": "甲"}
        ),
        "evaluations": pd.DataFrame(
            {"member_id": held, "period": "2024", "group": "members", "mark": [90.0, 91.5, 92.0] * 4}
        ),
        "marks": pd.DataFrame({"member_id": ids, "period": "2024", "item": "担当", "mark": [8.0, 9.0, 8.5, 7.0]}),
    }


def _with(column: str, value: object) -> Fault:
    def planted(frame: pd.DataFrame, row: int) -> pd.DataFrame:
        values = frame[column].astype("object") if column in frame else pd.Series(None, frame.index, "object")
        values[frame.index[row % len(frame)]] = value
        return frame.assign(**{column: values})

    return planted


def _again(frame: pd.DataFrame, row: int) -> pd.DataFrame:
    return pd.concat([frame, frame.iloc[[row % len(frame)]]], ignore_index=True)


def _copied(frame: pd.DataFrame, _: int) -> pd.DataFrame:
    return pd.concat([frame, frame], ignore_index=True)


def _each_once(frame: pd.DataFrame, _: int) -> pd.DataFrame:
    """Return a roster on which nobody moves, its ids rising."""
    return frame.drop_duplicates("member_id", ignore_index=True)


def _years_apart(frame: pd.DataFrame, _: int) -> pd.DataFrame:
    """Return days none of which is far from all others, but one is from those of the second half."""
    days = [-300, -300, 0, *[-300] * 3, *[0] * 5, -600]  # the third is a member from March on
    return frame.assign(date=(pd.to_datetime(frame["date"]) + pd.to_timedelta(days, unit="D")).dt.date)


FAULTS: dict[str, list[Fault]] = {
    "members": [_again, _each_once, _with("year", 2023), _with("branch", None)],
    "attendance": [
        _again, _with("member_id", "00009"), _with("member_id", None), _with("status", "吃饭"), _with("status", "出勤"),
        _with("status", "late"), _with("date", pd.Timestamp("2023-05-01").date()), _with("date", None),
        _with("date", pd.Timestamp("1960-05-01").date()), _with("activity", None), _with("member_id", "00003"),
    ],
    "dues": [
        _again, _with("due", -1.0), _with("due", 0.00001), _with("paid", None), _with("paid", 20.0), _with("due", 20.0),
        _with("paid", float("inf")), _with("month", "2024-13"), _with("month", "2024年3月"), _with("month", "2023-01"),
        _with("paid_on", pd.Timestamp("2030-01-01").date()), _with("paid_on", None),
    ],
    "events": [
        _again, _with("level", None), _with("level", "minor"), _with("event", "donation"), _with("quantity", 900),
        _with("quantity", -1), _with("quantity", None), _with("amount", 5.0), _with("note", None),
        _with("note", "同乙二合捐"), _with("note", "捐书和衣物"), _with("name", "丙三"),
        _with("date", pd.Timestamp("2024-01-01").date()),
    ],
    "evaluations": [
        _again, _with("mark", 101.0), _with("mark", None), _with("mark", 9.0), _with("group", "老王"),
        _with("count", 3), _with("period", "2024H1"), _with("period", "2023"), _with("period", "2024年上半年"),
        _with("count", 0),
    ],
    "marks": [_again, _with("mark", 0.8), _with("item", None), _with("mark", None)],
}  # fmt: skip
PLANTED = st.lists(
    st.sampled_from([(table, fault) for table, of in FAULTS.items() for fault in of]).flatmap(
        lambda one: st.tuples(st.just(one), st.integers(0, 20))
    ),
    max_size=3,
)


def _written(
    frames: Frames, folder: Path, text: Collection[str] = (), cut: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Write the tables as Parquet, some of them as text, some of them cut in two."""
    for name, frame in frames.items():
        ends = [0, cut[name], len(frame)] if name in cut else [0, len(frame)]
        for at, (low, high) in enumerate(pairwise(ends)):
            place = folder / (f"{at}" if name in cut else "")
            place.mkdir(exist_ok=True)
            part = frame.iloc[low:high]
            if name in text:
                part.to_csv(place / f"{name}.csv", index=False, lineterminator=("\n", "\r\n")[at])
            else:
                part.to_parquet(place / f"{name}.parquet", index=False)


def _by_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    with monkeypatch.context() as patched:
        patched.setattr(workbooks, "raw_tables", lambda *_: ())
        patched.setattr(workbooks, "_text_table", lambda *_: None)
        return check(folder)


def _small_pieces(monkeypatch: pytest.MonkeyPatch, room: int = raw_check.ROOM) -> None:
    """Read a few records at a time, and keep so many bytes."""
    monkeypatch.setattr(raw_check, "ROOM", room)
    monkeypatch.setattr(raw_check, "BATCH", 5)
    monkeypatch.setattr(raw_columns, "BATCH", 5)
    monkeypatch.setattr(raw_text, "BLOCK", 700)
    monkeypatch.setattr(raw_text, "PIECE", 64)


def _assert_alike(one: Check, other: Check) -> None:
    assert one.problems == other.problems
    assert (one.refused, one.branches, one.counts) == (other.refused, other.branches, other.counts)
    assert dict(one.sheets) == dict(other.sheets)
    assert set(one.tables) == set(other.tables)
    for name in one.tables:
        pdt.assert_frame_equal(one.tables[name], other.tables[name])
    assert (one.records is None) == (other.records is None)
    for found, expected in [(one.records, other.records)] if one.records and other.records else []:
        assert found.sources == expected.sources
        assert set(found.frames) == set(expected.frames)
        for name in found.frames:
            mine, theirs = found.table(name), expected.table(name)
            pdt.assert_frame_equal(mine, theirs)
            places = [[records.address(row) for _, row in frame.iterrows()]
                      for records, frame in ((found, mine), (expected, theirs))]  # fmt: skip
            assert places[0] == places[1]
        for scheme in map(read_scheme, ("street_80_20", "community_60_40")):  # by the year, and by halves
            pdt.assert_frame_equal(assess(found, scheme).table, assess(expected, scheme).table)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    planted=PLANTED,
    text=st.sets(st.sampled_from(sorted(_sound()))),
    room=st.sampled_from([0, 200, 800, raw_check.ROOM]),
    cut=st.dictionaries(st.sampled_from(sorted(FAULTS)), st.integers(1, 12), max_size=2),
)
@example(planted=[(("members", _each_once), 0)], text={"members", "dues"}, room=800, cut={"members": 2})
@example(planted=[(("attendance", _years_apart), 0)], text={"attendance"}, room=0, cut={"attendance": 6})
@example(planted=[(("events", _copied), 0)], text={"events"}, room=0, cut={"events": 12, "evaluations": 6})
def test_what_is_looked_through_by_column_is_what_a_look_at_each_row_says(
    planted: list[tuple[tuple[str, Fault], int]],
    text: set[str],
    room: int,
    cut: Mapping[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same problems at the same addresses, and the same records, whatever faults are planted in whatever files."""
    _small_pieces(monkeypatch, room)
    frames = _sound()
    for (table, fault), row in planted:
        frames[table] = fault(frames[table], row)
    with TemporaryDirectory() as name:
        _written(frames, Path(name), text, cut)
        _assert_alike(check(name), _by_row(Path(name), monkeypatch))


CELLS = [
    "", " ", "NA", "无", "/", "1e3", "+5", ".5", "007", "12345678901234567", "00１ ", "2024-3-5",
    "2024年3月5日", "3月5日", "2024-02-30", "1980-01-01", "2024-03", "3月", "合计", "备注:", "示例", "姓名",
    "member_id", "出勤", "迟到", "已缴", "12元", "'-5", "'=1", "x\ny", 'a"b', "a,b", "作废", "是", "\x00",
    "上半年", "members", "0.00001", "11010119800101123X", "90分",
]  # fmt: skip
"""What may stand in any cell of a text."""
Rows = list[list[str]]


def _in(cell: str, row: int, column: int) -> Callable[[Rows], None]:
    def planted(rows: Rows) -> None:
        at = row % (len(rows) - 1) + 1
        rows[at][column % len(rows[at])] = cell

    return planted


CHINESE = {word: standard().column(table, word).label for table in ("attendance", "dues", "events", "members")
           for word in TABLES[table]}  # fmt: skip
SHAPES: dict[str, Callable[[Rows], object]] = {
    "an empty line": lambda rows: rows.insert(3, []),
    "a blank row": lambda rows: rows.insert(3, [""] * len(rows[0])),
    "a short row": lambda rows: rows[2].pop(),
    "a long row": lambda rows: rows[2].append("1"),
    "no record": lambda rows: rows.__delitem__(slice(1, None)),
    "a header twice": lambda rows: rows[0].__setitem__(-1, rows[0][0]),
    "a header in Chinese": lambda rows: rows[0].__setitem__(0, "党员编号"),
    "headers in Chinese": lambda rows: rows.__setitem__(0, [CHINESE.get(name, name) for name in rows[0]]),
    "a column more": lambda rows: [row.append("更多") for row in rows],
    "a title": lambda rows: rows.insert(0, ["2024年考勤表"]),
    "a header of two lines": lambda rows: rows[0].__setitem__(0, "\n".join((rows[0][0][:3], rows[0][0][3:]))),
    "the header again": lambda rows: rows.append(list(rows[0])),
}
ENDINGS = st.sampled_from(["\n", "\r\n", "\r"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
QUOTINGS = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
SEPARATORS = st.sampled_from([",", ",", "\t", ";"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(["members", "attendance", "dues", "events"]),
    odd=st.builds(_in, st.sampled_from(CELLS), st.integers(0, 20), st.integers(0, 9))
    | st.sampled_from(sorted(SHAPES)).map(SHAPES.__getitem__)
    | st.just(len),
    ending=ENDINGS, encoding=ENCODINGS, quoting=QUOTINGS, separator=SEPARATORS, files=st.sampled_from([1, 1, 2]),
    place=st.sampled_from([".", "2024", "第一支部"]),
)  # fmt: skip
@example(
    table="attendance", odd=SHAPES["a header of two lines"], ending="\r\n", encoding="utf-8-sig",
    quoting=csv.QUOTE_ALL, separator=",", files=1, place=".",
)  # fmt: skip
def test_any_text_is_read_by_column_as_it_is_read_cell_by_cell(
    table: str,
    odd: Callable[[Rows], object],
    ending: str,
    encoding: str,
    quoting: Literal[0, 1],
    separator: str,
    files: int,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever a cell says and however the file is made, what is said and read of it is the same."""
    _small_pieces(monkeypatch)
    frames = _sound()
    said = frames.pop(table).astype("object")
    rows = [list(map(str, said)), *(["" if pd.isna(value) else str(value) for value in row] for row in said.to_numpy())]
    odd(rows)
    with TemporaryDirectory() as name:
        _written(frames, Path(name), {"members", "dues", "evaluations"})
        for at in range(files):
            path = Path(name, place, f"{table}{at or ''}.csv")
            path.parent.mkdir(exist_ok=True)
            with path.open("w", encoding=encoding, newline="") as stream:
                writer = csv.writer(stream, quoting=quoting, lineterminator=ending, delimiter=separator)
                writer.writerows([rows[0], *rows[1 + at :: files]])
        _assert_alike(check(name), _by_row(Path(name), monkeypatch))


@pytest.mark.parametrize("text", [set(), set(_sound())], ids=["Parquet", "text"])
def test_a_table_without_a_record_is_what_it_is_row_by_row(
    text: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header alone, in the file of any long table, says that there are none."""
    frames = _sound()
    _written({**frames, "dues": frames["dues"].iloc[:0], "events": frames["events"].iloc[:0]}, tmp_path, text)
    _assert_alike(check(tmp_path), _by_row(tmp_path, monkeypatch))


@pytest.mark.parametrize("day", [10**7, -(10**7), 2**31 - 1])
def test_a_day_that_no_calendar_has_is_refused_as_it_is_row_by_row(
    day: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as the infinite ones of databases; it is told as a date, not as a number of days."""
    _written(_sound(), tmp_path)
    dues = pq.read_table(tmp_path / "dues.parquet")
    paid_on = pa.array([day, *[None] * (len(dues) - 1)], pa.int32()).cast(pa.date32())
    pq.write_table(dues.set_column(dues.schema.names.index("paid_on"), "paid_on", paid_on), tmp_path / "dues.parquet")
    found = check(tmp_path)
    _assert_alike(found, _by_row(tmp_path, monkeypatch))
    assert [(problem.cell, problem.code) for problem in found.errors] == [("E1", "bad_date")]
    assert str(found.errors[0].value).endswith(str(np.datetime64(day, "D")))


def test_a_note_on_one_table_leaves_the_others_in_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the table that something is to be said of is held."""
    _small_pieces(monkeypatch)
    frames = _sound()
    frames["dues"].loc[3, "paid_on"] = pd.Timestamp("2023-01-01").date()
    _written(frames, tmp_path, {"attendance"})
    found = check(tmp_path)
    assert [note.code for note in found.problems] == ["payment_far_away"]
    assert found.records is not None
    stored = {name for name, held in found.records.frames.items() if isinstance(held, RawTable)}
    assert stored == {"attendance", "events", "evaluations"}


def test_what_is_left_in_its_file_is_converted_as_what_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch by batch, in whatever order the records come, the same files say the same of the same cells."""
    _small_pieces(monkeypatch)
    frames = _sound()
    frames["dues"] = frames["dues"].iloc[::-1]
    data = tmp_path / "data"
    data.mkdir()
    _written(frames, data, {"attendance"}, {"events": 4, "attendance": 7})
    held = _by_row(data, monkeypatch).records
    assert held is not None
    one, other = (load(convert(records, tmp_path / name)) for name, records in (("a", load(data)), ("b", held)))
    for name in one.frames:
        pdt.assert_frame_equal(one.table(name), other.table(name))
    assert [source.file for source in one.sources] == [source.file for source in other.sources]


def test_an_error_in_one_table_leaves_the_others_by_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a wrong word is, that table is looked at row by row, and no other."""
    _small_pieces(monkeypatch)
    frames = _sound()
    frames["events"].loc[3, "event"] = "吃饭"
    _written(frames, tmp_path, {"events", "dues"})
    opened: list[str] = []
    by_row = workbooks._opened
    monkeypatch.setattr(workbooks, "_opened", lambda file, **known: opened.append(file.name) or by_row(file, **known))
    assert [problem.cell for problem in check(tmp_path).errors] == ["C5"]
    assert sorted(opened) == ["events.csv", "members.parquet"]


def test_what_is_in_order_is_left_in_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No table of sound data is held that is longer than a batch, in however many files."""
    monkeypatch.setattr(raw_check, "BATCH", 3)
    cut = {"dues": 5, "events": 7, "evaluations": 6}
    _written(_sound(), tmp_path, {"members", "attendance", "dues"}, cut)
    held = load(tmp_path).frames
    kinds = {name: type(frames) for name, frames in held.items() if name != "members"}
    assert kinds == {name: PartedTable if name in cut else RawTable for name in kinds}
    assert set(kinds) == set(_sound()) - {"members"}


def test_how_far_one_is_is_never_more_than_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of long tables alone, rising; all of a table once all of it was looked through."""
    _small_pieces(monkeypatch)
    monkeypatch.setattr(raw_check, "_TICK", 0)
    _written(_sound(), tmp_path, {"attendance", "dues"})
    said: list[tuple[int, int]] = []
    records = check(tmp_path, watch=lambda *far: said.append(far)).records
    assert records is not None
    whole = sum(path.stat().st_size for path in tmp_path.iterdir() if path.stem != "members")
    assert {of for _, of in said} == {whole}
    assert said == sorted(said)
    assert said[-1][0] <= whole
    tables = [table for table in records.frames.values() if isinstance(table, RawTable)]
    assert {table.tally.read == table.state[0] for table in tables} == {True}


def test_a_file_that_changes_after_it_was_checked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added up is what was checked, or nothing."""
    monkeypatch.setattr(raw_check, "BATCH", 5)
    _written(_sound(), tmp_path, {"dues"})
    records = load(tmp_path)
    os.utime(tmp_path / "dues.csv", (0, 0))
    with pytest.raises(InvalidRecords, match="改动过"):
        records.table("dues")
    with pytest.raises(InvalidRecords, match="改动过"):  # whichever thread finds it
        assess(records, read_scheme("street_80_20"))


def test_tables_share_what_room_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that outgrows the room gives back what it took, so that others are kept; what is typed is never kept."""
    _small_pieces(monkeypatch)
    monkeypatch.setattr(raw_text, "PIECE", 1 << 20)
    _written(_sound(), tmp_path, {"members", "attendance", "dues"})
    whole = load(tmp_path)
    sizes = {name: sum(batch.nbytes for batch in whole.frames[name].kept) for name in ("attendance", "dues", "events")}
    assert sizes["events"] == 0 < min(sizes["attendance"], sizes["dues"])
    few, many = sorted(("attendance", "dues"), key=sizes.__getitem__)
    monkeypatch.setattr(raw_check, "ROOM", sizes[few])
    monkeypatch.setattr(raw_check.os, "cpu_count", lambda: 1)  # one after the other, and each as one piece
    kept = {name: bool(load(tmp_path).frames[name].kept) for name in (few, many)}
    assert kept == {few: True, many: False}


@pytest.mark.parametrize("processors", [1, 2, 5])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_pieces_of_a_file_are_put_together_in_order(
    processors: int, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many processors read a file, however little at a time, its records come out in their rows."""
    _small_pieces(monkeypatch)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    frames = _sound()
    days = pd.date_range("2024-01-01", periods=300)
    frames["attendance"] = frames["attendance"].iloc[[0] * 300].assign(date=[str(day.date()) for day in days])
    _written(frames, tmp_path, frames)
    frames["attendance"].to_csv(tmp_path / "attendance.csv", index=False, lineterminator=ending)
    found = load(tmp_path)
    table = found.frames["attendance"]
    assert isinstance(table, RawTable)
    assert (len(table.held.looked_through()), table.rows) == (processors, 300)
    whole = found.table("attendance")
    assert whole["date"].tolist() == days.tolist()
    assert whole["_row"].tolist() == [*range(2, 302)]


def test_a_fault_in_a_later_piece_is_told_with_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one of several readers finds stands in one problem, at its row in the whole file."""
    _small_pieces(monkeypatch)
    frames = _sound()
    frames["dues"] = _with("paid", "付了")(frames["dues"], 10)
    _written(frames, tmp_path, {"dues"})
    assert [(problem.file, problem.cell) for problem in check(tmp_path).errors] == [("dues.csv", "D12")]


def test_breaking_off_stops_all_who_look_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever breaks off waits for the batches that are in hand, and for no others."""
    _small_pieces(monkeypatch)
    monkeypatch.setattr(raw_columns, "BATCH", 1)
    _written(_sound(), tmp_path)
    read = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what starts tests may have left it ignored

    def slowly(table: str, batches: Iterable[pa.RecordBatch], *_: object) -> None:
        for _batch in batches:
            read.append(table)
            if len(read) == 1:
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            sleep(0.2)

    monkeypatch.setattr(raw_check, "screen", slowly)
    try:
        with pytest.raises(KeyboardInterrupt):
            check(tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(read) < 20  # of fifty and more


def test_a_file_that_goes_away_meanwhile_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can no longer be opened when it was looked through is refused like any such file."""
    _written(_sound(), tmp_path)
    looked = raw_check.screen

    def away(table: str, *given: Any) -> Any:
        found = looked(table, *given)
        if table == "dues":
            (tmp_path / "dues.parquet").unlink()
        return found

    monkeypatch.setattr(raw_check, "screen", away)
    (problem,) = check(tmp_path).errors
    assert (problem.file, problem.code) == ("dues.parquet", "not_readable")
