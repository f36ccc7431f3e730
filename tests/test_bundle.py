"""What a Windows desk without a package index asks for: wheels, texts, its paths, its console that knows only GBK."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from packaging.markers import Marker

from bundle import pack
from jifen_analysis.cli import run
from jifen_analysis.cli.app import load_command
from jifen_analysis.intake import write_template

BATCHES = ["安装.bat", "启动.bat"]
batches = pytest.mark.parametrize("name", BATCHES)

# ---------------------------------------------------------------- wheels


@pytest.mark.parametrize("python", [*pack.PYTHONS, "3.11.99"])  # the pins tell the ends of 3.11 apart
def test_every_pin_has_a_wheel_for_windows(python: str) -> None:
    """Each pin of requirements.txt is a wheel for 64-bit Windows and this Python; other systems' are left out."""
    try:
        held = dict(pin.split("==") for pin in pack.pins(python, "requirements.txt", "--no-deps"))
    except subprocess.CalledProcessError as fault:
        if re.search("Failed to fetch|network was disabled|connectivity|No module named uv", fault.stderr):
            pytest.skip("no uv here, or no package index within reach")
        pytest.fail(fault.stderr)
    assert len(held) > 100
    assert "colorama" in held
    assert "pexpect" not in held


def wheel(folder: Path, name: str, *files: str) -> Path:
    """Write a wheel of empty files."""
    file = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as zipped:
        for inside in files:
            zipped.writestr(inside, "")
    return file


def test_paths_too_long_for_windows_are_found(tmp_path: Path) -> None:
    """A file whose place, compiled or not, is too deep below the folder is named."""
    long = "x" * 150
    found = pack.too_deep(wheel(tmp_path, "p", f"p/{long}.txt", f"p/{long}.py", f"p-1.0.data/data/{long}/f.js"))
    assert [name.rpartition("/")[2] for name in found] == [f"{long}.cpython-313.pyc"]


def test_the_zip_is_the_same_every_time(tmp_path: Path) -> None:
    """Texts leave as Windows reads them, every wheel once, and equal wheels give equal bytes."""
    wheels = [wheel(tmp_path, name) for name in "ab"]
    (tmp_path / "again").mkdir()
    first = pack.pack({"3.11.0": wheels, "3.12.0": wheels[:1]}, tmp_path / "积分.zip")
    second = pack.pack({"3.12.0": wheels[:1], "3.11.0": wheels[::-1] * 2}, tmp_path / "again" / "积分.zip")
    with zipfile.ZipFile(first) as zipped:
        texts = {name: zipped.read(f"积分/{name}") for name in pack.TEXTS}
        assert sorted(zipped.namelist()) == sorted(
            [*(f"积分/{name}" for name in (*texts, pack.LIST)), *(f"积分/wheels/{file.name}" for file in wheels)]
        )
    assert texts["启动.bat"].decode("gbk").startswith("@echo off\r\n")
    assert texts["说明.txt"].startswith(b"\xef\xbb\xbf")
    assert all(text.count(b"\n") == text.count(b"\r\n") for text in texts.values())
    assert first.read_bytes() == second.read_bytes()


def test_the_list_says_which_python_installs_which_wheel(tmp_path: Path) -> None:
    """What every Python needs stands alone; the rest names its Pythons."""
    a, b, c = (wheel(tmp_path, name) for name in "abc")
    lines = pack.listed({"3.11.0": [a, b], "3.12.0": [a, c], "3.13.0": [a, c]}).splitlines()
    assert lines[0] == f"wheels/{a.name}"
    held = {line.partition(" ; ")[0]: Marker(line.partition(" ; ")[2]) for line in lines[1:]}
    for python in ("3.11", "3.12", "3.13"):
        chosen = {name for name, marker in held.items() if marker.evaluate({"python_version": python})}
        assert chosen == {f"wheels/{(b if python == '3.11' else c).name}"}


# ---------------------------------------------------------------- batch files


@batches
def test_no_byte_is_taken_for_a_sign_of_the_command_line(name: str) -> None:
    """No second byte of a Chinese sign reads as one of cmd's own signs, should the code page not have changed."""
    seconds = {sign.encode("gbk")[1] for sign in (pack.HERE / name).read_text(encoding="utf-8") if ord(sign) > 127}
    assert not seconds & set(b"|&<>^%!\"'")


@batches
def test_labels_exist(name: str) -> None:
    """Every jump has its label."""
    said = (pack.HERE / name).read_text(encoding="utf-8")
    labels = set(re.findall(r"^:(\w+)", said, re.MULTILINE))
    assert set(re.findall(r"(?:goto |call :)(\w+)\b(?!%)", said)) <= labels
    for key, keys in re.findall(r"for %%(\w) in \(([\d ]+)\)", said):
        assert {f"do{one}" for one in keys.split()} == {label for label in labels if re.fullmatch(r"do\d+", label)}
        assert f"goto do%%{key}" in said


