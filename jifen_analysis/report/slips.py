"""一人一卡: a printable slip for each member of a branch, to read and to sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docx.shared import Cm, Pt

from jifen_analysis.errors import Lang, UsageError, there_are, typeset
from jifen_analysis.report.standing import last_period, scored_within
from jifen_analysis.report.summary import by_number
from jifen_analysis.report.word import align, new_document, number_pages, save_document, table
from jifen_analysis.saving import writable
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.explain.api import Explanation
from jifen_analysis.scoring.explain.sections import ExplanationSection, Row, sections

SIGNED = {
    "zh": (
        "本人已核对以上内容:□ 无异议    □ 有异议,申请复核,理由:____________________",
        "本人签名:____________    日期:____年__月__日",
    ),
    "en": (
        "I have read the above:  [ ] no objection   [ ] I object and ask for a review, because: ____________________",
        "Signature: ____________    Date: ____________",
    ),
}

ROUNDED = {
    "zh": "分数写到两位小数；合计按未舍入的分数计算。",
    "en": "Points are written with two decimals; sums are of the points as they are.",
}
POINTS = frozenset({"得分", "分值", "计入总分", "总分", "score", "points", "contribution", "total"})
"""Columns and facts that are points."""

FIGURES = POINTS | {"权重", "平均", "记录", "weight", "mean", "records"}
"""Columns of figures: they are flushed right."""


def slips(result: Assessment, branch: str, period: str | None = None) -> tuple[Explanation, ...]:
    """Explain the score of every member of a branch, all of a year that is scored in parts.

    Parameters
    ----------
    result : Assessment
        With its records.
    branch : str
        As in the roster.
    period : str, optional
        Or a year; the last scored period by default.

    Returns
    -------
    tuple of Explanation
        By member id and period; where a member is not assessed or elsewhere, the period is left out.

    Raises
    ------
    UsageError
        For a period that was not scored, or a branch that has nobody in it.
    """
    chosen = period or last_period(result)
    table_of = result.table
    outside = table_of["flags"].fillna("").str.contains("exempt|not_assessed")
    rows = table_of[table_of["period"].isin(scored_within(result, chosen)) & ~outside]
    if rows.empty:
        known = there_are(table_of["period"].unique())
        raise UsageError(f"没有考核期 {chosen};{known.zh}", f"no period {chosen}; {known.en}")
    mine = rows.loc[rows["branch"] == branch, ["member_id", "period"]].astype("str")
    if mine.empty:
        branches: list[str] = sorted(rows["branch"].unique(), key=by_number)
        known = there_are(branches)
        raise UsageError(f"没有支部 {branch};{known.zh}", f"no branch {branch}; {known.en}")
    return tuple(result.explain(member, one) for member, one in sorted(mine.itertuples(index=False, name=None)))


def write_slips(found: Iterable[Explanation], path: str | Path, made: Mapping[str, Any], lang: Lang = "zh") -> Path:
    """Begin a page for each member: result, components, every rule that counted, a line to sign.

    Points have two decimals, as on the notice. Each slip's foot says which of how
    many it is, and counts the pages of that member alone.

    Parameters
    ----------
    found : iterable of Explanation
        From ``slips``.
    path : str or Path
        Ends with ``.docx``; replaced where it exists.
    made : mapping
        From ``manifest.origin``; it stands in the properties of the file.
    lang : {"zh", "en"}
        In which language.

    Raises
    ------
    UsageError
        Where the file cannot be written.
    """
    target = writable(path, [".docx"])
    document = new_document("积分卡" if lang == "zh" else "Score slips")
    _tighten(document)
    every = list(found)
    for at, explanation in enumerate(every, start=1):
        number_pages(document, _FOOT[lang].format(at, len(every)).split("#"), first=at == 1)
        _slip(document, explanation, lang)
    save_document(document, target, made)
    return target


_FOOT = {"zh": "第{}份(共{}份)  第 # 页", "en": "slip {} of {}, page #"}
"""What stands at the foot of a page; # is its number."""


def _tighten(document: Any) -> None:
    """Let nearly every slip fit a page."""
    words, heading = document.styles["Normal"], document.styles["Heading 2"]
    words.font.size, words.paragraph_format.space_after = Pt(9.5), Pt(2)
    heading.font.size, heading.paragraph_format.space_before = Pt(11), Pt(6)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(0)
    document.sections[0].top_margin = document.sections[0].bottom_margin = Cm(1.4)


def _slip(document: Any, explanation: Explanation, lang: Lang) -> None:
    heading, *others = sections(explanation, lang)
    say = typeset if lang == "zh" else str
    document.add_heading(heading.title, 1)
    colon = ":" if lang == "zh" else ": "
    document.add_paragraph("    ".join(say(f"{name}{colon}{value}") for name, value in heading.facts))
    for section in others:
        _section(document, section, say)
    lines = [document.add_paragraph(say(line)) for line in (ROUNDED[lang], *SIGNED[lang])]
    _keep(lines[:-1])


def _section(document: Any, section: ExplanationSection, say: Callable[[str], str]) -> None:
    """Add a section without the single records: the slip fits a page, the explanation has them all."""
    document.add_heading(section.title, 2).paragraph_format.keep_with_next = True
    if section.facts:
        _table(document, *_facts(section), say)
    if section.facts and section.rows:
        document.add_paragraph().paragraph_format.line_spacing = Pt(5)  # Word would make one of two tables
    if section.rows:
        _table(document, *_rows(section), say)
    _keep([document.add_paragraph(say(_written("", note))) for note in section.notes])


def _table(document: Any, heads: Sequence[str], rows: Iterable[Sequence[str]], say: Callable[[str], str]) -> None:
    """Add a table whose columns of figures are flushed right."""
    drawn = table(document, heads, [[say(cell) for cell in row] for row in rows])
    for row in drawn.rows:
        align([row.cells[at].paragraphs[0] for at, head in enumerate(heads) if head in FIGURES], "right")


def _keep(paragraphs: Iterable[Any]) -> None:
    """Where a slip is too long for a page, leave no signature alone on the next."""
    for paragraph in paragraphs:
        paragraph.paragraph_format.keep_with_next = True


def _facts(section: ExplanationSection) -> tuple[list[str], list[list[str]]]:
    """Put names above values: a slip has little room."""
    names, values = zip(*section.facts, strict=True)
    return list(names), [[_written(name, value) for name, value in zip(names, values, strict=True)]]


def _rows(section: ExplanationSection) -> tuple[list[str], list[tuple[str, ...]]]:
    top: list[Row] = [row for row in section.rows if row.depth == 0]
    width = max(len(row.cells) for row in top)
    kept = [at for at in range(width) if any(len(row.cells) > at and row.cells[at] for row in top)]
    heads = [*section.heads, *[""] * width]
    cells = [(*row.cells, *[""] * width) for row in top]
    return [heads[at] for at in kept], [tuple(_written(heads[at], row[at]) for at in kept) for row in cells]


def _written(head: str, cell: str) -> str:
    """Write points with two decimals, and no other number with more.

    Examples
    --------
    >>> _written("得分", "+8"), _written("权重", "0.6"), _written("距上一等次", "合格(60分起),差15.6035分")
    ('+8.00', '0.6', '合格(60分起),差15.60分')
    """
    if head in POINTS and re.fullmatch(r"[+-]?\d+(\.\d+)?", cell):
        return f"{'+' * cell.startswith('+')}{float(cell):.2f}"
    return re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", cell)
