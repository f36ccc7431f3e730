"""What was won or lost: the lines of every item, by member, period, part and rule.

Points are whole ten-thousandths until the first division, so the lines of an
item add up to its score exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from jifen_analysis.scoring.arrays import Bools, Ints, compress
from jifen_analysis.tables.columns import SCALE

ItemKey = tuple[str, str]
"""Component and item."""

LineKey = tuple[str, str, str]
"""The rule, the kind and the clause of a line."""


@dataclass(frozen=True)
class LedgerLine:
    """One kind of entry of the ledger, for all rows at once.

    ``rule`` is empty for the item as a whole; ``kind`` is start, rule, floor, cap, forfeit, zero or correction;
    ``points`` are whole ten-thousandths (int64), or points (float64) where something was divided, of shape (rows,
    parts), and not to be changed; ``count`` says how many records are behind it.
    """

    rule: str
    kind: str
    points: np.ndarray
    count: Ints
    clause: str = ""

    def over(self, shape: tuple[int, int]) -> LedgerLine:
        """Return the line for all rows and parts, where it was the same for some."""
        return replace(self, points=np.broadcast_to(self.points, shape), count=np.broadcast_to(self.count, shape))

    @property
    def key(self) -> LineKey:
        """What tells it from the other lines of its item."""
        return self.rule, self.kind, self.clause

    @property
    def value(self) -> np.ndarray:
        """The points as floats."""
        return self.points / SCALE if self.points.dtype.kind == "i" else self.points


@dataclass(frozen=True)
class ItemScore:
    """The score of one item, for all rows.

    ``per`` is the part at which its lines stand, ``parts`` the score of each; ``missing`` where there is nothing to
    score it by; ``flags`` what it says of some rows; ``correction`` the points that decisions after objections add.
    """

    lines: tuple[LedgerLine, ...]
    per: str
    parts: np.ndarray
    missing: Bools
    flags: tuple[tuple[str, Bools], ...] = ()
    correction: np.ndarray | float = 0.0

    def block(self, some: slice) -> ItemScore:
        """Return what it says of a block of rows."""
        lines = tuple(replace(line, points=line.points[some], count=line.count[some]) for line in self.lines)
        flags = tuple((name, where[some]) for name, where in self.flags)
        correction = self.correction[some] if isinstance(self.correction, np.ndarray) else self.correction
        return ItemScore(lines, self.per, self.parts[some], self.missing[some], flags, correction)

    @property
    def score(self) -> np.ndarray:
        """The score of the period, once where all rows are alike; missing where it cannot be scored."""
        parts = compress(self.parts)
        summed = (parts[:, 0] if parts.shape[1] == 1 else parts.sum(axis=1)) + self.correction
        return np.where(self.missing, np.nan, summed) if compress(self.missing).any() else summed


NONE = np.zeros((1, 1), dtype="int64")
"""Nothing, for every row and part."""


def ordered_sum(arrays: Iterable[np.ndarray]) -> np.ndarray:
    """Return the sum of some arrays, added in their order."""
    return reduce(np.add, arrays)
