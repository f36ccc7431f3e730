"""Branches that look like one are said; others are not."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jifen_analysis as jf
from jifen_analysis.intake.look_alikes import alike
from tests.intake.sheets import book

SPELT = [
    "第一支部",
    "第一党支部",
    "一支部",
    "第1支部",
    "1支部",
    "第 一 支部",
    "城关社区第一党支部",
    "中共城关社区第一支部委员会",
]
DIFFERENT = [
    "第一支部",
    "第二支部",
    "第十一支部",
    "第二十一支部",
    "机关支部",
    "离退休支部",
    "甲村支部",
    "乙村支部",
    "三号楼",
    "十三号楼",
]


def test_spellings_of_one_branch_are_found() -> None:
    """Each is held against every other."""
    assert {one: len(others) for one, others in alike(SPELT).items()} == dict.fromkeys(SPELT, len(SPELT) - 1)


@pytest.mark.parametrize("pair", list(combinations(DIFFERENT, 2)))
def test_different_branches_are_not(pair: tuple[str, str]) -> None:
    """Other numbers, other places."""
    assert alike(pair) == {}


@given(st.sets(st.integers(1, 99), min_size=2), st.sampled_from(["支部", "党支部", "小区支部"]))
def test_numbers_tell_branches_apart(numbers: set[int], name: str) -> None:
    """However many branches are numbered, none looks like another."""
    assert alike(f"第{number}{name}" for number in numbers) == {}


def test_they_are_said_listed_and_joined(tmp_path: Path) -> None:
    """A note at the first row of the smaller one, listed in the table to fill in; joined by it, nothing is said."""
    rows = [("编号", "姓名", "党支部"), *((f"0000{i}", f"甲{i}", "第一支部") for i in range(1, 4))]
    path = book(tmp_path / "数据.xlsx", {"花名册": [*rows, ("00009", "乙", "一支部")]})
    found = jf.check(path)
    assert [(note.code, note.cell, note.kind, note.value) for note in found.notes] == [
        ("branch_alike", "C5", "branch", "一支部")
    ]
    assert found.unknown[["kind", "text", "nearest"]].to_numpy().tolist() == [["branch", "一支部", "第一支部"]]
    joined = jf.check(path, words={"branches": {"一支部": "第一支部"}})
    assert [note.code for note in joined.notes] == ["settled"]
    assert joined.unknown.empty
