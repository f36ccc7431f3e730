"""What pictures and Word files need on the machine: asked before the work, not after it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from jifen_analysis.errors import UsageError


def require_images() -> None:
    """Refuse where figures cannot be drawn as pictures, with what to install.

    Raises
    ------
    UsageError
        Where kaleido, a browser or a font with Chinese signs is missing.
    """
    for lacking in (_no_kaleido(), _no_browser(), _no_font()):
        if lacking:
            zh, en = lacking
            raise UsageError(
                f"不能生成图片和 Word 文件:{zh}。网页(.html)和工作簿(.xlsx)不受影响",
                f"no pictures and no Word file: {en}. HTML and xlsx work without",
            )


def require_word(target: Path) -> None:
    """Refuse a Word file where the component that writes it is missing.

    Raises
    ------
    UsageError
        With what to install.
    """
    if target.suffix.lower() == ".docx" and not importlib.util.find_spec("docx"):
        install = "pip install 'jifen-analysis[export]'"
        raise UsageError(
            f"不能写 Word 文件:缺少组件,请运行 {install}", f"no Word file without python-docx: run {install}"
        )


def _no_kaleido() -> tuple[str, str] | None:
    if all(importlib.util.find_spec(name) for name in ("kaleido", "docx")):
        return None
    install = "pip install 'jifen-analysis[export]'"
    return f"缺少组件,请运行 {install}", f"run {install}"


def _no_browser() -> tuple[str, str] | None:
    from choreographer.browsers.chromium import Chromium

    if Chromium.find_browser(skip_local=False):
        return None
    return (
        "没有找到浏览器,请安装 Chrome、Edge 或 Chromium(Debian/Ubuntu:apt-get install chromium)",
        "no browser found; install Chrome, Edge or Chromium (Debian/Ubuntu: apt-get install chromium)",
    )


def _no_font() -> tuple[str, str] | None:
    """Ask fontconfig; Windows and macOS bring Chinese fonts with them."""
    lists = shutil.which("fc-list")
    if sys.platform in ("win32", "darwin") or not lists:
        return None
    if subprocess.run([lists, ":lang=zh", "family"], capture_output=True, check=False).stdout.strip():
        return None
    return (
        "没有中文字体,请安装(Debian/Ubuntu:apt-get install fonts-noto-cjk)",
        "no font with Chinese signs; install one (Debian/Ubuntu: apt-get install fonts-noto-cjk)",
    )