@pytest.mark.parametrize("name", pack.TEXTS)
def test_nothing_is_fetched(name: str) -> None:
    """Installing takes the wheels of the list alone; no address stands in any text."""
    said = (pack.HERE / name).read_text(encoding="utf-8")
    assert "://" not in said
    assert all("--no-index --no-deps" in line and pack.LIST in line for line in said.splitlines() if "pip " in line)


def test_the_menu_calls_what_there_is() -> None:
    """Every line of the menu is a command with options that the program has."""
    lines = re.findall(r"^%JIFEN% (\w+)(.*)", (pack.HERE / "启动.bat").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"template", "check", "assess", "report", "notice", "lab"} <= {name for name, _ in lines}
    for name, rest in lines:
        options = {option for parameter in load_command(name).params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options


# ---------------------------------------------------------------- paths and console

MEMBERS = ["00001", "00002", "00003", "00004", "00005", "00006"]
STRANGE = "😀㛃✓"
"""Signs that GBK lacks."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with blanks and Chinese signs in its name, and a template filled in, with signs that GBK lacks."""
    folder = tmp_path_factory.mktemp("桌面") / "二〇二四 年度 材料" / "报 送"
    folder.mkdir(parents=True)
    book = openpyxl.load_workbook(write_template(folder / "第一支部 (定稿).xlsx"))
    for at, member in enumerate(MEMBERS):
        book["花名册"].append([member, "第一支部", STRANGE[at % 2] + "同志"])
        book["考勤"].append([member, "2024-03-05", "党课", "√✓"[at % 2]])
        book["民主评议"].append([member, "2024H1", "班子成员", 85 + at])
    book.save(folder / "第一支部 (定稿).xlsx")
    return folder


def said(encoding: str, args: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a command whose output goes to a stream of an encoding, and return what arrives."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", write_through=True)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", stream)
        patched.setattr(sys, "stderr", stream)
        assert run(args) == 0
    return stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]


COMMANDS = {
    "check": ["check", "DATA"],
    "assess": ["assess", "DATA", "--out", "OUT/考核 结果.xlsx"],
    "explain": ["explain", "DATA", "00001"],
    "compare": ["compare", "DATA", "--scheme", "community_60_40", "--scheme", "street_80_20"],
    "report": ["report", "DATA", "--out", "OUT/年度 总结.html"],
    "notice": ["notice", "DATA", "--out", "OUT/公示 表.xlsx"],
    "schemes": ["schemes", "community_60_40"],
    "schemes in English": ["schemes", "community_60_40", "--lang", "en"],
    "explain in English": ["explain", "DATA", "00001", "--lang", "en"],
    "lint": ["lint", "bureau_quarterly"],
    "help": ["assess", "--help"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_gbk_has_every_word_of_ours(filled: Path, name: str, monkeypatch: pytest.MonkeyPatch, undrawn: None) -> None:
    """Commands run in a folder with blanks and Chinese signs, and say nothing that GBK lacks but what data bring."""
    args = [arg.replace("DATA", str(filled)).replace("OUT", str(filled.parent)) for arg in COMMANDS[name]]
    printed = said("utf-8", args, monkeypatch)
    assert len(printed) > 40
    assert re.sub(f"[{STRANGE}]", "", printed).encode("gbk")
    assert all(Path(arg).stat().st_size for arg in args if arg.startswith(str(filled.parent)))


@pytest.mark.parametrize("terminal", ["", "1"])
def test_signs_that_gbk_lacks_stop_nothing(filled: Path, terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A console that knows only GBK shows ? for them, in a pipe and on a terminal with colours and lines."""
    monkeypatch.setenv("FORCE_COLOR", terminal)
    shown = said("gbk", ["explain", str(filled), "00001"], monkeypatch)
    assert "?同志" in shown
    assert ("\x1b[" in shown) == bool(terminal)


def test_a_process_under_gbk(filled: Path) -> None:
    """A process whose streams are GBK and whose UTF-8 mode is off says what it would say here."""
    env = {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0", "JIFEN_LANG": "zh", "PYTHONPATH": str(pack.ROOT)}
    table = filled.parent / "总 表.csv"
    args = [sys.executable, "-m", "jifen_analysis.cli", "assess", str(filled), "--out", str(table)]
    done = subprocess.run(args, capture_output=True, check=False, env=env)
    assert done.returncode == 0, done.stderr.decode("gbk")
    assert "第一支部" in done.stdout.decode("gbk")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
