"""A chart inside a Word file: python-docx knows pictures alone, the format knows both."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm
from lxml import etree

from jifen_analysis.report.office.chart import chart_workbook, chart_xml
from jifen_analysis.report.office.spec import ChartSpec, plain

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
