"""How the words on the image are laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from golden import pixels
from image_builders import settle
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ichviewer.domain.labels import Hemorrhage
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.panes import image_overlay
from ichviewer.ui.panes.image_overlay import MARGIN_PX, Corner, ImageOverlay
from ichviewer.ui.panes.overlay_text import Chip, EdgeLetters, Line, Tone
from ichviewer.ui.panes.shadowed_text import Word


@pytest.fixture
def overlay(qtbot: QtBot) -> ImageOverlay:
    """An overlay of 500 x 400 px with two lines in every corner."""
    widget = ImageOverlay()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    for corner in Corner:
        widget.set_lines(corner, (Line("First", Tone.STRONG), Line("second line")))
    widget.show()
    settle()
    return widget


def test_words_with_room_for_the_letters_are_not_drawn_again(overlay: ImageOverlay) -> None:
    overlay.resize(1000, 400)
    for corner in Corner:
        overlay.set_lines(corner, (Line("Words that take much room in the corner where they stand"),))
    settle()
    before = places(overlay)
    overlay.set_letters(EdgeLetters("A", "P", "R", "L"))
    settle()
    assert places(overlay) == before
    # A wide letter at the top takes room of the words beside it, and of no others.
    overlay.set_letters(EdgeLetters("A" * 40, "P", "R", "L"))
    settle()
    again = {corner: overlay.place(corner) == before[corner] for corner in Corner}
    assert again == {corner: corner.bottom for corner in Corner}


def places(overlay: ImageOverlay) -> dict[Corner, QRect]:
    """Where the corners' blocks are."""
    return {corner: overlay.place(corner) for corner in Corner}


@pytest.mark.parametrize("size", [(500, 400), (1600, 1200), (260, 220)])
def test_corners_stay_inside_and_apart(overlay: ImageOverlay, size: tuple[int, int]) -> None:
    overlay.resize(*size)
    overlay.set_scale(2.0)
    for corner in Corner:
        overlay.set_lines(
            corner, tuple(Line(f"A rather long line, number {i}, that goes on") for i in range(30))
        )
    settle()
    found = list(places(overlay).values())
    for place in found:
        assert overlay.rect().adjusted(4, 4, -4, -4).contains(place)
    for i, a in enumerate(found):
        assert all(not a.intersects(b) for b in found[i + 1 :])


@pytest.mark.parametrize("width", [160, 240, 300, 420, 1600])
@pytest.mark.parametrize("letters", [EdgeLetters("R", "A", "L", "P"), EdgeLetters("RA", "HPL", "LP", "FAR")])
def test_letters_keep_apart_from_the_words_in_the_corners(
    overlay: ImageOverlay, width: int, letters: EdgeLetters
) -> None:
    for corner in Corner:
        overlay.set_lines(corner, (Line("A rather long line of a series that goes on and on and on"),))
    overlay.resize(width, 300)
    settle()
    overlay.set_letters(letters)
    found = overlay.letter_places()
    assert {text for text, _ in found} == {letters.left, letters.top, letters.right, letters.bottom}
    for _, letter in found:
        assert QRectF(overlay.rect()).contains(letter)
        for place in places(overlay).values():
            assert not letter.adjusted(-8, 0, 8, 0).intersects(QRectF(place))


def test_a_corner_without_room_keeps_names_and_doubts_and_says_how_much_it_leaves_out(
    overlay: ImageOverlay,
) -> None:
    metrics = {tone: QFontMetricsF(overlay.font()) for tone in Tone}
    lines = (
        Line("Nobody, Demo", Tone.STRONG),
        Line("ID 1"),
        Line("1960-01-01"),
        Line("repaired", Tone.WARNING),
        Line("cut", Tone.DANGER),
    )
    overlay.set_lines(Corner.TOP_LEFT, lines)
    assert overlay.that_fit(Corner.TOP_LEFT, metrics) == (list(lines), 0)
    height = metrics[Tone.NORMAL].height()
    # Half of the height, less the margin and the shadow.
    overlay.resize(500, round(2 * (3.5 * height + MARGIN_PX + 4)))
    assert overlay.that_fit(Corner.TOP_LEFT, metrics) == ([lines[0], lines[3], lines[4]], 2)
    drawn = overlay.grab().toImage()
    overlay.set_lines(Corner.TOP_LEFT, (lines[0], lines[3], Line("cut +2", Tone.DANGER)))
    assert (pixels(overlay.grab().toImage()) == pixels(drawn)).all()
    overlay.resize(500, 30)
    assert overlay.that_fit(Corner.TOP_LEFT, metrics) == ([lines[0]], 2)


