"""方案表: a scheme as a workbook, a row for each part, in the words of the people who write such documents."""

from jifen_analysis.schemes.sheets.plan import book_of, rows_in
from jifen_analysis.schemes.sheets.reading import PlacedDocument, document_of, rows_of

__all__ = ["PlacedDocument", "book_of", "document_of", "rows_in", "rows_of"]
