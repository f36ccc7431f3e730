"""Problems of very many rows: the same as few ones, made when they are asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.errors import InvalidRecords, ManyProblems, Problem, Text, kinds_of, values_of
from jifen_analysis.tables import Failure, Records, Source, problems
from jifen_analysis.tables.problems import address_failures, in_order, rows_of

SOURCES = (Source("b.csv", columns={"member_id": 1, "due": 3}), Source("a.xlsx", "党费", {"member_id": 2}, turned=True))
PLACES = {"_source": [1, 2, 1, 2, 2, 1], "_row": [2, 2, 12, 12, 2, 2], "_column": [0, 5, 0, 5, 7, 0]}
FRAME = pd.DataFrame(PLACES, dtype="int32")
FAILURES = st.builds(
    lambda rows, column, code, severity, values: Failure(
        "dues", np.array(rows), column, code, lambda value: Text(f"“{value}”", value), severity
    ).with_values(pd.Series(values[: len(rows)])),
    st.lists(st.integers(0, 5), min_size=1, max_size=6),
    st.sampled_from(["member_id", "due"]),
    st.sampled_from(["bad_value", "unknown_member"]),
    st.sampled_from(["error", "note"]),
    st.lists(st.sampled_from("甲乙"), min_size=6, max_size=6),
)
SAID = st.lists(
    st.builds(
        lambda severity, file, cell: Problem(severity, "left_aside", Text(cell, cell), file, "", cell),
        st.sampled_from(["error", "note"]),
        st.sampled_from(["a.xlsx", "b.csv", ""]),
        st.sampled_from(["A2", "C12", "", "名册"]),
    ),
    max_size=4,
)


@given(st.lists(FAILURES, min_size=1, max_size=5), SAID)
def test_many_problems_are_the_few_in_the_same_order(failures: list[Failure], said: list[Problem]) -> None:
    """Held as numbers or as objects: each once, the same order, the same errors, kinds, rows and counts."""
    few = in_order(said, address_failures(failures, {"dues": FRAME}, SOURCES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problems, "MANY", 0)
        many = in_order(said, address_failures(failures, {"dues": FRAME}, SOURCES))
    assert isinstance(many, ManyProblems)
    assert tuple(many) == few
    assert tuple(many.errors) == tuple(one for one in few if one.severity == "error")
    assert [tuple(kind) for kind in kinds_of(many)] == [tuple(kind) for kind in kinds_of(few)]
    assert rows_of(many).tolist() == rows_of(few).tolist()
    counts: dict[str, list[int]] = {}
    for at, listed in enumerate((few, many)):
        for one, times in values_of(listed):
            counts.setdefault(one.value, [0, 0])[at] += times
    assert all(one == other for one, other in counts.values())


def test_a_frame_of_wrong_rows_is_refused_without_an_object_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first are told with their cells, the others by kind; the sentences are those of a few rows."""
    monkeypatch.setattr(problems, "MANY", 30)
    members = pd.DataFrame({"member_id": ["1"], "branch": "甲"})
    wrong = pd.DataFrame({"member_id": "1", "date": "2024-05-06", "activity": "lecture", "status": ["到 了"] * 50})
    with pytest.raises(InvalidRecords, match="另有 30 处\n同类 50 处") as caught:
        Records.from_frames({"members": members, "attendance": wrong})
    found = caught.value.problems
    assert isinstance(found, ManyProblems)
    assert (len(found), found[-1].cell, len(found[3:5])) == (50, "attendance[49].status", 2)
