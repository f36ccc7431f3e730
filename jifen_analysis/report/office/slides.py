"""A review as slides: at most ten, a finding each, charts that an office can edit, the whole sentence as notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Cm, Pt

from jifen_analysis.report.archive import steady
from jifen_analysis.report.needs import require_office
from jifen_analysis.report.office.chart import FONT, INK, data_of, kind_of, style_chart, without_time
from jifen_analysis.report.office.origin import CUSTOM_PROPERTIES, properties
from jifen_analysis.report.office.spec import ChartSpec, GridSpec, editable, plain
from jifen_analysis.report.review import Picture, Points, Review, Section
from jifen_analysis.report.review.model import Voice
from jifen_analysis.report.review.strip_titles import footless
from jifen_analysis.saving import output_day, replacing, writable

MOST = 10
"""Slides at most."""

MAIN, QUIET, WHITE = RGBColor(0x1F, 0x5A, 0x99), RGBColor(0x52, 0x60, 0x6D), RGBColor(0xFF, 0xFF, 0xFF)
_WIDE, _HIGH, _SIDE = 33.867, 19.05, 1.6
"""A slide's breadth and height, and what is left free at its sides, in centimetres."""


def write_slides(review: Review, path: str | Path) -> Path:
    """Write a review as slides, whole or not at all.

    Parameters
    ----------
    review : Review
        From ``review`` or ``comparison_page``.
    path : str or Path
        Ends with ``.pptx``; replaced where it exists.

    Raises
    ------
    UsageError
        Where the component is missing or the file cannot be written.
    """
    target = writable(path, [".pptx"])
    require_office(target)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(_WIDE), Cm(_HIGH)
    _opening(deck, review)
    shown = _chosen(review)
    for picture in shown:
        _picture(deck, review, picture)
    deck.core_properties.title, deck.core_properties.author = plain(review.title), "jifen-analysis"
    moment = datetime.combine(output_day(), time())
    deck.core_properties.created = deck.core_properties.modified = moment
    if review.made:
        package = deck.part.package
        part = Part(PackURI(CUSTOM_PROPERTIES), CT.OFC_CUSTOM_PROPERTIES, package, properties(review.made))
        package.relate_to(part, RT.CUSTOM_PROPERTIES)
    made = io.BytesIO()
    deck.save(made)
    with replacing(target) as beside:
        beside.write_bytes(steady(made.getvalue()))
    return target


def _chosen(review: Review) -> list[Picture]:
    """Return the pictures that fit: those that the first page names come before others; all in their order."""
    room = MOST - 1 - bool(_later(review))
    pictures = [one for one in review.pictures() if editable(one.figure, review.lang) is not None]
    named = {point.shown_by for point in review.points()}
    first = sorted(pictures, key=lambda one: one.key not in named)[:room]
    return [one for one in pictures if one in first]


# ---------------------------------------------------------------- words


def _slide(deck: Any, title: str, notes: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # a title alone
    place = slide.shapes.title
    place.left, place.top, place.width, place.height = Cm(_SIDE), Cm(0.9), Cm(_WIDE - 2 * _SIDE), Cm(2.6)
    frame = place.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    size = next((size for most, size in _SIZES if len(title) <= most), _SMALLEST)
    _write(frame.paragraphs[0], title, size, bold=True)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    rule = slide.shapes.add_connector(1, Cm(_SIDE), Cm(3.65), Cm(_WIDE - _SIDE), Cm(3.65))
    rule.line.color.rgb, rule.line.width = MAIN, Pt(2)
    slide.notes_slide.notes_text_frame.text = plain(notes)
    return slide


_SIZES, _SMALLEST = ((48, 24), (96, 20)), 17
"""Letters of a title of at most so many signs, and of longer ones, in points."""


def _write(paragraph: Any, text: str, size: float, *, bold: bool = False, colour: RGBColor = INK) -> None:
    run = paragraph.add_run()
    run.text = plain(text)
    run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(size), bold, FONT, colour
    fonts = run.font._element  # a Chinese sign takes the font for East Asia
    east = fonts.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}ea", {"typeface": FONT})
    fonts.append(east)


def _box(slide: Any, top: float, height: float) -> Any:
    box = slide.shapes.add_textbox(Cm(_SIDE), Cm(top), Cm(_WIDE - 2 * _SIDE), Cm(height))
    box.text_frame.word_wrap = True
    return box.text_frame


