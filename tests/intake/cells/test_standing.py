from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.cells.standing import SET, read_standing, state_in
from jifen_analysis.vocabulary import standard

WORDS = standard()


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("党员类别", {"在职党员": {"retired": False}, "离退休党员": {"retired": True}, "流动党员": {"floating": True}}),
        ("党员类别", {"正式党员": {"stage": "full"}, "预备党员": {"stage": "probationary"}}),
        ("人员类别", {"预备党员、流动党员": {"stage": "probationary", "floating": True}}),
        ("政治面貌", {"中国共产党党员": {"stage": "full"}, "中共党员(预备)": {"stage": "probationary"}}),
        ("政治面貌", {"共青团员": {"stage": "none"}}),
        ("党籍状态", {"正常": {}, "停止党籍": {"left": True}, "已去世": {"left": True}}),
        ("党籍状态", {"正式": {"stage": "full"}}),
        ("预/正", {"正": {"stage": "full"}, "预": {"stage": "probationary"}}),
        ("是否预备党员", {"是": {"stage": "probationary"}, "否": {"stage": "full"}}),
        ("是否转正", {"是": {"stage": "full"}, "否": {"stage": "probationary"}}),
        ("是否为流动党员", {"√": {"floating": True}, "×": {"floating": False}}),
        ("流动党员", {"流出": {"floating": True}, "流入": {"floating": True}, "无": {"floating": False}}),
        ("离退休情况", {"退休": {"retired": True}, "在职": {"retired": False}, "否": {"retired": False}}),
        ("免考核", {"√": {"exempt": True}}),
        ("组织委员", {"√": {"post": "committee"}}),
        ("人员身份", {"退休": {"retired": True}, "教师": None}),
        ("备注", {"退休": {"retired": True}, "热心人": None}),
    ],
)
def test_header_and_values_decide_together(header: str, said: dict[str, Any]) -> None:
    """The same header over other words sets other columns."""
    found = read_standing(header, list(said), WORDS)
    assert found is not None
    assert not found.refused
    assert found.says == {value: sets for value, sets in said.items() if sets is not None}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("党员类别", "红色党员"),
        ("是否流动", "浙江"),
        ("政治面貌", "待查"),
        ("是否预备党员", "在职"),
        ("党籍状态", "正式预备"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_header(header: str, value: str) -> None:
    """A value that no reading of its header knows is named together with it."""
    found = read_standing(header, [value], WORDS)
    assert found is not None
    assert not found.says
    text = found.refused[value].text
    assert text is not None
    assert header in text.zh
    assert value in text.zh


@pytest.mark.parametrize(
    ("header", "value"), [("书记", "张三"), ("性别", "男"), ("配偶政治面貌", "群众"), ("学历", "大学")]
)
def test_other_columns_say_nothing_of_states(header: str, value: str) -> None:
    """Who the secretary is, or what somebody's wife is, is no state of the member."""
    assert read_standing(header, [value], WORDS) is None


@given(
    st.sampled_from(["党员类别", "是否流动", "党籍状态", "备注", "预备党员", "人员身份"]),
    st.lists(
        st.text(st.sampled_from("正式预备流动退休在职转出否是√×、()12元"), max_size=6) | st.booleans(), max_size=6
    ),
)
def test_every_value_is_understood_or_refused(header: str, values: list[Any]) -> None:
    """No value of a column that asks for states is both, and what is set is a column of the roster."""
    found = read_standing(header, values, WORDS)
    if found is not None:
        assert not found.says.keys() & found.refused.keys()
        assert found.columns <= set(SET)


@pytest.mark.parametrize(("header", "no"), [("是否在册", True), ("是否正常党员", True), ("是否学生党员", False)])
def test_who_is_not_on_the_roster_has_left(header: str, *, no: bool) -> None:
    """否 below 是否在册 is refused, since it has no last day; below a kind of member it says nothing."""
    found = read_standing(header, ["是", "否"], standard())
    assert [*found.refused] == ["否"] * no


STATES = [word.label for kind in ("stage", "standing") for word in WORDS.words[kind].values()]


@given(
    st.sampled_from(["类别", "党员类别", "性质", "人员分类", "类型", "身份", "人员状态"]),
    st.lists(st.sampled_from(STATES), min_size=1, max_size=4, unique=True),
)
def test_a_state_is_read_below_whatever_asks_for_a_kind(header: str, values: list[str]) -> None:
    """类别 over 正式 and 预备 sets what 党员类别 does; a slip among them is refused, not left blank."""
    found = read_standing(header, values, WORDS)
    says = {value: state_in(value, WORDS) for value in values}
    assert found is None if not any(says.values()) and header not in ("党员类别", "人员状态") else found.says == says
    if any("stage" in said for said in says.values() if said):
        slipped = read_standing(header, [*values, "预备当员"], WORDS)
        assert slipped is not None
        assert [*slipped.refused] == ["预备当员"]


@pytest.mark.parametrize("code", ["male", "female", "probationary", "full", "secretary"])
def test_a_column_a_word_is_ticked(code: str) -> None:
    """男 and 女, 正式 and 预备, each over ticks of its own."""
    kind = next(kind for kind in ("sex", "stage", "post") if code in WORDS.words[kind])
    found = read_standing(WORDS.label(kind, code), ["√"], WORDS)
    assert found is not None
    assert found.says == {"√": {kind: code}}
