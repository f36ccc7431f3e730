"""Inside an .xlsx package: is it safe to open, and what do its sheets say besides their values?

The values themselves are read by calamine, which is fast but tells nothing of
errors, of formulas never calculated and of what is hidden, and which holds the
whole used range in memory. So each sheet's XML is scanned once for these.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from jifen_analysis.documents import LARGEST_EMPTY_RANGE, oversize_reason
from jifen_analysis.intake.grid.formats import MARKED, PLAIN, STRIKE, Styles, raised
from jifen_analysis.intake.grid.model import AUTHOR, Area, Fault, SheetFacts, UnreadableError
from jifen_analysis.tables.sources import letters

SPREADSHEET_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
"""The name by which a workbook in one XML file is known."""


@dataclass(frozen=True)
class SheetPart:
    """A worksheet of a package: its name, where its XML stands, whether it is hidden."""

    name: str
    part: str
    hidden: bool


def unsafe(package: zipfile.ZipFile) -> None:
    """Refuse a package that is encrypted, a bomb, or not a workbook.

    Raises
    ------
    UnreadableError
        With the reason.
    """
    if (said := oversize_reason(package)) is not None:
        raise UnreadableError("zip_bomb", f"{said.zh};请另存为新工作簿后再报", said.en)
    if any(info.flag_bits & 1 for info in package.infolist()):
        raise refuse_encrypted()


def refuse_encrypted() -> UnreadableError:
    """Return the refusal of a file that needs a password."""
    return UnreadableError("encrypted", "文件加了密码,请取消密码后再报", "the file is encrypted; remove the password")


def part(package: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one member; never more than it declares, never with entities of its own."""
    try:
        data = package.read(name)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as fault:
        raise refuse_damaged() from fault
    if not _is_utf8(data):
        raise UnreadableError(
            "damaged",
            "文件内部的编码不是 UTF-8,读出来会缺内容,未打开;请在表格软件中打开并另存为新工作簿",
            "parts of the file are not in UTF-8 and would be read in part; save it as a new workbook",
        )
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:65536]:
        raise entities()
    return data


