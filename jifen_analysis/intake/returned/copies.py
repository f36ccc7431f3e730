"""Which files get a copy, and where; each copy made from the package of its source."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from pathlib import Path, PurePath

from jifen_analysis.errors import Problem, UsageError, kinds_of
from jifen_analysis.intake.check import Check
from jifen_analysis.intake.files import DataFile, data_files
from jifen_analysis.intake.grid import Address, Grid, UnreadableError, open_grids
from jifen_analysis.intake.layouts.return_markers import OUR_COLUMN, OUR_LIST, is_our_list
from jifen_analysis.intake.returned import comments, styles
from jifen_analysis.intake.returned.book import NAMELESS, sheets_of, with_first, without, without_macros, workbook_of
from jifen_analysis.intake.returned.cells import CellChange, formats_at, with_changes, with_column
from jifen_analysis.intake.returned.marks import MOST_MARKS, MOST_ROWS, SheetMarks, list_sheet, marks_on
from jifen_analysis.intake.returned.package import BOOK, MAIN, TYPES, Parts, links, parts_of
from jifen_analysis.saving import make_folder, output_day, replacing

SUFFIX = "_退回"
_STYLES = "xl/styles.xml"


def return_copies(path: str | Path, found: Check, folder: str | Path) -> tuple[Path, ...]:
    """Write a marked copy of every file with errors.

    Parameters
    ----------
    path : str or Path
        What was checked.
    found : Check
        What was found in it.
    folder : str or Path
        Where the copies go; sub-folders of the data are kept.

    Returns
    -------
    tuple of Path
        The copies, ``X_退回.xlsx`` each. A file that cannot be opened has none.

    Raises
    ------
    UsageError
        Where a copy would stand over one of the files checked, or cannot be
        written; nothing is written over a source.
    """
    files, _ = data_files(path)
    wrong = {kind[0].file for kind in kinds_of(found.errors)}
    targets = _targets([file.name for file in files if file.name in wrong], Path(folder))
    sources = {file.path.resolve() for file in files}
    over = [target for target in targets.values() if target.resolve() in sources]
    if over:
        raise UsageError(
            f"退回件会覆盖报来的文件 {over[0]},请换一个文件夹", f"the copy would overwrite its source {over[0]}"
        )
    made = (_returned(file, found.problems, targets[file.name]) for file in files if file.name in targets)
    return tuple(target for target in made if target is not None)


def _targets(names: Sequence[str], folder: Path) -> dict[str, Path]:
    """Return where each copy goes; of files whose copies would bear one name, only the first workbook's does."""
    targets: dict[str, Path] = {}
    for file in sorted(map(PurePath, names), key=lambda file: (file.suffix != ".xlsx", file.stem.endswith(SUFFIX))):
        stems = (file.stem.removesuffix(SUFFIX), file.name)
        places = [folder / file.parent / f"{stem}{SUFFIX}.xlsx" for stem in stems]
        targets[file.as_posix()] = next(place for place in places if place not in targets.values())
    return targets


def _returned(file: DataFile, problems: Sequence[Problem], target: Path) -> Path | None:
    mine = [problem for problem in problems if problem.file == file.name]
    try:
        grids = open_grids(file.path, file.name)
        own = [grid for grid in grids if not is_our_list(grid)]
        marks = {grid.sheet or NAMELESS: marks_on(grid, [p for p in mine if p.sheet == grid.sheet]) for grid in own}
        return _saved(_marked_inside(file.path, marks, mine) or _marked_anew(file.path, grids, marks, mine), target)
    except UnreadableError:
        return None


def _marked_inside(path: Path, marks: Mapping[str, SheetMarks], problems: Sequence[Problem]) -> Parts | None:
    """Mark a workbook within its own package, if it is one whose parts are as they should be."""
    if not zipfile.is_zipfile(path):
        return None
    try:
        parts = parts_of(path)
        if not _usual(parts):
            return None
        macros = any(link.kind == "vbaProject" for link in links(parts, BOOK))
        return _marked(without_macros(parts), marks, problems, ["宏"] * macros)
    except (UnreadableError, LookupError, ValueError, StopIteration):
        return None  # damaged where no reader looks


