"""The window as a whole: reading and pixels are real, the model is scripted."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import Script, card, scripted_backend
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from window_builders import done

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.findings import SeriesFindings, SeriesState, Status
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import EngineError, ExportError, ModelError
from ichviewer.inference.model_card import ModelCard
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.summary import series_result
from ichviewer.ui.browser.study_order import state_word
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.look.theme import LIGHT, theme
from ichviewer.ui.session.backend import Backend
from ichviewer.ui.session.ui_settings import UiSettings

MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Makes windows that are closed after the test."""
    made: list[MainWindow] = []

    def make(backend: Backend | None = None) -> MainWindow:
        window = MainWindow(UiSettings(), backend or scripted_backend())
        made.append(window)
        window.show()
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


def any_slice(changed: dict[SeriesKey, frozenset[int]]) -> bool:
    """Whether a change is about findings, not only about how far the analysis is."""
    return any(changed.values())


def opened(qtbot: QtBot, window: MainWindow, *paths: Path) -> MainWindow:
    window.open_paths(list(paths))
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    return window


def test_nothing_open(make_window: MakeWindow) -> None:
    window = make_window()
    assert window.windowTitle() == "ichviewer"
    assert not window.browser.isVisible()
    assert not window.actions_["go.next_flagged"].isEnabled()
    assert not window.actions_["file.export"].isEnabled()


