"""Everything behind the first page: branches, lines, outcomes, data, the scheme, methods, origin."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any

import pandas as pd

from jifen_analysis.analysis import branches, evaluators, movement
from jifen_analysis.charts import branches as draw_branches
from jifen_analysis.charts import evaluators as draw_evaluators
from jifen_analysis.charts import movement as draw_movement
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import Finding
from jifen_analysis.findings import branches as say_branches
from jifen_analysis.findings import evaluators as say_evaluators
from jifen_analysis.findings import movement as say_movement
from jifen_analysis.findings.evaluators import means_and_marks
from jifen_analysis.intake import coverage
from jifen_analysis.report.manifest import brief_settled
from jifen_analysis.report.privacy import apart, round_counts
from jifen_analysis.report.review.both_ends import both_ends, name_ends
from jifen_analysis.report.review.cells import count_text, hidden_note, period_label
from jifen_analysis.report.review.lines import near_line, quota, readings
from jifen_analysis.report.review.model import Block, Picture, Section, Table
from jifen_analysis.report.review.partial import partial_marks
from jifen_analysis.report.review.review_data import ReviewData
from jifen_analysis.report.review.summary_page import make_picture
from jifen_analysis.report.summary import by_number
from jifen_analysis.schemes.model import EvaluationItem, Outcome
from jifen_analysis.schemes.model.phrases import Speech, condition_text
from jifen_analysis.vocabulary import standard

# ---------------------------------------------------------------- branches


def branch_table(facts: ReviewData) -> Table:
    """各支部等次: what the first page draws, in figures."""
    say, counts = facts.voice.say, facts.by_branch
    if not facts.now["grade"].notna().any():
        raise UsageError("各支部等次人数:全年没有人评出等次", "grades by branch: nobody has a grade for the year")
    headers = [say("党支部", "branch"), *map(str, counts)]
    names = [str(name) for name in counts.index[:-1]] + [say("合计", "all")]
    rows = tuple(
        (name, *(count_text(count) for count in row)) for name, row in zip(names, counts.to_numpy(), strict=True)
    )
    headers[-1] = say("评出等次", "graded")
    return Table(
        say("各支部等次人数", "Grades by branch"), tuple(headers), rows, len(headers) - 1, hidden_note(facts, rows)
    )


# ---------------------------------------------------------------- outcomes


def outcome_table(facts: ReviewData) -> Table:
    """结果运用: members with each outcome, this year and, where there is one, last.

    None is told that leaves few of another number told.
    """
    say = facts.voice.say
    known = {facts.year - 1: facts.before, facts.year: facts.now}
    standings = {year: rows for year, rows in known.items() if rows is not None}
    told = [_outcome_counts(facts, year, rows) for year, rows in standings.items()]
    rows = tuple(
        (one.title or name, one.decided_by, *(count_text(counts[name]) for counts in told))
        for name, one in facts.book.outcomes.items()
    )
    what = (say("结果运用", "outcome"), say("决定机构", "decided by"))
    headers = (*what, *(say(f"{year}年（人）", f"members, {year}") for year in standings))
    title = say("结果运用（建议，由有关会议研究决定）", "Outcomes (proposed; a meeting decides)")
    return Table(title, headers, rows, len(standings), hidden_note(facts, rows))


def _outcome_counts(facts: ReviewData, year: int, standing: pd.DataFrame) -> Mapping[str, Any]:
    """Count the members of each outcome in a year; hidden ones are missing."""
    found = facts.result.outcomes
    inside = found[found["period"].str[:4] == str(year)]
    held = {name: frozenset(inside.loc[inside["outcome"] == name, "member_id"]) for name in facts.book.outcomes}
    grades = [standing["grade"].astype("object") == grade for grade in facts.grades]
    wholes = [standing["state"] == "assessed", standing["grade"].notna(), *grades, *_best(grades)]
    told = apart(held, [frozenset(standing.loc[whole, "member_id"]) for whole in wholes], facts.least)
    return {name: len(members) if name in told else pd.NA for name, members in held.items()}


def _best(grades: list[pd.Series]) -> list[pd.Series]:
    """Return who holds the best grade, it or the next, and so on."""
    return list(accumulate(grades, operator.or_))


def lists(facts: ReviewData) -> Iterable[Table]:
    """名单, for internal use: a table for every outcome of the year."""
    found = facts.result.outcomes
    held = found[found["period"].str.startswith(str(facts.year))]
    people = facts.now.set_index("member_id")[["name", "branch"]]
    for name, one in facts.book.outcomes.items():
        rows = held[held["outcome"] == name].join(people, on="member_id")
        if len(rows):
            yield Table(one.title or name, _list_headers(facts), tuple(_list_rows(facts, rows, one)))


def _list_headers(facts: ReviewData) -> tuple[str, ...]:
    headers = (("党支部", "branch"), ("姓名", "name"), ("考核期", "period"), ("事由", "reason"))
    return tuple(facts.voice.say(*header) for header in headers)


def _list_rows(facts: ReviewData, rows: pd.DataFrame, outcome: Outcome) -> Iterable[tuple[str, ...]]:
    said = _in_words(facts, outcome)
    columns = ["branch", "member_id", "period", "name", "reason"]
    listed = list(rows[columns].astype("object").fillna("").itertuples(index=False, name=None))
    ordered = sorted(listed, key=lambda row: (by_number(row[0]), row[1], row[2]))
    for branch, _, period, name, reason in ordered:
        why = facts.voice.say(";", "; ").join(said.get(part, part) for part in reason.split(";"))
        yield branch, name, period_label(facts, period), why


def _in_words(facts: ReviewData, outcome: Outcome) -> Mapping[str, str]:
    """Return the conditions of an outcome, which its frame has in Chinese, in the language of the review."""
    given, wanted = (Speech(facts.book, facts.result.scheme.words, lang) for lang in ("zh", facts.voice.lang))
    return {condition_text(one, given): condition_text(one, wanted) for one in (*outcome.all, *outcome.any)}


# ---------------------------------------------------------------- data


def submission_table(facts: ReviewData) -> Table:
    """报送情况: how many branches sent each table, and about how many records."""
    say = facts.voice.say
    covered = coverage(facts.check or facts.result.records)  # type: ignore[arg-type] # one of them is always there
    known = covered[(covered["table"] != "") & (covered["branch"] != "")]
    rows = []
    for name, part in known.groupby("table", sort=False):
        sent = int((part["state"] == "reported").sum())
        records = _about(facts, str(name), int(part["records"].sum()))
        rows.append((standard().tables[str(name)].said(facts.voice.lang), f"{sent}/{len(part)}", records))
    headers = (say("表", "table"), say("已报支部", "branches reporting"), say("记录数", "records"))
    note = say(
        "花名册一人一行，行数即人数，不另列", "The roster has a row for each member: their number is told above alone."
    )
    return Table(say("报送情况", "What was sent"), headers, tuple(rows), 2, note if facts.least else "")


def _about(facts: ReviewData, table: str, records: int) -> str:
    """Return a number of records; rounded, for one a member would count the members, and so those not assessed."""
    if not facts.least:
        return f"{records:,}"
    if table == "members":
        return "—"
    few = facts.voice.say(f"不足{_ROUND}", f"under {_ROUND}")
    return few if records < _ROUND else facts.voice.say("约", "about ") + f"{round(records / _ROUND) * _ROUND:,}"


_ROUND = 100
"""To what numbers of records are rounded."""


def left_out(facts: ReviewData) -> list[str]:
    """未计入的: branches, exempt and pending members, problems."""
    say, check = facts.voice.say, facts.check
    states = facts.now["state"].value_counts()
    branches_out = facts.voice.listed(list(check.branches)) if check and check.branches else say("无", "none")
    errors, notes = (len(check.errors), len(check.notes)) if check else (0, 0)
    said = [
        say(f"未计入的支部：{branches_out}。", f"Branches left out: {branches_out}."),
        say(f"查验发现错误{errors}处、提示{notes}处。", f"Checking found {errors} errors and {notes} notes."),
    ]
    for state, zh, en in (("pending", "待评", "Pending"), ("exempt", "免考核", "Exempt")):
        count = facts.sayable(states.get(state, 0))
        n = say(f"不足{facts.least}人", f"fewer than {facts.least}") if count is None else facts.voice.people(count)
        said.append(say(f"{zh}：{n}。缺项不按零分计。" if state == "pending" else f"{zh}：{n}。", f"{en}: {n}."))
    return said


# ---------------------------------------------------------------- scheme, methods, origin

METHODS = (
    (
        Text("小组不予显示与连带隐去", "cell suppression"),
        Text(
            "Hundepool 等(2012)Statistical Disclosure Control", "Hundepool et al. (2012) Statistical Disclosure Control"
        ),
    ),
    (
        Text("支部比例的漏斗图与离散校正", "funnel limits"),
        Text("Spiegelhalter(2005)Statistics in Medicine 24", "Spiegelhalter (2005) Statistics in Medicine 24"),
    ),
    (Text("支部平均分的收缩估计", "shrunken means"), Text("随机截距模型,REML", "random intercept, REML")),
    (
        Text("线上人数与平滑分布", "bunching, by a counterfactual density"),
        Text("Chetty等(2011);Kleven(2016)", "Chetty et al. (2011); Kleven (2016)"),
    ),
    (
        Text("分项的实际权重", "covariance share of components"),
        Text("Paruolo, Saisana & Saltelli(2013)JRSS A 176", "Paruolo, Saisana & Saltelli (2013) JRSS A 176"),
    ),
    (
        Text("回归均值", "regression to the mean"),
        Text("Galton(1886);Barnett 等(2005)", "Galton (1886); Barnett et al. (2005)"),
    ),
    (Text("中位数与四分位", "quantiles, linear"), Text("线性插值", "linear interpolation")),
)


def methods(facts: ReviewData) -> Table:
    """方法与来源."""
    say = facts.voice.say
    rows = tuple((say(what.zh, what.en), say(source.zh, source.en)) for what, source in METHODS)
    return Table(say("方法与来源", "Methods and sources"), (say("方法", "method"), say("来源", "source")), rows)


def scheme_words(facts: ReviewData) -> tuple[str, ...]:
    """方案, in words."""
    return tuple(line for line in facts.result.scheme.describe(facts.voice.lang).split("\n") if line.strip())


def made_from(facts: ReviewData) -> str:
    """来历, in a line: the hashes stand in the file's properties and in the manifest."""
    made = facts.origin
    n, version = len(made["inputs"]), f"{made['program']} {made['version']}"
    zh, en = (brief_settled(made, lang) for lang in ("zh", "en"))
    return facts.voice.say(
        (f"按对照表：{zh}。" if zh else "")
        + f"由{version}据{n}个数据文件编制，方案校验值{made['scheme_sha256'][:12]}…；全部校验值在文件属性中，"
        "或用 --manifest 另存。",
        (f"By the correspondence table: {en}. " if en else "")
        + f"Made by {version} from {n} files; hash of the scheme {made['scheme_sha256'][:12]}…; all hashes stand in "
        "the properties of the file, or beside it with --manifest.",
    )


