"""The kinds of objects that results can be written as. A new kind is one more line of the table."""

from __future__ import annotations

from collections.abc import Iterable

from ichviewer.errors import ExportError
from ichviewer.results import (
    encapsulated,
    key_objects,
    parametric_map,
    presentation_state,
    secondary_capture,
    segmentation,
    structured_report,
    table_report,
)
from ichviewer.results.result_kind import ResultKind

KINDS: tuple[ResultKind, ...] = (
    ResultKind("sc", 0, "hemorrhage summary page", secondary_capture.build),
    ResultKind("sr", 1, "hemorrhage findings", structured_report.build),
    ResultKind("ko", 2, "flagged slices", key_objects.build),
    ResultKind("pr", 3, "windows and drawings", presentation_state.build, on_request=True),
    ResultKind("seg", 4, "hemorrhage regions", segmentation.build, on_request=True),
    ResultKind("pm", 5, "regions that influenced the score", parametric_map.build, on_request=True),
    ResultKind("csv", 6, "hemorrhage table", table_report.build, on_request=True),
    ResultKind("pdf", 7, "hemorrhage report", encapsulated.build, on_request=True, window_only=True),
)
"""In the order of their series."""


def default_kinds() -> tuple[ResultKind, ...]:
    """Those that are written where nobody names any."""
    return tuple(kind for kind in KINDS if not kind.on_request)


def kinds_named(names: Iterable[str]) -> tuple[ResultKind, ...]:
    """Kinds by their names, each once, in the order of the table.

    Raises
    ------
    ExportError
        If there is none of a name.
    """
    known = {kind.name: kind for kind in KINDS}
    wanted = {name.strip().lower() for name in names}
    for name in sorted(wanted):
        if name not in known:
            raise ExportError(
                f"there is no kind of DICOM object of this name; there are {', '.join(known)}",
                found=repr(name),
            )
    return tuple(kind for kind in KINDS if kind.name in wanted)
