import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.intake import Check, check, load
from jifen_analysis.intake.database import Database
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.tables.columns import ORIGIN
from jifen_analysis.vocabulary import standard
from tests.eleventh import written
from tests.intake.sheets import ROSTER, book, canonical_csv, checked, errors, filled_cells, rows_of

MEMBERS = pd.DataFrame({"member_id": ["00001", "00002"], "branch": ["甲支部", "乙支部"]})
ATTENDANCE = pd.DataFrame(
    {"member_id": ["00001"], "date": ["2024-03-05"], "activity": ["lecture"], "status": ["absent"]}
)


def test_canonical_csv_gives_the_same_records_as_frames(tmp_path: Path) -> None:
    """A folder of canonical CSV is read to the very records that its frames make."""
    tables = {"members": MEMBERS, "attendance": ATTENDANCE}
    read, made = load(canonical_csv(tmp_path, tables)), Records.from_frames(tables)
    for name in tables:
        pd.testing.assert_frame_equal(read.table(name).drop(columns=list(ORIGIN)), made.table(name))


def test_an_empty_canonical_table_says_that_there_are_none(tmp_path: Path) -> None:
    """A CSV with a header in codes and no row was written by a program: its table is empty, and nothing is wrong."""
    events = pd.DataFrame({"member_id": [], "date": [], "event": []})
    found = check(canonical_csv(tmp_path, {"members": MEMBERS, "attendance": ATTENDANCE, "events": events}))
    assert (found.verdict, found.refused, len(found.records.events)) == ("accept", (), 0)


def test_parquet_is_read_like_any_other_data(tmp_path: Path) -> None:
    """Typed and textual Parquet, English and Chinese headers give the same records."""
    typed = Records.from_frames({"members": MEMBERS, "attendance": ATTENDANCE})
    for name in ("members", "attendance"):
        typed.table(name).to_parquet(tmp_path / f"{name}.parquet")
    first = load(tmp_path)
    MEMBERS.rename(columns={"member_id": "党员编号", "branch": "党支部"}).to_parquet(tmp_path / "members.parquet")
    assert first.members.equals(load(tmp_path).members)
    pd.testing.assert_frame_equal(first.attendance.drop(columns=list(ORIGIN)), typed.attendance)


def test_bad_values_in_parquet_have_an_address(tmp_path: Path) -> None:
    """A value that is none of its column is refused with row and column."""
    MEMBERS.to_parquet(tmp_path / "members.parquet")
    ATTENDANCE.assign(status="吃饭").to_parquet(tmp_path / "attendance.parquet")
    assert errors(check(tmp_path)) == [("unknown_word", "D1")]


def test_folders_by_year(tmp_path: Path) -> None:
    """A workbook in a folder named for a year has the roster of that year."""
    for year in (2023, 2024):
        book(tmp_path / str(year) / "第一支部.xlsx", {"花名册": ROSTER})
    records = load(tmp_path)
    assert sorted(records.members["year"]) == [2023] * 3 + [2024] * 3
    assert {source.file for source in records.sources} == {"2023/第一支部.xlsx", "2024/第一支部.xlsx"}
    assert all(len(source.digest) == 64 for source in records.sources)


def test_load_raises_with_every_problem(tmp_path: Path) -> None:
    """All problems of all files come at once, each with its address."""
    book(tmp_path / "a.xlsx", {"花名册": [*ROSTER, ("00004", "丁", None)]})
    (tmp_path / "b.xlsx").write_bytes(b"")
    with pytest.raises(InvalidRecords, match="2 处错误") as caught:
        load(tmp_path)
    assert [(p.file, p.code) for p in caught.value.problems] == [("a.xlsx", "missing_value"), ("b.xlsx", "empty_file")]


