"""The main window: puts the parts together and connects what a person does to what they do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QVBoxLayout, QWidget

from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.errors import IchViewerError
from ichviewer.ui.actions import Actions, build_actions, build_menus, build_toolbar, fill_choices
from ichviewer.ui.analysis import AnalysisProgress
from ichviewer.ui.backend import Backend, default_backend
from ichviewer.ui.choosing import choose_csv, choose_files, choose_folder, choose_model
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.bug import BugDialog, save_report
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.exporting import Exported, Exporter
from ichviewer.ui.findings_panel import FindingsPanel
from ichviewer.ui.icons import app_icon, icon
from ichviewer.ui.image_pane import ImagePane
from ichviewer.ui.input_problems import ProblemCount, problem_rows
from ichviewer.ui.notice import Notice
from ichviewer.ui.plain_text import title_text
from ichviewer.ui.plain_widgets import menu_item
from ichviewer.ui.preset_bar import PresetBar
from ichviewer.ui.session import Session
from ichviewer.ui.slice_strip import SliceStrip
from ichviewer.ui.status import StatusBar
from ichviewer.ui.study_browser import StudyBrowser
from ichviewer.ui.summary import series_result, summary
from ichviewer.ui.theme import DARK, LIGHT, apply_theme, theme
from ichviewer.ui.thumbnails import Thumbnails
from ichviewer.ui.ui_settings import UiSettings
from ichviewer.ui.viewing import Viewing
from ichviewer.ui.words import count, joined, patient_name, study_title, voi_numbers
from ichviewer.ui.workers import Workers

_REFRESH_MS = 150
"""How often what summarizes many slices is written anew while results stream in."""

_SUMMARIES_A_TURN = 100

_KEY_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -5,
    Qt.Key.Key_PageDown: 5,
}


class MainWindow(QMainWindow):
    """The window.

    Parameters
    ----------
    settings : UiSettings
    backend : Backend, optional
        What lies behind the window; the real thing unless told.
    engine : str
        Engine for the bundled model: ``auto``, ``litert`` or ``keras``.
    """

    def __init__(self, settings: UiSettings, backend: Backend | None = None, *, engine: str = "auto") -> None:
        super().__init__()
        self.settings = settings
        self.backend = backend or default_backend()
        self.workers = Workers(self.show_bug)
        self.session = Session(self.workers, self.backend, engine=engine)
        self.presets = self.backend.presets()
        self.actions_: Actions = build_actions(self)
        self._build()
        self.viewing = Viewing(self.session, self.image, self.strip, self.findings, self.presets)
        self.exporter = Exporter(self.session, self)
        self._looks_paused = False
        self._problems = ProblemCount()
        self._dirty: set[SeriesKey] = set()
        self._refresh = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._refresh.timeout.connect(self._write_summaries)
        self._connect_session()
        self._connect_actions()
        self._show_closed()
        self.session.model.choose_point(settings.operating_point)
        self.session.model.open(settings.model)

    # Building

    def _build(self) -> None:
        self.setWindowIcon(app_icon())
        self.setMinimumSize(960, 600)
        self.setAcceptDrops(True)
        self.thumbnails = Thumbnails(self.workers, self)
        self.browser = StudyBrowser(self.thumbnails)
        self.image = ImagePane()
        self.strip = SliceStrip()
        self.findings = FindingsPanel()
        self.preset_bar = PresetBar(self.presets)
        self.status = StatusBar(self.actions_.pause, self.actions_.cancel, self.actions_.problems)
        self.setStatusBar(self.status)
        self.menus = build_menus(self, self.actions_)
        build_toolbar(self, self.actions_, self.preset_bar)
        center = QSplitter(Qt.Orientation.Vertical)
        center.addWidget(self.image)
        center.addWidget(self.strip)
        center.setStretchFactor(0, 1)
        center.setStretchFactor(1, 0)
        center.setCollapsible(0, False)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(center)
        across = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.browser, middle, self.findings):
            across.addWidget(part)
        for position, stretch in enumerate((0, 1, 0)):
            across.setStretchFactor(position, stretch)
        across.setCollapsible(1, False)
        across.setSizes([300, 960, 340])
        for splitter in (center, across):
            splitter.setHandleWidth(1)
        self.setCentralWidget(across)
        self._splitters = {"across": across, "center": center}
        self.notice = Notice(self.image)
        for preset in self.presets:
            if not preset.key:
                continue
            act = self.menus.windows.addAction(f"{preset.name}  {voi_numbers(preset.voi)}".rstrip())
            act.setShortcut(str(preset.key))
            act.triggered.connect(lambda _=False, key=preset.key: self.viewing.use_preset(key))
        self._restore_layout()

    def _restore_layout(self) -> None:
        geometry = self.settings.layout("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            room = self.screen().availableGeometry().size()
            self.resize(min(1600, room.width()), min(1000, room.height()))
        for name, splitter in self._splitters.items():
            state = self.settings.layout(name)
            if state is not None:
                splitter.restoreState(state)

    def _connect_session(self) -> None:
        session = self.session
        session.opening.connect(self._show_opening)
        session.catalogChanged.connect(self._show_catalog)
        session.readProgress.connect(self.status.set_reading)
        session.readFailed.connect(self._show_read_failure)
        session.closed.connect(self._show_closed)
        session.analysis.stateChanged.connect(self._mark_dirty)
        session.analysis.sliceFound.connect(lambda key, *_: self._mark_dirty(key))
        session.analysis.progressChanged.connect(self._show_progress)
        session.model.cardRead.connect(lambda _: self._model_changed())
        session.model.ready.connect(lambda _: self._model_changed())
        session.model.failed.connect(lambda _: self._model_changed())
        self.browser.seriesRequested.connect(self._show_series)
        self.preset_bar.presetRequested.connect(self.viewing.use_preset)
        self.viewing.presetChanged.connect(self.preset_bar.set_current)
        self.viewing.notice.connect(self.notice.show_message)
        self.viewing.seriesChanged.connect(self._series_changed)
        self.viewing.invertedChanged.connect(self.actions_.invert.setChecked)
        self.exporter.done.connect(self._exported)
        self.exporter.failed.connect(self._not_exported)
        self.image.openRequested.connect(self.ask_folder)

    def _connect_actions(self) -> None:
        a, viewing, session = self.actions_, self.viewing, self.session
        a.invert.setCheckable(True)
        a.pause.setCheckable(True)
        for action, what in (
            (a.open_folder, self.ask_folder),
            (a.open_files, self.ask_files),
            (a.open_demo, lambda: self.open_paths([self.backend.demo_folder()], remember=False)),
            (a.export, self.ask_export),
            (a.close_study, session.close_study),
            (a.quit, self.close),
            (a.next_flagged, lambda: viewing.go_flagged(1)),
            (a.previous_flagged, lambda: viewing.go_flagged(-1)),
            (a.most_suspicious, viewing.go_most_suspicious),
            (a.next_series, lambda: self._neighbour(1)),
            (a.previous_series, lambda: self._neighbour(-1)),
            (a.first_slice, viewing.go_first),
            (a.last_slice, viewing.go_last),
            (a.invert, viewing.toggle_inverted),
            (a.reset, viewing.reset),
            (a.theme, self.switch_theme),
            (a.cancel, session.cancel),
            (a.restart, session.analysis.restart),
            (a.open_model, self.ask_model),
            (a.bundled_model, lambda: self.open_model(None)),
            (a.problems, self.show_problems),
            (a.keys, lambda: KeysDialog(self.presets, self).open()),
            (a.about, lambda: AboutDialog(session.model, self).open()),
        ):
            action.triggered.connect(lambda _=False, what=what: what())
        a.pause.triggered.connect(session.analysis.set_paused)
        self.addActions(a.all())
        self.menus.recent.aboutToShow.connect(self._fill_recent)
        self._tint_theme_action()

    # Opening

    def open_paths(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open folders, files, ZIPs or DICOMDIRs in place of what is open."""
        if not paths:
            return
        if remember:
            self.settings.add_recent(paths)
            folder = paths[0] if paths[0].is_dir() else paths[0].parent
            self.settings.last_folder = folder
        self.session.open(paths)

    def ask_folder(self) -> None:
        """Let the user choose a folder."""
        choose_folder(self, self.settings.last_folder, lambda path: self.open_paths([path]))

    def ask_files(self) -> None:
        """Let the user choose files."""
        choose_files(self, self.settings.last_folder, self.open_paths)

    def ask_model(self) -> None:
        """Let the user choose another model."""
        choose_model(self, self.settings.last_folder, self.open_model)

    def open_model(self, path: Path | None) -> None:
        """Use a model (None: the bundled one) and analyse everything with it."""
        self.settings.model = path
        self.session.model.open(path)
        self._model_changed()

    def _fill_recent(self) -> None:
        menu = self.menus.recent
        menu.clear()
        for path in self.settings.recent:
            menu_item(menu, str(path)).triggered.connect(lambda _=False, path=path: self.open_paths([path]))
        if menu.isEmpty():
            menu.addAction("Nothing opened yet").setEnabled(False)
            return
        menu.addSeparator()
        menu.addAction("Clear this list").triggered.connect(self.settings.clear_recent)

    # What the session tells

    def _show_opening(self, paths: list[Path]) -> None:
        self._forget()
        self._show_panels(True)
        names = ", ".join(path.name or str(path) for path in paths[:3])
        self.image.show_message("Reading", names, "loading")
        self.status.set_busy(f"Reading {names}")

    def _show_closed(self) -> None:
        self._forget()
        self._show_panels(False)
        self.image.show_message(
            "Open a head CT",
            "ichviewer shows the slices and marks those that may show blood. Nothing leaves this computer. "
            "No CT at hand? Choose File, Open the demo study.",
            "empty",
        )
        self.status.set_idle("")
        self.setWindowTitle("ichviewer")

    def _forget(self) -> None:
        self._dirty.clear()
        self._problems.clear()
        self.viewing.clear()
        self.browser.clear()
        self.thumbnails.open(self.session.cache)
        self.notice.hide()
        self.status.set_problems(0)
        self._enable()

    def _show_panels(self, shown: bool) -> None:
        for part in (self.browser, self.findings, self.strip):
            part.setVisible(shown)

    def _show_catalog(self, catalog: Catalog, complete: bool) -> None:
        self.browser.set_catalog(catalog)
        in_view = None if self.viewing.key is None else self.session.series(self.viewing.key)
        if in_view is None or (complete and not self.viewing.moved):
            in_view = self.session.first_series() or in_view
        if in_view is not None:
            self.viewing.replace_series(in_view)
            self.browser.set_current(in_view.key)
        if complete:
            self.status.set_idle("")
            self._problems.set_catalog(catalog)
            self._dirty.update(series.key for series in catalog.series)
            self._refresh.start()
        self._enable()

    def _show_read_failure(self, error: IchViewerError) -> None:
        self._show_panels(False)
        self.image.show_message("Nothing to show", str(error), "error")
        self.status.set_idle("")
        self._enable()

    def _show_series(self, key: SeriesKey) -> None:
        series = self.session.series(key)
        if series is not None:
            self.viewing.moved = True
            self.viewing.show_series(series)
            self.image.setFocus()

    def _neighbour(self, step: int) -> None:
        key = None if self.viewing.key is None else self.browser.neighbour(self.viewing.key, step)
        if key is not None:
            self.browser.set_current(key)
            self._show_series(key)

    def _series_changed(self, series: Series | None) -> None:
        if series is None:
            return
        study = joined((study_title(series.study), series.study.date))
        self.setWindowTitle(title_text(f"{patient_name(series.patient)} – {study} – ichviewer"))

    def _model_changed(self) -> None:
        model = self.session.model
        if model.failure is not None:
            self.status.set_model("No model: slices are not analysed", str(model.failure), failed=True)
            self.notice.show_message(f"No model, so nothing is analysed. {model.failure}", "error")
        elif model.card is None:
            self.status.set_model("Opening the model", "")
        else:
            engine = model.model.analyser.name if model.model is not None else "starting"
            name = f"{model.card.name} {model.card.version}"
            self.status.set_model(joined((name, engine)), f"Model in {model.card.folder}")
            self._fill_points()
        self.viewing.refresh_point()
        self._enable()

    def _fill_points(self) -> None:
        card, point = self.session.model.card, self.session.model.point
        if card is None or point is None:
            return
        names = {name: name.replace("_", " ").capitalize() for name in card.operating_points}
        fill_choices(self.menus.points, names, point.name, self._choose_point)

    def _choose_point(self, name: str) -> None:
        self.settings.operating_point = name
        self.session.model.choose_point(name)
        self.viewing.refresh_point()
        self._dirty.update(series.key for series in self.session.catalog.series)
        self._refresh.start()

    def _show_progress(self, progress: AnalysisProgress) -> None:
        analysis = self.session.analysis
        if self.actions_.pause.isChecked() != progress.paused or progress.paused != self._looks_paused:
            self._looks_paused = progress.paused
            self.actions_.pause.setChecked(progress.paused)
            self.actions_.pause.setIcon(icon("resume" if progress.paused else "pause"))
        busy = progress.running or progress.paused
        self.actions_.pause.setEnabled(busy)
        self.actions_.cancel.setEnabled(busy or self.session.reading)
        if self.session.reading:
            return
        if busy:
            self.status.set_analysis(progress)
        elif not analysis.complete and self.session.model.loading:
            self.status.set_busy("Starting the model")
        elif self.session.is_open:
            self.status.set_idle(summary(self.session))

    def _mark_dirty(self, key: SeriesKey) -> None:
        self._dirty.add(key)
        if not self._refresh.isActive():
            self._refresh.start()

    def _write_summaries(self) -> None:
        analysis, point = self.session.analysis, self.session.model.point
        # A few at a time: thousands of series would stall the window.
        for key in [self._dirty.pop() for _ in range(min(_SUMMARIES_A_TURN, len(self._dirty)))]:
            work = analysis.work(key)
            if work is not None:
                self.browser.set_result(key, series_result(work, point))
                self._problems.set_series(work.series, work.findings() if work.slices else None)
        if self._dirty:
            self._refresh.start(0)
            return
        self._refresh.setInterval(_REFRESH_MS)
        self.status.set_problems(self._problems.total)
        if self.session.is_open and analysis.complete and not self.session.reading:
            self.status.set_idle(summary(self.session))

    # Asking and telling

    def ask_export(self) -> None:
        """Let the user choose where the CSV goes."""
        proposed = self.settings.last_folder / self.exporter.proposed_name()
        choose_csv(self, proposed, self.exporter.export)

    def _exported(self, made: Exported) -> None:
        left = (
            ""
            if self.session.analysis.complete
            else " The analysis is not finished; export again afterwards."
        )
        folder = QUrl.fromLocalFile(str(made.csv.parent))
        self.notice.show_message(
            f"{count(made.rows, 'row')} written to {made.csv}.{left}",
            "done",
            ("Show in folder", lambda: QDesktopServices.openUrl(folder)),
        )

    def _not_exported(self, error: BaseException) -> None:
        if isinstance(error, IchViewerError):
            self.notice.show_message(f"The CSV was not written. {error}", "error")
        else:
            self.show_bug(error)

    def show_problems(self) -> None:
        """List what was repaired, doubted or left out."""
        rows = problem_rows(self.session.catalog, self.session.analysis.findings())
        ProblemsDialog(rows, self).open()

    def show_bug(self, error: BaseException) -> None:
        """Tell of an unexpected error and save a report of it; one dialog at a time."""
        report = save_report(error)
        if not any(dialog.isVisible() for dialog in self.findChildren(BugDialog)):
            BugDialog(error, report, self).open()

    def switch_theme(self) -> None:
        """Dark to light, light to dark."""
        self.set_theme(LIGHT.name if theme() is DARK else DARK.name)

    def set_theme(self, name: str) -> None:
        """Put a theme on and remember it."""
        colors = LIGHT if name == LIGHT.name else DARK
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, colors)
        self.settings.theme = colors
        self._tint_theme_action()

    def _tint_theme_action(self) -> None:
        self.actions_.theme.setIcon(icon("theme-light" if theme().is_dark else "theme"))

    def _enable(self) -> None:
        is_open = self.session.is_open
        for action in self.actions_.need_study():
            action.setEnabled(is_open)
        self.actions_.export.setEnabled(is_open and self.session.model.card is not None)
        self.actions_.restart.setEnabled(is_open and self.session.model.model is not None)
        self.actions_.bundled_model.setEnabled(self.session.model.source is not None)
        self.actions_.problems.setEnabled(is_open)
        self.preset_bar.setEnabled(is_open)
        self.menus.windows.setEnabled(is_open)

    # Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the slices from wherever the keyboard is."""
        step = _KEY_STEPS.get(Qt.Key(event.key()))
        if step is None or self.viewing.series is None:
            super().keyPressEvent(event)
        else:
            self.viewing.step(step)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take folders and files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, stop all work, go."""
        self.settings.set_layout("geometry", self.saveGeometry())
        for name, splitter in self._splitters.items():
            self.settings.set_layout(name, splitter.saveState())
        self.settings.save()
        self.hide()
        self._refresh.stop()
        self.session.shutdown()
        event.accept()
