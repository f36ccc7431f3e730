"""The public face: names and signatures that others script against."""

from __future__ import annotations

import inspect
import re

import pandas as pd
import pytest

import jifen_analysis as jf

NAMES = {
    "Assessment", "Check", "Database", "InvalidRecords", "InvalidScheme", "JifenError", "Records", "Scheme",
    "UsageError", "assess", "check", "coverage", "lint", "load", "open_result", "read_results", "read_scheme",
    "scheme_names",
}  # fmt: skip

SIGNATURES = {
    "load": ["path", "year", "roster", "id_width", "scheme", "words"],
    "check": ["path", "year", "roster", "id_width", "scheme", "words", "each", "watch"],
    "coverage": ["data", "expect", "scheme", "words"],
    "read_scheme": ["name"],
    "scheme_names": [],
    "lint": ["scheme"],
    "assess": ["records", "scheme", "periods", "as_of", "corrections", "gather"],
    "read_results": ["path", "id_width"],
    "open_result": ["folder"],
    "Assessment.explain": ["self", "member_id", "period"],
    "Assessment.roll_up": ["self", "kind"],
    "Assessment.save": ["self", "folder"],
    "Scheme.variant": ["self", "readings"],
    "Scheme.with_weights": ["self", "normalise", "weights"],
    "Scheme.with_shares": ["self", "shares"],
    "Scheme.with_grades": ["self", "cuts"],
    "Scheme.with_quotas": ["self", "shares"],
    "Scheme.patch": ["self", "values"],
    "Scheme.describe": ["self", "lang"],
}

COLUMNS = {
    "table": ["member_id", "name", "branch", "unit", "category", "stage", "period", "daily", "evaluation", "bonus",
              "total", "rank_branch", "rank_overall", "grade_by_total", "grade", "flags", "distance_to_next_grade"],
    "ledger": ["member_id", "period", "part", "component", "item", "rule", "kind", "count", "points", "contribution",
               "clause"],
    "flags": ["member_id", "period", "flag", "reason"],
    "parts": ["member_id", "period", "part", "component", "item", "score"],
    "years": ["member_id", "year", "total", "grade"],
}  # fmt: skip


def test_public_names() -> None:
    """Exactly these names are public, and each is there."""
    assert set(jf.__all__) == NAMES
    assert all(hasattr(jf, name) for name in NAMES)
    assert jf.__all__ == sorted(jf.__all__)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_signatures(name: str) -> None:
    """Parameters keep their names and order."""
    owner, _, method = name.partition(".")
    found = getattr(getattr(jf, owner), method) if method else getattr(jf, owner)
    assert list(inspect.signature(found).parameters) == SIGNATURES[name]


@pytest.mark.parametrize("name", sorted(jf.__all__))
def test_everything_public_is_described(name: str) -> None:
    """Every public name has a docstring of its own."""
    found = getattr(jf, name)
    assert found.__doc__
    assert found.__doc__ != object.__doc__


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_whoever_calls_it_is_told_how(name: str) -> None:
    """Every parameter has its line, there is a result, and an example that runs (or where it stands)."""
    owner, _, method = name.partition(".")
    found = getattr(getattr(jf, owner), method) if method else getattr(jf, owner)
    said = inspect.getdoc(found) or ""
    told = set(re.findall(r"\*{0,2}(\w+)", said.partition("Parameters\n")[2].partition("\nReturns\n")[0]))
    assert set(SIGNATURES[name]) - {"self"} <= told
    assert "\nExamples\n" in said
    assert "\nReturns\n" in said or name == "scheme_names"


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_columns_of_a_result(name: str, empty: jf.Assessment) -> None:
    """The frames of a result have the columns that are promised, also where they are empty."""
    assert list(getattr(empty, name)) == COLUMNS[name]


@pytest.fixture(scope="module")
def empty() -> jf.Assessment:
    """Return the result of a roster without records."""
    records = jf.Records.from_frames({"members": pd.DataFrame({"member_id": ["1"], "branch": ["甲"]})})
    return jf.assess(records, jf.read_scheme("community_60_40"))


def test_frames_are_fresh(empty: jf.Assessment) -> None:
    """Writing into a frame changes nothing inside."""
    table = empty.table
    table["total"] = 1.0
    table["mine"] = "x"
    assert "mine" not in empty.table


def test_errors_are_of_one_family() -> None:
    """Whoever catches JifenError catches every mistake a user can make."""
    assert all(issubclass(kind, jf.JifenError) for kind in (jf.InvalidRecords, jf.InvalidScheme, jf.UsageError))
