"""Inside an .xls or .et file: errors, formulas never calculated, formats, comments, what is hidden or crossed out.

As with packages, calamine reads the values; what it passes over is found by
one walk over the records of the workbook stream ([MS-CFB], [MS-XLS]).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from jifen_analysis.intake.grid.formats import BLACK, BUILT_IN, PAPER, Styles, matters
from jifen_analysis.intake.grid.model import Area, Fault, SheetFacts

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_FORMULA, _EOF, _COLINFO, _BOUNDSHEET, _SHARED, _BOOLERR, _ROW = 0x06, 0x0A, 0x7D, 0x85, 0xFC, 0x205, 0x208
_LAST_SECTOR = 0xFFFFFFF0


def binary_facts(data: bytes) -> list[SheetFacts]:
    """Return the facts of every worksheet, in order; none where the stream cannot be walked."""
    try:
        stream = _workbook_stream(data)
        sheets = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if _is_sheet(kind, body)]
        styles = _styles(stream)
        return [_facts(stream, start, styles) for start in sheets]
    except (struct.error, IndexError, ValueError, StopIteration):
        return []


def boastful_binary(data: bytes) -> bool:
    """Return whether a workbook declares more shared texts than it can hold: its reader would reserve room for them."""
    try:
        shared = (body for kind, body in _records(_workbook_stream(data), 0) if kind == _SHARED)
        return any(struct.unpack_from("<i", body, 4)[0] * _SMALLEST_TEXT > len(data) for body in shared)
    except (struct.error, IndexError, ValueError, StopIteration):
        return False


_SMALLEST_TEXT = 3
"""Bytes of the smallest text: its length and its kind."""


def _is_sheet(kind: int, body: bytes) -> bool:
    return kind == _BOUNDSHEET and body[5] == 0


def _facts(stream: bytes, start: int, styles: Styles) -> SheetFacts:
    faults: dict[tuple[int, int], Fault] = {}
    rows: set[int] = set()
    columns: set[int] = set()
    styled: dict[tuple[int, int], int] = {}
    for kind, body in _records(stream, start):
        styled.update(_styled(kind, body))
        fault = _fault(kind, body)
        if fault:
            row, column = struct.unpack_from("<HH", body)
            faults[row + 1, column + 1] = fault
        elif kind == _ROW and struct.unpack_from("<I", body, 12)[0] & 0x20:
            rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLINFO and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            columns.update(range(first + 1, last + 2))
    return SheetFacts(
        faults,
        frozenset(rows),
        frozenset(columns),
        {at: styles.codes[style] for at, style in styled.items() if style in styles.codes},
        frozenset(at for at, style in styled.items() if style in styles.struck),
        _comments(stream, start),
        frozenset(at for at, style in styled.items() if style in styles.unseen),
        frozenset(_pictures(stream, start)),
        any(kind == _WINDOW and not body[0] & _ZEROS for kind, body in _records(stream, start)),
    )


_WINDOW, _ZEROS = 0x23E, 0x10
"""How a sheet is shown, and what says that its zeros are."""


def _pictures(stream: bytes, start: int) -> Iterator[Area]:
    """Yield the cells under each picture: an object of that kind lies where the drawing before it is anchored."""
    drawn = b""
    for kind, body in _records(stream, start):
        if kind == _DRAWING:
            drawn = body
        elif kind == _OBJECT and struct.unpack_from("<H", body, 4)[0] == _PICTURE and _ANCHOR in drawn:
            left, _, top, _, right, _, bottom, _ = struct.unpack_from(
                "<8H", drawn, drawn.rindex(_ANCHOR) + len(_ANCHOR) + 2
            )
            yield Area(top + 1, left + 1, bottom + 1, right + 1)


_DRAWING, _PICTURE = 0xEC, 8
_ANCHOR = struct.pack("<HHI", 0, 0xF010, 18)
"""What stands before the cells to which a drawing is anchored."""


_FONT, _XF, _FORMAT, _PALETTE, _MULTIPLE = 0x31, 0xE0, 0x41E, 0x92, 0xBD
_CELLS = frozenset({_FORMULA, 0xFD, 0x203, 0x204, 0x27E})
"""Records of one cell, which begin with its row, its column and its style."""


def _styles(stream: bytes) -> Styles:
    """Return which styles change what is read; of the fonts number 4 is never counted."""
    fonts: list[tuple[bool, int]] = []
    codes, palette = dict(BUILT_IN), {_WHITE - 1: BLACK, _WHITE: PAPER}
    styles: list[tuple[int, int, int | None]] = []
    for kind, body in _records(stream, 0):
        if kind == _FONT:
            flags, colour = struct.unpack_from("<HH", body, 2)
            fonts.append((bool(flags & 0x08), colour))
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body[2:])
        elif kind == _PALETTE:
            palette |= {8 + n: body[2 + 4 * n : 5 + 4 * n].hex().upper() for n in range((len(body) - 2) // 4)}
        elif kind == _XF:
            styles.append((*struct.unpack_from("<HH", body), _behind(body)))
    drawn = {n if n < 4 else n + 1: font for n, font in enumerate(fonts)}

    def seen(colour: int | None) -> str | int | None:
        return palette.get(colour + 8 if colour < 8 else colour, colour) if colour is not None else None

    return Styles(
        {n: codes[form] for n, (_, form, _) in enumerate(styles) if codes.get(form) and matters(codes[form])},
        frozenset(n for n, (font, _, _) in enumerate(styles) if drawn.get(font, _PLAIN)[0]),
        frozenset(n for n, (font, _, fill) in enumerate(styles) if seen(drawn.get(font, _PLAIN)[1]) == seen(fill)),
    )


_PLAIN = (False, 0x7FFF)
"""A font that is not crossed out, in the colour that a program chooses."""


def _behind(body: bytes) -> int | None:
    """Return the number of the colour behind the letters of a style; nothing where there are several, or it is old."""
    if len(body) < _XF_LENGTH:
        return None
    pattern, colour = struct.unpack_from("<IH", body, 14)
    return {0: _WHITE, 1: colour & 0x7F}.get(pattern >> 26)


_XF_LENGTH = 20
_WHITE = 9
"""The number of the colour of paper, before which 8 is black."""


def _text(body: bytes) -> str:
    """Return a text that begins with its length and how its letters are kept."""
    length, wide = struct.unpack_from("<HB", body)
    return body[3 : 3 + length * 2].decode("utf-16-le") if wide & 1 else body[3 : 3 + length].decode("latin-1")


def _styled(kind: int, body: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    if kind in _CELLS:
        row, column, style = struct.unpack_from("<HHH", body)
        yield (row + 1, column + 1), style
    elif kind == _MULTIPLE:
        row, first = struct.unpack_from("<HH", body)
        for n in range((len(body) - 6) // 6):
            yield (row + 1, first + n + 1), struct.unpack_from("<H", body, 4 + 6 * n)[0]


_OBJECT, _TEXT, _CONTINUED, _NOTE = 0x5D, 0x1B6, 0x3C, 0x1C


def _comments(stream: bytes, start: int) -> dict[tuple[int, int], str]:
    """Return what is said beside cells: a note names an object, and the object's text follows it."""
    texts: dict[int, str] = {}
    found: dict[tuple[int, int], str] = {}
    last, length = 0, 0
    for kind, body in _records(stream, start):
        if kind == _OBJECT:
            last = struct.unpack_from("<H", body, 6)[0]
        elif kind == _TEXT:
            length = struct.unpack_from("<H", body, 10)[0]
        elif kind == _CONTINUED and length:
            texts[last], length = _text(struct.pack("<H", length) + body), 0
        elif kind == _NOTE:
            row, column, _, number = struct.unpack_from("<4H", body)
            found[row + 1, column + 1] = texts.get(number, "").strip()
    return {at: text for at, text in found.items() if text}


