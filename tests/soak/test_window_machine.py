"""Open, cancel, analyze again, pause, close, kill, switch series, in any order: what is shown is what is so.

`make soak` does the same for longer and at random; here hypothesis looks for the shortest way to a mismatch.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

if sys.platform == "win32":
    pytest.skip("reads /proc and sends signals", allow_module_level=True)

from studies import make_studies
from window_driver import Mismatch, WindowDriver

from ichviewer.ui.app.app import make_app
from ichviewer.ui.look.theme import DARK, apply_theme

STUDIES = ("able", "baker", "cole", "dean", "earl", "frost", "nothing", "missing")


class WindowMachine(RuleBasedStateMachine):
    """One window for all examples: what an example leaves behind must not harm the next."""

    driver: WindowDriver | None = None
    seen: str = ""

    @rule(name=st.sampled_from(STUDIES), seconds=st.sampled_from([0.0, 0.02, 0.1]))
    def open(self, name: str, seconds: float) -> None:
        self.window.open(name)
        self.window.wait(seconds)

    @rule(names=st.lists(st.sampled_from(STUDIES[:6]), min_size=2, max_size=3, unique=True))
    def open_several(self, names: list[str]) -> None:
        self.window.open(*names)

    @rule(name=st.sampled_from(STUDIES), seconds=st.sampled_from([0.0, 0.1]))
    def open_beside(self, name: str, seconds: float) -> None:
        self.window.open_beside(name)
        self.window.wait(seconds)

    @rule(which=st.integers(0, 7))
    def close_one(self, which: int) -> None:
        self.window.close_one(which)

    @rule()
    def cancel(self) -> None:
        self.window.cancel()

    @rule(seconds=st.sampled_from([0.0, 0.05]))
    def analyze_again(self, seconds: float) -> None:
        self.window.again()
        self.window.wait(seconds)

    @rule()
    def pause_or_go_on(self) -> None:
        self.window.pause()

    @rule()
    def close(self) -> None:
        self.window.close_study()

    @rule(which=st.integers(0, 7))
    def kill(self, which: int) -> None:
        self.window.kill(which)

    @rule(step=st.sampled_from([-1, 1]))
    def switch_series(self, step: int) -> None:
        self.window.switch_series(step)

    @rule(steps=st.integers(-5, 5))
    def move(self, steps: int) -> None:
        self.window.step(steps)

    @rule(seconds=st.sampled_from([0.01, 0.2]))
    def wait(self, seconds: float) -> None:
        self.window.wait(seconds)

    @rule()
    def let_it_finish(self) -> None:
        self.window.wait_until_done()

    @invariant()
    def what_is_shown_is_what_is_so(self) -> None:
        try:
            self.window.check()
        except Mismatch as found:
            # Timing makes it hard to see twice, so what was seen first is what is told.
            WindowMachine.seen = WindowMachine.seen or str(found)
            raise

    @property
    def window(self) -> WindowDriver:
        assert WindowMachine.driver is not None
        return WindowMachine.driver


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> WindowDriver:
    folder: Path = tmp_path_factory.mktemp("soak")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"):
            (folder / name).mkdir()
            patch.setenv(name, str(folder / name))
        tempfile.tempdir = None
        apply_theme(make_app(), DARK)
        made = WindowDriver(make_studies(folder / "studies"), folder)
        yield made
        made.close()
        tempfile.tempdir = None


@pytest.mark.alone
def test_any_order(driver: WindowDriver) -> None:
    WindowMachine.driver, WindowMachine.seen = driver, ""
    try:
        machine = WindowMachine.TestCase
        machine.settings = settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            # An example that fails depends on timing too; looking for a shorter one would take long.
            phases=settings().phases[:3],
        )
        try:
            machine().runTest()
        finally:
            assert not WindowMachine.seen, WindowMachine.seen
        if driver.window.session.analysis.paused:
            driver.pause()
        # After all of that, a study is analysed as if nothing had been.
        driver.open("frost")
        driver.wait_until_done()
        driver.check()
        driver.check_complete()
        driver.check_export()
    finally:
        WindowMachine.driver = None
