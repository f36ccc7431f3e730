"""The command ``jifen``: parse, call, print."""

from jifen_analysis.cli.app import app, main, run

__all__ = ["app", "main", "run"]
