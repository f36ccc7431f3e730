"""The second scorer against sums a reader can do in the head."""

from fractions import Fraction
from typing import Any

import pytest

from .branch_scorecard import ITEMS as SCORECARD
from .builders import (
    by_member,
    came,
    day,
    decided,
    did,
    mark_of,
    marked,
    member,
    only,
    outcomes_of,
    owed,
    points,
    votes,
)
from .bureau_quarterly import ladder
from .dues import judge
from .places import competition_ranks, keep
from .roster import place_of
from .scoring import SCHEMES, score
from .serving import serving
from .village_inspector import ITEMS as INSPECTOR

HALF_MONTHS = [f"2024-0{month}" for month in range(1, 7)]


def test_a_payment_after_the_period_is_not_seen() -> None:
    """A month paid only after the scored period is unpaid, late from its own end to the period's."""
    seen = judge(owed("2024-05", paid=2, paid_on="2024-07-01"), day("2024-06-30"))
    assert (seen.state, seen.days_late) == ("unpaid", 30)


@pytest.mark.parametrize(
    ("row", "state", "days"),
    [
        (owed("2024-06"), "unpaid", 1),
        (owed("2024-06", paid=1, paid_on="2024-06-03"), "short", 1),
        (owed("2024-01", paid=2), "on_time", 0),
        (owed("2024-01", paid=2, paid_on="2023-12-01"), "on_time", 0),
        (owed("2024-01", paid=2, paid_on="2024-02-15"), "late", 15),
        (owed("2024-01", due=0), "on_time", 0),
    ],
)
def test_a_month_of_dues(row: dict[str, Any], state: str, days: int) -> None:
    """Settled, short and unpaid months are told apart, with their days late."""
    seen = judge(row, day("2024-06-30"))
    assert (seen.state, seen.days_late) == (state, days)


def test_a_tie_over_the_boundary_keeps_nobody_of_it() -> None:
    """Two places for one leader and two who tie: the leader keeps his, the tie none."""
    assert keep({"a": 9, "b": 8, "c": 8}, 2) == ({"a"}, {"b", "c"})


def test_without_places_nobody_is_tied() -> None:
    """A cap of 0 leaves everybody out and flags nobody."""
    assert keep({"a": 9, "b": 9}, 0) == (set(), set())


def test_ties_share_the_best_rank() -> None:
    """Two who tie for first are first, the next is third."""
    assert competition_ranks({"a": 5, "b": 5, "c": 4}) == {"a": 1, "b": 1, "c": 3}


def test_a_transferred_member_belongs_where_he_was_last() -> None:
    """A row that ended before the period's last day still says the branch when none follows."""
    rows = [member(branch="甲", until=day("2024-03-31")), member(branch="乙", since=day("2024-07-01"))]
    assert place_of(rows, "2024H1").branch == "甲"
    assert place_of(rows, "2024").branch == "乙"


def test_rows_inside_a_period_go_before_those_of_a_longer_one() -> None:
    """A half's own evaluations serve it; the year's serve only a half that has none."""
    rows = [mark_of("members", 80, "2024"), mark_of("members", 90, "2024Q1")]
    assert [row["mark"] for row in serving(rows, "2024H1")] == [90]
    assert [row["mark"] for row in serving(rows, "2024H2")] == [80]


def test_an_unknown_reading_is_refused() -> None:
    """A reading the text does not have is a mistake of the caller."""
    with pytest.raises(ValueError, match="no such reading"):
        score({}, "village_monthly", ["strict"])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_exempt_and_absent_members_have_no_score(scheme: str) -> None:
    """Exempt and not_assessed stand alone, without a total, a grade or an outcome."""
    tables = {
        "members": [
            member("1", post="inspector", exempt=True),
            member("2", post="inspector", until=day("2023-05-05")),
        ],
        "attendance": [came("2024-01-05")],
    }
    result = score(tables, scheme)
    assert [row["flags"] for row in result.rows] == [{"exempt"}, {"not_assessed"}]
    assert {(row["total"], row["grade"], row["rank_branch"]) for row in result.rows} == {(None, None, None)}
    assert not result.outcomes


