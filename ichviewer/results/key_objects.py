"""The flagged slices as a Key Object Selection (DICOM PS3.3 A.35.4, PS3.16 TID 2010)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ichviewer.results import observers
from ichviewer.results.equipment import Algorithm
from ichviewer.results.finish import finish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """One selection of all flagged slices; none where no slice was flagged: there is no empty selection.

    Of multi-frame files the flagged frames are named.
    """
    from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument  # noqa: PLC0415
    from pydicom.sr.codedict import codes  # noqa: PLC0415

    flagged = source.analysis.findings.flagged_slices(source.analysis.point)
    if not flagged:
        return []
    evidence = source.evidence(flagged)
    algorithm = Algorithm.of(source.analysis)
    content = KeyObjectSelection(
        document_title=codes.DCM.OfInterest,
        referenced_objects=evidence,
        observer_person_context=observers.person(extras.observer),
        observer_device_context=observers.device(),
        description=(
            f"Research use only: slices that the model {algorithm.name} {algorithm.version} flags for intracranial "
            "hemorrhage. A slice that is not among them is not thereby free of it."
        ),
    )
    frames: dict[str, list[int]] = {}
    for index in flagged:
        number = source.frame_number(index)
        if number is not None:
            frames.setdefault(source.series.slices[index].sop_uid, []).append(number)
    for item in content[0].ContentSequence:
        if item.ValueType == "IMAGE":
            reference = item.ReferencedSOPSequence[0]
            numbers = sorted(frames.get(reference.ReferencedSOPInstanceUID, []))
            if numbers:
                reference.ReferencedFrameNumber = numbers if len(numbers) > 1 else numbers[0]
    document = KeyObjectSelectionDocument(
        evidence=evidence, content=content, **source.common(kind, extras.observer)
    )
    return [finish(document, source)]
