"""A file or folder to Records, notes and problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError, join_problems
from jifen_analysis.intake.check import Check, Each, RosterSource, Watch, no_roster
from jifen_analysis.intake.converted import check_converted, converted_folders
from jifen_analysis.periods import YEARS, Kind
from jifen_analysis.schemes.requirements import marked_items
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.tables import Records
from jifen_analysis.vocabulary import MarkedName, Vocabulary, spelling, standard

if TYPE_CHECKING:  # who reads a converted folder needs no correspondence table
    import pandas as pd

    from jifen_analysis.intake.correspondence import CorrespondenceSource
    from jifen_analysis.intake.database import Database
    from jifen_analysis.intake.held_tables import HeldTable

    Data = str | Path | Mapping[str, pd.DataFrame] | Database

Ruled = Scheme | str | Path
"""What may be given as a scheme: one that was read, a built-in name, or a file."""


def load(
    path: Data,
    *,
    year: int | None = None,
    roster: RosterSource | None = None,
    id_width: int | None = None,
    scheme: Ruled | Iterable[Ruled] | None = None,
    words: CorrespondenceSource | None = None,
) -> Records:
    r"""Read frames, a workbook, CSV or Parquet file, a folder of them, or a database.

    Parameters
    ----------
    path : str, Path, mapping of str to DataFrame, or Database
        A file, a folder with or without sub-folders; frames by the name of their
        table (花名册, 考勤 …, or ``members``, ``attendance`` …), with the headers and
        words that a workbook may have; or queries to a database, given here or in
        a TOML file.
    year : int, optional
        The year of dates that name none, where neither title nor names say it.
    roster : str, Path or Records, optional
        A roster for data that bring none, or not everyone.
    id_width : int, optional
        Digits of a member id: numbers are padded with zeros to it.
    scheme : Scheme, str, Path, or several of them, optional
        Under which the records will be scored: the words of its own are known.
    words : str, Path, Correspondence or mapping, optional
        A correspondence table (对照表): what local words, headers, signs and
        names of branches mean. One that stands beside the data, called
        ``对照表.xlsx`` or ``布局.toml``, is read in any case.

    Returns
    -------
    Records
        Typed and checked.

    Raises
    ------
    InvalidRecords
        With every problem of every file, addressed.
    UsageError
        Where there is nothing to read.

    Notes
    -----
    A row of a roster is a member in the year that its sheet, workbook or
    folder names; where none is named it holds in every year of the data. So
    workbooks of several years lie side by side, and a transfer is two rows
    whose dates do not overlap.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "花名册.csv").write_text("党员编号,党支部\n00001,第一支部\n", encoding="utf-8")
    >>> load(folder).members["branch"].tolist()
    ['第一支部']

    >>> import pandas as pd
    >>> roster = pd.DataFrame({"党员编号": ["00001"], "党支部": ["第一支部"]})
    >>> dues = pd.DataFrame({"编号": ["00001"], "月份": ["2024年3月"], "应缴": ["12元"], "实缴": [12]})
    >>> load({"花名册": roster, "党费": dues}).dues[["month", "due", "paid"]].to_numpy().tolist()
    [['2024-03', 12.0, 12.0]]
    """
    found = check(path, year=year, roster=roster, id_width=id_width, scheme=scheme, words=words)
    if found.errors:
        raise InvalidRecords(found.problems)
    if found.records is None:
        raise InvalidRecords((no_roster(),))
    return found.records


def check(
    path: Data,
    *,
    year: int | None = None,
    roster: RosterSource | None = None,
    id_width: int | None = None,
    scheme: Ruled | Iterable[Ruled] | None = None,
    words: CorrespondenceSource | None = None,
    each: Each | None = None,
    watch: Watch | None = None,
) -> Check:
    """Say everything about files before they are scored; never fails for what is in them.

    Parameters
    ----------
    path, year, roster, id_width, scheme, words
        As for :func:`load`.
    each : callable, optional
        What applies a function to every file, such as the ``map`` of a pool of
        processes; one after the other by default.
    watch : callable, optional
        What is told from time to time how many bytes of long tables (Parquet, CSV, a database) were
        looked through, and of how many.

    Returns
    -------
    Check
        Verdict, problems, notes, and the records of the files without error.

    Raises
    ------
    UsageError
        Where there is nothing to read, or the year is none of a record.
    InvalidRecords
        Where the roster that was given, or a correspondence table, will not do.

    Examples
    --------
    >>> import pandas as pd
    >>> roster = pd.DataFrame({"党员编号": ["00001"], "党支部": ["第一支部"]})
    >>> dues = pd.DataFrame({"编号": ["00001"], "月份": ["2024年3月"], "应缴": [12], "实缴": ["付了"]})
    >>> found = check({"花名册": roster, "党费": dues})
    >>> found.verdict, found.errors[0].cell
    ('reject', '[0].实缴')
    """
    if year is not None and year not in YEARS:
        raise UsageError(
            f"年份应在 {YEARS[0]} 与 {YEARS[-1]} 之间;收到 {year}",
            f"a year lies between {YEARS[0]} and {YEARS[-1]}; found {year}",
        )
    schemes = _read(scheme)
    vocabulary = extended_vocabulary(schemes)
    files = path if isinstance(path, str | Path) and not is_mapping(path) else None
    if files is not None and (folders := converted_folders(files)):
        _refuse_settled(roster=roster, id_width=id_width)
        found = check_converted(files, folders, vocabulary, each)
        return found if words is None else replace(found, problems=join_problems(found.problems, (_words_settled(),)))
    # Not before there is a file to open: converted folders need nothing of what reads workbooks.
    from jifen_analysis.intake.correspondence import correspondence_for, read_correspondence
    from jifen_analysis.intake.held_tables import with_labels
    from jifen_analysis.intake.workbooks import check_files

    if isinstance(path, str | Path):
        table = correspondence_for(path, words, vocabulary)
    else:
        table = read_correspondence(words or {}, vocabulary)
    with nullcontext() if files is not None else _held(path) as held:
        found = check_files(
            files if files is not None else held or (), vocabulary, table, year=year, roster=roster, id_width=id_width,
            each=each if files is not None and each else map, period=_scored_for(schemes), watch=watch,
        )  # fmt: skip
    return with_labels(found, path) if isinstance(path, Mapping) else found


def is_mapping(path: str | Path) -> bool:
    """Return whether a path is a file that maps queries of a database to tables."""
    file = Path(path)
    return file.is_file() and (file.suffix.lower() == ".toml" or file.name == "数据库.xlsx")


def _held(data: Data) -> AbstractContextManager[list[HeldTable]]:
    """Return what is in no file, as long as it is asked: frames, or what a database answers."""
    from jifen_analysis.intake.database import Database, read_database
    from jifen_analysis.intake.held_tables import held_frames

    source = read_database(data) if isinstance(data, str | Path) else data
    return source.snapshot() if isinstance(source, Database) else nullcontext(held_frames(source))


def extended_vocabulary(scheme: Ruled | Iterable[Ruled] | None = None) -> Vocabulary:
    """Return the vocabulary with the events that schemes add to it, and the items that they have marked.

    Raises
    ------
    UsageError
        Where there is no such scheme, or a spelling of one means another thing in another.
    InvalidScheme
        With every mistake in a scheme's file.

    Examples
    --------
    >>> extended_vocabulary("community_60_40").code("status", "旷会")
    'absent'
    """
    schemes = _read(scheme)
    known = standard().extended({code: word for one in schemes for code, word in one.words.words["event"].items()})
    items: dict[str, list[tuple[str, str, frozenset[float]]]] = {}
    for one in chain.from_iterable(marked_items(scheme.book) for scheme in schemes):
        items.setdefault(spelling(one[0]), []).append(one)
    return replace(known, items={name: _marked_name(same) for name, same in items.items()}) if items else known


def _marked_name(same: Iterable[tuple[str, str, frozenset[float]]]) -> MarkedName:
    """Return what schemes say of an item under one name, where all say the same."""
    texts, labels, full = (set(said) for said in zip(*same, strict=True))
    marks = frozenset().union(*full)
    return MarkedName(texts.pop() if len(texts) == 1 else "", min(labels), max(marks) if len(marks) == 1 else 0.0)


def _read(scheme: Ruled | Iterable[Ruled] | None) -> list[Scheme]:
    given = [scheme] if isinstance(scheme, Scheme | str | Path) else scheme or ()
    return [one if isinstance(one, Scheme) else read_scheme(one) for one in given]


def _scored_for(schemes: Iterable[Scheme]) -> Kind | None:
    """Return what one score is for, where all schemes say the same."""
    kinds = {scheme.period for scheme in schemes}
    return kinds.pop() if len(kinds) == 1 else None


def _refuse_settled(**given: object) -> None:
    """Refuse what was settled when a folder was converted; there every date has its year."""
    options = [f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None]
    if options:
        listed = "、".join(options)
        raise UsageError(
            f"已转换的文件夹里,名册和编号都已确定,不能再用 {listed};请在 jifen convert 时给出",
            f"roster and ids of a converted folder are settled: give {', '.join(options)} to jifen convert instead",
        )


def _words_settled() -> Problem:
    text = Text(
        "已转换的文件夹按转换时的对照表读入,这次给出的未用;要用新的,请重新 jifen convert",
        "a converted folder keeps the correspondence table it was converted with; convert again for another",
    )
    return Problem("note", "words_settled", text)
