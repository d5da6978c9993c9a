"""What results rest on: the images as others reference them, and the patient and study they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from pydicom.dataset import Dataset

from ichviewer.dicom.whole_header import read_whole_header
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import ExportError
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.equipment import EQUIPMENT
from ichviewer.results.local_time import in_zone
from ichviewer.results.patient_study import REQUIRED, PatientStudy
from ichviewer.results.result_kind import ResultKind
from ichviewer.results.uids import is_uid, uid_of


@dataclass(frozen=True, eq=False)
class Source:
    """An analyzed series that other objects can reference.

    Parameters
    ----------
    analysis : SeriesAnalysis
    patient_study : PatientStudy
        Of the first image; slices of several patients are never in one series.
    """

    analysis: SeriesAnalysis
    patient_study: PatientStudy

    @classmethod
    def of(cls, analysis: SeriesAnalysis) -> Source:
        """Read what is needed of the images' headers; the first one only, however many slices there are.

        Raises
        ------
        ExportError
            If an image lacks a UID by which it is referenced, or has what is none.
        ReadError, FileChangedError
            If the first image cannot be read any more or is another one now.
        """
        series = analysis.series
        for info in series.slices:
            _check_uids(series, info)
        first = series.slices[0]
        return cls(analysis, PatientStudy.of(read_whole_header(first), str(first.source)))

    @property
    def series(self) -> Series:
        """The series."""
        return self.analysis.series

    @cached_property
    def digest(self) -> str:
        """See `SeriesAnalysis.digest`."""
        return self.analysis.digest()

    @cached_property
    def when(self) -> datetime:
        """When the analysis ended, in the time zone that the images name, else in its own."""
        return in_zone(self.analysis.analyzed_at, self.patient_study.text("TimezoneOffsetFromUTC"))

    def frame_number(self, index: int) -> int | None:
        """Number of a slice's frame in its file from 1; None for an image of one frame."""
        info = self.series.slices[index]
        return info.source.frame + 1 if self._frames[info.sop_uid] > 1 else None

    @cached_property
    def _frames(self) -> dict[str, int]:
        """For every file, by its SOP instance UID, how many frames it has at least."""
        frames: dict[str, int] = {}
        for info in self.series.slices:
            frames[info.sop_uid] = max(frames.get(info.sop_uid, 0), info.source.frame + 1)
        return frames

    def evidence(self, indices: Iterable[int] | None = None) -> list[Dataset]:
        """The images as highdicom wants them to be referenced, each file once.

        They carry UIDs, size and number of frames; patient and study are empty and come with `finish`.

        Parameters
        ----------
        indices : iterable of int, optional
            Slices; all of them unless told.
        """
        chosen = range(len(self.series)) if indices is None else indices
        found: dict[str, Dataset] = {}
        for index in chosen:
            info = self.series.slices[index]
            if info.sop_uid not in found:
                found[info.sop_uid] = self._reference(info)
        return list(found.values())

    def _reference(self, info: SliceInfo) -> Dataset:
        image = Dataset()
        for keyword in REQUIRED:
            setattr(image, keyword, None)
        image.StudyInstanceUID = self.series.key.study_uid
        image.SeriesInstanceUID = self.series.key.series_uid
        image.SOPInstanceUID = info.sop_uid
        image.SOPClassUID = info.sop_class_uid
        image.Modality = self.series.modality
        image.Rows, image.Columns = info.rows, info.columns
        if self._frames[info.sop_uid] > 1:
            image.NumberOfFrames = self._frames[info.sop_uid]
        if info.frame_of_reference_uid:
            image.FrameOfReferenceUID = info.frame_of_reference_uid
        return image

    def series_uid(self, kind: ResultKind) -> str:
        """UID of the series of one kind of object."""
        return uid_of("series", kind.name, self.digest)

    def instance_uid(self, kind: ResultKind, *words: str) -> str:
        """UID of one object.

        Parameters
        ----------
        kind : ResultKind
        words : str
            What tells it from others of its kind, and what it depends on beside the analysis.
        """
        return uid_of("instance", kind.name, self.digest, *words)

    def common(self, kind: ResultKind, *words: str, number: int = 1) -> dict[str, Any]:
        """Arguments that the constructors of all highdicom objects share: UIDs, series, equipment, dates.

        Parameters
        ----------
        kind : ResultKind
        words : str
            See `instance_uid`.
        number : int
            Instance Number (0020,0013), from 1.
        """
        return {
            "series_instance_uid": self.series_uid(kind),
            "series_number": kind.series_number(self.series.number),
            "series_description": kind.series_description(self.series.number),
            "sop_instance_uid": self.instance_uid(kind, *words),
            "instance_number": number,
            "manufacturer": EQUIPMENT.manufacturer,
            "manufacturer_model_name": EQUIPMENT.model_name,
            "software_versions": EQUIPMENT.software_version,
            "device_serial_number": EQUIPMENT.serial_number,
            "content_qualification": "RESEARCH",
        }


def _check_uids(series: Series, info: SliceInfo) -> None:
    """Refuse an image that no other object can reference.

    Raises
    ------
    ExportError
    """
    for name, uid in (
        ("StudyInstanceUID", series.key.study_uid),
        ("SeriesInstanceUID", series.key.series_uid),
        ("SOPInstanceUID", info.sop_uid),
        ("SOPClassUID", info.sop_class_uid),
    ):
        if not is_uid(uid):
            raise ExportError(
                "no DICOM object can be made of these results, because it could not reference the image",
                str(info.source),
                f"{name} {uid[:80]!r}" if uid else f"no {name}",
            )
