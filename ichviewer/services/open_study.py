"""Open what a person points at: a catalog of studies, or a clear word on why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.compare import ReadSlice
from ichviewer.domain.problems import Problem, Severity
from ichviewer.domain.series import Catalog
from ichviewer.errors import NothingReadableError
from ichviewer.progress import CancelToken, Progress, silent


def open_study(
    paths: Sequence[Path],
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
    on_partial: Callable[[Catalog], None] | None = None,
    read_slice: ReadSlice | None = None,
) -> Catalog:
    """Read the headers of everything under some paths.

    Parameters
    ----------
    paths : sequence of Path
        Folders, files, ZIPs and DICOMDIRs, in any mix.
    progress : Progress
    cancel : CancelToken, optional
    on_partial : function of Catalog, optional
        Told what was found so far, now and then.
    read_slice : function of SliceInfo, optional
        Decodes slices that share a SOPInstanceUID, to tell doubles from other images; see `read_catalog`.

    Returns
    -------
    Catalog
        With at least one study.

    Raises
    ------
    NothingReadableError
        If there is no image to show; says what was found instead.
    Cancelled
        If ``cancel`` was set.
    """
    catalog = read_catalog(
        paths, progress=progress, cancel=cancel, on_partial=on_partial, read_slice=read_slice
    )
    if not catalog.studies:
        raise NothingReadableError(
            "there is no DICOM image here", ", ".join(map(str, paths)), _what_instead(catalog.problems)
        )
    return catalog


def _what_instead(problems: Sequence[Problem]) -> str:
    """Count the problems by kind; name the first of those that are errors."""
    if not problems:
        return "nothing at all"
    if len(problems) == 1:
        return str(problems[0])
    kinds = Counter(problem.text for problem in problems)
    text = "; ".join(f"{count} x {kind}" for kind, count in kinds.most_common())
    first = next((p for p in problems if p.severity is Severity.ERROR), None)
    return f"{text}; the first: {first}" if first else text
