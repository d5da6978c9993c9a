"""From a file's header to slices, without touching the pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.parse import PIXEL_DATA, UNDEFINED_LENGTH, ParsedFile, parse_file
from ichviewer.dicom.values import Elements
from ichviewer.dicom.voi import read_vois
from ichviewer.domain.geometry import PixelSpacing, Plane, Vector
from ichviewer.domain.hu import Rescale
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import PatientInfo, SliceInfo, SliceSource, StudyInfo
from ichviewer.domain.window import Voi, Window
from ichviewer.errors import ReadError

HEADER_TAGS = (
    "SpecificCharacterSet",
    "ImageType",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "Modality",
    "StudyDescription",
    "SeriesDescription",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "SliceThickness",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "InstanceNumber",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "PixelSpacing",
    "BitsAllocated",
    "BitsStored",
    "PixelRepresentation",
    "LossyImageCompression",
    "LossyImageCompressionRatio",
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "VOILUTFunction",
    "VOILUTSequence",
    "RescaleIntercept",
    "RescaleSlope",
    "ModalityLUTSequence",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "DirectoryRecordSequence",
)

# Shows 8-bit luminance exactly as it is.
_GREY_8_BIT = Window(128.0, 256.0, name="full range")
# An item of encapsulated pixel data takes at least its own header.
_LEAST_ENCODED_FRAME_BYTES = 8


@dataclass(frozen=True, eq=False)
class SliceHeader:
    """One slice, and what its file says of the series, the study and the patient."""

    info: SliceInfo
    patient: PatientInfo
    study: StudyInfo
    series_uid: str
    modality: str
    description: str
    number: int | None
    sop_class_uid: str
    image_type: tuple[str, ...]


def is_color(elements: Elements) -> bool:
    """Whether the pixels are colors: three samples a pixel, or a palette."""
    samples = elements.integer("SamplesPerPixel") or 1
    return samples > 1 or elements.text("PhotometricInterpretation") == "PALETTE COLOR"


def read_slice_headers(parsed: ParsedFile, source: SliceSource, size: int) -> tuple[SliceHeader, ...]:
    """One header for every frame of a parsed file with pixels.

    Parameters
    ----------
    parsed : ParsedFile
    source : SliceSource
        The file; frame 0.
    size : int
        Of the file in bytes.

    Raises
    ------
    ReadError
        When rows or columns are missing.
    """
    root = parsed.elements
    rows, columns = root.integer("Rows"), root.integer("Columns")
    if rows is None or columns is None or rows < 1 or columns < 1:
        raise ReadError("the image has no size", root.where, f"Rows {rows}, Columns {columns}")
    groups = FrameGroups(root)
    count = _frame_count(parsed, rows, columns, size)
    if parsed.pixels is not None and parsed.pixels.tag != PIXEL_DATA:
        root.report(ProblemCode.UNSUPPORTED_PIXEL_FORMAT, "floating-point pixel data")
    if root.text("LossyImageCompression") == "01":
        ratio = root.text("LossyImageCompressionRatio")
        root.report(ProblemCode.LOSSY_COMPRESSION, f"{ratio} to 1" if ratio else "")
    patient = PatientInfo(
        root.text("PatientID"),
        root.name("PatientName"),
        root.date("PatientBirthDate"),
        root.text("PatientSex"),
    )
    study = StudyInfo(
        root.text("StudyInstanceUID"),
        root.date("StudyDate"),
        root.time("StudyTime"),
        root.text("StudyDescription"),
        root.text("AccessionNumber"),
    )
    sop_uid, instance = root.text("SOPInstanceUID"), root.integer("InstanceNumber")
    series = (
        root.text("SeriesInstanceUID"),
        root.text("Modality").upper(),
        root.text("SeriesDescription"),
        root.integer("SeriesNumber"),
        root.text("SOPClassUID"),
        tuple(value.upper() for value in root.texts("ImageType")),
    )
    common = tuple(root.problems)
    headers = []
    for frame in range(count):
        own: list[Problem] = []
        root.problems[:] = own
        geometry = _read_geometry(root, groups, frame, count)
        vois = _read_vois(root, groups, frame)
        _check_rescale(root, groups, frame)
        info = SliceInfo(
            source=SliceSource(source.path, source.member, frame),
            sop_uid=sop_uid,
            rows=rows,
            columns=columns,
            instance_number=instance,
            spacing=geometry.spacing,
            plane=geometry.plane,
            thickness_mm=geometry.thickness_mm,
            vois=vois,
            problems=(*common, *(p for p in root.problems if p not in common)),
        )
        headers.append(SliceHeader(info, patient, study, *series))
    root.problems[:] = list(common)
    return tuple(headers)


def _frame_count(parsed: ParsedFile, rows: int, columns: int, size: int) -> int:
    """Number of frames, but no more than the file can hold: a broken count must not make millions of slices."""
    root = parsed.elements
    stated = root.integer("NumberOfFrames") if root.text("NumberOfFrames") else 1
    if stated is None or stated < 1:
        root.broken("NumberOfFrames", root.text("NumberOfFrames"))
        return 1
    if stated == 1 or parsed.pixels is None:
        return stated
    length = parsed.pixels.length
    if length == UNDEFINED_LENGTH or parsed.pixels.offset < 0:
        most = max(1, size // _LEAST_ENCODED_FRAME_BYTES)
    else:
        bits = (root.integer("BitsAllocated") or 8) * (root.integer("SamplesPerPixel") or 1) * rows * columns
        most = max(1, -(-length * 8 // max(1, bits)))
    if stated > most:
        root.broken("NumberOfFrames", f"{stated}, but the pixel data can hold {most} at most")
    return min(stated, most)


@dataclass(frozen=True)
class _Geometry:
    plane: Plane | None
    spacing: PixelSpacing | None
    thickness_mm: float | None


def _read_geometry(root: Elements, groups: FrameGroups, frame: int, count: int) -> _Geometry:
    measures = groups.find(frame, "PixelMeasuresSequence")
    spacing = _spacing(measures)
    if spacing is None:
        root.report(ProblemCode.PIXEL_SPACING_MISSING, "")
    thickness = measures.number("SliceThickness")
    if thickness is not None and thickness <= 0:
        # Zero is how some writers say "unknown".
        if thickness < 0:
            root.broken("SliceThickness", f"{thickness:g}")
        thickness = None
    if count > 1 and not groups.present:
        root.report(ProblemCode.GEOMETRY_MISSING, f"{count} frames without positions of their own")
        return _Geometry(None, spacing, thickness)
    plane = _plane(
        groups.find(frame, "PlanePositionSequence"), groups.find(frame, "PlaneOrientationSequence")
    )
    if plane is None:
        root.report(ProblemCode.GEOMETRY_MISSING, "")
    return _Geometry(plane, spacing, thickness)


def _spacing(elements: Elements) -> PixelSpacing | None:
    values = elements.vector("PixelSpacing", 2)
    if values is None:
        return None
    try:
        return PixelSpacing(*values)
    except ValueError:
        elements.broken("PixelSpacing", "\\".join(f"{v:g}" for v in values))
        return None


def _plane(position: Elements, orientation: Elements) -> Plane | None:
    at, cosines = position.vector("ImagePositionPatient", 3), orientation.vector("ImageOrientationPatient", 6)
    if at is None or cosines is None:
        return None
    try:
        return Plane(_vector(at), _vector(cosines[:3]), _vector(cosines[3:]))
    except ValueError:
        orientation.broken("ImageOrientationPatient", "\\".join(f"{v:g}" for v in cosines))
        return None


def _vector(values: tuple[float, ...]) -> Vector:
    return values[0], values[1], values[2]


def _read_vois(root: Elements, groups: FrameGroups, frame: int) -> tuple[Voi, ...]:
    if is_color(root):
        return (_GREY_8_BIT,)
    return read_vois(groups.find(frame, "FrameVOILUTSequence"), signed=_is_signed_hu(root, groups, frame))


def _is_signed_hu(root: Elements, groups: FrameGroups, frame: int) -> bool:
    """Whether values after the modality transformation can be negative, so that LUT descriptors are signed."""
    if root.integer("PixelRepresentation") == 1:
        return True
    rescale = read_rescale(root, groups, frame)
    return rescale is not None and rescale.intercept < 0


def read_rescale(root: Elements, groups: FrameGroups, frame: int) -> Rescale | None:
    """Rescale slope and intercept that hold for a frame; None where missing or malformed (then reported)."""
    elements = groups.find(frame, "PixelValueTransformationSequence")
    slope, intercept = elements.number("RescaleSlope"), elements.number("RescaleIntercept")
    if slope is None or intercept is None:
        return None
    try:
        return Rescale(slope, intercept)
    except ValueError:
        elements.broken("RescaleSlope", f"{slope:g}")
        return None


def _check_rescale(root: Elements, groups: FrameGroups, frame: int) -> None:
    """HU need a rescale; other modalities and color pictures live well without."""
    if root.text("Modality").upper() != "CT" or is_color(root) or "ModalityLUTSequence" in root:
        return
    if read_rescale(root, groups, frame) is None:
        root.report(ProblemCode.RESCALE_MISSING, "")


def read_headers(stream: BinaryIO, source: SliceSource, size: int) -> tuple[SliceHeader, ...]:
    """Headers of every frame of a file; see `read_slice_headers`. Empty for a file without pixels.

    Raises
    ------
    ReadError
    """
    parsed = parse_file(stream, str(source), HEADER_TAGS)
    return () if parsed.pixels is None else read_slice_headers(parsed, source, size)
