"""Servers that notebooks need: started, waited for, ended by who asked for them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence


def wait_for_server(command: Sequence[str]) -> int:
    """Wait until a server ends; Ctrl+C is its to answer, for it has kernels to close.

    Parameters
    ----------
    command : sequence of str
        What to start.

    Returns
    -------
    int
        Its exit code.
    """
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
