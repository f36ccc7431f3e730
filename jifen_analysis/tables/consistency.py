"""What must hold in a table and between its rows.

Every check is a function from typed frames to :class:`Failure` s, each with all of its rows; all checks
run, so that all problems are said at once. Repeats are found here too: the
same row twice is kept once, with a note; two that contradict are an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.errors import NOTHING, Text
from jifen_analysis.tables.coded import different, find_repeats
from jifen_analysis.tables.columns import KEYS, TABLES, TEXT, Column
from jifen_analysis.tables.failures import Around, Failure, Saying, with_hints
from jifen_analysis.tables.limits import keeps_limits
from jifen_analysis.vocabulary import Vocabulary, Word, standard

Tables = Mapping[str, pd.DataFrame]
Cells = Mapping[str, np.ndarray]
"""Rows by column."""


# ---------------------------------------------------------------- one table


def type_failures(
    table: str, frame: pd.DataFrame, refused: Mapping[str, pd.Series], vocabulary: Vocabulary
) -> Iterator[Failure]:
    """Say which values are not of their column's type (``refused`` comes from ``canonical``)."""
    positions = pd.Series(np.arange(len(frame) if refused else 0), index=frame.index if refused else None)
    for name, values in refused.items():
        column = TABLES[table][name]
        at, found = pd.factorize(values.astype("object").map(str))
        texts = found.tolist()
        say = _of_type(column, texts, vocabulary)
        code = "unknown_word" if column.kind == "word" else "bad_value"
        yield Failure(table, positions[values.index].to_numpy(), name, code, say, values=texts, at=at)


def _of_type(column: Column, texts: Sequence[str], vocabulary: Vocabulary) -> Saying:
    if column.kind == "word":
        unknown = Around.quotes(Text("不是认得的词", "is not a known word"))
        return with_hints(texts, unknown, lambda value: _hint(vocabulary.nearest(column.words, value)))
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
    return _will_not_do(Text(*wanted))


def _hint(near: str | None) -> Text:
    return Text(f",最接近的是“{near}”", f"; the nearest is “{near}”") if near else NOTHING


def _will_not_do(right: Text) -> Around:
    return Around.quotes(Text(f"不对:{right.zh}", f"will not do: {right.en}"))


def schema_failures(
    table: str, frame: pd.DataFrame, vocabulary: Vocabulary, told: Cells = MappingProxyType({})
) -> Iterator[Failure]:
    """Hold one typed frame against its pandera schema; nothing is said of cells that were told already."""
    if keeps_limits(table, frame, told):
        return
    from jifen_analysis.tables.schemas import failure_cases  # pandera is a long import; what is in order needs none

    for column, check, rows, values in failure_cases(table, frame, vocabulary, told):
        if check == "not_nullable":
            yield Failure(table, rows, column, "missing_value", _BLANK)
        else:
            say = _will_not_do(_RANGES.get(check, _UNWRITTEN) or _between(TABLES[table][column]))
            yield Failure(table, rows, column, "out_of_range", say).with_values(values)


_BLANK = Text("此处不能空白", "this must not be blank")
_UNWRITTEN = Text("写法不对", "not written as a period or month")
_RANGES = {
    "range": None,
    "decimals": Text("最多四位小数", "at most four decimals"),
    "day": Text("年份不在 1990–2100 之间", "the year is outside 1990–2100"),
}
"""What would be right, by the check that failed; of a range, its bounds say it."""


def _between(column: Column) -> Text:
    if column.high is None:
        return Text(f"不能小于 {column.low:g}", f"at least {column.low:g} is right")
    return Text(f"应在 {column.low:g} 到 {column.high:g} 之间", f"between {column.low:g} and {column.high:g} is right")


def repeats(table: str, frame: pd.DataFrame, among: np.ndarray | None = None) -> tuple[np.ndarray, list[Failure]]:
    """Find rows that say the same twice, and rows that contradict each other; all, or among those of a mask.

    Returns
    -------
    ndarray of bool
        The rows to keep.
    list of Failure
        Notes on dropped rows, errors of contradicting ones.
    """
    kept = np.ones(len(frame), bool)
    if table != "members" and table not in KEYS:
        return kept, []
    key = frame[["member_id"]] if table == "members" else _key(table, frame)
    rows = find_repeats(key[name] for name in key)
    rows = rows if among is None else rows[among[rows]]
    if not len(rows):
        return kept, []
    some, found = _repeats_among(table, frame.iloc[rows].reset_index(drop=True))
    kept[rows] = some
    return kept, [failure.among(rows) for failure in found]


def _repeats_among(table: str, frame: pd.DataFrame) -> tuple[np.ndarray, list[Failure]]:
    """Do as :func:`repeats` with the rows that share their record with another."""
    columns = list(TABLES[table])
    same = frame.duplicated(columns).to_numpy()
    again = np.flatnonzero(same)
    note = Failure(table, again, columns[0], "repeated_row", _REPEATED, "note").with_values(
        frame[columns[0]].iloc[again]
    )
    notes = [note] if len(again) else []
    if table not in KEYS:
        return ~same, notes
    kept = frame[~same]
    clash = np.flatnonzero(~same)[_key(table, kept).duplicated(keep=False).to_numpy()]
    return ~same, [*notes, *_contradicting(table, frame, clash)]


