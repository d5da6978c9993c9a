"""The words on the image: four corners, letters at the edges, a scale bar, statements about the slice.

One transparent widget paints all of it. Each block of words is laid out when it changes, drawn into a picture when it
is first painted and then only copied, so that a drag, which repaints the image below sixty times a second, costs no
text layout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.fonts import italic, scaled_font
from ichviewer.ui.look.theme import DARK, Theme
from ichviewer.ui.panes.overlay_text import Chip, EdgeLetters, Line, Tone
from ichviewer.ui.panes.scale_bar import paint_scale_bar, scale_bar
from ichviewer.ui.panes.shadowed_text import Word, paint_words

MARGIN_PX = 12
_BLOCK_WIDTH = 0.46
"""A corner takes at most this part of the width, so that left and right never meet."""
_LETTER_GAP_PX = 14
"""Between the letter at the top or the bottom and the words in the corners."""
_SHADOW_PX = 3
_PLATE = QColor(0, 0, 0, 180)
"""What lies between words and image: nothing is seen of it on black, and on white it makes the words readable."""
_PLAIN_SIDE_PX = 1000
_LARGEST_TEXT = 1.5
"""Words grow with an image of more than a thousand px, up to this factor, as on any large reading screen."""
_BAR_WIDTH = 0.22
_CHIP_PAD_X, _CHIP_PAD_Y, _CHIP_GAP = 10, 4, 6
_CHIP_DOT = 0.62
_CHIP_ROW, _CHIP_ROWS = 0.64, 2
"""Part of the width that a row of chips may take; all of it where there would be more rows than this."""
_COLORS = DARK
"""The image is dark in both themes, and so its words are light in both."""


class Corner(Enum):
    """Where a block of lines stands."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"

    @property
    def right(self) -> bool:
        """Whether its lines end at the right edge."""
        return self in {Corner.TOP_RIGHT, Corner.BOTTOM_RIGHT}

    @property
    def bottom(self) -> bool:
        """Whether it grows upwards from the bottom."""
        return self in {Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT}


@dataclass(frozen=True)
class _Block:
    """A block of words as it is laid out: where it goes, and its words within it, each with its box, in px."""

    place: QRect = field(default_factory=QRect)
    words: tuple[tuple[Word, QRectF], ...] = ()


@dataclass(frozen=True)
class _PlacedChip:
    """A chip, its text cut to fit, and where it goes, in px."""

    chip: Chip
    text: str
    place: QRectF


