"""Volumes of series are built beside the window, within bounds, from the files that were listed."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from dicom_factory import write_series
from fake_backend import InProcessReader
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.volume import Volume
from ichviewer.errors import DecodeError
from ichviewer.ui.session.free_memory import available_in, free_memory_bytes
from ichviewer.ui.session.volumes import Volumes, read_volume, volume_memory
from ichviewer.ui.session.workers import Workers


class FakeSession(QObject):
    opening = Signal(object)
    closed = Signal()
    studiesClosed = Signal(object)  # noqa: N815 - the name in the session
    studyGrows = Signal(object)  # noqa: N815 - the same

    def __init__(self, reader: object) -> None:
        super().__init__()
        self.workers = Workers()
        self.reader = reader


class CountingReader(InProcessReader):
    """Reads for real, can be held back, and fails where it is told to."""

    def __init__(self) -> None:
        self.reads = 0
        self.broken: set[Path] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.after_read: Callable[[int], None] = lambda _: None

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        self.gate.wait(10)
        self.reads += 1
        if info.source.path in self.broken:
            raise DecodeError("cut short", str(info.source))
        found = read_slice(info)
        self.after_read(self.reads)
        return found


class Heard:
    """What volumes tell, in order."""

    def __init__(self, volumes: Volumes) -> None:
        self.said: list[tuple[str, object]] = []
        for name in ("began", "built", "refused"):
            getattr(volumes, name).connect(lambda _, what, name=name: self.said.append((name, what)))
        volumes.cancelled.connect(lambda _: self.said.append(("cancelled", None)))
        self.progress: list[tuple[int, int]] = []
        volumes.progressed.connect(lambda _, done, total: self.progress.append((done, total)))

    @property
    def last(self) -> tuple[str, object]:
        return self.said[-1] if self.said else ("", None)


@pytest.fixture
def bench(qtbot: QtBot, ct_series: list[Path]) -> Iterator[SimpleNamespace]:
    reader = CountingReader()
    session = FakeSession(reader)
    volumes = Volumes(session, lambda: 10**9)  # type: ignore[arg-type]
    (series,) = read_catalog([ct_series[0].parent]).series
    heard = Heard(volumes)

    def ask(what: Series = series) -> tuple[str, object]:
        before = len(heard.said)
        volumes.ask(what)
        qtbot.waitUntil(lambda: len(heard.said) > before and heard.last[0] != "began", timeout=10_000)
        return heard.last

    yield SimpleNamespace(
        reader=reader, session=session, volumes=volumes, series=series, heard=heard, ask=ask, paths=ct_series
    )
    reader.gate.set()
    session.workers.stop()
    session.workers.join()


def test_a_volume_carries_the_series_and_the_hashes_of_its_pixels(bench):
    kind, volume = bench.ask()
    assert kind == "built" and isinstance(volume, Volume)
    assert volume.series_identity == series_identity(bench.series)
    decoded = [read_slice(info) for info in bench.series.slices]
    assert volume.pixel_hashes == tuple(one.pixel_hash for one in decoded)
    assert np.array_equal(volume.voxels[2], decoded[2].image.hu(0.0))
    # 5 slices of 16 x 16 px, 6 bytes a voxel: 7,680 bytes; nothing is less than a megabyte in words.
    assert bench.heard.said[0] == ("began", "at most 1 MB of 1,000 MB free memory")
    assert bench.heard.progress[-1] == (5, 5)


def test_a_volume_is_kept_until_the_study_is_closed(bench):
    _, first = bench.ask()
    _, again = bench.ask()
    assert again is first and bench.reader.reads == 5
    bench.session.closed.emit()
    _, third = bench.ask()
    assert third is not first and bench.reader.reads == 10


def test_a_kept_volume_is_that_of_the_very_series(bench):
    assert bench.volumes.kept(bench.series) is None
    _, volume = bench.ask()
    assert bench.volumes.kept(bench.series) is volume
    fewer = replace(bench.series, slices=bench.series.slices[:4])
    assert bench.volumes.kept(fewer) is None
    bench.session.closed.emit()
    assert bench.volumes.kept(bench.series) is None


def test_a_volume_is_read_at_once_for_what_is_written(bench, qtbot):
    found: list[Volume | None] = []
    needed = volume_memory(bench.series, None).needed_bytes
    for free_bytes in (2 * needed, 2 * needed - 1):
        done = len(found)
        bench.session.workers.run(
            lambda context, free=free_bytes: read_volume(context, bench.series, bench.reader, lambda: free),
            on_result=found.append,
        )
        qtbot.waitUntil(lambda done=done: len(found) > done)
    assert found[1] is None and bench.reader.reads == 5
    _, kept = bench.ask()
    assert found[0] is not None and found[0].digest == kept.digest


def test_more_than_half_of_the_free_memory_is_refused_before_anything_is_read(bench, qtbot):
    needed = volume_memory(bench.series, None).needed_bytes
    assert needed == 5 * 16 * 16 * 6
    volumes = Volumes(bench.session, lambda: 2 * needed - 1)
    heard = Heard(volumes)
    volumes.ask(bench.series)
    assert heard.last[0] == "refused" and "too much memory" in str(heard.last[1])
    assert bench.reader.reads == 0
    assert volume_memory(bench.series, 2 * needed).fits


def test_a_file_that_was_replaced_since_it_was_listed_is_refused(bench, tmp_path):
    other = write_series(tmp_path / "other", n=5, patient_id="P2")
    shutil.copy(other[3], bench.paths[3])
    kind, why = bench.ask()
    assert kind == "refused" and "not the one that was listed" in str(why)


def test_a_file_that_changes_while_the_volume_is_built_is_refused(bench):
    def touch(reads: int) -> None:
        if reads == 4:
            os.utime(bench.paths[0], ns=(1, 1))

    bench.reader.after_read = touch
    kind, why = bench.ask()
    assert kind == "refused" and "the file has changed" in str(why)


def test_a_kept_volume_is_refused_when_a_file_has_changed_since(bench):
    assert bench.ask()[0] == "built"
    os.utime(bench.paths[1], ns=(1, 1))
    kind, why = bench.ask()
    assert kind == "refused" and "the file has changed" in str(why)


def test_a_slice_that_cannot_be_read_is_left_out(bench):
    bench.reader.broken = {bench.series.slices[1].source.path}
    kind, volume = bench.ask()
    assert kind == "built" and isinstance(volume, Volume)
    assert volume.undecoded == (1,) and volume.missing(1).all()


def test_a_series_of_which_nothing_can_be_read_is_refused(bench):
    bench.reader.broken = set(bench.paths)
    kind, why = bench.ask()
    assert kind == "refused" and "cut short" in str(why)


def test_building_can_be_cancelled_and_begun_again(bench, qtbot):
    bench.reader.gate.clear()
    bench.volumes.ask(bench.series)
    assert bench.volumes.building
    bench.volumes.cancel()
    bench.reader.gate.set()
    qtbot.waitUntil(lambda: bench.heard.last[0] == "cancelled", timeout=10_000)
    assert bench.ask()[0] == "built"


def test_nothing_of_a_closed_study_arrives(bench, qtbot):
    bench.reader.gate.clear()
    bench.volumes.ask(bench.series)
    bench.session.closed.emit()
    bench.reader.gate.set()
    qtbot.wait(100)
    assert [kind for kind, _ in bench.heard.said] == ["began"]


def test_closing_another_study_leaves_volumes_and_what_is_being_built(bench, qtbot):
    other = replace(bench.series, key=replace(bench.series.key, place=1))
    _, first = bench.ask()
    _, second = bench.ask(other)
    bench.session.studiesClosed.emit((other,))
    _, again = bench.ask()
    assert again is first
    bench.reader.gate.clear()
    bench.volumes.ask(other)
    bench.session.studiesClosed.emit((bench.series,))
    bench.reader.gate.set()
    qtbot.waitUntil(lambda: bench.heard.last[0] == "built" and bench.heard.last[1] is not second)
    # The one that was closed is built anew when it is open again.
    _, third = bench.ask()
    assert third is not first


def test_a_single_slice_is_refused_in_words(bench, tmp_path):
    paths = write_series(tmp_path / "one", n=1)
    (series,) = read_catalog([paths[0].parent]).series
    kind, why = bench.ask(series)
    assert (kind, why) == ("refused", "the series has a single slice")


def test_available_memory_is_read_from_the_kernels_words():
    assert available_in("MemTotal:  8 kB\nMemFree: 1 kB\nMemAvailable:   4000 kB\n") == 4_096_000
    assert available_in("MemTotal: 8 kB\n") is None
    free = free_memory_bytes()
    assert free is None or free > 0
