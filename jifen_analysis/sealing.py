"""What was written, and whether it still is: digests of files, and documents that carry their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SEAL = "sha256"
"""The key of a document under which its own digest stands."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal(content: Mapping[str, Any]) -> str:
    """Return a document as JSON, with the digest of everything else in it.

    It tells a document that was changed by accident or by hand; whoever means
    to deceive can seal it again.

    Examples
    --------
    >>> unseal(document(seal({"rows": 3})))
    {'rows': 3}
    """
    plain = json.loads(_text(content))
    return json.dumps({**plain, _SEAL: _digest(plain)}, ensure_ascii=False, indent=1) + "\n"


def document(text: str) -> dict[str, Any]:
    """Return a JSON object, with its seal.

    Raises
    ------
    ValueError
        Where the text is none.
    """
    try:
        found = json.loads(text)
    except RecursionError as fault:
        raise ValueError("nested too deep") from fault
    if not isinstance(found, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - it is the text that is wrong, not its type
    return found


def unseal(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a sealed document.

    Raises
    ------
    ValueError
        Where it is not what was sealed.

    Examples
    --------
    >>> unseal(document(seal({"rows": 3}).replace("3", "4")))
    Traceback (most recent call last):
    ValueError: changed after it was written
    """
    content = {key: value for key, value in found.items() if key != _SEAL}
    if found.get(_SEAL) != _digest(content):
        raise ValueError("changed after it was written")
    return content


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(content).encode()).hexdigest()


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)  # in its order, which may mean something
