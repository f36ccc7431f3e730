"""Tables straight from a database, by a query each: read only, streamed as Arrow batches.

A mapping file says where the database is and which query fills which table: TOML, or a workbook in the form of the
correspondence table (对照表) with the kinds 数据库 and 查询.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from importlib.util import find_spec
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_plus

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_analysis.documents import ending, toml_document, toml_fault
from jifen_analysis.errors import UsageError, cause
from jifen_analysis.intake.grid import UnreadableError
from jifen_analysis.intake.held_tables import HeldTable
from jifen_analysis.intake.parquet import parquet_frame

_AT_ONCE = 50_000
_FETCHED = ("select", "with", "values", "table", "from")
"""How a query begins that reads."""


@dataclass(frozen=True)
class Database:
    """Where tables are read, and by which query each.

    Parameters
    ----------
    url : str
        As SQLAlchemy writes it: ``sqlite:///名册.db``, ``duckdb:///名册.duckdb``, ``postgresql+psycopg://who@host/name``.
        ``${NAME}`` is taken from the environment: the place for a password, which is never shown or saved.
    queries : mapping of str to str
        Name of a table, such as 花名册 or ``members``, to its query, or to a table or view of the database.
    name : str
        What it is called in messages.
    folder : Path
        From which the path of a database file counts.

    Examples
    --------
    >>> Database("sqlite:///名册.db", {"花名册": "SELECT 编号, 支部 FROM dy"})
    Database(queries={'花名册': 'SELECT 编号, 支部 FROM dy'}, name='数据库')
    """

    url: str = field(repr=False)
    queries: Mapping[str, str]
    name: str = "数据库"
    folder: Path = field(default=Path(), repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no query."""
        asked = self.queries if isinstance(self.queries, Mapping) else {}
        if not asked or not all(isinstance(one, str) for one in (self.url, *asked, *asked.values())):
            raise UsageError(
                'Database 要写明地址和各表的查询,如 Database("sqlite:///名册.db", {"花名册": "SELECT …"})',
                'a Database has an address and queries, such as Database("sqlite:///a.db", {"members": "SELECT …"})',
            )

    @contextmanager
    def snapshot(self) -> Iterator[list[HeldTable]]:
        """Yield its tables, each read when it is asked for, all of them as they were when the first was."""
        with ExitStack() as closing:
            connect = cache(lambda: closing.enter_context(_connected(self)))
            stored = {table: cache(partial(_stored, self, table, connect)) for table in self.queries}
            yield [HeldTable(f"{self.name}/{name}", partial(_frame, one), one) for name, one in stored.items()]

    @property
    def address(self) -> str:
        """The url with what the environment says.

        Raises
        ------
        UsageError
            Where it does not: a server would only say that the password is wrong.
        """
        return re.sub(r"\$\{(\w+)\}", _from_environment, self.url)

    @property
    def file(self) -> Path:
        """The file of a database that is one."""
        return self.folder / self.address.partition(":///")[2]


def _from_environment(named: re.Match[str]) -> str:
    said = os.environ.get(named[1])
    if said is None:
        raise UsageError(f"没有设环境变量 {named[1]}", f"the environment variable {named[1]} is not set")
    return said


def read_database(path: str | Path) -> Database:
    """Read a mapping file.

    Raises
    ------
    UsageError
        Where it says no database, or no query.
    """
    file = Path(path)
    found = _in_toml(file) if file.suffix.lower() == ".toml" else _in_book(file)
    url, queries = found.get("database"), found.get("queries")
    unknown = sorted(found.keys() - {"database", "queries"})
    shaped = isinstance(url, str) and isinstance(queries, Mapping) and all(isinstance(q, str) for q in queries.values())
    if unknown or not shaped or not queries:
        more = (f";没有 {'、'.join(unknown)} 这一项", f"; no key {', '.join(unknown)}") if unknown else ("", "")
        raise UsageError(
            f'{file.name} 须有 database = "…" 和 [queries] "花名册" = "SELECT …"{more[0]}',
            f'{file.name} needs database = "…" and [queries] members = "SELECT …"{more[1]}',
        )
    return Database(str(url), dict(queries), file.name, file.parent)


