"""The answer for the whole series: the highest probability of every type, and the slice that shows it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.probability_words import two_digits
from ichviewer.ui.findings.probability_bars import that_fits
from ichviewer.ui.look.contrast import ink_on
from ichviewer.ui.look.fonts import italic, scaled_font
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.theme import Theme, theme, theme_signals
from ichviewer.ui.look.words import ABBREVIATIONS, OUTSIDE, OUTSIDE_SHORT, sentence

Strongest = dict[Hemorrhage, tuple[float, int]]
"""Highest probability of a label and the index of the slice that shows it; labels without any are missing."""

_PAD_PX = 12
_ROW_EXTRA_PX, _LEAST_EXTRA_PX = 9, 4
_BELOW_PX = 4
_DOT_PX = 7.0
_ROUND_PX = 5.0


class StudyAnswer(QWidget):
    """Six rows, each a button that goes to the slice behind its number."""

    sliceRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Answer for this series"))
        self._strongest: Strongest = {}
        self._point: OperatingPoint | None = None
        self._muted = False
        self._hovered = -1
        self._focused = 0
        self.setAccessibleDescription(self.words)
        theme_signals().changed.connect(self.update)

    def set_answer(self, strongest: Strongest, point: OperatingPoint | None) -> None:
        """Show the answer; an empty one where no slice was analysed."""
        if (strongest, point) == (self._strongest, self._point):
            return
        self._strongest, self._point = dict(strongest), point
        self.setAccessibleDescription(self.words)
        self.update()

    def set_muted(self, muted: bool) -> None:
        """Draw the probabilities quietly, or not, and say why: the series lies outside what the model knows."""
        if muted != self._muted:
            self._muted = muted
            self.setAccessibleDescription(self.words)
            self.updateGeometry()
            self.update()

    @property
    def words(self) -> str:
        """Everything the rows say, in words."""
        if not self._strongest:
            return tr("No slice was analyzed")
        said = [
            tr("{label} {p} in slice {index}{more}").format(
                label=words_of(label),
                p=two_digits(p),
                index=index + 1,
                more=tr(", over its threshold") if self._over(label) else "",
            )
            for label, (p, index) in self._strongest.items()
        ]
        return ", ".join([*said, words_of(OUTSIDE)] if self._muted else said)

    def row_at(self, y_px: float) -> int:
        """The row at a height, -1 beside the rows."""
        row = int(y_px // self._row_px())
        return row if y_px >= 0 and row < len(LABELS) else -1

    def sizeHint(self) -> QSize:
        """Six rows, and one for the words beside muted ones."""
        return QSize(260, self._height(_ROW_EXTRA_PX))

    def minimumSizeHint(self) -> QSize:
        """The same rows, as narrow and as close as words and numbers allow."""
        return QSize(200, self._height(_LEAST_EXTRA_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        colors = theme().muted_values() if self._muted else theme()
        for row, label in enumerate(LABELS):
            place = QRectF(0, row * self._row_px(), self.width(), self._row_px())
            self._paint_row(painter, colors, place, row, label)
        if self._muted:
            place = QRectF(0, len(LABELS) * self._row_px(), self.width(), self._row_px())
            quiet = italic(self.font())
            painter.setFont(quiet)
            painter.setPen(QColor(colors.muted))
            said = that_fits((OUTSIDE, OUTSIDE_SHORT), QFontMetricsF(quiet), place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, said)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the row under the mouse."""
        self._hover(self.row_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the mouse."""
        self._hover(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the slice of the row."""
        row = self.row_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._focused = row
            self._go(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose a row, Enter or Space go to its slice."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._focused = min(max(self._focused + step, 0), len(LABELS) - 1)
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._go(self._focused)
        else:
            super().keyPressEvent(event)

    def _over(self, label: Hemorrhage) -> bool:
        found = self._strongest.get(label)
        return found is not None and self._point is not None and found[0] >= self._point.threshold(label)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            clickable = row >= 0 and LABELS[row] in self._strongest
            self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)
            self.update()

    def _go(self, row: int) -> None:
        found = self._strongest.get(LABELS[row])
        if found is not None:
            self.sliceRequested.emit(found[1])

    def _paint_row(
        self, painter: QPainter, colors: Theme, place: QRectF, row: int, label: Hemorrhage
    ) -> None:
        found, over = self._strongest.get(label), self._over(label)
        self._paint_ground(painter, colors, place, row, lit=found is not None)
        inner = place.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.label_color(label)))
        painter.drawEllipse(QRectF(inner.left(), inner.center().y() - _DOT_PX / 2, _DOT_PX, _DOT_PX))
        font = scaled_font(self.font(), 1.0, bold=over)
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setItalic(self._muted)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colors.text if over else colors.muted))
        slice_px = metrics.horizontalAdvance(tr("slice 0000"))
        number_px = metrics.horizontalAdvance(">0.99")
        # Large words may leave no room for the whole name: it must not reach into the numbers.
        beside_px = metrics.horizontalAdvance("–") + 8 if found is None else slice_px + number_px + 24
        words = inner.adjusted(_DOT_PX + 6, 0, -beside_px, 0)
        # All names in one form: the longest decides.
        bold = QFontMetricsF(scaled_font(self.font(), 1.0, bold=True))
        fits = all(bold.horizontalAdvance(sentence(words_of(one))) <= words.width() for one in LABELS)
        name = sentence(words_of(label if fits else ABBREVIATIONS.get(label, label)))
        painter.drawText(words, left, metrics.elidedText(name, Qt.TextElideMode.ElideRight, words.width()))
        if found is None:
            painter.drawText(inner, right, "–")
            return
        p, index = found
        painter.setPen(QColor(colors.accent if row in {self._hovered} else colors.muted))
        painter.drawText(inner, right, tr("slice {index}").format(index=index + 1))
        value = QRectF(inner.left(), inner.top(), inner.width() - slice_px - 8, inner.height())
        if over and self._point is not None:
            chip = QRectF(
                value.right() - number_px - 12,
                value.center().y() - metrics.height() / 2 - 1,
                number_px + 16,
                metrics.height() + 2,
            )
            color = QColor(colors.probability_color(p, self._point.threshold(label)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(QColor(ink_on(color.name())))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, two_digits(p))
        else:
            painter.setPen(QColor(colors.text))
            painter.drawText(value.adjusted(0, 0, -4, 0), right, two_digits(p))

    def _paint_ground(self, painter: QPainter, colors: Theme, place: QRectF, row: int, *, lit: bool) -> None:
        box = place.adjusted(5, 0.5, -5, -0.5)
        if lit and row == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.hover))
            painter.drawRoundedRect(box, _ROUND_PX, _ROUND_PX)
        if self.hasFocus() and row == self._focused:
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND_PX, _ROUND_PX)

    def _rows(self) -> int:
        return len(LABELS) + self._muted

    def _row_px(self) -> float:
        # Where the panel has little room the rows move together.
        least, most = (
            QFontMetricsF(self.font()).height() + extra for extra in (_LEAST_EXTRA_PX, _ROW_EXTRA_PX)
        )
        return min(max((self.height() - _BELOW_PX) / self._rows(), least), most)

    def _height(self, extra_px: int) -> int:
        return round((QFontMetricsF(self.font()).height() + extra_px) * self._rows()) + _BELOW_PX
