"""A series as pictures that any program shows: a PNG a slice in a folder, or one file that plays.

Pillow writes PNG, GIF, APNG and WebP. No library that the program already has writes MP4.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.window import Voi, render_grey
from ichviewer.errors import DecodeError, ExportError, ReadError
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.atomic_file import write_all_atomically
from ichviewer.services.caption_strip import Strip, make_strip, strip_width, with_strip
from ichviewer.services.captions import CaptionSettings, caption_lines
from ichviewer.services.outputs import Inputs, write_outputs
from ichviewer.services.render import file_voi, square_size

MOST_PIXELS = 1 << 28
"""Most pixels of all pictures of one film together, which all are in memory at once: 1,000 slices of 512 x 512."""

MOST_BYTES = 1 << 29
"""Most bytes of all files of one folder together, which are written all or none."""

_LONGEST_SIDE_PX = 16_383
"""Of a WebP (RFC 9649); a GIF could have 65,535."""

ReadSlice = Callable[[SliceInfo], DecodedSlice]


class PictureFormat(StrEnum):
    """What is written."""

    PNG_FOLDER = "png folder"
    """A folder with one PNG a slice; every grey level and color as it is."""
    GIF = "gif"
    """Plays everywhere; grey levels as they are, colors reduced to 256."""
    APNG = "apng"
    """Plays in browsers; every grey level and color as it is."""
    WEBP = "webp"
    """Plays in browsers, smaller; every grey level and color as it is."""

    @property
    def suffix(self) -> str:
        """Of the file; empty for a folder."""
        return {"png folder": "", "gif": ".gif", "apng": ".png", "webp": ".webp"}[self.value]


_FILM_OPTIONS: dict[PictureFormat, dict[str, Any]] = {
    PictureFormat.GIF: {"format": "GIF"},
    PictureFormat.APNG: {"format": "PNG"},
    # The fastest of the lossless ones.
    PictureFormat.WEBP: {"format": "WEBP", "lossless": True, "quality": 20, "method": 0},
}


@dataclass(frozen=True, eq=False)
class PictureRequest:
    """Which slices become pictures, and how.

    Parameters
    ----------
    series : Series
    first, last : int
        Indices of the first and the last slice, both included.
    form : PictureFormat
    voi : Window, VoiLut or None
        None for each slice's own window. A color image is drawn in its colors, without any.
    inverted : bool
        Whether black and white are swapped.
    true_aspect : bool
        Stretched where pixels are not square, so that a circle in the patient is one in the picture; else one
        pixel of the picture is one of the image.
    captions : CaptionSettings or None
        Words below each picture, which cover none of it; None for no words.
    frames_per_s : float
        How fast a film plays, 0.5 to 50.
    """

    series: Series
    first: int
    last: int
    form: PictureFormat
    voi: Voi | None = None
    inverted: bool = False
    true_aspect: bool = False
    captions: CaptionSettings | None = None
    frames_per_s: float = 8.0

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last < len(self.series):
            raise ValueError(
                f"slices must lie within 0..{len(self.series) - 1}, the first not behind the last. "
                f"Received: {self.first}, {self.last}"
            )
        if not 0.5 <= self.frames_per_s <= 50:
            raise ValueError(f"a film plays 0.5 to 50 pictures a second. Received: {self.frames_per_s}")


@dataclass(frozen=True)
class WrittenPictures:
    """What was written.

    Parameters
    ----------
    files : tuple of Path
    slices : tuple of int
        Indices of the slices that are in them.
    left_out : tuple of (int, str)
        Slices that could not be read, and why; a person must be told of them.
    """

    files: tuple[Path, ...]
    slices: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A picture and its words, not put together yet: all sheets of a film have one size."""

    index: int
    picture: Image.Image
    strip: Strip


