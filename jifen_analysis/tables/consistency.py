"""What must hold in a table and between its rows.

Every check is a function from typed frames to :class:`Failure` s; all of them
run, so that all problems are said at once. Repeats are found here too: the
same row twice is kept once, with a note; two that contradict are an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jifen_analysis.errors import Severity, Text
from jifen_analysis.tables.coded import different, repeated
from jifen_analysis.tables.columns import KEYS, TABLES, TEXT, Column
from jifen_analysis.tables.limits import at_fault
from jifen_analysis.vocabulary import Vocabulary, standard

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Failure:
    """A problem at one row of a table, before anyone knows its cell.

    Parameters
    ----------
    table : str
        Name of the table.
    row : int
        Position in the frame; -1 for the table as a whole.
    column : str
        Column at fault; the first that matters.
    code : str
        Stable name of the kind of problem.
    text : Text
        What is wrong, what was found, what would be right.
    value : str
        What was found.
    severity : {"error", "note"}
        Whether the data can be scored in spite of it.
    """

    table: str
    row: int
    column: str
    code: str
    text: Text
    value: str = ""
    severity: Severity = "error"


# ---------------------------------------------------------------- one table


def type_failures(
    table: str, frame: pd.DataFrame, refused: Mapping[str, pd.Series], vocabulary: Vocabulary
) -> Iterator[Failure]:
    """Say which values are not of their column's type (``refused`` comes from ``canonical``)."""
    positions = pd.Series(np.arange(len(frame) if refused else 0), index=frame.index if refused else None)
    for name, values in refused.items():
        found = [str(value) for value in values.tolist()]
        said = {value: _of_type(TABLES[table][name], value, vocabulary) for value in dict.fromkeys(found)}
        for at, value in zip(positions[values.index].tolist(), found, strict=True):
            yield Failure(table, int(at), name, *said[value], value)


def _of_type(column: Column, value: str, vocabulary: Vocabulary) -> tuple[str, Text]:
    if column.kind == "word":
        near = vocabulary.nearest(column.words, value)
        hint = (f",最接近的是“{near}”", f"; the nearest is “{near}”") if near else ("", "")
        return "unknown_word", Text(f"“{value}”不是认得的词{hint[0]}", f"“{value}” is not a known word{hint[1]}")
    wanted = {
        "id": ("编号应为文本", "an id must be text"),
        "text": ("应为文本", "text is wanted here"),
        "date": ("日期应写成 2024-05-31", "a date is written 2024-05-31"),
        "boolean": ("应为 是/否", "yes or no is wanted here"),
        "count": ("应为整数", "a whole number is wanted here"),
        "year": ("年度应写成 2024", "a year is written 2024"),
        "number": ("应为数字", "a number is wanted here"),
        "month": ("月份应写成 2024-05", "a month is written 2024-05"),
        "period": (
            "考核期应写成 2024、2024H1、2024Q3 或 2024-07",
            "a period is written 2024, 2024H1, 2024Q3 or 2024-07",
        ),
    }[column.kind]
    return "bad_value", Text(f"“{value}”不对:{wanted[0]}", f"“{value}” will not do: {wanted[1]}")


def schema_failures(
    table: str, frame: pd.DataFrame, vocabulary: Vocabulary, told: AbstractSet[tuple[int, str]] = frozenset()
) -> Iterator[Failure]:
    """Hold one typed frame against its pandera schema; nothing is said of cells that were told already."""
    rows = at_fault(table, frame, told)
    if not len(rows):
        return
    from jifen_analysis.tables.schemas import failure_cases  # pandera is a long import; what is in order needs none

    for case in failure_cases(table, frame, vocabulary, rows):
        row = -1 if pd.isna(case.index) else int(case.index)
        if (row, str(case.column)) in told:
            continue
        yield _schema_failure(table, row, str(case.column), str(case.check), case.failure_case)


