# ruff: noqa: PLC0415 - Qt may only be loaded after the platform was checked
"""Starts the viewer: checks the platform, makes the application, opens the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ichviewer.ui.platform_check import check_platform

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ichviewer.network.study_link import StudyLink
    from ichviewer.ui.app.main_window import MainWindow
    from ichviewer.ui.session.backend import Backend
    from ichviewer.ui.session.ui_settings import UiSettings

SWITCH_INTERVAL_S = 0.001
"""Python hands its lock over at most every 5 ms by default. Painting and input take it many times a frame, so while
a worker computes, those waits add up to what a person notices; at 1 ms they do not."""


def run_viewer(
    paths: Sequence[Path], *, engine: str = "auto", fetch: StudyLink | None = None, ask: bool = False
) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    paths : sequence of Path
        What to open; may be empty.
    engine : str
        ``auto``, ``litert`` or ``keras``.
    fetch : StudyLink or None
        A study that is fetched over the network and opened.
    ask : bool
        Whether the window asks before it is fetched: where another program, or anybody's link, named it.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    MissingLibrariesError
        The system lacks what Qt needs, or a display.
    """
    check_platform()
    from ichviewer.services.reading_process import ReadingProcess

    # The process that reads gets ready while Qt is loaded and the window built.
    reader = ReadingProcess()
    app = make_app()
    settings = speak_as_chosen(app)
    from ichviewer.ui.session.backend import default_backend

    window = make_window(app, engine=engine, backend=default_backend(lambda: reader), settings=settings)
    window.show()
    if paths:
        window.open_paths(paths)
    if fetch is not None:
        begin = window.network.ask_fetch if ask else window.network.fetch
        begin(fetch.source, fetch.study_uid, beside=bool(paths))
    return app.exec()


def make_app() -> QApplication:
    """The application with its name, icon and typeface; made once a process."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from ichviewer import __version__
    from ichviewer.ui.look.fonts import install_fonts
    from ichviewer.ui.look.icons import app_icon
    from ichviewer.ui.session.ui_settings import APPLICATION, ORGANIZATION

    sys.setswitchinterval(SWITCH_INTERVAL_S)
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
    else:
        policy = Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(policy)
        app = QApplication(sys.argv[:1])
    app.setOrganizationName(ORGANIZATION)
    app.setApplicationName(APPLICATION)
    app.setApplicationDisplayName("")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("ichviewer")
    app.setWindowIcon(app_icon())
    install_fonts(app)
    return app


def speak_as_chosen(app: QApplication) -> UiSettings:
    """Have the window's words in the language of the user's settings, which are given back.

    To be called before the window's modules are loaded: see `ichviewer.ui.look.translators.speak`.
    """
    from ichviewer.ui.look.translators import language_to_speak, languages, speak, system_languages
    from ichviewer.ui.session.ui_settings import UiSettings

    settings = UiSettings()
    chosen = settings.preferences.language
    speak(app, language_to_speak(chosen, system_languages(), tuple(languages())))
    return settings


def make_window(
    app: QApplication,
    *,
    engine: str = "auto",
    backend: Backend | None = None,
    settings: UiSettings | None = None,
) -> MainWindow:
    """The main window with the user's settings, and errors that nobody caught shown in it."""
    from ichviewer.ui.app.main_window import MainWindow
    from ichviewer.ui.app.preferences_in_use import use_look
    from ichviewer.ui.session.ui_settings import UiSettings

    settings = settings or UiSettings()
    use_look(app, settings.preferences)
    window = MainWindow(settings, backend, engine=engine)
    complaints = settings.take_complaints()
    if complaints:
        window.notice.show_message(" ".join(complaints), "warning")

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        window.show_bug(error.with_traceback(trace))

    # PySide hands an exception from a slot to sys.excepthook and goes on.
    sys.excepthook = show
    return window