def _in_toml(file: Path) -> Mapping[str, Any]:
    text = ""
    try:
        text = ending(file).read_text(encoding="utf-8-sig")
        return toml_document(text)
    except (ValueError, OSError) as fault:
        said = cause(fault) if isinstance(fault, OSError) else toml_fault(fault, text)
        raise UsageError(f"{file.name} 读不懂:{said.zh}", f"cannot read {file.name}: {said.en}") from None


def _in_book(file: Path) -> Mapping[str, Any]:
    from jifen_analysis.intake.correspondence.book import KIND, MEANING, TEXT, rows_in  # opens workbooks

    rows = [row.cells for row in rows_in(file)]
    urls = [row[TEXT] for row in rows if row[KIND] == "数据库"]
    queries = {row[MEANING]: row[TEXT] for row in rows if row[KIND] == "查询"}
    return {"queries": queries, **({"database": urls[0]} if len(urls) == 1 else {})}


# ---------------------------------------------------------------- reading


def _frame(stored: Callable[[], pa.Buffer]) -> pd.DataFrame:
    return parquet_frame(stored())


def _stored(source: Database, table: str, connect: Callable[[], Ask]) -> pa.Buffer:
    """Return what a query finds as a file of Parquet in memory, where a record takes a few bytes."""
    query = _query(source.queries[table])
    try:
        return _of_one_schema(connect()(query))
    except (UnreadableError, UsageError):
        raise
    except Exception as fault:  # whatever a driver raises is said in a sentence, without the secret in it
        raise _no_answer(fault, source.address) from None


def _no_answer(fault: Exception, address: str) -> UnreadableError:
    """Say why a database does not answer, and what would be right where its address is at fault."""
    if isinstance(fault, ModuleNotFoundError):
        need = fault.name
        return UnreadableError(
            "no_driver", f"这种数据库要装驱动:pip install {need}", f"this needs a driver: pip install {need}"
        )
    if type(fault).__name__ in ("ArgumentError", "NoSuchModuleError"):  # of SQLAlchemy, which need not be there
        return _no_address()
    said = without_secret(str(getattr(fault, "orig", None) or fault), address)
    return UnreadableError("bad_query", f"数据库不答:{said}", f"the database refuses: {said}")


def _no_address() -> UnreadableError:
    forms = "sqlite:///名册.db、duckdb:///名册.duckdb、postgresql+psycopg://用户@主机/库名"
    return UnreadableError(
        "no_address",
        f"数据库的地址认不出来;应写成 {forms}",
        "this is no address of a database; it is written sqlite:///a.db, duckdb:///a.duckdb, "
        "postgresql+psycopg://who@host/name",
    )


def _query(said: str) -> str:
    """Return a query that only reads; a name alone is a table or view."""
    words = _REMARKS.sub("", said).strip().rstrip(";").strip()
    if _NAMED.fullmatch(words):
        return f"SELECT * FROM {words}"
    first = (words.lstrip("(").split(maxsplit=1) or [""])[0].lower()
    if first not in _FETCHED:
        raise UnreadableError(
            "bad_query",
            "查询须以 SELECT 或 WITH 开头,或只是一个表名;名字里有空格的,写在双引号里",
            "a query begins with SELECT or WITH, or is the name of a table, in double quotes where it has a space",
        )
    return words


_REMARKS = re.compile(r"\A(?:\s*(?:--[^\n]*(?:\n|\Z)|/\*.*?\*/))*", re.DOTALL)
"""What is said before a query begins."""
_NAME = r"(?:\w+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])"
_NAMED = re.compile(rf"{_NAME}(?:\.{_NAME})*")


def without_secret(said: str, url: str) -> str:
    """Return a message of a driver without the password of the url, on one line.

    Examples
    --------
    >>> without_secret("no entry for x:geheim@h", "postgresql://x:geheim@h/d")
    'no entry for x:***@h'
    """
    hidden = said.replace(url, url.split(":")[0])
    for secret in (*re.findall(r"://[^:@/]*:(.+)@", url), *re.findall(r"[?&]\w*pass\w*=([^&]+)", url)):
        for one in {secret, unquote(secret), unquote_plus(secret)}:
            hidden = hidden.replace(one, "***")
    return " ".join(hidden.split())


Ask = Callable[[str], Iterable[pa.RecordBatch]]
"""From a query to Arrow batches."""


