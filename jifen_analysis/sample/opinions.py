"""What others think and write of a member: evaluations, ballots, marks, corrections; and of the scheme: surveys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from jifen_analysis.periods import MONTHS, Kind, Period
from jifen_analysis.sample.draws import bell, halves, stream, tenths
from jifen_analysis.sample.habits import Habits
from jifen_analysis.sample.names import branch_names
from jifen_analysis.sample.planted import PlantedChange, Planting, laid_over
from jifen_analysis.sample.times import period_codes, year_opens
from jifen_analysis.vocabulary import standard

_GROUPS = ("committee", "members", "residents", "households")
_STRICTNESS = np.array([1.0, 0.5, -0.5, -1.5])
_EVALUATORS = np.array([5, 18, 12, 6])
_WEIGHTS = np.array([0.3, 0.4 * 18 / 30, 0.4 * 12 / 30, 0.3])
_VOTES = ("excellent", "qualified", "basic", "unqualified", "abstained", "satisfied", "neutral", "dissatisfied")
_VOTERS = 20
_HONOUR_LINE = 90


def seats(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Return each member in each period of a kind in which he is on the roster, with the branch he ends in.

    Returns
    -------
    DataFrame
        The stints' columns and ``period`` (its code).
    """
    length = MONTHS[kind]
    parts = 12 // length
    every = rows.iloc[np.repeat(np.arange(len(rows)), parts)]
    opens = year_opens(every) + length * np.tile(np.arange(parts), len(rows))
    closes = (opens + length).astype("datetime64[D]") - 1
    there = (every["first"].to_numpy() <= closes) & (every["last"].to_numpy() >= opens.astype("datetime64[D]"))
    found = every.assign(period=period_codes(opens, length).to_numpy())[there & ~every["exempt"].to_numpy()]
    found = found.sort_values(["person", "period", "first"], kind="stable")
    return found.drop_duplicates(["person", "period"], keep="last").reset_index(drop=True)


def evaluations(
    rows: pd.DataFrame, attendance: pd.DataFrame, habits: Habits, cast: Planting, seed: int
) -> pd.DataFrame:
    """Return marks by group of evaluators; some branches evaluate by the year, some lack a group.

    Who would end just below the honour line gets marks that lift him over it, as the attendance is known to them.

    Returns
    -------
    DataFrame
        person, period, group, mark (0 to 100), count.
    """
    rng = stream(seed, "evaluations")
    yearly = habits.of_branches(rows["branch"].to_numpy(), "evaluated") == "year"
    where = pd.concat([seats(rows[~yearly], "half"), seats(rows[yearly], "year")], ignore_index=True)
    branch = where["branch"].to_numpy()
    usual = where["esteem"].to_numpy() + habits.of_branches(branch, "lenient") + 1.5 * bell(rng, len(where))
    marks = usual[:, None] + _STRICTNESS + 2 * bell(rng, len(where), len(_GROUPS))
    marks = tenths(np.clip(marks, 50, 99))
    marks = marks + _lift(where, marks, attendance, habits)[:, None]
    there = _given(where, habits, rng)
    at, group = np.nonzero(there)
    table = pd.DataFrame(
        {
            "person": where["person"].to_numpy()[at],
            "period": where["period"].to_numpy()[at],
            "group": pd.Categorical(_GROUPS, categories=list(_GROUPS)).take(group),
            "mark": tenths(np.clip(marks[at, group], 0, 100)),
            "count": _EVALUATORS[group] + branch[at] * 3 % 5,
            "alone": habits.of_branches(branch[at], "separately") & (group == 0),
        }
    )
    return _one_by_one(laid_over(table, cast, "evaluations", "period", with_mark))


def _given(where: pd.DataFrame, habits: Habits, rng: np.random.Generator) -> np.ndarray:
    branch, quiet = where["branch"].to_numpy(), where["quiet"].to_numpy()
    nobody = rng.random(len(where)) < 0.01
    no_households = rng.random(len(where)) < 0.02
    there = np.column_stack([~habits.among_branches(branch, "without", group) for group in _GROUPS])
    last = np.arange(len(_GROUPS)) == len(_GROUPS) - 1
    chance = ~nobody[:, None] & ~(no_households[:, None] & last)
    given: np.ndarray = there & (chance | quiet[:, None])
    return given


