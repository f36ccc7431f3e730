import pytest

from jifen_analysis.intake.grid import UnreadableError
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
