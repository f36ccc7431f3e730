"""Tests of the picture of choices."""

from __future__ import annotations

import pytest

from jifen_analysis.charts import sensitivity
from jifen_analysis.errors import UsageError
from tests.charts.figures import heading
from tests.charts.frames import PLAIN
from tests.charts.frames import choices as of_office


def test_choices() -> None:
    """A bar for all that a choice takes part in, a diamond for what it does alone, by name; few are not shown."""
    table = of_office(PLAIN)
    bars, alone = sensitivity.choices(table).data
    assert bars.x.tolist() == table["total"].tolist()
    assert alone.x.tolist() == table["first"].tolist()
    assert list(bars.y[:2]) == ["“优秀”线", "各板块的占比"]
    assert "最能改变等次的是“优秀”线" in heading(sensitivity.choices(table))
    table.attrs = table.attrs | {"members": 4}
    with pytest.raises(UsageError, match="不足 5 人"):
        sensitivity.choices(table)
