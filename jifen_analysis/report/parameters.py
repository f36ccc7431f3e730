"""参数: the weights and cut scores of the live workbook, each in a cell of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from jifen_analysis.periods import Period
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.scoring.assessment import Assessment

NAME = "参数"

_FIRST_ROW = 3
_BEFORE_VALUES = 3

_NOTES = (
    "黄色单元格可改:总分、名次、试算等次、距上一等次、“汇总”页的试算各列和“图表”页的分布随之重算;改回“方案原值”即复原",
    "试算等次只按总分与分数线;认定等次另计直接认定、名额和复核,是固定值,不随参数变",
    "不重算:各板块得分、积分清零、直接认定、名额、复核、年度合计、结果运用、汇总中认定的人数与平均分、分项、积分台账",
    "名次只排有总分的党员,积极分子不排;总分按六位小数比较,并列者同名次",
)


@dataclass(frozen=True)
class Parameters:
    """Which cell holds which weight and cut score, for every version of a dated scheme.

    Parameters
    ----------
    since : tuple of str
        First period under each version, oldest first.
    books : tuple of RuleBook
        The versions.
    version_of : mapping of period to int
        The version of each period.
    """

    since: tuple[str, ...]
    books: tuple[RuleBook, ...]
    version_of: Mapping[str, int]

    def weight(self, version: int, component: str) -> str:
        """Return the address of a weight."""
        return self._cell(version, self._weights.index(component))

    def cut(self, version: int, grade: str) -> str:
        """Return the address of a cut score."""
        return self._cell(version, len(self._weights) + self.cuts.index(grade))

    @property
    def _weights(self) -> list[str]:
        return list(self.books[-1].components)

    @cached_property
    def cuts(self) -> list[str]:
        """Every grade that has a cut score in some version."""
        return [name for name in self.books[-1].grades if any(book.grades[name].cut is not None for book in self.books)]

    def _cell(self, version: int, line: int) -> str:
        return f"{NAME}!${xl_col_to_name(_BEFORE_VALUES + version)}${_FIRST_ROW + line}"


def parameters(result: Assessment) -> Parameters:
    """Return the weights and cut scores in force in each period of a result."""
    periods = sorted(map(Period.parse, result.table["period"].unique()))
    found = [result.scheme.on(period.first_day).book for period in periods] or [result.scheme.book]
    said = [_said(book) for book in found]
    firsts = [at for at, one in enumerate(said) if one not in said[:at]]
    distinct = [said[at] for at in firsts]
    since = tuple(periods[at].label() for at in firsts) if periods else ("",)
    version_of = {str(period): distinct.index(one) for period, one in zip(periods, said, strict=False)}
    return Parameters(since, tuple(found[at] for at in firsts), version_of)


def _said(book: RuleBook) -> tuple[object, ...]:
    weights = [component.weight for component in book.components.values()]
    return weights, [(grade.cut, grade.above) for grade in book.grades.values()], book.grade_rounding


def parameters_sheet(given: Parameters, result: Assessment, grades: str) -> Sheet:
    """Return the sheet 参数.

    Parameters
    ----------
    given : Parameters
        From ``parameters``.
    result : Assessment
        The result that they belong to.
    grades : str
        The range of 试算等次, for the count of each grade.
    """
    versions = len(given.books)
    lines, counts = [*_weight_lines(given), *_cut_lines(given)], _counts(result, versions)
    none: list[float | None] = [None] * versions
    said = [("状态", "与方案一致", "", none), *(("说明", note, "", none) for note in _NOTES)]
    rows = [(*words, *values, *values) for *words, values in [*lines, *counts, *said]]
    now, before = ([f"{when}.{at}" for at in range(versions)] for when in ("now", "before"))
    types = {**dict.fromkeys(("what", "name", "rule"), "str"), **dict.fromkeys((*now, *before), "float64")}
    frame = pd.DataFrame(rows, columns=list(types)).astype(types)
    headers = ("类别", "名称", "规则", *_headers(given, "现值"), *_headers(given, "方案原值"))
    formulas = _formulas(len(lines), len(counts), len(frame), versions, grades)
    title = f"{result.scheme.title} 参数与试算"
    return Sheet(NAME, frame, headers, title, formulas, inputs=tuple(now))


_Line = tuple[str, str, str, list[float | None]]


def _weight_lines(given: Parameters) -> list[_Line]:
    titles = {name: component.title or name for name, component in given.books[-1].components.items()}
    return [
        ("板块权重", title, "板块得分 × 权重", [book.components[name].weight for book in given.books])
        for name, title in titles.items()
    ]


def _cut_lines(given: Parameters) -> list[_Line]:
    last = given.books[-1]
    whole = ",总分先四舍五入到整数" if last.grade_rounding == "half_up" else ""
    return [
        (
            "分数线",
            name,
            f"{'高于' if last.grades[name].above is not None else '达到'}此分{whole}",
            [book.grades[name].cut for book in given.books],
        )
        for name in given.cuts
    ]


def _counts(result: Assessment, versions: int) -> list[_Line]:
    """Return how many hold each grade by their total alone."""
    book = result.scheme.book
    if not book.banded:
        return []
    held = result.table["grade_by_total"].value_counts().to_dict()
    return [("试算人数", grade, "按总分", [held.get(grade, 0), *[None] * (versions - 1)]) for grade in book.grades]


def _headers(given: Parameters, said: str) -> list[str]:
    if len(given.books) == 1:
        return [said]
    return [f"{said}({since}起)" for since in given.since]


def _formulas(lines: int, counted: int, rows: int, versions: int, grades: str) -> dict[str, tuple[str, ...]]:
    """Return the count of each grade, and whether anything differs from the scheme."""
    last = _FIRST_ROW + lines - 1
    counts = [f"=SUMPRODUCT(--({grades}=B{last + 1 + at}))" for at in range(counted)]
    now, before = (_block(_BEFORE_VALUES + at, versions, last) for at in (0, versions))
    state = f'=IF(SUMPRODUCT(--({now}<>{before}))=0,"与方案一致","已改动:总分页为试算")'
    after = [""] * (rows - lines - counted - 1)
    return {
        "now.0": (*[""] * lines, *counts, "", *after),
        "name": (*[""] * (lines + counted), state, *after),
    }


def _block(column: int, width: int, last: int) -> str:
    return f"{xl_col_to_name(column)}{_FIRST_ROW}:{xl_col_to_name(column + width - 1)}{last}"
