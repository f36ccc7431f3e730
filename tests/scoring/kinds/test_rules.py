"""The records behind a rule's line: which they are, and what each adds."""

from __future__ import annotations

from typing import Any

import pytest

from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.explain.lines import ExplainedLine
from tests.builders import records, scheme

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
