"""Pseudonyms: no score changes, nobody is named, and the key decides."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.errors import UsageError
from jifen_analysis.report.pseudonyms import PseudonymKey, pseudonymise, read_key, seen_by_others
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import Column
from tests.report.sampled import records, result

KEY = PseudonymKey(b"a key for tests only")


def test_pseudonyms_change_no_score() -> None:
    """Every total and grade is found again under the pseudonym."""
    plain, hidden = result().table, jf.assess(pseudonymise(records(), KEY), result().scheme).table
    plain["member_id"] = plain["member_id"].map(KEY.pseudonym)
    kept = ["member_id", "period", "total", "grade", "flags"]
    ordered = [frame[kept].sort_values(["member_id", "period"], ignore_index=True) for frame in (plain, hidden)]
    pd.testing.assert_frame_equal(*ordered)


def test_pseudonymised_records_name_nobody() -> None:
    """No id, name, remark or day of birth is left in any table."""
    hidden = pseudonymise(records(), KEY)
    ids, names = set(records().members["member_id"]), set(records().members["name"].dropna())
    for name in hidden.frames:
        words = {str(value) for value in hidden.table(name).astype("object").to_numpy().ravel()}
        assert not words & (ids | names)
    assert set(hidden.members["birth_date"].dropna().dt.day) <= {1}
    assert hidden.events["note"].isna().all()


def test_no_column_of_text_is_forgotten() -> None:
    """What was typed into a column of text is gone, coded, or by its declaration a group or a part of the scheme."""
    kept = {"branch", "unit", "item", "target", "grade"}
    for name, columns in TABLES.items():
        typed = {column.name for column in columns.values() if column.kind == "text"}
        assert {column for column in typed if columns[column].hiding == "keep"} <= kept, name


def test_a_new_column_of_text_is_blank_until_it_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds a column and forgets what becomes of it shows nobody."""
    monkeypatch.setitem(
        cast("dict[str, Any]", TABLES), "events", {**TABLES["events"], "hobby": Column("hobby", "text")}
    )
    frame = records().events.assign(hobby="张三爱下棋")
    hidden = pseudonymise(replace(records(), frames={**records().frames, "events": (frame,)}), KEY)
    assert hidden.events["hobby"].isna().all()


def test_free_text_is_coded_and_stays_equal_where_it_was() -> None:
    """A category nobody knows and a question say nothing; equal ones stay equal, the scheme's own stays."""
    members = {"member_id": ["1", "2", "3"], "branch": ["甲"] * 3, "category": ["张三的徒弟", "张三的徒弟", "tier1"]}
    surveys = {"period": ["2024"], "branch": ["甲"], "question": ["张三公道吗"], "score": [80.0]}
    made = jf.Records.from_frames({"members": pd.DataFrame(members), "surveys": pd.DataFrame(surveys)})
    hidden = pseudonymise(made, KEY, ["tier1"])
    first, second, third = hidden.members["category"]
    assert first == second != third == "tier1"
    assert "张三" not in "".join([first, *hidden.table("surveys")["question"]])


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize(("rights", "seen"), [(0o600, False), (0o644, True), (0o640, True)])
def test_a_key_that_others_may_read_is_told(tmp_path: Path, rights: int, seen: bool) -> None:
    """Whoever has the key can tell who everybody is."""
    (tmp_path / "key").write_text("0123456789abcdef", encoding="utf-8")
    (tmp_path / "key").chmod(rights)
    assert seen_by_others(tmp_path / "key") == seen


def test_a_key_always_gives_the_same_pseudonym_and_another_key_another() -> None:
    """The key alone decides, so years can be joined."""
    assert KEY.pseudonym("00017") == PseudonymKey(b"a key for tests only").pseudonym("00017")
    assert KEY.pseudonym("00017") != PseudonymKey(b"another key for tests").pseudonym("00017")
    assert "key for tests" not in repr(KEY)


@pytest.mark.parametrize(("text", "said"), [(None, "读不了密钥文件"), ("short", "密钥太短")])
def test_a_key_that_will_not_do_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    """A missing key is not made up, a short one not taken."""
    file = tmp_path / "key"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_key(file)


def test_a_key_inside_a_repository_is_refused(tmp_path: Path) -> None:
    """It would be committed one day."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "key").write_text("0123456789abcdef", encoding="utf-8")
    with pytest.raises(UsageError, match="密钥不能放在代码库里"):
        read_key(tmp_path / "key")
