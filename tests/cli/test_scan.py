from __future__ import annotations

import json
from pathlib import Path

import pydicom.data
import pytest
from dicom_factory import compressed, make_slice, write
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from ichviewer.__main__ import main


def test_table_and_problems(ct_series, capsys):
    folder = ct_series[0].parent
    (folder / "notes.txt").write_text("hello")
    assert main(["scan", str(folder)]) == 0
    out, err = capsys.readouterr()
    (line,) = [row for row in out.splitlines() if "Head 5.0" in row]
    for word in ("P1", "2024-01-31", "CT", "5", "16 x 16", "0.5 x 0.5", "position", "HU"):
        assert word in line
    assert "-1000" in line
    assert "notes.txt: not a DICOM file" in err
    assert "1 study, 1 series, 5 slices; no failures." in err


def test_json_is_all_of_stdout(ct_series, capsys):
    assert main(["scan", "--json", str(ct_series[0])]) == 0
    data = json.loads(capsys.readouterr().out)
    (series,) = data["studies"][0]["series"]
    assert series["slices"] == 1
    assert series["range_hu"] is not None


def test_headers_only(ct_series, capsys):
    assert main(["scan", "--headers-only", str(ct_series[0])]) == 0
    assert "HU" not in capsys.readouterr().out


def test_a_slice_that_cannot_be_decoded(ct_series, capsys):
    ds = compressed(make_slice(z_mm=50.0, instance_number=9), RLELossless)
    ds.PixelData = encapsulate([b"\xff" * 64])
    path = write(ct_series[0].parent / "broken", ds)
    assert main(["scan", str(path.parent)]) == 3
    out, err = capsys.readouterr()
    assert "(1 slices not decoded)" in out
    assert f"error: {path}" in err
    assert "1 failure." in err


def test_markup_in_a_file_is_text(tmp_path, capsys):
    write(tmp_path / "a", make_slice(description="[red]x[/red]", patient_id="[/]"))
    assert main(["scan", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "[red]x[/red]" in out
    assert "[/]" in out


def test_every_file_of_pydicom(capsys):
    """No traceback on any file of the package; what is broken is named."""
    folder = Path(pydicom.data.__file__).parent
    assert main(["scan", str(folder)]) in (0, 3)
    out, err = capsys.readouterr()
    assert "1CT1" in out
    assert "HU" in out
    assert "rtplan_truncated.dcm" in err
    assert "MR_truncated.dcm" in err
    assert "bug" not in err


@pytest.mark.parametrize("unknown", ["--jsn", "--format=xml"])
def test_wrong_option(ct_series, capsys, unknown):
    assert main(["scan", unknown, str(ct_series[0])]) == 2
