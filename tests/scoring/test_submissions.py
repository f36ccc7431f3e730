"""What others say of a member: which marks and ballots serve a period, and what they are worth."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from jifen_analysis.scoring.kinds import score_item
from jifen_analysis.scoring.ledger import ItemScore
from tests.builders import facts_of, records, scheme, submitted

NAN = float("nan")
DAYS = {"half": "2024-01-01 2024-07-01", "quarter": "2024-01-01 2024-04-01", "year": "2024-01-01"}


def item_score(item: str, period: str = "year", seen: date | None = None, **tables: list[Any]) -> ItemScore:
    """The score of one item; two members of branch 甲, whose periods a lecture opens."""
    book = scheme(f"[components.base.items.item]\n{item}", period=period)
    opened = [["1", day, "lecture", "present"] for day in DAYS[period].split()]
    tables = {"members": [["1", "甲"], ["2", "甲"]], "attendance": opened} | tables
    given = records(**tables)
    facts = facts_of(given, book)
    entered = submitted(given, facts.roster, {"item": ("item", "某项目")}, seen)
    return score_item(book.book.components["base"].items["item"], "item", facts, entered)


def flagged(found: ItemScore, flag: str) -> list[bool]:
    """Who has a flag of the item."""
    return np.logical_or.reduce([where for name, where in found.flags if name == flag]).tolist()


# ---------------------------------------------------------------- marks, and which serve

MARKED = 'from = "marks"\nmax = 10'


@pytest.mark.parametrize(
    ("rows", "scores"),
    [
        ("2024H1=8 2024H2=6", [8, 6]),
        ("2024=8", [8, 8]),
        ("2024=8 2024H1=4", [4, 8]),
        ("2024Q1=8 2024-04=5 2024Q3=1", [6.5, 1]),
        ("2024=8 2024Q4=4", [8, 4]),
        ("2024H1=7", [7, NAN]),
        ("2023=9", [NAN, NAN]),
    ],
)
def test_marks_inside_come_first_and_the_shortest_longer_serves(rows: str, scores: list[float]) -> None:
    """All marks inside a half are averaged; only where there is none inside does the year's serve."""
    marks = [["1", period, "item", float(mark)] for period, mark in (row.split("=") for row in rows.split())]
    found = item_score(MARKED, "half", marks=marks)
    assert found.score[:2].tolist() == pytest.approx(scores, nan_ok=True)


def test_the_nearest_longer_period_serves_alone() -> None:
    """For a quarter without a mark of its own the half's serves, not the year's besides."""
    marks = [["1", "2024H1", "item", 6], ["1", "2024", "item", 10]]
    assert item_score(MARKED, "quarter", marks=marks).score[:2].tolist() == [6, 6]


def test_an_item_answers_to_its_title() -> None:
    """A mark may name the item by its id or by its title; other items' marks are not its own."""
    marks = [["1", "2024", "某项目", 4], ["2", "2024", "另一项目", 9]]
    assert item_score(MARKED, marks=marks).score.tolist() == pytest.approx([4, NAN], nan_ok=True)


def test_whom_an_item_is_not_for_misses_no_mark() -> None:
    """One to whom the item does not apply has 0 from it, and its mark is not read."""
    tables = {"members": [["1", "甲", {"floating": True}], ["2", "甲"]], "marks": [["1", "2024", "item", 4]]}
    assert item_score(f"{MARKED}\nfor = {{ floating = false }}", **tables).score.tolist() == pytest.approx(
        [0, NAN], nan_ok=True
    )


def test_what_is_not_due_is_not_seen() -> None:
    """Seen on 30 June, the mark of the year that ends later is not there; that of the half is."""
    marks = [["1", "2024H1", "item", 6], ["2", "2024", "item", 10]]
    found = item_score(MARKED, "half", date(2024, 6, 30), marks=marks)
    assert found.score.tolist() == pytest.approx([6, NAN, NAN, NAN], nan_ok=True)


# ---------------------------------------------------------------- evaluations

REVIEW = """
from = "evaluations"
groups.committee = { weight = 0.3, pool = "committee" }
groups.crowd = { weight = 0.4, pool = ["members", "residents"] }
groups.households = { weight = 0.3, pool = "households" }
"""


