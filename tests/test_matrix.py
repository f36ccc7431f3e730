"""A part of the matrix of commands, options and odd data; ``python -m tests.matrix`` runs all of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from jifen_analysis.cli.app import command
from jifen_analysis.cli.commands import COMMANDS
from tests.matrix import DRAWN, ENDINGS, SERVING, Run, factors, faults, pairwise, runs

A_COMMAND = 12
"""Runs of a command; what takes a browser is left to the whole matrix."""


def quick(name: str) -> list[Run]:
    """Return some runs of a command, taken evenly from all of them."""
    found = [run for run in runs(name) if not any(word.endswith(DRAWN) for word in run.words)]
    found = [run for run in found if name != "sample" or "--members" in run.words]  # else it makes hundreds
    return found[:: max(len(found) // A_COMMAND, 1)]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in SERVING])
def test_no_option_on_no_data_ends_in_a_traceback(name: str, tmp_path: Path) -> None:
    """An exit code, a sentence where something is refused, and files that open; the data stay as they were."""
    wrong = {run: found for at, run in enumerate(quick(name)) if (found := faults(run, tmp_path / str(at)))}
    assert wrong == {}


@pytest.mark.parametrize("sizes", [(3, 2, 2), (10, 4, 3, 2), (5, 1, 5)])
def test_any_two_values_meet(sizes: tuple[int, ...]) -> None:
    """Pairs of values of different factors stand together in some row."""
    rows = list(pairwise([range(size) for size in sizes]))
    for (i, one), (j, other) in itertools.combinations(enumerate(sizes), 2):
        assert {(row[i], row[j]) for row in rows} == set(itertools.product(range(one), range(other)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_parameter_is_in_the_matrix(name: str) -> None:
    """No option is left out, and each is tried with a value or as a flag."""
    declared = [one for one in command(name).params if one.name != "help"]
    assert len(factors(name)) == 1 + len(declared)
    assert all(any(words for words in choices) for choices in factors(name)[1:])


def test_endings_cover_what_is_written() -> None:
    """What takes long is among the endings that the whole matrix tries."""
    assert set(DRAWN) < set(ENDINGS)
