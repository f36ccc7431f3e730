"""``python -m jifen_analysis.cli``: the command, where it is not on the path."""

from jifen_analysis.cli import main

if __name__ == "__main__":  # Windows starts a process by importing this again
    main()
