"""Records in memory, as many as wanted: 36 attendance rows, 12 dues, 2 events, 6 evaluations a member."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jifen_analysis.tables import Records
from jifen_analysis.vocabulary import standard

_FIRST = np.datetime64("2024-01-01")


def year_of_records(members: int, seed: int = 7) -> Records:
    """Return a checked year of records.

    Parameters
    ----------
    members : int
        About fifty to a branch.
    seed : int
        The same seed, the same records.
    """
    random = np.random.default_rng(seed)
    ids = np.array([f"{number:07d}" for number in range(members)])
    roster = pd.DataFrame({"member_id": ids, "branch": [f"{number // 50}号支部" for number in range(members)]})
    return Records.from_frames({"members": roster, **_tables(ids, random)})


def _tables(ids: np.ndarray, random: np.random.Generator) -> Mapping[str, pd.DataFrame]:
    def held(times: int) -> np.ndarray:
        return np.repeat(ids, times)

    size = len(ids)
    months = np.tile(np.arange(12), size)
    paid_on = _FIRST + (months * 30 + random.integers(10, 40, size * 12)).astype("timedelta64[D]")
    return {
        # Ten days apart, so that nobody is twice at one activity on one day.
        "attendance": pd.DataFrame(
            {
                "member_id": held(36),
                "date": _days(np.tile(np.arange(36) * 10, size) + random.integers(0, 10, size * 36)),
                "activity": _words("activity", random, size * 36),
                "status": _words("status", random, size * 36, likely=0.86),
            }
        ),
        "dues": pd.DataFrame(
            {
                "member_id": held(12),
                "month": np.array([f"2024-{month:02d}" for month in range(1, 13)])[months],
                "due": 10.0,
                "paid": 10.0,
                "paid_on": paid_on.astype("datetime64[us]"),
            }
        ),
        "events": pd.DataFrame(
            {"member_id": held(2), "date": _days(random.integers(0, 366, size * 2)), "event": "public_benefit"}
        ),
        "evaluations": pd.DataFrame(
            {
                "member_id": held(6),
                "period": np.tile(["2024H1"] * 3 + ["2024H2"] * 3, size),
                "group": np.tile(["committee", "members", "households"] * 2, size),
                "mark": np.round(random.uniform(60, 100, size * 6), 1),
            }
        ),
    }


def _days(offsets: np.ndarray) -> np.ndarray:
    return (_FIRST + offsets.astype("timedelta64[D]")).astype("datetime64[us]")


def _words(kind: str, random: np.random.Generator, size: int, likely: float | None = None) -> pd.Categorical:
    """Return words of a kind; the first of them ``likely`` often, or all alike."""
    codes = standard().codes(kind)
    share = np.full(len(codes), 1 / len(codes))
    if likely is not None:
        share = np.array([likely, *[(1 - likely) / (len(codes) - 1)] * (len(codes) - 1)])
    return pd.Categorical.from_codes(random.choice(len(codes), size, p=share).astype("int8"), list(codes))
