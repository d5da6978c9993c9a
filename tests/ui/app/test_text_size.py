"""At every size of words from 80 to 160 per cent nothing in the window or the settings is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cut_words import cut
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QTableWidget, QWidget
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.open_settings import open_settings
from ichviewer.ui.look.fonts import font, text_size
from ichviewer.ui.look.theme import look

SIZES = (80, 100, 130, 160)


@pytest.fixture(autouse=True)
def size_of_words(qapp: QApplication) -> Iterator[None]:
    yield
    look().set_text_percent(qapp, 100)


def test_words_that_have_no_room_are_found(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    label = QLabel("Some words", box)
    label.resize(label.sizeHint())
    box.show()
    assert cut(box) == []
    label.resize(label.width() - 1, label.height())
    assert len(cut(box)) == 1


def test_names_of_columns_that_have_no_room_are_found(qtbot: QtBot) -> None:
    table = QTableWidget(0, 2)
    qtbot.addWidget(table)
    table.setHorizontalHeaderLabels(["Tries", "Next try"])
    table.resize(400, 200)
    table.show()
    assert cut(table) == []
    table.setColumnWidth(1, 25)
    assert len(cut(table)) == 1


@pytest.mark.parametrize("percent", SIZES)
def test_the_window_cuts_no_words(
    qapp: QApplication,
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    percent: int,
) -> None:
    window = make_window.opened(ct_series[0].parent)
    window.resize(1500, 950)
    look().set_text_percent(qapp, percent)
    qtbot.wait(100)
    parts = (window.browser, window.findings, window.preset_bar, window.menuBar())
    assert [words for part in parts for words in cut(part)] == []
    # Rows of the list of studies are as high as the lines in them need.
    view = window.browser.view
    index = view.model().index(0, 0)
    lines = sum(QFontMetrics(font(px)).height() for px in (14, 12, 12))
    assert view.visualRect(index).height() >= lines
    for n in range(len(window.presets)):
        button = window.preset_bar.button(n)
        if button.isVisible():
            assert button.width() >= button.sizeHint().width()
            assert button.height() >= sum(QFontMetrics(font(px)).height() for px in (12, 11))


@pytest.mark.parametrize("percent", SIZES)
def test_the_empty_window_cuts_no_words(
    qapp: QApplication,
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    percent: int,
) -> None:
    window = make_window()
    look().set_text_percent(qapp, percent)
    qtbot.wait(100)
    assert cut(window.image) == []


@pytest.mark.parametrize("percent", SIZES)
def test_the_settings_cut_no_words(
    qapp: QApplication,
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    percent: int,
) -> None:
    window = make_window()
    look().set_text_percent(qapp, percent)
    dialog = open_settings(window, window.settings, window.presets)
    for page in dialog.pages:
        dialog.show_page(page)
        qtbot.wait(30)
        assert cut(dialog) == [], page.title
        # Across nothing has to be scrolled.
        assert page.minimumSizeHint().width() <= page.width(), page.title
    assert QRect(dialog.screen().availableGeometry().topLeft(), dialog.size()).height() <= 800
    dialog.close()


def test_lengths_go_with_the_words(qapp: QApplication) -> None:
    look().set_text_percent(qapp, 150)
    # 150 % of 13 and 15: 19.5, which rounds to the even 20, and 22.5, which rounds to the even 22.
    assert (text_size().px(13), text_size().px(15), text_size().px(0.1)) == (20, 22, 1)
    assert font(12).pixelSize() == 18
    with pytest.raises(ValueError, match="Received: 300"):
        text_size().set_percent(300)
