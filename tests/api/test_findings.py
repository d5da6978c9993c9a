from __future__ import annotations

import csv
import io
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_slice, write
from plugins.intracranial_volume import IntracranialVolume
from synthetic_head import SPACING_MM, head_hu

import ichviewer
from ichviewer.errors import ArgumentError, FileChangedError, MissingExtraError
from ichviewer.services.export import csv_text
from ichviewer.services.series_models import registered


@pytest.fixture
def mixed(write_head: Callable[..., Path], tmp_path: Path) -> Path:
    """A head CT with a broken slice, a copy of another, a file that is no image, and a localizer."""
    folder = write_head("mixed", patient_id="=cmd;x")
    (folder / "IM0").write_bytes((folder / "IM0").read_bytes()[:3000])
    shutil.copy(folder / "IM1", folder / "copy")
    (folder / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\xff" * 40)
    scout = make_slice(series="scout", image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"), patient_id="=cmd;x")
    write(folder / "scout", scout)
    return folder


def csv_rows(findings: ichviewer.Findings) -> list[dict[str, str]]:
    text, _ = csv_text(findings.catalog, findings.analysis.findings, findings.point)
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_says_what_the_csv_says(mixed: Path, tiny: Path) -> None:
    pd = pytest.importorskip("pandas")
    findings = ichviewer.annotate(mixed, tiny)
    frame, rows = findings.to_dataframe(), csv_rows(findings)
    assert list(frame.columns) == list(rows[0])
    assert len(frame) == len(rows) == 7
    assert sorted(frame["status"]) == sorted(["analysed"] * 3 + ["failed"] * 2 + ["not_analysed"] * 2)
    for (_, row), written in zip(frame.iterrows(), rows, strict=True):
        assert row["status"] == written["status"]
        assert row["note"] == written["note"]
        assert written["flagged"] == ("" if pd.isna(row["flagged"]) else row["flagged"])
        assert written["sop_uid"] == ("" if pd.isna(row["sop_uid"]) else row["sop_uid"])
        for name in ("any", "subdural", "position_mm"):
            assert (written[name] == "") == bool(pd.isna(row[name]))
            if written[name]:
                assert row[name] == pytest.approx(float(written[name]), abs=1e-6)


def test_texts_of_the_table_are_as_in_the_files(mixed: Path, tiny: Path) -> None:
    pytest.importorskip("pandas")
    frame = ichviewer.annotate(mixed, tiny).to_dataframe()
    assert set(frame["patient_id"].dropna()) == {"=cmd;x"}


def test_what_was_not_analyzed_has_no_flag_that_could_be_taken_for_none(mixed: Path, tiny: Path) -> None:
    pytest.importorskip("pandas")
    frame = ichviewer.annotate(mixed, tiny).to_dataframe()
    without = frame["status"] != "analysed"
    assert without.sum() == 4
    assert frame.loc[without, "flagged"].isna().all()
    assert frame.loc[without, "any"].isna().all()
    assert frame.loc[~without, "flagged"].notna().all()


def test_the_kinds_of_columns_do_not_depend_on_what_is_in_them(ct_series: list[Path], tiny: Path) -> None:
    pytest.importorskip("pandas")
    frame = ichviewer.annotate(ct_series, tiny).to_dataframe()
    assert frame["any"].dtype == np.float64
    assert str(frame["slice_index"].dtype) == "Int64"
    assert str(frame["flagged"].dtype) == "string"
    assert list(frame["slice_index"]) == [1, 2, 3, 4, 5]


def test_further_models_have_columns(head: Path, tiny: Path) -> None:
    pytest.importorskip("pandas")
    with registered(IntracranialVolume()):
        findings = ichviewer.annotate(head, tiny)
    frame = findings.to_dataframe()
    more = [name for name in frame.columns if name.startswith(f"{IntracranialVolume().spec.id}.")]
    assert len(more) >= 1
    assert all(frame[name].dtype == np.float64 for name in more)


def test_without_pandas_the_error_names_the_extra(
    head: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = ichviewer.annotate(head, tiny)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'ichviewer\[tables\]'") as caught:
        findings.to_dataframe()
    assert caught.value.where == "Findings.to_dataframe"
    # Everything else works.
    assert ichviewer.write_csv(findings, "f.csv") == (Path("f.csv"), Path("f.csv.json"))


def test_findings_outlive_the_study(head: Path, tiny: Path) -> None:
    pytest.importorskip("pandas")
    findings = ichviewer.annotate(head, tiny)
    before = findings.to_dataframe()
    shutil.rmtree(head)
    assert findings.to_dataframe().equals(before)
    assert findings.of(findings.series[0]).analysed == 4
    assert ichviewer.write_csv(findings, "f.csv")


def test_findings_can_be_pickled(mixed: Path, tiny: Path) -> None:
    pytest.importorskip("pandas")
    findings = ichviewer.annotate(mixed, tiny)
    again = pickle.loads(pickle.dumps(findings))
    assert again.to_dataframe().equals(findings.to_dataframe())
    assert (again.point, again.analyzed_at) == (findings.point, findings.analyzed_at)
    for series in findings.series:
        assert again.of(series) == findings.of(series)
    shutil.rmtree(mixed)
    for series in findings.series:
        assert pickle.loads(pickle.dumps(findings.of(series))) == findings.of(series)


def test_findings_of_a_series_that_changed_are_refused(head: Path, tiny: Path) -> None:
    findings = ichviewer.annotate(head, tiny)
    (same,) = ichviewer.open_study(head).series
    assert findings.of(same).analysed == 4
    (head / "IM0").unlink()
    (fewer,) = ichviewer.open_study(head).series
    with pytest.raises(ArgumentError, match="not about this series"):
        findings.of(fewer)
    with pytest.raises(ArgumentError, match="a series or a volume is needed"):
        findings.of("head")  # type: ignore[arg-type]


def test_findings_are_given_for_a_volume_of_the_very_pixels_only(head: Path, tiny: Path) -> None:
    findings = ichviewer.annotate(head, tiny)
    (series,) = findings.series
    assert findings.of(ichviewer.read_volume(series)) == findings.of(series)
    # The same header over other values: only the pixels tell.
    spacing = (SPACING_MM, SPACING_MM)
    other = make_slice(hu=head_hu(60), z_mm=15.0, instance_number=1, pixel_spacing_mm=spacing)
    write(head / "IM0", other)
    (now,) = ichviewer.open_study(head).series
    volume = ichviewer.read_volume(now)
    with pytest.raises(FileChangedError, match="not those that were judged") as caught:
        findings.of(volume)
    assert caught.value.where == str(head / "IM0")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux")
def test_names_of_files_that_are_no_unicode_are_told_as_in_the_csv(head: Path, tiny: Path) -> None:
    pytest.importorskip("pandas")
    (head / "IM0").rename(head / os.fsdecode(b"IM\xff"))
    findings = ichviewer.annotate(head, tiny)
    (name,) = [file for file in findings.to_dataframe()["file"] if "IM\\" in file]
    assert name == f"{head}/IM\\udcff"
    table, _ = ichviewer.write_csv(findings, "f.csv")
    assert name in table.read_text(encoding="utf-8")
