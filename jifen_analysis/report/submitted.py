"""What was submitted, and everything found wrong with it; of very many problems each different text stands once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

import numpy as np
import pandas as pd
import pyarrow as pa

from jifen_analysis.errors import Problem
from jifen_analysis.report.sheets import Sheet, label
from jifen_analysis.report.summary import by_number
from jifen_analysis.tables.failures import picked_texts
from jifen_analysis.tables.problems import Alike, Ordered
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


# ---------------------------------------------------------------- what is wrong


COLUMNS = ("severity", "file", "sheet", "cell", "value", "message")


def data_problems(problems: Iterable[Problem]) -> Sheet:
    """Return the sheet of every error and note.

    Examples
    --------
    >>> from jifen_analysis.errors import same
    >>> data_problems([Problem("note", "read_as", same("3"), "党费.csv", "", "B2")]).frame["cell"].tolist()
    ['B2']
    """
    frame = _of_many(problems) if isinstance(problems, Ordered) else _one_by_one(problems)
    return Sheet("数据问题", frame, tuple(label("problems", name) for name in COLUMNS))


_AT_ONCE = 1 << 16


def _one_by_one(problems: Iterable[Problem]) -> pd.DataFrame:
    each = iter(problems)
    parts = [pd.DataFrame(map(_row, some), columns=list(COLUMNS), dtype="str") for some in _stretches(each)]
    return pd.concat([pd.DataFrame(columns=list(COLUMNS), dtype="str"), *parts], ignore_index=True)


def _stretches(each: Iterable[Problem]) -> Iterable[list[Problem]]:
    return iter(lambda: list(islice(each, _AT_ONCE)), [])


def _row(one: Problem) -> tuple[str, ...]:
    return ("错误" if one.severity == "error" else "提示", one.file, one.sheet, one.cell, one.value, one.message())


def _of_many(problems: Ordered) -> pd.DataFrame:
    """Return the rows of problems that are no objects: what a part says is made of all its values at once."""
    order = np.argsort(problems.part, kind="stable")
    part = problems.part[order]
    ends = [0, *(np.flatnonzero(part[1:] != part[:-1]) + 1).tolist(), len(part)]
    told = [_told(problems.parts[part[low]], problems.at[order[low:high]]) for low, high in pairwise(ends)]
    back = np.empty(len(order), "int64")
    back[order] = np.arange(len(order))
    columns = zip(COLUMNS, zip(*told, strict=True), strict=True)
    ordered = {name: _in_order(texts, pa.array(back)) for name, texts in columns}
    frame: pd.DataFrame = pa.table(ordered).to_pandas(split_blocks=True)
    return frame


def _told(part: Sequence[Problem], at: np.ndarray) -> list[pa.Array]:
    """Return the columns of some problems of a part, texts each of them once but for the cells."""
    if not isinstance(part, Alike):
        columns = zip(*(_row(part[row]) for row in at.tolist()), strict=True)
        every = [pa.array(said, pa.large_string()) for said in columns]
        return [said if name == "cell" else said.dictionary_encode() for name, said in zip(COLUMNS, every, strict=True)]
    codes, place = np.unique(part.codes[at], return_inverse=True)
    values = picked_texts(part.values, codes)
    said, whole = np.zeros(len(at), "int32"), _row(part[int(at[0])])[:3]
    alike = [_coded(said, pa.array([text], pa.large_string())) for text in whole]
    return [*alike, part.cells(at).cast(pa.large_string()), _coded(place, values), _coded(place, part.messages(codes))]


def _coded(codes: np.ndarray, texts: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype("int32")), texts)


def _in_order(parts: Sequence[pa.Array], order: pa.Array) -> pa.Array:
    """Return a column of all parts in order, texts each of them once unless most are different."""
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    if not isinstance(whole, pa.DictionaryArray):
        return whole.take(order)
    at, each = whole.indices.take(order), whole.dictionary
    return each.take(at) if 2 * len(each) > len(at) else pa.DictionaryArray.from_arrays(at, each)
