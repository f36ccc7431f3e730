"""The package for a third party: scored again it gives the same, and it names nobody."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.errors import UsageError
from jifen_analysis.report.export import export, scheme_file
from jifen_analysis.report.manifest import manifest, origin
from jifen_analysis.report.pseudonyms import PseudonymKey, pseudonymise
from jifen_analysis.sealing import digest
from tests.report.sampled import records, result


@pytest.fixture(scope="module")
def hidden() -> jf.Assessment:
    """The sample under pseudonyms."""
    return jf.assess(pseudonymise(records(), PseudonymKey(b"a key for tests only")), result().scheme)


def test_the_package_scores_to_the_same_totals(hidden: jf.Assessment, tmp_path: Path) -> None:
    """Records and scheme file of the package are all that is needed."""
    folder = export(hidden, "community_60_40", tmp_path / "包")
    again = jf.assess(jf.load(folder / "records"), jf.read_scheme(folder / "scheme.toml"))
    order = ["member_id", "period"]
    frames = [one.table.sort_values(order, ignore_index=True).drop(columns="flags") for one in (hidden, again)]
    pd.testing.assert_frame_equal(*frames)


def test_a_scheme_that_is_a_workbook_goes_as_toml(tmp_path: Path) -> None:
    """Who checks has the same scheme, under the name that the package gives it."""
    place = jf.read_scheme("street_80_20").write(tmp_path / "方案.xlsx")
    (tmp_path / "scheme.toml").write_bytes(scheme_file(str(place)))
    assert jf.read_scheme(tmp_path / "scheme.toml").digest == jf.read_scheme("street_80_20").digest


def test_formulas_in_records_are_text_and_come_back(tmp_path: Path) -> None:
    """A branch or a question that begins like a formula is no formula in the package, and the same when it is read."""
    members = pd.DataFrame({"member_id": ["00001"], "branch": ["=cmd|' /C calc'!A0"], "category": ["+1+1"]})
    found = jf.assess(jf.Records.from_frames({"members": members}), result().scheme)
    folder = export(found, "community_60_40", tmp_path / "包")
    assert "'=cmd|" in (folder / "records" / "members.csv").read_text(encoding="utf-8")
    assert jf.load(folder / "records").members["branch"].tolist() == members["branch"].tolist()


def test_the_package_holds_no_id_and_no_name(hidden: jf.Assessment, tmp_path: Path) -> None:
    """Neither in a table nor in the manifest; the order of rows does not follow the ids."""
    with zipfile.ZipFile(export(hidden, "community_60_40", tmp_path / "p.zip")) as archive:
        members = pd.read_csv(archive.open("records/members.csv"), dtype=str)
        made = json.loads(archive.read("manifest.json"))
    assert members["name"].isna().all()
    assert members["member_id"].is_monotonic_increasing
    assert made["scheme_sha256"] == hidden.scheme.digest


def test_two_packages_are_equal(hidden: jf.Assessment, tmp_path: Path) -> None:
    """The same key and the same records give the same bytes."""
    one, two = (export(hidden, "community_60_40", tmp_path / f"{name}.zip").read_bytes() for name in "ab")
    assert one == two


def test_a_folder_that_holds_something_is_refused(hidden: jf.Assessment, tmp_path: Path) -> None:
    """Nothing is mixed into it."""
    (tmp_path / "old").touch()
    with pytest.raises(UsageError, match="不是空的文件夹"):
        export(hidden, "community_60_40", tmp_path)


def test_a_manifest_names_inputs_and_outputs(tmp_path: Path) -> None:
    """Outputs stand under their names with the hash of what was written."""
    file = tmp_path / "a.csv"
    file.write_text("x", encoding="utf-8")
    made = json.loads(manifest(origin(result(), ["三支部"]), [file]))
    assert made["outputs"] == {"a.csv": digest(file)}
    assert made["left_out"] == ["三支部"]
    assert made["scheme"] == "community_60_40"