def _contradicting(table: str, frame: pd.DataFrame, rows: np.ndarray) -> Iterator[Failure]:
    """Yield contradicting rows by the first column in which those of their record differ."""
    differing = _differing(table, frame.iloc[rows])
    for name in pd.unique(differing):
        mine, words = rows[differing == name], TABLES[table][name].words
        shown = partial(standard().label, words) if words else str
        yield Failure(table, mine, name, "contradiction", _CONTRADICTION).with_values(frame[name].iloc[mine], shown)


def _differing(table: str, some: pd.DataFrame) -> np.ndarray:
    """Return for each row the first column in which those of its record differ."""
    record = _key(table, some).groupby(list(KEYS[table]), sort=False, observed=True).ngroup().to_numpy()
    values = [name for name in TABLES[table] if name not in KEYS[table]]
    found = np.full(len(some), values[0], dtype=object)
    for name in reversed(values):
        codes = pd.Series(pd.factorize(some[name], use_na_sentinel=False)[0])
        found[(codes.groupby(record).transform("nunique") > 1).to_numpy()] = name
    return found


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
    blank = {column: events[column].isna().to_numpy() for column in ("level", "amount", "points")}
    for code, word in vocabulary.words["event"].items():
        if code not in there or not (word.levels or {"amount", "points"} & set(word.reads)):
            continue
        mine = at == there[code]
        if word.levels and not word.level_optional:
            yield from _blank(mine & blank["level"], "level", word.label)
        if word.levels:
            rows = mine & ~blank["level"]
            rows[rows] = ~events["level"][rows].isin(word.levels).to_numpy()
            yield from _wrong_level(events, rows, word, vocabulary)
        for column in ("amount", "points"):
            if column in word.reads:
                yield from _blank(mine & blank[column], column, word.label)


def _blank(wrong: np.ndarray, column: str, label: str) -> Iterator[Failure]:
    name = {"level": "级别", "amount": "金额", "points": "酌情分值"}[column]
    text = Text(f"事项“{label}”须填{name}", f"this event needs its {column}")
    yield from _where(wrong, "events", column, text)


def _where(wrong: np.ndarray, table: str, column: str, text: Text, code: str = "missing_value") -> Iterator[Failure]:
    """Yield what is said of the rows that are wrong, if any are."""
    if wrong.any():
        yield Failure(table, np.flatnonzero(wrong), column, code, text)


def _wrong_level(events: pd.DataFrame, wrong: np.ndarray, word: Word, vocabulary: Vocabulary) -> Iterator[Failure]:
    known = "、".join(vocabulary.label("level", level) for level in word.levels)
    label = partial(vocabulary.label, "level")
    levels = events["level"]
    for found in levels[wrong].unique():
        text = Text(
            f"事项“{word.label}”没有级别“{label(found)}”,可填:{known}",
            f"this event has no level {found}; it has {', '.join(word.levels)}",
        )
        rows = np.flatnonzero(wrong & (levels == found).to_numpy())
        yield Failure("events", rows, "level", "wrong_level", text, values=(label(found),))


def due_failures(dues: pd.DataFrame) -> Iterator[Failure]:
    """Refuse a payment date without an amount: nobody knows what was paid."""
    odd = dues["paid"].isna() & dues["paid_on"].notna() & (dues["due"] > 0)
    text = Text("有缴纳日期而无实缴金额", "there is a date of payment but no amount paid")
    yield from _where(odd.to_numpy(), "dues", "paid", text)


def correction_failures(corrections: pd.DataFrame) -> Iterator[Failure]:
    """Hold corrections to giving either points or, for the target ``grade``, a grade."""
    graded = corrections["target"].isin(["grade", "等次"])
    for column, mine in (("grade", graded), ("points", ~graded)):
        other = "points" if column == "grade" else "grade"
        wrong = mine & (corrections[column].isna() | corrections[other].notna())
        text = Text("对象为等次时只填等次,否则只填分值", "give a grade for the target grade, points for any other")
        yield from _where(wrong.to_numpy(), "corrections", column, text)
    changed = corrections["grade"].astype(TEXT).str.contains(_FROM_TO, na=False)
    text = Text(
        "只填改后的等次,如 优秀,不写由什么改成什么", "give only the grade that is decided, not what it was before"
    )
    yield from _where(changed.to_numpy(), "corrections", "grade", text, "bad_value")


_FROM_TO = r"→|>|[改调变升降][整更]?[为成到至]|\w\s*[-—/、,，]+\s*[\u4e00-\u9fff]"
"""What stands in a text that says what was made of what: 合格→优秀, 由合格改为优秀."""


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
    if column == "year":
        return values
    years = values.str[:4]
    return years[years.str.fullmatch("[0-9]{4}")].astype("Int64")  # what is no period was told already
