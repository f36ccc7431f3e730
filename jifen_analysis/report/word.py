"""A review as a Word file: headings, numbered figures, real tables, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from jifen_analysis.errors import Lang
from jifen_analysis.report.archive import steady
from jifen_analysis.report.images import render
from jifen_analysis.report.needs import require_office
from jifen_analysis.report.office.chart import chart_workbook, chart_xml
from jifen_analysis.report.office.origin import CUSTOM_PROPERTIES, properties
from jifen_analysis.report.office.spec import ChartSpec, GridSpec, editable, plain
from jifen_analysis.report.review import Picture, Points, Review, Section, Table, Voice
from jifen_analysis.report.workbook import signs
from jifen_analysis.saving import output_day, replacing, scratch, writable

BODY, HEADING = "SimSun", "SimHei"
"""Fonts of Chinese offices; where they are missing the program takes another."""


def write_word(review: Review, path: str | Path) -> Path:
    """Write a review as a Word file, whole or not at all.

    Parameters
    ----------
    review : Review
        From ``review``.
    path : str or Path
        Ends with ``.docx``; replaced where it exists.

    Raises
    ------
    UsageError
        Where a component is missing or the file cannot be written; or, for a
        figure that Word has no chart for, a browser or a Chinese font.
    """
    target = writable(path, [".docx"])
    require_office(target)
    with scratch() as folder:
        left = [picture for picture in review.pictures() if editable(picture.figure, review.lang) is None]
        files = [folder / f"{picture.key}.png" for picture in left]
        if left:
            render([picture.figure for picture in left], files)
        document = new_document(review.title)
        _fill(document, review, {path.stem: path for path in files})
    save_document(document, target, review.made)
    return target


def new_document(title: str) -> Any:
    """Return an A4 document in the fonts of the house, with page numbers."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(1.9)
    for name, font, size in _STYLES:
        _dress(document.styles[name], font, size)
    for name in ("Normal", "Caption"):
        document.styles[name].paragraph_format.space_after = Pt(4)
        document.styles[name].paragraph_format.line_spacing = 1.1
    document.core_properties.title = title
    document.core_properties.author = "jifen-analysis"
    _page_number(section.footer.paragraphs[0])
    return document


_STYLES = (
    ("Normal", BODY, 10.5),  # 五号, the usual size of an office
    ("Title", HEADING, 20),
    ("Heading 1", HEADING, 14),
    ("Heading 2", HEADING, 12),
    ("Caption", HEADING, 9.5),
)


def _dress(style: Any, font: str, size: float) -> None:
    style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), RGBColor(0x1F, 0x29, 0x33)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")  # else the signs of another script's fonts may be taken
    style.element.get_or_add_rPr().append(language)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(paragraph, "PAGE", "1")


def number_pages(document: Any, around: Sequence[str], *, first: bool) -> None:
    """Begin a page whose foot says its own words about the page's number, which begins anew.

    Parameters
    ----------
    document : Document
        Grows by a section, but for the ``first``, whose foot is dressed.
    around : sequence of two str
        Before and after the number.
    """
    section = document.sections[0] if first else document.add_section(WD_SECTION.NEW_PAGE)
    section.footer.is_linked_to_previous = False
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)  # python-docx has no page numbers of its own
    line = section.footer.paragraphs[0]
    line.clear()
    align([line], "center")
    before, after = around
    line.add_run(before)
    _field(line, "PAGE", "1")
    line.add_run(after)


def _field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field that Word counts itself, with what it shows until then."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # python-docx has no fields of its own


def _fill(document: Any, review: Review, drawn: dict[str, Path]) -> None:
    document.add_heading(review.title, 0)
    document.add_paragraph(review.subtitle)
    columned = False
    for section in review.sections:
        if section.folded and all(isinstance(block, str) for block in section.blocks):
            _in_columns(document)
            columned = True
        document.add_heading(section.title, 1)
        _section(document, section, review, drawn)
    if columned:
        document.add_section(WD_SECTION.CONTINUOUS)._sectPr.xpath("./w:cols")[0].set(qn("w:num"), "1")  # evens them out


def _in_columns(document: Any) -> None:
    """Let what follows stand in two columns: it is looked up, not read."""
    columns = document.add_section(WD_SECTION.CONTINUOUS)._sectPr.xpath("./w:cols")[0]
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), "425")


