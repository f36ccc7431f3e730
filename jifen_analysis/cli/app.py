"""The commands, and what becomes of a mistake: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from jifen_analysis.cli import blank, comparing, leaving, records, rules, scale, start
from jifen_analysis.cli.desk import Desk
from jifen_analysis.cli.language import both, chosen, spoken
from jifen_analysis.errors import JifenError, UsageError

DONE, REFUSED, MISUSED = 0, 1, 2


class _Group(TyperGroup):
    """Say in both languages that there is no such command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            known = "、".join(self.commands)
            raise UsageError(f"没有命令 {args[0]};有:{known}", f"no command {args[0]}; there are: {known}")
        return super().resolve_command(ctx, args)


class _Years(TyperCommand):
    """Let one ``--years`` take several: ``--years 2023 2024``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, repeated(args, "--years"))


def repeated(args: Sequence[str], option: str) -> list[str]:
    """Write an option before each of the numbers that follow it.

    Examples
    --------
    >>> repeated(["out", "--years", "2023", "2024", "--seed", "7"], "--years")
    ['out', '--years', '2023', '--years', '2024', '--seed', '7']
    """
    spread: list[str] = []
    taking = False
    for at, word in enumerate(args):
        if taking and word.isdecimal() and args[at - 1] != option:
            spread.append(option)
        taking = word == option or (taking and word.isdecimal())
        spread.append(word)
    return spread


app = typer.Typer(name="jifen", cls=_Group, invoke_without_command=True, rich_markup_mode="rich")


@app.callback(
    help=both(
        "积分制:读支部报来的表,查验、计分、定等次,并逐条说明。",
        "Point schemes: read what branches send, check, score, grade and explain it.",
    ),
    epilog=both("例:jifen check data/sample", "Example: jifen check data/sample"),
)
def _desk(
    ctx: typer.Context,
    lang: Annotated[  # noqa: ARG001 - taken from the arguments before they are parsed; stands here to be listed
        str,
        typer.Option(
            metavar="zh|en", envvar="JIFEN_LANG", help=both("语言,可写在任何位置", "language; may stand anywhere")
        ),
    ] = "zh",
) -> None:
    if ctx.invoked_subcommand is None:
        ctx.obj.say(*[ctx.get_help()] * 2)


def _command(function: Callable[..., None], zh: str, en: str, example: str, **how: Any) -> None:
    epilog = both(f"例:{example}", f"Example: {example}")
    app.command(function.__name__, help=both(zh, en), epilog=epilog, **how)(function)


_command(
    records.check,
    "查验数据:报送情况和全部问题,一次说完。有错误时退出码为 1。",
    "Check data: who sent what, and every problem at once. Exit code 1 where there is an error.",
    "jifen check data/sample",
)
_command(
    records.assess,
    "计分、定等次;可写成结果工作簿。",
    "Score and grade; write the results workbook.",
    "jifen assess data/sample --period 2024 --out 结果.xlsx",
)
_command(
    scale.convert,
    "查验一次,写成按年度和支部分开的 Parquet;各命令都认,不再逐行查验。",
    "Check once and write Parquet by year and branch, which every command takes without checking row by row.",
    "jifen convert data/sample 已查验",
)
_command(
    records.explain,
    "说明一个人的分数:每一分的条款、记录、文件和单元格。",
    "Explain one score: clause, record, file and cell of every point.",
    "jifen explain data/sample 00017 --period 2024H1",
)
_command(
    leaving.report,
    "年度总结:一年与上一年比较;默认不列个人、隐去小组。",
    "The annual review against the year before; nobody is named and small groups are hidden by default.",
    "jifen report data/sample --out 总结.html",
)
_command(
    leaving.notice,
    "公示表:每支部一张,只有姓名、得分、等次、名次。",
    "Notices: a sheet a branch, with name, score, grade and rank only.",
    "jifen notice data/sample --period 2024 --out 公示表.docx",
)
_command(
    leaving.export,
    "打包供第三方核验:假名化的记录、方案、来历。",
    "Pack for a third party: pseudonymised records, the scheme, where they come from.",
    "jifen export data/sample 核验包.zip",
)
_command(
    comparing.compare,
    "比较方案和读法:谁变了,为什么。",
    "Compare schemes and readings: who moves, and why.",
    "jifen compare data/sample --scheme community_60_40 --scheme street_80_20 --out 比较.xlsx",
)
_command(
    rules.schemes,
    "列出方案,或用文字说明一个方案。",
    "List the schemes, or show one in words.",
    "jifen schemes community_60_40",
)
_command(
    rules.lint,
    "检查方案:缺口、矛盾、够不到的等次、推定的数。",
    "Look a scheme over: gaps, contradictions, grades out of reach, assumed numbers.",
    "jifen lint bureau_quarterly",
)
_command(
    blank.template,
    "支部填报用的空白表:表头、示例、下拉列表、说明;填好送回即可读入。",
    "The blank workbook for branches: headers, an example, lists to choose from; filled in, it loads.",
    "jifen template 空白表.xlsx --scheme community_60_40",
)
_command(
    start.sample,
    "生成虚构的样例数据。",
    "Make synthetic records.",
    "jifen sample 样例 --members 300 --years 2023 2024 --format xlsx",
    cls=_Years,
)
_command(
    start.demo,
    "在样例数据上走一遍:查验、计分、写出结果。",
    "The main job on the sample: check, score, write the results.",
    "jifen demo",
)
_command(
    start.lab,
    "在 JupyterLab 中打开笔记本(放在数据旁边的副本)。",
    "JupyterLab on the notebooks (a copy beside your data).",
    "jifen lab 我的数据",
)


def run(args: Sequence[str]) -> int:
    """Do what the arguments say.

    Returns
    -------
    int
        0 done, 1 the data or the scheme has errors, 2 wrong usage.
    """
    desk = Desk.open("zh")
    try:
        lang, rest = chosen(args, os.environ)
        desk = Desk.open(lang)
        command = spoken(typer.main.get_command(app), lang)
        code = command.main(rest, prog_name="jifen", standalone_mode=False, obj=desk)
    except JifenError as refusal:
        desk.refuse(refusal)
        return MISUSED if isinstance(refusal, UsageError) else REFUSED
    except typer.TyperException as misuse:
        desk.refuse(_said(misuse))
        return misuse.exit_code
    return code if isinstance(code, int) else DONE


def _said(misuse: Any) -> JifenError:
    """Put what the parser has to say into both languages."""
    said = misuse.format_message()
    kind, param = type(misuse).__name__, getattr(misuse, "param", None)
    name = param.get_error_hint().strip("'") if param is not None else getattr(misuse, "option_name", "")
    sentences = {
        "NoSuchOption": f"没有选项 {name}",
        "MissingParameter": f"缺少 {name}",
        "BadParameter": f"{name} 的值不对:{_wanted(getattr(misuse, 'message', ''))}",
        "BadOptionUsage": f"选项 {name} 用法不对:{said}",
    }
    hint = f"。用法见 {misuse.ctx.command_path} --help" if getattr(misuse, "ctx", None) else ""
    usage = f" See {misuse.ctx.command_path} --help." if hint else ""
    return JifenError(sentences.get(kind, f"用法不对:{said}") + hint, said.rstrip(".") + "." + usage)


_WANTED = (
    (r".*valid integer.*", "应为整数"),
    (r".*greater than or equal to (\S+)", r"至少为 \1"),
    (r".*valid path.*", "应为文件或文件夹"),
)


def _wanted(message: str) -> str:
    return next((re.sub(said, zh, message) for said, zh in _WANTED if re.fullmatch(said, message)), message)


def main() -> None:
    """Run as the command ``jifen``."""
    sys.exit(run(sys.argv[1:]))
