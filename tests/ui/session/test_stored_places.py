"""Results beside images stay listed with the places of a session, and go with their study."""

from __future__ import annotations

from pathlib import Path

from dicom_factory import to_bytes
from stored_factory import content, make_report
from stored_files import images, whole_files, write_images

from ichviewer.dicom.catalog import read_catalog
from ichviewer.ui.session.places import PlaceReader, Places


def folder_with_results(folder: Path) -> Path:
    """The three slices with a selection of theirs, and a report of another patient of the same study UID."""
    folder.mkdir()
    write_images(folder)
    (folder / "ko.dcm").write_bytes(whole_files()["key objects"])
    other = make_report(images()[0], [content("CONTAINS", "TEXT", None, TextValue="x")])
    other.PatientID, other.PatientName = "ANOTHER", "Other^One"
    (folder / "other.dcm").write_bytes(to_bytes(other))
    return folder


def opened(places: Places, folder: Path) -> None:
    place = places.open([folder])
    others = [series for one in places.all for series in one.catalog.series]
    place.take(PlaceReader(place.number, others).reading(read_catalog([folder])), set(), complete=True)
    places.gather()


def test_each_place_has_its_results_and_all_are_in_the_whole(tmp_path: Path) -> None:
    places = Places()
    for name in ("one", "two"):
        opened(places, folder_with_results(tmp_path / name))
    assert [len(place.catalog.stored) for place in places.all] == [2, 2]
    assert len(places.catalog.stored) == 4


def test_closing_a_study_takes_its_results_along(tmp_path: Path) -> None:
    places = Places()
    for name in ("one", "two"):
        opened(places, folder_with_results(tmp_path / name))
    first, second = places.all
    first.close_study(first.catalog.studies[0])
    places.gather()
    # No study is left there that the other patient's report could lie beside.
    assert first.catalog.stored == ()
    assert places.catalog.stored == second.catalog.stored
