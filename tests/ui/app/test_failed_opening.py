"""The page after something could not be opened: what went wrong, and ways on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.panes.message_card import MessageKind


@pytest.fixture
def failed(qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path], tmp_path: Path) -> MainWindow:  # noqa: F811
    """A study was opened, then a folder without DICOM files."""
    window = make_window.opened(ct_series[0].parent)
    empty = tmp_path / "no dicom here"
    empty.mkdir()
    (empty / "notes.txt").write_text("nothing")
    with qtbot.waitSignal(window.session.readFailed):
        window.open_paths([empty])
    return window


def test_it_says_what_failed_and_offers_ways_on(failed: MainWindow) -> None:
    card = failed.image.card
    assert card.kind is MessageKind.FAILED and "no dicom here" in card.detail
    assert all(button.isVisible() for button in (*card.buttons, card.back_button, card.recent_button))
    assert not failed.session.is_open and failed.viewing.series is None


def test_back_leads_to_the_empty_window(failed: MainWindow) -> None:
    card = failed.image.card
    card.back_button.click()
    assert card.kind is MessageKind.EMPTY and "no dicom here" not in card.detail
    assert not card.back_button.isVisible()


def test_what_was_opened_before_is_opened_again(
    failed: MainWindow,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    menu = failed.image.card.recent_menu
    menu.aboutToShow.emit()
    (found,) = [action for action in menu.actions() if str(ct_series[0].parent) == action.text()]
    found.trigger()
    make_window.wait(failed)
    assert failed.viewing.series is not None and failed.image.shown is not None
