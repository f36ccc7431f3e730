import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_analysis.intake import Check, check, return_copies
from tests.intake.sheets import ROSTER, book, filled_cells

SHEETS = {
    "花名册": ROSTER,
    "考勤": [("2024年3月考勤",), ("编号", "姓名", 1, 2, 3), ("00001", "张三", "√", "×", None), ("合计", None, 1, 1, 0)],
    "党费": [("编号", "月份", "应缴", "实缴"), ("00001", "2024-01", 10, "10元"), ("填表人:甲",)],
    "事项": [("编号", "日期", "事项", "级别"), ("00001", "2024-03-05", "表彰奖励", "市级")],
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(
        [
            "合计",
            "√",
            "○",
            "2024年2月30日",
            "3月5日",
            "一季度",
            "无",
            "编号",
            "=1/0",
            "免缴",
            "补缴",
            "00001",
            "备注:",
            "图例:○病假",
        ]
    ),
)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def _content() -> bytes:
    """The bytes of a good workbook, made once: openpyxl writes the time of day into each."""
    with tempfile.TemporaryDirectory() as folder:
        return book(Path(folder) / "a.xlsx", SHEETS).read_bytes()


def _valid(folder: Path) -> Path:
    (folder / "a.xlsx").write_bytes(_content())
    return folder / "a.xlsx"


@SLOW
@given(
    changes=st.lists(st.tuples(st.sampled_from(list(SHEETS)), st.integers(1, 6), st.integers(1, 6), ODD), max_size=8)
)
def test_any_cell_may_hold_anything(tmp_path: Path, changes: list) -> None:
    """Whatever stands in the cells, every non-empty one has exactly one fate; the returned copy says the same again."""
    path = _valid(tmp_path)
    made = openpyxl.load_workbook(path)
    for sheet, row, column, value in changes:
        made[sheet].cell(row, column).value = value
    made.save(path)
    found = check(path)
    assert sum(found.counts.values()) == filled_cells(path)
    for copy in return_copies(path, found, tmp_path / "退回"):
        again = check(copy)
        assert [(one.code, one.sheet, one.cell) for one in again.errors] == [
            (one.code, one.sheet, one.cell) for one in found.errors
        ]
        assert {name: len(frame) for name, frame in again.tables.items()} == {
            name: len(frame) for name, frame in found.tables.items()
        }


@SLOW
@given(data=st.data())
def test_any_byte_may_be_wrong(tmp_path: Path, data: st.DataObject) -> None:
    """A workbook with bytes changed or cut off is read or refused, never a crash."""
    content = bytearray(_content())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=20)):
        content[at] = data.draw(st.integers(0, 255))
    (tmp_path / "a.xlsx").write_bytes(content[: data.draw(st.integers(0, len(content)))])
    assert isinstance(check(tmp_path / "a.xlsx"), Check)


@SLOW
@given(data=st.data())
def test_any_member_may_be_wrong(tmp_path: Path, data: st.DataObject) -> None:
    """A package with a member missing, cut or scrambled is read or refused, and returned where it can be."""
    source = zipfile.ZipFile(io.BytesIO(_content()))
    victim = data.draw(st.sampled_from(source.namelist()))
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name != victim:
                target.writestr(name, content)
            elif data.draw(st.booleans()):
                start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
                target.writestr(name, content[:start] + data.draw(st.binary(max_size=8)) + content[stop:])
    found = check(tmp_path / "a.xlsx")
    assert all(isinstance(check(copy), Check) for copy in return_copies(tmp_path / "a.xlsx", found, tmp_path / "退回"))


@SLOW
@given(
    content=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
)
def test_any_text_file_may_hold_anything(tmp_path: Path, content: bytes) -> None:
    """Whatever a CSV holds, there is a finding."""
    (tmp_path / "a.csv").write_bytes(content)
    assert isinstance(check(tmp_path / "a.csv"), Check)