@pytest.mark.parametrize(
    ("rows", "score", "partial"),
    [
        ([("committee", 90), ("members", 80), ("households", 70)], 0.3 * 90 + 0.4 * 80 + 0.3 * 70, False),
        ([("committee", 90), ("members", 80, 3), ("residents", 60), ("households", 70)], 27 + 0.4 * 75 + 21, False),
        ([("committee", 90), ("households", 70)], 80, True),
        ([("committee", 90), ("residents", 60)], (0.3 * 90 + 0.4 * 60) / 0.7, True),
        ([("members", 77)], 77, True),
        ([], NAN, False),
    ],
)
def test_a_missing_group_shares_its_weight(rows: list[tuple[Any, ...]], score: float, partial: bool) -> None:
    """In proportion to the weights of those that are there; a pool is one group, its marks weighted by count."""
    evaluations = [["1", "2024", group, mark, *count] for group, mark, *count in rows]
    found = item_score(REVIEW, evaluations=evaluations)
    assert found.score[:1].tolist() == pytest.approx([score], nan_ok=True)
    assert flagged(found, "evaluation_partial") == [partial, False]


def test_a_group_is_not_filled_from_a_longer_period() -> None:
    """While the committee spoke in the half, the households of the year are not heard; in the other half they are."""
    rows = [["1", "2024", "households", 50], ["1", "2024H1", "committee", 90]]
    found = item_score(REVIEW, "half", evaluations=rows)
    assert found.score[:2].tolist() == pytest.approx([90, 50])


def test_halves_are_pooled_in_a_year() -> None:
    """All rows count alike, weighted by how many evaluators stand behind each."""
    rows = [["1", "2024H1", "members", 60, 3], ["1", "2024-12", "members", 100, 1]]
    assert item_score(REVIEW, evaluations=rows).score[:1].tolist() == pytest.approx([70])


def test_the_mean_is_scaled() -> None:
    """A fifth of the mean mark, and the ledger says by how many it was given."""
    item = 'from = "evaluations"\nscale = 0.2\ngroups.all = { weight = 1, pool = ["committee", "members"] }'
    found = item_score(item, evaluations=[["1", "2024", "committee", 90, 2], ["1", "2024", "members", 60]])
    assert (found.score[0], found.lines[0].count.tolist()) == (16, [[3], [0]])


# ---------------------------------------------------------------- ballots

BALLOT = """
from = "ballots"
max = 20
[components.base.items.item.ladder]
good = { when = [{ votes = "excellent", at_least = 0.6 }, { votes = "unqualified", at_most = 0.1 }], pays = 1 }
fair = { when = [{ votes = ["excellent", "qualified"], at_least = 0.6 }], pays = 0.9 }
poor = { when = [{ votes = "unqualified", above = 0.3 }], pays = 0.7, flag = "review" }
gap = { becomes = "fair", flag = "ballot_gap" }
[components.base.items.item.limits]
liked = { votes = "satisfied", of = ASKED, below = 0.7, rung = "good", becomes = "fair" }
disliked = { votes = "dissatisfied", of = ASKED, above = 0.5, flag = "review" }
""".replace("ASKED", '["satisfied", "neutral", "dissatisfied"]')


def ballot(text: str, member: str = "1", period: str = "2024") -> list[Any]:
    """One row of ballots, its votes in the order of the table."""
    return [member, period, *map(int, text.split())]


@pytest.mark.parametrize(
    ("votes", "score", "flags"),
    [
        ("6 3 0 1 0", 20, set()),
        ("59 31 0 10 0", 18, set()),
        ("60 25 4 11 0", 18, set()),
        ("0 6 4 0 0", 18, set()),
        ("2 2 2 4 0", 14, {"review"}),
        ("2 2 3 3 0", 18, {"ballot_gap"}),
        ("6 3 0 1 0 7 3 0", 20, set()),
        ("6 3 0 1 0 69 31 0", 18, set()),
        ("6 3 0 1 0 0 0 0", 20, set()),
        ("0 6 4 0 0 1 1 2", 18, set()),
        ("0 6 4 0 0 1 1 3", 18, {"review"}),
        ("6 3 0 1 0 0 4 6", 18, {"review"}),
    ],
)
def test_the_first_rung_that_holds(votes: str, score: float, flags: set[str]) -> None:
    """Shares are of all votes cast; then the second looks, skipped where nobody was asked."""
    found = item_score(BALLOT, ballots=[ballot(votes)])
    assert found.score[0] == score
    assert {name for name in ("review", "ballot_gap") if flagged(found, name)[0]} == flags


