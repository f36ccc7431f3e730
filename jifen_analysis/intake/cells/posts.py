"""What post somebody has in a branch, as people write it."""

from __future__ import annotations

import re

from jifen_analysis.intake.cells.names import read_word
from jifen_analysis.intake.cells.reading import Reading, plain, refusal, value_with_note
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import Column
from jifen_analysis.vocabulary import Vocabulary

_NO_POST = re.compile(
    r"(?:党?小组|党员小组)(?:副?组)?长|小组副组长|(?:共青)?团(?:支部|委|总支)?.*|(?:[村居]民?委(?:员)?会?|社区居委会)(?:副主任|委员|会计|文书)"
    r"|妇(?:联|女).{0,4}|民兵.{0,3}|治保主任|网格[员长]|工会.{1,4}|村民小组(?:副?组)?长|楼[栋门]长"
)
"""Who leads a group of a branch, or serves the village or another body, has none of the posts that are priced."""
_POSTS = re.compile(r"[、,/;兼和及与+&\s]+")
_OF_BRANCH = re.compile(r"^.*?支部(?:委员会)?(?=.)|^村(?=[书主])|^(?:社区|居委会|村委会)(?=主任|书记)")
_BELOW = frozenset({"committee", "leader", "none"})
"""Posts that somebody with a higher one has as well."""


_FORMER = re.compile(r"原|前任|曾|历任|离任|拟|候选|代")
"""Who had a post, or may have it, does not hold it: such words are refused."""


def _has_none(piece: str, words: Vocabulary) -> bool:
    return words.code("post", piece) is None and _NO_POST.fullmatch(piece) is not None


def read_post(value: Value, column: Column, words: Vocabulary) -> Reading:
    """Read a post, or several of one person: 支部书记、主任 is one word, and of 副书记兼组织委员 the higher counts.

    Examples
    --------
    >>> from jifen_analysis.tables import TABLES
    >>> from jifen_analysis.vocabulary import standard
    >>> post = TABLES["members"]["post"]
    >>> [read_post(said, post, standard()).value for said in ("支部书记、主任", "副书记兼组织委员", "党小组长")]
    ['secretary_director', 'deputy', None]
    """
    text = re.sub(r"\s|\(兼任?\)", "", plain(value)) if isinstance(value, str) else ""
    said = [piece for piece in _POSTS.split(text) if piece]
    pieces = [piece if _has_none(piece, words) or _FORMER.match(piece) else _OF_BRANCH.sub("", piece) for piece in said]
    known = [words.code("post", piece) for piece in pieces if not _has_none(piece, words)]
    codes = dict.fromkeys(code for code in known if code)
    if not pieces or None in known or words.code("post", text):
        return read_word(text or value, column, words)
    if not codes:
        return value_with_note(
            None, "post_read", value, "不是计分所用的职务,按没有职务读", "is none of the posts; read as none"
        )
    higher = [code for code in codes if code not in _BELOW] or list(codes)[:1]
    if set(higher) == {"secretary", "director"}:
        higher = ["secretary_director"]
    if len(higher) > 1:
        listed = "、".join(words.label("post", code) for code in higher)
        return refusal(
            "several_posts", value, f"是几个职务({listed});请只填一个", f"is several posts ({', '.join(higher)})"
        )
    label = words.label("post", higher[0])
    return value_with_note(higher[0], "post_read", value, f"读作{label}", f"is read as {higher[0]}")
