"""The sheets of the results workbook: what stands in each, under the headers a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.report.summary import by_branch, flags_of_everyone
from jifen_analysis.schemes.labels import label_code
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.computation import Settings
from jifen_analysis.scoring.explain import explained_lines
from jifen_analysis.scoring.row_state import six_decimals
from jifen_analysis.vocabulary import standard


@dataclass(frozen=True)
class Sheet:
    """One sheet: a frame with codes as column names, and a header for each.

    Parameters
    ----------
    name : str
        On the tab.
    frame : DataFrame
        One row a line; ``share.*`` columns are shares, ``grade*`` columns grades.
    headers : tuple of str
        One a column.
    title : str
        A line above the table; empty for none.
    formulas : mapping of column name to tuple of str
        One a row from the first, of which the frame holds the values; empty, or none, for a plain value.
    inputs, hidden : tuple of str
        Columns whose numbers may be changed; columns that only formulas read.
    charts : tuple of NativeChart
        Drawn beside the table.
    """

    name: str
    frame: pd.DataFrame
    headers: tuple[str, ...]
    title: str = ""
    formulas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    charts: tuple[NativeChart, ...] = ()

    @property
    def first_row(self) -> int:
        """The row of the first line, as a spreadsheet counts."""
        return 3 if self.title else 2


@dataclass(frozen=True)
class ChartSeries:
    """One series of a native chart: ranges of cells, such as ``=图表!$A$2:$A$9``."""

    name: str
    categories: str
    values: str
    dashed: bool = False


@dataclass(frozen=True)
class NativeChart:
    """A chart that the spreadsheet program draws from its own cells.

    Parameters
    ----------
    kind : {"bar", "column", "outline"}
        Stacked to 100 %, lying or standing; or lines through points.
    title, across, up : str
        Of the chart and its axes.
    series : tuple of ChartSeries
        Drawn in order.
    step : int
        Between two numbers on the upright axis, which counts people; 0 where the program chooses.
    """

    kind: str
    title: str
    across: str
    up: str
    series: tuple[ChartSeries, ...]
    step: int = 0


def summary(result: Assessment) -> Sheet:
    """汇总: by branch and period."""
    frame = by_branch(result)
    headers = [_summary_header(name) for name in map(str, frame)]
    frame["period"] = _periods(frame["period"])
    return Sheet("汇总", frame, tuple(headers), f"{result.scheme.title} 考核结果汇总")


def _summary_header(column: str) -> str:
    grade = column.removeprefix("share.")
    return f"{grade}{label('summary', 'share')}" if grade != column else label("summary", column)


def totals(result: Assessment) -> Sheet:
    """总分: one row a member and period."""
    frame = result.table
    frame["stage"] = frame["stage"].astype("str").map(lambda code: standard().label("stage", code), na_action="ignore")
    frame["flags"] = flag_labels(_without(frame, flags_of_everyone(result)))
    frame["period"] = _periods(frame["period"])
    frame["total"] = six_decimals(frame["total"].to_numpy("float64"))
    frame.insert(list(frame).index("grade") + 1, "reason", _grade_reasons(result))
    said = result.scheme.book.titles | {"grade_by_total": "试算等次", "grade": "认定等次", "reason": "认定理由"}
    return Sheet("总分", frame, tuple(said.get(name) or label("results", name) for name in map(str, frame)))


def _without(table: pd.DataFrame, everyone: Mapping[str, Iterable[str]]) -> pd.Series:
    """Return joined flags without those that everybody of the period has: 说明 says them once."""
    said = table["flags"].fillna("").astype("str")
    for flag, periods in everyone.items():
        mine = table["period"].astype("str").isin(list(periods))
        less = {joined: ";".join(one for one in joined.split(";") if one != flag) for joined in said[mine].unique()}
        said = said.mask(mine, said.map(less))
    return said


def _grade_reasons(result: Assessment) -> pd.Series:
    """Return why a grade is not, or not only, what the total gives."""
    table, flags, keys = result.table, result.flags, ["member_id", "period"]
    moved = (table["grade"].astype("str") != table["grade_by_total"].astype("str")) & table["grade"].notna()
    clauses, others = (
        flags[flags["flag"].isin(names)]
        .groupby(keys)["reason"]
        .agg("、".join)
        .reindex(pd.MultiIndex.from_frame(table[keys]))
        for names in (["veto", "forced"], ["quota_tied", "corrected"])
    )
    said = clauses.reset_index(drop=True).fillna(others.reset_index(drop=True).where(moved))
    return said.fillna(pd.Series("", index=said.index).mask(moved & table["grade_by_total"].notna(), "超出名额"))


def flag_labels(flags: pd.Series) -> pd.Series:
    """Return joined codes of flags as the labels a person reads."""
    labels = {
        joined: "、".join(standard().label("flag", code) for code in joined.split(";")) if joined else ""
        for joined in flags.unique()
    }
    return flags.map(labels)


def items(result: Assessment) -> Sheet:
    """分项: the score of every item, a column each; blank where the component cannot be scored."""
    table, book = result.table, result.scheme.book
    named = list(book.items)
    keys = ["member_id", "period"]
    summed = result.ledger.pivot_table(index=keys, columns=["component", "item"], values="points", aggfunc="sum")
    wide = summed.reindex(columns=named).reindex(pd.MultiIndex.from_frame(table[keys]))
    frame = table[["member_id", "name", "branch", "period"]].copy()
    for component, item in named:
        scores = wide[(component, item)].reset_index(drop=True)
        frame[f"{component}.{item}"] = scores.fillna(0).where(table[component].notna(), scores)
    frame["period"] = _periods(frame["period"])
    headers = [label("results", name) for name in frame.columns[:4]] + [_item_header(book, *pair) for pair in named]
    return Sheet("分项", frame, tuple(headers))


def _item_header(book: RuleBook, component: str, item: str) -> str:
    whole, part = book.titles[component], book.items[component, item].title or item
    return part if part == whole else f"{whole}·{part}"


def entries(result: Assessment) -> Sheet:
    """积分台账: every record that won or lost something, with its cell; the running sum ends at the total."""
    lines = explained_lines(result)
    book = result.scheme.book
    titles = {key: _item_header(book, *key) for key in book.items}
    keys = zip(lines["component"], lines["item"], strict=True)
    frame = _with_names(result, lines)[["member_id", "name", "branch", "period"]].assign(
        date=lines["date"].where(lines["date"] != lines["period"], _periods(lines["period"])),
        item=[titles.get(key, "") for key in keys],
        entry=lines["what"].where(lines["value"] == "", lines["what"] + ":" + lines["value"]),
        clause=lines["clause"],
        points=lines["points"],
        contribution=lines["contribution"],
        running=lines.groupby(["member_id", "period"])["contribution"].cumsum(),
        source=[_place(*place) for place in zip(lines["file"], lines["sheet"], lines["cell"], strict=True)],
    )
    frame["period"] = _periods(frame["period"])
    headers = [label("entries" if name in _OWN else "results", name) for name in map(str, frame)]
    return Sheet("积分台账", frame, tuple(headers))


def _place(file: str, sheet: str, cell: str) -> str:
    inside = "!".join(part for part in (sheet, cell) if part)
    return " ".join(part for part in (file, inside) if part)


_OWN = ("date", "entry", "clause", "points", "contribution", "running", "source")


def outcomes(result: Assessment) -> Sheet:
    """结果运用: what the scheme says follows, with who decides; all of it proposed."""
    titles = {name: outcome.title or name for name, outcome in result.scheme.book.outcomes.items()}
    stated = result.outcomes.replace({"outcome": titles})
    frame = _with_names(result, pd.concat([_forced(result), stated], ignore_index=True))
    frame = frame.sort_values(["member_id", "period"], kind="stable", ignore_index=True)
    frame["period"] = _periods(frame["period"])
    columns = ["member_id", "name", "branch", "period", "outcome", "quantity", "reason", "clause", "decided_by"]
    headers = tuple(label("results", name) for name in columns)
    return Sheet("结果运用", frame[columns], headers, "拟定,须按规定程序由决定机构研究认定")


def _forced(result: Assessment) -> pd.DataFrame:
    """Return the clauses that set a grade, as lines of their own: a meeting decides on them too."""
    book, flags = result.scheme.book, result.flags
    frame = flags[flags["flag"].isin(["veto", "forced"])].drop(columns="flag").reset_index(drop=True)
    by_title = {one.title or name: one for name, one in book.forced.items()}
    found = [[by_title[title] for title in said.split(";") if title in by_title] for said in frame["reason"]]
    return frame.assign(
        outcome=f"认定为{book.lowest_grade}",
        clause=_joined([[one.clause for one in each] for each in found]),
        decided_by=_joined([[one.decided_by for one in each] for each in found]),
        quantity=float("nan"),
    )


def _joined(said: Iterable[Iterable[str]]) -> pd.Series:
    return pd.Series(["、".join(dict.fromkeys(filter(None, each))) for each in said], dtype="str")


def _with_names(result: Assessment, frame: pd.DataFrame) -> pd.DataFrame:
    """Add name and branch of each row's period; of a year, those of its last period."""
    known = result.table[["member_id", "period", "name", "branch"]]
    years = known.assign(period=known["period"].str[:4]).drop_duplicates(["member_id", "period"], keep="last")
    both = pd.concat([known, years], ignore_index=True).drop_duplicates(["member_id", "period"])
    return frame.merge(both, on=["member_id", "period"], how="left")


