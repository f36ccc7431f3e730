"""How a row may be read as a header, a file for each layout: grid and row in, a candidate or nothing out.

To add a layout write a file with one such function and list it here.
"""

from collections.abc import Callable, Sequence

from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.parts import part_of
from jifen_analysis.intake.layouts.readings.attendees import a_meeting_a_row
from jifen_analysis.intake.layouts.readings.deeds import a_column_a_deed
from jifen_analysis.intake.layouts.readings.groups import a_column_a_group
from jifen_analysis.intake.layouts.readings.halves import a_column_a_period
from jifen_analysis.intake.layouts.readings.items import a_column_a_claim, a_column_an_item
from jifen_analysis.intake.layouts.readings.judges import a_column_a_judge, a_column_a_member
from jifen_analysis.intake.layouts.readings.listed import a_record_a_row
from jifen_analysis.intake.layouts.readings.meetings import a_column_a_meeting
from jifen_analysis.intake.layouts.readings.months import a_column_a_month
from jifen_analysis.intake.layouts.readings.persons import a_list_of_those_present, a_sheet_a_person
from jifen_analysis.intake.layouts.readings.statuses import a_column_a_status
from jifen_analysis.intake.layouts.scene import Scene

Reading = Callable[[Grid, int, Scene], Header | None]

READINGS: Sequence[Reading] = (
    a_record_a_row,
    a_column_a_period,
    a_column_a_status,
    a_column_a_meeting,
    a_column_a_month,
    a_column_a_group,
    a_column_a_judge,
    a_column_a_member,
    a_column_an_item,
    a_column_a_claim,
    a_column_a_deed,
    a_sheet_a_person,
    a_list_of_those_present,
    a_meeting_a_row,
)
"""Of two that explain a sheet equally well the first is taken."""

_MORE = frozenset({a_column_a_member, a_sheet_a_person, a_list_of_those_present, a_meeting_a_row})
"""Readings that go by titles, or by what stands below, and not by the rows of the header alone."""


def goes_by_more(read: Reading, values: Sequence[Value]) -> bool:
    """Return whether a reading looks at more than the rows of the header, given the first of them."""
    return read in _MORE or (read is a_column_a_month and any(part_of(value) == "year" for value in values))
