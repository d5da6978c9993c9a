"""Files that others made: those that come with pydicom, and the real CT data beside the checkout."""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.errors import InvalidDicomError
from pydicom.pixels import pixel_array

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.hu import PaddingRange
from ichviewer.domain.problems import ProblemCode, Severity
from ichviewer.domain.series import Catalog, SliceInfo, SortBasis
from ichviewer.errors import DecodeError, ReadError


def package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        pytest.skip(f"the package {name} is not installed")
    return Path(spec.origin).parent


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog([package_folder("pydicom"), package_folder("data_store")])


def all_slices(catalog: Catalog) -> list[SliceInfo]:
    return [info for series in catalog.series for info in series.slices]


def test_every_file_of_the_packages_is_an_image_a_double_or_named(catalog: Catalog) -> None:
    files = {
        str(path)
        for name in ("pydicom", "data_store")
        for path in package_folder(name).rglob("*")
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    }
    shown = {str(info.source.path) for info in all_slices(catalog)}
    # Frames of a file are named with a number.
    named = {p.where.partition("#")[0] for p in catalog.problems}
    directories = {path for path in files if Path(path).name.startswith("DICOMDIR")}
    archives = {path for path in files if path.endswith(".zip")}
    assert files - shown - named - directories - archives == set()
    assert len(shown) > 80


def test_the_problems_of_the_packages_are_those_known(catalog: Catalog) -> None:
    serious = {Path(p.where) for p in catalog.problems if p.severity is Severity.ERROR}
    # A study whose pixels were taken out.
    without_pixels = {path for path in serious if "TINY_ALPHA" in path.parts}
    assert len(without_pixels) == 50
    assert {path.name for path in serious - without_pixels} == {
        # Headers of images, and no pixels.
        "chrJapMulti.dcm",
        "chrJapMultiExplicitIR6.dcm",
        "chrKoreanMulti.dcm",
        "chrSQEncoding.dcm",
        "chrSQEncoding1.dcm",
        "no_meta_group_length.dcm",
        "priv_SQ.dcm",
        "UN_sequence.dcm",
        # Pixels, but no rows and columns.
        "meta_missing_tsyntax.dcm",
        "nested_priv_SQ.dcm",
        # Cut within an element.
        "rtplan_truncated.dcm",
    }


def test_every_slice_of_the_packages_decodes_or_says_why(catalog: Catalog) -> None:
    refused = {}
    for info in all_slices(catalog):
        try:
            decoded = read_slice(info)
            image = decoded.image
        except (DecodeError, ReadError) as error:
            assert error.what and error.where == str(info.source)
            refused[info.source.path.name] = error.found
        else:
            assert ProblemCode.IMPLAUSIBLE_VALUE not in {p.code for p in decoded.problems}
            assert image.shape == (info.rows, info.columns)
            assert image.hu_range() is not None
    # Its frame was cut in two by a fragment that looks like a delimiter.
    assert set(refused) == {"JPEG2000-embedded-sequence-delimiter.dcm"}


def test_grey_slices_agree_with_pydicom_value_for_value(catalog: Catalog) -> None:
    compared = 0
    for series in catalog.series:
        for info in series.slices:
            path = info.source.path
            if info.source.member or info.source.frame or path.stat().st_size > 3_000_000:
                continue
            try:
                ds = pydicom.dcmread(path, stop_before_pixels=True)
                expected = pixel_array(path, index=0, raw=True)
            except (AttributeError, InvalidDicomError, RuntimeError, ValueError):
                # What pydicom does not read: no preamble, 12-bit JPEG, missing or broken elements, cut files.
                continue
            if (
                expected.ndim != 2
                or "ModalityLUTSequence" in ds
                or ds.PhotometricInterpretation == "PALETTE COLOR"
            ):
                continue
            assert np.array_equal(read_slice(info).image.stored, expected), path.name
            compared += 1
    assert compared > 50


def test_12_bit_jpeg_extended_of_others(catalog: Catalog) -> None:
    (info,) = [i for i in all_slices(catalog) if i.source.path.name == "JPEG-lossy.dcm"]
    stored = read_slice(info).image.stored
    assert stored.shape == (1024, 256)
    assert 255 < int(stored.max()) < 4096


def test_cut_short_in_the_packages(catalog: Catalog) -> None:
    (info,) = [i for i in all_slices(catalog) if i.source.path.name == "MR_truncated.dcm"]
    decoded = read_slice(info)
    assert decoded.image.rows_read == 63
    assert [p.code for p in decoded.problems] == [ProblemCode.TRUNCATED_PIXEL_DATA]


@pytest.fixture(scope="module")
def found(shared_data: Path) -> Catalog:
    return read_catalog([shared_data / "ge-head-ct"])


@pytest.mark.realdata
class TestGeHeadCt:
    def test_28_slices_by_position(self, found: Catalog) -> None:
        (series,) = found.series
        positions = series.positions_mm()
        assert positions is not None
        assert len(series) == 28
        assert series.sort_basis is SortBasis.POSITION
        assert list(positions) == sorted(positions)
        assert [p.code for p in found.problems] == [ProblemCode.NOT_DICOM]

    def test_uneven_and_tilted_and_nothing_else(self, found: Catalog) -> None:
        (series,) = found.series
        problems = {p.code: p.found for p in series.problems}
        assert problems == {
            ProblemCode.UNEVEN_SPACING: "13 x 4.0 mm, 13 x 7.0 mm, 1 x 1.1 mm",
            ProblemCode.GANTRY_TILT: "18.5 degrees",
        }
        assert all(info.problems == () for info in series.slices)

    def test_hu_without_padding(self, found: Catalog) -> None:
        for info in found.series[0].slices:
            decoded = read_slice(info)
            assert decoded.problems == ()
            assert decoded.image.padding == PaddingRange(-1500, -1500)
            low, high = decoded.image.hu_range() or (0, 0)
            assert -1100 < low <= -1000
            assert 800 < high < 3100

    @pytest.mark.alone
    def test_listing_is_fast(self, shared_data: Path) -> None:
        # Processor time, so that a busy machine does not count.
        took = []
        for _ in range(5):
            started = time.process_time()
            read_catalog([shared_data / "ge-head-ct"])
            took.append(time.process_time() - started)
        assert min(took) < 0.15


@pytest.mark.realdata
def test_the_philips_phantom(shared_data: Path) -> None:
    folder = shared_data / "philips-phantom"
    catalog = read_catalog([folder])
    assert [s.image_type for s in catalog.series] == [
        ("ORIGINAL", "PRIMARY", "LOCALIZER"),
        ("DERIVED", "SECONDARY", "REF_SURVIEW"),
        ("DERIVED", "SECONDARY", "PATIENT_INFO"),
        ("DERIVED", "SECONDARY", "DOSE_INFO"),
        ("DERIVED", "SECONDARY", "RESULTS"),
    ]
    assert {p.code for p in catalog.problems} == {ProblemCode.DANGLING_DICOMDIR_ENTRY}
    assert sorted(str(Path(p.where).relative_to(folder)) for p in catalog.problems) == [
        "S21570/S2010/DIRFILE",
        "S21570/S2020/DIRFILE",
        "S21570/S2030/DIRFILE",
        "S21610/DIRFILE",
    ]
    for info in all_slices(catalog):
        assert read_slice(info).problems == ()
    # The DICOMDIR alone leads to the same images.
    alone = read_catalog([folder / "DICOMDIR"])
    assert len(all_slices(alone)) == len(all_slices(catalog)) == 7
