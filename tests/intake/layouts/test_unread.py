import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jifen_analysis.intake import check
from jifen_analysis.intake.layouts.spellings import column_of, is_harmless
from jifen_analysis.report.redact import redact_problem
from tests.intake.sheets import Rows, checked, errors, filled_cells, notes, rows_of

TABLES: dict[str, tuple[str, tuple[str, ...], tuple[Any, ...]]] = {
    "attendance": ("2024年考勤", ("日期", "活动类型", "出勤情况"), ("2024-03-05", "党课", "到")),
    "dues": ("2024年党费", ("月份", "应缴", "实缴"), ("2024-01", 10, 10)),
    "ballots": ("2024年民主测评", ("优秀", "合格"), (5, 1)),
    "evaluations": ("2024年民主评议", ("评议主体", "分数"), ("群众", 90)),
    "marks": ("2024年考评打分", ("项目", "得分"), ("学习", 5)),
    "events": ("2024年事项", ("日期", "事项"), ("2024-03-05", "值班")),
}
WHOLE = ("missing_column", "duplicate_header", "no_header")
HEADS = st.sampled_from(
    [
        "联系电话",
        "序号",
        "学历",
        "备注",
        "说明",
        "爱好",
        "称职",
        "良好票",
        "专家评分",
        "补缴金额",
        "第二次",
        "单价",
        "特长",
        "",
        "年度",
    ]
)
VALUES = st.sampled_from(
    [
        "x",
        "13800000000",
        "请假",
        "2024年5月转出",
        "优秀",
        3,
        8.5,
        "√",
        "王小明",
        "免缴",
        "热心",
        2023,
        "1998-07-01",
        True,
    ]
)


@settings(
    max_examples=25,
    phases=(Phase.generate,),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    table=st.sampled_from(sorted(TABLES)),
    more=st.lists(st.tuples(HEADS, VALUES, st.none() | VALUES), min_size=1, max_size=3, unique_by=lambda one: one[0]),
    footer=st.sampled_from([None, "填表人:甲", "以上共2人", "说明:请核对"]),
    stray=st.none() | VALUES,
)
def test_nothing_that_holds_data_goes_unread_without_its_name(
    tmp_path: Path, table: str, more: list, footer: str | None, stray: Any
) -> None:
    """Every cell has one fate, and whatever is not read, and not known to be harmless, is named with its header."""
    title, head, row = TABLES[table]
    rows: Rows = [
        (title,),
        ("编号", *head, *(name or None for name, _, _ in more)),
        ("00001", *row, *(value for _, value, _ in more)),
        ("00002", *row, *(value for _, _, value in more)),
        *([(footer,)] if footer else []),
        *([(*[None] * (len(head) + len(more) + 1), stray)] if stray is not None else []),
    ]
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    found = checked(tmp_path / "data", rows)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "data" / "数据.xlsx")
    said = {re.sub(r"\d", "", problem.cell) for problem in found.problems if problem.sheet == "Sheet1"}
    if any(problem.code in WHOLE for problem in found.errors):
        return  # refused as a whole, and said so
    for at, (name, *_) in enumerate(more):
        column = "ABCDEFGH"[len(head) + 1 + at]
        agreeing = name == "年度" and all(value in (None, 2023) for value in more[at][1:])  # the year of the row
        own = column_of(name, table) is not None  # a column of the table
        assert is_harmless(name) or agreeing or own or column in said, (name, found.problems)


@pytest.mark.parametrize(
    ("table", "head", "value", "code"),
    [
        ("ballots", "良好", 3, "column_counts"),
        ("ballots", "不了解", 3, "column_counts"),
        ("dues", "逾期天数", 20, "column_counts"),
        ("dues", "逾期天数", 0, None),
        ("evaluations", "专家评分", 80, "column_counts"),
        ("dues", "补缴金额", 5, "column_counts"),
        ("attendance", "第二次", "√", "column_counts"),
        ("evaluations", "备注", "2024年5月转出", "cell_counts"),
        ("attendance", "爱好", "下棋", None),
        ("ballots", "有效票", 6, None),
        ("evaluations", "排名", 1, None),
        ("dues", "缴费基数", 5000, None),
        ("marks", "住址", "已去世", "cell_counts"),
        ("marks", "住址", "外出务工", None),
        ("marks", "入党介绍人", "王某(已去世)", None),
        ("dues", "上年12月", 10, "column_counts"),
        ("events", "是否通过", "否", "cell_counts"),
        ("events", "到岗情况", "√", "column_counts"),
        ("events", "是否公示", "√", None),
        ("events", "是否通过", "是", None),
        ("attendance", "是否补签", "是", "cell_counts"),
    ],
)
def test_what_could_change_a_score_is_refused(
    tmp_path: Path, table: str, head: str, value: Any, code: str | None
) -> None:
    """A vote, mark, amount, sign or state below an unknown header is an error; anything else is a note, or harmless."""
    title, names, row = TABLES[table]
    found = checked(tmp_path, [(title,), ("编号", *names, head), ("00001", *row, value)])
    assert [kind for kind, _ in errors(found)] == ([code] if code else [])


