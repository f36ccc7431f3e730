"""The comparison as a workbook: everyone who moves, and every part of the largest differences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.report.comparison.conclusions import comparison_opening
from jifen_analysis.report.comparison.facts import Compared, Pair
from jifen_analysis.report.manifest import origin
from jifen_analysis.report.privacy import LEAST
from jifen_analysis.report.review import Points, Voice
from jifen_analysis.report.review.cells import HIDDEN
from jifen_analysis.report.sheets import Sheet

_WHO = {"against": "与之比较", "member_id": "党员编号", "name": "姓名", "branch": "党支部", "period": "考核期"}


def comparison_sheets(found: Compared) -> tuple[Sheet, ...]:
    """Return the sheets of the comparison's workbook, in order.

    Parameters
    ----------
    found : Compared
        From ``compared``.
    """
    return (
        _concluded(found),
        _agreement(found),
        _transitions(found),
        _moves(found),
        _reasons(found),
        _summary(found),
        _readings(found),
        _about(found),
    )


def _sheet(name: str, frame: pd.DataFrame, headers: Mapping[str, str], title: str = "") -> Sheet:
    starred = "branch" in headers and frame["branch"].eq(HIDDEN).any()
    told = ";".join(filter(None, (title, f"{HIDDEN} 不足{LEAST}人的党支部" if starred else "")))
    return Sheet(name, frame[list(headers)].reset_index(drop=True), tuple(headers.values()), told)


def _concluded(found: Compared) -> Sheet:
    """结论: what the page concludes, before the tables."""
    told = [
        (section.title, point.text)
        for section in comparison_opening(found, (), Voice())
        for block in section.blocks
        if isinstance(block, Points)
        for point in block.points
    ]
    return _sheet("结论", pd.DataFrame(told, columns=["what", "said"], dtype="str"), {"what": "类别", "said": "内容"})


def _agreement(found: Compared) -> Sheet:
    headers = {
        "a": "甲", "b": "乙", "grain": "按", "n": "有总分人次", "tau_b": "名次 τ-b", "weighted_tau": "加权 τ",
        "spearman": "Spearman", "n_graded": "有等次人次", "kappa": "κ", "kappa_linear": "κ(线性)",
        "kappa_linear_low": "κ 下限", "kappa_linear_high": "κ 上限", "bowker_p": "Bowker p",
    }  # fmt: skip
    frame = found.agreement.assign(grain=found.agreement["grain"].map({"period": "考核期", "year": "年"}))
    return _sheet("一致程度", frame, headers, "两两比较;κ 只在两边等次表相同时才有")


def _transitions(found: Compared) -> Sheet:
    frame = pd.concat([transition_table(pair).assign(against=pair.b) for pair in found.pairs], ignore_index=True)
    grades = [str(column) for column in frame if column not in ("against", "before")]
    headers = {"against": "与之比较", "before": "原等次"} | {grade: grade for grade in grades}
    title = f"行是{found.pairs[0].a}的等次,列是与之比较的等次(人次)"
    return _sheet("等次变动", frame.astype(dict.fromkeys(grades, "Int64")), headers, title)


def transition_table(pair: Pair, none: str = "无") -> pd.DataFrame:
    """Return the transition table with its rows' grades as a column, best first; ``none`` stands for no grade."""
    rows, columns = map(_best_first, pair.moves.transitions.axes)
    counts = pair.moves.transitions.loc[rows, columns].rename(index={"<NA>": none}, columns={"<NA>": none})
    return counts.rename_axis(index="before", columns=None).reset_index()


def _best_first(grades: pd.Index) -> list[str]:
    return [*(str(grade) for grade in grades[::-1] if grade != "<NA>"), *(["<NA>"] if "<NA>" in grades else [])]


