"""Tests of reading a scheme: from a file, with every mistake at once."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import InvalidScheme, JifenError, Problem, UsageError
from jifen_analysis.schemes.model import Rule
from jifen_analysis.schemes.read import check_changes, read_document, rule_book
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.variants import patch_document
from tests.schemes.builders import GONE, SMALL, Document, document, faults

RULES = "components.duty.items.meetings.rules"
TEXTS = ("title", "clause", "assumed", "by")
"""Keys of a rule that an empty text is no wrong kind of value for."""

FOREIGN = r"Input|should|valid|pydantic"
"""Words of pydantic's own messages."""


def written(folder: Path, text: str) -> Path:
    """A scheme file with some text."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> InvalidScheme:
    """What is wrong with a file."""
    with pytest.raises(InvalidScheme) as found:
        read_scheme(path)
    return found.value


# ---------------------------------------------------------------- files


def test_a_file_is_read_like_a_built_in_scheme(tmp_path: Path) -> None:
    """A path to a .toml file gives a scheme that knows its file's name."""
    scheme = read_scheme(written(tmp_path, SMALL))
    assert (scheme.id, scheme.title, scheme.period, scheme.file) == ("small", "小方案", "half", "mine.toml")


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    """Files saved by a Windows editor are read."""
    path = tmp_path / "mine.toml"
    path.write_text(SMALL, encoding="utf-8-sig")
    assert read_scheme(path).id == "small"


def test_an_unknown_name_lists_the_built_in_ones() -> None:
    """A slip in a name is met with the nearest and all others."""
    with pytest.raises(
        UsageError, match=r"没有方案 community_60-40,最接近的是 community_60_40。内置方案:branch_scorecard"
    ):
        read_scheme("community_60-40")


