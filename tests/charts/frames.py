"""What the analyses return for an invented office, as the pictures get it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.analysis import (
    branches,
    comparison,
    distribution,
    equating,
    evaluators,
    generalizability,
    items,
    movement,
    power,
    ranks,
    raters,
    standard_setting,
    thresholds,
    weights,
)

GRADES = ["不合格", "合格", "优秀"]
CUTS = {"优秀": 90.0, "合格": 60.0}
WEIGHTS = {"daily": 0.6, "evaluation": 0.4}
LABELS = {
    "daily": "日常考核",
    "evaluation": "民主评议",
    "bonus": "加分",
    "dues": "缴纳党费",
    "organisation_activities": "参加组织活动",
    "strict": "从严理解(全年平均须达到分数线)",
    "floored": "每项扣完为止",
    "committee": "班子成员",
    "members": "党员",
}


@dataclass(frozen=True)
class Office:
    """Members of some branches, scored twice; larger and with longer names where it is crowded."""

    branch_names: tuple[str, ...]
    members: int
    seed: int = 5

    @cached_property
    def table(self) -> pd.DataFrame:
        """The later year's table."""
        random = np.random.default_rng(self.seed)
        sizes = random.dirichlet(np.linspace(1, 4, len(self.branch_names)))
        places = random.choice(len(self.branch_names), self.members, p=sizes)
        daily = np.clip(96 - random.gamma(1.5, 4, self.members), 30, 100).round(1)
        mark = np.clip(random.normal(84, 6, self.members) + places % 4, 40, 100).round(2)
        rows = pd.DataFrame({"daily": daily, "evaluation": mark})
        rows["total"] = (rows["daily"] * 0.6 + rows["evaluation"] * 0.4).round(6)
        rows["member_id"] = [f"{number:05d}" for number in range(1, self.members + 1)]
        rows["branch"] = [self.branch_names[place] for place in places]
        rows["period"] = "2024"
        return graded(rows)

    @cached_property
    def earlier(self) -> pd.DataFrame:
        """The earlier year's: most members, other scores."""
        random = np.random.default_rng(self.seed + 1)
        rows = self.table.iloc[: -(self.members // 12)].copy()
        rows["total"] = (rows["total"] * 0.5 + 43 + random.normal(0, 5, len(rows))).round(6).clip(upper=100)
        return graded(rows)

    @cached_property
    def other(self) -> pd.DataFrame:
        """The later year under other weights."""
        rows = self.table.copy()
        rows["total"] = (rows["daily"] * 0.8 + rows["evaluation"] * 0.2).round(6)
        return graded(rows)

    @cached_property
    def some(self) -> pd.DataFrame:
        """Two components of a few members, by number."""
        return self.table.set_index("member_id")[list(WEIGHTS)].head(14)


def graded(rows: pd.DataFrame) -> pd.DataFrame:
    """Give every row the grade of its total."""
    grade = pd.cut(rows["total"], [-np.inf, 60, 90, np.inf], right=False, labels=GRADES)
    return rows.assign(grade=grade)


PLAIN = Office(tuple(f"第{number}支部" for number in "一二三四五六七八"), 240)
NUMBERS = (*"一二三四五六七八九十", "十一", "十二", "十三")
CROWDED = Office(tuple(f"某某街道某某社区第{number}网格联合党支部" for number in NUMBERS), 700, 8)
SMALL = Office(("第一支部", "第二支部"), 14, 3)


def ecdf(office: Office, by: str | None = None) -> pd.DataFrame:
    """Of the totals."""
    return distribution.ecdf(office.table, by)


def funnel(office: Office) -> pd.DataFrame:
    """Of the share of the top grade."""
    top = (office.table["grade"] == "优秀").groupby(office.table["branch"])
    return branches.funnel(top.sum(), top.size())


def rates(office: Office) -> pd.DataFrame:
    """Of the top grade."""
    return thresholds.selection_rates(office.table["grade"] == "优秀", office.table["branch"], min_n=2)


def by_member(table: pd.DataFrame, column: str) -> pd.Series:
    """Return one column by member."""
    return table.set_index("member_id")[column]


def transitions(office: Office) -> movement.Transitions:
    """Of two years' grades."""
    later = office.table.iloc[1:]
    return movement.transitions(by_member(office.earlier, "grade"), by_member(later, "grade"), GRADES)


def totals(office: Office) -> tuple[pd.Series, pd.Series]:
    """Both years' totals by member."""
    return by_member(office.earlier, "total"), by_member(office.table, "total")


def paired_change(office: Office) -> pd.DataFrame:
    """Of both years' totals, by the branch of the later; of a larger office where all branches are hidden."""
    drawn = office if office.members > 20 else PLAIN
    return movement.paired_change(*totals(drawn), by_member(drawn.table, "branch"))


def attribution(office: Office) -> pd.DataFrame:
    """As ``movement.attribution`` returns it."""
    before, after = totals(office)
    change = (after - before).dropna()
    rule = pd.Series(np.random.default_rng(1).normal(1, 1, len(change)), index=change.index)
    rows = {"before": before, "after": after, "behaviour": change - rule, "rule": rule, "total_change": change}
    return pd.DataFrame(rows).dropna().rename_axis("member_id").reset_index()


def whereabouts(office: Office) -> pd.DataFrame:
    """Of two years: some joined, some left, some changed branch."""
    later = by_member(office.table, "branch").iloc[3:].copy()
    later.iloc[::9] = office.branch_names[0]
    return movement.whereabouts(by_member(office.earlier, "branch"), later)


def livingston_lewis(office: Office) -> thresholds.LivingstonLewis:
    """Of the totals."""
    return thresholds.livingston_lewis(office.table["total"], 0.8, 0, 100, list(CUTS.values()))


def schemes(office: Office) -> pd.DataFrame:
    """Five schemes, one of which hardly agrees."""
    random, results = np.random.default_rng(2), {}
    for number, name in enumerate(
        ("community_60_40", "street_80_20", "school_framework", "乡镇分层量化方案", "strict")
    ):
        rows = office.table.copy()
        rows["total"] = (rows["total"] + random.normal(0, 3 * number, len(rows))).round(6)
        results[name] = SimpleNamespace(table=graded(rows))
    return comparison.schemes(results)


def moves(office: Office) -> comparison.Moves:
    """Under other weights."""
    return comparison.moves(SimpleNamespace(table=office.table), SimpleNamespace(table=office.other))


def why(office: Office) -> pd.DataFrame:
    """As ``comparison.why`` returns it, for a member with many differences."""
    random, parts = np.random.default_rng(4), len(office.branch_names) + 6
    names = [f"daily.organisation_activities.item_of_a_long_name_{number}" for number in range(parts)]
    differences = np.sort(random.normal(0, 2, parts))[::-1].round(3)
    order = np.argsort(-np.abs(differences), kind="stable")
    table = pd.DataFrame({"part": names, "difference": differences, "clause": "第三条"}).iloc[order]
    table = table.reset_index(drop=True)
    gap = float(table["difference"].sum())
    table.attrs = {"total_a": 91.5, "total_b": 91.5 + gap, "gap": gap, "grade_a": "优秀", "grade_b": "合格"}
    table.attrs |= {"member_id": "00001", "period": "2024"}
    return table


def records(office: Office) -> pd.DataFrame:
    """As ``comparison.records`` returns it."""
    rows = office.table.head(9)[["member_id", "period", "total", "grade"]].rename(
        columns={"total": "total_before", "grade": "grade_before"}
    )
    parts = ["daily.dues", "daily.organisation_activities", ""]
    rows["difference"] = [2.0, -3.0, 0.0] * 3
    rows["part"], rows["clause"] = parts * 3, "第三条"
    rows["total_after"] = rows["total_before"] + rows["difference"]
    rows["grade_after"] = rows["grade_before"].astype("object").where(rows["part"] != "", "优秀")
    return rows


def sweep(office: Office) -> pd.DataFrame:
    """As ``weights.sweep`` returns it."""
    grid, rows = np.linspace(0, 1, 11).round(2), []
    for weight in grid:
        totals = weight * office.table["daily"] + (1 - weight) * office.table["evaluation"]
        held = graded(pd.DataFrame({"total": totals.round(6)}))["grade"].value_counts()
        rows += [(float(weight), grade, int(held[grade])) for grade in reversed(GRADES)]
    table = pd.DataFrame(rows, columns=["weight", "grade", "n"])
    table.attrs = {"component": "daily", "against": ["evaluation"], "current": 0.6, "ungraded": {}}
    return table


def acceptability(office: Office) -> weights.Acceptability:
    """Of two components."""
    return weights.acceptability(office.table.set_index("member_id")[list(WEIGHTS)], WEIGHTS, n=200, top=10, cuts=CUTS)


def self_gap(office: Office) -> pd.DataFrame:
    """As ``evaluators.self_gap`` returns it, by branch and item."""
    random, rows = np.random.default_rng(6), []
    for branch in office.branch_names:
        for item in ("dues", "organisation_activities"):
            given = random.uniform(6, 12)
            rows.append({"branch": branch, "item": item, "n": 12, "declared": given + random.normal(0.5, 1)})
            rows[-1] |= {"given": given, "share_above": 0.5, "withheld": False}
    table = pd.DataFrame(rows)
    table.insert(5, "gap", table["declared"] - table["given"])
    return table


def survey(office: Office) -> pd.DataFrame:
    """By period and group."""
    random = np.random.default_rng(7)
    rows = [
        {"period": period, "group": group, "score": float(score), "count": 3}
        for period in ("2024H1", "2024H2")
        for group in ("committee", "members")
        for score in random.integers(1, 6, office.members // 10 + 2)
    ]
    return evaluators.survey(pd.DataFrame(rows))


def g_study(office: Office) -> pd.DataFrame:
    """Of three groups of evaluators."""
    random = np.random.default_rng(9)
    person = office.table["evaluation"].to_numpy()
    marks = {group: person + gift + random.normal(0, 2, len(person)) for group, gift in (("a", 0), ("b", 2), ("c", -1))}
    return evaluators.g_study(pd.DataFrame(marks))


def equivalents(office: Office) -> pd.DataFrame:
    """Of the members of both years; of a larger office where they are too few."""
    return equating.equivalents(*totals(office if office.members > 60 else PLAIN))


def borderline_regression(office: Office) -> tuple[standard_setting.StandardSetting, pd.DataFrame]:
    """Of ratings that go with totals, to tenths; of a larger office where members are too few."""
    table = (office if office.members > 20 else PLAIN).table
    ratings = (table["total"].rank(pct=True) * 2 + 2).round(1)
    found = standard_setting.borderline_regression(table["total"], ratings, 3.5)
    return found, standard_setting.moves(table["total"], CUTS, "优秀", found.cut)


def set_by(office: Office, method: str) -> tuple[standard_setting.StandardSetting, pd.DataFrame]:
    """Of judges with a little between them, or of a noisy half; of a larger office where members are too few."""
    totals = (office if office.members > 20 else PLAIN).table["total"]
    middle, judges = totals.median(), [-1.0, 0.0, 0.5, 1.5]
    if method == "angoff":
        found = standard_setting.angoff(pd.DataFrame([[0.9 + step / 100, 0.9] for step in judges]), pd.Series([60, 40]))
    elif method == "hofstee":
        bounds = [(middle - 4 + step, middle + 5 + step, 0.05, 0.95) for step in judges]
        found = standard_setting.hofstee(totals, pd.DataFrame(bounds, columns=list(standard_setting.BOUNDS)))
    else:
        worthy = totals.rank(method="first") % 10 < 10 * totals.rank(pct=True)
        found = standard_setting.contrasting_groups(totals, worthy, alike=True)
    return found, standard_setting.moves(totals, CUTS, "优秀", found.cut)


def choices(office: Office) -> pd.DataFrame:
    """As ``sensitivity.choices`` returns it."""
    names = ["cut.优秀", "weights", "reading", "missing", "cut.合格"]
    total = np.array([0.74, 0.46, 0.08, 0.03, 0.0])
    rows = {"factor": names, "first": total / 2, "total": total, "moved": total / 9}
    table = pd.DataFrame(rows | {"total_low": total * 0.9, "total_high": total * 1.2})
    table.attrs = {"members": len(office.table), "still": len(office.table) // 2, "shares": 0.05, "cuts": 1.0}
    table.attrs["readings"] = ["strict"]
    return table


def d_study(office: Office) -> pd.DataFrame:
    """Of three groups of evaluators, in one period."""
    return generalizability.d_study(g_study(office), range(1, 9), distances=(office.table["total"] - 90).abs())


def leniency(office: Office) -> pd.DataFrame:
    """Of the marks; one branch has few evaluators."""
    table = evaluators.leniency(office.table)
    few = pd.array([True] + [False] * (len(table) - 1), dtype="boolean")
    found = table.assign(voters=12.0, few_voters=few)
    found.attrs = table.attrs
    return found


def rated(office: Office) -> pd.DataFrame:
    """Three groups' marks; in the first branch most rows repeat each other."""
    random = np.random.default_rng(13)
    person = office.table["evaluation"].to_numpy()[:, None]
    marks = pd.DataFrame((person + random.normal(0, 3, (office.members, 3))).round(), columns=["a", "b", "c"])
    marks.index = pd.Index(office.table["member_id"])
    first = np.flatnonzero(office.table["branch"] == office.branch_names[0])[:8]
    marks.iloc[first[4:]] = marks.iloc[first[: len(first[4:])]].to_numpy()
    return marks


def concordance(office: Office) -> pd.DataFrame:
    """Of three groups of evaluators."""
    return raters.concordance(rated(office), draws=19)


def repeated_rows(office: Office) -> pd.DataFrame:
    """Of the same, by branch."""
    return raters.repeated_rows(rated(office), by_member(office.table, "branch"), draws=9)


def item_marks(office: Office) -> pd.DataFrame:
    """Five items of ten points: one held in full by all, one harder in the first branch."""
    random = np.random.default_rng(12)
    ability = random.normal(0, 1, office.members)
    names = ["dues", "organisation_activities", "basic_duties", "key_work"]
    lost = {
        name: random.normal(0, 1, office.members) - ability > hard
        for name, hard in zip(names, (1, 0.5, 0, 1.5), strict=True)
    }
    marks = pd.DataFrame(lost, index=office.table["member_id"]).astype("float64").mul(-4).add(10)
    away = (office.table["branch"] == office.branch_names[0]).to_numpy()
    marks.loc[away, "dues"] = 6.0
    return marks.assign(family=10.0)


def item_analysis(office: Office) -> pd.DataFrame:
    """Of five items."""
    return items.item_analysis(item_marks(office))


def differential_functioning(office: Office) -> pd.DataFrame:
    """Of the same, by branch; where no two branches are large enough to be compared, by halves."""
    branch = by_member(office.table, "branch")
    halves = pd.Series(["甲半", "乙半"] * len(branch), dtype="str")[: len(branch)].set_axis(branch.index)
    return items.differential_functioning(
        item_marks(office), branch if (branch.value_counts() >= 5).sum() > 1 else halves
    )


def rank_intervals(office: Office) -> pd.DataFrame:
    """Of the branches' mean totals."""
    totals = office.table.groupby("branch")["total"]
    return ranks.intervals(totals.mean(), totals.sem())


def smallest_gap(office: Office) -> pd.DataFrame:
    """Between the branches, each of five members at least."""
    return power.smallest_gap(office.table.groupby("branch").size().clip(lower=5), sd=4.0)


def partial(office: Office) -> pd.DataFrame:
    """As ``evaluators.partial`` returns it."""
    low = np.linspace(1.5, -2.5, 9)
    rows = office.table[["member_id", "period", "branch"]].head(9).assign(component="evaluation", item="review")
    rows = rows.assign(missing="committee", given=34.0, gain_low=low, gain_high=low + 1)
    rows["stands"] = np.select([low > 0, low + 1 < 0], ["gained", "lost"], "open")
    rows.attrs = {"evaluated": len(office.table)}
    return rows


def near_cut(office: Office) -> pd.DataFrame:
    """As ``thresholds.near_cut`` returns it; of a larger office where too few are close to be drawn."""
    table = (office if office.members > 20 else PLAIN).table
    close = table[table["total"].between(88.5, 90, inclusive="left")]
    columns = {"distance": 90 - close["total"], "item": "daily.dues", "lost": 2.0}
    return close[["member_id", "period", "branch", "total", "grade"]].assign(**columns)


def readings(office: Office) -> pd.DataFrame:
    """As ``thresholds.readings`` returns it."""
    who = [*office.table["member_id"].head(7), office.table["member_id"].iloc[0]]
    table = pd.DataFrame({"variant": ["strict"] * 7 + ["floored"], "member_id": who})
    table.attrs = {"summary": {"strict": 7, "floored": 1, "bonus_in_daily": 0, "whole_marks": 10 * office.members}}
    return table


def quota_audit(office: Office) -> pd.DataFrame:
    """As ``thresholds.quota_audit`` returns it."""
    lost = office.table[office.table["grade"] == "合格"].head(9)
    kept = {"tied": False, "kept_if_rounded": [n % 3 == 0 for n in range(len(lost))], "kept_if_ceiling": True}
    return lost[["member_id", "period"]].assign(group=lost["branch"], **kept, kept_if_pooled=False)


def swap_points(office: Office) -> pd.DataFrame:
    """Of a few members."""
    table: Any = weights.swap_points(office.some)
    assert isinstance(table["weight"].iloc[0], Fraction)
    return table


def tenths(office: Office) -> pd.DataFrame:
    """Return what tenths of the year before gained, each of five members at least: smaller ones are not drawn."""
    table = movement.regression_to_mean(*totals(office))
    return table.assign(n=table["n"].clip(lower=5))
