"""The walk-through is walked: its tables filled in, its commands run, in the order of the page."""

from __future__ import annotations

import doctest
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from jifen_analysis.cli import run
from jifen_analysis.intake.correspondence import read_correspondence

PAGE = (Path(__file__).parents[1] / "docs" / "walkthrough.md").read_text(encoding="utf-8")
Rows = list[list[str]]


def steps() -> Iterator[tuple[str, str]]:
    """Yield the page's blocks and tables in order: what each is, and what it holds."""
    for found in re.finditer(r"^```(\w+)\n((?:.*\n)*?)```|^#### (.+)\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        language, block, heading, table = found.groups()
        yield (language, block) if language else (heading, table)


def cells(table: str) -> Rows:
    """Return a table's rows, its head first."""
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
    return [head, *rows]


def number(text: str) -> object:
    """Return a mark as a clerk types it; ids and days stay text."""
    return int(text) if re.fullmatch("[1-9][0-9]?[0-9]?", text) else text


def fill(file: str, sheet: str, rows: Rows) -> None:
    """Append rows below the headers of the blank workbook, or of the branch's own copy of it."""
    target = Path("报送") / file
    book = openpyxl.load_workbook(target if target.exists() else "空白表.xlsx")
    headers = [str(cell.value).lstrip("*") for cell in book[sheet][1]]
    for row in rows[1:]:
        typed = dict(zip(rows[0], map(number, row), strict=True))
        assert typed.keys() <= set(headers)
        book[sheet].append([typed.get(header) for header in headers])
    book.save(target)


def mend(rows: Rows) -> None:
    """Change cells of the only returned copy, and put it in the place of its file."""
    (copy,) = Path("退回件").iterdir()
    book = openpyxl.load_workbook(copy)
    for sheet, cell, value in rows[1:]:
        book[sheet][cell] = number(value)
    book.save(Path("报送") / copy.name.replace("_退回", ""))


def say(rows: Rows) -> None:
    """Fill in the correspondence table: what each of the texts that were sent means."""
    book = openpyxl.load_workbook("对照表.xlsx")
    meanings = dict(rows[1:])
    for text, meaning in book["对照表"].iter_rows(min_row=2, min_col=2, max_col=3):
        meaning.value = meanings.pop(text.value)
    assert not meanings
    book.save("对照表.xlsx")


def typed(line: str) -> int:
    """Do what a line of shell says; installing is not done here."""
    command, *args = shlex.split(line)
    if command == "mkdir":
        Path(args[0]).mkdir()
        return 0
    return run(args) if command == "jifen" else 0


def test_the_page_is_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the empty folder to every output; what is shown of the check is what it says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    printed = ""
    for kind, held in steps():
        if kind == "sh":
            for line in held.splitlines():
                assert typed(line) == ("--returned" in line or "--unknown" in line), line
                printed += capsys.readouterr().out
        elif kind == "text":
            assert [line for line in held.splitlines() if line not in printed] == []
        elif kind == "改正":
            mend(cells(held))
        elif kind == "对照表":
            say(cells(held))
        elif kind not in ("toml", "pycon"):
            fill(*kind.split(), cells(held))
    made = {path.name for path in tmp_path.iterdir()}
    assert made >= {"结果.xlsx", "比较.xlsx", "年度总结.html", "公示表.xlsx", "核验包.zip", "退回件"}


def test_the_table_for_scripts_is_read(tmp_path: Path) -> None:
    """The TOML on the page has no line that will not do, and every key there is."""
    (block,) = (held for kind, held in steps() if kind == "toml")
    file = tmp_path / "对照表.toml"
    file.write_text(block, encoding="utf-8")
    assert all(vars(read_correspondence(file).hints).values())


def test_frames_are_read_as_shown() -> None:
    """What the page shows of frames in a notebook is what they give."""
    (block,) = (held for kind, held in steps() if kind == "pycon")
    example = doctest.DocTestParser().get_doctest(block, {}, "walkthrough", None, 0)
    assert doctest.DocTestRunner().run(example).failed == 0
