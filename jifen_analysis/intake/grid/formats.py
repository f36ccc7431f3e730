"""What a person sees of a stored value: number formats ([ECMA-376] part 1, 18.8.30 and 18.8.31), what is crossed out.

A format is part of the value: 123 under ``0000000`` is 0000123, 0.95 under
``0%`` is 95%, and of a day under ``m"月"d"日"`` nobody sees the year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from html import unescape
from xml.etree import ElementTree

from jifen_analysis.intake.grid.model import Address, Fault, Grid, MonthDay, SheetFacts, Value, YearMonth

BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 16: "d-mmm", 17: "mmm-yy"},
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 55, 56), "h:mm"),
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **{37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"},
}
"""Formats that a workbook need not spell out, as Chinese programs show them; the full dates are left out."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<clock>AM/PM|A/P|上午/下午)|(?P<power>E[+-])"
    r"|(?P<run>y+|e+|m+|d+|a{3,}|h+|s+)|(?P<mark>[0#?.,%@])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS_OF_MONEY = re.compile(r"[¥￥$€£元圆整块分票次人户个件条项()\s+-]|RMB|CNY", re.IGNORECASE)
"""What may stand beside a number and leaves it the number it is."""
_WEEKDAYS = "一二三四五六日"

Token = tuple[str, str]
"""Kind and text."""


@dataclass(frozen=True)
class _Section:
    """One of the sections of a format: for which numbers it is, and what it shows."""

    tokens: tuple[Token, ...]
    applies: Callable[[float], bool] | None

    @property
    def literal(self) -> str:
        return "".join(text for kind, text in self.tokens if kind in ("quoted", "escaped", "plain"))

    @property
    def digits(self) -> bool:
        return any(kind == "mark" and text in "0#?" for kind, text in self.tokens)


def matters(code: str) -> bool:
    """Return whether a format may show anything but the stored value.

    Examples
    --------
    >>> matters("yyyy/m/d"), matters("@"), matters("0000000"), matters('m"月"d"日"')
    (False, False, True, True)
    """
    sections = _sections(code)
    if _is_date(sections[0]):
        return not {"y", "m", "d"} <= _parts(sections[0])
    if any(kind == "power" or text == "/" for section in sections for kind, text in section.tokens):
        return False  # a power or a fraction is another way to write the same number
    return any(text != "@" and kind not in ("general", "bracket") for s in sections for kind, text in s.tokens) or (
        len(sections) > 1
    )


def as_shown(value: Value, code: str) -> tuple[Value, str]:
    """Return what a cell says under a format, and its display where that hides a part of a number that is kept.

    Parameters
    ----------
    value : Value
        What is stored.
    code : str
        A format for which :func:`matters` holds.

    Examples
    --------
    >>> as_shown(123.0, "0000000"), as_shown(0.95, "0%"), as_shown(89.96, "0.0")
    (('0000123', ''), ('95%', ''), (89.96, '90.0'))
    """
    sections = _sections(code)
    if _is_date(sections[0]):
        return _day_shown(value, sections[0]), ""
    if isinstance(value, str):
        return _text_shown(value, sections), ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value, ""
    return _number_shown(value, sections)


SHOWN_BLANK = "空白"
"""What is shown of a nought by a format that leaves it blank: a mark of 0 is no missing one."""


def dressed(grid: Grid, facts: SheetFacts) -> Grid:
    """Return a sheet as a person sees it: by its number formats, with raised digits; zeros may be unseen."""
    texts = {at: seen for at, (stored, seen) in facts.raised.items() if grid.value(at) == stored}
    seen, rounded = _as_seen(grid.with_values(texts), facts.formats)
    rounded |= dict.fromkeys(seen.zeros() if facts.zeros_unseen else (), SHOWN_BLANK)
    return replace(seen, facts=replace(facts, struck=facts.struck | (facts.raised.keys() - texts), rounded=rounded))


