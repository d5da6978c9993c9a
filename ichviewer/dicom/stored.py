"""Telling results from images by their headers, without decoding anything."""

from __future__ import annotations

from ichviewer.dicom.header import HEADER_TAGS, who_and_when
from ichviewer.dicom.parse import ParsedFile
from ichviewer.dicom.references import REFERENCE_TAGS, read_references
from ichviewer.domain.series import SliceSource
from ichviewer.domain.stored_object import StoredKind, StoredObject

STORED_TAGS = (
    *HEADER_TAGS,
    *REFERENCE_TAGS,
    "ContentDate",
    "ContentTime",
    "ContentLabel",
    "ContentDescription",
    "ConceptNameCodeSequence",
    "DocumentTitle",
    "Manufacturer",
)

_ROOT = "1.2.840.10008.5.1.4.1.1."
_KEY_OBJECTS = _ROOT + "88.59"
# The part of a SOP class (PS3.4 B.5) that its storage classes share, and what those are.
_KINDS = {
    "88": StoredKind.REPORT,
    "66": StoredKind.SEGMENTATION,
    "11": StoredKind.PRESENTATION,
    "104": StoredKind.DOCUMENT,
    "30": StoredKind.PARAMETRIC_MAP,
    "7": StoredKind.CAPTURE,
}
# Raw data, spatial registrations and fiducials are numbered among the segmentations.
_NOT_SEGMENTATIONS = {_ROOT + "66", _ROOT + "66.1", _ROOT + "66.2", _ROOT + "66.3"}
_BY_MODALITY = {kind.value: kind for kind in StoredKind if kind is not StoredKind.CAPTURE}


def stored_kind(sop_class_uid: str, modality: str = "") -> StoredKind | None:
    """What kind of result a file is; None for images and all else. The modality counts where no class is named."""
    if not sop_class_uid:
        return _BY_MODALITY.get(modality.upper())
    if sop_class_uid == _KEY_OBJECTS:
        return StoredKind.KEY_OBJECTS
    if not sop_class_uid.startswith(_ROOT) or sop_class_uid in _NOT_SEGMENTATIONS:
        return None
    return _KINDS.get(sop_class_uid.removeprefix(_ROOT).partition(".")[0])


def parsed_kind(parsed: ParsedFile) -> StoredKind | None:
    """`stored_kind` of a parsed file."""
    root = parsed.elements
    return stored_kind(root.text("SOPClassUID") or parsed.media_class, root.text("Modality"))


def read_stored_object(parsed: ParsedFile, kind: StoredKind, source: SliceSource) -> StoredObject:
    """What a file parsed for `STORED_TAGS` says of itself.

    Parameters
    ----------
    parsed : ParsedFile
    kind : StoredKind
    source : SliceSource
        The file.
    """
    root = parsed.elements
    patient, _, study = who_and_when(root)
    titles = [item.text("CodeMeaning") for item in root.items("ConceptNameCodeSequence")[:1]]
    names = (
        root.text("DocumentTitle"),
        root.text("ContentDescription"),
        *titles,
        root.text("SeriesDescription"),
        root.text("ContentLabel"),
    )
    return StoredObject(
        kind,
        source,
        root.text("SOPClassUID") or parsed.media_class,
        root.text("SOPInstanceUID"),
        root.text("SeriesInstanceUID"),
        patient,
        study,
        label=next(filter(None, names), ""),
        number=root.integer("SeriesNumber"),
        modality=root.text("Modality").upper(),
        manufacturer=root.text("Manufacturer"),
        date=root.date("ContentDate"),
        time=root.time("ContentTime"),
        references=read_references(root),
    )
