"""Members who may be one person: of one name and one day of birth, under several ids."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_analysis.errors import Text
from jifen_analysis.tables.consistency import Tables
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.plausibility.saying import note_rows

_ONE = Text(
    "姓名、出生日期都相同,编号不同,像是一个人记了两次;若是一人,请只留一个编号",
    "one name and one day of birth under several ids: where it is one person, keep one id",
)


def doubled_persons(tables: Tables) -> Iterator[Failure]:
    """Yield the ids of members of one name who were born on one day."""
    members = tables.get("members")
    if members is None or not members["birth_date"].notna().any():
        return
    known = members.loc[members["name"].notna() & members["birth_date"].notna(), ["member_id", "name", "birth_date"]]
    known = known.assign(member_id=known["member_id"].astype("str"), name=known["name"].astype("str"))
    known = known.drop_duplicates()
    doubled = known[known.duplicated(["name", "birth_date"], keep=False)].sort_values(
        ["name", "birth_date", "member_id"]
    )
    for _, rows in doubled.groupby(["name", "birth_date"], sort=False):
        yield from note_rows(
            "members", "member_id", "person_doubled", rows.index.tolist(), rows["member_id"].tolist(), _ONE
        )
