"""The ledger of an item: what each rule won or lost, and what floors, caps and forfeits changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from jifen_analysis.schemes.model import PointsItem
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.explain.lines import ExplainedLine
from jifen_analysis.scoring.kinds.points import points_item
from jifen_analysis.scoring.ledger import ItemScore
from tests.builders import facts_of, records, scheme

ABSENT = 'from = "attendance", where = { status = "absent" }'


def item_score(item: str, tables: dict[str, list[object]], *members: list[object], top: str = "") -> ItemScore:
    """The score of one item for some members, or for member 1 of branch 甲."""
    book = scheme(f"{top}\n[components.base.items.item]\n{item}")
    given = records(members=list(members) or [["1", "甲"]], **tables)
    only = book.book.components["base"].items["item"]
    assert isinstance(only, PointsItem)
    return points_item(only, facts_of(given, book))


def entries(found: ItemScore) -> dict[tuple[str, str], float]:
    """What each rule and each bound did to the first member, where it did anything."""
    return {(line.rule, line.kind): line.value[0].sum() for line in found.lines if line.value[0].any()}


def absences(n: int) -> dict[str, list[object]]:
    """A member absent some times."""
    return {"attendance": [["1", f"2024-03-{day:02d}", "lecture", "absent"] for day in range(1, n + 1)]}


def happened(*events: str) -> dict[str, list[object]]:
    """Events of a member, each with a level where one is written after it."""
    return {"events": [["1", f"2024-03-{day:02d}", *event.split()] for day, event in enumerate(events, start=1)]}


# ---------------------------------------------------------------- start, floor, cap, forfeit


def test_an_item_starts_full_and_loses() -> None:
    """Two absences of 5 points leave 10 of 20, and the ledger shows start and loss with their counts."""
    found = item_score(f"start = 20\nrules.absent = {{ {ABSENT}, points = -5 }}", absences(2))
    assert entries(found) == {("", "start"): 20, ("absent", "rule"): -10}
    assert (found.score.tolist(), [line.count[0, 0] for line in found.lines]) == ([10], [0, 2])


@pytest.mark.parametrize(("bound", "score"), [("", -5), ("floor = 0", 0), ("floor = -3", -3)])
def test_an_item_falls_to_its_floor(bound: str, score: float) -> None:
    """Without a floor deductions are uncapped."""
    found = item_score(f"start = 20\n{bound}\nrules.absent = {{ {ABSENT}, points = -5 }}", absences(5))
    assert found.score.tolist() == [score]


def test_a_cap_bounds_what_an_item_wins() -> None:
    """The line of the cap takes back what is too much."""
    found = item_score('cap = 10\nrules.help = { from = "events", points = 4 }', happened(*["mediation"] * 3))
    assert entries(found) == {("help", "rule"): 12, ("", "cap"): -2}


def test_a_rule_has_a_cap_and_a_floor_of_its_own() -> None:
    """Both rules win 6; the capped one brings 5, before the item's own bounds."""
    rules = """
    rules.capped = { from = "events", where = { event = "mediation" }, points = 3, cap = 5 }
    rules.free = { from = "events", where = { event = "good_deed" }, points = 3 }
    rules.floored = { from = "events", where = { event = "complaint" }, points = -3, floor = -4 }
    """
    found = item_score(rules, happened("mediation", "mediation", "good_deed", "good_deed", "complaint", "complaint"))
    assert entries(found) == {
        ("capped", "rule"): 6,
        ("capped", "cap"): -1,
        ("free", "rule"): 6,
        ("floored", "rule"): -6,
        ("floored", "floor"): 2,
    }


FORFEIT = """
start = 10
[components.base.items.item.rules.breach]
from = "events"
by = "level"
points = { minor = -4, grave = "forfeit" }
"""


@pytest.mark.parametrize(
    ("breaches", "bound", "score"),
    [
        (["grave"], "", 0),
        (["grave", "grave"], "", 0),
        (["grave", "minor"], "", 0),
        (["grave", "minor", "minor", "minor"], "", -2),
        (["grave", "minor", "minor", "minor"], "floor = 0", 0),
        (["minor"], "", 6),
        (["serious"], "", 10),
    ],
)
def test_a_forfeit_loses_the_item_and_keeps_other_deductions(breaches: list[str], bound: str, score: float) -> None:
    """The smaller of 0 and start minus the other deductions, then the floor; a level not listed costs nothing."""
    found = item_score(bound + FORFEIT, happened(*(f"rule_breach {level}" for level in breaches)))
    assert found.score.tolist() == [score]


