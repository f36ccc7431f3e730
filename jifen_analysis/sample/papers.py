"""What assessors, members and review bodies put on paper: marks, declarations, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.sample.draws import bell, halves, stream
from jifen_analysis.sample.habits import Habits
from jifen_analysis.sample.opinions import seats, with_mark
from jifen_analysis.sample.planted import PlantedChange, Planting, laid_over

_BY_CATEGORY = "unlisted_category"
_FULL_MARKS_OTHERS = 90
_USUAL_SHARE = 0.85


def marks(rows: pd.DataFrame, habits: Habits, cast: Planting, seed: int) -> pd.DataFrame:
    """Return an assessor's mark of the year for every marked item of every scheme.

    Returns
    -------
    DataFrame
        person, period, item, mark (in half points).
    """
    rng = stream(seed, "marks")
    where = seats(rows, "year")
    share = _USUAL_SHARE + 0.07 * bell(rng, len(where))
    everyone = _marked(where, share, habits.marks["everyone"], rng)
    inspecting = (where["post"] == "inspector").to_numpy()
    inspectors = _marked(where[inspecting], share[inspecting], habits.marks["inspectors"], rng)
    table = pd.concat([everyone, inspectors], ignore_index=True)
    table = laid_over(table, cast, "skill", "period", _with_skill)
    table = laid_over(table, cast, "marks", "period", partial(with_mark, column="item"))
    return table[["person", "period", "item", "mark"]]


def _marked(where: pd.DataFrame, share: np.ndarray, items: Mapping[str, int], rng: np.random.Generator) -> pd.DataFrame:
    names = np.array(list(items), dtype=object)
    quiet = where["quiet"].to_numpy()
    full = np.tile(np.array(list(items.values()), dtype="float64"), (len(where), 1))
    elder = (where["retired"] | (where["category"] == "d")).to_numpy()
    full[np.ix_(~elder, names == _BY_CATEGORY)] = _FULL_MARKS_OTHERS
    given = np.clip(share[:, None] + 0.05 * bell(rng, *full.shape), 0.3, 1)
    lost = (rng.random(len(where)) < 0.015) & ~quiet
    missing = lost[:, None] & (np.floor(rng.random(len(where)) * len(names))[:, None] == np.arange(len(names)))
    at, item = np.nonzero(~missing)
    columns = {name: where[name].to_numpy()[at] for name in ("person", "period")}
    mark, most = halves(full * given), full
    return pd.DataFrame({**columns, "item": names[item], "mark": mark[at, item], "full": most[at, item]})


def _with_skill(table: pd.DataFrame, touched: np.ndarray, change: PlantedChange) -> pd.DataFrame:
    wanted = halves(table["full"].to_numpy() * change.rest[0])
    return table.assign(mark=table["mark"].mask(touched, wanted))


def declarations(rows: pd.DataFrame, habits: Habits, seed: int) -> pd.DataFrame:
    """Return what members of some branches claim for themselves: mostly the full points.

    Returns
    -------
    DataFrame
        person, period, item, points.
    """
    rng = stream(seed, "declarations")
    where = seats(rows, "half")
    where = where[habits.of_branches(where["branch"].to_numpy(), "declares")].reset_index(drop=True)
    names, full = np.array(list(habits.declared), dtype=object), np.array(list(habits.declared.values()))
    modesty = np.floor(rng.random((len(where), len(full))) ** 3 * 8)
    points = np.maximum(full - modesty, 0)
    columns = {name: np.repeat(where[name].to_numpy(), len(full)) for name in ("person", "period")}
    return pd.DataFrame({**columns, "item": np.tile(names, len(where)), "points": points.ravel().astype("float64")})


def corrections(cast: Planting) -> pd.DataFrame:
    """Return the decisions after objections; all of them are planted.

    Returns
    -------
    DataFrame
        person, period, target, points or grade, decided_by, decided_on, document, reason.
    """
    lines = [_decision(change, number) for number, change in enumerate(cast.changes("corrections"), start=1)]
    columns = ["person", "period", "target", "points", "grade", "decided_by", "decided_on", "document", "reason"]
    return pd.DataFrame(lines, columns=columns).astype({"person": "int64", "points": "float64"})


def _decision(change: PlantedChange, number: int) -> dict[str, object]:
    target, details = change.rest
    year = Period.parse(change.when).year
    decided = np.datetime64(change.period.last_day) + 20
    document = f"样例复核〔{year}〕{number}号"
    return {
        "person": change.person,
        "period": change.when,
        "target": target,
        "decided_on": decided,
        "document": document,
        **details,
    }
