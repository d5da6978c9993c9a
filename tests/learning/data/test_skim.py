"""Reading a file's identifiers from its first bytes."""

from __future__ import annotations

import pytest
from dicom_factory import compressed, make_rsna, make_slice, to_bytes, write
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)

from ichviewer.errors import ReadError
from ichviewer.learning.data import skim as module
from ichviewer.learning.data.skim import Skimmed, skim, skim_all


def expected(path, ds):
    return Skimmed(str(path), ds.SOPInstanceUID, str(ds.PatientID), ds.StudyInstanceUID, ds.SeriesInstanceUID)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_plain_files_are_read_without_the_slow_reader(tmp_path, monkeypatch, syntax):
    monkeypatch.setattr(module, "parse_file", None)
    ds = make_slice()
    ds.file_meta.TransferSyntaxUID = syntax
    path = write(tmp_path / "a.dcm", ds)
    assert skim(str(path)) == expected(path, ds)


@pytest.mark.parametrize("syntax", [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, JPEG2000Lossless])
def test_other_files_are_read_too(tmp_path, syntax):
    ds = compressed(make_slice(), syntax)
    path = write(tmp_path / "a.dcm", ds)
    assert skim(str(path)) == expected(path, ds)


def test_a_file_like_those_of_the_challenge_is_read(tmp_path):
    ds = make_rsna()
    path = write(tmp_path / "ID_0a1b2c3d4.dcm", ds)
    found = skim(str(path))
    assert found == Skimmed(str(path), "ID_0a1b2c3d4", "ID_18f2d431", "ID_ce8ec31f46", "ID_0a1b2c3d4ee")


def test_identifiers_beyond_the_first_bytes_are_found(tmp_path):
    ds = make_slice(DerivationDescription="x" * 1000, AdditionalPatientHistory="y" * 6000)
    path = write(tmp_path / "a.dcm", ds)
    assert skim(str(path)) == expected(path, ds)


def test_a_name_that_is_not_ascii_does_not_stop_it(tmp_path):
    ds = make_slice(patient_id="Müller")
    path = write(tmp_path / "a.dcm", ds)
    assert skim(str(path)).patient_id == "Müller"


def test_a_file_without_preamble_is_read(tmp_path):
    ds = make_slice()
    path = tmp_path / "a.dcm"
    data = to_bytes(ds)
    length = int.from_bytes(data[140:144], "little")  # of the meta information
    ds_bytes = data[144 + length :]
    path.write_bytes(ds_bytes)
    assert skim(str(path)).series_uid == ds.SeriesInstanceUID


@pytest.mark.parametrize(
    "data", [b"", b"no DICOM", b"\0" * 128 + b"DICM", b"\0" * 128 + b"DICM\x08\0\x18\0UI\xff"]
)
def test_what_is_no_dicom_is_told(tmp_path, data):
    path = tmp_path / "a.dcm"
    path.write_bytes(data)
    with pytest.raises(ReadError):
        skim(str(path))


def test_of_many_files_each_failure_is_named(tmp_path):
    good = write(tmp_path / "good.dcm", make_slice())
    bad = tmp_path / "bad.dcm"
    bad.write_bytes(b"bad")
    found, failed = skim_all((str(bad), str(good), str(tmp_path / "gone.dcm")))
    assert [s.path for s in found] == [str(good)]
    assert [path for path, _ in failed] == [str(bad), str(tmp_path / "gone.dcm")]
    assert all(reason for _, reason in failed)
