"""Small groups by subtraction: nothing that reviews show, of one year or of two together, gives back one to four."""

from __future__ import annotations

from functools import cache

import pytest

from jifen_analysis.report.privacy import apart
from jifen_analysis.report.review import Review, review
from jifen_analysis.report.summary import by_number
from tests.report.attack import Told, boxes, crossed, exactly, of_one_year, outcomes
from tests.report.sampled import result

YEARS = ("2023", "2024")


@cache
def both(scheme: str, members: int) -> dict[str, Review]:
    """The reviews of two years."""
    return {year: review(result(scheme, members), int(year)) for year in YEARS}


@pytest.mark.parametrize(
    ("scheme", "members"),
    [("community_60_40", 60), ("community_60_40", 120), ("bureau_quarterly", 120), ("branch_scorecard", 60)],
)
def test_two_years_reviews_give_no_small_group_back(scheme: str, members: int) -> None:
    """Branch by grade, and grade before by grade after: of no cell and no margin do all numbers leave one to four."""
    grades = list(result(scheme, members).scheme.book.grades)
    branches = sorted(result(scheme, members).table["branch"].unique(), key=by_number)
    reviews = both(scheme, members)
    told = [[one for each in reviews.values() for one in of_one_year(each, branches, grades, year)] for year in YEARS]
    for of_year in told:
        shape = (len(branches), len(grades))
        assert [box for box in boxes(shape) if (exactly(of_year, shape, box) or 0) in range(1, 5)] == []
    shape = (len(grades) + 1,) * 2
    all_told = list(crossed(reviews["2024"], told, grades))
    assert [box for box in boxes(shape) if all_told and (exactly(all_told, shape, box) or 0) in range(1, 5)] == []


def test_the_attack_finds_what_is_there() -> None:
    """A total less its other part is found out."""
    told = [Told(((0, 1), (0, 1)), 58, "all"), Told(((0, 1), (0,)), 55, "one")]
    assert exactly(told, (2, 2), ((0, 1), (1,))) == 3
    assert exactly(told, (2, 2), ((0,), (1,))) is None


@pytest.mark.parametrize(
    ("scheme", "members"), [("community_60_40", 60), ("community_60_40", 120), ("bureau_quarterly", 120)]
)
def test_no_outcome_leaves_a_few(scheme: str, members: int) -> None:
    """Neither of those assessed, nor of those with a grade, nor of another outcome that it is a part of."""
    found, book = result(scheme, members).outcomes, result(scheme, members).scheme.book
    titles = {one.title or name: name for name, one in book.outcomes.items()}
    for year in YEARS:
        inside = found[found["period"].str[:4] == year]
        of = {title: set(inside.loc[inside["outcome"] == name, "member_id"]) for title, name in titles.items()}
        years = result(scheme, members).years.query(f"year == {year}")
        wholes = [
            set(years.loc[years["grade"].notna(), "member_id"]),
            set(years.loc[years["total"].notna(), "member_id"]),
        ]
        for each in both(scheme, members).values():
            shown = {title: of[title] for title, n in outcomes(each, year).items() if n}
            for title, n in outcomes(each, year).items():
                assert n == len(of[title])
                assert n not in range(1, 5)
            for one in shown.values():
                assert not [w for w in (*wholes, *shown.values()) if one < w and len(w) - len(one) < 5]


@pytest.mark.parametrize(("left", "hidden"), [(0, False), (3, True), (4, True), (5, False)])
def test_who_is_not_on_a_list_is_a_group_too(left: int, hidden: bool) -> None:
    """58 assessed, 55 on the list: the three are not told of."""
    whole = frozenset(map(str, range(58)))
    part = frozenset(map(str, range(58 - left)))
    assert ("光荣榜" not in apart({"光荣榜": part}, [whole])) == hidden
