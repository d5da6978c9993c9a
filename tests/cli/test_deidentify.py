from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pydicom
import pytest
from dicom_factory import write_series
from planted_names import FAMILY, file_bytes, names_in, planted_image
from pydicom.uid import SecondaryCaptureImageStorage

from ichviewer.__main__ import main
from ichviewer.services import deidentify_key


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(deidentify_key, "default_data_folder", lambda: tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / f"{FAMILY}.dcm").write_bytes(file_bytes(planted_image()))
    return folder


def written(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_it_writes_without_names_and_says_what_cannot_be_told(study, tmp_path, capfd):
    report = tmp_path / "report.json"
    assert main(["deidentify", str(study), "-o", str(tmp_path / "out"), "--report", str(report)]) == 0
    (path,) = written(tmp_path / "out")
    assert names_in(path.read_bytes()) == names_in(report.read_bytes()) == []
    assert len(json.loads(report.read_text())["files"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "Faces can be reconstructed" in err
    assert "1 files de-identified" in err


def test_the_same_key_gives_the_same_uids_and_another_one_others(study, tmp_path):
    key = tmp_path / "other.key"
    key.write_text("0123456789abcdef" * 4)
    key.chmod(0o600)
    for out, more in (("a", []), ("b", []), ("c", ["--key", str(key)])):
        assert main(["deidentify", str(study), "-o", str(tmp_path / out), *more]) == 0
    names = [[path.name for path in written(tmp_path / out)] for out in "abc"]
    assert names[0] == names[1] != names[2]


def test_all_options_reach_the_file(study, tmp_path):
    options = ["--keep-longitudinal", "--clean-descriptors", "--keep-device"]
    assert main(["deidentify", str(study), "-o", str(tmp_path / "out"), *options]) == 0
    ds = pydicom.dcmread(written(tmp_path / "out")[0])
    codes = {item.CodeValue for item in ds.DeidentificationMethodCodeSequence}
    assert codes == {"113100", "113105", "113107", "113109"}


def test_an_image_that_may_show_text_is_named_or_masked(study, tmp_path, capfd):
    ds = planted_image()
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    (study / "capture.dcm").write_bytes(file_bytes(ds))
    (study / f"{FAMILY}.dcm").unlink()
    assert main(["deidentify", str(study), "-o", str(tmp_path / "out")]) == 2
    assert "capture.dcm: not exported: text may be burned into the pixels" in capfd.readouterr().err
    assert written(tmp_path / "out") == []
    assert main(["deidentify", str(study), "-o", str(tmp_path / "out"), "--mask", "0,0,4,4"]) == 0


def test_some_refused_input_shows_in_the_exit_code(study, tmp_path):
    ds = planted_image()
    ds.ImageType = ["DERIVED", "SECONDARY"]
    (study / "mpr.dcm").write_bytes(file_bytes(ds))
    assert main(["deidentify", str(study), "-o", str(tmp_path / "out")]) == 3
    assert len(written(tmp_path / "out")) == 1


@pytest.mark.parametrize(
    "more",
    [
        ["--mask", "1,2,3"],
        ["--mask", "x"],
        ["--report-values"],
        ["--key", "absent"],
    ],
)
def test_wrong_usage_writes_nothing(study, tmp_path, more, capfd):
    assert main(["deidentify", str(study), "-o", str(tmp_path / "out"), *more]) == 2
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in capfd.readouterr().err


def test_nothing_goes_onto_the_input_and_no_secret_into_the_output(study, tmp_path):
    before = {path: path.read_bytes() for path in written(study)}
    out = tmp_path / "out"
    key = out / "k.key"
    out.mkdir()
    key.write_text("0123456789abcdef" * 4)
    key.chmod(0o600)
    for arguments in (
        ["-o", str(study)],
        ["-o", str(study / "out")],
        ["-o", str(tmp_path)],
        ["-o", str(out), "--key", str(key)],
        ["-o", str(out), "--report", str(study / f"{FAMILY}.dcm")],
        ["-o", str(out), "--report", str(out / "r.json"), "--report-values"],
    ):
        assert main(["deidentify", str(study), *arguments]) == 2, arguments
    assert {path: path.read_bytes() for path in written(study)} == before
    assert written(out) == [key]


def test_the_window_and_the_commands_read_what_it_wrote(tmp_path):
    write_series(tmp_path / "ct", n=5)
    assert main(["deidentify", str(tmp_path / "ct"), "-o", str(tmp_path / "out"), "--keep-longitudinal"]) == 0
    assert main(["scan", str(tmp_path / "out")]) == 0


def test_killed_it_leaves_whole_files_and_goes_on(tmp_path):
    write_series(tmp_path / "ct", n=60)
    key = tmp_path / "k.key"
    key.write_text("0123456789abcdef" * 4)
    key.chmod(0o600)

    def arguments(out: str) -> list[str]:
        return ["deidentify", str(tmp_path / "ct"), "-o", str(tmp_path / out), "--key", str(key)]

    process = subprocess.Popen(
        [sys.executable, "-m", "ichviewer", *arguments("killed")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "killed").rglob("*.dcm")) and time.monotonic() < deadline:
        time.sleep(0.001)
    process.kill()
    process.wait()
    left = list((tmp_path / "killed").rglob("*.dcm"))
    for path in left:
        assert pydicom.dcmread(path).PatientIdentityRemoved == "YES"
        assert len(pydicom.dcmread(path).PixelData) == 512
    assert main(arguments("killed")) == main(arguments("whole")) == 0
    found = [
        {path.name: path.read_bytes() for path in (tmp_path / out).rglob("*.dcm")}
        for out in ("killed", "whole")
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 60
    assert len(left) < 60
