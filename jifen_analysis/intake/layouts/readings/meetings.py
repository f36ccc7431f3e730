"""Attendance with a column a meeting, whose header says the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.times import SEVERAL_DAYS, read_date
from jifen_analysis.intake.grid import Grid, MonthDay, Value, is_blank
from jifen_analysis.intake.layouts.days import DATED
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.readings.wide import (
    Keys,
    Kind,
    WideColumn,
    digits,
    enough_distinct,
    read_wide,
    says_number,
)
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.surroundings import activity_in
from jifen_analysis.vocabulary import Vocabulary

_DAY = re.compile(r"(?P<d>\d{1,2})[日号]?")
_DAY_OF = re.compile(r"(?P<d>\d{1,2})[日号]\D+")
"""A day with its meeting: 5日党课."""
_SHORT = re.compile(r"\d{1,2}\.[123]")
"""A number that may have lost a nought: 3.1 is the first of March, or the tenth."""


def a_column_a_meeting(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as days, or days of a month, over the signs of a meeting each."""
    if not says_number(grid, row) and scene.around.day is None:
        return None
    return read_wide(grid, row, scene, _MEETINGS, "attendance" in scene.called or bool(scene.around.activity))


def _column(j: int, label: Label, scene: Scene) -> WideColumn | None:
    keys = keys_in(label, scene.words) or _of_the_day(label, scene)
    return WideColumn(j, keys, "status") if keys else None


def _of_the_day(label: Label, scene: Scene) -> Keys:
    """Return the activity that is all that a header says, on a sheet of one day: 党课, or 上午党课."""
    texts = [_HALF_DAY.sub("", plain(part)) for part in label if isinstance(part, str) and not is_blank(part)]
    code = scene.words.code("activity", texts[0]) if len(texts) == 1 and scene.around.day else None
    return (("date", scene.around.day), ("activity", code)) if code else ()


_HALF_DAY = re.compile(r"^(?:上午|下午|晚上|晚间|中午)(?:的)?")


def keys_in(label: Label, words: Vocabulary) -> Keys:
    """Return the day, and the activity, that a header says on one or on all of its levels."""
    short = next((digits(part) for part in label if isinstance(part, float) and _SHORT.fullmatch(digits(part))), "")
    if short:
        return (("undated", short), *_activity(label, words))
    return next((keys for part in (_joined(label), *label) if (keys := _day_keys(label, part, words))), ())


def _joined(label: Label) -> Value:
    """Return all levels of a header as one text: 3月 over 5 is 3月5."""
    return "".join(map(digits, label)) if not any(isinstance(part, date) for part in label) else None


def _day_keys(label: Label, part: Value, words: Vocabulary) -> Keys:
    day = part if isinstance(part, MonthDay) else read_date(part, None).value
    if day or isinstance(part, date):
        return (("date", day) if day else ("undated", display_raw(part)), *_activity(label, words))
    text = digits(part)
    found = DATED.search(text)
    if found and words.code("event", text.replace(found[0], "")):
        return ()  # a deed of that day is no meeting
    days = {(one["m"], one["d"]) for one in DATED.finditer(text) if one["s"] == "月"}
    if found and (len(days) > 1 or SEVERAL_DAYS.search(text.replace(found[0], f"{found['d']}日"))):
        return (("undated", text), *_activity(label, words))
    if found and (found["y"] or found["s"] == "月" or found[0] == text or activity_in([text], words)):
        return (("dated", found[0]), *_activity(label, words))
    alone = _DAY.fullmatch(text) or (_DAY_OF.fullmatch(text) if activity_in([text], words) else None)
    return (("day", int(alone["d"])), *_activity(label, words)) if alone else ()


def _activity(label: Label, words: Vocabulary) -> Keys:
    activity = activity_in([part for part in label if isinstance(part, str)], words)
    return (("activity", activity),) if activity else ()


def _enough(spread: Sequence[WideColumn], called: bool) -> bool:
    dated = any(key in ("date", "dated") for column in spread for key, _ in column.keys)
    return enough_distinct(spread, 1 if called or dated else 2)


_MEETINGS = Kind("attendance", _column, lambda _: "status", _enough, beside=frozenset({"status"}))
"""Beside a column a day, 出勤 counts the days."""
