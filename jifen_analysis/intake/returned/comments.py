"""The comments of one worksheet: ours set below the branch's own, and taken back alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jifen_analysis.intake.layouts.return_markers import MARK
from jifen_analysis.intake.returned import package
from jifen_analysis.intake.returned.package import MAIN, OFFICE, SHEET_TYPE, Parts
from jifen_analysis.tables.sources import parse_address

_AUTHOR = "退回"

_NEW = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
_SCHEMAS = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
_DRAWING = (
    f'<xml {_SCHEMAS} xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
    'o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
    'o:connecttype="rect"/></v:shapetype></xml>'
).encode()
_SHAPE = (
    f'<v:shape {_SCHEMAS} xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{{id}}" type="#_x0000_t202" '
    'style="position:absolute;width:240pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 4, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ANY_SHAPE = re.compile(r"<((?:\w+:)?)shape\b.*?</\1shape>", re.DOTALL)


def with_comments(parts: Parts, sheet: str, said: Mapping[str, str]) -> dict[str, bytes]:
    """Say something at cells of a sheet, below what the branch itself says there."""
    if not said:
        return dict(parts)
    made, name = _comments_part(parts, sheet)
    document = package.dom(made[name])
    authors, listed = (
        next(package.children_named(document.documentElement, part)) for part in ("authors", "commentList")
    )
    ours = str(_author(authors))
    own = {node.getAttribute("ref"): node for node in package.children_named(listed, "comment")}
    for cell, text in said.items():
        _append_text(own.get(cell) or package.append_child(listed, "comment", ref=cell, authorId=ours), text)
    return _with_shapes({**made, name: package.serialise(document)}, sheet, [cell for cell in said if cell not in own])


def strip_comments(parts: Parts, sheet: str) -> dict[str, bytes]:
    """Take our words out of the comments of a sheet, and the comments that were ours alone."""
    name = next((link.target for link in package.links(parts, sheet) if link.kind == "comments"), "")
    if name not in parts or MARK.encode() not in parts[name]:
        return dict(parts)
    document = package.dom(parts[name])
    gone = [comment for comment in document.getElementsByTagName("comment") if not _unsaid(comment)]
    for comment in gone:
        comment.parentNode.removeChild(comment)
    cells = {parse_address(comment.getAttribute("ref")) for comment in gone}
    drawing = _drawing_part(parts, sheet)
    shapes = {drawing: _without_shapes(parts[drawing], cells)} if drawing in parts else {}
    return {**parts, name: package.serialise(document), **shapes}


# ---------------------------------------------------------------- words


def _author(authors: Any) -> int:
    names = ["".join(child.data for child in node.childNodes) for node in package.children_named(authors, "author")]
    if _AUTHOR not in names:
        package.append_child(authors, "author").appendChild(authors.ownerDocument.createTextNode(_AUTHOR))
    return [*names, _AUTHOR].index(_AUTHOR)


def _append_text(comment: Any, said: str) -> None:
    text = next(package.children_named(comment, "text"), None) or package.append_child(comment, "text")
    for plain in list(package.children_named(text, "t")):  # text without runs cannot stand beside runs
        text.insertBefore(text.ownerDocument.createElement("r"), plain).appendChild(plain)
    words = package.append_child(package.append_child(text, "r"), "t", **{"xml:space": "preserve"})
    before = "\n" if any(True for _ in _words(comment)) else ""
    words.appendChild(words.ownerDocument.createTextNode(f"{before}{MARK}{said}"))


def _words(comment: Any) -> Iterator[Any]:
    """Yield the pieces of text of a comment."""
    for node in comment.getElementsByTagName("t"):
        yield from (child for child in node.childNodes if child.nodeType == child.TEXT_NODE)


def _unsaid(comment: Any) -> bool:
    """Cut our words off; return whether the branch's own are left."""
    pieces = list(_words(comment))
    ours = next((n for n, piece in enumerate(pieces) if MARK in piece.data), None)
    if ours is None:
        return True
    pieces[ours].data = pieces[ours].data.partition(MARK)[0].rstrip("\r\n")
    for piece in pieces[ours + 1 :]:
        piece.data = ""
    return any(piece.data.strip() for piece in pieces)


