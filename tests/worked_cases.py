"""The hand-worked cases of ``tests/cases``: a clerk's examples as data.

``tests/cases/<scheme>/<topic>.toml`` holds cases that say what happened (rows in
the canonical column order) and how a clerk would compute what follows (arithmetic
as text). This module only reads them: it knows nothing of the engine.
"""

from __future__ import annotations

import ast
import operator
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"

COLUMNS: dict[str, tuple[str, ...]] = {
    "members": (
        "member_id",
        "branch",
        "name",
        "unit",
        "year",
        "since",
        "until",
        "sex",
        "birth_date",
        "joined_on",
        "stage",
        "post",
        "category",
        "floating",
        "retired",
        "infirm",
        "exempt",
    ),
    "attendance": ("member_id", "date", "activity", "status"),
    "dues": ("member_id", "month", "due", "paid", "paid_on"),
    "events": (
        "member_id",
        "date",
        "event",
        "level",
        "quantity",
        "amount",
        "points",
        "award",
        "clause",
        "note",
    ),
    "evaluations": ("member_id", "period", "group", "mark", "count"),
    "ballots": (
        "member_id",
        "period",
        "excellent",
        "qualified",
        "basic",
        "unqualified",
        "abstained",
        "satisfied",
        "neutral",
        "dissatisfied",
    ),
    "marks": ("member_id", "period", "item", "mark"),
    "corrections": (
        "member_id",
        "period",
        "target",
        "points",
        "grade",
        "decided_by",
        "decided_on",
        "document",
        "reason",
    ),
}

DATES = ("date", "paid_on", "since", "until", "birth_date", "joined_on", "decided_on")

# What an expectation may hold besides arithmetic (totals and component columns).
WORDS = ("grade", "grade_by_total", "year_grade", "category")
SETS = ("flags", "outcomes")
RANKS = ("rank_branch", "rank_overall")

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class WorkedCase:
    """One case: records, readings and what a clerk expects of them.

    Attributes
    ----------
    clause, why
        Where the rule stands and what it says.
    variants
        Names of the readings to score under; empty for the text as adopted.
    tables
        Table name to rows; every row has all canonical columns, blank = ``None``,
        days as ``date``, months and periods as text.
    expect
        ``(member_id, period)`` to the expected values: arithmetic as ``float``,
        "none" as ``None``, flags and outcomes as ``frozenset``.
    """

    clause: str
    why: str
    variants: tuple[str, ...]
    tables: Tables
    expect: dict[tuple[str, str], dict[str, Any]]


def worked_cases(folder: Path = FOLDER) -> Iterator[tuple[str, str, str, WorkedCase]]:
    """Yield ``(scheme, file, name, case)`` for every case below a folder."""
    for path in sorted(folder.glob("*/*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        _refuse_unknown(document, {"defaults", "case"}, path.name)
        for name, body in document["case"].items():
            try:
                case = _case(document.get("defaults", {}), body)
            except (KeyError, ValueError, SyntaxError) as error:
                raise ValueError(f"{path.parent.name}/{path.name}, {name}: {error}") from error
            yield path.parent.name, path.stem, name, case


@cache
def cases() -> tuple[tuple[str, str, str, WorkedCase], ...]:
    """Return every case, read once."""
    return tuple(worked_cases())


def _case(defaults: Row, body: Row) -> WorkedCase:
    known = {"clause", "why", "expect", "replace", "variant", *COLUMNS}
    _refuse_unknown(body, known, "case")
    _refuse_unknown(defaults, set(COLUMNS), "defaults")
    return WorkedCase(
        clause=body["clause"],
        why=body["why"],
        variants=tuple(body.get("variant", ())),
        tables=tables_of(defaults, body),
        expect={_key(key): _expectation(values) for key, values in body["expect"].items()},
    )


def _refuse_unknown(found: Row, known: set[str], where: str) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise ValueError(f"{where}: unknown {unknown}, known are {sorted(known)}")


def _key(text: str) -> tuple[str, str]:
    member_id, period = text.split()
    return member_id, period


# --- records -----------------------------------------------------------------


def tables_of(defaults: Row, body: Row) -> Tables:
    """Lay a case's rows below the file's, leaving out the defaults it replaces."""
    replaced = body.get("replace", ())
    return {
        table: [
            row
            for short in _rows_of(table, defaults, body, replaced)
            for row in map(_dated, _expand(_named(table, short)))
        ]
        for table in COLUMNS
        if table in body or table in defaults
    }


def _rows_of(table: str, defaults: Row, body: Row, replaced: list[str]) -> list[list[Any]]:
    shared = [] if table in replaced else defaults.get(table, [])
    return [*shared, *body.get(table, [])]


def _named(table: str, short: list[Any]) -> Row:
    """Name the values of a compact row; a table at its end names its own."""
    named = short[-1] if short and isinstance(short[-1], dict) else {}
    placed = short[:-1] if short and isinstance(short[-1], dict) else short
    _refuse_unknown(named, set(COLUMNS[table]), table)
    if len(placed) > len(COLUMNS[table]):
        raise ValueError(f"{table}: {len(placed)} values for {len(COLUMNS[table])} columns")
    row: Row = dict.fromkeys(COLUMNS[table])
    row |= dict(zip(COLUMNS[table], placed, strict=False)) | named
    return {column: None if value == "" else value for column, value in row.items()}


def _expand(row: Row) -> Iterator[Row]:
    """Write out ``00001..00010``, ``2024-01-03..2024-01-09`` and ``2024-01..2024-06``."""
    ranged = [c for c in ("member_id", "date", "month") if ".." in str(row.get(c) or "")]
    for values in product(*(_range(row[column]) for column in ranged)):
        yield row | dict(zip(ranged, values, strict=True))


def _dated(row: Row) -> Row:
    """Turn the days of a row, written 2024-03-05, into dates."""
    days = {c: date.fromisoformat(row[c]) for c in DATES if row.get(c) is not None}
    return row | days


def _range(text: str) -> list[str]:
    first, last = text.split("..")
    steps = {0: _ids, 1: _months, 2: _days}[first.count("-")]
    return steps(first, last)


def _ids(first: str, last: str) -> list[str]:
    return [f"{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]


def _months(first: str, last: str) -> list[str]:
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(start, end + 1)]


def _days(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(start + timedelta(days=n)) for n in range((end - start).days + 1)]


# --- expectations ------------------------------------------------------------


def _expectation(values: Row) -> Row:
    return {name: _expected(name, value) for name, value in values.items()}


def _expected(name: str, value: Any) -> Any:
    if name in SETS:
        return frozenset(value)
    if value == "":
        return None
    if name in (*WORDS, *RANKS, "absent"):
        return value
    return arithmetic(value)


_OPERATIONS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def arithmetic(text: str) -> float:
    """Work out arithmetic given as text: numbers, ``+ - * /`` and brackets only.

    Computed in exact fractions, so ``0.1+0.2`` is 0.3.

    Examples
    --------
    >>> arithmetic("0.6*(100-5)+0.4*85")
    91.0
    """
    return float(_value(ast.parse(text.strip(), mode="eval").body))


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_value(left), _value(right))
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")
