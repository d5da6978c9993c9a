"""Results built in code as other programs write them, for the tests: segmentations, reports, presentation states.

Everything is a plain data set, so that any of it can be broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from dicom_factory import AXIAL, meta_of, uid_of
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import ExplicitVRLittleEndian

SEG = "1.2.840.10008.5.1.4.1.1.66.4"
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
REPORT = "1.2.840.10008.5.1.4.1.1.88.33"
PRESENTATION = "1.2.840.10008.5.1.4.1.1.11.1"
PDF = "1.2.840.10008.5.1.4.1.1.104.1"
PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30"


def masks_of(*pixels: tuple[int, int, int], n: int = 5, size: int = 16) -> NDArray[np.uint8]:
    """Frames of nothing but some pixels (frame, row, column)."""
    found = np.zeros((n, size, size), np.uint8)
    for at in pixels:
        found[at] = 1
    return found


def item(**elements: Any) -> Dataset:
    """A data set of some elements; lists of data sets become sequences."""
    made = Dataset()
    for keyword, value in elements.items():
        is_sequence = isinstance(value, list) and all(isinstance(v, Dataset) for v in value)
        setattr(made, keyword, DicomSequence(value) if is_sequence else value)
    return made


def code(value: str, scheme: str, meaning: str) -> list[Dataset]:
    """A code sequence of one item."""
    return [item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)]


def make_stored(sop_class: str, modality: str, image: Dataset, **elements: Any) -> FileDataset:
    """An object of a kind beside an image, of the same patient and study."""
    ds = FileDataset("", Dataset(), preamble=b"\0" * 128)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.Modality = sop_class, modality
    ds.SOPInstanceUID = uid_of("stored", sop_class, image.SOPInstanceUID, sorted(elements))
    for keyword in (
        *("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
        *("StudyInstanceUID", "StudyDate", "StudyTime"),
    ):
        setattr(ds, keyword, image[keyword].value)
    ds.SeriesInstanceUID = uid_of("stored series", sop_class, image.StudyInstanceUID)
    ds.SeriesNumber, ds.Manufacturer = 300, "Another maker"
    for element in item(**elements):
        ds[element.tag] = element
    ds.file_meta = meta_of(ds, ExplicitVRLittleEndian)
    return ds


def reference(image: Dataset, *frames: int) -> Dataset:
    """A reference to an image, or to frames of it counted from 1."""
    made = item(ReferencedSOPClassUID=image.SOPClassUID, ReferencedSOPInstanceUID=image.SOPInstanceUID)
    if frames:
        made.ReferencedFrameNumber = list(frames)
    return made


def referenced_series(
    images: Sequence[Dataset], keyword: str = "ReferencedInstanceSequence"
) -> list[Dataset]:
    """A Referenced Series Sequence over images of one series."""
    return [item(SeriesInstanceUID=images[0].SeriesInstanceUID, **{keyword: [reference(i) for i in images]})]


def segment(number: int, label: str, **elements: Any) -> Dataset:
    """An item of the Segment Sequence: blood, as most programs describe it."""
    made = item(
        SegmentNumber=number,
        SegmentLabel=label,
        SegmentAlgorithmType="AUTOMATIC",
        SegmentAlgorithmName="test",
        SegmentedPropertyCategoryCodeSequence=code("49755003", "SCT", "Morphologically Abnormal Structure"),
        SegmentedPropertyTypeCodeSequence=code("50960005", "SCT", "Hemorrhage"),
    )
    made.update(item(**elements))
    return made


def frame_group(
    number: int | None = None,
    *,
    position_mm: Sequence[float] | None = None,
    sources: Sequence[Dataset] = (),
) -> Dataset:
    """Functional groups of one frame."""
    made = Dataset()
    if number is not None:
        made.SegmentIdentificationSequence = DicomSequence([item(ReferencedSegmentNumber=number)])
    if position_mm is not None:
        made.PlanePositionSequence = DicomSequence(
            [item(ImagePositionPatient=[round(float(v), 6) for v in position_mm])]
        )
    if sources:
        made.DerivationImageSequence = DicomSequence([item(SourceImageSequence=list(sources))])
    return made


def shared_group(
    spacing_mm: Sequence[float] = (0.5, 0.5),
    thickness_mm: float | None = 5.0,
    orientation: Sequence[float] | None = AXIAL,
) -> Dataset:
    """Shared functional groups: geometry."""
    made = Dataset()
    measures = item(PixelSpacing=list(spacing_mm))
    if thickness_mm is not None:
        measures.SliceThickness = thickness_mm
    made.PixelMeasuresSequence = DicomSequence([measures])
    if orientation is not None:
        made.PlaneOrientationSequence = DicomSequence(
            [item(ImageOrientationPatient=[round(float(v), 7) for v in orientation])]
        )
    return made


def make_segmentation(
    image: Dataset,
    masks: NDArray[Any],
    groups: Sequence[Dataset],
    *,
    segments: Sequence[Dataset] | None = None,
    kind: str = "BINARY",
    shared: Dataset | None = None,
    **elements: Any,
) -> FileDataset:
    """A segmentation of frames (frames, rows, columns), bit-packed where it is binary."""
    ds = make_stored(
        LABEL_MAP if kind == "LABELMAP" else SEG,
        "SEG",
        image,
        SegmentationType=kind,
        SegmentSequence=list(segments) if segments is not None else [segment(1, "blood")],
        SharedFunctionalGroupsSequence=[shared if shared is not None else shared_group()],
        PerFrameFunctionalGroupsSequence=list(groups),
    )
    if "FrameOfReferenceUID" in image:
        ds.FrameOfReferenceUID = image.FrameOfReferenceUID
    bits = 1 if kind == "BINARY" else masks.dtype.itemsize * 8
    ds.NumberOfFrames, ds.Rows, ds.Columns = masks.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits, bits - 1, 0
    if kind == "FRACTIONAL":
        ds.SegmentationFractionalType, ds.MaximumFractionalValue = "PROBABILITY", 255
    packed = (
        np.packbits(masks.astype(bool).ravel(), bitorder="little").tobytes()
        if bits == 1
        else masks.astype(masks.dtype.newbyteorder("<")).tobytes()
    )
    ds.PixelData = packed + b"\0" * (len(packed) % 2)
    ds["PixelData"].VR = "OB" if bits <= 8 else "OW"
    for element in item(**elements):
        ds[element.tag] = element
    return ds


def content(relationship: str, value_type: str, name: list[Dataset] | None, **elements: Any) -> Dataset:
    """A content item of a report."""
    made = item(RelationshipType=relationship, ValueType=value_type)
    if name is not None:
        made.ConceptNameCodeSequence = DicomSequence(name)
    made.update(item(**elements))
    return made


def make_report(
    image: Dataset, items: Sequence[Dataset], sop_class: str = REPORT, **elements: Any
) -> FileDataset:
    """A structured report, or a Key Object Selection, of some content."""
    return make_stored(
        sop_class,
        "KO" if sop_class == KEY_OBJECTS else "SR",
        image,
        **{
            "ValueType": "CONTAINER",
            "ConceptNameCodeSequence": code("126000", "DCM", "Imaging Measurement Report"),
            "CompletionFlag": "PARTIAL",
            "VerificationFlag": "UNVERIFIED",
            "ContentSequence": list(items),
            **elements,
        },
    )


def nested_bytes(tag: bytes, depth: int, *, sized: bool, inmost: bytes = b"") -> bytes:
    """Sequences of one item within each other in explicit little endian, which pydicom takes ages to write.

    Parameters
    ----------
    tag : bytes
        Group and element as they stand in the file.
    depth : int
        How many sequences.
    sized : bool
        Whether lengths are told; else each sequence and item ends with a delimiter.
    inmost : bytes
        Elements of the inmost item.
    """
    inner = inmost
    for _ in range(depth):
        item_tag = b"\xfe\xff\x00\xe0"
        if sized:
            one = item_tag + len(inner).to_bytes(4, "little") + inner
            inner = tag + b"SQ\0\0" + len(one).to_bytes(4, "little") + one
        else:
            ends = b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
            inner = (
                tag + b"SQ\0\0\xff\xff\xff\xff" + item_tag + b"\xff\xff\xff\xff" + inner + ends[0] + ends[1]
            )
    return inner