def test_corners_are_where_they_should_be(overlay: ImageOverlay) -> None:
    found = places(overlay)
    assert found[Corner.TOP_LEFT].left() == found[Corner.BOTTOM_LEFT].left() < MARGIN_PX
    assert found[Corner.TOP_RIGHT].right() > 500 - MARGIN_PX
    assert found[Corner.TOP_LEFT].top() == found[Corner.TOP_RIGHT].top() < MARGIN_PX
    # The scale bar has its place below the lower right corner.
    assert found[Corner.BOTTOM_RIGHT].bottom() < found[Corner.BOTTOM_LEFT].bottom()


class PaintSpy(QObject):
    """Notes the regions that a widget is asked to paint."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.painted: list[QRect] = []
        self.regions: list[QRegion] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.painted.append(event.rect())
            self.regions.append(QRegion(event.region()))
        return False


def test_only_what_changed_is_painted_again(overlay: ImageOverlay) -> None:
    spy = PaintSpy(overlay)
    overlay.set_lines(Corner.BOTTOM_LEFT, (Line("42 HU"), Line("second line")))
    settle()
    assert len(spy.painted) == 1
    assert spy.painted[0].width() < 250 and spy.painted[0].top() > 200
    overlay.set_lines(Corner.BOTTOM_LEFT, (Line("42 HU"), Line("second line")))
    settle()
    assert len(spy.painted) == 1


def never(*args: object) -> None:
    pytest.fail("a block was laid out or drawn again")


def test_everything_is_drawn_once(overlay: ImageOverlay, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay.set_letters(EdgeLetters("R", "A", "L", "P"))
    overlay.set_scale(2.0)
    overlay.set_chips((Chip("Short"), Chip("epidural 0.83", Hemorrhage.EPIDURAL)))
    drawn = pixels(overlay.grab().toImage())
    for name in ("paint_words", "paint_scale_bar", "paint_chips"):
        monkeypatch.setattr(image_overlay, name, never)
    for _ in range(3):
        overlay.update()
        settle()
    assert (pixels(overlay.grab().toImage()) == drawn).all()


@pytest.mark.parametrize(
    "change",
    [
        lambda overlay: overlay.set_letters(EdgeLetters("RA", "A", "", "P")),
        lambda overlay: overlay.set_letters(EdgeLetters()),
        lambda overlay: overlay.set_scale(3.7),
        lambda overlay: overlay.set_scale(None),
        lambda overlay: overlay.set_chips((Chip("Other"),)),
        lambda overlay: overlay.set_chips(()),
        lambda overlay: overlay.set_lines(Corner.TOP_RIGHT, ()),
        lambda overlay: overlay.set_lines(Corner.BOTTOM_LEFT, tuple(Line("W" * 14) for _ in range(7))),
        lambda overlay: overlay.resize(620, 410),
        lambda overlay: overlay.setFont(scaled_font(overlay.font(), 1.4)),
    ],
)
def test_painting_only_what_changed_leaves_what_painting_all_shows(
    overlay: ImageOverlay, change: Callable[[ImageOverlay], None]
) -> None:
    overlay.set_letters(EdgeLetters("R", "A", "L", "P"))
    overlay.set_scale(2.0)
    overlay.set_chips((Chip("A statement that reaches out a little"),))
    screen = on_screen(overlay)
    change(overlay)
    assert (on_screen(overlay, screen) == on_screen(overlay)).all()


def on_screen(overlay: ImageOverlay, before: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """What a screen shows: all painted anew; or, over what it showed before, only what the overlay asks for."""
    spy = PaintSpy(overlay)
    if before is None:
        overlay.update()
    settle()
    overlay.removeEventFilter(spy)
    whole = pixels(overlay.grab().toImage())
    shown = np.zeros_like(whole) if before is None or before.shape != whole.shape else before.copy()
    for region in spy.regions:
        for place in region:
            rows = slice(place.top(), place.bottom() + 1)
            columns = slice(place.left(), place.right() + 1)
            shown[rows, columns] = whole[rows, columns]
    return shown


def test_chips_move_when_words_come_into_their_way(overlay: ImageOverlay) -> None:
    overlay.set_chips((Chip("A statement"),))
    (high,) = overlay.chips_in_place()
    overlay.set_lines(Corner.TOP_RIGHT, tuple(Line("W" * 14) for _ in range(7)))
    (low,) = overlay.chips_in_place()
    assert low.place.top() >= overlay.place(Corner.TOP_RIGHT).bottom() > high.place.bottom()


def test_letters_that_leave_the_words_as_they_are_draw_none_of_them_anew(
    overlay: ImageOverlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pixels(overlay.grab().toImage())
    drawn: list[str] = []
    paint = image_overlay.paint_words

    def noted(painter: QPainter, words: Sequence[Word]) -> None:
        drawn.extend(word.text for word in words)
        paint(painter, words)

    monkeypatch.setattr(image_overlay, "paint_words", noted)
    overlay.set_letters(EdgeLetters("R", "A", "L", "P"))
    lettered = pixels(overlay.grab().toImage())
    assert (lettered != before).any()
    assert sorted(drawn) == ["A", "L", "P", "R"]
    corner = overlay.place(Corner.TOP_LEFT)
    rows, columns = (
        slice(corner.top(), corner.bottom() + 1),
        slice(corner.left(), corner.right() + 1),
    )
    assert (lettered[rows, columns] == before[rows, columns]).all()


def test_words_written_again_after_others_are_those_on_screen(overlay: ImageOverlay) -> None:
    first = pixels(overlay.grab().toImage())
    for text in ("Other", "First"):
        overlay.set_lines(Corner.TOP_LEFT, (Line(text, Tone.STRONG), Line("second line")))
        now = pixels(overlay.grab().toImage())
        assert (now == first).all() == (text == "First")


FIVE = tuple(
    Chip(f"{label} 0.83", label, short=f"{label[:3]} 0.83", name=label[:3])
    for label in Hemorrhage
    if label != "any"
)


@pytest.mark.parametrize("size", [(500, 400), (382, 332), (382, 198), (361, 174), (724, 395), (1600, 1200)])
@pytest.mark.parametrize(
    "chips", [FIVE, FIVE[:1], (*FIVE[:1], Chip("Outside what the model knows", quiet=True))]
)
def test_chips_stand_at_the_edge_and_leave_words_letters_and_the_middle_free(
    overlay: ImageOverlay, size: tuple[int, int], chips: tuple[Chip, ...]
) -> None:
    overlay.resize(*size)
    overlay.set_letters(EdgeLetters("A", "P", "R", "L"))
    overlay.set_chips(chips)
    placed = [chip.place for chip in overlay.chips_in_place()]
    middle = QRectF(size[0] * 0.3, size[1] * 0.3, size[0] * 0.2, size[1] * 0.4)
    for i, a in enumerate(placed):
        assert QRectF(overlay.rect()).contains(a)
        assert not any(a.intersects(b) for b in placed[i + 1 :])
        assert not any(a.intersects(word) for word in overlay.taken())
        assert not a.intersects(middle)


def test_a_low_image_names_every_finding_or_says_how_many_more_there_are(overlay: ImageOverlay) -> None:
    overlay.set_chips(FIVE)
    assert [chip.text for chip in overlay.chips_in_place()] == [chip.short for chip in FIVE]
    overlay.resize(500, 220)
    assert [chip.text for chip in overlay.chips_in_place()] == [chip.name for chip in FIVE]
    overlay.resize(150, 120)
    shown = [chip.text for chip in overlay.chips_in_place()]
    assert shown[:-1] == [chip.name for chip in FIVE][: len(shown) - 1]
    assert shown[-1] == f"{FIVE[len(shown) - 1].name} +{5 - len(shown)}"


def test_in_a_narrow_image_findings_stand_above_the_middle(overlay: ImageOverlay) -> None:
    overlay.resize(361, 300)
    overlay.set_chips(FIVE)
    placed = overlay.chips_in_place()
    assert [chip.text for chip in placed] == [chip.name for chip in FIVE]
    assert max(chip.place.bottom() for chip in placed) <= 150


def test_findings_are_shortened_before_they_hide_the_image(overlay: ImageOverlay) -> None:
    overlay.set_chips(FIVE)
    assert overlay.chips_in_place()[0].text == FIVE[0].short
    overlay.resize(1200, 400)
    assert overlay.chips_in_place()[0].text == FIVE[0].text


def test_a_reason_breaks_between_its_words_and_shows_where_it_is_cut(overlay: ImageOverlay) -> None:
    reason = "Not analyzed: a reason that is longer than the column at the edge of this image is wide"
    overlay.set_chips((Chip(reason),))
    (chip,) = overlay.chips_in_place()
    assert chip.text.startswith("Not analyzed:") and "\n" in chip.text
    assert chip.text.replace("\n", " ") == reason
    overlay.set_chips((Chip(reason * 3),))
    (cut,) = overlay.chips_in_place()
    assert cut.text.count("\n") == 2 and cut.text.endswith("…")


@pytest.mark.parametrize(
    ("letters", "region"),
    [
        (EdgeLetters(top="A"), (slice(5, 40), slice(235, 265))),
        (EdgeLetters(bottom="P"), (slice(360, 395), slice(235, 265))),
        (EdgeLetters(left="R"), (slice(185, 215), slice(5, 40))),
        (EdgeLetters(right="L"), (slice(185, 215), slice(460, 495))),
    ],
)
def test_letters_stand_at_the_middle_of_their_edge(
    qtbot: QtBot, letters: EdgeLetters, region: tuple[slice, slice]
) -> None:
    widget = ImageOverlay()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    drawn = QImage(500, 400, QImage.Format.Format_RGB32)
    drawn.fill(0)
    widget.set_letters(letters)
    widget.render(drawn)
    lit = pixels(drawn).max(axis=2) > 100
    assert lit[region].any()
    lit[region] = False
    assert not lit.any()


def test_scale_bar_is_true_to_scale(qtbot: QtBot) -> None:
    widget = ImageOverlay()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    widget.set_scale(2.0)
    drawn = QImage(500, 400, QImage.Format.Format_RGB32)
    drawn.fill(0)
    widget.render(drawn)
    # The longest line of the picture: 110 px have room, so 50 mm at 2 px a mm.
    rows = (pixels(drawn).max(axis=2) > 80).sum(axis=1)
    assert abs(int(rows.max()) - 100) <= 3
    assert int(np.argmax(rows)) > 380


@pytest.mark.parametrize(
    ("size", "factor"), [((300, 300), 1.0), ((2000, 900), 1.0), ((3000, 1300), 1.3), ((3840, 2160), 1.5)]
)
def test_words_grow_with_a_large_image(overlay: ImageOverlay, size: tuple[int, int], factor: float) -> None:
    overlay.resize(*size)
    assert overlay.text_font().pixelSize() == round(overlay.font().pixelSize() * factor)


@pytest.mark.parametrize(
    ("size", "wanted_px"), [((382, 198), 13), ((724, 430), 18), ((1300, 700), 21), ((3840, 2160), 32)]
)
def test_words_set_large_leave_room_for_a_small_image(
    overlay: ImageOverlay, size: tuple[int, int], wanted_px: int
) -> None:
    font = overlay.font()
    font.setPixelSize(21)
    overlay.setFont(font)
    overlay.resize(*size)
    assert overlay.text_font().pixelSize() == wanted_px


def test_mouse_passes_through(overlay: ImageOverlay) -> None:
    assert overlay.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_fonts_scale_in_px_and_in_points() -> None:
    px, points = QFont(), QFont()
    px.setPixelSize(20)
    points.setPointSizeF(10)
    assert scaled_font(px, 1.5).pixelSize() == 30
    assert scaled_font(points, 1.5).pointSizeF() == 15
    assert scaled_font(px, 1, bold=True).weight() == QFont.Weight.DemiBold
