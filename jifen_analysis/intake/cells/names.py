"""Member ids, names, free text and words of the vocabulary."""

from __future__ import annotations

import re
from functools import lru_cache

from jifen_analysis.errors import CARD, NEAR_CARD, Text, without_cards
from jifen_analysis.intake.cells.reading import (
    Reading,
    RefusedAlike,
    display_raw,
    plain,
    refusal,
    unspaced,
    value_with_note,
)
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import Column
from jifen_analysis.tables.failures import Around
from jifen_analysis.vocabulary import Vocabulary

LONGEST_NUMBER = 15
"""A spreadsheet keeps no more digits of a number."""

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱丘江"
    "尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师"
    "和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_DOUBLE = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|东方|端木|南宫|长孙"
_FULL_NAME = re.compile(
    rf"(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)"
)


NAME = r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)"
"""The form of what is certainly meant for a name."""
STARS = "*★☆※#△▲"
"""Signs that people put behind a name or a header."""
SIGN_MEANT = re.compile(
    rf"(?<![不未无没非])(?<![不未无没非][带打标有])[带打标有]?(?P<sign>[{STARS}])[”\"』」]?[号者的]*\s*(?:为|是|表示|代表|指|[:=])\s*"
    r"(?P<word>[\u4e00-\u9fff]+)(?![\u4e00-\u9fff]|[,;、]?(?:其余|其他|其它|余者?)[\u4e00-\u9fff]{0,4}[为是])"
)
"""What a line around the records says that a sign behind a name means: 带*者为预备党员."""


def looks_like_name(text: str) -> bool:
    """Return whether a text may be somebody's name: a common surname and one or two characters, or parts with a dot.

    Examples
    --------
    >>> looks_like_name("张 三"), looks_like_name("会期")
    (True, False)
    """
    return _FULL_NAME.fullmatch(unspaced(text)) is not None


