import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc_csv
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_analysis.intake.grid import UnreadableError, delimited
from jifen_analysis.intake.grid.delimited import text_grid

TEXT = "编号,姓名\r\n00001,张三\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_told_by_their_bytes(encoding: str) -> None:
    """The same table comes out of every encoding."""
    assert list(text_grid(TEXT.encode(encoding), "a.csv").rows()) == [("编号", "姓名"), ("00001", "张三")]


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_separators_are_found(mark: str) -> None:
    """Comma, tab and semicolon all separate."""
    assert text_grid(TEXT.replace(",", mark).encode(), "a.csv").width == 2


def test_short_rows_and_line_breaks_in_quotes() -> None:
    """A row may be short, a quoted cell may hold a line break."""
    grid = text_grid(b'a,b\n"x\ny"\n', "a.csv")
    assert list(grid.rows()) == [("a", "b"), ("x\ny", "")]


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + bytes(400), b"\xff\xfe\x00\xd8"])
def test_binary_is_refused(data: bytes) -> None:
    """What is no text in any of the encodings is refused."""
    with pytest.raises(UnreadableError, match="不是文本"):
        text_grid(data, "a.csv")


@pytest.mark.parametrize("text", ['a,b\n1,"x\n2,y\n', 'a,b\n"x"y,2\n'])
def test_quotes_that_do_not_match_are_refused(text: str) -> None:
    """A quote that is never closed would swallow the rows below it; the line where reading stopped is named."""
    with pytest.raises(UnreadableError, match="引号不成对"):
        text_grid(text.encode(), "a.csv")


@pytest.mark.parametrize("text", ["编号\n" + "一" * 200_000, '编号\n"' + "一\n" * 100_000])
def test_a_cell_without_end_is_refused(text: str) -> None:
    """Whether a quote is open or a line never ends, it is no cell, and nothing is said that may be false."""
    with pytest.raises(UnreadableError, match=r"有一格超过 131,072 个字.*不是表格"):
        text_grid(text.encode(), "a.csv")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='"""ab,,\n\r', max_size=24))
def test_what_is_plainly_quoted_has_the_same_cells_for_every_reader(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where quotes are plain, two readers of different make find the same rows, or one of them refuses the file."""
    monkeypatch.setattr(delimited, "_AT_ONCE", 5)
    path = tmp_path / "a.csv"
    path.write_bytes(f"c,d\n{text}".encode())
    if delimited.quotes(path) == "odd":
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
    monkeypatch.setattr(delimited, "_AT_ONCE", 5)
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, quoting=quoted).writerows(rows)  # type: ignore[arg-type]  # one of the module's numbers
    assert delimited.quotes(path) != "odd"
