"""What of a window is out of reach at a size: controls that are cut, covered, or not to be scrolled to."""

from __future__ import annotations

from itertools import combinations

from cut_words import cut
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QMainWindow,
    QScrollArea,
    QTabBar,
    QToolBar,
    QToolButton,
    QWidget,
)

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QTabBar)


def out_of_reach(window: QMainWindow, size: QSize) -> list[str]:
    """Everything wrong with a window that has a size."""
    least = window.minimumSizeHint()
    found = [] if QRect(QPoint(), size).contains(QRect(QPoint(), least)) else [f"needs {least.toTuple()}"]
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, CONTROLS) and not _is_seen(widget, window):
            found.append(f"out of reach: {_name(widget)}")
        if widget.isVisible() and isinstance(widget, QTabBar) and widget.width() < widget.sizeHint().width():
            found.append(f"names of tabs are cut: {_name(widget)}")
        if widget.isVisible() and isinstance(widget, QScrollArea) and widget.widget() is not None:
            found += _covered(widget.widget())
    return found


def too_short(root: QWidget) -> list[str]:
    """Words that have too little room in what scrolls up and down."""
    return cut(root)


def tools_out_of_reach(bar: QToolBar) -> list[str]:
    """Commands of a toolbar that are seen neither in it nor after its last button was clicked."""
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    if more is not None and more.isVisible():
        _click(more)
    shown = {a.text(): bar.widgetForAction(a) for a in bar.actions() if a.text()}
    found = [text for text, widget in shown.items() if not (widget.isVisible() and _is_seen(widget, bar))]
    if more is not None and more.isChecked():
        _click(more)
    return found


def _click(button: QAbstractButton) -> None:
    """Click, and wait until what it moves has come to rest."""
    button.click()
    QTest.qWait(400)


def _is_seen(widget: QWidget, window: QWidget) -> bool:
    """Whether all of a widget is on screen, or comes there by scrolling up or down."""
    place, inside = QRect(QPoint(), widget.size()), widget
    while inside is not window:
        around = inside.parentWidget()
        if around is None:
            return True
        place.translate(inside.pos())
        area = around.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is around:
            # Across all of it is seen; up and down it scrolls.
            if place.left() < 0 or place.right() >= around.width():
                return False
            place = QRect(0, 0, around.width(), min(place.height(), around.height()))
        elif not around.rect().contains(place):
            return False
        inside = around
    return True


def _covered(panel: QWidget) -> list[str]:
    """Pairs of what stands in a panel, one over the other."""
    shown = [
        (w, QRect(w.mapTo(panel, QPoint()), w.size()))
        for w in panel.findChildren(QWidget)
        if w.isVisible() and isinstance(w, (*CONTROLS, QAbstractItemView)) and not _is_part(w, panel)
    ]
    return [
        f"{_name(a)} covers {_name(b)}"
        for (a, at), (b, other) in combinations(shown, 2)
        if at.intersects(other)
    ]


def _is_part(widget: QWidget, panel: QWidget) -> bool:
    """Whether it belongs to another control, as the header to a table."""
    around = widget.parentWidget()
    while around is not None and around is not panel:
        if isinstance(around, (*CONTROLS, QAbstractItemView)):
            return True
        around = around.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {words or widget.accessibleName() or widget.objectName()!r}"
