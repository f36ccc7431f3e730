"""Tests of which items tell members apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import items
from jifen_analysis.analysis.items import item_table
from jifen_analysis.analysis.items.classical import omega
from jifen_analysis.errors import UsageError
from tests.report.sampled import result

PATTERNS = [3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61]
PATTERNS += [28, 298]
"""LSAT section 6, Bock & Lieberman (1970), Psychometrika 35, 179-197: how many of 1000 gave each pattern of answers."""


def lsat() -> pd.DataFrame:
    """The answers, a row an examinee."""
    rows = [[int(bit) for bit in f"{number:05b}"] for number, count in enumerate(PATTERNS) for _ in range(count)]
    return pd.DataFrame(rows, columns=[f"Item {number}" for number in range(1, 6)])


def test_the_law_school_admission_test() -> None:
    """What R's ltm 1.2 prints for it (descript): share right, item-rest correlation, alpha .295."""
    table = items.item_analysis(lsat())
    assert table["difficulty"].round(3).tolist() == [0.924, 0.709, 0.553, 0.763, 0.870]
    assert table["item_rest_r"].round(4).tolist() == [0.1128, 0.1532, 0.1728, 0.1444, 0.1216]
    assert table.attrs["alpha"] == pytest.approx(0.2950, abs=5e-5)
    assert table.attrs["omega"] == pytest.approx(0.307, abs=0.001)  # above alpha: loadings differ
    assert (table["stands"] == "together").all()
    assert table["share"].sum() == pytest.approx(1)


def test_omega_of_three_items_has_a_closed_form() -> None:
    """With three items one factor fits exactly: a loading is the root of two covariances by the third (Spearman 1904).

    Covariances of the reading tests of Holzinger & Swineford (1939).
    """
    covariance = np.array([[1.351, 1.101, 0.899], [1.101, 1.665, 1.015], [0.899, 1.015, 1.200]])
    loadings = np.sqrt([1.101 * 0.899 / 1.015, 1.101 * 1.015 / 0.899, 0.899 * 1.015 / 1.101])
    assert omega(covariance) == pytest.approx(loadings.sum() ** 2 / covariance.sum(), abs=1e-4)
    assert np.isnan(omega(covariance[:2, :2]))


MANIA = """
32211 33232 43435 33114 43223 22122 33323 43434 44133 44224 43323 55255 11111 32133 22113 23224 23124 32223
33232 32123 33233 33233 33333 11111 43232 22121 23344 33133 11132 34224 43223 21334 43133 33333 33313 33234
32434 22132 22222 22223 22121 22222 11111 33323 23232 33333 33334 22222 23343 42233 33132 22111 33333 24243
22223 12122 33333 22222 22122 33232 33224 32324 33334 23113 34123 22433 11221 22122 43344 44243 32133 43333
33124 32123 11133 22124 24134 22222
"""
"""78 persons, 5 items: ``asrm`` of R's Bayesrel; Nicolai & Moshagen (2018), J. Behavioral Addictions 7, 752-759."""


def test_omega_of_the_self_rating_mania_scale() -> None:
    """Bayesrel's own test has .79662 for principal factors (of covariances; ours of correlations), 95 % up to .8617.

    By maximum likelihood it has .7919616, and at least .7195; JASP's has the means, alpha and item-rest correlations.
    """
    table = items.item_analysis(pd.DataFrame([[float(one) for one in row] for row in MANIA.split()]))
    known = table.attrs
    assert table["mean"].tolist() == pytest.approx([2.67948718, 2.58974359, 1.94871795, 2.46153846, 2.85897436])
    rest = [0.649992231778526, 0.630980009291163, 0.433320479366847, 0.519890282401405, 0.620653571262307]
    assert table["item_rest_r"].tolist() == pytest.approx(rest, abs=1e-12)
    assert known["alpha"] == pytest.approx(0.789985434486178, abs=1e-12)
    assert known["omega"] == pytest.approx(0.7966209, abs=2e-4)
    assert (known["omega_low"], known["omega_high"]) == pytest.approx((0.7194611, 0.8617495), abs=0.02)


