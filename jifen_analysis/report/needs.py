"""What pictures and Word files need on the machine: asked before the work, not after it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from jifen_analysis.errors import Text, UsageError


def lacking_for_images() -> Text | None:
    """Return what is missing for figures to be drawn as pictures, with what to install; ``None`` where nothing is."""
    return next((Text(*lacking) for lacking in (_no_kaleido(), _no_browser(), _no_font()) if lacking), None)


def require_images() -> None:
    """Refuse where figures cannot be drawn as pictures, with what to install.

    Raises
    ------
    UsageError
        Where kaleido, a browser or a font with Chinese signs is missing.
    """
    lacking = lacking_for_images()
    if lacking:
        raise UsageError(
            f"不能生成图片和 PDF:{lacking.zh}。网页(.html)、Word(.docx)、幻灯片(.pptx)和工作簿(.xlsx)不受影响",
            f"no pictures and no PDF: {lacking.en}. HTML, docx, pptx and xlsx work without",
        )


_WRITERS = {".docx": ("docx", "Word 文件", "Word file"), ".pptx": ("pptx", "幻灯片", "slides")}


def require_office(target: Path) -> None:
    """Refuse a Word file or slides where the component that writes them is missing.

    Raises
    ------
    UsageError
        With what to install.
    """
    module, zh, en = _WRITERS.get(target.suffix.lower(), ("", "", ""))
    if module and not importlib.util.find_spec(module):
        install = "pip install 'jifen-analysis[export]'"
        raise UsageError(f"不能写{zh}:缺少组件,请运行 {install}", f"no {en} without python-{module}: run {install}")


def browser() -> str:
    """Return the path of a Chrome, Edge or Chromium, or nothing."""
    from choreographer.browsers.chromium import Chromium

    return str(Chromium.find_browser(skip_local=False) or "")


def _no_kaleido() -> tuple[str, str] | None:
    if importlib.util.find_spec("kaleido"):
        return None
    install = "pip install 'jifen-analysis[export]'"
    return f"缺少组件,请运行 {install}", f"run {install}"


def _no_browser() -> tuple[str, str] | None:
    if browser():
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
