"""Random but valid records that hit every rule of every scheme often."""

import random
from typing import Any

from .random_daily import attendance, calendar, dues
from .random_events import events
from .random_roster import Person, person
from .random_votes import ballots, corrections, evaluations, marks

Record = dict[str, Any]
Tables = dict[str, list[Record]]


def random_records(
    seed: int, members: int = 40, years: tuple[int, ...] = (2023, 2024), scheme: str | None = None
) -> Tables:
    """Tables of random records, the same for the same arguments.

    A tenth of the members are twins of others, record for record, so that
    totals tie. With `scheme` the corrections name that scheme's items and
    grades; without it they only name items that no other scheme mistakes for
    a rule of its own, so that the same tables can be scored under all ten.
    """
    rng = random.Random(seed)
    held = calendar(rng, years)
    originals = members - members // 10
    tables: Tables = {name: [] for name in ("members", "attendance", "dues", "events")}
    tables |= {name: [] for name in ("evaluations", "ballots", "marks", "corrections")}
    for number in range(1, originals + 1):
        who = person(rng, f"{number:05d}", years)
        for name, rows in records_of(rng, who, years, held, scheme).items():
            tables[name] += rows
    for number in range(originals + 1, members + 1):
        add_twin(tables, f"{rng.randint(1, originals):05d}", f"{number:05d}")
    return tables


def records_of(rng: random.Random, who: Person, years: tuple[int, ...], held: Any, scheme: str | None) -> Tables:
    """Every table's rows of one member."""
    there = [year for year in years if who.months(year)]
    scored = tuple(there)
    return {
        "members": list(who.rows),
        "attendance": attendance(rng, who, scored, held),
        "dues": dues(rng, who, scored),
        "events": events(rng, who, scored),
        "evaluations": evaluations(rng, who, scored),
        "ballots": ballots(rng, who, scored),
        "marks": marks(rng, who, scored),
        "corrections": corrections(rng, who, scored, scheme),
    }


def add_twin(tables: Tables, original: str, twin: str) -> None:
    """A second member with the same roster rows and records, decisions aside."""
    for name, rows in tables.items():
        if name != "corrections":
            own = [row for row in rows if row["member_id"] == original]
            rows += [{**row, "member_id": twin} for row in own]
    for row in tables["members"]:
        row["name"] = f"成员{row['member_id']}"
