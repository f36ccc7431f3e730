"""What the frames of ``analysis.comparison`` say."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding
from jifen_analysis.findings.saying import ends, format_value, join_sentence, list_names
from jifen_analysis.summaries import Moves, Why

_NONE = "<NA>"

MEASURES = {
    "tau_b": Text("名次一致程度", "agreement of the ranks"),
    "weighted_tau": Text("名次一致程度(前列更重)", "agreement of the ranks, the top weighing more"),
    "spearman": Text("名次相关", "correlation of the ranks"),
    "kappa": Text("等次一致程度", "agreement of the grades"),
    "kappa_linear": Text("等次一致程度(线性加权)", "agreement of the grades, linear weights"),
    "kappa_quadratic": Text("等次一致程度(平方加权)", "agreement of the grades, squared weights"),
}


def schemes(table: pd.DataFrame, measure: str = "tau_b", labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say which schemes agree most and which least; all that tie are named.

    Parameters
    ----------
    table : DataFrame
        What ``comparison.schemes`` returned.
    measure : str
        One of its measures.
    labels : mapping of str to str
        What the schemes are called.

    Returns
    -------
    Finding or None
        ``None`` where no pair has the measure.

    Examples
    --------
    >>> table = pd.DataFrame({"a": ["甲", "甲"], "b": ["乙", "丙"], "n": [9, 9], "tau_b": [0.8, 0.31]})
    >>> schemes(table).text.zh
    '名次一致程度最高的是甲与乙(0.80)，最低的是甲与丙(0.31)'
    """
    known, names, what = table.dropna(subset=measure), labels or {}, MEASURES[measure]
    if known.empty:
        return None
    n, about = int(known["n"].max()), tuple(dict.fromkeys([*known["a"], *known["b"]]))
    pairs = [(names.get(a, a), names.get(b, b)) for a, b in zip(known["a"], known["b"], strict=True)]
    values = pd.Series(known[measure].to_numpy("float64"), range(len(pairs)))
    reach, first = ends(values), float(values.iloc[0])
    if reach is None or reach.alike:
        which = _pairs(pairs, list(values.index))
        text = Text(
            f"{which.zh}的{what.zh}为{format_value(first, digits=2)}",
            f"{what.en} of {which.en}: {format_value(first, digits=2)}",
        )
        return Finding("comparison.schemes", text, n, "counted", 0.3, {"top": first, "bottom": first}, about)
    high, low = (_pairs(pairs, [int(place) for place in side]) for side in (reach.high, reach.low))
    top, bottom = (format_value(value, digits=max(2, reach.digits)) for value in (reach.top, reach.bottom))
    text = Text(
        f"{what.zh}最高的是{high.zh}({top})，最低的是{low.zh}({bottom})",
        f"{what.en}: {high.en} the highest ({top}), {low.en} the lowest ({bottom})",
    )
    figures = {"top": reach.top, "bottom": reach.bottom}
    return Finding("comparison.schemes", text, n, "counted", 0.3, figures, about)


def _pairs(pairs: list[tuple[str, str]], places: list[int]) -> Text:
    named = [pairs[place] for place in places]
    return Text(list_names([f"{a}与{b}" for a, b in named]).zh, list_names([f"{a} and {b}" for a, b in named]).en)


def moves(found: Moves) -> Finding | None:
    """Say how many grades change, and how many of those gained points.

    Parameters
    ----------
    found : Moves
        What ``comparison.moves`` returned.

    Returns
    -------
    Finding or None
        ``None`` where nobody has a grade under either scheme.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 1], [0, 4]], index=["合格", "优秀"], columns=["合格", "优秀"])
    >>> rows = pd.DataFrame({"grade_changed": [True] + [False] * 7, "difference": [2.0] * 8})
    >>> moves(Moves(rows, counts, "period")).text.zh
    '8人次中，1人次等次改变(12.5%)，其中1人次分数增加'
    """
    return _regraded("comparison.moves", found)


def transitions(found: Moves) -> Finding | None:
    """Say how many grades change, for the table of grades."""
    return _regraded("comparison.transitions", found)


