"""What people write, and must not be opened unseen: TOML is read or refused as none, packages say their size first."""

from __future__ import annotations

import errno
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from jifen_analysis.errors import Text

DEEPEST = 30
"""Levels of tables and lists in a document that a person wrote."""
LARGEST_UNPACKED = 1 << 30
"""Bytes that a workbook may unpack to."""
LARGEST_RATIO = 200
"""How much smaller than its content a package above 64 MB may be; real sheets stay below 30."""
LARGEST_EMPTY_RANGE = 2_000_000
"""Cells of a used range up to which it does not matter that they are empty."""


def ending(path: Path) -> Path:
    """Return the path of what can be read to its end: a pipe may say nothing for ever, and a device everything.

    Raises
    ------
    OSError
        Where it is one of these.

    Examples
    --------
    >>> ending(Path("方案.toml")).name  # where nothing stands, reading it will say so
    '方案.toml'
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.ESPIPE, "a device or a pipe, not a file", str(path))
    return path


def toml_document(text: str) -> dict[str, Any]:
    r"""Return the content of a TOML document.

    Raises
    ------
    ValueError
        Where it is no TOML, or nested deeper than anything is that somebody wrote.

    Examples
    --------
    >>> toml_document('[headers]\n"到会" = "出勤情况"')
    {'headers': {'到会': '出勤情况'}}
    """
    if _LONG_KEY.search(text):  # which the parser would take a long time over
        raise ValueError("nested too deep")
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if _too_deep(found):
        raise ValueError("nested too deep")
    return found


_LONG_KEY = re.compile(rf"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{DEEPEST + 1}}}""")
"""A key of more parts than a document may have levels, its dots between words or quoted texts."""


def _too_deep(found: dict[str, Any]) -> bool:
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        inside = [one for held in level for one in (held.values() if isinstance(held, dict) else held)]
        level = [one for one in inside if isinstance(one, (dict, list))]
        if not level:
            return False
    return True


def toml_fault(fault: ValueError, text: str) -> Text:
    r"""Say why a text is no TOML document, and where.

    Examples
    --------
    >>> text = "a = 1\nb = \n"
    >>> try:
    ...     toml_document(text)
    ... except ValueError as fault:
    ...     toml_fault(fault, text).zh
    '第 2 行第 5 列:不是有效的 TOML'
    """
    said = str(fault)
    if "too deep" in said:
        return Text("嵌套太深", "nested too deep")
    repeated = re.search("overwrite|twice|Duplicate|immutable", said)
    zh, en = ("同一个键写了两次", "a key stands twice") if repeated else ("不是有效的 TOML", "not valid TOML")
    place = re.search(r"line (\d+), column (\d+)", said)
    if place is None:
        return Text(f"{zh}(在文件末尾)" if "end of document" in said else zh, en)
    line, column = map(int, place.groups())
    bare = "" if repeated else _bare_key(text.splitlines()[line - 1 : line], column)
    if bare:
        zh, en = f'中文的键须加引号,写成 "{bare}"', f'a key that is not plain ASCII goes in quotes: "{bare}"'
    return Text(f"第 {line} 行第 {column} 列:{zh}", f"line {line}, column {column}: {en}")


_BARE = re.compile(r'[^\s\[\]{}=,."\'#]*[^\x00-\x7f][^\s\[\]{}=,."\'#]*')
_TEXTS = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')


def _bare_key(lines: list[str], column: int) -> str:
    """Return the key without quotes that stands where TOML goes wrong and is not ASCII."""
    if not lines:
        return ""
    plain = _TEXTS.sub(lambda text: "." * len(text[0]), lines[0])
    here = next((found for found in _BARE.finditer(plain) if found.start() < column <= found.end()), None)
    if here is None:
        return ""
    heads = re.fullmatch(r"\s*\[{1,2}[^\[\],]*\]{1,2}\s*(#.*)?", plain)
    return here[0] if heads or re.match(r"[^=,\]}]*=", plain[here.end() :]) else ""


def oversize_reason(package: zipfile.ZipFile) -> Text | None:
    """Say why a package must not be unpacked, where it declares more than an honest workbook holds.

    Parameters
    ----------
    package : ZipFile
        Opened, nothing of it unpacked: a member never unpacks to more than it declares.

    Returns
    -------
    Text or None
        What is wrong, as part of a sentence.
    """
    infos = package.infolist()
    unpacked, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
    if unpacked <= LARGEST_UNPACKED and (unpacked <= 1 << 26 or unpacked <= LARGEST_RATIO * max(packed, 1)):
        return None
    return Text(
        f"解压后有 {unpacked >> 20} MB,不像正常的工作簿,未打开",
        f"unpacks to {unpacked >> 20} MB, which no honest workbook does; not opened",
    )
