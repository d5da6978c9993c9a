"""Everything that a window says, shown or hidden."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QWidget

from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.panes.image_overlay import Corner


def row_texts(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        for role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            yield str(model.data(index, role) or "")
        yield from row_texts(model, index)


def everything_said(window: MainWindow) -> Iterator[str]:
    """Every text of every widget, shown or hidden, tips and words for screen readers too."""
    # Widgets that were deleted already are not waited for.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    yield window.windowTitle()
    for widget in [window, *window.findChildren(QWidget)]:
        yield from (
            widget.toolTip(),
            widget.statusTip(),
            widget.accessibleName(),
            widget.accessibleDescription(),
        )
        yield widget.windowTitle()
        if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
            yield widget.text()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from row_texts(widget.model(), QModelIndex())
    for action in window.findChildren(QAction):
        yield from (action.text(), action.toolTip())
    overlays = [pane.image._overlay for pane in window.viewing.panes]
    for overlay in (*overlays, *(pane.overlay for pane in window.reformats.set.panes.values())):
        for corner in Corner:
            yield from (line.text for line in overlay.lines(corner))
        yield from (chip.text for chip in overlay.chips)
    for frame in window.grid.frames:
        yield from (frame.words, frame.note)
    yield window.tools.store.history.undoText()
    yield window.drop_target.words
