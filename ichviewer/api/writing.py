"""Write what was found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ichviewer.api.arguments import PathLike, instance_of, path_of, shown
from ichviewer.api.findings import Findings
from ichviewer.errors import ArgumentError
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.write_findings import Report, sidecar_path, write_report


def write_csv(findings: Findings, path: PathLike) -> tuple[Path, ...]:
    """Write the findings as CSV, and beside it a JSON that says how they came about: both or none.

    Parameters
    ----------
    findings : Findings
    path : str or path-like
        The CSV; the JSON has its name and ``.json`` behind it.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    ichviewer.errors.ExportError
        If a file cannot be written or is one that was read. What was there before is untouched.
    ichviewer.errors.ArgumentError
        If the arguments are others.
    """
    where = "write_csv(findings)"
    found = instance_of(findings, Findings, "what annotate returned", where)
    table = path_of(path, "write_csv(path)")
    sidecar = sidecar_path(table)
    analysis = found.analysis
    report = Report(analysis.catalog, analysis.findings, analysis.card, analysis.engine, found.point)
    write_report(report, table, sidecar, found.opened, now=found.analyzed_at)
    return (table,) if sidecar is None else (table, sidecar)


def write_results(
    findings: Findings,
    folder: PathLike,
    objects: Iterable[str] | None = None,
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> tuple[Path, ...]:
    """Write the findings of each CT series as DICOM objects of the same study.

    The images have to be where they were. The same findings make the same files again.

    Parameters
    ----------
    findings : Findings
    folder : str or path-like
        Made if its parent is there.
    objects : iterable of str, optional
        Kinds of objects, such as ``sr`` and ``ko``; those that ``ichviewer annotate --dicom-out`` writes unless told.
    progress : function of (done, total, what), optional
        Told before every series.
    cancel : CancelToken, optional

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    ichviewer.errors.ExportError
        If there is no such kind, or a file cannot be written or is one that was read.
    ichviewer.errors.ReadError, ichviewer.errors.DecodeError
        If the images cannot be read any more or are others now. The objects of the series before are written.
    ichviewer.errors.ArgumentError
        If the arguments are others.
    Cancelled
    """
    # What makes DICOM objects is slow to load.
    from ichviewer.results.analysis import SeriesAnalysis  # noqa: PLC0415
    from ichviewer.results.earlier_reports import reports_of_studies  # noqa: PLC0415
    from ichviewer.results.extras import Extras  # noqa: PLC0415
    from ichviewer.results.kinds import default_kinds, kinds_named  # noqa: PLC0415
    from ichviewer.results.write_results import is_worth_results, make_folder  # noqa: PLC0415
    from ichviewer.results.write_results import write_results as write_series  # noqa: PLC0415
    from ichviewer.services.decoder import Decoder  # noqa: PLC0415

    where = "write_results(objects)"
    found = instance_of(findings, Findings, "what annotate returned", "write_results(findings)")
    destination = path_of(folder, "write_results(folder)")
    kinds = default_kinds() if objects is None else kinds_named(_names(objects, where))
    for kind in kinds:
        if kind.window_only:
            raise ArgumentError(f"{kind.name} is made by the window only", where, kind.name)
    make_folder(destination)
    read = found.opened.with_catalog(found.catalog)
    worth = [series for series in found.series if is_worth_results(series)]
    written: list[Path] = []
    reports = reports_of_studies(found.catalog, destination)
    with Decoder() as decoder:
        for place, series in enumerate(worth):
            (progress or silent)(place, len(worth), f"making DICOM objects of series {place + 1}")
            analysis = SeriesAnalysis(
                series, found.of(series), found.model, found.engine, found.point, found.analyzed_at
            )
            earlier = reports.get(series.key.study_uid, ())
            extras = Extras(read_slice=decoder.read_slice, earlier=earlier)
            written += write_series(analysis, destination, kinds, inputs=read, extras=extras, cancel=cancel)
    return tuple(written)


def _names(objects: Iterable[str], where: str) -> list[str]:
    if isinstance(objects, str):
        return objects.split(",")
    if not isinstance(objects, Iterable):
        raise ArgumentError("names of kinds of objects are needed", where, shown(objects))
    return [instance_of(name, str, "the name of a kind of object", where) for name in objects]