class ImageOverlay(QWidget):
    """Paints everything that is written on the image. Mouse and keys pass through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground, True)
        self._corners: dict[Corner, tuple[Line, ...]] = dict.fromkeys(Corner, ())
        self._letters = EdgeLetters()
        self._chips: tuple[Chip, ...] = ()
        self._px_per_mm: float | None = None
        self._blocks: dict[Corner, _Block] = {}
        self._pictures: dict[Corner, tuple[_Block, QPixmap]] = {}

    def lines(self, corner: Corner) -> tuple[Line, ...]:
        """What stands in a corner."""
        return self._corners[corner]

    def place(self, corner: Corner) -> QRect:
        """Where a corner's words stand, in px; empty if there are none."""
        return self._block(corner).place

    @property
    def letters(self) -> EdgeLetters:
        """The letters at the edges."""
        return self._letters

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The statements about the slice."""
        return self._chips

    @property
    def px_per_mm(self) -> float | None:
        """The scale that the scale bar shows, None if there is none."""
        return self._px_per_mm

    def text_font(self) -> QFont:
        """The font of a normal line: that of the widget, larger on a very large image."""
        side = min(self.width(), self.height())
        return scaled_font(self.font(), min(max(side / _PLAIN_SIDE_PX, 1.0), _LARGEST_TEXT))

    def set_lines(self, corner: Corner, lines: tuple[Line, ...]) -> None:
        """Write lines into a corner; only what they cover is painted again."""
        if lines == self._corners[corner]:
            return
        old = self._blocks.pop(corner, None)
        self._corners[corner] = lines
        if old is not None:
            self.update(old.place)
        self.update(self._block(corner).place)

    def set_letters(self, letters: EdgeLetters) -> None:
        """Set the anatomical letters."""
        if letters != self._letters:
            rooms = {corner: self._block_room(corner) for corner in self._blocks}
            self._letters = letters
            # Words in the corners leave room for the letters between them; where it is enough they stay as drawn.
            for corner, room in rooms.items():
                if self._block_room(corner) != room:
                    del self._blocks[corner]
            self.update()

    def set_chips(self, chips: tuple[Chip, ...]) -> None:
        """Set the statements about the slice, shown at the bottom in the middle."""
        if chips != self._chips:
            self._chips = chips
            self.update()

    def set_scale(self, px_per_mm: float | None) -> None:
        """Set the scale of the bar; None where the file gives no spacing."""
        if px_per_mm != self._px_per_mm:
            self._px_per_mm = px_per_mm
            self.update()

    def resizeEvent(self, event: object) -> None:
        """Lay the corners out anew."""
        self._blocks.clear()

    def changeEvent(self, event: QEvent) -> None:
        """Lay the corners out anew when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self._restart()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all blocks that lie in the region to repaint."""
        colors = _COLORS
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, True)
        for corner in Corner:
            block = self._block(corner)
            if block.words and block.place.intersects(event.rect()):
                painter.drawPixmap(block.place.topLeft(), self._picture(corner, block))
        self._paint_letters(painter, colors)
        self._paint_scale_bar(painter, colors)
        self._paint_chips(painter, colors)

    def _restart(self) -> None:
        self._blocks.clear()
        self.update()

    def _block(self, corner: Corner) -> _Block:
        block = self._blocks.get(corner)
        if block is None:
            block = self._blocks[corner] = self._lay_out(corner)
        return block

    def _picture(self, corner: Corner, block: _Block) -> QPixmap:
        """The picture of a block; drawn anew only where its words, or the pixels of the screen, are others."""
        ratio = self.devicePixelRatioF()
        drawn, picture = self._pictures.get(corner, (None, QPixmap()))
        if drawn is None or drawn.words != block.words or picture.devicePixelRatio() != ratio:
            picture = _draw_block(block, ratio)
            self._pictures[corner] = (block, picture)
        return picture

    def _lay_out(self, corner: Corner) -> _Block:
        colors = _COLORS
        room = self._block_room(corner)
        fonts = {tone: _font(self.text_font(), tone) for tone in Tone}
        metrics = {tone: QFontMetricsF(font) for tone, font in fonts.items()}
        lines = self._that_fit(corner, metrics)
        if not lines:
            return _Block()
        texts = [
            metrics[line.tone].elidedText(line.text, Qt.TextElideMode.ElideRight, room) for line in lines
        ]
        widths = [metrics[line.tone].horizontalAdvance(text) for line, text in zip(lines, texts, strict=True)]
        heights = [metrics[line.tone].height() for line in lines]
        size = QSize(int(max(widths)) + 2 + 2 * _SHADOW_PX, int(sum(heights)) + 2 + 2 * _SHADOW_PX)
        words = []
        top = float(_SHADOW_PX)
        for line, text, width, height in zip(lines, texts, widths, heights, strict=True):
            left = size.width() - _SHADOW_PX - width if corner.right else float(_SHADOW_PX)
            baseline = QPointF(left, top + metrics[line.tone].ascent())
            word = Word(baseline, text, fonts[line.tone], QColor(_tone_color(colors, line.tone)))
            words.append((word, QRectF(left, top, width, height)))
            top += height
        x = self.width() - MARGIN_PX + _SHADOW_PX - size.width() if corner.right else MARGIN_PX - _SHADOW_PX
        lowest = self.height() - MARGIN_PX + _SHADOW_PX
        if corner is Corner.BOTTOM_RIGHT:
            lowest -= self._bar_height()
        y = lowest - size.height() if corner.bottom else MARGIN_PX - _SHADOW_PX
        return _Block(QRect(int(x), int(y), size.width(), size.height()), tuple(words))

    def _block_room(self, corner: Corner) -> float:
        """How wide the lines of a corner may be: beside the letter in the middle is a gap, in small panes too."""
        letter = self._letters.bottom if corner.bottom else self._letters.top
        beside = QFontMetricsF(self._letter_font()).horizontalAdvance(letter) / 2 + _LETTER_GAP_PX
        widest = self.width() / 2 - beside if letter else math.inf
        return max(1.0, min(self.width() * _BLOCK_WIDTH, widest) - MARGIN_PX)

    def _that_fit(self, corner: Corner, metrics: dict[Tone, QFontMetricsF]) -> list[Line]:
        # Each corner has half of the height; what comes first is worth most.
        room = self.height() / 2 - MARGIN_PX - _SHADOW_PX - 1
        if corner is Corner.BOTTOM_RIGHT:
            room -= self._bar_height()
        kept: list[Line] = []
        for line in self._corners[corner]:
            room -= metrics[line.tone].height()
            if room < 0:
                break
            kept.append(line)
        return kept

    def _bar_height(self) -> int:
        return round(QFontMetricsF(self.text_font()).height() * 1.9)

    def letter_places(self) -> tuple[tuple[str, QRectF], ...]:
        """The letters at the edges, and where each stands, in px."""
        metrics = QFontMetricsF(self._letter_font())
        height = metrics.height()
        middle = (self.height() + metrics.ascent() - metrics.descent()) / 2 - metrics.ascent()
        found = []
        for text, right, bottom in (
            (self._letters.left, 0.0, None),
            (self._letters.right, 1.0, None),
            (self._letters.top, 0.5, False),
            (self._letters.bottom, 0.5, True),
        ):
            if text:
                width = metrics.horizontalAdvance(text)
                x = MARGIN_PX + right * (self.width() - 2 * MARGIN_PX - width)
                low = self.height() - MARGIN_PX - metrics.descent() - metrics.ascent()
                y = middle if bottom is None else low if bottom else float(MARGIN_PX)
                found.append((text, QRectF(x, y, width, height)))
        return tuple(found)

    def taken(self) -> tuple[QRectF, ...]:
        """Where words stand: the corners' blocks and the letters, in px."""
        blocks = (QRectF(self.place(corner)) for corner in Corner)
        return (*(b for b in blocks if not b.isEmpty()), *(place for _, place in self.letter_places()))

    def _letter_font(self) -> QFont:
        return scaled_font(self.text_font(), 1.35, bold=True)

    def _paint_letters(self, painter: QPainter, colors: Theme) -> None:
        font = self._letter_font()
        ascent, color = QFontMetricsF(font).ascent(), QColor(colors.overlay_text)
        for text, place in self.letter_places():
            _paint_plate(painter, [place])
            # One by one: they are far apart, and what lies between them costs as much as they do.
            paint_words(painter, [Word(QPointF(place.left(), place.top() + ascent), text, font, color)])

    def _paint_scale_bar(self, painter: QPainter, colors: Theme) -> None:
        if self._px_per_mm is None:
            return
        bar = scale_bar(self._px_per_mm, self.width() * _BAR_WIDTH)
        if bar is None:
            return
        font = self.text_font()
        metrics = QFontMetricsF(font)
        color = QColor(colors.overlay_text)
        left = QPointF(self.width() - MARGIN_PX - bar.length_px, self.height() - MARGIN_PX - 1.0)
        width = metrics.horizontalAdvance(bar.text)
        text = QPointF(self.width() - MARGIN_PX - width, left.y() - 11.0 - metrics.descent() / 2)
        words = QRectF(text.x(), text.y() - metrics.ascent(), width, metrics.height())
        _paint_plate(painter, [words, QRectF(left.x(), left.y() - 10, bar.length_px, 13)])
        paint_scale_bar(painter, bar, left, color, _shadow_color(160))
        paint_words(painter, [Word(text, bar.text, font, color)])

    def _paint_chips(self, painter: QPainter, colors: Theme) -> None:
        if not self._chips:
            return
        font = scaled_font(self.text_font(), 1.0, bold=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for chip in self._placed_chips(metrics):
            painter.setFont(font)
            _paint_chip(painter, colors, chip, metrics.ascent() * _CHIP_DOT)

    def _placed_chips(self, metrics: QFontMetricsF) -> list[_PlacedChip]:
        """Rows of chips, centered, above the bottom letter and above the corners if they would touch them."""
        rows = self._chip_rows(metrics, [chip.text for chip in self._chips])
        if len(rows) > 1:
            # What is said about the image must not hide the image.
            shorter = [chip.short or chip.text for chip in self._chips]
            rows = self._chip_rows(metrics, shorter)
            if len(rows) > _CHIP_ROWS:
                rows = self._chip_rows(metrics, shorter, 1.0)
        height = metrics.height() + 2 * _CHIP_PAD_Y
        widths = [sum(w for _, _, w in row) + _CHIP_GAP * (len(row) - 1) for row in rows]
        left, right = (self.width() - max(widths)) / 2, (self.width() + max(widths)) / 2
        bottom = self.height() - MARGIN_PX - metrics.height() * 1.9
        for corner in (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT):
            place = self._block(corner).place
            if not place.isNull() and place.left() < right and left < place.right():
                bottom = min(bottom, place.top() - float(_CHIP_GAP))
        placed = []
        y = bottom - len(rows) * (height + _CHIP_GAP) + _CHIP_GAP
        for row, total in zip(rows, widths, strict=True):
            x = (self.width() - total) / 2
            for chip, text, width in row:
                placed.append(_PlacedChip(chip, text, QRectF(x, y, width, height)))
                x += width + _CHIP_GAP
            y += height + _CHIP_GAP
        return placed

    def _chip_rows(
        self, metrics: QFontMetricsF, texts: list[str], share: float = _CHIP_ROW
    ) -> list[list[tuple[Chip, str, float]]]:
        """Chips, their texts cut to fit and their widths, in as few rows as a share of the width allows."""
        room = max(40.0, self.width() - 2 * MARGIN_PX)
        rows: list[list[tuple[Chip, str, float]]] = [[]]
        used = 0.0
        for chip, words in zip(self._chips, texts, strict=True):
            extra = 2 * _CHIP_PAD_X + (metrics.ascent() * _CHIP_DOT + 6 if chip.has_dot else 0)
            text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - extra)
            width = metrics.horizontalAdvance(text) + extra
            if rows[-1] and used + width > room * share:
                rows.append([])
                used = 0.0
            rows[-1].append((chip, text, width))
            used += width + _CHIP_GAP
        return rows