def appendix(facts: ReviewData, refused: Iterable[str]) -> tuple[Section, ...]:
    """Return the appendix; ``refused`` says which figures in front could not be drawn."""
    say = facts.voice.say
    reasons = list(refused)
    names = [Section(say("名单（内部使用）", "Lists (internal use)"), tuple(lists(facts)))] if facts.with_names else []
    parts = [
        (say("支部", "Branches"), _drawn(facts, reasons, branch_table, branch_means, gentle_marks, partial_marks)),
        (say("等次线与名额核查", "Lines and quotas"), _drawn(facts, reasons, near_line, quota, readings)),
        (say("升降", "Movement"), _drawn(facts, reasons, back_to_mean)),
        (say("结果运用", "Outcomes"), _drawn(facts, reasons, outcome_table)),
    ]
    data: tuple[Block, ...] = (
        *left_out(facts),
        submission_table(facts),
        *dict.fromkeys(say(one, one) for one in reasons),
        made_from(facts),
    )
    about = [
        Section(say("数据与未计入的", "Data, and what was left out"), data),
        Section(say("方法与来源", "Methods and sources"), (methods(facts),), folded=True),
        Section(say("方案说明", "The scheme in words"), scheme_words(facts), folded=True),
    ]
    return (*(Section(title, blocks) for title, blocks in parts if blocks), *names, *about)


