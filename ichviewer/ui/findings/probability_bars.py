"""The six probabilities of the slice in view, as bars with their thresholds, or the words why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.probability_words import two_digits
from ichviewer.ui.look.fonts import italic, scaled_font
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.look.theme import Theme, theme, theme_signals
from ichviewer.ui.look.words import OUTSIDE, OUTSIDE_SHORT, reason_text, sentence

_PAD_PX = 12
_GAP_PX = 10
_BAR_PX = 8
_ROW_EXTRA_PX, _LEAST_EXTRA_PX = 9, 4
_BELOW_PX = 4
_DOT_PX = 7.0


@dataclass(frozen=True)
class _Row:
    """Where a row lies, its bar and its number, in px."""

    label: Hemorrhage
    place: QRectF
    track: QRectF
    number: QRectF


class ProbabilityBars(QWidget):
    """Six bars. A slice without probabilities has no bars at all, so that nothing can be read as zero."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(tr("Probabilities of this slice"))
        self._finding: SliceFinding | None = None
        self._point: OperatingPoint | None = None
        self._words = ""
        self._muted = False
        theme_signals().changed.connect(self.update)

    def set_finding(
        self, finding: SliceFinding | None, point: OperatingPoint | None, words: str = ""
    ) -> None:
        """Show what was found in a slice.

        Parameters
        ----------
        finding : SliceFinding or None
            None where the analysis has not come to it.
        point : OperatingPoint or None
            Thresholds to mark.
        words : str
            What to say while there is no finding.
        """
        self._finding, self._point = finding, point
        self._words = words if finding is None or finding.reason is None else reason_text(finding)
        self.setAccessibleDescription(self.words)
        reason = None if finding is None else finding.reason
        set_tip(self, self.words.replace("; ", "\n") if reason is None else str(reason))
        self.update()

    def set_muted(self, muted: bool) -> None:
        """Draw the probabilities quietly, or not, and say why: the series lies outside what the model knows."""
        if muted != self._muted:
            self._muted = muted
            self.set_finding(self._finding, self._point, self._words)
            self.updateGeometry()

    @property
    def words(self) -> str:
        """Everything the bars say, in words."""
        if self._finding is None or self._finding.probabilities is None:
            return self._words
        said = [self._said(label) for label in LABELS]
        return "; ".join([*said, words_of(OUTSIDE)] if self._muted else said)

    def sizeHint(self) -> QSize:
        """Six rows, and one for the words beside muted ones."""
        return QSize(260, self._height(_ROW_EXTRA_PX))

    def minimumSizeHint(self) -> QSize:
        """The same rows, as narrow and as close as words and numbers allow."""
        return QSize(200, self._height(_LEAST_EXTRA_PX))

    def changeEvent(self, event: QEvent) -> None:
        """Take more or less room when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the words that stand for them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        colors = theme().muted_values() if self._muted else theme()
        if self._finding is None or self._finding.probabilities is None:
            self._paint_words(painter, colors)
            return
        row_px, name_px, number_px = self._row_px(), self._name_px(), self._number_px()
        for row, label in enumerate(LABELS):
            place = QRectF(_PAD_PX, row * row_px, self.width() - 2 * _PAD_PX, row_px)
            number = QRectF(place.right() - number_px, place.top(), number_px, place.height())
            left = place.left() + name_px + _GAP_PX
            across = number.left() - _GAP_PX / 2 - left
            track = QRectF(left, place.center().y() - _BAR_PX / 2, across, _BAR_PX)
            self._paint_row(painter, colors, _Row(label, place, track, number))
        if self._muted:
            place = QRectF(_PAD_PX, len(LABELS) * self._row_px(), self.width() - 2 * _PAD_PX, self._row_px())
            quiet = italic(self.font())
            painter.setFont(quiet)
            painter.setPen(QColor(colors.muted))
            said = that_fits((OUTSIDE, OUTSIDE_SHORT), QFontMetricsF(quiet), place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, said)

    def _said(self, label: Hemorrhage) -> str:
        p = None if self._finding is None else self._finding.probability(label)
        if p is None:
            return ""
        if self._point is None:
            return f"{words_of(label)} {two_digits(p)}"
        threshold = self._point.threshold(label)
        where = tr("at or over") if p >= threshold else tr("under")
        return tr("{label} {p}, {where} its threshold {threshold}").format(
            label=words_of(label), p=two_digits(p), where=where, threshold=two_digits(threshold)
        )

    def _paint_words(self, painter: QPainter, colors: Theme) -> None:
        failed = self._finding is not None and self._finding.status is Status.FAILED
        painter.setFont(self.font())
        place = QRectF(self.rect()).adjusted(_PAD_PX, 2, -_PAD_PX, -6)
        painter.setPen(QPen(QColor(colors.danger if failed else colors.border), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(QColor(colors.danger if failed else colors.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(16, 8, -16, -8), flags, self._words)

    def _paint_row(self, painter: QPainter, colors: Theme, row: _Row) -> None:
        if self._finding is None or self._finding.probabilities is None:
            return
        p = self._finding.probabilities[LABELS.index(row.label)]
        threshold = None if self._point is None else self._point.threshold(row.label)
        flagged = threshold is not None and p >= threshold
        font = scaled_font(self.font(), 1.0, bold=flagged)
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setItalic(self._muted)
        painter.setFont(font)
        self._paint_name(painter, colors, row, emphasized=flagged)
        painter.setPen(QColor(colors.muted if self._muted else colors.text))
        painter.drawText(
            row.number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, two_digits(p)
        )
        paint_bar(painter, colors, row.track, p, threshold)

    @staticmethod
    def _paint_name(painter: QPainter, colors: Theme, row: _Row, *, emphasized: bool) -> None:
        place, label = row.place, row.label
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.label_color(label)))
        painter.drawEllipse(QRectF(place.left(), place.center().y() - _DOT_PX / 2, _DOT_PX, _DOT_PX))
        painter.setPen(QColor(colors.text if emphasized else colors.muted))
        words = place.adjusted(_DOT_PX + 6, 0, 0, 0)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, sentence(words_of(label))
        )

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

    def _name_px(self) -> float:
        metrics = QFontMetricsF(scaled_font(self.font(), 1.0, bold=True))
        return _DOT_PX + 6 + max(metrics.horizontalAdvance(sentence(words_of(label))) for label in LABELS)

    def _number_px(self) -> float:
        return QFontMetricsF(scaled_font(self.font(), 1.0, bold=True)).horizontalAdvance(">0.99") + 2


def that_fits(texts: Sequence[str], metrics: QFontMetricsF, room_px: float) -> str:
    """The first of some texts, each shorter than the one before, that has room; if none has, the last one, cut."""
    said = [sentence(words_of(text)) for text in texts]
    fitting = (text for text in said if metrics.horizontalAdvance(text) <= room_px)
    return next(fitting, metrics.elidedText(said[-1], Qt.TextElideMode.ElideRight, room_px))


def paint_bar(painter: QPainter, colors: Theme, track: QRectF, p: float, threshold: float | None) -> None:
    """Draw a probability as a bar on its track, and a tick where the threshold is."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.ramp_low))
    painter.drawRoundedRect(track, 2, 2)
    bar = QRectF(track.left(), track.top(), max(1.0, track.width() * p), track.height())
    # Below its threshold a bar is quiet, whatever its length.
    color = colors.muted if threshold is None or p < threshold else colors.probability_color(p, threshold)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(bar, 2, 2)
    if threshold is None:
        return
    x = track.left() + track.width() * threshold
    tick = QLineF(x, track.top() - 3.5, x, track.bottom() + 3.5)
    for pen in (QPen(QColor(colors.panel), 4), QPen(QColor(colors.text), 1.6)):
        painter.setPen(pen)
        painter.drawLine(tick)
