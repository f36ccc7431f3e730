"""What is said of a proposal, gathered once for every way of writing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jifen_analysis.analysis import thresholds, weights
from jifen_analysis.analysis.weights import Trial
from jifen_analysis.errors import UsageError
from jifen_analysis.periods import Period
from jifen_analysis.report.privacy import number_members
from jifen_analysis.report.standing import last_period
from jifen_analysis.schemes.proposal import Proposal
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.summaries import Replaced


@dataclass(frozen=True)
class Tried:
    """A trial with what binds before and after, and who passes whom.

    Parameters
    ----------
    found : Trial
        From ``weights.trial``.
    before, after : DataFrame
        ``thresholds.binding`` of both; empty for a scheme without cut scores.
    passed : DataFrame
        ``weights.swap_shares``.
    idle : bool
        Whether other cut scores are proposed without which everybody's grade is the same.
    """

    found: Trial
    before: pd.DataFrame
    after: pd.DataFrame
    passed: pd.DataFrame
    idle: bool = False

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods that are shown, oldest first."""
        return tuple(sorted(self.found.before.table["period"].unique(), key=Period.parse))

    def scored(self, period: str) -> int:
        """Return how many have a total in a period."""
        return int(self._totals(period)[0].notna().sum())

    def _totals(self, period: str) -> tuple[pd.Series, pd.Series]:
        before, after = (
            one.table.loc[one.table["period"] == period].set_index("member_id")["total"]
            for one in (self.found.before, self.found.after)
        )
        return before, after

    def curve(self, period: str, names: Sequence[str]) -> pd.DataFrame:
        """Return how many reach each whole score in a period; where totals move, before and after under two names."""
        before, after = self._totals(period)
        moved = not before.equals(after)
        totals = pd.concat({names[0]: before, names[1]: after} if moved else {names[1]: after}, names=["side"])
        cuts = np.arange(np.floor(totals.min()), np.ceil(totals.max()) + 1)
        held = totals.reset_index(name="total")
        found = thresholds.pass_curve(held["total"], cuts=cuts, group=held["side"])
        return found if moved or found["withheld"].any() else found.drop(columns=["group", "withheld"])


def try_proposal(result: Assessment, proposal: Proposal) -> Tried:
    """Try a proposal on the records of a result.

    Parameters
    ----------
    result : Assessment
        With its records.
    proposal : Proposal
        What is tried.

    Raises
    ------
    UsageError, InvalidScheme
        Where nothing is proposed, it does not fit the scheme, or nobody has a total.
    """
    if not proposal:
        raise UsageError(
            "没有说要试什么:请写占比、分数线或名额,如 --cut 优秀=88",
            "nothing to try: give a share, a cut score or a quota, such as --cut 优秀=88",
        )
    last_period(result)  # refuses where nobody has a total: whom nothing can move says nothing of a proposal
    found = weights.trial(result, proposal)
    return Tried(
        found, binding_limits(found.before), binding_limits(found.after), weights.swap_shares(found), _idle(found)
    )


def _idle(found: Trial) -> bool:
    """Return whether the proposal comes to the same without its cut scores."""
    if not found.proposal.cuts:
        return False
    without = weights.trial(found.before, replace(found.proposal, cuts={})).after
    return bool(without.table["grade"].equals(found.after.table["grade"]))


def binding_limits(result: Assessment) -> pd.DataFrame:
    """Return what binds in a result; nothing for a scheme without cut scores."""
    return thresholds.binding(result) if result.scheme.book.banded else pd.DataFrame()


def unnamed_trial(told: Tried) -> Tried:
    """Return a trial that names nobody.

    Parameters
    ----------
    told : Tried
        From ``try_proposal``.

    Returns
    -------
    Tried
        Members go by their number in the list, as in ``number_members``.
    """
    moves, passed = told.found.moves, told.passed
    listed = [*moves["member_id"], *(passed[["rises", "falls"]].to_numpy().ravel() if len(passed) else ())]
    numbers = number_members(listed)
    sides = {side: passed[side].map(numbers).astype("object") for side in ("rises", "falls") if len(passed)}
    renumbered = Replaced.read(passed).on(passed.assign(**sides))
    mine = moves.assign(member_id=moves["member_id"].map(numbers).astype("object"))
    return replace(told, found=replace(told.found, moves=mine), passed=renumbered)
