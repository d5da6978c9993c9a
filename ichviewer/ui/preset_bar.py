"""The window presets as buttons: name, center and width, and the key that chooses each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStyle, QStyleOptionToolButton, QToolButton, QWidget

from ichviewer.ui.fonts import font
from ichviewer.ui.theme import theme, theme_signals
from ichviewer.ui.words import voi_numbers

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset

_PAD = 9
_HEIGHT = 38


class PresetButton(QToolButton):
    """One preset; the number of its key stands small in the corner."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self.preset = preset
        self._numbers = voi_numbers(preset.voi) if preset.voi is not None else "in the image"
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        window = (
            f"center/width {self._numbers} HU"
            if preset.voi is not None
            else "again for the file's next window"
        )
        self.setToolTip(f"{preset.name}: {window}  ({preset.key})")
        self.setAccessibleName(f"Window {preset.name}")
        theme_signals().changed.connect(self.update)

    def set_numbers(self, numbers: str) -> None:
        """Say what the file's own window is."""
        self._numbers = numbers
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the longer of its two lines, and for the key."""
        name = QFontMetrics(font(12, bold=True)).horizontalAdvance(self.preset.name)
        numbers = QFontMetrics(font(11)).horizontalAdvance(max(self._numbers, "0000/0000", key=len))
        return QSize(max(name + 13, numbers) + 2 * _PAD, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """As the size hint: a shortened window would be a wrong one."""
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the frame of the style and our own two lines."""
        colors = theme()
        painter = QPainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        box = self.rect().adjusted(_PAD, 4, -_PAD, -4)
        painter.setFont(font(12, bold=True))
        painter.setPen(QColor(colors.text if self.isEnabled() else colors.muted))
        left_top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(box, left_top, self.preset.name)
        painter.setFont(font(10))
        painter.setPen(QColor(colors.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(self.preset.key))
        painter.setFont(font(11))
        lower = QRect(box.left(), box.top() + 15, box.width(), box.height() - 15)
        painter.drawText(lower, left_top, self._numbers)
        painter.end()


class PresetBar(QWidget):
    """The presets side by side; one is in use, or none when the window was made by hand.

    Signals
    -------
    presetRequested(int)
        Key of the preset.
    """

    presetRequested = Signal(int)

    def __init__(self, presets: Sequence[Preset]) -> None:
        super().__init__()
        self._buttons: dict[int, PresetButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        for preset in presets:
            button = PresetButton(preset)
            button.clicked.connect(lambda _=False, key=preset.key: self.presetRequested.emit(key))
            self._buttons[preset.key] = button
            self._group.addButton(button)
            layout.addWidget(button)

    def button(self, key: int) -> PresetButton:
        """The button of a preset."""
        return self._buttons[key]

    def set_current(self, key: int, numbers: str) -> None:
        """Mark the preset in use (0: none); ``numbers`` are those of the window on screen."""
        for k, button in self._buttons.items():
            button.setChecked(k == key)
            if button.preset.voi is None:
                button.set_numbers(numbers if k == key else "in the image")
