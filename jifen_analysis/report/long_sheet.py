"""Sheets of very many rows of text: written a stretch of rows at a time, no cell of them an object."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jifen_analysis.report.sheets import Sheet
from jifen_analysis.store.table import read_ahead
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
        self.below = (len(frame), first)
        self.dim_rowmax, self.dim_colmax = first + len(frame) - 1, frame.shape[1] - 1
        begun = f'" s="{look._get_xf_index()}"'
        after = [*(f'<c r="{letters(at + 2)}' for at in range(self.dim_colmax)), "</row>"]
        self.columns = [self._column(frame.iloc[:, at], (begun, end)) for at, end in enumerate(after)]

    def _column(self, values: pd.Series, ends: tuple[str, str]) -> _Shared | _Own:
        if not isinstance(values.dtype, pd.CategoricalDtype):
            return _Own(pc.utf8_slice_codeunits(pa.array(values.array, pa.large_string()), 0, _LONGEST), ends, self)
        at, each = different(values)
        shared = [self.str_table._get_shared_string_index(text[:_LONGEST]) if text else None for text in each]
        said = [_BLANK if place is None else f' t="s"><v>{place}</v></c>' for place in (*shared, None)]
        texts = pa.array([f"{ends[0]}{text}{ends[1]}" for text in said], pa.large_string())
        codes = pa.array(np.where(at < 0, len(shared), at).astype("int32"))
        return _Shared(pa.DictionaryArray.from_arrays(codes, texts))

    def _write_rows(self) -> None:
        last, self.dim_rowmax = self.dim_rowmax, self.below[1] - 1
        super()._write_rows()
        self.dim_rowmax = last
        self.fh.write(_ROWS)

    @property
    def is_vast(self) -> bool:
        """Whether its text may be longer than a plain archive takes."""
        length = self.below[0]
        return length * _NUMBERS * (len(self.columns) + 1) + sum(one.most for one in self.columns) > ZIP64_LIMIT // 2

    def below_them(self) -> Iterator[pa.Buffer]:
        """Yield the text of the rows that are held."""
        length, first = self.below
        for start in range(0, length, _AT_ONCE):
            row = pa.array(np.arange(first + start, first + min(start + _AT_ONCE, length)) + 1).cast(pa.large_string())
            parts = [_large('<row r="'), row, _large('"><c r="A')]
            for column in self.columns:
                parts += [row, column.behind(start)]
            yield _bytes(pc.binary_join_element_wise(*parts, _large("")))


_BLANK = "/>"
_ROWS = "<!--rows-->"
_NUMBERS = 20
"""Signs at most of a row's number and of what begins it."""
_ESCAPE = 7
"""Signs that one sign may be written with."""


@dataclass(frozen=True, eq=False)
class _Shared:
    """What stands behind the address of each cell of a column up to the next one's; each different text once."""

    texts: pa.DictionaryArray

    def behind(self, start: int) -> pa.Array:
        """Return it for some rows."""
        return self.texts.slice(start, _AT_ONCE).cast(pa.large_string())

    @property
    def most(self) -> int:
        """Signs at most."""
        return len(self.texts) * (pc.max(pc.binary_length(self.texts.dictionary)).as_py() or 0)


@dataclass(frozen=True, eq=False)
class _Own:
    """The same of a column whose cells have texts of their own."""

    texts: pa.Array
    ends: tuple[str, str]
    sheet: LongSheet

    def behind(self, start: int) -> pa.Array:
        """Return it for some rows; texts that are not written as they stand are looked at."""
        texts, (begun, end) = self.texts.slice(start, _AT_ONCE), self.ends
        odd = pc.fill_null(pc.match_substring_regex(texts, _ODD), False).to_numpy(zero_copy_only=False)
        blank = pc.fill_null(pc.equal(texts, ""), True)
        opened, closed = f'{begun} t="inlineStr"><is><t', f"</t></is></c>{end}"
        said = pc.binary_join_element_wise(_large(f"{opened}>"), texts, _large(closed), _large(""))
        said = pc.if_else(blank, _large(f"{begun}{_BLANK}{end}"), said)
        if not odd.any():
            return said
        mended = map(self._escaped, texts.filter(odd).to_pylist())
        kept = [f'{opened} xml:space="preserve">{text}{closed}' for text in mended]
        return pc.replace_with_mask(said, pa.array(odd), pa.array(kept, pa.large_string()))

    def _escaped(self, text: str) -> str:
        return str(self.sheet._escape_data(self.sheet._escape_control_characters(text)))

    @property
    def most(self) -> int:
        """Signs at most."""
        return _ESCAPE * (pc.sum(pc.binary_length(self.texts)).as_py() or 0) + len(self.texts) * sum(
            map(len, self.ends)
        )


def _large(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _bytes(texts: pa.Array) -> pa.Buffer:
    """Return the bytes of texts one behind the other, as they lie in memory."""
    ends = np.frombuffer(texts.buffers()[1], "int64")[texts.offset :]
    return texts.buffers()[2].slice(int(ends[0]), int(ends[len(texts)] - ends[0]))


def fill_in(path: Path, sheets: Mapping[str, LongSheet]) -> None:
    """Write a workbook anew with the rows of long sheets, known by the names of their parts, in their places.

    They are deflated while the next are made, and no harder than pays: as is usual takes four times as long, for a
    fifth of the size.
    """
    drawn = io.BytesIO(path.read_bytes())  # without these rows it is small
    with ZipFile(drawn) as book, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as whole:
        for name in book.namelist():
            sheet = sheets.get(name)
            with book.open(name) as part, whole.open(name, "w", force_zip64=bool(sheet and sheet.is_vast)) as stream:
                if sheet is None:
                    shutil.copyfileobj(part, stream)
                    continue
                above, below = part.read().split(_ROWS.encode())
                stream.writelines(chain((above,), read_ahead(sheet.below_them()), (below,)))


_LEVEL = 1