def _moves(found: Compared) -> Sheet:
    frames = [_different(pair).assign(against=pair.b) for pair in found.pairs]
    headers = _who(found) | {
        "total_a": "原总分", "total_b": "新总分", "difference": "差", "grade_a": "原等次", "grade_b": "新等次",
        "rank_a": "原名次", "rank_b": "新名次", "rank_change": "名次升降",
    }  # fmt: skip
    frame = _in_words(pd.concat(frames, ignore_index=True))
    return _sheet("谁变了", frame, headers, "等次变的在前;名次升降为正是升")


def _different(pair: Pair) -> pd.DataFrame:
    rows = pair.moves.members
    moved = rows["rank_change"].fillna(0).ne(0) | rows["difference"].fillna(0).ne(0)
    return rows[rows["grade_changed"].astype("bool") | moved.astype("bool")]


def _with_names(found: Compared, frame: pd.DataFrame) -> pd.DataFrame:
    """Add everybody's name, where people are named, and branch."""
    return _in_words(frame).merge(found.people, on="member_id", how="left")


def _who(found: Compared) -> dict[str, str]:
    """Return the columns that say of whom a row speaks."""
    if "name" in found.people:
        return _WHO
    return {key: header for key, header in _WHO.items() if key != "name"} | {"member_id": "序号"}


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Say the period in words."""
    labels = {code: Period.parse(code).label() for code in frame["period"].unique()}
    return frame.assign(period=frame["period"].map(labels))


def _reasons(found: Compared) -> Sheet:
    rows = [
        (pair.b, member, period, pair.said(one), one["a"], one["b"], one["difference"], one["clause"])
        for pair in found.pairs
        for (member, period), table in pair.reasons.items()
        for one in differences(table)
    ]
    columns = ["against", "member_id", "period", "part", "points_a", "points_b", "difference", "clause"]
    headers = _who(found) | {
        "part": "项目与规则", "points_a": "原得分", "points_b": "新得分", "difference": "差", "clause": "依据条款",
    }  # fmt: skip
    frame = _with_names(found, pd.DataFrame(rows, columns=columns).astype({"period": "str", "member_id": "str"}))
    full = ";两个方案之间从满分算起,比扣了多少、另加多少" if any(pair.two_schemes for pair in found.pairs) else ""
    return _sheet("为什么", frame, headers, f"差别最大的几个人;每人各行之差相加正好是总分之差{full}")


def differences(reasons: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the parts of a difference that are not alike, the largest first, without what binary fractions add."""
    exact = reasons.assign(**reasons[["a", "b", "difference"]].astype("float64").round(12))
    return exact[exact["difference"].round(9) != 0].to_dict("records")


def _summary(found: Compared) -> Sheet:
    headers = {"scheme": "方案", "reading": "读法", "n": "等次改变人次"}
    return _sheet("读法", found.summary, headers, "原文两可之处,每种读法使多少人次的等次不同")


def _readings(found: Compared) -> Sheet:
    columns = {"total_before": "total_a", "total_after": "total_b", "grade_before": "grade_a", "grade_after": "grade_b"}
    headers = {"scheme": "方案", "reading": "读法"} | {
        key: header for key, header in _who(found).items() if key != "against"
    }
    headers |= {"total_a": "原总分", "total_b": "新总分", "grade_a": "原等次", "grade_b": "新等次"}
    return _sheet("读法使谁变", _with_names(found, found.readings.rename(columns=columns)), headers)


def _about(found: Compared) -> Sheet:
    rows: list[tuple[str, str]] = []
    made = {name: origin(result) for name, result in found.results.items()}
    for name, one in made.items():
        variants = "、".join(one["variants"])
        rows.append((name, f"{one['scheme']}{'+' if variants else ''}{variants} SHA-256 {one['scheme_sha256']}"))
    first = next(iter(made.values()))
    rows += [("程序", f"{first['program']} {first['version']}")]
    rows += [(f"数据文件 {file}", f"SHA-256 {digest}" if digest else "") for file, digest in first["inputs"].items()]
    return Sheet("说明", pd.DataFrame(rows, columns=["what", "said"], dtype="str"), ("项目", "内容"))