def _marked_anew(
    path: Path, grids: Sequence[Grid], marks: Mapping[str, SheetMarks], problems: Sequence[Problem]
) -> Parts:
    kept = path.suffix.lower() in (".csv", ".tsv", ".txt")
    lost = [] if kept else ["格式、公式、批注和图片(已另存为 .xlsx,只保留内容)"]
    return _marked(workbook_of(grids), marks, problems, lost)


def _usual(parts: Parts) -> bool:
    """Return whether a package is written as nearly all are, so that it can be marked inside."""
    if BOOK not in parts or _STYLES not in parts:
        return False
    heads = [parts[name][:4096] for name in (BOOK, _STYLES, *sheets_of(parts).values())]
    return all(f'xmlns="{MAIN}"'.encode() in head and b"UTF-16" not in head.upper() for head in heads)


# ---------------------------------------------------------------- marking


def _marked(parts: Parts, marks: Mapping[str, SheetMarks], problems: Sequence[Problem], lost: Sequence[str]) -> Parts:
    sheets = {name: part for name, part in sheets_of(parts).items() if name in marks}
    made = _unmarked(reduce(without, sheets_of(parts).keys() - marks.keys(), parts), sheets.values())
    texts = {name: made[part].decode() for name, part in sheets.items()}
    worn = {name: formats_at(texts[name], marks[name].cells) for name in sheets}
    pairs = {(worn[name].get(at, 0), kind) for name in sheets for at, (kind, _) in marks[name].cells.items()}
    made[_STYLES], over, own = styles.with_marks(made[_STYLES], sorted(pairs))
    for name, part in sheets.items():
        text = with_changes(texts[name], _changes(marks[name], worn[name], over, own))
        made[part] = reduce(with_column, {column for _, column in marks[name].texts}, text).encode()
        made = comments.with_comments(made, part, marks[name].comments)
    listed, remarks = _listed(problems, marks)
    remarks += [f"退回件未能保留:{what}" for what in lost]
    free = next(name for name in (OUR_LIST, *(f"{OUR_LIST}{n}" for n in range(2, 300))) if name not in sheets)
    return with_first(made, free, list_sheet(listed, remarks, own, NAMELESS))


def _unmarked(parts: Parts, sheets: Iterable[str]) -> dict[str, bytes]:
    """Take back what an earlier return has left on the sheets, but for the cells of our column."""
    # LibreOffice writes a colour of its own where a solid fill keeps the one that it covers.
    kept = b"LibreOffice" not in parts.get("docProps/app.xml", b"")
    made = {**parts, _STYLES: styles.strip_fills(parts[_STYLES], kept_below=kept)}
    return reduce(comments.strip_comments, sheets, made)


def _changes(
    marks: SheetMarks, worn: Mapping[Address, int], over: Mapping[styles.Worn, int], own: Mapping[str, int]
) -> dict[Address, CellChange]:
    gone = {at: CellChange(gone=True) for at in marks.ours}
    filled = {at: CellChange(style=over[worn.get(at, 0), kind]) for at, (kind, _) in marks.cells.items()}
    texts = {at: CellChange(own["ours" if text == OUR_COLUMN else "said"], text) for at, text in marks.texts.items()}
    return {**gone, **filled, **texts}


def _listed(problems: Sequence[Problem], marks: Mapping[str, SheetMarks]) -> tuple[list[Problem], list[str]]:
    """Return what the list names, errors first, and what is said below it of the rest."""
    errors = [problem for problem in problems if problem.severity == "error"]
    notes = [problem for problem in problems if problem.severity == "note"]
    rest = {"错误": len(errors) - MOST_ROWS, "提示": len(notes) - MOST_MARKS}
    remarks = [f"另有 {number} 处{what}未列出" for what, number in rest.items() if number > 0]
    crowded = {name: mark for name, mark in marks.items() if mark.left}
    remarks += [f"“{name}”有 {MOST_MARKS + mark.left} 处,只标出前 {MOST_MARKS} 处" for name, mark in crowded.items()]
    return [*errors[:MOST_ROWS], *notes[:MOST_MARKS]], remarks


def _saved(parts: Parts, target: Path) -> Path:
    make_folder(target.parent)
    day = output_day()
    with replacing(target) as draft, zipfile.ZipFile(draft, "w") as package:
        for name in sorted(parts, key=lambda name: name != TYPES):  # readers go by the first part
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            package.writestr(info, parts[name], zipfile.ZIP_DEFLATED)
    return target
