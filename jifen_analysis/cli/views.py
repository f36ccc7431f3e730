"""What the commands print: results as short tables, in the desk's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.cells import cell_len

from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import NOTHING, Text, kinds_of
from jifen_analysis.intake import Check, off_the_list
from jifen_analysis.intake.correspondence import lines_open
from jifen_analysis.periods import Period
from jifen_analysis.report.summary import WHOLE, by_branch, by_number, flags_of_everyone, needs_attention
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.vocabulary import standard

_SHOWN = 6
"""Periods side by side; more do not fit on a screen."""
_GAP = 2
"""Columns between two cells."""


def print_check(
    desk: Terminal, found: Check, covered: pd.DataFrame, expect: Path | None = None, *, named: bool = False
) -> None:
    """Print who sent what, then every problem, by file and cell, then the verdict."""
    print_coverage(desk, covered)
    for text in off_the_list(covered, expect):
        desk.say(text.zh, text.en, "yellow")
    desk.problems(found.problems, named=named)
    files, cells = len(found.files), _cells(found)
    desk.say(f"\n{files} 个文件{cells.zh}", f"\n{files} files{cells.en}")
    print_left_out(desk, found)
    errors, notes = len(found.errors), len(found.notes)
    if errors:
        desk.say(f"不接收:{errors} 处错误,{notes} 处提示", f"rejected: {errors} error(s), {notes} note(s)", "bold red")
    else:
        desk.say(f"接收:没有错误,{notes} 处提示", f"accepted: no errors, {notes} note(s)", "bold green")


def _cells(found: Check) -> Text:
    """Say what became of the filled cells; of tables that were read before nobody counts them again."""
    counts = {fate: count for fate, count in found.counts.items() if count}
    zh = "、".join(f"{_FATES[fate]} {count}" for fate, count in counts.items())
    en = ", ".join(f"{fate} {count}" for fate, count in counts.items())
    return Text(f",非空单元格:{zh}", f"; non-empty cells: {en}") if counts else NOTHING


def print_unknown(desk: Terminal, found: Check, data: Path, table: Path | None) -> None:
    """Print how everything that nobody knows yet is said once."""
    count = lines_open(table) if table else found.count_unknown
    if table and not count:
        desk.say(
            f"对照表里的写法都填好了:jifen check {data} --words {table} 用上它",
            f"every line is filled in; apply it: jifen check {data} --words {table}",
        )
        return
    if table:
        desk.say(
            f"对照表里有 {count} 种写法待填:填好“读作”一列,再运行 jifen check {data} --words {table}",
            f"{count} to fill in under 读作; then: jifen check {data} --words {table}",
        )
        return
    desk.say(
        f"有 {count} 种写法不认得:jifen check {data} --unknown 对照表.xlsx 列成一张表;"
        "填好后,各命令加 --words 对照表.xlsx",
        f"{count} spellings are unknown: jifen check {data} --unknown TABLE.xlsx lists them; filled in, every command "
        "takes it with --words TABLE.xlsx",
    )


def print_coverage(desk: Terminal, covered: pd.DataFrame) -> None:
    """Print what every branch has sent: records by table, or why there are none; nothing where no branch is known."""
    tables = [name for name in covered["table"].unique() if name]
    cells = covered[covered["branch"] != ""].assign(
        cell=[_sent(desk, row) for row in covered.itertuples() if row.branch]
    )
    wide = cells.pivot(index="branch", columns="table", values="cell").reindex(columns=tables).fillna("")
    rows = [(branch, *wide.loc[branch]) for branch in sorted(wide.index, key=by_number)]
    if not rows:
        return
    headers = [desk.text("党支部", "branch"), *(standard().tables[name].said(desk.lang) for name in tables)]
    desk.table(headers, rows, desk.text("报送情况(记录数)", "Who sent what (records)"), len(tables))


def _sent(desk: Terminal, row: Any) -> str:
    if row.state == "returned" and row.errors:
        return desk.text(f"退回({row.errors} 处错误)", f"returned ({row.errors} errors)")
    said = {"returned": ("退回", "returned"), "nothing": ("未报", "nothing"), "table_missing": ("缺表", "missing")}
    return desk.text(*said[row.state]) if row.state in said else str(row.records)


_FATES = {
    "record": "记录", "header": "表头", "title": "标题", "legend": "图例", "total": "合计",
    "footer": "表尾", "extra": "多余的列", "aside": "按对照表不计", "refused": "读不懂",
}  # fmt: skip


def print_left_out(desk: Terminal, found: Check) -> None:
    """Print which branches and files were not taken; of very many the first, and how many they are."""
    if found.refused:
        named, files = (_first_of(desk, names) for names in (found.branches, found.refused))
        desk.say(f"未采用的文件:{files}", f"files left out: {files}", "yellow")
        if found.branches:
            desk.say(f"因此未计的支部:{named}", f"branches left out with them: {named}", "yellow")


_NAMED = 60
"""Branches or files that are named on the screen."""


def _first_of(desk: Terminal, names: Sequence[str]) -> str:
    more = desk.text(f"……共 {len(names):,} 个", f", … {len(names):,} in all") if len(names) > _NAMED else ""
    return desk.text("、", ", ").join(names[:_NAMED]) + more


def first_errors(desk: Terminal, found: Check) -> None:
    """Print what is wrong with each file that was not taken: its first error; ``check`` says them all."""
    first = {kind[0].file: kind[0] for kind in reversed(kinds_of(found.errors))}
    desk.problems(reversed(first.values()))


def print_grades(desk: Terminal, result: Assessment) -> None:
    """Print grades and mean totals, branch by period."""
    summary = by_branch(result)
    if summary.empty:
        desk.say(
            "没有可计分的:没有考勤、事项或党费的日期,定不出考核期,或名册上没有本方案的考核对象",
            "nothing to score: no attendance, event or dues tells a period, or nobody is of the scheme's population",
            "yellow",
        )
        return
    grades = list(result.scheme.book.grades)
    said = summary.assign(cell=[_cell(row, grades) for row in summary.to_dict("records")])
    wide = said.pivot(index="branch", columns="period", values="cell").reindex(said["branch"].unique())
    shown = list(summary["period"].unique())[-_beside(desk, wide) :]
    labels = [Period.parse(code).label(desk.lang) for code in shown]
    headers = [desk.text("党支部", "branch"), *(desk.stacked(re.findall("^.*?年|.+", label), "") for label in labels)]
    rows = [
        (desk.text(branch, "all" if branch == WHOLE else branch), *cells)
        for branch, *cells in wide[shown].fillna("").itertuples()
    ]
    desk.table(headers, rows, _heading(desk, result, "/".join(grades)), len(shown))
    hidden = summary["period"].nunique() - len(shown)
    if hidden:
        desk.say(f"另有 {hidden} 个更早的考核期,见 --out 写出的文件", f"{hidden} earlier periods: see --out")
    _waiting(desk, summary[(summary["branch"] == WHOLE) & summary["period"].isin(shown) & (summary["pending"] > 0)])
    _of_everyone(desk, result)


def _beside(desk: Terminal, wide: pd.DataFrame) -> int:
    """Return how many periods stand side by side without a cell being broken."""
    name = max(map(cell_len, wide.index))
    cell = max(map(cell_len, wide.fillna("").to_numpy().ravel()))
    return max(1, min(_SHOWN, (desk.out.width - name - _GAP) // (cell + _GAP)))


def _waiting(desk: Terminal, rows: pd.DataFrame) -> None:
    """Say how many have no total yet."""
    counts = zip(rows["period"].astype("str"), rows["pending"], strict=True)
    each = [f"{Period.parse(period).label(desk.lang)} {count}" for period, count in counts]
    if each:
        desk.say(
            f"待评(缺评议等,不按零分计)人数:{'、'.join(each)}",
            f"pending (something is missing; no zeros are put): {', '.join(each)}",
            "yellow",
        )


def _of_everyone(desk: Terminal, result: Assessment) -> None:
    """Say once what is the same with everybody: that some group has evaluated nobody, that dues bear no dates."""
    for flag, periods in flags_of_everyone(result).items():
        label = standard().label("flag", flag, desk.lang)
        said = desk.text("、", ", ").join(Period.parse(period).label(desk.lang) for period in periods)
        desk.say(f"所有人都是“{label}”:{said}", f"of everybody: {label}: {said}", "yellow")


def _heading(desk: Terminal, result: Assessment, grades: str) -> str:
    day = result.settings.as_of if result.settings else None
    seen = desk.text(f"(预评,截至 {day})", f" (provisional, as of {day})") if day else ""
    return desk.text(
        f"{result.scheme.title}{seen}:{grades}{' ' if grades else ''}人数,平均分",
        f"{result.scheme.id}{seen}: members{' ' if grades else ''}{grades}, mean total",
    )


def _cell(row: Any, grades: list[str]) -> str:
    counts = "/".join(str(row[grade]) for grade in grades) if grades else str(row["assessed"])
    mean = row["mean"]
    return f"{counts}  {mean:.1f}" if pd.notna(mean) else counts


def attention(desk: Terminal, result: Assessment) -> None:
    """Print what people have to look at or decide, with the first few of whom it concerns."""
    frame = needs_attention(result)
    if frame.empty:
        desk.say("没有", "nothing")
        return
    headers = desk.texts(("事由", "what"), ("人次", "cases"), ("考核期", "period"), ("前几位", "the first few"))
    kinds = frame["flag"].map(lambda code: standard().label("flag", code, desk.lang))
    periods = frame["period"].map(lambda code: Period.parse(code).label(desk.lang))
    rows = zip(kinds, frame["cases"], periods, frame["who"], strict=True)
    desk.table(headers, rows)


def worth_explaining(result: Assessment) -> tuple[str, str]:
    """Return a member and period worth explaining: the lowest total of the last period."""
    table = result.table
    last = table[(table["period"] == table["period"].max()) & table["total"].notna()]
    row = last.sort_values(["total", "member_id"]).iloc[0]
    return str(row["member_id"]), str(row["period"])


def beforehand(desk: Terminal, said: Text | None) -> None:
    """Say with what an output will be made, or without what, before the work."""
    if said is not None:
        desk.say(*said)


def print_written(desk: Terminal, files: Iterable[Path]) -> None:
    """Print where files were written."""
    for file in files:
        desk.say(f"已写入 {file}", f"written: {file}", "green")


def print_removed(desk: Terminal, files: Iterable[Path]) -> None:
    """Print which files of an earlier run are gone."""
    for file in files:
        desk.say(f"已删去上一次的 {file}", f"removed, of an earlier run: {file}", "yellow")