def _as_seen(grid: Grid, formats: Mapping[Address, str]) -> tuple[Grid, dict[Address, str]]:
    """Return a grid with its values as their number formats show them, and what is shown of numbers that are more."""
    rows, places = (
        {number: n for n, number in enumerate(numbers)} for numbers in (grid.row_numbers, grid.column_numbers)
    )
    changed: dict[tuple[int, int], Value] = {}
    rounded: dict[Address, str] = {}
    for at, code in formats.items():
        i, j = rows.get(at[0], -1), places.get(at[1], -1)
        value = grid.columns[j][i] if i >= 0 and j >= 0 else None
        if value is None or isinstance(value, Fault):
            continue
        kept, display = as_shown(value, code)
        if display:
            rounded[at] = display
        if kept is not value:
            changed[i, j] = kept
    return grid.put(changed), rounded


@cache
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[Token]] = [[]]
    for found in _TOKEN.finditer(code):
        if found["plain"] == ";":
            parts.append([])
        elif found.lastgroup:
            parts[-1].append((found.lastgroup, found[found.lastgroup]))
    return tuple(_Section(tuple(tokens), _condition(tokens)) for tokens in parts)


_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "=": lambda a, b: a == b,
}  # fmt: skip


def _condition(tokens: Sequence[Token]) -> Callable[[float], bool] | None:
    found = next((f for kind, text in tokens if kind == "bracket" and (f := _CONDITION.fullmatch(text))), None)
    if found is None:
        return None
    compared, bound = _COMPARED[found[1]], float(found[2])
    return lambda number: compared(number, bound)


# ---------------------------------------------------------------- days


def _is_date(section: _Section) -> bool:
    elapsed = any(kind == "bracket" and re.fullmatch(r"[hms]+", text, re.IGNORECASE) for kind, text in section.tokens)
    return not section.digits and (elapsed or any(kind in ("run", "clock") for kind, _ in section.tokens))


def _parts(section: _Section) -> set[str]:
    """Return what of a date is shown: y, m and d, a for the day of the week, h for the time."""
    runs = [text.lower() for kind, text in section.tokens if kind == "run"]
    shown = set()
    for n, run in enumerate(runs):
        near = {other[0] for other in runs[max(n - 1, 0) : n + 2] if other[0] in "hs"}
        letter = {"e": "y", "s": "h"}.get(run[0], run[0])
        minutes = letter == "m" and len(run) <= 2 and (runs[n - 1][0] == "h" if n else False or "s" in near)
        shown.add("h" if minutes else "a" if letter == "d" and len(run) > 2 else letter)
    return shown


def _day_shown(value: Value, section: _Section) -> Value:
    if isinstance(value, float) and 1 <= value < 2_958_466:  # a format of days that the reader did not know for one
        value = datetime(1899, 12, 30) + timedelta(days=int(value))
    if not isinstance(value, date):
        return value
    day = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    match _parts(section) & {"y", "m", "d"}:
        case shown if shown == {"m", "d"}:
            return MonthDay(day.year, day.month, day.day)
        case shown if shown == {"y", "m"}:
            return YearMonth(day.year, day.month, day.day)
        case shown if shown:
            names = {"y": f"{day.year}年", "m": f"{day.month}月", "d": f"{day.day}日"}
            return "".join(names[part] for part in "ymd" if part in shown)
        case _:
            return f"星期{_WEEKDAYS[day.weekday()]}" if "a" in _parts(section) else day.time()


# ---------------------------------------------------------------- texts and numbers


def _text_shown(value: str, sections: Sequence[_Section]) -> Value:
    own = sections[3] if len(sections) > 3 else None
    if own is None or any(text == "@" or kind == "general" for kind, text in own.tokens):
        return value
    return own.literal if own.literal.strip() else Fault("hidden", value) if value.strip() else value


def _number_shown(value: float, sections: Sequence[_Section]) -> tuple[Value, str]:
    section, signed = _chosen(value, sections)
    if any(kind == "general" or text == "@" for kind, text in section.tokens):
        return _around(section, f"{value:.15g}") if _SIGNS_OF_MONEY.sub("", section.literal) else value, ""
    if not section.digits:
        literal = section.literal.strip()
        if value == 0 and literal in ("", "-", "–", "—"):
            return value, "" if literal else SHOWN_BLANK
        return literal or Fault("hidden", f"{value:g}"), ""
    return _digits_shown(value, section, signed=signed)


