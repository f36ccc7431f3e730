"""The results workbook beside XlsxWriter given the same cells: ``python -m benchmarks.writing``.

Writing is what ``jifen assess --out`` does once everybody is scored: the sheets
are made, with every record behind every point, and drawn. The floor is the
same cells without a format, a width or a rule, handed to XlsxWriter one by one.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter

from benchmarks.records import year_of_records
from jifen_analysis import assess, read_scheme
from jifen_analysis.report.results import sheets
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.report.workbook import write_workbook


def bare(drawn: Sequence[Sheet], path: Path) -> None:
    """Write the cells alone."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for sheet in drawn:
            tab = book.add_worksheet(sheet.name)
            for j, name in enumerate(map(str, sheet.frame)):
                formulas, values = dict(enumerate(sheet.formulas.get(name, ()))), sheet.frame[name]
                tab.write_string(0, j, sheet.headers[j])
                for i, (value, known) in enumerate(zip(values.tolist(), values.notna().tolist(), strict=True)):
                    if formulas.get(i):
                        tab.write_formula(i + 1, j, formulas[i], None, value if known else "")
                    elif known:
                        tab.write(i + 1, j, value)


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of this processor that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure in turns and print, best of the runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=3000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    result = assess(year_of_records(given.members), read_scheme("community_60_40"))
    drawn = sheets(result)
    grades = tuple(result.scheme.book.grades)
    with tempfile.TemporaryDirectory() as folder:
        ours, floor = Path(folder) / "ours.xlsx", Path(folder) / "floor.xlsx"
        ways = (lambda: write_workbook(sheets(result), ours, grades), lambda: bare(drawn, floor))
        took = [[seconds(way) for way in ways] for _ in range(given.times)]
    whole, least = (min(each) for each in zip(*took, strict=True))
    cells = sum(int(sheet.frame.notna().to_numpy().sum()) for sheet in drawn)
    print(f"{given.members:,} members, {cells:,} cells; best of {given.times} runs each")
    print(f"XlsxWriter, the same cells bare   1.00\nsheets made and drawn             {whole / least:.2f}")


if __name__ == "__main__":
    main()
