"""Random assessments with everything that makes a sentence false, and readers of what a sentence claims."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
from hypothesis import strategies as st

from jifen_analysis.errors import UsageError
from jifen_analysis.findings import Finding

CUTS = {"优秀": 90.0, "合格": 60.0}
GRADES = ["优秀", "合格", "不合格"]

_totals = st.one_of(
    st.sampled_from([60.0, 89.0, 89.999999, 90.0, 90.05, 91.0]),
    st.floats(40, 105).map(lambda total: round(total, 6)),
)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Members of up to five branches: ties, one branch only, all alike, missing totals, no grades."""
    size = draw(st.integers(1, 40))
    names = [f"第{number}支部" for number in "一二三四五"[: draw(st.integers(1, 5))]]
    branch = draw(st.lists(st.sampled_from(names), min_size=size, max_size=size))
    alike = draw(st.booleans()) and draw(st.booleans())
    total = [draw(_totals)] * size if alike else draw(st.lists(_totals, min_size=size, max_size=size))
    table = pd.DataFrame({"member_id": [f"{n:03d}" for n in range(size)], "branch": branch, "total": total})
    table["total"] = table["total"].mask(
        pd.Series(draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))) == 0
    )
    return table.assign(grade=None if draw(st.integers(0, 5)) == 0 else grades_of(table["total"]))


def grades_of(totals: pd.Series) -> pd.Series:
    """Give every total its grade."""
    held = totals.map(
        lambda total: None if pd.isna(total) else "优秀" if total >= 90 else "合格" if total >= 60 else "不合格"
    )
    return held.astype("object")


def answered(ask: Callable[[], Finding | None]) -> Finding | None:
    """Return a finding, or none where the analysis itself has nothing to say; check what holds of every sentence."""
    try:
        found = ask()
    except UsageError:
        return None
    if found is not None:
        sound(found)
    return found


def sound(found: Finding) -> None:
    """Check what no sentence may contain, in both languages."""
    for lang in ("zh", "en"):
        said = found.sentence(lang)  # type: ignore[arg-type] # one of both
        assert not re.search(r"(?<![a-z])(nan|inf|None)(?![a-z])|-0\.0(?!\d)|\+0\.0(?!\d)", said), said
        assert said.endswith("。" if lang == "zh" else "."), said
    assert 0 <= found.weight <= 1
    claimed = re.search(r"最高的是(.+?)（(.+?)），最低的是(.+?)（(.+?)）", found.sentence())
    if claimed:
        high, low = (set(re.split("、|等", part)) for part in (claimed[1], claimed[3]))
        assert not high & low, found.sentence()
        assert number(claimed[2]) > number(claimed[4]), found.sentence()
    span = re.search(r"在([\d.]+)%?至([\d.]+)", found.sentence())
    assert span is None or number(span[1]) < number(span[2]), found.sentence()


def number(said: str) -> float:
    """Return the number in a phrase."""
    return float(re.search(r"[+-]?[\d.]+", said)[0])  # type: ignore[index] # there is one


def numbers(said: str) -> list[float]:
    """Return every number of a sentence in order."""
    return [float(one) for one in re.findall(r"(?<![A-Za-z\d.])[+-]?\d+(?:\.\d+)?", said)]


def named(said: str) -> list[str]:
    """Return every branch that a sentence names, as often as it does."""
    return re.findall(r"第.支部", said)


def extremes(said: str, values: pd.Series) -> None:
    """Check a claim about the highest and the lowest against the values that it is drawn from."""
    held = values.dropna().round(6)
    claimed = re.search(r"最高的是(.+?)（(.+?)），最低的是(.+?)（(.+?)）", said)
    if claimed is None:
        assert held.max() == held.min(), said
        return
    assert held.max() > held.min()
    for names, end in ((claimed[1], held.max()), (claimed[3], held.min())):
        whole = set(held.index[held == end])
        assert set(named(names)) <= whole, said
        assert len(named(names)) == min(len(whole), 3), said
