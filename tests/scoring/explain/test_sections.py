"""How an explanation reads: text, terminal, notebook; in Chinese and in English."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console, Group

from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.explain import Explanation
from jifen_analysis.scoring.explain.sections import sections
from jifen_analysis.tables import Records, Source

NASTY = "<b>[red]\x1b[31m&\n公示"


def explained(name: str = "样例甲", reason: str = "漏记") -> Explanation:
    """A member with an absence, an honour, marks and a correction, all from named cells."""
    absence = {"date": ["2024-03-05"], "activity": ["lecture"], "status": ["absent"], "_source": [1], "_row": [7]}
    frames = {
        "members": {"member_id": ["00001"], "branch": ["第一支部"], "name": [name]},
        "attendance": {"member_id": ["00001"], **absence},
        "evaluations": {"member_id": ["00001"], "period": ["2024H1"], "group": ["committee"], "mark": [75.0]},
        "corrections": {
            "member_id": ["00001"], "period": ["2024H1"], "target": ["dues"], "points": [-1.0], "reason": [reason],
        },
    }  # fmt: skip
    columns = {"member_id": 1, "date": 2, "activity": 3, "status": 5}
    sources = [Source("2024/一支部.xlsx", "考勤", columns)]
    tables = {table: pd.DataFrame(rows) for table, rows in frames.items()}
    return assess(Records.from_frames(tables, sources=sources), read_scheme("community_60_40")).explain("00001")


def terminal(one: Explanation | Group, width: int = 200) -> str:
    """What a terminal shows."""
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(one)
    return console.file.getvalue()  # type: ignore[attr-defined]


class Cells(HTMLParser):
    """The texts between tags, and the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Remember a text."""
        self.texts.append(data)


def test_the_text_says_clause_record_and_address() -> None:
    """One line for the rule with its clause, one below it for the record with its cell."""
    lines = str(explained()).splitlines()
    at = next(i for i, line in enumerate(lines) if "参加组织活动*" in line)
    assert re.search(r"1条 +-5 +-3 +第四条\(一\)$", lines[at])
    assert re.search(r"^ +党课 +2024-03-05 +缺席 +-5 +-3 +2024/一支部.xlsx 考勤!E7$", lines[at + 1])


def test_the_columns_of_the_text_are_aligned() -> None:
    """Chinese letters count double: the dates of all records begin in the same column of a terminal."""
    shown = [line for line in str(explained()).splitlines() if re.search(r"2024-03-05|2024H1", line)]
    starts = {
        sum(2 if letter > "\u2e80" else 1 for letter in re.split(r"2024-03-05|2024H1", line)[0]) for line in shown
    }
    assert len(shown) == 3
    assert len(starts) == 1


def test_assumptions_are_marked_and_named() -> None:
    """A dagger at the line, and below what the scheme had to choose."""
    text = explained().text()
    assert "* 组织活动:参加组织活动:原文未写明,方案设定为“病假按请假扣分”" in text
    assert "重点工作:起始分*" not in text


@pytest.mark.parametrize(
    "said",
    [
        "total: 86.4",
        "proposed grade: 合格",
        "to the next grade: 3.6 short of 优秀 (from 90)",
        "lecture",
        "absent",
        "before review",
    ],
)
def test_the_english_text_says_the_same(said: str) -> None:
    """Labels and words in English; titles and clauses as the file has them."""
    text = explained().text("en")
    assert said in text
    assert "第四条(一)" in text
    assert "总分" not in text


def test_the_terminal_shows_every_cell() -> None:
    """Titles, facts, cells and remarks are all there."""
    one, shown = explained(), terminal(explained())
    for section in sections(one):
        cells = [cell for row in section.rows for cell in row.cells]
        for text in (section.title, *section.heads, *cells, *section.notes, *(fact[1] for fact in section.facts)):
            assert text in shown


def test_the_terminal_speaks_english_too() -> None:
    """In the language that was asked for."""
    shown = terminal(explained().rich("en"))
    assert "proposed grade" in shown
    assert "拟定等次" not in shown


def test_a_narrow_terminal_folds() -> None:
    """No line is longer than the terminal, and no ellipsis stands for what was there."""
    lines = terminal(explained(), 60).splitlines()
    assert max(map(cell_len, lines)) <= 60
    assert "…" not in "".join(lines)


def test_html_is_escaped() -> None:
    """Whatever stands in a cell is text: no tag, no markup, no control letter."""
    one = explained(name=NASTY, reason=NASTY)
    for html in (one._repr_html_(), one.html("en")):
        parsed = Cells()
        parsed.feed(html)
        assert parsed.tags == {"div", "h4", "table", "thead", "tbody", "tr", "th", "td", "p"}
        assert any("<b>[red]" in text for text in parsed.texts)
        assert "\x1b" not in html


def test_no_letter_of_a_record_steers_the_terminal() -> None:
    """Brackets are no markup, control letters and line breaks are spaces."""
    one = explained(name=NASTY, reason=NASTY)
    for shown in (one.text(), terminal(one)):
        assert "<b>[red] [31m& 公示" in shown
        assert "\x1b" not in shown


def test_html_has_every_row_of_the_text() -> None:
    """Records stand in tables below their lines."""
    parsed = Cells()
    parsed.feed(explained().html())
    assert {"缺席", "2024-03-05", "2024/一支部.xlsx 考勤!E7", "-5", "第四条(一)"} <= set(parsed.texts)


def test_the_short_form_names_member_period_and_result() -> None:
    """What a debugger or a list shows stays short."""
    assert repr(explained()) == "<Explanation 00001 2024H1: 86.4 合格>"


def test_explanations_are_frozen() -> None:
    """Nothing in them can be set."""
    one = explained()
    with pytest.raises(AttributeError, match="cannot assign"):
        one.total = 100.0  # type: ignore[misc]
    with pytest.raises(AttributeError, match="cannot assign"):
        one.lines[0].points = 1.0  # type: ignore[misc]
