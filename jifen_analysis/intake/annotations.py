"""What a sheet says beside its values: comments, what is crossed out or not seen, digits that a number format hides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.lexicon import BRANCH
from jifen_analysis.intake.cells.remarks import weighty
from jifen_analysis.intake.grid import Address, Area, Grid, Value, grouped, is_blank
from jifen_analysis.intake.grid.formats import SHOWN_BLANK
from jifen_analysis.intake.layouts import Block
from jifen_analysis.intake.layouts.return_markers import MARK
from jifen_analysis.intake.layouts.sentences import without_signatures
from jifen_analysis.tables.sources import letters


@dataclass(frozen=True)
class _Records:
    """Where the records of a sheet stand: the columns read, by row."""

    columns: Mapping[int, frozenset[int]]

    def reads(self, at: Address) -> bool:
        return at[1] in self.columns.get(at[0], ())


def describe_annotations(grid: Grid, blocks: Iterable[Block]) -> Iterator[Problem]:
    """Say what stands beside the values of a sheet; what could change a score is an error until it is settled."""
    facts = grid.facts
    if not (facts.comments or facts.struck or facts.unseen or facts.rounded or facts.pictures or facts.boxes):
        return
    records = _records(blocks)
    places = {*facts.comments, *facts.struck, *facts.unseen, *facts.rounded, *map(_start, facts.pictures)}
    values = _values(grid, places)
    yield from _comments(grid, records, values)
    yield from _drawn(grid, records, values)
    yield from _by_row(grid, records, values, grid.facts.struck, _STRUCK)
    yield from _by_row(grid, records, values, grid.facts.unseen, _UNSEEN)
    yield from _rounded(grid, records, values)


def _records(blocks: Iterable[Block]) -> _Records:
    columns: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for block in blocks:
        across = frozenset(block.grid.column_numbers[j] for j in block.used)
        down = frozenset(block.grid.row_numbers[i] for i in block.body)
        for row in across if block.grid.turned else down:
            columns[row] |= down if block.grid.turned else across
    return _Records(columns)


def _values(grid: Grid, places: Iterable[Address]) -> dict[Address, Value]:
    rows, columns = ({n: k for k, n in enumerate(numbers)} for numbers in (grid.row_numbers, grid.column_numbers))
    found = ((at, rows.get(at[0], -1), columns.get(at[1], -1)) for at in places)
    return {at: grid.columns[j][i] if min(i, j) >= 0 else None for at, i, j in sorted(found)}


def _comments(grid: Grid, records: _Records, values: Mapping[Address, Value]) -> Iterator[Problem]:
    """Say of each comment that could change a score, and once of all others, that they are not read."""
    others: list[str] = []
    for at, said in sorted(grid.facts.comments.items()):
        own = plain(said.partition(MARK)[0])
        if own and at[0] in records.columns and weighty(own):
            text = Text(
                f"批注“{_short(own)}”没有读;请写进表里,或删去批注",
                f"the comment “{_short(own)}” is not read; put it into the sheet, or delete it",
            )
            yield _problem(grid, "comment", text, at, values[at], "error")
        elif own:
            others.append(f"{_name(at)}“{_short(own)}”")
    if others:
        first, more = "、".join(others[:_MOST]), ("……", "…") if len(others) > _MOST else ("", "")
        text = Text(
            f"{len(others)} 条批注没有读:{first}{more[0]}", f"{len(others)} comments not read: {first}{more[1]}"
        )
        yield Problem("note", "comments", text, grid.file, grid.sheet)


def _drawn(grid: Grid, records: _Records, values: Mapping[Address, Value]) -> Iterator[Problem]:
    """Refuse pictures in place of what is read, and boxes that could change a score; note the others."""
    for said in map(plain, grid.facts.boxes):
        text = Text(f"文本框“{_short(said)}”没有读;请写进表里,或删去", f"the text box “{_short(said)}” is not read")
        severity: Severity = "error" if weighty(_ORNAMENT.sub("", without_signatures(said))) else "note"
        yield Problem(severity, "text_box", text, grid.file, grid.sheet)
    starts = sorted({_start(one) for one in grid.facts.pictures if not _is_seal(one, records)})
    signed = [at for at in starts if records.reads(at) and is_blank(values[at])]
    if signed:
        text = Text(
            f"{len(signed)} 格里是图片(如手写签名),没有读;请在格里填 √ 或出勤情况、数",
            f"pictures (signatures?) in {len(signed)} cells, which are not read; type √ or a word or number there",
        )
        yield _problem(grid, "picture", text, signed[0], None, "error")
    elif grid.facts.pictures:
        text = Text(f"{len(grid.facts.pictures)} 张图片没有读", f"{len(grid.facts.pictures)} pictures not read")
        yield Problem("note", "picture", text, grid.file, grid.sheet)


_ORNAMENT = re.compile(rf"\d+月(?:\d+日)?[之以]?前|总?书记|委员会?|优秀(?:基层)?(?:{BRANCH})")
"""What boxes say besides records: by when to send the sheet, who leads the branch, what it is praised for."""


def _start(picture: Area) -> Address:
    return picture.top, picture.left


def _is_seal(picture: Area, records: _Records) -> bool:
    """Return whether a picture is drawn over the end of the records: a seal reaches over the line that is signed.

    A signature fills its cell, or little more; a scan of many of them lies over the records.
    """
    rows = range(picture.top, picture.bottom + 1)
    inside = sum(row in records.columns for row in rows)
    return picture.bottom not in records.columns and len(rows) > _SIGNATURE and inside <= len(rows) - inside + 1


_SIGNATURE = 2
"""Rows that a signature may touch."""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……"


_LONGEST, _MOST = 60, 5


@dataclass(frozen=True)
class _Look:
    """How a cell may look as if it did not count, and what to do where it is read."""

    code: str
    what: Text
    ask: Text


_STRUCK = _Look(
    "crossed_out",
    Text("划了删除线", "crossed out"),
    Text(",不知还算不算;作废的请删去,有效的请去掉删除线", ": does it count? delete it, or take the line away"),
)
_UNSEEN = _Look(
    "unseen",
    Text("字的颜色与底色相同,看不见", "letters in the colour of what is behind them"),
    Text(",不知算不算;不算的请删去,算的请换个颜色", ": does it count? delete it, or give it another colour"),
)


def _by_row(
    grid: Grid, records: _Records, values: Mapping[Address, Value], places: Iterable[Address], look: _Look
) -> Iterator[Problem]:
    """Say of each row once that something in it looks as if it did not count."""
    for filled in grouped((at[0], at) for at in sorted(places) if not is_blank(values[at])).values():
        read = [at for at in filled if records.reads(at)]
        cells = "、".join(map(_name, filled))
        then = look.ask if read else Text(",没有读", "; not read")
        text = Text(f"{look.what.zh}({cells}){then.zh}", f"{look.what.en} ({cells}){then.en}")
        first = (read or filled)[0]
        severity: Severity = "error" if read else "note"
        yield _problem(grid, look.code, text, first, values[first], severity)


def _rounded(grid: Grid, records: _Records, values: Mapping[Address, Value]) -> Iterator[Problem]:
    """Say of each column once that its numbers have more digits than it shows."""
    read = grouped((at[1], at) for at in sorted(grid.facts.rounded) if records.reads(at))
    for _, places in sorted(read.items()):
        first = places[0]
        times = (f"(共 {len(places)} 处)", f" ({len(places)} cells)") if len(places) > 1 else ("", "")
        text = _displayed(grid.facts.rounded[first], values[first], times)
        yield _problem(grid, "display_rounded", text, first, values[first], "note")


def _displayed(display: str, value: Value, times: tuple[str, str]) -> Text:
    """Say which of two numbers is read: the stored one, or of a mean with too many digits the one that is shown."""
    if isinstance(value, float) and float(re.sub(r"[^\d.-]", "", display) or "nan") == value:
        zh, en = f"存的位数比显示的多,按显示的 {display} 读", f"has more digits than it shows; read as shown, {display}"
    else:
        zh, en = (
            f"显示为 {display},按存的 {display_raw(value)} 读",
            f"shows {'nothing' if display == SHOWN_BLANK else display}, is read as stored, {display_raw(value)}",
        )
    return Text(zh + times[0], en + times[1])


def _name(at: Address) -> str:
    return f"{letters(at[1])}{at[0]}"


def _problem(grid: Grid, code: str, text: Text, at: Address, value: Value, severity: Severity) -> Problem:
    return Problem(
        severity, code, text, grid.file, grid.sheet, _name(at), "" if is_blank(value) else display_raw(value)
    )
