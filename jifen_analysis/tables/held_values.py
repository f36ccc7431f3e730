"""Whether the values of a table keep to its columns, batch by batch: each different one is looked at once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.tables.columns import TABLES
from jifen_analysis.tables.limits import Limit, limits


@dataclass(frozen=True)
class HeldValues:
    """What the columns of a table allow, and which values were found allowed already.

    Parameters
    ----------
    table : str
        Its name.

    Examples
    --------
    >>> marks = HeldValues("evaluations")
    >>> [marks.keep(pa.RecordBatch.from_pydict({"mark": pa.array(each)})) for each in ([90.0, 90.5], [90.0, 101.0])]
    [True, False]
    """

    table: str
    _known: dict[str, set[Any]] = field(default_factory=dict, repr=False)
    _limits: dict[str, Mapping[str, Limit]] = field(default_factory=dict, repr=False)

    def keep(self, batch: pa.RecordBatch) -> bool:
        """Return whether all values of a batch are allowed, and none is missing that must not be."""
        return all(self._keeps(name, batch[name]) for name in batch.schema.names)

    def _keeps(self, name: str, values: pa.Array) -> bool:
        column = TABLES[self.table][name]
        if column.required and _lacks_some(values):
            return False
        if name not in self._limits:
            self._limits[name] = limits(column)
        held = self._limits[name]
        each = self._new(name, values) if held else None
        return each is None or all(bool(limit(each).all()) for limit in held.values())

    def _new(self, name: str, values: pa.Array) -> pd.Series | None:
        """Return the values that are new; of days and whole numbers the ends, of others all where they differ."""
        if pa.types.is_dictionary(values.type):
            return self._unknown(name, values.dictionary.to_pylist(), "str")
        if pa.types.is_floating(values.type):
            with suppress(pa.ArrowInvalid):  # whole numbers are told by their ends
                values = values.cast("int32")
        ends = [one for one in pc.min_max(values).as_py().values() if one is not None]
        if pa.types.is_date(values.type):
            return self._unknown(name, ends, "datetime64[us]")
        if pa.types.is_integer(values.type) or ends[:1] == ends[1:]:
            return self._unknown(name, ends, None)
        each = pc.unique(values)
        if len(each) <= _FEW:
            return self._unknown(name, each.filter(pc.equal(each, each)).to_pylist(), None)  # nan is none
        return pd.Series(values.drop_null().to_numpy(), copy=False).dropna()

    def _unknown(self, name: str, found: list[Any], kind: str | None) -> pd.Series | None:
        known = self._known.setdefault(name, set())
        new = [one for one in dict.fromkeys(found) if one not in known]
        known.update(new)
        return pd.Series(new, dtype=kind) if new else None


_FEW = 10_000
"""Different values of a batch up to which each is looked at but once."""


def _lacks_some(values: pa.Array) -> bool:
    return values.null_count > 0 or (pa.types.is_floating(values.type) and bool(np.isnan(values.to_numpy()).any()))
