"""Point schemes (积分制): records in, points priced, grades decided, every point explained.

>>> import jifen_analysis as jf
>>> "community_60_40" in jf.scheme_names()
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # who reads types; for everybody else a name is imported when it is first asked for
    from jifen_analysis.errors import InvalidRecords, InvalidScheme, JifenError, UsageError
    from jifen_analysis.intake import Check, check, coverage, load, read_results
    from jifen_analysis.intake.database import Database
    from jifen_analysis.schemes.lint import lint
    from jifen_analysis.schemes.read import scheme_names
    from jifen_analysis.schemes.scheme import Scheme, read_scheme
    from jifen_analysis.scoring.assess import assess
    from jifen_analysis.scoring.assessment import Assessment, open_result
    from jifen_analysis.tables import Records

__all__ = [
    "Assessment",
    "Check",
    "Database",
    "InvalidRecords",
    "InvalidScheme",
    "JifenError",
    "Records",
    "Scheme",
    "UsageError",
    "assess",
    "check",
    "coverage",
    "lint",
    "load",
    "open_result",
    "read_results",
    "read_scheme",
    "scheme_names",
]

_HOMES = {
    "errors": ("InvalidRecords", "InvalidScheme", "JifenError", "UsageError"),
    "intake.database": ("Database",),
    "intake": ("Check", "check", "coverage", "load", "read_results"),
    "schemes.lint": ("lint",),
    "schemes.read": ("scheme_names",),
    "schemes.scheme": ("Scheme", "read_scheme"),
    "scoring.assess": ("assess",),
    "scoring.assessment": ("Assessment", "open_result"),
    "tables": ("Records",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
