"""参数: the shares, weights, cut scores and quotas of the live workbook, each in a cell of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from jifen_analysis.analysis import thresholds
from jifen_analysis.periods import Period
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.schemes.model import RuleBook, exact
from jifen_analysis.schemes.score_range import full_marks, nominal_shares
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.row_state import MILLION

PARAMETERS_SHEET = "参数"

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
    """Which cell holds which weight, cut score, share and quota, for every version of a dated scheme.

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
        return self._cell(version, self.weights.index(component))

    def cut(self, version: int, grade: str) -> str:
        """Return the address of a cut score."""
        return self._cell(version, len(self.weights) + self.cuts.index(grade))

    def share(self, version: int, component: str) -> str:
        """Return the address of a share of the full marks, in percent."""
        return self._cell(version, len(self.weights) + len(self.cuts) + self.shares.index(component))

    def quota(self, version: int, grade: str) -> str:
        """Return the address of a quota, in percent; 100 for none."""
        place = len(self.weights) + len(self.cuts) + len(self.shares) + self.quotas.index(grade)
        return self._cell(version, place)

    def before(self, cell: str) -> str:
        """Return the address of the scheme's own value of a cell."""
        name, column, row = cell.split("$")
        letters = xl_col_to_name(xl_cell_to_rowcol(f"{column}1")[1] + len(self.books))
        return f"{name}${letters}${row}"

    @cached_property
    def shares(self) -> list[str]:
        """The components that share the full marks, where every version has the same."""
        found = [list(nominal_shares(book)) for book in self.books]
        return found[-1] if len(found[-1]) > 1 and all(one == found[-1] for one in found) else []

    @property
    def quotas(self) -> list[str]:
        """Every grade that can have a quota, where totals make grades."""
        return list(self.books[-1].grades)[:-1] if self.books[-1].banded else []

    @property
    def weights(self) -> list[str]:
        """Every component."""
        return list(self.books[-1].components)

    @cached_property
    def cuts(self) -> list[str]:
        """Every grade that has a cut score in some version."""
        return [name for name in self.books[-1].grades if any(book.grades[name].cut is not None for book in self.books)]

    def _cell(self, version: int, line: int) -> str:
        return f"{PARAMETERS_SHEET}!${xl_col_to_name(_BEFORE_VALUES + version)}${_FIRST_ROW + line}"


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
    grades = [(grade.cut, grade.above, grade.quota) for grade in book.grades.values()]
    return weights, grades, book.grade_rounding, nominal_shares(book)


def parameters_sheet(given: Parameters, result: Assessment, grades: str, trial: Mapping[str, tuple[str, ...]]) -> Sheet:
    """Return the sheet 参数.

    Parameters
    ----------
    given : Parameters
        From ``parameters``.
    result : Assessment
        The result that they belong to.
    grades : str
        The range of 试算等次, for the count of each grade.
    trial : mapping of str to tuple of str
        From ``settling.counts``; empty where 总分 has no 试算认定.
    """
    versions = len(given.books)
    lines = [*_weight_lines(given), *_cut_lines(given), *_share_lines(given), *_quota_lines(given)]
    counts = [*_counts(result, versions), *_trial_lines(result, versions, trial)]
    none: list[float | None] = [None] * versions
    said = [("状态", "与方案一致", "", none), *(("说明", note, "", none) for note in _NOTES)]
    rows = [(*words, *values, *values) for *words, values in [*lines, *counts, *said]]
    now, before = ([f"{when}.{at}" for at in range(versions)] for when in ("now", "before"))
    types = {**dict.fromkeys(("what", "name", "rule"), "str"), **dict.fromkeys((*now, *before), "float64")}
    frame = pd.DataFrame(rows, columns=list(types)).astype(types)
    headers = ("类别", "名称", "规则", *_headers(given, "现值"), *_headers(given, "方案原值"))
    formulas = _formulas(given, lines, counts, len(frame), grades, trial)
    title = f"{result.scheme.title} 参数与试算"
    return Sheet(PARAMETERS_SHEET, frame, headers, title, formulas, inputs=tuple(now))


_Line = tuple[str, str, str, list[float | None]]


