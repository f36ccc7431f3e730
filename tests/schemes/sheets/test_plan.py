"""Everything that a scheme file can say has its place in a 方案表."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest

from jifen_analysis.schemes import labels, model
from jifen_analysis.schemes.model.items import AnyItem
from jifen_analysis.schemes.sheets import plan
from jifen_analysis.schemes.sheets.notation import Key

SHEETS = {sheet.name: sheet for sheet in (*plan.SHEETS, *plan.CHANGES)}
ITEMS: list[type[model.Item]] = [get_args(kind)[0] for kind in get_args(get_args(AnyItem)[0])]
OWN_SHEETS = {"items", "rules", "groups", "ladder", "limits", "words"} | {sheet.section[0] for sheet in SHEETS.values()}


def keys(*parts: type[model.SchemePart]) -> set[str]:
    """Every key that parts may have, but for those that have a sheet of their own."""
    return {field.alias or name for part in parts for name, field in part.model_fields.items()} - OWN_SHEETS


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("自设事项", [model.NewWord]),
        ("类别", [model.Category]),
        ("指标", [model.Measure]),
        ("板块", [model.Component]),
        ("项目", ITEMS),
        ("规则", [*get_args(model.Rule)]),
        ("评议主体", [model.Pool]),
        ("测评档次", [model.Rung]),
        ("测评限制", [model.Limit]),
        ("等次", [model.Grade]),
        ("直接认定", [model.Forced]),
        ("结果运用", [model.Outcome]),
        ("未尽事项", [model.Sourced]),
    ],
)
def test_every_key_of_a_part_has_a_column(name: str, parts: list[type[model.SchemePart]]) -> None:
    """And every column is a key."""
    assert {column.path[0] for column in SHEETS[name].columns} == keys(*parts)


def test_every_kind_of_item_can_be_chosen() -> None:
    """And nothing else: a kind is told by the table that it is from, but for items of rules, which are from none."""
    tables = [item.model_fields["table"].annotation for item in ITEMS if "table" in item.model_fields]
    assert set(labels.GIVEN) == {code for table in tables for code in get_args(table)}


def test_the_first_sheet_says_what_is_said_once() -> None:
    """Everything but the sections that have sheets."""
    assert {column.path[0] for column in plan.ABOUT} == keys(model.RuleBook)


def test_readings_and_dated_changes_have_a_row_for_each_path() -> None:
    """Set or dropped; the rest is said of the whole."""
    for sheet in plan.CHANGES:
        own = {column.path[0] for column in sheet.columns} - {"how", "path", "value"}
        assert own == keys(model.PathChange) - {"set", "drop"}


@pytest.mark.parametrize(
    ("note", "parts"),
    [
        (plan._condition(), [model.Condition]),
        (plan._selector(), [model.Selector]),
        (plan._who(), [model.Who]),
        (plan._place(), [model.Place]),
        (plan._gives(), [model.Gives]),
        (plan._quota(), [model.Quota, model.BallotQuota]),
        (plan._votes(), [model.VoteShare]),
        (plan._bounds(), [model.Band]),
    ],
)
def test_every_key_of_a_short_note_has_a_label(note: Mapping[str, Key], parts: list[type[model.SchemePart]]) -> None:
    """A part that a cell holds whole can say everything there."""
    wanted = {field.alias or name for part in parts for name, field in part.model_fields.items()}
    assert {key.path[0] for key in note.values()} == wanted
