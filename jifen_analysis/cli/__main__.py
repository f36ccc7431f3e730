"""``python -m jifen_analysis.cli``: the command, where it is not on the path."""

from jifen_analysis.cli import main

main()
