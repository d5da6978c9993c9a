"""The main window: puts the parts together and connects what a person does to what they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QToolTip

from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.errors import IchViewerError, system_refusal
from ichviewer.ui.app.actions import Actions, build_actions, build_menus, build_toolbar, fill_choices
from ichviewer.ui.app.banner import Banner
from ichviewer.ui.app.choosing import choose_csv, choose_files, choose_folder, choose_model
from ichviewer.ui.app.drop_target import DropTarget
from ichviewer.ui.app.exporting import Exported, Exporter
from ichviewer.ui.app.keyboard import RowKeys, words_are_written
from ichviewer.ui.app.notice import Notice
from ichviewer.ui.app.recent_menu import RecentMenu
from ichviewer.ui.app.region_toggle import RegionToggle
from ichviewer.ui.app.status import StatusBar
from ichviewer.ui.app.summary import series_result, summary
from ichviewer.ui.app.ui_settings import UiSettings
from ichviewer.ui.app.window_layout import WindowLayout
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.browser.thumbnails import Thumbnails
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.dialogs.input_problems import ProblemCount, problem_rows
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.look.icons import app_icon, icon
from ichviewer.ui.look.plain_text import title_text
from ichviewer.ui.look.theme import DARK, LIGHT, apply_theme, theme
from ichviewer.ui.look.words import joined, patient_name, sentence, study_title
from ichviewer.ui.panes.image_interaction import PAGE_SLICES
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.preset_bar import PresetBar, fill_windows
from ichviewer.ui.panes.preset_choice import NO_PRESET
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.analysis import AnalysisProgress
from ichviewer.ui.session.backend import Backend, default_backend
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Workers

_REFRESH_MS = 150
"""How often what summarizes many slices is written anew while results stream in."""

_SUMMARIES_A_TURN = 100


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
        self.thumbnails = Thumbnails(self.workers, self)
        self.browser = StudyBrowser(self.thumbnails)
        self.image = ImagePane(self.session.findings)
        self.strip = SliceStrip(self.session.findings)
        self.findings = FindingsPanel(self.session.findings)
        self.banner = Banner()
        self.preset_bar = PresetBar(self.presets)
        self.status = StatusBar(self.actions_.pause, self.actions_.cancel, self.actions_.problems)
        self.setStatusBar(self.status)
        self.menus = build_menus(self, self.actions_)
        build_toolbar(self, self.actions_, self.preset_bar)
        self.layout_ = WindowLayout(
            self,
            browser=self.browser,
            banner=self.banner,
            image=self.image,
            strip=self.strip,
            findings=self.findings,
        )
        self.notice = Notice(self.image)
        self.drop_target = DropTarget(self, self._patient_in_view)
        RowKeys(self)
        self.layout_.restore(self.settings)

    def _connect_session(self) -> None:
        session = self.session
        session.opening.connect(self._show_opening)
        session.catalogChanged.connect(self._show_catalog)
        session.readProgress.connect(self.status.set_reading)
        session.readFailed.connect(self._show_read_failure)
        session.closed.connect(self._show_closed)
        session.findings.changed.connect(self._mark_dirty)
        session.analysis.progressChanged.connect(self._show_progress)
        session.model.cardRead.connect(lambda _: self._model_changed())
        session.model.ready.connect(lambda _: self._model_changed())
        session.model.failed.connect(lambda _: self._model_changed())
        self.browser.seriesRequested.connect(self._show_series)
        self.preset_bar.presetRequested.connect(self.viewing.use_preset)
        self.viewing.presetChanged.connect(self.preset_bar.set_current)
        self.viewing.notice.connect(self.notice.show_message)
        self.viewing.seriesChanged.connect(self._series_changed)
        self.viewing.doubtsChanged.connect(self.show_doubts)
        self.viewing.invertedChanged.connect(self.actions_.invert.setChecked)
        self.exporter.done.connect(self._exported)
        self.exporter.failed.connect(self._not_exported)
        self.image.openRequested.connect(self.ask_folder)
        self.image.openFilesRequested.connect(self.ask_files)
        self.image.demoRequested.connect(self.actions_.open_demo.trigger)
        self.image.colorShown.connect(lambda _: self._enable())
        self.strip.sliceRequested.connect(lambda _: self.image.setFocus())
        self.findings.sliceRequested.connect(lambda _: self.image.setFocus())
        self.drop_target.dropped.connect(self.open_paths)
        self.drop_target.refused.connect(lambda why: self.notice.show_message(why, "warning"))

    def _connect_actions(self) -> None:
        a, viewing, session = self.actions_, self.viewing, self.session
        fill_windows(self.menus.windows, self.presets, viewing.use_preset)
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
            (a.next_slice, lambda: viewing.step(1)),
            (a.previous_slice, lambda: viewing.step(-1)),
            (a.five_on, lambda: viewing.step(PAGE_SLICES)),
            (a.five_back, lambda: viewing.step(-PAGE_SLICES)),
            (a.invert, viewing.toggle_inverted),
            (a.reset, viewing.reset),
            (a.theme, self.switch_theme),
            (a.cancel, session.cancel),
            (a.restart, self._analyze_again),
            (a.open_model, self.ask_model),
            (a.bundled_model, lambda: self.open_model(None)),
            (a.problems, self.show_problems),
            (a.keys, lambda: KeysDialog(self.presets, self).open()),
            (a.about, lambda: AboutDialog(session.model, self).open()),
        ):
            action.triggered.connect(lambda _=False, what=what: what())
        a.pause.triggered.connect(session.analysis.set_paused)
        self.addActions(a.all())
        RecentMenu(self.menus.recent, a.remember, self.settings, self.open_paths)
        RegionToggle(a.regions, self.image.regions, self.settings, session.model, self)
        self._tint_theme_action()

    # Opening

    def open_paths(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open folders, files, ZIPs or DICOMDIRs in place of what is open."""
        if not paths:
            return
        if remember:
            self.settings.add_recent(paths)
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
        self.session.analysis.interrupt()
        self.session.model.open(path)
        self._model_changed()

    # What the session tells

    def _show_opening(self, paths: list[Path]) -> None:
        self._forget()
        self._show_panels(True)
        self.image.setFocus()
        names = ", ".join(path.name or str(path) for path in paths[:3])
        self.image.show_message("Reading", names, "loading")
        self.status.set_busy(f"Reading {names}")

    def _show_closed(self) -> None:
        self._forget()
        self._show_panels(False)
        self.image.show_message(
            "Open a head CT",
            "ichviewer shows the slices and marks those that may show blood. Nothing leaves this computer.",
            "empty",
        )

    def _forget(self) -> None:
        """Take everything of the patient who was open off the screen."""
        for dialog in self.findChildren(ProblemsDialog):
            dialog.close()
        QToolTip.hideText()
        self._dirty.clear()
        self._problems.clear()
        self.viewing.clear()
        self.preset_bar.set_current(NO_PRESET, "")
        self.image.close_series()
        self.findings.flush()
        self.show_doubts(())
        self.browser.clear()
        self.thumbnails.open(self.session.cache)
        self.notice.clear()
        self.status.set_problems(0)
        self.status.set_idle("")
        self.setWindowTitle("ichviewer")
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
        # Some of it may have been read and shown before it failed.
        self._forget()
        self._show_panels(False)
        words = str(error) if error.where else sentence(str(error))
        self.image.show_message("Nothing to show", words, "error")

    def _analyze_again(self) -> None:
        self.session.analyze_again()
        self.viewing.reload()

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

    def _patient_in_view(self) -> str:
        series = self.viewing.series
        return "" if series is None else patient_name(series.patient)

    def show_doubts(self, lines: Sequence[str]) -> None:
        """Say why the series in view lies outside what the model knows, and mute its probabilities.

        Without lines it does not.
        """
        self.banner.set_lines(lines)
        for part in (self.image, self.strip, self.findings):
            part.set_muted(bool(lines))

    def _model_changed(self) -> None:
        model = self.session.model
        if model.failure is not None:
            self.status.set_model("No model: slices are not analyzed", str(model.failure), failed=True)
            self.notice.show_message(f"No model, so nothing is analyzed. {model.failure}", "error")
        elif model.card is None:
            self.status.set_model("Opening the model", "")
        else:
            engine = model.model.analyser.name if model.model is not None else "starting"
            name = f"{model.card.name} {model.card.version}"
            self.status.set_model(joined((name, engine)), f"Model in {model.card.folder}")
            self._fill_points()
        self._judge_anew()
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
        self._judge_anew()

    def _judge_anew(self) -> None:
        """The thresholds are others: write all summaries anew."""
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

    def _mark_dirty(self, changed: Iterable[SeriesKey]) -> None:
        self._dirty.update(changed)
        if not self._refresh.isActive():
            self._refresh.start()

    def _write_summaries(self) -> None:
        analysis, point = self.session.analysis, self.session.model.point
        # A few at a time: thousands of series would stall the window.
        for key in [self._dirty.pop() for _ in range(min(_SUMMARIES_A_TURN, len(self._dirty)))]:
            work = self.session.findings.work(key)
            if work is not None:
                opening, rule = self.session.model.loading, self.session.model.series_rule
                self.browser.set_result(key, series_result(work, point, rule, opening_model=opening))
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
        proposed = self.exporter.proposed_path(self.settings.last_export_folder)
        choose_csv(self, proposed, self.exporter.export)

    def _exported(self, made: Exported) -> None:
        left = (
            ""
            if self.session.analysis.complete
            else " The analysis is not finished; export again afterwards."
        )
        folder = QUrl.fromLocalFile(str(made.csv.parent))
        self.settings.last_export_folder = made.csv.parent
        self.notice.show_message(
            f"{made}{left}",
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
        rows = problem_rows(self.session.catalog, self.session.findings.known())
        ProblemsDialog(rows, self).open()

    def show_bug(self, error: BaseException) -> None:
        """Tell of an unexpected error and save a report, one dialog at a time; tell what the system refused."""
        refused = system_refusal(error)
        if refused is not None:
            self.notice.show_message(refused, "error")
            return
        from ichviewer.services.bug_report import save_report  # noqa: PLC0415 - only a bug needs it

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
        # Windows turn HU into grey; a color image is shown as it is.
        for windowing in (self.preset_bar, self.menus.windows, self.actions_.invert):
            windowing.setEnabled(is_open and not self.image.shows_color)

    # Qt's events

    def changeEvent(self, event: QEvent) -> None:
        """Give the keyboard back to the image when a dialog was closed or the window is taken up again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            QTimer.singleShot(0, self, self._focus_image)

    def _focus_image(self) -> None:
        if self.session.is_open and self.isActiveWindow() and not words_are_written():
            self.image.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, stop all work, go."""
        self.layout_.save(self.settings)
        self.hide()
        self._refresh.stop()
        self.session.shutdown()
        event.accept()