def test_samples_that_look_like_names_are_kept_from_logs(tmp_path: Path) -> None:
    """A column of names is named with samples, which the command leaves out unless it is asked for names."""
    title, names, row = TABLES["marks"]
    found = checked(tmp_path, [(title,), ("编号", *names, "谈话人"), ("00001", *row, "王小明")])
    (note,) = [problem for problem in found.notes if problem.code == "names_unread"]
    assert "王小明" in note.message()
    assert "王小明" not in redact_problem(note, "zh")
    assert notes(found) >= {"names_unread"}


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ((("2024年3月党费",), ("姓名", "党课(第一次)", "应缴", "实缴"), ("张三", "√", 10, 10)), "B2"),
        ((("2024年3月5日党课签到",), ("姓名", "签到", "实缴党费"), ("张三", "√", 10)), "C2"),
        ((("2024年群众评议",), ("姓名", "分数", "优秀票"), ("张三", 90, 8)), "C2"),
    ],
)
def test_records_of_another_table_beside_are_refused(tmp_path: Path, rows: Rows, cell: str) -> None:
    """Signs of a meeting, payments and votes in a column of some other table are named as an error."""
    assert errors(checked(tmp_path, rows)) == [("column_counts", cell)]


@pytest.mark.parametrize("label", ["会议主题", "内容", "学习形式"])
@pytest.mark.parametrize("title", ["2024年考勤", "2024年党课考勤"])
def test_a_column_of_meetings_is_not_left_unread(tmp_path: Path, label: str, title: str) -> None:
    """Where every row names a known meeting under an unknown header it is that; what is none waits for a word."""
    rows = [(title,), ("日期", label, "姓名", "出勤情况"), ("2024-03-05", "党员大会", "张三", "到"),
            ("2024-04-05", "党课", "张三", "到")]  # fmt: skip
    found = checked(tmp_path, rows)
    assert (errors(found), rows_of(found, "attendance", "activity")) == ([], [("general_meeting",), ("lecture",)])
    alike = [*rows[:2], ("2024-03-05", "书记讲党课一堂", "张三", "到")]
    assert errors(checked(tmp_path, alike)) == ([] if "党课" in title else [("column_counts", "B2")])


@pytest.mark.parametrize(
    ("said", "heavy"),
    [("通过", False), ("不通过", True), ("已驳回", True), ("待审核", True), ("已撤回", True), ("本人撤诉", True)],
)
def test_an_event_that_was_not_approved_is_refused(tmp_path: Path, said: str, *, heavy: bool) -> None:
    """What a column of approval says against an event is never dropped."""
    rows = [("日期", "姓名", "事项", "审核意见" if heavy else "审核状态"), ("2024-03-05", "张三", "值班", said)]
    assert errors(checked(tmp_path, rows)) == ([("cell_counts", "D2")] if heavy else [])


@pytest.mark.parametrize("how", ["现金", "微信", "支付宝", "银行转账"])
def test_payments_by_their_way_are_not_left_unread(tmp_path: Path, how: str) -> None:
    """Amounts below the way in which they were paid are payments: nobody is unpaid for that."""
    rows = [("2024年3月党费",), ("姓名", "应缴", how), ("张三", 10, 10)]
    assert errors(checked(tmp_path, rows)) == [("column_counts", "C2")]


@pytest.mark.parametrize(
    ("label", "cell", "refused"),
    [("签字", "未缴", True), ("序号", "已转出", True), ("签字", "张三", False), ("工作单位", "退休", False)],
)
def test_a_state_below_a_harmless_header_is_refused(tmp_path: Path, label: str, cell: str, *, refused: bool) -> None:
    """Nobody signs 未缴; where somebody works may be 退休."""
    rows = [("2024年1月党费",), ("姓名", "应缴", "实缴", label), ("张三", 10, 10, cell)]
    assert errors(checked(tmp_path, rows)) == ([("cell_counts", "D3")] if refused else [])


