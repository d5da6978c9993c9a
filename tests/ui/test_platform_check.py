from __future__ import annotations

import subprocess
import sys

import pytest

from ichviewer.ui.platform_check import (
    MissingLibrariesError,
    check_platform,
    missing_libraries,
    wanted_platform,
)


def test_nothing_missing_is_silent() -> None:
    check_platform({"DISPLAY": ":0"}, "linux", lambda _: True, lambda display: display == ":0")
    check_platform({"QT_QPA_PLATFORM": "offscreen"}, "linux", lambda _: True)


def test_missing_library_is_named_with_its_package() -> None:
    with pytest.raises(MissingLibrariesError) as caught:
        check_platform({"DISPLAY": ":0"}, "linux", lambda name: name != "libxcb-cursor.so.0")
    assert "apt-get install libxcb-cursor0" in str(caught.value)
    assert "libxcb-cursor.so.0 missing" in str(caught.value)


def test_x11_libraries_are_needed_on_x11_only() -> None:
    none = missing_libraries("xcb", lambda _: False)
    few = missing_libraries("offscreen", lambda _: False)
    assert "libxcb-cursor0" in none.values()
    assert "libxcb-cursor0" not in few.values()
    assert "libegl1" in few.values()


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen:x", "DISPLAY": ":0"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "xcb;wayland"}, "xcb"),
        ({}, ""),
    ],
)
def test_platform(environment: dict[str, str], platform: str) -> None:
    assert wanted_platform(environment) == platform


def test_no_display_says_what_works_without_one() -> None:
    with pytest.raises(MissingLibrariesError, match="ichviewer annotate"):
        check_platform({}, "linux", lambda _: True)


def test_a_display_that_does_not_answer_is_named() -> None:
    with pytest.raises(MissingLibrariesError, match=r"does not answer.*':4242'"):
        check_platform({"DISPLAY": ":4242"}, "linux", lambda _: True)


def test_displays_that_are_not_of_x11_are_not_asked() -> None:
    def never(display: str) -> bool:
        raise AssertionError(display)

    for environment in ({"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}):
        check_platform(environment, "linux", lambda _: True, never)


def test_other_systems_bring_everything() -> None:
    check_platform({}, "win32", lambda _: False)
    check_platform({}, "darwin", lambda _: False)


def test_checked_before_qt_is_loaded() -> None:
    loaded = "print([m for m in sys.modules if 'PySide6' in m])"
    code = f"import sys, ichviewer.ui.app.app, ichviewer.ui.app.screenshot; {loaded}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
