"""Problems without names: what is printed may be kept in a log, or looked at over a shoulder."""

from __future__ import annotations

import re

from jifen_analysis.errors import JifenError, Lang, Problem

NAMING = frozenset({"ambiguous_name", "name_mismatch", "name_remark", "names_unread", "unknown_member"})
"""The kinds of problem whose messages say whom a row names, beside the cell where it stands."""

_ZH = re.compile(r"“[^”\d]+”")
_EN = re.compile(r"(no member|nearest is|called|belongs to|here it is) [^\d;,(]+?(?=$| on the roster|[;,]| \()")


def discreet(problem: Problem, lang: Lang) -> str:
    """Return what a problem says, its names left out; ids and the address stay.

    Examples
    --------
    >>> from jifen_analysis.errors import Text
    >>> text = Text("没有“张三”,最接近的是“张山”", "no member Zhang San on the roster; the nearest is Zhang Shan")
    >>> found = Problem("error", "unknown_member", text)
    >>> discreet(found, "zh"), discreet(found, "en")
    ('没有“某某”,最接近的是“某某”', 'no member … on the roster; the nearest is …')
    """
    said = problem.message(lang)
    if problem.code not in NAMING:
        return said
    return _ZH.sub("“某某”", said) if lang == "zh" else _EN.sub(r"\1 …", said)


def refused(refusal: JifenError, lang: Lang) -> str:
    """Return what a refusal says, without the names in the problems that it lists."""
    said = refusal.message(lang)
    for problem in getattr(refusal, "problems", ()):
        if problem.code in NAMING:
            said = said.replace(problem.message(lang), discreet(problem, lang))
    return said
