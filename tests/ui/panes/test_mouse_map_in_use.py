"""What the mouse does over an image follows the map in use."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ichviewer.ui.panes.gesture_widget import GestureWidget
from ichviewer.ui.panes.image_interaction import SLICE_DRAG_PX
from ichviewer.ui.session.mouse_map import DoubleClick, Drag, MouseMap, Wheel

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    widget = GestureWidget()
    qtbot.addWidget(widget)
    widget.resize(400, 400)
    widget.show()
    return widget


def drag(widget: GestureWidget, button: Qt.MouseButton, down_px: int) -> None:
    QTest.mousePress(widget, button, pos=QPoint(200, 100))
    for y in range(0, down_px + 1, 6):
        QTest.mouseMove(widget, QPoint(200, 100 + y))
    QTest.mouseRelease(widget, button, pos=QPoint(200, 100 + down_px))


def test_a_drag_through_the_slices_moves_one_for_so_many_px(widget: GestureWidget) -> None:
    steps: list[int] = []
    widget.interaction.slicesStepped.connect(steps.append)
    widget.interaction.set_mouse(MouseMap(right=Drag.SLICES))
    drag(widget, RIGHT, int(3 * SLICE_DRAG_PX))
    assert sum(steps) == 3


def test_a_button_that_does_nothing_leaves_the_others_free(widget: GestureWidget) -> None:
    zooms: list[float] = []
    widget.interaction.zoomed.connect(lambda factor, _: zooms.append(factor))
    widget.interaction.set_mouse(MouseMap(right=Drag.NOTHING))
    drag(widget, RIGHT, 60)
    assert zooms == []
    widget.interaction.set_mouse(MouseMap(right=Drag.ZOOM))
    drag(widget, RIGHT, 60)
    assert zooms


@pytest.mark.parametrize(
    ("action", "told"), [(DoubleClick.RESET, [1]), (DoubleClick.ENLARGE, [2]), (DoubleClick.NOTHING, [])]
)
def test_a_double_click_does_what_the_map_says(
    widget: GestureWidget, action: DoubleClick, told: list[int]
) -> None:
    heard: list[int] = []
    widget.interaction.resetRequested.connect(lambda: heard.append(1))
    widget.interaction.enlargeRequested.connect(lambda: heard.append(2))
    widget.interaction.set_mouse(MouseMap(double_click=action))
    QTest.mouseDClick(widget, LEFT)
    assert heard == told


def test_the_wheel_can_zoom_and_ctrl_with_it_step(widget: GestureWidget) -> None:
    assert MouseMap(wheel=Wheel.ZOOM).wheel_for(0) is Wheel.ZOOM
    zooms: list[float] = []
    widget.interaction.zoomed.connect(lambda factor, _: zooms.append(factor))
    widget.interaction.set_mouse(MouseMap(wheel=Wheel.ZOOM))
    QTest.wheelEvent(widget.windowHandle(), QPoint(200, 200), QPoint(0, 120))
    assert zooms == [pytest.approx(1.15)]
