"""A browser for the tests of pictures: one process, spoken to over a pipe."""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import resources
from typing import Any

import plotly.graph_objects as go

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--remote-debugging-pipe",
)

_PAGE = """
globalThis.picture = async (spec, width) => {
  const size = {width, height: spec.layout.height};
  const said = await Plotly.toImage(spec, {format: 'svg', imageDataOnly: true, ...size});
  document.body.innerHTML = `<div style="position:absolute;left:0;top:0">${said}</div>`;
  await document.fonts.ready;
  const texts = [...document.querySelectorAll('svg text')].filter(t => t.textContent.trim());
  return {svg: said, boxes: texts.map(t => {
    const box = t.getBoundingClientRect();
    return [t.textContent, box.left, box.top, box.right, box.bottom];
  })};
};
globalThis.png = (spec, width) => Plotly.toImage(spec, {format: 'png', width, height: spec.layout.height})
  .then(url => url.split(',')[1]);
globalThis.drawn = (sign, family) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 48, height: 48});
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.font = `32px ${family}`;
  pen.fillText(sign, 4, 38);
  return pen.getImageData(0, 0, 48, 48).data.join();
};
globalThis.boxes = (signs, family) => {
  const nothing = ['\\ue5f1', '\\uf3a7'].map(sign => drawn(sign, family));
  return [...signs].filter(sign => nothing.includes(drawn(sign, family)));
};
"""


@dataclass(frozen=True)
class TextBox:
    """A text of a picture and the pixels that it covers."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: TextBox, slack: float = 1.0) -> bool:
        """Return whether two texts cover each other by more than the slack."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > slack and down > slack


def found() -> str | None:
    """Return the path of a browser, if there is one."""
    given = os.environ.get("BROWSER_PATH")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


def _pipe() -> tuple[int, int]:
    """Open a pipe out of the way of 3 and 4, where the browser listens and answers."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


class Browser:
    """Chromium without a window, with plotly.js loaded."""

    def __init__(self, path: str) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="charts", ignore_cleanup_errors=True)
        hears, self._speak = _pipe()
        self._hear, speaks = _pipe()
        self._process = subprocess.Popen(
            [path, *FLAGS, f"--user-data-dir={self._home.name}", "about:blank"],
            preexec_fn=lambda: (os.dup2(hears, 3), os.dup2(speaks, 4)),
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(hears)
        os.close(speaks)
        self._numbers, self._rest = itertools.count(1), b""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.run(resources.files("plotly").joinpath("package_data/plotly.min.js").read_text("utf-8") + ";0")
        self.run(_PAGE + ";0")

    def close(self) -> None:
        """End the browser and remove what it left."""
        del self._session  # the next word is for the browser, not for its page
        self._ask("Browser.close")
        self._process.wait(timeout=120)
        os.close(self._speak)
        os.close(self._hear)
        self._home.cleanup()

    def run(self, script: str) -> Any:
        """Return what a script's value (or promise) becomes."""
        said = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            raise RuntimeError(json.dumps(said["exceptionDetails"], ensure_ascii=False)[:500])
        return said["result"].get("value")

    def picture(self, figure: go.Figure, width: int) -> tuple[str, list[TextBox]]:
        """Return a figure's SVG and the boxes of its texts."""
        said = self.run(f"picture({figure.to_json()}, {width})")
        return said["svg"], [TextBox(*box) for box in said["boxes"]]

    def png(self, figure: go.Figure, width: int) -> bytes:
        """Return a figure as PNG."""
        return base64.b64decode(self.run(f"png({figure.to_json()}, {width})"))

    def boxes(self, signs: str, family: str) -> list[str]:
        """Return the signs that the browser can only draw as an empty box."""
        return list(self.run(f"boxes({json.dumps(signs)}, {json.dumps(family)})"))

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        session = {"sessionId": self._session} if hasattr(self, "_session") else {}
        message = {"id": number, "method": method, "params": params, **session}
        self._send(json.dumps(message).encode() + b"\0")
        while True:
            answer = json.loads(self._next())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return dict(answer["result"])

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._speak, data) :]

    def _next(self) -> bytes:
        while b"\0" not in self._rest:
            said = os.read(self._hear, 1 << 20)
            if not said:
                raise RuntimeError("the browser has ended")
            self._rest += said
        message, self._rest = self._rest.split(b"\0", 1)
        return message
