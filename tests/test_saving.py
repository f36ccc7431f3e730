"""Files are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.saving import filling, output_day, replacing, writable

GONE = 2**22 + 1
"""No process has this number: it is beyond what Linux hands out."""


def write(target: Path, text: str) -> None:
    """Write a file whole."""
    with replacing(target) as beside:
        beside.write_text(text, encoding="utf-8")


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """Where writing breaks off, the old file stays and nothing else is left."""
    target = tmp_path / "x.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError, match="division"), replacing(target) as beside:
        beside.write_text(f"half {1 / 0}", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_open_elsewhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program holds open is named, with what to do; the half-made one is gone."""

    def held(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(UsageError, match="可能正在 Excel/WPS 里打开"):
        write(tmp_path / "x.csv", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """Any other fault of the file system is told as well, never traced."""
    with pytest.raises(UsageError, match=r"写不进去.*磁盘已满"), replacing(tmp_path / "x.csv"):
        raise OSError(28, "No space left on device")


def test_a_file_inside_a_folder_that_is_filled_is_told_as_the_folder(tmp_path: Path) -> None:
    """Where one of its files cannot be written, the folder is named, and not the hidden one beside it."""

    def fill() -> None:
        with filling(tmp_path / "p") as beside, replacing(beside / "x.csv"):
            raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match=r"写不进去.*磁盘已满") as refused:
        fill()
    assert str(tmp_path / "p") in refused.value.message()
    assert "/." not in refused.value.message()


def test_a_new_file_is_as_readable_as_any(tmp_path: Path) -> None:
    """The file has the permissions of files that the user makes otherwise."""
    (tmp_path / "plain").write_text("", encoding="utf-8")
    write(tmp_path / "x.csv", "new")
    assert os.stat(tmp_path / "x.csv").st_mode == os.stat(tmp_path / "plain").st_mode  # noqa: PTH116


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.txt", "可用后缀 .csv"),
        (f"{'长' * 80}.csv", "名称太长"),
        ("x", "没有后缀"),
        ("none/x.csv", "文件夹不存在"),
        ("folder.csv", "这是一个文件夹"),
    ],
)
def test_places_that_cannot_be_written(tmp_path: Path, name: str, said: str) -> None:
    """What cannot be written is refused before any work is done."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match=said):
        writable(tmp_path / name, [".csv"])


def test_what_a_killed_run_left_is_tidied(tmp_path: Path) -> None:
    """The leavings of a process that is gone disappear; those of one that runs, and files of the user's, stay."""
    for name in (f".x.{GONE}.csv", f".x.{os.getppid()}.csv", f".y.{GONE}.csv", ".x.mine.csv"):
        (tmp_path / name).touch()
    write(tmp_path / "x.csv", "new")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted([f".x.{os.getppid()}.csv", ".x.mine.csv", f".y.{GONE}.csv", "x.csv"])


def test_a_folder_is_filled_whole(tmp_path: Path) -> None:
    """Where filling it breaks off there is no folder; one that holds something is refused."""
    with pytest.raises(ZeroDivisionError, match="division"), filling(tmp_path / "包") as folder:
        (folder / "a").write_text(f"{1 / 0}", encoding="utf-8")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "空").mkdir()
    for name in ("包", "空"):
        with filling(tmp_path / name) as folder:
            (folder / "a").touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["包", "空"]
    with pytest.raises(UsageError, match="不是空的文件夹"), filling(tmp_path / "包") as folder:
        (folder / "b").touch()


def filled(target: Path, text: str) -> None:
    """Fill a folder that may hold an earlier file of ours."""
    with filling(target, {"a"}) as folder:
        (folder / "a").write_text(text, encoding="utf-8")


def test_an_earlier_folder_is_replaced_whole(tmp_path: Path) -> None:
    """Where the new one breaks off, or cannot take its place, the earlier one stands as it was."""
    target = tmp_path / "包"
    filled(target, "old")
    with pytest.raises(ZeroDivisionError, match="division"), filling(target, {"a"}) as folder:
        (folder / "a").write_text(f"{1 / 0}", encoding="utf-8")
    with pytest.raises(UsageError, match="写不进去"), filling(target, {"a"}) as folder:
        folder.rmdir()
    assert (target / "a").read_text(encoding="utf-8") == "old"
    filled(target, "new")
    assert (target / "a").read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_stepped_aside_for_nothing_is_put_back(tmp_path: Path) -> None:
    """Killed between its two renames a run leaves no folder; the next has the earlier one, though it fails itself."""
    target, aside, half = tmp_path / "包", tmp_path / f".包.{GONE}~", tmp_path / f".包.{GONE}"
    filled(target, "old")
    target.rename(aside)
    half.mkdir()
    with pytest.raises(ZeroDivisionError, match="division"), filling(target, {"a"}):
        _ = 1 / 0
    assert (target / "a").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_where_one_stands_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder cannot be taken from under the user's feet."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="当前所在的文件夹"):
        filled(Path(), "new")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
@pytest.mark.parametrize("given", ["abc", "-1", "1e20", "9" * 30, "٣" * 10, "5000000000"])
def test_a_day_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """What the environment asks outputs to be dated is a moment of our time, or refused."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH 应为"):
        output_day()


def test_the_whole_disk_is_no_folder_to_fill() -> None:
    """The root has no name, and nothing stands beside it."""
    with pytest.raises(UsageError, match="不是空的文件夹"):
        filled(Path("/"), "x")


def test_a_pipe_is_no_file_to_write(tmp_path: Path) -> None:
    """It is refused, as a device is: a file would take its place."""
    os.mkfifo(tmp_path / "x.csv")
    with pytest.raises(UsageError, match="设备或管道"):
        writable(tmp_path / "x.csv", [".csv"])
