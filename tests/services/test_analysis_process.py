from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from synthetic_head import SPACING_MM, head_hu

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.engine import open_engine
from ichviewer.inference.model_card import load_model_card
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.analysis_process import AnalysisProcess
from ichviewer.services.annotate import annotate_series

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def series(tmp_path: Path):
    for i in range(6):
        ds = make_slice(
            hu=head_hu(30 + i), z_mm=5.0 * i, instance_number=i, pixel_spacing_mm=(SPACING_MM, SPACING_MM)
        )
        write(tmp_path / "head" / str(i), ds)
    return read_catalog([tmp_path / "head"]).series[0]


@pytest.fixture
def process(tiny_card):
    running = AnalysisProcess(tiny_card, "litert")
    yield running
    running.close()


def gone(pid: int) -> bool:
    """Whether a process has ended and was waited for: a zombie would still be there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_finds_what_the_analysis_finds_here(process, series, tiny_card):
    told: dict[int, object] = {}
    steps: list[tuple[int, int]] = []
    findings = process.annotate(
        series, on_finding=told.__setitem__, progress=lambda done, total, what: steps.append((done, total))
    )
    here = annotate_series(series, PixelCache(), open_engine(tiny_card, "litert"), tiny_card)
    assert findings == here
    assert findings.analysed == 6
    assert tuple(told[i] for i in range(6)) == findings.slices
    assert steps[-1] == (30, 30)
    assert process.name == "litert"


def test_runs_one_series_after_the_other(process, series):
    assert process.annotate(series) == process.annotate(series)


def test_close_leaves_no_process(tiny_card):
    process = AnalysisProcess(tiny_card, "litert")
    pid = process.pid
    assert pid is not None
    process.close()
    process.close()
    assert process.pid is None
    assert gone(pid)


def test_cancel(process, series):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        process.annotate(series, cancel=cancel)
    assert process.annotate(series).analysed == 6  # and it is ready for the next


def test_paused_work_waits(process, series):
    paused = threading.Event()
    paused.set()
    done = threading.Event()

    def work() -> None:
        process.annotate(series, paused=paused.is_set)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert not done.wait(0.5)  # the six slices take a tenth of that
    paused.clear()
    assert done.wait(20)
    thread.join()


@posix
def test_a_crash_fails_the_series_and_the_next_one_runs(process, series):
    assert process.pid is not None
    with pytest.raises(EngineError, match=r"ended unexpectedly\. Found: signal SIGKILL"):
        process.annotate(series, progress=lambda *_: os.kill(process.pid, signal.SIGKILL))
    assert process.annotate(series).analysed == 6


@posix
def test_close_from_another_thread_ends_work_under_way(process, series):
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)  # it will never answer
    caught: list[BaseException] = []

    def work() -> None:
        try:
            process.annotate(series)
        except (Cancelled, EngineError) as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    started = time.monotonic()
    process.close()
    thread.join(5)
    assert not thread.is_alive()
    assert caught
    assert time.monotonic() - started < 4


def test_errors_of_opening_cross_over(tiny_card, tmp_path):
    folder = Path(shutil.copytree(tiny_card.folder, tmp_path / "model"))
    (folder / "ich.tflite").write_bytes(b"spoiled")
    with pytest.raises(ModelError, match="is not the one"):
        AnalysisProcess(load_model_card(folder), "litert")
    assert not multiprocessing.active_children()
