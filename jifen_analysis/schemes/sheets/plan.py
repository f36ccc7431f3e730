"""The sheets of a 方案表: of which part each is, what stands in which column, and the workbook that holds them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
import xlsxwriter

from jifen_analysis.documents import LARGEST_EMPTY_RANGE
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes import labels
from jifen_analysis.schemes.sheets.notation import (
    FLAG,
    Cell,
    Choice,
    Codec,
    Key,
    Listed,
    Literal,
    Note,
    NoteLines,
    Pairs,
    Plain,
    PriceOrTable,
    TermOf,
    Tiers,
)
from jifen_analysis.schemes.sheets.terms import Terms

HEAD = "方案"
"""The sheet of what is said once."""
TEXT, NUMBER = Plain(), Plain("number")

RECORD_TABLES = Choice(labels.RECORDS)
SPAN = Choice({key: labels.KINDS[key] for key in ("month", "quarter", "year")})
SCOPE = Choice(labels.SCOPES)


# ---------------------------------------------------------------- short notes


def _words() -> Mapping[str, Key]:
    return {label: Key((column,), TermOf(column)) for column, label in labels.ASKED.items()}


def _selector() -> Mapping[str, Key]:
    where = {label: Key(("where", column), TermOf(column)) for column, label in labels.ASKED.items()}
    return {"记录": Key(("from",), RECORD_TABLES), **where, "除外": Key(("except",), Note(_words))}


def _who() -> Mapping[str, Key]:
    lists = {"类别": "category", "职务": "post", "发展阶段": "stage", "性别": "sex"}
    flags = {"流动党员": "floating", "退休": "retired", "年老体弱": "infirm", "没有出生日期的也在内": "age_unknown"}
    return {
        **{label: Key((name,), TermOf("categories" if name == "category" else name)) for label, name in lists.items()},
        "满": Key(("age_at_least",), NUMBER),
        "未满": Key(("age_below",), NUMBER),
        **{label: Key((name,), FLAG) for label, name in flags.items()},
        "除外": Key(("except",), Note(_who)),
    }


_BOUNDS = {"不低于": "at_least", "不高于": "at_most", "高于": "above", "低于": "below"}


def _bounds() -> Mapping[str, Key]:
    return {label: Key((name,), NUMBER) for label, name in _BOUNDS.items()}


def _condition() -> Mapping[str, Key]:
    return {
        "指标": Key(("measure",), TermOf("measures")),
        "结果": Key(("outcome",), TermOf("outcomes")),
        **_selector(),
        "对象": Key(("for",), Note(_who)),
        **_bounds(),
        "低于": Key(("below",), Plain("number", {"branch_mean": "支部平均分"})),
        "为": Key(("in",), Listed()),
        "不为": Key(("not_in",), Listed()),
        "连续": Key(("in_a_row",), NUMBER),
        "每": Key(("per",), SPAN),
        "第几次": Key(("nth",), NUMBER),
        "累计": Key(("over",), Choice({"data": "历年"})),
    }


def _place() -> Mapping[str, Key]:
    return {
        "比例": Key(("share",), NUMBER), "人数": Key(("count",), NUMBER), "范围": Key(("within",), SCOPE),
        "按": Key(("by",), TermOf("measures")), "至少有": Key(("min_group",), NUMBER),
    }  # fmt: skip


def _gives() -> Mapping[str, Key]:
    return {
        "指标": Key(("measure",), TermOf("measures")), "高于": Key(("above",), NUMBER),
        "每": Key(("for_each",), NUMBER), "给": Key(("gives",), NUMBER), "单位": Key(("unit",), TEXT),
    }  # fmt: skip


def _quota() -> Mapping[str, Key]:
    return {
        "比例": Key(("share",), NUMBER), "范围": Key(("within",), SCOPE),
        "人数按": Key(("of",), Choice(labels.COUNTED)),
        "名称": Key(("title",), TEXT), "条款": Key(("clause",), TEXT), "设定": Key(("assumed",), TEXT),
        "档次": Key(("rung",), TEXT), "按": Key(("by",), Choice(labels.VOTES)), "改为": Key(("becomes",), TEXT),
    }  # fmt: skip


def _votes() -> Mapping[str, Key]:
    return {"票": Key(("votes",), Choice(labels.VOTES)), **_bounds()}


WHO, SELECTORS, CONDITIONS = Note(_who), NoteLines(Note(_selector)), NoteLines(Note(_condition))


# ---------------------------------------------------------------- sheets


@dataclass(frozen=True)
class PlanColumn:
    """One column: what it is called, where its value stands in the part, how it is written."""

    header: str
    path: tuple[str, ...]
    codec: Codec = TEXT
    width: int = 14


@dataclass(frozen=True)
class PlanSheet:
    """One sheet: a row for each part.

    ``section`` is where its parts stand in the file, ``*`` for each owner, named in the columns of ``owners``;
    ``key`` is the column of the part's own id.
    """

    name: str
    section: tuple[str, ...]
    columns: tuple[PlanColumn, ...]
    owners: tuple[str, ...] = ()
    key: str = "代号"

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers, from the left."""
        return (*self.owners, self.key, *(column.header for column in self.columns))


