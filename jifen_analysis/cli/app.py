"""The command: what becomes of the arguments, and of a mistake: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import mmap
import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup

from jifen_analysis.cli.commands import COMMANDS
from jifen_analysis.cli.language import both, choose_language, frame_help, translate
from jifen_analysis.cli.options import spread_bundles
from jifen_analysis.cli.project import project_here
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import JifenError, Lang, UsageError, cause, there_are
from jifen_analysis.saving import output_day

DONE, REFUSED, MISUSED, INTERRUPTED = 0, 1, 2, 130


class _Spoken:
    """Say what the parser adds to its help in the language of the desk."""

    def get_usage(self, ctx: Any) -> str:
        said: str = super().get_usage(ctx)  # type: ignore[misc] # of the command that this is mixed into
        return said.replace("Usage:", "Usage:" if _lang(ctx) == "en" else "用法:", 1)

    def get_help_option(self, ctx: Any) -> Any:
        found = super().get_help_option(ctx)  # type: ignore[misc]
        told = translate(found, _lang(ctx))
        found.help, found.metavar = told.help, told.metavar
        return found


def _lang(ctx: Any) -> Lang:
    return ctx.obj.lang if ctx.obj else "zh"  # there is no desk while a line is being completed


class _Group(_Spoken, TyperGroup):
    """List the commands as the table has them; import one when it is called."""

    def __init__(self, **how: Any) -> None:
        listed = {name: TyperCommand(name, help=both(told.zh, told.en)) for name, told in COMMANDS.items()}
        super().__init__(**{**how, "commands": listed})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, *rest = args
        if name in COMMANDS:
            return name, translate(load_command(name), ctx.obj.lang), rest
        if ctx.resilient_parsing:  # completing what is being typed
            return None, None, rest
        known = there_are(COMMANDS)
        raise UsageError(f"没有命令 {name};{known.zh}", f"no command {name}; {known.en}")


def load_command(name: str) -> Any:
    """Return a command with its options, importing the module that does it."""
    told = COMMANDS[name]
    alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
    epilog = both(f"例:{told.example}", f"Example: {told.example}")
    does = getattr(import_module(f"jifen_analysis.cli.{told.module}"), told.does or name)
    alone.command(name, cls=_Command, help=both(told.zh, told.en), epilog=epilog)(spread_bundles(does))
    return typer.main.get_command(alone)


class _Command(_Spoken, TyperCommand):
    """Take from a project what the line does not say; let one ``--years`` take several: ``--years 2023 2024``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        spread = repeat_option(args, "--years")
        project = None if {"-h", "--help"} & set(args) else project_here()
        if project is not None and self.name not in _BEGINNING:
            ctx.default_map = project.defaults(str(self.name))
            spread = self._with_data(ctx, spread, project.data)
        return super().parse_args(ctx, spread)

    def invoke(self, ctx: Any) -> Any:
        refuse_overwriting(ctx.params)
        output_day()  # a day that is none is refused before anything is written
        return super().invoke(ctx)

    def _with_data(self, ctx: Any, args: list[str], data: Path) -> list[str]:
        """Put the project's data first, where the first word of the line is meant for what follows it."""
        first, *others = [one.name for one in self.get_params(ctx) if one.param_type_name == "argument"] or [""]
        said, _, _ = self.make_parser(ctx).parse_args(list(args))
        meant = first == "data" and others and said.get("data") and not any(said.get(name) for name in others)
        return [str(data), *args] if meant and not Path(str(said["data"])).exists() else args


_BEGINNING = frozenset({"new", "status"})
"""Commands that take nothing from a project."""