def _chosen(value: float, sections: Sequence[_Section]) -> tuple[_Section, bool]:
    """Return the section for a number, and whether the sign is shown by itself."""
    numeric = sections[:3] if len(sections) > 1 else sections
    if any(section.applies for section in numeric):
        first = next((s for s in numeric if s.applies and s.applies(value)), None)
        return first or next((s for s in reversed(numeric) if not s.applies), numeric[-1]), True
    if value < 0 and len(numeric) > 1:
        return numeric[1], False
    return (numeric[2] if value == 0 and len(numeric) > 2 else numeric[0]), True


def _around(section: _Section, number: str) -> str:
    return "".join(
        number if kind == "general" or text == "@" else text for kind, text in section.tokens if kind != "bracket"
    )


def _digits_shown(value: float, section: _Section, *, signed: bool) -> tuple[Value, str]:
    tokens = [token for token in section.tokens if token[0] != "bracket"]
    holders = [n for n, (kind, text) in enumerate(tokens) if kind == "mark" and text in "0#?"]
    point = next((n for n, token in enumerate(tokens) if token == ("mark", ".") and n > holders[0] - 2), len(tokens))
    percent = sum(token == ("mark", "%") for token in tokens)
    thousands = _scale(tokens, max((n for n in holders if n < point), default=holders[-1]))
    places = sum(n > point for n in holders)
    exact = Decimal(repr(float(value))) * 100**percent / 1000**thousands
    rounded = abs(exact).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, rest = format(rounded, "f").partition(".")
    before = _laid(tokens[: min(point, len(tokens))], whole)
    after = _laid_after(tokens[point:], rest) if point < len(tokens) else ""
    sign = "-" if signed and exact < 0 and rounded else ""
    text = f"{sign}{before}{after}".strip()
    zeros = sum(token == ("mark", "0") for token in tokens[:point])
    inside = any(tokens[n][0] != "mark" for n in range(holders[0], holders[-1]))
    if percent or thousands or zeros > 1 or inside or _SIGNS_OF_MONEY.sub("", section.literal):
        return text, ""
    negative = exact < 0 and not signed and not set(section.literal) & set("-(")
    if int(exact.as_tuple().exponent) < -_MOST_DECIMALS and places <= _MOST_DECIMALS and not negative:
        return float(rounded.copy_sign(exact)), text  # a mean as a formula leaves it: nobody wrote more than is seen
    return value, text if rounded != abs(exact) or negative else ""


_MOST_DECIMALS = 4
"""Digits behind the point that a record may have."""


def _scale(tokens: Sequence[Token], last: int) -> int:
    """Return how many commas follow the last digit: each hides three digits."""
    count = 0
    while last + 1 + count < len(tokens) and tokens[last + 1 + count] == ("mark", ","):
        count += 1
    return count


def _laid(tokens: Sequence[Token], digits: str) -> str:
    """Lay the digits of a whole number into their places, from the right; the first place takes what is left."""
    rest, parts = digits if digits != "0" else "", []
    first = next((n for n, (kind, text) in enumerate(tokens) if kind == "mark" and text in "0#?"), -1)
    for n in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[n]
        if kind == "mark" and text in "0#?":
            taken, rest = (rest, "") if n == first else (rest[-1:], rest[:-1])
            parts.append(taken or ("0" if text == "0" else ""))
        elif text != ",":
            parts.append(text)
    return "".join(reversed(parts))


def _laid_after(tokens: Sequence[Token], decimals: str) -> str:
    rest, parts = list(decimals), []
    for kind, text in tokens:
        if kind == "mark" and text in "0#?":
            parts.append(rest.pop(0) if rest else "")
        elif text != ",":
            parts.append(text)
    return "".join(parts)


# ---------------------------------------------------------------- of which cells


