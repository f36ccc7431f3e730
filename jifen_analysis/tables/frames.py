"""Frames as people write them: under any names of tables and columns, with whatever types pandas has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError
from jifen_analysis.periods import days_of
from jifen_analysis.tables.columns import TABLES
from jifen_analysis.vocabulary import Vocabulary, Word, spelling

Frames = Mapping[str, pd.DataFrame]
"""Frames by the name of their table, such as 花名册 or ``members``."""


def require_frames(frames: Frames) -> None:
    """Refuse what are no frames by name.

    Examples
    --------
    >>> require_frames({"花名册": pd.DataFrame()})
    """
    named = isinstance(frames, Mapping)
    wrong = [name for name, frame in frames.items() if not isinstance(frame, pd.DataFrame)] if named else []
    if wrong or not named or not frames:
        said = "、".join(map(str, wrong)) or ("空" if named else type(frames).__name__)
        raise UsageError(
            f"应给出各表的 DataFrame,如 {{'花名册': 表}};收到:{said}",
            f"frames by the name of their table are wanted, such as {{'members': frame}}; found {said}",
        )


def with_plain_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose index, where it has a name, is a column like any other, and whose periods are text.

    Moments lose their zone; those that were another day in Beijing are text.

    Examples
    --------
    >>> months = pd.period_range("2024-03", periods=1, freq="M")
    >>> dues = pd.DataFrame({"月份": months}, index=pd.Index(["00001"], name="编号"))
    >>> with_plain_columns(dues).to_numpy().tolist()
    [['00001', '2024-03']]
    """
    again = [level for level in range(frame.index.nlevels) if _says_again(frame, level)]
    whole = frame.reset_index(level=again, drop=True) if again else frame
    if any(name is not None for name in whole.index.names):
        whole = whole.reset_index(allow_duplicates=True)
    columns = [whole.iloc[:, j] for j in range(whole.shape[1])]
    if not any(map(_is_odd, columns)):
        return whole
    return pd.concat([_plainly(values) if _is_odd(values) else values for values in columns], axis=1)


def _says_again(frame: pd.DataFrame, level: int) -> bool:
    """Return whether a level of the index is a column, too, as ``set_index(…, drop=False)`` leaves it."""
    name = frame.index.names[level]
    own = [at for at, header in enumerate(frame.columns) if header == name]
    return len(own) == 1 and frame.index.get_level_values(level).equals(pd.Index(frame.iloc[:, own[0]]))


def _is_odd(values: pd.Series) -> bool:
    """Return whether a column is of a type that no file has, or may hold anything."""
    own = values.dtype
    if isinstance(own, pd.CategoricalDtype):
        return _is_odd(pd.Series(own.categories))
    if _has_zone(own):
        return True
    if isinstance(own, pd.ArrowDtype):
        return not any(plain(own.pyarrow_dtype) for plain in _PLAIN) or _is_far(values)
    if isinstance(own, pd.StringDtype):
        return False
    return own.kind == "c" or isinstance(own, _ODD) or _is_far(values) or _holds_odd(values)


def _has_zone(kind: object) -> bool:
    """Return whether values of a type are moments in a zone."""
    arrow = isinstance(kind, pd.ArrowDtype) and bool(getattr(kind.pyarrow_dtype, "tz", None))
    return arrow or isinstance(kind, pd.DatetimeTZDtype)


_ODD = (pd.PeriodDtype, pd.IntervalDtype, pd.SparseDtype)
_PLAIN = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean,
          pa.types.is_temporal, pa.types.is_dictionary, pa.types.is_null)  # fmt: skip
"""Types of Arrow that say what a file may say; not decimals, bytes, lists and structures."""


def _is_far(values: pd.Series) -> bool:
    """Return whether there is a moment that no calendar has."""
    seconds = _seconds(values)
    return seconds is not None and bool(((seconds < _FIRST) | (seconds > _LAST)).any())


_FIRST, _LAST = (np.datetime64(moment, "s") for moment in (datetime.min, datetime.max))


def _seconds(values: pd.Series) -> np.ndarray | None:
    """Return moments and days as seconds since 1970, nothing of what is none."""
    own = values.dtype
    if isinstance(own, pd.ArrowDtype):
        if not (pa.types.is_date(own.pyarrow_dtype) or pa.types.is_timestamp(own.pyarrow_dtype)):
            return None
        return pa.chunked_array(pa.array(values.array)).cast(pa.timestamp("s"), safe=False).to_numpy()
    if own.kind != "M" or isinstance(own, pd.SparseDtype):
        return None
    local = values.dt.tz_localize(None) if isinstance(own, pd.DatetimeTZDtype) else values
    return local.to_numpy().astype("datetime64[s]")


def _holds_odd(values: pd.Series) -> bool:
    if values.dtype != "object":
        return False
    each = values.to_numpy()
    kinds = {*map(type, each)}
    return not kinds <= _HELD or (bool(kinds & {datetime, pd.Timestamp}) and any(map(_is_odd_moment, each)))


_NESTED = {list, dict, set, tuple, np.ndarray}
_HELD = {str, int, float, bool, bytes, date, datetime, pd.Timestamp, time, Decimal, *_NESTED,
         type(None), type(pd.NaT), type(pd.NA)}  # fmt: skip
"""What cells of a file may hold, and what is refused for what it is."""


def _is_far_moment(value: object) -> bool:
    return isinstance(value, pd.Timestamp) and not date.min.year <= value.year <= date.max.year


def _is_odd_moment(value: object) -> bool:
    """Return whether a value is a moment with a zone, or one that no calendar has."""
    return _is_far_moment(value) or (isinstance(value, datetime) and value.tzinfo is not None)