SCORECARD_MARKS = {item: 7 for items in SCORECARD.values() for item in items} | {
    "organisational_life": 4,
    "cooperation": 4,
}


def test_scorecard_adds_marks() -> None:
    """Nine items at 7 and two at 4 give 71, which passes; rescaled, 1.5 × 14 replaces 21."""
    tables = {"members": [member()], "attendance": [came("2024-01-05")], "marks": marked(SCORECARD_MARKS)}
    row = only(score(tables, "branch_scorecard"))
    assert (row["total"], row["grade"], row["distance_to_next_grade"]) == (71, "合格", 9)
    rescaled = only(score(tables, "branch_scorecard", ["rescaled"]))
    assert (rescaled["political"], rescaled["total"]) == (14, 71)


def test_scorecard_averages_halves_and_rounds_half_up_for_the_band() -> None:
    """A mark of 7 and of 6 make 6.5; a total of 69.5 fails, but passes in whole marks."""
    first, second = SCORECARD_MARKS | {"own_work": 7}, SCORECARD_MARKS | {"own_work": 4}
    tables = {
        "members": [member()],
        "attendance": [came("2024-01-05")],
        "marks": marked(first, "2024H1") + marked(second, "2024H2"),
    }
    assert only(score(tables, "branch_scorecard"))["total"] == Fraction("69.5")
    assert only(score(tables, "branch_scorecard"))["grade"] == "不合格"
    assert only(score(tables, "branch_scorecard", ["whole_marks"]))["grade"] == "合格"


def test_scorecard_demotes_after_two_failed_years() -> None:
    """Two failed years running bring demotion in the second; a missing mark leaves no total."""
    low = dict.fromkeys(SCORECARD_MARKS, 1)
    tables = {
        "members": [member()],
        "attendance": [came("2023-01-05"), came("2024-01-05"), came("2025-01-05")],
        "marks": marked(low, "2023") + marked(low, "2024"),
    }
    result = score(tables, "branch_scorecard")
    assert outcomes_of(result) == {
        ("2023", "criticism_education"),
        ("2024", "criticism_education"),
        ("2024", "demotion"),
    }
    assert result.rows[2]["flags"] == {"incomplete"}


def test_inspector_is_scored_alone() -> None:
    """Only inspectors have a row; full marks make 100 and a corrected 16 less makes 84."""
    full = [3, 15, 10, 10, 2, 2, 3, 5, 10, 10, 10, 10, 10]
    items = [item for items in INSPECTOR.values() for item in items]
    tables = {
        "members": [member("1", post="inspector"), member("2", post="secretary")],
        "attendance": [came("2024-01-05")],
        "marks": marked(dict(zip(items, full, strict=True))),
        "corrections": [decided("report_duty", "2024", points=-16)],
    }
    row = only(score(tables, "village_inspector"))
    assert (row["report"], row["total"], row["grade"], row["flags"]) == (-6, 84, "称职", {"corrected"})


COMMUNITY = {
    "members": [member()],
    "attendance": [came("2024-01-05", "absent"), came("2024-02-05", "late"), came("2024-03-01")],
    "evaluations": [mark_of("committee", 80, "2024H1"), mark_of("members", 90, "2024H1")],
}


def test_community_weighs_daily_and_a_partial_evaluation() -> None:
    """0.6 × (100 − 5 − 4) + 0.4 × (0.3 × 80 + 0.4 × 90) / 0.7 without households."""
    row = only(score(COMMUNITY, "community_60_40"))
    assert row["total"] == Fraction("54.6") + Fraction("0.4") * 60 / Fraction("0.7")
    assert row["flags"] == {"evaluation_partial"}
    assert row["grade"] == "合格"


def test_community_pools_by_count() -> None:
    """Three members at 90 and one resident at 70 make one group at 85."""
    pool = [mark_of("members", 90, "2024H1", count=3), mark_of("residents", 70, "2024H1")]
    assert only(score(COMMUNITY | {"evaluations": pool}, "community_60_40"))["evaluation"] == 85


