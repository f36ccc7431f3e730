"""Write the sample as branches would send it, or as a canonical folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

from jifen_analysis.errors import UsageError
from jifen_analysis.periods import Period
from jifen_analysis.sample.planted import plant_cases
from jifen_analysis.sample.synthetic import synthetic
from jifen_analysis.saving import filling
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.vocabulary import standard

_CREATED = datetime(2025, 1, 1)
"""Stands in every workbook, so that the same records give the same bytes."""

_TIMES = {"attendance": "date", "events": "date", "dues": "month"}

_LOOKS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "header": {"bold": True, "bg_color": "#E7EEF5", "border": 1, "text_wrap": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "id": {"num_format": "@"},
    "plain": {},
}


def workbooks(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    """Write ``<year>/<number><branch>.xlsx`` for every branch and year.

    Parameters
    ----------
    folder : Path
        Where the sub-folders for the years are made.
    tables : mapping of str to DataFrame
        Canonical tables.

    Yields
    ------
    Path
        Each workbook written.
    """
    numbers = {branch: n for n, branch in enumerate(dict.fromkeys(tables["surveys"]["branch"]), start=1)}
    width = max(2, len(str(len(numbers))))
    shares = {name: _shares(name, table, tables["members"]) for name, table in tables.items()}
    for year, branch in sorted(shares["members"], key=lambda share: (share[0], numbers[share[1]])):
        sheets = {name: share[year, branch] for name, share in shares.items() if (year, branch) in share}
        path = folder / str(year) / f"{numbers[branch]:0{width}d}{branch}.xlsx"
        path.parent.mkdir(exist_ok=True)
        yield _workbook(path, f"{branch} {year}年度", sheets)


# ---------------------------------------------------------------- which row stands in which workbook


def _shares(name: str, table: pd.DataFrame, members: pd.DataFrame) -> dict[Any, pd.DataFrame]:
    """Return the rows of each workbook, by year and branch."""
    year, branch = _place(name, table, members)
    named = table if {"name", "branch"} & set(table) else _with_names(table, members)
    places = named.groupby([year, branch], sort=False).indices
    return {place: named.iloc[rows] for place, rows in places.items()}


def _with_names(table: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    names = members.drop_duplicates("member_id").set_index("member_id")["name"]
    rest = [column for column in table if column != "member_id"]
    return table.assign(name=table["member_id"].map(names))[["member_id", "name", *rest]]


def _place(name: str, table: pd.DataFrame, members: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the year and the branch of the workbook in which each row stands."""
    if name == "members":
        year = table["year"].fillna(table["since"].dt.year.astype("Int64"))
        first = year.min()  # of every year: whoever has neither a year nor a day of arrival
        return year.fillna(first).to_numpy("int64"), table["branch"].to_numpy()
    day = _last_day(table, _TIMES.get(name, "period"))
    branch = table["branch"].to_numpy() if "branch" in table else _branch_on(table["member_id"], day, members)
    return day.dt.year.to_numpy(), branch


def _last_day(table: pd.DataFrame, column: str) -> pd.Series:
    if column == "date":
        return table["date"]
    days = {code: pd.Timestamp(Period.parse(code).last_day) for code in table[column].unique()}
    return table[column].map(days).astype("datetime64[us]")


def _branch_on(member: pd.Series, day: pd.Series, members: pd.DataFrame) -> np.ndarray:
    """Return the branch of the roster row in force on a day, or of the last before it."""
    opens = members["since"].fillna(pd.to_datetime(members["year"].astype("str") + "-01-01", errors="coerce"))
    opens = opens.fillna(pd.Timestamp("1900-01-01"))  # of every year
    held = members.assign(since=opens.astype("datetime64[us]")).sort_values("since", kind="stable")
    asked = pd.DataFrame({"member_id": member, "since": day, "at": np.arange(len(day))})
    asked = asked.sort_values("since", kind="stable")
    found = pd.merge_asof(asked, held[["member_id", "since", "branch"]], on="since", by="member_id")
    return found.sort_values("at")["branch"].to_numpy()


# ---------------------------------------------------------------- one workbook