TITLE = PlanColumn("名称", ("title",), width=24)
SOURCE = (PlanColumn("条款", ("clause",), width=16), PlanColumn("设定", ("assumed",), width=36))
"""Where it stands in the source, and what the source does not say."""
_FLOOR_CAP = (PlanColumn("最低", ("floor",), NUMBER, 8), PlanColumn("最高", ("cap",), NUMBER, 8))
_FOR = PlanColumn("对象", ("for",), WHO, 20)
_ASKED = tuple(PlanColumn(label, ("where", column), TermOf(column), 18) for column, label in labels.ASKED.items())
_EITHER = (PlanColumn("符合任一", ("any",), CONDITIONS, 40), PlanColumn("全部符合", ("all",), CONDITIONS, 40))
_DECIDED = PlanColumn("决定机构", ("decided_by",), width=16)
_OF_ITEM = ("板块", "项目")


def _flags(*names: str) -> Choice:
    return Choice({name: labels.FLAGS[name] for name in names})


ABOUT = (
    PlanColumn("代号", ("id",)),
    PlanColumn("名称", ("title",)),
    PlanColumn("出处", ("source",)),
    PlanColumn("考核期", ("period",), Choice(labels.KINDS)),
    PlanColumn("施行日期", ("valid_from",), Plain("date")),
    PlanColumn("全年总分", ("year_total",), Choice(labels.YEAR_TOTALS)),
    PlanColumn("年度定等", ("year_grades",), FLAG),
    PlanColumn("定等前取整", ("grade_rounding",), Choice(labels.ROUNDINGS)),
    PlanColumn("考核对象", ("population",), WHO),
    *SOURCE,
)
"""What the first sheet says, a row each."""

