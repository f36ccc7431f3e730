"""A trial without ids and names: members go by their number in the list."""

from __future__ import annotations

from dataclasses import replace

from jifen_analysis.report.trial.facts import Tried
from jifen_analysis.summaries import Replaced


def unnamed_trial(told: Tried) -> Tried:
    """Return a trial that names nobody.

    Parameters
    ----------
    told : Tried
        From ``try_proposal``.

    Returns
    -------
    Tried
        Members are ``#1``, ``#2``, … in the order in which they are listed:
        the same number stands for the same member throughout, and for nobody
        in another trial.
    """
    moves, passed = told.found.moves, told.passed
    listed = [*moves["member_id"], *(passed[["rises", "falls"]].to_numpy().ravel() if len(passed) else ())]
    numbers = {member: f"#{n}" for n, member in enumerate(dict.fromkeys(listed), start=1)}
    sides = {side: passed[side].map(numbers).astype("object") for side in ("rises", "falls") if len(passed)}
    renumbered = Replaced.read(passed).on(passed.assign(**sides))
    mine = moves.assign(member_id=moves["member_id"].map(numbers).astype("object"))
    return replace(told, found=replace(told.found, moves=mine), passed=renumbered)
