"""Problems without names: what is printed may be kept in a log, or looked at over a shoulder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache

from jifen_analysis.errors import InvalidScheme, JifenError, Lang, Problem
from jifen_analysis.vocabulary import spelling, standard

NAMING = frozenset(
    {"ambiguous_name", "former_name", "name_mismatch", "name_remark", "names_unread", "one_person", "unknown_member"}
)
"""The kinds of problem whose messages say whom a row names, beside the cell where it stands."""

NAMELESS = frozenset({"header", "sheet", "sign", "branch", "year"})
"""Kinds of unknown texts that everybody may see: they are no remark on a member."""

COMMON = 5
"""Cells in which a text stands that is a local word, and not what somebody wrote of one member."""

_ZH = re.compile(r"“[^”\d]+”")
_EN = re.compile(r"(no member|nearest is|called|belongs to|here it is) [^\d;,(]+?(?=$| on the roster|[;,]| \()")
_NUMERAL = re.compile(r"[\d\s零〇一二三四五六七八九十百千万两点半分元年月日号时人次第上下季度.,、,::/-]+")
_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]", re.DOTALL)


def discreet(problem: Problem, lang: Lang, common: Collection[str] = ()) -> str:
    """Return what a problem says, its names left out, and what was typed where a word, a number or a day should be.

    Ids and the address stay, and so do known words and ``common`` ones.

    Examples
    --------
    >>> from jifen_analysis.errors import Text
    >>> text = Text("没有“张三”,最接近的是“张山”", "no member Zhang San on the roster; the nearest is Zhang Shan")
    >>> found = Problem("error", "unknown_member", text)
    >>> discreet(found, "zh"), discreet(found, "en")
    ('没有“某某”,最接近的是“某某”', 'no member … on the roster; the nearest is …')
    >>> text = Text("“张三病了”不是认得的词", "“张三病了” is not a known word")
    >>> discreet(Problem("error", "unknown_word", text, "a.csv", "", "D2", "张三病了", "status"), "zh")
    '“……”不是认得的词'
    """
    said = problem.message(lang)
    if problem.code in NAMING:
        return _ZH.sub("“某某”", said) if lang == "zh" else _EN.sub(r"\1 …", said)
    if problem.value in common or not _typed(problem):
        return said
    return _QUOTED.sub(lambda quoted: _without(quoted, problem.value), said).replace(problem.value, "……")


_QUOTED = re.compile("“([^”]+)”")


def _without(quoted: re.Match[str], value: str) -> str:
    """Return what is quoted, unless it is out of the value, whole or cut short."""
    own = quoted[1].rstrip("…")
    return "“……”" if len(own) > 1 and own in value else quoted[0]


def common_words(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the texts that stand in so many cells that they are nobody's own."""
    counts: Counter[str] = Counter()
    for problem in problems:
        counts[problem.value] += problem.times
    return frozenset(value for value, count in counts.items() if count >= COMMON)


def redacted_refusal(refusal: JifenError, lang: Lang) -> str:
    """Return what a refusal says, without the names in the problems that it lists."""
    said = refusal.message(lang)
    if isinstance(refusal, InvalidScheme):
        return said  # a rule book speaks of nobody, and who wrote it needs the word that is wrong
    problems = getattr(refusal, "problems", ())
    common = common_words(problems)
    for problem in problems:
        said = said.replace(problem.message(lang), discreet(problem, lang, common))
    return said


def _typed(problem: Problem) -> bool:
    """Return whether a problem quotes a text out of a cell that could be anything."""
    cell = problem.file and problem.cell and problem.kind not in NAMELESS
    asked = problem.kind or problem.code in ("unknown_word", "comment") or problem.code.startswith("bad_")
    free = _LETTERS.search(problem.value) and not _NUMERAL.fullmatch(problem.value)
    return bool(cell and asked and free and not problem.meaning and not _known(problem.value))


def _known(text: str) -> bool:
    words = standard()
    return any(words.code(kind, text) for kind in words.words) or spelling(text) in _headers()


@cache
def _headers() -> frozenset[str]:
    columns = (word for columns in standard().columns.values() for word in columns.values())
    return frozenset(spelling(name) for word in columns for name in word.spellings)
