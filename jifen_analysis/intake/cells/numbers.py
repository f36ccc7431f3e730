"""Amounts, counts and yes/no."""

from __future__ import annotations

import math
import re

from jifen_analysis.intake.cells.reading import (
    CROSS,
    TICK,
    Reading,
    is_number,
    plain,
    read_as,
    refusal,
    unspaced,
    value_with_note,
)
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import Column

_AMOUNT = re.compile(
    r"(?:¥|人民币|RMB)?(?P<sign>[-+]?)¥?(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<unit>万元|元整?|圆|块|分|RMB)?"
)
_DIGIT = "[零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖]"
_WORDED = re.compile(
    rf"(?:人民币)?(?:(?P<k>{_DIGIT})[千仟])?(?:零?(?P<h>{_DIGIT})[百佰])?(?:零?(?P<t>{_DIGIT})?(?P<ten>[十拾]))?"
    rf"(?:零(?={_DIGIT}))?(?:(?<![千仟百佰])(?P<n>{_DIGIT}))?"
    r"(?P<unit>[元圆块][整正]?|[分次户人票张个件条项])"
)
"""An amount, a mark or a count in words: 壹拾贰元整, 三户; never 一百二户, which is 120 in speech."""
_VALUES = dict(
    zip("零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)), strict=True)
)
_COUNT = re.compile(r"(?P<n>[-+]?\d+)(?:\.0+)?(?P<unit>[次户人票张个件条项]?)")
_PARTED = re.compile(r"\d\s+\d")
_TRUE = frozenset({"是", *TICK, "有", "对", "y", "yes", "true", "t", "1", "1.0"})
_FALSE = frozenset({"否", *CROSS, "x", "☐", "没有", "不是", "错", "n", "no", "false", "f", "0", "0.0"})


def read_number(value: Value, column: Column) -> Reading:
    """Read an amount, a mark or points.

    Examples
    --------
    >>> due = Column("due", "number", low=0)
    >>> read_number("￥1,200元", due).value, read_number("约200元", due).severity
    (1200.0, 'error')
    """
    if isinstance(value, bool):
        return _no_number(value, column)
    if isinstance(value, (int, float)):
        return check_bounds(float(value), value, column)
    if not isinstance(value, str):
        return _no_number(value, column)
    text = unspaced(value)
    if column.name == "due" and text in ("免缴", "免交", "免"):
        return value_with_note(0.0, "due_waived", value, "读作应缴 0", "is read as nothing due")
    text = text.removesuffix("/月") if column.name == "due" else text
    text = _GIVEN.sub(lambda said: "+" if said[0] in "加奖" else "-", text) if column.name == "points" else text
    found = _AMOUNT.fullmatch(_in_digits(text))
    if not found or (found["unit"] == "分") != (found["unit"] is not None and column.name in _POINTS):
        return _no_number(value, column)
    number = float(found["sign"] + found["n"].replace(",", ""))
    number = round(number * _MYRIAD, 4) if found["unit"] == "万元" else number
    reading = check_bounds(number, value, column)
    parted = _PARTED.search(plain(value)) is not None
    if reading.severity or (not parted and text.lstrip("+-").replace(".", "").isdigit()):
        return reading
    return value_with_note(number, "number_read", value, f"读作 {number:g}", f"is read as {number:g}")


_MYRIAD = 10_000
_GIVEN = re.compile(r"^[加奖减扣](?=\d)")
"""What points are said to be: 加2分, 扣3分."""


_COINS = re.compile(
    r"(?:¥|人民币)?(?:(?P<yuan>\d{1,3}(?:,\d{3})+|\d+)[元圆块])?零?(?:(?P<jiao>\d)角)?(?:零?(?P<fen>\d)分)?[整正]?"
)
"""An amount in yuan and coins: 12元5角, 5角."""


def _in_digits(text: str) -> str:
    """Return 壹拾贰元整 as 12元, 12元5角 as 12.50元; other text as it is."""
    coins = _COINS.fullmatch(text)
    if coins and (coins["jiao"] or (coins["yuan"] and coins["fen"])):
        return f"{coins['yuan'] or 0}.{coins['jiao'] or 0}{coins['fen'] or 0}元"
    found = _WORDED.fullmatch(text)
    if not found or not any(found[part] for part in ("k", "h", "ten", "n")):
        return text
    places = ((found["k"], 1000), (found["h"], 100), (found["t"] or (found["ten"] and "一"), 10), (found["n"], 1))
    return f"{sum(_VALUES[digit] * place for digit, place in places if digit)}{found['unit'].replace('正', '整')[:1]}"


def check_bounds(number: float, value: Value, column: Column) -> Reading:
    """Hold a number against the bounds of its column."""
    low, high = column.low, column.high
    if not math.isfinite(number):
        return _no_number(value, column)
    if (low is not None and number < low) or (high is not None and number > high):
        zh = f"应在 {low:g} 到 {high:g} 之间" if high is not None else f"不能小于 {low:g}"
        en = f"is not between {low:g} and {high:g}" if high is not None else f"is less than {low:g}"
        return refusal("out_of_range", value, f"不对:{zh}", en)
    return Reading(number)


_POINTS = ("mark", "points", "score")


_PERCENT = re.compile(r"[-+]?\d+(?:\.\d+)?%")


def _percent(value: Value) -> Reading:
    return refusal(
        "percent", value, "是百分数;这里要的是数,请写明分数、票数或金额", "is a percentage; write the number itself"
    )


def _no_number(value: Value, column: Column) -> Reading:
    if isinstance(value, str) and _PERCENT.fullmatch(unspaced(value)):
        return _percent(value)
    like = 85 if column.name in _POINTS else 1200
    return refusal(
        "bad_number",
        value,
        f"不是明确的数字;请只写数字,如 {like}",
        f"is no unmistakable number; write digits alone, as {like}",
    )


def read_share(value: Value) -> Reading:
    """Read a share of the whole: 0.8, or 80%.

    Examples
    --------
    >>> read_share("80%").value, read_share(0.8).value, read_share(80).severity
    (0.8, 0.8, 'error')
    """
    text = unspaced(value) if isinstance(value, str) else ""
    found = Reading(round(float(text[:-1]) / 100, 9)) if _PERCENT.fullmatch(text) else read_number(value, _SHARE)
    if found.severity != "error" and 0 <= found.value <= 1:
        return Reading(found.value)
    said = ("应为 0 到 1 之间的数,或百分数,如 80%", "must be a number from 0 to 1, or a percentage such as 80%")
    return refusal("bad_share", value, *said)


_SHARE = Column("share", "number")


def read_count(value: Value, column: Column) -> Reading:
    """Read a whole number.

    Examples
    --------
    >>> read_count("3次", Column("quantity", "count", low=0)).value
    3
    """
    if is_number(value) and float(value).is_integer():
        return _whole(int(value), value, column)
    found = _COUNT.fullmatch(_in_digits(unspaced(value))) if isinstance(value, str) else None
    if not found and isinstance(value, str) and _PERCENT.fullmatch(unspaced(value)):
        return _percent(value)
    if not found and isinstance(value, str) and value.strip() in {*TICK}:
        return refusal("bad_count", value, *_NO_NUMBER_OF_VOTES)
    if not found:
        return refusal("bad_count", value, "不是整数;请只写数字,如 2", "is no whole number; write digits alone, as 2")
    reading = _whole(int(found["n"]), value, column)
    if reading.severity or not (found["unit"] or _PARTED.search(plain(str(value)))):
        return reading
    return read_as(reading.value, "number_read", value, f" {reading.value}")


_NO_NUMBER_OF_VOTES = (
    "是记号,不知有几个;请写数(如几票、几次),一人一张的票请先汇总",
    "is a sign: how many? write a number, and add up the ballots of single voters first",
)


def _whole(number: int, value: Value, column: Column) -> Reading:
    reading = check_bounds(float(number), value, column)
    if number >= 1 << 53:
        return _no_number(value, column)
    return reading if reading.severity else Reading(number)


def read_boolean(value: Value, own: tuple[str, ...] = ()) -> Reading:
    """Read yes or no; ``own`` are words that mean yes in this column, such as its header.

    Examples
    --------
    >>> read_boolean("√").value, read_boolean(0.0).value
    (True, False)
    """
    if isinstance(value, bool):
        return Reading(value)
    text = plain(str(value)).casefold() if isinstance(value, (str, int, float)) else ""
    if text in _TRUE or text in own:
        return Reading(True)
    if text in _FALSE:
        return Reading(False)
    return refusal(
        "bad_boolean", value, "不是 是/否;请写 是 或 否(也可 √ 或空白)", "is neither yes nor no; write 是 or 否"
    )
