"""Problems found in the input, as values that reach the screen and the CSV.

A problem is not an exception: the work goes on, and a person is told what was repaired, doubted or left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem takes away from the result."""

    INFO = "info"
    """Worth knowing, nothing is lost."""
    WARNING = "warning"
    """Repaired or doubted: read the result with it in mind."""
    ERROR = "error"
    """Something could not be read or analysed."""


class ProblemCode(StrEnum):
    """Every problem the product can name; the value is what the CSV's ``note`` column carries."""

    NOT_DICOM = "not_dicom"
    UNREADABLE_FILE = "unreadable_file"
    NO_PIXEL_DATA = "no_pixel_data"
    UNSUPPORTED_PIXEL_FORMAT = "unsupported_pixel_format"
    DANGLING_DICOMDIR_ENTRY = "dangling_dicomdir_entry"
    BROKEN_ARCHIVE = "broken_archive"
    DECODE_FAILED = "decode_failed"
    TRUNCATED_PIXEL_DATA = "truncated_pixel_data"
    LOSSY_COMPRESSION = "lossy_compression"
    REPAIRED_12_BIT = "repaired_12_bit"
    RESCALE_MISSING = "rescale_missing"
    BROKEN_VALUE = "broken_value"
    PIXEL_SPACING_MISSING = "pixel_spacing_missing"
    GEOMETRY_MISSING = "geometry_missing"
    SORTED_BY_INSTANCE_NUMBER = "sorted_by_instance_number"
    SORTED_BY_FILE_NAME = "sorted_by_file_name"
    DUPLICATE_INSTANCE = "duplicate_instance"
    DUPLICATE_POSITION = "duplicate_position"
    OUTSIDE_FOLDER = "outside_folder"
    FILE_CHANGED = "file_changed"
    IMPLAUSIBLE_VALUE = "implausible_value"
    GAP = "gap"
    UNEVEN_SPACING = "uneven_spacing"
    GANTRY_TILT = "gantry_tilt"
    SPLIT_SERIES = "split_series"
    SEVERAL_ACQUISITIONS = "several_acquisitions"
    SEVERAL_PATIENTS = "several_patients"
    NOT_CT = "not_ct"
    LOCALIZER = "localizer"
    SECONDARY_CAPTURE = "secondary_capture"
    NOT_AXIAL = "not_axial"
    NOT_A_HEAD = "not_a_head"
    NO_BRAIN_IN_SLICE = "no_brain_in_slice"
    SCALE_ESTIMATED = "scale_estimated"
    CONTRAST_MEDIUM = "contrast_medium"
    UNUSUAL_THICKNESS = "unusual_thickness"
    HIGH_NOISE = "high_noise"
    CHILD_HEAD = "child_head"
    UNUSUAL_FIELD_OF_VIEW = "unusual_field_of_view"
    ENGINE_FAILED = "engine_failed"
    CANCELLED = "cancelled"
    NOT_YET_ANALYSED = "not_yet_analysed"
    NOT_MEASURED = "not_measured"
    NOT_ALL_RECEIVED = "not_all_received"
    IMAGES_NOT_SENT = "images_not_sent"
    RESULT_NOT_PLACED = "result_not_placed"
    RESULT_NOT_SHOWN = "result_not_shown"