SHEETS = (
    PlanSheet("自设事项", ("words", "event"), (
        PlanColumn("名称", ("label",), width=24),
        PlanColumn("别名", ("aliases",), Listed(several=True), 24),
        PlanColumn("读哪些列", ("reads",), Choice(labels.DETAILS, several=True), 18),
        PlanColumn("有哪些级别", ("levels",), TermOf("levels", several=True), 18),
        PlanColumn("级别可空", ("level_optional",), FLAG, 10),
    )),
    PlanSheet("类别", ("categories",), (TITLE, PlanColumn("条件", ("when",), WHO, 40), *SOURCE)),
    PlanSheet("指标", ("measures",), (
        TITLE,
        PlanColumn("占比:分子", ("share", "part"), SELECTORS, 40),
        PlanColumn("占比:分母", ("share", "whole"), SELECTORS, 40),
        PlanColumn("最长连续月:有任一", ("longest_run", "any_of"), SELECTORS, 40),
        PlanColumn("最长连续月:都没有", ("longest_run", "none_of"), SELECTORS, 40),
        PlanColumn("最长连续月:支部有", ("longest_run", "given_branch"), SELECTORS, 40),
        PlanColumn("记录数", ("count",), SELECTORS, 40),
        *SOURCE,
    )),
    PlanSheet("板块", ("components",), (
        TITLE, PlanColumn("权重", ("weight",), NUMBER, 8),
        PlanColumn("原文分值", ("text_points",), NUMBER, 10), *SOURCE,
    )),
    PlanSheet("项目", ("components", "*", "items"), (
        TITLE,
        PlanColumn("计分方式", ("from",), Choice(labels.GIVEN), 10),
        PlanColumn("起始分", ("start",), NUMBER, 8),
        *_FLOOR_CAP,
        PlanColumn("每", ("per",), SPAN, 8),
        PlanColumn("满分", ("max",), NUMBER, 8),
        PlanColumn("各类别满分", ("max_for",), Pairs("categories"), 18),
        PlanColumn("折算", ("scale",), NUMBER, 8),
        PlanColumn("计哪些票", ("votes_cast",), Choice(labels.VOTES, several=True), 18),
        PlanColumn("名额", ("quota",), Note(_quota), 30),
        _FOR,
        PlanColumn("原文分值", ("text_points",), NUMBER, 10),
        *SOURCE,
    ), ("板块",)),
    PlanSheet("规则", ("components", "*", "items", "*", "rules"), (
        TITLE,
        PlanColumn("记录", ("from",), RECORD_TABLES, 8),
        *_ASKED,
        PlanColumn("除外", ("except",), Note(_words), 18),
        _FOR,
        PlanColumn("按", ("by",), Choice(labels.BY), 10),
        PlanColumn("分值", ("points",), PriceOrTable(), 26),
        PlanColumn("分档", ("tiers",), Tiers(), 22),
        PlanColumn("按合计", ("sum_of",), Choice({"amount": "金额", "points": "酌情分值"}), 10),
        PlanColumn("乘以", ("times",), Choice({"quantity": "数量"}), 8),
        PlanColumn("只计一次", ("once",), FLAG, 10),
        PlanColumn("取最高的", ("highest_per",), Choice({"award": "奖项"}), 10),
        *_FLOOR_CAP,
        PlanColumn("前提:有任一", ("given",), SELECTORS, 30),
        PlanColumn("有任一", ("any_of",), SELECTORS, 30),
        PlanColumn("都没有", ("none_of",), SELECTORS, 30),
        PlanColumn("否则", ("otherwise",), NUMBER, 8),
        PlanColumn("达到", ("when",), CONDITIONS, 30),
        *SOURCE,
    ), _OF_ITEM),
    PlanSheet("评议主体", ("components", "*", "items", "*", "groups"), (
        TITLE, PlanColumn("权重", ("weight",), NUMBER, 8),
        PlanColumn("评议主体", ("pool",), TermOf("pool"), 20), *SOURCE,
    ), _OF_ITEM),
    PlanSheet("测评档次", ("components", "*", "items", "*", "ladder"), (
        TITLE,
        PlanColumn("条件", ("when",), NoteLines(Note(_votes)), 40),
        PlanColumn("得满分的", ("pays",), NUMBER, 10),
        PlanColumn("改为", ("becomes",), width=12),
        PlanColumn("标记", ("flag",), _flags("review", "ballot_gap"), 12),
        *SOURCE,
    ), _OF_ITEM),
    PlanSheet("测评限制", ("components", "*", "items", "*", "limits"), (
        TITLE,
        PlanColumn("票", ("votes",), Choice(labels.VOTES), 12),
        PlanColumn("占", ("of",), Choice(labels.VOTES), 24),
        PlanColumn("高于", ("above",), NUMBER, 8),
        PlanColumn("低于", ("below",), NUMBER, 8),
        PlanColumn("档次", ("rung",), width=12),
        PlanColumn("改为", ("becomes",), width=12),
        PlanColumn("标记", ("flag",), _flags("review"), 12),
        *SOURCE,
    ), _OF_ITEM),
    PlanSheet("等次", ("grades",), (
        TITLE,
        PlanColumn("不低于", ("at_least",), NUMBER, 10),
        PlanColumn("高于", ("above",), NUMBER, 10),
        PlanColumn("原文分数段", ("text_band",), Note(_bounds), 24),
        PlanColumn("名额", ("quota",), Note(_quota), 36),
        *SOURCE,
    ), key="等次"),
    PlanSheet("直接认定", ("forced",), (
        TITLE,
        *_EITHER,
        PlanColumn("标记", ("flag",), _flags("veto", "forced"), 10),
        PlanColumn("总分归零", ("zero",), FLAG, 10),
        PlanColumn("何时", ("at",), Choice(labels.STANDS), 8),
        _DECIDED,
        *SOURCE,
    )),
    PlanSheet("结果运用", ("outcomes",), (
        TITLE,
        *_EITHER,
        PlanColumn("何时", ("at",), Choice(labels.STANDS), 10),
        PlanColumn("前若干名", ("top",), Note(_place), 30),
        PlanColumn("后若干名", ("bottom",), Note(_place), 30),
        PlanColumn("按分给", ("gives",), Note(_gives), 30),
        _DECIDED,
        *SOURCE,
    )),
    PlanSheet("未尽事项", ("unsaid",), (TITLE, *SOURCE)),
)  # fmt: skip
"""In the order of the file."""

