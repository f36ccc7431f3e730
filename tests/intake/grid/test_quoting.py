"""Quotes of a text file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc_csv
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_analysis.intake.grid import quoting


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='"""ab,,\n\r', max_size=24))
def test_what_is_plainly_quoted_has_the_same_cells_for_every_reader(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where quotes are plain, two readers of different make find the same rows, or one of them refuses the file."""
    monkeypatch.setattr(quoting, "_AT_ONCE", 5)
    path = tmp_path / "a.csv"
    path.write_bytes(f"c,d\n{text}".encode())
    if quoting.quotes(path) == "odd":
        return
    rows = [*csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), strict=True)][1:]
    try:
        read = pc_csv.read_csv(
            path,
            parse_options=pc_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pc_csv.ConvertOptions(column_types={"c": pa.string(), "d": pa.string()}),
        )
    except pa.ArrowInvalid:
        return
    assert [list(row.values()) for row in read.to_pylist()] == [row or ["", ""] for row in rows]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.text(alphabet='"a,\n', max_size=4), min_size=2, max_size=2), min_size=1, max_size=5),
    quoted=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_program_writes_is_plainly_quoted(
    rows: list[list[str]], quoted: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file written by the rules is known as such, wherever it is cut."""
    monkeypatch.setattr(quoting, "_AT_ONCE", 5)
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, quoting=quoted).writerows(rows)  # type: ignore[arg-type]  # one of the module's numbers
    assert quoting.quotes(path) != "odd"
