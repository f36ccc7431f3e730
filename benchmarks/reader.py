"""How long a workbook of 200,000 rows takes to check, beside pandas on calamine and on openpyxl.

``python -m benchmarks.reader``, or at the end of ``python -m benchmarks``. Each
runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from subprocess import PIPE, run

import pandas as pd
import xlsxwriter

from benchmarks.one import peak
from jifen_analysis.intake import check

WAYS = ("calamine", "jifen", "openpyxl")
TITLES = {"calamine": "pandas, calamine", "jifen": "jifen check, addresses included", "openpyxl": "pandas, openpyxl"}


def workbook_of(rows: int, folder: Path) -> Path:
    """Write a roster of 4,000 and an attendance sheet of so many rows."""
    path = folder / f"出勤-{rows}.xlsx"
    if path.exists():
        return path
    members = [f"{number:05d}" for number in range(1, 4001)]
    folder.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:  # strings are shared, as in what offices save
        _sheet(book, "花名册", ["党员编号", "党支部"], [[member, f"{int(member) % 60}号支部"] for member in members])
        _sheet(book, "考勤", ["党员编号", "日期", "活动类型", "出勤情况"], (_meeting(i, members) for i in range(rows)))
    return path


def _sheet(book: xlsxwriter.Workbook, name: str, header: list[str], rows: object) -> None:
    sheet = book.add_worksheet(name)
    for i, row in enumerate([header, *rows]):  # type: ignore[misc] # any rows
        sheet.write_row(i, 0, row)


def _meeting(i: int, members: list[str]) -> list[str]:
    turn = i // len(members)
    status = "缺席" if i % 17 == 0 else "请假" if i % 13 == 0 else "出勤"
    return [members[i % len(members)], f"2024-{turn % 12 + 1:02d}-{turn // 12 + 1:02d}", "党课", status]


def read(way: str, path: Path) -> None:
    """Read the workbook in one way."""
    if way == "jifen":
        assert check(path).verdict != "reject"
    else:
        pd.read_excel(path, sheet_name=None, engine=way)  # type: ignore[call-overload] # one of two engines


def measured(way: str, path: Path) -> tuple[float, float]:
    """Return seconds of processor that reading took and bytes at the peak above what the imports took."""
    said = run([sys.executable, "-m", "benchmarks.reader", "--way", way, "--file", str(path)], stdout=PIPE, check=True)
    seconds, held = map(float, said.stdout.split())
    return seconds, held


def reading(rows: int, times: int, folder: Path) -> None:
    """Measure and print, everything in one run."""
    path = workbook_of(rows, folder)
    with zipfile.ZipFile(path) as package:
        unpacked = max(info.file_size for info in package.infolist())
    runs = [(way, *measured(way, path)) for _ in range(times) for way in WAYS]  # the ways take turns
    best = {way: tuple(min(run[of] for run in runs if run[0] == way) for of in (1, 2)) for way in WAYS}
    print(
        f"{rows:,} attendance rows in one workbook; best of {times} runs; the sheet unpacked: {unpacked / 1e6:.0f} MB"
    )
    for way, (seconds, held) in best.items():
        ratio, memory = seconds / best["calamine"][0], held / unpacked
        print(
            f"{TITLES[way]:34} {seconds:7.2f} s {ratio:6.2f} times calamine   {memory:5.2f} times the sheet in memory"
        )


def main() -> None:
    """Measure everything, or one way where it is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-bench")
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if not given.way:
        reading(given.rows, given.times, given.folder)
        return
    before, start = peak(), time.process_time()
    read(given.way, given.file)
    print(time.process_time() - start, peak() - before)


if __name__ == "__main__":
    main()
