"""Making, writing and comparing the demo studies, coarsely and from maps of ellipsoids."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest
from click.testing import CliRunner
from label_map_factory import write_label_map

from ichviewer.cli.learn import demo_study as command
from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import UNKNOWN, Volume
from ichviewer.learning.synthesis import demo
from ichviewer.learning.synthesis.demo_dicom import StudyNames, differences, write_studies

COARSE = PreprocessSettings(128, 1.875, (-1024.0, 3071.0))
BLEED, CLEAN = demo.STRUCK_NAMES, demo.CLEAN_NAMES


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    for number, _ in (demo.STRUCK, demo.CLEAN):
        write_label_map(folder, number)
    return folder


@pytest.fixture(scope="module")
def made(maps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    written = demo.make_demo(folder, maps, settings=COARSE)
    assert sorted(written) == sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    return folder


def test_without_a_map_they_cannot_be_made(maps: Path, tmp_path: Path) -> None:
    shutil.copytree(maps, tmp_path / "maps")
    next(path for path in (tmp_path / "maps").iterdir() if f"_{demo.CLEAN[0]:02d}" in path.name).unlink()
    with pytest.raises(LearningError, match="cannot be read"):
        demo.make_demo(tmp_path / "out", tmp_path / "maps", settings=COARSE)


def test_only_the_struck_head_bleeds_and_only_where_the_truth_says(made: Path) -> None:
    with (made / "truth.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        ds = pydicom.dcmread(made / row["file"], stop_before_pixels=True)
        assert row["sop_uid"] == ds.SOPInstanceUID
        assert float(row["position_mm"]) == float(ds.ImagePositionPatient[2])
        assert row["any"] == max((row[kind] for kind in TYPES), key=["0", "", "1"].index)
    blood = {row["file"].split("/")[1] for row in rows if row["any"] == "1"}
    assert blood == {BLEED.key}
    assert {row["file"].split("/")[1] for row in rows} == {BLEED.key, CLEAN.key}


def test_differences_are_named(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(made, other)
    first, second, gone = (f"studies/bleed/{name}" for name in (
        "series-2/IM0001.dcm", "series-2/IM0002.dcm", "series-1/IM0001.dcm"))  # fmt: skip
    (other / gone).unlink()
    (other / "extra.csv").write_text("x")
    (other / "README.txt").write_text("a text about them")
    ds = pydicom.dcmread(other / first)
    ds.PatientID = "SOMEONE"
    ds.save_as(other / first)
    ds = pydicom.dcmread(other / second)
    pixels = ds.pixel_array.copy()
    pixels[60, 60] += 5
    ds.compress(
        ds.file_meta.TransferSyntaxUID, pixels, encoding_plugin="pylibjpeg", generate_instance_uid=False
    )
    ds.save_as(other / second)
    (other / "truth.csv").write_text("nothing\n")
    found = differences(made, other)
    assert len(found) == 5
    text = "\n".join(found)
    assert f"{gone}: missing from" in text
    assert "extra.csv: not part of the studies" in text
    assert f"{first}: header (0010,0020) differs" in text
    assert f"{second}: 1 pixels differ, by 5 at most" in text
    assert "truth.csv: other lines" in text


def test_what_is_written_is_what_was_made(tmp_path: Path) -> None:
    hu = np.full((2, 64, 64), 40, np.int16)
    hu[0, 30, 31], hu[0, 31, 31], hu[0, 32, 32] = 3000, -2000, -990
    labels = np.zeros((2, 6), np.uint8)
    labels[1] = [1, 0, UNKNOWN, 0, 0, 1]
    masks = np.zeros(hu.shape, np.uint8)
    masks[1, 20, 20:23] = 1 << TYPES.index(LABELS[5])
    positions = np.array([0, 20], np.float32)
    volume = Volume("v", "p", "map", hu, positions, labels, np.ones(2, bool), masks)
    names = StudyNames("key", "Demo^Name", "ID", "030Y")
    written = write_studies({names: volume}, 2.0, tmp_path)
    assert [str(path) for path in written] == [
        names.file(1, 1),
        names.file(2, 1),
        names.file(2, 2),
        "truth.csv",
    ]
    ds = pydicom.dcmread(tmp_path / names.file(2, 1))
    seen = ds.pixel_array + float(ds.RescaleIntercept)
    assert (seen[30, 31], seen[31, 31], seen[32, 32], seen[30, 30]) == (3000, -1000, -1000, 40)
    assert ds.pixel_array[0, 0] == ds.PixelPaddingValue == 0
    # The middle of the corner pixel lies 31.5 pixels of 2 mm from the middle.
    assert [float(v) for v in ds.ImagePositionPatient[:2]] == [-63.0, -63.0]
    side = pydicom.dcmread(tmp_path / names.file(1, 1))
    assert (side.Rows, side.Columns) == (40, 128)  # 2 slices of 20 mm, 64 pixels of 2 mm
    rows = (tmp_path / "truth.csv").read_text().splitlines()
    assert rows[1].endswith("-70.00,0,0,0,0,0,0,0,0,0,0,0")
    assert rows[2].endswith("-50.00,1,0,,0,0,1,0,0,0,0,3")


def test_uids_are_valid_and_follow_from_their_key() -> None:
    assert BLEED.uid("study") == StudyNames(BLEED.key, "", "", "").uid("study")
    assert BLEED.uid("study") != CLEAN.uid("study") != CLEAN.uid("series 1")
    assert BLEED.uid("study").is_valid and BLEED.uid("study").startswith("2.25.")


def test_the_command_wants_one_of_its_two_options(tmp_path: Path) -> None:
    runner = CliRunner()
    for arguments in ([], ["--check", "--out", "somewhere"]):
        result = runner.invoke(command.demo_study, ["--maps", str(tmp_path), *arguments])
        assert result.exit_code == 2
        assert "either --out DIR or --check" in result.output


def test_the_command_checks_against_the_bundle(
    made: Path, maps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "resources"
    shutil.copytree(made, bundle / "demo")
    monkeypatch.setattr("ichviewer.bundle.resources_dir", lambda: bundle)
    monkeypatch.setattr(demo.make_demo, "__kwdefaults__", {"settings": COARSE})
    check = ["--maps", str(maps), "--check"]
    same = CliRunner().invoke(command.demo_study, check, standalone_mode=False)
    assert (same.return_value, same.exception) == (0, None)
    assert "the same to the bit" in same.output
    (bundle / "demo/truth.csv").write_text("nothing\n")
    other = CliRunner().invoke(command.demo_study, check, standalone_mode=False)
    assert other.return_value == 1
    assert "truth.csv: other lines" in other.output