def sheet(n: int = 60, seed: int = 1) -> pd.DataFrame:
    """Items of every kind: two that hang together, one against them, one by chance, three that fill the sheet."""
    random = np.random.default_rng(seed)
    ability = random.normal(0, 1, n)
    marks = pd.DataFrame({name: 8 + ability + random.normal(0, 0.5, n) for name in ("one", "two", "three")})
    marks["against"], marks["noise"], marks["dead"] = 8 - ability, random.normal(8, 1, n), 10.0
    marks["ceiling"], marks["floor"] = 10.0, 0.0
    marks.loc[0, ["ceiling", "floor"]] = [5.0, 5.0]
    return marks


def test_what_fills_the_sheet_is_told_from_what_tells_apart() -> None:
    """Each kind of item is called what it is, whatever the order of members and items; nothing is changed in place."""
    marks = sheet()
    kept = marks.copy()
    table = items.item_analysis(marks)
    stands = table["stands"].to_dict()
    assert {stands.pop(name) for name in ("one", "two", "three")} == {"together"}
    assert stands == {name: name for name in ("against", "dead", "ceiling", "floor")} | {"noise": "alone"}
    assert table.loc["dead", ["item_rest_r", "p", "discrimination"]].isna().all()
    again = items.item_analysis(marks.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(table, again, check_exact=True)
    pd.testing.assert_frame_equal(marks, kept)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(st.sampled_from([0.0, 5.0, 10.0, None]), min_size=3, max_size=3), min_size=2, max_size=12))
def test_odd_sheets_have_numbers_within_their_bounds_or_a_reason(rows: list[list[float | None]]) -> None:
    """Two people, ties, constant items, missing marks: shares stay shares, intervals hold their value."""
    marks = pd.DataFrame(rows, columns=["a", "b", "c"], dtype="float64")
    try:
        table = items.item_analysis(marks, draws=10)
    except UsageError:
        assert marks.notna().all(axis=1).sum() < 2  # of one member nothing can be said
        return
    assert table[["ceiling_share", "floor_share"]].to_numpy().min() > 0
    assert (table["discrimination"].dropna().abs() <= 1).all()
    known = table.dropna(subset="item_rest_r")
    assert ((known["r_low"] <= known["item_rest_r"]) & (known["item_rest_r"] <= known["r_high"])).all()
    low, value, high = (table.attrs[name] for name in ("omega_low", "omega", "omega_high"))
    assert np.isnan(low) or low <= value <= high <= 1
    assert table.attrs["left_out"] == marks.isna().any(axis=1).sum()


def test_marks_above_full_are_refused() -> None:
    """Full marks that somebody exceeds are a mistake, which is named."""
    with pytest.raises(UsageError, match=r"“one”有人得 \d+\.\d+ 分.超过满分 5"):
        items.item_analysis(sheet(), full={"one": 5})


def test_the_items_add_up_to_the_component() -> None:
    """Of everybody who has a total; weighted by the scheme they are the ledger's contributions."""
    scored = result()
    points = item_table(scored, "daily", "2024H2")
    table = scored.table[scored.table["period"] == "2024H2"].dropna(subset="total").set_index("member_id")
    assert points.index.tolist() == sorted(table.index)
    assert points.sum(axis=1).to_numpy() == pytest.approx(table["daily"].sort_index().to_numpy(), abs=1e-9)
    assert points.notna().all().all()


def test_unknown_names_are_refused_with_the_nearest() -> None:
    """A component or period that does not exist, or in which nobody has a total."""
    with pytest.raises(UsageError, match="没有板块 dayly,最接近的是 daily"):
        item_table(result(), "dayly", "2024H2")
    with pytest.raises(UsageError, match="没有考核期 2025H1"):
        item_table(result(), "daily", "2025H1")
