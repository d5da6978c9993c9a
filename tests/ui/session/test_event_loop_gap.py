"""The window never stalls: no gap over 50 ms in the event loop while a study is read and analyzed.

What counts is what the program does to its own loop. On a busy machine the kernel also takes the processor away, from
an idle loop as well. So an idle loop is measured first, what the machine added is left out (see `gap_meter`), and a
study is opened up to three times, because a stall that the program causes comes back every time and one that the
machine causes does not. All numbers are printed.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gap_meter import GapMeter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ichviewer.bundle import demo_dir, model_dir
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.ui_settings import UiSettings

LIMIT_MS = 50.0
ATTEMPTS = 3
IDLE_S = 2.0


@pytest.fixture
def small_heap() -> Iterator[None]:
    """What thousands of tests before left in this process is no part of the window: collecting it takes 70 ms."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def measured(qtbot: QtBot, until: Callable[[], bool], timeout_s: float = 250.0) -> GapMeter:
    meter = GapMeter()
    meter.start()
    qtbot.waitUntil(until, timeout=int(timeout_s * 1000))
    meter.stop()
    return meter


def report(name: str, meter: GapMeter) -> None:
    own = max(meter.gaps, key=lambda gap: gap.own_ms)
    computed = max(gap.computed_ms for gap in meter.gaps)
    print(  # noqa: T201 - the numbers are what the test is for
        f"\n{name}: worst gap {own.own_ms:.0f} ms (at {own.at_s:.2f} s, {own.ran_ms:.0f} ms of it in the loop's own "
        f"thread), of computing alone {computed:.0f} ms; "
        f"with what the machine added {meter.worst_ms():.0f} ms",
        end="",
    )


@pytest.mark.alone
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("small_heap")
@pytest.mark.parametrize("engine", ["litert", pytest.param("keras", marks=pytest.mark.tensorflow)])
def test_no_gap_while_a_study_is_read_and_analysed(
    qtbot: QtBot, qapp: QApplication, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = demo_dir()
    if not (model_dir() / "model.json").is_file():
        pytest.skip("the model is not in this checkout")
    with capsys.disabled():
        until = time.monotonic() + IDLE_S
        idle = measured(qtbot, lambda: time.monotonic() > until)
        report("idle", idle)
        # Where even an idle loop stalls, waiting cannot be judged, only computing.
        judged = "own_ms" if idle.worst_ms() <= LIMIT_MS else "computed_ms"
        worst: list[float] = []
        while not worst or (min(worst) > LIMIT_MS and len(worst) < ATTEMPTS):
            meter = open_and_analyse(qtbot, engine, demo)
            report(engine, meter)
            worst.append(max(getattr(gap, judged) for gap in meter.gaps))
    assert min(worst) <= LIMIT_MS


@pytest.mark.alone
@pytest.mark.usefixtures("small_heap")
def test_a_block_of_60_ms_while_slices_are_analysed_would_be_found(qtbot: QtBot, qapp: QApplication) -> None:
    if not (model_dir() / "model.json").is_file():
        pytest.skip("the model is not in this checkout")
    blocked: list[float] = []

    def block_once(window: MainWindow) -> None:
        def block(changed: object) -> None:
            if not blocked:
                blocked.append(time.thread_time())
                while time.thread_time() < blocked[0] + 0.06:
                    pass

        window.session.findings.changed.connect(block)

    meter = open_and_analyse(qtbot, "litert", demo_dir(), block_once)
    assert blocked
    assert max(gap.computed_ms for gap in meter.gaps) > LIMIT_MS


def open_and_analyse(
    qtbot: QtBot, engine: str, study: Path, prepare: Callable[[MainWindow], None] = lambda _: None
) -> GapMeter:
    """Measures from the start of the model and the opening of the study to the last finding."""
    window = MainWindow(UiSettings(), engine=engine)
    prepare(window)
    window.resize(1600, 1000)
    window.show()
    qtbot.waitExposed(window)
    session = window.session
    window.open_paths([study])
    try:
        meter = measured(
            qtbot,
            lambda: (
                session.is_open
                and not session.reading
                and session.model.model is not None
                and session.analysis.complete
            ),
        )
        assert session.model.model is not None
        assert session.model.model.analyser.name == engine
        assert any(findings.analysed for findings in session.findings.known().values())
    finally:
        window.close()
        window.deleteLater()
    return meter
