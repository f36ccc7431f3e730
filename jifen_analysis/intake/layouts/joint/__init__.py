"""Columns that are only understood together: a piece in, a piece out that can be read column by column."""

from collections.abc import Callable, Sequence

from jifen_analysis.intake.layouts.joint.attendees import with_attendees
from jifen_analysis.intake.layouts.joint.deeds import with_deeds
from jifen_analysis.intake.layouts.joint.evaluators import with_counted_evaluators, without_evaluators
from jifen_analysis.intake.layouts.joint.headings import with_headings
from jifen_analysis.intake.layouts.joint.items import with_bare_items
from jifen_analysis.intake.layouts.joint.month_ranges import with_spans
from jifen_analysis.intake.layouts.joint.names import with_former_names, with_person, with_signatures
from jifen_analysis.intake.layouts.joint.payments import with_payments
from jifen_analysis.intake.layouts.joint.sections import with_sections
from jifen_analysis.intake.layouts.joint.signs import with_reasons, with_signs
from jifen_analysis.intake.layouts.joint.standards import with_amounts, with_standards
from jifen_analysis.intake.layouts.joint.states import with_states
from jifen_analysis.intake.layouts.joint.times import with_paid_days, with_sign_times, with_times
from jifen_analysis.intake.layouts.joint.turns import with_turned_years
from jifen_analysis.intake.layouts.piece import Piece

TOGETHER: Sequence[Callable[[Piece], Piece]] = (
    with_person,
    with_attendees,
    with_sections,
    with_times,
    with_turned_years,
    with_paid_days,
    with_sign_times,
    without_evaluators,
    with_counted_evaluators,
    with_headings,
    with_states,
    with_former_names,
    with_deeds,
    with_signatures,
    with_signs,
    with_reasons,
    with_payments,
    with_standards,
    with_spans,
    with_amounts,
    with_bare_items,
)
"""In order: each sees what those before it have settled."""
