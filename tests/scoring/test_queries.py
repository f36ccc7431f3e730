"""Questions: what a scheme asks of the records, spelt out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from jifen_analysis.schemes.model import Measure
from jifen_analysis.scoring.kinds import of_scheme
from jifen_analysis.scoring.kinds.points import price_queries, rule_queries
from jifen_analysis.scoring.queries import (
    Coding,
    Query,
    coding,
    of_measure,
    records_query,
    words_by_column,
)
from jifen_analysis.vocabulary import standard
from tests.builders import part, rule, scheme

WORDS = standard()
EVER = float("inf")


@pytest.mark.parametrize(
    ("columns", "spelt"),
    [
        ({"status": ("attended",)}, (("status", ("present", "late", "early_leave")),)),
        ({"status": ("late", "attended")}, (("status", ("present", "late", "early_leave")),)),
        ({"level": ("third", "first")}, (("level", ("first", "third")),)),
        ({"state": ("unpaid", "late")}, (("state", ("late", "unpaid")),)),
    ],
)
def test_groups_are_spelt_out(columns: Mapping[str, tuple[str, ...]], spelt: object) -> None:
    """A group's name stands for its words, once each, in the vocabulary's order."""
    assert words_by_column(columns, WORDS) == spelt


def test_two_ways_of_writing_ask_the_same() -> None:
    """A group and its words make one question, so the records are looked at once."""
    by_group = rule('from = "attendance", where = { status = "attended" }, points = 1')
    by_words = rule('from = "attendance", where = { status = ["late", "present", "early_leave"] }, points = 9')
    assert records_query(by_group, WORDS) == records_query(by_words, WORDS)


def test_one_price_asks_one_question() -> None:
    """Points for each record: what must, and must not, be written in it."""
    one = rule('from = "events", where = { event = "task" }, except = { level = "early" }, points = -3')
    query = Query("events", (("event", ("task",)),), (("level", ("early",)),), per="quarter")
    assert price_queries(one, WORDS, "quarter") == ((query, -3.0),)


def test_a_table_of_points_asks_one_question_a_word() -> None:
    """Prices by level ask for each level that has one; a forfeit is a price."""
    by_level = rule(
        'from = "events", where = { event = "task" }, by = "level", points = { late = -1, unfinished = "forfeit" }'
    )
    found = {query.where[1][1]: price for query, price in price_queries(by_level, WORDS, "period")}
    assert found == {("late",): -1.0, ("unfinished",): "forfeit"}


def test_tiers_part_the_days_late() -> None:
    """A tier runs from its own bound to the next one's; the last has no end."""
    late = rule('from = "dues", by = "days_late", tiers = [[1, -2], [31, -5], [60, "forfeit"]]')
    assert late.steps == ((1.0, 31.0, -2.0), (31.0, 60.0, -5.0), (60.0, EVER, "forfeit"))
    assert [query.days for query, _ in price_queries(late, WORDS, "period")] == [
        (1.0, 31.0),
        (31.0, 60.0),
        (60.0, EVER),
    ]


def test_an_award_is_priced_at_its_highest() -> None:
    """Dearer levels come first, and what they match is kept from the cheaper ones."""
    honour = rule(
        'from = "events", where = { event = "honour" }, by = "level", highest_per = "award", '
        "points = { city = 5, national = 10, street = 5 }"
    )
    found = price_queries(honour, WORDS, "period")
    assert [(price, len(query.unless), query.distinct) for query, price in found] == [
        (10.0, 0, "award"),
        (5.0, 1, "award"),
        (5.0, 2, "award"),
    ]


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ('where = { event = "public_benefit" }, points = 2, times = "quantity"', {"count", "quantity"}),
        ('where = { event = "donation" }, sum_of = "amount", tiers = [[1, 1]]', {"count", "amount"}),
        ('where = { event = "discretionary" }, sum_of = "points"', {"count", "points"}),
        ('where = { event = "task" }, points = 2', {"count"}),
    ],
)
def test_a_rule_asks_for_records_and_for_what_it_sums(written: str, values: set[str]) -> None:
    """The count of the records is always asked for: the ledger shows it."""
    assert {query.value for query in rule_queries(rule(f'from = "events", {written}'), WORDS, "period")} == values


def test_a_rule_on_a_measure_asks_nothing_itself() -> None:
    """What a measure needs is asked where the measure stands."""
    assert list(rule_queries(rule('when = [{ measure = "run", above = 0 }], points = 1'), WORDS, "period")) == []


def test_runs_are_asked_by_month() -> None:
    """A run needs every month for itself, a share only the whole."""
    run = part(Measure, 'longest_run.any_of = [{ from = "dues", where = { state = "unpaid" } }]')
    share = part(
        Measure, 'share = { part = [{ from = "dues", where = { state = "unpaid" } }], whole = [{ from = "dues" }] }'
    )
    assert {query.per for query in of_measure(run, WORDS)} == {"month"}
    assert {query.per for query in of_measure(share, WORDS)} == {"period"}


WHOLE = """
[measures.unpaid.longest_run]
any_of = [{ from = "dues", where = { state = "unpaid" } }]
[components.base.items.months]
per = "month"
rules.calm = { none_of = [{ from = "events", where = { event = "complaint" } }], points = 5 }
[components.base.items.work]
from = "marks"
max = 10
[grades."不合格"]
[forced.silent]
all = [{ from = "events", where = { event = "report_missed" }, in_a_row = 2, per = "quarter" }]
[outcomes.talk]
any = [{ from = "events", where = { event = "land_violation" }, at_least = 2 }]
"""


def test_a_scheme_asks_whatever_its_parts_ask() -> None:
    """Rules, measures, forced clauses and outcomes ask, a run of quarters by quarter too; marked items do not."""
    found = {(query.table, query.where[0][1][0], query.per) for query in of_scheme(scheme(WHOLE).book, WORDS)}
    assert found == {
        ("dues", "unpaid", "month"),
        ("events", "complaint", "month"),
        ("events", "report_missed", "period"),
        ("events", "report_missed", "quarter"),
        ("events", "land_violation", "period"),
    }


SMALL = Coding(("event", "level"), {"event": ("honour", "discipline"), "level": ("city", "street", "minor")})


def test_every_combination_has_a_code_of_its_own() -> None:
    """Blanks included; the last column runs fastest."""
    events, levels = (SMALL.adds(column, SMALL.words[column]).tolist() for column in SMALL.columns)
    assert sorted(map(sum, product(events, levels))) == list(range(3 * 4))
    assert (events, levels) == ([4, 8, 0], [1, 2, 3, 0])


def test_words_add_the_same_in_any_order() -> None:
    """A file lists its words as they come; a word that it lacks is not missed."""
    assert SMALL.adds("level", ["minor", "city"]).tolist() == [3, 1, 0]


def test_a_question_knows_its_codes() -> None:
    """What must be written, what must not, and a blank that is none of the words."""
    honoured = Query("events", (("event", ("honour",)),), (("level", ("street", "unheard_of")),))
    assert SMALL.answers(honoured).nonzero()[0].tolist() == [4, 5, 7]


def test_days_late_have_a_place_for_every_tier() -> None:
    """The bounds of all questions, each once and rising, cut the days; the last tier has no end."""
    tiers = Query("dues", days=(1.0, 31.0)), Query("dues", days=(15.0, float("inf")))
    code = coding("dues", tiers, standard())
    assert code.bounds == (1.0, 15.0, 31.0)
    places = [set((code.answers(query).nonzero()[0] % code.sizes[-1]).tolist()) for query in tiers]
    assert places == [{2, 3}, {3, 4}]