@pytest.mark.parametrize(
    ("table", "head", "text"),
    [("dues", "备注", "一次性缴清全年"), ("dues", "备注", "困难减半"), ("dues", "备注", "预缴至12月"),
     ("events", "审核结果", "不通过"),
     ("attendance", "备注", "填写示例"), ("events", "完成情况", "未完成"),
     ("attendance", "是否应到", "否"),
     ("members", "备注", "不参加本年度考核"), ("members", "说明", "暂不纳入考核")],
)  # fmt: skip
def test_a_remark_that_changes_what_its_row_is_worth_is_refused(
    tmp_path: Path, table: str, head: str, text: str
) -> None:
    """Payments for other months, a row that was not accepted, an example, who is not assessed: an error at the cell."""
    rows: dict[str, Rows] = {
        "dues": [("2024年党费",), ("姓名", "月应缴", "1月", "2月", head), ("张三", 10, 10, 10, text)],
        "events": [("姓名", "日期", "事项", head), ("张三", "2024-03-05", "值班", text)],
        "attendance": [("姓名", "日期", "活动类型", "出勤情况", head), ("张三", "2024-03-05", "党课", "出勤", text)],
        "members": [("党员编号", "姓名", "党支部", head), ("00009", "赵六", "第一支部", text)],
    }
    found = checked(tmp_path, rows[table], sheet="党员花名册" if table == "members" else "Sheet1")
    told = [problem for problem in found.errors if text in problem.message()]
    assert len(told) == 1
    assert told[0].cell[0] == "ABCDE"[len(rows[table][-1]) - 1]


def test_months_that_nobody_reads_are_refused(tmp_path: Path) -> None:
    """Amounts below 腊月 or another word for a month are dues that would be missed."""
    rows = [("2024年党费",), ("姓名", "月应缴", "1月", "2月", "腊月"), ("张三", 10, 10, 10, 10)]
    assert errors(checked(tmp_path, rows)) == [("column_counts", "E2")]


def test_a_row_with_more_cells_than_its_header_is_refused(tmp_path: Path) -> None:
    """In a text a comma within a cell moves all that follows: numbers beyond the header are an error at the row."""
    (tmp_path / "花名册.csv").write_text("党员编号,姓名,党支部\n00001,张三,第一支部\n", "utf-8")
    (tmp_path / "党费.csv").write_text("姓名,月份,应缴,实缴\n张三,2024-01,1,200,1,200\n", "utf-8")
    assert {(p.code, p.cell) for p in check(tmp_path).errors} == {("row_too_long", "E2"), ("row_too_long", "F2")}


def test_due_and_paid_in_rows_are_refused(tmp_path: Path) -> None:
    """A column that says of some rows whether they are what was due or what was paid cannot be left aside."""
    rows = [("2024年党费",), ("姓名", "项目", "1月", "2月"), ("张三", "应缴", 10, 10), ("李四", "实缴", 10, 10)]
    assert ("column_counts", "B2") in errors(checked(tmp_path, rows))


@pytest.mark.parametrize(
    "rows",
    [
        [("2024年1月党费",), ("姓名", "应缴", "欠缴"), ("张三", 10, 10)],
        [("2024年民主评议",), ("姓名", "班子成员", "服务对象"), ("张三", 90, 95)],
        [("党员编号", "姓名", "党支部", "流动去向"), ("00009", "赵六", "第一支部", "外地")],
        [("党员编号", "姓名", "党支部", "2023年"), ("00009", "赵六", "第一支部", "√")],
        [("党员编号", "姓名", "党支部", "关系转出时间"), ("00009", "赵六", "第一支部", "2024-05-20")],
        [("党员编号", "姓名", "党支部", "退休时间"), ("00009", "赵六", "第一支部", "2020-05-20")],
        [("2024年1月党费",), ("姓名", "应缴", "实缴", "补缴日期"), ("张三", 10, 10, "2024-05-06")],
        [("2024年1月党费",), ("姓名", "应缴", "实缴", "减免"), ("张三", 10, 5, 5)],
        [("2024年1月党费",), ("姓名", "应缴", "已缴金额(累计)"), ("张三", 10, 30)],
        [("2024年1月党费",), ("姓名", "应缴", "实缴", "代缴人"), ("张三", 10, None, "李四")],
        [("2024年3月5日党课",), ("姓名", "签到", "性别", "代会人"), ("张三", "√", "男", "李四")],
        [("2024年党费",), ("姓名", "月应缴", "1月", "未缴月份"), ("张三", 10, 10, "1月")],
    ],
    ids=[
        "no payments",
        "a group more",
        "no 流动党员",
        "years of a roster",
        "left",
        "retired",
        "paid later",
        "reduced",
        "so far",
        "by others",
        "instead",
        "owed",
    ],
)
def test_what_alone_says_something_is_refused(tmp_path: Path, rows: Rows) -> None:
    """A header of what is made of others counts where those are not there; so does one more beside groups."""
    last = rows[-1]
    cell = f"{'ABCD'[len(last) - 1]}{len(rows) - 1}"
    assert ("column_counts", cell) in errors(checked(tmp_path, rows, sheet="党员花名册" if len(last) > 3 else "Sheet1"))


