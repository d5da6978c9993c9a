"""Where the window stands: always on a screen, with its frame, whatever was remembered from another one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

FRAME_PX = QMargins(8, 40, 8, 8)
"""What the title bar and the borders take, at most; the system tells only after the window is shown."""

LIKED = QSize(1600, 1000)
"""Size of the window at its first start, where the screen has room."""

LEAST = QSize(960, 600)


def screen_rects() -> list[QRect]:
    """What each screen has room for beside panels and docks, in px; the primary screen first."""
    primary = QGuiApplication.primaryScreen()
    screens = sorted(QGuiApplication.screens(), key=lambda screen: screen is not primary)
    return [screen.availableGeometry() for screen in screens]


def fitted(wanted: QRect, screens: Sequence[QRect]) -> QRect:
    """A place for the inside of a window, so that all of it and its frame lie on one screen.

    Parameters
    ----------
    wanted : QRect
        Where the inside of the window would stand.
    screens : sequence of QRect
        Room on each screen, the primary one first; at least one.

    Returns
    -------
    QRect
        ``wanted``, moved and made smaller no more than needed, on the screen that shows most of it.
    """
    screen = max(screens, key=lambda rect: _area(rect.intersected(wanted)))
    room = screen.marginsRemoved(FRAME_PX)
    size = wanted.size().boundedTo(room.size())
    x = min(max(wanted.x(), room.x()), room.x() + room.width() - size.width())
    y = min(max(wanted.y(), room.y()), room.y() + room.height() - size.height())
    return QRect(x, y, size.width(), size.height())


def place_window(window: QWidget, *, remembered: bool) -> None:
    """Put a window that is not shown yet onto a screen; a maximized one stays maximized.

    Parameters
    ----------
    window : QWidget
        Its geometry is where it would stand.
    remembered : bool
        Whether that geometry is the user's; otherwise it gets the size of a first start, in the middle.
    """
    screens = screen_rects()
    primary = screens[0].marginsRemoved(FRAME_PX)
    window.setMinimumSize(LEAST.boundedTo(primary.size()))
    wanted = QRect(primary.topLeft(), LIKED)
    wanted.moveCenter(primary.center())
    state = window.windowState()
    if remembered:
        wanted = window.geometry() if state is Qt.WindowState.WindowNoState else window.normalGeometry()
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.setGeometry(fitted(wanted, screens))
    window.setWindowState(state & ~Qt.WindowState.WindowMinimized)


def _area(rect: QRect) -> int:
    return 0 if rect.isEmpty() else rect.width() * rect.height()