def _section(document: Any, section: Section, review: Review, drawn: dict[str, Path]) -> None:
    lang, numbered = review.lang, review.numbers()
    for block in section.blocks:
        if isinstance(block, Picture):
            _picture(document, block, lang, drawn.get(block.key), numbered[block.key])
        elif isinstance(block, Table):
            if block.title != section.title:
                document.add_heading(block.title, 2).paragraph_format.keep_with_next = True
            table(document, block.headers, block.rows, block.numbers)
            _note(document, block.note)
        elif isinstance(block, Points):
            _points(document, block, review)
        else:
            _words(document, block, small=section.folded)


def _note(document: Any, said: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(3)
    paragraph.add_run(said).font.size = Pt(9)


def _points(document: Any, block: Points, review: Review) -> None:
    """Add a list; each point says in small letters how sure it is and what shows it."""
    say, shown = Voice(review.lang).say, review.told_by()
    for number, point in enumerate(block.points, start=1):
        paragraph = document.add_paragraph(f"{number}. {point.text}" if block.numbered else f"· {point.text}")
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.6), Cm(-0.6)
        paragraph.paragraph_format.space_after = Pt(4)
        told = [part for part in (point.note, shown.get(point.shown_by, "")) if part]
        if told:
            paragraph.add_run(say(f"（{';'.join(told)}）", f" ({'; '.join(told)})")).font.size = Pt(9)


def _words(document: Any, block: str, *, small: bool) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(block.strip()).font.size = Pt(7.5) if small else None
    paragraph.paragraph_format.left_indent = Cm((0.12 if small else 0.25) * (len(block) - len(block.lstrip())))
    paragraph.paragraph_format.space_after = Pt(0 if small else 2)
    paragraph.paragraph_format.line_spacing = 1.0 if small else None


def _picture(document: Any, picture: Picture, lang: Lang, file: Path | None, number: int) -> None:
    found = editable(picture.figure, lang)
    if isinstance(found, GridSpec):
        _grid(document, found)
    else:
        drawn = document.add_paragraph()
        drawn.alignment, drawn.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        if isinstance(found, ChartSpec):
            embed(drawn, found, number, picture.sentence, (16.2, _height(found)))
        elif file is not None:
            shape = drawn.add_run().add_picture(str(file), width=Cm(15))
            shape._inline.docPr.set("descr", picture.sentence)  # what a screen reader says
    caption = document.add_paragraph("图 " if lang == "zh" else "Figure ", style="Caption")
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(caption, "SEQ Figure \\* ARABIC", str(number))
    caption.add_run(f"  {picture.title}")
    caption.paragraph_format.keep_with_next = True
    document.add_paragraph(picture.sentence)


def _height(chart: ChartSpec) -> float:
    """Return how high a chart is to be, in centimetres: room for every name."""
    if chart.kind in ("bars", "stacked"):
        return min(2.4 + 0.8 * len(chart.names), 12.0)
    return 5.0 if len(chart.series) <= _FEW else 6.2  # its legend has two lines


_FEW = 4
"""Series whose legend has one line."""


def _grid(document: Any, grid: GridSpec) -> None:
    """Add cells that are the darker the more they hold; what stands in them can be edited."""
    lines = [[name, *cells] for name, cells in zip(grid.down, grid.cells, strict=True)]
    drawn = table(document, ["", *grid.across], lines)
    for row, shades in zip(drawn.rows[1:], grid.shades, strict=True):
        for cell, shade in zip(row.cells[1:], shades, strict=True):
            share = min(max(shade if shade == shade else 0.0, 0.0), 1.0) * _PALEST
            _shade(cell, "".join(f"{round(255 + (end - 255) * share):02X}" for end in (0x1F, 0x5A, 0x99)))
            align(cell.paragraphs, "center")


_PALEST = 0.5
"""How dark the darkest cell is: letters stay dark."""


def align(paragraphs: list[Any], side: Literal["center", "right"]) -> list[Any]:
    """Put paragraphs into the middle, or to the right, and return them."""
    for paragraph in paragraphs:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if side == "center" else WD_ALIGN_PARAGRAPH.RIGHT
    return paragraphs


def table(document: Any, headers: Iterable[str], rows: Iterable[Iterable[str]], numbers: int = 0) -> Any:
    """Add a table whose head is repeated on every page.

    Parameters
    ----------
    document : Document
        Grows by the table.
    headers, rows : iterable
        Cells as text.
    numbers : int
        How many of the last columns are flushed right.
    """
    heads, lines = list(headers), [list(row) for row in rows]
    widths = _widths([heads, *lines])
    drawn = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    _row(drawn.rows[0], heads, widths, len(heads) - numbers, head=True)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width  # LibreOffice reads it here, Word in each cell
    repeated = OxmlElement("w:tblHeader")
    drawn.rows[0]._tr.get_or_add_trPr().append(repeated)
    for line in lines:
        _row(drawn.add_row(), line, widths, len(heads) - numbers)
    for row in drawn.rows[:-1] if len(lines) <= _SHORT else drawn.rows[:2]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    return drawn


