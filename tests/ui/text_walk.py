"""Reads every text that a widget and all below it show: labels, buttons, menus, tooltips, rows of lists."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)


def shown(text: str) -> str:
    """What Qt makes of a text in a label or a tooltip that guesses the format."""
    if not GuiQt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText().replace("\u2028", "\n").replace("\xa0", " ")


def texts_of(root: QWidget) -> Iterator[tuple[str, str, str]]:
    """Every text below a widget, with its kind: ``auto`` where Qt guesses the format, ``sign`` where ``&`` is one."""
    for widget in (root, *root.findChildren(QWidget)):
        name = f"{type(widget).__name__} {widget.objectName()}"
        yield name, "auto", widget.toolTip()
        yield name, "auto", widget.whatsThis()
        yield name, "line", widget.windowTitle()
        yield name, "plain", widget.accessibleName()
        yield name, "said", widget.accessibleDescription()
        if isinstance(widget, QLabel):
            plain = widget.textFormat() is Qt.TextFormat.PlainText
            yield name, "plain" if plain else "auto", widget.text()
        if isinstance(widget, QAbstractButton):
            yield name, "sign", widget.text()
        if isinstance(widget, QMenu):
            yield name, "sign", widget.title()
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            yield name, "line", widget.placeholderText()
        if isinstance(widget, QComboBox):
            for place in range(widget.count()):
                yield name, "line", widget.itemText(place)
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from texts_of_model(name, widget.model())
        for action in widget.actions():
            yield from texts_of_action(action)


def texts_of_action(action: QAction) -> Iterator[tuple[str, str, str]]:
    yield "action", "sign", action.text()
    yield "action", "auto", action.toolTip()
    yield "action", "auto", action.statusTip()


def texts_of_model(
    name: str, model: QAbstractItemModel, parent: QModelIndex | None = None
) -> Iterator[tuple[str, str, str]]:
    at = parent or QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(at)
    for row in range(model.rowCount(at)):
        for column in range(columns):
            index = model.index(row, column, at)
            for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.WhatsThisRole):
                yield name, "auto", model.data(index, role) or ""
            yield name, "line", model.data(index, Qt.ItemDataRole.DisplayRole) or ""
            yield from texts_of_model(name, model, index)
