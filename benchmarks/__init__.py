"""Figures side by side, measured in one run: ``make bench``."""
