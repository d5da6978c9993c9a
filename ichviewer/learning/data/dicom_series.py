"""One DICOM series from files to volumes, by the very steps with which the product reads and analyses it.

Headers, sorting, the repair of 12-bit scans, the search for the head and the cut around it are the product's own
functions; what is left out of an analysis is left out here. A file is opened once for both its header and its
pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.catalog import CatalogBuilder
from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.frames import PixelFormat, read_grey_frame
from ichviewer.dicom.header import HEADER_TAGS, SliceHeader, is_color, read_rescale, read_slice_headers
from ichviewer.dicom.modality import to_image
from ichviewer.dicom.parse import PIXEL_DATA, parse_file
from ichviewer.dicom.source import open_source
from ichviewer.domain.eligibility import refusal
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.series import Series, SliceSource
from ichviewer.errors import DecodeError, ReadError
from ichviewer.inference.head import Head, estimate_spacing_mm, find_head
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.inference.series_input import SeriesInput, SeriesLayout, slices_of_head
from ichviewer.learning.data.source import NO_LABELS, Labels, LeftOut, SeriesResult
from ichviewer.learning.data.volumes import Volume, stored

# What a picture and its place depend on. Names, dates and windows are left unread: they change nothing here.
_NOT_NEEDED = frozenset(
    {
        *("StudyDate", "StudyTime", "AccessionNumber", "StudyDescription", "SeriesDescription"),
        *("PatientName", "PatientBirthDate", "PatientSex", "DirectoryRecordSequence"),
        *("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction", "VOILUTSequence"),
    }
)
_TAGS = (
    *(tag for tag in HEADER_TAGS if tag not in _NOT_NEEDED),
    *("PlanarConfiguration", "HighBit", "PixelPaddingValue", "PixelPaddingRangeLimit"),
    *("ExtendedOffsetTable", "ExtendedOffsetTableLengths"),
)
_KEPT_BYTES = 256 * 1024 * 1024
"""Pixels kept between the two passes over a series; 500 slices of 512 x 512. What is beyond is read again."""
_HU_SLICES_KEPT = 96
"""About 96 MB; HU of shorter series are computed once."""
_SLICES_FOR_SCALE = 15


@dataclass(frozen=True)
class DicomTask:
    """The files of one series, still to be read.

    Parameters
    ----------
    name : str
        Of the volume.
    patient : str
        Whose head it is.
    source : str
        ``rsna`` or ``folder``.
    files : tuple of str
    labels : mapping of str to Labels
        By file; files that are not in it have no labels.
    """

    name: str
    patient: str
    source: str
    files: tuple[str, ...]
    labels: Mapping[str, Labels] = field(default_factory=dict)

    def read(self, settings: PreprocessSettings) -> SeriesResult:
        """Read and preprocess the series; one volume for each of its parts that shows a head."""
        reader = SeriesFiles(self.files)
        volumes, left_out = [], list(reader.left_out)
        for number, series in enumerate(reader.series):
            name = self.name if number == 0 else f"{self.name}-part{number + 1}"
            answer = _to_volume(self, name, series, reader, settings)
            if isinstance(answer, Volume):
                volumes.append(answer)
            else:
                left_out.append(answer)
        return SeriesResult(tuple(volumes), (*left_out, *reader.broken()), reader.bytes_read)


class SeriesFiles:
    """The files of a series, read.

    Parameters
    ----------
    files : tuple of str

    Attributes
    ----------
    series : tuple of Series
        Several where images differ in shape.
    left_out : list of LeftOut
        Files without a usable image.
    bytes_read : int
    """

    def __init__(self, files: tuple[str, ...]) -> None:
        self.left_out: list[LeftOut] = []
        self.bytes_read = 0
        self._images: dict[SliceSource, SliceImage] = {}
        self._kept_bytes = 0
        self._broken: dict[SliceSource, LeftOut] = {}
        builder = CatalogBuilder()
        for file in files:
            builder.add(self._read(SliceSource(Path(file))))
        catalog = builder.catalog()
        self.left_out += [LeftOut(p.where, p.text, is_error=False) for p in catalog.problems]
        self.series = catalog.series

    def _read(self, source: SliceSource) -> tuple[SliceHeader, ...]:
        """Headers of a file's frames; keeps its image if it has only one."""
        where = str(source)
        try:
            size = source.path.stat().st_size
            with open_source(source) as stream:
                parsed = parse_file(stream, where, _TAGS)
                if parsed.pixels is None:
                    self.left_out.append(
                        LeftOut(where, "a DICOM file without an image", is_error=parsed.is_image)
                    )
                    return ()
                headers = read_slice_headers(parsed, source, size)
                self.bytes_read += size
                if len(headers) == 1 and parsed.pixels.tag == PIXEL_DATA and parsed.pixels.offset >= 0:
                    if is_color(parsed.elements):
                        return headers  # seldom, and ruled out by what it is; read again if it is not
                    pixels = PixelFormat.read(parsed)
                    frame = read_grey_frame(parsed, pixels, stream, 0)
                    rescale = read_rescale(parsed.elements, FrameGroups(parsed.elements), 0)
                    self._keep(source, to_image(frame, pixels, parsed.elements, rescale))
        except OSError as error:
            self.left_out.append(LeftOut(where, f"the file could not be opened: {error.strerror}"))
            return ()
        except (ReadError, DecodeError) as error:
            self.left_out.append(LeftOut(where, _reason(error)))
            return ()
        return headers

    def _keep(self, source: SliceSource, image: SliceImage) -> None:
        if self._kept_bytes + image.nbytes <= _KEPT_BYTES:
            self._images[source] = image
            self._kept_bytes += image.nbytes

    def image(self, series: Series, index: int) -> SliceImage | None:
        """Pixels of a slice; None if it cannot be used for training, which `broken` then names."""
        info = series.slices[index]
        image = self._images.get(info.source)
        try:
            if image is None:
                # The header was read without the patient's name, so its mark is another than the file's.
                image = read_slice(replace(info, header_mark="")).image
        except (ReadError, DecodeError) as error:
            self._broken[info.source] = LeftOut(str(info.source), _reason(error))
            return None
        if image.rows_read is not None:
            found = f"{image.rows_read} of {image.shape[0]} rows"
            self._broken[info.source] = LeftOut(str(info.source), f"the pixel data is cut short: {found}")
            return None
        return image

    def broken(self) -> tuple[LeftOut, ...]:
        """Slices whose header was sound and whose pixels were not."""
        return tuple(self._broken.values())


