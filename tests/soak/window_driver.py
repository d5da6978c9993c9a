"""Does to a real window what a restless person does, and compares all it shows with fresh analyses.

The window is the real one: its processes read, decode and analyse, with the bundled model. What is right is known
beforehand: every study is analysed once here, in this process, before the window is made.
"""

from __future__ import annotations

import csv
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeView

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.findings import SeriesFindings, SliceFinding
from ichviewer.domain.identity import series_identity
from ichviewer.domain.input_scope import banner_line, outside_model
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series
from ichviewer.errors import NothingReadableError
from ichviewer.services.analyse_paths import analyse_paths
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.browser.study_tree import StudyTree
from ichviewer.ui.browser.tree_rows import SeriesRow
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.findings.probability_bars import ProbabilityBars
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.findings.study_answer import StudyAnswer
from ichviewer.ui.look.words import OUTSIDE, number, patient_name
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.overlay_text import finding_chips
from ichviewer.ui.session.findings_state import Judging, ModelId
from ichviewer.ui.session.findings_store import FindingsStore
from ichviewer.ui.session.ui_settings import UiSettings

WITHOUT_RESULT = {ProblemCode.NOT_YET_ANALYSED, ProblemCode.CANCELLED, ProblemCode.ENGINE_FAILED}
"""Reasons for no result that depend on what was done, not on the pixels."""


class Mismatch(AssertionError):  # noqa: N818 - the word for it
    """The window shows what a fresh analysis does not say."""


