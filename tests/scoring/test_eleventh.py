"""An eleventh scheme, written only here: a file and nothing else, with every figure worked out by hand.

Points by the month with a floor, a bonus with a cap, a quota of 15%, two
categories, and an event that the records' own vocabulary does not have.
"""

from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.errors import InvalidRecords
from jifen_analysis.intake.load import load
from jifen_analysis.schemes.lint import lint
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables.records import Records
from tests.builders import records
from tests.eleventh import written

MEMBERS = [
    *(["1", "一号楼"], ["2", "一号楼"], ["3", "一号楼"], ["4", "一号楼", {"floating": True}], ["5", "一号楼"]),
    *(["6", "一号楼"], ["7", "一号楼", {"since": "2024-04-10"}], ["8", "二号楼"]),
]
EVENTS = [
    *(
        ["1", "2024-03-12", "tree_planted", {"quantity": 3}],
        ["1", "2024-04-01", "duty_shift"],
        ["1", "2024-05-01", "duty_shift"],
    ),
    ["2", "2024-03-12", "tree_planted", {"quantity": 10}],
    *(["4", "2024-02-01", "good_deed"], ["4", "2024-02-02", "good_deed"], ["4", "2024-02-03", "duty_shift"]),
    *(["5", "2024-06-01", "complaint"], ["5", "2024-06-02", "good_deed"]),
    *(["6", "2024-06-30", "veto"], ["8", "2024-03-12", "tree_planted", {"quantity": 5}]),
]
ATTENDANCE = [
    *(["3", f"2024-03-{day}", "general_meeting", "absent"] for day in (10, 20, 30)),
    *(["5", "2024-06-10", "general_meeting", "absent"], ["5", "2024-06-11", "lecture", "absent"]),
]
EXPECTED = {
    "1": (60 + 3 * 2 + 2, "优秀", "合格", "local", ""),
    "2": (60 + 12, "优秀", "优秀", "local", ""),
    "3": (5 * 10 + 0, "合格", "合格", "local", ""),
    "4": (60 + 2 * 3, "优秀", "合格", "rover", ""),
    "5": (5 * 10 + (10 - 4 - 3), "合格", "合格", "local", ""),
    "6": (60, "合格", "不合格", "local", "veto"),
    "7": (3 * 10 + 3 * 10, "合格", "合格", "local", "part_period"),
    "8": (60 + 5 * 2, "优秀", "合格", "local", ""),
}
"""Total, band, grade, category and flags: in 一号楼 0.15 * 7 leaves one place, in 二号楼 0.15 * 1 none."""


@pytest.fixture(scope="module")
def eleventh(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    """The scheme, read from its file."""
    return read_scheme(written(tmp_path_factory.mktemp("scheme")))


def given(scheme: Scheme) -> Records:
    """The first half of 2024."""
    return records(scheme.words, members=MEMBERS, attendance=ATTENDANCE, events=EVENTS)


def seen(result: Assessment) -> dict[str, tuple[Any, ...]]:
    """Total, band, grade, category and flags by member."""
    columns = result.table[["total", "grade_by_total", "grade", "category", "flags"]].astype(object)
    return dict(zip(result.table["member_id"], columns.itertuples(index=False, name=None), strict=True))


def test_everything_is_as_worked_out_by_hand(eleventh: Scheme) -> None:
    """Months, floor, cap, quota, categories, veto and the new event."""
    assert seen(assess(given(eleventh), eleventh)) == EXPECTED


def test_the_months_are_to_be_seen(eleventh: Scheme) -> None:
    """March of the one who stayed away: 10 - 3 * 4, and 2 back at the floor."""
    result = assess(given(eleventh), eleventh)
    ledger = result.ledger.query("member_id == '3' and part == '2024-03'")
    assert ledger[["rule", "kind", "count", "points"]].astype({"kind": "str"}).to_numpy().tolist() == [
        ["", "start", 0, 10],
        ["absent", "rule", 3, -12],
        ["", "floor", 0, 2],
    ]
    assert result.parts.query("member_id == '5'")["score"].tolist() == [10, 10, 10, 10, 10, 3]


def test_its_reading_lifts_the_cap(eleventh: Scheme) -> None:
    """Ten trees are 20 points more; the base scheme keeps its cap."""
    assert seen(assess(given(eleventh), eleventh.variant("uncapped")))["2"][0] == 60 + 10 * 2
    assert seen(assess(given(eleventh), eleventh))["2"][0] == 72


def test_what_follows_reads_the_new_event(eleventh: Scheme) -> None:
    """Only who is 优秀 and planted trees gets a sapling."""
    found = assess(given(eleventh), eleventh).outcomes
    assert found[["member_id", "period", "outcome"]].to_numpy().tolist() == [["2", "2024H1", "sapling"]]


def test_the_event_is_known_only_with_the_scheme(eleventh: Scheme) -> None:
    """Without it the records are refused, with the nearest word that is known."""
    with pytest.raises(InvalidRecords, match="“tree_planted”不是认得的词"):
        records(members=MEMBERS, events=EVENTS)
    assert given(eleventh).events["event"].cat.categories[-1] == "tree_planted"


@pytest.mark.parametrize("word", ["义务植树", "植树", "tree_planted"])
def test_the_event_is_read_from_a_sheet(eleventh: Scheme, tmp_path: Path, word: str) -> None:
    """By its label, its alias or its code."""
    (tmp_path / "members.csv").write_text("党员编号,党支部\n00001,一号楼\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text(f"党员编号,日期,事项,数量\n00001,2024-03-12,{word},4\n", encoding="utf-8")
    loaded = load(tmp_path, scheme=eleventh)
    assert assess(loaded, eleventh).table["total"].tolist() == [68]


def test_it_can_be_described_and_looked_through(eleventh: Scheme) -> None:
    """Its own event in words; the bonus that 优秀 needs, the branches too small for a place, its other reading."""
    assert "义务植树(tree_planted)" in eleventh.describe()
    assert {(finding.code, finding.path) for finding in lint(eleventh)} == {
        ("grade_needs_bonus", "grades.优秀"),
        ("no_place", "grades.优秀.quota"),
        ("reading", "readings.uncapped"),
    }


def test_records_need_not_know_the_event(eleventh: Scheme) -> None:
    """Records read without the scheme hold no such event, and are scored all the same."""
    plain = records(members=MEMBERS, attendance=ATTENDANCE)
    assert assess(plain, eleventh).table["bonus"].tolist() == [0] * 8


def test_the_built_in_ones_do_not_know_it(eleventh: Scheme) -> None:
    """Another scheme scores the same records, and the event earns nothing there."""
    other = assess(given(eleventh), read_scheme("village_monthly"))
    assert (other.table.query("member_id == '2'")["total"] == 10).all()
