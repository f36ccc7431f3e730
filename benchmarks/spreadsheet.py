"""How long LibreOffice takes to add up 2,000 members with SUMIFS, beside ``jifen assess`` on the same workbook.

``python -m benchmarks.spreadsheet``. The sheet is what people build today, built
well: helper columns price every record once, SUMIFS and COUNTIFS add up by
member and half. Totals must be equal. LibreOffice takes its time to open a
workbook, so opening the records without a single formula stands beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import xlsxwriter

from benchmarks.records import year_of_records
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.vocabulary import standard

OFFICE = shutil.which("soffice")
SCHEME = "community_60_40"
COLUMNS = {
    "members": ("member_id", "branch"),
    "attendance": ("member_id", "date", "activity", "status"),
    "dues": ("member_id", "month", "due", "paid", "paid_on"),
    "events": ("member_id", "date", "event"),
    "evaluations": ("member_id", "period", "group", "mark"),
}
PRICES = {"absent": -5, "late": -4, "early_leave": -4, "leave": -3, "sick_leave": -3, "proxy": -10}
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,0"
"""UTF-8, numbers in full, the first sheet."""


def said(kind: str, code: str) -> str:
    """Return a word as it stands in a cell."""
    return standard().label(kind, code)


# ---------------------------------------------------------------- the workbooks


def records_book(records: Records, path: Path) -> Path:
    """Write the records alone, a sheet a table, as branches send them."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        _tables(book, records, {})
    return path


