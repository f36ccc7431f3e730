"""What the review says of marks that lack a group of evaluators."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.report.review import Table, Voice, partial
from jifen_analysis.report.review.partial import PARTIAL, missing_group, partial_marks

KINDS = ("gained", "lost", "open", "unknown")


class Told:
    """As much of the facts as is asked for; fewer than five are hidden."""

    voice, least = Voice(), 5

    def sayable(self, count: int, *wholes: int) -> int | None:
        """Hide a few, and what leaves a few."""
        few = 0 < count < self.least or any(0 < whole - count < self.least for whole in wholes)
        return None if few else count


def written(counts: dict[str, int], monkeypatch: pytest.MonkeyPatch, evaluated: int = 200) -> tuple[Any, Any]:
    """Return the table and the finding of so many members of each kind."""
    members = pd.DataFrame({"stands": [kind for kind, n in counts.items() for _ in range(n)]}, dtype="str")
    members.attrs = {"evaluated": evaluated}
    monkeypatch.setattr(partial, "_members", lambda _: members)
    facts: Any = Told()
    return partial_marks(facts), missing_group(facts)


@given(st.fixed_dictionaries({kind: st.integers(0, 12) for kind in KINDS}))
def test_no_few_can_be_worked_out(counts: dict[str, int]) -> None:
    """Hidden kinds hold together five or nobody, and are never one alone: the whole gives none of them back."""
    with pytest.MonkeyPatch.context() as patch:
        block, found = written(counts, patch)
    if not sum(counts.values()):
        assert isinstance(block, str)
        assert found is None
        return
    cells = [row[1] for row in block.rows]
    assert all(cell == "*" or not 0 < int(cell) < 5 for cell in cells)
    hidden = [counts[kind] for kind, cell in zip(KINDS, cells[1:], strict=True) if cell == "*"]
    assert cells[0] != "*" or set(cells) == {"*"}
    if hidden and cells[0] != "*":
        assert len(hidden) > 1 or sum(hidden) == 0
        assert sum(hidden) >= 5
    assert all(cell == "*" or int(cell) == counts[kind] for kind, cell in zip(KINDS, cells[1:], strict=True))
    if found is not None and hidden:
        assert not any(f"{word}{n}人" in found.text.zh for word in ("多得", "少得", "说不准") for n in hidden)


def test_the_table_is_the_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """With enough of each kind every number is told, and the first page points to the table."""
    block, found = written({"gained": 7, "lost": 0, "open": 9, "unknown": 20}, monkeypatch)
    assert isinstance(block, Table)
    assert (block.key, [row[1] for row in block.rows]) == (PARTIAL, ["36", "7", "0", "9", "20"])
    assert (
        found.text.zh
        == "36人的评议缺一类以上主体，按该类主体在本支部打过的最低分至最高分推算，多得7人，说不准9人，无从估计20人"
    )


def test_members_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All periods of a year together: gains and losses of one member are summed, one unknown makes it unknown."""
    rows = [["1", 1.0, 2.0], ["1", -0.5, 1.0], ["2", -3.0, -1.0], ["3", -1.0, 2.0], ["4", float("nan"), float("nan")]]
    table = pd.DataFrame([*rows, ["4", 1.0, 2.0]], columns=["member_id", "gain_low", "gain_high"])
    monkeypatch.setattr(partial.evaluators, "partial", lambda _: table)
    monkeypatch.setattr(partial, "Inside", lambda facts: facts)
    facts: Any = SimpleNamespace(now=pd.DataFrame({"state": ["assessed"] * 6 + ["pending"]}))
    found = partial._members(facts)
    assert found["stands"].to_dict() == {"1": "gained", "2": "lost", "3": "open", "4": "unknown"}
    assert found.attrs == {"evaluated": 6}