def test_community_deductions_have_no_floor_but_a_forfeit_takes_only_the_item() -> None:
    """Three minor and one grave breach of morals cost 15 of 10; a family duty all 10."""
    events = [did("2024-01-01", "public_morals", "minor")] * 3
    events += [did("2024-01-01", "public_morals", "grave"), did("2024-01-02", "family_duty", "minor")]
    uncapped = only(score(COMMUNITY | {"events": events}, "community_60_40"))
    assert uncapped["daily"] == 91 - 15 - 10
    floored = only(score(COMMUNITY | {"events": events}, "community_60_40", ["floored"]))
    assert floored["daily"] == 91 - 10 - 10


@pytest.mark.parametrize(
    ("paid_on", "lost", "strict"),
    [
        ("2024-01-31", 0, 0),
        ("2024-02-15", 2, 2),
        ("2024-02-16", 2, 5),
        ("2024-03-01", 2, 5),
        ("2024-03-02", 5, 5),
        ("2024-03-30", 5, 5),
        ("2024-03-31", 10, 10),
    ],
)
def test_community_dues_by_days_late(paid_on: str, lost: int, strict: int) -> None:
    """January's dues paid 0, 15, 16, 30, 31, 59 and 60 days late."""
    tables = COMMUNITY | {"dues": [owed("2024-01", paid=2, paid_on=paid_on)]}
    assert only(score(tables, "community_60_40"))["daily"] == 91 - lost
    assert only(score(tables, "community_60_40", ["dues_gap_strict"]))["daily"] == 91 - strict


def test_community_bonus_counts_whole_or_as_daily() -> None:
    """A benefit for two, a provincial department's honour, half a point off: 10 + 20 − 0.5."""
    events = [did("2024-01-01", "public_benefit", quantity=2), did("2024-01-01", "honour", "province_dept")]
    events += [did("2024-01-01", "discretionary", points=points("-0.5")), did("2024-01-01", "honour", "unit")]
    base, given = only(score(COMMUNITY, "community_60_40")), COMMUNITY | {"events": events}
    assert only(score(given, "community_60_40"))["total"] - base["total"] == Fraction("29.5")
    inside = only(score(given, "community_60_40", ["bonus_in_daily"]))
    assert inside["total"] - base["total"] == Fraction("0.6") * Fraction("29.5")
    assert inside["daily"] == 91


def test_community_at_ninety_exactly() -> None:
    """A total of 90 is excellent and on the board of honour; read strictly it is only qualified."""
    marks = [mark_of(group, 75, "2024H1") for group in ("committee", "members", "households")]
    tables = {"members": [member()], "attendance": [came("2024-01-05")], "evaluations": marks}
    result = score(tables, "community_60_40")
    assert (only(result)["total"], only(result)["grade"]) == (90, "优秀")
    assert outcomes_of(result) == {("2024H1", "honour_board")}
    assert only(score(tables, "community_60_40", ["strict"]))["grade"] == "合格"


def test_community_forces_at_forty_and_says_what_follows() -> None:
    """Eight absences lose 40: forced, even without an evaluation, with every lighter outcome."""
    tables = {
        "members": [member(stage="probationary")],
        "attendance": [came(f"2024-01-0{number}", "absent") for number in range(1, 9)],
    }
    result = score(tables, "community_60_40")
    row = only(result)
    assert (row["total"], row["grade_by_total"], row["grade"]) == (None, None, "不合格")
    assert row["flags"] == {"incomplete", "forced"}
    assert outcomes_of(result) == {
        ("2024H1", name) for name in ("notice", "self_criticism", "correction", "cancel_probation", "warning_board")
    }


def test_community_six_months_away_needs_a_branch_that_met() -> None:
    """Six months absent where the branch met bring a review; a month it did not meet breaks the run."""
    met = [came(f"{month}-10", "present", member_id="2") for month in HALF_MONTHS]
    away = [came("2024-01-10", "absent")]
    tables = {"members": [member("1"), member("2")], "attendance": met + away}
    assert ("2024H1", "removal_review") in outcomes_of(score(tables, "community_60_40"))
    tables["attendance"] = met[:-1] + away
    assert ("2024H1", "removal_review") not in outcomes_of(score(tables, "community_60_40"))


