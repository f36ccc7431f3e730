"""The command ``jifen``: parse, call, print."""

from jifen_analysis.cli.app import main, run

__all__ = ["main", "run"]
