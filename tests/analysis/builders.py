"""Small results, and the published data, for the tests of the analyses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

DATA = Path(__file__).parents[1] / "data"
GRADES = ["不合格", "合格", "优秀"]

GOALPOSTS: Mapping[str, tuple[float, float]] = {
    "patents": (0, 994),
    "royalties": (0, 272.6),
    "internet": (0, 232.4),
    "exports": (0, 80.8),
    "telephones": (0, np.log10(901)),
    "electricity": (np.log10(22), np.log10(6969)),
    "schooling": (0.8, 12),
    "university": (0.1, 27.4),
}
"""Saisana, Saltelli & Tarantola (2005), JRSS A 168, Table 1: the 72 countries of the TAI."""


def tai() -> pd.DataFrame:
    """Raw indicators of the Technology Achievement Index, with the published rank."""
    return pd.read_csv(DATA / "tai.csv", comment="#", index_col="country")


def tai_normalised() -> pd.DataFrame:
    """Indicators between the goalposts, clipped to 0 and 1."""
    raw = tai()
    return pd.DataFrame(
        {name: ((raw[name] - low) / (high - low)).clip(0, 1) for name, (low, high) in GOALPOSTS.items()}
    )


def us_income_transitions() -> pd.DataFrame:
    """Transition probabilities of 48 states between income quintiles."""
    counts = pd.read_csv(DATA / "us_income_transitions.csv", comment="#", index_col="before")
    return counts.div(counts.sum(axis=1), axis=0)


def shrout_fleiss() -> pd.DataFrame:
    """Six targets judged by four judges: Shrout & Fleiss (1979), Psychological Bulletin 86, Table 2."""
    marks = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    return pd.DataFrame(marks, columns=["a", "b", "c", "d"])


def brennan() -> pd.DataFrame:
    """Ten persons, four items, two occasions: Brennan (2001), Generalizability Theory, Table 3.1 (data set no. 3)."""
    first = [2675, 4567, 5546, 5986, 4356, 4447, 2665, 3445, 545, 6876]
    second = [2555, 6757, 5455, 5776, 4564, 6478, 2775, 6664, 5553, 6886]
    columns = pd.MultiIndex.from_product([list("ab"), list("1234")], names=["occasion", "item"]).swaplevel()
    marks = [[int(sign) for sign in f"{one:04d}{other:04d}"] for one, other in zip(first, second, strict=True)]
    return pd.DataFrame(marks, columns=columns, dtype="float64")


def table(totals: Sequence[float], **columns: Any) -> pd.DataFrame:
    """A result's table of one period; a column of one value is repeated."""
    frame = pd.DataFrame({"member_id": [f"{n:05d}" for n in range(1, len(totals) + 1)], "period": "2024"})
    frame = frame.assign(branch="甲", total=np.asarray(totals, float), flags="", **columns)
    graded = "grade" in frame
    return frame.assign(grade=pd.Categorical(frame["grade"], GRADES, ordered=True)) if graded else frame


def ledger(rows: Sequence[tuple[str, str, str, float]]) -> pd.DataFrame:
    """A ledger from (member, item, rule, contribution), all of one component and period."""
    frame = pd.DataFrame(rows, columns=["member_id", "item", "rule", "contribution"])
    kind = np.where(frame["rule"] == "", "start", "rule")
    fixed = {"period": "2024", "component": "daily", "part": "", "count": 1, "clause": "第四条"}
    return frame.assign(points=frame["contribution"], kind=kind, **fixed)


def result(frame: pd.DataFrame, **parts: Any) -> SimpleNamespace:
    """Something with a table, as an assessment has."""
    return SimpleNamespace(table=frame, **parts)