def test_community_year_fails_on_two_deductions_of_thirty() -> None:
    """Six absences in each half force the year and, read as attendance, the notices of the halves."""
    absent = [came(f"2024-0{month}-0{n}", "absent") for month in (1, 7) for n in range(1, 7)]
    present = [came(f"2024-0{month}-1{n}") for month in (2, 8) for n in range(9)]
    marks = [mark_of(group, 100) for group in ("committee", "members", "households")]
    tables = {"members": [member()], "attendance": absent + present, "evaluations": marks}
    result = score(tables, "community_60_40")
    assert [row["grade"] for row in result.rows] == ["合格", "合格"]
    assert result.years == {("1", "2024"): (82, "不合格")}


def test_community_most_improved_and_exemplary_are_a_tenth() -> None:
    """Of ten, the one who rose nine places improved most; of those at 100, a tie keeps nobody."""
    who = [str(number) for number in range(10)]
    low = {member_id: 60 + int(member_id) for member_id in who}
    rows = [mark_of(g, low[m], "2024H1", member_id=m) for m in who for g in ("committee", "members", "households")]
    late = [mark_of(g, 100 if m == "0" else low[m] - 1, "2024H2", member_id=m) for m in who for g in ("committee",)]
    tables = {
        "members": [member(m) for m in who],
        "attendance": [came("2024-01-05", member_id="0"), came("2024-08-05", member_id="0")],
        "evaluations": rows + late,
    }
    assert ("2024H2", "most_improved") in outcomes_of(score(tables, "community_60_40"), "0")
    tables["evaluations"] = [mark_of(g, 100, member_id=m) for m in who for g in ("committee", "members")]
    result = score(tables, "community_60_40")
    assert not [name for _, _, name in result.outcomes if name == "exemplary"]
    tables["evaluations"] += [mark_of("households", 50, member_id=m) for m in who[1:]]
    assert ("2024", "exemplary") in outcomes_of(score(tables, "community_60_40"), "0")


def test_community_land_violations_in_the_year_or_in_the_data() -> None:
    """One in each of two years persuades nobody to withdraw, unless they add up."""
    events = [did("2023-05-05", "land_violation"), did("2024-05-05", "land_violation")]
    tables = {"members": [member()], "events": events}
    assert ("2024", "persuade_withdrawal") not in outcomes_of(score(tables, "community_60_40"))
    found = outcomes_of(score(tables, "community_60_40", ["cumulative"]))
    assert ("2024", "persuade_withdrawal") in found
    assert ("2023", "persuade_withdrawal") not in found


def test_a_corrected_grade_is_the_last_word() -> None:
    """A vetoed member whose objection was upheld holds the decided grade; the total stays."""
    tables = COMMUNITY | {
        "events": [did("2024-01-01", "veto")],
        "corrections": [decided("grade", "2024H1", grade="合格"), decided("dues", "2024H1", points=5)],
    }
    row = only(score(tables, "community_60_40"))
    assert (row["daily"], row["grade"]) == (96, "合格")
    assert row["flags"] == {"veto", "corrected", "evaluation_partial"}


STREET = {
    "members": [member()],
    "attendance": [came("2024-01-05", "proxy"), came("2024-02-05", "leave"), came("2024-03-05", "absent", "study")],
    "evaluations": [mark_of("committee", 90), mark_of("members", 70)],
}


def test_street_adds_base_evaluation_and_capped_bonus() -> None:
    """80 − 5 − 1, 80 × 0.2, and 10 for twelve benefits with 5 for donations of 1000."""
    events = [did("2024-01-01", "public_benefit", quantity=12)]
    events += [did("2024-01-01", "donation", amount=400), did("2024-09-01", "donation", amount=600)]
    row = only(score(STREET | {"events": events}, "street_80_20"))
    assert (row["base"], row["evaluation"], row["bonus"]) == (74, 16, 15)
    assert (row["total"], row["grade"]) == (105, "优秀")
    assert only(score(STREET, "street_80_20", ["attendance_30"]))["base"] == 64


