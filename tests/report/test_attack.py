"""Small groups by subtraction: nothing that reviews say, of one year or of two together, gives back one to four."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from jifen_analysis.report.forms import write_review
from jifen_analysis.report.privacy import apart
from jifen_analysis.report.review import review, review_data
from tests.leaks import texts
from tests.report.attack import World, as_written, knowledge, worked_out
from tests.report.sampled import result
from tests.report.told import exact, outcomes
from tests.report.written_page import Shown

YEARS = (2023, 2024)


@cache
def both(scheme: str, members: int) -> list[Shown]:
    """The reviews of two years, as they are written."""
    return [as_written(review(result(scheme, members), year)) for year in YEARS]


@pytest.mark.parametrize(
    ("scheme", "members"), [("community_60_40", 60), ("bureau_quarterly", 120), ("branch_scorecard", 60)]
)
def test_two_years_reviews_give_no_small_group_back(scheme: str, members: int) -> None:
    """Every table, figure and sentence, as equations in whole numbers: no group of one to four has one solution."""
    assert worked_out(both(scheme, members), knowledge(result(scheme, members))) == []


def test_the_attack_finds_what_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were groups of one shown, it would name some."""
    monkeypatch.setattr(review_data, "LEAST", 1)
    found = result("branch_scorecard", 60)
    assert worked_out([as_written(review(found, 2024))], knowledge(found))


def test_the_attack_subtracts() -> None:
    """A whole less its other part is found out, one of two parts is not; what is told between ends is no number."""
    cells = [{"branch": branch, "grade": grade} for branch in "ab" for grade in "xy"]
    world = World(cells, [exact({"grade": "xy"}, 58, "all"), exact({"grade": "x"}, 55, "one")])
    assert world.given_away([{"grade": frozenset("y")}, {"branch": frozenset("a")}]) == [("y", 3)]


@pytest.mark.parametrize("ending", [".docx", ".pptx"])
def test_no_other_form_tells_more_than_the_page(ending: str, tmp_path: Path) -> None:
    """Whatever number of members a document or its charts' workbooks hold stands on the page."""
    written = review(result("branch_scorecard", 60), 2024)
    (file,) = write_review(written, tmp_path / f"总结{ending}")
    page, said = as_written(written), "\n".join(texts(file.name, file.read_bytes()))
    known = str([page.title, page.tables, page.figures, page.words])
    counted = set(re.findall(r"(?<![\d.])(\d+)(?:人| 人|\))", said))
    assert counted
    assert counted <= set(re.findall(r"\d+", known))


@pytest.mark.parametrize(("scheme", "members"), [("community_60_40", 60), ("bureau_quarterly", 120)])
def test_no_outcome_leaves_a_few(scheme: str, members: int) -> None:
    """Neither of those assessed, nor of those with a grade, nor of another outcome that it is a part of."""
    found, book = result(scheme, members).outcomes, result(scheme, members).scheme.book
    titles = {one.title or name: name for name, one in book.outcomes.items()}
    for year in YEARS:
        inside = found[found["period"].str[:4] == str(year)]
        of = {title: set(inside.loc[inside["outcome"] == name, "member_id"]) for title, name in titles.items()}
        years = result(scheme, members).years.query(f"year == {year}")
        wholes = [
            set(years.loc[years["grade"].notna(), "member_id"]),
            set(years.loc[years["total"].notna(), "member_id"]),
        ]
        for each in both(scheme, members):
            told = {title: int(one.low) for one in outcomes(each, year) for title in one.of}
            shown = {title: of[title] for title, n in told.items() if n}
            for title, n in told.items():
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
