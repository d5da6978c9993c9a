"""A virtual X display, somebody's hands on it, and eyes that read its pixels."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

SIZE = (1280, 800)


class Display:
    """Xvfb with its frame buffer in a file."""

    def __init__(self, name: str, buffer: Path) -> None:
        self.name = name
        self._buffer = buffer

    def pixels(self) -> NDArray[np.uint8]:
        """What is on the screen, uint8, shape (height, width, 3), RGB.

        The buffer is an XWD file (X11/XWDFile.h): a header of big-endian 32-bit words, a color map, the pixels.
        """
        raw = self._buffer.read_bytes()
        words = struct.unpack(">25I", raw[:100])
        header, width, height, line, colors = words[0], words[4], words[5], words[12], words[19]
        start = header + colors * 12
        rows = np.frombuffer(raw, np.uint8, height * line, start).reshape(height, line)
        return rows[:, : width * 4].reshape(height, width, 4)[:, :, 2::-1].copy()

    def do(self, *words: object) -> None:
        """What a person does, as xdotool says it."""
        subprocess.run(
            ["xdotool", *map(str, words)], env={**os.environ, "DISPLAY": self.name}, check=True, timeout=20
        )
        time.sleep(0.05)

    def wait(
        self, seen: Callable[[NDArray[np.uint8]], bool], what: str, seconds: float = 15.0
    ) -> NDArray[np.uint8]:
        """Wait until something is seen."""
        until = time.monotonic() + seconds
        while True:
            pixels = self.pixels()
            if seen(pixels):
                return pixels
            if time.monotonic() > until:
                pytest.fail(f"not seen within {seconds:g} s: {what}")
            time.sleep(0.05)


@contextmanager
def virtual_display(folder: Path) -> Iterator[Display]:
    """Start a display; skips the test where Xvfb or xdotool are not installed."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed (Debian: apt-get install xvfb xdotool)")
    read, write = os.pipe()
    width, height = SIZE
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder),
         "-nolisten", "tcp", "-noreset"],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield Display(f":{number.readline().strip()}", folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(10)
