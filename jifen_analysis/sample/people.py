"""Who is in which branch when: invented people, their years, and the roster."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.sample import names
from jifen_analysis.sample.draws import bell, pick, stream
from jifen_analysis.sample.habits import Habits
from jifen_analysis.sample.planted import Planting, plant_cases

_STAGES = np.array(["activist", "probationary", "full"], dtype=object)
_NEVER = np.datetime64("NaT", "D")


def branch_sizes(members: int, habits: Habits) -> np.ndarray:
    """Share the members over the branches: the pattern repeated, the largest remainders rounded up.

    Examples
    --------
    >>> from jifen_analysis.sample.habits import habits
    >>> branch_sizes(300, habits()).tolist()
    [70, 55, 45, 38, 30, 24, 16, 12, 6, 4]
    """
    pattern = np.array([branch.size for branch in habits.branches])
    count = max(1, round(members * len(pattern) / pattern.sum()))
    weight = np.resize(pattern, count)
    exact = members * weight
    sizes: np.ndarray = exact // weight.sum()
    order = np.argsort(-(exact % weight.sum()), kind="stable")
    sizes[order[: members - sizes.sum()]] += 1
    return sizes


def people(members: int, years: tuple[int, ...], seed: int, habits: Habits) -> tuple[pd.DataFrame, Planting]:
    """Invent everybody who is ever a member in these years, and give the planted cases their players.

    Returns
    -------
    DataFrame
        One row a person: home branch, post, birth, habits of attendance, arrival, departure, transfer.
    Planting
        Who plays which planted case.
    """
    sizes = branch_sizes(members, habits)
    branch = np.repeat(np.arange(len(sizes)), sizes)
    number = np.arange(members) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    post = _posts(branch, number, habits)
    cast = plant_cases(branch, post, years)
    rng = stream(seed, "people")
    quiet = cast.among(np.arange(members))
    born = pd.DataFrame({"branch": branch, "number": number, "post": post, "quiet": quiet, "yearless": False})
    born = _traits(born, years[0], rng)
    return _cast(_flows(born, years, rng, len(sizes)), cast), cast


def _posts(branch: np.ndarray, number: np.ndarray, habits: Habits) -> np.ndarray:
    width = max(len(pattern.posts) for pattern in habits.branches) + 1
    table = np.full((len(habits.branches), width), "none", dtype=object)
    for at, pattern in enumerate(habits.branches):
        table[at, : len(pattern.posts)] = pattern.posts
    posts: np.ndarray = table[branch % len(table), np.minimum(number, width - 1)]
    return posts


def _traits(born: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    n = len(born)
    posted, quiet = (born["post"] != "none").to_numpy(), born["quiet"].to_numpy()
    old = np.floor(20 + 68 * rng.random(n)).astype("int64")
    age = np.where(posted, 28 + old % 30, np.where(quiet, 30 + old % 29, old))
    birthday = np.floor(365 * rng.random(n)).astype("int64")
    joined = np.minimum(age - 19, np.floor(20 * rng.random(n)).astype("int64")) + 18
    ordinary = ~posted & ~quiet
    rung = np.where(ordinary & (age < 50), pick(rng, (0.04, 0.06, 0.9), n), 2)
    blank = ordinary & (rng.random(n) < 0.03)
    birth = (np.full(n, year) - age - 1970).astype("datetime64[Y]").astype("datetime64[D]") + birthday
    return born.assign(
        sex=np.where(rng.random(n) < 0.62, "male", "female"),
        birth_date=np.where(blank, _NEVER, birth),
        joined_on=(np.full(n, year) - age + joined - 1970).astype("datetime64[Y]").astype("datetime64[D]") + birthday,
        rung=rung,
        stage="",
        category="",
        floating=ordinary & (age < 55) & (rng.random(n) < 0.08),
        retired=~posted & (age >= 60),
        infirm=(age >= 78) & (rng.random(n) < 0.5),
        exempt=(age >= 82) & (rng.random(n) < 0.4),
        lax=np.where(quiet, 0, 0.3 * rng.random(n) ** 2),
        esteem=81 + 5 * bell(rng, n),
        dues=np.floor(rng.random(n) * 40 + 4) / 2,
    )


def _flows(born: pd.DataFrame, years: tuple[int, ...], rng: np.random.Generator, branches: int) -> pd.DataFrame:
    n = len(born)
    months = np.concatenate([np.arange(f"{y}-01", f"{y + 1}-01", dtype="datetime64[M]") for y in years])
    month = months[1 + np.floor((len(months) - 2) * rng.random(n)).astype("int64")]
    fate = pick(rng, (0.91, 0.035, 0.035, 0.02), n)
    fate = np.where(born["quiet"] | (born["post"] != "none"), 0, fate)
    day = month.astype("datetime64[D]")
    return born.assign(
        arrives=np.where(fate == 1, day, _NEVER),
        leaves=np.where(fate == 2, day - 1, _NEVER),
        moves=np.where((fate == 3) & (branches > 1), day, _NEVER),
        target=(born["branch"] + 1) % branches,
    )


def _cast(born: pd.DataFrame, cast: Planting) -> pd.DataFrame:
    columns = {name: born[name].to_numpy().copy() for name in born}
    for person, case in cast.players:
        for name, value in case.roster.items():
            columns[name][person] = np.datetime64(value or "NaT", "D") if name == "birth_date" else value
        columns["yearless"][person] = case.yearless
        columns["arrives"][person], columns["leaves"][person] = cast.day(case.arrives), cast.day(case.leaves)
        if case.moves and case.moves[1] <= born["branch"].max() + 1:
            columns["moves"][person], columns["target"][person] = cast.day(case.moves[0]), case.moves[1] - 1
    return pd.DataFrame(columns)


def stints(born: pd.DataFrame, years: tuple[int, ...]) -> pd.DataFrame:
    """Return one row for each person, year and branch: from which day to which he is there.

    Returns
    -------
    DataFrame
        person, year, branch, first, last (days inside the year), stage, and the person's other columns.
    """
    parts = [part for turn, year in enumerate(years) for part in _of_year(born, year, turn)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["first"] <= rows["last"]]
    return rows.sort_values(["person", "first"], kind="stable").reset_index(drop=True)


def _of_year(born: pd.DataFrame, year: int, turn: int) -> list[pd.DataFrame]:
    opens, closes = np.datetime64(f"{year}-01-01"), np.datetime64(f"{year}-12-31")
    moves = born["moves"].to_numpy().astype("datetime64[D]")
    never = np.isnat(moves)
    stage = np.where(born["stage"] != "", born["stage"], _STAGES[np.minimum(born["rung"] + turn, 2)])
    base = born.assign(person=np.arange(len(born)), year=year, stage=stage)
    first = np.fmax(born["arrives"].to_numpy().astype("datetime64[D]"), opens)
    last = np.fmin(born["leaves"].to_numpy().astype("datetime64[D]"), closes)
    before = base.assign(first=first, last=np.where(never, last, np.fmin(last, moves - 1)))
    after = base.assign(first=np.fmax(first, moves), last=last, branch=base["target"])[~never]
    return [before, after]


def roster(rows: pd.DataFrame, habits: Habits) -> pd.DataFrame:
    """Return the table ``members`` of the stints; a member without a year has one row for all years."""
    rows = rows[~(rows["yearless"] & rows.duplicated("person"))]
    branch, blank = rows["branch"].to_numpy(), _blanks(rows, habits)
    branches = names.branch_names(int(rows["branch"].max()) + 1)
    per_pattern = max(pattern.unit for pattern in habits.branches)
    unit = habits.of_branches(branch, "unit") - 1 + branch // len(habits.branches) * per_pattern
    flags = {name: rows[name].astype("boolean") for name in ("floating", "retired", "infirm", "exempt")}
    columns = {
        "person": rows["person"],
        "branch": branches[branch],
        "name": _names(rows),
        "unit": names.unit_names(int(unit.max()) + 1, tuple(habits.units))[unit],
        "year": rows["year"].astype("Int64").mask(rows["yearless"]),
        "since": rows["first"].mask(rows["first"].dt.is_year_start),
        "until": rows["last"].mask(rows["last"].dt.is_year_end | rows["yearless"]),
        "sex": rows["sex"],
        "birth_date": rows["birth_date"],
        "joined_on": rows["joined_on"].mask(rows["stage"] == "activist"),
        **{name: rows[name].mask(blank[name]) for name in ("stage", "post")},
        "category": rows["category"].mask(rows["category"] == ""),
    }
    return pd.DataFrame({**columns, **flags})


def _names(rows: pd.DataFrame) -> np.ndarray:
    first = rows.drop_duplicates("person").set_index("person")["branch"]
    return names.member_names(first.loc[rows["person"]].to_numpy(), rows["number"].to_numpy())


def _blanks(rows: pd.DataFrame, habits: Habits) -> dict[str, np.ndarray]:
    usual = {"stage": "full", "post": "none"}
    return {
        name: habits.among_branches(rows["branch"].to_numpy(), "blanks", name) & (rows[name] == word).to_numpy()
        for name, word in usual.items()
    }
