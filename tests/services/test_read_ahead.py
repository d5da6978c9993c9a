"""Reading ahead stops when it is told to, and never holds up who interrupts it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from dicom_factory import write_series

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo
from ichviewer.progress import Cancelled
from ichviewer.services.read_ahead import ReadAhead


class _Stuck:
    """A decoder that hangs until it is closed."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.closed = threading.Event()

    def get(self, info: SliceInfo) -> DecodedSlice:
        self.asked.set()
        self.closed.wait(20)
        raise Cancelled

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        return None


def test_an_interrupt_does_not_wait_for_a_decoder_that_hangs(tmp_path: Path) -> None:
    write_series(tmp_path)
    slices = read_catalog([tmp_path]).series[0].slices
    pixels = _Stuck()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), ReadAhead(pixels) as ahead:
        ahead.want(slices)
        assert pixels.asked.wait(5)
        raise KeyboardInterrupt
    assert time.monotonic() - started < 5
    pixels.closed.set()
