"""Items to components to totals: weights, what is missing, what is lost, corrections, dated versions."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.score import Scores, full_points, scores
from jifen_analysis.tables.records import Records
from tests.builders import facts_of, records, scheme, submitted

NAN = float("nan")
TWO = """
[components.daily]
weight = 0.6
items.meetings = { start = 20, rules.absent = { from = "attendance", where = { status = "absent" }, points = -5 } }
items.duties = { start = 30 }
[components.review]
weight = 0.4
items.review = { from = "evaluations", scale = 0.5, groups.all = { weight = 1, pool = "members" } }
[components.bonus]
items.bonus = { rules.help = { from = "events", points = 2 } }
"""


def scored(text: str, given: Records, points: Any = None, **head: Any) -> Scores:
    """Scores of some records under a scheme."""
    book = scheme(text, **head)
    facts = facts_of(given, book)
    return scores(
        book.book,
        facts,
        submitted(given, facts.roster, {"work": ("work",)}),
        points or {},
        book.book.components,
    )


def lived(**tables: list[Any]) -> Records:
    """Records of two members of whom the first was absent once."""
    given = {"members": [["1", "甲"], ["2", "甲"]], "attendance": [["1", "2024-01-01", "lecture", "absent"]]}
    return records(**(given | tables))


def test_a_total_is_the_weighted_sum_of_the_components() -> None:
    """0.6 of 45 and 0.4 of half of 80, and the bonus at weight 1."""
    found = scored(TWO, lived(evaluations=[["1", "2024", "members", 80]], events=[["1", "2024-01-01", "mediation"]]))
    assert {name: values[0] for name, values in found.components.items()} == {"daily": 45, "review": 40, "bonus": 2}
    assert found.total[0] == 0.6 * 45 + 0.4 * 40 + 1 * 2


def test_missing_is_not_zero() -> None:
    """Nobody evaluated the second member: the component and the total are missing, the rest is not."""
    found = scored(TWO, lived(evaluations=[["1", "2024", "members", 80]]))
    assert np.isnan([found.components["review"][1], found.total[1]]).all()
    assert found.components["daily"].tolist() == [45, 50]


def test_what_is_lost_is_what_full_points_exceed() -> None:
    """Of 50 daily points 5 are lost; of half of 100 for the review 10; a bonus is nothing that can be lost."""
    found = scored(TWO, lived(evaluations=[["1", "2024", "members", 80]], events=[["1", "2024-01-01", "mediation"]]))
    assert {name: values[0] for name, values in found.lost.items()} == {"daily": 5, "review": 10, "bonus": -2}


FULL = """
[components.base]
items.monthly = { start = 2, per = "month" }
items.quarterly = { start = 15, per = "quarter" }
items.work = { from = "marks", max = 10, for = { floating = true } }
"""


@pytest.mark.parametrize(("period", "points"), [("year", 24 + 60), ("half", 12 + 30)])
def test_every_part_starts_full(period: str, points: float) -> None:
    """Twelve months and four quarters of a year, half as many of a half; the mark only for whom it is."""
    book = scheme(FULL, period=period)
    given = records(members=[["1", "甲"], ["2", "甲", {"floating": True}]], events=[["1", "2024-01-01", "mediation"]])
    assert full_points(book.book, "base", facts_of(given, book)).tolist() == [points, points + 10]


def test_a_correction_is_added_after_floor_and_cap() -> None:
    """Before the component's weight; the ledger has a line of its own for it."""
    key = ("daily", "meetings")
    points = {key: np.array([-25_000, 0], dtype="int64")}
    found = scored(TWO, lived(evaluations=[["1", "2024", "members", 80]]), points)
    assert found.items[key].score.tolist() == [12.5, 20]
    assert (found.components["daily"][0], found.total[0]) == (42.5, 0.6 * 42.5 + 0.4 * 40)
    assert (found.items[key].lines[-1].kind, found.items[key].lines[-1].value[:, 0].tolist()) == (
        "correction",
        [-2.5, 0],
    )


