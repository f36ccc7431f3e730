from pathlib import Path

from jifen_analysis.intake import check
from tests.intake.sheets import Rows, book, errors, filled_cells, rows_of

FORM: Rows = (
    ("党员信息登记表",),
    ("姓名:", "张三", "性别:", "男"),
    ("党员编号:", "00001", "所在支部:", "第一支部"),
    ("入党时间:", "1998-07-01", "出生年月:", None),
    ("特长", "书法", "学历", "大学"),
)
LYING: Rows = (("项目", "内容"), ("姓名", "李四"), ("党员编号", "00002"), ("党支部", "第一支部"), ("入党时间", "某年"))


def test_forms_of_one_person_are_lists_of_one_row(tmp_path: Path) -> None:
    """Label beside value, in pairs or one below the other: each is a member, each cell keeps its own address."""
    book(tmp_path / "登记.xlsx", {"张三": FORM, "李四": LYING})
    found = check(tmp_path)
    assert errors(found) == [("bad_date", "B5")]
    assert rows_of(found, "members", "member_id", "name", "branch") == [("00001", "张三", "第一支部")]
    assert sum(found.counts.values()) == filled_cells(tmp_path / "登记.xlsx")


def test_a_form_with_cells_that_are_neither_label_nor_value_is_refused(tmp_path: Path) -> None:
    """Read as a list it would be nonsense: labels are no members."""
    rows = (*FORM[:3], ("入党时间:", "1998-07-01", "某某", 3, "某某"))
    found = check(book(tmp_path / "登记.xlsx", {"登记表": rows}))
    assert errors(found) == [("form_unclear", "")]
