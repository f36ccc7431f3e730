"""Synthetic records: invented branches and members, seeded, for trying everything on.

No person, branch or place in them exists. The same seed gives the same
records, whatever the machine.
"""

from jifen_analysis.sample.files import write
from jifen_analysis.sample.synthetic import synthetic

__all__ = ["synthetic", "write"]
