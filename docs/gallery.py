"""Make the gallery, ``docs/gallery.md`` and its pictures, from ``docs/gallery.toml``: ``make gallery``."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from jifen_analysis.report.needs import require_images

HERE = Path(__file__).parent
FOLDER = HERE / "pictures" / "gallery"
WIDTH = 680
HEAD = """# 图集 · Gallery

每张图:它回答的问题、画出它的一行。数据全部虚构。页面由 `make gallery` 生成,内容在 [gallery.toml](gallery.toml)。

*Each picture with the question it answers and the call that draws it. All data is invented. Titles, axes and notes are
English with `lang="en"`; `source=` names the source, `labels=` says what codes are called.*

下面各段都从这里开始:

```python
{setup}
```
"""


@dataclass(frozen=True)
class Chart:
    """A chart's question in two languages, and the call that draws it."""

    module: str
    name: str
    zh: str
    en: str
    call: str

    @property
    def picture(self) -> Path:
        """Where its picture is."""
        return FOLDER / f"{self.module}_{self.name}.png"

    def draw(self, known: Mapping[str, Any]) -> go.Figure:
        """Run the call and return what its last line gives."""
        *before, last = self.call.strip().split("\n")
        scope = {**known, "draw": importlib.import_module(f"jifen_analysis.charts.{self.module}")}
        exec("\n".join(before), scope)
        return eval(last, scope)


def listed() -> dict[str, Any]:
    """Return the gallery's list."""
    return tomllib.loads((HERE / "gallery.toml").read_text(encoding="utf-8"))


def charts() -> Iterator[Chart]:
    """Yield every chart of the list, in its order."""
    for module, section in _sections():
        for name, one in section.items():
            if isinstance(one, dict):
                yield Chart(module, name, **one)


def _sections() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, section) for name, section in listed().items() if name != "setup")


def setup(data: Path = HERE.parent / "data" / "sample") -> dict[str, Any]:
    """Run what every call begins from, in the folder of the checkout or on other data."""
    known: dict[str, Any] = {}
    exec(listed()["setup"].replace("data/sample", data.as_posix()), known)
    return known


def page() -> str:
    """Return the page."""
    parts = [HEAD.format(setup=listed()["setup"].strip())]
    for module, section in _sections():
        imported = f"from jifen_analysis.charts import {module} as draw"
        parts.append(f"\n## {section['zh']} · {section['en']}\n\n```python\n{imported}\n```\n")
        parts += [_shown(chart) for chart in charts() if chart.module == module]
    return "".join(parts)


def _shown(chart: Chart) -> str:
    link = chart.picture.relative_to(HERE).as_posix()
    return (
        f"\n### {chart.zh}\n\n*{chart.en}*\n\n![{chart.module}.{chart.name}:{chart.zh}]({link})\n\n"
        f"```python\n{chart.call.strip()}\n```\n"
    )


def main() -> None:
    """Draw every chart and write the page."""
    require_images()
    FOLDER.mkdir(parents=True, exist_ok=True)
    known, every = setup(), list(charts())
    figures = [chart.draw(known) for chart in every]
    heights = [figure.layout.height for figure in figures]
    pio.write_images(figures, [chart.picture for chart in every], width=WIDTH, height=heights)
    for old in set(FOLDER.iterdir()) - {chart.picture for chart in every}:
        old.unlink()
    (HERE / "gallery.md").write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
