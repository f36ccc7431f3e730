"""Settings of the whole suite, and the command."""

import pytest
from hypothesis import settings

from jifen_analysis.cli import run
from tests.command import Jifen

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture
def jifen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Jifen:
    """Run the command in Chinese, on a day that stands still."""
    monkeypatch.delenv("JIFEN_LANG", raising=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    capsys.readouterr()

    def call(*args: object) -> tuple[int, str, str]:
        code = run([str(arg) for arg in args])
        return code, *capsys.readouterr()

    return call
