"""The default sample, made once."""

from pathlib import Path

import pandas as pd
import pytest

from jifen_analysis.sample import synthetic, write
from jifen_analysis.tables import Records


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    """The default sample's tables."""
    return synthetic()


@pytest.fixture(scope="session")
def records(tables: dict[str, pd.DataFrame]) -> Records:
    """The default sample as records."""
    return Records.from_frames(tables)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default sample as workbooks."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder)
    return folder
