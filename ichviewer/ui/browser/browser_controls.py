"""What stands above and below the study list: which series it shows, in which order, and how many it hides."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ichviewer.ui.browser.study_order import Order, Show
from ichviewer.ui.look.combo_box import ComboBox
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip

_Words = TypeVar("_Words", bound=StrEnum)

_SHORTEST = 7


class BrowserControls(QWidget):
    """Two choices side by side: which series, in which order.

    Signals
    -------
    changed()
        One of them was chosen anew.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_choice = _Choice(tr("Filter the list"), tr("Which series are listed"), list(Show))
        self.order_choice = _Choice(tr("Sort the list"), tr("How the list is sorted"), list(Order))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(self.show_choice, 6)
        layout.addWidget(self.order_choice, 5)
        for choice in (self.show_choice, self.order_choice):
            choice.currentIndexChanged.connect(self.changed)

    @property
    def show_only(self) -> Show:
        """Which series are listed."""
        return Show(self.show_choice.currentData())

    @property
    def order(self) -> Order:
        """How the list is sorted."""
        return Order(self.order_choice.currentData())

    def choose(self, *, show: Show | None = None, order: Order | None = None) -> None:
        """Choose as a person would."""
        if show is not None:
            self.show_choice.setCurrentIndex(list(Show).index(show))
        if order is not None:
            self.order_choice.setCurrentIndex(list(Order).index(order))

    def set_numbers(self, numbers: dict[Show, int]) -> None:
        """Say how many series each filter lists."""
        for place, show in enumerate(Show):
            words = f"{words_of(show)} ({numbers[show]:,})"
            if self.show_choice.itemText(place) != words:
                self.show_choice.setItemText(place, words)


class _Choice(ComboBox):
    """A choice that gives the keyboard back after the mouse."""

    def __init__(self, name: str, tip: str, items: list[_Words]) -> None:
        super().__init__(name, _SHORTEST)
        self.currentTextChanged.connect(lambda words: set_tip(self, f"{tip}: {words}"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._by_mouse = False
        for item in items:
            self.addItem(words_of(item), item)
        self.activated.connect(self._chosen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the choices."""
        self._by_mouse = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the keys."""
        self._by_mouse = False
        super().keyPressEvent(event)

    def _chosen(self) -> None:
        # The arrow keys move through slices, unless the keyboard was used to come here.
        if self._by_mouse:
            self.clearFocus()


class HiddenLine(QFrame):
    """Says how many series the filter hides, and whether the one in view is among them.

    Signals
    -------
    showAllRequested()
    """

    showAllRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = PlainLabel("", "muted")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._button = QToolButton()
        self._button.setText(tr("Show all"))
        set_tip(self._button, tr("List all series again"))
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self.showAllRequested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(6)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._button)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; empty while nothing is hidden."""
        return self._words.text()

    def tell(self, hidden: int, *, in_view: bool) -> None:
        """Say it.

        Parameters
        ----------
        hidden : int
            Series that the filter hides.
        in_view : bool
            Whether the series in view is one of them.
        """
        words = tr("{hidden:,} hidden by the filter").format(hidden=hidden) if hidden else ""
        if hidden and in_view:
            others = tr(" and {hidden:,} more are").format(hidden=hidden - 1) if hidden > 1 else tr(" is")
            words = tr("The series in view{others} hidden by the filter").format(others=others)
        self._words.setText(words)
        self.setVisible(bool(hidden))
