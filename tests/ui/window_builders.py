"""Main windows for tests, closed after each, with a scripted model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_backend import scripted_backend
from pytestqt.qtbot import QtBot

from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.backend import Backend
from ichviewer.ui.session.ui_settings import UiSettings


class MakeWindow:
    """Makes windows and closes them in the end."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._made: list[MainWindow] = []

    def __call__(self, backend: Backend | None = None) -> MainWindow:
        """A window on screen, with nothing open."""
        window = MainWindow(UiSettings(), backend or scripted_backend())
        self._made.append(window)
        window.show()
        self._qtbot.waitActive(window)
        return window

    def opened(self, *paths: Path, backend: Backend | None = None) -> MainWindow:
        """A window started on paths, when everything is read, analyzed and shown."""
        window = MainWindow(UiSettings(), backend or scripted_backend())
        self._made.append(window)
        window.show()
        window.open_paths(list(paths))
        self.wait(window)
        return window

    def wait(self, window: MainWindow) -> None:
        """Wait until everything is read, analyzed and shown."""
        self._qtbot.waitUntil(lambda: done(window), timeout=10_000)

    def close(self) -> None:
        for window in self._made:
            window.close()
            window.deleteLater()


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Makes windows that are closed after the test."""
    make = MakeWindow(qtbot)
    yield make
    make.close()


def done(window: MainWindow) -> bool:
    session = window.session
    return (
        session.is_open
        and not session.reading
        and not session.arriving
        and session.model.model is not None
        and session.analysis.complete
        and window.viewing.shown == window.viewing.index
    )
