"""Invented names."""

import re

import pandas as pd

from jifen_analysis.sample.names import branch_names, member_ids, numeral


def test_numerals_are_distinct() -> None:
    """No two numbers are written alike."""
    assert len({numeral(n) for n in range(1, 10_000)}) == 9_999


def test_numerals_are_written_as_people_write_them() -> None:
    """Zeros inside are written once, zeros at the end not at all."""
    assert [numeral(n) for n in (10, 20, 101, 110, 1001, 1010, 9999)] == [
        "十",
        "二十",
        "一百零一",
        "一百一十",
        "一千零一",
        "一千零一十",
        "九千九百九十九",
    ]


def test_names_are_obviously_invented(tables: dict[str, pd.DataFrame]) -> None:
    """A name is a heavenly stem and a numeral, a unit says that it is a sample."""
    members = tables["members"]
    assert all(re.fullmatch("[甲乙丙丁戊己庚辛壬癸][一二三四五六七八九十]+", name) for name in members["name"])
    assert members["unit"].str.startswith("样例").all()
    assert set(members["branch"]) == set(branch_names(10))


def test_ids_keep_their_zeros() -> None:
    """Ids are text of one length, at least five digits."""
    assert member_ids(2).tolist() == ["00001", "00002"]
    assert set(member_ids(100_000).str.len()) == {6}
