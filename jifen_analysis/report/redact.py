"""Problems without names: what is printed may be kept in a log, or looked at over a shoulder."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from jifen_analysis.errors import InvalidScheme, JifenError, Lang, Problem, cell_texts, told_in_refusal
from jifen_analysis.vocabulary import spelling, standard

if TYPE_CHECKING:  # who only reads a scheme does not wait for pandas
    import pandas as pd

NAMING = frozenset(
    {"ambiguous_name", "former_name", "name_mismatch", "name_remark", "names_unread", "one_person", "unknown_member"}
)
"""The kinds of problem whose messages say whom a row names, beside the cell where it stands."""

NAMELESS = frozenset({"header", "sheet", "sign", "item", "branch", "year"})
"""Kinds of unknown texts that everybody may see: they are no remark on a member."""

COMMON = 5
"""Cells in which a text stands that is a local word, and not what somebody wrote of one member."""

_ZH = re.compile(r"“[^”\d]+”")
_NO_ID = re.compile(r"(?<=编号 )[^\d,]*[^\W\d_a-zA-Z][^,]*")
"""What stands for an id and has other signs than an id has: a name, most likely."""
_EN = re.compile(r"(no member|nearest is|called|belongs to|here it is) [^\d;,(]+?(?=$| on the roster|[;,]| \()")
_NUMERAL = re.compile(r"[\d\s零〇一二三四五六七八九十百千万两点半分元年月日号时人次第上下季度.,、:/-]+")
_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]", re.DOTALL)


def redact_problem(problem: Problem, lang: Lang, common: Collection[str] = ()) -> str:
    """Return what a problem says, its names left out, and what was typed where a word, a number or a day should be.

    Ids and the address stay, and so do known words and ``common`` ones.

    Examples
    --------
    >>> from jifen_analysis.errors import Text
    >>> text = Text("没有“张三”,最接近的是“张山”", "no member Zhang San on the roster; the nearest is Zhang Shan")
    >>> found = Problem("error", "unknown_member", text)
    >>> redact_problem(found, "zh"), redact_problem(found, "en")
    ('没有“某某”,最接近的是“某某”', 'no member … on the roster; the nearest is …')
    >>> redact_problem(Problem("error", "unknown_member", Text("花名册中没有编号 张三", "")), "zh")
    '花名册中没有编号 某某'
    >>> text = Text("“张三病了”不是认得的词", "“张三病了” is not a known word")
    >>> redact_problem(Problem("error", "unknown_word", text, "a.csv", "", "D2", "张三病了", "status"), "zh")
    '“……”不是认得的词'
    >>> text = Text("“义务劳动一天”不是认得的词,最接近的是“义务劳动”", "")
    >>> redact_problem(Problem("error", "unknown_word", text, "a.csv", "", "D2", "义务劳动一天", "event"), "zh")
    '“……”不是认得的词,最接近的是“义务劳动”'
    """
    said = problem.message(lang)
    if problem.code in NAMING:
        return _NO_ID.sub("某某", _ZH.sub("“某某”", said)) if lang == "zh" else _EN.sub(r"\1 …", said)
    if problem.value in common or not _typed(problem):
        return said
    return _QUOTED.sub(lambda quoted: _without(quoted, problem.value), said).replace(problem.value, "……")


_QUOTED = re.compile("(?<!最接近的是)(?<!nearest is )“([^”]+)”")  # the nearest is a word that everybody knows


def _without(quoted: re.Match[str], value: str) -> str:
    """Return what is quoted, unless it is out of the value, whole or cut short."""
    own = quoted[1].rstrip("…")
    return "“……”" if len(own) > 1 and own in value else quoted[0]


def common_words(problems: Sequence[Problem]) -> frozenset[str]:
    """Return the texts that stand in so many cells that they are nobody's own."""
    counts: dict[str, int] = {}
    for value, times in cell_texts(problems):
        counts[value] = counts.get(value, 0) + times
    return frozenset(value for value, count in counts.items() if count >= COMMON)


