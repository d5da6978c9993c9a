"""The main window: puts the parts together and shows what the session tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from ichviewer.services.windows import Preset
from ichviewer.ui.app.actions import Actions
from ichviewer.ui.app.analysis_control import AnalysisControl
from ichviewer.ui.app.banner import Banner
from ichviewer.ui.app.bug_notice import BugNotice
from ichviewer.ui.app.choosing import choose_files, choose_folder
from ichviewer.ui.app.commands import Entry
from ichviewer.ui.app.drop_target import DropTarget
from ichviewer.ui.app.export_choice import ExportChoice
from ichviewer.ui.app.exporting import Exporter
from ichviewer.ui.app.help_dialogs import HelpDialogs
from ichviewer.ui.app.key_editor import KeyEditor
from ichviewer.ui.app.keyboard import RowKeys, words_are_written
from ichviewer.ui.app.menus import Menus, build_toolbar
from ichviewer.ui.app.model_choice import ModelChoice
from ichviewer.ui.app.notice import Notice
from ichviewer.ui.app.opening import Opening
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.app.picture_choice import PictureChoice
from ichviewer.ui.app.preferences_in_use import PreferencesInUse
from ichviewer.ui.app.recent_menu import RecentMenu
from ichviewer.ui.app.reformat_mode import ReformatMode
from ichviewer.ui.app.region_toggle import RegionToggle
from ichviewer.ui.app.report_choice import ReportChoice
from ichviewer.ui.app.result_desk import ResultDesk
from ichviewer.ui.app.result_saving import ResultSaving
from ichviewer.ui.app.series_switch import SeriesSwitch
from ichviewer.ui.app.settings_commands import SettingsControl
from ichviewer.ui.app.standard_commands import PRESET_SECTION, standard_table
from ichviewer.ui.app.status import StatusBar
from ichviewer.ui.app.study_display import StudyDisplay
from ichviewer.ui.app.study_menu import StudyMenu
from ichviewer.ui.app.summaries import Summaries
from ichviewer.ui.app.summary import summary
from ichviewer.ui.app.tags_choice import TagsChoice
from ichviewer.ui.app.theme_switch import ThemeSwitch
from ichviewer.ui.app.tool_desk import ToolDesk
from ichviewer.ui.app.view_control import ActiveImage, FullScreen, Panels
from ichviewer.ui.app.welcome import Welcome
from ichviewer.ui.app.window_commands import WindowCommands
from ichviewer.ui.app.window_layout import WindowLayout
from ichviewer.ui.app.window_state import WindowState, has_grey_image
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.browser.thumbnails import Thumbnails
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.key_objects import KeyObjectBar
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.look.after_paint import AfterFirstPaint
from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.look.icons import app_icon
from ichviewer.ui.look.key_names import called
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.theme import theme, theme_signals
from ichviewer.ui.look.words import error_words
from ichviewer.ui.panes.arrangement import Arrangement
from ichviewer.ui.panes.cine import Cine
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.pane_grid import PaneGrid
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.preset_bar import PresetBar
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.analysis import AnalysisProgress
from ichviewer.ui.session.backend import Backend, default_backend
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.sources.network_access import NetworkAccess
from ichviewer.ui.sources.network_desk import NetworkDesk
from ichviewer.ui.sources.network_status import NetworkStatus


class MainWindow(QMainWindow):
    """The window.

    Parameters
    ----------
    settings : UiSettings
    backend : Backend, optional
        What lies behind the window; the real thing unless told.
    engine : str
        Engine for the bundled model: ``auto``, ``litert`` or ``keras``.
    commands : iterable of Command, Menu or MouseHelp
        What the window can be asked to do beside what `standard_table` lists.
    network : NetworkAccess, optional
        How sources, cache and outbox are reached; the person's own unless told.
    """

    def __init__(
        self,
        settings: UiSettings,
        backend: Backend | None = None,
        *,
        engine: str = "auto",
        commands: Iterable[Entry] = (),
        network: NetworkAccess | None = None,
    ) -> None:
        super().__init__()
        self.settings = settings
        self.backend = backend or default_backend()
        self.workers = Workers(self.show_bug)
        self.session = Session(self.workers, self.backend, engine=engine)
        usual = self.backend.presets()
        self.preferences = PreferencesInUse(settings, usual, self)
        self.table = standard_table(self.presets, self.preferences.preferences.mouse)
        self.table.add(commands)
        self.keys = KeyEditor(self.table, settings, self)
        self.actions_ = Actions(self.table, self)
        self._build()
        self.viewing = Viewing(
            self.session, self.image, self.strip, self.findings, self.presets, start=self.preferences.start
        )
        self.viewing.set_mouse(self.preferences.preferences.mouse)
        self.settings_control = SettingsControl(
            settings,
            self.preferences,
            usual,
            table=self.table,
            actions=self.actions_,
            menus=self.menus,
            keys=self.keys,
            window=self,
            storage_parts=lambda: self.network.storage_parts(),  # noqa: PLW0108 - there is no network yet
        )
        self.reformats.attach(self.viewing)
        self.panes = Arrangement(self.grid, self.viewing, self.session, self)
        self.active_image = ActiveImage(self.viewing, self.reformats.steering.zoom_by, self.notice, self)
        self.cine = Cine(self.viewing)
        self.panels = Panels((self.browser,), (self.findings, self.strip), self.viewing)
        self.reformats.changed.connect(lambda: self.panels.set_slices(not self.reformats.shown))
        self.full_screen = FullScreen(
            self, (self.active_image.stop_picking, self.active_image.stop_magnifying)
        )
        self.exporter = Exporter(self.session, self)
        self.bugs = BugNotice(self.notice, self)
        self.output_place = OutputPlace(
            self.exporter, settings, notice=self.notice, bugs=self.bugs, window=self
        )
        self.pictures = PictureChoice(self.session, self.viewing, self.output_place)
        self.tools = ToolDesk(
            self.session,
            self.viewing,
            self.output_place,
            annotation_folder=settings.preferences.annotation_folder,
            notice=self.notice,
            bugs=self.bugs,
            side=self.layout_.side,
            window=self,
        )
        self.tools.attach_reformats(self.reformats)
        self.report = ReportChoice(
            self.session,
            self.viewing,
            self.output_place,
            self.tools.store,
            self.tools.measurements,
            regions=self.tools.regions.store,
        )
        self.opening = Opening(self.session, settings, self, lambda: self.viewing.key)
        self.series_switch = SeriesSwitch(self.session, self.viewing, self.browser, self.panes)
        self.regions = RegionToggle(self.image.regions, settings, self.session.model, self)
        self.model_choice = ModelChoice(self.session, settings, self.menus.points, self)
        self.help = HelpDialogs(self.session, self.keys, self.output_place)
        self.welcome = Welcome(settings, self.session, self.keys, self.help, self.image.card.welcome)
        self.summaries = Summaries(self.session, self.browser, self.status, self)
        RecentMenu(self.menus.recent, settings, self.open_paths)
        RecentMenu(self.menus.recent_beside, settings, self.opening.open_beside)
        self.study_display = StudyDisplay(self)
        self.drop_target = DropTarget(self, self.study_display.in_place_of, self.browser)
        StudyMenu(self.session, self.browser)
        # After what shows the session: what is said of a fetched study comes last.
        self.network = NetworkDesk(
            self.session,
            settings,
            network or NetworkAccess(),
            tell=self.notice.show_message,
            ask_folder=choose_folder,
            ask_files=choose_files,
            window=self,
        )
        self._build_results()
        self._connect_session()
        self._connect_commands()
        self.panes.use_layout(self.preferences.preferences.panes)
        self.study_display.show_closed()
        self._say_key_notes()
        begin = (self.image.prepare, self.model_choice.start, self.network.start)
        self.afterwards = AfterFirstPaint(self, begin)

    # Building

    def _build(self) -> None:
        # Linked panes change together: once for all of them.
        self._refreshing = BeforePaint(self.refresh_commands, self)
        self.setWindowIcon(app_icon())
        self.thumbnails = Thumbnails(self.workers, self)
        self.browser = StudyBrowser(self.thumbnails)
        self.grid = PaneGrid(lambda: ImagePane(self.session.findings))
        self.image = self.grid.frames[0].image
        self.strip = SliceStrip(self.session.findings)
        self.findings = FindingsPanel(self.session.findings)
        self.reformats = ReformatMode(self.session, self.grid)
        self.banner = Banner()
        self.key_objects = KeyObjectBar()
        self.preset_bar = PresetBar(self.presets)
        a = self.actions_
        self.status = StatusBar(a["analysis.pause"], a["analysis.cancel"], a["help.problems"])
        self.setStatusBar(self.status)
        self.menus = Menus(self, self.table, a)
        build_toolbar(self, self.table, a, {PRESET_SECTION: self.preset_bar})
        self.layout_ = WindowLayout(
            self,
            browser=self.browser,
            banner=self.banner,
            image=self.reformats.area,
            strip=self.strip,
            key_objects=self.key_objects,
            findings=self.findings,
        )
        self.notice = Notice(self.grid)
        RowKeys(self)
        self.layout_.restore(self.settings)

    def _build_results(self) -> None:
        """What reads, writes and sends results as DICOM objects."""
        self.results = ResultDesk(
            self.session,
            self.viewing,
            self.browser,
            self.series_switch,
            strip=self.strip,
            bar=self.key_objects,
            place=self.output_place,
        )
        self.saving = ResultSaving(
            self.session,
            self.viewing,
            self.output_place,
            report=self.report,
            annotations=self.tools.store,
            regions=self.tools.regions.store,
            outbox=self.network.outbox,
        )

    def _connect_session(self) -> None:
        self.status.add_word(NetworkStatus(self.network))
        session = self.session
        session.analysis.progressChanged.connect(self._show_progress)
        # The first slice comes before the first word of progress: from then on the analysis can be held.
        session.findings.changed.connect(lambda _: self.refresh_commands())
        for told in (session.model.cardRead, session.model.ready, session.model.failed):
            told.connect(lambda _: self._model_changed())
        self.preset_bar.presetRequested.connect(self.viewing.use_preset)
        self.viewing.presetChanged.connect(self.preset_bar.set_current)
        self.viewing.notice.connect(self.notice.show_message)
        self.viewing.doubtsChanged.connect(self.show_doubts)
        self.image.openRequested.connect(self.opening.ask_folder)
        self.image.openFilesRequested.connect(self.opening.ask_files)
        self.image.demoRequested.connect(self.opening.open_demo)
        for asked in (self.strip.sliceRequested, self.findings.sliceRequested):
            asked.connect(lambda _: self.viewing.active.image.setFocus())
        self.panes.opened.connect(self._pane_opened)
        self.panes.arranging.connect(self.reformats.leave)
        self.panes.changed.connect(self.refresh_commands)
        self.drop_target.dropped.connect(self.open_paths)
        self.drop_target.droppedBeside.connect(self.opening.open_beside)
        self.drop_target.refused.connect(lambda why: self.notice.show_message(why, "warning"))
        self.model_choice.modelChosen.connect(self._model_changed)
        self.model_choice.pointChosen.connect(self.summaries.judge_anew)

    def _connect_commands(self) -> None:
        context = WindowCommands(
            opening=self.opening,
            exports=ExportChoice(self.session, self.exporter, self.output_place),
            saving=self.saving,
            results=self.results,
            viewing=self.reformats.steering,
            series=self.series_switch,
            panes=self.panes,
            image=self.active_image,
            cine=self.cine,
            panels=self.panels,
            full_screen=self.full_screen,
            regions=self.regions,
            painted=self.tools.regions,
            reformats=self.reformats,
            theme=ThemeSwitch(self.settings),
            analysis=AnalysisControl(self.session, self.viewing),
            model=self.model_choice,
            tools=self.tools,
            help=self.help,
            report=self.report,
            pictures=self.pictures,
            tags=TagsChoice(self.session, self.viewing, self.output_place),
            network=self.network,
            settings=self.settings_control,
            close=self.close,
        )
        self.actions_.connect_to(context, self._state)
        self.keys.changed.connect(lambda _: self._show_keys())
        self._show_keys()
        self.viewing.invertedChanged.connect(lambda _: self.refresh_commands())
        for part in (
            self.regions,
            self.reformats,
            self.active_image,
            self.cine,
            self.panels,
            self.full_screen,
            self.tools,
            self.results,
            theme_signals(),
        ):
            part.changed.connect(self.refresh_commands)
        self._listen_to(self.image)
        self.settings.preferencesChanged.connect(lambda _: self.refresh_commands())
        self.preferences.mouseChanged.connect(self.viewing.set_mouse)
        self.preferences.windowsChanged.connect(self._offer_windows)

    # Commands

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The windows on offer, in order."""
        return self.preferences.presets

    def open_paths(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open folders, files, ZIPs or DICOMDIRs in place of what is open."""
        self.opening.open_paths(paths, remember=remember)

    def open_model(self, path: Path | None) -> None:
        """Use a model (None: the bundled one) and analyze everything with it."""
        self.model_choice.open(path)

    def show_problems(self) -> None:
        """List what was repaired, doubted or left out."""
        self.help.show_problems()

    def show_bug(self, error: BaseException) -> None:
        """Tell of an unexpected error and save a report, one dialog at a time; tell what the system refused."""
        self.bugs.show(error)

    def _state(self) -> WindowState:
        """What of the window decides which commands are possible."""
        session, model = self.session, self.session.model
        analysis, links = session.analysis, self.panes.links
        return WindowState(
            is_open=session.is_open,
            reading=session.reading,
            analyzing=analysis.running or (analysis.paused and not analysis.complete),
            paused=analysis.paused and not analysis.complete,
            has_card=model.card is not None,
            has_model=model.model is not None,
            own_model=model.source is not None,
            color_image=self.viewing.active.image.shows_color,
            inverted=self.viewing.active.image.inverted(),
            has_maps=self.regions.possible,
            lacks_maps=self.regions.impossible,
            regions_shown=self.regions.shown,
            reformats_shown=self.reformats.shown,
            projection=self.reformats.projection,
            remembers_paths=self.settings.remember_recent,
            dark=theme().is_dark,
            layout=self.panes.layout.id,
            several_panes=len(self.panes.layout) > 1,
            only_pane=self.panes.shows_only_one,
            three_windows=self.panes.shows_three_windows,
            links_scroll=links.settings.scroll,
            links_window=links.settings.window,
            links_zoom=links.settings.zoom,
            links_fixed=links.fixed,
            pane_linked=links.is_linked(self.viewing.active),
            picture=self.viewing.active.image.shown is not None and not self.reformats.shown,
            slices=0 if self.viewing.series is None else len(self.viewing.series),
            results_drawn=self.results.drawn,
            results_visible=self.results.visible,
            key_objects=self.results.key_objects,
            picking=self.active_image.picking,
            detail=self.viewing.detail,
            magnified=self.active_image.magnified,
            playing=self.cine.playing,
            cine_speed=self.cine.speed,
            panels_hidden=self.panels.hidden,
            full_screen=self.full_screen.on,
            tools=self.tools.state(),
        )

    def refresh_commands(self) -> None:
        """Offer what is possible now."""
        self.actions_.refresh()
        self.menus.refresh(self.actions_.state)
        self.preset_bar.setEnabled(has_grey_image(self.actions_.state))

    def _offer_windows(self, presets: Sequence[Preset], start: int) -> None:
        self.preset_bar.set_presets(presets)
        self.viewing.set_presets(presets, start)
        self.refresh_commands()
        self._say_key_notes()

    def _show_keys(self) -> None:
        keys = self.keys.keys
        self.actions_.set_keys(keys)
        self.results.set_all_slices_key(called(keys.keys("go.all_slices")[:1]))
        self.browser.set_problems_key(called(keys.keys("help.problems")[:1]))

    def _say_key_notes(self) -> None:
        if self.keys.notes:
            self.notice.show_message(" ".join(self.keys.notes), "warning")

    def _enlarge(self) -> None:
        """The active pane alone, or, where it is the only one, without the panels around it."""
        if len(self.panes.layout) > 1 or self.panes.shows_only_one:
            self.panes.toggle_only()
        else:
            self.panels.toggle()

    def _listen_to(self, image: ImagePane) -> None:
        image.colorShown.connect(lambda _: self.refresh_commands())
        image.pictureShown.connect(lambda _: self._refreshing.ask())
        image.interaction.enlargeRequested.connect(self._enlarge)

    def _pane_opened(self, pane: PaneView) -> None:
        self._listen_to(pane.image)
        self.regions.add(pane.image.regions)
        self.tools.attach(pane)
        self.results.attach(pane)

    def show_doubts(self, lines: Sequence[str]) -> None:
        """Say why the series in view lies outside what the model knows, and mute its probabilities.

        Without lines it does not.
        """
        self.banner.set_lines(lines)
        # The other panes mute themselves.
        for part in (self.viewing.active.image, self.strip, self.findings):
            part.set_muted(bool(lines))

    def _model_changed(self) -> None:
        model = self.session.model
        self.status.show_model(model)
        if model.failure is not None:
            self.notice.show_message(
                tr("No model, so nothing is analyzed. {failure}").format(failure=error_words(model.failure)),
                "error",
            )
        elif model.card is not None:
            self.model_choice.fill_points()
        self.summaries.judge_anew()
        self.refresh_commands()

    def _show_progress(self, progress: AnalysisProgress) -> None:
        analysis = self.session.analysis
        self.refresh_commands()
        if self.session.reading:
            return
        if progress.running or progress.paused:
            self.status.set_analysis(progress)
        elif not analysis.complete and self.session.model.loading:
            self.status.set_busy(tr("Starting the model"))
        elif self.session.is_open:
            self.status.set_idle(summary(self.session))

    # Qt's events

    def changeEvent(self, event: QEvent) -> None:
        """Give the keyboard back to the image when a dialog was closed or the window is taken up again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            QTimer.singleShot(0, self, self._focus_image)

    def _focus_image(self) -> None:
        if self.session.is_open and self.isActiveWindow() and not words_are_written():
            self.viewing.active.image.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, stop all work, go."""
        self.afterwards.drop()
        self.full_screen.leave()
        self.layout_.save(self.settings)
        self.hide()
        self.summaries.stop()
        self.tools.close()
        self.saving.drop()
        self.results.documents.clear()
        ended = self.session.shutdown()
        self.network.close(ended=ended)
        event.accept()
