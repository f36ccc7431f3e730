"""What must hold between the rows of a table and between tables.

Every check is a function from typed frames to :class:`Failure` s; all of them
run, so that all problems are said at once. Repeats are found here too: the
same row twice is kept once, with a note; two that contradict are an error.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from jifen_analysis.errors import Severity, Text
from jifen_analysis.periods import Period
from jifen_analysis.tables.coded import different, repeated
from jifen_analysis.tables.columns import FIRST_DAY, KEYS, TABLES, TEXT, Column
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
    from jifen_analysis.tables.schemas import failure_cases  # pandera is a long import; checked records need none

    for case in failure_cases(table, frame, vocabulary, told):
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


# ---------------------------------------------------------------- between tables


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


def roster_failures(members: pd.DataFrame, years: Sequence[int]) -> Iterator[Failure]:
    """One member, one year, one row, unless the dates part the rows."""
    backwards = (members["since"] > members["until"]).fillna(False).to_numpy(bool)
    for row in np.flatnonzero(backwards).tolist():
        text = Text("截止日期早于起算日期", "the last day is before the first")
        yield Failure("members", row, "until", "dates_reversed", text, str(members["until"].iloc[row].date()))
    text = Text("同一党员同一年度有两行且日期重叠", "this member has two rows of one year whose dates overlap")
    for row in sorted(_overlapping(members, years)):
        yield Failure("members", row, "member_id", "duplicate_member", text, str(members["member_id"].iloc[row]))


def _overlapping(members: pd.DataFrame, years: Sequence[int]) -> set[int]:
    repeated = members.duplicated("member_id", keep=False).to_numpy()
    if not repeated.any():
        return set()
    rows = spans(members, years or _dated_years(members))
    rows = rows.assign(member_id=members["member_id"].array.take(rows["row"]))
    held = (rows["first"] <= rows["last"]).to_numpy()
    rows = rows[held & repeated[rows["row"].to_numpy()]].sort_values(
        ["member_id", "year", "first", "row"], kind="stable"
    )
    before = rows.shift()
    again = (rows["member_id"] == before["member_id"]) & (rows["year"] == before["year"])
    latest = rows.groupby(["member_id", "year"])["last"].cummax().shift()
    clash = (again & (rows["first"] <= latest)).to_numpy()
    return set(rows["row"].to_numpy()[clash]) | set(rows["row"].to_numpy()[np.flatnonzero(clash) - 1])


def _dated_years(members: pd.DataFrame) -> tuple[int, ...]:
    """Return the years in which dates of the roster fall; any year where it has none."""
    dates = pd.concat([members["since"], members["until"]]).dropna()
    return tuple(sorted(set(dates.dt.year.tolist()))) or (FIRST_DAY.year,)


def spans(members: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Spread the roster over the years: which row holds on which days of which year.

    Parameters
    ----------
    members : DataFrame
        The roster; a row without a year holds in every year.
    years : sequence of int
        The years of the data.

    Returns
    -------
    DataFrame
        Columns row (position in ``members``), year, first, last (days,
        inclusive; last before first where the row never holds).
    """
    given = members["year"].to_numpy(dtype="float64", na_value=np.nan)
    row = np.repeat(np.arange(len(members)), len(years))
    year = np.tile(np.asarray(years, dtype="int64"), len(members))
    holds = np.isnan(given[row]) | (given[row] == year)
    if not holds.all():
        row, year = row[holds], year[holds]
    opens, closes = _ends(year)
    since, until = (members[name].to_numpy()[row] for name in ("since", "until"))
    # The date that is there, where one is missing.
    first, last = np.fmax(since, opens), np.fmin(until, closes)
    return pd.DataFrame({"row": row, "year": year, "first": first, "last": last}, copy=False)


_DATED = {"attendance": "date", "events": "date", "dues": "month"}
MOST_HINTS = 50
"""Unknown ids for which the nearest known one is looked for: looking is slow."""
MOST_COMPARED = 1_000_000
"""Known ids that are compared in all: of a roster of hundreds of thousands, for the first few unknown ones."""


def day_column(table: str) -> tuple[str, ...]:
    """Return the column that says when a record of a table was."""
    return (_DATED.get(table, "period"),)


