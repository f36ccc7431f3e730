"""The fills of marked cells: each carries the fill it covers, so that a mark can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jifen_analysis.errors import Severity
from jifen_analysis.intake.grid.package import refuse_damaged
from jifen_analysis.intake.returned.package import append_child, children_named, dom, serialise

COLOURS: dict[Severity, str] = {"error": "FFF4B6B6", "note": "FFFFF1C4"}

Worn = tuple[int, Severity]
"""A cell's format, and the mark put over it."""
FONTS: dict[str, dict[str, dict[str, str]]] = {
    "head": {"b": {}},
    "ours": {"b": {}, "color": {"rgb": "FFC00000"}},
    "link": {"u": {}, "color": {"rgb": "FF0563C1"}},
    "said": {},
}
"""Own formats by name: what their font has."""


def with_marks(styles: bytes, worn: Iterable[Worn]) -> tuple[bytes, dict[Worn, int], dict[str, int]]:
    """Add the formats that marks need: the part, the format of each mark over a format, and own formats by name."""
    document = dom(styles)
    fills, formats = (_only(document, name) for name in ("fills", "cellXfs"))
    xfs = list(children_named(formats, "xf"))
    over = {(at, kind): _over(fills, formats, xfs[at if at < len(xfs) else 0], COLOURS[kind]) for at, kind in worn}
    own = {name: _written_in(document, formats, font) for name, font in FONTS.items()}
    own |= {kind: _appended(formats, {"fillId": _fill(fills, colour, None)}) for kind, colour in COLOURS.items()}
    _counted(document)
    return serialise(document), over, own


def strip_fills(styles: bytes, *, kept_below: bool) -> bytes:
    """Give marked formats back the fill that they cover, where the program that saved the file kept it."""
    document = dom(styles)
    fills, formats = (_only(document, name) for name in ("fills", "cellXfs"))
    ours = {
        n: fill for n, fill in enumerate(children_named(fills, "fill")) if _colour(fill, "fgColor") in COLOURS.values()
    }
    if not ours:
        return styles
    before = {str(n): _uncovered(fills, fill) if kept_below else "0" for n, fill in ours.items()}
    for xf in children_named(formats, "xf"):
        number = xf.getAttribute("fillId") or "0"
        xf.setAttribute("fillId", before.get(number, number))
    _counted(document)
    return serialise(document)


def _only(document: Any, name: str) -> Any:
    found = next(children_named(document.documentElement, name), None)
    if found is None:
        raise refuse_damaged()
    return found


def _counted(document: Any) -> None:
    for name in ("fonts", "fills", "cellXfs"):
        node = _only(document, name)
        node.setAttribute("count", str(sum(child.nodeType == child.ELEMENT_NODE for child in node.childNodes)))


# ---------------------------------------------------------------- formats


def _over(fills: Any, formats: Any, xf: Any, colour: str) -> int:
    below = list(children_named(fills, "fill"))[int(xf.getAttribute("fillId") or 0)]
    marked = xf.cloneNode(True)
    marked.setAttribute("fillId", _fill(fills, colour, below))
    marked.setAttribute("applyFill", "1")
    formats.appendChild(marked)
    return int(_last(formats, "xf"))


def _appended(formats: Any, attributes: dict[str, str]) -> int:
    given = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0", **attributes}
    xf = append_child(formats, "xf", **given)
    for key in attributes:
        xf.setAttribute(f"apply{key.removesuffix('Id').capitalize()}", "1")
    append_child(xf, "alignment", vertical="top", wrapText="1")
    xf.setAttribute("applyAlignment", "1")
    return int(_last(formats, "xf"))


def _written_in(document: Any, formats: Any, font: dict[str, dict[str, str]]) -> int:
    fonts = _only(document, "fonts")
    node = append_child(fonts, "font")
    for name, attributes in ({key: font[key] for key in ("b", "u") if key in font}).items():
        append_child(node, name, **attributes)
    append_child(node, "sz", val="11")
    if "color" in font:
        append_child(node, "color", **font["color"])
    append_child(node, "name", val="宋体")
    return _appended(formats, {"fontId": _last(fonts, "font")})


# ---------------------------------------------------------------- fills


def _fill(fills: Any, colour: str, below: Any) -> str:
    """Append a solid fill; a solid fill shows no second colour, which is where the covered one is kept."""
    covered = _colours(below, "fgColor") if below is not None and _solid(below) else {}
    return _painted(fills, {"rgb": colour}, covered or {"indexed": "64"})


def _uncovered(fills: Any, fill: Any) -> str:
    covered = _colours(fill, "bgColor")
    if not covered or covered.get("indexed") in ("64", "65") or "auto" in covered:
        return "0"
    return _painted(fills, covered, {"indexed": "64"})


def _painted(fills: Any, colour: Mapping[str, str], second: Mapping[str, str]) -> str:
    pattern = append_child(append_child(fills, "fill"), "patternFill", patternType="solid")
    append_child(pattern, "fgColor", **colour)
    append_child(pattern, "bgColor", **second)
    return _last(fills, "fill")


def _last(parent: Any, name: str) -> str:
    """Return the number of the last of some children."""
    return str(len(list(children_named(parent, name))) - 1)


def _solid(fill: Any) -> bool:
    return any(pattern.getAttribute("patternType") == "solid" for pattern in children_named(fill, "patternFill"))


def _colours(fill: Any, name: str) -> dict[str, str]:
    found = (
        dict(node.attributes.items())
        for pattern in children_named(fill, "patternFill")
        for node in children_named(pattern, name)
    )
    return next(found, {})


def _colour(fill: Any, name: str) -> str:
    return _colours(fill, name).get("rgb", "") if _solid(fill) else ""
