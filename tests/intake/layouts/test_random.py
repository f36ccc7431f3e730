"""Sheets put together at random: whatever stands on them, nothing breaks and no cell is lost."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random
from typing import Any

import pytest

from jifen_analysis.intake.cells.column import Reader
from jifen_analysis.intake.grid import Grid
from jifen_analysis.intake.layouts import lay_out
from jifen_analysis.intake.reading import ReadContext, read_block
from jifen_analysis.vocabulary import standard

TITLES = (
    "",
    *(
        "2024年3月考勤",
        "2024年党费",
        "第一支部2024年1月党费(每人每月10元)",
        "2024年群众评议",
        "2024年民主测评",
        "2024年事项",
    ),
    *("党员信息登记表", "2024年考评打分(10分制)", "2024年3月5日党课签到(李四请假)", "姓名:张三", "党员花名册"),
)
HEADS = (
    "",
    *("姓名", "姓名:", "党员编号", "党支部", "性别", "曾用名", "特长", "日期", "活动类型", "出勤情况", "签到", "备注"),
    *(
        "月份",
        "应缴",
        "实缴",
        "月应缴",
        "1月",
        "2月",
        "一季度",
        "是否免缴",
        "状态",
        "3月5日",
        "3/5",
        "出勤",
        "请假",
        "缺席",
    ),
    *("优秀", "合格", "评委1", "评委2", "平均分", "最高分", "得分", "评议主体", "党员互评", "群众代表", "项目", "学习"),
    *("事项", "数量", "合计", "考核期", "年度", "半年", "内容"),
)
CELLS: tuple[Any, ...] = (
    *(
        "张三",
        "李四",
        "00001",
        "√",
        "×",
        "○",
        "请假",
        "出差",
        "2024-03-05",
        "1月",
        "2月免缴",
        "3月补缴",
        "是",
        "否",
        "党课",
    ),
    *("第一支部", "合计", "男", "1998.7", "未缴", "补缴10", "注:李四2月转出", "填表人:王五", "公益活动", "捐款500元"),
    *("市级优秀共产党员", "2024年上半年", "√(迟到)", "张三、李四", "满分"),
    *(10, 5, 0, 8.5, 90, None, None, None, True, datetime(2024, 3, 5)),
)


def _sheet(chance: Random) -> list[list[Any]]:
    width = chance.randint(2, 7)
    blanks = [None] * (width - 1)
    rows: list[list[Any]] = [[chance.choice(TITLES), *blanks] for _ in range(chance.randint(0, 2))]
    heads = [[chance.choice(HEADS) for _ in range(width)] for _ in range(chance.choice((1, 1, 1, 2)))]
    heads[0][0] = chance.choice(("姓名", "党员编号", heads[0][0]))
    kinds = [chance.sample(CELLS, 6) for _ in range(width)]
    body = [[chance.choice(kind) for kind in kinds] for _ in range(chance.randint(1, 5))]
    named = [[chance.choice(("张三", "李四", "00001", row[0])), *row[1:]] for row in body]
    below = [[chance.choice(CELLS), *blanks]] if chance.random() < 0.3 else []
    return [*rows, *heads, *named, *below]


@pytest.mark.parametrize("first", [0, 1000])
def test_no_sheet_breaks_the_reader_and_every_cell_has_one_fate(first: int) -> None:
    """Titles, headers, values and footers in any order are laid out and read, and the fates add up to the cells."""
    words = standard()
    context = ReadContext(Reader(words))
    for seed in range(first, first + 120):
        columns = tuple(zip(*_sheet(Random(seed)), strict=True))
        grid = Grid("2024年.xlsx", "Sheet1", columns, range(1, len(columns[0]) + 1), range(1, len(columns) + 1))
        found = lay_out(grid, words)
        counts = Counter(found.counts)
        for block in found.blocks:
            for read in read_block(block, context):
                counts.update(read.counts)
        assert (sum(counts.values()), min(counts.values()) >= 0) == (grid.filled(), True), seed