def _plainly(values: pd.Series) -> pd.Series:
    """Return a column of what cells hold."""
    if isinstance(values.dtype, pd.ArrowDtype):
        far = _is_far(values)  # Arrow gives no such day as one of Python
        given = _seconds(values) if far else pa.array(values.array).to_pylist()
        values = pd.Series(given, values.index, "object", values.name)
    return values.map(_plain, na_action="ignore").astype("object")


def _plain(value: object) -> object:
    """Return a value as a cell holds it; what none can hold, as it is written."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, np.generic) and not isinstance(value, np.timedelta64):
        return value.item()
    if isinstance(value, datetime) and value.tzinfo and not _is_far_moment(value):
        return value.replace(tzinfo=None) if len(days_of(value)) == 1 else str(value)
    return value if type(value) in _HELD and not _is_far_moment(value) else str(value)


def nested_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns with lists or structures.

    Examples
    --------
    >>> nested_columns(pd.DataFrame({"编号": ["00001"], "日期": [["2024-03-05"]]}))
    ['日期']
    """
    columns = [(str(name), frame.iloc[:, j]) for j, name in enumerate(frame.columns)]
    return [name for name, values in columns if values.dtype == "object" and _NESTED & {*map(type, values.to_numpy())}]


def nested_text(names: Sequence[str]) -> Text:
    """Say that columns hold what is no value."""
    said = "、".join(names)
    return Text(
        f"列 {said} 里是列表或结构,不是单个的值;请展开",
        f"column {said} holds lists or structures, not single values; flatten it",
    )


def frames_given(tables: Frames, words: Vocabulary) -> tuple[dict[str, pd.DataFrame], tuple[Problem, ...]]:
    """Return frames with plain columns, and a note on each column that is none of their table's.

    Raises
    ------
    UsageError
        Where something else than frames is given, or two of one table.
    InvalidRecords
        Where a table lacks a column, or has two of one meaning.
    """
    require_frames(tables)
    given = {name: with_plain_columns(frame) for name, frame in tables.items()}
    names = Counter(_table(str(name), words) for name in given)
    if twice := [name for name in given if names[_table(str(name), words)] > 1]:
        said = "、".join(map(str, twice))
        raise UsageError(f"{said} 是同一张表;请合成一个", f"{said} are one table; put them together")
    found = [problem for name, frame in given.items() for problem in _of_columns(str(name), frame, words)]
    if errors := [problem for problem in found if problem.severity == "error"]:
        raise InvalidRecords(errors)
    return given, tuple(found)


def _of_columns(name: str, frame: pd.DataFrame, words: Vocabulary) -> Iterator[Problem]:
    """Say which columns a frame lacks, which of its columns mean the same, and which are not read."""
    if nested := nested_columns(frame):
        yield Problem("error", "nested_column", nested_text(nested), cell=name)
    table = _table(name, words)
    columns = {one: words.column(table, one) for one in TABLES.get(table, ())}
    meant = [(header, _meant(header, columns) if isinstance(header, str) else "") for header in frame]
    for one, word in columns.items():
        same = [str(header) for header, meaning in meant if meaning == one]
        if len(same) > 1:
            said = "、".join(same)
            text = Text(f"几列都是“{word.label}”:{said};请只留一列", f"several columns are {one}: {said}; keep one")
            yield Problem("error", "duplicate_header", text, cell=f"{name}.{same[1]}")
        if not same and TABLES[table][one].required:
            text = Text(f"缺少“{word.label}”一列", f"the column {one} is missing")
            yield Problem("error", "missing_column", text, cell=f"{name}.{word.label}")
    for header, meaning in meant if columns else ():
        if meaning not in columns and not str(header).startswith("_"):
            yield Problem(
                "note", "column_unread", Text("这一列没有读", "this column is not read"), cell=f"{name}.{header}"
            )


def in_english(tables: Mapping[str, pd.DataFrame], words: Vocabulary) -> dict[str, pd.DataFrame]:
    """Return frames under the English names of their tables and columns; what nobody knows keeps its own.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> roster = pd.DataFrame({"党员编号": ["00001"], "党支部": ["一支部"]})
    >>> [(name, list(frame)) for name, frame in in_english({"花名册": roster}, standard()).items()]
    [('members', ['member_id', 'branch'])]
    """
    found = {}
    for given, frame in tables.items():
        table = _table(given, words)
        columns = {name: words.column(table, name) for name in TABLES.get(table, ())}
        called = {header: _meant(header, columns) for header in frame if isinstance(header, str)}
        twice = len({*called.values()}) < len(called)
        found[table] = frame if twice else frame.rename(columns=called)
    return found


def _table(name: str, words: Vocabulary) -> str:
    return _meant(name, {one: words.tables[one] for one in TABLES})


def _meant(text: str, known: Mapping[str, Word]) -> str:
    folded = spelling(text)
    own = (name for name, word in known.items() if folded in map(spelling, (name, *word.spellings)))
    return text if text in known else next(own, text)


def labels(tables: Frames, given: Frames, words: Vocabulary) -> Callable[[str, str], str]:
    """Return what calls a cell such as ``dues[3].paid`` by the frame's own name, row label and header.

    Labels are those of the frames as people have them; headers, too, of an index that became columns.
    """
    known = {_table(name, words): name for name in tables}

    def cell(_: str, address: str) -> str:
        at = re.fullmatch(r"(\w+)\[(\d+)\]\.(\w+)", address)
        if at is None or at[1] not in known:
            return address
        name = known[at[1]]
        word = {at[3]: words.column(at[1], at[3])}
        header = next((one for one in given[name] if isinstance(one, str) and _meant(one, word) == at[3]), at[3])
        return f"{name}[{tables[name].index[int(at[2])]}].{header}"

    return cell
