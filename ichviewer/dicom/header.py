"""From a file's header to slices, without touching the pixels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.frame_geometry import read_geometry
from ichviewer.dicom.parse import PIXEL_DATA, UNDEFINED_LENGTH, ParsedFile
from ichviewer.dicom.values import Elements, name_key, readable_name
from ichviewer.dicom.voi import read_vois
from ichviewer.domain.eligibility import kind_refusal
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import Rescale
from ichviewer.domain.plausibility import implausible_rescale
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import PatientInfo, SliceInfo, SliceSource, StudyInfo
from ichviewer.domain.window import Voi, Window
from ichviewer.errors import FileChangedError, ReadError

HEADER_TAGS = (
    "SpecificCharacterSet",
    "ImageType",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyDate",
    "StudyTime",
    "AcquisitionDate",
    "AcquisitionDateTime",
    "AcquisitionTime",
    "AccessionNumber",
    "Modality",
    "StudyDescription",
    "SeriesDescription",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "ContrastBolusAgent",
    "ContrastBolusAgentSequence",
    "SliceThickness",
    "ConvolutionKernel",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "AcquisitionNumber",
    "InstanceNumber",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "FrameOfReferenceUID",
    "TemporalPositionIdentifier",
    "SliceLocation",
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
# An item of encapsulated pixel data: its header, and at least what a codec says of the frame's size.
_LEAST_ENCODED_FRAME_BYTES = 32
_ALWAYS_LISTED = 64
# Deflate makes at most 1032 bytes of one.
_MOST_INFLATED = 1032
# A perfusion scan has some 30,000 frames.
_MOST_FRAMES = 1 << 16
# Date, time, fraction and zone (PS3.5 section 6.2).
_LONGEST_TIME = 26
_IDENTITY = ("PatientID", "PatientBirthDate", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_PLACE = ("Rows", "Columns", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing")

PatientKey = tuple[str, str, str]
"""ID, name and birth date, by which patients are told apart, however the name is written."""


@dataclass(frozen=True, eq=False)
class SliceHeader:
    """One slice, and what its file says of the series, the study and the patient.

    Parameters
    ----------
    info : SliceInfo
    patient : PatientInfo
    patient_key : tuple of str
        Who the patient is.
    study : StudyInfo
    series_uid, modality, description : str
    number : int or None
    sop_class_uid : str
    image_type : tuple of str
    contrast_agent, kernel : str
    temporal_position : int or None
        Temporal Position Identifier (0020,0100) or Index (0020,9128) of a time series.
    acquired : str
        Date and time of the acquisition as text that sorts by time; empty where missing.
    file_frames : int
        How many frames the file has.
    """

    info: SliceInfo
    patient: PatientInfo
    patient_key: PatientKey
    study: StudyInfo
    series_uid: str
    modality: str
    description: str
    number: int | None
    sop_class_uid: str
    image_type: tuple[str, ...]
    contrast_agent: str = ""
    kernel: str = ""
    temporal_position: int | None = None
    acquired: str = ""
    file_frames: int = 1

    @property
    def name(self) -> str:
        """The file, and the frame where it has several."""
        source = self.info.source
        return f"{source}#{source.frame + 1}" if self.file_frames > 1 else str(source)


def header_mark(root: Elements) -> str:
    """What names the patient, study, series, image and place that a header tells: 16 hexadecimal digits.

    A file that was replaced after it was listed has another, even where the new one bears the same UIDs, as copies
    of a study under another name do.
    """
    words = [root.text(keyword) for keyword in _IDENTITY]
    places = [root.numbers(keyword) for keyword in _PLACE]
    told = repr((root.name("PatientName"), words, places))
    return hashlib.blake2b(told.encode("utf-8", errors="surrogatepass"), digest_size=8).hexdigest()


def check_unchanged(root: Elements, listed: SliceInfo) -> None:
    """Refuse a file that is not the one that was listed: what is in it would go under another's name.

    Raises
    ------
    FileChangedError
    """
    if listed.header_mark not in ("", header_mark(root)):
        raise FileChangedError(
            "the file is not the one that was listed; open it again",
            root.where,
            "another patient, study, series or place",
        )


def is_color(elements: Elements) -> bool:
    """Whether the pixels are colors: three samples a pixel, or a palette."""
    samples = elements.integer("SamplesPerPixel") or 1
    return samples > 1 or elements.text("PhotometricInterpretation") == "PALETTE COLOR"


def _is_ct_section(root: Elements) -> bool:
    """Whether the image is a section through a patient in HU, so that its numbers can be judged."""
    kind = kind_refusal(root.text("Modality"), root.text("SOPClassUID"), root.texts("ImageType"))
    return kind is None and not is_color(root)


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
        When rows or columns are missing, or there are too many frames.
    """
    root = parsed.elements
    rows, columns = root.integer("Rows"), root.integer("Columns")
    if rows is None or columns is None or rows < 1 or columns < 1:
        raise ReadError("the image has no size", root.where, f"Rows {rows}, Columns {columns}")
    groups = FrameGroups(root)
    count = frame_count(parsed, rows, columns, size)
    if parsed.pixels is not None and parsed.pixels.tag != PIXEL_DATA:
        root.report(ProblemCode.UNSUPPORTED_PIXEL_FORMAT, "floating-point pixel data")
    if root.text("LossyImageCompression") == "01":
        ratio = root.text("LossyImageCompressionRatio")
        root.report(ProblemCode.LOSSY_COMPRESSION, f"{ratio} to 1" if ratio else "")
    whole = _WholeFile.read(root)
    common = tuple(root.problems)
    headers = []
    of_frame: _Frame | None = None
    for frame in range(count):
        # Frames without groups of their own are all alike: what they share is read once.
        if of_frame is None or frame <= groups.count:
            root.problems[:] = []
            of_frame = _Frame.read(root, groups, frame, (rows, columns), count)
            problems = (*common, *(p for p in root.problems if p not in common))
        info = SliceInfo(
            source=replace(source, frame=frame),
            sop_uid=whole.sop_uid,
            rows=rows,
            columns=columns,
            instance_number=whole.instance_number,
            spacing=of_frame.spacing,
            plane=of_frame.plane,
            thickness_mm=of_frame.thickness_mm,
            slice_location_mm=whole.slice_location_mm,
            frame_of_reference_uid=whole.frame_of_reference_uid,
            acquisition_number=of_frame.acquisition_number,
            vois=of_frame.vois,
            problems=problems,
            header_mark=whole.mark,
            sop_class_uid=whole.sop_class_uid,
        )
        headers.append(
            SliceHeader(
                info,
                whole.patient,
                whole.patient_key,
                whole.study,
                *whole.series,
                contrast_agent=whole.contrast_agent,
                kernel=of_frame.kernel,
                temporal_position=of_frame.temporal_position,
                acquired=of_frame.acquired,
                file_frames=count,
            )
        )
    root.problems[:] = list(common)
    return tuple(headers)


