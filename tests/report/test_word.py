"""The Word file: headings, numbered figures, tables, page numbers; it converts to PDF."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from jifen_analysis.errors import UsageError
from jifen_analysis.report import needs
from jifen_analysis.report.images import write_images
from jifen_analysis.report.manifest import manifest, outputs_of
from jifen_analysis.report.needs import require_images
from jifen_analysis.report.review import Table
from jifen_analysis.report.word import table, write_word
from tests.charts.browser import found
from tests.report.sampled import short

drawn = pytest.mark.skipif(found() is None, reason="no browser: apt-get install chromium")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same review written twice, in two folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1735689600")
        return [write_word(short(), tmp_path_factory.mktemp(name) / "总结.docx") for name in "ab"]


@drawn
@pytest.mark.parametrize("said", ["短", "a long remark, longer than any other " * 3, "一句很长的话" * 9])
def test_no_column_is_narrower_than_its_longest_word(said: str) -> None:
    """However long one text is, no other column breaks a word while there is room; together they fill a page."""
    heads = ["total", "grade by total", "to the next grade", "rank", "flags", "x"]
    drawn = table(Document(), heads, [["45.00", "不合格", said, "1/1", "forced", "evaluation_partial"]])
    widths = [column.width.cm for column in drawn.columns]
    assert sum(widths) == pytest.approx(16.2, abs=0.01)
    words = ["total", "grade", "grade", "rank", "forced", "evaluation_partial"]
    assert all(width > 0.2 * len(word) + 0.38 for word, width in zip(words, widths, strict=True))


def test_two_runs_give_equal_bytes(files: list[Path]) -> None:
    """Pictures, properties and the archive itself are the same."""
    assert files[0].read_bytes() == files[1].read_bytes()


@drawn
def test_the_document_has_headings_numbered_figures_tables_and_page_numbers(files: list[Path]) -> None:
    """Every section, figure and table of the review stands in it, in order."""
    document = Document(str(files[0]))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [section.title for section in short().sections]
    captions = [one for one in document.paragraphs if one.style.name == "Caption"]
    numbers = [one._p.xpath("string(.//w:fldSimple//w:t)") for one in captions]
    assert numbers == [str(number) for number in range(1, len(list(short().pictures())) + 1)]
    assert len(document.element.xpath(".//c:chart | .//pic:pic")) == len(captions)
    assert not document.element.xpath(".//pic:pic")  # every figure of the review can be edited
    tables = [block for section in short().sections for block in section.blocks if isinstance(block, Table)]
    assert len(document.tables) == len(tables)
    assert document.sections[0].footer._element.xpath(".//w:fldSimple[@w:instr='PAGE']")


@drawn
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice: apt-get install libreoffice-writer")
def test_libreoffice_makes_a_pdf_of_it(files: list[Path], tmp_path: Path) -> None:
    """The PDF has its pages and its words."""
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", "--headless", home, "--convert-to", "pdf", "--outdir", str(tmp_path), str(files[0])]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pdf = tmp_path / "总结.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
        assert "".join(short().title.split()) in "".join(said.split())
        assert "图" in said


@drawn
def test_images_are_named_by_figure(tmp_path: Path) -> None:
    """A PNG and an SVG for each; nothing half written beside them."""
    paths, _ = write_images(short(), tmp_path / "图")
    assert sorted(paths) == sorted((tmp_path / "图").iterdir())
    assert paths[-1].name == "manifest.json"
    assert paths[0].name == "01_grades_by_year.png"
    assert paths[0].read_bytes().startswith(b"\x89PNG")
    assert paths[1].read_text(encoding="utf-8").startswith("<svg")


@drawn
def test_pictures_of_a_larger_run_go(tmp_path: Path) -> None:
    """What the manifest names and nobody has changed since is removed, and told; changed files and others' stay."""
    names = ["02_a.png", "02_changed.png", "02_own.png"]
    for name in names:
        (tmp_path / name).write_text(name, encoding="utf-8")
    listed = manifest({}, [tmp_path / name for name in names[:2]])
    (tmp_path / "manifest.json").write_text(listed, encoding="utf-8")
    (tmp_path / "02_changed.png").write_text("mine now", encoding="utf-8")
    written, removed = write_images(replace(short(), front=short().front[:1]), tmp_path)
    assert removed == [tmp_path / "02_a.png"]
    assert sorted(tmp_path.iterdir()) == sorted([*written, *(tmp_path / name for name in names[1:])])


@pytest.mark.parametrize("said", ["", '{"outputs": {"../x": "9c"}}', '{"outputs": {"x": "9c"}}', '{"outputs": 1}'])
def test_another_programs_manifest_names_nothing(tmp_path: Path, said: str) -> None:
    """A file of that name that is no manifest, or names files elsewhere, or others than stand there, removes none."""
    (tmp_path / "x").touch()
    (tmp_path / "manifest.json").write_text(said, encoding="utf-8")
    assert outputs_of(tmp_path / "manifest.json") == []


@pytest.mark.parametrize("part", ["_no_kaleido", "_no_browser", "_no_font"])
def test_what_is_missing_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """The refusal comes before any figure is drawn, and names what still works."""
    monkeypatch.setattr(needs, part, lambda: ("请安装某物", "install something"))
    with pytest.raises(UsageError, match=r"请安装某物.*html.*xlsx.*不受影响"):
        require_images()


def test_a_system_without_chinese_fonts_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fontconfig that lists nothing means boxes instead of signs."""
    nothing = subprocess.CompletedProcess([], 0, stdout=b"\n")
    monkeypatch.setattr(needs.sys, "platform", "linux")
    monkeypatch.setattr(needs.shutil, "which", lambda _: "/usr/bin/fc-list")
    monkeypatch.setattr(needs.subprocess, "run", lambda *_, **__: nothing)
    assert "fonts-noto-cjk" in str(needs._no_font())
