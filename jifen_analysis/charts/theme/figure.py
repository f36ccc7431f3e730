"""What every picture has: title, finding, axes with units, source line, in one language."""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts.theme.colours import GREY, INK, PALE, PAPER, SERIES
from jifen_analysis.charts.theme.listing import downwards, height, widen_axis
from jifen_analysis.errors import NOTHING, Lang, Speaker, Text, UsageError, typeset
from jifen_analysis.findings import Finding
from jifen_analysis.summaries import Withheld

FONTS = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"
NARROW = 640
"""The narrowest picture whose words must not meet, in pixels."""

LEAST = 5
"""Smaller groups are drawn in no picture, unless its maker asks for them."""
BEYOND = 0.05
"""Below it an adjusted p is beyond chance."""

TITLE, NOTE, SMALL = 18, 13, 12
HEADLINE = 31
"""Full characters in a line of the headline of a narrow picture."""

SIDE, FOOT = 24, 92


class Style(TypedDict, total=False):
    """What every chart takes besides its table.

    ``labels`` says what a code is called (a component's id, a group's code),
    ``source`` where the data comes from, ``lang`` the language, ``zh`` or ``en``,
    ``least`` how many members a group must have to be drawn: 5, unless said
    otherwise; what is left out is counted below the title.
    """

    labels: Mapping[str, str]
    source: str
    lang: Lang
    least: int


@dataclass(frozen=True)
class FigureText:
    """The words of a picture: its topic, what it shows of it, how to read it, its axes, its method.

    ``finding`` is the headline, and the topic stands below it; without one the
    topic is the headline.
    """

    title: Text
    note: Text = NOTHING
    x: Text = NOTHING
    y: Text = NOTHING
    method: Text = NOTHING
    finding: Text = NOTHING


