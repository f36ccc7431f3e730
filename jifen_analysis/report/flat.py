"""The flat table of a result, which other programs read: CSV or Parquet, and from what it was made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_analysis.intake.grid import AUTHOR
from jifen_analysis.report.manifest import write_manifest
from jifen_analysis.report.sheets import flag_labels, label
from jifen_analysis.saving import FORMULA, replacing
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.row_state import six_decimals
from jifen_analysis.vocabulary import standard


def csv_text(table: pd.DataFrame) -> str:
    """Return a flat table as CSV, floats in full.

    A text that a spreadsheet would take for a formula gets an apostrophe
    before it, which reading such a file takes away again.

    Parameters
    ----------
    table : DataFrame
        One level of columns.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"branch": ["=1+1", "第一支部"], "total": [1.5, -2.0]})), end="")
    branch,total
    '=1+1,1.5
    第一支部,-2.0
    """
    return str(table.apply(_harmless).to_csv(index=False, lineterminator="\n"))


def _harmless(values: pd.Series) -> pd.Series:
    if not pd.api.types.is_string_dtype(values.dtype):
        return values
    text = values.astype("str")
    return text.mask(text.str.match(FORMULA, na=False), "'" + text)


# ---------------------------------------------------------------- the table with its origin


METADATA = AUTHOR.encode()
"""The key of a Parquet file's metadata under which its origin stands, as JSON; by it reading leaves the file aside."""


def write_table(table: pd.DataFrame, path: Path, made: Mapping[str, Any]) -> list[Path]:
    """Write a flat table as CSV (UTF-8 with BOM) or Parquet.

    In CSV numbers are rounded to six decimals and written as short as they
    are then exact, 99.308 and not 99.30799999999999; in Parquet they stay as
    they were computed. In CSV a text that a spreadsheet would take for a formula gets an apostrophe before
    it. Parquet carries its origin in its metadata; CSV, which cannot, has it
    in ``<name>.manifest.json`` beside it.

    Parameters
    ----------
    table : DataFrame
        One level of columns.
    path : Path
        Ends with ``.csv`` or ``.parquet``.
    made : mapping
        From ``manifest.origin``.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    UsageError
        Where a file cannot be written.
    """
    if path.suffix.lower() == ".parquet":
        _parquet(table, path, made)
        return [path]
    with replacing(path) as beside:
        beside.write_text(csv_text(table.apply(_short)), encoding="utf-8-sig", newline="")
    return [path, write_manifest(made, path)]


def with_people(years: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per member and year with who it is: name and branch as of the last period of the year.

    Examples
    --------
    >>> years = pd.DataFrame({"member_id": ["1"], "year": [2024], "total": [80.0], "grade": ["合格"]})
    >>> table = pd.DataFrame({"member_id": "1", "period": ["2024H1", "2024H2"], "name": "甲", "branch": ["一", "二"]})
    >>> with_people(years, table).to_numpy().tolist()
    [['1', '甲', '二', 2024, 80.0, '合格']]
    """
    people = table[["member_id", "name", "branch"]].assign(year=table["period"].astype("str").str[:4].astype("int64"))
    last = people.drop_duplicates(["member_id", "year"], keep="last")
    whole = years.merge(last, on=["member_id", "year"], how="left")
    return whole[["member_id", "name", "branch", *(name for name in years if name != "member_id")]]


def in_chinese(table: pd.DataFrame, result: Assessment) -> pd.DataFrame:
    """Return a table of a result with the headers, stages and flags that people read; two of one name keep their ids.

    Parameters
    ----------
    table : DataFrame
        ``result.table``, or its years with who they are of.
    result : Assessment
        From ``assess``.
    """
    said, words = table, standard()
    if "stage" in table:
        stages = table["stage"].astype("str").map(lambda code: words.label("stage", code), na_action="ignore")
        said = table.assign(stage=stages, flags=flag_labels(table["flags"].fillna("")))
    titles = result.scheme.book.titles
    labels = {name: titles.get(name) or label("results", name) for name in map(str, table)}
    times = Counter(labels.values())
    return said.rename(columns={name: text if times[text] == 1 else f"{text}({name})" for name, text in labels.items()})


def _parquet(table: pd.DataFrame, path: Path, made: Mapping[str, Any]) -> None:
    typed = pa.Table.from_pandas(table, preserve_index=False)
    said = json.dumps(made, ensure_ascii=False).encode()
    with replacing(path) as beside:
        pq.write_table(typed.replace_schema_metadata({**(typed.schema.metadata or {}), METADATA: said}), beside)


def _short(values: pd.Series) -> pd.Series:
    if not pd.api.types.is_float_dtype(values.dtype):
        return values
    return pd.Series(six_decimals(values.to_numpy("float64", na_value=np.nan)), index=values.index)
