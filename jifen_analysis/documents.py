"""What people write, and must not be opened unseen: TOML is read or refused as none, packages say their size first."""

from __future__ import annotations

import tomllib
import zipfile
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
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if _too_deep(found):
        raise ValueError("nested too deep")
    return found


def _too_deep(found: dict[str, Any]) -> bool:
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        inside = [one for held in level for one in (held.values() if isinstance(held, dict) else held)]
        level = [one for one in inside if isinstance(one, (dict, list))]
        if not level:
            return False
    return True


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
