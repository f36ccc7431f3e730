"""Tests of results put together to years."""

import pytest

import jifen_analysis as jf
from jifen_analysis.analysis import comparison
from jifen_analysis.errors import UsageError


@pytest.mark.parametrize("name", jf.scheme_names())
def test_a_year_ledger_sums_to_the_year(sample: jf.Records, name: str) -> None:
    """Put together to years, the ledger's contributions sum to the year's total, by sum or by mean."""
    year = comparison.yearly(jf.assess(sample, jf.read_scheme(name)))
    sums = year.ledger.groupby(["member_id", "period"])["contribution"].sum()
    totals = year.table.set_index(["member_id", "period"])["total"].dropna()
    assert len(totals) > 0
    assert ((sums.reindex(totals.index).fillna(0) - totals).abs() < 1e-9).all()


def test_a_year_is_taken_apart_wherever_only_one_scores_it(sample: jf.Records) -> None:
    """What moves lists by year, why explains by year: halves are put together, years stay as they are."""
    halves, years = (jf.assess(sample, jf.read_scheme(name)) for name in ("community_60_40", "street_80_20"))
    for row in comparison.moves(halves, years).members.dropna(subset="difference").head(20).itertuples():
        found = comparison.why(halves, years, row.member_id, row.period)
        assert found["difference"].sum() == pytest.approx(row.difference, abs=1e-9)
        assert (found.attrs["total_a"], found.attrs["total_b"]) == pytest.approx((row.total_a, row.total_b))


def test_a_year_nobody_scored_is_refused(sample: jf.Records) -> None:
    """The periods that there are stand in the message."""
    result = jf.assess(sample, jf.read_scheme("community_60_40"))
    with pytest.raises(UsageError, match=r"没有考核期 2022,.*有:2023H1、2023H2"):
        comparison.why(result, result, "00001", "2022")
