"""The styles of an .xlsx package, as far as they change what a person reads: number formats, what is crossed out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from jifen_analysis.intake.grid.formats import BUILT_IN, matters


@dataclass(frozen=True)
class Styles:
    """Which styles matter; by the number that a cell refers to.

    Parameters
    ----------
    codes : mapping of int to str
        Number formats that may show anything but the stored value.
    struck : frozenset of int
        Styles whose font is crossed out.
    texts_struck : frozenset of int
        Shared texts of which a part is crossed out.
    """

    codes: Mapping[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()
    texts_struck: frozenset[int] = frozenset()


PLAIN = Styles()
"""Of a workbook that shows every value as it is stored."""


def read_styles(xml: bytes, shared: bytes = b"") -> Styles:
    """Read the part with the styles, and that with the shared texts; what is damaged there says nothing.

    Examples
    --------
    >>> xml = b'<styleSheet xmlns="m"><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>'
    >>> read_styles(xml).codes
    {1: '0%'}
    """
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, LookupError, ValueError):
        return PLAIN
    own = {node.get("numFmtId", ""): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
    fonts = [_is_struck(font) for font in root.iterfind("{*}fonts/{*}font")]
    codes: dict[int, str] = {}
    struck: set[int] = set()
    for n, xf in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        code = own.get(xf.get("numFmtId", "")) or BUILT_IN.get(_number(xf.get("numFmtId")), "")
        if code and matters(code):
            codes[n] = code
        font = _number(xf.get("fontId"))
        if font < len(fonts) and fonts[font]:
            struck.add(n)
    return Styles(codes, frozenset(struck), frozenset(_struck_texts(shared)))


def _is_struck(font: ElementTree.Element) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


_TEXT = re.compile(rb"<(?:\w+:)?si\b(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
STRIKE = re.compile(rb"<(?:\w+:)?strike\b(?![^>]*val=[\"'](?:0|false))")
"""A run of letters that is crossed out."""


def _struck_texts(shared: bytes) -> Iterator[int]:
    if b"strike" in shared:
        for n, found in enumerate(_TEXT.finditer(shared)):
            if found[1] and STRIKE.search(found[1]):
                yield n