@dataclass(frozen=True)
class Pen(Speaker):
    """Draws and names things in one language.

    Examples
    --------
    >>> pen = Pen(labels={"daily": "日常考核"})
    >>> pen.name("daily"), pen.with_count("第一支部", 32), Pen(lang="en").with_count("1", 3)
    ('日常考核', '第一支部(n=32)', '1 (n=3)')
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    lang: Lang = "zh"
    least: int = LEAST

    def name(self, code: Any) -> str:
        """Return what a code is called; of a dotted code each part that has a label, none twice; a blank is said."""
        if pd.isna(code):
            return self.say("未注明", "not stated")
        whole = str(code)
        known = self.labels.get(whole)
        return (
            known
            if known is not None
            else "·".join(dict.fromkeys(self.labels.get(part, part) for part in whole.split(".")))
        )

    def side(self, code: str, zh: str, en: str) -> str:
        """Return what one of two sides is called, such as the year before or the second scheme."""
        return self.labels.get(code, self.say(zh, en))

    def names(self, codes: Iterable[object]) -> list[str]:
        """Return what the codes are called, broken into lines where long."""
        return [wrap_text(self.name(code), 14) for code in codes]

    def with_count(self, code: object, n: float) -> str:
        """Return a name with the number of members behind it, where that is known."""
        if math.isnan(n):
            return self.name(code)
        return f"{self.name(code)}{self.say(f'(n={n:g})', f' (n={n:g})')}"

    def all_counted(self, codes: Iterable[object], counts: Iterable[float]) -> list[str]:
        """Return the names with their numbers, broken into lines where long."""
        return [wrap_text(self.with_count(code, n), 14) for code, n in zip(codes, counts, strict=True)]

    def name_list(self, codes: Sequence[object], most: int = 6) -> str:
        """Return the first names of a list, and how many there are where not all are shown."""
        shown = self.say("、", ", ").join(self.name(code) for code in codes[:most])
        more = self.say(f" 等 {len(codes)} 个", f" and {len(codes) - most} more")
        return shown + more * (len(codes) > most)

    @classmethod
    def over(cls, table: pd.DataFrame, style: Style) -> Pen:
        """Return the pen for a table that is not empty.

        Raises
        ------
        UsageError
            Where the table has no row.
        """
        if table.empty:
            raise UsageError("没有可画的数据:表是空的", "nothing to draw: the table is empty")
        return cls(**style)

    def large_groups(self, table: pd.DataFrame, size: str = "n") -> tuple[pd.DataFrame, Text]:
        """Return the groups that are large enough to be drawn, and how many are not, in words.

        Parameters
        ----------
        table : DataFrame
            A row for each group; where an analysis has already withheld some, those are left out.
        size : str
            The column of their sizes.

        Raises
        ------
        UsageError
            Where no group is large enough.

        Examples
        --------
        >>> table, note = Pen().large_groups(pd.DataFrame({"n": [9, 4]}))
        >>> len(table), note.zh
        (1, '1 组不足 5 人,不显示')
        >>> Pen().large_groups(pd.DataFrame({"n": [9, 4, 5], "withheld": [False, True, True]}))[1].zh
        '2 组不足 5 人或会让人倒推出来,不显示'
        """
        withheld = "withheld" in table
        small = table["withheld"].astype("bool") if withheld else table[size].fillna(0) < self.least
        least = (withheld and Withheld.read(table).min_n) or self.least
        why = _why_hidden(table.loc[small].get(size, pd.Series(dtype="float64")), least)
        if small.all() and len(small):
            raise UsageError(f"各组都{why.zh},不能显示", f"no group can be shown: {why.en}")
        count = int(small.sum())
        said = Text(f"{count} 组{why.zh},不显示", f"{count} groups are not shown: {why.en}")
        return table[~small], said if count else NOTHING

    def draw(self, traces: Sequence[Any], words: FigureText, *, plot: float = 310, **layout: Any) -> go.Figure:
        """Return the figure of some traces under the theme."""
        return self.dress(go.Figure(list(traces)), words, plot=plot, **layout)

    def listing(
        self, traces: Sequence[Any], words: FigureText, names: Sequence[str], row: float = 30, **layout: Any
    ) -> go.Figure:
        """Return the figure of traces beside names that stand one below the other, at least so many pixels each."""
        axis = downwards(names) | layout.pop("yaxis", {})
        across = widen_axis(traces) | layout.pop("xaxis", {})
        return self.draw(traces, words, plot=height(names, row), yaxis=axis, xaxis=across, **layout)

    def dress(self, figure: go.Figure, words: FigureText, *, plot: float = 310, **layout: Any) -> go.Figure:
        """Put the theme's layout and a picture's words on a figure whose plot is so many pixels high."""
        title, lines = self._title(words)
        top = 34 + TITLE * 1.3 * lines[0] + (NOTE + 6) * lines[1] + _legend_height(figure) + layout.pop("headroom", 0)
        foot = self._foot(words.method)
        bottom = FOOT + 16 * max(foot.count("<br>") - 1, 0)
        figure.update_layout(template=TEMPLATE, height=plot + top + bottom)
        figure.update_layout(title_text=title, margin={"t": top, "b": bottom})
        figure.update_layout(xaxis_title_text=self._said(words.x), yaxis_title_text=self._said(words.y))
        figure.update_layout(**layout)
        figure.add_annotation(
            text=foot,
            showarrow=False,
            font={"size": 11, "color": GREY},
            align="right",  # from the right edge it has the whole width, however long the names on the left are
            **{"x": 1, "xref": "paper", "xanchor": "right", "y": 0, "yref": "paper", "yanchor": "top", "yshift": -54},
        )
        return figure

    def _said(self, text: Text) -> str:
        return text.message(self.lang) if self.lang == "en" else typeset(text.zh)

    def _title(self, words: FigureText) -> tuple[str, tuple[int, int]]:
        """Return the headline with what stands below it, and how many lines each has."""
        headline, rest = self._headline(words)
        said = [text for text in (rest, self._said(words.note)) if text]
        small = [line for line in evenly(self.say(PAUSE, "; ").join(said), 45, spare=1).split("<br>") if line]
        look = f"<br><span style='font-size:{NOTE}px;font-weight:normal;color:{GREY}'>{{}}</span>"
        return f"<b>{headline}</b>" + "".join(map(look.format, small)), (headline.count("<br>") + 1, len(small))

    def _headline(self, words: FigureText) -> tuple[str, str]:
        """Return the finding as far as it fits into two lines, and the rest of it with the topic."""
        topic, pause = self._said(words.title), self.say(PAUSE, "; ")
        if words.finding == NOTHING:
            return evenly(topic, HEADLINE), ""
        first, *rest = self._said(words.finding).split(pause)
        while rest and text_width(first + pause + rest[0]) <= 2 * HEADLINE - 2:
            first += pause + rest.pop(0)
        first = first if self.lang == "zh" else first[:1].upper() + first[1:]
        return evenly(first, HEADLINE), pause.join([*rest, topic])

    def _foot(self, method: Text) -> str:
        source = self.source or self.say("各支部报送的记录", "records sent by the branches")
        said = f"{self.say('来源:', 'Source: ')}{source}"
        how = self._said(method)
        line = said + (self.say(f";方法:{how}", f"; method: {how}") if how else "")
        return evenly(line if self.lang == "en" else typeset(line), 50)


def _why_hidden(sizes: pd.Series, least: int) -> Text:
    """Say why groups of these sizes are hidden: too few, or a hidden one could be worked out from them."""
    few = Text(f"不足 {least} 人", f"under {least}")
    given_away = Text(f"{few.zh}或会让人倒推出来", f"{few.en}, or would give such away")
    return few if (sizes.fillna(0) < least).all() else given_away


def headline(found: Finding | None) -> Text:
    """Return what was found as the headline of a picture; nothing where there is nothing to say.

    Examples
    --------
    >>> headline(None) == NOTHING
    True
    """
    return NOTHING if found is None else found.text


def format_number(value: float, spec: str = ".2f") -> str:
    """Return a number as text; a dash where it cannot be told.

    Examples
    --------
    >>> format_number(0.5), format_number(float("nan"))
    ('0.50', '—')
    """
    return "—" if math.isnan(value) else format(value, spec)


def join_parts(*notes: Text) -> Text:
    """Return one sentence of several, those that say nothing left out.

    Examples
    --------
    >>> join_parts(Text("甲", "a"), NOTHING, Text("乙", "b")).en
    'a; b'
    """
    said = [note for note in notes if note != NOTHING]
    return Text(PAUSE.join(note.zh for note in said), "; ".join(note.en for note in said))


PAUSE = "\uff1b"
"""Between what is said one after the other, also where it begins with a number."""


def wrap_text(text: str, width: float) -> str:
    """Break a text into lines of at most so many full characters.

    Examples
    --------
    >>> wrap_text("各支部的平均分", 4), wrap_text("raw and shrunken means", 9)
    ('各支部的<br>平均分', 'raw and<br>shrunken means')
    >>> wrap_text("community_60_40", 6), wrap_text("标准误2.5分", 5)
    ('community_<br>60_40', '标准误<br>2.5分')
    """
    lines = [""]
    for piece in _pieces(text):
        lines += [""] if lines[-1] and text_width(lines[-1] + piece.rstrip()) > width and piece not in _CLINGS else []
        lines[-1] += piece
    return "<br>".join(line.strip() for line in lines)


def evenly(text: str, width: float, spare: int = 0) -> str:
    """Break a text into lines of about the same length, after a comma where one stands near.

    Parameters
    ----------
    text : str
        One line.
    width : float
        Full characters that a line has room for.
    spare : int
        Lines more than it needs that it may take, so that every line ends with a comma.

    Examples
    --------
    >>> evenly("甲乙丙丁戊,己庚辛壬癸子丑", 10), evenly("社区党员量化管理", 7)
    ('甲乙丙丁戊,<br>己庚辛壬癸子丑', '社区党员量<br>化管理')
    >>> evenly("甲乙丙丁,戊己,庚辛壬癸", 6), evenly("甲乙丙丁,戊己,庚辛壬癸", 6, spare=1)
    ('甲乙丙丁,戊<br>己,庚辛壬癸', '甲乙丙丁,<br>戊己,<br>庚辛壬癸')
    """
    if text_width(text) <= width:
        return text
    ends = [place + 1 for place, sign in enumerate(text[:-1]) if sign in _BREAKS]
    middle = [end for end in ends if max(text_width(text[:end]), text_width(text[end:])) <= width]
    if middle:
        end = min(middle, key=lambda end: abs(text_width(text[:end]) - text_width(text[end:])))
        return f"{text[:end].rstrip()}<br>{text[end:].lstrip()}"
    lines = math.ceil(text_width(text) / width)
    broken = [wrap_text(text, min(width, text_width(text) / lines + more)) for more in (1, 2, 4, width)]
    least = min(broken, key=lambda each: each.count("<br>"))
    sentences = [end for end in ends if text[end - 1] in _STOPS]
    wholes = [_by_clauses(text, each, width) for each in (sentences, ends)]
    most = least.count("<br>") + spare
    return next((whole for whole in wholes if whole and whole.count("<br>") <= most), least)


def _by_clauses(text: str, ends: Sequence[int], width: float) -> str:
    """Break a text after commas alone; nothing where a clause is wider than a line."""
    lines = [""]
    for start, end in itertools.pairwise([0, *ends, len(text)]):
        clause = text[start:end]
        lines += [""] if lines[-1] and text_width((lines[-1] + clause).strip()) > width else []
        lines[-1] += clause
    return "" if any(text_width(line.strip()) > width for line in lines) else "<br>".join(map(str.strip, lines))


_STOPS = (";", "\uff1b")
_BREAKS = (",", "、", "\uff0c", *_STOPS)
_OPENS = ("", "(", "\uff08", "“")
_CLINGS = tuple(",。;:)、?%\uff0c\uff1b\uff1a")


def _pieces(text: str) -> list[str]:
    """Split where a line may break: between full characters, after blanks and underscores."""
    pieces = [""]
    for sign in text:
        before = pieces[-1][-1:]
        joins = before and not _full(sign) and not _full(before) and before not in " _"
        joins = joins or before in _OPENS or before == "第" or (before.isdigit() and _full(sign))
        pieces[-1:] = [pieces[-1] + sign] if joins else [pieces[-1], sign]
    return pieces


def _full(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def text_width(text: str) -> float:
    """Return the width of a text in full characters.

    Examples
    --------
    >>> text_width("优秀"), round(text_width("ab"), 2)
    (2.0, 1.16)
    """
    return math.fsum(1.0 if _full(sign) else 0.58 for sign in text)


def _legend_height(figure: go.Figure) -> float:
    """Return the pixels that the legend takes above a narrow picture."""
    shown = [trace.name for trace in figure.data if trace.name and trace.showlegend is not False]
    if figure.layout.showlegend is False or len(shown) < 2:
        return 0
    columns = max(1, int((NARROW - 120) // (44 + SMALL * max(map(text_width, shown)))))
    return 12 + 20 * math.ceil(len(shown) / columns)


def _axis(**more: Any) -> dict[str, Any]:
    base = {"gridcolor": "#E9EDF1", "linecolor": GREY, "tickcolor": GREY, "ticks": "outside", "zeroline": False}
    font = {"tickfont": {"size": SMALL}, "title": {"font": {"size": NOTE}, "standoff": 10}}
    return base | font | {"showline": True, "zerolinecolor": PALE} | more


TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONTS, "size": NOTE, "color": INK},
        "colorway": list(SERIES),
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "title": {
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": SIDE, "t": 26},
            "font": {"size": TITLE, "color": INK},
        },
        "margin": {"l": 64, "r": SIDE + 8, "b": FOOT},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": SMALL},
            "itemsizing": "constant",
        },
        "xaxis": _axis(automargin=False, tickangle=0),
        "yaxis": _axis(automargin=True),
        "hoverlabel": {"font": {"family": FONTS, "size": NOTE}, "bgcolor": PAPER},
        "bargap": 0.25,
    }
)