def _opening(deck: Any, review: Review) -> None:
    """Add the title with what is concluded, then what is to be discussed and minded."""
    first, notes = _section_points(review.opening[:1]), "\n".join(_scope(review))
    slide = _slide(deck, review.title, notes)
    frame = _box(slide, 4.1, 12.6)
    _write(frame.paragraphs[0], review.subtitle, 12, colour=QUIET)
    for number, text in enumerate(first, start=1):
        line = frame.add_paragraph()
        line.space_before = Pt(13)
        _write(line, f"{number}. {text}", 20 if len(first) <= _FEW else 18)
    _foot(slide, _scope(review)[:1])
    later = _later(review)
    if later:
        slide = _slide(
            deck, Voice(review.lang).say("提请研究与注意", "To discuss and to mind"), "\n".join(_scope(review))
        )
        frame = _box(slide, 4.1, 13)
        for section in later:
            head = frame.paragraphs[0] if section is later[0] else frame.add_paragraph()
            head.space_before = Pt(0 if section is later[0] else 22)
            _write(head, section.title, 20, bold=True)
            for text in _section_points([section]):
                line = frame.add_paragraph()
                line.space_before = Pt(7)
                _write(line, f"· {text}", 17)


_FEW = 4


def _later(review: Review) -> list[Section]:
    return [section for section in review.opening[1:] if _section_points([section])]


def _section_points(sections: Iterable[Section]) -> list[str]:
    blocks = [block for section in sections for block in section.blocks if isinstance(block, Points)]
    return [point.text for block in blocks for point in block.points]


def _scope(review: Review) -> Sequence[str]:
    return [block for section in review.opening for block in section.blocks if isinstance(block, str)]


def _foot(slide: Any, lines: Iterable[str]) -> None:
    frame = _box(slide, _HIGH - 1.6, 1)
    _write(frame.paragraphs[0], " ".join(lines), 11, colour=QUIET)


# ---------------------------------------------------------------- pictures


def _picture(deck: Any, review: Review, picture: Picture) -> None:
    drawn = editable(picture.figure, review.lang)
    slide = _slide(deck, _headline(picture, review), picture.sentence)
    frame = _box(slide, 3.8, 1)
    _write(frame.paragraphs[0], picture.title, 14, colour=QUIET)
    if isinstance(drawn, ChartSpec):
        _chart(slide, drawn, f"{picture.title}\uff1a{picture.sentence}")
    elif isinstance(drawn, GridSpec):
        _grid(slide, drawn)
    _foot(slide, [footless(picture.figure)[1]])


def _headline(picture: Picture, review: Review) -> str:
    """Return the first finding, as a title: the rest stands in the notes."""
    if picture.findings:
        return picture.findings[0].headline(review.lang)
    return picture.sentence.rstrip("。.")


def _chart(slide: Any, spec: ChartSpec, said: str) -> None:
    place = (Cm(_SIDE), Cm(4.9), Cm(_WIDE - 2 * _SIDE), Cm(_HIGH - 6.6))
    shape = slide.shapes.add_chart(kind_of(spec), *place, data_of(spec))
    shape._element.nvGraphicFramePr.cNvPr.set("descr", plain(said))
    book = shape.chart.part.chart_workbook.xlsx_part
    book.blob = without_time(book.blob)
    style_chart(shape.chart, spec)


def _grid(slide: Any, grid: GridSpec) -> None:
    rows, columns = len(grid.down) + 1, len(grid.across) + 1
    height = min(3.2 * rows, _HIGH - 7.4)
    shape = slide.shapes.add_table(rows, columns, Cm(_SIDE), Cm(5.2), Cm(_WIDE - 2 * _SIDE), Cm(height))
    table, rest = shape.table, (_WIDE - 2 * _SIDE - _FIRST) / (columns - 1)
    for at, column in enumerate(table.columns):
        column.width = Cm(rest if at else _FIRST)
    for at, name in enumerate(grid.across, start=1):
        _cell(table.cell(0, at), name, WHITE)
    _cell(table.cell(0, 0), "", WHITE)
    for at, (name, texts, shades) in enumerate(zip(grid.down, grid.cells, grid.shades, strict=True), start=1):
        _cell(table.cell(at, 0), name, WHITE)
        for place, (text, shade) in enumerate(zip(texts, shades, strict=True), start=1):
            _cell(table.cell(at, place), text, blue(shade))


_FIRST = 7.0
"""Breadth of the column of names."""


def blue(shade: float) -> RGBColor:
    """Return a blue as the pictures have it, white for 0 and for 1 the darkest that dark letters are read on.

    Examples
    --------
    >>> str(blue(0.0)), str(blue(1.0))
    ('FFFFFF', '8FBADF')
    """
    share = min(max(shade if shade == shade else 0.0, 0.0), 1.0)
    return RGBColor(*(round(255 + (end - 255) * share) for end in (0x8F, 0xBA, 0xDF)))


def _cell(cell: Any, text: str, fill: RGBColor) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = fill
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    lines = text.split("\n") or [""]
    for number, line in enumerate(lines):
        paragraph = cell.text_frame.paragraphs[0] if number == 0 else cell.text_frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER
        _write(paragraph, line, 14)