# ---------------------------------------------------------------- parts and shapes


def _comments_part(parts: Parts, sheet: str) -> tuple[dict[str, bytes], str]:
    found = next((link.target for link in package.links(parts, sheet) if link.kind == "comments"), "")
    if found in parts:
        return dict(parts), found
    name = package.free_name(parts, "xl/comments{}.xml")
    made, _ = package.add_link({**parts, name: _NEW}, sheet, "comments", name)
    return package.set_type(made, name, f"{SHEET_TYPE}.comments+xml"), name


def _drawing_part(parts: Parts, sheet: str) -> str:
    found = re.search(rb"<legacyDrawing\b[^>]*?\bid=[\"']([^\"']+)", parts[sheet])
    wanted = found[1].decode() if found else ""
    return next((link.target for link in package.links(parts, sheet) if link.id == wanted), "")


def _with_shapes(parts: Parts, sheet: str, cells: Collection[str]) -> dict[str, bytes]:
    if not cells:
        return dict(parts)
    made, name = dict(parts), _drawing_part(parts, sheet)
    if name not in parts:
        name = package.free_name(parts, "xl/drawings/vmlDrawing{}.vml")
        made, key = package.add_link({**parts, name: _DRAWING}, sheet, "vmlDrawing", name)
        made = package.set_type(made, name, "application/vnd.openxmlformats-officedocument.vmlDrawing")
        made[sheet] = _drawn(made[sheet].decode(), key).encode()
    before, end, after = made[name].rpartition(b"</xml>")
    first = max(map(int, re.findall(rb"_x0000_s(\d+)", before)), default=1024) + 1
    shapes = "".join(_shape(first + n, *parse_address(cell)) for n, cell in enumerate(cells))
    return {**made, name: before + shapes.encode() + end + after}


def _shape(number: int, row: int, column: int) -> str:
    return _SHAPE.format(
        id=number, row=row - 1, column=column - 1, left=column, right=column + 5, top=max(row - 2, 0), bottom=row + 5
    )


def _without_shapes(drawing: bytes, cells: Collection[tuple[int, int]]) -> bytes:
    def kept(found: re.Match[str]) -> str:
        at = [re.search(rf"<(?:\w+:)?{name}>\s*(\d+)\s*<", found[0]) for name in ("Row", "Column")]
        row, column = (int(number[1]) + 1 if number else 0 for number in at)
        return "" if (row, column) in cells and "Note" in found[0] else found[0]

    # Excel writes this part in no particular encoding, and nothing outside ASCII matters here.
    return _ANY_SHAPE.sub(kept, drawing.decode("latin-1")).encode("latin-1")


_AFTER = re.compile(
    "legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst|AlternateContent"
)
_TAG = re.compile(r"""<(/?)(?:\w+:)?(\w+)(?:[^>"']|"[^"]*"|'[^']*')*?(/?)>""")


def _drawn(xml: str, key: str) -> str:
    """Refer to the drawing at the one place where the order of a sheet's elements has it."""
    rows = re.search(r"</sheetData>|<sheetData\s*/>", xml)
    start = rows.end() if rows else len(xml)
    at = start + _top(xml[start:])
    return f'{xml[:at]}<legacyDrawing xmlns:r="{OFFICE}" r:id="{key}"/>{xml[at:]}'


def _top(tail: str) -> int:
    depth = 0
    for tag in _TAG.finditer(tail):
        closing, name, alone = tag.groups()
        if depth == 0 and (closing or _AFTER.fullmatch(name)):
            return tag.start()
        depth += -1 if closing else 0 if alone else 1
    return len(tail)
