from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pydicom
import pytest
from dicom_factory import make_slice, write, write_dicomdir, write_series, write_zip
from planted_names import FAMILY, FULL_NAME, IDENTIFIER, file_bytes, names_in, planted_image
from pydicom.uid import SecondaryCaptureImageStorage

from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.options import MaskRectangle, Options
from ichviewer.errors import ExportError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services import deidentify_export
from ichviewer.services.deidentify_export import check_places, export_deidentified
from ichviewer.services.deidentify_report import report_bytes
from ichviewer.services.export import COLUMNS

KEY = Key(bytes(range(32)))


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Three sections and a CSV of findings, in files and folders that are called after the patient."""
    folder = tmp_path / "in" / FAMILY
    for number in range(3):
        ds = planted_image(z_mm=5.0 * number, instance_number=number + 1)
        path = folder / f"{FULL_NAME}-{number}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_bytes(ds))
    uid = pydicom.dcmread(path).StudyInstanceUID
    row = dict.fromkeys(COLUMNS, "") | {"patient_id": IDENTIFIER, "study_uid": uid, "file": str(path)}
    (folder / f"{FAMILY}.csv").write_text(f"{','.join(COLUMNS)}\n{','.join(row.values())}\n")
    (folder / "letter.txt").write_text(f"Dear {FAMILY}")
    return tmp_path / "in"


def test_neither_files_nor_their_names_name_anybody_and_the_input_stays(study, tmp_path):
    before = hashes(study)
    done = export_deidentified([study], tmp_path / "out", Options(), KEY)
    assert hashes(study) == before
    assert (len(done.written), len(done.refused), done.ignored) == (4, 0, 1)
    out = tmp_path / "out"
    assert {item.path for item in done.written} == {path for path in out.rglob("*") if path.is_file()}
    for name in hashes(out):
        assert names_in(name.encode()) == []
        assert names_in((out / name).read_bytes()) == []


def test_rows_and_images_name_the_same_patient_and_study(study, tmp_path):
    done = export_deidentified([study], tmp_path / "out", Options(), KEY)
    (table,) = (tmp_path / "out").glob("*.csv")
    image = pydicom.dcmread(next(item.path for item in done.written if item.path.suffix == ".dcm"))
    cells = table.read_text().splitlines()[1].split(",")
    assert cells[:2] == [image.PatientID, image.StudyInstanceUID]


def test_begun_again_it_writes_nothing_twice_and_what_is_missing(study, tmp_path):
    out = tmp_path / "out"
    first = export_deidentified([study], out, Options(), KEY)
    whole = hashes(out)
    first.written[1].path.unlink()
    again = export_deidentified([study], out, Options(), KEY)
    assert hashes(out) == whole
    assert [item.was_there for item in again.written] == [True, False, True, True]


def test_other_options_take_the_place_of_what_the_same_key_made(study, tmp_path):
    out = tmp_path / "out"
    export_deidentified([study], out, Options(), KEY)
    names = set(hashes(out))
    done = export_deidentified([study], out, Options(keep_longitudinal=True), KEY)
    assert not done.refused
    assert set(hashes(out)) == names


def test_something_else_of_that_name_stays(study, tmp_path):
    out = tmp_path / "out"
    first = export_deidentified([study], out, Options(), KEY)
    taken = first.written[0].path
    taken.write_bytes(b"mine")
    done = export_deidentified([study], out, Options(), KEY)
    assert [refused.why for refused in done.refused] == ["something else has the name of the result"]
    assert taken.read_bytes() == b"mine"


def test_a_link_in_the_output_folder_leads_nowhere_else(study, tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    first = export_deidentified([study], out, Options(), KEY)
    patient = first.written[0].path.relative_to(out).parts[0]
    (out / patient).rename(tmp_path / "moved")
    elsewhere.mkdir()
    (out / patient).symlink_to(elsewhere)
    done = export_deidentified([study], out, Options(), KEY)
    assert {refused.why for refused in done.refused} == {"a link leads out of the output folder"}
    assert [path for path in elsewhere.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("out", ["in", "in/out", "."])
def test_the_output_folder_lies_neither_in_the_input_nor_around_it(study, tmp_path, out):
    with pytest.raises(ExportError):
        export_deidentified([study], tmp_path / out, Options(), KEY)


def test_the_output_folder_may_lie_beside_a_file_that_is_read(study, tmp_path):
    file = next(study.rglob("*.dcm"))
    with pytest.raises(ExportError):
        check_places([file], file.parent)
    check_places([file], file.parent / "out")
    with pytest.raises(ExportError):
        check_places([file], tmp_path / "out", tmp_path / "out" / "key")


def test_a_link_to_the_input_is_the_input(study, tmp_path):
    (tmp_path / "link").symlink_to(study)
    with pytest.raises(ExportError):
        export_deidentified([study], tmp_path / "link" / "out", Options(), KEY)


def test_cancelled_it_leaves_whole_files_only(study, tmp_path):
    cancel = CancelToken()

    def progress(done: int, total: int, what: str) -> None:
        if done == 3:  # the CSV, a letter, and one image
            cancel.cancel()

    with pytest.raises(Cancelled):
        export_deidentified([study], tmp_path / "out", Options(), KEY, progress=progress, cancel=cancel)
    left = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert 0 < len(left) < 4
    for path in left:
        assert pydicom.dcmread(path).PatientIdentityRemoved == "YES"


def test_a_full_disk_stops_nothing_half_written(study, tmp_path, monkeypatch):
    def full(path: Path, data: bytes) -> None:
        raise ExportError("the file cannot be written", str(path), "No space left on device")

    monkeypatch.setattr(deidentify_export, "write_atomically", full)
    done = export_deidentified([study], tmp_path / "out", Options(), KEY)
    assert len(done.refused) == 4
    assert not done.written


def test_a_file_that_is_refused_does_not_stop_the_rest(study, tmp_path):
    capture = planted_image()
    capture.SOPClassUID = capture.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    (study / "capture.dcm").write_bytes(file_bytes(capture))
    (study / "cut.dcm").write_bytes(file_bytes(planted_image())[:700])
    done = export_deidentified([study], tmp_path / "out", Options(), KEY)
    assert len(done.written) == 4
    assert {Path(refused.source).name for refused in done.refused} == {"capture.dcm", "cut.dcm"}


def test_doubles_are_written_once_and_others_of_the_same_uid_refused(study, tmp_path):
    one = next(study.rglob("*.dcm"))
    (study / "z-copy.dcm").write_bytes(one.read_bytes())
    other = pydicom.dcmread(one)
    other.InstanceNumber = 77
    (study / "z-other.dcm").write_bytes(file_bytes(other))
    done = export_deidentified([study], tmp_path / "out", Options(), KEY)
    assert done.doubles == 1
    assert [refused.why for refused in done.refused] == [
        "another object of the same UIDs was exported already"
    ]


def test_archives_and_dicomdirs_are_opened_and_not_exported(tmp_path):
    images = write_series(tmp_path / "ct", n=3)
    (tmp_path / "zip").mkdir()
    archive = write_zip(tmp_path / "zip" / "a.zip", images[:2], tmp_path)
    directory = write_dicomdir(tmp_path / "ct", [path.name for path in images])
    done = export_deidentified([archive, directory], tmp_path / "out", Options(), KEY)
    assert (len(done.written), done.doubles, done.refused) == (3, 2, [])


def test_the_report_tells_every_change_and_values_only_where_asked(study, tmp_path):
    done = export_deidentified([study], tmp_path / "out", Options(masks=(MaskRectangle(0, 0, 1, 1),)), KEY)
    plain = report_bytes(done, tmp_path / "out", Options())
    assert names_in(plain) == []
    told = json.loads(plain)
    assert told["identifies_patients"] is False
    assert [len(file["changes"]) for file in told["files"]] == [len(item.removals) for item in done.written]
    assert any("Faces" in limit for limit in told["limits"])
    values = report_bytes(done, tmp_path / "out", Options(), with_values=True)
    assert FAMILY in names_in(values)
    assert json.loads(values)["identifies_patients"] is True


def test_refusals_are_reported_without_names(tmp_path):
    ds = make_slice()
    ds.ImageType = ["DERIVED", "SECONDARY"]
    write(tmp_path / "in" / f"{FAMILY}.dcm", ds)
    done = export_deidentified([tmp_path / "in"], tmp_path / "out", Options(), KEY)
    report = report_bytes(done, tmp_path / "out", Options())
    assert names_in(report) == []
    assert "ORIGINAL" in json.loads(report)["not_exported"][0]["why"]


def test_a_report_is_that_of_its_options():
    codes = json.loads(report_bytes(deidentify_export.Export(), Path(), Options(True, True, True)))["options"]
    assert [each["code"] for each in codes] == ["113100", "113103", "113104", "113105", "113107", "113109"]