def _schema_failure(table: str, row: int, column: str, check: str, value: object) -> Failure:
    if check == "not_nullable":
        text = Text("此处不能空白", "this must not be blank")
        return Failure(table, row, column, "missing_value", text)
    bounds = TABLES[table].get(column)
    low = "" if bounds is None or bounds.low is None else f"{bounds.low:g}"
    high = "" if bounds is None or bounds.high is None else f"{bounds.high:g}"
    upto = (f"应在 {low} 到 {high} 之间", f"between {low} and {high} is right") if high else (
        f"不能小于 {low}", f"at least {low} is right")  # fmt: skip
    said = {
        "range": upto,
        "decimals": ("最多四位小数", "at most four decimals"),
        "day": ("年份不在 1990–2100 之间", "the year is outside 1990–2100"),
    }.get(check.split("(")[0], ("写法不对", "not written as a period or month"))
    return Failure(
        table,
        row,
        column,
        "out_of_range",
        Text(f"“{value}”不对:{said[0]}", f"“{value}” will not do: {said[1]}"),
        str(value),
    )


def repeats(table: str, frame: pd.DataFrame) -> tuple[np.ndarray, list[Failure]]:
    """Find rows that say the same twice, and rows that contradict each other.

    Returns
    -------
    ndarray of bool
        The rows to keep.
    list of Failure
        A note for each dropped row, an error for each contradicting one.
    """
    kept = np.ones(len(frame), bool)
    if table != "members" and table not in KEYS:
        return kept, []
    key = frame[["member_id"]] if table == "members" else _key(table, frame)
    rows = repeated(key[name] for name in key)
    some, found = _repeats_among(table, frame.iloc[rows].reset_index(drop=True))
    kept[rows] = some
    return kept, [replace(failure, row=int(rows[failure.row])) for failure in found]


def _repeats_among(table: str, frame: pd.DataFrame) -> tuple[np.ndarray, list[Failure]]:
    """Do as :func:`repeats` with the rows that share their record with another."""
    columns = list(TABLES[table])
    same = frame.duplicated(columns).to_numpy()
    again = np.flatnonzero(same).tolist()
    whose = frame[columns[0]].iloc[again].astype("str").tolist()
    notes = [
        Failure(table, row, columns[0], "repeated_row", _REPEATED, str(who), "note")
        for row, who in zip(again, whose, strict=True)
    ]
    if table not in KEYS:
        return ~same, notes
    kept = frame[~same]
    clash = np.flatnonzero(~same)[_key(table, kept).duplicated(keep=False).to_numpy()].tolist()
    return ~same, notes + [_contradicting(table, frame, row, name) for row, name in _differing(table, frame, clash)]


def _differing(table: str, frame: pd.DataFrame, rows: list[int]) -> Iterator[tuple[int, str]]:
    """Yield contradicting rows, each with the first column in which those of its record differ."""
    some = frame.iloc[rows]
    record = _key(table, some).groupby(list(KEYS[table]), sort=False, observed=True).ngroup().to_numpy()
    values = [name for name in TABLES[table] if name not in KEYS[table]]
    found = np.full(len(rows), values[0], dtype=object)
    for name in reversed(values):
        codes = pd.Series(pd.factorize(some[name], use_na_sentinel=False)[0])
        found[(codes.groupby(record).transform("nunique") > 1).to_numpy()] = name
    return zip(rows, found.tolist(), strict=True)


def _contradicting(table: str, frame: pd.DataFrame, row: int, name: str) -> Failure:
    value, words = frame[name].iloc[row], TABLES[table][name].words
    said = "" if pd.isna(value) else standard().label(words, value) if words else str(value)
    return Failure(table, row, name, "contradiction", _CONTRADICTION, said)