def test_street_dues_lose_by_month_and_once_for_short() -> None:
    """Two short months and one late lose 3 and 5; three unpaid in a row lose all ten."""
    dues = [owed("2024-01", paid=1), owed("2024-02", paid=1), owed("2024-03", paid=2, paid_on="2024-04-01")]
    assert only(score(STREET | {"dues": dues}, "street_80_20"))["base"] == 74 - 8
    unpaid = [owed(month) for month in HALF_MONTHS]
    result = score(STREET | {"dues": unpaid}, "street_80_20")
    assert only(result)["base"] == 64
    assert outcomes_of(result) == {("2024", "charter_review")}
    assert only(score(STREET | {"dues": unpaid}, "street_80_20", ["charter_veto"]))["flags"] == {"forced"}


def test_street_fails_the_floating_who_do_not_report() -> None:
    """Reports missed in the second and third quarter force the grade; two in one quarter do not."""
    tables = STREET | {"members": [member(floating=True)]}
    tables["events"] = [did("2024-04-01", "report_missed"), did("2024-09-30", "report_missed")]
    assert only(score(tables, "street_80_20"))["flags"] == {"forced"}
    assert only(score(tables, "street_80_20", ["annual_review"]))["flags"] == frozenset()
    tables["events"] = [did("2024-04-01", "report_missed"), did("2024-06-30", "report_missed")]
    assert only(score(tables, "street_80_20"))["grade"] == "合格"


def test_school_veto_clears_the_points() -> None:
    """A disciplined member has 0 points even without an evaluation, and is not incomplete."""
    tables = {"members": [member()], "events": [did("2024-01-01", "discipline")]}
    row = only(score(tables, "school_framework"))
    assert (row["base"], row["evaluation"], row["total"]) == (60, None, 0)
    assert (row["grade_by_total"], row["grade"], row["flags"]) == ("不合格", "不合格", {"forced"})


def test_school_caps_bonus_and_pools_all_groups() -> None:
    """60 − 5 for a serious breach, 0.3 × 80, 10 for four honours."""
    tables = {
        "members": [member()],
        "events": [did("2024-01-01", "rule_breach", "serious"), *[did("2024-01-01", "honour", "unit")] * 4],
        "evaluations": [mark_of("residents", 70), mark_of("households", 90)],
    }
    row = only(score(tables, "school_framework"))
    assert (row["base"], row["evaluation"], row["bonus"], row["grade"]) == (55, 24, 10, "合格")


def test_town_prices_by_tier_and_post() -> None:
    """A secretary: base 10, 15 for the review, 10 for the honour, 10 off; no duty shifts."""
    events = [did("2024-01-01", "role_review", "excellent"), did("2024-01-01", "branch_honour", "street")]
    events += [did("2024-01-01", "branch_unsatisfied"), did("2024-01-01", "duty_shift")]
    events += [did("2024-01-01", "branch_honour", "unit"), did("2024-01-01", "rule_breach", "minor")]
    row = only(score({"members": [member(post="secretary")], "events": events}, "town_tiered"))
    assert (row["category"], row["base"], row["contribution"], row["deduction"]) == ("tier1", 10, 25, -10)
    assert (row["total"], row["grade"], row["distance_to_next_grade"]) == (25, None, None)


@pytest.mark.parametrize(
    ("born", "tier", "flags"),
    [("1964-12-31", "tier4", set()), ("1965-01-01", "tier3", set()), (None, "tier3", {"category_assumed"})],
)
def test_town_tiers_by_age_on_the_last_day(born: str | None, tier: str, flags: set[str]) -> None:
    """Sixty on New Year's Eve is sixty; an unknown age is assumed to be under it."""
    who = member(birth_date=None if born is None else day(born))
    row = only(score({"members": [who], "attendance": [came("2024-01-05")]}, "town_tiered"))
    assert (row["category"], row["flags"]) == (tier, flags)


def test_town_counts_failed_years_in_the_data() -> None:
    """Three years with offences bring the three steps, one a year; a fourth brings none."""
    events = [did(f"{year}-05-05", "offence") for year in (2021, 2022, 2023, 2024)]
    result = score({"members": [member()], "events": events}, "town_tiered")
    steps = {("2021", "admonition"), ("2022", "yellow_card"), ("2023", "persuade_withdrawal")}
    assert outcomes_of(result) == steps