_SHORT = 6
"""Lines of a table that stays on one page; of a longer one the head and the first two do."""


def _widths(lines: list[list[str]]) -> list[Cm]:
    """Return the width of each column, by its longest text; none is very narrow or very wide, nor breaks a word."""
    columns = list(zip(*lines, strict=True))
    longest = [min(max(map(signs, column), default=0), _WIDE) + _NARROW for column in columns]
    words = [[len(word) for text in column for word in re.findall(_WORD, text)] for column in columns]
    least = [_LETTER * max(each, default=0) + _MARGIN for each in words]
    held: dict[int, float] = {}
    while sum(least) <= _BREADTH:  # what is widened leaves less for the others, which may now be too narrow
        each = (_BREADTH - sum(held.values())) / sum(size for at, size in enumerate(longest) if at not in held)
        short = {at: least[at] for at, size in enumerate(longest) if at not in held and size * each < least[at]}
        if not short:
            return [Cm(held.get(at, size * each)) for at, size in enumerate(longest)]
        held |= short
    return [Cm(_BREADTH * size / sum(longest)) for size in longest]


_NARROW, _WIDE, _BREADTH = 4, 36, 16.2
"""Signs that every column has room for beyond its text and that widen it at most; a page's breadth in centimetres."""
_WORD, _LETTER, _MARGIN = r"[^\s\u2e80-\uffef]+", 0.23, 0.4
"""What is broken nowhere; the breadth of a bold letter of it, and of what stands about the text of a cell."""


def _row(row: Any, cells: list[str], widths: list[Cm], first_number: int, *, head: bool = False) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for at, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
        cell.width, cell.vertical_alignment = widths[at], WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold, run.font.size = head, Pt(9.5)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
        if head:
            _shade(cell)
        if at >= first_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: Any, fill: str = "DCE6F1") -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), fill)
    cell._tc.get_or_add_tcPr().append(shade)


def save_document(document: Any, target: Path, made: Mapping[str, Any]) -> None:
    """Write a document, the same content as the same bytes; its properties say from what it was made."""
    moment = datetime.combine(output_day(), time())
    document.core_properties.created = document.core_properties.modified = moment
    if made:
        package = document.part.package
        part = Part(PackURI(CUSTOM_PROPERTIES), CT.OFC_CUSTOM_PROPERTIES, properties(made), package)
        package.relate_to(part, RT.CUSTOM_PROPERTIES)
    with replacing(target) as beside:
        document.save(str(beside))
        beside.write_bytes(steady(beside.read_bytes()))


# ---------------------------------------------------------------- charts in it


_LETTERS = 9
"""Size of letters in a chart, in points."""

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FRAME = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><wp:inline distT="0" distB="0" distL="0" distR="0">
<wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="{number}" name="chart {number}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="{chart}"><c:chart xmlns:c="{chart}" xmlns:r="{links}" r:id="{link}"/></a:graphicData>
</a:graphic></wp:inline></w:drawing>"""


def embed(paragraph: Any, spec: ChartSpec, number: int, said: str, size: tuple[float, float]) -> None:
    """Put a chart that Word can edit into a paragraph.

    Parameters
    ----------
    paragraph : Paragraph
        Grows by the chart.
    spec : ChartSpec
        Names and numbers.
    number : int
        Of the figure: each in a document has another.
    said : str
        What a screen reader says.
    size : tuple of (float, float)
        Breadth and height in centimetres.
    """
    package = paragraph.part.package
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CT.SML_SHEET, chart_workbook(spec), package)
    space = chart_xml(spec, _LETTERS)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CT.DML_CHART, b"", package)
    outside = etree.SubElement(space, f"{{{_CHART}}}externalData")
    outside.set(f"{{{_LINKS}}}id", part.relate_to(book, RT.PACKAGE))
    etree.SubElement(outside, f"{{{_CHART}}}autoUpdate").set("val", "0")
    part._blob = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    wide, high = (int(Cm(side)) for side in size)
    link = paragraph.part.relate_to(part, RT.CHART)
    frame = parse_xml(_FRAME.format(wide=wide, high=high, number=number, chart=_CHART, links=_LINKS, link=link))
    frame.find(".//{*}docPr").set("descr", plain(said))
    paragraph.add_run()._r.append(frame)
