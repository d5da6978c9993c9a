"""The window presets as buttons: name, center and width, and the key that chooses each.

A preset is told from others by its place in the list: keys go to nine presets at most, and several have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStyle, QStyleOptionToolButton, QToolButton, QWidget

from ichviewer.ui.look.fonts import font, text_size
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import menu_item, set_tip
from ichviewer.ui.look.theme import theme, theme_signals
from ichviewer.ui.look.words import voi_numbers

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset

_PAD = 9
_LINE = 15
"""Height of each of a button's two lines at a text size of 100 %; a button has 8 px more."""
_GAP = 3
_LEAST = 6
"""So many presets always have a button of their own; fewer where words are larger."""


class PresetButton(QToolButton):
    """One preset; the number of its key stands small in the corner."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self.preset = preset
        self._name = one_line(words_of(preset.name))
        self._numbers = voi_numbers(preset.voi) if preset.voi is not None else tr("in the image")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        window = (
            tr("center/width {numbers} HU").format(numbers=self._numbers)
            if preset.voi is not None
            else tr("again for the file's next window")
        )
        self._key = str(preset.key) if preset.key else ""
        self._size: tuple[tuple[str, int], QSize] | None = None
        set_tip(self, f"{self._name}: {window}" + (f"  ({self._key})" if self._key else ""))
        self.setAccessibleName(tr("Window {name}").format(name=self._name))
        theme_signals().changed.connect(self.updateGeometry)
        theme_signals().changed.connect(self.update)

    def set_numbers(self, numbers: str) -> None:
        """Say what the file's own window is."""
        self._numbers = numbers
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the longer of its two lines, and for the key."""
        # Asked for hundreds of times while the window is laid out; measuring words takes longer than all of that.
        of = (self._numbers, text_size().percent)
        if self._size is None or self._size[0] != of:
            self._size = of, self._measured()
        return self._size[1]

    def _measured(self) -> QSize:
        name = QFontMetrics(font(12, bold=True)).horizontalAdvance(self._name)
        numbers = QFontMetrics(font(11)).horizontalAdvance(max(self._numbers, "0000/0000", key=len))
        key = QFontMetrics(font(10)).horizontalAdvance("0") + 7
        return QSize(max(name + key, numbers) + 2 * _PAD, _height())

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
        painter.drawText(box, left_top, self._name)
        painter.setFont(font(10))
        painter.setPen(QColor(colors.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self._key)
        painter.setFont(font(11))
        line = text_size().px(_LINE)
        lower = QRect(box.left(), box.top() + line, box.width(), box.height() - line)
        painter.drawText(lower, left_top, self._numbers)
        painter.end()


class PresetBar(QWidget):
    """The presets side by side; one is in use, or none when the window was made by hand.

    Those that find no room are offered by a button at the end.

    Signals
    -------
    presetRequested(int)
        Place of the preset in the list.
    """

    presetRequested = Signal(int)

    def __init__(self, presets: Sequence[Preset]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons: list[PresetButton] = []
        self._choices: list[QAction] = []
        self._more = QToolButton(self)
        self._more.setText(tr("More…"))
        set_tip(self._more, tr("More windows"))
        self._more.setAccessibleName(tr("More windows"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setMenu(QMenu(self._more))
        self.set_presets(presets)
        theme_signals().changed.connect(self._resized)

    def set_presets(self, presets: Sequence[Preset]) -> None:
        """Offer other presets; none of them is in use until `set_current` says so."""
        menu = self._more.menu()
        assert menu is not None
        menu.clear()
        for button in self._buttons:
            # Hidden at once: until it is deleted it would stand beneath the new ones.
            button.hide()
            button.deleteLater()
        self._buttons, self._choices = [], []
        for place, preset in enumerate(presets):
            button = PresetButton(preset)
            button.setParent(self)
            button.clicked.connect(lambda _=False, place=place: self.presetRequested.emit(place))
            self._buttons.append(button)
            choice = menu_item(menu, _words(preset))
            choice.setCheckable(True)
            choice.triggered.connect(lambda _=False, place=place: self.presetRequested.emit(place))
            self._choices.append(choice)
        self._resized()

    def button(self, place: int) -> PresetButton:
        """The button of the preset at a place in the list."""
        return self._buttons[place]

    @property
    def more(self) -> QToolButton:
        """The button that offers the presets for which there is no room."""
        return self._more

    def set_current(self, place: int, numbers: str) -> None:
        """Mark the preset in use (-1: none); ``numbers`` are those of the window on screen."""
        for n, (button, choice) in enumerate(zip(self._buttons, self._choices, strict=True)):
            button.setChecked(n == place)
            choice.setChecked(n == place)
            if button.preset.voi is None:
                button.set_numbers(numbers if n == place else tr("in the image"))
        self._arrange()

    def sizeHint(self) -> QSize:
        """Room for all presets."""
        widths = [button.sizeHint().width() for button in self._buttons]
        return QSize(sum(widths) + _GAP * max(0, len(widths) - 1), _height())

    def minimumSizeHint(self) -> QSize:
        """Room for the first presets; the others go behind the button at the end."""
        least = min(_LEAST, _LEAST * 100 // text_size().percent)
        widths = [button.sizeHint().width() + _GAP for button in self._buttons[:least]]
        if len(self._buttons) <= least:
            return self.sizeHint()
        return QSize(sum(widths) + self._more.sizeHint().width(), _height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many presets as there is room for."""
        self._arrange()

    def _resized(self) -> None:
        self.updateGeometry()
        self._arrange()

    def _arrange(self) -> None:
        widths = [button.sizeHint().width() for button in self._buttons]
        more = self._more.sizeHint().width()
        fits = self.sizeHint().width() <= self.width()
        x, shown = 0, 0
        for button, width in zip(self._buttons, widths, strict=True):
            if not fits and x + width + _GAP + more > self.width():
                break
            button.setGeometry(x, 0, width, _height())
            x += width + _GAP
            shown += 1
        for n, (button, choice) in enumerate(zip(self._buttons, self._choices, strict=True)):
            button.setVisible(n < shown)
            choice.setVisible(n >= shown)
        self._more.setVisible(shown < len(self._buttons))
        self._more.setGeometry(x, 0, more, _height())


def _words(preset: Preset) -> str:
    return f"{words_of(preset.name)}  {voi_numbers(preset.voi)}".rstrip()


def _height() -> int:
    return 2 * text_size().px(_LINE) + 8
