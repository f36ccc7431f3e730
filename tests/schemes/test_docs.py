"""Tests that the documentation of schemes says what the model can."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from jifen_analysis.errors import InvalidScheme
from jifen_analysis.schemes import model
from jifen_analysis.schemes.lint import finding, lint
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from tests.schemes.test_lint import EXPECTED

DOCS = Path(__file__).parents[2] / "docs"
TABLE = (DOCS / "schemes.md").read_text(encoding="utf-8")
GUIDE = (DOCS / "writing_a_scheme.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([A-Z]\w+)` \| `(\w+)` \| (.+?) \| `(.+)` \|$", TABLE, flags=re.MULTILINE)
NAMED = {"year": "年", "half": "半年", "quarter": "季度", "month": "月"}


SHAPES = {
    "逐条": model.PerRecord,
    "按词": model.ByWord,
    "分段": model.Tiered,
    "有无": model.Occurrence,
    "条件": model.Conditional,
}
"""The shapes of a rule, as the page calls them."""


def parts() -> Iterator[type[model.SchemePart]]:
    """Every kind of part of a scheme, apart from those a rule is made of."""
    of_rules = (model.RecordRule, *get_args(model.Rule))
    classes = [part for part in vars(model).values() if isinstance(part, type) and issubclass(part, model.SchemePart)]
    items = [get_args(kind)[0] for kind in get_args(get_args(model.AnyItem)[0])]
    yield from (part for part in dict.fromkeys((*classes, *items)) if not issubclass(part, of_rules))


def keys() -> dict[tuple[str, str], list[FieldInfo]]:
    """Every key of the model, by the table it stands in: what may be said there, in one shape of rule or another."""
    bases = {part: (base for base in part.__mro__[1:] if hasattr(model, base.__name__)) for part in parts()}
    own = [(part.__name__, part, next(listed, object)) for part, listed in bases.items()]
    own += [("Rule", shape, model.Sourced) for shape in get_args(model.Rule)]
    found: dict[tuple[str, str], list[FieldInfo]] = {}
    for table, part, base in own:
        inherited = getattr(base, "model_fields", {})
        for name, field in part.model_fields.items():
            if name not in inherited:
                found.setdefault((table, field.alias or name), []).append(field)
    return found


KEYS = keys()


def test_the_table_lists_every_key_once() -> None:
    """No key of the model is missing from the table, none is made up, none stands twice."""
    listed = [(part, key) for part, key, _, _ in ROWS]
    assert sorted(listed) == sorted(KEYS)


@pytest.mark.parametrize(("part", "key", "meaning", "example"), ROWS, ids=[f"{row[0]}.{row[1]}" for row in ROWS])
def test_every_example_can_stand(part: str, key: str, meaning: str, example: str) -> None:
    """An example is TOML, sets its key, and the model takes its value."""
    value = tomllib.loads(example)
    assert list(value) == [key]
    assert meaning
    assert any(taken(field, value[key]) for field in KEYS[part, key])


def taken(field: FieldInfo, value: Any) -> bool:
    """Whether a key can have a value."""
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def test_every_key_of_a_rule_names_the_shapes_that_take_it() -> None:
    """The shapes are those of the model, each has its line, and a key that names none goes with all of them."""
    assert set(SHAPES.values()) == set(get_args(model.Rule))
    assert re.findall(r"^\| \*\*(\w+)\*\*:", TABLE, flags=re.MULTILINE) == list(SHAPES)
    for key, meaning in [(key, meaning) for part, key, meaning, _ in ROWS if part == "Rule"]:
        named = re.fullmatch(r".*〔(.+)〕", meaning)
        takes = [name for name, shape in SHAPES.items() if key in aliases(shape)]
        assert (key, named[1].split("、") if named else list(SHAPES)) == (key, takes)


def aliases(part: type[model.SchemePart]) -> set[str]:
    """The keys of a part as a file has them."""
    return {field.alias or name for name, field in part.model_fields.items()}


def test_what_a_meaning_refers_to_is_in_the_table() -> None:
    """No row sends its reader to a table that the page does not have."""
    assert {name for _, _, meaning, _ in ROWS for name in re.findall("见 `([A-Z]\\w+)`", meaning)} <= {
        part for part, _, _, _ in ROWS
    }


def test_the_ten_schemes_are_listed_with_their_readings() -> None:
    """Name, title, period and readings of each."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", TABLE.split("## 计分的先后")[0], flags=re.MULTILINE))
    assert set(rows) == set(scheme_names())
    for name, row in rows.items():
        scheme = read_scheme(name)
        title, period, readings = row.split(" | ") if row.count(" | ") == 2 else (*row.split(" | "), "")
        assert title.removesuffix("(默认)") == scheme.title
        assert period.startswith(NAMED[scheme.period])
        assert re.findall(r"`(\w+)`", readings) == list(scheme.book.readings)


def test_every_kind_of_finding_is_explained() -> None:
    """The codes in the table are those that the linter's code has."""
    listed = set(re.findall(r"`(\w+)`", TABLE.split("## `lint` 指出什么")[1]))
    folder = Path(finding.__file__).parent
    coded = {
        code
        for file in folder.glob("*.py")
        for code in re.findall(r'Finding\("(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert listed == coded
    assert {code for codes in EXPECTED.values() for code in codes} <= coded


# ---------------------------------------------------------------- the worked example

BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, flags=re.MULTILINE | re.DOTALL)
GRID = "\n".join(block for kind, block in BLOCKS if kind == "toml")
DESCRIBED, LINTED, REFUSED = (block for kind, block in BLOCKS if kind == "text")


def grid() -> Scheme:
    """The scheme of the worked example."""
    return Scheme(tomllib.loads(GRID), "grid.toml")


def test_the_worked_example_is_a_scheme(tmp_path: Path) -> None:
    """The blocks of the guide, one after the other, make a file that is read."""
    path = tmp_path / "grid.toml"
    path.write_text(GRID, encoding="utf-8")
    assert read_scheme(path).variant("courage_uncapped").title == "网格党员积分"


def test_what_the_guide_shows_is_what_is_printed() -> None:
    """The lines of the description stand in it as the guide has them."""
    assert [line for line in DESCRIBED.splitlines() if line not in grid().describe().splitlines()] == []


def test_what_the_guide_shows_is_what_is_found() -> None:
    """The findings of the guide are the linter's, apart from what the file itself declares."""
    own = {"assumed", "unsaid", "reading"}
    assert LINTED.splitlines() == [one.line() for one in lint(grid()) if one.code not in own]


def test_what_the_guide_shows_is_what_is_refused() -> None:
    """The two slips of the guide give the message of the guide."""
    slips = GRID.replace("points = -1\n", 'points = "-1"\n').replace('event = "courage"', 'event = "corage"')
    with pytest.raises(InvalidScheme) as found:
        Scheme(tomllib.loads(slips), "grid.toml")
    shown = [line.removesuffix("…") for line in REFUSED.splitlines()]
    said = found.value.message().splitlines()
    assert [line for line, start in zip(said, shown, strict=True) if not line.startswith(start)] == []


@pytest.mark.parametrize("text", [TABLE, GUIDE])
def test_links_lead_somewhere(text: str) -> None:
    """Files that the pages link to are there."""
    assert all((DOCS / target).exists() for target in re.findall(r"\]\(([\w./]+)\)", text))
