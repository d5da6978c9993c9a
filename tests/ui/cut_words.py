"""Words on screen that have less room than they need."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QHeaderView, QLabel, QLineEdit, QWidget


def cut(root: QWidget) -> list[str]:
    """Labels, buttons, fields and names of columns on screen that have less room than their words need."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.width() == 0:
            continue
        if isinstance(widget, QHeaderView):
            found.extend(cut_names(widget))
            continue
        if isinstance(widget, QLabel) and widget.text():
            needed = (
                widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            )
            short = widget.height() < needed
            narrow = not widget.wordWrap() and widget.width() < widget.sizeHint().width()
        elif isinstance(widget, QAbstractButton) and widget.text():
            hint = widget.sizeHint()
            short, narrow = widget.height() < hint.height(), widget.width() < hint.width()
        elif isinstance(widget, QLineEdit):
            short, narrow = widget.height() < QFontMetrics(widget.font()).height(), False
        else:
            continue
        if short or narrow:
            words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else "a field"
            found.append(f"{type(widget).__name__} {words[:40]!r}: {widget.size().toTuple()}")
    return found


def cut_names(header: QHeaderView) -> list[str]:
    """Names of a table's columns that are wider than the columns."""
    if header.orientation() is not Qt.Orientation.Horizontal:
        return []
    found = []
    for column in range(header.count()):
        words = str(header.model().headerData(column, header.orientation()) or "")
        # Around the words lies more than they need.
        needed = header.fontMetrics().horizontalAdvance(words)
        if not header.isSectionHidden(column) and header.sectionSize(column) < needed:
            found.append(
                f"{type(header).__name__} {words[:40]!r}: {header.sectionSize(column)} of {needed} px"
            )
    return found
