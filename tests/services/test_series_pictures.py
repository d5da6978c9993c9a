"""Series as pictures: pixel for pixel, all or none, onto nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_slice, write, write_series
from numpy.typing import NDArray
from PIL import Image

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.window import Window, render_grey
from ichviewer.errors import DecodeError, ExportError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services import series_pictures
from ichviewer.services.captions import CaptionSettings
from ichviewer.services.open_study import open_study
from ichviewer.services.outputs import Inputs
from ichviewer.services.series_pictures import PictureFormat, PictureRequest, write_series_pictures

BRAIN = Window(40.0, 80.0, name="Brain")
FILMS = [form for form in PictureFormat if form.suffix]


@pytest.fixture
def series(ct_series: list[Path]) -> Series:
    return open_study([ct_series[0].parent]).series[0]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def request(
    series: Series, form: PictureFormat = PictureFormat.PNG_FOLDER, **changes: object
) -> PictureRequest:
    return dataclasses.replace(PictureRequest(series, 0, len(series) - 1, form, BRAIN), **changes)


def as_pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture)


def frames(path: Path) -> list[NDArray[np.uint8]]:
    with Image.open(path) as film:
        found = []
        for number in range(film.n_frames):
            film.seek(number)
            found.append(np.asarray(film.convert("RGB")))
        return found


def grey(series: Series, index: int, *, inverted: bool = False) -> NDArray[np.uint8]:
    return render_grey(read_slice(series.slices[index]).image, BRAIN, inverted=inverted)


def test_a_folder_holds_a_picture_a_slice_pixel_for_pixel(series: Series, out: Path) -> None:
    steps: list[tuple[int, int]] = []
    written = write_series_pictures(
        request(series, first=1, last=3),
        out / "new",
        Inputs(),
        read_slice,
        progress=lambda done, total, what: steps.append((done, total)),
    )
    assert [path.name for path in written.files] == ["slice-0002.png", "slice-0003.png", "slice-0004.png"]
    assert sorted(path.name for path in (out / "new").iterdir()) == [path.name for path in written.files]
    assert written.slices == (1, 2, 3)
    assert steps == [(1, 3), (2, 3), (3, 3)]
    for index, path in zip(written.slices, written.files, strict=True):
        assert np.array_equal(as_pixels(path), grey(series, index))


@pytest.mark.parametrize("form", FILMS)
def test_a_film_shows_every_slice_in_order_pixel_for_pixel(
    series: Series, out: Path, form: PictureFormat
) -> None:
    target = out / f"film{form.suffix}"
    written = write_series_pictures(request(series, form, frames_per_s=10), target, Inputs(), read_slice)
    assert written.files == (target,)
    shown = frames(target)
    assert len(shown) == 5
    for index, frame in enumerate(shown):
        assert np.array_equal(frame, np.repeat(grey(series, index)[:, :, None], 3, axis=2))
    with Image.open(target) as film:
        film.seek(1)
        film.load()
        assert film.info["duration"] == 100


def test_black_and_white_are_swapped_where_asked(series: Series, out: Path) -> None:
    written = write_series_pictures(
        request(series, first=0, last=0, inverted=True), out / "a", Inputs(), read_slice
    )
    assert np.array_equal(as_pixels(written.files[0]), grey(series, 0, inverted=True))


def test_the_slices_own_window_is_used_without_another(tmp_path: Path, out: Path) -> None:
    write_series(tmp_path / "own", n=1, windows=((30.0, 60.0),))
    series = open_study([tmp_path / "own"]).series[0]
    written = write_series_pictures(request(series, voi=None), out / "a", Inputs(), read_slice)
    own = render_grey(read_slice(series.slices[0]).image, Window(30.0, 60.0))
    assert np.array_equal(as_pixels(written.files[0]), own)


def test_pixels_are_stretched_to_their_true_shape_only_where_asked(tmp_path: Path, out: Path) -> None:
    write_series(tmp_path / "wide", n=1, pixel_spacing_mm=(0.5, 1.0))
    series = open_study([tmp_path / "wide"]).series[0]
    plain = write_series_pictures(request(series), out / "plain", Inputs(), read_slice)
    true = write_series_pictures(request(series, true_aspect=True), out / "true", Inputs(), read_slice)
    assert as_pixels(plain.files[0]).shape == (16, 16)
    assert as_pixels(true.files[0]).shape == (16, 32)  # columns lie twice as far apart as rows


def test_color_images_keep_their_colors(tmp_path: Path, out: Path) -> None:
    rgb = np.zeros((16, 16, 3), np.uint8)
    rgb[:, :8] = (200, 10, 30)
    write(tmp_path / "color" / "a.dcm", make_slice(stored=rgb, modality="OT"))
    series = open_study([tmp_path / "color"]).series[0]
    written = write_series_pictures(request(series, inverted=True), out / "a", Inputs(), read_slice)
    assert np.array_equal(as_pixels(written.files[0]), rgb)
    film = write_series_pictures(
        request(series, PictureFormat.APNG, captions=CaptionSettings()), out / "a.png", Inputs(), read_slice
    )
    assert as_pixels(film.files[0])[0, 0].tolist() == [200, 10, 30]


def test_words_stand_below_the_pixels_and_all_pictures_of_a_film_have_one_size(
    series: Series, out: Path
) -> None:
    wanted = request(series, PictureFormat.APNG, captions=CaptionSettings(patient_data=True))
    write_series_pictures(wanted, out / "a.png", Inputs(), read_slice)
    shown = frames(out / "a.png")
    assert {frame.shape for frame in shown} == {shown[0].shape}
    for index, frame in enumerate(shown):
        assert np.array_equal(frame[:16, :16, 0], grey(series, index))
        assert frame[16:].max() > 200
    # The number of the slice differs.
    assert not np.array_equal(shown[0][16:], shown[1][16:])


def test_no_picture_carries_words_beside_its_pixels(series: Series, out: Path) -> None:
    write_series_pictures(request(series), out / "a", Inputs(), read_slice)
    for form in FILMS:
        write_series_pictures(request(series, form), out / f"f{form.suffix}", Inputs(), read_slice)
    for path in out.rglob("*.*"):
        data = path.read_bytes()
        assert b"Doe" not in data
        assert b"tEXt" not in data
        assert b"iTXt" not in data


def failing(broken: set[int], series: Series) -> Callable[[SliceInfo], DecodedSlice]:
    def read(info: SliceInfo) -> DecodedSlice:
        if info in {series.slices[i] for i in broken}:
            raise DecodeError("the pixel data could not be decoded", "a.dcm", "cut short")
        return read_slice(info)

    return read


@pytest.mark.parametrize("form", [PictureFormat.PNG_FOLDER, PictureFormat.GIF])
def test_a_slice_that_cannot_be_read_is_left_out_and_told(
    series: Series, out: Path, form: PictureFormat
) -> None:
    written = write_series_pictures(
        request(series, form), out / f"a{form.suffix}", Inputs(), failing({1, 3}, series)
    )
    assert written.slices == (0, 2, 4)
    assert written.left_out == (
        (1, "the pixel data could not be decoded: cut short"),
        (3, "the pixel data could not be decoded: cut short"),
    )


@pytest.mark.parametrize("form", [PictureFormat.PNG_FOLDER, PictureFormat.GIF])
def test_where_no_slice_can_be_read_nothing_is_written(
    series: Series, out: Path, form: PictureFormat
) -> None:
    with pytest.raises(ExportError, match="none of the slices"):
        write_series_pictures(
            request(series, form), out / f"a{form.suffix}", Inputs(), failing(set(range(5)), series)
        )
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("form", [PictureFormat.PNG_FOLDER, PictureFormat.GIF])
def test_cancelling_leaves_nothing(series: Series, out: Path, form: PictureFormat) -> None:
    token = CancelToken()

    def read(info: SliceInfo) -> DecodedSlice:
        if info is series.slices[4]:
            token.cancel()
        return read_slice(info)

    with pytest.raises(Cancelled):
        write_series_pictures(request(series, form), out / f"a{form.suffix}", Inputs(), read, cancel=token)
    assert list(out.iterdir()) == []


def test_no_picture_that_is_there_is_replaced(series: Series, out: Path) -> None:
    (out / "slice-0003.png").write_bytes(b"mine")
    with pytest.raises(ExportError, match=r"choose another folder.*slice-0003\.png"):
        write_series_pictures(request(series), out, Inputs(), read_slice)
    assert [path.name for path in out.iterdir()] == ["slice-0003.png"]
    assert (out / "slice-0003.png").read_bytes() == b"mine"


@pytest.mark.parametrize("form", FILMS)
def test_a_film_never_replaces_what_was_opened(series: Series, form: PictureFormat) -> None:
    source = series.slices[0].source.path
    before = source.read_bytes()
    with pytest.raises(ExportError, match="choose another name"):
        write_series_pictures(request(series, form), source, Inputs((source.parent,)), read_slice)
    assert source.read_bytes() == before


def test_a_folder_that_cannot_be_is_an_error_that_names_it(series: Series, out: Path) -> None:
    (out / "file").write_text("x")
    for target in (out / "file", out / "file" / "below", out / "not there" / "below"):
        with pytest.raises(ExportError) as raised:
            write_series_pictures(request(series), target, Inputs(), read_slice)
        assert raised.value.where == str(target)


@pytest.mark.parametrize(
    ("form", "limit"), [(PictureFormat.GIF, "MOST_PIXELS"), (PictureFormat.PNG_FOLDER, "MOST_BYTES")]
)
def test_what_would_take_too_much_memory_is_refused(
    series: Series, out: Path, monkeypatch: pytest.MonkeyPatch, form: PictureFormat, limit: str
) -> None:
    # 3 slices of 16 x 16 pixels are 768; a PNG of one has at least 57 bytes.
    monkeypatch.setattr(series_pictures, limit, 700 if form is PictureFormat.GIF else 150)
    with pytest.raises(ExportError, match="too large"):
        write_series_pictures(request(series, form), out / f"a{form.suffix}", Inputs(), read_slice)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [{"first": -1}, {"last": 5}, {"first": 3, "last": 2}, {"frames_per_s": 0}, {"frames_per_s": 51}],
)
def test_a_request_that_cannot_be_is_refused(series: Series, changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="Received"):
        request(series, **changes)
