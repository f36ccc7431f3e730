"""What stands on a page as it is written: its tables, the numbers of its figures, its words."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import numpy as np


@dataclass
class Shown:
    """A page, read as anybody may read it.

    Parameters
    ----------
    title : str
        The first heading.
    tables : dict of str to (headers, rows)
        By the heading above.
    figures : dict of str to list of dict
        The traces of each figure by its key, numbers as lists.
    words : list of str
        Paragraphs and points, in order.
    """

    title: str = ""
    tables: dict[str, tuple[list[str], list[list[str]]]] = field(default_factory=dict)
    figures: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def table(self, title: str) -> tuple[list[str], list[list[str]]]:
        """Return headers and rows of the table whose title begins so; nothing where there is none."""
        return next((found for name, found in self.tables.items() if name.startswith(title)), ([], []))

    def figure(self, key: str) -> Sequence[Mapping[str, Any]]:
        """Return the traces of a figure; none where it is not drawn."""
        return self.figures.get(key, [])


def read_page(text: str) -> Shown:
    """Read a page whose figures are drawn by the reader's browser."""
    reader = _Reader()
    reader.feed(text)
    return reader.shown


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()
        self._heading, self._figure, self._text = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._figure = dict(attrs).get("data-figure") or "" if tag == "script" else self._figure
        if tag == "table":
            self.shown.tables[self._heading] = ([], [])
        if tag == "tr" and self.shown.tables:
            self.shown.tables[self._heading][1].append([])
        if tag not in ("a", "span"):
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        text = self._text.strip()
        if tag == "h1":
            self.shown.title = text
        elif tag in ("h2", "h3"):
            self._heading = text
        elif tag == "th":
            self.shown.tables[self._heading][0].append(text)
        elif tag == "td":
            self.shown.tables[self._heading][1][-1].append(text)
        elif tag == "thead":
            self.shown.tables[self._heading][1].clear()
        elif tag in ("p", "li"):
            self.shown.words.append(text)
        elif tag == "script" and self._figure:
            spec = json.loads(text)
            self.shown.figures[self._figure.removeprefix("plot-")] = [_plain(trace) for trace in spec["data"]]
            self._figure = ""


def _plain(value: Any) -> Any:
    """Return what a figure holds with numbers as lists: plotly packs them."""
    if isinstance(value, dict):
        if {"dtype", "bdata"} <= set(value):
            numbers = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
            shape = [int(size) for size in str(value.get("shape", numbers.size)).split(",")]
            return numbers.reshape(shape).tolist()
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
