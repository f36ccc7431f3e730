"""Who paid his dues when: mostly on time, some late, some short, some not at all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.sample.draws import pick, stream
from jifen_analysis.sample.habits import Habits
from jifen_analysis.sample.planted import PlantedChange, Planting, laid_over
from jifen_analysis.sample.times import period_codes, year_opens

_STATES = ("on_time", "late", "short", "unpaid", "undated", "free")
_SHARES = (0.95, 0.024, 0.006, 0.008, 0.01, 0.002)


def dues(rows: pd.DataFrame, habits: Habits, cast: Planting, seed: int) -> pd.DataFrame:
    """Return a row for each member and month; activists owe nothing.

    Returns
    -------
    DataFrame
        person, month, due (yuan), paid (yuan), paid_on.
    """
    rng = stream(seed, "dues")
    table = _months(rows)
    n, quiet = len(table), table["quiet"].to_numpy()
    dated = habits.of_branches(table["branch"].to_numpy(), "dated")
    state = np.where(quiet, 0, pick(rng, _SHARES, n))
    state = np.where(~dated & (state < 2), _STATES.index("undated"), state)
    late = 1 + np.floor(90 * rng.random(n) ** 2).astype("int64")
    early = np.floor(21 * rng.random(n)).astype("int64")
    paid, paid_on = _payment(table, state, np.where(state == 0, -early, late))
    due = np.where(state == _STATES.index("free"), 0.0, table["due"])
    table = table.assign(due=due, paid=paid, paid_on=paid_on)
    table = laid_over(table, cast, "dues", "month", _with_payment)
    return table[["person", "month", "due", "paid", "paid_on"]]


def _months(rows: pd.DataFrame) -> pd.DataFrame:
    owing = rows[rows["stage"] != "activist"]
    month = year_opens(owing)[:, None] + np.arange(12)
    first, last = (owing[end].to_numpy().astype("datetime64[M]")[:, None] for end in ("first", "last"))
    at, number = np.nonzero((first <= month) & (month <= last))
    held = month[at, number]
    columns = {name: owing[name].to_numpy()[at] for name in ("person", "branch", "quiet")}
    closes = (held + 1).astype("datetime64[D]") - 1
    return pd.DataFrame(
        {**columns, "month": period_codes(held, 1), "closes": closes, "due": owing["dues"].to_numpy()[at]}
    )


def _payment(table: pd.DataFrame, state: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what was paid and when; ``days`` after the month's last day."""
    due, closes = table["due"].to_numpy(), table["closes"].to_numpy().astype("datetime64[D]")
    part = np.floor(due) / 2
    kinds = [state == at for at in range(len(_STATES))]
    paid = np.select(kinds, [due, due, part, np.full(len(due), np.nan), due, np.full(len(due), np.nan)])
    dated = kinds[0] | kinds[1] | kinds[2]
    return paid, np.where(dated, closes + days, np.datetime64("NaT", "D"))


def _with_payment(table: pd.DataFrame, touched: np.ndarray, change: PlantedChange) -> pd.DataFrame:
    name, days = change.rest
    state = np.full(len(table), _STATES.index(name))
    paid, paid_on = _payment(table, state, np.full(len(table), days))
    wanted = {"due": 0.0 if name == "free" else table["due"], "paid": paid, "paid_on": paid_on.astype("datetime64[s]")}
    return table.assign(**{column: table[column].mask(touched, values) for column, values in wanted.items()})
