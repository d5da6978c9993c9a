"""The slice strip: one row a hemorrhage type, one column a slice, colored by probability."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ichviewer.domain.findings import SeriesFindings, SliceFinding
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.ui.image_overlay import scaled_font
from ichviewer.ui.overlay_text import reason_text, sentence, two_digits
from ichviewer.ui.strip_layout import CellState, StripColumns, StripLayout, strip_columns, tick_step
from ichviewer.ui.theme import Theme, theme, theme_signals

_PAD_PX = 10
_TOP_PX = 8
_AXIS_PX = 20
_ROW_GAP_PX = 2
_GUTTER_GAP_PX = 12
_DOT_CELL_PX = 6.0
"""Cells at least this wide show their flag as a dot, narrower ones as a line along their foot."""
_SEPARATE_CELL_PX = 5.0
_HATCH_PX = 6.0
_NO_POINT = OperatingPoint("none", (1.0,) * len(LABELS))
"""Stands in where there are no thresholds: only certainty would be flagged."""


class SliceStrip(QWidget):
    """Shows the findings of all slices at once, and moves between them by click, drag, wheel or arrow keys."""

    sliceRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Slice strip")
        self._count = 0
        self._point: OperatingPoint | None = None
        self._findings: dict[int, SliceFinding] = {}
        self._current = -1
        self._asked = -1
        self._by_keyboard = False
        self._cells: QPixmap | None = None
        theme_signals().changed.connect(self._redraw)
        self._describe()

    def set_series(self, count: int, point: OperatingPoint | None) -> None:
        """Make room for the slices of a series; all are pending. Without thresholds nothing is flagged."""
        if count < 1:
            raise ValueError(f"a series has at least one slice. Received: {count}")
        self._count, self._point = count, point
        self._findings = {}
        self._current = self._asked = -1
        self._describe()
        self._redraw()

    def set_operating_point(self, point: OperatingPoint | None) -> None:
        """Change the thresholds; findings stay."""
        self._point = point
        self._describe()
        self._redraw()

    def set_finding(self, index: int, finding: SliceFinding) -> None:
        """Show what was found in one slice."""
        if not 0 <= index < self._count:
            raise ValueError(f"the series has {self._count} slices. Received: index {index}")
        self._findings[index] = finding
        if index == self._current:
            self._describe()
        self._redraw()

    def set_findings(self, findings: SeriesFindings) -> None:
        """Show what was found in all slices."""
        if len(findings.slices) != self._count:
            raise ValueError(
                f"the series has {self._count} slices. Received: {len(findings.slices)} findings"
            )
        self._findings = dict(enumerate(findings.slices))
        self._describe()
        self._redraw()

    def set_current(self, index: int) -> None:
        """Mark the slice in view."""
        if index != self._current:
            self._current = self._asked = index
            self._describe()
            self.update()

    def clear(self) -> None:
        """Show no series."""
        self._count, self._point, self._findings = 0, None, {}
        self._current = self._asked = -1
        self._describe()
        self._redraw()

    def sizeHint(self) -> QSize:
        """Rows of comfortable height."""
        return QSize(
            640, _TOP_PX + _AXIS_PX + round(len(LABELS) * (QFontMetricsF(self._font()).height() + 4))
        )

    def minimumSizeHint(self) -> QSize:
        """Rows that can just be read."""
        return QSize(
            240, _TOP_PX + _AXIS_PX + round(len(LABELS) * (QFontMetricsF(self._font()).height() - 1))
        )

    def strip_layout(self) -> StripLayout | None:
        """Where the columns stand, None without a series."""
        left = self._gutter_px()
        width = self.width() - left - _PAD_PX
        return None if self._count == 0 or width <= 0 else StripLayout(self._count, left, width)

    def label_at(self, y_px: float) -> Hemorrhage | None:
        """The row at a height, None beside the rows."""
        row = int((y_px - _TOP_PX) // self._row_px()) if y_px >= _TOP_PX else -1
        return LABELS[row] if 0 <= row < len(LABELS) else None

    def words_at(self, x_px: float, y_px: float) -> str:
        """What a position says, e.g. ``slice 12, subdural 0.83, threshold 0.41``; empty beside the columns."""
        layout = self.strip_layout()
        if layout is None or not layout.covers(x_px):
            return ""
        label = self.label_at(y_px)
        return self._words(self._strongest(layout, x_px, label), label or Hemorrhage.ANY)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the cells, then draw what changes often: the mark of the current slice."""
        colors = theme()
        painter = QPainter(self)
        layout = self.strip_layout()
        if layout is None:
            return
        ratio = self.devicePixelRatioF()
        if self._cells is None or self._cells.devicePixelRatio() != ratio:
            self._cells = self._draw_cells(layout, colors, ratio)
        painter.drawPixmap(0, 0, self._cells)
        if 0 <= self._current < self._count:
            self._paint_current(painter, layout, colors)
        if self.hasFocus() and self._by_keyboard:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_cells(self, layout: StripLayout, colors: Theme, ratio: float) -> QPixmap:
        cells = QPixmap(self.size() * ratio)
        cells.setDevicePixelRatio(ratio)
        cells.fill(Qt.GlobalColor.transparent)
        painter = QPainter(cells)
        columns = layout.columns(ratio)
        point = self._point or _NO_POINT
        data = strip_columns(self._findings, point, layout.edges(columns))
        self._paint_labels(painter, colors)
        self._paint_ground(painter, layout, colors)
        self._paint_values(painter, layout, data, point, colors)
        self._paint_hatching(painter, layout, data, colors)
        self._paint_axis(painter, layout, colors)
        painter.end()
        return cells

    def _paint_labels(self, painter: QPainter, colors: Theme) -> None:
        font = self._font()
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        dot = 7.0
        for row, label in enumerate(LABELS):
            place = self._row(row)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.label_color(label)))
            painter.drawEllipse(QRectF(_PAD_PX, place.center().y() - dot / 2, dot, dot))
            painter.setPen(QColor(colors.text))
            words = QRectF(_PAD_PX + dot + 6, place.top(), self._gutter_px(), place.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, sentence(label))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_ground(self, painter: QPainter, layout: StripLayout, colors: Theme) -> None:
        # What is pending is an empty slot with a thin line through it: neither a value nor a warning.
        width = layout.right_px - layout.left_px
        line = QColor(colors.muted)
        line.setAlpha(90)
        for row in range(len(LABELS)):
            place = self._row(row)
            slot = QRectF(layout.left_px, place.top(), width, place.height())
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.setBrush(QColor(colors.window))
            painter.drawRect(slot.adjusted(-0.5, -0.5, 0.5, 0.5))
            painter.fillRect(QRectF(slot.left(), round(slot.center().y()), slot.width(), 1), line)

    def _paint_values(
        self,
        painter: QPainter,
        layout: StripLayout,
        data: StripColumns,
        point: OperatingPoint,
        colors: Theme,
    ) -> None:
        columns, ratio = len(data.states), self.devicePixelRatioF()
        step = (layout.right_px - layout.left_px) / columns
        gap = 1.0 if step >= _SEPARATE_CELL_PX else 0.0
        for column in range(columns):
            if data.states[column] != CellState.ANALYSED:
                continue
            # Whole device pixels, or cells of a fractional width would look uneven.
            x, end = (round((layout.left_px + c * step) * ratio) / ratio for c in (column, column + 1))
            for row, threshold in enumerate(point.thresholds):
                p = float(data.probabilities[column, row])
                place = self._row(row)
                cell = QRectF(x, place.top(), end - x - gap, place.height())
                color = QColor(colors.probability_color(p, threshold))
                painter.fillRect(cell, color)
                if data.flagged[column, row]:
                    self._paint_flag(painter, cell, color)

    @staticmethod
    def _paint_flag(painter: QPainter, cell: QRectF, color: QColor) -> None:
        # Dark on light and light on dark: the mark must not depend on telling hues apart.
        mark = QColor(0, 0, 0, 215) if color.lightness() > 115 else QColor(255, 255, 255, 235)
        if cell.width() < _DOT_CELL_PX:
            painter.fillRect(QRectF(cell.left(), cell.bottom() - 3, cell.width(), 2), mark)
            return
        side = min(6.0, cell.width() - 2, cell.height() - 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mark)
        painter.drawEllipse(cell.center(), side / 2, side / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_hatching(
        self, painter: QPainter, layout: StripLayout, data: StripColumns, colors: Theme
    ) -> None:
        columns = len(data.states)
        step = (layout.right_px - layout.left_px) / columns
        top, bottom = self._row(0).top(), self._row(len(LABELS) - 1).bottom()
        for state, name, both in (
            (CellState.NOT_ANALYSED, colors.muted, False),
            (CellState.FAILED, colors.danger, True),
        ):
            for first, last in _runs([int(s) == state for s in data.states]):
                left, right = layout.left_px + first * step, layout.left_px + last * step
                painter.fillRect(QRectF(left, top, right - left, bottom - top), QColor(colors.window))
                _hatch(painter, QRectF(left, top, right - left, bottom - top), QColor(name), both=both)
        # A failed slice that shares a column with analysed ones must not vanish.
        for first, last in _runs([bool(f) for f in data.failed]):
            left, right = layout.left_px + first * step, layout.left_px + last * step
            painter.fillRect(QRectF(left, bottom + 1, max(right - left, 1.0), 3), QColor(colors.danger))

    def _paint_axis(self, painter: QPainter, layout: StripLayout, colors: Theme) -> None:
        font = scaled_font(self._font(), 0.88)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(colors.muted))
        top = self._row(len(LABELS) - 1).bottom() + 4
        step = tick_step(
            self._count, layout.cell_px, metrics.horizontalAdvance("0" * len(str(self._count))) + 14
        )
        shown = sorted({1, *range(step, self._count + 1, step)})
        end = float("-inf")
        for n in shown:
            left, right = layout.span(n - 1)
            width = metrics.horizontalAdvance(str(n))
            x = min((left + right - width) / 2, self.width() - width - 2)
            if x > end + 4:
                painter.drawText(QPointF(x, top + metrics.ascent()), str(n))
                end = x + width

    def _paint_current(self, painter: QPainter, layout: StripLayout, colors: Theme) -> None:
        left, right = layout.span(self._current)
        if right - left < 3:
            middle = (left + right) / 2
            left, right = middle - 1.5, middle + 1.5
        top, bottom = self._row(0).top(), self._row(len(LABELS) - 1).bottom()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        frame = QRectF(left - 1.5, top - 2.5, right - left + 2, bottom - top + 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.window), 4))
        painter.drawRoundedRect(frame, 2, 2)
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.drawRoundedRect(frame, 2, 2)
        font = scaled_font(self._font(), 0.88, bold=True)
        metrics = QFontMetricsF(font)
        text = str(self._current + 1)
        width = metrics.horizontalAdvance(text) + 10
        x = min(max(frame.center().x() - width / 2, layout.left_px - 2), self.width() - width - 2)
        tag = QRectF(x, frame.bottom(), width, metrics.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        tip = frame.center().x()
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(tip - 4, tag.top() + 1),
                    QPointF(tip + 4, tag.top() + 1),
                    QPointF(tip, tag.top() - 3),
                ]
            )
        )
        painter.drawRoundedRect(tag, 4, 4)
        painter.setFont(font)
        painter.setPen(QColor(colors.on_accent))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)

    # Events

    def event(self, event: QEvent) -> bool:
        """Show what a cell says when the mouse rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = event.pos()
            words = self.words_at(place.x(), place.y())
            if words:
                QToolTip.showText(event.globalPos(), words, self, QRect(place.x() - 2, place.y() - 2, 4, 4))
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move to the slice under the mouse; where slices share a column, to the strongest one of the row."""
        layout = self.strip_layout()
        here = event.position()
        if event.button() != Qt.MouseButton.LeftButton or layout is None:
            return
        if layout.covers(here.x()):
            self._request(self._strongest(layout, here.x(), self.label_at(here.y())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag."""
        layout = self.strip_layout()
        if event.buttons() & Qt.MouseButton.LeftButton and layout is not None:
            self._request(layout.index_at(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One slice a notch."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if self._count and turn:
            self._request(max(0, self._current) + (-1 if turn > 0 else 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move by one slice, Home and End to the ends."""
        moves: dict[int, int] = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._count - 1,
        }
        if self._count and event.key() in moves:
            self._request(moves[event.key()])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the strip only for those who come by keyboard; a click needs no answer of that kind."""
        self._by_keyboard = event.reason() in {
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        }
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the cells anew."""
        self._cells = None

    def changeEvent(self, event: QEvent) -> None:
        """Draw the cells anew when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self._redraw()
        super().changeEvent(event)

    # Parts

    def _redraw(self) -> None:
        self._cells = None
        self.update()

    def _request(self, index: int) -> None:
        index = min(max(index, 0), self._count - 1)
        if index != self._asked:
            self._asked = index
            self.sliceRequested.emit(index)

    def _strongest(self, layout: StripLayout, x_px: float, label: Hemorrhage | None) -> int:
        group = layout.group_at(x_px, self.devicePixelRatioF())
        if len(group) == 1:
            return group[0]
        known = {
            i: self._findings[i].probability(label or Hemorrhage.ANY) or 0.0
            for i in group
            if i in self._findings and self._findings[i].probabilities is not None
        }
        return max(known, key=lambda i: known[i]) if known else group[0]

    def _words(self, index: int, label: Hemorrhage) -> str:
        finding = self._findings.get(index)
        if finding is None:
            return f"slice {index + 1}, not analysed yet"
        p = finding.probability(label)
        if p is None:
            reason = reason_text(finding)
            return f"slice {index + 1}, {reason[:1].lower()}{reason[1:]}"
        if self._point is None:
            return f"slice {index + 1}, {label} {two_digits(p)}"
        return f"slice {index + 1}, {label} {two_digits(p)}, threshold {two_digits(self._point.threshold(label))}"

    def _describe(self) -> None:
        if not 0 <= self._current < self._count:
            self.setAccessibleDescription(f"{self._count} slices" if self._count else "No series")
            return
        finding = self._findings.get(self._current)
        flagged = finding.flagged(self._point) if finding is not None and self._point is not None else ()
        said = [f"Slice {self._current + 1} of {self._count}", self._words(self._current, Hemorrhage.ANY)]
        if flagged:
            said.append("over the threshold: " + ", ".join(flagged))
        self.setAccessibleDescription(". ".join(said))

    def _font(self) -> QFont:
        return scaled_font(self.font(), 0.92)

    def _gutter_px(self) -> float:
        metrics = QFontMetricsF(self._font())
        return (
            _PAD_PX
            + 13
            + max(metrics.horizontalAdvance(sentence(label)) for label in LABELS)
            + _GUTTER_GAP_PX
        )

    def _row_px(self) -> float:
        return max(4.0, (self.height() - _TOP_PX - _AXIS_PX) / len(LABELS))

    def _row(self, row: int) -> QRectF:
        step = self._row_px()
        top = round(_TOP_PX + row * step)
        return QRectF(0, top, self.width(), round(_TOP_PX + (row + 1) * step) - top - _ROW_GAP_PX)


def _runs(marks: list[bool]) -> list[tuple[int, int]]:
    """First and past-the-end index of every run of True."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for i, mark in enumerate([*marks, False]):
        if mark and start is None:
            start = i
        elif not mark and start is not None:
            runs.append((start, i))
            start = None
    return runs


def _hatch(painter: QPainter, place: QRectF, color: QColor, *, both: bool) -> None:
    """Diagonal lines over a rectangle, in both directions where it must be told from the plain kind."""
    painter.save()
    painter.setClipRect(place)
    ground = QColor(color)
    ground.setAlpha(34)
    painter.fillRect(place, ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    line = QColor(color)
    line.setAlpha(165)
    painter.setPen(QPen(line, 1))
    height = place.height()
    # Lines are tied to the widget, not to the rectangle, so that neighbouring runs join.
    x = place.left() - height - (place.left() - height) % _HATCH_PX
    lines = []
    while x < place.right() + height:
        lines.append(QLineF(x, place.bottom(), x + height, place.top()))
        if both:
            lines.append(QLineF(x, place.top(), x + height, place.bottom()))
        x += _HATCH_PX
    painter.drawLines(lines)
    painter.restore()
