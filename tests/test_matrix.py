"""A part of the matrix of commands, options and odd data; ``python -m tests.matrix`` runs all of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from jifen_analysis import check
from jifen_analysis.cli import run
from jifen_analysis.cli.commands import COMMANDS
from tests.matrix import DRAWN, ENDINGS, SERVING, Run, factors, faults, mistakes, pairwise, parameters, runs
from tests.odd_data import ODD


def quick(name: str) -> list[Run]:
    """Return two runs of a command: one on data that take turns from command to command, and one with a mistake.

    What takes a browser, or makes hundreds of members, is left to the whole matrix.
    """
    found = [one for one in runs(name) if not any(word.endswith(DRAWN) for word in one.words)]
    found = [one for one in found if name != "sample" or "--members" in one.words]
    data = [*ODD][[*COMMANDS].index(name) % len(ODD)]
    return [next((one for one in found if one.data == data), found[0]), found[-1]]


@pytest.mark.parametrize("data", ["one member", "sixty branches", "odd names", "a name for a status"])
def test_odd_data_are_lawful(data: str, tmp_path: Path) -> None:
    """All but those with a mistake are accepted: a run on data that are refused shows nothing."""
    assert len(check(ODD[data](tmp_path / "数据")).errors) == (data == "a name for a status")


def test_a_run_does_what_it_is_for(tmp_path: Path) -> None:
    """Most runs without a mistake on lawful data come to their end."""
    for at, name in enumerate(["assess", "compare"]):
        sound = next(one for one in runs(name) if one.data == "two of a fair size" and "--out" not in one.words)
        faults(sound, tmp_path / str(at))
        assert run(sound.line(tmp_path / str(at))) == 0


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in SERVING])
def test_no_option_on_no_data_ends_in_a_traceback(name: str, tmp_path: Path) -> None:
    """An exit code, a sentence where something is refused, and files that open; the data stay as they were."""
    wrong = {one: found for at, one in enumerate(quick(name)) if (found := faults(one, tmp_path / str(at)))}
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
    assert len(factors(name)) == 1 + len(parameters(name))
    ways = zip(factors(name)[1:], parameters(name), strict=True)
    assert all(any([*choices, *mistakes(parameter)]) for choices, parameter in ways)


def test_endings_cover_what_is_written() -> None:
    """What takes long is among the endings that the whole matrix tries."""
    assert set(DRAWN) < set(ENDINGS)
