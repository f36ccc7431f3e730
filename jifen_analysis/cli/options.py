"""The options that several commands share, said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from datetime import date
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jifen_analysis.cli.language import both
from jifen_analysis.errors import UsageError

if TYPE_CHECKING:
    from jifen_analysis.schemes.scheme import Scheme


def option(zh: str, en: str, *names: str, metavar: str | None = None, panel: str | None = None, **rule: Any) -> Any:
    """Return an option that says in both languages what it is for, in its panel of the help."""
    return typer.Option(*names, metavar=metavar, rich_help_panel=panel, help=both(zh, en), **rule)


READING = both("怎样读数据", "How the data are read")
SCORING = both("怎样计分", "How points are scored")

Data = Annotated[
    Path,
    typer.Argument(
        metavar="DATA",
        show_default=False,
        help=both(
            "工作簿、CSV、Parquet 文件,装有它们的文件夹,或写明数据库查询的 TOML",
            "a workbook, CSV or Parquet file, a folder, or a TOML file of database queries",
        ),
    ),
]
OwnData = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DATA]", show_default=False, help=both("自己的数据;不给则用样例", "your data; the sample without")
    ),
]
NoBrowser = Annotated[bool, option("不打开浏览器,只给出地址", "open no browser, only say the address", "--no-browser")]
Year = Annotated[
    int | None,
    option("日期没写年份时按哪一年,如 2024", "the year of dates that name none", metavar="YEAR", panel=READING),
]
Roster = Annotated[
    Path | None,
    option(
        "花名册文件(数据中没有花名册或不全时)",
        "a roster, for data that bring none or not everyone",
        metavar="FILE",
        panel=READING,
    ),
]
IdWidth = Annotated[
    int | None,
    option(
        "编号的位数,不足的前面补零",
        "digits of a member id; numbers are padded with zeros",
        metavar="N",
        panel=READING,
        min=1,
        max=50,
    ),
]
Words = Annotated[
    Path | None,
    option(
        "对照表:报来的词、列名、记号是什么意思",
        "the correspondence table: what local words, headers and signs mean",
        "--words",
        metavar="FILE",
        panel=READING,
    ),
]
SchemeName = Annotated[
    str,
    option(
        "内置方案名(见 jifen schemes)或文件",
        "a built-in name (see jifen schemes) or a file",
        "--scheme",
        metavar="NAME|FILE",
        panel=SCORING,
    ),
]
SchemeOfData = Annotated[
    str | None,
    option(
        "将按哪个方案计分:认得它的词,只要它的表",
        "the scheme to be scored under: its own words are known, its tables asked for",
        "--scheme",
        metavar="NAME|FILE",
        panel=READING,
    ),
]
Variants = Annotated[
    list[str] | None,
    option(
        "方案的另一种读法,可多次给出",
        "another reading of the scheme; may be given again",
        "--variant",
        metavar="NAME",
        panel=SCORING,
    ),
]
Pseudonymise = Annotated[
    Path | None,
    option(
        "编号换成假名,去掉姓名(假名化,并非匿名); 密钥文件另行妥善保管",
        "pseudonyms for ids, no names; keep the key file safe (pseudonymous, not anonymous)",
        "--pseudonymise",
        metavar="KEYFILE",
    ),
]
AcceptedOnly = Annotated[
    bool,
    option(
        "只评文件没有错误的支部,其余列名", "only branches whose files have no error", "--accepted-only", panel=READING
    ),
]

DEFAULT_SCHEME = "community_60_40"


@dataclass(frozen=True)
class ReadingOptions:
    """How data are read: the options of every command that reads some."""

    year: Year = None
    roster: Roster = None
    id_width: IdWidth = None
    words: Words = None


@dataclass(frozen=True)
class Rules:
    """What is scored by: the options of every command that scores under one scheme."""

    scheme: SchemeName = DEFAULT_SCHEME
    variant: Variants = None

    def read(self) -> Scheme:
        """Return the scheme in the readings that are asked for."""
        from jifen_analysis.schemes.scheme import read_scheme  # who asks for --help does not wait for it

        return read_scheme(self.scheme).variant(*self.variant or ())


def spread_bundles(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose bundles of options, such as ``reading``, stand as the options that they are made of.

    An option that the command has itself, such as a year, serves both.
    """
    said = signature(command, eval_str=True)
    kinds: dict[str, Any] = {name: one.annotation for name, one in said.parameters.items()}
    parts = {name: signature(kinds[name], eval_str=True).parameters for name in kinds if is_dataclass(kinds[name])}
    own = kinds.keys() - parts.keys()

    def options() -> Iterator[Parameter]:
        for name, one in said.parameters.items():
            for each in parts.get(name, {name: one}).values():
                if name in own or each.name not in own:
                    yield each.replace(kind=Parameter.KEYWORD_ONLY)

    @wraps(command)
    def run(**given: Any) -> None:
        made = {name: kinds[name](**{part: given[part] for part in parts[name]}) for name in parts}
        command(**made, **{name: given[name] for name in own})

    run.__signature__ = said.replace(parameters=tuple(options()))  # type: ignore[attr-defined]  # typer asks for it
    return run


def day(text: str | None) -> date | None:
    """Return a day typed as 2024-05-31."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--as-of 须写成 2024-05-31 的样子;收到“{text}”", f"--as-of is a day such as 2024-05-31; found “{text}”"
        ) from None
