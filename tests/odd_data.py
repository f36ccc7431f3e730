"""Odd but lawful folders of records, as CSV, and one with a mistake: what a command may be asked to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from jifen_analysis.sample.synthetic import synthetic
from tests.command import files

MARKED = ("<b>甲</b>&", "=1+1", "../../甲", "\u202e甲一", "甲👩‍👧", "长" * 200, "'); DROP", "@甲", "-甲", '甲"一,乙')
"""Names that are harmless only as text."""


def odd(folder: Path, sizes: Sequence[int], years: Sequence[int] = (2023, 2024), without: Sequence[str] = ()) -> Path:
    """Write records of branches of some sizes, some tables left out."""
    people = [(f"{b:02d}{n:03d}", f"第{b}支部") for b, size in enumerate(sizes, 1) for n in range(1, size + 1)]
    return written(folder, [(number, f"甲{number}", branch) for number, branch in people], years, without)


@cache
def _lives(years: tuple[int, ...]) -> Mapping[str, pd.DataFrame]:
    """Invent two years of some members: whatever any scheme asks for, not every month of it."""
    found = synthetic(LIVES, years, 3)
    some = found["attendance"]["date"].dt.month.isin([3, 9])
    return {**found, "attendance": found["attendance"][some]}


LIVES = 18
"""Members that are invented; the others live as these do."""


def written(
    folder: Path, people: Sequence[tuple[str, str, str]], years: Sequence[int], without: Sequence[str] = ()
) -> Path:
    """Write what people did, each of whom lives as one of those who were invented."""
    lives = _lives((2023, 2024))
    order = lives["members"]["member_id"].unique().tolist()
    who = pd.DataFrame(people, columns=["own", "name", "branch"])
    who["member_id"] = [order[at % len(order)] for at in range(len(who))]
    folder.mkdir(exist_ok=True)
    for table, frame in lives.items():
        if len(frame) and table not in (*without, "surveys"):
            theirs = frame.drop(columns=["name", "branch"], errors="ignore").merge(who, on="member_id")
            owned = theirs.assign(member_id=theirs["own"])[[*frame]]
            inside = owned[_years(owned).isin(years)] if _dated(owned) is not None else owned
            inside.to_csv(folder / f"{_FILES.get(table, table)}.csv", index=False)
    return folder


def _dated(frame: pd.DataFrame) -> str | None:
    return next((name for name in ("date", "month", "period", "year") if name in frame), None)


def _years(frame: pd.DataFrame) -> pd.Series:
    return frame[str(_dated(frame))].astype("str").str[:4].astype("int64")


_FILES = {"members": "花名册", "attendance": "考勤", "dues": "党费", "events": "事件", "evaluations": "民主评议"}


def misplaced(folder: Path) -> Path:
    """Write records in which somebody's name and state stand for a status."""
    odd(folder, (2,), (2024,))
    sheet = folder / "考勤.csv"
    lines = sheet.read_text(encoding="utf-8").splitlines()
    fields = lines[1].split(",")
    sheet.write_text("\n".join([lines[0], ",".join([*fields[:-1], "张某说他病了"]), *lines[2:]]), encoding="utf-8")
    return folder


ODD: Mapping[str, Callable[[Path], Path]] = {
    "three small branches": lambda folder: odd(folder, (3, 4, 2)),
    "two of a fair size": lambda folder: odd(folder, (9, 12)),
    "one member": lambda folder: odd(folder, (1,)),
    "no evaluations": lambda folder: odd(folder, (6, 5), without=["evaluations"]),
    "no events": lambda folder: odd(folder, (6, 5), without=["events"]),
    "one year": lambda folder: odd(folder, (6, 5), (2024,)),
    "sixty branches": lambda folder: odd(folder, (1,) * 60, (2024,)),
    "odd names": lambda folder: written(
        folder, [(f"{n:05d}", name, "=支部<i>" if n % 2 else "第一支部") for n, name in enumerate(MARKED)], (2023, 2024)
    ),
    "a name for a status": misplaced,
    "nothing": lambda folder: files(folder),
}
