"""Columns that are only understood together: a piece in, a piece out that can be read column by column."""
