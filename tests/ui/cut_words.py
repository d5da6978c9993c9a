"""Words on screen that have less room than they need."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget


def cut(root: QWidget) -> list[str]:
    """Labels, buttons and fields on screen that have less room than their words need."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.width() == 0:
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
