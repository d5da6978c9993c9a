"""Series and slices as values."""

from pathlib import Path

import pytest

from ichviewer.domain.geometry import Plane
from ichviewer.domain.series import (
    Catalog,
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    Study,
    StudyInfo,
)

X, Y = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
KEY = SeriesKey("1.2", "1.2.3")


def slice_at(z=None, name="a"):
    plane = None if z is None else Plane((0.0, 0.0, z), X, Y)
    return SliceInfo(SliceSource(Path(name)), sop_uid="", rows=4, columns=4, plane=plane)


def series_of(*slices):
    return Series(KEY, PatientInfo("P1"), StudyInfo("1.2"), "CT", slices, SortBasis.POSITION)


def test_a_source_names_the_file_or_the_member_of_the_archive():
    assert str(SliceSource(Path("a/b.dcm"))) == str(Path("a/b.dcm"))
    assert str(SliceSource(Path("ct.zip"), "x/1.dcm", frame=3)) == "ct.zip!x/1.dcm"


def test_sources_sort_by_file_then_member_then_frame():
    one, two, three = (
        SliceSource(Path("a"), "1", 1),
        SliceSource(Path("a"), "1", 2),
        SliceSource(Path("b"), "0", 0),
    )
    assert sorted([three, two, one]) == [one, two, three]


@pytest.mark.parametrize(("rows", "columns"), [(0, 4), (4, 0), (-1, 4)])
def test_a_slice_has_a_size(rows, columns):
    with pytest.raises(ValueError, match="Received"):
        SliceInfo(SliceSource(Path("a")), "", rows, columns)


def test_a_series_has_slices():
    with pytest.raises(ValueError, match="at least one"):
        series_of()


def test_positions_lie_along_the_common_normal():
    series = series_of(slice_at(-5.0), slice_at(0.0), slice_at(2.5))
    assert len(series) == 3
    assert series.normal == (0.0, 0.0, 1.0)
    assert series.position_mm(2) == 2.5
    assert series.positions_mm() == (-5.0, 0.0, 2.5)


def test_one_missing_position_and_there_are_no_positions():
    series = series_of(slice_at(1.0), slice_at(None))
    assert series.position_mm(0) == 1.0
    assert series.position_mm(1) is None
    assert series.positions_mm() is None


def test_without_geometry_there_is_no_normal_and_no_position():
    series = series_of(slice_at(None), slice_at(3.0))
    assert series.normal is None
    assert series.position_mm(0) is None
    assert series.position_mm(1) is None
    assert series.positions_mm() is None


def test_a_catalog_lists_the_series_of_all_its_studies_in_order():
    first, second, third = series_of(slice_at()), series_of(slice_at()), series_of(slice_at())
    info, patient = StudyInfo("1.2"), PatientInfo("P1")
    catalog = Catalog((Study(info, patient, (first, second)), Study(info, patient, (third,))))
    assert catalog.series == (first, second, third)
    assert Catalog().series == ()


def test_keys_tell_the_parts_of_a_split_series_apart():
    assert SeriesKey("1", "2", 1) != SeriesKey("1", "2")
    assert sorted([SeriesKey("1", "2", 1), SeriesKey("1", "2", 0)])[0].part == 0