def _regraded(chart: str, found: Moves) -> Finding | None:
    counts = found.transitions
    neither = counts.loc[counts.index == _NONE, counts.columns == _NONE]
    n = int(counts.to_numpy().sum() - neither.to_numpy().sum())
    if n == 0:
        return None
    rows = found.members[found.members["grade_changed"].astype("bool")]
    changed, both, gained = len(rows), int(rows["difference"].notna().sum()), int((rows["difference"] > 0).sum())
    if not changed:
        text = Text(f"{n}人次的等次都没有改变", f"no grade of {n} changes")
        return Finding(chart, text, n, "counted", 0.3, {"changed": 0.0, "gained": 0.0})
    text = join_sentence(
        [
            Text(
                f"{n}人次中，{changed}人次等次改变({format_value(changed / n, 'share')})",
                f"of {n}, {changed} change grade ({format_value(changed / n, 'share')})",
            ),
            _gained(gained, both, changed),
        ]
    )
    figures = {"changed": float(changed), **({"gained": float(gained)} if both else {})}
    return Finding(chart, text, n, "counted", 0.6, figures)


def _gained(gained: int, both: int, changed: int) -> Text:
    """Say how many gained points, of those who have a total under both schemes: without one nobody gains or loses."""
    if not both:
        return Text("没有人两边都有总分，分数无从比较", "none with both totals, so that no points compare")
    if both == changed:
        return Text(f"其中{gained}人次分数增加", f"{gained} of them with more points")
    return Text(
        f"其中两边都有总分的{both}人次中{gained}人次分数增加", f"{gained} of the {both} with both totals gain points"
    )


def records(table: pd.DataFrame) -> Finding:
    """Say how many totals changed records moved, and how many grades.

    Examples
    --------
    >>> row = {"member_id": "1", "period": "2024", "grade_before": "合格", "grade_after": "优秀"}
    >>> records(pd.DataFrame([row, row | {"period": "2023", "grade_after": "合格"}])).text.zh
    '更正动了2人次的分数或等次，其中1人次改变等次'
    """
    before, after = (table[side].astype("object").fillna("") for side in ("grade_before", "grade_after"))
    who, changed = (len(rows[["member_id", "period"]].drop_duplicates()) for rows in (table, table[before != after]))
    if not who:
        text = Text("更正没有动任何人的分数和等次", "corrections moved nobody's total or grade")
        return Finding("comparison.records", text, 0, "counted", 0.1, {"moved": 0.0, "changed": 0.0})
    rest = Text(f"其中{changed}人次改变等次", f"{changed} of them change grade")
    if not changed:
        rest = Text("等次都没有改变", "no grade changes")
    text = join_sentence([Text(f"更正动了{who}人次的分数或等次", f"corrections moved {who} totals or grades"), rest])
    return Finding("comparison.records", text, who, "counted", 0.3, {"moved": float(who), "changed": float(changed)})


def why(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding:
    """Say how far one member's totals lie apart, and which part moves them most.

    Parameters
    ----------
    table : DataFrame
        What ``comparison.why`` returned.
    labels : mapping of str to str
        What the parts are called.

    Examples
    --------
    >>> table = pd.DataFrame({"part": ["daily", "bonus"], "difference": [-3.0, 1.0]})
    >>> table = Why(gap=-2.0, member_id="00001", period="2024").on(table)
    >>> why(table, {"daily": "日常考核"}).text.zh
    '00001 2024相差-2.00分，影响最大的是日常考核(-3.00分)'
    """
    facts, names = Why.read(table), labels or {}
    gap, moved = facts.gap, table[table["difference"].round(6) != 0]
    who = f"{facts.member_id} {facts.period}"
    if moved.empty:
        text = Text(f"{who}两边的分数相同", f"{who} has the same points under both")
        return Finding("comparison.why", text, 1, "counted", 0.1, {"gap": gap})
    size = moved["difference"].abs().round(6)
    most = moved[size == size.max()]
    called = [
        (names.get(str(part)) or title, f"{step:+.2f}")
        for part, title, step in zip(most["part"], _titles(most), most["difference"], strict=True)
    ]
    text = Text(
        f"{who}相差{gap:+.2f}分，影响最大的是{list_names([f'{name}({step}分)' for name, step in called]).zh}",
        f"{who}: {gap:+.2f} points, most by {list_names([f'{name} ({step})' for name, step in called]).en}",
    )
    return Finding("comparison.why", text, 1, "counted", 0.2, {"gap": gap}, tuple(map(str, most["part"])))


def _titles(parts: pd.DataFrame) -> list[str]:
    """Return what parts are called where nobody says otherwise: their scheme's titles, if these are known."""
    return list(map(str, parts["title" if "title" in parts else "part"]))
