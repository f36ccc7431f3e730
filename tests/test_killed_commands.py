"""Every writing command killed while it writes: the old output is there or the new, never a part of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from jifen_analysis.cli.app import READ
from jifen_analysis.cli.commands import COMMANDS
from tests.killed import all_writes, drawn, faults, told
from tests.matrix import parameters

pytest.importorskip("resource", reason="Windows has no fork")

QUICK = {what.partition(".")[0]: (what, words) for what, words in all_writes().items() if not drawn(what)}
"""One output a parameter, of those that take no browser."""
SOME = dict([*QUICK.values()][::2])
"""Every second one, since each is written by the same few functions; ``python -m tests.killed`` kills all."""
SILENT = frozenset({"lint", "words", "status", "lab", "desk"})
"""Commands that are asked for no file: they print, or stay (what lab copies has a test of its own)."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Any]]:
    """What stood in the place of every output without room to write it, and after a kill at its last step."""
    return told(tmp_path_factory.mktemp("killed"), "one member", SOME, 1, 0)


@pytest.mark.parametrize("what", SOME)
def test_the_old_or_the_new(found: Mapping[str, Mapping[str, Any]], what: str) -> None:
    """After a kill the output is to the byte the earlier one, or that of a run that ended, which tidies up."""
    assert [*faults(what, found[what])] == []


def test_no_writing_command_is_forgotten() -> None:
    """Whatever path a command declares is read, as is said here, or it is written and killed."""
    assert {name for name in COMMANDS if not any(what.startswith(f"{name}-") for what in all_writes())} == SILENT
    declared = {one.name for name in COMMANDS for one in parameters(name)}
    assert declared > READ


def test_what_is_half_there_is_seen() -> None:
    """Neither old nor new is a fault; of files that stand each for itself some may be there."""
    after = {
        "full": [2, {}],
        "code": 0,
        "steps": 2,
        "old": {},
        "new": {"a": "1", "b": "2"},
        "last": {"a": "1", "b": "2"},
        "left": [],
    }
    assert [*faults("x-out-OUT", after | {"seen": [["at step 1", {"a": "1"}, -9, [-9]]]})]
    assert not [*faults("x-out-DIR", after | {"seen": [["at step 1", {"a": "1", "x/.b.7": "?"}, -9, [-9]]]})]
    assert [*faults("x-out-DIR", after | {"seen": [["at step 1", {"a": "?"}, -9, [-9]]]})]


@pytest.mark.parametrize("ended", [0, 1, 70, -11])
def test_a_run_that_was_not_killed_is_seen(ended: int) -> None:
    """Where the kill never came nothing was tried, and that is a fault, too."""
    whole = {"a": "1"}
    found = {"full": [2, {}], "code": 0, "steps": 1, "old": {}, "new": whole, "last": whole, "left": []}
    assert len([*faults("x-out-OUT", found | {"seen": [["at step 1", whole, ended, [-9]]]})]) == 1
    assert not [*faults("x-out-OUT", found | {"seen": [["at step 1", whole, -9, [-9]]]})]
