"""The outlines on the image: where in a slice the model's map of a flagged type lies over the threshold of the map.

They show regions that influenced the score. They are coarse, and no borders of a bleed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ichviewer.domain.findings import SliceFinding
from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.theme import DARK
from ichviewer.ui.look.words import ABBREVIATIONS, names_of
from ichviewer.ui.panes.image_canvas import on_screen
from ichviewer.ui.panes.image_frame import ImageFrame, Placement
from ichviewer.ui.panes.kept_pictures import Part
from ichviewer.ui.panes.overlay_text import Line, Tone
from ichviewer.ui.panes.shadowed_text import Word, image_font, paint_words

if TYPE_CHECKING:
    from ichviewer.domain.region_map import RegionMap


MEANING = Line(tr("Outlined: regions that influenced the score"), Tone.MUTED, short=tr("Outline ≠ bleed"))
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


@dataclass(frozen=True)
class _Drawn:
    """The outlines of one type on the screen, in px."""

    kind: Hemorrhage
    color: QColor
    lines: list[QPolygonF]


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
        self._taken: tuple[QRectF, ...] = ()
        # Milliseconds each; stepping back and forth must not cost them again.
        self._lines = lru_cache(maxsize=_KEPT)(_lines)

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
        if muted != self._muted:
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
        # The lines of a slice are kept, so that the same ones are told at once. The widget stays shown where it
        # outlines nothing: hiding and showing it would have the whole pane painted once more.
        if [(o.kind, o.lines) for o in outlines] != [(o.kind, o.lines) for o in self._outlines]:
            self.update(self._part().place)
            self._outlines = outlines
            self.update(self._part().place)

    def clear(self) -> None:
        """Outline nothing."""
        self.set_finding(None, "", None)

    def place(self, frame: ImageFrame, placement: Placement) -> None:
        """Put the outlines where the picture lies, in px of this widget."""
        if (frame, placement) != self._place:
            self.update(self._part().place)
            self._place = frame, placement
            self.update(self._part().place)

    def keep_clear(self, taken: tuple[QRectF, ...]) -> None:
        """Write names on the other side of their outlines where other words stand, in px of this widget."""
        if taken != self._taken:
            self.update(self._part().place)
            self._taken = taken
            self.update(self._part().place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outlines and, where there are several types, their names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._part().draw(painter)

    def _part(self) -> Part:
        """All of it, and what it touches. It is drawn whenever it is painted: that is faster than to copy it."""
        if self._place is None or not self._outlines:
            return Part(None, QRect(), lambda _: None)
        frame, placement = self._place
        size = (self.width(), self.height())
        transform = on_screen(frame, placement, size)
        # A map may reach beyond the slice.
        inside = transform.mapRect(QRectF(0, 0, frame.columns, frame.rows))
        colors = DARK.muted_values() if self._muted else DARK  # as all words on the image
        drawn = [
            _Drawn(o.kind, QColor(colors.label_color(o.kind)), [transform.map(line) for line in o.lines])
            for o in self._outlines
        ]
        names = self._names(drawn) if len(drawn) > 1 else []
        around = QRectF()
        for one in drawn:
            for line in one.lines:
                around = around.united(line.boundingRect())
        touched = around.adjusted(-_RIM_PX, -_RIM_PX, _RIM_PX, _RIM_PX).intersected(inside)
        for _, box in names:
            touched = touched.united(
                box.adjusted(-_LABEL_GAP_PX, -_LABEL_GAP_PX, _LABEL_GAP_PX, _LABEL_GAP_PX)
            )

        def draw(painter: QPainter) -> None:
            painter.setClipRect(inside)
            for one in drawn:
                self._paint_lines(painter, one)
            painter.setClipping(False)
            for word, _ in names:
                paint_words(painter, [word])

        return Part(self._outlines, touched.toAlignedRect().intersected(self.rect()), draw)

    def _paint_lines(self, painter: QPainter, drawn: _Drawn) -> None:
        for pen in (QPen(_RIM, _RIM_PX), QPen(drawn.color, _LINE_PX)):
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if self._muted:
                # In multiples of the width: rim and line must break at the same places.
                pen.setDashPattern([dash * _LINE_PX / pen.widthF() for dash in _DASHES])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            for line in drawn.lines:
                painter.drawPolygon(line)

    def _names(self, drawn: list[_Drawn]) -> list[tuple[Word, QRectF]]:
        """The short name of each type beside its largest outline, and its box."""
        font = scaled_font(image_font(self.font(), self.width(), self.height()), 0.92, bold=True)
        metrics = QFontMetricsF(font)
        taken: list[QRectF] = []
        found = []
        for one in drawn:
            largest = max((line.boundingRect() for line in one.lines), key=lambda r: r.width() * r.height())
            if not largest.intersects(QRectF(self.rect())):
                continue
            name = words_of(ABBREVIATIONS[one.kind])
            place = QRectF(0, 0, metrics.horizontalAdvance(name), metrics.height())
            place.moveTopLeft(QPointF(largest.right() + _LABEL_GAP_PX, largest.top()))
            place.moveRight(min(place.right(), self.width() - _LABEL_GAP_PX))
            left = place.translated(largest.left() - _LABEL_GAP_PX - place.right(), 0)
            if self._is_taken(place) and left.left() >= 0 and not self._is_taken(left):
                # Beside its outline in any case: below other words it would name another one.
                place = left
            place.moveTop(max(place.top(), _LABEL_GAP_PX))
            while any(place.intersects(other) for other in taken):
                place.translate(0, metrics.height())
            taken.append(place)
            baseline = QPointF(place.left(), place.top() + metrics.ascent())
            found.append((Word(baseline, name, font, one.color), place))
        return found

    def _is_taken(self, place: QRectF) -> bool:
        return any(place.intersects(other) for other in self._taken)

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
