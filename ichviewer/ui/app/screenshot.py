# ruff: noqa: PLC0415 - Qt may only be loaded after the platform was checked
"""Draws the real main window without a display: what the README shows is what a person gets."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ichviewer.domain.findings import NOT_REACHED, Status
from ichviewer.errors import ExportError, IchViewerError
from ichviewer.ui.platform_check import check_platform

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ichviewer.ui.app.main_window import MainWindow

_PATIENCE_S = 300.0
_SETTLE_S = 0.25


def take_screenshot(
    paths: Sequence[Path],
    out: Path,
    size: tuple[int, int] = (1600, 1000),
    theme: str = "dark",
    *,
    engine: str = "auto",
    index: int | None = None,
) -> tuple[str, ...]:
    """Open paths in the main window, wait for the analysis, and save a picture of it.

    Parameters
    ----------
    paths : sequence of Path
        What to open.
    out : Path
        The PNG to write.
    size : (int, int)
        Width and height of the window in px.
    theme : str
        ``dark`` or ``light``.
    engine : str
        ``auto``, ``litert`` or ``keras``.
    index : int, optional
        Slice to show, from 0; the most suspicious one unless told.

    Returns
    -------
    tuple of str
        Everything that failed or was not reached, in words; empty where the picture shows the whole analysis.

    Raises
    ------
    NothingReadableError
        There is nothing to show.
    ExportError
        The picture could not be written; what was there before is untouched.
    """
    from ichviewer.services.outputs import Inputs, write_outputs

    inputs = Inputs(tuple(paths))
    inputs.check(out)
    # Always offscreen, so that a picture does not depend on anybody's desktop.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    check_platform()
    from ichviewer.ui.app.app import make_app
    from ichviewer.ui.app.clipboard import png_bytes
    from ichviewer.ui.look.theme import THEMES, apply_theme

    app = make_app()
    apply_theme(app, THEMES[theme])
    with tempfile.TemporaryDirectory() as folder:
        window = window_of_nobody(Path(folder), engine=engine)
        try:
            window.resize(*size)
            window.show()
            failures: list[IchViewerError] = []
            window.session.readFailed.connect(failures.append)
            window.open_paths(paths, remember=False)
            _wait(app, lambda: bool(failures) or _ready(window))
            if failures:
                raise failures[0]
            where = window.viewing.most_suspicious() if index is None else index
            if where is not None:
                window.viewing.go_to(where)
            _wait(app, lambda: window.viewing.shown == window.viewing.index)
            _pass(app, _SETTLE_S)
            picture = png_bytes(window.grab().toImage())
            write_outputs([(out, picture)], inputs.with_catalog(window.session.catalog))
            return _failures(window)
        finally:
            window.close()


def window_of_nobody(folder: Path, *, engine: str = "auto") -> MainWindow:
    """A window with nobody's layout, nobody's recent list, nobody's annotations and nobody's outbox.

    Parameters
    ----------
    folder : Path
        What the window keeps lies in it.
    engine : str
        ``auto``, ``litert`` or ``keras``.
    """
    from PySide6.QtCore import QSettings

    from ichviewer.services.annotations_db import AnnotationsDb
    from ichviewer.ui.app.main_window import MainWindow
    from ichviewer.ui.session.backend import default_backend
    from ichviewer.ui.session.ui_settings import UiSettings
    from ichviewer.ui.sources.network_access import NetworkAccess

    settings = UiSettings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    kept = folder / "annotations.sqlite3"
    backend = replace(default_backend(), open_annotations=lambda _: AnnotationsDb(kept))
    # What waits in the person's outbox is not sent by a program that takes a picture.
    network = NetworkAccess(
        sources_file=folder / "sources.toml",
        cache_folder=folder / "studies",
        outbox_folder=folder / "outbox",
    )
    return MainWindow(settings, backend, engine=engine, network=network)


def _failures(window: MainWindow) -> tuple[str, ...]:
    """What the picture does not show because it failed, was cancelled or not reached: one line a kind."""
    from ichviewer.services.export import unreadable

    session = window.session
    reasons = [
        finding.reason
        for result in session.findings.known().values()
        for finding in result.slices
        if finding.reason is not None
        and (finding.status is Status.FAILED or finding.reason.code in NOT_REACHED)
    ]
    lines = [] if session.model.failure is None else [str(session.model.failure)]
    lines += [str(problem) for problem in unreadable(session.catalog)]
    for code in dict.fromkeys(reason.code for reason in reasons):
        same = [reason for reason in reasons if reason.code is code]
        more = f" (and {len(same) - 1} more of this kind)" if len(same) > 1 else ""
        lines.append(f"{same[0]}{more}")
    return tuple(lines)


def _ready(window: MainWindow) -> bool:
    session = window.session
    analysed = session.model.failure is not None or (
        session.model.model is not None and session.analysis.complete
    )
    return session.is_open and not session.reading and analysed


def _wait(app: QApplication, done: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not done():
        if time.monotonic() > until:
            raise ExportError("the window did not get ready in time", found=f"{_PATIENCE_S:g} s")
        _pass(app, 0.02)


def _pass(app: QApplication, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.005)
