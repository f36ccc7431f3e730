"""Lists to choose from in a workbook that people fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LISTS = "字典"
"""The hidden sheet on which the lists stand."""


@dataclass(frozen=True)
class DropDown:
    """A drop-down list: where it stands, and its first entry, which an example may show."""

    place: str
    first: str

    @property
    def rule(self) -> dict[str, Any]:
        """What XlsxWriter's ``data_validation`` is told of it."""
        return {"validate": "list", "source": self.place, "error_message": "请从列表中选择", "ignore_blank": True}


def write_lists(book: Any, lists: Mapping[str, Sequence[str]]) -> dict[str, DropDown]:
    """Write lists to a hidden sheet of an XlsxWriter workbook, a column each; an empty one offers nothing.

    Examples
    --------
    >>> import io, xlsxwriter
    >>> with xlsxwriter.Workbook(io.BytesIO()) as book:
    ...     _ = book.add_worksheet("表")
    ...     write_lists(book, {"sex": ["男", "女"]})["sex"].place
    '=字典!$A$1:$A$2'
    """
    from xlsxwriter.utility import xl_col_to_name  # who only reads does not wait for it

    sheet = book.add_worksheet(LISTS)
    choices = {}
    for j, (name, entries) in enumerate((name, entries) for name, entries in lists.items() if entries):
        for i, entry in enumerate(entries):
            sheet.write_string(i, j, entry)
        letter = xl_col_to_name(j)
        choices[name] = DropDown(f"={LISTS}!${letter}$1:${letter}${len(entries)}", entries[0])
    sheet.hide()
    return choices