def test_the_ledger_names_the_rung_that_paid() -> None:
    """A gap is paid as the rung it becomes, with the votes cast behind it."""
    found = item_score(BALLOT, ballots=[ballot("2 2 3 3 0")])
    assert [(line.rule, line.value[0, 0], line.count[0, 0]) for line in found.lines] == [
        ("good", 0, 0),
        ("fair", 18, 10),
        ("poor", 0, 0),
    ]


def test_ballots_of_the_halves_are_added_up() -> None:
    """Neither half alone gives the year's share."""
    rows = [ballot("10 0 0 0 0", period="2024H1"), ballot("2 8 0 0 0", period="2024H2")]
    assert item_score(BALLOT, ballots=rows).score[0] == 20


def test_a_ballot_without_votes_is_none() -> None:
    """Nobody voted in the half, so the year's ballot serves; where there is none, nothing is scored."""
    rows = [ballot("0 0 0 0 0 9 0 0", period="2024H1"), ballot("9 1 0 0 0"), ballot("0 0 0 0 0", "2")]
    assert item_score(BALLOT, "half", ballots=rows).score.tolist() == pytest.approx([20, 20, NAN, NAN], nan_ok=True)


def test_a_rung_may_pay_a_third() -> None:
    """A share is a decimal or a fraction, wherever a share stands."""
    found = item_score(BALLOT.replace("pays = 0.7", 'pays = "1/3"'), ballots=[ballot("2 2 2 4 0")])
    assert found.score[0] == pytest.approx(20 / 3)


QUOTA = (
    BALLOT
    + """
[components.base.items.item.quota]
rung = "good"
share = 0.2
by = "excellent"
becomes = "fair"
"""
)


@pytest.mark.parametrize(
    ("rows", "scores", "tied"),
    [
        (["7 3", "6 4", "1 9", "1 9", "1 9"], [20, 18, 18, 18, 18], []),
        (["7 3", "1 9", "1 9", "1 9"], [18, 18, 18, 18], []),
        (["7 3", "14 6", "1 9", "1 9", "1 9"], [18, 18, 18, 18, 18], [0, 1]),
        (["7 3", "6 4", "1 9", "1 9", "0 0"], [18, 18, 18, 18, NAN], []),
    ],
)
def test_a_fifth_of_those_with_ballots_keep_the_rung(rows: list[str], scores: list[float], tied: list[int]) -> None:
    """By share of excellent votes: 7 of 10 and 14 of 20 tie; a member without votes is not in the n."""
    members = [[str(n), "甲"] for n in range(1, len(rows) + 1)]
    found = item_score(
        QUOTA, members=members, ballots=[ballot(f"{row} 0 0 0", str(n)) for n, row in enumerate(rows, 1)]
    )
    assert found.score.tolist() == pytest.approx(scores, nan_ok=True)
    assert np.flatnonzero(flagged(found, "quota_tied")).tolist() == tied


def test_a_quota_may_be_of_all_members() -> None:
    """With one place in five members, one of them without a ballot, the best keeps the rung."""
    rows = [ballot("7 3 0 0 0", "1"), *(ballot("1 9 0 0 0", n) for n in "234")]
    members = [[str(n), "甲"] for n in range(1, 6)]
    assert item_score(QUOTA, members=members, ballots=rows).score[0] == 18
    assert item_score(f'{QUOTA}of = "all"', members=members, ballots=rows).score[0] == 20


def test_activists_and_the_exempt_take_no_place() -> None:
    """An activist keeps his rung outside the quota; the exempt are in no ballot and no n."""
    members = [
        ["1", "甲", {"stage": "activist"}],
        ["2", "甲", {"exempt": True}],
        *([str(n), "甲"] for n in range(3, 8)),
    ]
    rows = [
        ballot("9 1 0 0 0", "1"),
        ballot("10 0 0 0 0", "2"),
        *(ballot(f"{n + 3} {7 - n} 0 0 0", str(n)) for n in range(3, 8)),
    ]
    found = item_score(QUOTA, members=members, ballots=rows)
    assert found.score.tolist() == [20, 0, 18, 18, 18, 18, 20]
