"""Tables straight from a database: the same records as from files, read only, and the password nowhere."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jifen_analysis import Database, InvalidRecords, JifenError, assess, check, load, read_scheme
from jifen_analysis.errors import UsageError
from jifen_analysis.intake import database
from tests.command import Jifen

pytest.importorskip("sqlalchemy", reason="the extra sql is not installed")

ROSTER = "SELECT id AS 编号, branch AS 支部 FROM dy"
TABLES = """
CREATE TABLE dy (id TEXT, branch TEXT);
INSERT INTO dy VALUES ('00001', '一支部'), ('00002', '一支部');
CREATE TABLE dues (member_id TEXT, month TEXT, due NUMERIC, paid NUMERIC, paid_on TEXT);
INSERT INTO dues VALUES ('00001', '2024-03', 12.5, 12.5, '2024-03-05'), ('00002', '2024-03', 10, NULL, NULL);
"""
QUERIES = {"花名册": ROSTER, "dues": "dues"}
SECRET = "ge%40heim"


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    """A database file, and beside it what maps its queries to tables."""
    with sqlite3.connect(tmp_path / "a.db") as own:
        own.executescript(TABLES)
    own.close()
    mapping = tmp_path / "数据库.toml"
    mapping.write_text(f'database = "sqlite:///a.db"\n[queries]\n"花名册" = "{ROSTER}"\ndues = "dues"\n', "utf-8")
    return mapping


def test_a_database_gives_the_records_of_files(sqlite: Path, tmp_path: Path) -> None:
    """From a mapping file, its twin in a workbook, and from Python; what is missing is missing."""
    book = tmp_path / "数据库.xlsx"
    rows = [("数据库", "sqlite:///a.db", ""), ("查询", ROSTER, "花名册"), ("查询", "dues", "dues")]
    pd.DataFrame(rows, columns=["类别", "报来的写法", "读作"]).to_excel(book, index=False)
    expected = [["00001", "2024-03", 12.5, 12.5], ["00002", "2024-03", 10.0, None]]
    given = (sqlite, book, Database(f"sqlite:///{tmp_path / 'a.db'}", QUERIES))
    for data in given:
        dues = load(data).dues[["member_id", "month", "due", "paid"]]
        assert dues.astype("object").where(dues.notna(), None).to_numpy().tolist() == expected
    (note,) = check(book.rename(tmp_path / "区库.xlsx")).notes
    assert "名字须是 数据库.xlsx" in note.message()


def test_what_the_environment_does_not_say_is_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is not set is named before a server is asked; a dollar sign without braces is one."""
    monkeypatch.setenv("PART", "no")
    url = "postgresql+psycopg://reader:${UNSET_SECRET}@nowhere.invalid/name"
    with pytest.raises(UsageError, match="没有设环境变量 UNSET_SECRET"):
        check(Database(url, {"花名册": "dy"}))
    assert Database("sqlite:///a$PART.db", QUERIES).address == "sqlite:///a$PART.db"


@pytest.mark.parametrize("amounts", [[None, 10, 12.5], [10, None, 12], [None, "12元", 10], [12.5, 10, "12元"]])
def test_batches_of_several_types_are_one_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amounts: list[Any]
) -> None:
    """Where a database keeps no types, each record may come as another: read as if all had come at once."""
    monkeypatch.setattr(database, "_AT_ONCE", 1)
    with sqlite3.connect(tmp_path / "a.db") as own:
        own.executescript("CREATE TABLE dy (编号, 支部); INSERT INTO dy VALUES ('00001', '一支部');"
                          "CREATE TABLE df (编号, 月份, 应缴, 实缴);")  # fmt: skip
        own.executemany(
            "INSERT INTO df VALUES ('00001', ?, 12, ?)", zip(("2024-01", "2024-02", "2024-03"), amounts, strict=True)
        )
    own.close()
    paid = load(Database(f"sqlite:///{tmp_path / 'a.db'}", {"花名册": "dy", "党费": "df"})).dues["paid"]
    read = [None if amount is None else float(str(amount).rstrip("元")) for amount in amounts]
    assert paid.astype("object").where(paid.notna(), None).tolist() == read


def test_columns_of_one_name_are_refused(sqlite: Path) -> None:
    """Which of them counts would be a guess."""
    source = Database(f"sqlite:///{sqlite.parent / 'a.db'}", {"花名册": "SELECT *, branch FROM dy"})
    with pytest.raises(InvalidRecords, match=r"数据库/花名册.*同名:branch"):
        load(source)


