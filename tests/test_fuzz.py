"""What the search for crashes found once, as builders; and the search itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import jifen_analysis as jf
from benchmarks.fuzz.__main__ import TARGETS as NAMED
from benchmarks.fuzz.draw import Draw, edited
from benchmarks.fuzz.engines import recording
from benchmarks.fuzz.targets import SHEETS, TARGETS, tried
from jifen_analysis.sealing import document, seal, unseal
from jifen_analysis.store.manifest import MANIFEST
from jifen_analysis.store.write import convert
from tests.command import files

Edit = Callable[[dict[str, Any]], object]

MANIFESTS: Mapping[str, Edit] = {
    "a path that is a list": lambda made: made["parts"][1].update(path=["dues"]),
    "a path that leads out": lambda made: made["parts"][1].update(path="../../dues/year=2024/branches-0001.parquet"),
    "another table's part": lambda made: made["parts"][1].update(table="dues"),
    "a block that is not there": lambda made: made.update(blocks=[]),
    "words that are a text": lambda made: made["parts"][0].update(words="在岗"),
    "words of no kind": lambda made: made["parts"][0].update(words={"colour": ["red"]}),
    "a source that is gone": lambda made: made["sources"].pop(),
    "fewer rows": lambda made: made["parts"][0].update(rows=1),
    "a note that is a number": lambda made: made.update(notes=[7]),
    "another key": lambda made: made.update(extra={}),
}
"""Manifests that say something else than what is there, and are sealed again."""


@pytest.mark.parametrize("what", MANIFESTS)
def test_a_manifest_that_fits_nothing_is_refused(tmp_path: Path, what: str) -> None:
    """Whoever sealed it: what it says is checked against what lies there, in type and in number."""
    texts = {name: "\n".join(",".join(map(str, row)) for row in rows) for name, rows in SHEETS.items()}
    data = files(tmp_path / "数据", **{name: texts[name] for name in ("花名册", "事项")})
    folder = convert(jf.load(data), tmp_path / "out")
    made = unseal(document((folder / MANIFEST).read_text(encoding="utf-8")))
    MANIFESTS[what](made)
    (folder / MANIFEST).write_text(seal(made), encoding="utf-8")
    assert "重新转换" in said(folder)


def said(folder: Path) -> str:
    """Return what is said of a folder: a refusal, or its errors."""
    try:
        return " ".join(error.message() for error in jf.check(folder).errors)
    except jf.UsageError as refusal:
        return str(refusal)


def test_every_door_is_named_once() -> None:
    """What may be chosen on the command line is what there is."""
    assert tuple(TARGETS) == NAMED


@pytest.mark.parametrize("door", TARGETS)
def test_every_door_answers(door: str) -> None:
    """Each takes what it was made from, and some bytes."""
    for data in (b"", bytes(range(1, 40)), bytes(range(200, 0, -3))):
        tried(door, data)


def test_the_search_writes_down_each_kind_once_and_goes_on(tmp_path: Path) -> None:
    """Of equal faults the shortest case is kept, to be tried again."""

    def failing(name: str, data: bytes) -> None:
        if b"!" in data:
            raise KeyError(name)

    attempt = recording(["cells"], tmp_path, failing)
    for data in (b"..", b".!....", b".!", b"."):
        attempt(data)
    (found,) = (tmp_path / "found").iterdir()
    assert found.read_text(encoding="utf-8").startswith("cells 21\n")
    assert "KeyError" in found.name


def test_a_case_is_its_bytes() -> None:
    """The same bytes make the same case, and used up they make one still."""
    raw = {"a": [1, {"b": "c"}], "d": None}
    for data in (b"", b"\x01\x02\x03", bytes(range(60))):
        assert repr(edited(raw, Draw(data))) == repr(edited(raw, Draw(data)))
