"""How a sheet is cut or turned: tables one below the other, side by side, members across the top."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jifen_analysis.intake.cells import display_raw, plain, unspaced
from jifen_analysis.intake.cells.lexicon import PEOPLE
from jifen_analysis.intake.cells.names import NAME, looks_like_name
from jifen_analysis.intake.dues import state_of
from jifen_analysis.intake.grid import Grid, Value, count_filled, is_blank
from jifen_analysis.intake.layouts.body import blocks_below, is_total
from jifen_analysis.intake.layouts.header_choice import HeaderMatch, find_header
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.legend import lines_of_legends
from jifen_analysis.intake.layouts.readings.attendees import announced
from jifen_analysis.intake.layouts.scene import scene_of, texts_of
from jifen_analysis.intake.layouts.spellings import DEEPEST, column_of, find_columns, is_harmless, is_person
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary


def turn_upright(grid: Grid, found: HeaderMatch | None, words: Vocabulary, year: int | None) -> Grid | None:
    """Return a sheet that lies on its side upright, where only that makes sense of it."""
    if (found and found.whole) or grid.turned:
        return None
    risen = upright(grid, words)
    lying = find_header(risen, words, year) if risen else None
    return risen if lying and lying.whole else _form_of_a_meeting(grid, words, year)


def _form_of_a_meeting(grid: Grid, words: Vocabulary, year: int | None) -> Grid | None:
    """Return the minutes of one meeting, label beside value, as a list of one row: 会议时间, 会议类型, 参会人员."""
    first = next((i for i in range(grid.height) if count_filled(grid.row(i)) > 1), grid.height)
    rows = [[j for j in range(grid.width) if not is_blank(grid.columns[j][i])] for i in range(first, grid.height)]
    odd = [grid.columns[row[0]][i] if len(row) == 1 else None for i, row in enumerate(rows, first) if len(row) % 2]
    if not 1 < len(rows) < _TALLEST or not all(map(announced, odd)):  # 缺席人员 alone: nobody was
        return None
    pairs = [(i, *two) for i, row in enumerate(rows, first) for two in zip(row[::2], row[1::2], strict=False)]
    risen = _on_one_row(grid, pairs, first) if len(pairs) > 2 else grid
    lying = find_header(risen, words, year)
    return risen if lying and lying.whole and lying.header.lists else None


def _on_one_row(grid: Grid, pairs: Sequence[tuple[int, int, int]], first: int) -> Grid:
    """Return labels and values, by row and columns, as a header and the one row below it."""
    _, *usual = pairs[0]
    numbers, down = grid.column_numbers, [grid.row_numbers[i] for i, *_ in pairs]
    last = max(grid.row_numbers)
    own = [row if n == down.index(row) else last + n for n, row in enumerate(down)]  # one number for each column
    cells = {(side, n): (pair[0], pair[side + 1]) for n, pair in enumerate(pairs) for side in (0, 1)}
    return replace(
        grid,
        columns=tuple((grid.columns[one][i], grid.columns[two][i]) for i, one, two in pairs),
        row_numbers=[numbers[j] for j in usual],
        column_numbers=own,
        elsewhere={
            at: (numbers[j], down[at[1]])
            for at, (_, j) in cells.items()
            if j != usual[at[0]] or own[at[1]] != down[at[1]]
        },
        merges=(),
        above=(*grid.above, *texts_of(grid, first)),
        turned=True,
    )


_TALLEST = 20
"""Rows up to which a sheet may be such a form."""


def with_names_headed(grid: Grid, words: Vocabulary, year: int | None) -> Grid | None:
    """Return a sheet with 姓名 over the one column of names without it, where only that makes sense of it."""
    for row in range(min(grid.height - 1, _FIRST_ROWS)):
        bare = [j for j, column in enumerate(grid.columns) if _are_names(column, row)]
        if len(bare) == 1 and count_filled(grid.row(row)):
            headed = grid.put({(row, bare[0]): "姓名"})
            found = find_header(headed, words, year)
            if found and found.whole and found.header.row == row and found.header.table != "members":
                return headed
    return None


_FIRST_ROWS = 8


def _are_names(column: Sequence[Value], row: int) -> bool:
    below = [value for value in column[row + 1 :] if not is_blank(value)]
    named = all(isinstance(value, str) and looks_like_name(value) for value in below)
    bare = all(map(is_blank, column[:row])) and (is_blank(column[row]) or column[row] in _LOOSE)
    return bool(below) and named and not is_blank(column[row + 1]) and bare


_LOOSE = (*PEOPLE.split("|"), "成员")
"""Headers that say of names only that they are of people."""


def topmost(grid: Grid, found: HeaderMatch, words: Vocabulary, year: int | None) -> HeaderMatch:
    """Return the first header of a sheet: one that stands above another, with records of its own, is no title."""
    row = found.header.row
    above = find_header(grid.stretch(0, row), words, year) if row > 1 else None
    if above is None or not _lists_somebody(grid, above.header, row):
        return found
    return topmost(grid, above, words, year)


def _lists_somebody(grid: Grid, header: Header, last: int) -> bool:
    """Return whether somebody, and something of him, stands below a header and above a row."""
    people = [j for name, j in header.columns.items() if name in ("member_id", "name")]
    others = header.used - set(people)
    return any(
        any(_is_somebody(grid.columns[j][i]) for j in people) and any(not is_blank(grid.columns[j][i]) for j in others)
        for i in range(header.below, last)
    )


def _is_somebody(value: Value) -> bool:
    """Return whether a cell may be an id or a name, and is no header or label itself."""
    text = "" if is_blank(value) else plain(display_raw(value))
    return _SOMEBODY.fullmatch(text) is not None and not find_columns(text) and not is_harmless(text)


_SOMEBODY = re.compile(r"[A-Za-z]?\d{2,}[\dXx]?|[\u4e00-\u9fff]\s*[\u4e00-\u9fff·]{1,5}")


def one_below_the_other(
    grid: Grid, header: Header, words: Vocabulary, year: int | None
) -> list[tuple[Grid, int | None]]:
    """Cut a sheet where a further header stands; nothing where there is none. The year of the first holds for all."""
    below = blocks_below(grid, header)
    if not below:
        return []
    over = (*grid.above, *texts_of(grid, max(header.row - 1, 0)))
    near = scene_of(grid, header.row, words, year).around.year
    edges = zip([0, *below], [*below, grid.height], strict=True)
    signs = grid.legends or lines_of_legends(grid, words)
    parts = [replace(grid.stretch(first, last), above=over, legends=signs) for first, last in edges]
    titles = (*over, *texts_of(grid, header.row))
    return [(_titled(part, titles, header.table, words, near), near) for part in parts]


def _titled(part: Grid, titles: Sequence[str], table: str, words: Vocabulary, year: int | None) -> Grid:
    """Return a table without a title below that of the first, where both are of one kind and it needs one."""
    alone = find_header(part, words, year)
    if count_filled(part.row(0)) < 2 or (alone and alone.whole):  # a title stands alone in its row
        return part
    below = replace(part, above=tuple(titles))
    found = find_header(below, words, year)
    return below if found and found.whole and found.header.table == table else part


def side_by_side(grid: Grid, found: HeaderMatch, words: Vocabulary, year: int | None) -> list[tuple[Grid, HeaderMatch]]:
    """Cut a sheet where a block ends and another begins beside it."""
    edges = _edges(grid, found.header)
    if not edges:
        return [(grid, found)]
    spans = list(zip([0, *edges], [*edges, grid.width], strict=True))
    over = (*grid.above, *_titles(grid, found.header.row, spans))
    signs = grid.legends or lines_of_legends(grid, words)
    parts = [replace(grid.part(first, last), above=over, legends=signs) for first, last in spans]
    own = [(part, one) for part in parts if (one := find_header(part, words, year))]
    apart = len(own) == len(parts) and all(one.whole and not one.header.doubled for _, one in own)
    return own if apart else [(grid, found)]


def _titles(grid: Grid, row: int, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield what stands over all blocks: every title where one list goes on beside itself, with the same header."""
    heads = [[value for value in grid.row(row)[first:last] if find_columns(value)] for first, last in spans]
    if all(head == heads[0] for head in heads):
        yield from (value for values in grid.rows(0, row) for value in values if isinstance(value, str))
    else:
        yield from _everybodys(grid, row, spans)