def _lift(where: pd.DataFrame, marks: np.ndarray, attendance: pd.DataFrame, habits: Habits) -> np.ndarray:
    cost = {way: entry["cost"] for way, entry in habits.lapses.items()}
    dates = attendance["date"]
    half = dates.dt.year.astype("str") + "H" + (1 + (dates.dt.month - 1) // 6).astype("str")
    lapsed = attendance["status"].isin(list(cost)) & (attendance["activity"] != "workday")
    lost = attendance["status"].astype("str").map(cost)[lapsed]
    sums = lost.groupby([attendance["person"][lapsed], half[lapsed]]).sum()
    keys = pd.MultiIndex.from_frame(where[["person", "period"]])
    deducted = sums.reindex(keys).fillna(0).to_numpy()
    short = _HONOUR_LINE - (0.6 * (100 - deducted) + 0.4 * (marks @ _WEIGHTS))
    return np.where((short > 0) & (short <= 2), np.ceil(short / 0.4 * 10) / 10, 0)


def with_mark(table: pd.DataFrame, touched: np.ndarray, change: PlantedChange, column: str = "group") -> pd.DataFrame:
    """Return a table with a planted mark, or none, at what a column says, or at all."""
    said, mark = change.rest
    mask = touched & ((table[column] == said).to_numpy() | (said == "all"))
    return table[~mask] if mark == "none" else table.assign(mark=table["mark"].mask(mask, float(mark)))


def _one_by_one(table: pd.DataFrame) -> pd.DataFrame:
    alone = table["alone"].to_numpy()
    spread = table[alone].loc[lambda mine: np.repeat(mine.index, 3)]
    turn = np.arange(len(spread)) % 3 - 1
    spread = spread.assign(mark=(spread["mark"] + turn).clip(0, 100), count=1)
    group = pd.CategoricalDtype(list(standard().codes("group")))
    whole = pd.concat([table[~alone], spread], ignore_index=True).astype({"group": group})
    return whole[["person", "period", "group", "mark", "count"]]


def ballots(rows: pd.DataFrame, cast: Planting, seed: int) -> pd.DataFrame:
    """Return a member's vote counts in a year; one in a hundred has none.

    Returns
    -------
    DataFrame
        person, period and the eight kinds of vote.
    """
    rng = stream(seed, "ballots")
    where = seats(rows, "year")
    quiet = where["quiet"].to_numpy()
    esteem = where["esteem"].to_numpy() + 3 * bell(rng, len(where))
    warmth = np.clip((esteem - 66) / 26, 0, 1)
    excellent = np.floor(_VOTERS * 0.85 * warmth * warmth + 3 * rng.random(len(where)))
    coldness = np.floor((_VOTERS - excellent) * (1 - warmth) * 0.6)
    unqualified = np.floor(coldness / 2)
    basic = coldness - unqualified
    abstained = np.minimum(_VOTERS - excellent - coldness, np.floor(1.4 * rng.random(len(where))))
    qualified = _VOTERS - excellent - coldness - abstained
    dissatisfied = np.floor(coldness / 2)
    neutral = np.floor((_VOTERS - dissatisfied) * (1 - warmth) * 0.5)
    votes = (
        excellent,
        qualified,
        basic,
        unqualified,
        abstained,
        _VOTERS - neutral - dissatisfied,
        neutral,
        dissatisfied,
    )
    columns = {name: count.astype("int64") for name, count in zip(_VOTES, votes, strict=True)}
    table = where[["person", "period"]].assign(**columns)[quiet | (rng.random(len(where)) >= 0.01)]
    return laid_over(table, cast, "ballots", "period", _with_votes)


def _with_votes(table: pd.DataFrame, touched: np.ndarray, change: PlantedChange) -> pd.DataFrame:
    votes = change.rest[0]
    if votes == "none":
        return table[~touched]
    inside = table[touched].iloc[:1].assign(period=change.when, **dict(zip(_VOTES, votes, strict=True)))
    # A half-yearly ballot stands beside those of the other half; it replaces only a longer one.
    longer = touched | ((table["person"] == change.person) & (table["period"] == change.when[:4])).to_numpy()
    if not len(inside):
        inside = pd.DataFrame(
            [{"person": change.person, "period": change.when, **dict(zip(_VOTES, votes, strict=True))}]
        )
    return pd.concat([table[~longer], inside], ignore_index=True)


def surveys(rows: pd.DataFrame, habits: Habits, seed: int) -> pd.DataFrame:
    """Return what people of each branch think of the scheme, by half-year, group and question.

    Returns
    -------
    DataFrame
        period, branch, group, question, score (0 to 100), count.
    """
    rng = stream(seed, "surveys")
    periods = [str(p) for year in sorted(set(rows["year"])) for p in Period.parse(str(year)).split("half")]
    branches = branch_names(int(rows["branch"].max()) + 1)
    axes = (periods, branches, habits.survey["groups"], habits.survey["questions"])
    grid = pd.MultiIndex.from_product(axes, names=["period", "branch", "group", "question"]).to_frame(index=False)
    score = tenths(np.clip(76 + 7 * bell(rng, len(grid)), 30, 100))
    return grid.assign(score=score, count=5 + np.floor(25 * rng.random(len(grid))).astype("int64"))


# ---------------------------------------------------------------- marks, corrections, declarations


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
