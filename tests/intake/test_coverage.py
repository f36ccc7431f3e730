from pathlib import Path

import pandas as pd
import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import check, load
from jifen_analysis.intake.coverage import coverage, off_the_list
from jifen_analysis.store.write import convert
from tests.intake.sheets import book
from tests.store.test_write import records_of

ROSTER = ("党员编号", "党支部")
DUES = ("党员编号", "月份", "应缴", "实缴")


def _states(found: object) -> dict[tuple[str, str], str]:
    frame = coverage(found, expect=["甲支部", "乙支部", "丙支部"])
    return {(row.branch, row.table): row.state for row in frame.itertuples()}


def test_states_of_branches(tmp_path: Path) -> None:
    """Reported, a table missing, returned for an error, nothing at all."""
    dues = [DUES, ("00001", "2024-01", 10, 10), ("00001", "2024-02", 10, 10)]
    book(tmp_path / "甲支部.xlsx", {"花名册": [ROSTER, ("00001", "甲支部")], "党费": dues})
    book(tmp_path / "乙支部.xlsx", {"花名册": [ROSTER, ("00002", "乙支部")]})
    book(tmp_path / "丁支部.xlsx", {"花名册": [ROSTER, ("00004", "丁支部")], "党费": [DUES, ("00004", "一季度", 1, 1)]})
    found = check(tmp_path)
    states = _states(found)
    assert states["甲支部", "dues"] == "reported"
    assert states["乙支部", "dues"] == "table_missing"
    assert states["丙支部", "dues"] == "nothing"
    assert states["丁支部", "dues"] == "returned"
    row = coverage(found).query("branch == '甲支部' and table == 'dues'").iloc[0]
    assert (row.members, row.members_with_records, row.months, row.errors) == (1, 1, "2024-01;2024-02", 0)


def test_damaged_file_is_its_branch_s(tmp_path: Path) -> None:
    """A file that cannot be read counts against the branch it is named for."""
    book(tmp_path / "花名册.xlsx", {"花名册": [ROSTER, ("00001", "甲支部"), ("00002", "乙支部")]})
    (tmp_path / "乙支部考勤.xlsx").write_bytes(b"")
    (tmp_path / "考勤.xlsx").write_bytes(b"")
    found = coverage(check(tmp_path))
    assert found.query("table == ''")[["branch", "errors"]].to_numpy().tolist() == [["", 1], ["乙支部", 1]]


def test_expected_branches_come_from_a_file(tmp_path: Path) -> None:
    """A list of branches is read by its header, or from its first column."""
    book(tmp_path / "data" / "a.xlsx", {"花名册": [ROSTER, ("00001", "甲支部")]})
    found = check(tmp_path / "data")
    for rows in ([("序号", "党支部"), (1, "甲支部"), (2, "乙支部")], [("甲支部",), ("乙支部",)]):
        names = book(tmp_path / "名单.xlsx", {"名单": rows})
        assert coverage(found, expect=names)["state"].tolist() == ["reported", "nothing"]
    with pytest.raises(UsageError, match="读不了"):
        coverage(found, expect=tmp_path / "没有.xlsx")


def test_a_refused_file_is_that_of_a_branch_on_the_list(tmp_path: Path) -> None:
    """A branch whose only file cannot be read is returned, not missing, where the list names it."""
    book(tmp_path / "甲支部.xlsx", {"花名册": [ROSTER, ("00001", "甲支部")]})
    (tmp_path / "乙支部.xlsx").write_bytes(b"")
    covered = coverage(check(tmp_path), expect=["甲支部", "乙支部", "丙支部"])
    states = covered[covered["table"] == "members"].set_index("branch")["state"].to_dict()
    assert states == {"甲支部": "reported", "乙支部": "returned", "丙支部": "nothing"}


def test_names_that_are_not_on_the_list(tmp_path: Path) -> None:
    """Who sent without being expected is named, with a silent branch of nearly that name; another number is another."""
    book(tmp_path / "a.xlsx", {"花名册": [ROSTER, ("00001", "第一党支部"), ("00002", "第三支部")]})
    listed = ["第一支部", "第四支部"]
    said = [text.zh for text in off_the_list(coverage(check(tmp_path), expect=listed), listed)]
    assert said == ["“第一党支部”不在名单上,最接近的是未报的“第一支部”", "“第三支部”不在名单上"]


def test_what_is_sent_is_counted_the_same_batch_by_batch(tmp_path: Path) -> None:
    """Held, or streamed from files: every record, member and month of each branch, as a plain count has them."""
    records = records_of("community_60_40")
    held, streamed = coverage(records), coverage(load(convert(records, tmp_path / "out", members_a_file=4)))
    pd.testing.assert_frame_equal(held, streamed)
    branch = records.members.drop_duplicates("member_id", keep="last").set_index("member_id")["branch"]
    for table in ("attendance", "dues", "events", "evaluations"):
        frame = records.table(table)
        when = (
            frame["date"].dt.strftime("%Y-%m") if "date" in frame else frame["month" if "month" in frame else "period"]
        )
        of = frame.assign(when=when).groupby(frame["member_id"].map(branch))
        said = held[held["table"] == table].set_index("branch").reindex(of.size().index)
        assert said["records"].tolist() == of.size().tolist()
        assert said["members_with_records"].tolist() == of["member_id"].nunique().tolist()
        assert said["months"].tolist() == [";".join(sorted(set(own))) for _, own in of["when"]]