def test_open_shows_the_first_image_and_analyses(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    window = opened(qtbot, make_window(), ct_series[0].parent)
    assert window.viewing.series is not None
    assert len(window.viewing.series) == 5
    assert window.viewing.shown == 2, "the middle slice is shown first"
    key = window.viewing.series.key
    work = window.session.findings.work(key)
    assert work is not None
    assert work.state is SeriesState.DONE
    assert window.viewing.flagged() == [2]
    qtbot.waitUntil(lambda: "1 flagged" in window.status.words)
    assert window.status.words == "5 slices analyzed, 1 flagged"


def test_first_image_stands_before_the_analysis_is_done(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    gate = threading.Event()
    window = make_window(scripted_backend(Script(gate=gate)))
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.viewing.shown is not None)
    assert not any(f.analysed for f in window.session.findings.known().values())
    gate.set()
    qtbot.waitUntil(lambda: done(window))


def test_findings_stream_while_the_analysis_runs(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    script = Script(flagged=[0], seconds=0.05)
    window = make_window(scripted_backend(script))
    with qtbot.waitSignal(window.session.findings.changed, check_params_cb=any_slice) as blocker:
        window.open_paths([ct_series[0].parent])
    assert [0 in slices for slices in blocker.args[0].values()] == [True]
    assert not window.session.analysis.complete
    assert window.viewing.flagged() == [0]
    qtbot.waitUntil(lambda: done(window))


@pytest.mark.parametrize(
    ("key", "window_hu"),
    [("1", (40, 80)), ("2", (80, 200)), ("3", (40, 40)), ("4", (40, 380)), ("5", (600, 2800))],
)
def test_keys_choose_windows(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path], key: str, window_hu: tuple[float, float]
) -> None:
    window = opened(qtbot, make_window(), ct_series[0].parent)
    qtbot.keyClick(window.image, key)
    voi = window.image.voi()
    assert (voi.center_hu, voi.width_hu) == window_hu  # type: ignore[union-attr]
    assert window.preset_bar.button(int(key) - 1).isChecked()
    assert sum(window.preset_bar.button(place).isChecked() for place in range(6)) == 1


def test_key_6_cycles_through_the_windows_of_the_file(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    write_series(tmp_path, n=3, WindowCenter=[35.0, 300.0], WindowWidth=[90.0, 1500.0])
    window = opened(qtbot, make_window(), tmp_path)
    seen = []
    for _ in range(3):
        qtbot.keyClick(window.image, "6")
        seen.append(window.image.voi().center_hu)  # type: ignore[union-attr]
    assert seen == [35.0, 300.0, 35.0]


def test_keys_move_between_slices(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    write_series(tmp_path, n=9)
    window = opened(qtbot, make_window(scripted_backend(Script(flagged=[1, 6]))), tmp_path)
    places = []
    for key in (
        Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_N, Qt.Key.Key_N,
        Qt.Key.Key_P, Qt.Key.Key_P, Qt.Key.Key_PageUp, Qt.Key.Key_M,
    ):  # fmt: skip
        qtbot.keyClick(window.image, key)
        places.append(window.viewing.index)
    assert places == [0, 1, 8, 7, 1, 6, 1, 6, 1, 1]


def test_next_flagged_with_nothing_flagged_says_so(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    window = opened(qtbot, make_window(scripted_backend(Script(flagged=[]))), ct_series[0].parent)
    qtbot.keyClick(window.image, Qt.Key.Key_N)
    assert window.viewing.index == 2
    assert "does not rule out" in window.notice.text


def test_analysis_of_an_old_study_never_reaches_a_new_one(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    write_series(tmp_path / "a", n=4, SeriesInstanceUID="1.2.3", StudyInstanceUID="1.2")
    write_series(tmp_path / "b", n=6, SeriesInstanceUID="1.2.4", StudyInstanceUID="1.1")
    gate = threading.Event()
    script = Script(flagged=[0, 1, 2, 3], gate=gate)
    window = make_window(scripted_backend(script))
    window.open_paths([tmp_path / "a"])
    qtbot.waitUntil(lambda: window.session.analysis.running)
    heard = []
    window.session.findings.changed.connect(
        lambda changed: heard.extend(key.series_uid for key, slices in changed.items() if slices)
    )
    window.open_paths([tmp_path / "b"])
    gate.set()
    qtbot.waitUntil(lambda: done(window))
    assert set(heard) == {"1.2.4"}
    assert [s.key.series_uid for s in window.session.catalog.series] == ["1.2.4"]


def test_cancel_keeps_what_was_found(qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]) -> None:
    window = make_window(scripted_backend(Script(flagged=[0], seconds=0.05)))
    with qtbot.waitSignal(window.session.findings.changed, check_params_cb=any_slice):
        window.open_paths([ct_series[0].parent])
    qtbot.keyClick(window.image, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    assert window.viewing.key is not None
    work = window.session.findings.work(window.viewing.key)
    assert work is not None
    assert work.state is SeriesState.CANCELLED
    findings = work.findings()
    assert 1 <= findings.analysed < 5
    assert findings.slices[-1].reason is not None
    assert findings.slices[-1].reason.code == "cancelled"
    window.actions_["analysis.restart"].trigger()
    qtbot.waitUntil(lambda: done(window))
    assert work.findings().analysed == 5


class _Hashing(Script):
    """Names the pixels it judged, as the real analysis does."""

    def annotate(self, series: Series, **options: object) -> SeriesFindings:
        on_finding = options.pop("on_finding")
        found = super().annotate(series, on_finding=lambda *_: None, **options)  # type: ignore[arg-type]
        hashes = [read_slice(info).pixel_hash for info in series.slices]
        slices = tuple(replace(f, pixel_hash=h) for f, h in zip(found.slices, hashes, strict=True))
        for index, finding in enumerate(slices):
            on_finding(index, finding)  # type: ignore[operator]
        return replace(found, slices=slices)


def test_no_finding_is_shown_beside_pixels_that_changed_since_and_analyzing_again_reads_them_anew(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    write_series(tmp_path, n=3)
    window = make_window(scripted_backend(_Hashing(flagged=[1])))
    window.open_paths([tmp_path])
    qtbot.waitUntil(lambda: done(window) and window.viewing.shown == 1)
    assert window.viewing.key is not None
    work = window.session.findings.work(window.viewing.key)
    assert work is not None
    assert work.slices[1].status is Status.ANALYSED
    info = work.series.slices[1]
    at = info.source.path
    ds = dcmread(at)
    ds.PixelData = bytes(len(ds.PixelData))
    ds.save_as(at)
    window.open_model(None)  # everything is analysed once more, but the picture is not read again
    qtbot.waitUntil(lambda: not done(window))
    qtbot.waitUntil(lambda: done(window))
    assert work.slices[1].reason is not None
    assert work.slices[1].reason.code is ProblemCode.FILE_CHANGED
    assert work.state is SeriesState.PARTLY
    window.actions_["analysis.restart"].trigger()
    qtbot.waitUntil(lambda: done(window) and window.session.pixels.ready(info) is not None)
    qtbot.wait(50)
    assert work.slices[1].status is Status.ANALYSED
    assert work.slices[1].pixel_hash == read_slice(info).pixel_hash
    shown = window.session.pixels.ready(info)
    assert shown is not None
    assert shown.pixel_hash == work.slices[1].pixel_hash


def test_without_a_model_a_flagged_series_is_not_said_to_have_no_flag(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    def load(folder: Path) -> ModelCard:
        if folder == Path("broken"):
            raise ModelError("no model here")
        return card()

    window = make_window(scripted_backend(Script(flagged=[2]), load_card=load))
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: done(window))
    window.open_model(Path("broken"))
    qtbot.waitUntil(lambda: window.session.model.failure is not None)
    qtbot.waitUntil(lambda: "not judged" in window.status.words)
    assert window.viewing.key is not None
    work = window.session.findings.work(window.viewing.key)
    assert work is not None
    result = series_result(work, window.session.model.point)
    assert result.state is SeriesState.FAILED
    assert state_word(result) == "failed"
    window.image.flush()
    assert "Not judged" in window.image.accessibleDescription()
    window.open_model(None)
    qtbot.waitUntil(lambda: "1 flagged" in window.status.words)


def test_pause_holds_the_analysis(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    write_series(tmp_path, n=12)
    window = make_window(scripted_backend(Script(seconds=0.05)))
    with qtbot.waitSignal(window.session.findings.changed, check_params_cb=any_slice):
        window.open_paths([tmp_path])
    window.actions_["analysis.pause"].trigger()
    qtbot.wait(100)
    assert window.viewing.key is not None
    work = window.session.findings.work(window.viewing.key)
    assert work is not None
    found = len(work.slices)
    qtbot.wait(150)
    assert len(work.slices) == found < 12
    assert "Paused" in window.status.words
    window.actions_["analysis.pause"].trigger()
    qtbot.waitUntil(lambda: done(window))


def test_series_in_view_is_analysed_first(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    write_series(tmp_path / "a", n=3, SeriesInstanceUID="1.2.3", SeriesNumber=1)
    write_series(tmp_path / "b", n=7, SeriesInstanceUID="1.2.4", SeriesNumber=2)
    script = Script()
    opened(qtbot, make_window(scripted_backend(script)), tmp_path)
    assert [key.series_uid for key in script.analysed] == ["1.2.4", "1.2.3"]


def test_without_a_model_images_are_shown_and_nothing_is_called_analysed(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise EngineError("LiteRT is not installed")

    window = make_window(scripted_backend(open_analyser=broken))
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.viewing.shown is not None and window.session.model.failure is not None)
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    assert window.viewing.key is not None
    work = window.session.findings.work(window.viewing.key)
    assert work is not None
    assert work.state is SeriesState.FAILED
    assert work.text == "no model: LiteRT is not installed"
    assert {s.status for s in work.findings().slices} == {"failed"}


def test_nothing_readable_says_what_was_found(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image here")
    window = make_window()
    with qtbot.waitSignal(window.session.readFailed) as blocker:
        window.open_paths([tmp_path])
    assert "not a DICOM file" in str(blocker.args[0])
    assert not window.browser.isVisible()


def test_export_writes_what_is_known(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path], tmp_path: Path
) -> None:
    window = opened(qtbot, make_window(), ct_series[0].parent)
    out = tmp_path / "out.csv"
    with qtbot.waitSignal(window.exporter.done):
        window.exporter.export(out)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["status"] for row in rows] == ["analysed"] * 5
    assert [row["flagged"] for row in rows] == ["", "", "any;intraparenchymal", "", ""]
    assert str(out) in window.notice.text
    assert (tmp_path / "out.csv.json").is_file()


def test_a_notice_stays_above_the_words_on_the_image(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    """After a change of size the words were drawn over it, and neither could be read."""
    window = opened(qtbot, make_window(), ct_series[0].parent)
    window.notice.show_message("Something to read", "error")
    for change in (
        lambda: window.resize(1264, 672),
        lambda: window.show_doubts(["Noise"]),
        lambda: window.show_doubts([]),
    ):
        change()
        QApplication.processEvents()
        layers = [child for child in window.grid.children() if isinstance(child, QWidget)]
        assert layers[-1] is window.notice  # the last one is on top


def test_failed_export_is_told(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path], tmp_path: Path
) -> None:
    def full(*_: object, **__: object) -> int:
        raise ExportError("the disk is full", "/somewhere")

    window = opened(qtbot, make_window(scripted_backend(write_report=full)), ct_series[0].parent)
    with qtbot.waitSignal(window.exporter.failed):
        window.exporter.export(tmp_path / "out.csv")
    assert "disk is full" in window.notice.text


def test_theme_and_recent_are_remembered(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    window = opened(qtbot, make_window(), ct_series[0].parent)
    window.actions_["view.theme"].trigger()
    assert theme() is LIGHT
    window.close()
    again = UiSettings()
    assert again.theme is LIGHT
    assert again.recent == [ct_series[0].parent]


def test_close_stops_the_analysis_and_the_engine(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]
) -> None:
    script = Script(gate=threading.Event())
    window = make_window(scripted_backend(script))
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.session.analysis.running)
    window.close()
    assert script.closed


def test_thresholds_can_be_changed(qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path]) -> None:
    window = opened(qtbot, make_window(), ct_series[0].parent)
    actions = {a.text(): a for a in window.menus.points.actions()}
    assert list(actions) == ["Balanced", "High sensitivity"]
    actions["High sensitivity"].trigger()
    point = window.session.model.point
    assert point is not None
    assert point.name == "high_sensitivity"
    work = window.session.findings.work(window.viewing.key)  # type: ignore[arg-type]
    assert work is not None
    assert Hemorrhage.SUBARACHNOID in work.slices[2].flagged(point)


def test_problems_reach_the_status_bar_and_the_list(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    write_series(tmp_path, positions_mm=[0, 5, 10, 25, 30])
    window = opened(qtbot, make_window(), tmp_path)
    qtbot.waitUntil(lambda: window.status.problems > 0)
    window.show_problems()
    dialog = window.findChild(ProblemsDialog)
    dialog.copy()
    assert "slices seem to be missing" in QGuiApplication.clipboard().text().lower()
    dialog.close()


def test_bug_is_shown_and_reported(
    qtbot: QtBot, make_window: MakeWindow, ct_series: list[Path], isolated_settings: Path
) -> None:
    class Buggy(Script):
        def annotate(self, *_: object, **__: object) -> SeriesFindings:
            raise ZeroDivisionError("a bug")

    window = make_window(scripted_backend(Buggy()))
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.session.analysis.complete and window.session.is_open)
    qtbot.waitUntil(lambda: window.findChild(BugDialog) is not None)
    window.show_bug(ValueError("another"))
    assert len([d for d in window.findChildren(BugDialog) if d.isVisible()]) == 1, "one dialog at a time"
    reports = [p.read_text() for p in isolated_settings.rglob("bug-*.log")]
    assert [text for text in reports if "ZeroDivisionError" in text]
    window.findChild(BugDialog).close()


def test_what_the_system_refuses_is_no_bug(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.show_bug(PermissionError(13, "Permission denied", "/scan/1.dcm"))
    assert window.findChild(BugDialog) is None
    assert "/scan/1.dcm: Permission denied" in window.notice.text