def _workbook(path: Path, title: str, sheets: Mapping[str, pd.DataFrame]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _CREATED, "title": title, "comments": "虚构数据,仅供试用"})
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        for name, table in sheets.items():
            label = standard().tables[name].label
            _fill(book.add_worksheet(label), f"{title} {label}(虚构数据)", name, table, looks)
    return path


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    title: str,
    name: str,
    table: pd.DataFrame,
    looks: Mapping[str, xlsxwriter.format.Format],
) -> None:
    sheet.write_string(0, 0, title, looks["title"])
    for at, (column, values) in enumerate(table.items()):
        label = standard().column(name, str(column)).label
        kind, shown = _shown(name, str(column), values)
        sheet.write_string(1, at, label, looks["header"])
        sheet.set_column(at, at, max(11, 2 * len(label) + 2))
        for row, value in enumerate(shown, start=2):
            if not pd.isna(value):
                sheet.write(row, at, value, looks.get(kind, looks["plain"]))
    sheet.freeze_panes(2, 1)
    sheet.autofilter(1, 0, 1 + len(table), len(table.columns) - 1)


def _shown(name: str, column: str, values: pd.Series) -> tuple[str, list[Any]]:
    """Return a column's kind, and its values as a branch would type them: Chinese words, real dates."""
    own = TABLES[name].get(column)
    kind, words = (own.kind, own.words) if own else ("text", "")
    if kind == "word":
        return kind, values.astype("object").map(
            lambda code: standard().label(words, code), na_action="ignore"
        ).tolist()
    if kind == "period":
        return kind, [Period.parse(code).label() for code in values]
    if kind == "boolean":
        return kind, values.map({True: "是", False: "否"}).tolist()
    if kind == "date":
        return kind, [None if pd.isna(day) else day.to_pydatetime() for day in values]
    return kind, values.tolist()


# ---------------------------------------------------------------- the folder


Format = Literal["xlsx", "csv", "parquet"]


def write(
    folder: str | Path,
    members: int = 300,
    years: Sequence[int] = (2023, 2024),
    seed: int = 7,
    format: Format = "xlsx",  # noqa: A002 — the name it has on the command line
) -> list[Path]:
    """Write synthetic records into a folder.

    Parameters
    ----------
    folder : str or Path
        Made where it does not exist, empty, or an earlier sample, whose files
        are replaced.
    members, years, seed
        See :func:`synthetic`.
    format : {"xlsx", "csv", "parquet"}
        xlsx: in Chinese, one workbook a branch and year, in a sub-folder for
        each year. csv, parquet: one file a table, English headers and codes.

    Returns
    -------
    list of Path
        The files written; the same arguments give the same bytes.

    Raises
    ------
    UsageError
        Where the format is unknown, the folder cannot be made or holds
        another file, or ``synthetic`` refuses.
    """
    if format not in _WRITERS:
        raise UsageError(
            f"格式只能是 xlsx、csv、parquet;收到 {format}", f"the format is xlsx, csv or parquet; found {format}"
        )
    tables = synthetic(members, years, seed)
    place = Path(folder)
    with filling(place, _replaceable(place)) as beside:
        written = [beside / _README, *_WRITERS[format](beside, tables)]
        written[0].write_text(guide(tables, format), encoding="utf-8", newline="\n")
        _refuse_more(place, beside)
    return [place / path.relative_to(beside) for path in written]


_README = "README.md"


def _replaceable(folder: Path) -> tuple[str, ...]:
    """Return the names in a folder with an earlier sample, and none of another's."""
    readme = folder / _README
    ours = readme.is_file() and readme.read_bytes().startswith(TITLE.encode())
    return tuple(path.name for path in folder.iterdir()) if ours else ()


def _refuse_more(folder: Path, new: Path) -> None:
    """Remove no file in whose place no new one comes."""
    others = [path for path in folder.rglob("*") if path.is_file() and not (new / path.relative_to(folder)).exists()]
    if others:
        raise UsageError(
            f"{folder} 里还有别的文件(如 {others[0].name}),请另选一个空文件夹",
            f"{folder} holds other files ({others[0].name}, for one); choose an empty folder",
        )


