import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.tables import Records
from jifen_analysis.tables.coded import CodedTable, different, encode_texts, find_repeats, is_rising
from jifen_analysis.tables.columns import TEXTUAL, canonical, decode_texts
from jifen_analysis.tables.records import check_tables
from jifen_analysis.tables.schemas import failure_cases, schema
from jifen_analysis.vocabulary import standard

WORDS = standard()
MEMBERS = pd.DataFrame(
    {
        "member_id": ["01", "02", "03", "03", "04"],
        "branch": "甲",
        "year": pd.array([None, None, 2023, 2024, 2024], dtype="Int64"),
        "since": pd.to_datetime([None, "2024-03-01", None, None, None]),
        "until": pd.to_datetime([None, "2024-09-30", None, None, "2024-06-30"]),
    }
)
IDS = st.sampled_from(["01", "02", "03", "04", "05", None])
DAYS = st.sampled_from(["2023-05-06", "2024-02-03", "2024-05-06", "2024-11-30", "1970-01-01", "someday", None])
ATTENDANCE = st.tuples(
    IDS,
    DAYS,
    st.sampled_from(["lecture", "theme_day", "讲座课", None]),
    st.sampled_from(["present", "absent", "没来过"]),
)
DUES = st.tuples(
    IDS,
    st.sampled_from(["2023-05", "2024-02", "2024-05", "2024-13", None]),
    st.sampled_from([10.0, 0.0, -1.0, 5.00001, None]),
    st.sampled_from([10.0, 100.0, None]),
)
TABLES = st.fixed_dictionaries(
    {
        "attendance": st.lists(ATTENDANCE, max_size=40),
        "dues": st.lists(DUES, max_size=40),
    }
)
NAMES = {"attendance": ["member_id", "date", "activity", "status"], "dues": ["member_id", "month", "due", "paid"]}


def _frame(table: str, rows: list[tuple[object, ...]], texts: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=NAMES[table], dtype="object")
    names = [name for name in frame if name not in ("due", "paid")]
    plain = frame.astype(dict.fromkeys(names, texts if texts != "category" else "str"))
    return plain.astype(dict.fromkeys(names, "category")) if texts == "category" else plain


def _said(tables: dict[str, list[tuple[object, ...]]], texts: str) -> list[tuple[object, ...]]:
    frames = {name: _frame(name, rows, texts) for name, rows in tables.items()}
    _, failures = check_tables({"members": MEMBERS, **frames}, WORDS)
    return [(f.table, row, f.column, f.code, value, text) for f in failures for row, value, text in f.each()]


def _row_by_row(tables: dict[str, list[tuple[object, ...]]]) -> set[tuple[object, ...]]:
    """Return what is wrong with rows without a faulty cell, looked at one after the other."""
    rows = [
        (table, at, row[0], str(row[1]), row[1:])
        for table, listed in tables.items()
        for at, row in enumerate(listed)
        if _is_sound(table, row)
    ]
    found = {(table, at, "unknown_member") for table, at, who, _, _ in rows if who == "05"}
    for table, at, who, when, _ in rows:
        year, day = int(when[:4]), pd.Timestamp(when)
        last = day if table == "attendance" else day + pd.offsets.MonthEnd()
        mine = MEMBERS[(MEMBERS["member_id"] == who) & (MEMBERS["year"].fillna(year) == year)]
        if who != "05" and mine.empty:
            found.add((table, at, "not_on_roster"))
        inside = (mine["since"].fillna(day) <= last) & (mine["until"].fillna(last) >= day)
        if len(mine) and not inside.any():
            found.add((table, at, "outside_dates"))
    for table, at, who, when, said in rows:
        key = said[:2] if table == "attendance" else said[:1]
        others = [o for o in rows if (o[0], o[2], o[3]) == (table, who, when) and o[4][: len(key)] == key]
        if any(other[4] != said for other in others):
            found.add((table, at, "contradiction"))
    return found


def _is_sound(table: str, row: tuple[object, ...]) -> bool:
    if table == "attendance":
        words = row[2] in WORDS.codes("activity") and row[3] in WORDS.codes("status")
        return row[0] is not None and row[1] not in ("1970-01-01", "someday", None) and words
    return row[0] is not None and row[1] not in ("2024-13", None) and row[2] in (10.0, 0.0)


