"""Tests of the ten schemes that come with the package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

import jifen_analysis
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import EvaluationItem, MarkedItem, PointsItem, SchemePart, Sourced, walk
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme

COMPONENTS = {
    "branch_scorecard": ["political", "organisation", "performance", "service"],
    "bureau_quarterly": ["base", "task", "evaluation", "bonus"],
    "community_60_40": ["daily", "evaluation", "bonus"],
    "community_cadre": ["base", "monthly", "tasks", "service", "contribution", "honours"],
    "district_classified": ["common", "classified", "bonus"],
    "school_framework": ["base", "evaluation", "bonus"],
    "street_80_20": ["base", "evaluation", "bonus"],
    "town_tiered": ["base", "contribution", "deduction"],
    "village_inspector": ["supervise", "assist", "publicise", "collect", "report"],
    "village_monthly": ["base", "additions", "deductions"],
}

READINGS = {
    "branch_scorecard": ["rescaled", "whole_marks"],
    "bureau_quarterly": ["whole_marks", "soft_quota", "quota_of_all", "dissatisfied_fails"],
    "community_60_40": ["floored", "dues_gap_strict", "bonus_in_daily", "strict", "cumulative"],
    "community_cadre": [],
    "district_classified": [],
    "school_framework": [],
    "street_80_20": ["attendance_30", "annual_review", "charter_veto", "whole_marks"],
    "town_tiered": [],
    "village_inspector": ["whole_marks"],
    "village_monthly": [],
}

PAIRS = [(name, pair) for name, readings in READINGS.items() for pair in combinations(readings, 2)]
CLASHING = {("bureau_quarterly", ("soft_quota", "quota_of_all"))}

SCHEMES = {name: read_scheme(name) for name in COMPONENTS}


def test_the_ten_schemes_are_there() -> None:
    """The library holds the ten schemes under their names."""
    assert scheme_names() == tuple(sorted(COMPONENTS))


@pytest.mark.parametrize("name", COMPONENTS)
def test_components_and_readings(name: str) -> None:
    """Each scheme has its components, in order, and its readings; its id is its file's name."""
    scheme = SCHEMES[name]
    assert (scheme.id, list(scheme.book.components)) == (name, COMPONENTS[name])
    assert list(scheme.book.readings) == READINGS[name]


@pytest.mark.parametrize(("name", "reading"), [(name, one) for name, many in READINGS.items() for one in many])
def test_every_reading_changes_the_scheme(name: str, reading: str) -> None:
    """A reading applies, says why, and gives other rules."""
    scheme = SCHEMES[name]
    assert scheme.book.readings[reading].why
    assert scheme.variant(reading).digest != scheme.digest


@pytest.mark.parametrize(("name", "pair"), [pair for pair in PAIRS if pair not in CLASHING])
def test_readings_combine_in_either_order(name: str, pair: tuple[str, str]) -> None:
    """Two readings that touch different paths give the same scheme in either order."""
    scheme = SCHEMES[name]
    assert scheme.variant(*pair).digest == scheme.variant(*reversed(pair)).digest


@pytest.mark.parametrize(("name", "pair"), sorted(CLASHING))
def test_clashing_readings_are_refused(name: str, pair: tuple[str, str]) -> None:
    """A quota that is dropped cannot also be counted otherwise."""
    with pytest.raises(UsageError, match=f"读法 {pair[0]} 与 {pair[1]} 都改动"):
        SCHEMES[name].variant(*pair)


@pytest.mark.parametrize("name", COMPONENTS)
def test_everything_has_a_title(name: str) -> None:
    """Whatever a person is shown has a Chinese title."""
    nameless = [path for path, part in walk(SCHEMES[name].book) if isinstance(part, Sourced) and not _named(path, part)]
    assert nameless == []


def _named(path: str, part: Sourced) -> bool:
    return bool(part.title) or path.startswith("grades.")


@pytest.mark.parametrize("name", COMPONENTS)
def test_descriptions_name_every_clause_and_assumption(name: str) -> None:
    """What a branch is handed cites all that the file cites and hides nothing that it assumes."""
    text = SCHEMES[name].describe()
    parts = [part for _, part in walk(SCHEMES[name].book) if isinstance(part, Sourced)]
    missing = [said for part in parts for said in (part.clause, part.assumed) if said not in text]
    assert missing == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_full_items_floor_at_zero_unless_uncapped(name: str) -> None:
    """Items that start full fall to 0 at most, save where the text says that deductions are not capped."""
    items = [item for _, item in walk(SCHEMES[name].book) if isinstance(item, PointsItem) and item.start and item.rules]
    floors = {item.floor for item in items}
    assert floors <= ({None} if name == "community_60_40" else {0.0})


def test_no_python_knows_a_scheme() -> None:
    """A new scheme is a new file: code names none of them, save one default in one place."""
    root = Path(jifen_analysis.__file__).parent
    code = [
        (path.name, text) for path in sorted(root.rglob("*.py")) for text in strings(path.read_text(encoding="utf-8"))
    ]
    named = [(file, name) for file, text in code for name in COMPONENTS if name in text]
    assert {name for _, name in named} <= {"community_60_40"}
    assert len(named) <= 1


def strings(code: str) -> Iterator[str]:
    """The strings of a module that are neither documentation nor an example of a command."""
    tree = ast.parse(code)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield from [] if node.value.startswith("jifen ") else [node.value]


def test_strings_are_found_outside_documentation() -> None:
    """The search above sees a name in code and skips it in a docstring and in a command."""
    assert list(strings('def f():\n    """a doc"""\n    return ["a name", "jifen lint name"]\n')) == ["a name"]


def marked(scheme: Scheme) -> dict[str, float]:
    """Full marks of the marked items."""
    parts = ((path.rpartition(".")[2], part) for path, part in walk(scheme.book))
    return {name: part.max for name, part in parts if isinstance(part, MarkedItem)}


def test_marked_items_sum_to_a_hundred() -> None:
    """The two schemes made of marks alone give a hundred points."""
    assert sum(marked(SCHEMES["branch_scorecard"]).values()) == 100
    assert sum(marked(SCHEMES["village_inspector"]).values()) == 100


def test_full_marks_may_differ_by_category() -> None:
    """The district's unlisted items count 90, for the retired 60."""
    item = SCHEMES["district_classified"].book.components["classified"].items["unlisted_category"]
    assert isinstance(item, MarkedItem)
    assert [item.most(category) for category in ("a", "b", "c", "d")] == [90, 90, 90, 60]


def test_evaluations_weigh_what_the_text_says() -> None:
    """Committee 0.3, members and residents together 0.4, households 0.3."""
    item = SCHEMES["community_60_40"].book.components["evaluation"].items["review"]
    assert isinstance(item, EvaluationItem)
    assert [(pool.weight, pool.pool) for pool in item.groups.values()] == [
        (0.3, ("committee",)),
        (0.4, ("members", "residents")),
        (0.3, ("households",)),
    ]


def test_parts_are_models_without_pandas() -> None:
    """Every part that a walk meets is a frozen part, a mapping, a tuple or a scalar."""
    kinds = {type(part) for scheme in SCHEMES.values() for _, part in walk(scheme.book) if isinstance(part, SchemePart)}
    assert all(kind.model_config["frozen"] for kind in kinds)
