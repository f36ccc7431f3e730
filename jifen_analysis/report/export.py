"""What a third party needs to check an assessment: pseudonymised records, the scheme file, a manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

import pandas as pd

from jifen_analysis.report.archive import zip_files
from jifen_analysis.report.flat import csv_text
from jifen_analysis.report.manifest import origin
from jifen_analysis.saving import filling, replacing
from jifen_analysis.schemes.read import SHEET_ENDINGS
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.write import as_toml
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables import Records
from jifen_analysis.tables.columns import ORIGIN

README = """本包供第三方核验:records 为假名化的记录(可重新识别,不是匿名数据),scheme.toml 为方案,manifest.json 为来历。
重新计分:jifen assess records --scheme scheme.toml{variants}

Pseudonymised records (not anonymous), the scheme and where they come from.
To score them again: jifen assess records --scheme scheme.toml{variants}
"""


def export(result: Assessment, scheme: str, out: str | Path) -> Path:
    """Pack what an assessment rests on.

    Parameters
    ----------
    result : Assessment
        Of pseudonymised records.
    scheme : str
        Name or file that the scheme was read from.
    out : str or Path
        A ``.zip`` file, or a folder that is made and must be empty.

    Returns
    -------
    Path
        The file or folder.

    Raises
    ------
    UsageError
        Where it cannot be written, or the folder holds something else.
    """
    assert result.records is not None, "an assessment that was just made has its records"
    target, files = Path(out), dict(_files(result, result.records, scheme))
    if target.suffix.lower() == ".zip":
        with replacing(target) as beside:
            beside.write_bytes(zip_files(files))
        return target
    with filling(target) as folder:
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
    return target


def _files(result: Assessment, records: Records, scheme: str) -> Iterator[tuple[str, bytes]]:
    for name in records.frames:
        yield f"records/{name}.csv", _csv(records.table(name))
    yield "scheme.toml", scheme_file(scheme)
    yield "manifest.json", (json.dumps(origin(result), ensure_ascii=False, indent=1) + "\n").encode()
    variants = "".join(f" --variant {name}" for name in result.scheme.applied)
    yield "README.txt", README.format(variants=variants).encode("utf-8-sig")


def _csv(table: pd.DataFrame) -> bytes:
    """Write a table in an order that says nothing of the ids it had."""
    kept = table.drop(columns=[name for name in ORIGIN if name in table])
    text: Mapping[str, pd.Series] = {str(name): _plain(values) for name, values in kept.items()}
    ordered = pd.DataFrame(text).sort_values(list(text), kind="stable")
    return csv_text(ordered).encode()


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.dt.strftime("%Y-%m-%d")
    return values.astype("str") if isinstance(values.dtype, pd.CategoricalDtype) else values


def scheme_file(name: str) -> bytes:
    """Return the file of a scheme: a built-in one's, or the one at a path; of a workbook what it says, as TOML."""
    built_in = resources.files("jifen_analysis.schemes") / "library" / f"{name}.toml"
    if built_in.is_file():
        return built_in.read_bytes()
    path = Path(name)
    return as_toml(read_scheme(path).document) if path.suffix.lower() in SHEET_ENDINGS else path.read_bytes()