@settings(max_examples=10)
@given(tables=TABLES)
def test_what_is_wrong_does_not_depend_on_how_texts_are_held(tables: dict[str, list[tuple[object, ...]]]) -> None:
    """Plain texts, Python's and categories give the same problems in the same order, those of a look at each row."""
    said = _said(tables, "str")
    assert _said(tables, "category") == said
    assert _said(tables, "object") == said
    codes = {"unknown_member", "not_on_roster", "outside_dates", "contradiction"}
    faulty = {name: {at for at, row in enumerate(rows) if not _is_sound(name, row)} for name, rows in tables.items()}
    between = {one for one in ((f[0], f[1], f[3]) for f in said if f[3] in codes) if one[1] not in faulty[one[0]]}
    repeats = {one for one in between if one[2] == "contradiction"}
    expected = _row_by_row(tables)
    assert between - repeats == {one for one in expected if one[2] != "contradiction"}
    # Of two rows that say the same and contradict a third, one is told.
    assert repeats <= expected
    assert {one[0] for one in repeats} == {o[0] for o in expected if o[2] == "contradiction"}


@settings(max_examples=15)
@given(rows=st.lists(DUES, max_size=12))
def test_pandera_says_the_same_of_the_rows_at_fault(rows: list[tuple[object, ...]]) -> None:
    """What the checks of the schema find among different values is what pandera finds among rows."""
    frame, _ = canonical("dues", _frame("dues", rows, "str"), WORDS)
    try:
        schema("dues", WORDS).validate(frame, lazy=True)
        whole = []
    except pa.errors.SchemaErrors as found:
        whole = [(c.column, "" if c.check == "not_nullable" else str(c.failure_case), int(c.index)) for c in
                 found.failure_cases.itertuples()]  # fmt: skip
    told = [
        (column, "" if check == "not_nullable" else str(value), row)
        for column, check, at, values in failure_cases("dues", encode_texts("dues", frame), WORDS)
        for row, value in zip(at.tolist(), values.tolist(), strict=True)
    ]
    assert sorted(told) == sorted(whole)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([1.0, 2.0, None])), max_size=8))
def test_repeated_rows_are_those_that_pandas_finds(rows: list[tuple[str, float | None]]) -> None:
    """Missing values are alike."""
    frame = pd.DataFrame(rows, columns=["a", "b"]).astype({"a": "str", "b": "float64"})
    assert find_repeats([frame["a"], frame["b"]]).tolist() == np.flatnonzero(frame.duplicated(keep=False)).tolist()


def test_different_values_are_those_that_occur() -> None:
    """A category of which nothing is left is none of them."""
    values = pd.Series(["b", "a", "c", None], dtype="category")[[0, 2, 3]]
    at, each = different(values)
    assert (at.tolist(), each.tolist()) == ([0, 1, -1], ["b", "c"])


def test_a_frame_that_is_handed_out_is_spelt_out() -> None:
    """Held with each text once; handed out as canonical, or narrow as Arrow's dictionaries."""
    frame, _ = canonical(
        "dues", _frame("dues", [("01", "2024-05", 10.0, None), (None, "2024-05", 1.0, 2.0)], "str"), WORDS
    )
    held = CodedTable("dues", encode_texts("dues", frame))
    pd.testing.assert_frame_equal(held[0], frame)
    pd.testing.assert_frame_equal(decode_texts("dues", held.coded), frame)
    (narrow,) = held.narrow(["member_id", "due"])
    assert narrow["member_id"].tolist() == ["01", pd.NA] or narrow["member_id"].isna().tolist() == [False, True]
    assert len(held) == 1
    assert held[:1][0] is held[0]


@pytest.mark.parametrize("texts", ["str", "category", "object"])
def test_records_have_one_type_whatever_came(texts: str) -> None:
    """Whoever asks for a table sees its canonical types."""
    frame = _frame("dues", [("01", "2024-05", 10.0, 10.0)], texts)
    records = Records.from_frames({"members": MEMBERS, "dues": frame})
    assert {str(records.dues[name].dtype) for name in ("member_id", "month")} == {"str"}
    assert {"id", "month"} <= TEXTUAL


@pytest.mark.parametrize(
    ("ids", "rise"),
    [(["a", "b"], True), (["a", "a"], False), (["b", "a"], False), ([], True), (["a", None, "b"], False)],
)
def test_whether_ids_rise(ids: list[str | None], *, rise: bool) -> None:
    """Each must be above the one before; of what rises, none stands twice."""
    texts = pd.Series(ids, dtype="str")
    assert is_rising(texts) is rise
    assert not (rise and texts.duplicated().any())
