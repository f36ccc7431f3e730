"""What ``check`` takes of a table in which every row is wrong, as a multiple of the same table without a mistake.

``python -m benchmarks.wrong``: a roster and attendance as Parquet, CSV, workbook and frame, each in a process of its
own; each kind of mistake is one that all the rows have. Then a million rows of Parquet with one wrong word, and with as
many as rows, every problem written as JSON and as a workbook.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.records import year_of_records
from benchmarks.took import took
from jifen_analysis.errors import InvalidRecords
from jifen_analysis.tables import Records

KINDS = ("clean", "one word", "many words", "unknown ids", "far days", "twice")
FORMS = (".parquet", ".csv", ".xlsx", "frame")
REFUSED = (0, 1)
"""How a check ends that could be made, whatever it says."""
_ROWS_OF_A_SHEET = 1_000_000


def main() -> None:
    """Measure and print, everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=10_000, help="with 36 rows each; 10000 by default")
    parser.add_argument("--most", type=int, default=28_000, help="members whose problems are written; 28000 by default")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-bench")
    parser.add_argument("--frames", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.frames:
        from_frames(given.frames)
        return
    wrong_rows(given.members, given.folder)
    written_out(given.most, given.folder)


def wrong_rows(members: int, under: Path) -> None:
    """Print a line for each form and each kind of mistake."""
    tables = {kind: _spoilt(kind, members) for kind in KINDS}
    rows = len(tables["clean"]["attendance"])
    print(f"\n{rows:,} rows, every one wrong, checked; times the same without a mistake")
    print(f"{'':26} {'processors':>11} {'peak memory':>12}")
    for form in FORMS if rows < _ROWS_OF_A_SHEET else [form for form in FORMS if form != ".xlsx"]:
        checks = {kind: _written(under / "wrong" / str(members), form, kind, tables[kind]) for kind in KINDS}
        taken = {kind: took(check, REFUSED) for kind, check in checks.items()}
        for kind in KINDS[1:]:
            processors, peak = (one / clean for one, clean in zip(taken[kind], taken["clean"], strict=True))
            print(f"{form:9} {kind:16} {processors:11.2f} {peak:12.2f}")


def written_out(members: int, under: Path) -> None:
    """Print a line for each way in which all problems are written, with one wrong word and with as many as rows."""
    kinds = ("clean", "one word", "many words")
    tables = {kind: _spoilt(kind, members) for kind in kinds}
    checks = [_written(under / "wrong" / str(members), ".parquet", kind, tables[kind]) for kind in kinds]
    print(f"\n{len(tables['clean']['attendance']):,} rows of Parquet, every one wrong, as above")
    for way in ("", "--json", "--out"):
        with tempfile.TemporaryDirectory() as folder:
            more = [way, f"{folder}/out.{'json' if way == '--json' else 'xlsx'}"] if way else []
            clean, *wrong = (took([*check, *more], REFUSED) for check in checks)
        for kind, taken in zip(kinds[1:], wrong, strict=True):
            processors, peak = (one / other for one, other in zip(taken, clean, strict=True))
            print(f"{'check ' + way:14} {kind:11} {processors:11.2f} {peak:12.2f}", flush=True)


def _spoilt(kind: str, members: int) -> Mapping[str, pd.DataFrame]:
    records = year_of_records(members)
    roster = records.members[["member_id", "branch"]]
    rows = records.attendance[["member_id", "date", "activity", "status"]].astype({"activity": str, "status": str})
    rows = rows.assign(date=rows["date"].dt.strftime("%Y-%m-%d"))
    spoilt = {
        "clean": rows,
        "one word": rows.assign(status="到 了"),
        "many words": rows.assign(status=[f"错{n}" for n in range(len(rows))]),
        "unknown ids": rows.assign(member_id="X" + rows["member_id"]),
        "far days": rows.assign(date="1980-01-01"),
        "twice": rows.take(np.tile(np.arange(len(rows) // 2), 2)),
    }
    return {"members": roster, "attendance": spoilt[kind]}


def _written(under: Path, form: str, kind: str, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Write the tables, unless they are there, and return the command that checks them."""
    suffix = ".parquet" if form == "frame" else form
    folder = under / suffix / kind
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        path = folder / f"{name}{suffix}"
        if not path.exists():
            writer = {".csv": frame.to_csv, ".xlsx": frame.to_excel, ".parquet": frame.to_parquet}[suffix]
            writer(path, index=False)
    if form == "frame":
        return [sys.executable, "-m", "benchmarks.wrong", "--frames", str(folder)]
    return [sys.executable, "-m", "jifen_analysis.cli", "check", str(folder)]


def from_frames(folder: Path) -> None:
    """Check the frames of a folder, and say what is wrong."""
    try:
        Records.from_frames({path.stem: pd.read_parquet(path) for path in folder.iterdir()})
    except InvalidRecords as refusal:
        print(refusal)


if __name__ == "__main__":
    main()
