"""What people write beside a value: whether it may change what the value is worth."""

from __future__ import annotations

import re
from functools import lru_cache

from jifen_analysis.intake.cells.lexicon import EXAMPLE, JUDGING, MISSED, OUT, VOID
from jifen_analysis.intake.cells.reading import plain

_GONE = "转出|去世|死亡|逝世|病故|停止党籍|开除|退党|脱党|除名|失联"
STATES = rf"{_GONE}|转入|[调迁][入出]|恢复党籍|流[动入出]|预备|延期|退休|离休|免考|警告|察看|撤销|处分"
"""What says of a member that something is otherwise, under whatever header; first, that he is no more one."""
_OF_STATE, _IS_GONE = re.compile(STATES), re.compile(rf"{_GONE}|作废")
_OF_SOMEBODY = re.compile(
    rf"{STATES}|亡故|转正|年老|体弱|病重|免[缴交考于予]|补[缴交]|欠[缴交]|未[缴交]|已[缴交]|多[缴交]|少[缴交]|代[缴交]|预[缴交]|缓[缴交]|减[半免缴]|一次性|退[费款]|不(?:参[加与]|[纳列计]入)?(?:本?年度?|民主)*(?:考核|{JUDGING})"
    rf"|{MISSED}|{OUT}|[产婚丧]假|公[出差]|缺[席勤]|旷工|未[到参]|未能|没[到来参]|补[学课会签]|替会|代会"
    r"|免职|任职"
)
_OF_RECORDS = re.compile(
    rf"[未不]通过|未完成|未落实|未开展|驳回|不予|不认[定可]|待审|退回|未审|未核实|待核|待定|存疑|不属实|线上|弃权|{VOID}|更改|改为|应[为是]|错[误了填]|为准|补录|漏(?![水雨电气油])|书记|委员"
    r"|\d+(?:\.\d+)?[元块分票次]|[加减扣得][^,。;]{0,6}分|[12]\d{3}[年./-]|\d+月|优秀|合格"
)


_VOID = re.compile(rf"{VOID}|{EXAMPLE}|撤销|取消|不算|不计|写错|填错|[未没]有?(?:召开|开展|举[行办])|停开")


@lru_cache(maxsize=1 << 15)
def void(text: str) -> bool:
    """Return whether a remark says that a record does not count, or is wrong."""
    return _VOID.search(plain(text)) is not None


def weighty(text: str) -> bool:
    """Return whether a remark speaks of what could change a score: a state, a status, an amount, a vote, a time.

    Examples
    --------
    >>> weighty("2024年5月转出"), weighty("因病住院"), weighty("党龄较长,热心")
    (True, True, False)
    """
    return of_somebody(text) or _OF_RECORDS.search(plain(text)) is not None


def of_state(text: str) -> bool:
    """Return whether a text says of a member that something is otherwise, under whatever header."""
    return _OF_STATE.search(plain(text)) is not None


def gone(text: str) -> bool:
    """Return whether a text says of a member that he is no more one, below whatever header it stands."""
    return _IS_GONE.search(text) is not None


@lru_cache(maxsize=1 << 15)
def of_somebody(text: str) -> bool:
    """Return whether a text speaks of what becomes of a member: away, paid or not, moved, retired, punished."""
    return _OF_SOMEBODY.search(plain(text)) is not None
