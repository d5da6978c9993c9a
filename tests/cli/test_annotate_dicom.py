from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pydicom
import pytest
from dicom_factory import make_rsna, make_slice, write
from synthetic_head import SPACING_MM, head_hu

from ichviewer.__main__ import main


def write_head(folder: Path, **options: object) -> Path:
    for i in range(3):
        ds = make_slice(
            hu=head_hu(30 + 5 * i),
            z_mm=5.0 * i,
            instance_number=i + 1,
            pixel_spacing_mm=(SPACING_MM,) * 2,
            **options,
        )
        write(folder / f"IM{i}", ds)
    return folder


def annotate(tiny: Path, *arguments: str) -> int:
    return main(["annotate", *arguments, "-o", "f.csv", "--model", str(tiny)])


def test_dicom_objects_are_written_beside_the_csv_and_the_same_again(tmp_path, tiny, capsys):
    head = write_head(tmp_path / "head")
    assert annotate(tiny, str(head), "--dicom-out", "out") == 0
    assert "DICOM objects written to out" in capsys.readouterr().err
    first = {path.name: pydicom.dcmread(path) for path in Path("out").iterdir()}
    assert {"sr", "sc"} <= {name.partition("_")[0] for name in first}
    assert annotate(tiny, str(head), "--dicom-out", "out") == 0
    again = {path.name: pydicom.dcmread(path) for path in Path("out").iterdir()}
    assert {n: d.SOPInstanceUID for n, d in first.items()} == {n: d.SOPInstanceUID for n, d in again.items()}


def predecessors(folder: Path) -> list[str]:
    """The UIDs of the predecessors of the one report in a folder."""
    (path,) = folder.glob("sr_*.dcm")
    return named(path)


def named(path: Path) -> list[str]:
    """The UIDs of the predecessors of a report."""
    return [
        item.ReferencedSOPInstanceUID
        for study in pydicom.dcmread(path).get("PredecessorDocumentsSequence", ())
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    ]


def test_an_earlier_report_beside_the_images_is_named_by_the_next_with_jobs_and_without(tmp_path, tiny):
    head = write_head(tmp_path / "head")
    assert annotate(tiny, str(head), "--dicom-out", "first", "--objects", "sr") == 0
    assert predecessors(Path("first")) == []
    (earlier,) = Path("first").glob("sr_*.dcm")
    own = pydicom.dcmread(earlier).SOPInstanceUID
    (head / "report").write_bytes(earlier.read_bytes())
    other = ["--dicom-out", "next", "--objects", "sr", "--operating-point", "high_sensitivity"]
    assert annotate(tiny, str(head), *other) == 0
    assert predecessors(Path("next")) == [own]
    other[1] = "jobs"
    assert annotate(tiny, str(head), *other, "--jobs", "1") == 0
    assert predecessors(Path("jobs")) == [own]


@pytest.mark.parametrize("jobs", [[], ["--jobs", "1"]])
def test_a_run_with_other_settings_names_the_report_in_its_folder_and_the_same_run_doubles_nothing(
    tmp_path, tiny, jobs
):
    head, out = write_head(tmp_path / "head"), Path("out")
    run = [str(head), "--dicom-out", "out", "--objects", "sr", *jobs]
    assert annotate(tiny, *run) == 0
    (first,) = out.glob("sr_*.dcm")
    assert named(first) == []
    # What others have put there stops nothing: no DICOM, a cut report, a folder, an image, a report of another study.
    (out / "sr_text.dcm").write_text("no DICOM")
    (out / "sr_cut.dcm").write_bytes(first.read_bytes()[:500])
    (out / "sr_folder.dcm").mkdir()
    (out / "sr_image.dcm").write_bytes((head / "IM0").read_bytes())
    (out / "other.txt").write_text("a note")
    other = pydicom.dcmread(first)
    other.StudyInstanceUID = other.SOPInstanceUID = "2.25.1"
    other.save_as(out / "sr_other.dcm")
    before = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
    other_settings = [*run, "--operating-point", "high_sensitivity"]
    assert annotate(tiny, *other_settings) == 0
    (second,) = {path for path in out.iterdir() if path.is_file()} - before.keys()
    assert named(second) == [pydicom.dcmread(first).SOPInstanceUID]
    before[second] = second.read_bytes()
    for again in (other_settings, run):
        # With jobs what was done is not done again, unless it is asked for anew.
        Path("f.csv").unlink()
        for journal in Path().glob("*.journal*"):
            journal.unlink()
        assert annotate(tiny, *again) == 0
        now = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
        assert now.keys() == before.keys()
        uids = {path: pydicom.dcmread(path, force=True).get("SOPInstanceUID") for path in (first, second)}
        assert len(set(uids.values())) == 2
        assert named(first) == []
        assert named(second) == [uids[first]]
        assert all(now[path] == before[path] for path in now if path not in (first, second))


def test_only_the_objects_asked_for_are_written(tmp_path, tiny):
    head = write_head(tmp_path / "head")
    assert annotate(tiny, str(head), "--dicom-out", "out", "--objects", "SR,csv") == 0
    assert sorted(path.name.partition("_")[0] for path in Path("out").iterdir()) == ["csv", "sr"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--dicom-out", "out", "--objects", "rtstruct"], "rtstruct"),
        (["--dicom-out", "out", "--objects", "pdf"], "window"),
        (["--objects", "sr"], "--dicom-out"),
        (["--dicom-out", "no/such/folder"], "no/such/folder"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(tmp_path, tiny, capsys, arguments, words):
    head = write_head(tmp_path / "head")
    assert annotate(tiny, str(head), *arguments) == 2
    assert words in capsys.readouterr().err
    assert not Path("f.csv").exists()
    assert not Path("out").exists()


def test_a_series_that_cannot_be_referenced_is_said_and_the_others_are_written(tmp_path, tiny, capsys):
    write_head(tmp_path / "all" / "good")
    hu = head_hu(30)
    bad = make_rsna(hu=hu, pixel_spacing_mm=(SPACING_MM,) * 2)
    write(tmp_path / "all" / "bad.dcm", bad)
    assert annotate(tiny, str(tmp_path / "all"), "--dicom-out", "out", "--objects", "sr") == 3
    said = capsys.readouterr().err
    assert "UID" in said
    assert "bad.dcm" in said
    assert [path.name.partition("_")[0] for path in Path("out").iterdir()] == ["sr"]


def test_results_are_no_series_of_their_own_when_they_are_opened_with_the_images(tmp_path, tiny, capsys):
    head = write_head(tmp_path / "head")
    assert annotate(tiny, str(head), "--dicom-out", str(head / "results")) == 0
    before = {path.name for path in (head / "results").iterdir()}
    # Opened together, they are inputs now and are not written onto.
    assert annotate(tiny, str(head), "--dicom-out", str(head / "results")) == 3
    assert "read or found" in capsys.readouterr().err
    assert {path.name for path in (head / "results").iterdir()} == before


def test_what_makes_dicom_objects_is_loaded_for_them_only():
    code = (
        "import sys; import ichviewer.cli.main, ichviewer.cli.annotate\n"
        "print('pydicom' in sys.modules, 'PIL' in sys.modules)\n"
        "import ichviewer.results.kinds, ichviewer.results.write_results\n"
        "print('highdicom' in sys.modules, 'PySide6' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False"] * 4


def test_the_help_names_the_kinds_of_objects(capsys):
    assert main(["annotate", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for words in ("sr (hemorrhage findings)", "ko (flagged slices)", "[default: sc,sr,ko"):
        assert words in told
