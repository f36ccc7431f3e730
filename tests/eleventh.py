"""An eleventh scheme, in no library: points by the month, two categories, and an event of its own."""

from pathlib import Path

TEXT = """
id = "estate_volunteers"
title = "小区志愿者积分办法"
source = "本测试自拟"
period = "half"
year_total = "sum"

[words.event.tree_planted]
label = "义务植树"
aliases = ["植树"]
reads = ["quantity"]

[categories.rover]
title = "机动志愿者"
when = { floating = true }
[categories.local]
title = "楼栋志愿者"

[components.base]
title = "基础积分"
clause = "第二条"
[components.base.items.base]
title = "基础积分(每月10分)"
clause = "第二条"
per = "month"
start = 10
floor = 0
[components.base.items.base.rules]
absent = { from = "attendance", where = { activity = "general_meeting", status = "absent" }, points = -4 }
complaint = { title = "居民投诉", from = "events", where = { event = "complaint" }, points = -3 }

[components.bonus]
title = "加分"
clause = "第三条"
[components.bonus.items.bonus]
title = "加分"
clause = "第三条"
cap = 12
[components.bonus.items.bonus.rules]
trees = { title = "植树(每棵)", from = "events", where = { event = "tree_planted" }, points = 2, times = "quantity" }
shift = { title = "值班", for = { category = "local" }, from = "events", where = { event = "duty_shift" }, points = 1 }
help = { for = { category = "rover" }, from = "events", where = { event = "good_deed" }, points = 3 }

[grades."优秀"]
clause = "第四条"
at_least = 65
quota = { clause = "第四条", share = 0.15 }
[grades."合格"]
clause = "第四条"
at_least = 50
[grades."不合格"]
clause = "第四条"
[forced.veto]
title = "一票否决"
clause = "第五条"
flag = "veto"
any = [{ from = "events", where = { event = "veto" } }]
[outcomes.sapling]
title = "赠送树苗"
clause = "第六条"
all = [{ measure = "grade", in = "优秀" }, { from = "events", where = { event = "tree_planted" } }]

[readings.uncapped]
title = "加分不封顶"
why = "第三条未写是否封顶"
clause = "第三条"
drop = ["components.bonus.items.bonus.cap"]
"""


def written(folder: Path, text: str = TEXT) -> Path:
    """Write a scheme into a folder."""
    file = folder / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


VOICES = """
id = "workshop_70_30"
title = "车间党员积分"
source = "本测试自拟"
period = "half"
year_total = "mean"
year_grades = true

[words.event.tree_planted]
label = "义务植树"
reads = ["quantity"]

[components.conduct]
title = "日常表现"
weight = 0.7
clause = "第二条"
[components.conduct.items.meetings]
title = "参加会议"
clause = "第二条"
start = 60
[components.conduct.items.meetings.rules.attendance]
title = "缺席"
from = "attendance"
by = "status"
points = { absent = -6, late = -2, leave = -1 }
[components.conduct.items.fees]
title = "交党费"
clause = "第二条"
start = 40
[components.conduct.items.fees.rules.unpaid]
title = "未交"
from = "dues"
where = { state = "unpaid" }
points = -8

[components.voices]
title = "群众口碑"
weight = 0.3
clause = "第三条"
[components.voices.items.heard]
title = "口碑"
from = "evaluations"
clause = "第三条"
[components.voices.items.heard.groups]
inside = { title = "班子、党员", weight = 0.5, pool = ["committee", "members"] }
outside = { title = "群众", weight = 0.5, pool = ["residents", "households"] }

[components.extra]
title = "附加"
weight = 1
clause = "第四条"
[components.extra.items.green]
title = "植树"
clause = "第四条"
cap = 10
[components.extra.items.green.rules.trees]
title = "植树(每棵)"
from = "events"
where = { event = "tree_planted" }
points = 2
times = "quantity"

[grades."优秀"]
clause = "第五条"
at_least = 88
quota = { clause = "第五条", share = 0.25 }
[grades."合格"]
clause = "第五条"
at_least = 70
[grades."不合格"]
clause = "第五条"

[readings.uncapped]
title = "植树不封顶"
why = "第四条未写是否封顶"
clause = "第四条"
drop = ["components.extra.items.green.cap"]
"""
"""Another, with weights, evaluations, a quota and grades of the year, whose parts are called as no other's."""
