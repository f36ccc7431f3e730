"""What is searched: every door through which something comes in that others wrote."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from benchmarks.fuzz.draw import Draw, edited, spliced
from jifen_analysis import (
    JifenError,
    Records,
    assess,
    check,
    lint,
    open_result,
    read_results,
    read_scheme,
    scheme_names,
)
from jifen_analysis.intake.cells import read_column
from jifen_analysis.intake.correspondence import read_correspondence
from jifen_analysis.intake.grid import Grid
from jifen_analysis.intake.layouts import lay_out
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.read import read_document
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.sheets import document_of, rows_of
from jifen_analysis.sealing import document, seal, unseal
from jifen_analysis.store.write import convert
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

SHEETS: Mapping[str, list[list[Any]]] = {
    "花名册": [["党员编号", "姓名", "党支部"], ["00001", "张三", "一支部"], ["00002", "李四", "一支部"]],
    "考勤": [["2024年3月考勤"], ["编号", "姓名", 1, 2, 3], ["00001", "张三", "√", "×", None], ["合计", None, 1, 1, 0]],
    "党费": [["编号", "月份", "应缴", "实缴"], ["00001", "2024-01", 10, "10元"], ["填表人:甲"]],
    "事项": [["编号", "日期", "事项", "级别"], ["00001", "2024-03-05", "表彰奖励", "市级"]],
    "民主评议": [["编号", "考核期", "评议主体", "分数"], ["00001", "2024年上半年", "党员", 90]],
}
"""A workbook in which nothing is wrong."""
PAGE = "<html><table><tr><th>编号</th><th>党支部</th></tr><tr><td>1</td><td>一支部</td></tr></table>"
XML_2003 = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="花名册"><Table><Row>'
    '<Cell><Data ss:Type="String">编号</Data></Cell><Cell ss:Index="2"><Data ss:Type="String">党支部</Data></Cell>'
    '</Row><Row><Cell><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="String">一</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)


def _checked(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        found = check(Path(folder) / name)
        assert found.problems or found.records is not None, "nothing found, and nothing said"


# ---------------------------------------------------------------- files


def texts(draw: Draw) -> None:
    """Take a file of text in any encoding, or of anything."""
    plain = _lines(SHEETS[draw.one([*SHEETS])])
    text = draw.one((plain, plain.replace(",", "\t"), PAGE, XML_2003))
    content = text.encode(draw.one(("utf-8", "gb18030", "utf-16")))
    name = f"数据{draw.one(('.csv', '.txt', '.xls', '.xlsx'))}"
    _checked(name, draw.rest() if draw.byte() % 8 == 0 else spliced(content, draw))


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    return "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)


@cache
def _package() -> Mapping[str, bytes]:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in SHEETS.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made["考勤"].merge_cells("A1:E1")
    whole = io.BytesIO()
    made.save(whole)
    with zipfile.ZipFile(whole) as package:
        return {name: package.read(name) for name in package.namelist()}


def packages(draw: Draw) -> None:
    """Take a workbook whose parts were changed."""
    members = dict(_package())
    for _ in range(1 + draw.below(2)):
        name = draw.one([*members])
        members[name] = spliced(members[name], draw)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    _checked("数据.xlsx", whole.getvalue())


# ---------------------------------------------------------------- cells and sheets


def cells(draw: Draw) -> None:
    """Take a column of anything for any column of any table."""
    column = draw.one([*TABLES[draw.one([*TABLES])].values()])
    values = [draw.cell() for _ in range(1 + draw.below(4))]
    read = read_column(values, column, standard(), draw.one((None, 2024)))
    assert len(read.values) == len(values), "a cell was lost"
    for rows, _, reading in read.marked:
        assert reading.text is not None, "marked without a word"
        assert reading.severity == "note" or read.values.isna().iloc[rows].all(), "refused, and read"


def layouts(draw: Draw) -> None:
    """Take a sheet of anything: each cell has one fate."""
    rows = [list(row) for row in SHEETS[draw.one([*SHEETS])]]
    width = max(map(len, rows)) + draw.below(3)
    rows = [[*row, *[None] * (width - len(row))] for row in (*rows, *([[]] * draw.below(4)))]
    for _ in range(1 + draw.below(8)):
        draw.one(rows)[draw.below(width)] = draw.cell()
    columns = [list(column) for column in zip(*rows, strict=True)]
    grid = Grid("a.xlsx", draw.one((*SHEETS, draw.text())), columns, range(1, len(rows) + 1), range(1, width + 1))
    laid = lay_out(grid, standard(), draw.one((None, 2024)))
    assert sum(laid.counts.values()) <= grid.filled(), "a cell was counted twice"


# ---------------------------------------------------------------- what people write down


def _tried(scheme: Scheme, draw: Draw) -> None:
    """Use a scheme that was taken: what it says can be said, looked through and scored."""
    for lang in ("zh", "en"):
        scheme.describe(lang)
    lint(scheme)
    if draw.byte() % 4 == 0:
        assess(_good(), scheme).table.shape  # noqa: B018 - reckoned when it is asked for


@cache
def _good() -> Records:
    with tempfile.TemporaryDirectory() as folder:
        _put(Path(folder), _plain_files())
        found = check(folder).records
    assert found is not None, "the good files are no longer good"
    return found


def _plain_files() -> Mapping[str, bytes]:
    tables = {name: rows for name, rows in SHEETS.items() if name != "考勤"}
    return {f"{name}.csv": _lines(row for row in rows if len(row) > 1).encode() for name, rows in tables.items()}


@cache
def _documents() -> Mapping[str, dict[str, Any]]:
    return {name: thaw(read_document(name)[0]) for name in scheme_names()}


def schemes(draw: Draw) -> None:
    """Take a scheme's document with parts changed."""
    raw = _documents()[draw.one([*_documents()])]
    for _ in range(1 + draw.below(2)):
        raw = edited(raw, draw)
    _tried(Scheme(raw if isinstance(raw, dict) else {"id": raw}), draw)


