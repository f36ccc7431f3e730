"""Explanation: everything behind one number; it prints in a terminal, in a notebook and as text."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich.console import Group

from jifen_analysis.errors import Lang
from jifen_analysis.scoring.explain.lines import entries, line_frame
from jifen_analysis.scoring.explain.model import Account
from jifen_analysis.scoring.explain.rendering import as_html, as_rich, as_text
from jifen_analysis.scoring.explain.sections import sections
from jifen_analysis.scoring.words import number


@dataclass(frozen=True, repr=False)
class Explanation(Account):
    """Every line behind one number, from ``Assessment.explain``; frozen.

    It shows itself in Chinese; ``text``, ``html`` and ``rich`` with
    ``lang="en"`` are in English.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]}),
    ...     "attendance": pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"],
    ...                                 "activity": ["lecture"], "status": ["late"]}),
    ... })
    >>> explained = assess(records, read_scheme("village_monthly")).explain("00001", "2024-03")
    >>> explained.total, explained.frame[["date", "what", "value"]].iloc[-1].tolist()
    (11.0, ['2024-03-05', '党课', '迟到'])
    """

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each record behind a line, and for each line without records; fresh.

        Columns are member_id, period, part, component, item, rule, kind,
        clause, date, what, value, points, contribution, file, sheet, cell. The
        contributions add up to the total.
        """
        return line_frame(entries(self.person.member_id, self.period, self.lines))

    def text(self, lang: Lang = "zh") -> str:
        """Return everything as plain text, one record a line."""
        return as_text(sections(self, lang))

    def html(self, lang: Lang = "zh") -> str:
        """Return everything as HTML tables, whatever the records contain escaped."""
        return as_html(sections(self, lang))

    def rich(self, lang: Lang = "zh") -> Group:
        """Return everything as tables for a rich console."""
        return as_rich(sections(self, lang))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        total = "-" if self.total is None else number(self.total)
        return f"<Explanation {self.person.member_id} {self.period}: {total} {self.grade}>"

    def __rich__(self) -> Group:
        return self.rich()

    def _repr_html_(self) -> str:
        return self.html()
