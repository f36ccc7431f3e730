"""Dated changes: what may change from year to year, and what the results of all years share."""

from pathlib import Path

import pytest

from jifen_analysis.errors import InvalidScheme
from jifen_analysis.schemes.scheme import read_scheme

BASE = """
id = "trial"
title = "试行办法"
source = "测试"
period = "half"
[measures.count]
count = [{ from = "events" }]
[components.base.items]
work = { start = 10 }
marked = { from = "marks", max = 10 }
[grades."优秀"]
at_least = 90
[grades."不合格"]
[forced.veto]
any = [{ from = "events", where = { event = "veto" } }]
[outcomes.talk]
any = [{ measure = "total", below = 60 }]
[changes."2024-01-01"]
CHANGE
"""


def read(folder: Path, change: str) -> object:
    """Read the scheme with a change from 2024 on."""
    file = folder / "trial.toml"
    file.write_text(BASE.replace("CHANGE", change), encoding="utf-8")
    return read_scheme(file)


@pytest.mark.parametrize(
    "change",
    [
        'set = { "components.base.items.work.start" = 20 }',
        'set = { "components.base.items.work.rules" = { help = { from = "events", points = 1 } } }',
        'set = { "components.base.items.extra" = { start = 5 } }',
        'set = { "grades.优秀.at_least" = 85 }',
        'set = { "outcomes.praise" = { top = { count = 3 } } }',
        'set = { "forced.offence" = { any = [{ from = "events", where = { event = "offence" } }] } }',
        'set = { "measures.more" = { count = [{ from = "dues" }] } }',
        'set = { grade_rounding = "half_up" }',
    ],
)
def test_prices_and_cuts_may_change(tmp_path: Path, change: str) -> None:
    """Numbers, rules and cut scores change; items, clauses and outcomes may come."""
    read(tmp_path, change)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('set = { period = "year" }', "period 不能按日期改动"),
        ('set = { population = { post = "none" } }', "population 不能"),
        ('set = { "categories" = { a = {} } }', "categories 不能"),
        ('set = { "words" = { event = { tea = { label = "泡茶" } } } }', "words 不能"),
        ('set = { "components.more" = { items = { a = { start = 1 } } } }', "components 的名称和次序"),
        (
            'set = { grades = { "优秀" = { at_least = 90 }, "合格" = { at_least = 80 }, "不合格" = {} } }',
            "grades 的名称和次序",
        ),
        ('drop = ["components.base.items.work"]', "components.base.items.work 不能按日期去掉"),
        ('set = { "components.base.items.work" = { from = "marks", max = 5 } }', "不能按日期换成另一种项目"),
        ('set = { "components.base.items.work.per" = "month" }', "不能按日期换成另一种项目"),
        ('drop = ["outcomes.talk"]', "outcomes.talk 不能按日期去掉"),
        ('drop = ["forced.veto"]', "forced.veto 不能按日期去掉"),
        ('set = { "measures" = {} }', "measures.count 不能按日期去掉"),
    ],
)
def test_what_all_years_share_does_not_change(tmp_path: Path, change: str, named: str) -> None:
    """The refusal says where, and what cannot be changed by date."""
    with pytest.raises(InvalidScheme, match=named) as refused:
        read(tmp_path, change)
    assert {problem.cell for problem in refused.value.problems} == {"changes.2024-01-01"}
