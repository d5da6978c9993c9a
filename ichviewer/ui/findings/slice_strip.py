"""The slice strip: one row a hemorrhage type, one column a slice, colored by probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
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

from ichviewer.domain.findings import SliceFinding
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.findings.key_objects import moved_to, veil
from ichviewer.ui.findings.strip_cells import (
    DOT_PX,
    PAD_PX,
    TOP_PX,
    StripContent,
    StripGrid,
    axis_px,
    cell_font,
    draw_cells,
    number_font,
)
from ichviewer.ui.findings.strip_layout import StripLayout, strip_columns
from ichviewer.ui.look.fonts import BASE_PX
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import show_tip
from ichviewer.ui.look.theme import Theme, theme, theme_signals
from ichviewer.ui.look.words import OUTSIDE, counted, names_of, position_words, reason_text, sentence
from ichviewer.ui.session.findings_state import FindingsView
from ichviewer.ui.session.findings_store import FindingsStore

_GUTTER_GAP_PX = 12
_LEAST_EXTRA_PX = -1
_UNKNOWN_ROOM_PX = 10_000
_NO_POINT = OperatingPoint("none", (1.0,) * len(LABELS))
"""Stands in where there are no thresholds: only certainty would be flagged."""


class SliceStrip(QWidget):
    """Shows the findings of all slices at once, and moves between them by click, drag, wheel or arrow keys.

    Parameters
    ----------
    findings : FindingsStore
        Read anew whenever the strip is drawn.
    """

    sliceRequested = Signal(int)

    def __init__(self, findings: FindingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(tr("Slice strip"))
        self._store = findings
        self._view: FindingsView | None = None
        self._muted = False
        self._current = -1
        self._asked = -1
        self._marked: tuple[int, ...] = ()
        self._by_keyboard = False
        self._room_px = _UNKNOWN_ROOM_PX
        self._fitted: tuple[tuple[QFont, int], QFont] | None = None
        self._cells: QPixmap | None = None
        theme_signals().changed.connect(self._redraw)
        findings.changed.connect(self._findings_changed)
        findings.judgingChanged.connect(self._judged_anew)
        self._describe()

    def show_series(self, series: Series | None) -> None:
        """Show the slices of a series; None shows that there is none."""
        self._view = None if series is None else self._store.view(series)
        self._muted = self._muted and series is not None
        self._current = self._asked = -1
        self._marked = ()
        self._describe()
        self._redraw()

    def set_marked(self, marked: Sequence[int]) -> None:
        """Leave only some slices, the key objects of a selection, to move between; none for all of them."""
        inside = tuple(sorted({index for index in marked if 0 <= index < self._count}))
        if inside != self._marked:
            self._marked = inside
            self._asked = self._current
            self._describe()
            self.update()

    @property
    def marked(self) -> tuple[int, ...]:
        """The slices that are left; none where all are."""
        return self._marked

    def set_muted(self, muted: bool) -> None:
        """Draw the probabilities quietly: the series lies outside what the model knows."""
        if muted != self._muted:
            self._muted = muted
            self._describe()
            self._redraw()

    def set_current(self, index: int) -> None:
        """Mark the slice in view."""
        if index != self._current:
            self._current = self._asked = index
            self._describe()
            self.update()

    def set_room(self, height_px: int) -> None:
        """Say how high strip and image are together: the strip's words are no larger than a third of it allows."""
        before, self._room_px = self.words_font(), height_px
        if self.words_font() != before:
            self.updateGeometry()
            self._redraw()

    def words_font(self) -> QFont:
        """The font of its words: as large as set where there is room, never smaller than unset.

        The names stand in the findings panel too, as large as they were set.
        """
        given = self.font(), self._room_px
        if self._fitted is None or self._fitted[0] != given:
            font = QFont(self.font())
            while font.pixelSize() > BASE_PX and _height_of(font, _LEAST_EXTRA_PX) > self._room_px / 3:
                font.setPixelSize(font.pixelSize() - 1)
            self._fitted = given, font
        return self._fitted[1]

    def sizeHint(self) -> QSize:
        """Rows of comfortable height."""
        return QSize(640, self._height_for(4))

    def minimumSizeHint(self) -> QSize:
        """Rows that can just be read."""
        return QSize(240, self._height_for(_LEAST_EXTRA_PX))

    def grid(self) -> StripGrid | None:
        """Where rows and columns are, None without a series."""
        font = self.words_font()
        metrics = QFontMetricsF(cell_font(font))
        names = max(metrics.horizontalAdvance(sentence(words_of(label))) for label in LABELS)
        left = PAD_PX + DOT_PX + 6 + names + _GUTTER_GAP_PX
        width = self.width() - left - PAD_PX
        if self._count == 0 or width <= 0:
            return None
        return StripGrid(StripLayout(self._count, left, width), self.height(), axis_px(font))

    def words_at(self, x_px: float, y_px: float) -> str:
        """What a position says, e.g. ``slice 12, subdural 0.83, threshold 0.41``; empty beside the columns."""
        grid = self.grid()
        if grid is None or not grid.layout.covers(x_px):
            return ""
        label = self._label(grid, y_px)
        return self._words(self._strongest(grid.layout, x_px, label), label or Hemorrhage.ANY)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the cells, then draw what changes often: the mark of the current slice."""
        colors, grid = theme(), self.grid()
        if grid is None:
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._cells is None or self._cells.devicePixelRatio() != ratio:
            point = self._point or _NO_POINT
            columns = grid.layout.columns(ratio)
            data = strip_columns(self._findings, point, grid.layout.edges(columns))
            content = StripContent(
                grid, data, point, colors.muted_values() if self._muted else colors, self.words_font()
            )
            self._cells = draw_cells(content, self.size(), ratio)
        painter.drawPixmap(0, 0, self._cells)
        if self._marked:
            veil(painter, grid.layout, QRectF(grid.area), self._marked, colors)
        if 0 <= self._current < self._count:
            self._paint_current(painter, grid, colors)
        if self.hasFocus() and self._by_keyboard:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_current(self, painter: QPainter, grid: StripGrid, colors: Theme) -> None:
        left, right = grid.layout.span(self._current)
        if right - left < 3:
            middle = (left + right) / 2
            left, right = middle - 1.5, middle + 1.5
        area = grid.area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        frame = QRectF(left - 1.5, area.top() - 2.5, right - left + 2, area.height() + 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((colors.window, 4), (colors.accent, 2)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawRoundedRect(frame, 2, 2)
        font = number_font(self.words_font(), bold=True)
        metrics = QFontMetricsF(font)
        text = str(self._current + 1)
        width_px = metrics.horizontalAdvance(text) + 10
        x = min(max(frame.center().x() - width_px / 2, area.left() - 2), self.width() - width_px - 2)
        tag = QRectF(x, frame.bottom(), width_px, metrics.height())
        tip, top = frame.center().x(), tag.top()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawPolygon(
            QPolygonF([QPointF(tip - 4, top + 1), QPointF(tip + 4, top + 1), QPointF(tip, top - 3)])
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
                show_tip(event.globalPos(), words, self, QRect(place.x() - 2, place.y() - 2, 4, 4))
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move to the slice under the mouse; where slices share a column, to the strongest one of the row."""
        grid, here = self.grid(), event.position()
        if event.button() == Qt.MouseButton.LeftButton and grid is not None and grid.layout.covers(here.x()):
            self._request(self._strongest(grid.layout, here.x(), self._label(grid, here.y())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag."""
        grid = self.grid()
        if event.buttons() & Qt.MouseButton.LeftButton and grid is not None:
            self._request(grid.layout.index_at(event.position().x()))

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

    @property
    def _count(self) -> int:
        return 0 if self._view is None else len(self._view.series)

    @property
    def _point(self) -> OperatingPoint | None:
        return None if self._view is None else self._view.point

    @property
    def _findings(self) -> Mapping[int, SliceFinding]:
        return {} if self._view is None else self._view.judged

    def _findings_changed(self, changed: Mapping[SeriesKey, frozenset[int]]) -> None:
        slices = () if self._view is None else changed.get(self._view.series.key, ())
        if self._current in slices:
            self._describe()
        if slices:
            self._redraw()

    def _judged_anew(self) -> None:
        self._describe()
        self._redraw()

    def _redraw(self) -> None:
        self._cells = None
        self.update()

    def _request(self, index: int) -> None:
        index = moved_to(self._marked, self._current, min(max(index, 0), self._count - 1))
        if index != self._asked:
            self._asked = index
            self.sliceRequested.emit(index)

    def _strongest(self, layout: StripLayout, x_px: float, label: Hemorrhage | None) -> int:
        group = layout.group_at(x_px, self.devicePixelRatioF())
        if len(group) == 1:
            return group[0]
        findings = self._findings
        known = {
            i: findings[i].probability(label or Hemorrhage.ANY) or 0.0
            for i in group
            if i in findings and findings[i].probabilities is not None
        }
        return max(known, key=lambda i: known[i]) if known else group[0]

    def _words(self, index: int, label: Hemorrhage) -> str:
        finding = self._findings.get(index)
        name = tr("slice {index}").format(index=index + 1)
        position = "" if self._view is None else position_words(self._view.series, index)
        if position:
            name += tr(" at {position}").format(position=position)
        if finding is None:
            return tr("{name}, waiting to be analyzed").format(name=name)
        p = finding.probability(label)
        if p is None:
            reason = reason_text(finding)
            return f"{name}, {reason[:1].lower()}{reason[1:]}"
        said = f"{name}, {words_of(label)} {two_digits(p)}"
        if self._point is not None:
            said += tr(", threshold {threshold}").format(threshold=two_digits(self._point.threshold(label)))
        return f"{said}, {words_of(OUTSIDE)}" if self._muted else said

    def _describe(self) -> None:
        if not 0 <= self._current < self._count:
            self.setAccessibleDescription(
                counted("slice", "slices", self._count) if self._count else tr("No series")
            )
            return
        finding = self._findings.get(self._current)
        flagged = finding.flagged(self._point) if finding is not None and self._point is not None else ()
        said = [
            tr("Slice {current} of {count}").format(current=self._current + 1, count=self._count),
            self._words(self._current, Hemorrhage.ANY),
        ]
        if self._marked:
            said.insert(
                0, tr("Key objects: {slices}").format(slices=counted("slice", "slices", len(self._marked)))
            )
        if flagged:
            said.append(tr("over the threshold: {types}").format(types=names_of(flagged)))
        self.setAccessibleDescription(". ".join(said))

    @staticmethod
    def _label(grid: StripGrid, y_px: float) -> Hemorrhage | None:
        row = grid.row_at(y_px)
        return LABELS[row] if row >= 0 else None

    def _height_for(self, extra_px: int) -> int:
        return _height_of(self.words_font(), extra_px)


def _height_of(font: QFont, extra_px: int) -> int:
    row = QFontMetricsF(cell_font(font)).height() + extra_px
    return TOP_PX + axis_px(font) + round(len(LABELS) * row)
