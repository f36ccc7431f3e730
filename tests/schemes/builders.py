"""A small invented scheme, and ways to change it."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from jifen_analysis.errors import InvalidScheme
from jifen_analysis.schemes.read import rule_book
from jifen_analysis.schemes.scheme import Scheme

SMALL = """
id = "small"
title = "小方案"
source = "虚构"
period = "half"
year_total = "mean"
year_grades = true

[words.event.tree_planted]
label = "植树"
reads = ["quantity"]

[categories.old]
title = "年长"
when = { age_at_least = 60 }
[categories.others]
title = "其他"

[measures.attended_share]
title = "出席率"
share.part = [{ from = "attendance", where = { status = "attended" } }]
share.whole = [{ from = "attendance" }]

[components.duty]
title = "履职"
clause = "一"
weight = 0.8
[components.duty.items.meetings]
title = "会议"
start = 60
floor = 0
[components.duty.items.meetings.rules]
attendance = { title = "缺勤", from = "attendance", by = "status", points = { absent = -5, late = -2 } }
dues = { title = "党费", from = "dues", by = "days_late", tiers = [[1, -2], [30, "forfeit"]], assumed = "一个月按30天" }
[components.duty.items.quiet]
title = "无投诉"
per = "month"
rules.none = { title = "无投诉", none_of = [{ from = "events", where = { event = "complaint" } }], points = 1 }
[components.duty.items.mark]
title = "打分"
from = "marks"
max = 34
max_for = { old = 20 }

[components.review]
title = "评议"
clause = "二"
weight = 0.2
[components.review.items.mean]
title = "评议分"
from = "evaluations"
groups = { all = { weight = 1, pool = ["committee", "members"] } }

[components.bonus]
title = "加分"
clause = "三"
[components.bonus.items.extra]
title = "加分"
cap = 10
[components.bonus.items.extra.rules]
trees = { title = "植树", from = "events", where = { event = "tree_planted" }, points = 2, times = "quantity" }

[grades."优"]
at_least = 90
quota = { share = 0.15 }
[grades."良"]
at_least = 60
[grades."差"]

[forced.veto]
title = "一票否决"
any = [{ from = "events", where = { event = "veto" } }]

[outcomes.talk]
title = "谈话"
any = [{ measure = "total", below = "branch_mean" }]
[outcomes.reward]
title = "奖励"
at = ["period", "year"]
top = { share = "1/3", within = "unit", min_group = 6 }

[readings.strict]
title = "高于90"
why = "写作高于"
set = { "grades.优" = { above = 90 } }
[readings.open]
title = "不封顶"
why = "未写上限"
drop = ["components.bonus.items.extra.cap"]
[readings.lenient]
title = "88分"
why = "另有一说"
set = { "grades.优.at_least" = 88 }

[changes.2024-01-01]
set = { "grades.优.at_least" = 85, "components.bonus.items.extra.cap" = 12 }
[changes.2024-07-01]
set = { "grades.优.at_least" = 86 }
"""

Document = dict[str, Any]
GONE = object()
"""Stands for a key that is taken out."""


def document(changes: Mapping[str, Any] | None = None) -> Document:
    """The small scheme with other values at dotted paths, missing tables made on the way."""
    raw = tomllib.loads(SMALL)
    for path, value in (changes or {}).items():
        *steps, last = path.split(".")
        here = raw
        for step in steps:
            here = here.setdefault(step, {})
        if value is GONE:
            del here[last]
        else:
            here[last] = copy.deepcopy(value)
    return raw


def small(changes: Mapping[str, Any] | None = None) -> Scheme:
    """The small scheme, changed, as a scheme."""
    return Scheme(document(changes), "small.toml")


def faults(changes: Mapping[str, Any]) -> dict[str, str]:
    """Path and code of every mistake of the small scheme, changed."""
    with pytest.raises(InvalidScheme) as found:
        rule_book(document(changes), "small.toml")
    return {problem.cell: problem.code for problem in found.value.problems}


def said(changes: Mapping[str, Any]) -> str:
    """What is said of the small scheme, changed."""
    with pytest.raises(InvalidScheme) as found:
        rule_book(document(changes), "small.toml")
    return found.value.message()
