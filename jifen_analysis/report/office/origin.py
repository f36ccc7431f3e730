"""From what an office file was made, as properties that its program lists but does not print."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from jifen_analysis.report.manifest import origin_text
from jifen_analysis.report.office.spec import plain

CUSTOM_PROPERTIES = "/docProps/custom.xml"
"""Where the properties stand in the file."""

_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
)


def properties(made: Mapping[str, Any]) -> bytes:
    """Return an origin as custom properties.

    Examples
    --------
    >>> made = {"title": "某方案", "scheme": "a", "variants": [], "scheme_sha256": "5f", "program": "jifen-analysis"}
    >>> b"5f</vt:lpwstr>" in properties({**made, "version": "1.0", "left_out": [], "inputs": {}})
    True
    """
    lines = [
        f'<property fmtid="{_FMTID}" pid="{at}" name="{escape(plain(name))}"><vt:lpwstr>{escape(plain(said))}'
        "</vt:lpwstr></property>"
        for at, (name, said) in enumerate(origin_text(made), start=2)
    ]
    return f"{_PROPERTIES}{''.join(lines)}</Properties>".encode()
