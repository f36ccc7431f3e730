from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, notes, rows_of

TITLE = ("2024年5月1日加分登记",)
HEAD = ("编号", "姓名", "见义勇为", "调解矛盾纠纷")
DAY = "2024-05-01"


def test_a_tick_below_the_name_of_an_event_is_one(tmp_path: Path) -> None:
    """Every tick is a record on the day of the title, or of its row; a blank and a cross are none, and that is said."""
    found = checked(tmp_path, [TITLE, HEAD, ("00001", "张三", "√", "×"), ("00002", "李四", None, "√")])
    read = [("00001", DAY, "courage", 1), ("00002", DAY, "mediation", 1)]
    assert (errors(found), sorted(rows_of(found, "events", "member_id", "date", "event", "quantity"))) == ([], read)
    assert "deeds_ticked" in notes(found)
    summed = checked(tmp_path, [TITLE, (*HEAD, "合计"), ("00001", "张三", "√", "√", 3)])
    assert [p.cell for p in summed.notes if p.code == "total_differs"] == ["E3"]
    own = checked(tmp_path, [("加分登记",), (*HEAD, "日期"), ("00001", "张三", "√", None, "2024-05-06")])
    assert rows_of(own, "events", "date", "event") == [("2024-05-06", "courage")]


@pytest.mark.parametrize(
    ("more", "cell", "code"),
    [
        ("合理化建议被采纳", 2, "deed_unticked"),
        ("助老", "√", "column_counts"),
        ("捐款", "√", "missing_value"),
        ("5月2日办实事", "√", "column_counts"),
    ],
)
def test_what_a_tick_does_not_say_is_refused(tmp_path: Path, more: str, cell: object, code: str) -> None:
    """Numbers may be times or points, an unknown event is not dropped, and an amount is not made up."""
    rows = [TITLE, (*HEAD, more), ("00001", "张三", "√", None, cell)]
    assert code in {kind for kind, _ in errors(checked(tmp_path, rows))}
    assert (
        errors(checked(tmp_path, [("2024年5月加分登记",), HEAD, ("00001", "张三", "√", None)]))[0][0]
        == "missing_column"
    )
