"""What the codes of a scheme file are called in Chinese: said beside them wherever they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from jifen_analysis.periods import NAMES
from jifen_analysis.schemes.model import Detail, phrases
from jifen_analysis.schemes.model.ballots import Vote
from jifen_analysis.vocabulary import Vocabulary, standard

KINDS = {kind: zh for kind, (zh, _) in NAMES.items()}
RECORDS = {name: zh for name, (zh, _) in phrases.TABLES.items()}
GIVEN = {"marks": "打分", "evaluations": "评议", "ballots": "测评"}
SCOPES = {name: zh for name, (zh, _) in phrases.WITHIN.items()}
STANDS = {"period": "考核期", "year": "年度"}
YEAR_TOTALS = {"sum": "合计", "mean": "平均"}
ROUNDINGS = {"none": "不取整", "half_up": "四舍五入"}
VOTES = {name: standard().column("ballots", name).label for name in get_args(Vote)}
ASKED = {**{kind: standard().kind(kind) for kind in ("event", "level", "activity", "status")}, "state": "缴费情况"}
"""Coded columns that records are asked for by."""
BY = {**ASKED, "days_late": "迟缴天数"}
DETAILS = {name: standard().column("events", name).label for name in get_args(Detail)}
FLAGS = {"veto": "一票否决", "forced": "直接认定", "review": "需核实", "ballot_gap": "各档都不符合"}
COUNTED = {"counted": "有结果的", "all": "全体"}
COMPARED = {"total": "总分", "grade": "等次", "rank_gain": "名次前移"}

CODES: Mapping[str, str] = {
    **COUNTED, **FLAGS, **DETAILS, **BY, **VOTES, **ROUNDINGS, **YEAR_TOTALS, **STANDS, **SCOPES, **GIVEN, **RECORDS,
    **KINDS, **COMPARED,
}  # fmt: skip
"""All of them; one code means the same wherever it stands."""


def label_code(code: str, labels: Mapping[str, str] = CODES) -> str:
    """Return a code behind what it is called.

    Examples
    --------
    >>> label_code("half"), label_code("data")
    ('半年(half)', 'data')
    """
    label = labels.get(code)
    return f"{label}({code})" if label and label != code else code


def label_word(kind: str, code: str, words: Vocabulary) -> str:
    """Return a word of the vocabulary behind its label.

    Examples
    --------
    >>> label_word("level", "district", standard())
    '区县级(district)'
    """
    return label_code(code, {code: words.label(kind, code)})
