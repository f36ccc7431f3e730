"""The options that propose other shares, cut scores and quotas, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, TypeVar

from jifen_analysis.cli import options
from jifen_analysis.cli.language import both
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.proposal import Proposal
from jifen_analysis.schemes.scheme import Scheme

TRYING = both("试算什么", "What is tried")

Shares = Annotated[
    list[str] | None,
    options.option(
        "板块占满分的比例, 如 日常考核=70; 每个板块写一次, 合计 100",
        "a component's share of the full marks, such as 日常考核=70; all together 100",
        "--share",
        metavar=both("板块=70", "COMPONENT=70"),
        panel=TRYING,
    ),
]
Cuts = Annotated[
    list[str] | None,
    options.option(
        "等次的分数线,如 优秀=88;可多次给出",
        "the cut score of a grade; may be given again",
        "--cut",
        metavar=both("等次=88", "GRADE=88"),
        panel=TRYING,
    ),
]
Quotas = Annotated[
    list[str] | None,
    options.option(
        "等次的名额比例,如 优秀=20%、优秀=1/3、优秀=无;可多次给出",
        "the quota of a grade, such as 20%, 1/3, none; may be given again",
        "--quota",
        metavar=both("等次=20%", "GRADE=20%"),
        panel=TRYING,
    ),
]

T = TypeVar("T")


@dataclass(frozen=True)
class Trying:
    """What is tried: the options of every command that scores under other shares, cut scores or quotas."""

    share: Shares = None
    cut: Cuts = None
    quota: Quotas = None

    def read(self) -> Proposal:
        """Return what they propose."""
        return proposal(self.share, self.cut, self.quota)


def proposal(shares: Iterable[str] | None, cuts: Iterable[str] | None, quotas: Iterable[str] | None) -> Proposal:
    """Return what the options propose.

    Raises
    ------
    UsageError
        For an option without a name and a number, or a name twice.

    Examples
    --------
    >>> proposal(["日常考核=70", "民主评议=30"], ["优秀=88"], ["优秀=20%"]).shares
    {'日常考核': Fraction(7, 10), '民主评议': Fraction(3, 10)}
    """
    said = _read("--share", "日常考核=70", shares, _number)
    whole = 1 if all(number <= 1 for number, _ in said.values()) else 100
    of_all = {name: number / (1 if exact else whole) for name, (number, exact) in said.items()}
    lines = _read("--cut", "优秀=88", cuts, lambda text: float(Fraction(text)))
    return Proposal(of_all, lines, _read("--quota", "优秀=20%", quotas, _quota))


def _read(option: str, example: str, said: Iterable[str] | None, read: Callable[[str], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for text in said or ():
        name, sign, value = text.replace("\uff1d", "=").replace("\uff05", "%").rpartition("=")
        try:
            number = read(value.strip())
        except (ValueError, ZeroDivisionError):
            sign = ""
        if not sign or not name.strip():
            raise UsageError(
                f"{option} 须写成 {example} 的样子;收到“{text}”", f"{option} is such as {example}; found “{text}”"
            )
        if name.strip() in found:
            raise UsageError(f"{option} 两次写了 {name.strip()}", f"{option} names {name.strip()} twice")
        found[name.strip()] = number
    return found


def _number(text: str) -> tuple[Fraction, bool]:
    """Return a share, and whether it is a share of one already: 70% and 7/10 are, 70 and 0.7 depend on the others."""
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100, True
    return Fraction(text), "/" in text


def _quota(text: str) -> str | None:
    if text in ("\u65e0", "none"):
        return None
    share = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    if not 0 <= share <= 1:
        raise UsageError(
            f"--quota 须写成 优秀=20% 的样子,在 0 到 100% 之间;收到“{text}”",
            f"--quota is given as GRADE=20%, between 0 and 100%; found “{text}”",
        )
    return str(share)


def tell(desk: Terminal, scheme: Scheme, proposed: Proposal) -> None:
    """Print what is proposed, where anything is."""
    from jifen_analysis.report.trial.saying import changes  # imports what draws: who only scores does not wait for it

    for one in changes(scheme, proposed) if proposed else ():
        desk.say(f"试算:{one.zh}", f"on trial: {one.en}", "yellow")
