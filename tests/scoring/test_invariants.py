"""What holds under every scheme, whatever the records: random small data sets, all ten schemes."""

import random
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.periods import Period
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES, Assessment
from jifen_analysis.scoring.collection import collect, collect_once
from jifen_analysis.tables.records import Records
from tests.builders import records_of
from tests.reference import random_records

SEEDS = st.integers(0, 7)
SHUFFLES = st.integers(0, 10**6).map(random.Random)
every_scheme = pytest.mark.parametrize("name", scheme_names())
few = settings(max_examples=2)

Change = Callable[[pd.DataFrame], pd.DataFrame]


@cache
def drawn(seed: int) -> Records:
    """Records of a dozen members over two years, with twins that tie."""
    return records_of(random_records(seed, members=12))


@cache
def book(name: str) -> Scheme:
    """One of the ten."""
    return read_scheme(name)


@cache
def scored(seed: int, name: str) -> Assessment:
    """Random records under one of the ten."""
    return assess(drawn(seed), book(name))


def changed(records: Records, change: Change) -> Records:
    """Records each of whose tables was changed."""
    frames = {name: change(records.table(name)) for name in records.frames}
    return Records.of_checked(frames, records.sources, records.notes, records.vocabulary)


def same(one: Assessment, two: Assessment) -> None:
    """Hold every frame of two results against each other, bit for bit."""
    for name in FRAMES:
        pd.testing.assert_frame_equal(one.frames(name), two.frames(name), check_exact=True)


# ---------------------------------------------------------------- the ledger


@every_scheme
@few
@given(SEEDS)
def test_the_ledger_adds_up(name: str, seed: int) -> None:
    """Contributions sum to the total of all who have one, and to nothing for anybody who is not scored."""
    found = scored(seed, name)
    summed = found.ledger.groupby(["member_id", "period"])["contribution"].sum()
    table = found.table.set_index(["member_id", "period"])
    assert far(summed, table["total"].dropna()) <= 1e-9
    assert not table["flags"].reindex(summed.index).str.contains("exempt|not_assessed").any()


@every_scheme
@few
@given(SEEDS)
def test_every_component_and_part_adds_up(name: str, seed: int) -> None:
    """Also of members without a total: their lines are the components and parts that are known."""
    found, keys = scored(seed, name), ["member_id", "period", "component"]
    columns = list(book(name).book.components)
    scores = found.table.set_index(keys[:2])[columns].rename_axis("component", axis=1).stack().dropna()
    assert far(found.ledger.groupby(keys)["points"].sum(), scores) <= 1e-9
    in_parts = found.ledger.groupby([*keys, "part", "item"])["points"].sum()
    assert far(in_parts, found.parts.set_index([*keys, "part", "item"])["score"]) <= 1e-9


def far(summed: pd.Series, expected: pd.Series) -> float:
    """How far sums are from what they should be, at most; nothing summed up is 0."""
    return float((summed.reindex(expected.index).fillna(0) - expected).abs().max() if len(expected) else 0)


# ---------------------------------------------------------------- order, names, batches


