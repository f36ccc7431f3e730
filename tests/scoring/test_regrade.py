"""Tests of other weights, cut scores and quotas over the same scores."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import load
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES, Assessment, open_result
from jifen_analysis.scoring.regrade import grade_codes, regrade, same_scores
from jifen_analysis.tables.records import Records

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "2024" / "01第一支部.xlsx"


@cache
def records() -> Records:
    """One branch of the sample."""
    return load(SAMPLE)


@cache
def before(name: str) -> Assessment:
    """The result under a scheme as it stands."""
    return assess(records(), read_scheme(name))


def other_lines(scheme: Scheme) -> Scheme:
    """Every cut score two points higher, and a quota for the best."""
    cuts = {name: grade.cut + 2 for name, grade in scheme.book.grades.items() if grade.cut is not None}
    best = next(iter(scheme.book.grades), None)
    return scheme.with_grades(**cuts).with_quotas(**({best: "1/7"} if best and len(scheme.book.grades) > 1 else {}))


def other_shares(scheme: Scheme) -> Scheme:
    """The shares in the opposite order."""
    return scheme.with_shares(**dict(zip(scheme.shares, reversed(scheme.shares.values()), strict=True)))


def dated(scheme: Scheme) -> Scheme:
    """Other weights and cut scores in the second half, and a rule that is another then."""
    first = next(iter(scheme.book.components))
    change = {f"components.{first}.weight": "5/7"}
    return Scheme({**scheme.document, "changes": {"2024-07-01": {"set": change}}}, scheme.file)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        *((name, lambda scheme: other_shares(other_lines(scheme))) for name in scheme_names()),
        ("community_60_40", dated),
    ],
)
def test_every_frame_is_that_of_an_assessment_from_the_beginning(name: str, other: Callable[[Scheme], Scheme]) -> None:
    """To the bit, also where a dated change makes two versions of one, and back."""
    changed = other(read_scheme(name))
    assert same_scores(read_scheme(name), changed)
    again, anew = regrade(before(name), changed), assess(records(), changed)
    for frame in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, frame), getattr(anew, frame), check_exact=True)
    back = regrade(again, read_scheme(name))
    pd.testing.assert_frame_equal(back.table, before(name).table, check_exact=True)


def test_what_changes_scores_is_assessed_from_the_beginning() -> None:
    """A reading, a dated change of points, a clause: scores, or what is asked of them, are others."""
    scheme = read_scheme("street_80_20")
    change = {"2024-01-01": {"set": {"components.base.items.organisational_life.start": 50}}}
    others = [scheme.variant("attendance_30"), Scheme({**scheme.document, "changes": change}, scheme.file)]
    for other in others:
        assert not same_scores(scheme, other)
        again, anew = regrade(before("street_80_20"), other), assess(records(), other)
        pd.testing.assert_frame_equal(again.table, anew.table, check_exact=True)


def test_it_is_asked_for_as_the_first_was() -> None:
    """Periods, and decisions after objections left out."""
    scheme = read_scheme("community_60_40")
    first = assess(records(), scheme, periods=["2024H2"], corrections=False)
    again = regrade(first, scheme.with_grades(优秀=80))
    assert (set(again.table["period"]), again.settings) == ({"2024H2"}, first.settings)
    assert again.explain(str(again.table["member_id"].iloc[0])).total == pytest.approx(again.table["total"].iloc[0])


def test_without_records_nothing_is_scored_again(tmp_path: Path) -> None:
    """A result opened from a folder says so."""
    saved = open_result(before("community_60_40").save(tmp_path / "结果"))
    with pytest.raises(UsageError, match="没有原始记录"):
        regrade(saved, read_scheme("community_60_40"))


@pytest.mark.parametrize("name", [name for name in scheme_names() if read_scheme(name).book.grades])
def test_grades_alone_are_those_of_an_assessment(name: str) -> None:
    """Under other books, for every row, forced grades and quotas with them."""
    scheme = other_shares(other_lines(read_scheme(name)))
    held, then = before(name).working, assess(records(), scheme).working
    assert held is not None
    assert then is not None
    codes = grade_codes(held, then.books, held.scores)
    assert codes.tolist() == then.grading.grade.codes.tolist()
