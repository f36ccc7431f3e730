"""Zip files whose bytes depend on what is in them, not on when they were made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first that a zip file can name."""


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file of some files.

    Parameters
    ----------
    files : mapping of str to bytes
        Content by name, in the order of the archive.

    Examples
    --------
    >>> zip_files({"a": b"1"}) == zip_files({"a": b"1"})
    True
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def steady(archive: bytes) -> bytes:
    """Return the same zip file without the moment at which it was made."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return zip_files({name: opened.read(name) for name in opened.namelist()})
