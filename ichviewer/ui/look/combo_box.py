"""A choice among lines that is drawn as the theme wants it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter

from ichviewer.ui.look.icons import icon_image
from ichviewer.ui.look.theme import theme

_ARROW_PX = 12


class ComboBox(QComboBox):
    """As wide as there is room, with what does not fit shortened, so that large words cut no control off.

    Parameters
    ----------
    name : str
        What is chosen, for who cannot see the label.
    shortest : int
        Letters that are always shown.
    """

    def __init__(self, name: str, shortest: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(shortest)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

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
        """Leave the wheel to what scrolls around it: nothing is chosen on the way."""
        event.ignore()