def test_all_queries_see_one_moment(sqlite: Path) -> None:
    """What is written between two queries is in neither, and in the next reading."""
    file = sqlite.parent / "a.db"
    with sqlite3.connect(file) as own:
        own.execute("PRAGMA journal_mode = WAL")
    source = Database(f"sqlite:///{file}", QUERIES)
    with source.snapshot() as (roster, dues):
        assert len(roster.read()) == 2
        own.execute("DELETE FROM dues")
        own.commit()
        assert len(dues.read()) == 2
    with source.snapshot() as (_, dues):
        assert len(dues.read()) == 0
    own.close()


def test_a_duckdb_file_needs_no_server(tmp_path: Path) -> None:
    """Its own types come as they are."""
    duckdb = pytest.importorskip("duckdb", reason="the extra sql is not installed")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as own:
        own.execute(TABLES.replace("NUMERIC", "DECIMAL(8,2)").replace("paid_on TEXT", "paid_on DATE"))
    records = load(Database(f"duckdb:///{tmp_path / 'a.duckdb'}", QUERIES))
    assert records.dues["paid"].dropna().tolist() == [12.5]
    assert records.dues["paid_on"].dropna().dt.day.tolist() == [5]


def test_problems_name_the_mapping_the_table_and_the_row(sqlite: Path) -> None:
    """As those of files do."""
    with sqlite3.connect(sqlite.parent / "a.db") as own:
        own.execute("UPDATE dues SET month = '三月' WHERE member_id = '00002'")
    own.close()
    with pytest.raises(InvalidRecords) as caught:
        load(sqlite)
    (problem,) = caught.value.problems
    assert (problem.file, problem.cell) == ("数据库.toml/dues", "B2")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE FROM dy", "查询须以 SELECT"),
        ("-- 名册\nDELETE FROM dy", "查询须以 SELECT"),
        ("党员 名册", "写在双引号里"),
        ('"没有 这张表"', "no such table: 没有 这张表"),
        ("SELECT * FROM nobody", "no such table: nobody"),
        ("WITH x AS (SELECT 1) DELETE FROM dy", "readonly"),
    ],
)
def test_only_reading_is_answered(sqlite: Path, query: str, said: str) -> None:
    """What would write is refused, by us or by the database; its sentence is told at the table."""
    source = Database(f"sqlite:///{sqlite.parent / 'a.db'}", {"花名册": query})
    with pytest.raises(InvalidRecords, match=said):
        load(source)
    with sqlite3.connect(sqlite.parent / "a.db") as own:
        assert own.execute("SELECT count(*) FROM dy").fetchone() == (2,)
    own.close()


@pytest.mark.parametrize("query", ['"党员 名册"', "main.[党员 名册]", "/* 名册 */ -- 全部\nSELECT * FROM `党员 名册`;"])
def test_tables_may_have_any_name_and_queries_remarks(sqlite: Path, query: str) -> None:
    """What is quoted is one name, and what stands before a query is none of it."""
    with sqlite3.connect(sqlite.parent / "a.db") as own:
        own.executescript('CREATE VIEW "党员 名册" AS SELECT id AS 编号, branch AS 支部 FROM dy')
    own.close()
    assert len(load(Database(f"sqlite:///{sqlite.parent / 'a.db'}", {"花名册": query})).members) == 2


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("名册.db", "地址认不出来"),
        ("sqlite://", "地址认不出来"),
        ("oracel://who:geheim@h/x", "地址认不出来"),
        ("postgresql+nobody://who:geheim@h/x", "地址认不出来"),
        ("postgresql+psycopg://127.0.0.1:1/x?user=who&password=geheim", "数据库不答"),
    ],
)
def test_an_address_that_will_not_do_is_told_with_what_would(url: str, said: str) -> None:
    """Whatever SQLAlchemy calls it; what is secret in it is nowhere."""
    with pytest.raises(InvalidRecords, match=said) as caught:
        load(Database(url, {"花名册": "dy"}))
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("queries", [{}, {"花名册": 3}, ["dy"]])
def test_a_database_without_queries_is_none(queries: Any) -> None:
    """Nothing would be read, and all be in order."""
    with pytest.raises(UsageError, match="各表的查询"):
        Database("sqlite:///a.db", queries)