def test_district_classes_and_awards() -> None:
    """A retired member: 100 − 2 − 5 common and 60 + 15 + 20 of his class; one award, at its highest."""
    tables = {
        "members": [member(retired=True)],
        "attendance": [came("2024-01-05", "absent")],
        "dues": [owed("2024-01", paid=2, paid_on="2024-02-01")],
        "marks": marked({"unlisted_common": 60, "unlisted_category": 60}),
        "events": [
            did("2024-01-01", "honour", "city", award="先进"),
            did("2024-02-01", "honour", "district", award="先进"),
            did("2024-02-01", "honour", "district"),
            did("2024-02-01", "discretionary", points=7),
            did("2024-02-01", "discipline", "minor"),
        ],
    }
    row = only(score(tables, "district_classified"))
    assert (row["category"], row["common"], row["bonus"], row["grade"]) == ("d", 93, 5 + 3 + 5, None)
    assert row["total"] == 93 + 95 + 13


def test_district_vetoes_heavier_discipline() -> None:
    """Discipline without a level counts as heavy; leaders lose the item for not disclosing."""
    events = [did("2024-01-01", "discipline"), did("2024-01-01", "nondisclosure")]
    tables = {"members": [member(post="leader")], "events": events, "marks": marked({"unlisted_category": 90})}
    row = only(score(tables, "district_classified"))
    assert row["components"] == {"common": None, "classified": 90, "bonus": 0}
    assert (row["category"], row["grade"], row["flags"]) == ("a", "不合格", {"forced", "incomplete"})


def test_village_months_and_the_branch_mean() -> None:
    """12 for a deed, 8 for an absence, 10 for one who floats: the one below 10 has a talk."""
    tables = {
        "members": [member("1"), member("2"), member("3", floating=True)],
        "attendance": [came("2024-01-05", "absent", member_id="2"), came("2024-01-05", "absent", member_id="3")],
        "events": [did("2024-01-09", "good_deed")],
    }
    result = score(tables, "village_monthly")
    assert {m: row["total"] for m, row in by_member(result).items()} == {"1": 12, "2": 8, "3": 10}
    assert {(m, name) for m, _, name in result.outcomes} == {
        ("2", "talk"),
        ("1", "incentive"),
        ("2", "incentive"),
        ("3", "incentive"),
    }
    assert result.years["2", "2024"] == (8, None)


@pytest.mark.parametrize(
    ("counts", "grade", "flags"),
    [
        ("6 3 0 1 0", "优秀", set()),
        ("6 2 0 2 0", "基本合格", set()),
        ("12 5 0 3 0", "合格", set()),
        ("0 1 5 3 1", "基本合格", set()),
        ("0 1 2 3 4", "基本合格", {"ballot_gap"}),
        ("6 0 0 4 0", "不合格", {"review"}),
    ],
)
def test_bureau_ballot_ladder(counts: str, grade: str, flags: set[str]) -> None:
    """The shares are of all votes cast, and a case between the tiers is said to be one."""
    assert ladder(votes(counts)) == (grade, flags)


