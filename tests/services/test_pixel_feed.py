"""A process that is fed with slices gets the very pixels that are kept, and no slice is decoded twice."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_slice, write, write_series
from synthetic_head import SPACING_MM, head_hu

from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import Status
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import DecodeError, WorkerBugError
from ichviewer.inference.engine import open_engine
from ichviewer.progress import Cancelled
from ichviewer.services.analysis_process import AnalysisProcess
from ichviewer.services.annotate import annotate_series
from ichviewer.services.open_study import open_study
from ichviewer.services.pixel_feed import FedPixels, PixelFeed
from ichviewer.services.pixel_slot import PixelSlot
from ichviewer.services.reading_process import ReadingProcess
from ichviewer.services.worker_protocol import ProtocolError, new_request

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def fed(read: Callable[[SliceInfo], DecodedSlice]) -> FedPixels:
    """Both ends in this process; the pipe is duplicated as it would be for another one."""
    feed = PixelFeed(read)
    pipe, slot = feed.for_process
    theirs = type(pipe)(os.dup(pipe.fileno()))
    feed.start()
    return FedPixels(theirs, slot)


@pytest.fixture
def slices(tmp_path: Path) -> tuple[SliceInfo, ...]:
    write_series(tmp_path, n=3)
    return open_study([tmp_path]).series[0].slices


def series_of(folder: Path, n: int = 6) -> Series:
    for i in range(n):
        hu = head_hu(30 + i)
        ds = make_slice(hu=hu, z_mm=5.0 * i, instance_number=i + 1, pixel_spacing_mm=(SPACING_MM, SPACING_MM))
        write(folder / f"slice{i}", ds)
    return open_study([folder]).series[0]


@posix
@pytest.mark.parametrize("shared", [True, False])
def test_the_same_pixels_come_out(slices, monkeypatch, shared):
    if not shared:
        monkeypatch.setattr(PixelSlot, "make", classmethod(lambda _: None))
    pixels = fed(read_slice)
    for info in slices:
        there, here = pixels.read_slice(info), read_slice(info)
        np.testing.assert_array_equal(there.image.stored, here.image.stored)
        assert there.pixel_hash == here.pixel_hash != ""
        assert not there.image.stored.flags.writeable
    pixels.close()


@posix
def test_errors_and_bugs_come_back_and_the_next_slice_is_whole(slices, monkeypatch):
    def read(info: SliceInfo) -> DecodedSlice:
        if info.sop_uid == slices[0].sop_uid:
            raise DecodeError("broken", "here")
        if info.sop_uid == slices[1].sop_uid:
            raise KeyError("a bug")
        return read_slice(info)

    pixels = fed(read)
    with pytest.raises(DecodeError, match="broken"):
        pixels.read_slice(slices[0])
    with pytest.raises(WorkerBugError, match="KeyError"):
        pixels.read_slice(slices[1])
    assert pixels.read_slice(slices[2]).pixel_hash == read_slice(slices[2]).pixel_hash
    pixels.close()


@posix
def test_pixels_of_another_slice_are_not_taken(slices, monkeypatch):
    pixels = fed(lambda _: replace(read_slice(slices[1]), pixel_hash=read_slice(slices[0]).pixel_hash))
    with pytest.raises(ProtocolError, match="not those of the slice"):
        pixels.read_slice(slices[0])
    pixels.close()


@posix
def test_a_slice_asked_for_under_the_name_of_another_is_refused(slices):
    feed = PixelFeed(read_slice)
    pipe, _ = feed.for_process
    theirs = type(pipe)(os.dup(pipe.fileno()))
    feed.start()
    theirs.send(new_request("the identity of another", "decode", slices[0]))
    assert isinstance(theirs.recv().value, ProtocolError)
    theirs.close()


@posix
def test_closed_means_cancelled(slices, monkeypatch):
    def closed(info: SliceInfo) -> DecodedSlice:
        raise Cancelled

    pixels = fed(closed)
    with pytest.raises(Cancelled):
        pixels.read_slice(slices[0])
    pixels.close()


class _Counting:
    """Decodes here, and counts."""

    def __init__(self) -> None:
        self.decoded: Counter[Path] = Counter()

    def __call__(self, info: SliceInfo) -> DecodedSlice:
        self.decoded[info.source.path] += 1
        return read_slice(info)


def test_what_the_screen_has_is_not_decoded_again_for_the_analysis(tiny_card, tmp_path):
    series, reading = series_of(tmp_path), _Counting()
    kept = PixelCache(read=reading)
    shown = [kept.get(info) for info in series.slices[:3]]
    analysis = AnalysisProcess(tiny_card, "litert", read_slice=kept.get)
    try:
        findings = analysis.annotate(series)
    finally:
        analysis.close()
    here = annotate_series(series, PixelCache(), open_engine(tiny_card, "litert"), tiny_card)
    assert findings == here
    assert [s.pixel_hash for s in findings.slices[:3]] == [d.pixel_hash for d in shown]
    assert all(kept.peek(info) is not None for info in series.slices)
    assert reading.decoded == {info.source.path: 1 for info in series.slices}


@posix
def test_a_file_that_kills_the_decoder_costs_that_file(tiny_card, tmp_path):
    series = series_of(tmp_path)

    def read(info: SliceInfo) -> DecodedSlice:
        if info.sop_uid == series.slices[2].sop_uid:
            raise DecodeError("the decoder crashed on this file", str(info.source), "signal SIGSEGV")
        return read_slice(info)

    analysis = AnalysisProcess(tiny_card, "litert", read_slice=read)
    try:
        findings = analysis.annotate(series)
    finally:
        analysis.close()
    assert [s.status for s in findings.slices] == [
        Status.FAILED if i == 2 else Status.ANALYSED for i in range(6)
    ]
    reason = findings.slices[2].reason
    assert reason is not None
    assert reason.code is ProblemCode.DECODE_FAILED


@posix
def test_an_analysis_process_that_was_killed_leaves_the_next_one_its_own_feed(tiny_card, tmp_path):
    series = series_of(tmp_path)
    asked, go_on = threading.Event(), threading.Event()

    def read(info: SliceInfo) -> DecodedSlice:
        asked.set()
        go_on.wait(60)
        return read_slice(info)

    analysis = AnalysisProcess(tiny_card, "litert", read_slice=read)
    try:
        failed: list[BaseException] = []

        def first() -> None:
            try:
                analysis.annotate(series)
            except Exception as error:  # noqa: BLE001 - looked at below
                failed.append(error)

        running = threading.Thread(target=first)
        running.start()
        assert asked.wait(60)
        assert analysis.pid is not None
        os.kill(analysis.pid, signal.SIGKILL)
        running.join(60)
        assert "SIGKILL" in str(failed[0])
        go_on.set()
        again = analysis.annotate(series)
    finally:
        go_on.set()
        analysis.close()
    assert [s.status for s in again.slices] == [Status.ANALYSED] * 6
    until = time.monotonic() + 20
    while feeds() and time.monotonic() < until:
        time.sleep(0.05)
    assert not feeds()


def feeds() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "ichviewer-pixel-feed"]


def test_the_reader_shares_what_the_window_keeps(slices):
    reader = ReadingProcess()
    try:
        kept = PixelCache(read=reader.read_slice)
        alone = reader.read_for_analysis(slices[0])
        assert kept.peek(slices[0]) is None
        reader.share(kept)
        assert reader.read_for_analysis(slices[0]) is kept.get(slices[0])
        assert kept.get(slices[1]) is reader.read_for_analysis(slices[1])
        assert alone.pixel_hash == kept.get(slices[0]).pixel_hash
    finally:
        reader.close()
    with pytest.raises(Cancelled):
        reader.read_for_analysis(slices[2])


def test_a_file_that_was_listed_again_is_another_slice(slices):
    reading = _Counting()
    kept = PixelCache(read=reading)
    before = kept.get(slices[0])
    again = replace(slices[0], header_mark="")
    assert kept.peek(again) is None
    assert kept.get(again) is not before
    assert kept.get(slices[0]) is before
    assert reading.decoded[slices[0].source.path] == 2
