"""Results that lie beside the images of a study: reports, segmentations, marked images, presentations, documents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ichviewer.domain.series import PatientInfo, SliceSource, StudyInfo


class StoredKind(StrEnum):
    """What kind of object it is; the value is the modality that PS3.3 C.7.3.1.1.1 defines for it."""

    REPORT = "SR"
    SEGMENTATION = "SEG"
    KEY_OBJECTS = "KO"
    PRESENTATION = "PR"
    DOCUMENT = "DOC"
    PARAMETRIC_MAP = "PM"
    CAPTURE = "SC"

    @property
    def text(self) -> str:
        """The kind in words."""
        return _TEXTS[self]


_TEXTS = {
    StoredKind.REPORT: "structured report",
    StoredKind.SEGMENTATION: "segmentation",
    StoredKind.KEY_OBJECTS: "key object selection",
    StoredKind.PRESENTATION: "presentation state",
    StoredKind.DOCUMENT: "encapsulated document",
    StoredKind.PARAMETRIC_MAP: "parametric map",
    StoredKind.CAPTURE: "secondary capture",
}


@dataclass(frozen=True)
class ImageReference:
    """An image that an object refers to.

    Parameters
    ----------
    sop_uid : str
        SOPInstanceUID; never empty.
    frames : tuple of int
        Indices of the frames meant, from 0; empty for all of them.
    series_uid : str
        SeriesInstanceUID, where the reference stands in a list of series; else empty.
    """

    sop_uid: str
    frames: tuple[int, ...] = ()
    series_uid: str = ""

    def __post_init__(self) -> None:
        if not self.sop_uid or any(frame < 0 for frame in self.frames):
            raise ValueError(
                f"a reference needs a UID, and frames are counted from 0. Received: {self.sop_uid!r}, {self.frames}"
            )

    def means(self, sop_uid: str, frame: int) -> bool:
        """Whether it refers to a frame (from 0) of an image."""
        return bool(sop_uid) and sop_uid == self.sop_uid and (not self.frames or frame in self.frames)


@dataclass(frozen=True, eq=False)
class StoredObject:
    """What the header of such a file says; its contents are read by `ichviewer.results.reading`.

    Parameters
    ----------
    kind : StoredKind
    source : SliceSource
        The file; frame 0.
    sop_class_uid, sop_uid, series_uid : str
        Empty where missing.
    patient, study : PatientInfo, StudyInfo
    label : str
        What it is called: the document's title, the content's label, or the description of its series.
    number : int or None
        Series Number (0020,0011).
    modality : str
        Empty where missing.
    manufacturer : str
        Who made it, as the file says.
    date, time : str
        Of its contents, ISO; empty where missing.
    references : tuple of ImageReference
        What it refers to, each once, in the order of the file.
    """

    kind: StoredKind
    source: SliceSource
    sop_class_uid: str
    sop_uid: str
    series_uid: str
    patient: PatientInfo
    study: StudyInfo
    label: str = ""
    number: int | None = None
    modality: str = ""
    manufacturer: str = ""
    date: str = ""
    time: str = ""
    references: tuple[ImageReference, ...] = ()
