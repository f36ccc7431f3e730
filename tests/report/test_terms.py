"""The terms of the trade in everything that leaves: 等次, never 等级 or 成绩; 异议 and 复核, never 申诉; 拟定, 建议."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import openpyxl
import pytest

from jifen_analysis.errors import Lang
from jifen_analysis.intake import write_template
from jifen_analysis.report.manifest import origin
from jifen_analysis.report.notice import notices, write_notices
from jifen_analysis.report.results import sheets
from jifen_analysis.report.review import review
from jifen_analysis.report.slips import SIGNED
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.explain.sections import sections
from tests.report.sampled import result, texts

OTHERS = "等级|成绩|申诉|[Aa]ppeal"
OWN_TITLES = "取得成绩"
"""What a scheme's own source calls an item."""

LIBRARY = resources.files("jifen_analysis.schemes") / "library"
Said = Callable[[str, Path], str]


def cells(path: Path) -> str:
    """Return every text of a workbook, its comments and lists of choices too."""
    book = openpyxl.load_workbook(path)
    found: list[object] = list(book.sheetnames)
    for sheet in book:
        found += [value for row in sheet.iter_rows() for cell in row for value in (cell.value, cell.comment)]
        found += [(rule.prompt, rule.error, rule.promptTitle) for rule in sheet.data_validations.dataValidation]
    return " ".join(map(str, found))


def small(scheme: str) -> Assessment:
    """The smallest sample of which there is something to say everywhere."""
    return result(scheme, 40)


def reviewed(scheme: str, lang: Lang) -> str:
    """The review, names and all."""
    return texts(review(small(scheme), lang=lang, with_names=True))


def slips_of(scheme: str, lang: Lang) -> Iterator[str]:
    """What stands on a few slips."""
    for member in small(scheme).table["member_id"].unique()[:4]:
        for part in sections(small(scheme).explain(member), lang):
            yield from (part.title, *part.heads, *part.notes, *(text for pair in part.facts for text in pair))
            yield from (text for row in part.rows for text in row.cells)
    yield from SIGNED[lang]


def shown(scheme: str) -> Iterator[str]:
    """The results workbook, each text once."""
    for sheet in sheets(small(scheme)):
        yield from (sheet.name, sheet.title, *sheet.headers)
        yield from (str(value) for column in sheet.frame for value in sheet.frame[column].unique())


WORDS: dict[str, Said] = {
    "review zh": lambda scheme, _: reviewed(scheme, "zh"),
    "review en": lambda scheme, _: reviewed(scheme, "en"),
    "slips zh": lambda scheme, _: " ".join(slips_of(scheme, "zh")),
    "slips en": lambda scheme, _: " ".join(slips_of(scheme, "en")),
    "notices": lambda scheme, path: cells(write_notices(notices(small(scheme)), path, origin(small(scheme)))),
    "workbook": lambda scheme, _: " ".join(shown(scheme)),
    "template": lambda scheme, path: cells(write_template(path, scheme=small(scheme).scheme)),
}


FIVE = tuple(scheme_names())[::2]
"""Half of the schemes are enough in English: one word is looked for there, which no scheme's own text brings."""


@pytest.mark.parametrize(
    ("kind", "scheme"), [(kind, name) for kind in WORDS for name in (FIVE if kind.endswith("en") else scheme_names())]
)
def test_no_other_terms_are_used(kind: str, scheme: str, tmp_path: Path) -> None:
    """Whatever is written, under every scheme, and in English, too."""
    said = WORDS[kind](scheme, tmp_path / "a.xlsx").replace(OWN_TITLES, "")
    assert len(said) > 100
    assert re.findall(f".{{0,12}}(?:{OTHERS}).{{0,12}}", said) == []


@pytest.mark.parametrize("scheme", ["community_60_40", "bureau_quarterly"])
@pytest.mark.parametrize("kind", ["review en", "slips en"])
def test_english_holds_chinese_only_of_data_and_scheme(kind: str, scheme: str, tmp_path: Path) -> None:
    """Every run of Chinese signs in what is written in English stands so in the records or in the scheme's own text."""
    records = small(scheme).records
    assert records is not None
    tables = [records.table(name).select_dtypes(exclude="number") for name in ("members", "events")]
    known = [str(value) for table in tables for column in table for value in table[column].unique()]
    own = f"{(LIBRARY / f'{scheme}.toml').read_text('utf-8')} {' '.join(known)}"
    runs = set(re.findall("[\u4e00-\u9fff]+", WORDS[kind](scheme, tmp_path / "a.xlsx")))
    assert sorted(run for run in runs if run not in own) == []


def test_what_a_meeting_decides_is_only_proposed() -> None:
    """The review says of grades and of what follows that they are proposals; the notice of grades."""
    said = reviewed("community_60_40", "zh")
    assert "拟定" in said
    assert "建议" in said
