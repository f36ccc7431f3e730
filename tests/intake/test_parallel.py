"""Workbooks read side by side: the same records, problems and order as one after the other."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from pathlib import Path

import pandas as pd
import pytest

from jifen_analysis.errors import JifenError
from jifen_analysis.intake import check
from jifen_analysis.intake.parallel import processes
from jifen_analysis.sample import write
from jifen_analysis.store.write import convert
from jifen_analysis.tables import Records

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture
def worth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every workbook be worth a process."""
    monkeypatch.setattr("jifen_analysis.intake.parallel.WORTH", 1)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Two small workbooks."""
    for name in ("甲", "乙"):
        pd.DataFrame({"党员编号": ["00001"]}).to_excel(tmp_path / f"{name}.xlsx")
    return tmp_path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Workbooks of two years, one of them twice; a broken one; one with a word for the table beside them."""
    folder = tmp_path / "材料"
    write(folder, members=40, years=[2023, 2024], format="xlsx")
    first, *_ = sorted(folder.rglob("*.xlsx"))
    shutil.copyfile(first, first.with_name("又一份.xlsx"))
    (folder / "坏.xlsx").write_bytes(b"PK")
    said = {"党员编号": ["00001", "00002"], "日期": ["2024-03-05"] * 2, "活动类型": ["党课"] * 2}
    late = pd.DataFrame({**said, "出勤情况": ["来过一下", "没听说过"]})
    late.to_excel(folder / "补报.xlsx", sheet_name="考勤", index=False)
    (folder / "layout.toml").write_text('[words.status]\n"来过一下" = "late"\n', encoding="utf-8")
    return folder


@pytest.mark.usefixtures("worth")
def test_processes_find_what_one_finds(data: Path) -> None:
    """Every problem in the same order, every row with its place, every count."""
    with processes(data, most=2) as each:
        assert each is not map
        side_by_side = check(data, each=each)
    alone = check(data)
    assert {"same_file", "unknown_word"} <= {problem.code for problem in alone.problems}
    assert "坏.xlsx" in alone.refused
    assert (side_by_side.problems, side_by_side.counts) == (alone.problems, alone.counts)
    assert (side_by_side.files, side_by_side.refused, side_by_side.branches) == (
        alone.files, alone.refused, alone.branches
    )  # fmt: skip
    for name in alone.tables:
        pd.testing.assert_frame_equal(side_by_side.tables[name], alone.tables[name], check_exact=True)


def test_little_is_read_here(books: Path) -> None:
    """A few small workbooks are not worth a process; nor is a single processor."""
    with processes(books) as each:
        assert each is map


@pytest.mark.usefixtures("worth")
def test_one_processor_reads_alone(books: Path) -> None:
    """With no more than one process everything stays here."""
    with processes(books, most=1) as each:
        assert each is map


def test_converted_folders_are_hashed_side_by_side(tmp_path: Path) -> None:
    """They need no processes, and their files do not wait for each other."""
    members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    convert(Records.from_frames({"members": members}), tmp_path / "已查验")
    with processes(tmp_path) as each:
        assert threading.main_thread().ident not in each(lambda _: threading.get_ident(), [1, 2])
        assert check(tmp_path, each=each).verdict == "accept"


def refuse(number: int) -> int:
    """Refuse, in whatever process."""
    raise JifenError(f"不读 {number}", f"not read: {number}")


@pytest.mark.usefixtures("worth")
def test_a_refusal_comes_back_as_it_was(books: Path) -> None:
    """A mistake found in another process is told as if it had been found here."""
    with pytest.raises(JifenError, match="不读 3"), processes(books, most=2) as each:
        list(each(refuse, [3]))


def die(_: int) -> None:
    """End this process as the system does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.usefixtures("worth")
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_process_that_is_ended_is_said(books: Path) -> None:
    """Whoever reads is told what to do, not shown a traceback."""
    with pytest.raises(JifenError, match="内存不足"), processes(books, most=2) as each:
        list(each(die, [1]))