def test_the_lines_of_an_item_add_up() -> None:
    """Start, rule, forfeit and floor together are the score, to the last bit."""
    found = item_score("floor = 0" + FORFEIT, happened("rule_breach grave", *["rule_breach minor"] * 3))
    assert entries(found) == {("", "start"): 10, ("breach", "rule"): -12, ("", "floor"): 2}
    assert sum(line.value for line in found.lines).tolist() == found.parts.tolist() == [[0]]


# ---------------------------------------------------------------- shapes of rules


@pytest.mark.parametrize(
    ("rule", "events", "score"),
    [
        ("points = 5", ["mediation", "mediation"], 10),
        ("points = 5, once = true", ["mediation", "mediation"], 5),
        ("points = 0.0001", ["mediation"] * 3, 0.0003),
    ],
)
def test_each_and_once(rule: str, events: list[str], score: float) -> None:
    """A price counts for every record unless it says once; four decimals are kept exactly."""
    assert item_score(f'rules.help = {{ from = "events", {rule} }}', happened(*events)).score.tolist() == [score]


def test_once_by_level_is_once_a_level() -> None:
    """Two late tasks cost once, and an unfinished one besides."""
    rule = 'rules.task = { from = "events", by = "level", once = true, points = { late = -1, unfinished = -3 } }'
    assert item_score(rule, happened("task late", "task late", "task unfinished")).score.tolist() == [-4]


def test_quantities_multiply() -> None:
    """A blank quantity is 1, and 0 is nothing; the ledger counts records, not quantities."""
    quantities = [["1", "2024-03-01", "public_benefit", {"quantity": n}] for n in (3, 0, "")]
    found = item_score('rules.help = { from = "events", points = 2, times = "quantity" }', {"events": quantities})
    assert (found.score.tolist(), found.lines[1].count.tolist()) == ([8], [[3]])


@pytest.mark.parametrize(("amounts", "score"), [([999.99], 0), ([999.99, 0.01], 5), ([5000, 5000], 10), ([], 0)])
def test_sums_reach_tiers(amounts: list[float], score: float) -> None:
    """Donations are added up over the period before the tier is looked for."""
    given = {
        "events": [["1", "2024-03-01", "mediation"], *(["1", "2024-03-01", "donation", {"amount": a}] for a in amounts)]
    }
    rule = 'from = "events", where = { event = "donation" }, sum_of = "amount", tiers = [[1000, 5], [10000, 10]]'
    assert item_score(f"rules.gift = {{ {rule} }}", given).score.tolist() == [score]


def test_points_of_records_are_added_up() -> None:
    """The meeting's own points, with their signs, within the rule's floor and cap."""
    given = {"events": [["1", "2024-03-01", "discretionary", {"points": p}] for p in (-2.5, 1.2345)]}
    rule = 'from = "events", where = { event = "discretionary" }, sum_of = "points"'
    assert item_score(f"rules.free = {{ {rule} }}", given).score.tolist() == [-1.2655]
    assert item_score(f"rules.free = {{ {rule}, floor = 0, cap = 5 }}", given).score.tolist() == [0]


MONTHLY = """
per = "month"
[components.base.items.item.rules.calm]
given = [{ from = "attendance", where = { activity = "workday" } }]
none_of = [{ from = "events", where = { event = "complaint" } }]
points = 5
otherwise = -1
[components.base.items.item.rules.busy]
any_of = [{ from = "events", where = { event = "mediation" } }, { from = "events", where = { event = "good_deed" } }]
none_of = [{ from = "events", where = { event = "complaint" } }]
points = 2
"""


