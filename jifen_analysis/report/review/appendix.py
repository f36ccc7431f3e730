"""Everything behind the first page: branches, lines, outcomes, data, the scheme, methods, origin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from jifen_analysis.analysis import branches, evaluators, movement, thresholds
from jifen_analysis.charts import branches as draw_branches
from jifen_analysis.charts import evaluators as draw_evaluators
from jifen_analysis.charts import movement as draw_movement
from jifen_analysis.errors import UsageError
from jifen_analysis.intake import coverage
from jifen_analysis.periods import Period
from jifen_analysis.report.manifest import stated
from jifen_analysis.report.review.facts import Facts
from jifen_analysis.report.review.model import Block, Picture, Section, Table
from jifen_analysis.report.summary import by_number
from jifen_analysis.vocabulary import standard

HIDDEN = "*"

# ---------------------------------------------------------------- branches


def branch_table(facts: Facts) -> Table:
    """各支部等次: what the first page draws, in figures."""
    say, counts = facts.voice.say, facts.by_branch
    headers = (say("党支部", "branch"), *map(str, counts))
    names = [str(name) for name in counts.index[:-1]] + [say("合计", "all")]
    rows = tuple((name, *(_shown(count) for count in row)) for name, row in zip(names, counts.to_numpy(), strict=True))
    headers = (*headers[:-1], say("评出等次", "graded"))
    return Table(say("各支部等次人数", "Grades by branch"), headers, rows, len(headers) - 1, _hidden_note(facts, rows))


def _shown(count: Any) -> str:
    return HIDDEN if pd.isna(count) else str(count)


def _hidden_note(facts: Facts, rows: Iterable[tuple[str, ...]]) -> str:
    if not any(HIDDEN in row for row in rows):
        return ""
    return facts.voice.say(
        f"{HIDDEN} 不足{facts.least}人,或为防止由合计推算而一并不予显示",
        f"{HIDDEN} fewer than {facts.least} members, or hidden so that totals do not give them back",
    )


def branch_means(facts: Facts) -> Picture:
    """各支部平均分, drawn towards the mean of all by size."""
    say = facts.voice.say
    scored = facts.ranked
    table = branches.shrunken_means(scored["total"], scored["branch"])
    seen = _only(table, _averaged(facts, scored))
    high, low = seen["shrunken"].idxmax(), seen["shrunken"].idxmin()
    sentence = say(
        f"计入人数之后,平均分最高的是{high}({seen['shrunken'].max():.1f}分),最低的是{low}({seen['shrunken'].min():.1f}分);"
        f"总分差别的{table.attrs['icc']:.0%}在支部之间。",
        f"Size considered, {high} has the highest mean ({seen['shrunken'].max():.1f}), {low} the lowest "
        f"({seen['shrunken'].min():.1f}); {table.attrs['icc']:.0%} of the variance lies between branches.",
    )
    figure = draw_branches.shrunken_means(seen, **facts.style)
    return Picture("branch_means", say("各支部平均分", "Mean totals by branch"), sentence, figure)


def _only(table: pd.DataFrame, kept: Iterable[str]) -> pd.DataFrame:
    seen = table[table.index.isin(list(kept))]
    seen.attrs = table.attrs
    if len(seen) < 2:
        raise UsageError("各支部:可显示的不足两个", "branches: fewer than two may be shown")
    return seen


def _averaged(facts: Facts, rows: pd.DataFrame) -> list[str]:
    """Return the branches whose averages may be shown; together with that of all they give no small group back."""
    sizes = rows.groupby("branch").size().sort_values(kind="stable")
    rest = sizes[sizes.index.isin(facts.agrees(sizes)) & (sizes >= facts.least)]
    small = sizes.drop(rest.index)
    while 0 < small.sum() < facts.least and len(rest):
        small, rest = pd.concat([small, rest.iloc[:1]]), rest.iloc[1:]
    return [str(name) for name in rest.index]


def gentle_marks(facts: Facts) -> Picture:
    """评议宽严 by branch."""
    say = facts.voice.say
    name = "evaluation" if "evaluation" in facts.book.components else ""
    if not name:
        raise UsageError("评议宽严:本方案没有民主评议分项", "gentle marks: the scheme has no evaluation component")
    own = facts.inside.groupby("member_id")[name].mean()
    marked = facts.ranked.assign(**{name: facts.ranked["member_id"].map(own)}).dropna(subset=name)
    table = evaluators.leniency(marked, name).set_index("branch")
    seen = _only(table, _averaged(facts, marked)).rename_axis("branch").reset_index()
    seen.attrs = table.attrs
    high = seen.sort_values("difference", kind="stable").iloc[-1]
    sentence = say(
        f"评议最宽的是{high['branch']},平均比全体高{high['difference']:.1f}分;评议分差别的{table.attrs['eta2']:.0%}在支部之间。",
        f"{high['branch']} marks most gently, {high['difference']:.1f} above all; "
        f"{table.attrs['eta2']:.0%} of the variance of marks lies between branches.",
    )
    figure = draw_evaluators.leniency(seen, **facts.style)
    return Picture("gentle_marks", say("各支部评议宽严", "How gently branches mark"), sentence, figure)


# ---------------------------------------------------------------- movement


def back_to_mean(facts: Facts) -> Picture:
    """回归均值: did the lowest really improve."""
    say = facts.voice.say
    if facts.before is None:
        raise UsageError("回归均值:没有上一年", "regression to the mean: there is no year before")
    before, after = (rows.set_index("member_id")["total"] for rows in (facts.before, facts.now))
    table = movement.regression_to_mean(before, after)
    if (table["n"] < facts.least).any():
        raise UsageError("回归均值:每十分之一不足5人", "regression to the mean: a tenth has fewer than 5 members")
    low = table.iloc[0]
    sentence = say(
        f"上年得分最低的十分之一平均变动{low['observed']:+.1f}分,仅回归均值就应有{low['expected']:+.1f}分。",
        f"The lowest tenth of last year moved by {low['observed']:+.1f}; falling back to the mean alone "
        f"would have brought {low['expected']:+.1f}.",
    )
    figure = draw_movement.regression_to_mean(table, **facts.style)
    return Picture("back_to_mean", say("低分者是否真有进步", "Did the lowest improve"), sentence, figure)


# ---------------------------------------------------------------- lines and quotas


def near_line(facts: Facts) -> Block:
    """临线人数: within a point of the next grade."""
    say = facts.voice.say
    close = thresholds.near_cut(_Inside(facts), margin=1)
    counts = close.groupby(["period", "grade_by_total"], observed=True).size().rename("n").reset_index()
    rows = tuple(
        (_period(facts, period), str(grade), _count(facts, n if _told(facts, period, str(grade)) else pd.NA))
        for period, grade, n in counts.itertuples(index=False, name=None)
        if n
    )
    headers = (say("考核期", "period"), say("按分等次", "grade by total"), say("差1分以内", "within 1 point"))
    if not rows:
        return say("没有人距上一等次1分以内。", "Nobody is within a point of the next grade.")
    return Table(say("临线人数", "Within a point of the next grade"), headers, rows, 1, _hidden_note(facts, rows))


def _told(facts: Facts, period: str, grade: str) -> bool:
    """Return whether the figures of the same totals tell how many lie within a point of the next grade."""
    if facts.with_names or period != facts.period:
        return True
    cut = facts.cuts[facts.grades[facts.grades.index(grade) - 1]]
    return {cut - 1, cut} <= set(facts.marks)


def quota(facts: Facts) -> Block:
    """名额核查: who met the line and lost to the quota."""
    say = facts.voice.say
    if not any(grade.quota for grade in facts.book.grades.values()):
        return say("本方案的等次没有名额限制。", "The scheme's grades have no quota.")
    lost = thresholds.quota_audit(_Inside(facts))
    rows = tuple((what, _count(facts, n)) for what, n in _quota_counts(facts, lost).items())
    headers = (say("情形", "case"), say("人次", "cases"))
    return Table(say("名额核查", "Quota audit"), headers, rows, 1, _hidden_note(facts, rows))


def _quota_counts(facts: Facts, lost: pd.DataFrame) -> Mapping[str, Any]:
    """Count those lost, and which part of them; a part is hidden where few are not in it.

    All are hidden where the others who reach a line without its grade, for a clause forced another, would be few.
    """
    say = facts.voice.say
    n = len(lost)
    parts = {
        say("其中因并列", "of these by a tie"): int(lost["tied"].sum()),
        say("名额如四舍五入则可保留", "kept if places were rounded"): int(lost["kept_if_rounded"].sum()),
        say("名额如全体统算则可保留", "kept if places were pooled"): int(lost["kept_if_pooled"].sum()),
    }
    shown = {what: part if facts.shown(n - part) is not None else pd.NA for what, part in parts.items()}
    counts = {say("达线而未得名额", "met the line, lost to the quota"): n, **shown}
    return dict.fromkeys(counts, pd.NA) if _few_others(facts, lost) else counts


def _few_others(facts: Facts, lost: pd.DataFrame) -> bool:
    """Return whether few reach a line without its grade for another cause than the quota, such as a forced grade."""
    place = {grade: at for at, grade in enumerate(facts.grades)}
    mine = lost[lost["period"] == facts.period]
    was, is_now = (mine[name].astype("object").map(place) for name in ("grade_by_total", "grade"))
    for grade, count in facts.beyond.items():
        n = int(((was <= place[grade]) & (is_now > place[grade])).sum())
        if n and facts.shown(abs(count - n)) is None:
            return True
    return False


def readings(facts: Facts) -> Block:
    """文义歧义: how many each reading of the text would move."""
    say, scheme = facts.voice.say, facts.result.scheme
    if facts.result.records is None or not scheme.book.readings:
        return say("本方案没有登记其他读法。", "The scheme lists no other readings.")
    unread = [name for name in scheme.book.readings if name not in scheme.applied]
    table = thresholds.readings(facts.result.records, scheme)
    moved = table[table["period"].str.startswith(str(facts.year))].groupby("variant").member_id.nunique()
    titles = {name: scheme.book.readings[name].title or name for name in unread}
    rows = tuple((title, _count(facts, int(moved.get(name, 0)))) for name, title in titles.items())
    headers = (say("另一种读法", "reading"), say("等次变动人数", "members whose grade changes"))
    return Table(
        say("文义不同读法的影响", "What other readings would move"), headers, rows, 1, _hidden_note(facts, rows)
    )


class _Inside:
    """The result, the year's periods only."""

    def __init__(self, facts: Facts) -> None:
        self.scheme, self.table = facts.result.scheme, facts.inside
        ledger = facts.result.ledger
        self.ledger = ledger[ledger["period"].isin(facts.inside["period"].unique())]


