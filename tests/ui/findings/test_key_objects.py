"""Key objects as a filter of the strip: where a wish to go to a slice leads, and what is covered."""

from __future__ import annotations

from pathlib import Path

from dicom_factory import write_series
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ichviewer.dicom.catalog import read_catalog
from ichviewer.ui.findings.key_objects import KeyObjectBar, moved_to, stepped
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.session.findings_store import FindingsStore

MARKED = (2, 5, 9)


def test_steps_go_from_one_key_object_to_the_next() -> None:
    assert moved_to(MARKED, 2, 3) == 5
    assert moved_to(MARKED, 9, 8) == 5
    assert moved_to(MARKED, 9, 10) == 9
    assert moved_to(MARKED, 0, 1) == 2
    # Behind the last one there is only the way back.
    assert moved_to(MARKED, 11, 12) == 9


def test_jumps_lead_to_the_nearest_key_object() -> None:
    assert moved_to(MARKED, 0, 6) == 5
    assert moved_to(MARKED, 5, 11) == 9
    assert moved_to(MARKED, 5, 0) == 2
    assert moved_to((), 5, 0) == 0


def test_several_steps_count_key_objects_and_end_at_the_last() -> None:
    assert stepped(MARKED, 2, 2) == 9
    assert stepped(MARKED, 2, 5) == 9
    assert stepped(MARKED, 9, -2) == 2
    assert stepped(MARKED, 4, -1) == 2
    assert stepped(MARKED, 4, 0) == 4
    assert stepped((), 4, 5) == 9


@given(st.sets(st.integers(0, 40), min_size=1), st.integers(0, 40), st.integers(1, 50))
def test_steps_lead_in_their_direction_or_to_the_nearest_end(
    marked: set[int], current: int, steps: int
) -> None:
    left = sorted(marked)
    on, back = stepped(left, current, steps), stepped(left, current, -steps)
    assert {on, back} <= marked
    assert on >= current or on == left[-1]
    assert back <= current or back == left[0]


@given(st.sets(st.integers(0, 40), min_size=1), st.integers(0, 40), st.integers(0, 40))
def test_every_wish_leads_to_a_key_object(marked: set[int], current: int, wanted: int) -> None:
    assert moved_to(sorted(marked), current, wanted) in marked


def test_the_strip_moves_between_key_objects_only_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    write_series(tmp_path, positions_mm=[5.0 * i for i in range(12)])
    (series,) = read_catalog([tmp_path]).series
    strip = SliceStrip(FindingsStore())
    qtbot.addWidget(strip)
    strip.show_series(series)
    strip.set_current(2)
    strip.resize(700, 160)
    whole = strip.grab().toImage()
    strip.set_marked((9, 2, 5, 99, 5))
    assert strip.marked == MARKED
    assert "Key objects: 3 slices" in strip.accessibleDescription()
    assert strip.grab().toImage() != whole
    asked: list[int] = []
    strip.sliceRequested.connect(asked.append)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert asked == [5]
    strip.set_current(5)
    turn = QWheelEvent(
        QPointF(10, 10),
        QPointF(10, 10),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(strip, turn)
    assert asked == [5, 9]
    strip.set_marked(())
    strip.set_current(2)
    assert strip.grab().toImage() == whole
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert asked == [5, 9, 3]


def test_another_series_is_not_filtered(qtbot: QtBot, tmp_path: Path) -> None:
    write_series(tmp_path, positions_mm=[0.0, 5.0, 10.0])
    (series,) = read_catalog([tmp_path]).series
    strip = SliceStrip(FindingsStore())
    qtbot.addWidget(strip)
    strip.show_series(series)
    strip.set_marked((1,))
    strip.show_series(series)
    assert strip.marked == ()


def test_the_bar_says_how_many_slices_and_gives_all_back(qtbot: QtBot) -> None:
    bar = KeyObjectBar()
    qtbot.addWidget(bar)
    bar.tell(4, "Alt+K")
    assert bar.words == "Key objects: 4 slices"
    assert bar.isVisible()
    button = bar.findChild(QPushButton)
    assert "Alt+K" in button.toolTip()
    with qtbot.waitSignal(bar.allSlicesRequested):
        button.click()
    bar.tell(0, "Alt+K")
    assert not bar.isVisible()
