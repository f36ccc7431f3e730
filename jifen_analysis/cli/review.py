"""report: the annual review."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import score_accepted, under
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError
from jifen_analysis.report.forms import ENDINGS, check_requirements, write_review
from jifen_analysis.report.manifest import write_manifest
from jifen_analysis.report.needs import require_images
from jifen_analysis.saving import writable
from jifen_analysis.scoring.assess import assess

if TYPE_CHECKING:
    from jifen_analysis.report.review import Review


ReviewedYear = Annotated[
    int | None, options.option("总结哪一年,默认最近一年", "the year reviewed; the last one by default", metavar="YEAR")
]
ReviewFile = Annotated[
    Path | None,
    options.option(
        "写成 .html 网页、.docx、.pptx 幻灯片或 .pdf", "an .html page, .docx, .pptx slides or .pdf", metavar="FILE"
    ),
]
Images = Annotated[Path | None, options.option("另存各图(PNG、SVG)", "every figure as PNG and SVG", metavar="DIR")]
NamesReviewed = Annotated[
    bool,
    options.option(
        "内部使用:列出名单,不隐去小组", "for internal use: lists of names, and nothing hidden", "--with-names"
    ),
]
Manifest = Annotated[
    bool, options.option("在旁边另存来历(JSON)", "write where it comes from beside it (JSON)", "--manifest")
]


def report(
    ctx: typer.Context,
    data: options.Data,
    *,
    rules: options.Rules,
    year: ReviewedYear = None,
    out: ReviewFile = None,
    images: Images = None,
    with_names: NamesReviewed = False,
    manifest: Manifest = False,
    pseudonymise: options.Pseudonymise = None,
    accepted_only: options.AcceptedOnly = False,
    reading: options.ReadingOptions,
) -> None:
    """Print the main findings; write the review where asked."""
    desk: Terminal = ctx.obj
    target = out and writable(out, ENDINGS)
    if images:
        require_images()
    figures = check_requirements(target) if target else None
    if manifest and not target:
        raise UsageError("--manifest 须与 --out 一起用", "--manifest goes with --out")
    wanted = rules.read()
    score = under(desk, pseudonymise, partial(assess, scheme=wanted), wanted)
    found = read_data(desk, data, reading, scheme=wanted, named=with_names)
    with desk.busy("正在计分…", "scoring …"):
        result, found = score_accepted(found, score, partly=accepted_only)
    views.beforehand(desk, figures)
    with desk.busy("正在编写…", "writing …"):
        from jifen_analysis.report.review import review  # what draws takes a second: --help does not wait for it

        written = review(result, year, found, lang=desk.lang, with_names=with_names)
        files, removed = _write(written, target, images, manifest=manifest)
    for line in screen_lines(written):
        desk.say(line, line)
    views.print_written(desk, files)
    views.print_removed(desk, removed)


def _write(
    written: Review, target: Path | None, images: Path | None, *, manifest: bool
) -> tuple[list[Path], list[Path]]:
    """Write the review, where it comes from, and its figures; return what was written, and what is gone by it."""
    from jifen_analysis.report.images import write_images

    files = write_review(written, target) if target else []
    drawn, removed = write_images(written, images) if images else ([], [])
    made = [write_manifest(written.made, target)] if target and manifest else []
    return [*files, *made, *drawn], removed


def screen_lines(written: Review) -> Iterator[str]:
    """Yield the first page as lines for the screen."""
    from jifen_analysis.report.review import Points

    yield written.title
    for section in written.opening:
        yield f"【{section.title}】" if written.lang == "zh" else f"{section.title}:"
        for block in section.blocks:
            points = block.points if isinstance(block, Points) else ()
            yield from (f"- {point.text}" for point in points)
            if isinstance(block, str):
                yield block