@every_scheme
@few
@given(SEEDS, SHUFFLES, st.integers(20, 400))
def test_order_and_batches_change_no_bit(name: str, seed: int, rng: random.Random, size: int) -> None:
    """Rows of every table in any order, tables in any order, cut into batches of any size."""

    def mixed(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[rng.sample(range(len(frame)), len(frame))].reset_index(drop=True)

    records = changed(drawn(seed), mixed)
    tables = dict(rng.sample(list(records.frames.items()), len(records.frames)))
    again = Records(tables, records.sources, records.notes, records.vocabulary)
    same(assess(again.cut(size), book(name)), scored(seed, name))


@every_scheme
@few
@given(SEEDS, SHUFFLES)
def test_the_names_of_members_do_not_matter(name: str, seed: int, rng: random.Random) -> None:
    """With other ids, in another order, everybody has the same results."""
    ids = sorted(drawn(seed).members["member_id"].unique())
    names = dict(zip(ids, rng.sample([f"x{n:03d}" for n in range(900)], len(ids)), strict=True))
    found = assess(changed(drawn(seed), lambda frame: renamed(frame, names)), book(name))
    for frame in FRAMES:
        expected = renamed(scored(seed, name).frames(frame), names)
        pd.testing.assert_frame_equal(arranged(found.frames(frame)), arranged(expected), check_exact=True)


def renamed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame with other member ids."""
    return frame.assign(member_id=frame["member_id"].map(names).astype(frame["member_id"].dtype))


def arranged(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame by member, the order within each kept."""
    return frame.sort_values("member_id", kind="stable", ignore_index=True)


@every_scheme
@few
@given(SEEDS, SEEDS)
def test_two_offices_together_are_each_alone(name: str, one: int, two: int) -> None:
    """Branches and units that share nobody have the same results together, but for the rank over all."""
    offices = {f"{n}-": changed(drawn(seed), office(f"{n}-")) for n, seed in enumerate((one, two))}
    together = assess(joined(*offices.values()), book(name))
    periods = sorted(together.table["period"].unique())
    for front, records in offices.items():
        alone = assess(records, book(name), periods=periods)
        for frame in FRAMES:
            whole = together.frames(frame)
            part = whole[whole["member_id"].str.startswith(front)].reset_index(drop=True)
            columns = [column for column in part if column != "rank_overall"]
            pd.testing.assert_frame_equal(part[columns], alone.frames(frame)[columns], check_exact=True)


def office(front: str) -> Change:
    """Return a change that gives members, branches and units a name of their own."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        own = [column for column in ("member_id", "branch", "unit") if column in frame]
        return frame.assign(**{column: front + frame[column] for column in own})

    return change


def joined(*parts: Records) -> Records:
    """Several data sets as one."""
    names = dict.fromkeys(name for part in parts for name in part.frames)
    frames = {name: pd.concat([part.table(name) for part in parts], ignore_index=True) for name in names}
    return Records.of_checked(frames, (), (), parts[0].vocabulary)


# ---------------------------------------------------------------- what may not pay


@every_scheme
@few
@given(SEEDS, SHUFFLES, st.integers(1, 200), st.booleans())
def test_paying_later_never_raises_a_total(name: str, seed: int, rng: random.Random, days: int, never: bool) -> None:
    """A month of dues settled some days later, or not at all, is worth no more to anybody."""
    dues = drawn(seed).dues
    settled = np.flatnonzero(((dues["due"] > 0) & (dues["paid"] >= dues["due"]) & dues["paid_on"].notna()).to_numpy())
    late = rng.sample(settled.tolist(), min(5, len(settled)))
    if never:
        dues.loc[late, ["paid", "paid_on"]] = [0.0, pd.NaT]
    else:
        dues.loc[late, "paid_on"] += pd.Timedelta(days=days)
    worse = assess(changed(drawn(seed), lambda frame: dues if "paid_on" in frame else frame), book(name)).table
    before = scored(seed, name).table
    assert worse["total"].isna().tolist() == before["total"].isna().tolist()
    assert not (worse["total"] > before["total"] + 1e-9).any()


@every_scheme
@few
@given(SEEDS)
def test_no_quota_is_exceeded(name: str, seed: int) -> None:
    """Neither a grade (corrections aside) nor an outcome goes to more than its share of the branch or unit."""
    found = assess(drawn(seed), book(name), corrections=False)
    table = found.table[found.table["stage"] != "activist"]
    for grade, entry in book(name).book.grades.items():
        if entry.quota:
            holds = table["grade"] == grade
            assert within(table, holds.to_numpy(), Fraction(entry.quota.share), entry.quota.within)
    for outcome, rule in book(name).book.outcomes.items():
        place = rule.top or rule.bottom
        if place and "period" in rule.at:
            who = found.outcomes.loc[found.outcomes["outcome"] == outcome, ["member_id", "period"]]
            holds = pd.MultiIndex.from_frame(table[["member_id", "period"]]).isin(pd.MultiIndex.from_frame(who))
            assert within(table, holds, Fraction(place.share or 0), place.within, place.count or 0)


def within(table: pd.DataFrame, holds: np.ndarray, share: Fraction, scope: str, count: int = 0) -> bool:
    """Whether in no group more than a share of it, or a number, holds something."""
    groups = table.assign(holds=holds, n=table["total"].notna()).groupby(["period", scope])[["holds", "n"]].sum()
    return all(held <= count + int(share * n) for held, n in groups.itertuples(index=False))


# ---------------------------------------------------------------- how it is asked for


@every_scheme
@few
@given(SEEDS, st.integers(0, 23))
def test_a_period_alone_is_a_part_of_the_whole(name: str, seed: int, at: int) -> None:
    """What is shown of one period is what the whole says of it."""
    whole = scored(seed, name)
    period = (
        sorted(whole.table["period"].unique())[at % whole.table["period"].nunique()] if len(whole.table) else "2024"
    )
    alone = assess(drawn(seed), book(name), periods=[period])
    for frame in ("table", "ledger", "parts"):
        rows = whole.frames(frame)
        expected = rows[rows["period"] == period].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone.frames(frame), expected, check_exact=True)


@every_scheme
@few
@given(SEEDS)
def test_a_day_after_everything_sees_everything(name: str, seed: int) -> None:
    """Provisional scoring as of the last day of all is no other than the final one."""
    last = drawn(seed).dues["paid_on"].max().date()
    same(assess(drawn(seed), book(name), as_of=max(last, Period.parse("2024").last_day)), scored(seed, name))


@every_scheme
@few
@given(SEEDS, st.dates(date(2023, 1, 1), date(2024, 12, 31)))
def test_what_comes_later_is_not_seen(name: str, seed: int, day: date) -> None:
    """As of a day, records after it might as well not have been written."""

    def until_then(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["date"] <= pd.Timestamp(day)].reset_index(drop=True) if "date" in frame else frame

    records = changed(drawn(seed), until_then)
    same(assess(records, book(name), as_of=day), assess(drawn(seed), book(name), as_of=day))


@every_scheme
@few
@given(SEEDS)
def test_without_corrections_is_without_the_table(name: str, seed: int) -> None:
    """Leaving the decisions aside is the same as never having had them."""
    bare = changed(drawn(seed), lambda frame: frame.iloc[:0] if "decided_by" in frame else frame)
    same(assess(drawn(seed), book(name), corrections=False), assess(bare, book(name)))


def test_schemes_that_share_sums_score_as_if_each_added_up_its_own() -> None:
    """One way to add up, asked by all ten schemes in turn and by the first again, hands no scheme another's sums."""
    once = collect_once(len(scheme_names()))
    for name in (*scheme_names(), scheme_names()[0]):
        same(assess(drawn(2), book(name), gather=once), scored(2, name))


@pytest.mark.parametrize("name", ["street_80_20", "bureau_quarterly"])
def test_what_was_added_up_for_other_days_or_periods_is_not_taken(name: str) -> None:
    """One way to add up, asked for a day and for some of the periods, gives what each gives alone."""
    once = collect_once(8)
    part = scored(2, name).table["period"].unique()[:1].tolist()
    for asked in ({}, {"as_of": date(2024, 5, 31)}, {"periods": part}):
        same(assess(drawn(2), book(name), gather=once, **asked), assess(drawn(2), book(name), **asked))


@every_scheme
def test_scoring_variants_leaves_the_base_alone(name: str) -> None:
    """After every reading was scored, with the sums of the others or its own, the scheme says and gives what it did."""
    base, once = read_scheme(name), collect_once()
    before, digest = assess(drawn(1), base, gather=once), base.digest
    for reading in base.book.readings:
        read = base.variant(reading)
        found = assess(drawn(1), read, gather=once)
        assert found.scheme.digest != digest
        pd.testing.assert_frame_equal(found.table, assess(drawn(1), read).table, check_exact=True)
    assert base.digest == digest
    for gather in (once, collect):
        same(assess(drawn(1), base, gather=gather), before)