@pytest.mark.parametrize("path", ["nothing", "empty"])
def test_nothing_to_read_is_wrong_usage(tmp_path: Path, path: str) -> None:
    """A path that is not there, or an empty folder, is a mistake of the call."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="没有"):
        check(tmp_path / path)


def test_lone_file_is_not_blamed_for_unknown_members(tmp_path: Path) -> None:
    """Without a roster nobody is unknown, but there are no records to score either: checking says what loading does."""
    path = book(tmp_path / "a.xlsx", {"考勤": [list(ATTENDANCE), *ATTENDANCE.to_numpy().tolist()]})
    found = check(path)
    assert ([problem.code for problem in found.errors], found.records) == (["no_roster"], None)
    with pytest.raises(InvalidRecords, match="没有花名册"):
        load(path)


def test_given_roster_knows_whom_the_data_does_not(tmp_path: Path) -> None:
    """A roster may be a file or records; it pads ids that lost their zeros."""
    path = book(tmp_path / "data" / "a.xlsx", {"考勤": [list(ATTENDANCE), (1, "2024-03-05", "党课", "到")]})
    roster = book(tmp_path / "花名册.xlsx", {"花名册": ROSTER})
    assert load(path, roster=roster).attendance["member_id"].tolist() == ["00001"]
    assert load(path, roster=load(roster)).attendance["member_id"].tolist() == ["00001"]


def test_id_width_pads_numbers(tmp_path: Path) -> None:
    """Ids stored as numbers are padded to the width that is given."""
    path = book(tmp_path / "a.xlsx", {"花名册": [("编号", "党支部"), (17, "甲支部")]})
    assert load(path, id_width=5).members["member_id"].tolist() == ["00017"]


def test_words_of_a_scheme_are_known(tmp_path: Path) -> None:
    """Events that a scheme adds are read by their label."""
    rows = [("编号", "日期", "事项"), ("00001", "2024-03-05", "植树")]
    assert errors(checked(tmp_path, rows)) == [("unknown_word", "C2")]
    found = checked(tmp_path, rows, scheme=written(tmp_path))
    assert rows_of(found, "events", "event") == [("tree_planted",)]


def test_only_branches_without_error_are_accepted(tmp_path: Path) -> None:
    """A branch with a refused file is left out whole, and named; the others are scored."""
    roster = [("党员编号", "党支部")]
    book(tmp_path / "甲支部.xlsx", {"花名册": [*roster, ("00001", "甲支部")]})
    book(tmp_path / "乙支部.xlsx", {"花名册": [*roster, ("00002", "乙支部")]})
    book(tmp_path / "乙支部考勤.xlsx", {"考勤": [list(ATTENDANCE), ("00002", "2024-13-01", "党课", "到")]})
    found = check(tmp_path)
    assert found.records.members["branch"].tolist() == ["甲支部"]
    assert (found.refused, found.branches) == (("乙支部考勤.xlsx",), ("乙支部",))


def test_refused_text_file_takes_its_data_set_along(tmp_path: Path) -> None:
    """Tables in one folder are one data set: without one of them nothing can be scored."""
    canonical_csv(tmp_path, {"members": MEMBERS, "attendance": ATTENDANCE})
    (tmp_path / "attendance.csv").write_bytes(bytes(range(256)))
    assert check(tmp_path).records is None


def test_json_is_plain_data(tmp_path: Path) -> None:
    """The finding as JSON: verdict, addressed problems, every readable row with its place."""
    rows = [("编号", "月份", "应缴"), ("00001", "2024年5月", "12元"), ("00002", "5月", 10)]
    found = json.loads(json.dumps(checked(tmp_path, rows, sheet="党费").json()))
    assert found["verdict"] == "reject"
    assert found["tables"]["dues"] == [
        {"member_id": "00001", "month": "2024-05", "due": 12.0, "paid": None, "paid_on": None,
         "_file": "数据.xlsx", "_sheet": "党费", "_row": 2}
    ]  # fmt: skip
    assert {"severity", "code", "file", "sheet", "cell", "value", "message"} == set(found["problems"][0])


def test_every_cell_has_one_fate(tmp_path: Path) -> None:
    """Counted in non-empty cells, nothing is lost and nothing is counted twice."""
    rows = [
        ("2024年考勤",), ("√出勤 ×缺席",), ("编号", "姓名", "3月5日", "3月12日", "备注"),
        ("00001", "张三", "√", "○", "x"), ("00002", "李四", None, "×", None), ("合计", None, 1, 1), ("填表人:甲",),
    ]  # fmt: skip
    found = checked(tmp_path, rows)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")
    assert {fate for fate, count in found.counts.items() if not count} == {"aside"}  # nobody said so


# ---------------------------------------------------------------- any records, any dress


def _word(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from(standard().codes(kind))


ATTENDED = st.fixed_dictionaries(
    {
        "member_id": st.sampled_from(["00001", "00002", "00003"]),
        "date": st.dates(pd.Timestamp("2024-01-01").date(), pd.Timestamp("2024-12-31").date()),
        "activity": _word("activity"),
        "status": _word("status"),
    }
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(ATTENDED, min_size=1, max_size=8, unique_by=lambda r: (r["member_id"], r["date"], r["activity"])),
    order=st.permutations(["member_id", "date", "activity", "status"]),
    chinese=st.booleans(),
    form=st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", None]),
    titles=st.integers(0, 2),
    encoding=st.sampled_from(["xlsx", "utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_records_survive_any_dress(
    tmp_path: Path, rows: list[dict], order: list[str], chinese: bool, form: str | None, titles: int, encoding: str
) -> None:
    """Whatever the order, language, date form, titles and encoding, the same records are read back."""
    words = standard()
    shown = [
        {
            **row,
            "date": row["date"].strftime(form or "%Y-%m-%d") if form or encoding != "xlsx" else row["date"],
            "activity": words.label("activity", row["activity"]) if chinese else row["activity"],
            "status": words.label("status", row["status"]) if chinese else row["status"],
        }
        for row in rows
    ]
    head = [words.column("attendance", name).label if chinese else name for name in order]
    table = [["考勤表"]] * titles + [head] + [[row[name] for name in order] for row in shown]
    folder = tmp_path / "data"
    shutil.rmtree(folder, ignore_errors=True)
    book(folder / "花名册.xlsx", {"花名册": ROSTER})
    if encoding == "xlsx":
        book(folder / "考勤.xlsx", {"考勤": table})
    else:
        text = "\n".join(",".join(map(str, row)) for row in table)
        (folder / "考勤.csv").write_bytes(text.encode(encoding))
    read = load(folder).attendance
    assert read[["member_id", "activity", "status"]].astype("str").to_numpy().tolist() == [
        [row["member_id"], row["activity"], row["status"]] for row in rows
    ]
    assert read["date"].dt.date.tolist() == [row["date"] for row in rows]


NUMBERS = st.floats(0, 100, allow_nan=False).map(lambda x: round(x, 4))
OF_KIND = {
    "date": st.dates(pd.Timestamp("2024-01-01").date(), pd.Timestamp("2024-12-31").date()).map(str),
    "text": st.sampled_from(["", "甲", "=x", "a,b"]),
    "month": st.integers(1, 12).map(lambda m: f"2024-{m:02d}"),
    "period": st.sampled_from(["2024", "2024H1", "2024Q3", "2024-07"]),
    "number": NUMBERS.map(str),
    "count": st.integers(1, 9).map(str),
}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), table=st.sampled_from(["dues", "evaluations", "ballots", "marks", "declarations"]))
def test_canonical_csv_is_exact(tmp_path: Path, data: st.DataObject, table: str) -> None:
    """Random canonical rows read from CSV equal the same rows typed in memory."""
    columns = {
        name: _word(column.words) if column.kind == "word" else OF_KIND[column.kind]
        for name, column in TABLES[table].items()
        if name != "member_id"
    }
    if "item" in columns:
        columns["item"] = st.sampled_from(["learning", "work"])
    row = st.fixed_dictionaries({"member_id": st.sampled_from(["00001", "00002"]), **columns})
    rows = data.draw(
        st.lists(row, min_size=1, max_size=4, unique_by=lambda r: (r["member_id"], r.get("period", r.get("month"))))
    )
    tables = {"members": MEMBERS, table: pd.DataFrame(rows)}
    folder = tmp_path / "csv"
    shutil.rmtree(folder, ignore_errors=True)
    read, made = load(canonical_csv(folder, tables)), Records.from_frames(tables)
    pd.testing.assert_frame_equal(read.table(table).drop(columns=list(ORIGIN)), made.table(table))


def test_order_of_files_does_not_matter_to_sums(tmp_path: Path) -> None:
    """Two files of a table are one table."""
    book(tmp_path / "a.xlsx", {"花名册": ROSTER, "考勤": [list(ATTENDANCE), *ATTENDANCE.to_numpy().tolist()]})
    book(tmp_path / "b.xlsx", {"考勤": [list(ATTENDANCE), ("00002", "2024-03-05", "党课", "到")]})
    records = load(tmp_path)
    assert np.array_equal(np.sort(records.attendance["_source"].unique()), [2, 3])


def test_the_same_submission_twice_is_counted_once(tmp_path: Path) -> None:
    """The same file, or the same sheet of events saved again, is one submission, with a note."""
    events = [("编号", "日期", "事项"), ("00001", "2024-03-05", "见义勇为"), ("00001", "2024-03-05", "见义勇为")]
    first = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "事项": events})
    shutil.copy(first, tmp_path / "a(1).xlsx")
    book(tmp_path / "b.xlsx", {"事项": [("2024年",), *events]})
    found = check(tmp_path)
    assert len(found.records.events) == 2
    said = {("same_file", "a.xlsx"), ("same_sheet", "b.xlsx"), ("repeated_events", "a(1).xlsx")}
    assert {(p.code, p.file) for p in found.notes} == said


def test_the_folder_that_is_given_says_the_year(tmp_path: Path) -> None:
    """A folder named for a year is of that year, for its files too; a year anywhere in a name is not enough."""
    rows = [("姓名", "1月", "2月"), ("张三", 10, 10)]
    for folder, errors_found in (("2024年报送", set()), ("a2024b", {"year_unknown"})):
        path = book(tmp_path / folder / "a.xlsx", {"花名册": ROSTER, "党费": rows})
        for root in (path, path.parent):
            assert {code for code, _ in errors(check(root))} == errors_found


def test_who_was_in_a_refused_branch_is_left_out_everywhere(tmp_path: Path) -> None:
    """Of a member who moved there would be a part of the records: nobody is scored from that."""
    head, dues = ("党员编号", "党支部", "起算日期", "截止日期"), ("党员编号", "月份", "应缴", "实缴")
    moved = [head, ("00001", "甲支部", None, "2024-06-30"), ("00002", "甲支部", None, None)]
    book(tmp_path / "甲.xlsx", {"花名册": moved, "党费": [dues, ("00002", "2024-01", "约五元", 5)]})
    arrived = [head, ("00001", "乙支部", "2024-07-01", None), ("00003", "乙支部", None, None)]
    book(
        tmp_path / "乙.xlsx",
        {"花名册": arrived, "党费": [dues, ("00001", "2024-08", 5, 5), ("00003", "2024-08", 5, 5)]},
    )
    found = check(tmp_path)
    assert (found.refused, found.branches) == (("甲.xlsx",), ("甲支部",))
    assert found.records.members["member_id"].tolist() == found.records.dues["member_id"].tolist() == ["00003"]


@pytest.mark.parametrize("year", [-1, 1989, 10**20])
def test_a_year_of_no_record_is_refused(tmp_path: Path, year: int) -> None:
    """Before anything is read, wherever it comes from."""
    with pytest.raises(UsageError, match=f"年份应在 1990 与 2100 之间;收到 {year}"):
        load(tmp_path, year=year)


# ---------------------------------------------------------------- the same cell through every door

IDS = [f"{n:05d}" for n in range(1, 61)]
SOUND = {
    "members": {"member_id": IDS, "branch": "第一支部"},
    "attendance": {"member_id": IDS, "date": "2024-03-05", "activity": "lecture", "status": "present"},
    "dues": {"member_id": IDS, "month": "2024-03", "due": "2", "paid": "2", "paid_on": "2024-03-05"},
    "evaluations": {"member_id": IDS, "period": "2024", "group": "members", "mark": "90"},
}
WORDED = {
    "attendance": {
        "member_id": ["2", "99", "1e1", "00099", "11010119800101123", "1.0", "*9", ""],
        "date": ["3月5日", "2024-02-30", "昨天", "1980-01-01", "2024年3月5日", "2024/3/5", "20240305", "45356", ""],
        "status": ["飞走", "出席了", "到", "✓", ""],
        "activity": ["党客", "党课", "无"],
    },
    "dues": {
        "month": ["2024-13", "3月", "202403", "2024年3月", ""],
        "due": ["两元", "-1", "0.00001", "1e1", "2元", "免", ""],
        "paid": ["2000", "未缴", "已缴", "1,2"],
        "paid_on": ["2月30日", "无", "3月"],
    },
    "evaluations": {"mark": ["101", "九十", "90分", ""], "group": ["老王", "党员", ""], "period": ["去年", "2024年"]},
    "members": {"branch": ["", " 第一支部", "无", "第一 支部"], "member_id": ["1E1", "00001"]},
}
TYPED = {
    "attendance": {"date": ["1980-01-01", "2030-05-05"]},
    "dues": {"due": ["-1", "0.00001", "200"], "paid": ["2.5", "30000"], "paid_on": ["1999-01-01", "2024-12-31"]},
    "evaluations": {"mark": ["101", "-0.5", "90.12345", "9"]},
}
"""Wrong cells, and odd ones that are read, each in a row of its own."""
NUMBERS = dict.fromkeys(("due", "paid", "mark"), "float64")
TYPES = {"parquet": {"date": "datetime64[us]", "paid_on": "datetime64[us]", **NUMBERS}, "database": NUMBERS}
"""What has a type of its own; SQLite has none for days."""


def _planted(cells: dict[str, dict[str, list[str]]]) -> dict[str, pd.DataFrame]:
    frames = {name: pd.DataFrame(of) for name, of in SOUND.items()}
    for table, columns in cells.items():
        for row, (column, cell) in enumerate((column, cell) for column, of in columns.items() for cell in of):
            frames[table].loc[2 * row + 1, column] = cell
    return frames


def _through(door: str, frames: dict[str, pd.DataFrame], folder: Path) -> Check:
    if door == "csv":
        for name, frame in frames.items():
            frame.to_csv(folder / f"{name}.csv", index=False)
    elif door == "parquet":
        for name, frame in frames.items():
            frame.where(frame != "", None).to_parquet(folder / f"{name}.parquet", index=False)
    else:
        engine = pytest.importorskip("sqlalchemy", reason="the extra sql is not installed").create_engine(
            f"sqlite:///{folder / 'a.db'}"
        )
        for name, frame in frames.items():
            frame.where(frame != "", None).to_sql(name, engine, index=False)
        return check(Database(f"sqlite:///{folder / 'a.db'}", {name: name for name in frames}))
    return check(folder)


@pytest.mark.parametrize("door", ["parquet", "database"])
@pytest.mark.parametrize("typed", [False, True])
def test_a_cell_is_read_alike_through_every_door(door: str, *, typed: bool, tmp_path: Path) -> None:
    """The same reading, and the same sentence of the same row, in CSV, in Parquet and from a database."""
    frames = _planted(TYPED if typed else WORDED)
    for name in ("text", "other"):
        (tmp_path / name).mkdir()
    given = (
        {n: f.astype({c: t for c, t in TYPES[door].items() if c in f}) for n, f in frames.items()} if typed else frames
    )
    text, other = _through("csv", frames, tmp_path / "text"), _through(door, given, tmp_path / "other")
    said = [
        sorted((one.severity, one.code, str(one.text), one.value, one.cell and int(one.cell[1:]) + more) for one in of)
        for of, more in ((text.problems, 0), (other.problems, 1))
    ]
    assert said[0] == said[1]
    assert len(said[0]) > (8 if typed else 40)
    for table, frame in text.tables.items():
        read = list(TABLES[table])
        pd.testing.assert_frame_equal(frame[read], other.tables[table][read])


@pytest.mark.parametrize("second", ["出勤情况", "签到情况"])
@pytest.mark.parametrize("door", ["csv", "parquet", "database"])
def test_two_columns_of_one_meaning_are_refused_through_every_door(door: str, second: str, tmp_path: Path) -> None:
    """Which of them holds is not guessed, whatever the file knows of types; where they agree there is no question."""
    frames = {name: pd.DataFrame(of) for name, of in SOUND.items()}
    frames["attendance"] = frames["attendance"].assign(**{second: "缺席"})
    assert {one.code for one in _through(door, frames, tmp_path).errors} == {"duplicate_header"}


@pytest.mark.parametrize("headers", ["党员编号,日期,活动类型,出勤情况", "member_id,date,activity,status"])
@pytest.mark.parametrize("beside", [False, True])
def test_headers_alone_are_told_the_same_in_parquet(tmp_path: Path, headers: str, beside: bool) -> None:
    """A file without rows is a form left blank, or an error alone; in a program's codes it says that there are none."""
    told = []
    for suffix in ("csv", "parquet"):
        folder = tmp_path / suffix
        folder.mkdir()
        if beside:
            (folder / "花名册.csv").write_text("党员编号,党支部\n00001,第一支部\n", encoding="utf-8")
        blank = pd.DataFrame({header: [] for header in headers.split(",")}, dtype="str")
        path = folder / f"考勤.{suffix}"
        blank.to_csv(path, index=False) if suffix == "csv" else blank.to_parquet(path)
        found = check(folder)
        told.append(([(one.severity, one.code, one.cell) for one in found.problems], found.verdict, found.counts))
    assert told[0] == told[1]
    assert bool(told[0][0]) == headers.startswith("党员")
