"""Column names and types of every table: the one place where they live.

Points, marks and amounts are ``float64`` at the edges and are summed as whole
ten-thousandths, so a value may have at most four decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from jifen_analysis.periods import days_of, read_moment
from jifen_analysis.vocabulary import Vocabulary

Kind = Literal["id", "text", "year", "month", "period", "date", "boolean", "count", "number", "word"]
Hiding = Literal["blank", "code", "keep"]

TEXTUAL: frozenset[Kind] = frozenset({"id", "text", "month", "period"})
"""Kinds whose values are text."""

SCALE = 10_000
"""Points are summed as whole numbers of 1/SCALE."""

FIRST_DAY, LAST_DAY = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-12-31")
"""Records (not births) are dated between these days."""

ORIGIN = ("_source", "_row", "_column")
"""Where a record came from: number of the source, row, and (wide sheets) column; 1-based, 0 for none."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Canonical English name.
    kind : str
        What its values are.
    required : bool
        Whether every record must have it.
    words : str
        For a coded column, the kind of word.
    low, high : float or None
        Smallest and largest value allowed.
    default : int or None
        What a blank means, where it means something.
    hiding : {"blank", "code", "keep"}
        Of text: what becomes of it where nobody may be recognised. Codes keep
        equal texts equal; what is kept names a group or a part of a scheme.
    """

    name: str
    kind: Kind
    required: bool = False
    words: str = ""
    low: float | None = None
    high: float | None = None
    default: int | None = None
    hiding: Hiding = "blank"

    def __hash__(self) -> int:
        return hash((self.name, self.kind, self.words))


def _table(*columns: Column) -> Mapping[str, Column]:
    return {column.name: column for column in columns}


_MEMBER = Column("member_id", "id", required=True)
_PERIOD = Column("period", "period", required=True)
_VOTES = ("excellent", "qualified", "basic", "unqualified", "abstained", "satisfied", "neutral", "dissatisfied")

TABLES: Mapping[str, Mapping[str, Column]] = {
    "members": _table(
        _MEMBER,
        Column("branch", "text", required=True, hiding="keep"),
        Column("name", "text"),
        Column("unit", "text", hiding="keep"),
        Column("year", "year"),
        Column("since", "date"),
        Column("until", "date"),
        Column("sex", "word", words="sex"),
        Column("birth_date", "date"),
        Column("joined_on", "date"),
        Column("stage", "word", words="stage"),
        Column("post", "word", words="post"),
        Column("category", "text", hiding="code"),
        *(Column(name, "boolean") for name in ("floating", "retired", "infirm", "exempt")),
    ),
    "attendance": _table(
        _MEMBER,
        Column("date", "date", required=True),
        Column("activity", "word", required=True, words="activity"),
        Column("status", "word", required=True, words="status"),
    ),
    "dues": _table(
        _MEMBER,
        Column("month", "month", required=True),
        Column("due", "number", required=True, low=0),
        Column("paid", "number", low=0),
        Column("paid_on", "date"),
    ),
    "events": _table(
        _MEMBER,
        Column("date", "date", required=True),
        Column("event", "word", required=True, words="event"),
        Column("level", "word", words="level"),
        Column("quantity", "count", low=0, default=1),
        Column("amount", "number", low=0),
        Column("points", "number"),
        Column("award", "text", hiding="code"),
        Column("clause", "text"),
        Column("note", "text"),
    ),
    "evaluations": _table(
        _MEMBER,
        _PERIOD,
        Column("group", "word", required=True, words="group"),
        Column("mark", "number", required=True, low=0, high=100),
        Column("count", "count", low=1, default=1),
    ),
    "ballots": _table(_MEMBER, _PERIOD, *(Column(name, "count", low=0) for name in _VOTES)),
    "marks": _table(
        _MEMBER,
        _PERIOD,
        Column("item", "text", required=True, hiding="keep"),
        Column("mark", "number", required=True, low=0),
    ),
    "corrections": _table(
        _MEMBER,
        _PERIOD,
        Column("target", "text", required=True, hiding="keep"),
        Column("points", "number"),
        Column("grade", "text", hiding="keep"),
        Column("decided_by", "text"),
        Column("decided_on", "date"),
        Column("document", "text"),
        Column("reason", "text", required=True),
    ),
    "declarations": _table(
        _MEMBER,
        _PERIOD,
        Column("item", "text", required=True, hiding="keep"),
        Column("points", "number", required=True),
    ),
    "surveys": _table(
        _PERIOD,
        Column("branch", "text", required=True, hiding="keep"),
        Column("group", "text", hiding="code"),
        Column("question", "text", required=True, hiding="code"),
        Column("score", "number", required=True, low=0),
        Column("count", "count", low=1, default=1),
    ),
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "attendance": ("member_id", "date", "activity"),
    "dues": ("member_id", "month"),
    "ballots": ("member_id", "period"),
    "marks": ("member_id", "period", "item"),
    "corrections": ("member_id", "period", "target"),
    "declarations": ("member_id", "period", "item"),
}
"""What may stand only once in a table; evaluations and events may repeat."""


def dtype(column: Column, vocabulary: Vocabulary) -> Any:
    """Return the type in memory of a column."""
    return _coded(vocabulary.codes(column.words)) if column.kind == "word" else _PLAIN.get(column.kind, TEXT)


@cache
def _coded(codes: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(codes), ordered=False)


TEXT = pd.StringDtype(na_value=np.nan)
_PLAIN: Mapping[str, Any] = {
    "date": np.dtype("datetime64[us]"),
    "boolean": pd.BooleanDtype(),
    "count": pd.Int64Dtype(),
    "year": pd.Int64Dtype(),
    "number": np.dtype("float64"),
}


def canonical(table: str, frame: pd.DataFrame, vocabulary: Vocabulary) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Give a frame the columns and types of its table.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : DataFrame
        English column names; words as codes; missing columns are added blank.
    vocabulary : Vocabulary
        The words that may occur.

    Returns
    -------
    DataFrame
        Canonical columns in canonical order, then the origin columns if there are any.
    dict of str to Series
        For each column with values that are not of its type, those values.
    """
    typed, refused = typed_columns(table, frame, vocabulary)
    return decode_texts(table, typed), refused


