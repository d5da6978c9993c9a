"""Slices as single images with a place in the patient, for objects whose frames lie on them.

highdicom derives segmentations and maps from whole files: from all frames of a multi-frame file, of one orientation
to the last digit. Results lie on some frames only, so each slice is handed to it as an image of its own, with the
geometry it was listed with, and `name_frames` puts the references to files and frames right afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ichviewer.dicom.whole_header import read_whole_header
from ichviewer.results.uids import uid_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from ichviewer.results.source import Source

_CT = "1.2.840.10008.5.1.4.1.1.2"
_COPIED = (
    "LossyImageCompression",
    "LossyImageCompressionRatio",
    "LossyImageCompressionMethod",
    "PositionReferenceIndicator",
)


def placed(source: Source, indices: Iterable[int]) -> list[int]:
    """Those of some slices that say where they lie: position, spacing and frame of reference."""
    slices = source.series.slices
    return [
        i
        for i in indices
        if slices[i].plane is not None and slices[i].spacing is not None and slices[i].frame_of_reference_uid
    ]


def batches(source: Source, indices: Sequence[int], most: int) -> Iterator[list[int]]:
    """Slices for one object each: no more than some, of one frame of reference, no two of them at one place."""
    waiting = list(indices)
    while waiting:
        batch: list[int] = []
        left: list[int] = []
        places: set[float] = set()
        frame = source.series.slices[waiting[0]].frame_of_reference_uid
        for index in waiting:
            at = round(source.series.position_mm(index) or 0.0, 4)
            same = source.series.slices[index].frame_of_reference_uid == frame
            if same and at not in places and len(batch) < most:
                batch.append(index)
                places.add(at)
            else:
                left.append(index)
        yield batch
        waiting = left


def frame_images(source: Source, indices: Sequence[int]) -> list[Dataset]:
    """An image for each slice, all of the orientation and spacing of the first slice of the series.

    Slices of one series differ in these by the rounding of the writer only.

    Parameters
    ----------
    source : Source
    indices : sequence of int
        Slices that are `placed`.

    Raises
    ------
    ReadError, FileChangedError
    """
    from pydicom.valuerep import format_number_as_ds  # noqa: PLC0415

    slices = source.series.slices
    first = slices[indices[0]]
    assert first.plane is not None
    assert first.spacing is not None
    header = read_whole_header(first)
    orientation = [*first.plane.row_direction, *first.plane.column_direction]
    images = []
    for index in indices:
        info = slices[index]
        assert info.plane is not None
        (image,) = source.evidence([index])
        if source.frame_number(index) is not None:
            image.SOPInstanceUID, image.SOPClassUID = _stand_in(source, index), _CT
            del image.NumberOfFrames
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.ImagePositionPatient = [format_number_as_ds(v) for v in info.plane.position_mm]
        image.ImageOrientationPatient = [format_number_as_ds(v) for v in orientation]
        image.PixelSpacing = [format_number_as_ds(v) for v in (first.spacing.row_mm, first.spacing.column_mm)]
        image.SliceThickness = None if info.thickness_mm is None else format_number_as_ds(info.thickness_mm)
        image.FrameOfReferenceUID = info.frame_of_reference_uid
        for keyword in _COPIED:
            if keyword in header:
                image[keyword] = header[keyword]
        images.append(image)
    return images


def name_frames(dataset: Dataset, source: Source, indices: Iterable[int]) -> None:
    """Put references to frames of multi-frame files right, in an object made of `frame_images`; changed in place."""
    numbers = {i: source.frame_number(i) for i in indices}
    stand_ins = {_stand_in(source, i): (i, number) for i, number in numbers.items() if number is not None}
    if not stand_ins:
        return
    for series in dataset.get("ReferencedSeriesSequence") or ():
        kept: dict[str, Dataset] = {}
        for item in series.ReferencedInstanceSequence:
            _rename(item, source, stand_ins)
            kept.setdefault(item.ReferencedSOPInstanceUID, item)
        series.ReferencedInstanceSequence = list(kept.values())
    for group in dataset.get("PerFrameFunctionalGroupsSequence") or ():
        for derivation in group.get("DerivationImageSequence") or ():
            for item in derivation.SourceImageSequence:
                number = _rename(item, source, stand_ins)
                if number is not None:
                    item.ReferencedFrameNumber = number
    if "SourceImageSequence" in dataset:
        kept = {}
        for item in dataset.SourceImageSequence:
            _rename(item, source, stand_ins)
            kept.setdefault(item.ReferencedSOPInstanceUID, item)
        dataset.SourceImageSequence = list(kept.values())


def _rename(item: Dataset, source: Source, stand_ins: dict[str, tuple[int, int]]) -> int | None:
    """Give a reference its real UIDs; the number of its frame, None where it was right already."""
    found = stand_ins.get(str(item.ReferencedSOPInstanceUID))
    if found is None:
        return None
    info = source.series.slices[found[0]]
    item.ReferencedSOPInstanceUID, item.ReferencedSOPClassUID = info.sop_uid, info.sop_class_uid
    return found[1]


def _stand_in(source: Source, index: int) -> str:
    info = source.series.slices[index]
    return uid_of("frame", info.sop_uid, str(info.source.frame))


def settle_dimensions(dataset: Dataset) -> None:
    """Give the dimensions of a multi-frame object a UID that depends on the object only, not the new one it has."""
    uid = uid_of("dimensions", str(dataset.SOPInstanceUID))
    for keyword in ("DimensionOrganizationSequence", "DimensionIndexSequence"):
        for item in dataset.get(keyword) or ():
            if "DimensionOrganizationUID" in item:
                item.DimensionOrganizationUID = uid
