"""From a scheme file's content to the rows of a 方案表."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jifen_analysis.schemes.sheets.notation import Cell, pricing
from jifen_analysis.schemes.sheets.plan import ABOUT, CHANGES, HEAD, SHEETS, PlanColumn, PlanSheet
from jifen_analysis.schemes.sheets.terms import Terms, terms_of

Rows = list[list[Cell]]
_SAID_ONCE = ("title", "why", "clause", "assumed")
"""What the first row of a reading says for all of them."""


def rows_of(document: Mapping[str, Any]) -> dict[str, Rows]:
    """Return the rows of every sheet, the headers first.

    Parameters
    ----------
    document : mapping
        What a scheme file says, in plain tables and lists.
    """
    terms = terms_of(document)
    about = [[column.header, _cell(document, column, terms)] for column in ABOUT]
    sheets: dict[str, Rows] = {HEAD: [["项目", "内容"], *about]}
    for sheet in SHEETS:
        found = [_row(sheet, owners, key, part, terms) for owners, key, part in _parts(document, sheet.section)]
        sheets[sheet.name] = [list(sheet.headers), *found]
    for sheet in CHANGES:
        rows = [
            row for key, part in document.get(sheet.section[0], {}).items() for row in _changed(sheet, key, part, terms)
        ]
        sheets[sheet.name] = [list(sheet.headers), *rows]
    return sheets


def _parts(
    part: Any, section: tuple[str, ...], owners: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Yield every part of a section with its owners and its own id."""
    if not section:
        yield from ((owners, key, one) for key, one in part.items())
        return
    step, *rest = section
    if step == "*":
        for key, one in part.items():
            yield from _parts(one, tuple(rest), (*owners, key))
    elif step in part:
        yield from _parts(part[step], tuple(rest), owners)


def _row(sheet: PlanSheet, owners: tuple[str, ...], key: str, part: Mapping[str, Any], terms: Terms) -> list[Cell]:
    own = pricing(terms, part.get("by"))
    return [*owners, key, *(_cell(part, column, own) for column in sheet.columns)]


def _cell(part: Mapping[str, Any], column: PlanColumn, terms: Terms) -> Cell:
    found: Any = part
    for step in column.path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return None if found is None else column.codec.shown(found, terms)


def _changed(sheet: PlanSheet, key: str, part: Mapping[str, Any], terms: Terms) -> Iterator[list[Cell]]:
    """Yield a row for each path of a reading; what is said of the whole stands in the first."""
    sets = [{"how": "set", "path": path, "value": value} for path, value in part.get("set", {}).items()]
    drops = [{"how": "drop", "path": path} for path in part.get("drop", ())]
    for at, change in enumerate([*sets, *drops] or [{}]):
        whole = {name: part[name] for name in _SAID_ONCE if name in part} if at == 0 else {}
        yield _row(sheet, (), key, {**whole, **change}, terms)
