"""The findings as a structured report: Comprehensive 3D SR by TID 1500 (DICOM PS3.3 A.35.13, PS3.16 TID 1500)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ichviewer.domain.findings import NOT_REACHED
from ichviewer.results import codes, observers
from ichviewer.results.earlier_reports import predecessors
from ichviewer.results.finish import finish
from ichviewer.results.report_groups import further_groups, not_analyzed_groups, series_group, slice_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """One report on the series.

    It has a measurement group (TID 1501) for the series, one for every flagged slice and type, one for every reason
    why slices were not analyzed, and one for every further model. Values of slices that were not flagged are not
    among them, and nothing is said to be absent.

    Parameters
    ----------
    source : Source
    kind : ResultKind
    extras : Extras
        ``observer`` becomes a person observer beside the device; of ``earlier`` the predecessors are named. They are
        no part of its UID: made again on another computer it is the same report.
    """
    from highdicom.sr import Comprehensive3DSR, MeasurementReport, ObservationContext  # noqa: PLC0415

    findings = source.analysis.findings
    report = MeasurementReport(
        observation_context=ObservationContext(
            observer_person_context=observers.person(extras.observer),
            observer_device_context=observers.device(),
        ),
        procedure_reported=codes.CT_PROCEDURE.coded(),
        imaging_measurements=[series_group(source)],
    )
    complete = not any(s.reason is not None and s.reason.code in NOT_REACHED for s in findings.slices)
    common = source.common(kind, extras.observer)
    before = predecessors(source, common["sop_instance_uid"], extras.earlier)
    document = Comprehensive3DSR(
        evidence=source.evidence(),
        content=report,
        is_complete=complete,
        is_final=False,
        is_verified=False,
        coding_schemes=codes.coding_schemes(),
        previous_versions=[one.dataset() for one in before] or None,
        **common,
    )
    # Added afterwards, because highdicom copies and searches all that it is given several times. What it would find,
    # references to images that are no evidence, cannot be there.
    groups = document.ContentSequence[-1].ContentSequence
    for group in chain(slice_groups(source), not_analyzed_groups(source), further_groups(source)):
        groups.extend(group)
    return [finish(document, source)]