def repeat_option(args: Sequence[str], option: str) -> list[str]:
    """Write an option before each of the numbers that follow it.

    Examples
    --------
    >>> repeat_option(["out", "--years", "2023", "2024", "--seed", "7"], "--years")
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
    epilog=both("例:jifen demo,先看样例", "Example: jifen demo, to look at the sample first"),
)
def _desk(
    ctx: typer.Context,
    lang: Annotated[  # noqa: ARG001 - taken from the arguments before they are parsed; stands here to be listed
        str,
        typer.Option(
            metavar="zh|en", envvar="JIFEN_LANG", help=both("语言,可写在任何位置", "language; may stand anywhere")
        ),
    ] = "zh",
    version: Annotated[bool, typer.Option("--version", help=both("版本", "the version"))] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        ctx.obj.say(*[f"jifen {installed('jifen-analysis')}"] * 2)
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        ctx.obj.say(*[ctx.get_help()] * 2)


def run(args: Sequence[str]) -> int:
    """Do what the arguments say.

    Returns
    -------
    int
        0 done, 1 the data or the scheme has errors, 2 wrong usage.
    """
    desk = Terminal.open("zh")
    try:
        lang, rest = choose_language(args, os.environ)
        desk = Terminal.open(lang)
        frame_help(lang)
        whole = translate(typer.main.get_command(app), lang)
        code = whole.main(rest, prog_name="jifen", standalone_mode=False, obj=desk)
    except JifenError as refusal:
        desk.refuse(refusal)
        return MISUSED if isinstance(refusal, UsageError) else REFUSED
    except typer.TyperException as misuse:
        desk.refuse(_said(misuse))
        return misuse.exit_code
    except UnicodeEncodeError as fault:
        if sys.getfilesystemencoding() == "utf-8":
            raise
        desk.refuse(UsageError(*(said.format(fault.encoding) for said in _NO_NAMES)))
        return MISUSED
    except (MemoryError, RuntimeError, ImportError) as fault:
        if circle := re.match("Symlink loop from .(.*).", str(fault)):  # wherever a path is followed to its end
            desk.refuse(UsageError(f"链接绕成了圈:{circle[1]}", f"the link leads back to itself: {circle[1]}"))
            return MISUSED
        if not _out_of_memory(fault):
            raise
        desk.refuse(JifenError(*_NO_MEMORY))
        return REFUSED
    return code if isinstance(code, int) else DONE


_NO_NAMES = (
    "按现在的语言设置,文件名不能用中文(编码 {});请设环境变量 PYTHONUTF8=1 再试",
    "file names are {} under these settings of the machine, and take no Chinese; set PYTHONUTF8=1 and try again",
)
_NO_MEMORY = (
    "内存不足,没有做完;请关闭其他程序,或先用 jifen convert 转换数据,再试一次",
    "not enough memory to finish; close other programs, or convert the data first with jifen convert, and try again",
)


def _out_of_memory(fault: BaseException) -> bool:
    """Return whether memory ran out: for values, for a thread, or for a library that is loaded when it is needed."""
    lacking = ("new thread", "map segment", "allocate", "memory")
    return isinstance(fault, MemoryError) or any(word in str(fault) for word in lacking)


def _said(misuse: Any) -> JifenError:
    """Put what the parser has to say into both languages."""
    said = misuse.format_message()
    kind, param = type(misuse).__name__, getattr(misuse, "param", None)
    name = param.get_error_hint().strip("'") if param is not None else getattr(misuse, "option_name", "")
    sentences = {
        "NoSuchOption": f"没有选项 {name}",
        "MissingParameter": f"缺少 {name}",
        "BadParameter": f"{name} 的值不对:{_wanted(getattr(misuse, 'message', ''))}",
        "BadOptionUsage": f"选项 {name} {_wanted(said)}",
    }
    hint = f"。用法见 {misuse.ctx.command_path} --help" if getattr(misuse, "ctx", None) else ""
    usage = f" See {misuse.ctx.command_path} --help." if hint else ""
    return JifenError(sentences.get(kind, f"用法不对:{_wanted(said)}") + hint, said.rstrip(".") + "." + usage)


_WANTED = (
    (r".*valid integer.*", "应为整数"),
    (r".*greater than or equal to (\S+)", r"至少为 \1"),
    (r".*less than or equal to (\S+)", r"至多为 \1"),
    (r".*valid path.*", "应为文件或文件夹"),
    (r".*is not one of (.*)\.", r"只能是 \1"),
    (r"Got unexpected extra argument.* \((.*)\)", r"多出了 \1"),
    (r".*requires an argument\.", "后面要写值"),
    (r".*does not take a value\.", "后面不写值"),
)


def _wanted(message: str) -> str:
    return next((re.sub(said, zh, message) for said, zh in _WANTED if re.fullmatch(said, message)), message)


def main() -> None:
    """Run as the command ``jifen``; whoever breaks it off, or reads no further, sees no traceback."""
    sys.unraisablehook = _unraisable
    sys.stdin, sys.stdout, sys.stderr = sys.stdin or _nowhere("r"), sys.stdout or _nowhere(), sys.stderr or _nowhere()
    try:
        load_early()
        code = run(sys.argv[1:])
        sys.stdout.flush()
        if code == INTERRUPTED:  # the parser makes a code of it, and no sentence
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        code = _gone("已中断 · interrupted", INTERRUPTED)
    except BrokenPipeError:
        code = _gone("", DONE)
    except MemoryError:  # too little even to say so in a look
        code = _gone("内存不足 · out of memory", REFUSED)
    except OSError as fault:
        code = _gone(f"写不出去:{cause(fault).zh} · cannot write: {cause(fault).en}", REFUSED)
    sys.exit(code)


def _unraisable(found: Any) -> None:
    """Say nothing of a half-written file that cannot be closed either: why was said already."""
    if not isinstance(found.exc_value, OSError | MemoryError):
        sys.__unraisablehook__(found)


def _nowhere(how: Literal["r", "w"] = "w") -> IO[str]:
    """Return a stream for one that is closed: else the next file to be opened would have its number, and its texts."""
    return Path(os.devnull).open(how, encoding="utf-8")  # it stays until the process ends


def _gone(said: str, code: int) -> int:
    """Say why it ends here, and let nothing more be written to what does not take it."""
    sys.stdout = _nowhere()
    if said:
        sys.stderr.write(said + "\n")
    return code


# ---------------------------------------------------------------- memory


ROOM = 300_000_000
"""Bytes that the library of linear algebra takes as it is loaded, and some more."""


def load_early() -> None:
    """Load the library of linear algebra at once where the address space is limited, as by ``ulimit -v``.

    OpenBLAS asks for its working memory as it is loaded, and asks again without
    end where it gets none: later, beside the data, there might be none left.

    Raises
    ------
    MemoryError
        Where there is too little from the beginning.
    """
    if not _limited():
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        with closing(mmap.mmap(-1, ROOM)):
            pass
    except OSError:
        raise MemoryError from None
    import scipy.linalg  # noqa: F401 - only to be there


def _limited() -> bool:
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


# ---------------------------------------------------------------- nothing is written over what is read


READ = frozenset({"data", "roster", "words", "expect", "pseudonymise"})
"""Parameters whose paths are read; every other path of a command is written."""
_ADDED_TO = "unknown"
"""What is written into the correspondence table itself: what is filled in there stays."""


_FOLDERS = frozenset({"out", "returned"})
"""Outputs that hold tables where they are folders: a single file among the data is known by its mark."""


def refuse_overwriting(given: Mapping[str, Any]) -> None:
    """Refuse an output in the place of a file that the same run reads, or that the next one would take for data.

    Parameters
    ----------
    given : mapping of str to value
        The parameters of a command, paths as ``Path``.

    Raises
    ------
    UsageError
        Where that would be.
    """
    for name, target in given.items():
        if isinstance(target, Path) and name not in READ and target.is_file() and _is_read(target, name, given):
            raise UsageError(
                f"{target} 是这次要读的文件,写在那里会把它盖掉;请换一个文件名",
                f"{target} is read by this very command and would be lost; choose another name",
            )
        if isinstance(target, Path) and name in _FOLDERS and not target.suffix and _lies_within(target, given):
            raise UsageError(
                f"{target} 在数据文件夹 {given['data']} 里面,下次会被当作报来的表;请写到别处",
                f"{target} lies within the data, {given['data']}, and would be read with it; choose a place outside",
            )


def _lies_within(target: Path, given: Mapping[str, Any]) -> bool:
    data = given.get("data")
    return data is not None and Path(data).is_dir() and Path(data).resolve() in target.resolve().parents


def _is_read(target: Path, name: str, given: Mapping[str, Any]) -> bool:
    from jifen_analysis.intake.files import is_data  # who is only asked for help does not wait for it

    schemes = given.get("scheme") or ()
    named = [schemes] if isinstance(schemes, str) else list(schemes)
    files = [Path(one) for one in named] + [given[key] for key in READ - {"data"} if given.get(key)]
    same = any(one.is_file() and one.samefile(target) for one in files)
    data = given.get("data")
    return (same and name != _ADDED_TO) or (data is not None and is_data(target, Path(data)))