@dataclass(frozen=True)
class Styles:
    """Which styles matter; by the number that a cell refers to."""

    # number formats that may show anything but the stored value
    codes: Mapping[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()  # styles whose font is crossed out
    unseen: frozenset[int] = frozenset()  # styles whose letters have the colour of what is behind them
    texts_struck: frozenset[int] = frozenset()  # shared texts of which a part is crossed out
    # shared texts with digits that are raised or lowered: as they are stored, and as they are seen
    texts_raised: Mapping[int, tuple[str, str]] = field(default_factory=dict)


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
    texts, styles = _texts(shared), _cell_styles(xml)
    struck = frozenset(n for n, text in texts if STRIKE.search(text))
    seen = {n: found for n, text in texts if (found := raised(text))}
    return replace(styles, texts_struck=struck, texts_raised=seen) if texts else styles


@lru_cache(maxsize=32)
def _cell_styles(xml: bytes) -> Styles:
    """Return what the styles say of cells: workbooks of one program have the same part."""
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, LookupError, ValueError):
        return PLAIN
    own = {node.get("numFmtId", ""): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
    fonts = [(_is_struck(font), _colour(font.find("{*}color"))) for font in root.iterfind("{*}fonts/{*}font")]
    fills = [_behind(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    codes: dict[int, str] = {}
    struck: set[int] = set()
    unseen: set[int] = set()
    for n, xf in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        code = own.get(xf.get("numFmtId", "")) or BUILT_IN.get(_number(xf.get("numFmtId")), "")
        if code and matters(code):
            codes[n] = code
        font, fill = _number(xf.get("fontId")), _number(xf.get("fillId"))
        crossed, colour = fonts[font] if font < len(fonts) else (False, "")
        if crossed:
            struck.add(n)
        if colour and colour == (fills[fill] if fill < len(fills) else PAPER):
            unseen.add(n)
    return Styles(codes, frozenset(struck), frozenset(unseen))


def _is_struck(font: ElementTree.Element) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false")


PAPER, BLACK = "FFFFFF", "000000"
_NAMED = {"theme 0": PAPER, "indexed 1": PAPER, "indexed 9": PAPER, "theme 1": BLACK, "indexed 64": BLACK}
"""White and black of every palette and of the usual themes."""


def _colour(node: ElementTree.Element | None) -> str:
    """Return a colour so that equal ones are equal; nothing where a program chooses it."""
    if node is None:
        return ""
    for kind in ("rgb", "theme", "indexed"):
        if (said := node.get(kind)) is not None:
            named = said[-6:].upper() if kind == "rgb" else f"{kind} {said}"
            tint = node.get("tint", "0")
            return _NAMED.get(named, named) if tint in ("0", "0.0") else f"{named} {tint}"
    return ""


def _behind(fill: ElementTree.Element) -> str | None:
    """Return the one colour behind the letters, or nothing where there are several."""
    pattern = fill.find("{*}patternFill")
    kind = None if pattern is None else pattern.get("patternType", "none")
    if pattern is None or kind not in ("none", "solid"):
        return None
    return PAPER if kind == "none" else _colour(pattern.find("{*}fgColor"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


_TEXT = re.compile(rb"<(?:\w+:)?si\b(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
STRIKE = re.compile(rb"<(?:\w+:)?strike\b(?![^>]*val=[\"'](?:0|false))")
"""A run of letters that is crossed out."""
_RUN = re.compile(rb"<(?:\w+:)?r(?:\s[^>]*)?>(.*?)</(?:\w+:)?r>", re.DOTALL)
_LEVEL = re.compile(rb"<(?:\w+:)?vertAlign\b[^>]*val=[\"'](su(?:per|b))script")
_LETTERS = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*[^>/])?>(.*?)</(?:\w+:)?t>", re.DOTALL)
RAISED_AS = {"super": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), "sub": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")}
"""Digits that are raised, or lowered, as the person sees them: the note 1 behind 9 makes no 91."""
MARKED = (b"strike", b"script")
"""One of these stands wherever a run is such."""


def _texts(shared: bytes) -> list[tuple[int, bytes]]:
    """Return the shared texts of which a part may be crossed out, raised or lowered, with their numbers."""
    texts = enumerate(_TEXT.finditer(shared)) if any(mark in shared for mark in MARKED) else ()
    return [(n, found[1]) for n, found in texts if found[1] and any(mark in found[1] for mark in MARKED)]


def raised(xml: bytes) -> tuple[str, str] | None:
    """Return a text of several runs as it is stored, and with its raised digits as such; nothing where it has none.

    Examples
    --------
    >>> raised(b'<r><t>9</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>')
    ('91', '9¹')
    """
    parts = []
    for run in _RUN.findall(xml):
        level = _LEVEL.search(run)
        text = unescape(b"".join(_LETTERS.findall(run)).decode("utf-8", "replace"))
        parts.append((text, text.translate(RAISED_AS[level[1].decode()]) if level else text))
    stored, seen = ("".join(part[n] for part in parts) for n in (0, 1))
    return (stored, seen) if stored != seen else None
