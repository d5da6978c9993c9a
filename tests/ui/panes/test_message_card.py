"""What stands where no image is."""

from __future__ import annotations

import pytest
from golden import pixels
from image_builders import settle
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.ui.panes.message_card import MessageCard, MessageKind


@pytest.fixture
def card(qtbot: QtBot) -> MessageCard:
    """A message card of 500 x 400 px."""
    widget = MessageCard()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    widget.show()
    return widget


@pytest.mark.parametrize("kind", list(MessageKind))
def test_says_title_and_detail_with_an_icon(card: MessageCard, kind: MessageKind) -> None:
    card.set_message("No image", "The file was cut short.", kind)
    settle()
    assert (card.kind, card.title, card.detail) == (kind, "No image", "The file was cut short.")
    assert (card.accessibleName(), card.accessibleDescription()) == ("No image", "The file was cut short.")
    assert not card._icon.pixmap().isNull()


def test_only_the_empty_window_tells_how_to_open(card: MessageCard) -> None:
    card.set_message("Nothing open", "", MessageKind.EMPTY)
    assert card.buttons[0].isVisible() and card._hint.isVisible()
    assert "DICOMDIR" in card._hint.text()
    card.set_message("Reading", "", MessageKind.LOADING)
    assert not card.buttons[0].isVisible() and not card._hint.isVisible()


@pytest.mark.parametrize("width", [240, 400, 900])
def test_the_buttons_lie_inside_and_beside_nothing_else(card: MessageCard, width: int) -> None:
    card.resize(width, 600)
    card.set_message("Open a head CT", "word " * 20, MessageKind.EMPTY)
    settle()
    places = [button.geometry() for button in card.buttons]
    assert [b.text() for b in card.buttons] == ["Open folder…", "Open files…", "Open the demo studies"]
    others = [card._detail.geometry(), card._hint.geometry(), card._title.geometry()]
    for i, place in enumerate(places):
        assert card.rect().contains(place)
        assert not any(place.intersects(other) for other in [*places[:i], *others])
        assert card.buttons[i].focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_a_narrow_card_that_becomes_wide_takes_no_more_room_than_needed(card: MessageCard) -> None:
    card.resize(240, 600)
    card.set_message("Open a head CT", "word " * 20, MessageKind.EMPTY)
    settle()
    card.resize(900, 600)
    settle()
    height = card._detail.height()
    card.set_message("Open a head CT", "word " * 20, MessageKind.EMPTY)
    settle()
    assert card._detail.height() == height < 80


def test_kinds_look_different(card: MessageCard) -> None:
    seen = set()
    # A failure to open is an error, and looks like one.
    kinds = set(MessageKind) - {MessageKind.FAILED}
    for kind in kinds:
        card.set_message("Title", "Detail", kind)
        settle()
        seen.add(pixels(card._icon.pixmap().toImage()).tobytes())
    assert len(seen) == len(kinds)


@pytest.mark.parametrize("width", [240, 500, 1600])
def test_long_details_wrap_inside(card: MessageCard, width: int) -> None:
    card.resize(width, 500)
    card.set_message("Title", "word " * 40, MessageKind.ERROR)
    settle()
    assert card.rect().contains(card._detail.geometry())
    # Every line is there, and nothing else is covered.
    assert card._detail.height() >= card._detail.heightForWidth(card._detail.width())
    assert not card._detail.geometry().intersects(card._title.geometry())


def test_markup_in_a_message_is_shown_as_it_is(card: MessageCard) -> None:
    card.set_message("<b>x</b>", "<img src=y>", MessageKind.ERROR)
    assert card._title.textFormat() == card._detail.textFormat()
    assert card._title.textFormat().name == "PlainText"


def test_after_a_failure_something_else_can_be_opened(qtbot: QtBot, card: MessageCard) -> None:
    card.resize(900, 600)
    card.set_message("Nothing to show", "The folder holds no DICOM files.", MessageKind.FAILED)
    settle()
    further = (card.back_button, card.recent_button, card.copy_button)
    shown = (*card.buttons, *further)
    assert all(button.isVisible() and card.rect().contains(button.geometry()) for button in shown)
    assert not any(a.geometry().intersects(b.geometry()) for a in card.buttons for b in further)
    with qtbot.waitSignal(card.backRequested):
        card.back_button.click()
    with qtbot.waitSignal(card.openRequested):
        card.buttons[0].click()
    card.copy_button.click()
    assert QGuiApplication.clipboard().text() == "Nothing to show\nThe folder holds no DICOM files."
    for kind in set(MessageKind) - {MessageKind.FAILED}:
        card.set_message("No image", "", kind)
        assert not any(button.isVisible() for button in further)


def test_a_low_pane_says_its_title_whole_and_the_rest_in_its_tooltip(qtbot: QtBot) -> None:
    # In a pane: by itself Qt would keep it as large as all of it needs.
    pane = QWidget()
    qtbot.addWidget(pane)
    pane.resize(600, 400)
    card = MessageCard(pane)
    pane.show()
    detail = "Drag a series from the list here, or click it while this pane is the active one."
    card.set_message("No series", detail, MessageKind.VACANT)
    card.resize(360, 300)
    settle()
    labels = {label.text(): label for label in card.findChildren(QLabel) if label.isVisible()}
    assert "No series" in labels and detail in labels and card.toolTip() == ""
    card.resize(360, 80)
    settle()
    labels = {label.text(): label for label in card.findChildren(QLabel) if label.isVisible()}
    assert detail not in labels and card.toolTip() == detail
    title = labels["No series"]
    assert title.height() >= title.sizeHint().height() and card.rect().contains(title.geometry())
    card.resize(360, 300)
    settle()
    assert card.toolTip() == ""
    assert any(label.text() == detail and label.isVisible() for label in card.findChildren(QLabel))


def test_a_failure_in_a_low_window_leaves_out_its_icon_and_not_its_words(card: MessageCard) -> None:
    detail = "There is no DICOM image here. " * 6
    card.set_message("Nothing to show", detail, MessageKind.FAILED)
    for height in (500, 290):
        card.resize(700, height)
        settle()
        shown = [label for label in card.findChildren(QLabel) if label.isVisible() and label.text()]
        assert any(label.text() == detail for label in shown)
        assert all(card.rect().contains(label.geometry()) for label in shown)
