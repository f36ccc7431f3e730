"""Parts of a package, how they refer to each other, and what type each is."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from jifen_analysis.intake.grid.package import open_package, part, refuse_damaged, unsafe

Parts = Mapping[str, bytes]
"""Name of a part to its content."""

BOOK = "xl/workbook.xml"
TYPES = "[Content_Types].xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class Link:
    """One part's reference to another: its id, the last word of its kind, the part."""

    id: str
    kind: str
    target: str


def parts_of(path: Path) -> dict[str, bytes]:
    """Unpack a workbook.

    Raises
    ------
    UnreadableError
        Where it cannot be opened or must not be.
    """
    with open_package(path) as package:
        unsafe(package)
        return {info.filename: part(package, info.filename) for info in package.infolist() if not info.is_dir()}


def dom(data: bytes) -> Any:
    """Parse a small part, keeping every prefix as it is."""
    try:
        return minidom.parseString(data)
    except ExpatError as fault:
        raise refuse_damaged() from fault


def serialise(document: Any) -> bytes:
    """Return a parsed part as bytes."""
    return bytes(document.toxml(encoding="UTF-8", standalone=True))


def children_named(node: Any, name: str) -> Iterator[Any]:
    """Yield the children of a node that bear a name."""
    yield from (child for child in node.childNodes if child.nodeName.rpartition(":")[2] == name)


def append_child(parent: Any, name: str, /, **attributes: str) -> Any:
    """Append a child and return it."""
    node = parent.ownerDocument.createElement(name)
    for key, value in attributes.items():
        node.setAttribute(key, value)
    return parent.appendChild(node)


# ---------------------------------------------------------------- references


def links_of(name: str) -> str:
    """Return the name of the part with the references of another."""
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def links(parts: Parts, name: str) -> list[Link]:
    """Return the parts to which a part refers."""
    if links_of(name) not in parts:
        return []
    root = dom(parts[links_of(name)]).documentElement
    return [
        Link(node.getAttribute("Id"), node.getAttribute("Type").rpartition("/")[2], _target(name, node))
        for node in children_named(root, "Relationship")
        if node.getAttribute("TargetMode") != "External"
    ]


def _target(name: str, node: Any) -> str:
    target: str = node.getAttribute("Target")
    at = posixpath.join(posixpath.dirname(name), target)  # an absolute target stands for itself
    return posixpath.normpath(at).lstrip("/")


def add_link(parts: Parts, name: str, kind: str, target: str) -> tuple[dict[str, bytes], str]:
    """Let a part refer to another; return the package and the id of the reference."""
    document = dom(parts.get(links_of(name), f'<Relationships xmlns="{_LINKS}"/>'.encode()))
    taken = {node.getAttribute("Id") for node in children_named(document.documentElement, "Relationship")}
    free = next(key for key in (f"rId{n}" for n in range(1, len(taken) + 2)) if key not in taken)
    append_child(document.documentElement, "Relationship", Id=free, Type=f"{OFFICE}/{kind}", Target=f"/{target}")
    return {**parts, links_of(name): serialise(document)}, free


def unlink(parts: Parts, name: str, kind: str, target: str) -> dict[str, bytes]:
    """Take a part out of the package, and what refers to it."""
    document, types = dom(parts[links_of(name)]), dom(parts[TYPES])
    gone = {link.id for link in links(parts, name) if (link.kind, link.target) == (kind, target)}
    for node in list(children_named(document.documentElement, "Relationship")):
        if node.getAttribute("Id") in gone:
            document.documentElement.removeChild(node)
    for node in list(children_named(types.documentElement, "Override")):
        if node.getAttribute("PartName").lstrip("/") == target:
            types.documentElement.removeChild(node)
    kept = {key: data for key, data in parts.items() if key not in (target, links_of(target))}
    return {**kept, links_of(name): serialise(document), TYPES: serialise(types)}


# ---------------------------------------------------------------- types


def set_type(parts: Parts, target: str, kind: str) -> dict[str, bytes]:
    """Say of what type a part is."""
    document = dom(parts[TYPES])
    for node in children_named(document.documentElement, "Override"):
        if node.getAttribute("PartName").lstrip("/") == target:
            node.setAttribute("ContentType", kind)
            return {**parts, TYPES: serialise(document)}
    append_child(document.documentElement, "Override", PartName=f"/{target}", ContentType=kind)
    return {**parts, TYPES: serialise(document)}


def free_name(parts: Parts, pattern: str) -> str:
    """Return the first name of a pattern with a number that no part has."""
    taken = {name.lower() for name in parts}
    return next(name for name in (pattern.format(n) for n in range(1, len(parts) + 2)) if name.lower() not in taken)
