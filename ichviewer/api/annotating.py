"""Analyze series."""

from __future__ import annotations

from datetime import datetime

from ichviewer.api.arguments import PathLike, Subject, catalog_of, listed, path_of, paths_of, shown
from ichviewer.api.findings import Findings
from ichviewer.bundle import model_dir
from ichviewer.errors import ArgumentError
from ichviewer.inference.engine import KINDS
from ichviewer.inference.model_card import load_model_card
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.analyse_paths import analyse_catalog, analyse_paths
from ichviewer.services.outputs import Inputs


def annotate(
    series_or_paths: Subject,
    model: PathLike | None = None,
    engine: str = "auto",
    *,
    operating_point: str | None = None,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Findings:
    """Look for hemorrhage in every slice of every head CT series.

    Files are decoded in a process of its own, so that one that crashes a decoder costs that file only. May be called
    from any thread, and from several at once.

    Parameters
    ----------
    series_or_paths : Series, list of Series, Study, Catalog, or paths as for `open_study`
    model : str or path-like, optional
        A model's folder, or a `.keras` file with its `model.json` beside it; the bundled model unless told.
    engine : str
        ``litert``, ``keras`` (the extra ``keras``), or ``auto``: the quick one where it was made from the very model.
    operating_point : str, optional
        Which thresholds make a flag, such as ``balanced`` or ``high_sensitivity``; the model's default unless told.
    progress : function of (done, total, what), optional
    cancel : CancelToken, optional
        Stops it from another thread: slices that were not reached are not analyzed, because cancelled.

    Returns
    -------
    Findings
        Everything found is in it: what was not analyzed, or failed, with the reason.

    Raises
    ------
    ichviewer.errors.ArgumentError
        If an argument is not what it has to be.
    ichviewer.errors.NothingReadableError
        See `open_study`.
    ichviewer.errors.ModelError, ichviewer.errors.EngineError
        If the model is missing, damaged or cannot be started.
    Cancelled
        If ``cancel`` was set before the files were listed.
    """
    if engine not in KINDS:
        raise ArgumentError(f"engine is one of {', '.join(KINDS)}", "annotate(engine)", shown(engine))
    folder = model_dir() if model is None else path_of(model, "annotate(model)")
    # What can be known to be wrong is told before minutes of work, not after.
    point = load_model_card(folder).operating_point(operating_point)
    subject = listed(series_or_paths)
    catalog = catalog_of(subject, "annotate(series_or_paths)")
    told = progress or silent
    if catalog is not None:
        opened = Inputs()
        analysis = analyse_catalog(catalog, model=folder, engine=engine, progress=told, cancel=cancel)
    else:
        paths = paths_of(subject, "annotate(series_or_paths)")
        opened = Inputs(paths)
        analysis = analyse_paths(paths, model=folder, engine=engine, progress=told, cancel=cancel)
    return Findings(analysis, point, datetime.now().astimezone(), opened)