def test_what_happened_in_a_month() -> None:
    """Asked only where there is a workday row; otherwise pays too; any of two, and none of a third."""
    found = item_score(
        MONTHLY,
        {
            "attendance": [["1", f"2024-0{month}-05", "workday", "present"] for month in (1, 2)],
            "events": [
                ["1", "2024-02-01", "complaint"],
                ["1", "2024-02-01", "mediation"],
                ["1", "2024-03-01", "good_deed"],
                ["1", "2024-03-02", "good_deed"],
                ["1", "2024-04-01", "complaint"],
            ],
        },
    )
    calm, busy = (line.value[0, :5].tolist() for line in found.lines[1:])
    assert (calm, busy) == ([5, -1, 0, 0, 0], [0, 0, 2, 0, 0])


WHEN = """
start = 10
rules.silent = { when = [{ measure = "unpaid", at_least = 3 }, { measure = "unpaid", at_least = 6 }], points = POINTS }
"""


@pytest.mark.parametrize(
    ("months", "points", "score"), [(2, "-4", 10), (3, "-4", 6), (6, "-4", 6), (3, '"forfeit"', 0)]
)
def test_a_measure_is_priced_once(months: int, points: str, score: float) -> None:
    """One of the conditions is enough, and two of them cost no more."""
    run = 'measures.unpaid.longest_run.any_of = [{ from = "dues", where = { state = "unpaid" } }]'
    dues = [["1", f"2024-0{month}", 10] for month in range(1, months + 1)]
    assert item_score(WHEN.replace("POINTS", points), {"dues": dues}, top=run).score.tolist() == [score]


def test_days_late_reach_tiers() -> None:
    """Each month of dues is priced by its own days."""
    dues = [["1", "2024-01", 10, 10, "2024-02-01"], ["1", "2024-02", 10, 10, "2024-03-31"], ["1", "2024-03", 10, 10]]
    found = item_score('rules.late = { from = "dues", by = "days_late", tiers = [[1, -2], [31, -5]] }', {"dues": dues})
    assert (found.score.tolist(), found.lines[1].count.tolist()) == ([-7], [[2]])


# ---------------------------------------------------------------- parts, and for whom


def test_quarters_are_bounded_one_by_one() -> None:
    """What one quarter loses too much is not taken from the next."""
    days = ["01-01", "02-01", "03-01", "03-31", "04-01", "12-31"]
    given = {"attendance": [["1", f"2024-{day}", "lecture", "absent"] for day in days]}
    found = item_score(f'per = "quarter"\nstart = 15\nfloor = 0\nrules.absent = {{ {ABSENT}, points = -5 }}', given)
    assert (found.per, found.parts.tolist(), found.score.tolist()) == ("quarter", [[0, 10, 15, 10]], [35])


def test_a_rule_and_an_item_are_for_some() -> None:
    """Only those with a post lose by the rule; those who float have no such item at all."""
    members = [["1", "甲", {"post": "deputy"}], ["2", "甲"], ["3", "甲", {"floating": True}]]
    given = {"attendance": [[member, "2024-03-01", "lecture", "absent"] for member in "123"]}
    rule = f'rules.absent = {{ for = {{ post = "deputy" }}, {ABSENT}, points = -3 }}'
    found = item_score(f"for = {{ floating = false }}\nstart = 10\n{rule}", given, *members)
    assert found.score.tolist() == [7, 10, 0]
    assert found.lines[1].count.tolist() == [[1], [0], [0]]


def test_points_stay_whole_numbers() -> None:
    """280 times a tenth is 28, because nothing is a float before the end."""
    days = [["1", f"2024-{month:02d}-{day:02d}", "lecture", "absent"] for month in range(1, 11) for day in range(1, 29)]
    found = item_score(f"rules.absent = {{ {ABSENT}, points = -0.1 }}", {"attendance": days})
    assert all(np.issubdtype(line.points.dtype, np.integer) for line in found.lines)
    assert found.score.tolist() == [-28]


# ---------------------------------------------------------------- rules


ITEM = """
[components.all.items.item]
start = 10
{extra}
[components.all.items.item.rules.rule]
{rule}
"""


def line_of(rule: str, extra: str = "", period: str = "year", measures: str = "", **tables: Any) -> ExplainedLine:
    """The one line of a rule, for member 1."""
    result = assess(
        records(members=[["1", "甲"]], **tables), scheme(measures + ITEM.format(rule=rule, extra=extra), period=period)
    )
    found = [line for line in result.explain("1").lines if line.kind == "rule"]
    assert len(found) == 1
    return found[0]


