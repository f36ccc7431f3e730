"""Point schemes (积分制): records in, points priced, grades decided, every point explained.

>>> import jifen_analysis as jf
>>> "community_60_40" in jf.scheme_names()
True
"""

from jifen_analysis.errors import InvalidRecords, InvalidScheme, JifenError, UsageError
from jifen_analysis.intake import Check, check, coverage, load, read_results
from jifen_analysis.schemes.lint import lint
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment, open_result
from jifen_analysis.tables import Records

__all__ = [
    "Assessment",
    "Check",
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
