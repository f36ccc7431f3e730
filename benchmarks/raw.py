"""What canonical Parquet and CSV cost that nobody converted, checked and assessed, beside the same schemes for DuckDB.

``python -m benchmarks.raw``: one file a table, English headers and codes, as a data office hands them over. DuckDB
checks nothing. Each runs in a process of its own; totals and ranks must be equal.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from benchmarks.beside import growth, lines, side_by_side
from benchmarks.data import ONCE, options
from benchmarks.records import year_of_records
from jifen_analysis.tables.columns import ORIGIN

ENGINES = ("floor", "jifen", "duck")


def raw_folder(members: int, under: Path) -> Path:
    """Return a folder with a Parquet file for each table, made where it is not there yet."""
    out = under / "raw" / str(members)
    if (out / "members.parquet").exists():
        return out
    out.mkdir(parents=True, exist_ok=True)
    if members > ONCE:
        _repeat(raw_folder(ONCE, under), members // ONCE, out)
        return out
    records = year_of_records(members)
    for name in sorted(
        records.frames, key=lambda name: name == "members"
    ):  # the roster last: it says that all are there
        pq.write_table(_plain(records.table(name)), out / f"{name}.parquet")
    return out


def text_folder(members: int, under: Path) -> Path:
    """Return the same tables as comma-separated text."""
    source, out = raw_folder(members, under), under / "text" / str(members)
    out.mkdir(parents=True, exist_ok=True)
    for path in _roster_last(source) if not (out / "members.csv").exists() else ():
        with pq.ParquetFile(path) as file, _writer(out / f"{path.stem}.csv", file.schema_arrow) as writer:
            for batch in file.iter_batches():
                writer.write_batch(batch)
    return out


def _roster_last(folder: Path) -> list[Path]:
    """Return the tables of a folder, last the roster: where it stands, all do."""
    return sorted(folder.glob("*.parquet"), key=lambda path: (path.stem == "members", path))


def _writer(path: Path, schema: pa.Schema) -> pc_csv.CSVWriter:
    return pc_csv.CSVWriter(path, schema, write_options=pc_csv.WriteOptions(quoting_style="none"))


def _repeat(folder: Path, times: int, out: Path) -> None:
    """Write the tables of a folder so many times, each time of other members in other branches."""
    for path in _roster_last(folder):
        table = pq.read_table(path)
        with pq.ParquetWriter(out / path.name, table.schema) as writer:
            for at in range(times):
                writer.write_table(_moved(table, at * ONCE))


def _moved(table: pa.Table, by: int) -> pa.Table:
    number = pc.add(table["member_id"].cast("int64"), by)
    moved = {"member_id": pc.utf8_lpad(number.cast("string"), 7, "0")}
    if "branch" in table.column_names:
        moved["branch"] = pc.binary_join_element_wise(pc.divide(number, 50).cast("string"), "号支部", "")
    return pa.table({name: moved.get(name, table[name]) for name in table.column_names}, table.schema)


def _plain(frame: pd.DataFrame) -> pa.Table:
    """Return a table as another tool writes it: words as text, days as dates, no origin, nothing that is blank."""
    filled = frame.drop(columns=[*ORIGIN], errors="ignore").dropna(axis=1, how="all")
    words = {name: "str" for name in filled if isinstance(filled[name].dtype, pd.CategoricalDtype)}
    table = pa.Table.from_pandas(filled.astype(words), preserve_index=False)
    kinds = [pa.field(f.name, _KINDS.get(str(f.type), f.type)) for f in table.schema]
    return table.cast(pa.schema(kinds)).replace_schema_metadata(None)


_KINDS = {"timestamp[us]": pa.date32(), "large_string": pa.string()}


FORMS = {"Parquet": raw_folder, "CSV": text_folder}


def main() -> None:
    """Measure and print, everything in one run."""
    parser = options(__doc__)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=[*FORMS], help="Parquet and CSV by default")
    given = parser.parse_args()
    for scheme in ("community_60_40", "street_80_20"):
        for form in given.forms:
            beside(form, scheme, given)


def beside(form: str, scheme: str, given: argparse.Namespace) -> None:
    """Measure the engines on one form of the tables at every size, and how they grow."""
    measured = {}
    for members in sorted(given.members):
        folder = FORMS[form](members, given.folder)
        measured[members] = list(side_by_side(folder, scheme, given.times, ENGINES))
        print(f"\n{members:,} members, {scheme}, raw {form}; best of {given.times} runs each; totals and ranks equal")
        print("\n".join(lines(measured[members])), flush=True)
    print("\n".join(growth(measured)))


if __name__ == "__main__":
    main()
