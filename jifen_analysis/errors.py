"""What can go wrong, said so that the person at the desk can mend it.

Every message exists twice, Chinese first; ``message(lang)`` chooses. A
:class:`Problem` is one mistake with its address; an error carries all of them.
"""

from __future__ import annotations

import difflib
import errno
import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]
Severity = Literal["error", "note"]


class Text(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str

    def message(self, lang: Lang = "zh") -> str:
        """Return the sentence in one language."""
        return self.en if lang == "en" else self.zh


NOTHING = Text("", "")
"""Said where there is nothing to say."""


def same(text: object) -> Text:
    """Return a sentence that reads alike in both languages.

    Examples
    --------
    >>> same(3).message("en")
    '3'
    """
    return Text(str(text), str(text))


def join_sentences(texts: Iterable[Text], lang: Lang) -> str:
    """Join sentences.

    Examples
    --------
    >>> join_sentences([same("a"), same("b")], "zh")
    'a;b'
    """
    return (";" if lang == "zh" else "; ").join(said for said in (text.message(lang) for text in texts) if said)


_FULL = str.maketrans(",;:", "\uff0c\uff1b\uff1a")


class Speaker:
    """Says things in one of two languages; whoever knows more words than these is one, too.

    Examples
    --------
    >>> Speaker().listed(["1", "2"]), Speaker("en").say("是", "yes")
    ('1、2', 'yes')
    """

    lang: Lang

    def __init__(self, lang: Lang = "zh") -> None:
        self.lang = lang

    def say(self, zh: str, en: str) -> str:
        """Return one of two sentences."""
        return en if self.lang == "en" else zh

    def listed(self, parts: Iterable[str]) -> str:
        """Return what is listed, in a row."""
        return self.say("、", ", ").join(parts)


def typeset(text: str) -> str:
    r"""Give a Chinese sentence full-width commas and colons; between digits they stay.

    Examples
    --------
    >>> typeset("甲,乙:6:4") == "甲\uff0c乙\uff1a6:4"
    True
    """
    return re.sub(r"[,;:](?! )(?<!\d.(?=\d))", lambda sign: sign[0].translate(_FULL), text)


CARD = re.compile(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
"""The number of an identity card (GB 11643), which some branches take for an id."""
_DAY_IN_CARD = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
NEAR_CARD = re.compile(
    rf"[1-9]\d{{5}}(?:(?:19|20)\d\d{_DAY_IN_CARD}(?:\d{{2,3}}|\d\d[Xx]|\d{{4}}[\dXx])|\d\d{_DAY_IN_CARD}\d{{3}})"
)
"""The number of an identity card with a digit too few or too many, or of the old kind with 15."""
_SHOWN_CARD = re.compile(rf"(?<![0-9A-Za-z])(?:{CARD.pattern}|{NEAR_CARD.pattern})(?![0-9A-Za-z])")


def without_cards(text: str) -> str:
    """Return text in which numbers of identity cards are masked, for whatever is shown.

    Examples
    --------
    >>> without_cards("编号 11010119800101123X 不在花名册上")
    '编号 110101********123X 不在花名册上'
    """
    return _SHOWN_CARD.sub(lambda card: f"{card[0][:6]}********{card[0][-4:]}", text)


_CAUSES = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "文件不能再大,或磁盘已满",
    errno.ENOMEM: "内存不足",
    errno.EROFS: "这里只能读,不能写",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接绕成了圈",
    errno.ESPIPE: "这是一个设备或管道,不是文件",
}


def cause(fault: OSError) -> Text:
    """Return why the system refused a file, in both languages.

    Examples
    --------
    >>> cause(FileNotFoundError(2, "No such file or directory"))
    Text(zh='没有这个文件或文件夹', en='No such file or directory')
    """
    said = fault.strerror or str(fault)
    if "temporary directory" in said:
        return Text("没有可用的临时文件夹,请查看 TMPDIR 和磁盘", "no usable folder for temporary files: see TMPDIR")
    return Text(_CAUSES.get(fault.errno or 0, said), said)


@dataclass(frozen=True)
class Problem:
    """One mistake (or note) with its address.

    Parameters
    ----------
    severity : {"error", "note"}
        Whether the data can be scored in spite of it.
    code : str
        A stable name of the kind of problem, such as ``unknown_member``.
    text : Text
        What is wrong, what was found, what would be right.
    file, sheet, cell : str
        The address; empty where there is none. In a scheme file ``cell`` is
        the dotted path.
    value : str
        The raw value that was found.
    kind : str
        What ``value`` is where it is only unknown, and a correspondence table
        (对照表) can say what it means: a kind of word of the vocabulary such
        as ``status``, or ``header``, ``sheet``, ``sign``, ``branch``, ``year``.
    meaning : str
        What a correspondence table says that ``value`` means; empty while it
        is unknown.
    times : int
        Of how many cells this is said, where it is said once for all of them.
    wanted : str
        The meaning that is looked for where ``value`` stands, such as the
        label of a column that is missing on the sheet.
    """

    severity: Severity
    code: str
    text: Text
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    kind: str = ""
    times: int = 1
    meaning: str = ""
    wanted: str = ""

    def message(self, lang: Lang = "zh") -> str:
        """Return what is wrong, without the address."""
        return self.text.message(lang)

    @property
    def address(self) -> str:
        """Return file, sheet and cell in one string, as far as known."""
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return " ".join(part for part in (self.file, place) if part)

    def line(self, lang: Lang = "zh") -> str:
        """Return address and message in one line."""
        return f"{self.address}: {self.message(lang)}" if self.address else self.message(lang)


class ManyProblems(Sequence[Problem]):
    """More problems than anybody reads: held by kind, and each made when somebody asks for it."""

    @property
    @abstractmethod
    def errors(self) -> Sequence[Problem]:
        """Those of them that are errors."""

    @property
    @abstractmethod
    def notes(self) -> Sequence[Problem]:
        """Those of them that are notes."""

    @abstractmethod
    def kinds(self) -> Sequence[Sequence[Problem]]:
        """Return them kind by kind, in the order of the first of each."""

    @abstractmethod
    def followed_by(self, more: Sequence[Problem]) -> ManyProblems:
        """Return them with others below."""

    @abstractmethod
    def values(self) -> Iterator[tuple[Problem, int]]:
        """Yield a problem of each different value, and of how many cells the same is said."""

    @abstractmethod
    def each(self) -> Iterator[tuple[Problem, Sequence[str]]]:
        """Yield a problem, and what stands in the cells of all that differ from it in that and their places alone."""

    @abstractmethod
    def texts(self) -> Iterator[tuple[str, int]]:
        """Yield what stands in their cells, and in how many."""


def errors_of(problems: Sequence[Problem]) -> Sequence[Problem]:
    """Return the problems that are errors."""
    return (
        problems.errors if isinstance(problems, ManyProblems) else tuple(p for p in problems if p.severity == "error")
    )


def notes_of(problems: Sequence[Problem]) -> Sequence[Problem]:
    """Return the problems that are notes."""
    if isinstance(problems, ManyProblems):
        return problems.notes
    return tuple(one for one in problems if one.severity == "note")


def kinds_of(problems: Sequence[Problem]) -> Sequence[Sequence[Problem]]:
    """Return problems by severity, file, sheet, code and kind of word, in the order of the first of each."""
    if isinstance(problems, ManyProblems):
        return problems.kinds()
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for one in problems:
        groups.setdefault((one.severity, one.file, one.sheet, one.code, one.kind), []).append(one)
    return list(groups.values())


def join_problems(problems: Sequence[Problem], more: Sequence[Problem]) -> Sequence[Problem]:
    """Return problems with others below them."""
    return problems.followed_by(more) if isinstance(problems, ManyProblems) else (*problems, *more)


def cell_texts(problems: Sequence[Problem]) -> Iterator[tuple[str, int]]:
    """Yield what stands in the cells of problems, and in how many; a text may come more than once."""
    yield from problems.texts() if isinstance(problems, ManyProblems) else ((one.value, one.times) for one in problems)


def values_of(problems: Sequence[Problem]) -> Iterator[tuple[Problem, int]]:
    """Yield problems and of how many cells each is said; of very many, one for each different value."""
    yield from problems.values() if isinstance(problems, ManyProblems) else ((one, one.times) for one in problems)


class JifenError(Exception):
    """Anything a user of this package did that cannot be done.

    Parameters
    ----------
    zh, en : str
        The same sentence in Chinese and in English.

    Examples
    --------
    >>> print(JifenError("没有文件", "no such file").message("en"))
    no such file
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.text = Text(zh, en)

    def message(self, lang: Lang = "zh") -> str:
        """Return the sentence in one language."""
        return self.text.message(lang)

    def __str__(self) -> str:
        return self.message()

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: the sentence, without the traceback."""
        return [self.message()]


class UsageError(JifenError):
    """A call that cannot be answered: an unknown name, an empty input."""


_NAMED = 60
"""Names that a refusal lists of those that are known."""


def nearest_to(name: object, known: Iterable[object], cutoff: float = 0.6) -> Text:
    """Return what a refusal of an unknown name says of the known one most like it; nothing where none is like it.

    Examples
    --------
    >>> nearest_to("2024H", ["2024H1", "2023H1"]).en, nearest_to("甲", ["乙"]).en
    ('; the nearest is 2024H1', '')
    """
    near = difflib.get_close_matches(str(name), [str(one) for one in known], n=1, cutoff=cutoff)
    return Text(f",最接近的是 {near[0]}", f"; the nearest is {near[0]}") if near else NOTHING


def there_are(known: Iterable[object]) -> Text:
    """Return the end of a refusal of an unknown name: which names are known, or that there are none.

    Examples
    --------
    >>> there_are(["2024H1", "2024H2"]).en, there_are([]).en
    ('there are: 2024H1, 2024H2', 'there are none')
    """
    names = [str(one) for one in known]
    if not names:
        return Text("一个也没有", "there are none")
    more = Text(f"等 {len(names)} 个", f", … {len(names)} in all") if len(names) > _NAMED else NOTHING
    return Text(f"有:{'、'.join(names[:_NAMED])}{more.zh}", f"there are: {', '.join(names[:_NAMED])}{more.en}")


def choose_from(known: Iterable[object]) -> Text:
    """Return the end of a refusal of an unknown name that says all that may stand in its place.

    Examples
    --------
    >>> choose_from(["strict", "open"]), choose_from([]).zh
    (Text(zh='可用:strict、open', en='there are: strict, open'), '可用:(无)')
    """
    names = [str(one) for one in known]
    return Text(f"可用:{'、'.join(names) or '(无)'}", f"there are: {', '.join(names)}" if names else "there are none")


_LISTED = 20
"""Errors, and kinds of the others, that a refusal tells."""


def told_in_refusal(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems whose sentences stand in the refusal of all."""
    errors = errors_of(problems)
    kinds = errors.kinds() if isinstance(errors, ManyProblems) else ()
    return [*errors[:_LISTED], *(kind[0] for kind in kinds[:_LISTED])]


@dataclass(frozen=True)
class _Listing:
    zh: str
    en: str
    problems: Sequence[Problem] = field(default=())

    def text(self) -> Text:
        first, rest = self.problems[:_LISTED], len(self.problems) - _LISTED
        said = [Text(self.zh, self.en), *(Text(one.line("zh"), one.line("en")) for one in first)]
        if rest > 0:
            said.append(Text(f"……另有 {rest} 处", f"… and {rest} more"))
        if isinstance(self.problems, ManyProblems):
            said += [_counted(kind) for kind in self.problems.kinds()[:_LISTED]]
        if any(kind[0].kind and not kind[0].meaning for kind in kinds_of(self.problems)):
            said.append(_SETTLING)
        return Text(*("\n".join(lines) for lines in zip(*said, strict=True)))


def _counted(kind: Sequence[Problem]) -> Text:
    """Say how many problems of a kind there are, with the first of them."""
    n, first = len(kind), kind[0]
    return Text(f"同类 {n:,} 处,第一处:{first.line('zh')}", f"{n:,} of a kind, the first: {first.line('en')}")


_SETTLING = Text(
    "不认得的写法可以一次说清:jifen check 数据 --unknown 对照表.xlsx,填好后加 --words 对照表.xlsx",
    "what is unknown can be said once: jifen check DATA --unknown TABLE.xlsx, filled in, then --words TABLE.xlsx",
)


class _ProblemsError(JifenError):
    _zh = ""
    _en = ""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = problems if isinstance(problems, ManyProblems) else tuple(problems)
        errors = errors_of(self.problems)
        n = len(errors)
        text = _Listing(self._zh.format(n=n), self._en.format(n=n), errors).text()
        super().__init__(text.zh, text.en)

    def __reduce__(self) -> tuple[type, tuple[Sequence[Problem]]]:
        return type(self), (self.problems,)


class InvalidRecords(_ProblemsError):  # noqa: N818 - the name is part of the public face
    """Records that cannot be scored; ``problems`` holds every one, addressed."""

    _zh = "数据有 {n} 处错误:"
    _en = "the data has {n} error(s):"


class InvalidScheme(_ProblemsError):  # noqa: N818 - the name is part of the public face
    """A scheme file that cannot be used; ``problems`` holds every one, by dotted path."""

    _zh = "方案文件有 {n} 处错误:"
    _en = "the scheme file has {n} error(s):"
