from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pydicom
import pytest
from analysis_factory import analysis_of, only_series
from dicom_factory import write_series

from ichviewer.dicom.decode import read_slice
from ichviewer.errors import ExportError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.results.extras import Extras
from ichviewer.results.kinds import default_kinds, kinds_named
from ichviewer.results.write_results import make_results, write_results
from ichviewer.services.outputs import Inputs

DATES = {"InstanceCreationDate", "ContentDate", "DateOfSecondaryCapture"} | {
    *("InstanceCreationTime", "ContentTime", "TimeOfSecondaryCapture")
}


@pytest.fixture
def paths(tmp_path) -> list[Path]:
    return write_series(tmp_path / "ct", n=3)


@pytest.fixture
def analysis(paths):
    return analysis_of(only_series(*paths), {1: {"subdural": 0.75}})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_kinds_are_written_and_written_again_to_the_last_byte(analysis, tmp_path):
    out = tmp_path / "out"
    extras = Extras(read_slice=read_slice)
    written = write_results(analysis, out, default_kinds(), extras=extras)
    assert sorted(path.name.split("_")[0] for path in written) == sorted(k.name for k in default_kinds())
    first = contents(out)
    assert write_results(analysis, out, default_kinds(), extras=extras) == written
    assert contents(out) == first


def test_an_analysis_at_another_time_differs_in_dates_only(analysis, tmp_path):
    later = dataclasses.replace(analysis, analyzed_at=datetime(2027, 5, 6, 7, 8, 9, tzinfo=UTC))
    for kinds in [kinds_named([kind.name]) for kind in default_kinds()]:
        (one,), (other,) = make_results(analysis, kinds), make_results(later, kinds)
        assert one.file_name == other.file_name
        changed = {
            element.keyword
            for element in one.dataset
            if element.tag not in other.dataset or other.dataset[element.tag] != element
        }
        assert changed
        assert changed <= DATES


def test_each_series_of_results_has_uids_of_its_own_in_the_study_of_the_images(analysis, paths):
    objects = make_results(analysis, default_kinds(), extras=Extras(read_slice=read_slice))
    assert len({item.sop_uid for item in objects}) == len(objects)
    assert len({item.dataset.SeriesInstanceUID for item in objects}) == len(objects)
    numbers = [item.dataset.SeriesNumber for item in objects]
    assert numbers == sorted(numbers)
    image = pydicom.dcmread(paths[0])
    for item in objects:
        assert item.dataset.StudyInstanceUID == image.StudyInstanceUID
        assert item.dataset.SeriesInstanceUID != image.SeriesInstanceUID
        assert item.dataset.SeriesNumber > image.SeriesNumber
        assert item.dataset.SeriesDescription.startswith("Research use")
        assert item.dataset.Manufacturer == "ichviewer"


def test_images_are_never_written_onto(analysis, paths, tmp_path):
    (item, *_) = make_results(analysis, kinds_named(["sr"]))
    before = contents(paths[0].parent)
    # An image that happens to have the name of a result, and a result's name that leads to an image.
    taken = paths[0].parent / item.file_name
    taken.write_bytes(paths[0].read_bytes())
    with pytest.raises(ExportError, match="DICOM file"):
        write_results(analysis, paths[0].parent, kinds_named(["sr"]))
    taken.unlink()
    taken.symlink_to(paths[0])
    with pytest.raises(ExportError, match="read or found"):
        write_results(analysis, paths[0].parent, kinds_named(["sr"]))
    taken.unlink()
    assert contents(paths[0].parent) == before


def test_what_was_opened_is_never_replaced_not_even_our_own_results(analysis, paths):
    folder = paths[0].parent
    write_results(analysis, folder, kinds_named(["sr"]))
    with pytest.raises(ExportError, match="read or found"):
        write_results(analysis, folder, kinds_named(["sr"]), inputs=Inputs((folder,)))


def test_all_or_none(analysis, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    names = [item.file_name for item in make_results(analysis, kinds_named(["sr", "ko"]))]
    (out / names[1]).mkdir()
    with pytest.raises(ExportError, match="folder"):
        write_results(analysis, out, kinds_named(["sr", "ko"]))
    assert [path.name for path in out.iterdir()] == [names[1]]


def test_a_folder_that_cannot_be_made_is_named(analysis, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "no" / "such"):
        with pytest.raises(ExportError) as caught:
            write_results(analysis, folder, default_kinds())
        assert str(folder) == caught.value.where


def test_cancelled_nothing_is_written(analysis, tmp_path):
    cancel = CancelToken()
    done = []

    def stop(step: int, total: int, what: str) -> None:
        done.append((step, total))
        cancel.cancel()

    with pytest.raises(Cancelled):
        write_results(analysis, tmp_path / "out", default_kinds(), progress=stop, cancel=cancel)
    assert done == [(1, len(default_kinds()))]
    assert not (tmp_path / "out").exists()


def test_findings_of_another_series_are_refused(analysis, tmp_path):
    other = only_series(*write_series(tmp_path / "other", n=3, patient_id="P2"))
    with pytest.raises(ValueError, match="Received"):
        dataclasses.replace(analysis, series=other)
    with pytest.raises(ValueError, match="zone"):
        dataclasses.replace(analysis, analyzed_at=datetime(2026, 1, 1))
