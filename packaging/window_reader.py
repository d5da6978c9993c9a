"""A person at the window: gives commands, clicks and drags, waits, and looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ichviewer.ui.app.main_window import MainWindow

_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Step:
    """One step of the tour: a title, what it shows, and the picture's name."""

    name: str
    title: str
    words: str


class Reader:
    """A person at the window.

    Parameters
    ----------
    app : QApplication
    window : MainWindow
    """

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self.app = app
        self.window = window
        self.page: QImage | None = None
        """What is kept in place of the screen: a page of paper."""
        self.shown: QWidget | None = None
        """A dialog that is kept in place of the window, which it does not block, or a menu."""
        self.is_deuteranope = False
        """Whether the picture is kept as a deuteranope sees it."""

    def wait(self, done: Callable[[], bool]) -> None:
        """Wait until something is so.

        Raises
        ------
        TimeoutError
        """
        until = time.monotonic() + _PATIENCE_S
        while not done():
            if time.monotonic() > until:
                raise TimeoutError("the window did not get there in time")
            self.rest(0.02)

    def rest(self, seconds: float) -> None:
        """Let the window work."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.app.processEvents()
            # What was closed is deleted, as in a running event loop.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            time.sleep(0.005)

    def do(self, command: str) -> None:
        """Give a command by its id."""
        action = self.window.actions_[command]
        if not action.isEnabled():
            raise ValueError(f"the command must be possible. Received: {command}")
        action.trigger()
        self.rest(0.4)

    def drag(self, start: tuple[float, float], end: tuple[float, float], pane: QWidget | None = None) -> None:
        """Drag with the left button in a pane, the active image unless told, in shares of its size."""
        image = pane or self.window.viewing.active.image
        first, last = place_in(image, start), place_in(image, end)
        QTest.mousePress(image, Qt.MouseButton.LeftButton, pos=first)
        for part in range(1, 9):
            QTest.mouseMove(image, first + (last - first) * part / 8)
            self.rest(0.01)
        QTest.mouseRelease(image, Qt.MouseButton.LeftButton, pos=last)
        self.rest(0.2)

    def click_bright(self) -> None:
        """Click in the middle of the largest patch of blood on the slice in view."""
        image = self.window.viewing.active.image
        shown, placement = image.shown, image.placement()
        if shown is None or placement is None:
            raise ValueError("a slice must be on screen. Received: none")
        hu = shown.decoded.image.hu()
        blood = ((hu >= 55) & (hu <= 85)).astype(float)
        # Where most of the 15 x 15 pixels around are blood.
        for axis in (0, 1):
            total = np.cumsum(np.pad(blood, [(8, 7) if a == axis else (0, 0) for a in (0, 1)]), axis=axis)
            blood = np.take(total, range(15, total.shape[axis]), axis) - np.take(
                total, range(total.shape[axis] - 15), axis
            )
        row, column = np.unravel_index(int(blood.argmax()), blood.shape)
        place = (column + 0.5) * shown.frame.column_mm, (row + 0.5) * shown.frame.row_mm
        at = placement.to_screen(place, (float(image.width()), float(image.height())))
        QTest.mouseClick(image, Qt.MouseButton.LeftButton, pos=QPoint(round(at[0]), round(at[1])))

    def click(self, *places: tuple[float, float], pane: QWidget | None = None) -> None:
        """Click with the left button in a pane, in shares of its size."""
        for place in places:
            self.drag(place, place, pane)

    def close_dialog(self) -> None:
        """Close the dialog that blocks the window, or the others that the window has open."""
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.close()
        self.window.output_place.close_dialogs()
        self.rest(0.3)

    @contextmanager
    def menu(self, menu_id: str) -> Iterator[None]:
        """A menu in place of the window."""
        menu = self.window.menus[menu_id]
        self.window.refresh_commands()
        menu.popup(QPoint(0, 0))
        self.shown = menu
        yield
        self.shown = None
        menu.close()

    def seen(self) -> QImage:
        """What is on screen, or in its place."""
        self.rest(0.5)
        top: QWidget = self.shown or QApplication.activeModalWidget() or self.window
        return top.grab().toImage() if self.page is None else self.page


def place_in(widget: QWidget, share: tuple[float, float]) -> QPoint:
    """A place in a widget, in px, from shares of its size."""
    return QPoint(round(widget.width() * share[0]), round(widget.height() * share[1]))