def _is_utf8(data: bytes) -> bool:
    """Return whether a part is in the one encoding that every reader of workbooks knows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:8]:
        return False
    declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding=[\"']([\w.:-]+)", data[:200])
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def entities() -> UnreadableError:
    """Return the refusal of a file that defines entities of its own."""
    return UnreadableError(
        "entities",
        "文件内部含有自定义实体,可能有害,未打开;请另存为新工作簿后再报",
        "the file defines XML entities of its own, which may be harmful; not opened",
    )


def refuse_damaged() -> UnreadableError:
    """Return the refusal of a damaged workbook."""
    return UnreadableError(
        "damaged", "文件已损坏,无法打开;请重新导出", "the file is damaged and cannot be opened; export it again"
    )


def sheet_parts(package: zipfile.ZipFile) -> list[SheetPart]:
    """Return the worksheets of a package, in the order of the tabs."""
    book = "xl/workbook.xml"
    try:
        root = ElementTree.fromstring(part(package, book))
        links = ElementTree.fromstring(part(package, "xl/_rels/workbook.xml.rels"))
    except (ElementTree.ParseError, LookupError, ValueError) as fault:  # the latter two for an encoding unknown
        raise refuse_damaged() from fault
    targets = {
        link.get("Id"): _target(link.get("Target", "")) for link in links if link.get("Type", "").endswith("/worksheet")
    }
    found = []
    for sheet in root.iterfind(".//{*}sheets/{*}sheet"):
        link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        if link in targets:
            found.append(SheetPart(sheet.get("name", ""), targets[link], sheet.get("state", "visible") != "visible"))
    return found


def comments(package: zipfile.ZipFile, sheet: SheetPart) -> Mapping[tuple[int, int], str]:
    """Return what the comments of a worksheet say, by the cell beside which they stand."""
    said = {ref: text for root in _linked(package, sheet, "/comments") for ref, text in _said(root)}
    return {_at(ref): text for ref, text in said.items() if text and _PLACE.fullmatch(ref)}


def drawn(package: zipfile.ZipFile, sheet: SheetPart) -> tuple[frozenset[Area], tuple[str, ...]]:
    """Return the cells under the pictures over a worksheet, and the texts of its boxes."""
    anchors = [anchor for root in _linked(package, sheet, "/drawing") for anchor in root]
    pictures = (_under(anchor) for anchor in anchors if anchor.find(".//{*}pic") is not None)
    texts = (
        "".join(t.text or "" for t in box.iterfind(".//{*}t")) for one in anchors for box in one.iterfind(".//{*}sp")
    )
    return frozenset(one for one in pictures if one), tuple(text for text in map(str.strip, texts) if text)


def _under(anchor: ElementTree.Element) -> Area | None:
    """Return the cells under what is drawn; where only its height is said, by rows of the usual height."""
    first, last = (
        [
            int(text) + 1
            for name in ("row", "col")
            if (text := anchor.findtext(f"{{*}}{end}/{{*}}{name}", "")).isdecimal()
        ]
        for end in ("from", "to")
    )
    if len(first) != len(("row", "col")):
        return None
    height = anchor.find("{*}ext")
    text = height.get("cy", "") if height is not None else ""
    below = int(text) // _ROW_HEIGHT if text.isdecimal() else 0
    return Area(*first, *(last if len(last) == len(first) else (first[0] + below, first[1])))


_ROW_HEIGHT = 190_500
"""15 points, in the units of drawings."""


def _linked(package: zipfile.ZipFile, sheet: SheetPart, kind: str) -> list[ElementTree.Element]:
    """Return the parts of a kind that a worksheet links to, without those that are lost."""
    folder, _, name = sheet.part.rpartition("/")
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in package.NameToInfo:
        return []
    try:
        links = ElementTree.fromstring(part(package, listed))
        targets = [link.get("Target", "") for link in links if link.get("Type", "").endswith(kind)]
        names = [t.lstrip("/") if t.startswith("/") else posixpath.normpath(posixpath.join(folder, t)) for t in targets]
        return [ElementTree.fromstring(part(package, name)) for name in names if name in package.NameToInfo]
    except (ElementTree.ParseError, LookupError, ValueError) as fault:
        raise refuse_damaged() from fault


def _said(root: ElementTree.Element) -> Iterator[tuple[bytes, str]]:
    """Yield place and text of each comment that is not our own."""
    authors = [author.text for author in root.iterfind("{*}authors/{*}author")]
    for node in root.iterfind("{*}commentList/{*}comment"):
        author = int(node.get("authorId", "0") or 0)
        if author >= len(authors) or authors[author] != AUTHOR:
            yield node.get("ref", "").encode(), "".join(text.text or "" for text in node.iterfind(".//{*}t")).strip()


_PLACE = re.compile(rb"[A-Z]{1,3}\d{1,7}")


def _target(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def boastful(shared: bytes) -> bool:
    """Return whether a part declares more shared texts than it can hold: its reader would reserve room for them."""
    declared = re.search(rb"<(?:\w+:)?sst\b([^>]*)>", shared[:4096])
    numbers = re.findall(rb"ount=[\"']\s*(\d+)", declared[1]) if declared else []
    unique = re.search(rb"uniqueCount=[\"']\s*(\d+)", declared[1]) if declared else None
    most = max(map(int, numbers), default=0) if unique is None else int(unique[1])
    return most > 1 << 20 and most > shared.count(b"si>") + shared.count(b"si/>")


def facts(xml: bytes, styles: Styles = PLAIN) -> SheetFacts:
    """Scan the XML of one worksheet."""
    first, last = xml.find(b"sheetData"), xml.rfind(b"sheetData")
    if first < 0 or _NO_NUMBER.search(xml, first, last):  # a sheet of no rows has an empty one
        raise refuse_damaged()
    signs = _signs(xml)
    near = not all(far.search(xml, first, last) for far in _FAR)
    usual = near and not _PREFIXED.search(xml, first, last)
    if not usual:
        xml = _placed(xml)
        last = xml.rfind(b"sheetData")
    after, before = xml[last:], xml[:first]
    merges = re.findall(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"', after)
    known = styles.texts_struck or styles.texts_raised
    parts = list(_in_part(xml, styles) if known or b"k" in signs or b"g" in signs else ())
    return SheetFacts(
        dict(_faults(xml) if _may_fault(xml, signs) else ()),
        frozenset(_hidden_rows(xml) if b"h" in signs else ()),
        frozenset(_hidden_columns(before)),
        {at: styles.codes[style] for at, style in _styled(xml, styles.codes)},
        frozenset(at for at, _ in _styled(xml, styles.struck)) | frozenset(at for at, text in parts if text is None),
        unseen=frozenset(at for at, _ in _styled(xml, styles.unseen)),
        zeros_unseen=_NO_ZEROS.search(before) is not None,
        merges=tuple(Area(*_at(corner), *_at(other)) for corner, other in merges),
        sparse=not usual and _sparse(xml),
        raised={at: text for at, text in parts if text is not None},
    )


_NO_ZEROS = re.compile(rb"""<(?:\w+:)?sheetView\b[^>]*\bshowZeros=["'](?:0|false)["']""")


_NO_NUMBER = re.compile(rb"""t=["']s["'](?!><v>[0-9]++</)[^>]*>[^>]*v>(?!\s*\d+\s*</)""")
"""A cell that refers to a shared text, but not by its number: its reader would take the first of all."""
_FAR = re.compile(rb'<c(?! r="[A-Z][0-9]{1,4}+")'), re.compile(rb'<c(?! r="[A-Z]{1,2}+[0-9]{1,3}+")')
"""A cell beyond Z9999, or without a usual place, and one beyond ZZ999: a range within either is small."""
_PREFIXED = re.compile(rb":(?![0-9])")
"""What stands before the names of cells, where it is no span."""
_USUAL = b'<>/="+-. \t\r\n0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZacnoprstvw'
"""Signs of rows and cells that hold numbers and shared texts and nothing else: without others no pattern is sought."""


def _signs(xml: bytes) -> bytes:
    """Return the unusual signs of the rows: a copy of all rows would cost more."""
    before, after = xml[: xml.find(b"sheetData") + len(b"sheetData")], xml[xml.rfind(b"sheetData") :]
    signs = xml.translate(None, _USUAL)
    return signs[len(before.translate(None, _USUAL)) : len(signs) - len(after.translate(None, _USUAL))]


def _placed(xml: bytes) -> bytes:
    """Return the XML with a place in every cell; one that names none stands behind the cell before it."""
    places = xml.count(b"<c r=") or xml.count(b":c r=")
    if xml.count(b"<c ") + xml.count(b":c ") + xml.count(b"<c>") == places or not _BARE.search(xml):
        return xml
    row = column = last = 0
    parts = []
    for found in _ROW_OR_CELL.finditer(xml):
        whole = found[1] == b"row"
        said = (_NUMBER if whole else _REF).search(found[2])
        row, column = (row + 1, 0) if whole else (row, column + 1)
        if said:
            row, column = (int(said[1]), 0) if whole else _at(said[1])
            continue
        name = b"" if whole else letters(column).encode()
        parts += [xml[last : found.end(1)], b' r="%s%d"' % (name, row)]
        last = found.end(1)
    return b"".join([*parts, xml[last:]])


_BARE = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\br=)")
_NUMBER = re.compile(rb"""\br=["'](\d{1,7})["']""")
_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>")


