"""Slips to sign: explain, for paper. What draws is imported when it is wanted: explain alone must not wait for it."""

from __future__ import annotations

from pathlib import Path

from jifen_analysis.errors import Lang, UsageError
from jifen_analysis.report.needs import require_office
from jifen_analysis.saving import writable
from jifen_analysis.scoring.assessment import Assessment


def slips_target(member_id: str | None, branch: str | None, out: Path | None) -> Path | None:
    """Return where slips are to be written, or ``None`` where an explanation is to be printed.

    Raises
    ------
    UsageError
        Where it is not said of whom, or a branch is named without a file.
    """
    if (member_id is None) == (branch is None):
        raise UsageError("请给出党员编号或姓名,或用 --branch 给出支部", "give a MEMBER_ID, or a branch with --branch")
    if branch is not None and out is None:
        raise UsageError("--branch 须与 --out FILE.docx 一起用", "--branch goes with --out FILE.docx")
    if out is not None:
        require_office(writable(out, [".docx"]))
    return out


def write_slips(
    result: Assessment, member_id: str | None, branch: str | None, period: str | None, target: Path, lang: Lang
) -> Path:
    """Write a slip for a member, or one for each member of a branch."""
    from jifen_analysis.report.manifest import origin
    from jifen_analysis.report.slips import slips
    from jifen_analysis.report.slips import write_slips as write

    found = slips(result, branch, period) if branch else [result.explain(str(member_id), period)]
    return write(found, target, origin(result), lang)
