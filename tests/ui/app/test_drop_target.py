"""What is dragged onto the window: seen before it is let go, taken or refused visibly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from golden import pixels
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.drop_target import REFUSAL, local_paths
from ichviewer.ui.app.main_window import MainWindow

COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def words_only() -> QMimeData:
    mime = QMimeData()
    mime.setText("some words")
    return mime


def enter(window: MainWindow, mime: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(QPoint(60, 60), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(window, event)
    return event


def drop(window: MainWindow, mime: QMimeData) -> QDropEvent:
    event = QDropEvent(QPointF(60, 60), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(window, event)
    return event


def test_over_an_open_study_it_says_what_would_be_closed(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    tmp_path: Path,
) -> None:
    window = make_window.opened(ct_series[0].parent)
    before = pixels(window.grab().toImage())
    mime = files(tmp_path)
    event = enter(window, mime)
    assert event.isAccepted() and event.dropAction() is COPY
    target = window.drop_target
    assert target.isVisible() and target.geometry() == window.rect()
    assert target.words == "Drop to open in place of Doe, John"
    during = pixels(window.grab().toImage())
    # Something is seen everywhere along the edge, and in the middle.
    assert (np.abs(during[4, :].astype(int) - before[4, :]).max(axis=1) > 20).mean() > 0.9
    move = QDragMoveEvent(QPoint(200, 200), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(window, move)
    assert move.isAccepted() and move.dropAction() is COPY and target.isVisible()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not target.isVisible() and target.words == ""
    assert np.array_equal(pixels(window.grab().toImage())[4, :], before[4, :])


def test_several_paths_are_opened_together(make_window: MakeWindow, tmp_path: Path) -> None:  # noqa: F811
    write_series(tmp_path / "a", n=3, SeriesInstanceUID="1.2.3")
    write_series(tmp_path / "b", n=4, SeriesInstanceUID="1.2.4")
    window = make_window()
    mime = files(tmp_path / "a", tmp_path / "b")
    enter(window, mime)
    assert window.drop_target.words == "Drop to open 2 items"
    drop(window, mime)
    assert not window.drop_target.isVisible()
    make_window.wait(window)
    assert sorted(len(s) for s in window.session.catalog.series) == [3, 4]


@pytest.mark.parametrize("make", [words_only, lambda: files(Path("/nowhere/at/all"))])
def test_what_is_no_file_is_refused_visibly(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    make: object,
) -> None:
    window = make_window.opened(ct_series[0].parent)
    mime = make()  # type: ignore[operator]
    event = enter(window, mime)
    # Accepted, so that the window is told when it leaves, but with nothing that a drop would do.
    assert event.isAccepted() and event.dropAction() is Qt.DropAction.IgnoreAction
    assert window.drop_target.words == REFUSAL
    drop(window, mime)
    assert not window.drop_target.isVisible()
    assert REFUSAL in window.notice.text and window.notice.isVisible()
    assert window.session.is_open, "what was open stays"


def test_a_web_address_is_no_file() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.dcm")])
    assert local_paths(mime) == []
