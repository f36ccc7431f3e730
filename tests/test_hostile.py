"""Files and streams that nobody means well with: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.command import Jifen, files
from tests.test_cli import ATTENDANCE, MARKS, ROSTER

DUES = {"member_id": ["00001"], "month": ["2024-01"], "due": [10.0], "paid": [10.0]}


def parquet(**columns: pa.Array) -> Callable[[Path], None]:
    """Return what writes dues with other columns."""
    return lambda data: pq.write_table(pa.table({**DUES, **columns}), data / "dues.parquet")


def meeting(day: pa.Array) -> Callable[[Path], None]:
    """Return what writes the attendance of some day."""
    columns = {"member_id": ["00001"], "date": day, "activity": ["lecture"], "status": ["present"]}
    return lambda data: pq.write_table(pa.table(columns), data / "attendance.parquet")


def text(name: str, content: str) -> Callable[[Path], None]:
    """Return what writes a file of text."""
    return lambda data: (data / name).write_text(content, encoding="utf-8") and None


BROKEN: Mapping[str, tuple[Callable[[Path], None], str]] = {
    "lists": (parquet(due=pa.array([[1.0]])), "列表或结构"),
    "structures": (parquet(due=pa.array([{"a": 1}])), "列表或结构"),
    "maps": (parquet(paid=pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))), "列表或结构"),
    "bytes that are no text": (parquet(month=pa.array([b"\xff\xfe"], pa.binary(2))), "列 month"),
    "bytes in a dictionary": (parquet(month=pa.array([b"\xff\xfe"]).dictionary_encode()), "列 month"),
    "a zone that is nowhere": (meeting(pa.array([0], pa.timestamp("us", "Mars/Phobos"))), "列 date"),
    "a nanosecond": (meeting(pa.array([1], pa.time64("ns"))), "日期可写"),
    "a far time": (meeting(pa.array([2**40], pa.timestamp("s"))), "attendance.parquet"),
    "a million columns": (text("x.csv", ",".join(["列"] * 1_000_000)), "超过 16384 列"),
    "nothing": (text("x.xlsx", ""), "0 字节"),
    "binary zeros": (text("x.csv", "党员编号,日期\n00001,\0\n" * 5000), "x.csv"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_told_in_a_line(jifen: Jifen, tmp_path: Path, what: str) -> None:
    """It is named, and what is wrong with it, in a few lines."""
    write, said = BROKEN[what]
    data = files(tmp_path / "数据", 花名册=ROSTER)
    write(data)
    code, out, err = jifen("check", data)
    assert code == 1
    assert said in out + err
    assert len(out + err) < 2000


@pytest.mark.parametrize("content", ["a = " + "[" * 5000, ".".join(["a"] * 20_000) + " = 1"])
@pytest.mark.parametrize("option", ["--scheme", "--words"])
def test_deep_documents_are_refused(jifen: Jifen, tmp_path: Path, option: str, content: str) -> None:
    """A scheme or correspondence table nested without end is no document."""
    data = files(tmp_path / "数据", 花名册=ROSTER)
    (tmp_path / "x.toml").write_text(content, encoding="utf-8")
    code, _, err = jifen("assess", data, option, tmp_path / "x.toml")
    assert code in (1, 2)
    assert len(err) < 500


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_a_name_that_is_no_text_is_read_and_spelt_out(jifen: Jifen, tmp_path: Path) -> None:
    """The file is read like any, and messages give the bytes of its name."""
    data = files(tmp_path / "数据", 花名册=ROSTER)
    Path(os.fsdecode(os.fsencode(data) + b"/\xff\xfe.csv")).write_text(ATTENDANCE.replace("迟到", "?"), "utf-8")
    code, out, _ = jifen("check", data, "--json", tmp_path / "f.json")
    assert code == 1
    assert r"\xff\xfe.csv" in out
    assert r"\\xff\\xfe.csv" in (tmp_path / "f.json").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
@pytest.mark.parametrize("option", ["--scheme", "--words", "--roster", "--pseudonymise", "--expect"])
@pytest.mark.parametrize("name", ["x.toml", "x.xlsx"])
def test_a_pipe_is_not_waited_for(jifen: Jifen, tmp_path: Path, option: str, name: str) -> None:
    """A pipe into which nobody writes is refused like a device, whatever it is called."""
    data = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE)
    os.mkfifo(tmp_path / name)
    code, _, err = jifen("check" if option == "--expect" else "assess", data, option, tmp_path / name)
    assert code in (1, 2)
    assert any(said in err for said in ("打不开", "设备或管道", "没有这个对照表"))


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
@pytest.mark.parametrize("option", ["--returned", "--roster", "--words"])
def test_a_link_that_leads_back_to_itself_is_told(jifen: Jifen, tmp_path: Path, option: str) -> None:
    """Whether it is read or written, the answer is a sentence."""
    data = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE.replace("迟到", "?"))
    (tmp_path / "圈").symlink_to("圈")
    code, _, err = jifen("check", data, option, tmp_path / "圈")
    assert code == 2
    assert "圈" in err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such device")
def test_a_full_device_is_told() -> None:
    """Where what is printed cannot be written, a sentence on the other stream says so; a closed pipe needs none."""
    command = [sys.executable, "-m", "jifen_analysis.cli", "schemes"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "写不出去:磁盘已满 · cannot write: No space left on device\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have names of their own")
def test_a_machine_without_chinese_names_is_told(tmp_path: Path) -> None:
    """Where file names are ASCII, no project is laid out, and the sentence says what to set."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "JIFEN_LANG": "en"}
    command = [sys.executable, "-m", "jifen_analysis.cli", "new", "p"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, **plain}, capture_output=True, check=False)
    assert (done.returncode, b"PYTHONUTF8=1" in done.stderr, b"Traceback" in done.stderr) == (2, True, False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="there is no such shell")
def test_a_closed_stream_is_no_fault(tmp_path: Path) -> None:
    """Without anywhere to speak, the work is done all the same, and none of what is said gets into what is written."""
    command = f"exec {sys.executable} -m jifen_analysis.cli schemes community_60_40 --out 方案.toml <&- >&- 2>&-"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert (tmp_path / "方案.toml").read_text(encoding="utf-8").count("已写入") == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("wait", [0.3, 0.8])
def test_breaking_off_shows_no_traceback(tmp_path: Path, wait: float) -> None:
    """Ctrl+C while it imports, or while it works, ends it at once."""
    data = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE, 民主评议=MARKS)
    command = [sys.executable, "-X", "importtime", "-m", "jifen_analysis.cli", "assess", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if "| jifen_analysis" in line or "jifen_analysis.cli" in line)
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
    assert "Traceback" not in said
