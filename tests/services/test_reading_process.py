"""Reading and decoding in another process says what reading and decoding here say."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.series import Catalog
from ichviewer.errors import NothingReadableError, ReadError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.open_study import open_study
from ichviewer.services.reading_process import ReadingProcess


@pytest.fixture(scope="module")
def reader() -> Iterator[ReadingProcess]:
    process = ReadingProcess()
    yield process
    process.close()
    process.close()


def outline(catalog: Catalog) -> list[tuple[str, list[str]]]:
    return [(str(s.key), [info.sop_uid for info in s.slices]) for s in catalog.series]


def test_same_catalog_as_here(reader: ReadingProcess, tmp_path: Path) -> None:
    write_series(tmp_path / "a", n=3, SeriesInstanceUID="1.2.3")
    write_series(tmp_path / "b", n=2, SeriesInstanceUID="1.2.4")
    (tmp_path / "notes.txt").write_text("no image")
    partial: list[Catalog] = []
    steps: list[int] = []
    there = reader.open_study(
        [tmp_path], progress=lambda done, total, what: steps.append(done), on_partial=partial.append
    )
    here = open_study([tmp_path])
    assert outline(there) == outline(here)
    assert there.problems == here.problems
    assert partial, "the first image is told at once"
    assert steps[-1] == 6


def test_same_pixels_as_here(reader: ReadingProcess, ct_series: list[Path]) -> None:
    info = open_study([ct_series[0].parent]).series[0].slices[1]
    there, here = reader.read_slice(info), read_slice(info)
    assert np.array_equal(there.image.stored, here.image.stored)
    assert there.image.rescale == here.image.rescale
    assert not there.image.stored.flags.writeable


def test_errors_come_back_as_they_are(reader: ReadingProcess, ct_series: list[Path], tmp_path: Path) -> None:
    info = open_study([ct_series[0].parent]).series[0].slices[0]
    info.source.path.unlink()
    with pytest.raises(ReadError):
        reader.read_slice(info)
    with pytest.raises(NothingReadableError, match="no DICOM image"):
        reader.open_study([tmp_path / "nowhere"])


def test_cancel_stops_and_the_next_reading_is_whole(reader: ReadingProcess, ct_series: list[Path]) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        reader.open_study([ct_series[0].parent], cancel=token)
    assert len(reader.open_study([ct_series[0].parent]).series[0]) == 5


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_a_process_that_somebody_killed_is_replaced_and_no_slice_fails(ct_series: list[Path]) -> None:
    slices = open_study([ct_series[0].parent]).series[0].slices
    reader = ReadingProcess()
    try:
        reader.read_slice(slices[0])
        assert reader.pids[1] is not None
        os.kill(reader.pids[1], signal.SIGKILL)
        time.sleep(0.2)
        assert reader.read_slice(slices[1]).image.stored.shape == (16, 16)
    finally:
        reader.close()


def test_closed_means_cancelled(ct_series: list[Path]) -> None:
    reader = ReadingProcess()
    reader.close()
    assert reader.pids == (None, None)
    with pytest.raises(Cancelled):
        reader.open_study(ct_series)
