"""Folders that are open beside each other, as values: copies kept apart, the same files listed once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from image_builders import make_series

from ichviewer.domain.identity import series_identity
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Series, SeriesKey, SliceSource, Study, StudyInfo
from ichviewer.ui.session.places import Place, PlaceReader, Places, names_of, without_study


def series_in(folder: str, uid: str = "1.1", n: int = 3) -> Series:
    plain = make_series(n)
    slices = tuple(
        replace(info, source=SliceSource(Path(folder) / f"{i}.dcm")) for i, info in enumerate(plain.slices)
    )
    return replace(plain, key=SeriesKey(uid, f"{uid}.1"), study=StudyInfo(uid, "2024-01-31"), slices=slices)


def catalog_of(*series: Series, problems: tuple[Problem, ...] = ()) -> Catalog:
    return Catalog(tuple(Study(s.study, s.patient, (s,)) for s in series), problems)


def read(places: Places, *series: Series, problems: tuple[Problem, ...] = ()) -> Place:
    """A place with these series, read whole."""
    place = places.open([series[0].slices[0].source.path.parent])
    reading = PlaceReader(place.number, places.catalog.series).reading(
        catalog_of(*series, problems=problems), {s.key: None for s in series}
    )
    place.take(reading, places.keys_beside(place), complete=True)
    places.gather()
    return place


def not_dicom(path: str) -> Problem:
    return Problem(ProblemCode.NOT_DICOM, path)


def test_what_stands_alone_is_the_catalog_that_was_read() -> None:
    places = Places()
    series = series_in("/a")
    place = read(places, series)
    assert places.catalog is place.catalog
    assert places.catalog.series == (series,)
    assert places.names() == {} and not places.several_patients


def test_two_copies_of_a_study_are_two_studies_with_their_own_files() -> None:
    places = Places()
    read(places, series_in("/a"))
    read(places, series_in("/b"))
    first, second = places.catalog.series
    assert first.key != second.key and first.key.in_file == second.key.in_file
    assert [s.slices[0].source.path.parent for s in (first, second)] == [Path("/a"), Path("/b")]
    assert series_identity(first) != series_identity(second)
    assert places.names() == {0: "a", 1: "b"}
    assert {key: found[0].name for key in (first.key, second.key) if (found := places.of(key))} == {
        first.key: "a",
        second.key: "b",
    }


def test_an_identity_says_what_the_files_say_wherever_they_were_opened() -> None:
    series = series_in("/a")
    assert series_identity(series) == series_identity(replace(series, key=replace(series.key, place=3)))


def test_the_same_files_are_listed_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    places = Places()
    read(places, series_in(str(tmp_path / "a")))
    by_link = read(places, series_in(str(tmp_path / "link")), series_in(str(tmp_path / "b"), "2.2"))
    assert [s.key.study_uid for s in places.catalog.series] == ["1.1", "2.2"]
    assert by_link.known == 1
    assert places.opened(tmp_path / "link") and places.opened(tmp_path / "a")
    assert not places.opened(tmp_path / "b" / "other")


def test_files_of_a_study_closed_during_the_reading_are_listed_where_they_are_read() -> None:
    places = Places()
    first = read(places, series_in("/a"))
    place = places.open([Path("/")])
    reading = PlaceReader(place.number, places.catalog.series).reading(catalog_of(series_in("/a")))
    places.close(first)
    place.take(reading, places.keys_beside(place), complete=True)
    places.gather()
    assert [s.key.place for s in places.catalog.series] == [1] and place.known == 0


def test_a_study_closed_while_its_folder_is_read_does_not_come_back() -> None:
    places = Places()
    place = places.open([Path("/x")])
    reader = PlaceReader(0, ())
    one, two = series_in("/x/1", "1.1"), series_in("/x/2", "2.2")
    place.take(reader.reading(catalog_of(one)), set(), complete=False)
    place.close_study(place.catalog.studies[0])
    place.take(reader.reading(catalog_of(one, two)), set(), complete=True)
    assert [s.key.study_uid for s in place.catalog.series] == ["2.2"]
    assert not places.opened(Path("/x")), "what was closed can be opened again"


def test_series_that_did_not_change_stay_the_same_objects_while_a_place_is_read() -> None:
    reader = PlaceReader(2, ())
    one, two = series_in("/a"), series_in("/b", "2.2")
    (before,) = reader.reading(catalog_of(one)).catalog.series
    after, _ = reader.reading(catalog_of(one, two)).catalog.series
    assert after is before and before.key.place == 2


def test_refusals_go_by_the_keys_of_the_place() -> None:
    series = series_in("/a")
    why = Problem(ProblemCode.NOT_CT, "series")
    reading = PlaceReader(1, ()).reading(catalog_of(series), {series.key: why})
    assert reading.refusals == {replace(series.key, place=1): why}


def test_with_a_study_goes_what_is_said_of_the_files_beside_its_own() -> None:
    one, two = series_in("/x/1", "1.1"), series_in("/x/2", "2.2")
    copy = Problem(ProblemCode.DUPLICATE_INSTANCE, "/x/3/a.dcm", "same as /x/1/0.dcm")
    multi = Problem(ProblemCode.DUPLICATE_INSTANCE, "/x/3/b.dcm#2", "same as /x/1/1.dcm#2")
    other = Problem(ProblemCode.DUPLICATE_INSTANCE, "/x/3/c.dcm", "same as /x/2/0.dcm")
    problems = (not_dicom("/x/1/a.txt"), not_dicom("/x/1/deep/b.txt"), not_dicom("/x/2/c.txt"))
    catalog = catalog_of(one, two, problems=(*problems, not_dicom("/x/d.txt"), copy, multi, other))
    left = without_study(catalog, catalog.studies[0])
    assert [p.where for p in left.problems] == ["/x/2/c.txt", "/x/d.txt", "/x/3/c.dcm"]
    assert not without_study(left, left.studies[0]).problems, "nothing is said of what is not open"


def test_a_file_in_a_folder_of_two_studies_stays_with_the_other() -> None:
    one, two = series_in("/x", "1.1"), series_in("/x", "2.2")
    catalog = catalog_of(one, two, problems=(not_dicom("/x/a.txt"),))
    assert without_study(catalog, catalog.studies[0]).problems == (not_dicom("/x/a.txt"),)


def test_members_of_an_archive_lie_in_it() -> None:
    zipped = replace(
        series_in("/x"),
        slices=(replace(make_series(1).slices[0], source=SliceSource(Path("/x/a.zip"), "in/1.dcm")),),
    )
    other = series_in("/x", "2.2")
    problems = (not_dicom("/x/a.zip!in/read.me"), not_dicom("/x/read.me"))
    catalog = catalog_of(zipped, other, problems=problems)
    assert [p.where for p in without_study(catalog, catalog.studies[0]).problems] == ["/x/read.me"]


def test_a_place_has_a_number_and_a_path() -> None:
    with pytest.raises(ValueError, match="Received: -1"):
        Place(-1, (Path("/a"),))
    with pytest.raises(ValueError, match="Received: 0"):
        Place(0, ())


def test_many_paths_are_named_by_the_first_three() -> None:
    assert names_of([Path("/x/a"), Path("/")]) == "a, /"
    assert names_of([Path(f"/x/{i}") for i in range(5)]) == "0, 1, 2, …"
