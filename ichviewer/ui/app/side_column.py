"""The column beside the images: findings, and panels of tools beside them or, where room is short, as tabs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStyle,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.theme import theme_signals

FINDINGS_PX = 340
_PART_PX = 340
IMAGE_PX = 420
"""So much room the images keep before panels stand beside each other."""
_BROWSER_PX = 300
_LEAST_HEIGHT_PX = 120
_BAR_PX = 4
_LIST_PX = 170
_STACKED_PX = 480
"""Two panels stand below each other where there is so much height at a text size of 100 %."""


class SidePart(QFrame):
    """A panel of the column: a title with a button that closes it, and the panel itself, which scrolls.

    Parameters
    ----------
    title : str
    name : str
        Object name.
    body : QWidget or callable
        What makes it when it is first opened may stand in its place.

    Signals
    -------
    opened(), closed()
        It was asked for, or is not wanted any more.
    seenChanged()
        It came on screen, or went: behind another tab, too.
    """

    opened = Signal()
    closed = Signal()
    seenChanged = Signal()

    def __init__(self, title: str, name: str, body: QWidget | Callable[[], QWidget]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.title = title
        self.is_open = False
        """Whether it is wanted; it may stand behind another tab."""
        self.area = _Scrolled()
        self._body: QWidget | Callable[[], QWidget] | None = body
        if isinstance(body, QWidget):
            self._fill()
        self.close_button = _close_button()
        _name_button(self.close_button, title)
        self.close_button.clicked.connect(self.close_part)
        self.head = QWidget()
        head = QHBoxLayout(self.head)
        head.setContentsMargins(10, 4, 4, 0)
        head.addWidget(PlainLabel(title, "muted"), 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.area, 1)
        self.hide()

    def open(self) -> None:
        """Show it, before the others where they stand behind each other."""
        self._fill()
        self.is_open = True
        self.opened.emit()

    def _fill(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            self.area.hold(body if isinstance(body, QWidget) else body())

    def close_part(self) -> None:
        """Show it no more."""
        if self.is_open:
            self.is_open = False
            self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it is seen."""
        super().showEvent(event)
        self.seenChanged.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is not."""
        super().hideEvent(event)
        self.seenChanged.emit()


def _close_button() -> QToolButton:
    close = QToolButton()
    close.setIcon(icon("close", "muted"))
    close.setIconSize(QSize(14, 14))
    close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return close


def _name_button(close: QToolButton, title: str) -> None:
    words = tr("Close {panel}").format(panel=title)
    close.setAccessibleName(words)
    set_tip(close, words)


class _Scrolled(QScrollArea):
    """Scrolls a panel up and down where its height does not suffice; across it has the room that it needs.

    Signals
    -------
    widthChanged()
        It needs another width.
    """

    widthChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QWidget()
        self._least_px = 0

    def hold(self, body: QWidget) -> None:
        """Scroll a panel."""
        self._body = body
        self.setWidget(body)
        body.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        """As wide as the panel must be, with the scroll bar."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(self._body.minimumSizeHint().width() + bar, _LEAST_HEIGHT_PX)

    def sizeHint(self) -> QSize:
        """As the panel, with the scroll bar."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return self._body.sizeHint() + QSize(bar, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the room that the panel needs."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            least = self.minimumSizeHint().width()
            if least != self._least_px:
                self._least_px = least
                self.widthChanged.emit()
        return super().eventFilter(watched, event)


class SideColumn(QWidget):
    """Findings and panels side by side, the panels below each other; all of them as tabs where room is short.

    Parameters
    ----------
    findings : QWidget
        Is shown and hidden by others; its tab goes with it.

    Signals
    -------
    widthWanted(int)
        In px, when something was opened, closed, or put behind tabs.
    """

    widthWanted = Signal(int)

    def __init__(self, findings: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings = findings
        self._findings_px = FINDINGS_PX
        self._room = QSize(10_000, 10_000)
        self._parts: list[SidePart] = []
        self._arranged: tuple[bool, list[QWidget]] | None = None
        self._last: list[QWidget] = []
        self.tabs = QTabBar()
        self.tabs.setObjectName("side")
        self.tabs.setAccessibleName(tr("Panels beside the image"))
        # Qt names a tab bar by its tabs, so it is never without one.
        self.tabs.addTab(tr("Findings"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.currentChanged.connect(lambda _: self._show_current())
        self.close_button = _close_button()
        """Closes the panel whose tab is chosen."""
        self.close_button.clicked.connect(self._close_current)
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, _BAR_PX, 0)
        bar.setSpacing(0)
        bar.addWidget(self.tabs, 1)
        bar.addWidget(self.close_button)
        self._bar.hide()
        self._holder = QWidget()
        self._stack = QSplitter(Qt.Orientation.Vertical)
        self._beside = QSplitter(Qt.Orientation.Horizontal)
        for splitter in (self._stack, self._beside):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._beside.addWidget(self._holder)
        self._beside.addWidget(self._stack)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self._beside, 1)
        inside = QVBoxLayout(self._holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(findings)
        findings.installEventFilter(self)
        # What a panel needs is known when it is on screen, and its words have their size.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._arrange_anew)
        theme_signals().changed.connect(self._later.start)

    def add(self, part: SidePart) -> None:
        """Offer a panel, below those that are there."""
        self._parts.append(part)
        self._stack.addWidget(part)
        self._stack.setStretchFactor(len(self._parts) - 1, len(self._parts) - 1)
        part.opened.connect(lambda: self._opened(part))
        part.closed.connect(self._arrange)
        part.area.widthChanged.connect(self._later.start)
        self._arrange()

    @property
    def tabbed(self) -> bool:
        """Whether its panels stand behind each other."""
        return not self._bar.isHidden()

    def set_room(self, room: QSize) -> None:
        """Know the room that browser, images and this column share."""
        self._room = room
        self._arrange()

    def close_parts(self) -> None:
        """Close all panels, so that its width is that of the findings."""
        for part in self._parts:
            part.close_part()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the findings."""
        if watched is self._findings and event.type() in {
            QEvent.Type.ShowToParent,
            QEvent.Type.HideToParent,
        }:
            self._arrange()
        return super().eventFilter(watched, event)

    # Parts

    def _opened(self, part: SidePart) -> None:
        self._arrange()
        place = self._tab_of(part)
        if place is not None:
            self.tabs.setCurrentIndex(place)

    def _offered(self) -> list[QWidget]:
        findings = [] if self._findings.isHidden() else [self._holder]
        return [*findings, *(part for part in self._parts if part.is_open)]

    def _is_short(self, offered: list[QWidget]) -> bool:
        open_parts = [part for part in self._parts if part.is_open]
        if self._holder in offered and open_parts:
            needed = _BROWSER_PX + IMAGE_PX + self._findings_width() + self._parts_width()
            if needed > self._room.width():
                return True
        return len(open_parts) > 1 and text_size().px(_STACKED_PX) > self._room.height()

    def _findings_width(self) -> int:
        return max(self._findings_px, self._findings.minimumSizeHint().width())

    def _parts_width(self) -> int:
        return max([_PART_PX, *(part.minimumSizeHint().width() for part in self._parts if part.is_open)])

    def _arrange(self) -> None:
        offered = self._offered()
        tabbed = len(offered) > 1 and self._is_short(offered)
        if (tabbed, offered) == self._arranged:
            return
        if self._last == [self._holder] and self._holder.isVisible():
            self._findings_px = self.width()
        self._arranged = tabbed, offered
        before = self._current()
        self.tabs.blockSignals(True)
        while offered and self.tabs.count():
            self.tabs.removeTab(0)
        for part in offered:
            place = self.tabs.addTab(part.title if isinstance(part, SidePart) else tr("Findings"))
            self.tabs.setTabData(place, id(part))
            if part is before:
                self.tabs.setCurrentIndex(place)
        self.tabs.blockSignals(False)
        self._bar.setVisible(tabbed)
        self._show_current()
        self.setVisible(bool(offered))
        self._ask_for_width(offered, tabbed=tabbed)

    def _ask_for_width(self, offered: list[QWidget], *, tabbed: bool) -> None:
        if not offered:
            return
        findings, parts = self._holder in offered, any(part.is_open for part in self._parts)
        widths = [self._findings_width() * findings, self._parts_width() * parts]
        # The findings alone have the width that they had, which the window remembers.
        if parts or self._last not in ([], [self._holder]):
            # What was just hidden needs no room any more; Qt would know that only later.
            self._beside.refresh()
            self._layout.activate()
            self.tabs.ensurePolished()
            bar = self.tabs.sizeHint().width() + self.close_button.sizeHint().width() + 2 * _BAR_PX
            self.widthWanted.emit(max(*widths, bar) if tabbed else sum(widths))
        if findings and parts and not tabbed:
            self._beside.setSizes(widths)
        stacked = [part for part in self._parts if part.is_open]
        if len(stacked) > 1 and not tabbed:
            # What is left goes to the last one.
            high = text_size().px(_LIST_PX)
            self._stack.setSizes([high if part.is_open else 0 for part in self._parts[:-1]] + [10 * high])
        self._last = offered

    def _arrange_anew(self) -> None:
        self._arranged = None
        self._arrange()

    def _show_current(self) -> None:
        offered, current = self._offered(), self._current()
        for one in self._parts:
            one.head.setVisible(not self.tabbed)
        self.close_button.setVisible(isinstance(current, SidePart))
        if isinstance(current, SidePart):
            _name_button(self.close_button, current.title)
        for part in (self._holder, *self._parts):
            part.setVisible(part in offered and (part is current or not self.tabbed))
        self._stack.setVisible(any(not part.isHidden() for part in self._parts))

    def _close_current(self) -> None:
        current = self._current()
        if isinstance(current, SidePart):
            current.close_part()

    def _current(self) -> QWidget | None:
        chosen = self.tabs.tabData(self.tabs.currentIndex())
        return next((part for part in (self._holder, *self._parts) if id(part) == chosen), None)

    def _tab_of(self, part: QWidget) -> int | None:
        return next((n for n in range(self.tabs.count()) if self.tabs.tabData(n) == id(part)), None)
