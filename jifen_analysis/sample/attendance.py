"""Who was at which activity, and who paid the dues: the branches' plans, the members' lapses, the planted cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jifen_analysis.sample.draws import pick, stream
from jifen_analysis.sample.habits import Habits
from jifen_analysis.sample.planted import PlantedChange, Planting, laid_over
from jifen_analysis.sample.times import period_codes, year_opens
from jifen_analysis.vocabulary import standard

_UNRECORDED = 0.02
"""Share of activities of which the sheet says nothing about a member."""


def attendance(rows: pd.DataFrame, habits: Habits, cast: Planting, seed: int) -> pd.DataFrame:
    """Return the attendance of all stints.

    Parameters
    ----------
    rows : DataFrame
        Stints (``people.stints``).
    habits : Habits
        The branches' plan and the ways of not attending.
    cast : Planting
        The planted cases.
    seed : int
        Seed of the sample.

    Returns
    -------
    DataFrame
        person, date, activity, status.
    """
    rng = stream(seed, "attendance")
    held = pd.concat([_planned(rows, habits), _workdays(rows, habits)], ignore_index=True)
    quiet, lax = held["quiet"].to_numpy(), held["lax"].to_numpy()
    lapse = rng.random(len(held)) < lax
    ways = [standard().codes("status").index(way) for way in habits.lapses]
    way = np.array(ways)[pick(rng, [entry["share"] for entry in habits.lapses.values()], len(held))]
    present = standard().codes("status").index("present")
    noted = quiet | (rng.random(len(held)) >= _UNRECORDED)
    status = _words("status", np.where(lapse, way, present))
    table = held.assign(status=status).loc[noted, ["person", "date", "activity", "status"]]
    table = laid_over(table, cast, "attendance", "date", _with_status)
    return pd.concat([table, *map(_spread, cast.changes("more_attendance"))], ignore_index=True)


def _words(kind: str, codes: np.ndarray) -> pd.Categorical[str]:
    words = list(standard().codes(kind))
    return pd.Categorical(words, categories=words).take(codes)


def _planned(rows: pd.DataFrame, habits: Habits) -> pd.DataFrame:
    entries = [
        (name, month, entry.get("audience", "")) for name, entry in habits.plan.items() for month in entry["months"]
    ]
    branch, opens = rows["branch"].to_numpy()[:, None], year_opens(rows)[:, None]
    place = np.arange(len(entries))
    month = np.array([month for _, month, _ in entries])
    day = (opens + (month - 1)).astype("datetime64[D]") + (1 + (branch * 5 + place * 7) % 26)
    audience = np.column_stack([_audience(rows, name) for _, _, name in entries])
    activity = np.array([standard().codes("activity").index(name) for name, _, _ in entries])
    return _held(rows, day, audience, activity)


def _workdays(rows: pd.DataFrame, habits: Habits) -> pd.DataFrame:
    posted = rows[_audience(rows, "posts")]
    month = np.repeat(np.arange(12), len(habits.workday["days"]))
    number = np.tile(np.asarray(habits.workday["days"]) - 1, 12)
    day = (year_opens(posted)[:, None] + month).astype("datetime64[D]") + number
    day = np.busday_offset(day, 0, roll="modifiedfollowing")
    everyone = np.ones(day.shape, bool)
    return _held(posted, day, everyone, np.full(day.shape[1], standard().codes("activity").index("workday")))


def _audience(rows: pd.DataFrame, name: str) -> np.ndarray:
    if name == "posts":
        return (rows["post"] != "none").to_numpy()
    return rows["retired"].to_numpy() if name == "retired" else np.ones(len(rows), bool)


def _held(rows: pd.DataFrame, day: np.ndarray, audience: np.ndarray, activity: np.ndarray) -> pd.DataFrame:
    first = rows["first"].to_numpy().astype("datetime64[D]")[:, None]
    last = rows["last"].to_numpy().astype("datetime64[D]")[:, None]
    at, what = np.nonzero((first <= day) & (day <= last) & audience)
    columns = {name: rows[name].to_numpy()[at] for name in ("person", "quiet", "lax")}
    return pd.DataFrame({**columns, "date": day[at, what], "activity": _words("activity", activity[what])})


def _with_status(table: pd.DataFrame, touched: np.ndarray, change: PlantedChange) -> pd.DataFrame:
    activity, status = change.rest
    mask = touched & table["activity"].isin(_activities(activity)).to_numpy()
    return table[~mask] if status == "none" else table.assign(status=table["status"].mask(mask, status))


def _activities(name: str) -> Sequence[str]:
    if name == "all":
        return [code for code in standard().codes("activity") if code != "workday"]
    return standard().members("activity", name)


def _spread(change: PlantedChange) -> pd.DataFrame:
    activity, status, times = change.rest
    first, last = np.datetime64(change.period.first_day, "D"), np.datetime64(change.period.last_day, "D")
    step = int((last - first).astype("int64")) // times
    columns = {
        "person": np.full(times, change.person),
        "date": (first + 1 + step * np.arange(times)).astype("datetime64[s]"),
        "activity": _words("activity", np.full(times, standard().codes("activity").index(activity))),
        "status": _words("status", np.full(times, standard().codes("status").index(status))),
    }
    return pd.DataFrame(columns)


# ---------------------------------------------------------------- dues


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
