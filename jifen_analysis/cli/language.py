"""In which language the command speaks: every text is written in both, one is shown."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from typer import rich_utils

from jifen_analysis.errors import Lang, UsageError
from jifen_analysis.line_wrap import WIDEST, requested_width

_BETWEEN = "\v"
_HELPERS = {
    "Show this message and exit.": "显示本说明",
    "Install completion for the current shell.": "让终端按 Tab 键补全命令",
    "Show completion for the current shell, to copy it or customize the installation.": "显示补全脚本,可自行安装",
}
"""What the parser says of its own options."""
_FRAMES = {
    "ARGUMENTS_PANEL_TITLE": ("参数", "Arguments"),
    "OPTIONS_PANEL_TITLE": ("选项", "Options"),
    "COMMANDS_PANEL_TITLE": ("命令", "Commands"),
    "DEFAULT_STRING": ("[默认 {}]", "[default: {}]"),
    "ENVVAR_STRING": ("[环境变量 {}]", "[env var: {}]"),
    "REQUIRED_LONG_STRING": ("[必填]", "[required]"),
}
"""What it writes around ours."""


def both(zh: str, en: str) -> str:
    """Join a text in both languages, for :func:`translate` to choose from."""
    return f"{zh}{_BETWEEN}{en}"


def choose_language(args: Sequence[str], environment: Mapping[str, str]) -> tuple[Lang, list[str]]:
    """Return the language, and the arguments without the option that named it.

    Parameters
    ----------
    args : sequence of str
        As typed; ``--lang en`` may stand anywhere.
    environment : mapping of str to str
        ``JIFEN_LANG`` serves where there is no option.

    Raises
    ------
    UsageError
        Where the option names no language.

    Examples
    --------
    >>> choose_language(["check", "data", "--lang", "en"], {})
    ('en', ['check', 'data'])
    """
    rest, named = list(args), environment.get("JIFEN_LANG", "zh")
    for at, word in enumerate(args):
        if word == "--lang" or word.startswith("--lang="):
            until = at + 1 if "=" in word else at + 2
            named, rest = word.partition("=")[2] or "".join(args[at + 1 : until]), [*args[:at], *args[until:]]
            if named not in get_args(Lang):
                raise UsageError(f"--lang 只能是 zh 或 en;收到“{named}”", f"--lang is zh or en; found “{named}”")
            break
    return ("en" if named.lower().startswith("en") else "zh"), rest


def translate(part: Any, lang: Lang) -> Any:
    """Return a command, or a parameter, and all below it with their texts in one language."""
    told = copy.copy(part)
    for name in ("help", "short_help", "epilog", "rich_help_panel", "metavar"):
        text = getattr(told, name, None)
        if isinstance(text, str) and _BETWEEN in text:
            setattr(told, name, text.split(_BETWEEN)[lang == "en"])
        elif lang == "zh" and text in _HELPERS:
            setattr(told, name, _HELPERS[text])
    if getattr(part, "is_flag", False):
        told.metavar = ""  # the parser would say <bool>, and a flag takes nothing
    if hasattr(part, "params"):
        told.params = [translate(parameter, lang) for parameter in part.params]
    if hasattr(part, "commands"):
        told.commands = {name: translate(command, lang) for name, command in part.commands.items()}
    return told


def frame_help(lang: Lang) -> None:
    """Let the parser frame its help in a language; it has no other place for that than its module."""
    for name, said in _FRAMES.items():
        setattr(rich_utils, name, said[lang == "en"])
    # What is asked for the parser would take at its word, however many columns it is.
    rich_utils.MAX_WIDTH = WIDEST if requested_width() == WIDEST else _ITS_OWN_WIDTH


_ITS_OWN_WIDTH = rich_utils.MAX_WIDTH
