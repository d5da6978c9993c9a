"""How the parts of the window stand beside each other, and that their sizes are remembered."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from ichviewer.ui.app.side_column import FINDINGS_PX, IMAGE_PX, SideColumn
from ichviewer.ui.app.window_place import place_window
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.session.ui_settings import UiSettings

_WIDTHS_PX = [300, 960, FINDINGS_PX]
_LEAST_IMAGE_PX = 160


class WindowLayout:
    """Left, middle and right beside each other; in the middle the banner, the image, the strip, and what filters it.

    ``side`` is the column on the right.

    Parameters
    ----------
    window : QMainWindow
        Gets the parts as its central widget.
    browser, banner, image, key_objects, findings : QWidget
    strip : SliceStrip
    """

    def __init__(
        self,
        window: QMainWindow,
        *,
        browser: QWidget,
        banner: QWidget,
        image: QWidget,
        strip: SliceStrip,
        key_objects: QWidget,
        findings: QWidget,
    ) -> None:
        self._window = window
        # From the outside in: whenever Qt puts a widget into another one, it styles all that is in it anew.
        across = _TellingSplitter(Qt.Orientation.Horizontal)
        window.setCentralWidget(across)
        middle = QWidget()
        self.side = SideColumn(findings, across)
        for part in (browser, middle, self.side):
            across.addWidget(part)
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        center = _TellingSplitter(Qt.Orientation.Vertical)
        layout.addWidget(banner)
        layout.addWidget(center, 1)
        layout.addWidget(key_objects)
        center.addWidget(image)
        center.addWidget(strip)
        center.setStretchFactor(0, 1)
        center.setStretchFactor(1, 0)
        center.setCollapsible(0, False)
        for position, stretch in enumerate((0, 1, 0)):
            across.setStretchFactor(position, stretch)
        across.setCollapsible(1, False)
        across.setSizes(_WIDTHS_PX)
        for splitter in (center, across):
            splitter.setHandleWidth(1)
        self._across = across
        self._browser = browser
        self._center, self._strip = center, strip
        center.resized.connect(self._fit_strip)
        self._splitters = {"across": across, "center": center}
        across.resized.connect(lambda: self.side.set_room(across.size()))
        self.side.widthWanted.connect(self._give)

    def restore(self, settings: UiSettings) -> None:
        """Put window and parts where they were, as far as the screen allows."""
        geometry = settings.layout("geometry")
        place_window(self._window, remembered=geometry is not None and self._window.restoreGeometry(geometry))
        for name, splitter in self._splitters.items():
            state = settings.layout(name)
            if state is not None:
                splitter.restoreState(state)

    def save(self, settings: UiSettings) -> None:
        """Remember where everything is, without the panels of tools."""
        self.side.close_parts()
        settings.set_layout("geometry", self._window.saveGeometry())
        for name, splitter in self._splitters.items():
            settings.set_layout(name, splitter.saveState())
        settings.save()

    def _fit_strip(self) -> None:
        """Leave the image at least two thirds of the height where the strip can do with the rest."""
        room = self._center.height()
        self._strip.set_room(room)
        most = max(self._strip.minimumSizeHint().height(), room // 3)
        if self._strip.isVisible() and self._strip.height() > most:
            self._center.setSizes([room - most, most])

    def _give(self, width: int) -> None:
        """Give the column on the right a width, at the cost of the images, then of the list of studies."""
        browser, middle, side = self._across.sizes()
        room = browser + middle + side
        if room == 0:
            return
        if browser and room - browser - width < IMAGE_PX:
            browser = max(self._browser.minimumWidth(), min(browser, room - width - IMAGE_PX))
        wanted = min(width, room - browser - _LEAST_IMAGE_PX)
        self._across.refresh()
        self._across.setSizes([browser, room - browser - wanted, wanted])


class _TellingSplitter(QSplitter):
    """Tells that it, or the words in it, have another size."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it."""
        super().resizeEvent(event)
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Tell it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.resized.emit()
