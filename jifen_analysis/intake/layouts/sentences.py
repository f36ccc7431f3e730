"""Sentences around the records, in titles and footers: what they say of members, months and amounts is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, quoted, read_cell
from jifen_analysis.intake.cells.lexicon import (
    CHECKING,
    MADE_OF_OTHERS,
    MISSED,
    PEOPLE,
    PRESENT,
    PUT_OFF,
    REPORTING,
    SHARES,
    SIGNING,
)
from jifen_analysis.intake.cells.names import SIGN_MEANT, STARS, looks_like_name
from jifen_analysis.intake.cells.remarks import STATES, of_somebody, void, weighty
from jifen_analysis.intake.cells.times import YEAR
from jifen_analysis.intake.dues import state_of
from jifen_analysis.intake.grid import distinct_cells
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import Fate, problem
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.legend import SIGNED, blank_means, legend, says_of_blanks, status_in
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.tables import TABLES

_AWAY = rf"(?:{MISSED}|未能到会|未能参加|补学)"
_APART = re.compile(
    rf"{_AWAY}(?:{PEOPLE}|人|名单)*\s*(?::?\s*\d+\s*[人名])?\s*[:(]\s*"
    r"(?P<who>[\u4e00-\u9fff]{2,4}(?:[、,;和\s]+[\u4e00-\u9fff]{2,4})*)"
)
"""Who stayed away, listed in a line of its own: 请假人员:李四、王五."""
_ONE_APART = re.compile(
    rf"(?:^|[(,;。:、]|除了?)\s*(?P<who>[\u4e00-\u9fff]{{2,4}}?)(?:同志)?(?:因[^,;。()]{{1,8}}?)?{_AWAY}\s*(?=[),;。、外]|$)"
)
"""Who stayed away, in brackets or behind a comma: 党课签到(李四请假)."""
_LEADERS = "组长|书记|委员|主任"
_SIGNED = re.compile(
    rf"[\u4e00-\u9fff]{{0,8}}(?:人|{_LEADERS}|单位|支部|{SIGNING}|{CHECKING}|{REPORTING}|主持|记录|时间|日期|地点|电话)"
    r"(?:\([\u4e00-\u9fff]*\))?:\s*(?:[\u4e00-\u9fff·]{2,4}(?=\s|$|[,;、()]|[\u4e00-\u9fff]+:))?"
)
"""Who signed, where and when."""
_WHEN = re.compile(rf"{YEAR}[-./年]\s*\d{{1,2}}[-./月]\s*(?:\d{{1,2}}日?)?|{YEAR}年?\s*月\s*日")
_COLOUR, _IS = "彩色|颜色|底[色纹]|阴影|加[粗黑]|[粗斜]体|高亮|下划线|标[红黄蓝绿]", "[为是指:=]|表示|代表"
_COLOURED = re.compile(
    rf"(?:[红黄蓝绿橙紫灰粉黑][色字底格]|{_COLOUR})"
    rf"(?:字体?|底[色纹]|填充|单元格|标[记注识示出]|部分|背景|格子?|行|者|的|人员|姓名|显示)*\s*(?:{_IS})+"
    r"(?!必填|选填|示例|公式|自动|标题|表头|[不无]需|请)[\u4e00-\u9fff]{2,6}"
    rf"|(?:[红黄蓝绿橙紫灰粉黑]色?|{_COLOUR})[^,。;:]{{0,6}}?(?:{_IS}|者)+"
    rf"[^,。;:]{{0,3}}?(?:出[勤席]|{MISSED}|[未已欠补免预][缴交]|{STATES}|转正|不计|作废)"
)
"""What a colour or a kind of letter means on a sheet: 红色为缺席, 标黄者已转出; after a link it may be anything."""
_OTHERS_CAME = re.compile(rf"(?:其[余他它]|除[^。;]{{1,20}}外)[^,。;:]{{0,10}}?(?:{PRESENT}|参加|到场|到齐)(?!率)")
"""That those came who are not named: 其余党员全部到会."""
_MOVED = re.compile(rf"(?:{PUT_OFF})\s*(?:\d{{4}}年)?\d{{1,2}}[月日.]")
"""Another day than the header's or the row's: 4月8日党课改在4月15日召开."""
_OF_FIGURES = ("marks", "evaluations", "ballots", "declarations", "dues")
_FIGURES = re.compile(
    r"(?:表[中内]|以上|所[列填记]|本表|括号[内中]|数[字值据]|[分得]分?[值数]|分数|得分|金额)[^,。;:]{0,8}?[为是指系即][^,。;:]{0,4}?"
    rf"(?:扣[减除]?分?|{MADE_OF_OTHERS}|{SHARES}|次数|天数|百分[率数]|累[计积]|[上去]年|暂[定估]|预[估计]|估)"
    r"|(?<![\d.])[0-9一二三四五]分?(?:表示|代表|[为指])(?:非常|很)?(?:加分|优秀?|满意|合格|良好?|好)"
)
"""What numbers of a sheet are said to be, where that is no mark, vote or payment: 表中数字为扣分."""
_FOOTERS = ("footer", "extra")
_LEADS = re.compile(rf"(?:{_LEADERS})[^,。]{{0,6}}?:")
_SHORTEST = 5
"""Signs of a header from which it may be a sentence."""
_AMOUNT = re.compile(r"\d元")


def unread_sentences(piece: Piece, others: Mapping[int, Fate]) -> Iterator[Problem]:
    """Name the sentences over and below the records that say something of a member, a month or an amount.

    An error where somebody is said to have been away from a meeting, where colours, signs, blanks or a mark behind a
    name have a meaning that nothing applies, where a meeting is said to have been on another day; else a note.
    """
    texts = list(_texts(piece, others))
    signs = _signs(piece) if any(re.search(_LINKED, text) for *_, text in texts) else frozenset()
    yield from _marked_names(piece, [text for _, _, text in texts])
    for i, j, text in texts:
        if piece.header.table == "attendance" and says_who_was_away(text, piece):
            yield problem(piece.grid, "absent_listed_apart", LISTED_APART, (i, j))
        elif piece.header.table == "dues" and i in others and _speaks_of_unpaid(text, piece):
            yield problem(piece.grid, "sentence_unread", quoted(text, *_PAYMENT), (i, j))
        elif piece.header.table == "attendance" and _OTHERS_CAME.search(text) and (how := _others_matter(piece)):
            yield problem(piece.grid, "others_came", quoted(text, *_NOT_PUT_DOWN), (i, j), how)
        elif found := _COLOURED.search(text):
            yield problem(piece.grid, "colour_means", quoted(found[0], *_COLOURS), (i, j))
        elif says := _unapplied(text, piece, signs):
            yield problem(piece.grid, "legend_unread", says, (i, j))
        elif piece.header.table in _OF_FIGURES and (found := _FIGURES.search(text)):
            yield problem(piece.grid, "figures_mean", quoted(found[0], *_NO_FIGURES), (i, j))
        elif _says_something(text, piece, below=i in others):
            titled = piece.header.table == "events" and piece.at("event") < 0 and i not in others  # 取消表彰人员名单
            severity: Severity = "error" if titled and void(text) else "note"
            yield problem(piece.grid, "sentence_unread", quoted(text, *_UNREAD), (i, j), severity)


def _signs(piece: Piece) -> frozenset[str]:
    """Return what stands among the records and is of one sign or one character: √, —, 假."""
    places = {j for spread in piece.header.spreads for j in spread.fields.values()} | piece.header.used
    cells = {value for j in places for value in distinct_cells(piece.grid.columns[j], piece.body)}
    texts = {plain(value) for value in cells if isinstance(value, str) and len(value.strip()) == 1}
    return frozenset(text for text in texts if len(text) == 1 and not (text.isascii() and text.isalnum()))


def _unapplied(text: str, piece: Piece, signs: frozenset[str]) -> Text | None:
    """Say what a sentence gives a meaning to that the records are not read by: a sign, blanks, another day."""
    table, words = piece.header.table, piece.scene.words
    if table == "members":
        return None
    known = legend([text], words, table) if table in SIGNED else {}
    for sign in sorted(signs - set(known)):
        found = re.search(rf"(?<![\u4e00-\u9fff]){re.escape(sign)}{_LINKED}", text)
        if found and not _is_meant(sign, found["word"], piece):
            return _meaning(text, f"记号“{sign}”", f"the sign {sign}")
    said = says_of_blanks(text)
    read = blank_means([text], words) if table == "attendance" and piece.header.wide else state_of(said) == "unpaid"
    if said and not read:
        return _meaning(text, "空白格", "blank cells")
    return quoted(text, *_OTHER_DAY) if table in ("attendance", "events") and _MOVED.search(text) else None


_LINKED = r"[”\"』」]?[者的]?\s*(?:为|是|表示|代表|指|[:=])\s*(?P<word>[\u4e00-\u9fff]+)"


def _is_meant(sign: str, word: str, piece: Piece) -> bool:
    """Return whether a sign is read as what a sentence says that it means: 到=出勤."""
    words, own = piece.scene.words, read_cell(sign, TABLES["attendance"]["status"], piece.scene.words).value
    if piece.header.table == "dues":
        return state_of(sign) != "" and state_of(sign) == state_of(word)
    return own is not None and own == status_in(word, words)


def _meaning(text: str, zh: str, en: str) -> Text:
    return quoted(
        text,
        f"说了{zh}的意思,没有照它读;请把意思写进格里,再删去这一句",
        f"says what {en} mean, and nothing is read by it; write it into the cells, then delete the sentence",
    )


_OTHER_DAY = (
    "说改了日子,没有照它读;请把列名或格里的日期改过来,再删去这一句",
    "names another day, and nothing is read by it; correct header or cells, then delete the sentence",
)
_MARKED = re.compile(rf"[{STARS}]\s*$")


@lru_cache(maxsize=1 << 14)
def _mark_behind(name: str) -> str:
    return plain(name)[-1] if _MARKED.search(name) else ""


def _marked_names(piece: Piece, texts: Sequence[str]) -> Iterator[Problem]:
    """Refuse a mark behind a name of which a sentence says the meaning; note one that nobody explains."""
    j = piece.at("name")
    marked = piece.which(j, _mark_behind)
    first = {mark: i for i, mark in reversed(marked.items())}
    for mark, i in first.items():
        said = next((text for text in texts if re.search(rf"{re.escape(mark)}.*[\u4e00-\u9fff]", text)), "")
        after = f",表上说“{said}”;请填到相应的行,再去掉记号" if said else ""
        text = Text(
            f"姓名后的记号“{mark}”没有读{after}", f"the mark {mark} behind a name is not read{said and ': ' + said}"
        )
        yield problem(piece.grid, "name_mark", text, (i, j), "error" if said else "note")


def _texts(piece: Piece, others: Mapping[int, Fate]) -> Iterator[tuple[int, int, str]]:
    """Yield the texts around the records with their places; of headers those above nothing that is read."""
    header = piece.header
    told = (i for i, fate in sorted(others.items()) if fate in (*_FOOTERS, "total"))
    for i in (*range(header.below), *told):
        for j, value in enumerate(piece.grid.row(i)[: piece.width]):
            head = i in header.lines and (j in header.used or len(str(value)) < _SHORTEST)
            if isinstance(value, str) and value and not head and not is_total(value) and (i, j) not in piece.copies:
                yield i, j, plain(value)


def _others_matter(piece: Piece) -> Severity | None:
    """Return an error where only those away are on the sheet; nothing where the others are those with a blank."""
    columns = (piece.grid.columns[j] for j in piece.header.places("status"))
    cells = {value for column in columns for value in distinct_cells(column, piece.body)}
    if any(map(is_nothing, cells)):
        return None
    status, words = TABLES["attendance"]["status"], piece.scene.words
    return "note" if any(read_cell(value, status, words).value == "present" for value in cells) else "error"


def _names(piece: Piece) -> frozenset[str]:
    """Return the names of the rows, unless the whole sheet is of one of them."""
    j = piece.at("name")
    cells = distinct_cells(piece.grid.columns[j], piece.body) if j >= 0 and not piece.header.person else ()
    return frozenset(
        name for value in cells if not is_nothing(value) and len(name := fold_name(display_raw(value))) > 1
    )


def _speaks_of_unpaid(text: str, piece: Piece) -> bool:
    """Return whether a text says why somebody did not pay, by name or not, while a payment is blank on the sheet."""
    j, places = piece.at("name"), piece.header.places("paid") or piece.header.places("due")
    if j < 0 or not _WAIVED.search(text):
        return False
    blank = [i for i in piece.body if any(is_nothing(piece.grid.columns[at][i]) for at in places)]
    names = {
        fold_name(display_raw(piece.grid.columns[j][i])) for i in blank if not is_nothing(piece.grid.columns[j][i])
    }
    return any(len(name) > 1 and name in text for name in names) or (bool(blank) and bool(_SOME_WAIVED.search(text)))


_WAIVED = re.compile(r"[免缓补代][缴交]|减免")
_SOME_WAIVED = re.compile(rf"(?:{PEOPLE}|[上前下]述|以上|其余)[^,;。无没不可应如若需请]{{0,8}}(?:[免缓][缴交]|减免)")
"""Of whom it is said, without a name, that they need not pay: 困难党员经批准免缴; a rule (可免缴) says it of nobody."""
_PAYMENT = (
    "说的是表上没有填的党费,没有照它读;请把 免缴、补缴 等填进那几格,再删去这一句",
    "speaks of payments that are blank on the sheet, and nothing is read by it; write it into the cells",
)


def _names_one(text: str, piece: Piece) -> bool:
    return any(name in text for name in _names(piece))


def says_who_was_away(text: str, piece: Piece) -> bool:
    """Return whether a text says of somebody that he was away, or late."""
    if _APART.search(text):
        return True
    if not re.search(_AWAY, text) or legend([text], piece.scene.words):
        return False
    return _names_one(text, piece) or any(looks_like_name(found["who"]) for found in _ONE_APART.finditer(text))


def _says_something(text: str, piece: Piece, *, below: bool) -> bool:
    """Return whether a footer, or a title that names a member, says what could change a score."""
    rest = without_signatures(SIGN_MEANT.sub("", text) if piece.header.table == "members" else text)
    if piece.header.table == "members" and not piece.header.places("post") and _LEADS.search(text):
        return _names_one(text, piece)  # 第一党小组(组长:张三) is nowhere else
    if not below:
        if void(rest) or not of_somebody(rest):
            return void(rest)
        return _AMOUNT.search(rest) is not None or piece.header.person != "" or _names_one(rest, piece)
    signed = piece.header.table in SIGNED
    words = piece.scene.words
    explained = signed and (legend([text], words, piece.header.table) or blank_means([text], words))
    return weighty(rest) and (not explained or _names_one(rest, piece))


def without_signatures(text: str) -> str:
    """Return a text without who signed, where and when.

    Examples
    --------
    >>> without_signatures("支部书记:张三 2024年3月5日,李四请假").strip()
    ',李四请假'
    """
    return _WHEN.sub("", _SIGNED.sub("", text))


_UNREAD = ("没有读;若影响记录,请填到相应的行", "is not read; where it changes a record, put it into the row")
_NOT_PUT_DOWN = (
    "说其余的人到了,没有照它读;请逐人列出,或每次会议一张签到表",
    "says that the others came, and nothing is read by it: list everybody, or send the signs of each meeting",
)
_COLOURS = (
    ":颜色、字体不读,只读格里的字;请把它的意思写进格里,再删去这一句",
    ": colours and letters are not read; write what they mean into the cells, and delete the sentence",
)
_NO_FIGURES = (
    ":表上的数不是得分、票数或金额本身;请换成得分、票数或金额,再删去这一句",
    ": the numbers are no marks, votes or amounts themselves; make them so, and delete the sentence",
)
LISTED_APART = Text(
    "这里另写了谁请假、缺席或迟到,没有读;请在名单里逐人填写出勤情况",
    "names who was away or late outside the list, which is not read; say it in the list, member by member",
)