def decode_texts(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a typed frame with its texts spelt out, as every frame that is handed out has them."""
    texts = {name: _spelt_out(frame[name]) for name in textual(table, frame) if is_coded(frame[name])}
    return frame.assign(**texts) if texts else frame


def _spelt_out(values: pd.Series) -> pd.Series:
    each = pd.Series(values.array.categories, dtype=TEXT).array  # taken as such: pandas would make objects of all
    return pd.Series(each.take(values.array.codes, allow_fill=True), index=values.index, name=values.name, copy=False)


def textual(table: str, frame: pd.DataFrame) -> list[str]:
    """Return the columns of a frame whose values are text."""
    return [name for name, column in TABLES[table].items() if column.kind in TEXTUAL and name in frame]


def typed_columns(table: str, frame: pd.DataFrame, vocabulary: Vocabulary) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Do as :func:`canonical`, but leave texts that come as categories, each of them once, as they are."""
    columns = TABLES[table]
    cast = {name: _cast(frame, column, vocabulary) for name, column in columns.items()}
    data = {name: values for name, (values, _) in cast.items()}
    kept = {name: frame[name].astype("int32") for name in ORIGIN if name in frame}
    typed = pd.DataFrame({**data, **kept}, index=frame.index, copy=False).reset_index(drop=True)
    refused = {name: bad for name, (_, bad) in cast.items() if len(bad)}
    return typed, refused


def _cast(frame: pd.DataFrame, column: Column, vocabulary: Vocabulary) -> tuple[pd.Series, pd.Series]:
    wanted = dtype(column, vocabulary)
    if column.name not in frame:
        blank = pd.Series(blank_values(column, len(frame), vocabulary), index=frame.index, copy=False)
        return blank, blank.iloc[:0]
    given = _days(frame[column.name]) if column.kind == "date" else frame[column.name]
    if given.dtype == wanted or (column.kind in TEXTUAL and is_coded(given)):
        return _filled(given, column), given.iloc[:0]
    if given.dtype == "str" or is_coded(given):
        return _cast_once(given, column, vocabulary)
    values, refused = _cast_each(given, column, vocabulary)
    return _filled(values, column), given[refused]


def _days(given: pd.Series) -> pd.Series:
    """Return moments as the days on which they are where they are said, without their hours."""
    if isinstance(given.dtype, pd.ArrowDtype) and given.dtype.kind == "M":
        given = given.astype("datetime64[us]")
    if given.dtype.kind != "M":
        return given
    days = given.dt.normalize()
    return given if days.equals(given) else days


def blank_values(column: Column, rows: int, vocabulary: Vocabulary) -> Any:
    """Return a column that says nothing, or in every row what a blank means."""
    blank = pd.NA if column.kind in ("boolean", "count", "year") else None
    one = pd.Series([blank if column.default is None else column.default], dtype=dtype(column, vocabulary))
    return one.array.take(np.zeros(rows, "int64"))


def _cast_once(given: pd.Series, column: Column, vocabulary: Vocabulary) -> tuple[pd.Series, pd.Series]:
    """Look at each different text once."""
    codes, texts = (given.array.codes, given.array.categories) if is_coded(given) else pd.factorize(given)
    values, bad = _cast_each(pd.Series(texts, dtype=TEXT), column, vocabulary)
    each = pd.Series(values.array.take(codes, allow_fill=True), index=given.index)
    refused = given[np.append(bad.to_numpy(bool), False)[codes]] if bad.any() else given.iloc[:0]
    return _filled(each, column), refused


def is_coded(values: pd.Series) -> bool:
    """Return whether texts come as categories, each of them once, and none blank."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return False
    texts = values.dtype.categories
    return texts.dtype == "str" and not bool((texts == "").any())


def _cast_each(given: pd.Series, column: Column, vocabulary: Vocabulary) -> tuple[pd.Series, pd.Series]:
    """Return values of the column's type, and which were refused."""
    wanted = dtype(column, vocabulary)
    blank = (
        given.isna() | (given.astype("str") == "") if given.dtype.kind in "OU" or given.dtype == "str" else given.isna()
    )
    kept = given.mask(blank)
    values = _as_words(kept, column, vocabulary) if column.kind == "word" else _CASTS[column.kind](kept, wanted)
    return values, values.isna() & ~blank


def _filled(values: pd.Series, column: Column) -> pd.Series:
    return values if column.default is None else values.fillna(column.default)


def _as_text(values: pd.Series, wanted: Any) -> pd.Series:
    is_text = values.astype("object").map(lambda value: isinstance(value, str)).astype(bool)
    return values.where(is_text).astype(wanted)


def _as_dates(values: pd.Series, wanted: Any) -> pd.Series:
    if values.dtype.kind != "M":
        values = values.astype("object").map(_moment, na_action="ignore")
    days = pd.to_datetime(values, errors="coerce", format="ISO8601").astype(wanted).dt.normalize()
    return days.where(days.between(_FIRST, _LAST))


_FIRST, _LAST = (pd.Timestamp(day).as_unit("us") for day in (date.min, date.max))
"""The days that a calendar has."""


def _moment(value: Any) -> Any:
    """Return what may be a day, a number as it is written; a moment that was another day in Beijing is none."""
    moment = (read_moment(value) if isinstance(value, str) else None) or value
    if isinstance(moment, datetime):
        return moment.date() if len(days_of(moment)) == 1 else None
    return value if isinstance(value, date) else str(value)


def _as_booleans(values: pd.Series, wanted: Any) -> pd.Series:
    known = {
        True: True,
        False: False,
        "True": True,
        "False": False,
        "true": True,
        "false": False,
        "1": True,
        "0": False,
    }
    return values.map(known, na_action="ignore").astype(wanted)


def _as_counts(values: pd.Series, wanted: Any) -> pd.Series:
    numbers = _numeric(values)
    return numbers.where(numbers == np.floor(numbers.astype("float64"))).astype("Float64").astype(wanted)


def _as_numbers(values: pd.Series, wanted: Any) -> pd.Series:
    numbers = _numeric(values).astype(wanted)
    return numbers.where(np.isfinite(numbers))


def _numeric(values: pd.Series) -> pd.Series:
    """Return numbers; true and false are none, though Python counts them as one and nought."""
    if values.dtype.kind not in "bO":
        return pd.to_numeric(values, errors="coerce")
    truths = values.astype("object").map(lambda value: isinstance(value, bool | np.bool_)).astype(bool)
    return pd.to_numeric(values.astype("object").mask(truths), errors="coerce")


def _as_words(values: pd.Series, column: Column, vocabulary: Vocabulary) -> pd.Series:
    codes = {text: vocabulary.code(column.words, str(text)) for text in values.dropna().unique()}
    return values.map(codes, na_action="ignore").astype(dtype(column, vocabulary))


_CASTS: Mapping[str, Callable[[pd.Series, Any], pd.Series]] = {
    **dict.fromkeys(("id", "text", "month", "period"), _as_text),
    **dict.fromkeys(("count", "year"), _as_counts),
    "date": _as_dates,
    "boolean": _as_booleans,
    "number": _as_numbers,
}


def fixed_point(values: Iterable[float]) -> np.ndarray:
    """Return numbers as whole ten-thousandths (int64)."""
    return np.rint(np.asarray(values, dtype="float64") * SCALE).astype("int64")