def bureau(ballots: list[dict[str, Any]], extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """Five members of a branch with full tasks and two honours each: 60 + 10 + ballot + 10."""
    who = [str(number) for number in range(1, 6)]
    return {
        "members": [member(m) for m in who],
        "events": [did("2024-01-01", "honour", "city", member_id=m) for m in who for _ in (1, 2)],
        "marks": [row for m in who for row in marked({"task": 10}, member_id=m)],
        "ballots": ballots,
    } | (extra or {})


def test_bureau_quotas_at_the_ballot_and_at_the_total() -> None:
    """Of five, one keeps an excellent ballot (100), and one of five keeps the excellent grade."""
    ballots = [votes(f"{9 - n} {n} 0 0 0", member_id=str(1 + n)) for n in range(3)]
    ballots += [votes("0 9 0 0 0", member_id=m) for m in "45"]
    rows = by_member(score(bureau(ballots), "bureau_quarterly"))
    assert [rows[m]["evaluation"] for m in "12345"] == [20, 18, 18, 18, 18]
    assert [rows[m]["grade"] for m in "12345"] == ["优秀", "合格", "合格", "合格", "合格"]
    assert {row["grade_by_total"] for row in rows.values()} == {"优秀"}
    soft = by_member(score(bureau(ballots), "bureau_quarterly", ["soft_quota"]))
    assert {row["grade"] for row in soft.values()} == {"优秀"}


def test_bureau_tie_over_the_ballot_quota_falls_whole() -> None:
    """Two equal shares for one place become qualified, both flagged; one place more of n keeps none."""
    ballots = [votes("8 1 0 0 0", member_id="1"), votes("16 2 0 0 0", member_id="2")]
    ballots += [votes("0 9 0 0 0", member_id=m) for m in "345"]
    rows = by_member(score(bureau(ballots), "bureau_quarterly"))
    assert [rows[m]["evaluation"] for m in "12"] == [18, 18]
    assert "quota_tied" in rows["1"]["flags"]
    few = by_member(score(bureau(ballots[:2]), "bureau_quarterly"))
    assert few["1"]["flags"] == frozenset()
    assert few["3"]["flags"] == {"incomplete"}
    of_all = by_member(score(bureau(ballots[:1]), "bureau_quarterly", ["quota_of_all"]))
    assert of_all["1"]["evaluation"] == 20


def test_bureau_satisfaction_limits() -> None:
    """Satisfaction of 69 in 100 costs the excellent ballot; more than half dissatisfied is reviewed."""
    ballots = [votes("9 0 0 0 0", "69 31 0", member_id="1"), votes("0 9 0 0 0", "1 1 3", member_id="2")]
    rows = by_member(score(bureau(ballots), "bureau_quarterly", ["soft_quota"]))
    assert (rows["1"]["evaluation"], rows["2"]["evaluation"]) == (18, 18)
    assert rows["2"]["flags"] == {"review"}
    failed = by_member(score(bureau(ballots), "bureau_quarterly", ["soft_quota", "dissatisfied_fails"]))
    assert failed["2"]["evaluation"] == 14


def test_bureau_base_floors_each_quarter() -> None:
    """Four grave breaches in spring lose only spring's 15; half a point for leave in autumn."""
    events = [did("2024-02-01", "rule_breach", "grave")] * 4
    tables = {"members": [member()], "events": events, "attendance": [came("2024-10-10", "leave")]}
    assert only(score(tables, "bureau_quarterly"))["base"] == Fraction("44.5")


def test_cadre_months_with_and_without_workdays() -> None:
    """A clean month 28, one with leave 18, one late and criticised and complained of −5 − 1."""
    tables = {
        "members": [member(post="deputy"), member("2")],
        "attendance": [
            came("2024-01-05", activity="workday"),
            came("2024-02-05", "leave", "workday"),
            came("2024-03-05", "late", "workday"),
        ],
        "events": [
            did("2024-03-01", "superior_criticism"),
            did("2024-03-01", "complaint"),
            did("2024-04-01", "superior_criticism"),
            did("2024-05-01", "registration", quantity=3),
            did("2024-05-01", "task", "early"),
            did("2024-05-01", "key_task", "unfinished"),
            did("2024-05-01", "honour", "district"),
        ],
    }
    result = score(tables, "community_cadre")
    row = only(result)
    assert (row["monthly"], row["service"], row["tasks"], row["honours"]) == (28 + 18 - 5 - 1, 15, 0, 0)
    assert result.years == {("1", "2024"): (155, None)}


def test_cadre_thirds_of_a_unit() -> None:
    """Of six, the top two are rewarded, the bottom two talked to; a tie over the last three is left out."""
    scores = {"1": 5, "2": 4, "3": 2, "4": 2, "5": 1, "6": 0}
    tables = {
        "members": [member(m, unit="社区", post="deputy") for m in scores],
        "events": [did("2024-01-01", "mediation", member_id=m) for m, n in scores.items() for _ in range(n)]
        + [did("2024-01-01", "honour", "unit", member_id="6")],
    }
    result = score(tables, "community_cadre")
    half = {(m, name) for m, period, name in result.outcomes if period == "2024H1"}
    assert half == {
        ("1", "reward"),
        ("2", "reward"),
        ("5", "talk_no_awards"),
        ("6", "talk_no_awards"),
        ("5", "organisational_handling"),
        ("6", "organisational_handling"),
    }
    assert by_member(result)["3"]["flags"] == {"quota_tied"}
    assert {(m, name) for m, period, name in result.outcomes if period == "2024"} == half
