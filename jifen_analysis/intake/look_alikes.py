"""Branches that look like one, spelt in several ways: said, never joined without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.tables import Source
from jifen_analysis.tables.consistency import Failure
from jifen_analysis.tables.records import addressed
from jifen_analysis.vocabulary import spelling

_NUMERALS = "〇一二三四五六七八九"
_COUNTED = re.compile(r"[一二三四五六七八九十]+")
_SHORTEST_PLACE = 2
"""Signs from which on what stands before a branch's number is the place it belongs to."""


def bare(branch: str) -> str:
    """Return a branch's name without what is written or left out at will: 第, 党, 中共, 委员会, the kind of numeral.

    Examples
    --------
    >>> bare("第1党支部"), bare("一支部"), bare("中共城关社区第一支部委员会"), bare("第十二支部") == bare("12支部")
    ('一支部', '一支部', '城关社区一支部', True)
    """
    text = re.sub(r"^(?:中国共产党|中共)|第(?=[\d一二三四五六七八九十])", "", spelling(branch))
    text = re.sub(r"党?(支部|总支)(?:委员会)?$", r"\1", text)
    return re.sub(r"(?<!\d)\d{1,2}(?!\d)", lambda found: _in_words(int(found[0])), text)


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return ten + (_NUMERALS[ones] if ones or not tens else "")


def alike(branches: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return each branch with the others that it may be: spelt the same but for habit, or with its place before it.

    Examples
    --------
    >>> alike(["第一支部", "一支部", "城关社区第一党支部", "第十一支部"])["一支部"]
    ('第一支部', '城关社区第一党支部')
    >>> alike(["第一支部", "甲村第一支部", "乙村第一支部", "离休支部", "机关离休支部"])
    {}
    """
    names = {branch: bare(branch) for branch in dict.fromkeys(branches)}
    longer = {short: {whole for whole in names.values() if _placed(whole, short)} for short in set(names.values())}
    whole = {short: next(iter(found)) if len(found) == 1 else short for short, found in longer.items()}
    groups: dict[str, list[str]] = {}
    for branch, name in names.items():
        groups.setdefault(whole[name], []).append(branch)
    return {one: tuple(other for other in same if other != one) for same in groups.values() if same[1:] for one in same}


def _placed(whole: str, short: str) -> bool:
    """Return whether a name is another with the name of a place before its number."""
    place = whole.removesuffix(short) if whole != short else ""
    return (
        len(place) >= _SHORTEST_PLACE and _COUNTED.match(short) is not None and not _COUNTED.fullmatch(place[-1])
    ) and whole.endswith(short)


def look_alikes(members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Say of every branch but the largest of those that look like one, where it first stands.

    Parameters
    ----------
    members : DataFrame
        The rosters as read, with the origin of every row.
    sources : sequence of Source
        What the origin refers to.
    """
    if "branch" not in members:
        return
    given = members["branch"].dropna()
    sizes = given.value_counts().to_dict()
    found = alike(sorted(map(str, sizes)))
    rows = members.reset_index(drop=True)
    for branch, others in found.items():
        first = int(rows.index[rows["branch"] == branch][0])
        if (sizes[branch], branch) == max((sizes[one], one) for one in (branch, *others)):
            continue
        failure = Failure("members", first, "branch", "branch_alike", _said(branch, others), branch, "note")
        (problem,) = addressed([failure], {"members": rows}, sources)
        yield replace(problem, kind="branch", times=int(sizes[branch]))


def _said(branch: str, others: Sequence[str]) -> Text:
    listed = "、".join(f"“{other}”" for other in others)
    return Text(
        f"“{branch}”与{listed}像是同一个支部,按几个支部计;若是一个,请统一写法,或在对照表里写明(--unknown)",
        f"{branch} looks like {', '.join(others)} and is taken for another branch; where it is the same, spell them "
        "alike, or settle it in a correspondence table (--unknown)",
    )
