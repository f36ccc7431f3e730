"""schemes, lint, words: the rule book in words, what it leaves open, and the words themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options
from jifen_analysis.cli.language import both
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError, there_are
from jifen_analysis.periods import NAMES
from jifen_analysis.schemes.labels import label_code
from jifen_analysis.schemes.lint import lint as findings_of
from jifen_analysis.schemes.model.phrases import GROUPS
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.vocabulary import Vocabulary, Word, standard


def schemes(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|FILE]",
            show_default=False,
            help=both("内置方案名或方案文件;不给则全部列出", "a scheme to show in words; all are listed without"),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        options.option(
            "写成方案表(.xlsx,可在表中改写)或 .toml", "the scheme as a workbook to edit, or .toml", metavar="FILE"
        ),
    ] = None,
) -> None:
    """Print the list of schemes, or one in words; write it where asked."""
    desk: Terminal = ctx.obj
    if out is not None:
        from jifen_analysis.cli import views  # who only reads a scheme does not wait for pandas

        views.print_written(desk, [_written(name, out)])
        return
    if name is None:
        headers = desk.texts(
            ("方案", "scheme"), ("名称", "title"), ("考核期", "period"), ("等次", "grades"), ("其他读法", "readings")
        )
        desk.table(headers, [_row(desk, read_scheme(one)) for one in scheme_names()], whole=(0, 4))
        return
    described = read_scheme(name).describe(desk.lang)
    desk.say(described.rstrip("\n"), described.rstrip("\n"))


def _written(name: str | None, out: Path) -> Path:
    if name is None:
        raise UsageError("--out 须与方案名一起用", "--out wants the name of a scheme")
    return read_scheme(name).write(out)


def _row(desk: Terminal, scheme: Scheme) -> tuple[str, ...]:
    book = scheme.book
    cuts = [f"{name} {grade.cut:g}" if grade.cut is not None else name for name, grade in book.grades.items()]
    period = desk.text(*NAMES[book.period])
    return scheme.id, scheme.title, period, desk.stacked(cuts, "、"), desk.stacked(book.readings, "、")


def lint(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE",
            show_default=False,
            help=both("内置方案名或方案文件(.toml、.xlsx)", "a built-in name or a file"),
        ),
    ],
) -> None:
    """Print what a scheme leaves open."""
    desk: Terminal = ctx.obj
    scheme = read_scheme(name)
    findings = findings_of(scheme)
    count = len(findings)
    desk.say(f"{scheme.title}({scheme.id}):{count} 项须留意", f"{scheme.title} ({scheme.id}): {count} findings", "bold")
    for finding in findings:
        desk.say(finding.line("zh"), finding.line("en"))


def words(
    ctx: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            show_default=False,
            help=both("哪一类,如 出勤情况 或 status;不给则列出各类", "which kind, as status; all are listed without"),
        ),
    ] = None,
    scheme: Annotated[
        str | None, options.option("连同这个方案自己的词", "with this scheme's own words", metavar="NAME|FILE")
    ] = None,
) -> None:
    """Print the kinds of words, or every word of one with its spellings."""
    desk: Terminal = ctx.obj
    known = read_scheme(scheme).words if scheme else standard()
    if kind is None:
        headers = desk.texts(("类别", "kind"), ("代码", "code"), ("词数", "words"), ("例如", "such as"))
        rows = [_kind(desk, known, one) for one in known.words]
        desk.table(headers, rows, whole=(0, 1))
        return
    chosen = next((one for one in known.words if kind in (one, known.kind(one))), None)
    if chosen is None:
        listed = there_are(f"{known.kind(one)}({one})" for one in known.words)
        raise UsageError(f"没有“{kind}”这一类;{listed.zh}", f"no kind {kind}; {there_are(known.words).en}")
    headers = desk.texts(("词", "word"), ("代码", "code"), ("也写作", "also written"), ("还要填", "reads"))
    desk.table(headers, [_word(desk, known, word) for word in known.words[chosen].values()], whole=(0, 1))
    for name, codes in known.groups.get(chosen, {}).items():
        labels = "、".join(known.label(chosen, code) for code in codes)
        desk.say(f"{label_code(name, GROUPS)} 统称:{labels}", f"{name} stands for {', '.join(codes)}")


def _kind(desk: Terminal, known: Vocabulary, kind: str) -> tuple[str, str, int, str]:
    entries = [word.said(desk.lang) for word in known.words[kind].values()]
    return known.kind(kind, desk.lang), kind, len(entries), desk.text("、", ", ").join(entries[:4])


def _word(desk: Terminal, known: Vocabulary, word: Word) -> tuple[str, str, str, str]:
    comma = desk.text("、", ", ")
    columns = [known.column("events", column) for column in word.reads]
    levels = comma.join(known.label("level", level, desk.lang) for level in word.levels)
    reads = [column.said(desk.lang) + (f":{levels}" if column.code == "level" else "") for column in columns]
    return word.said(desk.lang), word.code, comma.join(word.aliases), comma.join(reads)
