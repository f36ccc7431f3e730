"""2: the village's discipline inspectors; marked items only."""

from fractions import Fraction
from typing import ClassVar

from .book import Row
from .roster import Place
from .scheme import Items, Scheme

ITEMS = {
    "supervise": (
        "supervise_plan",
        "supervise_deployment",
        "supervise_village_affairs",
        "supervise_disclosure",
        "supervise_meetings",
    ),
    "assist": ("assist_clean_governance", "assist_member_management", "assist_assigned_work"),
    "publicise": ("publicise_convey", "publicise_education"),
    "collect": ("collect_visits", "collect_records"),
    "report": ("report_duty",),
}


class VillageInspector(Scheme):
    """Marks added up to 100, for inspectors."""

    weights: ClassVar = dict.fromkeys(ITEMS, Fraction(1))
    known_readings = ("whole_marks",)
    bands = (("优秀", 90), ("称职", 80), ("基本称职", 60), ("不称职", None))
    lowest = "不称职"

    def covers(self, place: Place) -> bool:
        """Only inspectors."""
        return place.post == "inspector"

    def items(self, row: Row) -> Items:
        """Every item is a mark."""
        return {c: {item: row.case.marks.get(item) for item in items} for c, items in ITEMS.items()}
