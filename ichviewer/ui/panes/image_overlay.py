"""The words on the image: four corners, letters at the edges, a scale bar, statements about the slice.

One transparent widget paints all of it. Each part is laid out when it changes, drawn into a picture when it is first
painted and then only copied: a drag repaints the image below sixty times a second. Where something changes, its place
alone is painted again, and so little of the image below.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.theme import DARK
from ichviewer.ui.panes.kept_pictures import KeptPictures, Part
from ichviewer.ui.panes.overlay_chips import PlacedChip, paint_chips, placed_chips
from ichviewer.ui.panes.overlay_text import Chip, EdgeLetters, Line, Tone, tone_color
from ichviewer.ui.panes.scale_bar import ScaleBar, paint_scale_bar, scale_bar
from ichviewer.ui.panes.shadowed_text import Word, image_font, paint_words

MARGIN_PX = 12
_BLOCK_WIDTH = 0.46
"""A corner takes at most this part of the width, so that left and right never meet."""
_LETTER_GAP_PX = 14
"""Between the letter at the top or the bottom and the words in the corners."""
_SHADOW_PX = 3
_PLATE = QColor(0, 0, 0, 180)
"""What lies between words and image: nothing is seen of it on black, and on white it makes the words readable."""
_FREE_SIDES = 1.25
"""An image less wide than this, for its height, has a head up to its edges, which is widest below the middle."""
_RANKS = {Tone.STRONG: 0, Tone.DANGER: 0, Tone.WARNING: 0, Tone.NORMAL: 1, Tone.MUTED: 2}
"""Which lines a low corner keeps: names and doubts before all else."""
_BAR_WIDTH = 0.22
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
    of: tuple[tuple[str, Tone, object], ...] = ()
    """Text, tone and box of each, by which its picture is known."""


class _Fonts:
    """What the words are written in, and how large it makes them: looked up once, and not for each word.

    Parameters
    ----------
    text : QFont
        Of a normal line.
    """

    def __init__(self, text: QFont) -> None:
        self.text = text
        self.chips = scaled_font(text, 1.0, bold=True)
        self.letters = scaled_font(text, 1.35, bold=True)
        self.letter_metrics = QFontMetricsF(self.letters)
        self.lines = {tone: _font(text, tone) for tone in Tone}
        self.metrics = {tone: QFontMetricsF(font) for tone, font in self.lines.items()}


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
        self._placed_chips: tuple[PlacedChip, ...] | None = None
        self._fonts: _Fonts | None = None
        self._kept = KeptPictures()

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

    def chips_in_place(self) -> tuple[PlacedChip, ...]:
        """The statements, cut to fit, and where each stands, in px."""
        if self._placed_chips is None:
            metrics = QFontMetricsF(self._fonts_in_use.chips)
            letters = [place for _, place in self.letter_places()]
            self._placed_chips = placed_chips(self._chips, metrics, self._chip_column(), letters)
        return self._placed_chips

    @property
    def px_per_mm(self) -> float | None:
        """The scale that the scale bar shows, None if there is none."""
        return self._px_per_mm

    def text_font(self) -> QFont:
        """The font of a normal line."""
        return self._fonts_in_use.text

    @property
    def _fonts_in_use(self) -> _Fonts:
        if self._fonts is None:
            self._fonts = _Fonts(image_font(self.font(), self.width(), self.height()))
        return self._fonts

    def set_lines(self, corner: Corner, lines: tuple[Line, ...]) -> None:
        """Write lines into a corner; only what they cover is painted again."""
        if lines == self._corners[corner]:
            return
        old = self._block(corner).place
        self._corners[corner] = lines
        if corner is Corner.TOP_LEFT:
            # Perhaps another patient: of this one, no picture of a word is kept.
            self._kept = KeptPictures()
        self._lay_out_again(corner)
        if corner.right and self._block(corner).place != old:
            self._place_chips_again()

    def set_letters(self, letters: EdgeLetters) -> None:
        """Set the anatomical letters."""
        if letters != self._letters:
            rooms = {corner: self._block_room(corner) for corner in self._blocks}
            before, self._letters = self.letter_places(), letters
            for _, place in (*before, *self.letter_places()):
                self.update(_with_shadow(place))
            # Words in the corners leave room for the letters between them; where it is enough they stay as drawn.
            for corner, room in rooms.items():
                if self._block_room(corner) != room:
                    self._lay_out_again(corner)
            self._place_chips_again()

    def set_chips(self, chips: tuple[Chip, ...]) -> None:
        """Set the statements about the slice, shown below the words at the top right."""
        if chips != self._chips:
            self.update(self._chips_place())
            self._chips, self._placed_chips = chips, None
            self.update(self._chips_place())

    def set_scale(self, px_per_mm: float | None) -> None:
        """Set the scale of the bar; None where the file gives no spacing."""
        if px_per_mm != self._px_per_mm:
            self.update(self._scale_part().place)
            self._px_per_mm = px_per_mm
            self.update(self._scale_part().place)

    def resizeEvent(self, event: object) -> None:
        """Lay everything out anew."""
        self._forget_layout()

    def changeEvent(self, event: QEvent) -> None:
        """Lay everything out anew when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self._forget_layout()
            self._kept = KeptPictures()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all parts that lie in the region to repaint."""
        painter = QPainter(self)
        for part in self._parts():
            if event.region().intersects(part.place):
                self._kept.paint(painter, part)

    def _forget_layout(self) -> None:
        self._blocks.clear()
        self._placed_chips, self._fonts = None, None

    def _lay_out_again(self, corner: Corner) -> None:
        old = self._blocks.pop(corner, None)
        if old is not None:
            self.update(old.place)
        self.update(self._block(corner).place)

    # The parts, from the lowest to the highest

    def _parts(self) -> list[Part]:
        blocks = [self._block_part(self._block(corner)) for corner in Corner]
        letters = [self._letter_part(*one) for one in self.letter_places()]
        return [*blocks, *letters, self._scale_part(), self._chips_part()]

    def _block_part(self, block: _Block) -> Part:
        def draw(painter: QPainter) -> None:
            painter.translate(block.place.topLeft())
            _paint_plate(painter, [box for _, box in block.words])
            paint_words(painter, [word for word, _ in block.words])

        return Part((block.of, self.text_font()), block.place, draw)

    def _letter_part(self, text: str, place: QRectF) -> Part:
        font = self._fonts_in_use.letters

        def draw(painter: QPainter) -> None:
            baseline = QPointF(place.left(), place.top() + QFontMetricsF(font).ascent())
            _paint_plate(painter, [place])
            paint_words(painter, [Word(baseline, text, font, QColor(_COLORS.overlay_text))])

        return Part((text, place.getRect(), font), _with_shadow(place), draw)

    def _scale_part(self) -> Part:
        room_px = self.width() * _BAR_WIDTH
        bar = None if self._px_per_mm is None else scale_bar(self._px_per_mm, room_px)
        if bar is None:
            return Part(None, QRect(), lambda _: None)
        font = self.text_font()
        metrics = QFontMetricsF(font)
        left = QPointF(self.width() - MARGIN_PX - bar.length_px, self.height() - MARGIN_PX - 1.0)
        width = metrics.horizontalAdvance(bar.text)
        text = QPointF(self.width() - MARGIN_PX - width, left.y() - 11.0 - metrics.descent() / 2)
        words = QRectF(text.x(), text.y() - metrics.ascent(), width, metrics.height())
        line = QRectF(left.x(), left.y() - 10, bar.length_px, 13)
        color = QColor(_COLORS.overlay_text)

        def draw(painter: QPainter, bar: ScaleBar = bar) -> None:
            _paint_plate(painter, [words, line])
            paint_scale_bar(painter, bar, left, color, QColor(0, 0, 0, 160))
            paint_words(painter, [Word(text, bar.text, font, color)])

        return Part((bar, left.toTuple(), text.toTuple(), font), _with_shadow(words.united(line)), draw)

    def _chips_part(self) -> Part:
        placed = self.chips_in_place()
        font = self._fonts_in_use.chips
        return Part(
            (tuple((one.chip, one.text, one.place.getRect()) for one in placed), font),
            self._chips_place(),
            lambda painter: paint_chips(painter, placed, font, _COLORS),
        )

    def _chips_place(self) -> QRect:
        area = QRectF()
        for chip in self.chips_in_place():
            area = area.united(chip.place)
        return area.toAlignedRect()

    def _chip_column(self) -> QRectF:
        """Where they may stand: at the right, between the words in the corners, so that the image is seen."""
        above, below = self._block(Corner.TOP_RIGHT).place, self._block(Corner.BOTTOM_RIGHT).place
        width = max(1.0, self.width() * _BLOCK_WIDTH - MARGIN_PX)
        top = float(MARGIN_PX) if above.isEmpty() else above.bottom() + 1.0
        low = self.height() - MARGIN_PX - self._bar_height() if below.isEmpty() else below.top()
        bottom = float(low)
        if self.width() < _FREE_SIDES * self.height():
            bottom = min(bottom, self.height() / 2)
        return QRectF(self.width() - MARGIN_PX - width, top, width, max(0.0, bottom - top))

    def _place_chips_again(self) -> None:
        """Move them where words or letters have moved."""
        if self._chips:
            before, placed = self._chips_place(), self._placed_chips
            self._placed_chips = None
            if self.chips_in_place() != placed:
                self.update(before.united(self._chips_place()))

    # Their layout

    def _block(self, corner: Corner) -> _Block:
        block = self._blocks.get(corner)
        if block is None:
            block = self._blocks[corner] = self._lay_out(corner)
        return block

    def _lay_out(self, corner: Corner) -> _Block:
        room = self._block_room(corner)
        fonts, metrics = self._fonts_in_use.lines, self._fonts_in_use.metrics
        lines, left_out = self.that_fit(corner, metrics)
        if not lines:
            return _Block()
        ends = [""] * (len(lines) - 1) + [f" +{left_out}" if left_out else ""]
        texts = [_cut(line, metrics[line.tone], room, end) for line, end in zip(lines, ends, strict=True)]
        widths = [metrics[line.tone].horizontalAdvance(text) for line, text in zip(lines, texts, strict=True)]
        heights = [metrics[line.tone].height() for line in lines]
        size = QSize(int(max(widths)) + 2 + 2 * _SHADOW_PX, int(sum(heights)) + 2 + 2 * _SHADOW_PX)
        words, of = [], []
        top = float(_SHADOW_PX)
        for line, text, width, height in zip(lines, texts, widths, heights, strict=True):
            left = size.width() - _SHADOW_PX - width if corner.right else float(_SHADOW_PX)
            baseline = QPointF(left, top + metrics[line.tone].ascent())
            word = Word(baseline, text, fonts[line.tone], QColor(tone_color(_COLORS, line.tone)))
            words.append((word, QRectF(left, top, width, height)))
            of.append((text, line.tone, (left, top, width, height)))
            top += height
        x = self.width() - MARGIN_PX + _SHADOW_PX - size.width() if corner.right else MARGIN_PX - _SHADOW_PX
        lowest = self.height() - MARGIN_PX + _SHADOW_PX
        if corner is Corner.BOTTOM_RIGHT:
            lowest -= self._bar_height()
        y = lowest - size.height() if corner.bottom else MARGIN_PX - _SHADOW_PX
        return _Block(QRect(int(x), int(y), size.width(), size.height()), tuple(words), tuple(of))

    def _block_room(self, corner: Corner) -> float:
        """How wide the lines of a corner may be: beside the letter in the middle is a gap, in small panes too."""
        letter = self._letters.bottom if corner.bottom else self._letters.top
        beside = self._fonts_in_use.letter_metrics.horizontalAdvance(letter) / 2 + _LETTER_GAP_PX
        widest = self.width() / 2 - beside if letter else math.inf
        return max(1.0, min(self.width() * _BLOCK_WIDTH, widest) - MARGIN_PX)

    def that_fit(self, corner: Corner, metrics: Mapping[Tone, QFontMetricsF]) -> tuple[list[Line], int]:
        """The lines of a corner that there is room for, in order, and how many are left out, which the last one says.

        Each corner has half of the height. The first line is always kept, then names and doubts, then the others.
        """
        room = self.height() / 2 - MARGIN_PX - _SHADOW_PX - 1
        if corner is Corner.BOTTOM_RIGHT:
            room -= self._bar_height()
        lines = self._corners[corner]
        by_worth = sorted(range(len(lines)), key=lambda i: (i > 0, _RANKS[lines[i].tone], i))
        kept: list[int] = []
        for index in by_worth:
            room -= metrics[lines[index].tone].height()
            if room < 0 and kept:
                break
            kept.append(index)
        return [lines[index] for index in sorted(kept)], len(lines) - len(kept)

    def _bar_height(self) -> int:
        return round(QFontMetricsF(self.text_font()).height() * 1.9)

    def letter_places(self) -> tuple[tuple[str, QRectF], ...]:
        """The letters at the edges, and where each stands, in px."""
        metrics = self._fonts_in_use.letter_metrics
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


def _cut(line: Line, metrics: QFontMetricsF, room: float, end: str) -> str:
    """What of a line there is room for, in px, with an end that is always there."""
    room -= metrics.horizontalAdvance(end)
    fits = metrics.horizontalAdvance(line.text) <= room
    text = line.text if fits or not line.short else line.short
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) + end


def _font(base: QFont, tone: Tone) -> QFont:
    font = QFont(base)
    # Digits of one width, or the numbers under a moving cursor would dance.
    font.setFeature(QFont.Tag("tnum"), 1)
    if tone is Tone.STRONG:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _with_shadow(box: QRectF) -> QRect:
    """All that words in a box touch, in px."""
    reach = _SHADOW_PX + 1
    return box.toAlignedRect().adjusted(-reach, -reach, reach, reach)
