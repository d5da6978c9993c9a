"""Making, writing and comparing the demo study, coarsely."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from click.testing import CliRunner

from ichviewer.cli.learn import demo_study as command
from ichviewer.domain.labels import LABELS, TYPES, Hemorrhage
from ichviewer.learning.synthesis import demo
from ichviewer.learning.synthesis.demo_check import differences
from ichviewer.learning.synthesis.demo_dicom import LEAST_PIXELS, StudyNames, labels_of, pixel_counts
from ichviewer.learning.synthesis.phantom.head import Head

_COARSE = replace(
    demo.ACQUISITION, rows=64, pixel_mm=3.75, first_mm=0.0, thickness_mm=25.0, slices=3, planes=1
)


def _make(folder: Path, head: Head, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(demo, "Head", lambda anatomy, injuries: head)
    return demo.make_demo(folder, acquisition=_COARSE, localizer_step_mm=12.0, workers=1)


@pytest.fixture(scope="module")
def made(demo_head: Head, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        written = _make(folder, demo_head, patch)
    assert sorted(written) == sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    return folder


def test_made_again_it_is_the_same_to_the_bit(
    made: Path, demo_head: Head, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(tmp_path, demo_head, monkeypatch)
    assert differences(tmp_path, made) == []


def test_differences_are_named(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(made, other)
    (other / "study/series-1/IM0001.dcm").unlink()
    (other / "extra.txt").write_text("x")
    ds = pydicom.dcmread(other / "study/series-2/IM0001.dcm")
    ds.PatientID = "SOMEONE"
    ds.save_as(other / "study/series-2/IM0001.dcm")
    ds = pydicom.dcmread(other / "study/series-2/IM0002.dcm")
    pixels = ds.pixel_array.copy()
    pixels[30, 30] += 5
    ds.compress(
        ds.file_meta.TransferSyntaxUID, pixels, encoding_plugin="pylibjpeg", generate_instance_uid=False
    )
    ds.save_as(other / "study/series-2/IM0002.dcm")
    truth = (other / "truth.csv").read_text().replace("25.00", "26.00")
    (other / "truth.csv").write_text(truth)
    found = differences(made, other)
    assert len(found) == 5
    text = "\n".join(found)
    assert "study/series-1/IM0001.dcm: missing from" in text
    assert "extra.txt: not part of the study" in text
    assert "(0010,0020) 'ICHV-DEMO' instead of 'SOMEONE'" in text
    assert "study/series-2/IM0002.dcm: 1 pixels differ, by 5 at most" in text
    assert "truth.csv: line 3 is" in text


def test_the_truth_has_a_row_a_slice(made: Path) -> None:
    with (made / "truth.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["position_mm"] for row in rows] == ["0.00", "25.00", "50.00"]
    for row in rows:
        ds = pydicom.dcmread(made / row["file"], stop_before_pixels=True)
        assert row["sop_uid"] == ds.SOPInstanceUID
        assert float(row["position_mm"]) == float(ds.ImagePositionPatient[2])
        assert int(row["any"]) == max(int(row[kind]) for kind in TYPES)


def test_labels_follow_pixel_counts() -> None:
    counts = dict.fromkeys(TYPES, 0)
    assert set(labels_of(counts).values()) == {0}
    counts[Hemorrhage.SUBDURAL] = LEAST_PIXELS
    counts[Hemorrhage.EPIDURAL] = LEAST_PIXELS - 1
    labels = labels_of(counts)
    assert tuple(labels) == LABELS
    assert [labels[kind] for kind in LABELS] == [1, 0, 0, 0, 0, 1]


def test_pixels_count_from_half_their_volume() -> None:
    shares = np.array([[[0.49, 0.5], [0.51, 1.0]]], np.float32)
    blood = {kind: np.zeros_like(shares) for kind in TYPES} | {Hemorrhage.SUBDURAL: shares}
    assert pixel_counts(blood, 0) == {
        Hemorrhage.EPIDURAL: 0,
        Hemorrhage.INTRAPARENCHYMAL: 0,
        Hemorrhage.INTRAVENTRICULAR: 0,
        Hemorrhage.SUBARACHNOID: 0,
        Hemorrhage.SUBDURAL: 3,
    }


def test_uids_are_valid_and_follow_from_their_key() -> None:
    names = StudyNames()
    assert names.uid("study") == StudyNames().uid("study")
    assert names.uid("study") != names.uid("series 1") != StudyNames(key="other").uid("series 1")
    assert names.uid("study").is_valid and names.uid("study").startswith("2.25.")


def test_the_command_wants_one_of_its_two_options() -> None:
    runner = CliRunner()
    for arguments in ([], ["--check", "--out", "somewhere"]):
        result = runner.invoke(command.demo_study, arguments)
        assert result.exit_code == 2
        assert "either --out DIR or --check" in result.output


def test_the_command_checks_against_the_bundle(
    made: Path, demo_head: Head, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "resources"
    shutil.copytree(made, bundle / "demo")
    monkeypatch.setattr("ichviewer.bundle.resources_dir", lambda: bundle)
    original = demo.make_demo
    monkeypatch.setattr(demo, "Head", lambda anatomy, injuries: demo_head)
    monkeypatch.setattr(
        demo,
        "make_demo",
        lambda folder, progress, workers: original(
            folder, progress, acquisition=_COARSE, localizer_step_mm=12.0, workers=workers
        ),
    )
    same = CliRunner().invoke(command.demo_study, ["--check"], standalone_mode=False)
    assert (same.return_value, same.exception) == (0, None)
    assert "5 files, the same to the bit" in same.output
    (bundle / "demo/truth.csv").write_text("nothing\n")
    other = CliRunner().invoke(command.demo_study, ["--check"], standalone_mode=False)
    assert other.return_value == 1
    assert "truth.csv: line 1 is" in other.output
