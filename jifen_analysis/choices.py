"""Workbooks that people fill in: how they are begun, and lists to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from jifen_analysis.errors import UsageError
from jifen_analysis.saving import output_day

LISTS = "字典"
"""The hidden sheet on which the lists stand."""
HEAD = {"bold": True, "bg_color": "#DDEBF7", "border": 1}
"""How the header of what must be filled in looks."""


@contextmanager
def form_at(target: Path, author: str = "") -> Iterator[Any]:
    """Yield an XlsxWriter workbook in which text stays text, dated as outputs are.

    Raises
    ------
    UsageError
        Where it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "表.xlsx"
    >>> with form_at(target) as book:
    ...     _ = book.add_worksheet("表")
    >>> target.is_file()
    True
    """
    import xlsxwriter  # who only reads does not wait for what writes
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties({"author": author, "created": datetime.combine(output_day(), time())})
            yield book
    except (OSError, XlsxWriterException) as fault:
        raise UsageError(f"写不了 {target}:{fault}", f"cannot write {target}: {fault}") from fault


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