def test_a_missing_file(tmp_path: Path) -> None:
    """A path that leads nowhere is said to."""
    with pytest.raises(UsageError, match=r"没有方案文件 .*none\.toml"):
        read_scheme(tmp_path / "none.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder called like a scheme cannot be opened."""
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(UsageError, match="打不开"):
        read_document(tmp_path / "folder.toml")


def test_another_encoding_is_named(tmp_path: Path) -> None:
    """A file in GBK is asked for as UTF-8."""
    path = tmp_path / "mine.toml"
    path.write_bytes(SMALL.encode("gbk"))
    with pytest.raises(UsageError, match="另存为 UTF-8"):
        read_scheme(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id = "a"\nid = "b"\n', "第 2 行第 9 列:同一个键写了两次"),
        ("[a]\n[a]\n", "第 2 行第 3 列:同一个键写了两次"),
        ("a = { b = 1, b = 2 }", "第 1 行第 19 列:同一个键写了两次"),
        ("id = \n", "第 1 行第 6 列:不是有效的 TOML"),
        ("id = 'x", "不是有效的 TOML(在文件末尾)"),
        ("id = 1" + "0" * 5000, "不是有效的 TOML"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """A key that stands twice, a slip, a number without end: in Chinese, by line and column."""
    (problem,) = problems(written(tmp_path, text)).problems
    assert (problem.file, problem.code, problem.message()) == ("mine.toml", "not_toml", said)


def test_the_same_slip_in_english(tmp_path: Path) -> None:
    """Messages exist in both languages."""
    found = problems(written(tmp_path, "[a]\n[a]\n"))
    assert found.message("en").endswith("line 2, column 3: a key stands twice")


# ---------------------------------------------------------------- every mistake at once


def test_all_mistakes_at_once_with_file_and_path(tmp_path: Path) -> None:
    """Slips in keys, values, words and names all over the file are listed together."""
    text = (
        SMALL.replace('period = "half"', 'period = "weekly"')
        .replace("weight = 0.8", "wieght = 0.8")
        .replace("start = 60", 'start = "sixty"')
        .replace('event = "veto"', 'event = "vetoo"')
        .replace('measure = "total", below', 'measure = "totall", below')
        .replace("at_least = 60\n[grades.", "at_least = 95\n[grades.")
    )
    found = problems(written(tmp_path, text))
    assert {problem.cell: problem.code for problem in found.problems} == {
        "period": "literal_error",
        "components.duty.wieght": "extra_forbidden",
        "components.duty.items.meetings.start": "value_error",
        "forced.veto.any.0.where.event": "unknown_word",
        "outcomes.talk.any.0.measure": "unknown_name",
        "grades.良": "cut_order",
    }
    assert {problem.file for problem in found.problems} == {"mine.toml"}
    assert found.message().startswith("方案文件有 6 处错误:\nmine.toml ")


def test_found_and_right_are_said() -> None:
    """A message says what was found and what would be right."""
    with pytest.raises(
        InvalidScheme, match=r'period: 须是 年\(year\)、半年\(half\)、季度\(quarter\)、月\(month\) 之一;现为 "weekly"'
    ):
        rule_book(document({"period": "weekly"}))
    with pytest.raises(InvalidScheme, match=r"components\.duty\.wieght: 这里没有这个键,是否要写 weight"):
        rule_book(document({"components.duty.wieght": 1}))
    with pytest.raises(InvalidScheme, match="最接近的是 缺席"):
        rule_book(document({"components.duty.items.meetings.rules.attendance.points": {"absnt": -1}}))


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("title", GONE, "missing"),
        ("period", "week", "literal_error"),
        ("extra", 1, "extra_forbidden"),
        ("year_grades", "yes", "bool_type"),
        ("valid_from", "2024-01-01", "date_type"),
        ("components", [], "dict_type"),
        ("components", {}, "too_short"),
        ("components.duty.weight", -1, "greater_than_equal"),
        ("components.duty.weight", True, "value_error"),
        ("components.duty.items.mark.max", GONE, "missing"),
        ("components.duty.items.mark.from", "mark", "union_tag_invalid"),
        ("components.duty.items.meetings.rules.attendance.points", [1], "value_error"),
        ("components.duty.items.meetings.rules.attendance.points.late", "lost", "value_error"),
        ("components.duty.items.meetings.rules.attendance.where", "x", "dict_type"),
        ("components.duty.items.meetings.rules.dues.tiers", [[1]], "missing"),
        ("components.duty.items.meetings.rules.dues.tiers", [[1, 2, 3]], "too_long"),
        ("components.review.items.mean.groups.all.pool", [], "too_short"),
        ("grades.优.quota.share", 15, "value_error"),
        ("outcomes.reward.top.count", 1.5, "int_type"),
        ("outcomes.reward.at", "month", "literal_error"),
        ("outcomes.talk.any", {}, "tuple_type"),
        ("categories.old.when.age_at_least", 600, "less_than_equal"),
    ],
)
def test_each_kind_of_mistake_once_and_in_chinese(path: str, value: Any, code: str) -> None:
    """One slip gives one problem, at its place, without a word of pydantic's."""
    with pytest.raises(InvalidScheme) as found:
        rule_book(document({path: value}))
    (problem,) = found.value.problems
    assert (problem.cell.startswith(path), problem.code) == (True, code)
    assert re.search(FOREIGN, problem.message() + problem.message("en")) is None


RULE_KEYS = sorted({field.alias or key for shape in get_args(Rule) for key, field in shape.model_fields.items()})


@pytest.mark.parametrize("value", [date(2024, 1, 1), [date(2024, 1, 1)], ""])
@pytest.mark.parametrize("rule", ["attendance", "dues"])
def test_a_value_of_the_wrong_kind_is_told_at_its_key(rule: str, value: Any) -> None:
    """Whatever the rule's shape, and whether or not its keys then go together: one mistake, at the key alone."""
    told = {
        key: [address.partition(f".{rule}.")[2].split(".")[0] for address in faults({f"{RULES}.{rule}.{key}": value})]
        for key in RULE_KEYS
        if value or key not in TEXTS
    }
    assert told == {key: [key] for key in told}


def test_a_name_that_would_break_paths_is_refused() -> None:
    """Names stand in paths and in flags: no dots, no semicolons, no spaces."""
    raw = document()
    raw["components"]["a.b"] = raw["components"]["bonus"]
    with pytest.raises(InvalidScheme, match="名称不能是空的,不能含点"):
        rule_book(raw)


def test_a_faulty_part_does_not_hide_the_others() -> None:
    """Where a part cannot be read at all, the rest is still checked."""
    found = faults(
        {"title": 3, "components.duty.items.mark": 7, "grades.良.at_least": 99, "outcomes.reward.top.by": "x"}
    )
    assert found == {
        "title": "string_type",
        "components.duty.items.mark": "model_type",
        "grades.良": "cut_order",
        "outcomes.reward.top.by": "unknown_name",
    }


def test_what_depends_on_a_faulty_part_is_not_guessed() -> None:
    """Without a sound period nothing is said of parts and dates."""
    assert faults({"period": 5}) == {"period": "literal_error"}


def test_nothing_but_nonsense() -> None:
    """A document without a single right key is refused like any other."""
    with pytest.raises(InvalidScheme) as found:
        rule_book({"a": 1})
    assert {problem.cell for problem in found.value.problems} == {"id", "title", "source", "period", "components", "a"}


# ---------------------------------------------------------------- readings and dated changes


@pytest.mark.parametrize(
    ("section", "change", "code", "said"),
    [
        ("readings.bad", {"set": {"grades.忧.at_least": 1}}, "no_such_path", "没有路径 grades.忧.at_least"),
        ("readings.bad", {"drop": ["grades.忧"]}, "no_such_path", "没有路径"),
        ("readings.bad", {"set": {"grades.优.at_least": 10}}, "unfit_change", "分数线须低于"),
        ("readings.bad", {"set": {"period": "week"}}, "unfit_change", "之一"),
        ("changes.2025-01-01", {"set": {"components.x.weight": 1}}, "no_such_path", "没有路径"),
    ],
)
def test_readings_and_changes_must_apply(section: str, change: dict[str, Any], code: str, said: str) -> None:
    """A reading that leads nowhere, or to no scheme, is a mistake of the file."""
    raw = document({section: change})
    with pytest.raises(InvalidScheme, match=said) as found:
        check_changes(raw, rule_book(raw), "mine.toml")
    assert [(problem.cell, problem.code) for problem in found.value.problems] == [(section, code)]


def test_later_changes_are_checked_after_earlier_ones() -> None:
    """A change may drop what an earlier one set, but not the other way round."""
    later = {"drop": ["components.bonus.items.extra.cap"]}
    raw = document({"changes": {"2024-01-01": later, "2025-01-01": later}})
    with pytest.raises(InvalidScheme) as found:
        check_changes(raw, rule_book(raw))
    assert [problem.cell for problem in found.value.problems] == ["changes.2025-01-01"]


def test_reading_a_file_checks_its_readings(tmp_path: Path) -> None:
    """A file with a reading that does not apply is refused as a whole."""
    text = SMALL + '\n[readings.bad]\ntitle = "x"\nset = { "grades.忧.at_least" = 1 }\n'
    assert [problem.cell for problem in problems(written(tmp_path, text)).problems] == ["readings.bad"]


# ---------------------------------------------------------------- damage


ODD = st.sampled_from(
    ["", "x", "branch_mean", "forfeit", 0, -1, 1e9, 0.5, True, [], [1], {}, {"from": "marks"}, None, "1/3"]
)


def _leaves(tree: Any, path: str = "") -> list[str]:
    if not isinstance(tree, dict):
        return [path]
    inside = [leaf for key, child in tree.items() for leaf in _leaves(child, f"{path}.{key}" if path else key)]
    return [path, *inside] if path else inside


LEAVES = [leaf for leaf in _leaves(tomllib.loads(SMALL)) if not leaf.startswith(("readings.", "changes."))]


def refusals(raw: Document) -> tuple[Problem, ...]:
    """What is wrong with a document; nothing where it is sound."""
    try:
        rule_book(raw)
    except InvalidScheme as refusal:
        assert refusal.problems  # noqa: PT017 - a refusal without a reason would be none
        return refusal.problems
    return ()


@given(st.dictionaries(st.sampled_from(LEAVES), ODD, min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_damage_gives_a_scheme_or_a_refusal(damage: dict[str, Any]) -> None:
    """Whatever stands in whatever place: a sound scheme, or mistakes with their places; never anything else."""
    try:
        raw = patch_document(tomllib.loads(SMALL), damage)
    except UsageError:
        return
    messages = [problem.message() for problem in refusals(raw)]
    assert [message for message in messages if re.search(FOREIGN, message)] == []


@given(st.text(alphabet='id=[]{}"\n.component 12#', max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """A file of anything at all gives an error of this package, never another."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(JifenError):
        read_scheme(path)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("[grades.优秀]", "优秀"),
        ("[grades.优秀.quota]", "优秀"),
        ('[grades."合格".名额]', "名额"),
        ("优秀 = 3", "优秀"),
        ("a.优秀 = 3", "优秀"),
        ('x = { "合格" = 1, 优秀 = 3 }', "优秀"),
        ("积分A = 3", "积分A"),
    ],
)
def test_a_chinese_key_without_quotes_is_told_to_be_quoted(tmp_path: Path, line: str, key: str) -> None:
    """Wherever a key may stand; the line and column are its own."""
    file = tmp_path / "a.toml"
    file.write_text(f'id = "x"\n{line}\n', encoding="utf-8")
    with pytest.raises(InvalidScheme, match=f'第 2 行第 .* 列:中文的键须加引号,写成 "{key}"'):
        read_document(file)


@pytest.mark.parametrize("line", ["x = 优秀", 'x = ["甲", 乙]', "x = 3 优秀"])
def test_a_chinese_text_without_quotes_is_no_key(tmp_path: Path, line: str) -> None:
    """It is said to be no TOML, and nothing about keys."""
    file = tmp_path / "a.toml"
    file.write_text(f'id = "x"\n{line}\n', encoding="utf-8")
    with pytest.raises(InvalidScheme, match="不是有效的 TOML") as refused:
        read_document(file)
    assert "引号" not in str(refused.value)