@pytest.mark.parametrize(
    ("heads", "row", "ends", "told"),
    [
        (("日期", "活动类型", "出勤情况", "时段"), ("2024-03-05", "集中学习", "缺席"), ("上午", "下午"), True),
        (("月份", "应缴", "实缴", "流水号"), ("2024-03", 12, 6), ("A1", "A2"), True),
        (("日期", "活动类型", "出勤情况", "时段"), ("2024-03-05", "集中学习", "缺席"), ("上午", "上午"), False),
        (("日期", "活动类型", "出勤情况", "地点"), ("2024-03-05", "集中学习", "缺席"), (None, "楼上"), False),
    ],
)
def test_rows_that_an_unread_column_tells_apart_are_not_one_twice(
    tmp_path: Path, heads: tuple[str, ...], row: tuple[Any, ...], ends: tuple[Any, Any], *, told: bool
) -> None:
    """A morning and an afternoon, two payments of one day: what is not read says that they are two."""
    found = checked(tmp_path, [("姓名", *heads), *(("张三", *row, end) for end in ends)])
    assert [code for code, _ in errors(found)] == ["rows_told_apart"] * told


@pytest.mark.parametrize("judges", [2, 4])
@pytest.mark.parametrize("told", ["merged", "open"])
@pytest.mark.parametrize("count", [True, False])
def test_marks_without_a_header_are_not_left_aside(tmp_path: Path, judges: int, told: str, *, count: bool) -> None:
    """Columns that one heading stands over, numbered below it or not, are several marks: all are read or refused."""
    heads = ("姓名", "党员互评", *[None] * (judges - 1), "备注")
    below = [(None, *range(1, judges + 1), None)] * count
    rows = [("2024年民主评议",), heads, *below, ("张三", *range(90, 90 + judges), None), ("李四", *[88] * judges, None)]
    merges = [f"B2:{'ABCDEFG'[judges]}2"] * (told == "merged")
    found = checked(tmp_path, rows, merges=merges)
    assert found.errors or len(found.tables["evaluations"]) == 2 * judges


@pytest.mark.parametrize("label", ["分值", "项目分值", "应得分", "配分"])
@pytest.mark.parametrize(("most", "refused"), [(10, False), (9, False), (8, True)])
def test_full_marks_beside_marks_are_named_where_they_bound_them(
    tmp_path: Path, label: str, most: int, *, refused: bool
) -> None:
    """分值 beside 得分 is of how many points an item is, unless a mark is above it: then it may be the mark."""
    rows = [("2024年考评打分",), ("姓名", "项目", label, "得分"), ("张三", "学习", most, 9)]
    assert errors(checked(tmp_path, rows)) == [("column_counts", "C2")] * refused


@pytest.mark.parametrize(
    ("granted", "refused"), [("核定分", True), ("审核得分", True), ("最终得分", True), ("满分", False)]
)
def test_what_was_granted_beside_what_was_claimed_is_not_left_aside(
    tmp_path: Path, granted: str, *, refused: bool
) -> None:
    """自评分 is a claim; the number that was granted beside it is a mark, and no item across the top."""
    rows = [("2024年考评打分",), ("姓名", "项目", "自评分", granted), ("张三", "学习", 10, 10)]
    found = checked(tmp_path, rows)
    assert [cell for code, cell in errors(found) if code == "column_counts"] == ["D2"] * refused
    assert rows_of(found, "marks", "item") == []


@pytest.mark.parametrize("groups", [("党员票", "群众票"), ("第一次", "第二次")])
def test_the_same_votes_below_two_headings_are_told_with_them(tmp_path: Path, groups: tuple[str, str]) -> None:
    """A column that is there already below another heading is refused by both names, not as an unknown one."""
    head = [("姓名", groups[0], None, groups[1], None), (None, *("优秀", "合格") * 2)]
    rows = [("2024年民主测评汇总",), *head, ("张三", 6, 2, 3, 1)]
    found = checked(tmp_path, rows, merges=["A2:A3", "B2:C2", "D2:E2"])
    assert errors(found) == [("column_counts", "D3"), ("column_counts", "E3")]
    assert all(f"“{groups[1]}”下又有一列" in p.message() for p in found.errors)
