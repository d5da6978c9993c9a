"""The outlines on the image: where in a slice the model's map of a flagged type lies over the threshold of the map.

They show regions that influenced the score. They are coarse, and no borders of a bleed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ichviewer.domain.findings import SliceFinding
from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.region_map import RegionMap
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.theme import DARK
from ichviewer.ui.look.words import ABBREVIATIONS, names_of
from ichviewer.ui.panes.image_canvas import on_screen
from ichviewer.ui.panes.image_frame import ImageFrame, Placement
from ichviewer.ui.panes.overlay_text import Line, Tone
from ichviewer.ui.panes.shadowed_text import Word, paint_words

MEANING = Line(tr("Outlined: regions that influenced the score"), Tone.MUTED)
"""Stands on the image wherever something is outlined."""

_LINE_PX, _RIM_PX = 1.6, 3.6
_RIM = QColor(0, 0, 0, 190)
"""Darkens both sides of a line, so that its color reads on grey matter and on bone."""
_DASHES = [4.0, 3.0]
_LABEL_GAP_PX = 4.0
_KEPT = 128
"""Outlines kept: those of the flagged types of about a hundred slices."""


@dataclass(frozen=True, eq=False)
class Outline:
    """The lines around the regions of one type.

    Parameters
    ----------
    kind : Hemorrhage
    lines : tuple of QPolygonF
        Closed. In pixels of the stored slice from the outer corner of its first one, x to the right and y down.
    """

    kind: Hemorrhage
    lines: tuple[QPolygonF, ...]


class RegionOverlay(QWidget):
    """Outlines what was found in the slice in view. Mouse and keys pass through it."""

    changed = Signal()
    """Something else is to be outlined: `set_finding` must be called again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground, True)
        self._thresholds: tuple[float, ...] | None = None
        self._muted = False
        self._outlines: tuple[Outline, ...] = ()
        self._place: tuple[ImageFrame, Placement] | None = None
        # Milliseconds each; stepping back and forth must not cost them again.
        self._lines = lru_cache(maxsize=_KEPT)(_lines)
        self.hide()

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """What is outlined."""
        return self._outlines

    @property
    def words(self) -> str:
        """What is outlined, for a screen reader; empty if nothing is."""
        kinds = names_of(outline.kind for outline in self._outlines)
        return f"{MEANING.text}, {kinds}" if kinds else ""

    def set_thresholds(self, thresholds: tuple[float, ...] | None) -> None:
        """Set the probability from which each of the five types is outlined; None outlines nothing."""
        if thresholds != self._thresholds:
            self._thresholds = thresholds
            self.changed.emit()

    def set_muted(self, muted: bool) -> None:
        """Draw the outlines quietly, or not: the series lies outside what the model knows."""
        self._muted = muted
        self.update()

    def set_finding(
        self, finding: SliceFinding | None, pixel_hash: str, point: OperatingPoint | None
    ) -> None:
        """Outline what was found in a slice.

        Parameters
        ----------
        finding : SliceFinding or None
        pixel_hash : str
            Of the pixels on screen. Nothing is outlined unless the finding was computed from these.
        point : OperatingPoint or None
            Decides which types are flagged: only those are outlined, so that no outline contradicts the findings.
        """
        outlines: tuple[Outline, ...] = ()
        if finding is not None and finding.pixel_hash == pixel_hash != "":
            outlines = self._outlined(finding, point)
        if outlines or self._outlines:
            self._outlines = outlines
            self.setVisible(bool(outlines))
            self.update()

    def clear(self) -> None:
        """Outline nothing."""
        self.set_finding(None, "", None)

    def place(self, frame: ImageFrame, placement: Placement) -> None:
        """Put the outlines where the picture lies, in px of this widget."""
        if (frame, placement) != self._place:
            self._place = frame, placement
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outlines and, where there are several types, their names."""
        if self._place is None:
            return
        frame, placement = self._place
        transform = on_screen(frame, placement, (self.width(), self.height()))
        colors = DARK.muted_values() if self._muted else DARK  # as all words on the image
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        # A map may reach beyond the slice.
        painter.setClipRect(transform.mapRect(QRectF(0, 0, frame.columns, frame.rows)))
        drawn = [(o.kind, [transform.map(line) for line in o.lines]) for o in self._outlines]
        for kind, lines in drawn:
            for pen in (QPen(_RIM, _RIM_PX), QPen(QColor(colors.label_color(kind)), _LINE_PX)):
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                if self._muted:
                    # In multiples of the width: rim and line must break at the same places.
                    pen.setDashPattern([dash * _LINE_PX / pen.widthF() for dash in _DASHES])
                    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                for line in lines:
                    painter.drawPolygon(line)
        if len(drawn) > 1:
            self._paint_names(
                painter, [(kind, QColor(colors.label_color(kind)), lines) for kind, lines in drawn]
            )

    def _paint_names(
        self, painter: QPainter, drawn: list[tuple[Hemorrhage, QColor, list[QPolygonF]]]
    ) -> None:
        """Write the short name of each type beside its largest outline."""
        painter.setClipping(False)
        font = scaled_font(self.font(), 0.92, bold=True)
        metrics = QFontMetricsF(font)
        taken: list[QRectF] = []
        for kind, color, lines in drawn:
            largest = max((line.boundingRect() for line in lines), key=lambda r: r.width() * r.height())
            if not largest.intersects(QRectF(self.rect())):
                continue
            name = words_of(ABBREVIATIONS[kind])
            place = QRectF(0, 0, metrics.horizontalAdvance(name), metrics.height())
            place.moveTopLeft(QPointF(largest.right() + _LABEL_GAP_PX, largest.top()))
            place.moveRight(min(place.right(), self.width() - _LABEL_GAP_PX))
            place.moveTop(max(place.top(), _LABEL_GAP_PX))
            while any(place.intersects(other) for other in taken):
                place.translate(0, metrics.height())
            taken.append(place)
            baseline = QPointF(place.left(), place.top() + metrics.ascent())
            paint_words(painter, [Word(baseline, name, font, color)])

    def _outlined(self, finding: SliceFinding, point: OperatingPoint | None) -> tuple[Outline, ...]:
        regions, thresholds = finding.regions, self._thresholds
        if regions is None or thresholds is None or point is None:
            return ()
        flagged = finding.flagged(point)
        found = (
            Outline(kind, self._lines(regions, kind, threshold))
            for kind, threshold in zip(TYPES, thresholds, strict=True)
            if kind in flagged
        )
        return tuple(outline for outline in found if outline.lines)


def _lines(regions: RegionMap, kind: Hemorrhage, threshold: float) -> tuple[QPolygonF, ...]:
    """The closed lines of an outline; whole numbers of a map are the middles of pixels."""
    return tuple(
        QPolygonF([QPointF(column + 0.5, row + 0.5) for row, column in line.tolist()])
        for line in regions.outlines(kind, threshold)
    )