def _everybodys(grid: Grid, row: int, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the titles of the rows in which not every block has one of its own."""
    for values in grid.rows(0, row):
        filled = [[value for value in values[first:last] if not is_blank(value)] for first, last in spans]
        if not all(filled):
            yield from (value for block in filled for value in block if isinstance(value, str))


def _edges(grid: Grid, header: Header) -> list[int]:
    if header.doubled:
        first = min(header.doubled.values())
        return list(first[1:])
    people = [j for j, value in enumerate(grid.row(header.row)) if is_person(value)]
    return [
        next(j for j in range(gap + 1, grid.width) if not is_blank(grid.columns[j][header.row]))
        for gap in range(1, grid.width - 1)
        if any(j < gap for j in people)
        and any(j > gap for j in people)
        and all(map(is_blank, grid.columns[gap][header.row :]))
        and not all(map(is_blank, grid.columns[gap + 1][header.row :]))
    ]


def two_a_row(grid: Grid, found: HeaderMatch, words: Vocabulary, year: int | None) -> tuple[Grid, Grid] | None:
    """Part a sheet whose rows hold records of two tables: what the first reads, and the persons with the second."""
    header = found.header
    people = [j for j, value in enumerate(grid.row(header.row)) if j in header.used and is_person(value)]
    taken = header.used | {total.j for total in header.sums}
    free = [j for j in range(grid.width) if j not in taken and _may_head(grid, header, j)]
    if header.table == "members" or not found.whole or not people or not free:
        return None
    rest = grid.picked(sorted({*people, *free}))
    other = find_header(rest, words, year)
    if other is None or not other.whole or other.header.row != header.row or other.header.table in _NEVER_BESIDE:
        return None
    if "item" in header.columns and any("item" in one.constants for one in other.header.spreads):
        return None  # rows that name their item have no others across the top
    own = {sorted({*people, *free})[j] for j in other.header.used} - set(people)
    if other.header.table == header.table or not own or not _telling(other.header):
        return None
    titles = (*grid.above, *texts_of(grid, header.row))
    first = replace(grid.picked([j for j in range(grid.width) if j not in own]), above=titles)
    return first, replace(grid.picked(sorted({*people, *own})), above=titles)


def _may_head(grid: Grid, header: Header, j: int) -> bool:
    """Return whether a column has a header that is not known to be harmless, and something below it."""
    column, first = grid.columns[j], header.below
    texts = [plain(display_raw(value)) for value in column[header.row : first] if not is_blank(value)]
    return bool(texts) and not is_harmless(texts[-1]) and not all(map(is_blank, column[first:]))


_NEVER_BESIDE = ("members", "events", "corrections", "surveys", "declarations")
"""Tables whose columns beside those of others say more of the same record."""


def _telling(header: Header) -> bool:
    """Return whether a table has a value of its own: signs, payments, marks, or votes of several kinds."""
    named = {*header.columns, *(name for spread in header.spreads for name in spread.fields)}
    votes = sum(TABLES["ballots"][name].kind == "count" for name in named if name in TABLES["ballots"])
    return votes > 1 if header.table == "ballots" else not named.isdisjoint(("status", "due", "paid", "mark"))


# ---------------------------------------------------------------- members across the top


_TABLES = ("attendance", "marks", "dues", "evaluations")
_PARTED = re.compile(r"[\\/|、\s]+")
_NUMBERS = ("序号", "No.", "No", "#")


def upright(grid: Grid, words: Vocabulary) -> Grid | None:
    """Return a sheet with its members down the side, if they stand across the top; the titles above go with it."""
    for row in range(min(grid.height - 1, DEEPEST)):
        values = grid.row(row)
        first = next((j for j, value in enumerate(values) if not _is_label(value)), 0)
        people = [value for value in values[first:] if not _is_label(value)]
        across = first and len(people) >= 2 and all(map(_is_id_or_name, people))
        if across and not _lists_down(grid, row, first) and _holds_values(grid, row, first, words):
            corner, judged = "编号" if all(map(_is_number, people)) else "姓名", _judged(values[first - 1])
            if judged == "down":
                return grid.put({(row, first - 1): _JUDGED})
            return _turned(grid, row, first, _JUDGED if judged else corner)
    return None


def _lists_down(grid: Grid, row: int, first: int) -> bool:
    """Return whether ids, or names, stand below 编号 or 姓名: the members go down the side, whatever stands across."""
    for column in (column for column in grid.columns[:first] if is_person(column[row])):
        texts = [plain(display_raw(value)) for value in column[row + 1 :] if not is_blank(value)]
        names = all(map(looks_like_name, texts)) and any(len(text) > _SHORT for text in texts)
        if texts and (names or all(map(str.isdecimal, texts))):
            return True
    return False


_SHORT = 2
"""Signs of what looks like a name and may be a word: 党课."""
_JUDGED = "被评议人"
_STROKE = re.compile(r"\s*[\\＼]\s*")


def _judged(corner: Value) -> str:
    """Return whether those who were judged stand down or across, where the corner says it, the rows first."""
    parts = ["被" in part for part in _STROKE.split(corner)] if isinstance(corner, str) else []
    if len(parts) != 2 or parts[0] == parts[1]:
        return ""
    return "down" if parts[0] else "across"


def _turned(grid: Grid, row: int, first: int, corner: str) -> Grid:
    """Turn a sheet from the row of the members on; of the cells above the labels only one says whose column it is."""
    start = next((j for j in range(first) if _labels_rows(grid.columns[j][row])), first - 1)
    above = [
        value for values in grid.rows(0, row) for value in values if isinstance(value, str) and not is_blank(value)
    ]
    part = grid.stretch(row, grid.height).part(start, grid.width)
    labels = [(corner if j == 0 else "", *column[1:]) for j, column in enumerate(part.columns[: first - start])]
    columns = (*labels, *part.columns[first - start :])
    return replace(part, columns=columns, above=(*grid.above, *above)).on_its_side()


def _labels_rows(value: Value) -> bool:
    return not is_blank(value) and plain(str(value)) not in _NUMBERS


def _is_label(value: Value) -> bool:
    """Return whether a cell heads days, items, totals or remarks, and is nobody."""
    if is_blank(value):
        return True
    text = plain(str(value))
    named = any(column_of(part, table) for part in _PARTED.split(text) for table in _TABLES)
    return named or text in _NUMBERS or is_total(text)


def _is_id_or_name(value: Value) -> bool:
    return _is_number(value) or (isinstance(value, str) and re.fullmatch(NAME, unspaced(value)) is not None)


def _is_number(value: Value) -> bool:
    return str(value).strip().removesuffix(".0").isdecimal()  # ① is a number of a list


def _holds_values(grid: Grid, row: int, first: int, words: Vocabulary) -> bool:
    """Return whether mostly values stand below the members, no text about a meeting, and nothing below nobody."""
    columns = grid.columns[first:]
    if any(is_blank(column[row]) and not all(map(is_blank, column[row:])) for column in columns):
        return False
    filled = [value for column in columns for value in column[row + 1 :] if not is_blank(value)]
    return sum(_is_value(value, words) for value in filled) * 2 > len(filled)


def _is_value(value: Value, words: Vocabulary) -> bool:
    text = plain(str(value))
    return len(text) == 1 or any(map(str.isdigit, text)) or bool(words.code("status", text) or state_of(value))
