"""Which images an object refers to, wherever its kind lists them (DICOM PS3.3 C.12.4, C.17.2, C.18.4, C.8.20.2)."""

from __future__ import annotations

from collections.abc import Iterator

from ichviewer.dicom.values import Elements
from ichviewer.domain.stored_object import ImageReference

MOST_REFERENCES = 1 << 16
"""As many as frames are listed of one file; what comes behind is left out and said."""

REFERENCE_TAGS = (
    "ReferencedSeriesSequence",
    "CurrentRequestedProcedureEvidenceSequence",
    "PertinentOtherEvidenceSequence",
    "SourceInstanceSequence",
    "SourceImageSequence",
    "ReferencedImageSequence",
    "ReferencedInstanceSequence",
)

_OF_STUDIES = ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")
_OF_INSTANCES = (
    "ReferencedInstanceSequence",
    "ReferencedImageSequence",
    "ReferencedSOPSequence",
    "SourceInstanceSequence",
    "SourceImageSequence",
)
_MOST_FRAME = 1 << 24


def read_reference(item: Elements, series_uid: str = "") -> ImageReference | None:
    """The reference of one item (PS3.3 table 10-11 and 10-3); None where it names no instance."""
    uid = item.text("ReferencedSOPInstanceUID")
    if not uid:
        return None
    numbers = [int(n) for n in item.numbers("ReferencedFrameNumber") if n is not None and n == int(n)]
    frames = [n - 1 for n in numbers if 0 < n <= _MOST_FRAME]
    if numbers and not frames:
        # All frames would be meant if none were named.
        item.broken("ReferencedFrameNumber", numbers[0])
        return None
    return ImageReference(uid, tuple(dict.fromkeys(frames)), series_uid)


def read_references(root: Elements) -> tuple[ImageReference, ...]:
    """All images that a data set lists at its top, each once; at most `MOST_REFERENCES`."""
    found: dict[ImageReference, None] = {}
    for reference in _listed(root):
        found[reference] = None
        if len(found) >= MOST_REFERENCES:
            root.broken("ReferencedSOPInstanceUID", f"more than {MOST_REFERENCES:,} references")
            break
    return tuple(found)


def _listed(root: Elements) -> Iterator[ImageReference]:
    for keyword in _OF_STUDIES:
        for study in root.items(keyword):
            yield from _of_series(study)
    yield from _of_series(root)
    yield from _of_instances(root, "")


def _of_series(parent: Elements) -> Iterator[ImageReference]:
    for series in parent.items("ReferencedSeriesSequence"):
        yield from _of_instances(series, series.text("SeriesInstanceUID"))


def _of_instances(parent: Elements, series_uid: str) -> Iterator[ImageReference]:
    for keyword in _OF_INSTANCES:
        for item in parent.datasets(keyword):
            reference = read_reference(parent.inside(item), series_uid)
            if reference is not None:
                yield reference