_TABLE: dict[ProblemCode, tuple[Severity, str]] = {
    ProblemCode.NOT_DICOM: (Severity.INFO, "not a DICOM file"),
    ProblemCode.UNREADABLE_FILE: (Severity.ERROR, "the file could not be read"),
    ProblemCode.NO_PIXEL_DATA: (Severity.INFO, "a DICOM file without an image"),
    ProblemCode.UNSUPPORTED_PIXEL_FORMAT: (Severity.ERROR, "the pixel format is not supported"),
    ProblemCode.DANGLING_DICOMDIR_ENTRY: (Severity.ERROR, "the DICOMDIR names a file that is not there"),
    ProblemCode.BROKEN_ARCHIVE: (Severity.ERROR, "the archive could not be read"),
    ProblemCode.DECODE_FAILED: (Severity.ERROR, "the pixel data could not be decoded"),
    ProblemCode.TRUNCATED_PIXEL_DATA: (Severity.ERROR, "the pixel data is cut short; missing rows are blank"),
    ProblemCode.LOSSY_COMPRESSION: (
        Severity.WARNING,
        "the image was compressed with loss; fine detail is altered",
    ),
    ProblemCode.REPAIRED_12_BIT: (Severity.WARNING, "12-bit values had wrapped around and were repaired"),
    ProblemCode.RESCALE_MISSING: (Severity.WARNING, "no rescale slope and intercept; 1 and 0 assumed"),
    ProblemCode.BROKEN_VALUE: (Severity.WARNING, "a header value is malformed and was not used"),
    ProblemCode.PIXEL_SPACING_MISSING: (Severity.WARNING, "no pixel spacing; distances are in pixels"),
    ProblemCode.GEOMETRY_MISSING: (Severity.WARNING, "no position or orientation in space"),
    ProblemCode.SORTED_BY_INSTANCE_NUMBER: (Severity.WARNING, "slices are sorted by instance number"),
    ProblemCode.SORTED_BY_FILE_NAME: (Severity.WARNING, "slices are sorted by file name"),
    ProblemCode.DUPLICATE_INSTANCE: (Severity.WARNING, "the same image is there more than once; one is used"),
    ProblemCode.DUPLICATE_POSITION: (Severity.WARNING, "several slices at one position"),
    ProblemCode.OUTSIDE_FOLDER: (Severity.ERROR, "it lies outside of what was opened and was not read"),
    ProblemCode.FILE_CHANGED: (Severity.ERROR, "the file changed after it was listed"),
    ProblemCode.IMPLAUSIBLE_VALUE: (Severity.ERROR, "a value is outside what CT can have"),
    ProblemCode.GAP: (Severity.WARNING, "slices seem to be missing"),
    ProblemCode.UNEVEN_SPACING: (Severity.WARNING, "slice distances are uneven"),
    ProblemCode.GANTRY_TILT: (Severity.INFO, "slices were acquired with a tilted gantry"),
    ProblemCode.SPLIT_SERIES: (Severity.INFO, "the series holds images of different shape and was split"),
    ProblemCode.SEVERAL_ACQUISITIONS: (
        Severity.WARNING,
        "the series holds several acquisitions or reconstructions and was split",
    ),
    ProblemCode.SEVERAL_PATIENTS: (
        Severity.WARNING,
        "the series holds slices of several patients and was split",
    ),
    ProblemCode.NOT_CT: (Severity.INFO, "not analyzed: not a CT image"),
    ProblemCode.LOCALIZER: (Severity.INFO, "not analyzed: a localizer"),
    ProblemCode.SECONDARY_CAPTURE: (Severity.INFO, "not analyzed: a derived or secondary image"),
    ProblemCode.NOT_AXIAL: (Severity.INFO, "not analyzed: not an axial slice"),
    ProblemCode.NOT_A_HEAD: (Severity.INFO, "not analyzed: no head found in the image"),
    ProblemCode.NO_BRAIN_IN_SLICE: (Severity.INFO, "not analyzed: no brain inside a skull in this slice"),
    ProblemCode.SCALE_ESTIMATED: (
        Severity.WARNING,
        "the scale in mm was estimated from the width of the head",
    ),
    ProblemCode.CONTRAST_MEDIUM: (
        Severity.WARNING,
        "contrast medium seems to have been given; the model was trained without",
    ),
    ProblemCode.UNUSUAL_THICKNESS: (
        Severity.WARNING,
        "the slice thickness is outside what the model was trained on",
    ),
    ProblemCode.HIGH_NOISE: (Severity.WARNING, "the image is noisier than what the model was trained on"),
    ProblemCode.CHILD_HEAD: (Severity.WARNING, "a child's head; the model is meant for adults"),
    ProblemCode.UNUSUAL_FIELD_OF_VIEW: (Severity.WARNING, "the field of view does not hold the whole head"),
    ProblemCode.ENGINE_FAILED: (Severity.ERROR, "the model could not be run"),
    ProblemCode.CANCELLED: (Severity.INFO, "not analyzed: the analysis was cancelled"),
    ProblemCode.NOT_YET_ANALYSED: (Severity.INFO, "not analyzed yet"),
    ProblemCode.NOT_MEASURED: (Severity.INFO, "not measured: a further model gave no value for the series"),
    ProblemCode.NOT_ALL_RECEIVED: (
        Severity.WARNING,
        "not analyzed: not all images of the study were received",
    ),
    ProblemCode.IMAGES_NOT_SENT: (
        Severity.WARNING,
        "images that the source lists did not come; the study is not complete",
    ),
    ProblemCode.RESULT_NOT_PLACED: (
        Severity.WARNING,
        "parts of the result lie on no slice and are not shown",
    ),
    ProblemCode.RESULT_NOT_SHOWN: (Severity.WARNING, "the result holds what cannot be shown here"),
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing found wrong in the input.

    Parameters
    ----------
    code : ProblemCode
        What kind of problem.
    where : str
        The file, tag or position it was found at, in words a person can follow.
    found : str
        What was found there, e.g. the offending value.
    """

    code: ProblemCode
    where: str
    found: str = ""

    @property
    def severity(self) -> Severity:
        """How much it takes away from the result."""
        return _TABLE[self.code][0]

    @property
    def text(self) -> str:
        """What kind of problem it is, in words, without where and found."""
        return _TABLE[self.code][1]

    def __str__(self) -> str:
        detail = f" ({self.found})" if self.found else ""
        return f"{self.where}: {self.text}{detail}"
