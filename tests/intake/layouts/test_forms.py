from pathlib import Path

from jifen_analysis.intake import check
from tests.intake.sheets import Rows, book, errors, filled_cells, rows_of

FORM: Rows = (
    ("党员信息登记表",),
    ("姓名:", "张三", "性别:", "男"),
    ("党员编号:", "00001", "所在支部:", "第一支部"),
    ("入党时间:", "1998-07-01", "出生日期:", None),
)
LYING: Rows = (("项目", "内容"), ("姓名", "李四"), ("党员编号", "00002"), ("党支部", "第一支部"), ("入党时间", "某年"))


def test_forms_of_one_person_are_lists_of_one_row(tmp_path: Path) -> None:
    """Label beside value, in pairs or one below the other: each is a member, each cell keeps its own address."""
    book(tmp_path / "登记.xlsx", {"张三": FORM, "李四": LYING})
    found = check(tmp_path)
    assert errors(found) == [("bad_date", "B5")]
    assert rows_of(found, "members", "member_id", "name", "branch") == [("00001", "张三", "第一支部")]
    assert sum(found.counts.values()) == filled_cells(tmp_path / "登记.xlsx")
