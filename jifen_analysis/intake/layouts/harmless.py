"""Columns below which nothing stands that a score depends on."""

from __future__ import annotations

import re
from functools import lru_cache

from jifen_analysis.vocabulary import spelling

_HARMLESS = re.compile(
    r"序号?|行号|排序|no\.?|#|联系?电话|联系方式|手机号?码?|电话号?码?|(?:家庭|现|居住|户籍|联系|通讯)?(?:住址|地址)|学历|学位|文化程度"
    r"|民族|籍贯|出生地|年龄|党龄|(?:本人|签收|领导|负责人|经手人|审核人)?签[字名章]|盖章|经[办手]人|收[款缴]人|记录人|填[报表]人|审核人"
    r"|(?:公民)?身份证号?码?|职业|职称|入党介绍人|微信号|电子邮箱|部门|(?:所[在属])?党小组|支付方式|[缴交收][费纳款]方式|[缴交][费纳]基数"
    r"|(?:月|缴费|计缴)?(?:工资|基数|收入)(?:基数)?|(?:缴费|缴纳)?比例|签[到退]时间|打卡时间|票据号?|收据号?|照片|不计|总?有效票?数?"
    r"|工作单位|单位及职务|评议批次|所属党组织|所在党组织|党组织|党委|总支|所属党委|上级党组织"
)
"""Headers below which nothing stands that a score depends on, and what is left aside on purpose."""


@lru_cache(maxsize=1 << 14)
def is_harmless(header: str) -> bool:
    """Return whether a header is on the short list of those that change no score, or is left aside on purpose.

    Examples
    --------
    >>> is_harmless("联系电话(手机)"), is_harmless("备注")
    (True, False)
    """
    return _HARMLESS.fullmatch(spelling(re.sub(r"[((].*?[))]", "", header))) is not None


_GONE = re.compile(r"转出|去世|死亡|逝世|病故|停止党籍|开除|退党|脱党|除名|失联|作废")


def says_gone(text: str) -> bool:
    """Return whether a text says of a member that he is no more one, below whatever header it stands."""
    return _GONE.search(text) is not None


_OF_STATES = re.compile(r"职业|职称|单位|住址|地址|部门|组织|党委|总支|介绍人|不计|批次|籍贯|出生地|学历|学位|文化|龄")


@lru_cache(maxsize=1 << 14)
def may_speak_of_states(header: str) -> bool:
    """Return whether below a harmless header words such as 退休 or 外出 may stand for what it asks.

    Examples
    --------
    >>> may_speak_of_states("工作单位"), may_speak_of_states("签字")
    (True, False)
    """
    return _OF_STATES.search(header) is not None
