"""What is printed about problems names nobody unless that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Jifen, files

MEMBERS = "member_id,branch,name\n00001,一支部,张三\n00002,一支部,李四\n00003,一支部,李四\n"
DUES = "姓名,月份,应缴,实缴\n张山,2024-01,1,1\n李四,2024-01,1,1\n"
LATE = "党员编号,姓名,日期,活动类型,出勤情况\n00001,王五,2024-03-05,党课,到会\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An unknown name, one that two members bear, and one that is another's."""
    return files(tmp_path, members=MEMBERS, 党费=DUES, 考勤=LATE)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["check", "assess", "report"])
def test_no_name_is_printed(jifen: Jifen, data: Path, command: str, lang: str) -> None:
    """The cell and the ids say enough, in a listing and in a refusal alike."""
    code, *streams = jifen(command, data, "--lang", lang)
    said = "".join(streams)
    assert code == 1
    assert "党费.csv" in said
    assert "00003" in said
    assert not [name for name in ("张三", "张山", "李四", "王五") if name in said]


@pytest.mark.parametrize("command", ["check", "assess"])
def test_a_name_in_the_place_of_an_id_is_not_printed(jifen: Jifen, tmp_path: Path, command: str) -> None:
    """An id that is on no roster is told, a name that stands for one is not."""
    dues = "党员编号,月份,应缴,实缴\n王麻子,2024-01,1,1\nA0009,2024-01,1,1\n"
    said = "".join(map(str, jifen(command, files(tmp_path, members=MEMBERS, 党费=dues))))
    assert "没有编号 某某" in said
    assert "没有编号 A0009" in said
    assert "王麻子" not in said


def test_names_are_printed_where_asked_for(jifen: Jifen, data: Path) -> None:
    """``check --with-names`` says whom a row names."""
    code, out, _ = jifen("check", data, "--with-names")
    assert code == 1
    assert "没有“张山”" in out


def test_identity_cards_are_masked(jifen: Jifen, tmp_path: Path) -> None:
    """Where a roster's only id is the number of a card, nothing printed shows it whole."""
    card = "110101198001011232"
    roster = f"公民身份证号,姓名,党支部\n{card},张三,一支部\n11010119900202567X,李四,一支部\n"
    dues = f"公民身份证号,月份,应缴,实缴\n{card},2024-13,1,1\n110101199002025673,2024-01,1,1\n"
    code, *streams = jifen("check", files(tmp_path, 花名册=roster, 党费=dues), "--with-names")
    assert code == 1
    assert "110101********5673" in "".join(streams)
    assert card not in "".join(streams)


def test_a_scheme_is_nobodys(jifen: Jifen, tmp_path: Path) -> None:
    """The wrong word of a scheme file is told: no member stands in it, and who wrote it must find it."""
    wrong = 'id = "x"\n[components.a.items.b.rules.c]\nfrom = "events"\nwhere = { event = "扫雪机" }\npoints = 1\n'
    (tmp_path / "方案.toml").write_text(wrong, encoding="utf-8")
    assert "扫雪机" in jifen("lint", tmp_path / "方案.toml")[2]


WRONG_CELL = (
    "党员编号,姓名,日期,活动类型,出勤情况\n00001,张三,2024-03-05,党课,赵六说他病了\n00002,李四,三月某日,党课,到会\n"
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["check DATA", "assess DATA", "report DATA", "notice DATA", "convert DATA OUT"])
def test_what_was_typed_in_the_wrong_cell_is_not_printed(jifen: Jifen, tmp_path: Path, command: str, lang: str) -> None:
    """Address and kind say enough, in a listing and in every command's refusal."""
    data = files(tmp_path / "数据", members=MEMBERS, 考勤=WRONG_CELL)
    line = command.replace("DATA", str(data)).replace("OUT", str(tmp_path / "out"))
    code, *streams = jifen(*line.split(), "--lang", lang)
    said = "".join(streams)
    assert code == 1
    assert "考勤.csv" in said
    assert not [name for name in ("赵六", "病了", "某日") if name in said]


def test_a_local_word_is_printed(jifen: Jifen, tmp_path: Path) -> None:
    """What stands in five cells and more is a word of the place, not a remark on a member."""
    rows = "".join(f"0000{n % 3 + 1},2024-03-0{n + 1},党课,报备过\n" for n in range(5))
    data = files(tmp_path, members=MEMBERS, 考勤="党员编号,日期,活动类型,出勤情况\n" + rows)
    assert "报备过" in jifen("check", data)[1]
    assert "赵六" in jifen("check", files(tmp_path / "b", members=MEMBERS, 考勤=WRONG_CELL), "--with-names")[1]


@pytest.mark.parametrize("command", ["check DATA", "assess DATA", "report DATA --out OUT"])
@pytest.mark.parametrize("wrong", [False, True])
def test_a_name_in_the_name_of_a_file_is_not_printed(jifen: Jifen, tmp_path: Path, command: str, wrong: bool) -> None:
    """The member stands there by id, so that the file is found; on screen and in what is written of its origin."""
    rows = "".join(f"0000{n},2024-03-05,党课,到会\n" for n in (1, 2, 3)) + "00001,没有这天,党课,到会\n" * wrong
    sheet = "党员编号,日期,活动类型,出勤情况\n" + rows
    marks = "党员编号,考核期,评议主体,分数\n" + "".join(
        f"0000{n},2024年{half},{group},90\n"
        for n in (1, 2, 3) for half in ("上半年", "下半年") for group in ("班子成员", "党员", "群众")
    )  # fmt: skip
    data = files(tmp_path / "数据", members=MEMBERS, 张三请假条=sheet, 评议=marks)
    line = command.replace("DATA", str(data)).replace("OUT", str(tmp_path / "总结.html"))
    code, *streams = jifen(*line.split())
    assert code == int(wrong)
    assert "张三" not in "".join(streams)
    assert "00001请假条" in "".join(streams) or not wrong
    assert not [path for path in tmp_path.glob("*.html") if "张三" in path.read_text(encoding="utf-8")]
    if command.startswith("check") and wrong:
        assert "张三请假条" in jifen(*line.split(), "--with-names")[1]