def _styled(xml: bytes, wanted: Collection[int]) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield place and style of the cells that have one of some styles."""
    if not wanted:
        return
    numbers = b"|".join(str(number).encode() for number in sorted(wanted))
    for found in re.finditer(rb"<(?:\w+:)?c\b([^>]*?\bs=[\"'](%s)[\"'][^>]*)>" % numbers, xml):
        at = _REF.search(found[1])
        if at:
            yield _at(at[1]), int(found[2])


def _in_part(xml: bytes, styles: Styles) -> Iterator[tuple[tuple[int, int], tuple[str, str] | None]]:
    """Yield the cells with a text crossed out in part, and with raised digits: that, as it is stored and as seen."""
    struck, lifted = styles.texts_struck, styles.texts_raised
    for attributes, inside in _CELL.findall(xml) if struck or lifted or any(mark in xml for mark in MARKED) else ():
        at, number = _REF.search(attributes), _VALUE.search(inside)
        if not at:
            continue
        shared = number and number[1].strip().isdigit() and re.search(rb"\bt=[\"']s[\"']", attributes)
        if int(number[1]) in struck if number and shared else STRIKE.search(inside):
            yield _at(at[1]), None
        if seen := lifted.get(int(number[1])) if number and shared else raised(inside):
            yield _at(at[1]), seen


_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REF = re.compile(rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</(?:\w+:)?v>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")


def _may_fault(xml: bytes, signs: bytes) -> bool:
    """Return whether there may be an error, or a formula that is not followed by its value."""
    return b"e" in signs or (b"f" in signs and signs.count(b"f") != 2 * len(_CALCULATED.findall(xml)))


_CALCULATED = re.compile(rb"<f(?: [^<>]*[^<>/])?>[^<]*</f><v>\s*[^<\s]")


def _faults(xml: bytes) -> Iterator[tuple[tuple[int, int], Fault]]:
    usual = b"<worksheet" in xml[:4096] and b"='" not in xml[:4096]
    marks = (b't="e"', b"<f>", b"<f ") if usual else (b'="e"', b"='e'", b"f>", b"f ")
    if not any(mark in xml for mark in marks):
        return
    for found in _CELL.finditer(xml):
        attributes, inside = found.groups()
        if attributes.endswith(b"/"):  # a self-closed cell: the match ran into the next one
            attributes, inside = _last_cell(found.group(0))
        at = _REF.search(attributes)
        fault = _fault(attributes, inside)
        if at and fault:
            yield _at(at[1]), fault


def _last_cell(text: bytes) -> tuple[bytes, bytes]:
    start = max(text.rfind(b"<c "), text.rfind(b":c "))
    head, _, inside = text[start:].partition(b">")
    return head, inside


def _fault(attributes: bytes, inside: bytes) -> Fault | None:
    value = _VALUE.search(inside)
    if b't="e"' in attributes or b"t='e'" in attributes:
        return Fault("error", value[1].decode("utf-8", "replace") if value else "#ERROR")
    text = b't="str"' in attributes or b"t='str'" in attributes
    if _FORMULA.search(inside) and not text and not (value and value[1].strip()):
        formula = re.search(rb"<(?:\w+:)?f\b[^>]*>(.*?)</", inside, re.DOTALL)
        return Fault("uncalculated", "=" + (formula[1].decode("utf-8", "replace") if formula else ""))
    return None


def _hidden_rows(xml: bytes) -> Iterator[int]:
    if b"hidden=" in xml:
        for attributes in re.findall(rb"<(?:\w+:)?row\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>", xml):
            number = re.search(rb"\br=[\"'](\d{1,12})", attributes)
            if number:
                yield int(number[1])


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for attributes in re.findall(rb"<(?:\w+:)?col\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>", xml):
        first, last = (re.search(rb"\b%s=[\"'](\d+)" % edge, attributes) for edge in (b"min", b"max"))
        if first and last:
            yield from range(int(first[1][:6]), min(int(last[1][:6]), 16_384) + 1)


def _sparse(xml: bytes) -> bool:
    """Return whether the used range is so much larger than its cells that it must not be allocated."""
    # Every pattern begins with letters: only then the search is quick over hundreds of megabytes.
    rows = max(map(int, re.findall(rb"row [^>]{0,80}?\br=[\"'](\d{1,12})", xml)), default=0)
    if rows < 100_000:  # cells that say another row than the one they stand in
        rows = max([rows, *map(int, re.findall(rb" r=[\"'][A-Za-z]+(\d{6,12})", xml))])
    beyond = set(re.findall(rb" r=[\"']([A-Za-z]{2,12})\d", xml))
    area = rows * max([26, *(_at(name.upper() + b"1")[1] for name in beyond)])
    return area > LARGEST_EMPTY_RANGE and area > 30 * (xml.count(b"<c ") or xml.count(b":c "))


def _at(reference: bytes) -> tuple[int, int]:
    name = reference.rstrip(b"0123456789")
    column = 0
    for letter in name:
        column = 26 * column + letter - 64
    return int(reference[len(name) :]), column


def open_package(path: Path) -> zipfile.ZipFile:
    """Open a package; a damaged one is refused."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise refuse_damaged() from fault
