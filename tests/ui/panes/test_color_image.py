"""Color images are shown in their colors; no window applies to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_backend import InProcessReader, scripted_backend
from golden import pixels
from image_builders import drag, make_decoded, make_series, mouse, settle
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.series import SliceInfo
from ichviewer.domain.window import Window
from ichviewer.ui.panes.image_overlay import Corner
from ichviewer.ui.panes.image_pane import ImagePane

SIDE = 320
RED, GREEN = (200, 30, 10), (20, 180, 60)


def in_color(side: int = 32) -> DecodedSlice:
    """Red on the left half, green on the right."""
    rgb = np.empty((side, side, 3), np.uint8)
    rgb[:, : side // 2], rgb[:, side // 2 :] = RED, GREEN
    luminance = np.round(rgb @ np.array([0.299, 0.587, 0.114])).astype(np.int16)
    return DecodedSlice(SliceImage(luminance, Rescale(1.0, 0.0)), rgb=rgb)


@pytest.fixture
def pane(qtbot: QtBot) -> ImagePane:
    widget = ImagePane()
    qtbot.addWidget(widget)
    widget.resize(SIDE, SIDE)
    widget.show_series(make_series())
    widget.show_slice(2, in_color())
    widget.show()
    settle()
    return widget


def seen(pane: ImagePane) -> list[tuple[int, ...]]:
    """Colors of the left and the right half, without the words."""
    pane._overlay.hide()
    picture = pixels(pane.grab().toImage())
    pane._overlay.show()
    return [tuple(int(v) for v in picture[SIDE // 2, x]) for x in (SIDE // 4, 3 * SIDE // 4)]


def lines(pane: ImagePane, corner: Corner) -> list[str]:
    return [line.text for line in pane._overlay.lines(corner)]


def test_the_colors_are_those_of_the_file(pane: ImagePane) -> None:
    assert seen(pane) == [RED, GREEN]
    assert pane.shows_color


def test_no_window_applies_and_that_is_said(pane: ImagePane, qtbot: QtBot) -> None:
    assert lines(pane, Corner.BOTTOM_RIGHT) == ["Color image", "no window applies"]
    with qtbot.assertNotEmitted(pane.voiChanged):
        drag(pane, (100, 100), (160, 150))
        settle()
    pane.set_voi(Window(-500, 10), "White")
    pane.toggle_inverted()
    settle()
    assert seen(pane) == [RED, GREEN]
    assert not pane.inverted()
    assert lines(pane, Corner.BOTTOM_RIGHT) == ["Color image", "no window applies"]


def test_the_readout_tells_color_and_luminance(pane: ImagePane) -> None:
    mouse(pane, QEvent.Type.MouseMove, (55, 75))
    settle()
    # 0.299 * 200 + 0.587 * 30 + 0.114 * 10 = 78.55
    assert lines(pane, Corner.BOTTOM_LEFT)[:3] == ["RGB 200 30 10", "Luminance 79", "Row 7  Column 5"]
    assert not any("HU" in line for line in lines(pane, Corner.BOTTOM_LEFT))


def test_a_grey_slice_after_it_has_its_window_again(pane: ImagePane, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pane.colorShown) as told:
        pane.show_slice(3, make_decoded())
    assert told.args == [False]
    settle()
    assert lines(pane, Corner.BOTTOM_RIGHT)[-1].startswith("C ")
    left, right = seen(pane)
    assert len(set(left)) == len(set(right)) == 1


def test_zoom_and_pan_work_as_ever(pane: ImagePane) -> None:
    drag(pane, (100, 100), (150, 100), button=Qt.MouseButton.MiddleButton)
    placement = pane.placement()
    assert placement is not None and placement.center_mm[0] == pytest.approx(11)


def test_in_the_window_the_presets_are_off(make_window: MakeWindow, ct_series: list[Path]) -> None:  # noqa: F811
    class ColorReader(InProcessReader):
        def read_slice(self, info: SliceInfo) -> DecodedSlice:
            return in_color(info.rows)

    window = make_window.opened(ct_series[0].parent, backend=scripted_backend(open_reader=ColorReader))
    assert window.image.shows_color
    assert not window.preset_bar.isEnabled() and not window.menus.windows.isEnabled()
    assert not window.actions_["view.invert"].isEnabled()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_5)
    settle()
    assert lines(window.image, Corner.BOTTOM_RIGHT)[0] == "Color image"
    window.session.close_study()
    window.session.reader.read_slice = InProcessReader().read_slice  # type: ignore[method-assign]
    window.open_paths([ct_series[0].parent])
    make_window.wait(window)
    assert not window.image.shows_color
    assert window.preset_bar.isEnabled() and window.actions_["view.invert"].isEnabled()
