"""Nothing of a patient stays on the screen after closing, or when the next thing cannot be opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from golden import pixels
from image_builders import settle
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture
from window_words import everything_said

from ichviewer.domain.annotation.base import Kind
from ichviewer.errors import IchViewerError
from ichviewer.ui.app.main_window import MainWindow

MARKS = ("Zachariah", "ID4711", "SECRETSTUDY", "SECRETSERIES", "4711ACC", "1961-07-09", "Doe")
"""What the files of the first patient say, anywhere."""


@pytest.fixture
def first(make_window: MakeWindow, tmp_path: Path) -> MainWindow:  # noqa: F811
    """A window with a patient whose every text is known, a gap in the series, and everything on show."""
    folder = tmp_path / "one"
    write_series(
        folder,
        positions_mm=[0, 5, 10, 25, 30],
        patient_id="ID4711",
        patient_name="Doe^Zachariah",
        PatientBirthDate="19610709",
        StudyDescription="SECRETSTUDY",
        description="SECRETSERIES",
        AccessionNumber="4711ACC",
        hu=np.full((64, 64), 70, dtype=np.int16),
    )
    window = make_window.opened(folder)
    window.settings.clear_recent()
    window.notice.show_message("rows of Zachariah written", "done")
    window.show_doubts(["Zachariah is a child"])
    window.show_problems()
    settle()
    assert found(window) == set(MARKS)
    return window


def found(window: MainWindow) -> set[str]:
    said = "\n".join(everything_said(window))
    return {mark for mark in MARKS if mark in said}


def fail(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "a.dcm").write_bytes(b"no image at all")
    with qtbot.waitSignal(window.session.readFailed):
        window.open_paths([broken], remember=False)


def close(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.actions_["file.close_study"].trigger()


@pytest.mark.parametrize("go", [fail, close])
def test_nothing_of_the_patient_is_left(
    qtbot: QtBot,
    first: MainWindow,
    tmp_path: Path,
    go: Callable[[QtBot, MainWindow, Path], None],
) -> None:
    go(qtbot, first, tmp_path)
    # At once, before the event loop turns again.
    assert first.windowTitle() == "ichviewer"
    assert found(first) == set()
    settle()
    qtbot.wait(400)
    assert not first.findChildren(QDialog)
    assert found(first) == set()
    assert first.image._canvas.picture is None
    assert first.image.placement() is None
    assert first.status.words == "" and first.status.problems == 0
    assert first.strip.accessibleDescription() == "No series"
    assert not first.notice.isVisible() and first.notice.text == ""
    assert first.findings._list.flagged.rowCount() == 0


@pytest.mark.parametrize("go", [fail, close])
def test_nothing_is_left_in_further_panes_reformats_and_measurements(
    qtbot: QtBot,
    first: MainWindow,
    tmp_path: Path,
    go: Callable[[QtBot, MainWindow, Path], None],
) -> None:
    first.panes.use_layout("2x2")
    series = first.viewing.series
    assert series is not None
    for pane in first.viewing.panes:
        pane.show_series(series)
    settle()
    surface = first.tools._active.surface()
    assert surface is not None
    first.tools.store.add(surface.make(Kind.TEXT, ((9.0, 9.0),), "Zachariah's bleed"))
    first.actions_["measure.list"].trigger()
    first.panes.use_layout("1x2")
    first.actions_["view.reformats_shown"].trigger()
    settle()
    assert first.tools.part.isVisible() and found(first) == set(MARKS)
    go(qtbot, first, tmp_path)
    assert found(first) == set()
    settle()
    assert found(first) == set()
    assert not first.tools.part.isVisible() and not first.tools.list.rows and not first.reformats.shown
    assert not first.tools.store.history.count() and not first.tools.store.annotations
    for pane in first.viewing.panes:
        assert pane.series is None and pane.image.picture is None and pane.image.frame is None
    assert all(pane.pixels is None for pane in first.reformats.set.panes.values())


def test_a_closed_window_looks_like_one_in_which_nothing_was_open(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    first: MainWindow,
) -> None:
    first.actions_["file.close_study"].trigger()
    fresh = make_window()
    fresh.resize(first.size())
    qtbot.waitUntil(lambda: fresh.session.model.model is not None)
    seen = []
    for window in (first, fresh):
        window.image.setFocus()
        qtbot.wait(300)
        seen.append(pixels(window.grab().toImage()).astype(int))
    off = np.argwhere(np.abs(seen[0] - seen[1]).max(axis=2) > 2)
    assert not off.size, (off.min(axis=0), off.max(axis=0))


def test_nothing_is_left_while_the_next_is_being_read(first: MainWindow, tmp_path: Path) -> None:
    write_series(tmp_path / "next", n=3, patient_name="Other^One", patient_id="P2")
    first.open_paths([tmp_path / "next"], remember=False)
    assert found(first) == set()
    assert first.windowTitle() == "ichviewer"


def test_a_reading_that_fails_halfway_leaves_nothing(qtbot: QtBot, first: MainWindow) -> None:
    first.session.readFailed.emit(IchViewerError("the disk is gone"))
    settle()
    assert found(first) == set()
    assert "disk is gone" in first.image._card.detail
