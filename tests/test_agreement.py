"""The engine against the slow plain reference, on random records, under every scheme and reading."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jifen_analysis.intake.load import load
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES, Assessment
from jifen_analysis.tables.records import Records
from tests.builders import records_of
from tests.case_batches import Found, same
from tests.reference import Scored, random_records, score
from tests.worked_cases import COLUMNS, Tables

SEEDS = (5, 21)
READINGS = [(name, reading) for name in scheme_names() for reading in ("", *read_scheme(name).book.readings)]
NUMBERS = ("total", "distance_to_next_grade")
WORDS = ("branch", "unit", "category", "rank_branch", "rank_overall", "grade_by_total", "grade", "flags")


@cache
def drawn(seed: int, scheme: str) -> tuple[Tables, Records]:
    """Random records twice: as rows for the reference, typed and checked for the engine."""
    tables = random_records(seed, members=30, scheme=scheme)
    return tables, records_of(tables)


def differences(result: Assessment, reference: Scored) -> Iterator[str]:
    """Yield in words whatever engine and reference say differently."""
    found = Found(result)
    expected = {(row["member_id"], row["period"]): row for row in reference.rows}
    if found.rows.at.keys() != expected.keys():
        yield f"rows: {sorted(found.rows.at.keys() ^ expected.keys())}"
        return
    for key, row in expected.items():
        yield from _row_differs(found, key, row)
    outcomes = {(*key, name) for key, names in found.outcomes.items() for name in names}
    yield from (f"outcome: {one}" for one in sorted(outcomes ^ reference.outcomes))
    for key, (total, grade) in reference.years.items():
        yield from _differs(found, key, "year_total", _number(total))
        yield from _differs(found, key, "year_grade", grade)


def _row_differs(found: Found, key: tuple[str, str], row: dict[str, Any]) -> Iterator[str]:
    for name in (*NUMBERS, *row["components"]):
        yield from _differs(found, key, name, _number(row[name]))
    for name in WORDS:
        yield from _differs(found, key, name, row[name])


def _differs(found: Found, key: tuple[str, str], name: str, expected: Any) -> Iterator[str]:
    value = found.value(*key, name)
    if not same(value, expected):
        yield f"{name} of {key}: {value} here, {expected} there"


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("scheme", "reading"), READINGS)
def test_engine_and_reference_agree(scheme: str, reading: str, seed: int) -> None:
    """Totals, components, ranks, grades, flags, outcomes and years are the same for everybody."""
    tables, records = drawn(seed, scheme)
    readings = (reading,) if reading else ()
    result = assess(records, read_scheme(scheme).variant(*readings))
    assert list(differences(result, score(tables, scheme, readings))) == []


def test_a_difference_is_seen() -> None:
    """A result under another reading is told apart from the reference, so the comparison can fail."""
    tables, records = drawn(SEEDS[0], "community_60_40")
    result = assess(records, read_scheme("community_60_40").variant("floored"))
    assert list(differences(result, score(tables, "community_60_40")))


# ---------------------------------------------------------------- through files


def written(tables: Tables, folder: Path) -> Path:
    """Write tables as a canonical CSV folder."""
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name], restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_a_csv_folder_says_the_same(tmp_path: Path) -> None:
    """Records written as canonical CSV and loaded give the same results, bit for bit, under every scheme."""
    tables = random_records(7, members=20)
    direct, loaded = records_of(tables), load(written(tables, tmp_path))
    for name in scheme_names():
        one, two = (assess(records, read_scheme(name)) for records in (direct, loaded))
        for frame in FRAMES:
            pd.testing.assert_frame_equal(one.frames(frame), two.frames(frame), check_exact=True)
