"""DuckDB: one statement a scheme, straight from the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.peers import LIFE

_COMMUNITY = """
with attended as (
  select member_id, if(month(date) < 7, 'H1', 'H2') as half,
    sum(case status when 'absent' then -5 when 'late' then -4
    when 'early_leave' then -4 when 'leave' then -3 when 'sick_leave' then -3 when 'proxy' then -10
    else 0 end) as points
  from '{0}/attendance/*/*.parquet' where activity <> 'workday' group by all),
months as (
  select *, if(substr(month, 6) < '07', 'H1', 'H2') as half, last_day((month || '-01')::date) as ends
  from '{0}/dues/*/*.parquet'),
seen as (
  select member_id, half, due, ends, if(half = 'H1', date '2024-06-30', date '2024-12-31') as closes,
    if(paid_on > closes, 0, coalesce(paid, 0)) as paid, paid_on from months),
late as (
  select member_id, half, case when due = 0 then 0 when paid >= due then greatest(coalesce(paid_on - ends, 0), 0)
    else greatest(closes - ends, 1) end as days from seen),
paid as (
  select member_id, half, sum(case when days < 1 or days >= 60 then 0 when days < 31 then -2 else -5 end) as points,
    bool_or(days >= 60) as lost from late group by all),
given as (
  select member_id, if(month(date) < 7, 'H1', 'H2') as half, 5 * sum(quantity) as points
  from '{0}/events/*/*.parquet' where event = 'public_benefit' group by all),
pools as (
  select member_id, right(period, 2) as half,
    case when "group" in ('members', 'residents') then 0.4 else 0.3 end::double as weight,
    sum(mark * count) / sum(count) as mean
  from '{0}/evaluations/*/*.parquet' group by member_id, half, "group"),
said as (select member_id, half, sum(mean * weight) / sum(weight) as mean from pools group by all),
scored as (
  select m.member_id, m.branch, '2024' || half as period,
    0.6 * (90 + coalesce(a.points, 0) + if(p.lost, least(10 + p.points, 0), 10 + coalesce(p.points, 0)))
    + 0.4 * s.mean + coalesce(g.points, 0) as total
  from '{0}/members.parquet' m join said s using (member_id) left join attended a using (member_id, half)
  left join paid p using (member_id, half) left join given g using (member_id, half))
select member_id, period, total,
  rank() over (partition by branch, period order by round(total, 6) desc) as rank_branch from scored
"""

_STREET = """
with attended as (
  select member_id, sum(case when activity not in ({1}) then 0
    when status in ('leave', 'sick_leave') then -1 when status in ('late', 'early_leave') then -2
    when status in ('absent', 'proxy') then -5 else 0 end) as points,
    count_if(activity = 'voluntary_labour' and status in ('present', 'late', 'early_leave')) as labour
  from '{0}/attendance/*/*.parquet' group by all),
seen as (
  select member_id, due, last_day((month || '-01')::date) as ends, paid_on,
    if(paid_on > date '2024-12-31', 0, coalesce(paid, 0)) as paid from '{0}/dues/*/*.parquet'),
paid as (
  select member_id, count_if(due > 0 and (paid < due or paid_on > ends)) as late,
    bool_or(due > 0 and paid < due and paid > 0) as short from seen group by all),
given as (
  select member_id, least(sum(quantity), 10) as points from '{0}/events/*/*.parquet'
  where event = 'public_benefit' group by all),
said as (
  select member_id, sum(mark * count) / sum(count) as mean from '{0}/evaluations/*/*.parquet'
  where "group" in ('committee', 'members') group by all),
scored as (
  select m.member_id, m.branch, '2024' as period, 30 + greatest(40 + coalesce(a.points, 0), 0)
    + greatest(10 - coalesce(p.late, 0) - if(p.short, 5, 0), 0) + 0.2 * s.mean
    + coalesce(g.points, 0) + least(coalesce(a.labour, 0), 10) as total
  from '{0}/members.parquet' m join said s using (member_id) left join attended a using (member_id)
  left join paid p using (member_id) left join given g using (member_id))
select member_id, period, total,
  rank() over (partition by branch, period order by round(total, 6) desc) as rank_branch from scored
"""


def totals(folder: Path, scheme: str) -> Any:
    """Return member_id, period, total and rank_branch."""
    statement = {"community_60_40": _COMMUNITY, "street_80_20": _STREET}[scheme]
    if not (folder / "attendance").is_dir():  # a file a table, not converted
        statement = statement.replace("/*/*.parquet", ".parquet")
    if not (folder / "members.parquet").exists():
        statement = statement.replace(".parquet", ".csv")
    named = ", ".join(f"'{name}'" for name in LIFE)
    return duckdb.sql(statement.format(folder, named)).to_arrow_table()
