"""Looks for the system libraries that Qt needs before Qt is loaded, and names the packages that bring them.

Without this, a missing library is a crash with a message about a "platform plugin". Only on Linux: on Windows and
macOS Qt brings all it needs. Imports no Qt.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

from ichviewer.errors import IchViewerError

_ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What QtGui and each of its platforms need, to the Debian package that holds it."""

_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window on X11 needs besides (libxcb-cursor since Qt 6.5)."""


class MissingLibrariesError(IchViewerError):
    """The system lacks libraries that Qt needs, or a display."""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers(display: str) -> bool:
    """Whether an X server answers at a display; asked through libxcb, as Qt will. True where that is not there."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode() or None, None)
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers


def missing_libraries(platform: str, loads: Callable[[str], bool] = _loads) -> dict[str, str]:
    """Libraries that are not there, to the Debian package that holds each.

    Parameters
    ----------
    platform : str
        Qt platform that will be used: ``xcb``, ``wayland``, ``offscreen``...
    loads : callable
        Whether a library can be loaded; the system's loader unless told.
    """
    needed = {**_ALWAYS, **_XCB} if platform.startswith("xcb") else _ALWAYS
    return {library: package for library, package in needed.items() if not loads(library)}


def wanted_platform(environ: Mapping[str, str]) -> str:
    """The Qt platform that will be used in this environment; empty if there is no display."""
    chosen = environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen:
        return chosen
    if environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environ.get("DISPLAY") else ""


def check_platform(
    environ: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    loads: Callable[[str], bool] = _loads,
    answers: Callable[[str], bool] = _answers,
) -> None:
    """Make sure that Qt can open a window here.

    Raises
    ------
    MissingLibrariesError
        Libraries are missing (it names the Debian packages), there is no display, or it does not answer.
    """
    if not system.startswith("linux"):
        return
    platform = wanted_platform(environ)
    missing = missing_libraries(platform, loads)
    if missing:
        packages = " ".join(sorted(set(missing.values())))
        raise MissingLibrariesError(
            "the window needs system libraries that are not installed. On Debian or Ubuntu, install them with: "
            f"sudo apt-get install {packages}",
            found=f"{', '.join(sorted(missing))} missing",
        )
    if not platform:
        raise MissingLibrariesError(
            "there is no display to open a window on. "
            "Use `ichviewer annotate`, `ichviewer render` or `ichviewer screenshot`, which need none",
            found="neither DISPLAY nor WAYLAND_DISPLAY is set",
        )
    # Qt would abort the whole process.
    if platform == "xcb" and not answers(environ.get("DISPLAY", "")):
        raise MissingLibrariesError(
            "the display does not answer; it may be gone, or not yours to use",
            found=f"DISPLAY is {environ.get('DISPLAY', '')!r}",
        )
