"""The list of flagged slices: number, position, types and the strongest probability. It fills while results come."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.probability_words import two_digits
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.theme import Theme, theme, theme_signals
from ichviewer.ui.look.words import ABBREVIATIONS, names_of, signed

AnyIndex = QModelIndex | QPersistentModelIndex

_PAD_X, _CHIP_PAD, _CHIP_BAR, _CHIP_GAP = 10, 5, 3, 4
_ROW_EXTRA_PX = 13


@dataclass(frozen=True)
class FlaggedSlice:
    """A slice with at least one type at or over its threshold.

    Parameters
    ----------
    index : int
        From 0, in slice order.
    labels : tuple of Hemorrhage
        The types; ``any`` only where no type is flagged.
    probability : float
        The strongest of the flagged ones.
    position_mm : float or None
        As the file tells it (`Series.file_position_mm`); None where it does not.
    tip : str
        Where that number comes from, in words.
    """

    index: int
    labels: tuple[Hemorrhage, ...]
    probability: float
    position_mm: float | None = None
    tip: str = ""

    @property
    def words(self) -> str:
        """The row in words."""
        where = (
            ""
            if self.position_mm is None
            else tr(" at {position_mm} mm").format(position_mm=signed(self.position_mm))
        )
        return tr("Slice {index}{where}: {labels}, {probability}").format(
            index=self.index + 1,
            where=where,
            labels=names_of(self.labels),
            probability=two_digits(self.probability),
        )


Read = Callable[[int], FlaggedSlice | None]
"""What there is to say of a slice at the moment, None where it is not flagged."""


class FlaggedModel(QAbstractListModel):
    """Flagged slices in slice order: which they are; what there is to say of them is read when it is asked for.

    Parameters
    ----------
    read : callable
        From the index of a slice to its row, None where it is not flagged.
    """

    def __init__(self, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._slices: list[int] = []

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """How many slices are listed."""
        return 0 if parent is not None and parent.isValid() else len(self._slices)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row in words, or the `FlaggedSlice` itself (UserRole); None of a slice that is flagged no more."""
        row = self._read(self._slices[index.row()]) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (row.words, row.tip)))
        texts = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
        return row.words if role in texts else None

    @property
    def rows(self) -> tuple[FlaggedSlice, ...]:
        """All rows, in slice order."""
        return tuple(row for index in self._slices if (row := self._read(index)) is not None)

    def row_of(self, index: int) -> int | None:
        """The row that shows a slice, None if it is not listed."""
        row = bisect_left(self._slices, index)
        return row if row < len(self._slices) and self._slices[row] == index else None

    def refresh(self, index: int) -> None:
        """List a slice at its place, say anew what there is to say of it, or take it out."""
        row, flagged = self.row_of(index), self._read(index) is not None
        if row is not None and flagged:
            self.dataChanged.emit(self.index(row), self.index(row))
        elif row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._slices[row]
            self.endRemoveRows()
        elif flagged:
            row = bisect_left(self._slices, index)
            self.beginInsertRows(QModelIndex(), row, row)
            self._slices.insert(row, index)
            self.endInsertRows()

    def reset(self, slices: Iterable[int] = ()) -> None:
        """List these slices, as far as they are flagged, in place of all others."""
        self.beginResetModel()
        self._slices = sorted(index for index in slices if self._read(index) is not None)
        self.endResetModel()


