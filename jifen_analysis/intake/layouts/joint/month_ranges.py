"""Dues by months: several in one amount, what is due for each, and months that have one amount alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, read_cell, unspaced
from jifen_analysis.intake.cells.lexicon import AMOUNT, SPAN
from jifen_analysis.intake.cells.times import TO, YEAR, in_digits
from jifen_analysis.intake.grid import Fault, Value, is_blank
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.totals import months_in
from jifen_analysis.tables import TABLES

_SEVERAL = re.compile(r"(?:(?P<year>\d{4})年)?(?P<months>\d{1,2}月?(?:[、,和及]\d{1,2}月?)+)份?")
_ARREARS = re.compile(
    rf"(?:补[缴交])?(?P<first>\d{{1,2}})月?[{TO}](?P<last>\d{{1,2}})月(?:份|党费)?[,:]?(?P<amount>\d+(?:\.\d+)?)元?(?:\(?补[缴交]\)?)?"
)
_A_MONTH = re.compile("每?月|标准")


def with_spans(piece: Piece) -> Piece:
    """Give every month its own where a row, a cell or a column of dues is of several."""
    return _by_rows(_from_first(piece)) if "month" in piece.header.columns else _by_columns(_by_cells(piece))


def _due(piece: Piece, i: int) -> float | None:
    """Return what is due for a month in a row, from its column or from the title."""
    j = piece.header.columns.get("due")
    return piece.amount(piece.grid.columns[j][i]) if j is not None else piece.scene.around.due


def _times(amount: float | None, due: float | None, months: int) -> bool:
    """Return whether an amount is what is due for so many months."""
    return amount is not None and due is not None and due > 0 and abs(amount - due * months) < 0.005


def _unshared(amount: float | None, due: float | None, months: int) -> Text:
    found = "" if amount is None else f" {amount:g}"
    owed = ("没有每月应缴", "no due of a month") if due is None else (f"月应缴 {due:g}", f"the due of a month {due:g}")
    return Text(
        f"{months} 个月合在一起的金额{found},与“月应缴×月数”不符({owed[0]}),不知每月各是多少;请每月一行(列)",
        f"an amount{found} for {months} months that is not as many times the due of a month ({owed[1]}); "
        "give every month its own",
    )


# ---------------------------------------------------------------- 起始月份 and how many, or which is the last

_OF_PAYING = "(?:缴费|缴纳)?"
_START = re.compile(rf"{_OF_PAYING}(?:起始|开始|起)月份?")
_COUNT = re.compile(rf"(?:{_OF_PAYING}|所缴)月(?:份)?数(?:量)?")
_END = re.compile(rf"{_OF_PAYING}(?:终止|截止|结束|止)月份?")
_NO_END = Text(
    "只说从哪个月起,没有写得出的月数或截止月份(不跨年),不知缴的是哪几个月;请写缴费月数,或每月一行",
    "says the first month alone, or no number of months of that year: say how many, or give every month a row",
)


def _from_first(piece: Piece) -> Piece:
    """Put 2024年1-3月 in place of a first month with how many there are, or which is the last."""
    month = piece.header.columns["month"]
    if not _START.fullmatch(piece.head(month)):
        return piece
    beside = {form: j for j in piece.unread() for form in (_COUNT, _END) if form.fullmatch(piece.head(j))}
    for i, value in piece.filled(month):
        first = _month_said(piece, value)
        ends = {form: piece.grid.columns[j][i] for form, j in beside.items()}
        last = _last_month(piece, first, ends) if first else ""
        if not last:
            piece = piece.saying("months_unshared", _NO_END, (i, month), "error")
        else:
            span = "" if last == first else f"-{int(last[5:])}"
            piece = piece.put(month, {i: f"{first[:4]}年{int(first[5:])}{span}月"})
    return piece.reading(*beside.values())


def _month_said(piece: Piece, value: Value) -> str:
    return str(read_cell(value, TABLES["dues"]["month"], piece.scene.words, piece.scene.around.year).value or "")


def _last_month(piece: Piece, first: str, ends: Mapping[re.Pattern[str], Value]) -> str:
    """Return the last of some months of one year; blank where none is said, or two."""
    count = piece.amount(ends.get(_COUNT))
    counted = [f"{first[:5]}{int(first[5:]) + int(count) - 1:02d}"] if count else []
    told = {*counted, *(_month_said(piece, value) for form, value in ends.items() if form is _END)} - {""}
    last = told.pop() if len(told) == 1 else ""
    return last if last[:4] == first[:4] and first <= last <= f"{first[:4]}-12" else ""


# ---------------------------------------------------------------- 1-3月 in a row


def _by_rows(piece: Piece) -> Piece:
    month = piece.header.columns["month"]
    told = {value: _months_of(value) for value in set(piece.grid.columns[month])}
    spans = {value: months for value, months in told.items() if len(months) > 1}
    for i in [i for i in piece.body if piece.grid.columns[month][i] in spans] if spans else ():
        value = piece.grid.columns[month][i]
        year = re.match(r"\d{4}", _text(value))
        if not year and "year" not in piece.header.columns and piece.scene.around.year is None:
            continue  # refused as it stands, once, instead of month by month
        piece = _shared(piece, i, month, spans[value], f"{year[0]}年" if year else "")
    return piece


@lru_cache(maxsize=1 << 15)
def _months_of(value: Value) -> tuple[int, ...]:
    return _months(_text(value))


def _text(value: Value) -> str:
    text = in_digits(unspaced(value)) if isinstance(value, str) else ""
    return _SPAN_OF_YEAR.sub(r"\1年\2-\3月", text)


_SPAN_OF_YEAR = re.compile(r"^(20\d\d)[-./年]?(\d{1,2})月?[-—~至到]+\1[-./年]?(\d{1,2})月?(?=份?$)")
"""The first and the last month, each with the year: 2024.01-2024.03."""


def _months(text: str) -> tuple[int, ...]:
    listed = _SEVERAL.fullmatch(text)
    numbers = map(int, re.findall(r"\d+", listed["months"])) if listed else months_in(text.removesuffix("份"))
    return tuple(month for month in numbers if 1 <= month <= 12)


def _shared(piece: Piece, i: int, month: int, months: Sequence[int], year: str) -> Piece:
    columns, n = piece.header.columns, len(months)
    due, paid = columns.get("due"), columns.get("paid")
    owed = _due(piece, i)
    amount = piece.amount(piece.grid.columns[paid][i]) if paid is not None else None
    each = due is None or _A_MONTH.search(piece.head(due)) is not None or _times(amount, owed, n)
    if not each and owed is not None and round(owed / n * 100, 6).is_integer() and amount == owed:
        owed, each = owed / n, True
    if owed is None or not each or not (amount in (0, None) or _times(amount, owed, n)):
        return piece.saying("months_unshared", _unshared(amount, owed if each else None, n), (i, month), "error")
    put: dict[int, Value] = {due: owed} if due is not None else {}
    if paid is not None and amount:
        put[paid] = f"{owed:g}补缴" if "补" in display_raw(piece.grid.columns[paid][i]) else owed
    text = Text(f"{n} 个月合在一行,每月应缴 {owed:g} 元,分到各月", f"{n} months in one row, {owed:g} due for each")
    rows = [i, *range(piece.grid.height, piece.grid.height + n - 1)]
    longer = piece.repeated([i] * (n - 1)).put(
        month, {row: f"{year}{one}月" for row, one in zip(rows, months, strict=True)}
    )
    for j, value in put.items():
        longer = longer.put(j, dict.fromkeys(rows, value))
    return longer.saying("months_shared", text, (i, month))


# ---------------------------------------------------------------- 补缴1-3月36元 in a cell


def _by_cells(piece: Piece) -> Piece:
    paid = (spread for spread in piece.header.spreads if spread.month and "paid" in spread.fields)
    places = {spread.month: spread.fields["paid"] for spread in paid}
    piece = _paid_at_once(piece, places)
    for month, j in places.items():
        for i in piece.body:
            found = _ARREARS.fullmatch(_text(piece.grid.columns[j][i]))
            if found:
                piece = _spread_out(piece, (i, j), month, range(int(found["first"]), int(found["last"]) + 1), places)
    return piece


def _paid_at_once(piece: Piece, places: dict[int, int]) -> Piece:
    """Refuse an amount that is as many times the due as there are unpaid months with it, before or after."""
    months = sorted(places)
    blanks = any(map(_is_unpaid, {value for j in places.values() for value in set(piece.grid.columns[j])}))
    for i in piece.body if blanks and len(months) > 1 else ():
        due, cells = _due(piece, i), {month: piece.grid.columns[places[month]][i] for month in months}
        blank = {month for month, value in cells.items() if _is_unpaid(value)}
        for month in months if due and blank else ():
            amount = piece.amount(cells[month]) if isinstance(cells[month], (int, float)) else None
            n = round(amount / due) if amount and due else 0
            beside = (range(month + 1, month + n), range(month - n + 1, month))
            if n > 1 and _times(amount, due, n) and any(blank.issuperset(span) for span in beside):
                piece = piece.saying("months_at_once", _at_once(n, due or 0), (i, places[month]), "error")
    return piece


def _is_unpaid(value: Value) -> bool:
    return is_blank(value) or value == 0


def _at_once(n: int, due: float) -> Text:
    return Text(
        f"是月应缴 {due:g} 元的 {n} 倍,旁边的月份没有缴,是不是一次缴了几个月;请逐月填写,补缴的写“补缴1-3月30元”这样",
        f"is {n} times the due of a month, {due:g}, beside unpaid months: several paid at once? fill in each month",
    )


def _spread_out(piece: Piece, at: tuple[int, int], own: int, months: Sequence[int], places: dict[int, int]) -> Piece:
    i, j = at
    found, due = _ARREARS.fullmatch(_text(piece.grid.columns[j][i])), _due(piece, i)
    there = [month for month in months if month in places]
    free = [month for month in there if month == own or is_nothing(piece.grid.columns[places[month]][i])]
    if not found or len(free) != len(months) or due is None or not _times(float(found["amount"]), due, len(months)):
        return piece  # refused as no amount where it stands
    text = Text(
        f"按每月应缴 {due:g} 元分到 {months[0]}–{months[-1]} 月",
        f"{due:g} for each of the months {months[0]}–{months[-1]}",
    )
    piece = piece.saying("months_shared", text, at)
    for month in free:
        late = "补缴" if month < own else ""
        piece = piece.put(places[month], {i: f"{due:g}{late}" if late else due})
    return piece if own in months else piece.put(j, {i: None})


# ---------------------------------------------------------------- 一季度 as a column


_NO_YEAR = Text(
    "几个月合在一列,没有年份,表题、表名里也没有;请在表题或列名写明年份,或用 --year 指明",
    "several months in one column, and nothing says of which year: write it into title or header, or give --year",
)


def _year_of(piece: Piece, label: str) -> int | None:
    """Return the year of a column of months: its header's, the title's, or the one of the months beside it."""
    said = re.match(YEAR, label)
    beside = {str(spread.constants.get("month", ""))[:4] for spread in piece.header.spreads} - {""}
    alone = int(beside.pop()) if len(beside) == 1 else None
    return int(said[0]) if said else piece.scene.around.year or alone


def _by_columns(piece: Piece) -> Piece:
    covered = {spread.month for spread in piece.header.spreads}
    for total in piece.header.sums:
        if not total.months or covered & set(total.months) or not any(_due(piece, i) is not None for i in piece.body):
            continue
        year = _year_of(piece, total.label)
        if year is None:
            piece = piece.saying("year_unknown", _NO_YEAR, (piece.header.row, total.j), "error")
            continue
        values: dict[int, Value] = {}
        for i, cell in piece.filled(total.j):
            amount, due = piece.amount(cell), _due(piece, i)
            if not _times(amount, due, len(total.months)) and amount != 0:
                told = _unshared(amount, due, len(total.months))
                piece = piece.saying("months_unshared", told, (i, total.j), "error")
            values[i] = due if amount else 0  # of a refused one, too: no note may call its months unpaid
        for month in total.months:
            piece = piece.with_column("paid", values, total.j, Spread({}, {"month": f"{year}-{month:02d}"}))
        piece = piece.reading(total.j)
    return piece


# ---------------------------------------------------------------- what is due for each month


_STANDARD = re.compile(
    rf"(?P<months>.+?(?:月|{SPAN}))(?:的?每?月?(?:党费|应?[缴交]费?纳?)*标准|每?月应[缴交](?:党费|{AMOUNT})?)"
)
_DAYS = Text(
    "各月的数都像是月.日(如 1.5、2.6),是缴费日期还是金额不清楚;金额请写成 1.50元,日期请另列或写 2024-01-05",
    "the numbers of all months look like days (1.5, 2.6): days of payment or amounts? write 2024-01-05 or 1.50元",
)


def with_standards(piece: Piece) -> Piece:
    """Give each month the due of the months that a header names, and refuse days where amounts should stand."""
    return _without_days(_stated(piece)) if piece.header.wide else piece


def _stated(piece: Piece) -> Piece:
    due = _due_by_month(piece) if "due" not in piece.header.columns and piece.scene.around.due is None else {}
    spreads = tuple(_owed(spread, due) for spread in piece.header.spreads)
    return replace(piece, header=replace(piece.header, spreads=spreads)).reading(*due.values()) if due else piece


def _due_by_month(piece: Piece) -> Mapping[int, int]:
    """Return month -> column of its due; nothing where two columns speak of a month, or none of one on the sheet."""
    found: dict[int, int] = {}
    for j in range(piece.grid.width):
        said = _STANDARD.fullmatch(re.sub(r"\s|\(元\)", "", piece.head(j)))
        for month in months_in(said["months"]) if said else ():
            if month in found:
                return {}
            found[month] = j
    return found if all(spread.month in found for spread in piece.header.spreads) else {}


def _owed(spread: Spread, due: Mapping[int, int]) -> Spread:
    if list(spread.fields) != ["due"] or spread.month not in due:
        return spread
    return Spread({"due": due[spread.month], "paid": spread.fields["due"]}, spread.constants)


def _without_days(piece: Piece) -> Piece:
    """Refuse numbers that all name the month of their column, or the next, before the point."""
    column = TABLES["dues"]["paid"]
    cells = {
        (i, j): spread.month
        for spread in piece.header.spreads
        for name, j in spread.fields.items()
        if name == "paid" or "paid" not in spread.fields
        for i in piece.body
        if not is_nothing(piece.grid.columns[j][i])
    }
    read = {at: read_cell(piece.grid.columns[at[1]][at[0]], column, piece.scene.words).value for at in cells}
    days = [at for at, number in read.items() if number and number % 1 and int(number) in _near(cells[at])]
    if len(days) < _FEWEST or len(days) < len(cells):
        return piece
    return piece.saying("days_or_amounts", _DAYS, days[0], "error", times=len(days))


_FEWEST = 2


def _near(month: int) -> tuple[int, int]:
    return month, month % 12 + 1


# ---------------------------------------------------------------- one amount a month


def with_amounts(piece: Piece) -> Piece:
    """Refuse a nought, and name what differs, among the single amounts of a member's months."""
    places = [spread.fields["due"] for spread in piece.header.spreads if list(spread.fields) == ["due"]]
    if len(places) < 2 or "due" in piece.header.columns or piece.scene.around.due is not None:
        return piece
    blanks = 0
    for i in piece.body:
        cells = {j: piece.grid.columns[j][i] for j in places}
        read = {j: piece.amount(value) for j, value in cells.items()}
        amounts = sorted({number for number in read.values() if number})
        blanks += sum(map(is_nothing, cells.values())) if amounts else 0
        for j in (j for j, number in read.items() if number == 0):
            piece = piece.put(j, {i: Fault("no_amount", display_raw(cells[j]))})
        if len(amounts) > 1:
            at = i, next(j for j, number in read.items() if number not in (None, 0) and number != read[_first(read)])
            piece = piece.saying("amounts_differ", _differing(amounts), at)
    if blanks:
        text = Text(
            f"空白 {blanks} 格,没有写应缴多少,不计为记录", f"{blanks} blank cells say no due and are no records"
        )
        piece = piece.saying("blank_months", text, (piece.header.row, min(places)), times=blanks)
    return piece


def _first(read: Mapping[int, float | None]) -> int:
    return next(j for j, number in read.items() if number)


def _differing(amounts: list[float]) -> Text:
    listed = "、".join(f"{amount:g}" for amount in amounts)
    return Text(
        f"同一人各月金额不同({listed}),没有写应缴多少,每月按所填的数读作应缴并已缴;若有少缴,请加“月应缴”一列",
        f"amounts that differ ({listed}) and no due: each is taken as due and paid; if one is short add 月应缴",
    )
