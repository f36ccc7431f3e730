"""Tests of other shares, cut scores and quotas on trial."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pandas as pd
import pytest

from jifen_analysis.analysis import weights
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.proposal import Proposal
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from tests.builders import random_of

STREET = read_scheme("street_80_20").with_grades(优秀=88, 合格=70).with_quotas(优秀="1/4")
PROPOSALS = [
    Proposal({"base": 0.6, "evaluation": 0.4}),
    Proposal(cuts={"优秀": 91, "合格": 72}),
    Proposal(quotas={"优秀": "1/8", "合格": 0.5}),
    Proposal({"base": "50%", "evaluation": "50%"}, {"优秀": 86}, {"优秀": None}),
]


@pytest.mark.parametrize("proposal", PROPOSALS)
@pytest.mark.parametrize("seed", [1, 2])
def test_moves_are_the_differences_of_two_assessments(proposal: Proposal, seed: int) -> None:
    """Everybody whose grade is another, nobody else; counts and reasons agree with assessments of their own."""
    given = random_of(seed, 50)
    found = weights.trial(assess(given, STREET), proposal)
    before, after = assess(given, STREET).table, assess(given, proposal.of(STREET)).table
    pd.testing.assert_frame_equal(found.after.table, after, check_exact=True)
    moved = before["grade"].astype("object").ne(after["grade"].astype("object")) & before["total"].notna()
    assert found.moves["member_id"].tolist() == before["member_id"][moved].tolist()
    assert found.moves["up"].tolist() == (after["grade"].cat.codes > before["grade"].cat.codes)[moved].tolist()
    for side, table in (("before", before), ("after", after)):
        counts = table.groupby(["period", "branch", "grade"], observed=True).size()
        told = found.grades.set_index(["period", "branch", "grade"])[side]
        assert told[told > 0].to_dict() == counts.to_dict()
    _check_reasons(found, proposal)


def _check_reasons(found: weights.Trial, proposal: Proposal) -> None:
    """Each reason names a step that alone turns the grade, and on which side of a cut the total is."""
    tables, scheme = {"": found.before.table}, STREET
    records = found.before.records
    assert records is not None
    for step, scheme in proposal.steps(STREET):
        tables[step] = assess(records, scheme).table
    keyed = {step: table.set_index(["member_id", "period"]) for step, table in tables.items()}
    steps = list(keyed)
    for move in found.moves.to_dict("records"):
        key = (move["member_id"], move["period"])
        said = []
        for one, other in pairwise(steps):
            a, b = keyed[one].loc[key], keyed[other].loc[key]
            if a["grade"] != b["grade"]:
                line = a["grade_by_total"] != b["grade_by_total"]
                said.append("quota" if other == "quota" else f"{other}_{'line' if line else 'place'}")
        assert move["reason"].replace("clause", said[0] if said else "") == ";".join(said)


def test_who_passes_whom_and_where() -> None:
    """Where the way is half gone two members are level, and there an assessment makes them so."""
    given = random_of(4, 60)
    result = assess(given, STREET.with_quotas(优秀="1/6"))
    found = weights.trial(result, Proposal({"base": 0.3, "evaluation": 0.7}))
    table = weights.swap_shares(found)
    assert len(table)
    assert table.attrs["shares"]["base"] == (Fraction(4, 5), Fraction(3, 10))
    for row in table.head(5).to_dict("records"):
        start, end = table.attrs["shares"]["base"]
        share = start + row["at"] * (end - start)
        level = assess(given, result.scheme.with_shares(base=share, evaluation=1 - share)).table
        totals = level[level["period"] == row["period"]].set_index("member_id")["total"]
        assert totals[row["rises"]] == pytest.approx(totals[row["falls"]], abs=1e-5)


def test_nothing_tried_changes_nothing() -> None:
    """An empty proposal is no proposal; without grades nobody moves."""
    given = random_of(1, 10)
    found = weights.trial(assess(given, STREET), Proposal())
    assert (bool(Proposal()), len(found.moves), len(weights.swap_shares(found))) == (False, 0, 0)
    ungraded = weights.trial(assess(given, read_scheme("village_monthly")), Proposal({"base": 1}))
    assert ungraded.moves.empty


def test_what_does_not_fit_is_refused() -> None:
    """By the scheme itself."""
    with pytest.raises(UsageError, match="没有分数线"):
        weights.trial(assess(random_of(1, 5), STREET), Proposal(cuts={"良": 3}))
