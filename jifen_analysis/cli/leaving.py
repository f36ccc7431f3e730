"""report, notice, export: what leaves the desk."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import Score, scored, under
from jifen_analysis.cli.desk import Desk
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read
from jifen_analysis.errors import UsageError
from jifen_analysis.intake import Check
from jifen_analysis.report.export import export as pack
from jifen_analysis.report.images import require_images, require_word, write_images
from jifen_analysis.report.manifest import origin, write_manifest
from jifen_analysis.report.notice import SUFFIXES, notices, write_notices
from jifen_analysis.report.page import write_page
from jifen_analysis.report.privacy import Key, pseudonymised, read_key, unaddressed
from jifen_analysis.report.review import Review
from jifen_analysis.report.review import review as reviewed
from jifen_analysis.saving import writable
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables import Records

AcceptedOnly = Annotated[
    bool,
    typer.Option(
        "--accepted-only",
        rich_help_panel=options.READING,
        help=both("只评文件没有错误的支部,其余列名", "only branches whose files have no error"),
    ),
]
_PAGES = (".html", ".docx")


def _scored(
    desk: Desk,
    data: Path,
    scheme: Scheme,
    score: Score,
    reading: dict[str, object],
    *,
    partly: bool,
) -> tuple[Assessment, Check]:
    found = read(desk, data, words=scheme.words.words["event"], **reading)  # type: ignore[arg-type] # options, as typed
    with desk.busy("正在计分…", "scoring …"):
        return scored(found, score, partly=partly)


def report(
    ctx: typer.Context,
    data: options.Data,
    scheme: options.SchemeName = options.DEFAULT_SCHEME,
    variant: options.Variants = None,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR", help=both("总结哪一年,默认最近一年", "the year reviewed; the last one by default")
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=both("写成 .html 网页或 .docx", "an .html page or .docx"))
    ] = None,
    images: Annotated[
        Path | None, typer.Option(metavar="DIR", help=both("另存各图(PNG、SVG)", "every figure as PNG and SVG"))
    ] = None,
    with_names: Annotated[
        bool,
        typer.Option(
            "--with-names",
            help=both("内部使用:列出名单,不隐去小组", "for internal use: lists of names, and nothing hidden"),
        ),
    ] = False,
    manifest: Annotated[
        bool,
        typer.Option("--manifest", help=both("在旁边另存来历(JSON)", "write where it comes from beside it (JSON)")),
    ] = False,
    pseudonymise: options.Pseudonymise = None,
    accepted_only: AcceptedOnly = False,
    roster: options.Roster = None,
    id_width: options.IdWidth = None,
) -> None:
    """Print the main findings; write the review where asked."""
    desk: Desk = ctx.obj
    target = out and writable(out, _PAGES)
    if images or (target and target.suffix.lower() == ".docx"):
        require_images()
    if manifest and not target:
        raise UsageError("--manifest 须与 --out 一起用", "--manifest goes with --out")
    wanted = read_scheme(scheme).variant(*variant or ())
    reading: dict[str, object] = {"year": year, "roster": roster, "id_width": id_width}
    result, found = _scored(
        desk, data, wanted, under(pseudonymise, partial(assess, scheme=wanted)), reading, partly=accepted_only
    )
    with desk.busy("正在编写…", "writing …"):
        written = reviewed(result, year, found, lang=desk.lang, with_names=with_names)
        files = _written(written, target)
        drawn, removed = write_images(written, images) if images else ([], [])
    if target and manifest:
        files.append(write_manifest(written.made, target))
    for line in (written.title, *written.summary, *(picture.sentence for picture in written.front)):
        desk.say(line, line)
    views.written(desk, [*files, *drawn])
    views.removed(desk, removed)


def _written(review: Review, target: Path | None) -> list[Path]:
    if target is None:
        return []
    if target.suffix.lower() == ".html":
        return [write_page(review, target)]
    from jifen_analysis.report.word import write_word

    return [write_word(review, target)]


def notice(
    ctx: typer.Context,
    data: options.Data,
    scheme: options.SchemeName = options.DEFAULT_SCHEME,
    variant: options.Variants = None,
    period: Annotated[
        str | None,
        typer.Option(metavar="P", help=both("哪个考核期,默认最近一期", "which period; the last one by default")),
    ] = None,
    branch: Annotated[str | None, typer.Option(metavar="B", help=both("只出这个支部", "only this branch"))] = None,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help=both("写成 .docx 或 .xlsx", "a .docx or .xlsx file"))
    ] = Path("公示表.xlsx"),
    accepted_only: AcceptedOnly = False,
    year: options.Year = None,
    roster: options.Roster = None,
    id_width: options.IdWidth = None,
) -> None:
    """Write a sheet for each branch to hang out."""
    desk: Desk = ctx.obj
    target = writable(out, SUFFIXES)
    require_word(target)
    wanted = read_scheme(scheme).variant(*variant or ())
    reading: dict[str, object] = {"year": year, "roster": roster, "id_width": id_width}
    result, found = _scored(desk, data, wanted, partial(assess, scheme=wanted), reading, partly=accepted_only)
    sheets = notices(result, period, branch)
    views.left_out(desk, found)
    for one in sheets:
        if one.waiting:
            desk.say(
                f"草稿:{one.branch}尚有{one.waiting}人待评", f"draft: {one.waiting} pending in {one.branch}", "yellow"
            )
    views.written(desk, [write_notices(sheets, target, origin(result, found.branches))])


def export(
    ctx: typer.Context,
    data: options.Data,
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            show_default=False,
            help=both("写成 .zip,或写进一个空文件夹", "a .zip file or an empty folder"),
        ),
    ],
    scheme: options.SchemeName = options.DEFAULT_SCHEME,
    variant: options.Variants = None,
    pseudonymise: options.Pseudonymise = None,
    accepted_only: AcceptedOnly = False,
    year: options.Year = None,
    roster: options.Roster = None,
    id_width: options.IdWidth = None,
) -> None:
    """Pack records, scheme and manifest for a third party; always under pseudonyms."""
    desk: Desk = ctx.obj
    wanted = read_scheme(scheme).variant(*variant or ())
    key = read_key(pseudonymise) if pseudonymise else Key(secrets.token_bytes(32))
    reading: dict[str, object] = {"year": year, "roster": roster, "id_width": id_width}

    def hidden(records: Records) -> Assessment:
        return unaddressed(assess(pseudonymised(records, key), wanted))

    result, found = _scored(desk, data, wanted, hidden, reading, partly=accepted_only)
    views.left_out(desk, found)
    if not pseudonymise:
        desk.say(
            "未给密钥:用一次性密钥,下次导出的假名不同", "no key given: one used once; pseudonyms will differ next time"
        )
    desk.say("已假名化,但不是匿名数据,请按规定保管", "pseudonymous, not anonymous: handle with care")
    views.written(desk, [pack(result, scheme, out)])