def test_a_correction_does_not_make_a_score() -> None:
    """Points added to an item without a mark leave it missing."""
    found = scored(TWO, lived(), {("review", "review"): np.array([10_000, 10_000], dtype="int64")})
    assert np.isnan(found.total).all()


# ---------------------------------------------------------------- dated versions


DATED = (
    TWO.replace("0.4", "0.5")
    + """
[changes."2024-01-01".set]
"components.daily.items.meetings.rules.absent.points" = -8
"components.review.weight" = 0.4
"components.daily.items.extra" = { start = 7 }
[changes."2025-01-01".set]
"components.daily.items.meetings.rules" = {}
"""
)


def test_every_year_has_its_own_prices_weights_and_items() -> None:
    """2023 by the old value, 2024 by the new one with an item more, 2025 without the rule; the ledger adds up."""
    given = records(
        members=[["1", "甲"]],
        attendance=[["1", f"{year}-03-01", "lecture", "absent"] for year in (2023, 2024, 2025)],
        evaluations=[["1", str(year), "members", 80] for year in (2023, 2024, 2025)],
    )
    result = assess(given, scheme(DATED))
    table, ledger = result.table, result.ledger
    assert table["daily"].tolist() == [15 + 30, 12 + 30 + 7, 20 + 30 + 7]
    assert table["total"].tolist() == pytest.approx([0.6 * 45 + 0.5 * 40, 0.6 * 49 + 0.4 * 40, 0.6 * 57 + 0.4 * 40])
    assert ledger.groupby("period")["contribution"].sum().tolist() == pytest.approx(table["total"].tolist(), abs=1e-9)
    extra = ledger[ledger["item"] == "extra"]
    assert list(zip(extra["period"], extra["points"], strict=True)) == [("2024", 7), ("2025", 7)]
    assert ledger.loc[ledger["rule"] == "absent", ["period", "points"]].to_numpy().tolist() == [
        ["2023", -5],
        ["2024", -8],
    ]


RENUMBERED = (
    TWO.replace("points = -5", 'points = -5, clause = "五"')
    + """
[grades."合格"]
at_least = 50
[grades."不合格"]
[forced.veto]
flag = "veto"
title = "一票否决"
clause = "九"
zero = true
any = [{ from = "events", where = { event = "veto" } }]
[changes."2024-01-01".set]
"components.daily.items.meetings.rules.absent.clause" = "六"
"forced.veto.clause" = "十"
"forced.veto.title" = "否决"
"""
)


def test_every_year_is_told_by_its_own_clauses() -> None:
    """A clause that got another number, or another name, has it from then on: ledger, flags and explanation agree."""
    years = (2023, 2024)
    given = records(
        members=[["1", "甲"]],
        attendance=[["1", f"{year}-03-01", "lecture", "absent"] for year in years],
        evaluations=[["1", str(year), "members", 80] for year in years],
        events=[["1", f"{year}-03-01", "veto"] for year in years],
    )
    result = assess(given, scheme(RENUMBERED))
    ledger = result.ledger[result.ledger["clause"] != ""]
    by_year = {year: of["clause"].tolist() for year, of in ledger.groupby("period")}
    assert by_year == {"2023": ["五", "九"], "2024": ["六", "十"]}
    explained = {year: [line.clause for line in result.explain("1", year).lines if line.clause] for year in by_year}
    assert explained == by_year
    assert result.ledger.groupby("period")["rule"].apply(list).map(" ".join).nunique() == 1  # the order is one
    assert result.flags["reason"].tolist() == ["一票否决", "否决"]


def test_the_base_scheme_is_not_changed_by_scoring() -> None:
    """Scoring a dated scheme, or a variant of it, leaves its own results as they were."""
    book, given = scheme(DATED), lived(evaluations=[["1", "2024", "members", 80]])
    before = assess(given, book).table
    assess(given, book.patch({"components.daily.weight": 0.9}))
    pd.testing.assert_frame_equal(assess(given, book).table, before)