def _count(facts: Facts, count: Any) -> str:
    return _shown(facts.shown(count) if facts.shown(count) is not None else pd.NA)


def _period(facts: Facts, code: str) -> str:
    return Period.parse(code).label(facts.voice.lang)


# ---------------------------------------------------------------- outcomes


def outcomes(facts: Facts) -> Table:
    """结果运用: members with each outcome, this year and last."""
    say = facts.voice.say
    counts = _outcome_counts(facts)
    rows = tuple(
        (
            one.title or name,
            one.decided_by,
            *(_count(facts, counts.get((year, name), 0)) for year in (facts.year - 1, facts.year)),
        )
        for name, one in facts.book.outcomes.items()
    )
    years = [say(f"{year}年(人)", f"members, {year}") for year in (facts.year - 1, facts.year)]
    headers = (say("结果运用", "outcome"), say("决定机构", "decided by"), *years)
    title = say("结果运用(建议,由有关会议研究决定)", "Outcomes (proposed; a meeting decides)")
    return Table(title, headers, rows, 2, _hidden_note(facts, rows))


def _outcome_counts(facts: Facts) -> Mapping[tuple[int, str], int]:
    found = facts.result.outcomes
    keyed = found.assign(year=found["period"].str[:4].astype("int64")).drop_duplicates(["year", "outcome", "member_id"])
    sizes = keyed.groupby(["year", "outcome"]).size().rename("n").reset_index()
    return {(year, outcome): n for year, outcome, n in sizes.itertuples(index=False, name=None)}