def about(result: Assessment, left_out: Iterable[str] = (), tallied: str = "") -> Sheet:
    """说明: the scheme, how it was asked for, whether 总分 tallies itself, and the files it was made from."""
    scheme, settings = result.scheme, result.settings or Settings()
    rows = [
        ("方案", f"{scheme.title}({scheme.id})"),
        ("依据", scheme.book.source),
        ("读法与改动", "、".join(_reading(scheme.book.readings, name) for name in scheme.applied) or "无"),
        ("方案校验值 SHA-256", scheme.digest),
        ("程序", f"jifen-analysis {version('jifen-analysis')}"),
        ("考核期", "、".join(_periods(pd.Series(settings.periods, dtype="str"))) or "数据中的全部考核期"),
        ("截至", f"{settings.as_of}(预评,此后的记录不计)" if settings.as_of else "全部记录"),
        ("异议复核", "已计入" if settings.corrections else "未计入"),
        ("未计的支部", "、".join(left_out) or "无"),
        ("试算", tallied),
        *_said_once(flags_of_everyone(result)),
        *_ROWS,
    ]
    rows += [(f"数据文件 {file}", f"SHA-256 {digest}" if digest else "") for file, digest in result.inputs.items()]
    return Sheet("说明", pd.DataFrame(rows, columns=["what", "said"], dtype="str"), ("项目", "内容"))


def _said_once(everyone: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """Return a line for each flag that everybody has, which 总分 leaves out."""
    return [
        ("所有人都有的标记", f"{standard().label('flag', flag)}({'、'.join(_periods(pd.Series(list(periods))))})")
        for flag, periods in everyone.items()
    ]


_ROWS = (
    ("应考核", "考核期内在册、未列入免考核的人数;本期不考核者不计"),
    ("实考核", "应考核中已有总分或等次的人数;等次占比以此为分母"),
    ("待评", "应考核中尚无总分也无等次的人数,如缺民主评议;缺项不按零分计"),
    ("平均分", "有总分者的总分平均"),
    ("认定等次", "按分、直接认定、名额、复核之后的拟定等次"),
)


def _reading(readings: Mapping[str, Any], name: str) -> str:
    return label_code(name, {name: readings[name].title}) if name in readings else name


def _periods(codes: pd.Series) -> pd.Series:
    return codes.map({code: Period.parse(code).label() for code in codes.unique()})


def label(table: str, column: str) -> str:
    """Return the header of a column of a result."""
    return standard().column(table, column).label
