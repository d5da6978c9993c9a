from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_slice, pattern, write, write_series
from PIL import Image

import ichviewer
from ichviewer.errors import ArgumentError, DecodeError, FileChangedError, ReadError, SettingsError


def only_series(folder: Path) -> ichviewer.Series:
    (series,) = ichviewer.open_study(folder).series
    return series


def test_a_volume_holds_hu_from_feet_to_head_and_where_they_lie(tmp_path: Path) -> None:
    for i, z_mm in enumerate((30.0, 25.0, 20.0)):
        ds = make_slice(
            hu=np.full((4, 6), 10 * (i + 1)),
            position_mm=(-7.0, -3.0, z_mm),
            pixel_spacing_mm=(0.5, 0.25),
            instance_number=i + 1,
        )
        write(tmp_path / "ct" / f"{i}", ds)
    volume = ichviewer.read_volume(only_series(tmp_path / "ct"))
    hu = volume.hu()
    assert (hu.shape, hu.dtype) == ((3, 4, 6), np.float32)
    assert hu[:, 0, 0].tolist() == [30.0, 20.0, 10.0]
    # The last row and column of the last slice: x = -7 + 5 * 0.25, y = -3 + 3 * 0.5, z = 30.
    assert volume.affine is not None
    assert (volume.affine @ [2, 3, 5, 1]).tolist() == [-5.75, -1.5, 30.0, 1.0]
    hu[:] = 0
    assert volume.hu()[0, 0, 0] == 30.0


def test_uneven_distances_have_no_affine(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", positions_mm=[0.0, 5.0, 12.0])
    volume = ichviewer.read_volume(only_series(tmp_path / "ct"))
    assert volume.affine is None
    assert volume.geometry.mm_of_index([2, 0, 0])[2] == 12.0


def test_padding_is_missing(tmp_path: Path) -> None:
    for i in range(2):
        stored = np.full((4, 4), 1064, np.uint16)
        stored[0, 0] = 63
        write(
            tmp_path / "ct" / f"{i}",
            make_slice(stored=stored, z_mm=5.0 * i, instance_number=i, PixelPaddingValue=63),
        )
    hu = ichviewer.read_volume(only_series(tmp_path / "ct")).hu()
    assert np.isnan(hu[:, 0, 0]).all()
    assert (hu[:, 1:] == 40.0).all()


def test_a_slice_that_vanished_is_an_error_unless_it_may_be_missing(ct_series: list[Path]) -> None:
    series = only_series(ct_series[0].parent)
    series.slices[2].source.path.unlink()
    with pytest.raises(ReadError):
        ichviewer.read_volume(series)
    volume = ichviewer.read_volume(series, allow_missing=True)
    assert volume.undecoded == (2,)
    assert np.isnan(volume.hu()[2]).all()
    assert np.isfinite(volume.hu()[[0, 1, 3, 4]]).all()


def test_a_series_that_vanished_is_an_error_even_then(ct_series: list[Path]) -> None:
    series = only_series(ct_series[0].parent)
    shutil.rmtree(ct_series[0].parent)
    with pytest.raises(ReadError):
        ichviewer.read_volume(series, allow_missing=True)
    with pytest.raises(ReadError):
        ichviewer.render(series, 1, allow_missing=True)


def test_a_slice_that_was_replaced_is_refused(ct_series: list[Path]) -> None:
    series = only_series(ct_series[0].parent)
    write(series.slices[0].source.path, make_slice(hu=pattern(seed=9), patient_id="other"))
    with pytest.raises(FileChangedError):
        ichviewer.read_volume(series)
    with pytest.raises(FileChangedError):
        ichviewer.render(series, 1)


def test_a_slice_that_is_cut_is_an_error_unless_rows_may_be_missing(ct_series: list[Path]) -> None:
    path = ct_series[1]
    data = path.read_bytes()
    # Four of 16 rows of 16 pixels of two bytes.
    path.write_bytes(data[: -4 * 16 * 2])
    series = only_series(path.parent)
    number = next(n for n, info in enumerate(series.slices, 1) if info.source.path == path)
    for read in (ichviewer.read_volume, lambda s, **more: ichviewer.render(s, number, **more)):
        with pytest.raises(DecodeError, match="allow_missing") as caught:
            read(series)
        assert caught.value.where == str(path)
        read(series, allow_missing=True)
    hu = ichviewer.read_volume(series, allow_missing=True).hu()
    assert np.isnan(hu[number - 1, 12:]).all()
    assert np.isfinite(hu[number - 1, :12]).all()


def test_what_is_no_volume_says_why(ct_series: list[Path], tmp_path: Path) -> None:
    write(tmp_path / "one" / "a", make_slice())
    with pytest.raises(ReadError, match="single slice"):
        ichviewer.read_volume(only_series(tmp_path / "one"))
    write_series(tmp_path / "gap", positions_mm=[0.0, 5.0, 10.0, 25.0, 30.0])
    with pytest.raises(ReadError, match="slices seem to be missing"):
        ichviewer.read_volume(only_series(tmp_path / "gap"))
    with pytest.raises(ArgumentError, match=r"read_volume\(series\)"):
        ichviewer.read_volume(ct_series[0])  # type: ignore[arg-type]


def test_reading_tells_its_progress_and_can_be_cancelled(ct_series: list[Path]) -> None:
    series = only_series(ct_series[0].parent)
    steps: list[tuple[int, int]] = []
    ichviewer.read_volume(series, progress=lambda done, total, what: steps.append((done, total)))
    assert steps == [(n, 5) for n in range(6)]
    token = ichviewer.CancelToken()
    with pytest.raises(ichviewer.Cancelled):
        ichviewer.read_volume(series, cancel=token, progress=lambda *_: token.cancel())


def test_a_picture_shows_the_slice_through_the_window(tmp_path: Path) -> None:
    hu = np.array([[-100, 0], [40, 200]])
    for i in range(2):
        write(tmp_path / "ct" / f"{i}", make_slice(hu=hu + i, z_mm=5.0 * i, instance_number=i + 1))
    series = only_series(tmp_path / "ct")
    picture = ichviewer.render(series, 1, "40/80")
    assert isinstance(picture, Image.Image)
    grey = np.asarray(picture)
    # PS3.3 C.11.2.1.2: ((40 - 39.5) / 79 + 0.5) * 255 = 129.1.
    assert (grey[0, 0], grey[1, 0], grey[1, 1]) == (0, 129, 255)
    assert np.array_equal(grey, np.asarray(ichviewer.render(series, 1)))
    assert not np.array_equal(grey, np.asarray(ichviewer.render(series, 1, "bone")))


@pytest.mark.parametrize("number", [0, 6, -1, 1.0, "1", True, None])
def test_a_slice_that_is_not_there_is_named(ct_series: list[Path], number: object) -> None:
    series = only_series(ct_series[0].parent)
    with pytest.raises(ArgumentError, match="slices are 1 to 5") as caught:
        ichviewer.render(series, number)  # type: ignore[arg-type]
    assert caught.value.where == "render(number)"


def test_a_window_that_is_not_there_is_named(ct_series: list[Path]) -> None:
    series = only_series(ct_series[0].parent)
    with pytest.raises(SettingsError, match="no window 'liver'"):
        ichviewer.render(series, 1, "liver")
    with pytest.raises(ArgumentError, match=r"render\(window\)"):
        ichviewer.render(series, 1, 40)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"render\(series\)"):
        ichviewer.render("ct", 1)  # type: ignore[arg-type]
