"""Whom outputs name: names and ids of the odd data, found in whatever was said and written."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

NAMES = re.compile(r"甲\d{5}|张某")
"""Names in the odd data, and one that was typed for a status."""
IDS = re.compile(r"(?<![\w.#])0[12]00[1-9](?!\w)")
"""Ids in the odd data."""
NAMED: Mapping[str, str] = {
    "assess": "results are for those who may see them",
    "check": "its lists and marked copies go back to where the data come from",
    "convert": "the records themselves",
    "explain": "of the one who was asked for",
    "notice": "is posted with names",
    "sample": "invents everybody",
}
"""Commands whose files name people on purpose; of these only explain says names."""


def leaks(words: Sequence[str], said: str, written: Sequence[Path]) -> Iterator[str]:
    """Yield whom a run names that should not be named."""
    name = words[0]
    if "--with-names" in words:
        return
    if name != "explain" and (found := NAMES.search(said)):
        yield f"says {found[0]}"
    for path in written if name not in NAMED else ():
        text = "\n".join(texts(path.name, path.read_bytes()))
        yield from (f"{path.name} names {found[0]}" for found in [NAMES.search(text)] if found)
        yield from (f"{path.name} holds id {found[0]}" for found in [IDS.search(text)] if found)


def texts(name: str, content: bytes) -> Iterator[str]:
    """Yield every text in a file; packages in packages are opened."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for member in package.namelist():
                yield from texts(member, package.read(member))
    elif name.endswith(".parquet"):
        yield pd.read_parquet(io.BytesIO(content)).to_csv()
    elif name.endswith(".pdf") and shutil.which("pdftotext"):
        command = ["pdftotext", "-", "-"]
        yield subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    elif not name.endswith((".png", ".pdf", ".jpeg")):
        text = content.decode("utf-8", "replace")
        yield re.sub(r"<[^<>]+>", " ", text) if name.endswith((".xml", ".rels")) else text
