"""Where records came from: one sheet of one file, and the cells of its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Source:
    """One sheet of one file, and where its columns stand.

    Parameters
    ----------
    file : str
        Path relative to what was loaded.
    sheet : str
        Name of the sheet; empty for CSV and Parquet.
    columns : mapping of str to int
        Canonical column name to column number, 1-based.
    digest : str
        SHA-256 of the file.
    beside : mapping of str to int
        In a wide sheet, how far right of a record's first cell its other
        values stand.
    turned : bool
        Whether the members stand across the top: then ``columns`` holds the
        numbers of rows, and other values stand below a record's first cell.

    Examples
    --------
    >>> wide = Source("a.xlsx", "党费", {"member_id": 1}, beside={"due": 0, "paid": 1})
    >>> wide.cell(7, "member_id", 5), wide.cell(7, "paid", 5)
    ('A7', 'F7')
    >>> lying = Source("a.xlsx", "党费", {"member_id": 1}, beside={"due": 0, "paid": 1}, turned=True)
    >>> lying.cell(7, "member_id", 5), lying.cell(7, "paid", 5)
    ('E1', 'E8')
    """

    file: str
    sheet: str = ""
    columns: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    beside: Mapping[str, int] = field(default_factory=dict)
    turned: bool = False

    def holds(self, column: str) -> bool:
        """Return whether the values of a column stand in cells of their own, and were not said elsewhere."""
        return column in self.columns or column in self.beside

    def cell(self, row: int, column: str = "", number: int = 0) -> str:
        """Return the address of a record's cell, such as ``C7``.

        Parameters
        ----------
        row : int
            The record's row.
        column : str
            The canonical column that is meant.
        number : int
            In a wide sheet, the column where the record itself stands: taken
            where the sheet has no column of that name.
        """
        (down,), (right,) = self.places(np.array([row]), column, np.array([number]))
        return f"{letters(int(right))}{down}" if down > 0 else ""

    def places(self, row: np.ndarray, column: str, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return row and column of the cells of records, whole numbers from 1; as :meth:`cell` has them."""
        along, first = (number, row) if self.turned else (row, number)
        edge = min(self.columns.values(), default=0)
        own = np.where(first > 0, first + self.beside.get(column, 0), edge)
        across = np.full(len(row), self.columns[column]) if self.columns.get(column) else own
        return (across, along) if self.turned else (along, across)


def letters(number: int) -> str:
    """Return the letters of a column number.

    Examples
    --------
    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    return "" if number < 1 else letters((number - 1) // 26) + chr(65 + (number - 1) % 26)


def parse_address(address: str) -> tuple[int, int]:
    """Return row and column of an address.

    Examples
    --------
    >>> parse_address("AB7")
    (7, 28)
    """
    name = address.rstrip("0123456789")
    column = 0
    for letter in name:
        column = 26 * column + ord(letter) - 64
    return int(address[len(name) :]), column
