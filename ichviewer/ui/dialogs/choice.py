"""A choice among values in a dialog: words for each value, and an arrow that follows the theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter

from ichviewer.ui.look.icons import icon_image
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.look.theme import theme

_ARROW_PX = 12
_SHORTEST = 12
"""Letters that are always shown."""

Value = TypeVar("Value")


class Choice(QComboBox, Generic[Value]):
    """Offers values by their words.

    Parameters
    ----------
    name : str
        What is chosen, for who cannot see the label.
    words : mapping of value to str
    """

    def __init__(self, name: str, words: Mapping[Value, str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        # What does not fit is shortened, so that a narrow dialog or large words cut no control off.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHORTEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.currentTextChanged.connect(lambda words: set_tip(self, words))
        self._values: list[Value] = []
        self.set_words(words)

    def set_words(self, words: Mapping[Value, str]) -> None:
        """Offer other values; the one that was chosen stays where it is still offered. No signal is sent."""
        blocked = self.blockSignals(True)
        before = self.value() if self._values else None
        self.clear()
        self._values = list(words)
        self.addItems([one_line(text) for text in words.values()])
        if before in self._values:
            self.setCurrentIndex(self._values.index(before))
        self.blockSignals(blocked)
        set_tip(self, self.currentText())

    def value(self) -> Value:
        """What is chosen."""
        return self._values[self.currentIndex()]

    def set_value(self, value: Value) -> None:
        """Choose a value; one that is not offered leaves the first."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and the words of the style, and the arrow that the stylesheet leaves out."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 4
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        at = (self.width() - _ARROW_PX - 7, (self.height() - _ARROW_PX) // 2)
        painter.drawImage(*at, icon_image("chevron-down", theme().muted, _ARROW_PX, self.devicePixelRatioF()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page, which scrolls."""
        event.ignore()