def _csv(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        pyarrow.csv.write_csv(_plain(table), path, pyarrow.csv.WriteOptions(quoting_style="needed"))
        yield path


def _parquet(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        pyarrow.parquet.write_table(pa.Table.from_pandas(table, preserve_index=False), path)
        yield path


def _plain(table: pd.DataFrame) -> pa.Table:
    """Return a table with days as days and words as text."""
    columns = {name: pa.Array.from_pandas(values) for name, values in table.items()}
    return pa.table({str(name): _as_text(column) for name, column in columns.items()})


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.date32())
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


_WRITERS = {"xlsx": workbooks, "csv": _csv, "parquet": _parquet}


# ---------------------------------------------------------------- the guide


_ROWS = {
    "members": ("一名党员在一个年度的名册行;转支部者两行,起止日期不重叠", "a member in a year"),
    "attendance": ("一名党员参加(或缺席)一次活动", "a member at an activity"),
    "dues": ("一名党员一个月的党费", "a member's month of dues"),
    "events": ("做了、得了或造成的一件事", "something done, received or caused"),
    "evaluations": ("一类评议人给出的平均分(或单人分)", "a mark by a group of evaluators"),
    "ballots": ("一名党员的测评票数", "a member's vote counts"),
    "marks": ("考评人对一个项目打的分", "an assessor's mark for one item"),
    "corrections": ("异议复核后的决定,盖在计算结果之上", "a decision after an objection"),
    "declarations": ("党员自己申报的分", "what a member claimed"),
    "surveys": ("对积分办法本身的满意度", "what people think of the scheme"),
}

_KINDS = {
    "id": "文本,前导零保留",
    "text": "文本",
    "year": "年度,如 2024",
    "month": "月份,如 2024-05",
    "period": "考核期,如 2024年上半年(2024H1)",
    "date": "日期",
    "boolean": "是/否",
    "count": "整数",
    "number": "数字,最多四位小数",
}

_SPECIAL = {
    ("marks", "item"): "方案里该项目的代码,如 task",
    ("declarations", "item"): "方案里该项目的代码",
    ("corrections", "target"): "方案里项目的代码;改等次的写 grade",
    ("members", "year"): "年度,如 2024;空白表示各年度都在册",
    ("members", "since"): "日期;空白表示全年在册",
    ("surveys", "score"): "一组人的平均满意度,0 到 100",
}

TITLE = "# 样例数据 · Sample data\n"
"""The first line of the guide: a folder with it holds a sample."""

_INTRO = f"""{TITLE}
**全部虚构**:支部、单位、姓名(甲一、乙二十三……)均由程序按固定种子生成,与任何真实的人和地方无关。
All of it is invented: made by a program from a fixed seed; no person, branch or place in it exists.

{{shape}}

重新生成 · to make it again: `jifen sample 文件夹`。同一种子,同样的内容 · same seed, same records.
"""

_SHAPES = {
    "xlsx": "每个支部每年一个工作簿,按年度分文件夹;表内第一行是标题,第二行是表头。"
    "One workbook a branch and year; a title row, then the header.",
    "csv": "每张表一个 CSV 文件,列名和代码用英文。One CSV file a table, English headers and codes.",
    "parquet": "每张表一个 Parquet 文件,列名和代码用英文。One Parquet file a table, English headers and codes.",
}


def guide(tables: Mapping[str, pd.DataFrame], format: str) -> str:  # noqa: A002 — as in write
    """Return the README of a sample folder, in Markdown.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The sample's canonical tables.
    format : {"xlsx", "csv", "parquet"}
        How they are written.
    """
    lines = [_INTRO.format(shape=_SHAPES[format]), *_contents(tables)]
    for name in TABLES:
        lines += _sheet(name)
    return "\n".join([*lines, *_planted(tables["members"]), ""])


def _contents(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    yield "| 表 · table | 行数 · rows | 一行是 · one row is |"
    yield "|---|--:|---|"
    for name, (zh, en) in _ROWS.items():
        yield f"| {standard().tables[name].label} `{name}` | {len(tables[name])} | {zh} · {en} |"


def _sheet(name: str) -> Iterator[str]:
    yield f"\n## {standard().tables[name].label} `{name}`\n"
    yield "| 列 | column | 内容 |"
    yield "|---|---|---|"
    for column in TABLES[name].values():
        label = standard().column(name, column.name).label
        yield f"| {label} | `{column.name}` | {_content(name, column)} |"


def _content(table: str, column: Column) -> str:
    words = "、".join(word.label for word in standard().words[column.words].values()) if column.words else ""
    upto = f",{column.low:g} 到 {column.high:g}" if column.low is not None and column.high is not None else ""
    needed = ";必填" if column.required else ""
    return (words or _SPECIAL.get((table, column.name)) or _KINDS[column.kind]) + upto + needed


def _planted(members: pd.DataFrame) -> Iterator[str]:
    yield "\n## 特意安排的情形 · Planted cases\n"
    yield "| 编号 | 情形 | case |"
    yield "|---|---|---|"
    yield from _players(members)


def _players(members: pd.DataFrame) -> Iterator[str]:
    first = members.drop_duplicates("member_id")
    branch = pd.factorize(first["branch"])[0]
    post = first["post"].astype("object").fillna("none").to_numpy()
    ids = first["member_id"].tolist()
    cast = plant_cases(branch, post, ())
    for person, case in cast.players:
        yield f"| {ids[person]} | {case.why} | {case.name} |"
