"""A trial as a workbook: everybody who moves, every branch, what binds, everybody who passes somebody."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.report.manifest import origin, origin_text
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.report.trial.facts import Tried
from jifen_analysis.report.trial.page import BINDS, level
from jifen_analysis.report.trial.saying import changes, places_between, say_reasons, sentences


def trial_sheets(told: Tried, *, named: bool = False) -> tuple[Sheet, ...]:
    """Return the sheets of a trial's workbook, in order.

    Parameters
    ----------
    told : Tried
        From ``tried``.
    named : bool
        Whether names stand beside ids.
    """
    return (_summary(told), _grades(told), _moves(told, named=named), _binding(told), _passed(told), _about(told))


def _sheet(name: str, frame: pd.DataFrame, headers: Mapping[str, str], title: str = "") -> Sheet:
    labels = {code: Period.parse(code).label() for code in frame["period"].unique()} if "period" in frame else {}
    said = frame.assign(period=frame["period"].map(labels)) if labels else frame
    return Sheet(name, said[list(headers)].reset_index(drop=True), tuple(headers.values()), title)


def _summary(told: Tried) -> Sheet:
    proposed = changes(told.found.before.scheme, told.found.proposal)
    rows = [("试的是", one.zh) for one in proposed] + [("结果", one.zh) for one in sentences(told)]
    return _sheet(
        "概况", pd.DataFrame(rows, columns=["what", "said"]), {"what": "项目", "said": "内容"}, "试算,不是认定结果"
    )


def _grades(told: Tried) -> Sheet:
    frame = told.found.grades.assign(change=told.found.grades["after"] - told.found.grades["before"])
    headers = {
        "period": "考核期",
        "branch": "党支部",
        "grade": "等次",
        "before": "现行",
        "after": "试算",
        "change": "增减",
    }
    return _sheet("各支部等次", frame.astype({"grade": "str"}), headers)


def _moves(told: Tried, *, named: bool) -> Sheet:
    why = told.found.moves["reason"].map(lambda codes: say_reasons(codes).zh)
    frame = told.found.moves.assign(reason=why, way=told.found.moves["up"].map({True: "升", False: "降"}))
    headers = {
        "member_id": "党员编号", **({"name": "姓名"} if named else {}), "branch": "党支部", "period": "考核期",
        "total_before": "现行总分", "total_after": "试算总分", "grade_before": "现行等次", "grade_after": "试算等次",
        "way": "升降", "reason": "原因",
    }  # fmt: skip
    return _sheet("谁变了", frame, headers)


def _binding(told: Tried) -> Sheet:
    frame = pd.concat([told.before.assign(side="现行"), told.after.assign(side="试算")], ignore_index=True)
    if frame.empty:
        frame = frame.reindex(
            columns=["period", "grade", "cut", "quota", "entered", "seats", "held", "shut_out", "side"]
        )
    else:
        where = [places_between(row).zh for row in frame.to_dict("records")]
        frame = frame.assign(where=where, binds=[BINDS[code].zh for code in frame["binds"]]).astype({"seats": "Int64"})
    headers = {
        "period": "考核期", "grade": "等次", "side": "现行或试算", "cut": "分数线", "quota": "名额比例",
        "entered": "到线", "seats": "名额", "held": "保留", "shut_out": "挡下", "binds": "起作用的",
        "where": "线的移动",
    }  # fmt: skip
    known = {name: header for name, header in headers.items() if name in frame}
    return _sheet("什么起作用", frame, known, "线在所列范围内移动不改变任何人的等次")


def _passed(told: Tried) -> Sheet:
    at = [level(told, one) for one in told.passed["at"]]
    headers = {"period": "考核期", "branch": "党支部", "rises": "升", "falls": "降", "level": "换位处(占满分)"}
    return _sheet("换位", told.passed.assign(level=at), headers, "升的人在哪里越过降的人:精确的分数")


def _about(told: Tried) -> Sheet:
    rows = origin_text(origin(told.found.after))
    return _sheet("说明", pd.DataFrame(rows, columns=["what", "said"], dtype="str"), {"what": "项目", "said": "内容"})
