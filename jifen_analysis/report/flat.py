"""The flat table of a result, which other programs read: CSV or Parquet, and from what it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_analysis.report.delimited import csv_text
from jifen_analysis.report.manifest import write_manifest
from jifen_analysis.saving import replacing

METADATA = b"jifen_analysis"
"""The key of a Parquet file's metadata under which its origin stands, as JSON."""


def write_table(table: pd.DataFrame, path: Path, made: Mapping[str, Any]) -> list[Path]:
    """Write a flat table as CSV (UTF-8 with BOM) or Parquet.

    Floats are written in full, so that they read back as they were. In CSV a
    text that a spreadsheet would take for a formula gets an apostrophe before
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
        beside.write_text(csv_text(table), encoding="utf-8-sig", newline="")
    return [path, write_manifest(made, path)]


def _parquet(table: pd.DataFrame, path: Path, made: Mapping[str, Any]) -> None:
    typed = pa.Table.from_pandas(table, preserve_index=False)
    said = json.dumps(made, ensure_ascii=False).encode()
    with replacing(path) as beside:
        pq.write_table(typed.replace_schema_metadata({**(typed.schema.metadata or {}), METADATA: said}), beside)