def read_id(value: Value) -> Reading:
    """Read a member id: text, or a number of at most 15 digits.

    Examples
    --------
    >>> read_id("00017").value, read_id(17.0).value, read_id(12.5).severity
    ('00017', '17', 'error')
    """
    if isinstance(value, str):
        return _written_id(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return refusal("bad_id", value, "不是编号;编号应为文本,如 00017", "is no id; an id is text such as 00017")
    if abs(value) >= 10**LONGEST_NUMBER:
        return _lost_digits(value)
    if value < 0 or not float(value).is_integer():
        return refusal(
            "bad_id", value, "不是编号:编号不会有小数或负号", "is no id: an id has neither decimals nor a sign"
        )
    return Reading(str(int(value)))


def _written_id(value: str) -> Reading:
    text = unspaced(value).removeprefix("'")
    text = re.sub(r'^="(.*)"$', r"\1", text)
    if _SCIENTIFIC.fullmatch(text):
        return refusal("id_digits_lost", value, *_REWRITTEN)
    if re.fullmatch(r"\d+\.\d+", text):
        whole, _, rest = text.partition(".")
        if rest.strip("0"):
            return refusal("bad_id", value, "不是编号:编号不会有小数", "is no id: an id has no decimals")
        return value_with_note(whole, "id_read", value, f"读作编号 {whole}", f"is read as the id {whole}")
    if "*" in text:
        return refusal(
            "masked_id", value, "打了星号,分不出是谁;请填完整的编号", "is masked, so nobody knows whose it is"
        )
    if NEAR_CARD.fullmatch(text):
        return _near_card(text)
    return _card(text) if is_card(text) else Reading(text)


def _near_card(text: str) -> Reading:
    """Refuse the number of an identity card with a digit too few or too many, and doubt one of the old kind."""
    zh, en = "像是身份证号,却不是18位", "looks like the number of an identity card, but has not 18 signs"
    shown = without_cards(text)
    if len(text) == _OLD_CARD:
        return value_with_note(text, "card_doubtful", shown, f"{zh}(旧的15位?);请核对", f"{en}: an old one?")
    return refusal("card_length", shown, f"{zh},有{len(text)}位;请核对补全", f"{en}: {len(text)}")


_OLD_CARD = 15


def is_card(text: str) -> bool:
    """Return whether a text is of the form of an identity card's number: 18 signs, a day of birth in them.

    Examples
    --------
    >>> is_card("11010119800101123X"), is_card("00017")
    (True, False)
    """
    return CARD.fullmatch(text) is not None


def _card(text: str) -> Reading:
    """Take an identity card's number for an id; one whose last sign does not fit the others is doubted."""
    weight = sum(int(digit) * pow(2, 17 - n, 11) for n, digit in enumerate(text[:17]))
    if text[17].upper() == "10X98765432"[weight % 11]:
        return Reading(text.upper())
    return value_with_note(
        text.upper(),
        "card_doubtful",
        without_cards(text),
        "的校验位与前17位不符,可能抄错了一位;请核对",
        "has a last sign that does not fit the other 17; a digit may be wrong",
    )


_REWRITTEN = (
    "是科学记数法,像是编号被表格软件改写过,原来的数字已看不出;请把该列设为文本后重新填写",
    "is in scientific notation, as a spreadsheet rewrites an id, whose digits are lost; format the column as text",
)


def _lost_digits(value: Value) -> Reading:
    return refusal(
        "id_digits_lost",
        value,
        "编号超过15位却存成了数字,后面的位数已丢失;请把该列设为文本后重新填写",
        "has more than 15 digits and was stored as a number, so digits are lost; format the column as text",
    )


def read_name(value: Value) -> Reading:
    """Read a name without the spaces that only make it as wide as those above and below.

    Examples
    --------
    >>> read_name("王  芳").value, read_name("张伟民 李秀兰").value
    ('王芳', '张伟民 李秀兰')
    """
    text = read_text(value).value
    return Reading(text if re.search(BETWEEN_NAMES, text) else _GAP.sub("", text))


_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
BETWEEN_NAMES = r"(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2})"
"""A gap that no name has to be as wide as others: people of one cell stand so."""


def read_text(value: Value) -> Reading:
    """Read free text, as it stands but for the spaces around it."""
    if isinstance(value, bool):
        return Reading("是" if value else "否")
    return Reading(display_raw(value).replace("_x000D_", "").strip())


def read_word(value: Value, column: Column, words: Vocabulary) -> Reading:
    """Read a word of the vocabulary.

    Examples
    --------
    >>> from jifen_analysis.tables import TABLES
    >>> from jifen_analysis.vocabulary import standard
    >>> read_word("旷会", TABLES["attendance"]["status"], standard()).value
    'absent'
    """
    if not isinstance(value, str):
        return unknown_word(value, column, words)
    text = plain(value)
    code = words.code(column.words, text)
    if code is not None:
        return Reading(code)
    return unknown_word(value, column, words)


def unknown_word(value: Value, column: Column, words: Vocabulary) -> Reading:
    """Return the refusal of what is no word of a kind, with the nearest that is."""
    behind = _not_known(words.nearest(column.words, display_raw(value)), column, words)
    return refusal("unknown_word", value, *behind, column.words)


def unknown_words(column: Column, words: Vocabulary) -> Reading:
    """Return the refusal of different texts that are no words of a kind, without the nearest that are."""
    said = RefusedAlike(Around.quotes(_not_known(None, column, words)))
    return Reading(None, "error", "unknown_word", kind=column.words, each=said)


def _not_known(near: str | None, column: Column, words: Vocabulary) -> Text:
    known = _listed(column.words, words)
    zh = f",最接近的是“{near}”" if near else ""
    en = f"; the nearest is “{near}”" if near else ""
    listed = f";可填:{known}" if len(known) < 120 else ";可填的见空白表的下拉列表"
    return Text(f"不是认得的词{zh}{listed}", f"is not a known word{en}")


@lru_cache(maxsize=64)
def _listed(kind: str, words: Vocabulary) -> str:
    return "、".join(word.label for word in words.words[kind].values())
