"""一人一卡: a page for each member, with the numbers of the explanation and a line to sign."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from jifen_analysis.errors import UsageError
from jifen_analysis.report.slips import slips, write_slips
from tests.report.sampled import MADE, result


def test_everyone_of_a_branch_gets_a_slip(tmp_path: Path) -> None:
    """One heading a member, in order of the ids, each with a place to sign."""
    table = result().table.query("period == '2024H2' and branch == '第四支部'")
    due = sorted(table.loc[~table["flags"].str.contains("exempt|not_assessed"), "member_id"])
    document = Document(str(write_slips(slips(result(), "第四支部", "2024H2"), tmp_path / "s.docx", MADE)))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert [text.split()[0] for text in headings] == due
    assert sum(one.text.startswith("本人签名") for one in document.paragraphs) == len(due)


def test_no_signature_stands_alone_on_a_second_page(tmp_path: Path) -> None:
    """What a slip says last, from its heading on, keeps together with the line to sign."""
    document = Document(str(write_slips(slips(result(), "第四支部", "2024H2")[:1], tmp_path / "s.docx", MADE)))
    said = [one for one in document.paragraphs if one.text]
    last = said[[one.text for one in said].index("说明") :]
    assert [bool(one.paragraph_format.keep_with_next) for one in last] == [True] * (len(last) - 1) + [False]


def test_a_slip_shows_the_total_of_the_result(tmp_path: Path) -> None:
    """Components and their sum stand in a table."""
    one = slips(result(), "第四支部", "2024H2")[0]
    document = Document(str(write_slips([one], tmp_path / "s.docx", MADE)))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert f"{one.total:.2f}" in cells
    assert not [text for text in cells if re.search(r"\d\.\d{3}", text)]


def test_each_slip_counts_its_own_pages(tmp_path: Path) -> None:
    """The foot says which of how many it is, and its first page is page 1."""
    document = Document(str(write_slips(slips(result(), "第四支部", "2024H2")[:2], tmp_path / "s.docx", MADE)))
    feet = [section.footer.paragraphs[0].text for section in document.sections]
    assert [foot.split()[0] for foot in feet] == ["第1份(共2份)", "第2份(共2份)"]
    starts = [section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for section in document.sections]
    assert starts == ["1", "1"]


def test_a_year_has_a_slip_of_each_of_its_periods() -> None:
    """One after the other for each member, as one member alone is explained; of those assessed in the branch."""
    found, first, second = (
        [one.text("zh").splitlines()[0] for one in slips(result(), "第四支部", period)]
        for period in ("2024", "2024H1", "2024H2")
    )
    assert first
    assert second
    assert found == sorted([*first, *second], key=lambda head: (head.split()[0], head.endswith("下半年")))


def test_an_unknown_branch_or_period_is_refused() -> None:
    """Both refusals list what there is."""
    with pytest.raises(UsageError, match="没有支部 无;有:第一支部"):
        slips(result(), "无")
    with pytest.raises(UsageError, match="没有考核期 2031H1;有:2023H1"):
        slips(result(), "第一支部", "2031H1")
