"""The correspondence table (对照表): each local word, header, sign or name said once, as a workbook or as TOML."""

from jifen_analysis.intake.correspondence.asking import unknown_texts, write_unknown
from jifen_analysis.intake.correspondence.given import (
    Given,
    correspondence_for,
    read_correspondence,
    write_correspondence,
)
from jifen_analysis.intake.correspondence.model import Correspondence, Line
from jifen_analysis.intake.correspondence.settling import laid_out, of_year
from jifen_analysis.vocabulary import ASIDE

__all__ = [
    "ASIDE",
    "Correspondence",
    "Given",
    "Line",
    "correspondence_for",
    "laid_out",
    "of_year",
    "read_correspondence",
    "unknown_texts",
    "write_correspondence",
    "write_unknown",
]
