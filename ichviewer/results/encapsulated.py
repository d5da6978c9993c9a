"""The report of the window as an Encapsulated PDF (DICOM PS3.3 A.45.1)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ichviewer.errors import ExportError
from ichviewer.results.finish import finish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source

_MIME = "application/pdf"
_PDF_START = b"%PDF-"


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """One document that holds the PDF byte for byte.

    Raises
    ------
    ExportError
        If there is no PDF, or the bytes are none.
    """
    from highdicom.base import SOPClass  # noqa: PLC0415
    from pydicom.dataset import Dataset  # noqa: PLC0415
    from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian  # noqa: PLC0415

    if extras.pdf is None:
        raise ExportError("there is no report to put into a DICOM object; the window makes it")
    if not extras.pdf.startswith(_PDF_START):
        raise ExportError("the report is no PDF", found=repr(extras.pdf[:8]))
    document = SOPClass(
        study_instance_uid=source.series.key.study_uid,
        sop_class_uid=EncapsulatedPDFStorage,
        modality="DOC",
        transfer_syntax_uid=ExplicitVRLittleEndian,
        **source.common(kind, hashlib.sha256(extras.pdf).hexdigest()),
    )
    # SC Equipment and Encapsulated Document modules (PS3.3 C.8.6.1 and C.24.2).
    document.ConversionType = "WSD"
    document.BurnedInAnnotation = "YES"
    document.AcquisitionDateTime = None
    document.DocumentTitle = kind.series_description(None)
    document.ConceptNameCodeSequence = []
    document.MIMETypeOfEncapsulatedDocument = _MIME
    document.EncapsulatedDocumentLength = len(extras.pdf)
    document.EncapsulatedDocument = extras.pdf + b"\0" * (len(extras.pdf) % 2)
    document.SourceInstanceSequence = [_reference(image, Dataset()) for image in source.evidence()]
    return [finish(document, source)]


def _reference(image: Dataset, item: Dataset) -> Dataset:
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return item