class WindowDriver:
    """A window, the actions, and the comparison.

    Parameters
    ----------
    studies : dict of str to Path
        As `studies.make_studies` makes them.
    folder : Path
        For settings and exports.
    """

    def __init__(self, studies: dict[str, Path], folder: Path) -> None:
        self.studies = studies
        self.folder = folder
        self.fresh: dict[str, SeriesFindings] = {}
        self.patients: set[str] = set()
        for path in studies.values():
            self._analyse(path)
        self.app = QApplication.instance() or QApplication([])
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(UiSettings(store))
        self.window.resize(1280, 720)
        self.window.show()
        self.exports = 0
        self.compared = 0
        self.opened: list[Path] = []

    def _analyse(self, *paths: Path) -> None:
        try:
            result = analyse_paths(paths)
        except NothingReadableError:
            return
        for series in result.catalog.series:
            self.fresh[series_identity(series)] = result.findings[series.key]
            self.patients.add(patient_name(series.patient))

    # What a person does

    def open(self, *names: str) -> None:
        """Open studies in place of what is open."""
        self.opened = [self.studies[name] for name in names]
        self.window.open_paths(self.opened)

    def close_study(self) -> None:
        self.opened = []
        self.window.actions_["file.close_study"].trigger()

    def open_beside(self, *names: str) -> None:
        """Open studies, and leave what is open."""
        paths = [self.studies[name] for name in names]
        self.opened += paths
        self.window.opening.open_beside(paths)

    def close_one(self, which: int) -> None:
        """Close the study of a series that is open."""
        series = self.window.session.catalog.series
        if series:
            self.window.session.close_study_of(series[which % len(series)].key)

    def cancel(self) -> None:
        self.window.actions_["analysis.cancel"].trigger()

    def again(self) -> None:
        self.window.actions_["analysis.restart"].trigger()

    def pause(self) -> None:
        """Hold the analysis, or let it go on."""
        self.window.actions_["analysis.pause"].trigger()

    def switch_series(self, step: int) -> None:
        self.window.actions_["go.next_series" if step > 0 else "go.previous_series"].trigger()

    def step(self, steps: int) -> None:
        self.window.viewing.step(steps)

    def next_flagged(self) -> None:
        self.window.actions_["go.next_flagged"].trigger()

    def most_suspicious(self) -> None:
        self.window.actions_["go.most_suspicious"].trigger()

    def reopen_model(self) -> None:
        self.window.open_model(None)

    def kill(self, which: int) -> None:
        """End one of the window's processes, as a crash would."""
        pids = descendants(os.getpid())
        if pids:
            os.kill(pids[which % len(pids)], signal.SIGKILL)

    def wait(self, seconds: float) -> None:
        """Let events happen."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.app.processEvents()
            time.sleep(0.002)

    def wait_until_done(self, seconds: float = 60.0) -> None:
        """Wait until nothing is read or analysed any more."""
        until = time.monotonic() + seconds
        while not self.idle():
            if time.monotonic() > until:
                raise Mismatch(f"not done after {seconds:g} s: {self.window.status.words}")
            self.wait(0.02)
        self.wait(0.4)  # summaries are written a little later

    def idle(self) -> bool:
        session = self.window.session
        if session.reading or session.analysis.paused:
            return not session.reading
        ready = session.model.model is not None or session.model.failure is not None
        return ready and session.analysis.complete

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.app.processEvents()

    # What must hold

    def check(self) -> None:
        """Compare everything on screen with fresh analyses.

        Raises
        ------
        Mismatch
        """
        self.window.session.findings.flush()
        self.window.findings.flush()
        self.window.image.flush()
        bugs = [d for d in self.window.findChildren(BugDialog) if d.isVisible()]
        if bugs:
            raise Mismatch(f"the window reports a bug: {[b.windowTitle() for b in bugs]}")
        session = self.window.session
        findings = session.findings.known()
        for series in session.catalog.series:
            known = findings.get(series.key)
            if known is not None and not session.reading:
                self._check_series(series, known)
        self._check_title()
        if self.window.viewing.series is not None and not session.reading:
            self._check_view(self.window.viewing.series)
        self._check_browser()

    def check_complete(self) -> None:
        """What was let alone until it was done says exactly what a fresh analysis says."""
        session = self.window.session
        for series in session.catalog.series:
            work = session.findings.work(series.key)
            self._expect(work is not None, "a series is unknown to the analysis")
            assert work is not None
            wanted = self.fresh_of(series)
            if work.slices:
                got = [(s.status, s.probabilities) for s in work.findings().slices]
                self._expect(
                    all(_same(a, b) for a, b in zip(work.findings().slices, wanted.slices, strict=True)),
                    f"finished findings of {series.patient.name} differ: {got}",
                )

    def check_export(self) -> None:
        """The CSV says what a fresh analysis says, or why there is nothing."""
        window = self.window
        if not window.session.is_open or window.session.reading or window.session.model.card is None:
            return
        self.exports += 1
        path = self.folder / f"export-{self.exports}.csv"
        done: list[object] = []
        window.exporter.done.connect(done.append)
        window.exporter.failed.connect(done.append)
        catalog = window.session.catalog
        window.exporter.export(path)
        until = time.monotonic() + 10
        while not done and time.monotonic() < until:
            self.wait(0.01)
        window.exporter.done.disconnect(done.append)
        window.exporter.failed.disconnect(done.append)
        self._expect(bool(done) and not isinstance(done[0], BaseException), f"the export failed: {done}")
        rows = {row["file"]: row for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
        for series in catalog.series:
            wanted = self.fresh_of(series)
            for info, finding in zip(series.slices, wanted.slices, strict=True):
                row = rows[str(info.source)]
                if row["status"] == "analysed":
                    found = [float(row[label]) for label in LABELS]
                    self._expect(
                        finding.probabilities is not None
                        and all(abs(a - b) < 2e-6 for a, b in zip(found, finding.probabilities, strict=True)),
                        f"CSV of {info.source}: {found}",
                    )
                    self._expect(row["patient_id"] == series.patient.id, "CSV: another patient's ID")
        path.unlink()

    def _expect(self, holds: bool, what: str) -> None:
        self.compared += 1
        if not holds:
            raise Mismatch(what)

    def fresh_of(self, series: Series) -> SeriesFindings:
        """What a fresh analysis says; studies opened together may make other series than each alone."""
        identity = series_identity(series)
        if identity not in self.fresh:
            self._analyse(*self.opened)
        self._expect(identity in self.fresh, f"series {series.key} is not there when listed afresh")
        return self.fresh[identity]

    def _check_series(self, series: Series, known: SeriesFindings) -> None:
        wanted = self.fresh_of(series)
        self._expect(len(known.slices) == len(series), f"{len(known.slices)} findings, {len(series)} slices")
        for index, (got, right) in enumerate(zip(known.slices, wanted.slices, strict=True)):
            if got.reason is not None and got.reason.code in WITHOUT_RESULT:
                continue
            self._expect(
                _same(got, right), f"{series.patient.name} slice {index + 1}: {got} in place of {right}"
            )

    def _check_title(self) -> None:
        title = self.window.windowTitle()
        named = {name for name in self.patients if name in title}
        series = self.window.viewing.series
        allowed = set() if series is None else {patient_name(series.patient)}
        self._expect(named <= allowed, f"the title {title!r} names {named - allowed}")

    def _check_view(self, series: Series) -> None:
        window, viewing = self.window, self.window.viewing
        point = window.session.model.point
        work = window.session.findings.work(series.key)
        if point is None or work is None or work.series is not series:
            return
        known = work.findings()
        shown = dict(work.slices)
        strongest = {label: best for label in LABELS if (best := known.strongest(label)) is not None}
        problems = [p for f in shown.values() if f.probabilities is not None for p in f.problems]
        lines = [banner_line(p) for p in outside_model([*series.problems, *problems])] if problems else []
        self._expect(set(window.banner.lines) == set(lines), f"banner {window.banner.lines}, not {lines}")
        answer = _only(window, StudyAnswer)
        words = ", ".join(
            f"{label} {two_digits(p)} in slice {i + 1}{', over its threshold' if p >= point.threshold(label) else ''}"
            for label, (p, i) in strongest.items()
        )
        if words and self.muted:
            words += f", {OUTSIDE}"
        said_right = answer.words == words if words else not any(c.isdigit() for c in answer.words)
        self._expect(said_right, f"{answer.words!r}, not {words!r}")
        index = viewing.index
        finding = shown.get(index)
        if finding is not None:
            twin = ProbabilityBars()
            twin.set_muted(self.muted)
            twin.set_finding(finding, point)
            bars = _only(window, ProbabilityBars)
            self._expect(bars.words == twin.words, f"bars: {bars.words!r}, not {twin.words!r}")
            twin.deleteLater()
        store = FindingsStore()
        store.judge(Judging(ModelId("twin"), point))
        store.open([series])
        held = store.work(series.key)
        assert held is not None
        for i, f in shown.items():
            store.put(held, i, f)
        strip = SliceStrip(store)
        strip.resize(window.strip.size())
        strip.setFont(window.strip.font())
        strip.show_series(series)
        strip.set_muted(self.muted)
        for x in range(0, window.strip.width(), 7):
            y = window.strip.height() / 2
            said, right = window.strip.words_at(x, y), strip.words_at(x, y)
            # Of a slice without a result it may say why, or that it waits, but no probability.
            fits = said == right if "threshold" in right or "threshold" in said else True
            self._expect(fits, f"strip at {x}: {said!r}, not {right!r}")
        strip.deleteLater()
        store.deleteLater()
        if viewing.shown == index:
            self._check_picture(series, index, finding)  # lets events happen: last

    def _check_picture(self, series: Series, index: int, finding: SliceFinding | None) -> None:
        """The overlay's chips are the slice's, and so are the pixels under them."""
        overlay = _only(self.window.viewing.active.image, ImageOverlay)
        point = self.window.session.model.point
        chips = finding_chips(finding, point, muted=self.muted)
        # Of a slice without a result it may say why, or nothing, but name no type.
        said_right = overlay.chips == chips if finding else all(c.label is None for c in overlay.chips)
        self._expect(said_right, f"chips {overlay.chips}, not {chips}")
        failure = self.window.session.pixels.failure(series.slices[index])
        if failure is not None:
            return
        place = QPointF(self.window.image.width() / 2, self.window.image.height() / 2)
        pixel = self.window.image.pixel_at(place)
        if pixel is None:
            return
        QTest.mouseMove(self.window.image, place.toPoint())
        self.wait(0.0)
        self.window.image.flush()
        lines = [line.text for line in overlay.lines(Corner.BOTTOM_LEFT)]
        at = next((line for line in lines if line.startswith("Row ")), None)
        if at is None or "HU" not in lines[0]:
            return
        row, column = (int(word) for word in at.replace("Column", "").split()[1:3])
        value = read_slice(series.slices[index]).image.hu_at(row, column)
        assert value is not None
        self._expect(lines[0] == f"{number(value)} HU", f"{lines[0]} under the mouse, {value} in the file")

    @property
    def muted(self) -> bool:
        """Whether the banner says that the series lies outside what the model knows."""
        return bool(self.window.banner.lines)

    def _check_browser(self) -> None:
        point = self.window.session.model.point
        model = _only(self.window.browser, QTreeView).model()
        rows: list[SeriesRow] = []
        waiting = [model.index(i, 0) for i in range(model.rowCount())]
        while waiting:
            at = waiting.pop()
            waiting += [model.index(i, 0, at) for i in range(model.rowCount(at))]
            row = series_row(model, at)
            if row is not None:
                rows.append(row)
        here = {series_identity(s) for s in self.window.session.catalog.series}
        for row in rows:
            identity = series_identity(row.series)
            self._expect(identity in here, f"the browser lists {row.series.patient.name}, which is not open")
            if not self.window.session.reading and point is not None:
                right = {label for s in self.fresh_of(row.series).slices for label in s.flagged(point)}
                badge = set(row.result.flagged)
                self._expect(badge <= right, f"badge {badge}, not {right}")
                highest = self.fresh_of(row.series).strongest(Hemorrhage.ANY)
                if row.result.highest is not None:
                    most = None if highest is None else highest[0]
                    self._expect(
                        most is not None and row.result.highest <= most + 1e-6,
                        f"badge {row.result.highest}, highest is {most}",
                    )


def series_row(model: object, at: object) -> SeriesRow | None:
    """The series behind a row of the browser, through whatever proxies lie between."""
    while hasattr(model, "mapToSource"):
        at, model = model.mapToSource(at), model.sourceModel()
    assert isinstance(model, StudyTree)
    row = model.row_at(at)  # type: ignore[arg-type]
    return row if isinstance(row, SeriesRow) else None


def _only(parent: object, kind: type) -> object:
    found = parent.findChildren(kind)  # type: ignore[attr-defined]
    assert len(found) == 1, (kind, found)
    return found[0]


def _same(a: SliceFinding, b: SliceFinding) -> bool:
    if a.status is not b.status:
        return False
    if a.probabilities is None or b.probabilities is None:
        return (a.reason and a.reason.code) == (b.reason and b.reason.code)
    near = all(abs(x - y) < 1e-6 for x, y in zip(a.probabilities, b.probabilities, strict=True))
    return near and a.pixel_hash == b.pixel_hash


def descendants(pid: int) -> list[int]:
    """Processes that work for the window, and those that work for them."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        try:
            tasks = list(Path(f"/proc/{waiting.pop()}/task").iterdir())
            children = [int(p) for t in tasks for p in (t / "children").read_text().split()]
        except OSError:
            continue
        for child in children:
            try:
                command = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue
            if b"spawn_main" in command:
                found.append(child)
            waiting.append(child)
    return sorted(found)