_CHANGED = (
    PlanColumn("改动", ("how",), Choice({"set": "改为", "drop": "删去"}), 8),
    PlanColumn("路径", ("path",), width=56),
    PlanColumn("值", ("value",), Literal(), 40),
)
CHANGES = tuple(
    PlanSheet(name, (section,), (TITLE, PlanColumn("理由", ("why",), width=40), *_CHANGED, *SOURCE), key=key)
    for name, section, key in (("读法", "readings", "代号"), ("修订", "changes", "施行日期"))
)
"""A row for each path that a reading, or a dated change, sets or drops."""


LISTS, GUIDE = "字典", "填写说明"
_ROWS = 500
"""Rows below the headers that have lists to choose from."""
_GUIDE = (
    "填写说明",
    "一、一个方案由板块组成,板块由项目组成,项目由规则计分。每行一项;“板块”“项目”两列空着,就同上一行。",
    "二、代号可以不写,不写时用名称;别处提到时,写名称或代号都认得。",
    "三、有下拉列表的列从列表里选;一格写几个的,用顿号“、”隔开。",
    "四、分值写数(扣分写负数)或“不得分”;“按”某一列时写成 缺席=-5;迟到=-4。分档写成 1=-2;31=-5;60=不得分。",
    "五、条件写成 指标=总分;不低于=90 的样子,一行一个条件:“符合任一”只要一行成立,“全部符合”要行行成立。",
    "六、条款写原文出处;原文没有、由方案自己定的,写在“设定”里。",
    "七、读法:同一原文的另一种读法,每行改一处。路径写成 components.板块.items.项目.rules.规则.points。",
)


def book_of(rows: Mapping[str, Sequence[Sequence[Cell]]], terms: Terms, made: date) -> bytes:
    """Return the workbook of a scheme's rows, with what may be chosen from, saying that it was made on a day."""
    whole = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(whole, plain) as book:
        book.set_properties({"created": datetime.combine(made, time())})
        looks = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"}
            ),
            "cell": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        tabs = {name: book.add_worksheet(name) for name in rows}
        guide, lists = book.add_worksheet(GUIDE), _Lists(book.add_worksheet(LISTS))
        _head(tabs[HEAD], rows[HEAD], looks, lists, terms)
        for sheet in (*SHEETS, *CHANGES):
            _table(tabs[sheet.name], sheet, rows[sheet.name], looks, lists, terms)
        guide.set_column(0, 0, 110, looks["cell"])
        guide.write_column(0, 0, _GUIDE)
        lists.sheet.hide()
    return whole.getvalue()


