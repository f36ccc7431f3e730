"""The correspondence table (对照表): each local word, header, sign or name said once, as a workbook or as TOML."""

from jifen_analysis.intake.correspondence.book import (
    count_unknown,
    is_table_of_words,
    lines_open,
    unknown_texts,
    write_unknown,
)
from jifen_analysis.intake.correspondence.model import Correspondence, CorrespondenceLine
from jifen_analysis.intake.correspondence.settling import lay_out_with, of_year
from jifen_analysis.intake.correspondence.sources import (
    CorrespondenceSource,
    correspondence_for,
    read_correspondence,
)
from jifen_analysis.vocabulary import ASIDE

__all__ = [
    "ASIDE",
    "Correspondence",
    "CorrespondenceLine",
    "CorrespondenceSource",
    "correspondence_for",
    "count_unknown",
    "is_table_of_words",
    "lay_out_with",
    "lines_open",
    "of_year",
    "read_correspondence",
    "unknown_texts",
    "write_unknown",
]