def test_who_gives_a_database_for_a_file_is_told_how(sqlite: Path, jifen: Jifen) -> None:
    """Its file, or its address with the password, which is not said again."""
    with pytest.raises(InvalidRecords, match="另写一个"):
        load(sqlite.parent / "a.db")
    code, out, err = jifen("check", "postgresql://who:geheim@h/x")
    assert code != 0
    assert "数据库的地址" in err
    assert "geheim" not in out + err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[queries]\n\"花名册\" = 'dy'", "须有 database"),
        ("database = 'sqlite:///a.db'", "须有 database"),
        ("database = 'sqlite:///a.db'\nquery = 1\n[queries]\n\"花名册\" = 'dy'", "没有 query 这一项"),
        ("database = ", "读不懂"),
        ("database = 'sqlite:///none.db'\n[queries]\n\"花名册\" = 'dy'", "没有这个数据库文件"),
        ("database = 'postgresql+psycopg://who:geheim@127.0.0.1:1/x'\n[queries]\n\"花名册\" = 'dy'", "数据库不答"),
    ],
)
def test_a_mapping_that_will_not_do_is_told_without_the_secret(tmp_path: Path, text: str, said: str) -> None:
    """In a sentence that says what it needs."""
    mapping = tmp_path / "数据库.toml"
    mapping.write_text(text, "utf-8")
    with pytest.raises(JifenError, match=said) as caught:
        load(mapping)
    assert "geheim" not in str(caught.value)


# ---------------------------------------------------------------- a server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server of this test's own: the url of its database, with a password."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if found is None:
        pytest.skip("no PostgreSQL is installed here (apt-get install postgresql)")
    who = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="postgres") as folder:  # pytest's own folders are closed to other users
        (Path(folder) / "secret").write_text("ge@heim")
        for part in (folder, Path(folder) / "secret") if who else ():
            shutil.chown(part, who)
        yield from served(Path(found).parent, Path(folder), who)


def served(bin_: Path, folder: Path, who: str | None) -> Iterator[str]:
    """Make a cluster in a folder, start it, and yield the url of its database; stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secured = ["-U", "leser", "-A", "scram-sha-256", "-N", f"--pwfile={folder}/secret"]
    made = [str(bin_ / "initdb"), "-D", str(folder / "data"), *secured]
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    start = [str(bin_ / "pg_ctl"), "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", options, "start"]
    try:
        for command in (made, start):
            subprocess.run(command, user=who, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)
        yield f"postgresql+psycopg://leser:{SECRET}@127.0.0.1:{port}/postgres"
    finally:
        stop = [str(bin_ / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"]
        subprocess.run(stop, user=who, check=False, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)


def test_a_server_is_only_read_and_its_password_is_nowhere(
    server: str, tmp_path: Path, jifen: Jifen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on the screen, in the workbook's text, the JSON, a saved result or its manifest, nor in a refusal."""
    import sqlalchemy as sa

    engine = sa.create_engine(server)
    with engine.begin() as own:
        for statement in filter(str.strip, TABLES.split(";")):
            own.execute(sa.text(statement))
    engine.dispose()
    monkeypatch.setenv("JIFEN_SECRET", SECRET)
    mapping = tmp_path / "区库.toml"
    url = server.replace(SECRET, "${JIFEN_SECRET}")
    mapping.write_text(f'database = "{url}"\n[queries]\n"花名册" = "{ROSTER}"\n"党费" = "dues"\n', "utf-8")
    said = [str(jifen("check", mapping, "--json", tmp_path / "a.json"))]
    said.append(str(jifen("assess", mapping, "--out", tmp_path / "a.csv")))
    said.append(str(jifen("explain", mapping, "00001")))
    assess(load(mapping), read_scheme("community_60_40")).save(tmp_path / "saved")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["verdict"].startswith("accept")
    for query in ("WITH x AS (DELETE FROM dy RETURNING 1) SELECT * FROM x", "SELECT nothing FROM dy"):
        refused = check(Database(server, {"花名册": query}))
        assert refused.errors
        said += [repr(refused), *(one.message("en") for one in refused.problems)]
        said.append(repr(Database(server, {"花名册": query})))
    wrong = Database(server.replace(SECRET, "no@where%21"), {"花名册": "dy"})
    half = check(Database(server, {"花名册": ROSTER, "dues": "SELECT nothing FROM dy", "党费": "dues"}))
    assert [one.file for one in half.problems] == ["数据库/dues"]  # a refused query leaves the others theirs
    said += [one.message() for one in check(wrong).problems]
    texts = [*said, *(file.read_bytes().decode("utf-8", "replace") for file in tmp_path.rglob("*.*") if file.is_file())]
    assert not [text for text in texts for secret in (SECRET, "ge@heim", "no@where") if secret in text]
    assert load(mapping).members["member_id"].tolist() == ["00001", "00002"]
