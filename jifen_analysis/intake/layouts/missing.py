"""What a table lacks, what may be meant by the columns that it has, and what would be right instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.lexicon import JUDGING, MISSED, PART_OF_YEAR, PRESENT, PUT_OFF, REMARKS, TO_COME
from jifen_analysis.intake.cells.names import looks_like_name
from jifen_analysis.intake.cells.times import TO
from jifen_analysis.intake.grid import Grid, is_blank
from jifen_analysis.intake.layouts.block import problem
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.readings.attendees import announced
from jifen_analysis.intake.layouts.readings.listed import says_only_who
from jifen_analysis.intake.layouts.readings.statuses import COUNTS
from jifen_analysis.intake.layouts.scene import Scene, titles_of
from jifen_analysis.intake.layouts.spellings import column_of, find_tables, is_harmless
from jifen_analysis.vocabulary import Vocabulary


def missing(grid: Grid, header: Header, scene: Scene) -> Iterator[Problem]:
    """Name the columns that neither header nor surroundings give, and the header nearest to each."""
    lacked = header.missing(scene.given)
    unused = {display_raw(v): j for j, v in enumerate(grid.row(header.row)) if j not in header.used and not is_blank(v)}
    counted = [j for label, j in unused.items() if _COUNTED.fullmatch(plain(label))]
    of_meetings = header.table == "attendance" and {"date", "status"} <= {*lacked}
    if counted and (of_meetings or (says_only_who(header) and len(counted) > 1)):
        yield problem(grid, "status_counts", COUNTS, (header.row, counted[0]))
        return
    strange = {label: j for label, j in unused.items() if not looks_like_name(label)}
    judged = says_only_who(header) or "mark" in lacked or header.table == "ballots"
    outcomes = list(outcomes_among(grid, header.row, unused)) if lacked and judged else []
    if outcomes:
        yield outcomes[0]
        return
    if says_only_who(header) and not find_tables([PurePath(grid.file).stem], scene.words) >= {"members"}:
        asked = list(unknown_headers(grid, header.row, strange, "出勤情况、应缴、事项"))
        if asked or lacked:
            text = _meant(grid, header, "group") or _WHICH_TABLE
            yield problem(grid, "missing_column", text, (header.row, min(header.used)))
            yield from asked
            return
    meetings = [j for label, j in unused.items() if scene.words.code("activity", label)]
    if header.table == "attendance" and "status" in lacked and meetings:
        yield problem(grid, "meetings_undated", _UNDATED, (header.row, meetings[0]))
        return
    sought: list[str] = []
    likely = [text for text in unused if not is_harmless(text)]
    for column in lacked:
        if column == "status" and any(map(announced, grid.row(header.row))):
            yield problem(grid, "people_listed", _LISTED, (header.row, min(header.used)))
            continue
        label = scene.words.column(header.table, column).label
        near = next(iter(difflib.get_close_matches(label, likely, n=1, cutoff=0.3)), "")
        sought += [label] * (not near)
        at = header.row, unused[near] if near else min(header.used)
        text = _meant(grid, header, column) or _lacking(header.table, column, near, scene.words)
        said = problem(grid, "missing_column", text, at, kind="header" if near else "")
        yield replace(said, wanted=label if near else "")
    if sought:
        yield from unknown_headers(grid, header.row, strange, "、".join(sought))


_COUNTED = re.compile(
    rf"(?:实?际?{PRESENT}|{MISSED}|{TO_COME}|[应实]际?参[加会]|参[加会])(?:总?次数?|人?次|率)?(?:\(.*\))?"
)


def _lacking(table: str, column: str, near: str, words: Vocabulary) -> Text:
    word, label, title = words.column(table, column), words.tables[table].label, _IN_TITLE.get(column, "")
    hint = (f",最接近的是“{near}”", f"; the nearest header is “{near}”") if near else ("", "")
    said = (f",也可在表题写明,如“{title}”", f", or say it in the title, as {title}") if title else ("", "")
    return Text(
        f"{label}缺少“{word.label}”一列{hint[0]}{said[0]};若有同样意思的一列,在对照表里写明(--unknown)",
        f"the table {table} lacks the column {column} ({word.label}){hint[1]}{said[1]}; a column "
        "that means the same is settled by a correspondence table (--unknown)",
    )


def outcomes_among(grid: Grid, row: int, labels: Mapping[str, int]) -> Iterator[Problem]:
    """Say of every header of an outcome, such as 评议等次, that it is no record."""
    for label, j in labels.items():
        if _OUTCOME.fullmatch(plain(label)):
            yield problem(grid, "results_not_records", _OUTCOMES, (row, j))


def _meant(grid: Grid, header: Header, column: str) -> Text | None:
    """Return the readings of what the titles say of a column, where they say it of several."""
    if column not in _DOUBTED:
        return None
    form, text = _DOUBTED[column]
    said = next((found[0] for title in titles_of(grid, header.row) if (found := form.search(plain(title)))), "")
    return Text(text.zh.format(said), text.en.format(said)) if said else None


_DOUBTED = {
    "group": (
        re.compile(rf"党员(?:民主)?(?:{JUDGING})"),
        Text(
            "“{0}”可以是党员评的,也可以是评党员的,不知谁评的;党员评的请写“党员互评”,别人评的写明,如“居民代表评议”",
            "{0} may be by members or of members: write 党员互评 where they judged each other, else who did",
        ),
    ),
    "month": (
        re.compile(rf"\d{{1,2}}\s*月?\s*[{TO}]\s*\d{{1,2}}\s*月|{PART_OF_YEAR}|全年"),
        Text(
            "表题说的是{0},金额是几个月合计的,不知每月各多少;请每月一列或一行",
            "the title says {0}: amounts of several months, not of which each; give every month its own",
        ),
    ),
    "date": (
        re.compile(rf"(?:{PUT_OFF})[^,。;)]*"),
        Text(
            "表题说会议“{0}”,不知以哪一天为准;请在表题里只写开会的那一天",
            "the title says that the meeting was moved ({0}): write only the day on which it was",
        ),
    ),
}
"""What a title may say of a column, and of what else."""
_OUTCOME = re.compile(rf"(?:民主|年度)*(?:{JUDGING}|考[核评]|评定)(?:等次|等级|档次|结果|结论)|等次|等级|档次")
_OUTCOMES = Text(
    "这一列是评定的结果,不是记录;请报得出它的票数(优秀、合格……各几票)或分数,等次由方案算出",
    "an outcome, no record: send the votes or marks that it comes from; the scheme makes the grade",
)
_UNDATED = Text(
    "列名只是会议种类,没有日期,不知是哪一次;请写成 3月5日党员大会 这样;若填的是次数,请改报每次会议的签到",
    "the headers name kinds of meetings and no day: write them as 3月5日党员大会; where the cells count meetings, send "
    "the signs of each",
)
_WHICH_TABLE = Text(
    "只认得编号、姓名一类的列,不知是哪一类表:考勤要有日期、出勤情况,党费要有月份、应缴,事项要有日期、事项(没有的可写在表题里);"
    "若是花名册,缺少“党支部”一列;别的列名可在对照表里写明(--unknown)",
    "only columns that say who it is are known, not what of: attendance has 日期 and 出勤情况, dues 月份 and 应缴, "
    "events 日期 and 事项 (or the title says them); a roster lacks 党支部; other columns are named by a correspondence "
    "table (--unknown)",
)
_LISTED = Text(
    "一行是一次会议、格里列出姓名,没有逐人的出勤情况;请改成一人一行(姓名、日期、活动类型、出勤情况),或每次会议一张签到表",
    "a meeting a row with people listed in cells: give every member a row (姓名, 日期, 活动类型, 出勤情况), or every "
    "meeting a list",
)


_LUNAR = re.compile(
    r"(?:农历|阴历)?(?:[正一二三四五六七八九十冬腊]|十[一二])月(?:初[一二三四五六七八九十]|[十廿][一二三四五六七八九]|[二三]十)"
)
_A_LUNAR_DAY = Text(
    "像是农历的日子,没有读;请写公历日期,如 3月5日", "a day of the lunar calendar? not read; write it as 3月5日"
)


def unknown_headers(grid: Grid, row: int, labels: Mapping[str, int], wanted: str) -> Iterator[Problem]:
    """Name the headers that nobody knows where a column is missing: one of them may be it."""
    for label, j in labels.items():
        known = is_harmless(label) or re.fullmatch(REMARKS, plain(label)) or column_of(label, "attendance") == "date"
        if isinstance(grid.columns[j][row], str) and not known:
            text = Text(
                f"“{label}”这一列不认得,没有读;若就是“{wanted}”,在对照表里写明(--unknown)",
                f"the column {label} is unknown and not read; where it is the missing {wanted}, settle it in "
                "a correspondence table (--unknown)",
            )
            text = _A_LUNAR_DAY if _LUNAR.fullmatch(label) else text
            yield replace(problem(grid, "header_unknown", text, (row, j), "note", "header"), wanted=wanted)


_IN_TITLE = {"group": "党员互评", "due": "每人每月应缴10元", "period": "2024年上半年", "month": "2024年5月"}
"""What a title may say instead of a column."""