def _fault(kind: int, body: bytes) -> Fault | None:
    if kind == _BOOLERR and body[7]:
        return Fault("error", _ERRORS.get(body[6], "#ERROR"))
    if kind != _FORMULA or body[12:14] != b"\xff\xff":
        return None
    if body[6] == 2:
        return Fault("error", _ERRORS.get(body[8], "#ERROR"))
    # An empty result together with "calculate on load" is a result that never was.
    return Fault("uncalculated", "=…") if body[6] == 3 and body[14] & 2 else None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _EOF:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


# ---------------------------------------------------------------- the file's own directory


def _workbook_stream(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    table = _sector_table(data, size)
    directory = _chain(data, table, struct.unpack_from("<I", data, 48)[0], size)
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    root = next(entry for entry in entries if entry[66] == 5)
    entry = next(e for e in entries if _entry_name(e) in ("Workbook", "Book"))
    start, length = struct.unpack_from("<II", entry, 116)
    if length >= struct.unpack_from("<I", data, 56)[0]:
        return _chain(data, table, start, size)[:length]
    small = _chain(data, table, struct.unpack_from("<I", root, 116)[0], size)
    links = _numbers(_chain(data, table, struct.unpack_from("<I", data, 60)[0], size))
    return _walk(small, links, start, 64, 0)[:length]


def _entry_name(entry: bytes) -> str:
    return entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")


def _sector_table(data: bytes, size: int) -> list[int]:
    listed = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    while more < _LAST_SECTOR and len(listed) < len(data):
        sector = _numbers(data[(more + 1) * size : (more + 2) * size])
        listed += sector[:-1]
        more = sector[-1]
    sectors = [n for n in listed if n < _LAST_SECTOR]
    return [link for n in sectors for link in _numbers(data[(n + 1) * size : (n + 2) * size])]


def _chain(data: bytes, table: list[int], start: int, size: int) -> bytes:
    return _walk(data, table, start, size, size)


def _walk(data: bytes, table: list[int], start: int, size: int, offset: int) -> bytes:
    parts: list[bytes] = []
    at = start
    while at < _LAST_SECTOR and len(parts) <= len(table):
        parts.append(data[offset + at * size : offset + (at + 1) * size])
        at = table[at]
    return b"".join(parts)


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