def _reason(error: ReadError | DecodeError) -> str:
    return f"{error.what}: {error.found}" if error.found else error.what


def _to_volume(
    task: DicomTask, name: str, series: Series, files: SeriesFiles, settings: PreprocessSettings
) -> Volume | LeftOut:
    """Preprocess a series, or say why it is left out."""
    refused = refusal(series)
    where = str(series.slices[0].source.path.parent / series.key.series_uid)
    if refused is not None:
        return LeftOut(where, f"{refused.text} ({refused.found}), {len(series)} slices", is_error=False)
    layout = SeriesLayout.of(series)

    @lru_cache(maxsize=_HU_SLICES_KEPT)
    def hu_of(index: int) -> NDArray[np.float32] | None:
        image = files.image(series, index)
        return None if image is None else layout.orientation.apply(image.hu())

    def hu_again(index: int) -> NDArray[np.float32]:
        hu = hu_of(index)
        if hu is None:
            raise DecodeError("the pixels were readable a moment ago", str(series.slices[index].source))
        return hu

    spacing = _spacing_mm(series, layout, hu_of)
    if spacing is None:
        return LeftOut(where, "neither a pixel spacing nor a head to tell it from", is_error=False)
    heads: dict[int, Head | None] = {}
    for index in range(len(series)):
        hu = hu_of(index)
        if hu is not None:
            heads[index] = find_head(hu, spacing)
    members = slices_of_head(heads, layout.positions_mm)
    if not members:
        return LeftOut(where, f"no brain inside a skull in any of {len(heads)} slices", is_error=False)
    first = series.slices[0]
    shape = (first.columns, first.rows) if layout.orientation.transpose else (first.rows, first.columns)
    source = SeriesInput(layout, heads, hu_again, shape=shape, spacing_mm=spacing, settings=settings)
    usable = sorted(heads)
    labels = _labels_of(task, series)
    return Volume(
        name=name,
        patient=task.patient,
        source=task.source,
        hu=np.stack([stored(source.picture_hu(index)) for index in usable]),
        positions_mm=np.array([layout.positions_mm[index] for index in usable], np.float32),
        # The product gives no answer for slices far from the head, so none is taught.
        labels=np.array([labels[i] if i in members else NO_LABELS for i in usable], np.uint8),
        has_brain=np.array([heads[index] is not None for index in usable]),
        slice_ids=tuple(_slice_id(series, index) for index in usable),
    )


def _spacing_mm(
    series: Series, layout: SeriesLayout, hu_of: Callable[[int], NDArray[np.float32] | None]
) -> tuple[float, float] | None:
    """Row and column spacing of the turned slices, estimated from the head where the files have none."""
    known = series.slices[0].spacing
    if known is not None:
        return layout.orientation.spacing((known.row_mm, known.column_mm))
    n = len(series)
    chosen = sorted({round(i) for i in np.linspace(0, n - 1, min(n, _SLICES_FOR_SCALE))})
    estimate = estimate_spacing_mm([hu for hu in map(hu_of, chosen) if hu is not None])
    return None if estimate is None else (estimate, estimate)


def _labels_of(task: DicomTask, series: Series) -> list[Labels]:
    """Labels of every slice; those of a file with several frames hold for all of them only where they say no."""
    frames: dict[str, int] = {}
    for info in series.slices:
        frames[str(info.source.path)] = frames.get(str(info.source.path), 0) + 1
    labels = []
    for info in series.slices:
        file = str(info.source.path)
        known = task.labels.get(file, NO_LABELS)
        labels.append(known if frames[file] == 1 else only_negative(known))
    return labels


def only_negative(labels: Labels) -> Labels:
    """What labels of a whole series tell of each slice: no blood anywhere is none here; blood may lie elsewhere."""
    return tuple(value if value == 0 else unknown for value, unknown in zip(labels, NO_LABELS, strict=True))


def _slice_id(series: Series, index: int) -> str:
    info = series.slices[index]
    name = info.sop_uid or info.source.path.name
    return f"{name}#{info.source.frame}" if info.source.frame else name
