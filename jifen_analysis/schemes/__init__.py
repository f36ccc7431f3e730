"""The rule book: schemes as data, checked, varied, described."""
