"""Pixels handed over in shared memory are those that were meant, and the memory is gone with its processes."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.hu import PaddingRange, Rescale, SliceImage
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.services.decoder import Decoder
from ichviewer.services.open_study import open_study
from ichviewer.services.pixel_slot import PixelSlot, Placed
from ichviewer.services.worker_protocol import ProtocolError

linux = pytest.mark.skipif(sys.platform != "linux", reason="shared memory without a name is of Linux")
ROOT = Path(__file__).parents[2]


def decoded(stored: np.ndarray, rgb: np.ndarray | None = None) -> DecodedSlice:
    image = SliceImage(stored, Rescale(2.0, -1024.0), PaddingRange(-9, -7), stored.shape[0] - 1, True)
    problems = (Problem(ProblemCode.IMPLAUSIBLE_VALUE, "here", "odd"),)
    return DecodedSlice(image, problems, pixel_hash(image), rgb)


def slot(size: int = 1 << 16) -> PixelSlot:
    made = PixelSlot.make(size)
    assert made is not None
    return made


@linux
@pytest.mark.parametrize("dtype", ["u1", "i2", ">u2", "i4"])
def test_a_slice_comes_out_as_it_went_in(dtype):
    memory = slot()
    sent = decoded(np.arange(12).reshape(3, 4).astype(dtype))
    placed = memory.place(sent)
    assert isinstance(placed, Placed)
    got = memory.take(placed)
    np.testing.assert_array_equal(got.image.stored, sent.image.stored)
    assert got.image.stored.dtype == sent.image.stored.dtype
    assert (got.image.rescale, got.image.padding) == (Rescale(2.0, -1024.0), PaddingRange(-9, -7))
    assert (got.image.rows_read, got.image.low_is_bright) == (2, True)
    assert (got.problems, got.pixel_hash) == (sent.problems, sent.pixel_hash)
    assert got.rgb is None
    # The next slice does not change one that was taken.
    memory.place(decoded(np.zeros((3, 4), dtype)))
    np.testing.assert_array_equal(got.image.stored, sent.image.stored)


@linux
def test_colors_go_with_their_luminance():
    rgb = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
    memory = slot()
    placed = memory.place(decoded(np.ones((3, 4), np.uint8), rgb))
    assert isinstance(placed, Placed)
    np.testing.assert_array_equal(memory.take(placed).rgb, rgb)


@linux
def test_pixels_of_another_slice_are_refused():
    memory = slot()
    first = memory.place(decoded(np.zeros((3, 4), np.int16)))
    memory.place(decoded(np.ones((3, 4), np.int16)))
    assert isinstance(first, Placed)
    with pytest.raises(ProtocolError, match="not those of the slice"):
        memory.take(first)


@linux
def test_what_does_not_fit_goes_as_a_whole():
    large = decoded(np.zeros((100, 100), np.int16))
    assert slot(4096).place(large) is large
    just = decoded(np.zeros((2, 1024), np.int16))
    assert isinstance(slot(4096).place(just), Placed)


@linux
def test_where_memory_is_short_slices_go_as_a_whole(monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    sent = decoded(np.zeros((3, 4), np.int16))
    memory = slot()
    monkeypatch.setattr(os, "posix_fallocate", full)
    assert memory.place(sent) is sent


@linux
def test_no_memory_to_be_had_is_no_error(monkeypatch):
    def refused(*_: object) -> int:
        raise OSError(errno.EMFILE, "too many")

    monkeypatch.setattr(os, "memfd_create", refused)
    assert PixelSlot.make() is None


def test_a_decoder_without_shared_memory_decodes_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(PixelSlot, "make", classmethod(lambda _: None))
    write_series(tmp_path, n=2)
    info = open_study([tmp_path]).series[0].slices[1]
    with Decoder() as decoder:
        there = decoder.read_slice(info)
    here = read_slice(info)
    np.testing.assert_array_equal(there.image.stored, here.image.stored)
    assert there.pixel_hash == here.pixel_hash


def holders() -> list[int]:
    """Processes that have such memory mapped."""
    found = []
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            if "memfd:ichviewer" in maps.read_text():
                found.append(int(maps.parent.name))
        except OSError:
            continue  # it ended meanwhile
    return found


_PROGRAM = """
import sys, time
from pathlib import Path
from ichviewer.services.decoder import Decoder
from ichviewer.services.open_study import open_study
if __name__ == "__main__":
    decoder = Decoder()
    for info in open_study([Path(sys.argv[1])]).series[0].slices:
        decoder.read_slice(info)
    print(decoder.pid, flush=True)
    time.sleep(60)
"""


@linux
@pytest.mark.parametrize("killed", ["program", "decoder", "both"])
def test_nothing_is_left_of_the_memory_after_a_kill(killed, tmp_path):
    write_series(tmp_path / "series", n=2)
    (tmp_path / "program.py").write_text(_PROGRAM)
    program = subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py"), str(tmp_path / "series")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert program.stdout is not None
        decoder = int(program.stdout.readline())
        ours = {program.pid, decoder}
        assert ours <= set(holders())
        # Nothing of it lies where it could be left: no other shared memory is in use.
        for pid in ours:
            assert "/dev/shm/" not in Path(f"/proc/{pid}/maps").read_text()
        for pid in (program.pid, decoder):
            if killed in ("both", "program" if pid == program.pid else "decoder"):
                os.kill(pid, signal.SIGKILL)
        ended = ours if killed != "decoder" else {decoder}
        until = time.monotonic() + 60
        while ended & set(holders()) and time.monotonic() < until:
            time.sleep(0.05)
        assert not ended & set(holders())
    finally:
        program.kill()
        program.communicate()
    until = time.monotonic() + 60
    while ours & set(holders()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not ours & set(holders())