def write_series_pictures(
    request: PictureRequest,
    target: Path,
    inputs: Inputs,
    read: ReadSlice,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> WrittenPictures:
    """Draw slices and write them: all files or none, and onto nothing that was read.

    Parameters
    ----------
    request : PictureRequest
    target : Path
        The file of a film. For `PictureFormat.PNG_FOLDER` the folder, which is made if it is missing; none of the
        names that are written may be there already.
    inputs : Inputs
        What was opened and read.
    read : callable
        Decodes a slice; see `ichviewer.services.decoder.Decoder.read_slice`.
    progress : Progress
        Told after every slice, and while the film is put together.
    cancel : CancelToken, optional
        Checked before every slice and before anything is written.

    Returns
    -------
    WrittenPictures

    Raises
    ------
    ExportError
        If nothing could be read, the result is too large, or it cannot be written. What was there before is
        untouched, and nothing new is there.
    Cancelled
        Nothing was written.
    """
    token = cancel or CancelToken()
    if request.form is PictureFormat.PNG_FOLDER:
        return _write_folder(request, target, inputs, _Drawing(request, read, progress, token))
    inputs.check(target)
    drawing = _Drawing(request, read, progress, token)
    film = _film(request, list(drawing), drawing)
    token.check()
    write_outputs([(target, film)], inputs)
    return WrittenPictures((target,), tuple(drawing.done), tuple(drawing.left_out))


class _Drawing:
    """Draws one slice after the other; knows which are done and which could not be read."""

    def __init__(
        self, request: PictureRequest, read: ReadSlice, progress: Progress, cancel: CancelToken
    ) -> None:
        self.request, self.read, self.progress, self.cancel = request, read, progress, cancel
        self.done: list[int] = []
        self.left_out: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[_Drawn]:
        request = self.request
        indices = range(request.first, request.last + 1)
        pixels = 0
        for number, index in enumerate(indices):
            self.cancel.check()
            try:
                decoded = self.read(request.series.slices[index])
            except (ReadError, DecodeError) as error:
                self.left_out.append((index, f"{error.what}: {error.found}" if error.found else error.what))
                self.progress(number + 1, len(indices), "drawing slices")
                continue
            drawn = _draw(request, index, decoded)
            pixels += drawn.picture.width * drawn.picture.height * len(drawn.picture.getbands())
            if request.form is not PictureFormat.PNG_FOLDER and pixels > MOST_PIXELS:
                raise ExportError(
                    "the film is too large; choose fewer slices or a folder of pictures",
                    found=f"more than {MOST_PIXELS:,} pixels in {number + 1:,} of {len(indices):,} slices",
                )
            self.done.append(index)
            yield drawn
            self.progress(number + 1, len(indices), "drawing slices")
        if not self.done:
            raise ExportError(
                "none of the slices could be read", found=self.left_out[0][1] if self.left_out else ""
            )


def _draw(request: PictureRequest, index: int, decoded: DecodedSlice) -> _Drawn:
    info = request.series.slices[index]
    voi = file_voi(info, decoded.image) if request.voi is None else request.voi
    grey = None if decoded.rgb is not None else render_grey(decoded.image, voi, inverted=request.inverted)
    picture = Image.fromarray(np.ascontiguousarray(decoded.rgb if grey is None else grey))
    if request.true_aspect:
        size = square_size(decoded.image.shape, info.spacing)
        if size != picture.size:
            picture = picture.resize(size, Image.Resampling.BICUBIC)
    if request.captions is None:
        return _Drawn(index, picture, Strip((), 1))
    inverted = request.inverted and decoded.rgb is None
    lines = caption_lines(request.series, index, decoded, voi, request.captions, inverted=inverted)
    return _Drawn(index, picture, make_strip(lines, strip_width(picture.width)))


def _sheet(drawn: _Drawn, size_px: tuple[int, int] | None = None, mode: str | None = None) -> Image.Image:
    picture = drawn.picture if mode in (None, drawn.picture.mode) else drawn.picture.convert(mode)
    size = size_px or _size(drawn)
    return picture if size == picture.size else with_strip(picture, drawn.strip, size)


def _size(drawn: _Drawn) -> tuple[int, int]:
    picture, strip = drawn.picture, drawn.strip
    width = strip_width(picture.width) if strip.lines else picture.width
    return width, picture.height + strip.height_px


# A folder of PNGs


def _write_folder(
    request: PictureRequest, folder: Path, inputs: Inputs, drawing: _Drawing
) -> WrittenPictures:
    digits = max(4, len(str(len(request.series))))
    names = {i: f"slice-{i + 1:0{digits}}.png" for i in range(request.first, request.last + 1)}
    with _folder(folder):
        # New names only: nothing that was read, or is anybody's, can be among them.
        there = next((name for name in names.values() if os.path.lexists(folder / name)), None)
        if there is not None:
            raise ExportError("there are such pictures already; choose another folder", str(folder), there)
        inputs.check(folder / names[request.first])
        files: list[tuple[Path, bytes]] = []
        total = 0
        for drawn in drawing:
            data = _encoded(_sheet(drawn), format="PNG")
            total += len(data)
            if total > MOST_BYTES:
                raise ExportError(
                    "the pictures are too large together; choose fewer slices",
                    str(folder),
                    f"more than {MOST_BYTES:,} bytes in {len(files) + 1:,} pictures",
                )
            files.append((folder / names[drawn.index], data))
        drawing.cancel.check()
        write_all_atomically(files)
    return WrittenPictures(tuple(path for path, _ in files), tuple(drawing.done), tuple(drawing.left_out))


@contextlib.contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """The folder is there inside; if something goes wrong, it is there afterwards only if it was before."""
    try:
        made = not folder.exists()
        if made:
            folder.mkdir()
        elif not folder.is_dir():
            raise ExportError("this is a file, not a folder", str(folder))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError("the folder cannot be made", str(folder), reason) from error
    try:
        yield
    except BaseException:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


# One file that plays


def _film(request: PictureRequest, drawn: list[_Drawn], drawing: _Drawing) -> bytes:
    sizes = [_size(d) for d in drawn]
    size = max(width for width, _ in sizes), max(height for _, height in sizes)
    if max(size) > _LONGEST_SIDE_PX:
        raise ExportError(
            "the pictures are too large for a film; choose a folder of pictures",
            found=f"{size[0]} x {size[1]} px, at most {_LONGEST_SIDE_PX:,}",
        )
    # All pictures of a film have one mode; a series of grey and color images is rare.
    mode = "L" if all(d.picture.mode == "L" for d in drawn) else "RGB"
    drawing.progress(0, 0, "putting the film together")
    frames = [_sheet(d, size, mode) for d in drawn]
    options = _FILM_OPTIONS[request.form]
    duration_ms = max(20, round(1000 / request.frames_per_s))
    return _encoded(
        frames[0], save_all=True, append_images=frames[1:], duration=duration_ms, loop=0, **options
    )


def _encoded(picture: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    try:
        picture.save(buffer, **options)
    except (OSError, ValueError) as error:
        raise ExportError("the picture could not be made", found=str(error)) from error
    return buffer.getvalue()
