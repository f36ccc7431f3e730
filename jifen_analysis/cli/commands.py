"""What the command can do: which module does it, and what it says of itself, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One command, before the module that does it is imported.

    Parameters
    ----------
    module : str
        The file of this folder with a function of the command's name.
    zh, en : str
        One sentence.
    example : str
        A line to type.
    does : str
        The function, where it is not called as the command is.
    """

    module: str
    zh: str
    en: str
    example: str
    does: str = ""


COMMANDS = {
    "check": Command(
        "records",
        "查验数据:报送情况和全部问题,一次说完。有错误时退出码为 1。",
        "Check data: who sent what, and every problem at once. Exit code 1 where there is an error.",
        "jifen check data/sample",
    ),
    "assess": Command(
        "records",
        "计分、定等次;可写成结果工作簿。",
        "Score and grade; write the results workbook.",
        "jifen assess data/sample --period 2024 --out 结果.xlsx",
    ),
    "convert": Command(
        "scale",
        "查验一次,写成按年度和支部分开的 Parquet;各命令都认,不再逐行查验。",
        "Check once and write Parquet by year and branch, which every command takes without checking row by row.",
        "jifen convert data/sample 已查验",
    ),
    "explain": Command(
        "records",
        "说明一个人的分数:每一分的条款、记录、文件和单元格。",
        "Explain one score: clause, record, file and cell of every point.",
        "jifen explain data/sample 00017 --period 2024H1",
    ),
    "report": Command(
        "review",
        "年度总结:一年与上一年比较;默认不列个人、隐去小组。",
        "The annual review against the year before; nobody is named and small groups are hidden by default.",
        "jifen report data/sample --out 总结.html",
    ),
    "notice": Command(
        "notice_export",
        "公示表:每支部一张,只有姓名、得分、等次、名次。",
        "Notices: a sheet a branch, with name, score, grade and rank only.",
        "jifen notice data/sample --period 2024 --out 公示表.docx",
    ),
    "export": Command(
        "notice_export",
        "打包供第三方核验:假名化的记录、方案、来历。",
        "Pack for a third party: pseudonymised records, the scheme, where they come from.",
        "jifen export data/sample 核验包.zip",
    ),
    "compare": Command(
        "compare",
        "比较方案和读法:谁变了,为什么。",
        "Compare schemes and readings: who moves, and why.",
        "jifen compare data/sample --scheme community_60_40 --scheme street_80_20 --out 比较.xlsx",
    ),
    "try": Command(
        "trial",
        "试算:换占比、分数线、名额,谁变了、为什么,起作用的是线还是名额。",
        "Try other shares, cut scores and quotas: who moves and why, whether the cut or the quota binds.",
        "jifen try data/sample --share 日常考核=70 --share 民主评议=30 --cut 优秀=88 --out 试算.html",
        "tried_out",
    ),
    "chart": Command(
        "chart",
        "画图集中的任何一张图,写成图片或网页。",
        "Draw any chart of the gallery, as a picture or a page.",
        "jifen chart branches.funnel data/sample --out 漏斗图.html",
    ),
    "schemes": Command(
        "rules",
        "列出方案,或用文字说明一个方案。",
        "List the schemes, or show one in words.",
        "jifen schemes community_60_40",
    ),
    "lint": Command(
        "rules",
        "检查方案:缺口、矛盾、够不到的等次、推定的数。",
        "Look a scheme over: gaps, contradictions, grades out of reach, assumed numbers.",
        "jifen lint bureau_quarterly",
    ),
    "words": Command(
        "rules",
        "列出认得的词:各类,或一类的全部写法。",
        "List the words that are known: the kinds, or every spelling of one.",
        "jifen words 出勤情况",
    ),
    "template": Command(
        "template",
        "支部填报用的空白表:表头、示例、下拉列表、说明;填好送回即可读入。",
        "The blank workbook for branches: headers, an example, lists to choose from; filled in, it loads.",
        "jifen template 空白表.xlsx --scheme community_60_40",
    ),
    "sample": Command(
        "sample_demo",
        "生成虚构的样例数据。",
        "Make synthetic records.",
        "jifen sample 样例 --members 300 --years 2023 2024 --format xlsx",
    ),
    "demo": Command(
        "sample_demo",
        "在样例数据上走一遍:查验、计分、写出结果。",
        "The main job on the sample: check, score, write the results.",
        "jifen demo",
    ),
    "new": Command(
        "projects",
        "建一个项目文件夹:报送、方案、对照表、结果;记住方案和年度,里面的命令不用再写。",
        "Lay out a folder for a year's work that remembers scheme and years for every command run inside.",
        "jifen new 2024年考核 --scheme community_60_40 --years 2023 2024",
    ),
    "status": Command(
        "projects", "项目里缺什么,下一步做什么。", "What is missing in a project, and what to do next.", "jifen status"
    ),
    "lab": Command(
        "notebooks",
        "在 JupyterLab 中打开笔记本(放在数据旁边的副本)。",
        "JupyterLab on the notebooks (a copy beside your data).",
        "jifen lab 我的数据",
    ),
    "desk": Command(
        "notebooks",
        "不写代码的工作台:滑块试占比、分数线、名额,查问题,查一个人,写出总结;在浏览器中,只供本机。",
        "The desk without code: sliders for shares, cuts and quotas, problems, explanations, the review; in a browser.",
        "jifen desk 我的数据",
    ),
}
