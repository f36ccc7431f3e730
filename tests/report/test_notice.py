"""Notices: name, score, grade, rank, and nothing else; a draft while anyone is pending."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

import jifen_analysis as jf
from jifen_analysis.errors import UsageError
from jifen_analysis.report.notice import HEADERS, notices, tab_names, write_notices
from tests.report.builders import assessed
from tests.report.sampled import MADE, result


def test_a_notice_lists_everyone_assessed_or_pending_by_rank() -> None:
    """The exempt are not listed; the pending come last, without a score."""
    found = notices(assessed(), "2024H1")
    assert [one.branch for one in found] == ["第二支部", "第十支部"]
    assert found[1].rows == (("1", "甲二", "94.00", "优秀", "1"), ("2", "甲一", "91.60", "优秀", "2"))
    assert all(len(row) == len(HEADERS) for one in found for row in one.rows)


def test_a_notice_is_a_draft_while_somebody_is_pending() -> None:
    """Branches where everybody has a result are not marked."""
    marked = {one.branch: one.draft for one in notices(assessed(), "2024H1")}
    assert marked["第二支部"].startswith("草稿")
    assert marked["第十支部"] == ""


def test_neither_ids_nor_reasons_hang_on_the_wall(tmp_path: Path) -> None:
    """No id, clause, reason or flag is written anywhere in either file."""
    files = [write_notices(notices(result(), "2024H2"), tmp_path / f"n{ending}", MADE) for ending in (".xlsx", ".docx")]
    book = openpyxl.load_workbook(files[0])
    cells = [str(cell.value) for tab in book for row in tab.iter_rows() for cell in row if cell.value is not None]
    document = Document(str(files[1]))
    words = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    words += [one.text for one in document.paragraphs]
    ids = set(result().table["member_id"])
    for said in (cells, words):
        assert not ids & set(said)
        assert not [text for text in said if "条" in text or "否决" in text]
        assert any(text.startswith("公示期") for text in said)
        assert any("联系电话" in text for text in said)


def test_one_sheet_a_branch(tmp_path: Path) -> None:
    """Scores are numbers there, and names that look like formulas stay text."""
    book = openpyxl.load_workbook(write_notices(notices(assessed(), "2024H1"), tmp_path / "n.xlsx", MADE))
    assert book.sheetnames == ["第二支部", "第十支部"]
    names = [cell for row in book["第二支部"].iter_rows(min_row=4) for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in names] == ["s"]
    assert book["第十支部"]["C4"].data_type == "n"


def test_a_grade_that_the_score_alone_does_not_give_is_marked(tmp_path: Path) -> None:
    """Whoever lost it to a quota or was decided on has a star, explained once below; nobody else has."""
    assessment = jf.assess(result().records, jf.read_scheme("street_80_20"))
    table = assessment.table[assessment.table["period"] == "2023"].dropna(subset=["grade", "grade_by_total"])
    other = table[table["grade"].astype("str") != table["grade_by_total"].astype("str")]
    found = notices(assessment, "2023")
    marked = [(one.branch, row[1]) for one in found for row in one.rows if row[3].endswith("*")]
    assert 0 < len(marked) < len(table)
    assert sorted(marked) == sorted(zip(other["branch"], other["name"], strict=True))
    for one in found:
        assert (one.below[0].startswith("*")) == (one.branch in {branch for branch, _ in marked})
    file = write_notices(found, tmp_path / "n.docx", MADE)
    assert sum(text.text.startswith("*") for text in Document(str(file)).paragraphs) == len({b for b, _ in marked})


def test_both_forms_are_centred_and_sealed(tmp_path: Path) -> None:
    """The title stands in the middle, the line for the seal to the right, in Word and in Excel; Excel fits A4."""
    found = notices(assessed(), "2024H1")[1:]
    document = Document(str(write_notices(found, tmp_path / "n.docx", MADE)))
    assert document.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert document.paragraphs[-1].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert "盖章" in document.paragraphs[-1].text
    tab = openpyxl.load_workbook(write_notices(found, tmp_path / "n.xlsx", MADE)).worksheets[0]
    assert tab["A1"].alignment.horizontal == "center"
    seal = next(cell for row in tab.iter_rows() for cell in row if "盖章" in str(cell.value))
    assert seal.alignment.horizontal == "right"
    assert tab.page_setup.paperSize == 9
    assert sum(tab.column_dimensions[name].width for name in "ABCDE") <= 90
    assert tab.print_area.endswith(f"$E${seal.row}")


def test_two_runs_give_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Word and in Excel alike."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    for ending in (".xlsx", ".docx"):
        one, two = (
            write_notices(notices(assessed()), tmp_path / f"{name}{ending}", MADE).read_bytes() for name in "ab"
        )
        assert one == two


def test_an_unknown_branch_is_refused_with_the_known_ones() -> None:
    """The refusal lists them."""
    with pytest.raises(UsageError, match="没有支部 第三支部;有:第二支部、第十支部"):
        notices(assessed(), "2024H1", "第三支部")


def test_sheet_names_are_allowed_and_differ() -> None:
    """Long names that agree in their first 31 signs get a number."""
    names = list(tab_names(["甲" * 40, "甲" * 40, "a/b", ""]))
    assert len(set(names)) == 4
    assert max(map(len, names)) <= 31
    assert not set("".join(names)) & set("[]:*?/\\'")
