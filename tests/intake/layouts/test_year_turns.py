from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors


@pytest.mark.parametrize(
    ("heads", "turns"),
    [
        (("11月5日", "12月3日", "1月7日"), True),
        (("1月7日", "2月4日", "11月5日"), False),
        (("2024年12月3日", "2025年1月7日"), False),
        (("12月3日", "11月5日"), False),
    ],
)
def test_a_year_that_turns_among_the_headers_is_said(tmp_path: Path, heads: tuple[str, ...], *, turns: bool) -> None:
    """Days without a year that go from December to January may be of two years: both are named."""
    found = checked(tmp_path, [("2024年党课考勤",), ("姓名", *heads), ("张三", *["√"] * len(heads))])
    assert errors(found) == [("year_turns", "D2")] * turns
