"""The table of one series as text in a structured report: DICOM has no class for an encapsulated CSV.

The text of an Enhanced SR (DICOM PS3.3 A.35.2) may be of any length, comes back character for character, and is shown
by whatever shows reports.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ichviewer.results import codes, observers
from ichviewer.results.finish import finish
from ichviewer.services.csv_cells import encode_csv
from ichviewer.services.export import csv_text
from ichviewer.services.series_result import catalog_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source

TITLE = codes.own("TABLE", "Table of slices, research use")
CSV = codes.own("CSV", "Comma-separated values, UTF-8")


def series_csv(source: Source) -> str:
    """The rows of this series alone, as ``annotate`` writes them: nothing of another patient is among them."""
    series, analysis = source.series, source.analysis
    text, _ = csv_text(catalog_of(series), {series.key: analysis.findings}, analysis.point)
    return encode_csv(text).decode("utf-8")


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """One report whose only text is the table.

    The table names files and folders: in other places the same images make another object.
    """
    from highdicom.sr import (  # noqa: PLC0415
        ContainerContentItem,
        ContentSequence,
        EnhancedSR,
        ObservationContext,
        RelationshipTypeValues,
        TextContentItem,
    )

    text = series_csv(source)
    root = ContainerContentItem(name=TITLE.coded())
    root.ContentSequence = ContentSequence()
    root.ContentSequence.extend(
        ObservationContext(
            observer_person_context=observers.person(extras.observer),
            observer_device_context=observers.device(),
        )
    )
    root.ContentSequence.append(
        TextContentItem(name=CSV.coded(), value=text, relationship_type=RelationshipTypeValues.CONTAINS)
    )
    document = EnhancedSR(
        evidence=source.evidence(),
        content=root,
        is_complete=True,
        coding_schemes=codes.coding_schemes(),
        **source.common(kind, extras.observer, hashlib.sha256(text.encode("utf-8")).hexdigest()),
    )
    return [finish(document, source)]
