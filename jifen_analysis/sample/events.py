"""What members did, received or caused: by chance, a tour through every event and level, and the planted cases."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jifen_analysis.sample.draws import pick, stream
from jifen_analysis.sample.habits import Habits
from jifen_analysis.sample.names import numeral
from jifen_analysis.sample.planted import Planting
from jifen_analysis.vocabulary import standard

_DETAILS = ("level", "quantity", "amount", "points", "award", "clause", "note")
_POINTS = (-3.0, -2.0, -1.0, 0.5, 1.0, 2.0, 3.0)
_RARE_FIRST = ("contest_prize", "honour", "branch_honour", "research_report")
"""Events whose first levels are the rare ones; of the others, the last."""

_AWARDS = 40
_HONOURED_ON = 323
"""Day of the year (from 0) on which branches are commended."""


def events(rows: pd.DataFrame, habits: Habits, cast: Planting, seed: int) -> pd.DataFrame:
    """Return everything that happened.

    Returns
    -------
    DataFrame
        person, date, event, level, quantity, amount (yuan), points, award, clause, note.
    """
    rng = stream(seed, "events")
    busy = rows[~rows["quiet"]].reset_index(drop=True)
    parts = [_by_chance(busy, code, rate, rng) for code, rate in habits.events.items()]
    parts += [_tour(busy, habits, rng), _commended(rows, habits), _planted(cast)]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return table.astype({"event": _dtype("event"), "level": _dtype("level")})


def _dtype(kind: str) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(standard().codes(kind)))


def _by_chance(rows: pd.DataFrame, code: str, rate: Mapping[str, float], rng: np.random.Generator) -> pd.DataFrame:
    posted = (rows["post"] != "none").to_numpy()
    days = (rows["last"] - rows["first"]).dt.days.to_numpy() + 1
    expected = np.where(posted, rate["post"], rate["rate"]) * days / 366
    times = np.floor(expected + rng.random(len(rows))).astype("int64")
    happened = rows.iloc[np.repeat(np.arange(len(rows)), times)]
    return _detailed(happened, code, None, rng)


def _detailed(rows: pd.DataFrame, code: str, level: str | None, rng: np.random.Generator) -> pd.DataFrame:
    word, n = standard().words["event"][code], len(rows)
    span = (rows["last"] - rows["first"]).dt.days.to_numpy() + 1
    date = rows["first"].to_numpy().astype("datetime64[D]") + np.floor(span * rng.random(n)).astype("int64")
    reads = set(word.reads)
    award = np.array([f"样例奖{numeral(k + 1)}" for k in range(_AWARDS)], dtype=object)
    clause = np.array([f"第{numeral(k + 1)}条" for k in range(12)], dtype=object)
    columns = {
        "person": rows["person"].to_numpy(),
        "date": date,
        "event": np.full(n, code, dtype=object),
        "level": _levels(word.levels, code, n, rng) if level is None else np.full(n, level, dtype=object),
        "quantity": 1 + (pick(rng, (0.7, 0.2, 0.1), n) if "quantity" in reads else np.zeros(n, "int64")),
        "amount": 50.0 * (1 + pick(rng, (8, 6, 4, 2, 1, 1), n)) if "amount" in reads else np.full(n, np.nan),
        "points": np.array(_POINTS)[pick(rng, (1, 1, 2, 3, 4, 3, 1), n)] if "points" in reads else np.full(n, np.nan),
        "award": award[pick(rng, np.ones(_AWARDS), n)] if "award" in reads else np.full(n, None, dtype=object),
        "clause": clause[pick(rng, np.ones(12), n)] if "clause" in reads else np.full(n, None, dtype=object),
    }
    return pd.DataFrame(columns)


def _levels(levels: tuple[str, ...], code: str, n: int, rng: np.random.Generator) -> np.ndarray:
    if not levels:
        return np.full(n, None, dtype=object)
    usual = 1 / (1 + np.arange(len(levels)))
    weights = usual[::-1] if code in _RARE_FIRST else usual
    return np.take(np.array(levels, dtype=object), pick(rng, weights, n))


def _tour(rows: pd.DataFrame, habits: Habits, rng: np.random.Generator) -> pd.DataFrame:
    """Once in the first year each event that has a rate, at each level, for one with and one without a post."""
    parts = []
    first = rows[rows["year"] == rows["year"].min()]
    for kind, mine in (("post", first[first["post"] != "none"]), ("rate", first[first["post"] == "none"])):
        for code, rate in habits.events.items():
            for level in standard().words["event"][code].levels or (None,):
                at = pick(rng, np.ones(max(1, len(mine))), 1)
                chosen = mine.iloc[at] if rate[kind] and len(mine) else mine.iloc[:0]
                parts.append(_detailed(chosen, code, level, rng))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _commended(rows: pd.DataFrame, habits: Habits) -> pd.DataFrame:
    level = habits.of_branches(rows["branch"].to_numpy(), "honoured")
    day = (rows["year"].to_numpy() - 1970).astype("datetime64[Y]").astype("datetime64[D]") + _HONOURED_ON
    there = (rows["first"].to_numpy() <= day) & (day <= rows["last"].to_numpy())
    mine = (level != "") & (rows["post"] != "none").to_numpy() & there
    columns = {"person": rows["person"].to_numpy()[mine], "date": day[mine], "level": level[mine].astype(object)}
    return pd.DataFrame({**columns, "event": "branch_honour", "quantity": 1, "note": "支部受表彰"})


def _planted(cast: Planting) -> pd.DataFrame:
    lines = []
    for person, case in cast.players:
        for when, event, details, *times in case.events:
            day = cast.day(when)
            if not np.isnat(day):
                told = {"person": person, "event": event, "quantity": 1, **details}
                lines += [{**told, "date": day + 7 * turn} for turn in range(*(times or [1]))]
    table = pd.DataFrame(lines, columns=["person", "date", "event", *_DETAILS])
    return table.astype({"person": "int64", "date": "datetime64[s]"})