def redact_refusal(refusal: JifenError, lang: Lang) -> str:
    """Return what a refusal says, without the names in the problems that it lists."""
    said = refusal.message(lang)
    if isinstance(refusal, InvalidScheme):
        return said  # a rule book speaks of nobody, and who wrote it needs the word that is wrong
    problems = getattr(refusal, "problems", ())
    common = common_words(problems)
    for problem in told_in_refusal(problems):
        said = said.replace(problem.message(lang), redact_problem(problem, lang, common))
    return said


def _typed(problem: Problem) -> bool:
    """Return whether a problem quotes a text out of a cell that could be anything.

    What is wrong in a correspondence table is what its analyst wrote: what a word means, and nobody's name.
    """
    cell = problem.file and problem.cell and problem.kind not in NAMELESS
    asked = problem.kind or problem.code in ("unknown_word", "comment") or problem.code.startswith("bad_")
    free = _LETTERS.search(problem.value) and not _NUMERAL.fullmatch(problem.value)
    own = problem.code == "bad_correspondence"
    return bool(cell and asked and free and not own and not problem.meaning and not _known(problem.value))


def _known(text: str) -> bool:
    words = standard()
    return any(words.code(kind, text) for kind in words.words) or spelling(text) in _headers()


@cache
def _headers() -> frozenset[str]:
    columns = (word for columns in standard().columns.values() for word in columns.values())
    return frozenset(spelling(name) for word in columns for name in word.spellings)


# ---------------------------------------------------------------- names of files


def file_aliases(files: Iterable[str], people: pd.DataFrame) -> dict[str, str]:
    """Return what files and sheets are called where the names of members are in their names.

    Parameters
    ----------
    files : iterable of str
        Names of files and sheets.
    people : DataFrame
        ``member_id``, ``name``, ``branch``.

    Returns
    -------
    dict of str to str
        Name to name; a member stands there by id, so that the file is still
        found, or as 某某 where several bear the name. What a branch is called
        for is no member's name.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"member_id": ["00001"], "name": ["张三"], "branch": ["一支部"]})
    >>> file_aliases(["张三请假条.xlsx", "一支部.xlsx"], people)
    {'张三请假条.xlsx': '00001请假条.xlsx'}
    """
    if not {"member_id", "name", "branch"} <= set(people):
        return {}
    branches = " ".join(map(str, people["branch"].dropna().unique()))
    known = people[["name", "member_id"]].dropna().drop_duplicates()
    bearers = {str(name): ids.tolist() for name, ids in known.groupby("name")["member_id"]}
    mine = {name: ids for name, ids in bearers.items() if len(name) > 1 and name not in branches}
    own = {name: str(ids[0]) if len(ids) == 1 else "某某" for name, ids in mine.items()}
    named = re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))))
    said = {file: named.sub(lambda found: own[found[0]], file) for file in dict.fromkeys(files)} if own else {}
    return {file: alias for file, alias in said.items() if alias != file}


def names_of(people: pd.DataFrame) -> Callable[[str], bool]:
    """Return what says whether somebody is told in a text: by name, with whatever spaces in it, or by id.

    Parameters
    ----------
    people : DataFrame
        ``member_id``, ``name``.

    Examples
    --------
    >>> import pandas as pd
    >>> tells = names_of(pd.DataFrame({"member_id": ["00001"], "name": ["王芳"]}))
    >>> [text for text in ("王 芳生病", "00001生病", "生病") if tells(text)]
    ['王 芳生病', '00001生病']
    """
    said_of = {column: people[column].dropna().astype("str").unique() for column in _TELLING if column in people}
    ids, names = (frozenset(map(spelling, said_of.get(column, ()))) for column in _TELLING)
    longest = max(map(len, names), default=0)

    def tells(text: str) -> bool:
        said = spelling(text)
        ends = range(2, len(said) + 1)
        called = any(said[at:end] in names for end in ends for at in range(max(0, end - longest), end - 1))
        return called or any(word in ids for word in _WORDS.findall(said))

    return tells


_TELLING = ("member_id", "name")
_WORDS = re.compile(r"[0-9a-z]{4,}")
"""What may be an id: of fewer signs it is mostly a number."""


def apply_aliases(text: str, aliases: Mapping[str, str]) -> str:
    """Return a text in which files and sheets go by their aliases, the longest first."""
    for file in sorted(aliases, key=len, reverse=True):
        text = text.replace(file, aliases[file])
    return text
