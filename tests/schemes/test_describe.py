"""Tests of a scheme in plain words."""

from __future__ import annotations

import re
from datetime import date

import pytest

from jifen_analysis.schemes.model import walk
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from tests.schemes.builders import small

SMALL_IN_WORDS = """\
小方案(small)
依据:虚构
考核期:每半年;年度总分为各期平均,年度另定等次

本方案另设的事项
  植树(tree_planted)

类别(花名册写明的从其写明)
  old 年长:60周岁及以上
  others 其他:其余党员

计分
  总分 = 0.8 × 履职 + 0.2 × 评议 + 加分

  ■ 履职 〔一〕
    会议:起始60分,扣完为止
      · 缺勤:缺席扣5分,迟到扣2分(计考勤)
      · 党费:每月按逾期天数:满1天扣2分,满30天本项不得分(计党费)
        ※ 推定:一个月按30天
    无投诉:每月分别计算
      · 无投诉:每月没有〔事项:群众投诉〕加1分
    打分:由考评人打分,0至34分,年长0至20分

  ■ 评议 〔二〕
    评议分:评议平均分
      · 班子成员、党员:占1

  ■ 加分 〔三〕
    加分:最高10分
      · 植树:每单位数量加2分(计事项:植树)

下文用到的计量
  · 出席率:〔考勤:到会(含迟到、早退)〕的次数 ÷ 〔考勤〕的次数

等次
  优:90分及以上,最多占支部有总分的人数的15%(舍去尾数),超出的降一等
  良:60分及以上
  差:其余

有下列情形的直接定为“差”
  · 一票否决:事项:一票否决

结果运用(不改变等次)
  · 谈话:总分低于支部平均分
  · 奖励(每期和年度):总分居单位前1/3(舍去尾数),不满6人的不评

另可采用的读法
  · strict 高于90:写作高于
  · open 不封顶:未写上限
  · lenient 88分:另有一说

按日期的变动
  · 自 2024-01-01 起:grades.优.at_least = 85,components.bonus.items.extra.cap = 12
  · 自 2024-07-01 起:grades.优.at_least = 86

※ 共 1 处推定,原文没有写明,用前请核定。
"""


def test_a_whole_scheme_in_words() -> None:
    """Everything that the file says stands in the text, in the order in which it is applied."""
    assert small().describe() == SMALL_IN_WORDS


def test_empty_sections_are_left_out() -> None:
    """A scheme without grades, categories or outcomes says nothing of them."""
    bare = {"grades": {}, "forced": {}, "outcomes": {}, "categories": {}, "year_grades": False}
    text = small({**bare, "components.duty.items.mark.max_for": {}, "readings": {}, "changes": {}}).describe()
    assert not re.search("^(等次|结果运用|类别|有下列|另可|按日期)", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"valid_from": date(2024, 1, 1)}, "自 2024-01-01 起施行"),
        ({"population": {"post": "none"}}, "适用范围:无职"),
        ({"grade_rounding": "half_up"}, "  总分四舍五入到整数后定等"),
        ({"grades.优": {"above": 90}}, "  优:高于90分"),
        ({"forced.veto.zero": True}, "  · 一票否决:事项:一票否决,积分清零"),
        ({"forced.veto.at": "year"}, "  · 一票否决(年度):事项:一票否决"),
        ({"forced.veto.decided_by": "大会"}, "  · 一票否决:事项:一票否决(由大会决定)"),
        ({"outcomes.talk.all": [{"for": {"stage": "full"}}]}, "  · 谈话:正式 且 总分低于支部平均分"),
        ({"outcomes.talk": {"title": "谈", "bottom": {"count": 3}}}, "  · 谈:总分居支部后3名"),
        (
            {"outcomes.talk": {"title": "兑", "gives": {"above": 100, "for_each": 100, "gives": 0.5, "unit": "天"}}},
            "  · 兑:总分超过100后,每满100给0.5天",
        ),
        ({"unsaid.x": {"title": "某事", "clause": "四", "assumed": "不计"}}, "  · 某事:不计 〔四〕"),
        ({"measures.n": {"title": "次数", "count": [{"from": "dues"}]}}, "  · 次数:〔党费〕的次数"),
    ],
)
def test_single_lines(changes: dict[str, object], line: str) -> None:
    """What a scheme may say besides, in its own line."""
    assert line in small(changes).describe().splitlines()


@pytest.mark.parametrize("name", scheme_names())
def test_every_number_of_points_is_said(name: str) -> None:
    """Starts, prices, marks, caps and cut scores of the file stand in the text."""
    scheme = read_scheme(name)
    text = scheme.describe()
    numbers = [abs(part) for path, part in walk(scheme.book) if isinstance(part, float) and POINTS.search(path)]
    assert [number for number in numbers if f"{number:g}分" not in text] == []


POINTS = re.compile(r"items\..*\.(start|points(\.\w+)?|cap|max)$|^grades\.[^.]+\.at_least$")


@pytest.mark.parametrize("name", scheme_names())
def test_english_has_no_chinese_of_its_own(name: str) -> None:
    """In English only what the file says in Chinese is Chinese."""
    scheme = read_scheme(name)
    quoted = {part for _, part in walk(scheme.book) if isinstance(part, str)} | set(scheme.book.grades)
    text = scheme.describe("en")
    for said in sorted(quoted, key=len, reverse=True):
        text = text.replace(said, "")
    assert re.findall(r"[一-鿿]+", text) == []
