"""How the parts of the window stand beside each other, and that their sizes are remembered."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from ichviewer.ui.app.window_place import place_window
from ichviewer.ui.session.ui_settings import UiSettings

_WIDTHS_PX = [300, 960, 340]


class WindowLayout:
    """Left, middle and right beside each other; in the middle the banner, the image, the strip, and what filters it.

    Parameters
    ----------
    window : QMainWindow
        Gets the parts as its central widget.
    browser, banner, image, strip, key_objects, findings : QWidget
    """

    def __init__(
        self,
        window: QMainWindow,
        *,
        browser: QWidget,
        banner: QWidget,
        image: QWidget,
        strip: QWidget,
        key_objects: QWidget,
        findings: QWidget,
    ) -> None:
        self._window = window
        center = QSplitter(Qt.Orientation.Vertical)
        center.addWidget(image)
        center.addWidget(strip)
        center.setStretchFactor(0, 1)
        center.setStretchFactor(1, 0)
        center.setCollapsible(0, False)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(banner)
        layout.addWidget(center, 1)
        layout.addWidget(key_objects)
        across = QSplitter(Qt.Orientation.Horizontal)
        for part in (browser, middle, findings):
            across.addWidget(part)
        for position, stretch in enumerate((0, 1, 0)):
            across.setStretchFactor(position, stretch)
        across.setCollapsible(1, False)
        across.setSizes(_WIDTHS_PX)
        for splitter in (center, across):
            splitter.setHandleWidth(1)
        window.setCentralWidget(across)
        self._splitters = {"across": across, "center": center}

    def restore(self, settings: UiSettings) -> None:
        """Put window and parts where they were, as far as the screen allows."""
        geometry = settings.layout("geometry")
        place_window(self._window, remembered=geometry is not None and self._window.restoreGeometry(geometry))
        for name, splitter in self._splitters.items():
            state = settings.layout(name)
            if state is not None:
                splitter.restoreState(state)

    def save(self, settings: UiSettings) -> None:
        """Remember where everything is."""
        settings.set_layout("geometry", self._window.saveGeometry())
        for name, splitter in self._splitters.items():
            settings.set_layout(name, splitter.saveState())
        settings.save()
