# ruff: noqa: PLC0415 - Qt may only be loaded after the platform was checked
"""Starts the viewer: checks the platform, makes the application, opens the window."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ichviewer.ui.platform_check import check_platform

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ichviewer.network.study_link import StudyLink
    from ichviewer.ui.app.main_window import MainWindow
    from ichviewer.ui.app.running_window import MeetingPlace
    from ichviewer.ui.app.start_request import StartRequest
    from ichviewer.ui.session.backend import Backend
    from ichviewer.ui.session.ui_settings import UiSettings

log = logging.getLogger("ichviewer.ui.app")

SWITCH_INTERVAL_S = 0.001
"""Python hands its lock over at most every 5 ms by default. Painting and input take it many times a frame, so while
a worker computes, those waits add up to what a person notices; at 1 ms they do not."""


def run_viewer(
    paths: Sequence[Path],
    *,
    engine: str = "auto",
    fetch: StudyLink | None = None,
    ask: bool = False,
    new_window: bool = True,
    on_handed_over: Callable[[], None] = lambda: None,
) -> int:
    """Open the window and stay until it is closed; or have a window that is open already open paths or a study.

    Parameters
    ----------
    paths : sequence of Path
        What to open; may be empty, and is where ``fetch`` is given.
    engine : str
        ``auto``, ``litert`` or ``keras``.
    fetch : StudyLink or None
        A study that is fetched over the network and opened.
    ask : bool
        Whether the window asks before it is fetched: where another program, or anybody's link, named it.
    new_window : bool
        Whether to open a window even where the user has one that could open it. Without anything to open, one is
        opened in any case.
    on_handed_over : callable
        Called where another window opens it.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    MissingLibrariesError
        The system lacks what Qt needs, or a display.
    """
    # Looking for garbage among what is loaded and built for the window takes a tenth of the start, and there is none.
    gc.disable()
    try:
        return _run_viewer(
            paths, engine=engine, fetch=fetch, ask=ask, new_window=new_window, on_handed_over=on_handed_over
        )
    finally:
        gc.enable()


def _run_viewer(
    paths: Sequence[Path],
    *,
    engine: str,
    fetch: StudyLink | None,
    ask: bool,
    new_window: bool,
    on_handed_over: Callable[[], None],
) -> int:
    from ichviewer.ui.app.start_request import StartRequest

    request = StartRequest(tuple(path.absolute() for path in paths), fetch, ask) if paths or fetch else None
    check_platform()
    place = _meeting_place()
    # Again below: another start may be as far as this one.
    handed = None if new_window or request is None else request
    if place is not None and handed is not None:
        from ichviewer.ui.app.running_window import Outcome, hand_over

        outcome = hand_over(place, handed)
        if outcome is Outcome.TAKEN:
            on_handed_over()
            return 0
        handed = handed if outcome is Outcome.NOBODY else None
    from ichviewer.services.reading_process import ReadingProcess

    # The process that reads gets ready while Qt is loaded and the window built.
    reader = ReadingProcess()
    app = make_app()
    server = None
    if place is not None:
        from ichviewer.ui.app.running_window import WindowServer

        server = WindowServer(place)
        if handed is None:
            server.listen()
        elif server.listen_or_hand_over(handed):
            reader.close()
            on_handed_over()
            return 0
    settings = speak_as_chosen(app)
    from ichviewer.ui.session.backend import default_backend

    window = make_window(app, engine=engine, backend=default_backend(lambda: reader), settings=settings)
    window.afterwards.add(gc.enable)
    window.show()
    if request is not None:
        follow(window, request)
    if server is not None:
        server.setParent(window)
        server.close_with(window)
        server.requested.connect(lambda asked: follow(window, asked))
    return app.exec()


def _meeting_place() -> MeetingPlace | None:
    """Where open windows and starts meet; None where they cannot."""
    try:
        from ichviewer.ui.app.running_window import meeting_place
    except ImportError as error:
        # Qt's network library needs Kerberos (Debian: libgssapi-krb5-2), which a viewer does without.
        log.warning("each start opens a window of its own: %s", error)
        return None
    return meeting_place()


def follow(window: MainWindow, request: StartRequest) -> None:
    """Open in a window what a start of the program asks for; beside what is open, which nobody meant to close."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    # Where the desktop lets nobody come to the front by itself.
    QApplication.alert(window)
    beside = bool(window.session.paths)
    if request.fetch is not None:
        begin = window.network.ask_fetch if request.ask else window.network.fetch
        begin(request.fetch.source, request.fetch.study_uid, beside=beside)
    elif beside:
        window.opening.open_beside(request.paths)
    else:
        window.open_paths(request.paths)


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