def _drawn(facts: ReviewData, reasons: list[str], *makers: Callable[[ReviewData], Block]) -> tuple[Block, ...]:
    found: list[Block] = []
    for make in makers:
        try:
            found.append(make(facts))
        except UsageError as refusal:
            reasons.append(facts.reason(refusal))
    return tuple(found)


# ---------------------------------------------------------------- people


def branch_means(facts: ReviewData) -> Picture:
    """各支部平均分, drawn towards the mean of all by size; who also marks gently is said with it."""
    whole, seen = _means(facts)
    found = [say_branches.shrunken_means(seen, hidden=len(whole) - len(seen))]
    drawn = both_ends(seen, seen["shrunken"])
    figure = draw_branches.shrunken_means(drawn, **facts.style)
    title = name_ends(Text("各支部平均分", "Mean totals by branch"), drawn, seen)
    return make_picture(facts, "branch_means", title, found, figure)


def _means(facts: ReviewData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the means of all branches, and those that may be shown."""
    whole = branches.shrunken_means(facts.ranked["total"], facts.ranked["branch"])
    return whole, _only(whole, _averaged(facts, facts.ranked))


def _only(table: pd.DataFrame, kept: Iterable[str]) -> pd.DataFrame:
    seen = table[table.index.isin(list(kept))]
    if len(seen) < 2:
        raise UsageError("各支部:可显示的不足两个", "branches: fewer than two may be shown")
    return seen


def _averaged(facts: ReviewData, rows: pd.DataFrame) -> list[str]:
    """Return the branches whose averages may be shown; together with that of all they give no small group back."""
    sizes = rows.groupby("branch").size().sort_values(kind="stable")
    rest = sizes[sizes.index.isin(facts.agrees(sizes)) & (sizes >= facts.least)]
    small = sizes.drop(rest.index)
    while 0 < small.sum() < facts.least and len(rest):
        small, rest = pd.concat([small, rest.iloc[:1]]), rest.iloc[1:]
    return [str(name) for name in rest.index]


def gentle_marks(facts: ReviewData) -> Picture:
    """评议宽严 by branch, of every component that evaluators mark."""
    name = _judged(facts)
    own = facts.inside.groupby("member_id")[name].mean()
    marked = facts.ranked.assign(**{name: facts.ranked["member_id"].map(own)}).dropna(subset=name)
    table = evaluators.leniency(marked, name).set_index("branch")
    seen = _only(table, _averaged(facts, marked)).rename_axis("branch").reset_index()
    part = facts.book.titles[name]
    drawn = both_ends(seen, seen["mean"])
    title = name_ends(Text(f"各支部{part}宽严", f"How gently branches mark: {part}"), drawn, seen)
    figure = draw_evaluators.leniency(drawn, **facts.style)
    found = [_with_totals(facts, seen, part), say_evaluators.leniency(seen, hidden=len(table) - len(seen))]
    return make_picture(facts, "gentle_marks", title, found, figure)


def _with_totals(facts: ReviewData, marks: pd.DataFrame, called: str) -> Finding | None:
    """Say which branches stand out by their totals and by their marks, where both may be shown."""
    try:
        return means_and_marks(_means(facts)[1], marks, called)
    except UsageError:
        return None


def _judged(facts: ReviewData) -> str:
    """Return the component that evaluators mark: all of its items, or else one of them."""
    parts = {name: list(part.items.values()) for name, part in facts.book.components.items()}
    judged = {name: sum(isinstance(item, EvaluationItem) for item in items) for name, items in parts.items()}
    whole = [name for name, n in judged.items() if n and n == len(parts[name])]
    name = next(iter([*whole, *(name for name, n in judged.items() if n)]), None)
    if name is None:
        raise UsageError("评议宽严:本方案没有由评议人打分的分项", "gentle marks: no component of the scheme is marked")
    return name


def back_to_mean(facts: ReviewData) -> Picture:
    """回归均值: did the lowest really improve."""
    if facts.before is None:
        raise UsageError("回归均值:没有上一年", "regression to the mean: there is no year before")
    before, after = (rows.set_index("member_id")["total"] for rows in (facts.before, facts.now))
    table = movement.regression_to_mean(before, after, halves=_parts_of_the_year_before(facts))
    if (table["n"] < facts.least).any():
        raise UsageError("回归均值:每十分之一不足5人", "regression to the mean: a tenth has fewer than 5 members")
    exact = facts.sayable_of_both(int(table["n"].sum()))
    told = table if exact else table.assign(n=round_counts(table[["n"]], facts.least)["n"])
    figure = draw_movement.regression_to_mean(told, **facts.style)
    title = Text("低分者是否真有进步", "Did the lowest improve")
    said = say_movement.regression_to_mean(told, rounded=0 if exact else facts.least)
    return make_picture(facts, "back_to_mean", title, [said], figure)


def _parts_of_the_year_before(facts: ReviewData) -> pd.DataFrame:
    """Return the totals of each period of the year before by member: they tell how reliable a total is."""
    rows = facts.result.table
    earlier = rows[rows["period"].str[:4] == str(facts.year - 1)]
    return earlier.pivot(index="member_id", columns="period", values="total").dropna(axis=1, how="all")