def _weight_lines(given: Parameters) -> list[_Line]:
    return [
        ("板块权重", title, "板块得分 × 权重", [book.components[name].weight for book in given.books])
        for name, title in given.books[-1].titles.items()
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


def _share_lines(given: Parameters) -> list[_Line]:
    titles = given.books[-1].titles
    found = [nominal_shares(book) for book in given.books]
    return [
        ("占比", titles[name], "占满分的百分之几,合计 100", [float(100 * shares[name]) for shares in found])
        for name in given.shares
    ]


def _quota_lines(given: Parameters) -> list[_Line]:
    quotas = {name: [book.grades[name].quota for book in given.books] for name in given.quotas}
    return [
        ("名额", name, "至多占百分之几,100 为不限", [float(100 * exact(one.share)) if one else 100.0 for one in found])
        for name, found in quotas.items()
    ]


def _trial_lines(result: Assessment, versions: int, trial: Mapping[str, tuple[str, ...]]) -> list[_Line]:
    """Return how many hold each grade once quotas count, and how many they shut out; as the scheme has it."""
    if not trial:
        return []
    grades, none = list(result.scheme.book.grades), [None] * (versions - 1)
    held = result.table["grade"].value_counts().to_dict()
    out = thresholds.binding(result).groupby("grade")["shut_out"].sum().to_dict()
    return [
        *(("试算认定人数", name, "计直接认定、名额、复核", [held.get(name, 0), *none]) for name in grades),
        *(("名额挡下人数", name, "到线而没有名额", [out.get(name, 0), *none]) for name in grades[:-1]),
    ]


def _headers(given: Parameters, said: str) -> list[str]:
    if len(given.books) == 1:
        return [said]
    return [f"{said}({since}起)" for since in given.since]


def _formulas(
    given: Parameters,
    lines: list[_Line],
    counts: list[_Line],
    rows: int,
    grades: str,
    trial: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    """Return weights of shares, counts of grades, and whether anything differs from the scheme."""
    versions, last = len(given.books), _FIRST_ROW + len(lines) - 1
    by_total = [line for line in counts if line[0] == "试算人数"]
    counted = [f"=SUMPRODUCT(--({grades}=B{last + 1 + at}))" for at in range(len(by_total))]
    counted += [formula for kind in trial.values() for formula in kind]
    now, before = (_block(_BEFORE_VALUES + at, versions, last) for at in (0, versions))
    state = f'IF(SUMPRODUCT(--({now}<>{before}))=0,"与方案一致","已改动:总分页为试算")'
    sums = ",".join(f"ABS({_sum(given, version)}-100)>0.000001" for version in range(versions)) if given.shares else ""
    state = f'=IF(OR({sums}),"占比合计须为 100",{state})' if sums else f"={state}"
    pad = [""] * (len(lines) - len(given.weights))
    after = [""] * (rows - len(lines) - len(counts) - 1)
    weights = {f"now.{at}": [_weight(given, at, name) for name in given.weights] for at in range(versions)}
    own = {name: (*found, *pad) for name, found in weights.items()}
    return own | {
        "now.0": (*own["now.0"], *counted, "", *after),
        "name": (*[""] * (len(lines) + len(counts)), state, *after),
    }


def _sum(given: Parameters, version: int) -> str:
    return "+".join(given.share(version, name) for name in given.shares)


def _weight(given: Parameters, version: int, component: str) -> str:
    """Return the weight that a share makes, to the bit as ``Scheme.with_shares``: one division of whole numbers."""
    if component not in given.shares:
        return ""
    book, cell = given.books[version], given.share(version, component)
    marks = full_marks(book)[0]
    weights = {name: exact(part.weight) for name, part in book.components.items()}
    whole = sum((weights[name] * full for name, full in marks.items()), Fraction(0))
    if not marks[component]:
        return ""
    factor = whole / marks[component] / (100 * MILLION)
    shared = f"ROUND({cell}*{MILLION},0)*{factor.numerator}/{factor.denominator}"
    own = weights[component]
    return f"=IF({cell}={given.before(cell)},{own.numerator}/{own.denominator},{shared})"


def _block(column: int, width: int, last: int) -> str:
    return f"{xl_col_to_name(column)}{_FIRST_ROW}:{xl_col_to_name(column + width - 1)}{last}"
