"""Every table and every counted sentence of the internal review is counted anew from the frames, by other code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.report.review import Review, Table
from tests.report.sampled import records, result, written

YEAR, GRADES, CUTS = 2024, ["优秀", "合格", "不合格"], {"合格": 90.0, "不合格": 60.0}
"""CUTS: the cut score of the next grade above."""


def year_of(found: jf.Assessment, year: int) -> pd.DataFrame:
    """Return grade, total and last branch of everybody in a year."""
    inside = found.table[found.table["period"].str.startswith(f"{year}H")]
    branch = inside.drop_duplicates("member_id", keep="last").set_index("member_id")["branch"]
    rows = found.years[found.years["year"] == year].set_index("member_id")[["grade", "total"]]
    return rows.astype({"grade": "object"}).join(branch)


def recounted() -> Iterator[tuple[str, str, list[int]]]:
    """Yield the title of a table, the first cell of a row and the numbers that must stand in it."""
    found, now = result(), year_of(result(), YEAR)
    for branch, rows in [*now.groupby("branch"), ("合计", now)]:
        counts = [int((rows["grade"] == grade).sum()) for grade in GRADES]
        yield "各支部等次人数", str(branch), [*counts, sum(counts)]
    for name, outcome in found.scheme.book.outcomes.items():
        held = found.outcomes[found.outcomes["outcome"] == name]
        years = [held.loc[held["period"].str.startswith(str(year)), "member_id"] for year in (YEAR - 1, YEAR)]
        yield "结果运用（建议，由有关会议研究决定）", outcome.title or name, [one.nunique() for one in years]
    yield from near_lines(found.table)
    before = {**grades(found)}
    for name, reading in found.scheme.book.readings.items():
        after = grades(jf.assess(records(), found.scheme.variant(name)))
        moved = {member for member, period in before if before[member, period] != after[member, period]}
        yield "文义不同读法的影响", reading.title or name, [len(moved)]


@cache
def all_recounted() -> tuple[tuple[str, str, list[int]], ...]:
    """Return everything that is counted anew, once."""
    return tuple(recounted())


def near_lines(table: pd.DataFrame) -> Iterator[tuple[str, str, list[int]]]:
    """Yield how many stand at most a point below the next grade, by period and grade."""
    for half, said in (("H1", "上半年"), ("H2", "下半年")):
        rows = table[table["period"] == f"{YEAR}{half}"]
        for grade, cut in CUTS.items():
            gap = (cut - rows.loc[rows["grade_by_total"].astype("object") == grade, "total"]).round(6)
            if n := int(((gap > 0) & (gap <= 1)).sum()):
                yield "临线人数", f"{YEAR}年{said}{grade}", [n]


def grades(found: jf.Assessment) -> dict[tuple[str, str], str]:
    """Return everybody's grade of the year's periods and of the year itself."""
    halves = found.table[found.table["period"].str.startswith(f"{YEAR}H")][["member_id", "period", "grade"]]
    whole = found.years[found.years["year"] == YEAR].assign(period=str(YEAR))[["member_id", "period", "grade"]]
    rows = pd.concat([rows.astype({"grade": "object"}).fillna("") for rows in (halves, whole)])
    return {(member, period): grade for member, period, grade in rows.itertuples(index=False, name=None)}


def wrong(review: Review) -> list[str]:
    """Return which numbers of a review's tables are not those of the frames, or do not stand there at all."""
    tables = {block.title: block for section in review.sections for block in section.blocks if isinstance(block, Table)}
    told = {
        (title, "".join(row[: len(row) - table.numbers]) if title == "临线人数" else row[0]): row[-table.numbers :]
        for title, table in tables.items()
        for row in table.rows
    }
    expected = {(title, first): tuple(map(str, numbers)) for title, first, numbers in all_recounted()}
    assert len(expected) > 20  # nothing is compared with nothing
    counted = {title for title, _ in expected}
    extra = [key for key in told if key[0] in counted and key not in expected]
    return [
        f"{key}: {told.get(key)} for {numbers}" for key, numbers in expected.items() if told.get(key) != numbers
    ] + [f"{key}: nowhere in the frames" for key in extra]


def test_every_table_is_counted_anew() -> None:
    """Branches, outcomes, members near a line and readings: each number is that of the frames."""
    assert wrong(written(with_names=True)) == []


@pytest.mark.parametrize("title", ["各支部等次人数", "结果运用（建议，由有关会议研究决定）", "文义不同读法的影响"])
def test_one_wrong_number_is_found(title: str) -> None:
    """The count anew is no idle one: a number that is one too many is named."""

    def spoilt(block: object) -> object:
        if not isinstance(block, Table) or block.title != title:
            return block
        first, *rest = block.rows
        return replace(block, rows=((*first[:-1], str(int(first[-1]) + 1)), *rest))

    review = written(with_names=True)
    sections = tuple(replace(one, blocks=tuple(map(spoilt, one.blocks))) for one in review.appendix)  # type: ignore[arg-type] # blocks again
    assert len(wrong(replace(review, appendix=sections))) == 1


def test_every_counted_sentence_is_counted_anew() -> None:
    """What is said of grades, of the line, of movement, of the middle and of components is that of the frames."""
    said = " ".join(picture.sentence for picture in written(with_names=True).pictures())
    found, now, before = result(), year_of(result(), YEAR), year_of(result(), YEAR - 1)
    graded = now.dropna(subset="grade")
    held = graded["total"].round(6)
    top = [int((held >= cut).sum()) for cut in (89, 90, 91)]
    assert f"优秀线（90分）上有{top[1]}人（{top[1] / len(graded):.1%}）；提高1分减少{top[1] - top[2]}人" in said
    assert f"降低1分增加{top[0] - top[1]}人" in said
    low, middle, high = np.quantile(held, [0.25, 0.5, 0.75])
    assert f"{len(graded)}人总分的中位数是{middle:.1f}分，中间一半的人在{low:.1f}至{high:.1f}分之间" in said
    both = before["grade"].dropna().to_frame("was").join(graded["grade"], how="inner")
    step = both["was"].map(GRADES.index) - both["grade"].map(GRADES.index)
    counts = [len(both), *(int(part.sum()) for part in (step > 0, step < 0, step == 0))]
    assert "两年都有等次的{}人中，上升{}人，下降{}人，不变{}人".format(*counts) in said
    inside = found.table[found.table["period"].str.startswith(f"{YEAR}H")].dropna(subset="total")
    each = inside[inside["member_id"].isin(graded.index)].groupby("member_id")
    parts = {name: each[name].mean() * part.weight for name, part in found.scheme.book.components.items()}
    whole = sum(parts.values())
    shares = {name: float(np.cov(one, whole)[0, 1] / np.var(whole, ddof=1)) for name, one in parts.items()}
    most = max(shares, key=lambda name: shares[name])
    assert f"总分差别的{shares[most]:.1%}来自{found.scheme.book.components[most].title}" in said
    assert re.search("nan|None", said) is None
