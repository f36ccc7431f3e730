"""Names of branches that look like one branch spelled in several ways."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.lexicon import BRANCH, PEOPLE
from jifen_analysis.intake.cells.times import numeral
from jifen_analysis.vocabulary import spelling

_IN_WORDS = re.compile(r"[一二三四五六七八九]?十?[一二三四五六七八九]?(?=(?:党)?(?:支部|总支))")


@lru_cache(maxsize=1 << 14)
def bare_branch(name: str) -> str:
    """Return the name of a branch without what people add or leave out: 中共, 党, 第, 委员会; numbers in digits.

    Examples
    --------
    >>> bare_branch("中共城关社区第一党支部委员会"), bare_branch("一支部"), bare_branch("第十二支部")
    ('城关社区1支部', '1支部', '12支部')
    """
    text = spelling(name).removeprefix("中国共产党").removeprefix("中共").replace("党支部", "支部")
    text = re.sub(r"(?<=支部)委员会$", "", re.sub(r"第(?=[一二三四五六七八九十\d])", "", text))
    return _IN_WORDS.sub(lambda found: numeral(found[0]), _GROUP.sub("", _FORMERLY.sub("", text)))


_IS_BARE = re.compile(r"(?:(?![中党委第组小一二三四五六七八九十])[0-9\u4e00-\u9fff])*")
"""Names in which there is nothing to be taken away, and nothing folded."""
_FORMERLY = re.compile(r"\((?:原|曾|现|更名|改称|挂靠|暂挂|借调|临时|代管)[^()]*\)")
"""What a branch was called before, or how somebody belongs to it."""


_GROUP = re.compile(r"(?<=支部)(?:第?[一二三四五六七八九十\d]+|[\u4e00-\u9fff]{1,4})党?小?组$")
"""The group of a branch that somebody is in, behind its name."""


def heads_rows(text: str) -> str:
    """Return the branch that a heading over its members names, with its secretary or their number; else nothing.

    Examples
    --------
    >>> heads_rows("一、第一党支部(书记张三,共2人)"), heads_rows("拟转入第二支部")
    ('第一党支部', '')
    """
    found = _HEADING.fullmatch(plain(text))
    return found["branch"] if found and not _OF_NO_BRANCH.search(found["branch"]) else ""


_OF_NO_BRANCH = re.compile(
    "^(?:以[下上]|[各其]他?支部|[转调迁][入出往到至]|[拟待应][转调迁编分划]|[未待](?:编|分配|定|划|落实|确定)|无支部|挂靠|代[收缴])"
    rf"|(?:^非|不[是在属]于?|并非)[本第该]|(?:{PEOPLE})[\u4e00-\u9fff]{{0,2}}[转调迁][入出往到至]|[转调迁][入出往到至]第"
)
"""What says of people where they are not, or not yet: 以下人员转出至第二支部, 非第一支部, 未编入支部."""


_HEADING = re.compile(
    r"(?:\(?(?:[一二三四五六七八九十]+|\d+)\)?[、.]\s*|\((?:[一二三四五六七八九十]+|\d+)\)\s*)?"
    rf"(?P<branch>[\u4e00-\u9fffA-Za-z0-9]+(?:{BRANCH}))[\s,:(—-]*"
    r"(?:(?:党?支部)?(?:副?书记|负责人|联系人):?\s*[\u4e00-\u9fff·]{1,4}[\s,、;(]*)*(?:共|计)?\s*(?:\d+\s*[人名](?:党员)?)?\)?:?"
)


def names_a_move(name: str) -> bool:
    """Return whether a branch's name says that somebody went from one to another, or when.

    Examples
    --------
    >>> names_a_move("第一支部(7月起转第二支部)"), names_a_move("机关支部(原第二支部)")
    (True, False)
    """
    return "支部" in name and _MOVE.search(plain(name)) is not None


_MOVE = re.compile(
    r"\((?![原曾])[^()]*(?:[转调迁][^()]|\d月)[^()]*\)$|支部(?:委员会)?(?:[,、;/→>+&-]|->|[转调迁][入到至往]?|改[为到至]|(?:\d{1,2}月)).*支部"
)


def alike(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each name with the one before it that it looks like: equal but for 党 or 第, or with a place before it.

    Examples
    --------
    >>> list(alike(["第一支部", "第一党支部", "东街社区第一支部", "第二支部", "第十一支部"]))
    [('第一党支部', '第一支部'), ('东街社区第一支部', '第一支部')]
    """
    if all(_IS_BARE.fullmatch(name) and not _NUMBERED.search(name) for name in names):
        return  # each is its own bare name, and the end of no other
    known: dict[str, str] = {}
    shortest_first = sorted(((bare_branch(name), name) for name in set(names)), key=_plainness)
    for bare, name in shortest_first:
        other = known.get(bare) or _ending(bare, known)
        if other is not None:
            yield name, other
        known.setdefault(bare, name)


def _plainness(named: tuple[str, str]) -> tuple[int, bool, int, str]:
    """Order names so that the plain 第一支部 comes before what looks like it, whatever order the rows have."""
    bare, name = named
    return len(bare), not name.startswith("第"), len(name), name


def _ending(bare: str, known: Mapping[str, str]) -> str | None:
    """Return the name that is the end of a longer one: of a numbered branch without its place."""
    found = _NUMBERED.search(bare)
    return known.get(found[0]) if found and found[0] != bare else None


_NUMBERED = re.compile(r"\d+支部$")
