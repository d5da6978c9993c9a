"""The window lies on a screen with its frame, whatever was remembered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app import window_place
from ichviewer.ui.app.window_place import FRAME_PX, fitted
from ichviewer.ui.session.ui_settings import UiSettings

SMALL = QRect(0, 0, 1280, 720)
SCREENS = [SMALL, QRect(0, 0, 1600, 1000), QRect(0, 0, 3840, 2160)]

rects = st.builds(
    QRect,
    st.integers(-5000, 5000),
    st.integers(-5000, 5000),
    st.integers(200, 6000),
    st.integers(200, 4000),
)


def with_frame(inside: QRect) -> QRect:
    return inside.marginsAdded(FRAME_PX)


@given(wanted=rects)
def test_all_of_it_is_on_one_screen(wanted: QRect) -> None:
    screens = [SMALL, QRect(1280, -200, 1920, 1080)]
    place = fitted(wanted, screens)
    assert any(screen.contains(with_frame(place)) for screen in screens)
    assert fitted(place, screens) == place


@given(wanted=rects)
def test_what_lies_well_is_not_moved(wanted: QRect) -> None:
    screen = with_frame(wanted)
    assert fitted(wanted, [screen]) == wanted


def test_the_screen_that_shows_most_of_it_keeps_it() -> None:
    screens = [QRect(0, 0, 1920, 1080), QRect(1920, 0, 1920, 1080)]
    assert screens[1].contains(fitted(QRect(1700, 100, 1200, 800), screens))
    # On none of them any more: the first one takes it.
    assert screens[0].contains(fitted(QRect(9000, 100, 1200, 800), screens))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda r: f"{r.width()}x{r.height()}")
def test_the_first_window_fits(
    make_window: MakeWindow,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    screen: QRect,
) -> None:
    monkeypatch.setattr(window_place, "screen_rects", lambda: [screen])
    window = make_window()
    assert screen.contains(with_frame(window.geometry()))
    # As large as liked where there is room.
    room = screen.marginsRemoved(FRAME_PX).size()
    assert window.size() == window_place.LIKED.boundedTo(room)
    least = window.minimumSizeHint().expandedTo(window.minimumSize())
    assert least.width() <= room.width() and least.height() <= room.height()


@pytest.mark.parametrize("remembered", [QRect(2000, 900, 1700, 1200), QRect(-3000, 40, 1200, 650)])
def test_a_window_of_a_larger_or_missing_screen_comes_back(
    make_window: MakeWindow,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    remembered: QRect,
) -> None:
    monkeypatch.setattr(window_place, "screen_rects", lambda: [QRect(-4000, 0, 9000, 2160)])
    first = make_window()
    first.setGeometry(remembered)
    first.close()
    monkeypatch.setattr(window_place, "screen_rects", lambda: [SMALL])
    second = make_window()
    assert SMALL.contains(with_frame(second.geometry()))


def test_a_maximized_window_stays_maximized_and_fits_afterwards(
    make_window: MakeWindow,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window_place, "screen_rects", lambda: [QRect(0, 0, 3840, 2160)])
    first = make_window()
    first.setGeometry(QRect(1800, 900, 1900, 1200))
    first.showMaximized()
    first.close()
    monkeypatch.setattr(window_place, "screen_rects", lambda: [SMALL])
    second = make_window()
    assert second.windowState() & Qt.WindowState.WindowMaximized
    assert SMALL.contains(with_frame(second.normalGeometry()))


def test_unreadable_geometry_counts_as_none(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(window_place, "screen_rects", lambda: [SMALL])
    UiSettings().set_layout("geometry", QByteArray(b"nonsense"))
    assert SMALL.contains(with_frame(make_window().geometry()))


def test_with_everything_open_it_can_still_be_as_small_as_a_small_screen(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list,  # type: ignore[type-arg]
) -> None:
    window = make_window.opened(ct_series[0].parent)
    window.show_doubts(["contrast medium (bright vessels)", "slices of 10 mm"])
    room = SMALL.marginsRemoved(FRAME_PX).size()
    window.resize(QSize(1, 1))
    assert window.width() <= room.width() and window.height() <= room.height()
