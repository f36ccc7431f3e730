"""From a result and a member's id to an explanation."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Protocol

import numpy as np
import pandas as pd

from jifen_analysis.errors import UsageError, there_are
from jifen_analysis.periods import Period, read_period
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.computation import Computation, Settings
from jifen_analysis.scoring.explain.builder import explanation_of
from jifen_analysis.scoring.explain.evidence import MemberRecords, desk_of
from jifen_analysis.scoring.explain.explanation import Explanation
from jifen_analysis.scoring.explain.lines import entries, line_frame, lines
from jifen_analysis.scoring.roster import Roster, requested_periods
from jifen_analysis.tables.records import Records


class Result(Protocol):
    """What is asked of an ``Assessment``."""

    @property
    def scheme(self) -> Scheme:
        """What it was scored under."""

    @property
    def settings(self) -> Settings | None:
        """How it was asked for."""

    @property
    def records(self) -> Records | None:
        """What it was made from."""

    @property
    def working(self) -> Computation | None:
        """What was computed on the way."""

    @property
    def again(self) -> Callable[[], Computation] | None:
        """Computes the same without decisions after objections."""


def explain(result: Result, member_id: str, period: str | None = None) -> Explanation:
    """Explain one member's score in one period, down to the cells of the records.

    Only this member's records are looked at, each table once.

    Parameters
    ----------
    result : Assessment
        From ``assess``; one opened from a folder has no records to show.
    member_id : str
        Whose; a name will do where one member bears it.
    period : str, optional
        Which, as ``2024H1`` or 2024年上半年; by default the last in which the
        member is scored.

    Returns
    -------
    Explanation
        Also for members who have no score: it says why.

    Raises
    ------
    UsageError
        For an unknown member or period, a name that several bear, or a result
        without records.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]}),
    ...     "attendance": pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"],
    ...                                 "activity": ["lecture"], "status": ["late"]}),
    ... })
    >>> explained = explain(assess(records, read_scheme("community_60_40")), "00001")
    >>> explained.period, explained.missing[0].zh
    ('2024H1', '民主评议没有评议分')
    """
    member_id = _meant(result, member_id)
    desk = _desk(result, member_id)
    chosen = _period(result, desk.roster, period)
    found = np.flatnonzero(desk.roster.period == desk.roster.periods.index(chosen))
    row = int(found[0]) if len(found) else None
    return explanation_of(desk, result.scheme, member_id, chosen, row, _uncorrected(result, desk, row))


def explained_lines(result: Result) -> pd.DataFrame:
    """Return the lines of everybody with the records behind them, as ``Explanation.frame`` does of one.

    Parameters
    ----------
    result : Assessment
        From ``assess``.

    Returns
    -------
    DataFrame
        By member, period and line; the contributions of a member and period
        with a total add up to it.

    Raises
    ------
    UsageError
        For a result without records.
    """
    working, records = _made_from(result)
    desk = desk_of(working, records, result.scheme.words, _settings(result).as_of)
    wanted = [desk.roster.periods.index(period) for period in _shown(result, desk.roster)]
    found = lines(desk, np.flatnonzero(np.isin(desk.roster.period, wanted)))
    ids, periods = desk.roster.ids[desk.roster.member], [desk.roster.periods[at] for at in desk.roster.period]
    return line_frame(one for row, listed in found.items() for one in entries(ids[row], str(periods[row]), listed))


def _made_from(result: Result) -> tuple[Computation, Records]:
    if result.working is None or result.records is None:
        raise UsageError(
            "这份结果是从文件夹打开的,没有原始记录,无法逐条说明;请用原始数据重新计分(assess)后再查",
            "this result was opened from a folder and has no records to explain it by; assess the data again",
        )
    return result.working, result.records


def _desk(result: Result, member_id: str) -> MemberRecords:
    working, records = _made_from(result)
    at = int(working.roster.ids.searchsorted(member_id))
    return desk_of(working, records, result.scheme.words, _settings(result).as_of, at)


def _meant(result: Result, asked: str) -> str:
    """Return the id of the member who is meant by an id or a name."""
    working, records = _made_from(result)
    ids = working.roster.ids
    if asked in ids:
        return asked
    members = records.table("members")
    wanted = _spelt(asked)
    called = members[members["name"].map(_spelt, na_action="ignore") == wanted]
    if not len(called):
        raise _unknown_member(asked, ids)
    if called["member_id"].nunique() > 1:
        raise _several(called)
    return str(called["member_id"].iloc[0])


def _spelt(name: str) -> str:
    """Return a name without the blanks that make two signs as wide as three."""
    return "".join(name.split())


def _several(called: pd.DataFrame) -> UsageError:
    last = called.drop_duplicates("member_id", keep="last").sort_values("member_id")
    places = zip(last["member_id"], last["branch"], strict=True)
    listed = [f"{member}({branch})" for member, branch in places]
    return UsageError(
        f"叫这个名字的有 {len(listed)} 人,请给出编号:{'、'.join(listed)}",
        f"{len(listed)} members bear this name; give the id: {', '.join(listed)}",
    )


def _unknown_member(asked: str, ids: pd.Index) -> UsageError:
    padded = list(ids[ids.str.lstrip("0") == asked.lstrip("0")])
    near = padded or difflib.get_close_matches(asked, ids, n=1, cutoff=0.5)
    hint = (f",最接近的是 {near[0]}", f"; the nearest is {near[0]}") if near else ("", "")
    kind = ("编号是", "") if any(map(str.isdigit, asked)) else ("叫", "called ")
    return UsageError(
        f"花名册没有{kind[0]} {asked} 的党员{hint[0]}", f"there is no member {kind[1]}{asked} on the roster{hint[1]}"
    )


def _shown(result: Result, roster: Roster) -> tuple[Period, ...]:
    read = [read_period(text) for text in _settings(result).periods]
    return requested_periods([one for one in read if one is not None], result.scheme.period) or roster.periods


def _period(result: Result, roster: Roster, text: str | None) -> Period:
    shown = _shown(result, roster)
    if text is None and shown:
        scored = [roster.periods[at] for at in roster.period[roster.scored]]
        return max([period for period in scored if period in shown], default=shown[-1])
    wanted = read_period(text or "")
    if wanted is None or wanted not in shown:
        asked, known = f" {text}" if text else "", there_are(shown)
        raise UsageError(f"结果中没有考核期{asked};{known.zh}", f"no period{asked} in the result; {known.en}")
    return wanted


def _uncorrected(result: Result, desk: MemberRecords, row: int | None) -> Computation | None:
    """Score again without decisions after objections, where one touches the member."""
    if row is None:
        return None
    changed, whole = desk.working.corrections, desk.rows[row]
    if not changed.touched[whole] and not changed.year_grade[whole]:
        return None
    return result.again() if result.again else None


def _settings(result: Result) -> Settings:
    return result.settings or Settings()
