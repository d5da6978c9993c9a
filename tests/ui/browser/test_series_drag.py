"""A series pressed on in the list may become a drag: it is asked for only when the button comes up on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import InProcessReader
from PySide6.QtCore import QMimeData, QPoint, Qt
from pytestqt.qtbot import QtBot

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.series import Catalog, SeriesKey
from ichviewer.services.open_study import open_study
from ichviewer.ui.browser.series_drag import carries_series, series_mime, series_of, series_token
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.browser.thumbnails import Thumbnails
from ichviewer.ui.session.workers import Workers

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    for name in ("1", "2"):
        write_series(tmp_path / name, n=2, SeriesInstanceUID=f"1.2.{name}", StudyInstanceUID="1.2")
    return open_study([tmp_path])


@pytest.fixture
def browser(qtbot: QtBot, catalog: Catalog) -> Iterator[StudyBrowser]:
    workers = Workers()
    thumbnails = Thumbnails(workers)
    thumbnails.open(PixelCache(read=InProcessReader().read_slice))
    made = StudyBrowser(thumbnails)
    qtbot.addWidget(made)
    made.resize(320, 500)
    made.show()
    made.set_catalog(catalog)
    made.set_current(catalog.series[0].key)
    qtbot.wait(20)
    yield made
    workers.stop()
    workers.join(2.0)


def at(browser: StudyBrowser, key: SeriesKey) -> QPoint:
    return browser.view.visualRect(browser.tree.index_of(key)).center()


def test_pressing_asks_for_nothing_and_letting_go_on_the_row_does(
    qtbot: QtBot, browser: StudyBrowser, catalog: Catalog
) -> None:
    asked: list[SeriesKey] = []
    browser.seriesRequested.connect(asked.append)
    key = catalog.series[1].key
    browser.view.setFocus()
    qtbot.mousePress(browser.view.viewport(), LEFT, pos=at(browser, key))
    assert asked == []
    qtbot.mouseRelease(browser.view.viewport(), LEFT, pos=at(browser, key))
    assert asked == [key]


def test_by_keyboard_a_series_is_asked_for_at_once(
    qtbot: QtBot, browser: StudyBrowser, catalog: Catalog
) -> None:
    browser.view.setFocus()
    qtbot.waitUntil(browser.view.hasFocus)
    with qtbot.waitSignal(browser.seriesRequested) as asked:
        qtbot.keyClick(browser.view, Qt.Key.Key_Down)
    assert asked.args == [catalog.series[1].key]


def test_only_series_can_be_dragged_and_the_drag_names_the_one(
    browser: StudyBrowser, catalog: Catalog
) -> None:
    tree = browser.tree
    for series in catalog.series:
        index = tree.index_of(series.key)
        assert tree.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
        mime = tree.mimeData([index])
        assert tree.mimeTypes() == mime.formats() and carries_series(mime)
        assert series_of(series_token(mime), catalog.series) is series
        for above in (index.parent(), index.parent().parent()):
            assert not tree.flags(above) & Qt.ItemFlag.ItemIsDragEnabled
    assert tree.supportedDragActions() == Qt.DropAction.CopyAction


def test_what_is_not_open_is_no_series(catalog: Catalog) -> None:
    token = series_token(series_mime(SeriesKey("1.2", "9.9.9")))
    assert series_of(token, catalog.series) is None
    assert not carries_series(QMimeData())