Action = Callable[[WindowDriver, random.Random], object]

ACTIONS: dict[str, tuple[int, Action]] = {
    "open": (12, lambda d, r: d.open(r.choice(list(d.studies)))),
    "open two": (3, lambda d, r: d.open(*r.sample(list(d.studies), 2))),
    "open beside": (8, lambda d, r: d.open_beside(r.choice(list(d.studies)))),
    "close one": (4, lambda d, r: d.close_one(r.randrange(8))),
    "close": (2, lambda d, r: d.close_study()),
    "cancel": (8, lambda d, r: d.cancel()),
    "analyze again": (8, lambda d, r: d.again()),
    "pause or go on": (6, lambda d, r: d.pause()),
    "next series": (4, lambda d, r: d.switch_series(1)),
    "previous series": (4, lambda d, r: d.switch_series(-1)),
    "step": (12, lambda d, r: d.step(r.randint(-8, 8))),
    "next flagged": (3, lambda d, r: d.next_flagged()),
    "most suspicious": (3, lambda d, r: d.most_suspicious()),
    "reopen the model": (1, lambda d, r: d.reopen_model()),
    "kill a process": (3, lambda d, r: d.kill(r.randrange(8))),
    "wait": (20, lambda d, r: d.wait(r.choice([0.0, 0.005, 0.03, 0.1, 0.4]))),
    "wait until done": (4, lambda d, r: d.wait_until_done()),
    "export": (3, lambda d, r: d.check_export()),
}
"""What a person may do, and how often."""


def random_action(driver: WindowDriver, chance: random.Random) -> str:
    """Do something; what it was, in words."""
    name = chance.choices(list(ACTIONS), weights=[weight for weight, _ in ACTIONS.values()])[0]
    ACTIONS[name][1](driver, chance)
    return f"{name} ({', '.join(p.name for p in driver.opened)})" if name.startswith("open") else name
