"""The README that comes with the sample: what each sheet and column is, taken from the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from jifen_analysis.sample.planted import planting
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.vocabulary import standard

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
    cast = planting(branch, post, ())
    for person, case in cast.players:
        yield f"| {ids[person]} | {case.why} | {case.name} |"