def unknown_failures(table: str, frame: pd.DataFrame, members: pd.DataFrame) -> Iterator[Failure]:
    """Find records of members who are on no roster, with the nearest id that is."""
    known = pd.Index(members["member_id"].unique())
    rows = np.flatnonzero(_places(frame["member_id"], known) < 0)
    found = frame["member_id"].iloc[rows].astype("str").tolist()
    listed = [str(member) for member in known] if found else []
    looked = min(MOST_HINTS, MOST_COMPARED // (len(listed) or 1))
    texts = {
        value: _unknown_member(value, listed if n < looked else []) for n, value in enumerate(dict.fromkeys(found))
    }
    for at, value in zip(rows.tolist(), found, strict=True):
        yield Failure(table, at, "member_id", "unknown_member", texts[value], value)


def _places(ids: pd.Series, known: pd.Index) -> np.ndarray:
    """Return where each id stands among the known ones, -1 where it does not; each is looked up once."""
    codes, found = different(ids)
    places = np.append(known.get_indexer(pd.Index(found)), -1)
    return places.astype("int32").take(codes, mode="wrap")


def _unknown_member(value: str, known: Sequence[str]) -> Text:
    near = difflib.get_close_matches(value, known, n=1)
    hint = (f",最接近的是 {near[0]}", f"; the nearest is {near[0]}") if near else ("", "")
    return Text(f"花名册中没有编号 {value}{hint[0]}", f"no member {value} on the roster{hint[1]}")


def absent_failures(table: str, frame: pd.DataFrame, members: pd.DataFrame, years: Sequence[int]) -> Iterator[Failure]:
    """Find records of a year in which, or a day on which, the member is not on the roster."""
    known = pd.Index(members["member_id"].unique())
    code = _places(frame["member_id"], known)
    roster = spans(members, years)
    roster = roster.assign(member=known.get_indexer(pd.Index(members["member_id"]))[roster["row"]])
    rows = np.flatnonzero((code >= 0) & ~_all_year(table, frame, code, roster))
    found = _absent_among(table, frame.iloc[rows].reset_index(drop=True), code[rows], roster)
    return (replace(failure, row=int(rows[failure.row])) for failure in found)


def _all_year(table: str, frame: pd.DataFrame, code: np.ndarray, roster: pd.DataFrame) -> np.ndarray:
    """Return the records of years in which a row of the roster holds from the first day to the last."""
    column = day_column(table)[0]
    at, days = different(frame[column])
    years, of_day = np.unique(_years_of(_days(days, column)[0]), return_inverse=True)
    opens, closes = _ends(roster["year"].to_numpy())
    whole = roster[(roster["first"].to_numpy() <= opens) & (roster["last"].to_numpy() >= closes)]
    whole = whole[whole["year"].isin(years)]
    held = np.zeros((int(roster["member"].max()) + 1 if len(roster) else 1, len(years)), bool)
    held[whole["member"].to_numpy(), np.searchsorted(years, whole["year"].to_numpy())] = True
    cell = code.astype("int64") * len(years) + (of_day[at] if len(years) > 1 else 0)
    return held.ravel().take(cell, mode="wrap") if len(at) else np.zeros(0, bool)


def _absent_among(table: str, frame: pd.DataFrame, code: np.ndarray, roster: pd.DataFrame) -> Iterator[Failure]:
    column = day_column(table)[0]
    first, last = _days(frame[column], column)
    year = _years_of(first)
    on_roster, inside = _held(code, year, first, last, roster, dated=table in _DATED)
    for row in np.flatnonzero(~on_roster):
        text = Text(f"花名册 {year[row]} 年度没有此党员", f"this member is not on the roster of {year[row]}")
        yield Failure(table, int(row), "member_id", "not_on_roster", text, str(frame["member_id"].iloc[row]))
    for row in np.flatnonzero(on_roster & ~inside):
        text = Text("不在此党员的起算、截止日期之内", "outside the dates between which this member is on the roster")
        yield Failure(table, int(row), column, "outside_dates", text, _shown(frame[column].iloc[row]))


def _years_of(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[Y]").astype("int64") + 1970


def _ends(year: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last day of years."""
    opens = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return opens, (year - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1


def _shown(value: object) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def _days(values: pd.Series, column: str) -> tuple[np.ndarray, np.ndarray]:
    if column == "date":
        days = values.to_numpy().astype("datetime64[D]")
        return days, days
    codes, names = pd.factorize(values)
    periods = [Period.parse(name) for name in names]
    first = np.array([p.first_day for p in periods] or [date(1970, 1, 1)], dtype="datetime64[D]")
    last = np.array([p.last_day for p in periods] or [date(1970, 1, 1)], dtype="datetime64[D]")
    return first[codes], last[codes]


def _held(
    code: np.ndarray,
    year: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    roster: pd.DataFrame,
    *,
    dated: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each record whether its member has a roster row of its year, and one that holds on its days."""
    on_roster, inside = np.zeros(len(code), bool), np.zeros(len(code), bool)
    key = code.astype("int64") * 10_000 + year
    rows = roster.assign(key=roster["member"] * 10_000 + roster["year"])
    turn = rows.groupby("key").cumcount().to_numpy()
    for n in range(int(turn.max(initial=-1)) + 1):  # as many turns as one member has rows in one year
        some = rows[turn == n].set_index("key")
        at = some.index.get_indexer(key)
        found = at >= 0
        on_roster |= found
        opens, closes = some["first"].to_numpy()[at], some["last"].to_numpy()[at]
        inside |= found & (~np.bool_(dated) | ((opens <= last) & (first <= closes) & (opens <= closes)))
    return on_roster, inside
