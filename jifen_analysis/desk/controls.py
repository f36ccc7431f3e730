"""The widgets of the desk: what is chosen and moved goes in, what follows comes out. Nothing is decided here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd

from jifen_analysis.desk.moving import Positions
from jifen_analysis.desk.opening import Opened, explanation, open_folder
from jifen_analysis.desk.showing import Shown, results_at
from jifen_analysis.errors import JifenError
from jifen_analysis.report.page import write_page
from jifen_analysis.report.review import Voice, review
from jifen_analysis.report.trial import trial_page, try_proposal
from jifen_analysis.report.trial.facts import binding_limits
from jifen_analysis.schemes.read import scheme_names

STYLE = """<style>
.jifen { border-collapse: collapse; font-size: 13px; }
.jifen th, .jifen td { border-bottom: 1px solid #D5DBE1; padding: 2px 8px; text-align: left; }
.jifen th { background: #EEF3F8; }
</style>"""
_WIDE = widgets.Layout(width="100%", max_width="420px")
_FLOWING = widgets.Layout(flex_flow="row wrap")
"""Side by side where there is room, one below the other on a phone."""
_NAMED = {"description_width": "120px"}


class Controls:
    """The desk's widgets, and where its sliders stand: what is open, the positions, and what is shown of them."""

    def __init__(self) -> None:
        self.at: Opened | None = None
        self.positions: Positions | None = None
        self.now: Shown | None = None
        self._before = pd.DataFrame()
        self._shares: dict[str, widgets.FloatSlider] = {}
        self._moving = False
        self.folder = widgets.Text(description="文件夹", layout=_WIDE, style=_NAMED)
        self.scheme = widgets.Combobox(options=scheme_names(), description="方案", layout=_WIDE, style=_NAMED)
        self.open = widgets.Button(description="打开", button_style="primary")
        self.state, self.problems = widgets.HTML(), widgets.HTML()
        self.sliders = widgets.Box(layout=_FLOWING)
        self.named = widgets.Checkbox(value=False, description="写出姓名", indent=False)
        self.sentences, self.grades, self.moves, self.fairness = (widgets.HTML() for _ in range(4))
        self.member = widgets.Text(description="编号", continuous_update=False, layout=_WIDE, style=_NAMED)
        self.explained, self.written = widgets.HTML(), widgets.HTML()
        self.save_trial = widgets.Button(description="写出试算页")
        self.save_review = widgets.Button(description="写出年度总结")
        self._listen()

    @classmethod
    def of(cls, data: str, scheme: str) -> Controls:
        """Return the desk with a folder open, where one is named."""
        made = cls()
        made.folder.value, made.scheme.value = data, scheme or scheme_names()[0]
        if data:
            made._open()
        return made

    @property
    def box(self) -> widgets.VBox:
        """Everything, in order."""
        tables = widgets.Box([self.grades, self.fairness], layout=_FLOWING)
        results = widgets.VBox([self.sentences, tables, self.named, self.moves])
        member = widgets.VBox([self.member, self.explained])
        out = widgets.VBox([widgets.HBox([self.save_trial, self.save_review]), self.written])
        parts = {"数据": self.problems, "试算": widgets.VBox([self.sliders, results]), "一个人": member, "写出": out}
        tabs = widgets.Tab(children=list(parts.values()), titles=list(parts), selected_index=1)
        return widgets.VBox([widgets.HTML(STYLE), self.folder, self.scheme, self.open, self.state, tabs])

    def _listen(self) -> None:
        self.open.on_click(lambda _: self._open())
        self.save_trial.on_click(lambda _: self._said(self._write_trial))
        self.save_review.on_click(lambda _: self._said(self._write_review))
        self.named.observe(lambda _: self._show(), "value")
        self.member.observe(lambda _: self._explain(), "value")

    def _open(self) -> None:
        self.state.value = "正在读取、计分…"
        try:
            self.at = open_folder(self.folder.value, self.scheme.value)
        except JifenError as refusal:
            self.at, self.state.value = None, f"<p>{_lines(refusal.message())}</p>"
            return
        self.state.value = f"<p>{_lines(f'{self.at.scheme.title}:{self.at.verdict}')}</p>"
        files = (f"<h4>{escape(file or '(不在文件中)')}</h4>{_lines(*lines)}" for file, lines in self.at.problems)
        self.problems.value = "".join(files) or "<p>没有问题。</p>"
        self.positions = Positions.of(self.at.scheme)
        self._before = binding_limits(self.at.last) if self.at.last is not None else pd.DataFrame()
        self.sliders.children = tuple(self._rows(self.positions))
        self._show()

    # ---------------------------------------------------------------- sliders

    def _rows(self, start: Positions) -> list[widgets.Widget]:
        titles = start.scheme.book.titles
        self._shares = {
            name: self._slider(f"{titles[name]} %", 100 * float(share), 100, 1, self._moved_share(name))
            for name, share in start.shares.items()
        }
        cuts = [
            self._slider(f"{name}线", cut, max(100.0, cut + 20), 0.5, self._moved(name, "cut"))
            for name, cut in start.cuts.items()
        ]
        quotas = [
            self._slider(f"{name}名额 %", 100 * float(quota), 100, 1, self._moved(name, "quota"))
            for name, quota in start.quotas.items()
        ]
        note = widgets.HTML(f"<p>{_lines('占比合计为 100%:移动一个,其余按比例让出;名额 100% 即不限名额。')}</p>")
        return [*self._shares.values(), *cuts, *quotas, note]

    def _slider(
        self, title: str, value: float, most: float, step: float, moved: Callable[[Any], None]
    ) -> widgets.Widget:
        made = widgets.FloatSlider(
            value, min=0, max=most, step=step, description=title, readout_format=".1f", layout=_WIDE, style=_NAMED
        )
        made.observe(moved, "value")
        return made

    def _moved_share(self, component: str) -> Callable[[Any], None]:
        def moved(change: Any) -> None:
            if self._moving or self.positions is None:
                return
            self.positions = self.positions.with_share(component, round(change["new"], 6) / 100)
            self._moving = True  # the others follow, and their moving is not somebody's
            for name, slider in self._shares.items():
                if name != component:
                    slider.value = 100 * float(self.positions.shares[name])
            self._moving = False
            self._show()

        return moved

    def _moved(self, grade: str, kind: str) -> Callable[[Any], None]:
        def moved(change: Any) -> None:
            if self.positions is None:
                return
            value = round(change["new"], 6)
            of = self.positions
            self.positions = of.with_cut(grade, value) if kind == "cut" else of.with_quota(grade, value / 100)
            self._show()

        return moved

    # ---------------------------------------------------------------- what follows

    def _show(self) -> None:
        if self.at is None or self.at.last is None or self.positions is None:
            self.sentences.value = "<p>还没有可以试算的结果。</p>"
            return
        try:
            self.now = results_at(self.at.last, self._before, self.positions, named=self.named.value)
        except JifenError as refusal:  # 例如合格线高过优秀线
            self.sentences.value = f"<p>{_lines(refusal.message())}</p>"
            return
        took = f"<p class='took'>计算用时 {1000 * self.now.seconds:.0f} 毫秒</p>"
        self.sentences.value = self.now.sentences + took
        self.grades.value, self.fairness.value, self.moves.value = self.now.grades, self.now.fairness, self.now.moves
        if self.member.value:
            self._explain()

    def _explain(self) -> None:
        if self.at is not None and self.now is not None and self.member.value.strip():
            self.explained.value = explanation(self.now.told.found.after, self.member.value, self.at.period)

    def _said(self, write: Callable[[], list[Path]]) -> None:
        try:
            self.written.value = "".join(f"<p>已写入 {escape(str(one.resolve()))}</p>" for one in write())
        except JifenError as refusal:
            self.written.value = f"<p>{_lines(refusal.message())}</p>"

    def _write_trial(self) -> list[Path]:
        if self.at is None or self.at.last is None or self.positions is None:
            raise JifenError("还没有打开数据", "nothing is open")
        return write_page(
            trial_page(try_proposal(self.at.last, self.positions.proposal), named=self.named.value), "试算.html"
        )

    def _write_review(self) -> list[Path]:
        if self.at is None or self.at.whole is None:
            raise JifenError("还没有打开数据", "nothing is open")
        return write_page(review(self.at.whole, check=self.at.check, with_names=self.named.value), "总结.html")


def _lines(*said: str) -> str:
    return "<br>".join(escape(Voice().say(line, line)) for text in said for line in text.split("\n"))


# ---------------------------------------------------------------- for pages and paper on which nothing moves


BROWSER = "voila/"
"""How the server of the desk in a browser calls itself: there everything moves, and nothing is said twice."""


def still_html(box: widgets.Widget) -> str:
    """Return what a widget and all inside it show, as HTML.

    Parameters
    ----------
    box : Widget
        From ``desk``.

    Returns
    -------
    str
        Tabs one below the other, each under its title; what may be typed or
        moved with where it stands. Empty where the desk is served by itself.

    Examples
    --------
    >>> still_html(widgets.VBox([widgets.HTML("<p>90</p>"), widgets.Text("甲", description="编号")]))
    '<p>90</p><span style="margin-right:2em">编号:甲</span> '
    """
    if os.environ.get("SERVER_SOFTWARE", "").startswith(BROWSER):
        return ""
    return "".join(_shown(box))


def _shown(widget: widgets.Widget) -> Iterator[str]:
    match widget:
        case widgets.HTML():
            yield widget.value
        case widgets.Tab():
            for title, child in zip(widget.titles, widget.children, strict=True):
                inside = "".join(_shown(child))
                yield f"<h3>{escape(title)}</h3>{inside}" if inside else ""
        case widgets.Box():
            yield from (part for child in widget.children for part in _shown(child))
        case widgets.FloatSlider() | widgets.Text() | widgets.Combobox() if widget.value != "":
            value = f"{widget.value:g}" if isinstance(widget.value, float) else widget.value
            yield f'<span style="margin-right:2em">{escape(widget.description)}:{escape(value)}</span> '