def lists(facts: Facts) -> Iterable[Table]:
    """名单, for internal use: a table for every outcome of the year."""
    found = facts.result.outcomes
    held = found[found["period"].str.startswith(str(facts.year))]
    people = facts.now.set_index("member_id")[["name", "branch"]]
    for name, one in facts.book.outcomes.items():
        rows = held[held["outcome"] == name].join(people, on="member_id")
        if len(rows):
            yield Table(one.title or name, _list_headers(facts), tuple(_list_rows(facts, rows)))


def _list_headers(facts: Facts) -> tuple[str, ...]:
    return tuple(facts.voice.say("党支部,姓名,考核期,事由", "branch,name,period,reason").split(","))


def _list_rows(facts: Facts, rows: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    columns = ["branch", "member_id", "period", "name", "reason"]
    listed = list(rows[columns].astype("object").fillna("").itertuples(index=False, name=None))
    ordered = sorted(listed, key=lambda row: (by_number(row[0]), row[1], row[2]))
    return ((branch, name, _period(facts, period), reason) for branch, _, period, name, reason in ordered)


# ---------------------------------------------------------------- data


def submitted(facts: Facts) -> Table:
    """报送情况: how many branches sent each table, and how many records."""
    say = facts.voice.say
    covered = coverage(facts.check or facts.result.records)  # type: ignore[arg-type] # one of them is always there
    known = covered[(covered["table"] != "") & (covered["branch"] != "")]
    rows = []
    for name, part in known.groupby("table", sort=False):
        sent = int((part["state"] == "reported").sum())
        # The roster less those assessed would be those who are not: few, often.
        records = HIDDEN if name == "members" and facts.least else f"{part['records'].sum():,}"
        rows.append((standard().tables[str(name)].said(facts.voice.lang), f"{sent}/{len(part)}", records))
    headers = (say("表", "table"), say("已报支部", "branches reporting"), say("记录数", "records"))
    return Table(say("报送情况", "What was sent"), headers, tuple(rows), 2)


def left_out(facts: Facts) -> list[str]:
    """未计入的: branches, exempt and pending members, problems."""
    say, check = facts.voice.say, facts.check
    states = facts.now["state"].value_counts()
    branches_out = facts.voice.listed(list(check.branches)) if check and check.branches else say("无", "none")
    errors, notes = (len(check.errors), len(check.notes)) if check else (0, 0)
    said = [
        say(f"未计入的支部:{branches_out}。", f"Branches left out: {branches_out}."),
        say(f"查验发现错误{errors}处、提示{notes}处。", f"Checking found {errors} errors and {notes} notes."),
    ]
    for state, zh, en in (("pending", "待评", "Pending"), ("exempt", "免考核", "Exempt")):
        count = facts.shown(states.get(state, 0))
        n = say(f"不足{facts.least}人", f"fewer than {facts.least}") if count is None else facts.voice.people(count)
        said.append(say(f"{zh}:{n}。缺项不按零分计。" if state == "pending" else f"{zh}:{n}。", f"{en}: {n}."))
    return said


# ---------------------------------------------------------------- scheme, methods, origin

METHODS = (
    ("小组不予显示与连带隐去", "Hundepool 等(2012)Statistical Disclosure Control", "cell suppression"),
    ("支部比例的漏斗图与离散校正", "Spiegelhalter(2005)Statistics in Medicine 24", "funnel limits"),
    ("支部平均分的收缩估计", "随机截距模型,REML", "shrunken means"),
    ("线上人数与平滑分布", "Chetty等(2011);Kleven(2016)", "bunching, by a counterfactual density"),
    ("分项的实际权重", "Paruolo, Saisana & Saltelli(2013)JRSS A 176", "covariance share of components"),
    ("回归均值", "Galton(1886);Barnett 等(2005)", "regression to the mean"),
    ("中位数与四分位", "线性插值", "quantiles, linear"),
)


def methods(facts: Facts) -> Table:
    """方法与来源."""
    say = facts.voice.say
    rows = tuple((say(zh, en), source) for zh, source, en in METHODS)
    return Table(say("方法与来源", "Methods and sources"), (say("方法", "method"), say("来源", "source")), rows)


def scheme_words(facts: Facts) -> tuple[str, ...]:
    """方案, in words."""
    return tuple(line for line in facts.result.scheme.describe(facts.voice.lang).split("\n") if line.strip())


def made_from(facts: Facts) -> Table:
    """来历: scheme, variants, version, hashes."""
    say = facts.voice.say
    rows = tuple(stated(facts.made, facts.voice.lang))
    return Table(say("来历", "Origin"), (say("项目", "what"), say("内容(校验值为SHA-256)", "content (SHA-256)")), rows)


def appendix(facts: Facts, refused: Iterable[str]) -> tuple[Section, ...]:
    """Return the appendix; ``refused`` says which figures of the first page could not be drawn."""
    say = facts.voice.say
    reasons = list(refused)
    names = [Section(say("名单(内部使用)", "Lists (internal use)"), tuple(lists(facts)))] if facts.with_names else []
    parts = [
        (say("支部", "Branches"), _drawn(facts, reasons, branch_table, branch_means, gentle_marks)),
        (say("等次线与名额核查", "Lines and quotas"), _drawn(facts, reasons, near_line, quota, readings)),
        (say("升降", "Movement"), _drawn(facts, reasons, back_to_mean)),
        (say("结果运用", "Outcomes"), _drawn(facts, reasons, outcomes)),
    ]
    data: tuple[Block, ...] = (*left_out(facts), submitted(facts), *reasons)
    about = [
        Section(say("数据与未计入的", "Data, and what was left out"), data),
        Section(say("方案说明", "The scheme in words"), scheme_words(facts)),
        Section(say("方法与来源", "Methods and sources"), (methods(facts), made_from(facts))),
    ]
    return (*(Section(title, blocks) for title, blocks in parts if blocks), *names, *about)


def _drawn(facts: Facts, reasons: list[str], *makers: Callable[[Facts], Block]) -> tuple[Block, ...]:
    found: list[Block] = []
    for make in makers:
        try:
            found.append(make(facts))
        except UsageError as refusal:
            reasons.append(refusal.message(facts.voice.lang))
    return tuple(found)