def told(line: ExplainedLine) -> list[tuple[str, str, str, float, str]]:
    """What is shown of each record."""
    return [(one.date, one.what.zh, one.value.zh, one.points, one.remark.zh) for one in line.records]


def test_each_record_adds_its_price() -> None:
    """Records stand by date, with the word that decided; those without a price are not there."""
    line = line_of(
        'from = "attendance"\nby = "status"\npoints = { absent = -5, late = -4 }',
        attendance=[["1", "2024-03-02", "lecture", "late"], ["1", "2024-02-01", "theme_day", "absent"],
                    ["1", "2024-02-02", "study", "present"]],
    )  # fmt: skip
    assert told(line) == [
        ("2024-02-01", "主题党日", "缺席", -5.0, ""),
        ("2024-03-02", "党课", "迟到", -4.0, ""),
    ]
    assert (line.points, line.count) == (-9.0, 2)


def test_a_quantity_multiplies() -> None:
    """The quantity is the value that decided, unless it is one."""
    line = line_of(
        'from = "events"\nwhere = { event = "public_benefit" }\npoints = 2\ntimes = "quantity"',
        events=[["1", "2024-03-02", "public_benefit", {"quantity": 3}], ["1", "2024-04-02", "public_benefit"]],
    )
    assert [one[2:4] for one in told(line)] == [("3", 6.0), ("公益事业、帮困爱心活动", 2.0)]


def test_once_counts_the_first_record_only() -> None:
    """Later records are shown and said to count no more."""
    line = line_of(
        'from = "events"\nwhere = { event = "courage" }\npoints = 5\nonce = true',
        events=[["1", "2024-05-02", "courage"], ["1", "2024-03-02", "courage"]],
    )
    assert told(line) == [
        ("2024-03-02", "见义勇为", "见义勇为", 5.0, ""),
        ("2024-05-02", "见义勇为", "见义勇为", 0.0, "只计一次"),
    ]


def test_a_forfeit_adds_nothing_itself() -> None:
    """The item's loss stands in a line of its own."""
    line = line_of(
        'from = "events"\nwhere = { event = "public_order" }\nby = "level"\npoints = { minor = -1, grave = "forfeit" }',
        events=[["1", "2024-05-02", "public_order", "grave"], ["1", "2024-03-02", "public_order", "minor"]],
    )
    assert sorted(told(line)) == [
        ("2024-03-02", "扰乱治安(轻微)", "轻微", -1.0, ""),
        ("2024-05-02", "扰乱治安(严重)", "严重", 0.0, "本项不得分"),
    ]


def test_a_level_nobody_wrote_is_not_shown() -> None:
    """Where a blank level was let through, the event itself is what decided."""
    line = line_of(
        'from = "events"\nwhere = { event = "discipline" }\nexcept = { level = "minor" }\npoints = -5',
        events=[["1", "2024-05-02", "discipline"], ["1", "2024-06-02", "discipline", "grave"]],
    )
    assert [one[1:3] for one in told(line)] == [("党纪处分", "党纪处分"), ("党纪处分(严重)", "严重")]


def test_an_award_counts_once_at_its_highest() -> None:
    """The same award at a lower level, or again, adds nothing; without a name each counts."""
    line = line_of(
        'from = "events"\nwhere = { event = "honour" }\nby = "level"\npoints = { street = 5, city = 15 }\n'
        'highest_per = "award"',
        events=[["1", "2024-01-02", "honour", "street", {"award": "先进"}],
                ["1", "2024-02-02", "honour", "city", {"award": "先进"}],
                ["1", "2024-03-02", "honour", "city", {"award": "先进"}],
                ["1", "2024-04-02", "honour", "street"], ["1", "2024-05-02", "honour", "street"]],
    )  # fmt: skip
    by_day = {one[0]: one[3] for one in told(line)}
    assert list(by_day.values()) == [15.0, 0.0, 0.0, 5.0, 5.0]
    assert by_day["2024-02-02"] == 15.0
    assert {one[4] for one in told(line) if not one[3]} == {"同一奖项只计最高的一次"}


