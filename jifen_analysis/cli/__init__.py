"""The command ``jifen``: parse, call, print."""

from collections.abc import Sequence

__all__ = ["main", "run"]

# What they need is imported when they are called: until then whoever breaks it off sees nothing of it.


def run(args: Sequence[str]) -> int:
    """Do what the arguments say; see :func:`jifen_analysis.cli.app.run`."""
    from jifen_analysis.cli.app import run as does

    return does(args)


def main() -> None:
    """Run as the command ``jifen``."""
    import signal

    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from jifen_analysis.cli.app import main as does

    signal.signal(signal.SIGINT, before)
    does()