def scheme_texts(draw: Draw) -> None:
    """Take a scheme's file with bytes changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_bytes(spliced(_text_of(draw.one(scheme_names())), draw))
        _tried(read_scheme(path), draw)


@cache
def _text_of(name: str) -> bytes:
    from importlib import resources

    return resources.files("jifen_analysis.schemes").joinpath("library", f"{name}.toml").read_bytes()


def scheme_sheets(draw: Draw) -> None:
    """Take the sheets of a 方案表 with cells changed."""
    said = rows_of(_documents()[draw.one(scheme_names())])
    rows = {name: [list(row) for row in sheet] for name, sheet in said.items()}
    for _ in range(1 + draw.below(4)):
        sheet = rows[draw.one([*rows])]
        row = draw.one(sheet) if sheet else []
        if row:
            row[draw.below(len(row))] = draw.cell()
    _tried(Scheme(document_of(rows).document), draw)


def correspondences(draw: Draw) -> None:
    """Take a 对照表, as a document or as a file."""
    raw: Any = {
        **{"year": 2024, "blank": "缺席", "symbols": {"○": "请假"}, "headers": {"到会": "出勤情况"}},
        **{"sheets": {"表一": "考勤"}, "branches": {"一支": "一支部"}},
        "words": {"event": {"扫雪": "不计"}, "status": {"在家": "请假"}},
    }
    if draw.byte() % 2:
        raw = edited(raw, draw)
        read_correspondence(raw if isinstance(raw, dict) else {"year": raw})
        return
    rows = [["类别", "报来的写法", "读作"], ["支部", "一支", "一支部"], ["出勤情况", "在家", "请假"]]
    draw.one(rows)[draw.below(3)] = draw.text()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "对照表.csv"
        path.write_text(_lines(rows), encoding="utf-8", errors="replace")
        read_correspondence(path)


# ---------------------------------------------------------------- what was stored


@cache
def _converted() -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        out = convert(_good(), Path(folder) / "out")
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def manifests(draw: Draw) -> None:
    """Take a converted folder whose manifest, sealed again, says something else."""
    files = dict(_converted())
    raw = edited(unseal(document(files["jifen.json"].decode())), draw)
    text = seal(raw) if isinstance(raw, dict) else json.dumps(raw)
    files["jifen.json"] = text.encode() if draw.byte() % 4 else spliced(files["jifen.json"], draw)
    with tempfile.TemporaryDirectory() as folder:
        _put(Path(folder), files)
        found = check(folder)
        if found.records is not None:
            for table in found.records.frames:
                found.records.table(table)


def _put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@cache
def _saved() -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "saved"
        assess(_good(), read_scheme("community_60_40")).save(out)
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def saved(draw: Draw) -> None:
    """Take a saved result of which one file says something else."""
    files = dict(_saved())
    name = draw.one(sorted(files))
    if name.endswith(".json") and draw.byte() % 4:
        raw = edited(unseal(document(files[name].decode())), draw)
        files[name] = (seal(raw) if isinstance(raw, dict) else json.dumps(raw)).encode()
    else:
        files[name] = spliced(files[name], draw)
    with tempfile.TemporaryDirectory() as folder:
        _put(Path(folder), files)
        open_result(folder)


def results(draw: Draw) -> None:
    """Take a list of results that somebody tallied."""
    rows = [["编号", "姓名", "总分", "等次"], ["00001", "张三", "91.5", "优秀"], ["00002", "李四", "", "合格"]]
    for _ in range(1 + draw.below(3)):
        draw.one(rows)[draw.below(4)] = draw.text()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "2023.csv"
        path.write_text(_lines(rows), encoding="utf-8", errors="replace")
        read_results(path)


TARGETS: Mapping[str, Callable[[Draw], None]] = {
    door.__name__: door
    for door in (
        *(texts, packages, cells, layouts, schemes, scheme_texts),
        *(scheme_sheets, correspondences, manifests, saved, results),
    )
}
"""Doors by name."""


def tried(name: str, data: bytes) -> None:
    """Try one case; a refusal is an answer, anything else is raised."""
    try:
        TARGETS[name](Draw(data))
    except JifenError as refusal:
        if not all(refusal.text):
            raise AssertionError("refused without a word") from refusal