def formula_book(records: Records, path: Path) -> Path:
    """Write the records with helper columns, behind a first sheet of totals."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("计分")
        sheet.write_row(0, 0, ["党员编号", "考核期", "出勤", "党费", "清零", "加分", "评议", "总分"])
        ends = {name: len(records.table(name)) + 1 for name in COLUMNS}
        for i, member in enumerate(records.members["member_id"]):
            for half in (1, 2):
                row = 2 * i + half
                sheet.write_row(row, 0, [member, f"H{half}"])
                for j, formula in enumerate(_total(row + 1, ends), start=2):
                    sheet.write_formula(row, j, formula)
        _tables(book, records, HELPERS)
        prices = book.add_worksheet("扣分")
        for i, status in enumerate(standard().codes("status")):
            prices.write_row(i, 0, [said("status", status), PRICES.get(status, 0)])
    return path


def _tables(book: xlsxwriter.Workbook, records: Records, helpers: Mapping[str, Sequence[str]]) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for table, columns in COLUMNS.items():
        sheet = book.add_worksheet(standard().tables[table].label)
        sheet.write_row(0, 0, [standard().column(table, column).label for column in columns])
        cells = [_cells(table, column, records.table(table)[column]) for column in columns]
        for i, row in enumerate(zip(*cells, strict=True), start=1):
            for j, value in enumerate(row):
                sheet.write(i, j, value, day if isinstance(value, pd.Timestamp) else None)
            for j, formula in enumerate(helpers.get(table, ()), start=len(columns)):
                sheet.write_formula(i, j, formula.format(row=i + 1))


def _cells(table: str, column: str, values: pd.Series) -> Iterable[object]:
    words = TABLES[table][column].words
    return [said(words, value) for value in values] if words else values.tolist()


_HALF = 'IF(MONTH(B{row})<7,"H1","H2")'
_LAST = "EOMONTH(DATE(2024,VALUE(RIGHT(B{row},2)),1),0)"
_CLOSE = 'IF(F{row}="H1",DATE(2024,6,30),DATE(2024,12,31))'
HELPERS = {
    "attendance": (
        f"={_HALF}",
        f'=IF(C{{row}}="{said("activity", "workday")}",0,VLOOKUP(D{{row}},扣分!$A$1:$B$8,2,FALSE))',
    ),
    "dues": (
        '=IF(VALUE(RIGHT(B{row},2))<7,"H1","H2")',
        f"=IF(IF(E{{row}}>{_CLOSE},0,D{{row}})>=C{{row}},MAX(0,E{{row}}-{_LAST}),MAX(1,{_CLOSE}-{_LAST}))",
        "=IF(G{row}<1,0,IF(G{row}<31,-2,IF(G{row}<60,-5,0)))",
    ),
    "events": (f"={_HALF}",),
    "evaluations": ("=RIGHT(B{row},2)",),
}
"""What stands beside each record: its half, its price."""


def _total(row: int, ends: Mapping[str, int]) -> tuple[str, ...]:
    """Return the formulas of one member and half, from attendance to the total."""

    def column(table: str, letter: str) -> str:
        return f"{standard().tables[table].label}!${letter}$2:${letter}${ends[table]}"

    def mine(table: str, half: str) -> str:
        return f"{column(table, 'A')},$A{row},{column(table, half)},$B{row}"

    marks = "+".join(
        f"{share}*AVERAGEIFS({column('evaluations', 'D')},{mine('evaluations', 'E')},"
        f'{column("evaluations", "C")},"{said("group", group)}")'
        for group, share in (("committee", 0.3), ("members", 0.4), ("households", 0.3))
    )
    return (
        f"=SUMIFS({column('attendance', 'F')},{mine('attendance', 'E')})",
        f"=SUMIFS({column('dues', 'H')},{mine('dues', 'F')})",
        f'=COUNTIFS({mine("dues", "F")},{column("dues", "G")},">=60")',
        f'=5*COUNTIFS({mine("events", "D")},{column("events", "C")},"{said("event", "public_benefit")}")',
        f"={marks}",
        f"=0.6*(90+C{row}+IF(E{row}>0,MIN(0,10+D{row}),10+D{row}))+0.4*G{row}+F{row}",
    )


# ---------------------------------------------------------------- beside each other


def calculated(path: Path, folder: Path) -> float:
    """Let LibreOffice open a workbook, calculate it anew and write its first sheet as CSV into the folder."""
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(ALWAYS, encoding="utf-8")
    where = [f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    return timed([str(OFFICE), *where, "--convert-to", CSV, "--outdir", str(folder), str(path)])


def timed(command: Sequence[str]) -> float:
    """Run a command; return the seconds of processors that it and its children took."""
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def equal(sheet: Path, ours: Path) -> None:
    """Stop where a total differs."""
    theirs = pd.read_csv(sheet, dtype={"党员编号": "str"}).set_index(["党员编号", "考核期"])["总分"]
    table = pd.read_csv(ours, dtype={"member_id": "str"})
    totals = table.assign(half=table["period"].str[4:]).set_index(["member_id", "half"])["total"]
    gap = (theirs.sort_index() - totals.sort_index()).abs().max()
    if len(theirs) != len(totals) or not gap < 1e-9:
        sys.exit(f"the sheet disagrees: {len(theirs)} and {len(totals)} totals, largest gap {gap}")


def main() -> None:
    """Measure and print, everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=1)
    given = parser.parse_args()
    if OFFICE is None:
        print("a sheet of SUMIFS                  not measured: no soffice here (apt-get install libreoffice-calc)")
        return
    with tempfile.TemporaryDirectory(prefix="jifen-sheet-") as place:
        beside(year_of_records(given.members), Path(place), given.times)


def beside(records: Records, folder: Path, times: int) -> None:
    """Measure the sheet, the mere opening and ourselves in turn, and print the shortest of each."""
    plain, sheet = records_book(records, folder / "记录.xlsx"), formula_book(records, folder / "计分表.xlsx")
    out = folder / "ours.csv"
    ours = [sys.executable, "-m", "jifen_analysis.cli", "assess", str(plain), "--scheme", SCHEME, "--out", str(out)]
    calculated(plain, folder)  # the first start makes a profile
    runs = [(calculated(plain, folder), calculated(sheet, folder), timed(ours)) for _ in range(times)]
    equal(folder / f"{sheet.stem}.csv", out)
    opening, whole, own = (min(taken) for taken in zip(*runs, strict=True))
    rows = sum(len(records.table(name)) for name in COLUMNS)
    print(f"{len(records.members):,} members, {rows:,} rows in one workbook, {SCHEME}; totals equal")
    print(f"seconds of processors, best of {times} runs each, as multiples of jifen assess from file to file:")
    print(f"LibreOffice, a sheet of SUMIFS     {whole / own:6.2f} ")
    print(f"LibreOffice, opening the records   {opening / own:6.2f}")
    print(f"LibreOffice, the formulas alone    {(whole - opening) / own:6.2f}")


if __name__ == "__main__":
    main()
