"""The workbook of a check: who sent what, first; then the same table by table, and every problem."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.report.sheets import Sheet, data_problems
from jifen_analysis.report.summary import by_number
from jifen_analysis.vocabulary import standard

STATES = {"reported": "已报", "table_missing": "缺表", "returned": "退回", "nothing": "未报"}
_HEADERS = ("党支部", "数据表", "党员数", "有记录的党员数", "记录数", "月份或考核期", "错误数", "状态")


def submitted_sheets(covered: pd.DataFrame, problems: Sequence[Problem]) -> tuple[Sheet, ...]:
    """Return the sheets of a check.

    Parameters
    ----------
    covered : DataFrame
        What ``coverage`` returned.
    problems : sequence of Problem
        Everything found.

    Examples
    --------
    >>> row = ("甲支部", "members", 1, 1, 1, "", 0, "reported")
    >>> columns = ("branch", "table", "members", "members_with_records", "records", "months", "errors", "state")
    >>> [sheet.name for sheet in submitted_sheets(pd.DataFrame([row], columns=columns), ())]
    ['报送情况', '报送明细', '数据问题']
    """
    tables = standard().tables
    said = covered.assign(
        table=covered["table"].map(lambda name: tables[name].label if name else ""), state=covered["state"].map(STATES)
    )
    order = sorted(said.index, key=lambda at: by_number(said["branch"][at]))
    told = said.loc[order].reset_index(drop=True)
    return _overview(told), Sheet("报送明细", told, _HEADERS), data_problems(problems)


def _overview(told: pd.DataFrame) -> Sheet:
    """报送情况: a branch a row, a table a column, the state in the cell."""
    asked = told[(told["branch"] != "") & (told["table"] != "")]
    wide = asked.pivot(index="branch", columns="table", values="state")
    wide = wide.reindex(index=asked["branch"].unique(), columns=asked["table"].unique()).fillna("").reset_index()
    return Sheet("报送情况", wide.astype("str"), ("党支部", *wide.columns[1:]))
