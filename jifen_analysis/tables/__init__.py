"""The shape of every table: columns, types, pandera schemas, and Records, a frozen bundle of them."""

from jifen_analysis.tables.columns import KEYS, TABLES, Column, canonical
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.records import Records
from jifen_analysis.tables.sources import Source

__all__ = ["KEYS", "TABLES", "Column", "Failure", "Records", "Source", "canonical"]
