"""Tests of other versions of a scheme: readings, weights, cut scores, patches, dated changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jifen_analysis.errors import InvalidScheme, UsageError
from jifen_analysis.schemes.model.parts import freeze
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.variants import patch_document
from tests.schemes.builders import document, small


def cut(scheme: Scheme) -> float | None:
    """The cut score of the highest grade."""
    return scheme.book.grades["优"].cut


# ---------------------------------------------------------------- quotas


def test_quotas_keep_whom_they_count() -> None:
    """Only the share is another; a grade without a quota gets one; None takes it away; the lowest has none."""
    scheme = small({"grades.优.quota.of": "all"}).with_quotas(优="1/5", 良=0.5)
    quotas = {name: grade.quota for name, grade in scheme.book.grades.items() if grade.quota}
    assert {name: (quota.share, quota.of, quota.within) for name, quota in quotas.items()} == {
        "优": ("1/5", "all", "branch"),
        "良": ("0.5", "counted", "branch"),
    }
    assert scheme.with_quotas(优=None).book.grades["优"].quota is None
    assert scheme.applied == ("优≤1/5,良≤0.5",)
    assert small().with_quotas(优="12.5%").book.grades["优"].quota.share == "1/8"  # type: ignore[union-attr]
    with pytest.raises(UsageError, match="等次 差 不能设名额,可用:优、良"):
        small().with_quotas(差=0.1)


# ---------------------------------------------------------------- patches


def test_a_patch_sets_a_path_and_leaves_the_first_scheme() -> None:
    """Patching gives a new scheme."""
    scheme = small()
    changed = scheme.patch({"components.duty.items.meetings.rules.attendance.points.absent": -10})
    rules = [one.book.components["duty"].items["meetings"].rules["attendance"] for one in (scheme, changed)]  # type: ignore[union-attr]
    assert [rule.points["absent"] for rule in rules] == [-5, -10]


def test_a_patch_reaches_into_lists() -> None:
    """A number in a path is a place in a list."""
    assert patch_document({"a": [{"b": 1}, {"b": 2}]}, {"a.1.b": 3}) == {"a": [{"b": 1}, {"b": 3}]}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("components.duti.weight", r"没有路径 components\.duti\.weight\(在 duti\),最接近的是 duty"),
        ("components.duty.items.none.start", "没有路径 .*在 none"),
        ("outcomes.talk.any.1.below", "没有路径 .*在 1"),
        ("title.x", "没有路径 title.x"),
    ],
)
def test_a_path_that_leads_nowhere(path: str, said: str) -> None:
    """An unknown step is named, with the nearest that there is."""
    with pytest.raises(UsageError, match=said):
        small().patch({path: 1})


def test_an_unknown_last_step_is_an_unknown_key() -> None:
    """Where the last step is no key of a scheme, the patched scheme is refused."""
    with pytest.raises(InvalidScheme, match="是否要写 weight"):
        small().patch({"components.duty.wieght": 1})


def test_only_what_is_there_can_be_dropped() -> None:
    """Dropping something that is not there is a mistake, in tables and lists."""
    assert patch_document({"a": [1, 2], "b": 3}, {}, ["a.0", "b"]) == {"a": [2]}
    for path in ("c", "a.5"):
        with pytest.raises(UsageError, match="没有路径"):
            patch_document({"a": [1, 2]}, {}, [path])


def test_patching_copies_what_it_is_given() -> None:
    """Neither the document nor the value is shared with the result."""
    value = {"c": [1]}
    source = freeze({"a": {"b": 1}})
    result = patch_document(source, {"a.b": value})
    result["a"]["b"]["c"].append(2)
    assert (value, source["a"]["b"]) == ({"c": [1]}, 1)


# ---------------------------------------------------------------- readings


def test_readings_apply_and_are_remembered() -> None:
    """A variant knows which readings led to it."""
    scheme = small().variant("strict", "open")
    assert (scheme.applied, scheme.book.grades["优"].above) == (("strict", "open"), 90)
    assert scheme.book.components["bonus"].items["extra"].cap is None  # type: ignore[union-attr]


def test_an_unknown_reading_lists_the_known_ones() -> None:
    """The readings that there are are named."""
    with pytest.raises(
        UsageError, match=r"small 没有读法 stric,可用:高于90\(strict\)、不封顶\(open\)、88分\(lenient\)"
    ):
        small().variant("stric")


@pytest.mark.parametrize("pair", [("strict", "lenient"), ("lenient", "strict")])
def test_two_readings_of_one_path_clash(pair: tuple[str, str]) -> None:
    """Both are named, whether they are asked for at once or one after the other."""
    for ask in (lambda: small().variant(*pair), lambda: small().variant(pair[0]).variant(pair[1])):
        with pytest.raises(UsageError, match=f"读法 {pair[0]} 与 {pair[1]} 都改动"):
            ask()


def test_a_reading_asked_for_twice_is_one_reading() -> None:
    """Asking again changes nothing."""
    once = small().variant("open")
    assert once.variant("open").digest == small().variant("open", "open").digest == once.digest


# ---------------------------------------------------------------- cut scores


def test_cut_scores_keep_their_kind() -> None:
    """A cut that the score must exceed stays one."""
    assert small().with_grades(优=85).book.grades["优"].at_least == 85
    assert small().variant("strict").with_grades(优=85).book.grades["优"].above == 85


@pytest.mark.parametrize("grade", ["差", "忧"])
def test_only_grades_with_a_cut_can_move(grade: str) -> None:
    """The lowest grade has none; an unknown one even less."""
    with pytest.raises(UsageError, match=f"等次 {grade} 没有分数线,可用:优、良"):
        small().with_grades(**{grade: 50})


def test_cuts_stay_in_order() -> None:
    """A cut above the next higher one gives no scheme, and is no mistake of the file."""
    with pytest.raises(InvalidScheme, match=r"\(良=95\).*分数线须低于上一等次“优”的 90"):
        small().with_grades(良=95)


# ---------------------------------------------------------------- dated changes


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2023, 12, 31), 90), (date(2024, 1, 1), 85), (date(2024, 6, 30), 85), (date(2025, 1, 1), 86)],
)
def test_a_scheme_on_a_day(day: date, expected: float) -> None:
    """Changes hold from their day on, the later over the earlier."""
    assert cut(small().on(day)) == expected


def test_earlier_changes_stay_in_force() -> None:
    """What a later change does not touch keeps the earlier value."""
    item = small().on(date(2025, 1, 1)).book.components["bonus"].items["extra"]
    assert item.cap == 12  # type: ignore[union-attr]


def test_before_any_change_the_scheme_is_itself() -> None:
    """Nothing is copied where nothing changes."""
    scheme = small()
    assert scheme.on(date(2023, 1, 1)) is scheme


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda scheme: scheme.with_grades(优=80), 80),
        (lambda scheme: scheme.patch({"grades.优.at_least": 81}), 81),
        (lambda scheme: scheme.variant("lenient"), 88),
        (lambda scheme: scheme.variant("strict"), 90),
    ],
)
def test_what_is_asked_for_holds_on_every_day(ask: Any, expected: float) -> None:
    """A dated change does not undo what an analyst asked for; other changes go on."""
    later = ask(small()).on(date(2025, 1, 1))
    assert cut(later) == expected
    assert later.book.components["bonus"].items["extra"].cap == 12


def test_dropped_paths_are_overridden_too() -> None:
    """A reading that drops the cap drops it for good."""
    assert small().variant("open").on(date(2025, 1, 1)).book.components["bonus"].items["extra"].cap is None  # type: ignore[union-attr]


def test_documents_are_never_changed() -> None:
    """Whatever is asked of a scheme, its own document stays."""
    scheme = small()
    before = scheme.digest
    scheme.variant("open").with_weights(duty=0.5, review=0.5).with_grades(优=80).on(date(2025, 1, 1))
    assert (scheme.digest, small().digest) == (before, before)
    assert document()["grades"]["优"]["at_least"] == 90