def who_and_when(root: Elements) -> tuple[PatientInfo, PatientKey, StudyInfo]:
    """The patient, by what patients are told apart, and the examination that a data set belongs to."""
    name = root.name("PatientName")
    patient = PatientInfo(
        root.text("PatientID"),
        readable_name(name),
        root.date("PatientBirthDate"),
        root.text("PatientSex"),
        root.age_years("PatientAge"),
    )
    study = StudyInfo(
        root.text("StudyInstanceUID"),
        root.date("StudyDate"),
        root.time("StudyTime"),
        root.text("StudyDescription"),
        root.text("AccessionNumber"),
    )
    return patient, (" ".join(patient.id.split()), name_key(name), patient.birth_date), study


@dataclass(frozen=True)
class _WholeFile:
    """What a file says of all its frames."""

    patient: PatientInfo
    patient_key: PatientKey
    study: StudyInfo
    series: tuple[str, str, str, int | None, str, tuple[str, ...]]
    sop_class_uid: str
    sop_uid: str
    instance_number: int | None
    slice_location_mm: float | None
    frame_of_reference_uid: str
    contrast_agent: str
    mark: str

    @classmethod
    def read(cls, root: Elements) -> _WholeFile:
        patient, patient_key, study = who_and_when(root)
        agents = root.items("ContrastBolusAgentSequence")
        sop_class_uid = root.text("SOPClassUID")
        coded = next((text for text in (item.text("CodeMeaning") for item in agents[:9]) if text), "")
        return cls(
            patient,
            patient_key,
            study,
            (
                root.text("SeriesInstanceUID"),
                root.text("Modality").upper(),
                root.text("SeriesDescription"),
                root.integer("SeriesNumber"),
                sop_class_uid,
                tuple(value.upper() for value in root.texts("ImageType")),
            ),
            sop_class_uid,
            root.text("SOPInstanceUID"),
            root.integer("InstanceNumber"),
            root.number("SliceLocation"),
            root.text("FrameOfReferenceUID"),
            root.text("ContrastBolusAgent") or coded,
            header_mark(root),
        )