class _Lists:
    """The sheet that holds what may be chosen from, a column for each list."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.places: dict[tuple[str, ...], str] = {}

    def place(self, choices: tuple[str, ...]) -> str:
        """Return where a list stands, writing it the first time."""
        if choices not in self.places:
            at = len(self.places)
            self.sheet.write_column(0, at, choices)
            column = xlsxwriter.utility.xl_col_to_name(at)
            self.places[choices] = f"='{LISTS}'!${column}$1:${column}${len(choices)}"
        return self.places[choices]


def _head(tab: Any, rows: Sequence[Sequence[Cell]], looks: Mapping[str, Any], lists: _Lists, terms: Terms) -> None:
    tab.set_column(0, 0, 14)
    tab.set_column(1, 1, 70)
    for i, row in enumerate(rows):
        _write(tab, i, row, looks, head=i == 0)
    for i, column in enumerate(ABOUT, start=1):
        _choose(tab, (i, 1, i, 1), column, lists, terms)


def _table(
    tab: Any, sheet: PlanSheet, rows: Sequence[Sequence[Cell]], looks: Mapping[str, Any], lists: _Lists, terms: Terms
) -> None:
    tab.freeze_panes(1, len(sheet.owners) + 2)
    tab.set_column(0, len(sheet.owners), 18)
    for i, row in enumerate(rows):
        _write(tab, i, row, looks, head=i == 0)
    for j, column in enumerate(sheet.columns, start=len(sheet.owners) + 1):
        tab.set_column(j, j, column.width)
        _choose(tab, (1, j, _ROWS, j), column, lists, terms)


def _write(tab: Any, i: int, row: Sequence[Cell], looks: Mapping[str, Any], *, head: bool) -> None:
    for j, cell in enumerate(row):
        if isinstance(cell, date):
            tab.write_datetime(i, j, datetime.combine(cell, time()), looks["date"])
        elif cell is not None:
            tab.write(i, j, cell, looks["head" if head else "cell"])


def _choose(tab: Any, area: tuple[int, int, int, int], column: PlanColumn, lists: _Lists, terms: Terms) -> None:
    choices = column.codec.choices(terms)
    if choices:  # several may be written, too: the list helps and does not bar
        tab.data_validation(*area, {"validate": "list", "source": lists.place(choices), "show_error": False})


def rows_in(content: bytes) -> dict[str, list[list[Cell]]]:
    """Return the rows of every sheet of a workbook; formulas as they are written.

    Raises
    ------
    UsageError
        Where a sheet's cells lie too far apart.
    ValueError
        Where it is no workbook.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep: lists to choose from, colours
            book = openpyxl.load_workbook(io.BytesIO(content))
    except MemoryError:
        raise
    except Exception as fault:  # openpyxl fails in too many ways on damaged files to name them
        raise ValueError(str(fault)) from fault
    return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Any) -> list[list[Cell]]:
    """Return the rows down to the last cell that is filled, each as wide as the widest."""
    filled = {at: cell.value for at, cell in sheet._cells.items() if cell.value is not None}
    height, width = (max((at[axis] for at in filled), default=0) for axis in (0, 1))
    if height * width > LARGEST_EMPTY_RANGE:
        where = f"{xlsxwriter.utility.xl_col_to_name(width - 1)}{height}"
        raise UsageError(
            f"工作表“{sheet.title}”用到了 {where} 格,不像方案表,未打开",
            f"the sheet {sheet.title!r} reaches {where}, which no scheme does; not opened",
        )
    lines = range(1, height + 1), range(1, width + 1)
    return [[_plain(filled.get((row, column))) for column in lines[1]] for row in lines[0]]


def _plain(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, str | int | float | bool | date) else str(value)