def _key(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return what may stand only once; both names of the grade are one."""
    key = frame[list(KEYS[table])]
    return key.assign(target=key["target"].astype(TEXT).replace("等次", "grade")) if "target" in key else key


_REPEATED = Text("同一行出现两次,只计一次", "the same row stands twice; it is counted once")
_CONTRADICTION = Text(
    "与另一行矛盾:同一记录内容不同,请核对后留一行", "contradicts another row for the same record; keep one"
)


# ---------------------------------------------------------------- events


def event_failures(events: pd.DataFrame, vocabulary: Vocabulary) -> Iterator[Failure]:
    """Hold each event against what it reads: its level, its amount, its points."""
    at, names = different(events["event"].astype("category"))
    there = {str(name): place for place, name in enumerate(names)}
    for code, word in vocabulary.words["event"].items():
        if code not in there or not (word.levels or {"amount", "points"} & set(word.reads)):
            continue
        mine = at == there[code]
        if word.levels and not word.level_optional:
            yield from _blank(events, mine, "level", word.label)
        if word.levels:
            wrong = mine & events["level"].notna().to_numpy() & ~events["level"].isin(word.levels).to_numpy()
            for row in np.flatnonzero(wrong):
                yield _wrong_level(int(row), word.label, str(events["level"].iloc[row]), word.levels, vocabulary)
        for column in ("amount", "points"):
            if column in word.reads:
                yield from _blank(events, mine, column, word.label)


def _blank(events: pd.DataFrame, mine: np.ndarray, column: str, label: str) -> Iterator[Failure]:
    name = {"level": "级别", "amount": "金额", "points": "酌情分值"}[column]
    for row in np.flatnonzero(mine & events[column].isna().to_numpy()):
        yield Failure(
            "events",
            int(row),
            column,
            "missing_value",
            Text(f"事项“{label}”须填{name}", f"this event needs its {column}"),
        )


def _wrong_level(row: int, label: str, found: str, levels: Sequence[str], vocabulary: Vocabulary) -> Failure:
    known = "、".join(vocabulary.label("level", level) for level in levels)
    said = vocabulary.label("level", found)
    text = Text(
        f"事项“{label}”没有级别“{said}”,可填:{known}", f"this event has no level {found}; it has {', '.join(levels)}"
    )
    return Failure("events", row, "level", "wrong_level", text, said)


def due_failures(dues: pd.DataFrame) -> Iterator[Failure]:
    """Refuse a payment date without an amount: nobody knows what was paid."""
    odd = dues["paid"].isna() & dues["paid_on"].notna() & (dues["due"] > 0)
    text = Text("有缴纳日期而无实缴金额", "there is a date of payment but no amount paid")
    for row in np.flatnonzero(odd.to_numpy()):
        yield Failure("dues", int(row), "paid", "missing_value", text)


def correction_failures(corrections: pd.DataFrame) -> Iterator[Failure]:
    """Hold corrections to giving either points or, for the target ``grade``, a grade."""
    graded = corrections["target"].isin(["grade", "等次"])
    for column, mine in (("grade", graded), ("points", ~graded)):
        other = "points" if column == "grade" else "grade"
        wrong = mine & (corrections[column].isna() | corrections[other].notna())
        text = Text("对象为等次时只填等次,否则只填分值", "give a grade for the target grade, points for any other")
        for row in np.flatnonzero(wrong.to_numpy()):
            yield Failure("corrections", int(row), column, "missing_value", text)


# ---------------------------------------------------------------- years


def years_in(tables: Tables) -> tuple[int, ...]:
    """Return every calendar year that a table speaks of, in order.

    Examples
    --------
    >>> years_in({"dues": pd.DataFrame({"month": ["2023-12", "2024-01"]})})
    (2023, 2024)
    """
    found: set[int] = set()
    for frame in tables.values():
        for column in ("date", "month", "period", "year"):
            if column in frame:
                found.update(int(year) for year in _years(different(frame[column])[1], column).dropna().unique())
    return tuple(sorted(found))


def _years(values: pd.Series, column: str) -> pd.Series:
    if column == "date":
        return values.dt.year
    return values if column == "year" else values.str[:4].astype("Int64")
