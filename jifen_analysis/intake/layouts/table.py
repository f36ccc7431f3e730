"""One table of a sheet: its header and its rows to a block, and what every other cell is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, plain, unspaced
from jifen_analysis.intake.cells.names import looks_like_name
from jifen_analysis.intake.dues import answers
from jifen_analysis.intake.grid import Grid, count_filled, is_blank
from jifen_analysis.intake.layouts.block import Block, Fate, Hints, Layout, Spread, problem
from jifen_analysis.intake.layouts.body import Rows, is_total, rows_below
from jifen_analysis.intake.layouts.header_choice import HeaderMatch
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.joint.headings import with_headings, with_sections, with_state_of_title
from jifen_analysis.intake.layouts.joint.month_ranges import with_amounts, with_spans, with_standards
from jifen_analysis.intake.layouts.joint.payments import with_payments
from jifen_analysis.intake.layouts.joint.points import with_points
from jifen_analysis.intake.layouts.joint.states import with_former_names, with_states
from jifen_analysis.intake.layouts.joint.times import with_paid_days, with_sign_times, with_times, with_turned_years
from jifen_analysis.intake.layouts.joint.words import with_words
from jifen_analysis.intake.layouts.labels import explains
from jifen_analysis.intake.layouts.legend import SIGNED, blank_means, legend
from jifen_analysis.intake.layouts.merged import unmerge, with_blanks_below, without_dittos
from jifen_analysis.intake.layouts.missing import missing
from jifen_analysis.intake.layouts.notes import left_unfilled, notes
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.attendees import with_attendees, with_listed_apart
from jifen_analysis.intake.layouts.readings.deeds import with_deeds
from jifen_analysis.intake.layouts.readings.items import with_scheme_items
from jifen_analysis.intake.layouts.readings.judges import with_counted_evaluators, without_evaluators
from jifen_analysis.intake.layouts.readings.meetings import Doubt, date_columns, refuse_meetings
from jifen_analysis.intake.layouts.readings.persons import with_person
from jifen_analysis.intake.layouts.readings.statuses import with_reasons, with_signatures, with_signs
from jifen_analysis.intake.layouts.refusals import (
    contradicting_columns,
    doubtful,
    due_of_all_months,
    refuse_doubled,
    refuse_undirected,
)
from jifen_analysis.intake.layouts.return_markers import OUR_COLUMN
from jifen_analysis.intake.layouts.scales import note_unscaled, off_scale
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.sentences import unread_sentences
from jifen_analysis.intake.layouts.surroundings import Surroundings
from jifen_analysis.intake.layouts.totals import wrong_totals
from jifen_analysis.intake.layouts.unread import unread
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import ASIDE, Vocabulary

TOGETHER: Sequence[tuple[str, Callable[[Piece], Piece]]] = (
    ("", with_person),
    ("", with_words),
    ("", with_blanks_below),
    ("attendance", with_attendees),
    ("members", with_state_of_title),
    ("", with_sections),
    ("", with_times),
    ("", with_turned_years),
    ("dues", with_paid_days),
    ("attendance", with_sign_times),
    ("evaluations", without_evaluators),
    ("evaluations", with_counted_evaluators),
    ("", with_headings),
    ("members", with_states),
    ("members", with_former_names),
    ("", with_deeds),
    ("events", with_points),
    ("attendance", with_signatures),
    ("attendance", with_signs),
    ("attendance", with_reasons),
    ("dues", with_payments),
    ("dues", with_standards),
    ("dues", with_spans),
    ("dues", with_amounts),
    ("marks", with_scheme_items),
)
"""In order: each sees what those before it have settled; first the table of which it is, blank for all."""


def lay_out_table(grid: Grid, found: HeaderMatch, hints: Hints) -> Layout:
    """Lay out one table below the header that was chosen for it."""
    header, scene = _signed(found.header), found.scene
    words = scene.words
    first = header.below
    while explains(grid, first):
        first += 1
    grid, repeated = without_dittos(grid, first)
    header, doubts = date_columns(header, scene.around) if header.wide or header.sums else (header, ())
    rows = rows_below(grid, header, first)
    if not rows.body and not rows.others and not _by_program(grid, header):
        return _without_rows(grid, header)
    piece = _understood(grid, header, first, rows, scene)
    problems = _wrong(grid, header, rows, piece, bool(doubts))
    if doubts and not header.spreads:
        return Layout(problems=tuple(doubtful(grid, doubts, rows)), counts={"refused": grid.filled()})
    filled_in = rows.body or piece.body
    if not problems and not filled_in and (rows.example or rows.unfilled):
        unfilled = tuple(left_unfilled(grid, header, rows))  # a blank form, left blank
        return Layout((), unfilled, _counts(grid, header, rows, first, doubts, words))
    if not problems and not filled_in and not _by_program(grid, header):
        return _without_rows(grid, header)
    if problems:
        return Layout(problems=tuple(problems), counts={"refused": grid.filled()})
    used = header.used | {j for j in piece.header.beside if j < grid.width}
    filled = sum(count_filled(grid.columns[j], rows.body) for j in used)
    block = _block(piece, rows, hints, filled)
    doubted = frozenset(doubt.j for doubt in doubts)
    known = replace(header, sums=tuple(total for total in header.sums if total.j not in doubted)) if doubts else header
    said = [
        *doubtful(grid, doubts, rows),
        *refuse_meetings(piece),
        *repeated,
        *piece.said,
        *note_unscaled(piece),
        *unread(piece, doubted),
        *unread_sentences(piece, rows.others),
        *notes(piece.grid, piece.header, block, rows, scene),
        *wrong_totals(block, known, rows, words),
    ]
    return Layout((block,), tuple(said), _counts(grid, header, rows, first, doubts, words, used))


def _without_rows(grid: Grid, header: Header) -> Layout:
    """Refuse a header over nothing; whatever else it lacks, nobody filled it in."""
    text = Text("只有表头,没有数据", "a header without data")
    said = problem(grid, "no_data", text, (header.row, min(header.columns.values())))
    return Layout(problems=(said,), counts={"refused": grid.filled()})


def _wrong(grid: Grid, header: Header, rows: Rows, piece: Piece, doubtful: bool) -> list[Problem]:
    """Return why the header cannot be read, if it cannot."""
    scene = piece.scene
    counted = [said for said in piece.said if said.code == "status_counts"]
    return counted or [
        *refuse_doubled(grid, header),
        *off_scale(piece, sorted(rows.others)),
        *refuse_undirected(grid, header),
        *contradicting_columns(grid, replace(header, rivals=piece.header.rivals), rows.body, scene.words),
        *due_of_all_months(grid, header, rows.body, scene.words),
        *(missing(grid, piece.header, scene) if not doubtful else ()),
    ]


def _by_program(grid: Grid, header: Header) -> bool:
    """Return whether a program wrote the header, in codes: an empty table of its says that there are none."""
    return not grid.sheet and all(value in TABLES[header.table] for value in grid.row(header.row))


def _signed(header: Header) -> Header:
    """Take the list of one meeting, whose day the title says, for what it is: a column of ticks."""
    if header.table != "attendance" or header.wide or "status" not in header.columns or "date" in header.columns:
        return header
    columns = {name: j for name, j in header.columns.items() if name != "status"}
    return replace(header, columns=columns, spreads=(Spread({"status": header.columns["status"]}),))


def _block(piece: Piece, rows: Rows, hints: Hints, filled: int) -> Block:
    header, around = piece.header, piece.scene.around
    own = list(_legend_texts(piece.grid, header, rows, piece.first)) if header.table in SIGNED else []
    texts, words = (piece.grid.legends, own), piece.scene.words
    symbols = {sign: code for said in texts for sign, code in legend(said, words, header.table).items()}
    blanks = (hints.blank, blank_means(own, words), blank_means(piece.grid.legends, words))
    empty = next(filter(None, blanks), "") if header.table == "attendance" and header.wide else ""
    return Block(
        piece.grid, header.table, header.columns, piece.body, header.spreads,
        _constants(header, around), around.year, symbols, empty, piece.copies, filled,
    )  # fmt: skip


def _understood(grid: Grid, header: Header, first: int, rows: Rows, scene: Scene) -> Piece:
    """Put in one column what several say together, and in every cell what a merged one says."""
    filled, copies = unmerge(_answered(grid, header), header, first, scene.around.due)
    piece = Piece(filled, header, first, rows.body, scene, copies, _headings(grid, rows))
    piece = with_listed_apart(piece, sorted(rows.others))
    return reduce(lambda so_far, put: put(so_far), (put for of, put in TOGETHER if of in ("", header.table)), piece)


def _headings(grid: Grid, rows: Rows) -> Mapping[int, str]:
    """Return the texts that stand alone in a row between the records."""
    alone = sorted(i for i, fate in rows.others.items() if fate == "title")
    said = {i: [value for value in grid.row(i) if not is_blank(value)] for i in alone}
    texts = {i: found[0] for i, found in said.items() if len(found) == 1 and isinstance(found[0], str)}
    return {i: text for i, text in texts.items() if i not in rows.unfilled or _is_no_name(text)}


def _is_no_name(text: str) -> bool:
    """Return whether a text that stands where names do is more than one: 以下党员免缴."""
    return len(unspaced(text)) > _LONGEST_NAME and not text.isascii() and not looks_like_name(text)


_LONGEST_NAME = 4


def _answered(grid: Grid, header: Header) -> Grid:
    """Read yes and no, 1 and 0 below 是否缴纳 or 是否参加 as what they mean there."""
    columns = dict(enumerate(grid.columns))
    for j in (j for j in header.used if "是否" in str(grid.columns[j][header.row])):
        if header.columns.get("paid") == j:
            columns[j] = answers(columns[j])
        elif header.table == "attendance" and j in header.places("status"):
            columns[j] = tuple(_ANSWERS.get(plain(display_raw(value)), value) for value in columns[j])
    changed = any(column is not grid.columns[j] for j, column in columns.items())
    return replace(grid, columns=tuple(columns.values())) if changed else grid


_ANSWERS = {"是": "出勤", "否": "缺席", "1": "出勤", "0": "缺席", "True": "出勤", "False": "缺席"}


_MOST_BESIDE = 500
"""Texts of a column up to which one of them may be a legend: a longer column holds remarks of its own."""


def _legend_texts(grid: Grid, header: Header, rows: Rows, first: int) -> Iterator[str]:
    for i in (*range(first), *rows.others):
        yield _line(grid, i)
    for j in set(range(grid.width)) - header.used:
        if grid.columns[j][header.row] != OUR_COLUMN:  # our own words explain no sign
            beside = {value for value in set(grid.columns[j]) if isinstance(value, str)}
            yield from beside if len(beside) <= _MOST_BESIDE else ()


def _line(grid: Grid, i: int) -> str:
    return " ".join(value for value in grid.row(i) if isinstance(value, str))


def _constants(header: Header, around: Surroundings) -> Mapping[str, Any]:
    """Return what the surroundings say instead of a column."""
    said: dict[str, Any] = {
        "period": around.period,
        "branch": around.branch,
        "date": around.day,
        "month": around.own_month,
        "activity": around.activity or "unspecified",
        "year": around.year if header.table == "members" else None,
        "due": around.due,
        "group": around.group if header.table == "evaluations" else "",
        "event": around.event,
        "item": around.item,
    }
    spread = {name for spread in header.spreads for name in (*spread.constants, *spread.fields)}
    wanted = {*TABLES[header.table], "branch"} - (spread - {"activity"})
    names = [name for name in said if name in wanted and name not in header.columns]
    return {name: said[name] for name in names if said[name]}


def _counts(
    grid: Grid,
    header: Header,
    rows: Rows,
    first: int,
    doubts: Iterable[Doubt],
    words: Vocabulary,
    used: frozenset[int] = frozenset(),
) -> Mapping[Fate, int]:
    counts: Counter[Fate] = Counter()
    others: dict[int, Fate] = {**dict.fromkeys(range(header.row), "title"), **rows.others}
    others |= dict.fromkeys(range(header.row, first), "header")
    for i, fate in others.items():
        signed = header.table in SIGNED and fate in ("title", "footer")
        explains = signed and legend([_line(grid, i)], words, header.table)
        counts["legend" if explains else fate] += count_filled(grid.row(i))
    doubtful, summed = {doubt.j for doubt in doubts}, {total.j for total in header.sums}
    outside = sorted(others)
    for j in set(range(grid.width)) - (used or header.used):
        column = grid.columns[j]
        below = count_filled(column) - count_filled([column[i] for i in outside])
        sums = is_total(grid.columns[j][header.row]) or is_total(grid.columns[j][first - 1])
        rest: Fate = "aside" if ASIDE in column[header.row : first] else "extra"
        counts["refused" if j in doubtful else "total" if sums or j in summed else rest] += below
    return counts
