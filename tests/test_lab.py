"""The lab in a real browser: notebooks opened, run and played with as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil
import pytest

from jifen_analysis.sample import write
from tests.charts.browser import Browser
from tests.command import PATIENCE, until


@dataclass(frozen=True)
class Lab:
    """A running server: its address, the key to it, and where the notebooks are."""

    url: str
    token: str
    notebooks: Path

    def close(self) -> None:
        """Ask the server to end, which ends its kernels."""
        urlopen(Request(f"{self.url}api/shutdown?token={self.token}", method="POST"), timeout=PATIENCE).close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """``jifen lab --no-browser`` in a folder of the user's, on the user's data."""
    desk, own = tmp_path_factory.mktemp("我的 文件夹"), tmp_path_factory.mktemp("jupyter")
    write(desk / "数据", 60, (2023, 2024), 7, "parquet")
    settings = {"ServerApp": {"allow_root": True}}
    (own / "jupyter_server_config.json").write_text(json.dumps(settings), encoding="utf-8")
    homes = dict.fromkeys(("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"), str(own))
    homes["JIFEN_STILLS"] = "0"  # a picture beside each chart is tested with the notebooks
    homes["JUPYTERLAB_SETTINGS_DIR"] = homes["JUPYTERLAB_WORKSPACES_DIR"] = str(own / "lab")
    command = [sys.executable, "-m", "jifen_analysis.cli", "lab", "数据", "--no-browser"]
    with (own / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=desk, env={**os.environ, **homes}, stdout=log, stderr=log)
    try:
        server = until(lambda: process.poll() is not None or _serving(own), "the server answers")
        assert isinstance(server, Lab), (own / "log").read_text(encoding="utf-8")
        yield server
        server.close()
        process.wait(PATIENCE)
    finally:
        _end(process)


def _serving(own: Path) -> Lab | None:
    """Read where the server says that it is, once it answers there."""
    for said in own.glob("jpserver-*.json"):
        told = json.loads(said.read_text(encoding="utf-8") or "{}")
        server = Lab(told["url"], told["token"], Path(told["root_dir"])) if told else None
        if server and _answers(server):
            return server
    return None


def _answers(server: Lab) -> bool:
    try:
        with urlopen(f"{server.url}api/status?token={server.token}", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever the command has left running."""
    left = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    for one in [*left, process]:
        one.kill()
    process.wait(PATIENCE)


MIDDLE = """
  const found = document.querySelector(%s), box = found?.getBoundingClientRect();
  const at = box?.width && [box.x + box.width / 2, box.y + box.height / 2];
  return at && found.contains(document.elementFromPoint(...at)) && at;
"""


@dataclass(frozen=True)
class Notebook:
    """A notebook open in JupyterLab."""

    browser: Browser
    path: Path

    def run(self, script: str) -> Any:
        """Return the value of a script in the page."""
        return self.browser.run(f"(() => {{ {script} }})()")

    def until(self, script: str) -> Any:
        """Wait until a script returns something."""
        return until(lambda: self.run(f"return {script}"), script)

    def click(self, selector: str) -> None:
        """Click on the middle of an element as soon as it stands still and nothing covers it."""
        x, y = until(lambda: self._middle(selector), selector)
        self.browser._ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            self.browser._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def _middle(self, selector: str) -> Any:
        one, two = (self.run(MIDDLE % json.dumps(selector)) for _ in "ab")
        return one if one == two else None

    def press(self, key: str) -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            self.browser._ask("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def run_all(self) -> list[dict[str, Any]]:
        """Run every cell in a fresh kernel, from the menu; return the code cells as they are saved afterwards."""
        self.until("!!document.querySelector('.jp-NotebookPanel .jp-CodeCell')")
        self.until("document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status == 'idle'")
        self.until(f"document.querySelectorAll('.jp-CodeCell').length == {len(self._code_cells())}")
        assert any(self._ran() for _ in range(3)), f"{self.path.name} does not run to its end"
        self.click("jp-button[data-command='docmanager:save']")
        self.until("!document.querySelector('.lm-TabBar-tab.jp-mod-dirty')")
        return self._code_cells()

    def _ran(self) -> bool:
        """Ask for a restart and every cell; a lab that is still starting may drop it, so say whether all have run."""
        self.click("li.lm-MenuBar-item:nth-child(4)")  # Run
        self.click("li[data-command='runmenu:restart-and-run-all']")
        self.click(".jp-Dialog .jp-mod-accept")
        self._while("idle", PATIENCE / 8)
        self._while("running", PATIENCE / 2)
        return self._state() == "done"

    def _while(self, state: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._state() == state and time.monotonic() < end:
            time.sleep(0.1)

    def _state(self) -> str:
        """Say what the numbers beside the cells show: idle, running or done."""
        shown = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(prompt => prompt.textContent)"
        told = [prompt for prompt in self.run(f"return {shown}") if prompt]  # a folded cell shows none
        running, done = any("*" in one for one in told), all(any(map(str.isdigit, one)) for one in told)
        return "running" if running else "done" if done else "idle"

    def _code_cells(self) -> list[dict[str, Any]]:
        cells = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
        return [cell for cell in cells if cell["cell_type"] == "code"]


def opened(browser: Browser, lab: Lab, name: str) -> Notebook:
    """Open a notebook in the lab."""
    browser._ask("Page.enable")
    browser._ask("Emulation.setDeviceMetricsOverride", width=1400, height=1000, deviceScaleFactor=1, mobile=False)
    browser._ask("Page.navigate", url=f"{lab.url}lab/tree/{name}?reset&token={lab.token}")
    return Notebook(browser, lab.notebooks / name)


def kinds(cells: list[dict[str, Any]]) -> set[str]:
    """Return every kind of output: MIME types, streams, errors."""
    outputs = [output for cell in cells for output in cell["outputs"]]
    return {kind for output in outputs for kind in output.get("data", {output.get("name", output["output_type"]): 0})}


def test_a_slider_of_the_weights_lab_assesses_anew(browser: Browser, lab: Lab) -> None:
    """Every cell runs in order, charts are drawn; a moved slider draws the one below it anew, with other numbers."""
    notebook = opened(browser, lab, "08_weights_lab.ipynb")
    cells = notebook.run_all()
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert not kinds(cells) & {"stderr", "error"}
    charts = sum("application/vnd.plotly.v1+json" in output.get("data", {}) for c in cells for output in c["outputs"])
    assert charts >= 6
    notebook.until(f"document.querySelectorAll('.js-plotly-plot .main-svg').length >= {charts}")
    before = notebook.run(f"return {SHOWN}.textContent")
    assert "分数线" in before
    assert "试算" not in before
    notebook.run("document.querySelector('.noUi-handle').focus()")
    for _ in range(3):
        notebook.press("ArrowRight")
    notebook.until(f"{SHOWN}.textContent.includes('试算')")
    assert not notebook.run("return !!document.querySelector('[data-mime-type$=error], [data-mime-type$=stderr]')")


SHOWN = "[...document.querySelector('.noUi-handle').closest('.jp-OutputArea').children].at(1)"
"""What stands below the sliders, and follows them."""