def _draw_block(block: _Block, ratio: float) -> QPixmap:
    picture = QPixmap(block.place.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    _paint_plate(painter, [box for _, box in block.words])
    paint_words(painter, [word for word, _ in block.words])
    painter.end()
    return picture


def _paint_chip(painter: QPainter, colors: Theme, placed: _PlacedChip, dot: float) -> None:
    chip, place = placed.chip, placed.place
    if chip.quiet:
        colors = colors.muted_values()
        painter.setFont(italic(painter.font()))
    color = QColor(_tone_color(colors, chip.tone) if chip.label is None else colors.label_color(chip.label))
    edge = QColor(color)
    edge.setAlpha(110)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(QColor(14, 16, 19, 205))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), place.height() / 2, place.height() / 2)
    left = place.left() + _CHIP_PAD_X
    if chip.has_dot:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(left, place.center().y() - dot / 2, dot, dot))
        left += dot + 6
    painter.setPen(QColor(colors.overlay_text) if chip.label is not None else color)
    words = QRectF(left, place.top(), place.right() - left, place.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, placed.text)


def _paint_plate(painter: QPainter, places: list[QRectF]) -> None:
    """Darken what is behind words, evenly where their places overlap."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for place in places:
        path.addRoundedRect(place.adjusted(-_SHADOW_PX, 0, _SHADOW_PX, 0), 3, 3)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PLATE)
    painter.drawPath(path)
    painter.restore()


def _shadow_color(alpha: int) -> QColor:
    return QColor(0, 0, 0, alpha)


def _font(base: QFont, tone: Tone) -> QFont:
    font = QFont(base)
    # Digits of one width, or the numbers under a moving cursor would dance.
    font.setFeature(QFont.Tag("tnum"), 1)
    if tone is Tone.STRONG:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _tone_color(colors: Theme, tone: Tone) -> str:
    return {
        Tone.STRONG: colors.overlay_text,
        Tone.NORMAL: colors.overlay_text,
        Tone.MUTED: colors.overlay_muted,
        Tone.WARNING: colors.warning,
        Tone.DANGER: colors.danger,
    }[tone]