@dataclass(frozen=True)
class _Frame:
    """What holds for one frame."""

    plane: Plane | None
    spacing: PixelSpacing | None
    thickness_mm: float | None
    vois: tuple[Voi, ...]
    acquisition_number: int | None
    temporal_position: int | None
    acquired: str
    kernel: str

    @classmethod
    def read(
        cls, root: Elements, groups: FrameGroups, frame: int, size: tuple[int, int], count: int
    ) -> _Frame:
        geometry = read_geometry(root, groups, frame, size, count, is_section=_is_ct_section(root))
        vois = _read_vois(root, groups, frame)
        _check_rescale(root, groups, frame)
        content = groups.own(frame, "FrameContentSequence")
        if content is None:
            acquisition, temporal = (
                root.integer("AcquisitionNumber"),
                root.integer("TemporalPositionIdentifier"),
            )
            acquired = root.text("AcquisitionDateTime") or (
                root.text("AcquisitionDate") + root.text("AcquisitionTime")
            )
        else:
            acquisition = content.integer("FrameAcquisitionNumber")
            temporal = content.integer("TemporalPositionIndex")
            acquired = content.text("FrameAcquisitionDateTime")
        return cls(
            *geometry,
            vois,
            acquisition,
            temporal,
            acquired.replace(":", "")[:_LONGEST_TIME],
            groups.find(frame, "CTReconstructionSequence").text("ConvolutionKernel"),
        )


def frame_count(parsed: ParsedFile, rows: int, columns: int, size: int) -> int:
    """Number of frames, but no more than the file can hold: a broken count must not make millions of slices."""
    root = parsed.elements
    stated = root.integer("NumberOfFrames") if root.text("NumberOfFrames") else 1
    if stated is None or stated < 1:
        root.broken("NumberOfFrames", root.text("NumberOfFrames"))
        return 1
    if stated == 1 or parsed.pixels is None:
        return stated
    pixels = parsed.pixels
    is_deflated = pixels.offset < 0
    held = size * _MOST_INFLATED if is_deflated else max(0, size - pixels.offset)
    if pixels.length == UNDEFINED_LENGTH:
        most = held // _LEAST_ENCODED_FRAME_BYTES
    else:
        bits = (root.integer("BitsAllocated") or 8) * (root.integer("SamplesPerPixel") or 1) * rows * columns
        claimed, there = (
            -(-length * 8 // max(1, bits)) for length in (pixels.length, min(pixels.length, held))
        )
        # Frames that were cut off are listed too, unless the file is too small to ever have held them.
        most = min(claimed, max(there, held // _LEAST_ENCODED_FRAME_BYTES, _ALWAYS_LISTED))
    most = max(1, most)
    if stated > most:
        root.broken("NumberOfFrames", f"{stated}, but the pixel data can hold {most} at most")
    if min(stated, most) > _MOST_FRAMES:
        raise ReadError("the image has more frames than can be listed", root.where, f"{min(stated, most):,}")
    return min(stated, most)


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
    """Rescale slope and intercept that hold for a frame.

    None where missing, malformed or, in a CT section, implausible; the latter two are reported.
    """
    elements = groups.find(frame, "PixelValueTransformationSequence")
    slope, intercept = elements.number("RescaleSlope"), elements.number("RescaleIntercept")
    if slope is None or intercept is None:
        return None
    try:
        rescale = Rescale(slope, intercept)
    except ValueError:
        elements.broken("RescaleSlope", f"{slope:g}")
        return None
    doubt = implausible_rescale(rescale)
    if doubt and _is_ct_section(root):
        root.report(ProblemCode.IMPLAUSIBLE_VALUE, doubt)
        return None
    return rescale


def _check_rescale(root: Elements, groups: FrameGroups, frame: int) -> None:
    """HU need a rescale; other modalities and color pictures live well without."""
    if root.text("Modality").upper() != "CT" or is_color(root) or "ModalityLUTSequence" in root:
        return
    if read_rescale(root, groups, frame) is None:
        root.report(ProblemCode.RESCALE_MISSING, "")
