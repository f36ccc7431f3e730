"""Sheets of very many rows of text: written a stretch of rows at a time, no cell of them an object."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jifen_analysis.report.sheets import Sheet
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.sources import letters

LONG = 10_000
"""Rows from which a sheet of text is written so."""
_AT_ONCE = 1 << 16
_LONGEST = 32_767
"""Signs that a cell holds."""
_ODD = "[&<>\\x00-\\x1f\ufffe\uffff]|_x|^\\s|\\s$"
"""Texts that are not written as they stand."""


def is_long(sheet: Sheet) -> bool:
    """Return whether a sheet has many rows and nothing but text in them.

    Examples
    --------
    >>> is_long(Sheet("短", pd.DataFrame({"a": ["1"]}), ("甲",)))
    False
    """
    plain = not (sheet.formulas or sheet.inputs or sheet.charts) and "branch" not in sheet.frame
    graded = any(str(name).startswith("grade") for name in sheet.frame)
    return len(sheet.frame) > LONG and plain and not graded and all(map(_is_text, sheet.frame.dtypes))


def _is_text(kind: object) -> bool:
    return isinstance(kind, pd.CategoricalDtype) or kind == "str"


class LongSheet(Worksheet):  # type: ignore[misc] # which has no types
    """A sheet with rows of text below those that were written cell by cell."""

    def hold(self, frame: pd.DataFrame, first: int, look: Format) -> None:
        """Write the rows of a frame from a row on (from 0), when the sheet is written.

        Texts of categories stand once in the workbook, and are pointed to; others stand in their cells.
        """
        self.below = (frame, first, look)
        self.dim_rowmax, self.dim_colmax = first + len(frame) - 1, frame.shape[1] - 1
        self.contents = [self._contents(frame.iloc[:, at]) for at in range(frame.shape[1])]

    def _contents(self, values: pd.Series) -> pa.Array:
        """Return what stands in each cell behind its address and look."""
        if not isinstance(values.dtype, pd.CategoricalDtype):
            texts = pa.array(values.array, pa.large_string())
            return _inline(pc.utf8_slice_codeunits(texts, 0, _LONGEST), self)
        at, each = different(values)
        shared = [self.str_table._get_shared_string_index(text[:_LONGEST]) if text else None for text in each]
        said = pa.array(
            [_BLANK if place is None else f' t="s"><v>{place}</v></c>' for place in shared], pa.large_string()
        )
        return pa.DictionaryArray.from_arrays(pa.array(at.astype("int32"), mask=at < 0), said)

    def _write_rows(self) -> None:
        last, self.dim_rowmax = self.dim_rowmax, self.below[1] - 1
        super()._write_rows()
        self.dim_rowmax = last
        for text in self._xml():
            self.fh.write(text)

    def _xml(self) -> Iterator[str]:
        frame, first, look = self.below
        style = look._get_xf_index()
        for start in range(0, len(frame), _AT_ONCE):
            numbers = np.arange(first + start, first + min(start + _AT_ONCE, len(frame))) + 1
            row = pa.array(numbers).cast(pa.large_string())
            parts = ['<row r="', row, '">']
            for at, contents in enumerate(self.contents):
                own = contents.slice(start, _AT_ONCE).cast(pa.large_string()).fill_null(_BLANK)
                parts += [f'<c r="{letters(at + 1)}', row, f'" s="{style}"', own]
            yield "".join(pc.binary_join_element_wise(*map(_large, [*parts, "</row>", ""])).to_pylist())


_BLANK = "/>"


def _large(part: str | pa.Array) -> pa.Scalar | pa.Array:
    return pa.scalar(part, pa.large_string()) if isinstance(part, str) else part


def _inline(texts: pa.Array, sheet: LongSheet) -> pa.Array:
    """Return what stands in cells with texts of their own; those that are not written as they stand are looked at."""
    odd = pc.fill_null(pc.match_substring_regex(texts, _ODD), False).to_numpy(zero_copy_only=False)
    blank = pc.fill_null(pc.equal(texts, ""), True)
    opened, closed = map(_large, (' t="inlineStr"><is><t>', "</t></is></c>"))
    said = pc.if_else(blank, _large(_BLANK), pc.binary_join_element_wise(opened, texts, closed, _large("")))
    if not odd.any():
        return said
    mended = [sheet._escape_data(sheet._escape_control_characters(text)) for text in texts.filter(odd).to_pylist()]
    kept = [f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' for text in mended]
    return pc.replace_with_mask(said, pa.array(odd), pa.array(kept, pa.large_string()))