@contextmanager
def _connected(source: Database) -> Iterator[Ask]:
    """Yield what answers queries, all in one transaction that only reads."""
    kind = source.address.split(":")[0].split("+")[0]
    if kind in ("sqlite", "duckdb") and source.file == source.folder:
        raise _no_address()
    if kind in ("sqlite", "duckdb") and not source.file.is_file():
        raise UnreadableError(
            "no_database", f"没有这个数据库文件:{source.file}", f"no such database file: {source.file}"
        )
    if kind == "duckdb":
        _need("duckdb")
        import duckdb  # type: ignore[import-not-found, unused-ignore]  # an optional package

        with duckdb.connect(str(source.file), read_only=True) as own:
            yield lambda query: _of_duckdb(own.sql(query).to_arrow_reader(_AT_ONCE))
        return
    _need("sqlalchemy")
    import sqlalchemy as sa  # as above

    engine = _sqlite(sa, source.file) if kind == "sqlite" else sa.create_engine(source.address, hide_parameters=True)
    try:
        with engine.connect().execution_options(**_OF_ONE_MOMENT.get(kind, {})) as own:
            if kind in _OPENINGS:
                own.exec_driver_sql(_OPENINGS[kind])
            # A refused query ends a transaction of PostgreSQL, but for one that is nested in it.
            nested = own.begin_nested if kind == "postgresql" else nullcontext
            yield lambda query: _answered(own, sa.text(query.replace(":", r"\:")), nested)
    finally:
        engine.dispose()


_OF_ONE_MOMENT = {"postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}}
"""What a driver is asked for, so that all queries see the same."""
_OPENINGS = {"sqlite": "BEGIN", **dict.fromkeys(("mysql", "mariadb", "oracle"), "SET TRANSACTION READ ONLY")}
"""How such a transaction begins, where it is said in words."""


def _answered(own: Any, query: Any, nested: Callable[[], AbstractContextManager[Any]]) -> Iterator[pa.RecordBatch]:
    with nested():
        yield from _batches(own.execute(query, execution_options={"stream_results": True}))


def _of_duckdb(reader: pa.RecordBatchReader) -> list[pa.RecordBatch]:
    return [*reader] or [pa.RecordBatch.from_pylist([], schema=reader.schema)]


def _sqlite(sa: Any, file: Path) -> Any:
    uri = f"{file.resolve().as_uri()}?mode=ro"
    return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None))


def _need(package: str) -> None:
    if find_spec(package) is None:
        raise UsageError(
            "读数据库要装附加组件:pip install 'jifen-analysis[sql]'",
            "reading a database needs an extra: pip install 'jifen-analysis[sql]'",
        )


def _batches(result: Any) -> Iterator[pa.RecordBatch]:
    names = list(result.keys())
    empty = True
    for rows in result.partitions(_AT_ONCE):
        empty = False
        yield pa.RecordBatch.from_arrays([_array(values) for values in zip(*rows, strict=True)], names=names)
    if empty:
        yield pa.RecordBatch.from_arrays([pa.nulls(0) for _ in names], names=names)


def _array(values: Sequence[Any]) -> pa.Array:
    """Return values of a column; of a database that keeps no types, texts where they are of several."""
    plain = [float(value) if isinstance(value, Decimal) else value for value in values]
    try:
        return pa.array(plain)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array([None if value is None else str(value) for value in plain])


def _of_one_schema(batches: Iterable[pa.RecordBatch]) -> pa.Buffer:
    """Write batches as they come; where they are of several types, numbers are numbers and all else text."""
    files = [_parquet(schema, run) for schema, run in groupby(batches, attrgetter("schema"))]
    schemas = [pq.read_schema(pa.BufferReader(file)) for file in files]
    if len(files) == 1 and pa.null() not in schemas[0].types:
        return files[0]
    kinds = zip(*(schema.types for schema in schemas), strict=True)
    common = pa.schema([*zip(schemas[0].names, (_common({*of} - {pa.null()}) for of in kinds), strict=True)])
    return _parquet(common, (batch.cast(common) for file in files for batch in _batches_in(file)))


def _parquet(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue()


def _batches_in(file: pa.Buffer) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(pa.BufferReader(file)) as held:
        yield from held.iter_batches(_AT_ONCE)


def _common(kinds: set[pa.DataType]) -> pa.DataType:
    if len(kinds) <= 1:
        return next(iter(kinds), pa.string())
    return pa.float64() if all(map(_is_number, kinds)) else pa.string()


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)
