"""How a month of dues stands, seen from the end of the period it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np
import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.scoring.arrays import Bools, Ints
from jifen_analysis.scoring.encoded import NEVER, Encoded, add_pairs, days_of
from jifen_analysis.scoring.queries import Coding
from jifen_analysis.tables.columns import SCALE


def day(when: date) -> int:
    """Return a date as whole days since 1970."""
    return int(np.datetime64(when).astype("int64"))


def last_days(months: Ints) -> Ints:
    """Return the last day of each integer month."""
    return (months + 1 - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype("int64") - 1


def seen_from(periods: Sequence[Period], seen: date | None = None) -> Ints:
    """Return the day from which the months of each period are looked at; of none, last."""
    return np.array([*(day(min(period.last_day, seen or date.max)) for period in periods), day(date.max)])


@dataclass(frozen=True)
class Payments:
    """Months of dues: what was due, what was paid, and when.

    Parameters
    ----------
    due, paid : ndarray of float, shape (records,)
        Amounts; missing where nothing was paid.
    paid_on : ndarray of int, shape (records,)
        Days since 1970.
    """

    due: np.ndarray
    paid: np.ndarray
    paid_on: Ints

    @classmethod
    def of(cls, dues: pd.DataFrame) -> Payments:
        """Return the payments of a table of dues."""
        return cls(dues["due"].to_numpy(), dues["paid"].to_numpy(), days_of(dues["paid_on"]))

    def only(self, some: slice) -> Payments:
        """Return some of them."""
        return Payments(self.due[some], self.paid[some], self.paid_on[some])


def settlement(payments: Payments, last: Ints, closes: Ints) -> tuple[Ints, Bools, Ints]:
    """Say of each month of dues how it stands.

    Parameters
    ----------
    payments : Payments
        Months of dues.
    last : ndarray of int, shape (records,)
        The last day of each month.
    closes : ndarray of int, shape (records,)
        The day from which each is looked at; a later payment is not seen.

    Returns
    -------
    state : ndarray of int
        0 on time, 1 late, 2 short, 3 unpaid.
    undated : ndarray of bool
        Settled, with something due, without a date.
    late : ndarray of int
        Days late.
    """
    paid_on, (due, paid) = payments.paid_on, (np.rint(one * SCALE) for one in (payments.due, payments.paid))
    # A missing amount compares as nothing paid; a missing date lies before every month's end.
    seen, owed = paid_on <= closes, due > 0
    settled = seen & (paid >= due) | (due == 0)
    late = np.where(settled, np.maximum(paid_on - last, 0), np.maximum(closes - last, 1)) * owed
    state = np.where(settled, late > 0, np.where(seen & (paid > 0), np.int8(2), np.int8(3)))
    return state, settled & owed & (paid_on == NEVER), late


def codes(payments: Payments, last: Ints, closes: Ints, coding: Coding) -> Encoded:
    """Return the code of each month of dues."""
    state, undated, late = settlement(payments, last, closes)
    step = sum((late >= bound for bound in coding.bounds), np.zeros(len(late), dtype="int8"))
    found = zip(coding.columns, (state, undated, step), strict=True)
    return reduce(add_pairs, (Encoded(at, coding.adds(column, coding.words[column])) for column, at in found))