class FlaggedList(QListView):
    """Shows the flagged slices; a click or Enter goes to one.

    Parameters
    ----------
    read : callable
        As for `FlaggedModel`.
    """

    sliceRequested = Signal(int)

    def __init__(self, read: Read, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = FlaggedModel(read, self)
        self._placeholder = ""
        self._muted = False
        self.setModel(self._model)
        self._delegate = _FlaggedDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Flagged slices"))
        self.clicked.connect(self._go)
        self._model.rowsAboutToBeInserted.connect(self._remember_top)
        self._model.rowsInserted.connect(self._keep_top)
        self._top: tuple[QPersistentModelIndex, int] | None = None
        theme_signals().changed.connect(self.viewport().update)

    @property
    def flagged(self) -> FlaggedModel:
        """The slices in the list."""
        return self._model

    @property
    def muted(self) -> bool:
        """Whether the probabilities are drawn quietly."""
        return self._muted

    def set_muted(self, muted: bool) -> None:
        """Draw the probabilities quietly, or not: the series lies outside what the model knows."""
        if muted != self._muted:
            self._muted = muted
            self.viewport().update()

    def set_placeholder(self, words: str) -> None:
        """What to say while the list is empty."""
        if words != self._placeholder:
            self._placeholder = words
            self.viewport().update()

    def set_current_slice(self, index: int) -> None:
        """Select the row of the slice in view, if it is flagged."""
        row = self._model.row_of(index)
        if row is None:
            self.clearSelection()
            return
        self.setCurrentIndex(self._model.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the selected slice."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the selected row in sight."""
        super().resizeEvent(event)
        if self.selectionModel().hasSelection():
            self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the words for an empty list."""
        super().paintEvent(event)
        if self._model.rowCount() == 0 and self._placeholder:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme().muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(14, 8, -14, -8), flags, self._placeholder)

    def _go(self, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if row is not None:
            self.sliceRequested.emit(row.index)

    def _remember_top(self) -> None:
        top = self.indexAt(self.viewport().rect().topLeft())
        scrolled = self.verticalScrollBar().value() > 0
        self._top = (
            (QPersistentModelIndex(top), self.visualRect(top).top()) if scrolled and top.isValid() else None
        )

    def _keep_top(self) -> None:
        # A row that comes in above must not push away what somebody is reading.
        if self._top is None:
            return
        self.executeDelayedItemsLayout()
        index, offset = self._top
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(self._model.index(index.row())).top() - offset)


class _FlaggedDelegate(QStyledItemDelegate):
    """Draws a row: number and position on the left, types as chips, the probability on the right."""

    def __init__(self, rows: FlaggedList) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """One comfortable line."""
        return QSize(200, round(QFontMetricsF(option.font).height()) + _ROW_EXTRA_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one row."""
        muted = self._rows.muted
        colors = theme().muted_values() if muted else theme()
        row: FlaggedSlice | None = index.data(Qt.ItemDataRole.UserRole)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._paint_ground(painter, option, colors)
        place = QRectF(option.rect).adjusted(_PAD_X, 0, -_PAD_X, 0)
        plain = QFont(option.font)
        plain.setFeature(QFont.Tag("tnum"), 1)
        plain.setItalic(muted)
        strong = scaled_font(plain, 1.0, bold=True)
        metrics = QFontMetricsF(strong)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(strong)
        painter.setPen(QColor(colors.text))
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, str(row.index + 1))
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, two_digits(row.probability))
        left = place.left() + metrics.horizontalAdvance("0000") + 4
        painter.setFont(plain)
        if row.position_mm is not None:
            painter.setPen(QColor(colors.muted))
            words = QRectF(left, place.top(), metrics.horizontalAdvance("−000.0 mm"), place.height())
            painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, f"{signed(row.position_mm)} mm")
            left = words.right() + 12
        right = place.right() - metrics.horizontalAdvance(">0.99") - 8
        self._paint_chips(painter, colors, row, QRectF(left, place.top(), right - left, place.height()))
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, colors: Theme) -> None:
        box = QRectF(option.rect).adjusted(2, 1, -2, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.selection if selected else colors.hover))
            painter.drawRoundedRect(box, 5, 5)
        if selected:
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 3, 3, box.height() - 6), 1.5, 1.5)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    @staticmethod
    def _paint_chips(painter: QPainter, colors: Theme, row: FlaggedSlice, place: QRectF) -> None:
        font = scaled_font(painter.font(), 0.86, bold=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        height = metrics.height() + 2
        more_px = metrics.horizontalAdvance("+5") + 2
        middle = Qt.AlignmentFlag.AlignVCenter
        x = place.left()
        for i, label in enumerate(row.labels):
            text = words_of(ABBREVIATIONS[label])
            width = metrics.horizontalAdvance(text) + _CHIP_BAR + 2 * _CHIP_PAD
            rest = len(row.labels) - i
            if x + width + (more_px if rest > 1 else 0) > place.right():
                painter.setPen(QColor(colors.muted))
                painter.drawText(QRectF(x, place.top(), more_px + 8, place.height()), middle, f"+{rest}")
                return
            chip = QRectF(x, place.center().y() - height / 2, width, height)
            color = QColor(colors.label_color(label))
            ground = QColor(color)
            ground.setAlpha(52)
            painter.fillRect(chip, ground)
            painter.fillRect(QRectF(chip.left(), chip.top(), _CHIP_BAR, chip.height()), color)
            painter.setPen(QColor(colors.text))
            painter.drawText(chip.adjusted(_CHIP_BAR + _CHIP_PAD, 0, 0, 0), middle, text)
            x += width + _CHIP_GAP