def test_a_sum_adds_what_it_pays_more() -> None:
    """The record that reaches a tier brings its points."""
    line = line_of(
        'from = "events"\nwhere = { event = "donation" }\nsum_of = "amount"\ntiers = [[1000, 5], [10000, 10]]',
        events=[["1", "2024-01-02", "donation", {"amount": 600.0}], ["1", "2024-02-02", "donation", {"amount": 400.0}],
                ["1", "2024-03-02", "donation", {"amount": 9000.0}]],
    )  # fmt: skip
    assert [one[2:] for one in told(line)] == [
        ("600", 0.0, "累计600"),
        ("400", 5.0, "累计1000"),
        ("9000", 5.0, "累计10000"),
    ]


def test_points_of_records_are_their_own() -> None:
    """Points that cancel out are still shown."""
    line = line_of(
        'from = "events"\nwhere = { event = "discretionary" }\nsum_of = "points"',
        events=[["1", "2024-01-02", "discretionary", {"points": 2.5}],
                ["1", "2024-02-02", "discretionary", {"points": -2.5}]],
    )  # fmt: skip
    assert ([one[3] for one in told(line)], line.points) == ([2.5, -2.5], 0.0)


@pytest.mark.parametrize(
    ("owed", "what", "value"),
    [
        (["2024-01", 10, 10, "2024-03-01"], "党费逾期缴清(应缴10,实缴10,迟30天)", "2024-03-01"),
        (["2024-01", 10, 4, "2024-01-05"], "党费未足额(应缴10,实缴4,迟335天)", "4"),
        (["2024-01", 10], "党费未缴(应缴10,迟335天)", "空白"),
        (["2024-01", 10, 10, "2025-01-05"], "党费未缴(应缴10,实缴10,迟335天)", "2025-01-05"),
    ],
)
def test_a_month_of_dues_says_how_it_stands(owed: list[Any], what: str, value: str) -> None:
    """State, sums and days late; the cited value is the one that decided."""
    line = line_of(
        'from = "dues"\nwhere = { state = ["late", "short", "unpaid"] }\npoints = -1',
        dues=[["1", *owed]], events=[["1", "2024-12-31", "courage"]],
    )  # fmt: skip
    assert told(line) == [("2024-01", what, value, -1.0, "")]


TELLS = """
given = [{ from = "attendance", where = { activity = "workday" } }]
none_of = [{ from = "events", where = { event = "complaint" } }]
points = 5
otherwise = -3
"""


def test_what_happened_in_a_month_carries_its_points() -> None:
    """The first of the records that decided has the points, the others none."""
    line = line_of(
        TELLS, 'per = "month"', "quarter",
        attendance=[["1", "2024-03-04", "workday", "present"]],
        events=[["1", "2024-03-09", "complaint"], ["1", "2024-03-07", "complaint"]],
    )  # fmt: skip
    assert [one[::3] for one in told(line)] == [("2024-03-07", -3.0), ("2024-03-09", 0.0)]


def test_what_did_not_happen_is_a_finding() -> None:
    """Where nothing happened, the records looked through are counted, without one cell to cite."""
    line = line_of(
        TELLS, 'per = "month"', "quarter", attendance=[["1", "2024-03-04..2024-03-06", "workday", "present"]]
    )
    assert told(line) == [("2024-03", "没有相应的记录", "相关记录3条", 5.0, "")]
    assert line.records[0].cell == ""


UNPAID = (
    '[measures.unpaid]\ntitle = "欠缴月数"\nlongest_run.any_of = [{ from = "dues", where = { state = "unpaid" } }]\n'
)


def test_a_condition_shows_its_value_and_its_records() -> None:
    """A run of months is said in words, then the months of the longest run, no others."""
    line = line_of(
        'when = [{ measure = "unpaid", at_least = 3 }]\npoints = -4', measures=UNPAID,
        dues=[["1", "2024-02", 5], ["1", "2024-05..2024-07", 5]],
    )  # fmt: skip
    finding, *months = told(line)
    assert finding == ("2024", "欠缴月数达到3个月", "3", -4.0, "")
    assert [one[0] for one in months] == ["2024-05", "2024-06", "2024-07"]
    assert sum(one[3] for one in months) == 0
