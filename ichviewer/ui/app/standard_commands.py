"""The commands that come with the program, a function for each menu. Their order here is that of the menus."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from ichviewer.ui.app.commands import (
    FAR_END,
    Command,
    CommandTable,
    Entry,
    Menu,
    MenuPlace,
    Sheet,
    SheetGroup,
    ToolbarPlace,
    plain,
)
from ichviewer.ui.app.mouse_help import mouse_help
from ichviewer.ui.app.network_commands import network_commands
from ichviewer.ui.app.output_commands import output_commands
from ichviewer.ui.app.pane_commands import pane_commands
from ichviewer.ui.app.preset_commands import preset_commands
from ichviewer.ui.app.reformat_commands import reformat_commands
from ichviewer.ui.app.result_commands import result_commands
from ichviewer.ui.app.settings_commands import settings_commands
from ichviewer.ui.app.tool_commands import tool_commands
from ichviewer.ui.app.view_commands import more_view_commands
from ichviewer.ui.app.window_state import (
    WindowState,
    can_analyze,
    can_export,
    has_grey_image,
    has_maps,
    has_own_model,
    has_series,
    has_study,
    is_analyzing,
    is_busy,
)
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_interaction import PAGE_SLICES, ZOOM_PER_NOTCH
from ichviewer.ui.session.mouse_map import MouseMap
from ichviewer.ui.tools.standard_tools import TOOLS

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset

OUTLINE_TIP = tr("Outline the regions that influenced the score of the flagged types")
NO_MAPS = tr("This model gives no maps of the regions that influenced its score")

PRESET_SECTION = 20
"""The toolbar shows the window presets there."""

_SLICES, _IMAGE, _PROGRAM = SheetGroup.SLICES, SheetGroup.IMAGE, SheetGroup.PROGRAM


def standard_table(presets: Sequence[Preset], mouse: MouseMap | None = None) -> CommandTable:
    """All that the program can be asked to do, with the window presets and the mouse as they are configured."""
    parts = (
        file_commands(),
        view_commands(),
        reformat_commands(),
        go_commands(),
        more_view_commands(),
        analysis_commands(),
        help_commands(),
        settings_commands(),
        output_commands(),
        network_commands(),
        result_commands(),
        mouse_help(mouse or MouseMap()),
        preset_commands(presets),
        pane_commands(),
        tool_commands(TOOLS),
    )
    # All at once: they are checked against each other each time.
    return CommandTable(chain.from_iterable(parts))


def file_commands() -> list[Entry]:
    """Opening, exporting, leaving."""
    return [
        Menu("file", tr("&File"), order=10),
        Command(
            "file.open_folder",
            tr("&Open folder…"),
            tr("Open a folder with DICOM files"),
            lambda c: c.opening.ask_folder(),
            icon="open-folder",
            keys=("Ctrl+O",),
            menu=MenuPlace("file", 10),
            toolbar=ToolbarPlace(10, 1, tr("Open")),
            sheet=Sheet(_PROGRAM, tr("open a folder"), 10),
        ),
        Command(
            "file.open_files",
            tr("Open &files…"),
            tr("Open DICOM files or a ZIP"),
            lambda c: c.opening.ask_files(),
            icon="open-files",
            keys=("Ctrl+Shift+O",),
            menu=MenuPlace("file", 10),
            sheet=Sheet(_PROGRAM, tr("open files or a ZIP"), 20),
        ),
        Menu("file.recent", tr("Open &recent"), place=MenuPlace("file", 10), icon="recent"),
        Menu("file.beside", tr("Open &beside"), place=MenuPlace("file", 15), enabled=has_study),
        Command(
            "file.open_folder_beside",
            tr("&Folder…"),
            tr("Open one more folder, and leave what is open as it is"),
            lambda c: c.opening.ask_folder_beside(),
            keys=("Ctrl+B",),
            enabled=has_study,
            menu=MenuPlace("file.beside", 10),
            sheet=Sheet(_PROGRAM, tr("open a folder beside what is open"), 24),
        ),
        Command(
            "file.open_files_beside",
            tr("F&iles…"),
            tr("Open more DICOM files or a ZIP, and leave what is open as it is"),
            lambda c: c.opening.ask_files_beside(),
            keys=("Ctrl+Shift+B",),
            enabled=has_study,
            menu=MenuPlace("file.beside", 10),
            sheet=Sheet(_PROGRAM, tr("open files or a ZIP beside what is open"), 26),
        ),
        Menu("file.recent_beside", tr("&Recent"), place=MenuPlace("file.beside", 10), enabled=has_study),
        Command(
            "file.open_demo",
            tr("Open the &demo studies"),
            tr("Open the demo studies that come with the program"),
            lambda c: c.opening.open_demo(),
            icon="demo",
            menu=MenuPlace("file", 10),
        ),
        Command(
            "file.remember",
            tr("Re&member recently opened paths"),
            tr("List what was opened under Open recent; off: nothing is stored, and the list is cleared"),
            lambda c: c.opening.toggle_remember(),
            checked=lambda state: state.remembers_paths,
            menu=MenuPlace("file", 20),
        ),
        Command(
            "file.export",
            tr("&Export CSV…"),
            tr("Write the findings of all slices to a CSV file"),
            lambda c: c.exports.ask(),
            icon="export",
            keys=("Ctrl+E",),
            enabled=can_export,
            menu=MenuPlace("file", 30),
            toolbar=ToolbarPlace(10, 2, tr("Export")),
            sheet=Sheet(_PROGRAM, tr("export the findings as CSV"), 30),
        ),
        Command(
            "file.close_study",
            tr("&Close all studies"),
            tr("Close everything that is open"),
            lambda c: c.opening.close_study(),
            icon="close",
            keys=("Ctrl+W",),
            enabled=has_study,
            menu=MenuPlace("file", 40),
            sheet=Sheet(_PROGRAM, tr("close all studies"), 40),
        ),
        Command(
            "file.close_study_in_view",
            tr("Close study in &view"),
            tr("Close the study in the active pane, and leave all others as they are"),
            lambda c: c.opening.close_study_in_view(),
            keys=("Ctrl+Shift+W",),
            enabled=has_series,
            menu=MenuPlace("file", 40),
            sheet=Sheet(_PROGRAM, tr("close the study in view only"), 42),
        ),
        Command(
            "file.close_folder_in_view",
            tr("Close fo&lder in view"),
            tr(
                "Close all that was opened together with the study in the active pane, and leave all else "
                "as it is"
            ),
            lambda c: c.opening.close_folder_in_view(),
            enabled=has_series,
            menu=MenuPlace("file", 40),
        ),
        Command(
            "file.quit",
            tr("&Quit"),
            tr("Quit the program"),
            lambda c: c.quit(),
            keys=("Ctrl+Q",),
            menu=MenuPlace("file", 40),
            sheet=Sheet(_PROGRAM, tr("quit"), 50),
        ),
    ]


def view_commands() -> list[Entry]:
    """How the image is seen."""
    return [
        Menu("view", tr("&View"), order=20),
        Menu(
            "view.window", tr("&Window"), place=MenuPlace("view", 10), icon="window", enabled=has_grey_image
        ),
        Command(
            "view.invert",
            tr("&Invert"),
            tr("Swap black and white"),
            lambda c: c.viewing.toggle_inverted(),
            icon="invert",
            keys=("I",),
            enabled=has_grey_image,
            checked=lambda state: state.inverted,
            menu=MenuPlace("view", 10),
            toolbar=ToolbarPlace(30, 1),
            sheet=Sheet(_IMAGE, tr("invert"), 50),
        ),
        Command(
            "view.reset",
            tr("&Reset view"),
            tr("Whole image, window of the preset"),
            lambda c: c.viewing.reset(),
            icon="reset",
            keys=("R",),
            enabled=has_study,
            menu=MenuPlace("view", 10),
            toolbar=ToolbarPlace(30, 2),
            sheet=Sheet(_IMAGE, tr("reset"), 41),
        ),
        Command(
            "view.zoom_in",
            tr("Zoom &in"),
            tr("Make the image larger"),
            lambda c: c.image.zoom_by(ZOOM_PER_NOTCH),
            # Plus needs Shift on many keyboards, where = lies on the same key.
            keys=("+", "="),
            enabled=has_study,
            sheet=Sheet(_IMAGE, tr("zoom"), 31),
        ),
        Command(
            "view.zoom_out",
            tr("Zoom &out"),
            tr("Make the image smaller"),
            lambda c: c.image.zoom_by(1 / ZOOM_PER_NOTCH),
            keys=("-",),
            enabled=has_study,
            sheet=Sheet(_IMAGE, tr("zoom"), 32),
        ),
        Command(
            "view.regions",
            tr("&Show regions"),
            _regions_tip,
            lambda c: c.regions.toggle(),
            icon="regions",
            keys=("O",),
            enabled=has_maps,
            checked=lambda state: state.regions_shown,
            menu=MenuPlace("view", 10),
            toolbar=ToolbarPlace(30, 3),
            sheet=Sheet(_IMAGE, tr("outline regions that influenced the score, or not"), 60),
        ),
        Command(
            "view.theme",
            tr("Switch &theme"),
            tr("Switch between the dark and the light theme"),
            lambda c: c.theme.toggle(),
            icon=lambda state: "theme-light" if state.dark else "theme",
            keys=("Ctrl+T",),
            menu=MenuPlace("view", 20),
            toolbar=ToolbarPlace(FAR_END, 2),
            sheet=Sheet(_PROGRAM, tr("dark or light theme"), 90),
        ),
    ]


def _regions_tip(state: WindowState) -> str:
    return NO_MAPS if state.lacks_maps else OUTLINE_TIP


def go_commands() -> list[Entry]:
    """From slice to slice, from series to series."""
    flagged = tr("next, previous flagged slice")
    return [
        Menu("go", tr("&Go"), order=30),
        Command(
            "go.next_flagged",
            tr("&Next flagged slice"),
            tr("Next flagged slice"),
            lambda c: c.viewing.go_flagged(1),
            icon="next-flagged",
            keys=("N",),
            enabled=has_study,
            menu=MenuPlace("go", 10),
            toolbar=ToolbarPlace(40, 2),
            sheet=Sheet(_SLICES, flagged, 40),
        ),
        Command(
            "go.previous_flagged",
            tr("&Previous flagged slice"),
            tr("Previous flagged slice"),
            lambda c: c.viewing.go_flagged(-1),
            icon="previous-flagged",
            keys=("P",),
            enabled=has_study,
            menu=MenuPlace("go", 10),
            toolbar=ToolbarPlace(40, 1),
            sheet=Sheet(_SLICES, flagged, 41),
        ),
        Command(
            "go.most_suspicious",
            tr("&Most suspicious slice"),
            tr("Slice with the highest probability of hemorrhage"),
            lambda c: c.viewing.go_most_suspicious(),
            icon="most-suspicious",
            keys=("M",),
            enabled=has_study,
            menu=MenuPlace("go", 10),
            toolbar=ToolbarPlace(40, 3),
            sheet=Sheet(_SLICES, tr("most suspicious slice"), 50),
        ),
        _to_slice("next_slice", tr("Ne&xt slice"), ("Down", "Right"), 1, Sheet(_SLICES, tr("one slice"), 11)),
        _to_slice(
            "previous_slice", tr("Pre&vious slice"), ("Up", "Left"), -1, Sheet(_SLICES, tr("one slice"), 12)
        ),
        _to_slice(
            "five_on", tr("Five slices &on"), ("PgDown",), PAGE_SLICES, Sheet(_SLICES, tr("five slices"), 21)
        ),
        _to_slice(
            "five_back",
            tr("Five slices &back"),
            ("PgUp",),
            -PAGE_SLICES,
            Sheet(_SLICES, tr("five slices"), 20),
        ),
        Command(
            "go.first_slice",
            tr("&First slice"),
            tr("First slice"),
            lambda c: c.viewing.go_first(),
            keys=("Home",),
            enabled=has_study,
            menu=MenuPlace("go", 20),
            sheet=Sheet(_SLICES, tr("first, last slice"), 30),
        ),
        Command(
            "go.last_slice",
            tr("&Last slice"),
            tr("Last slice"),
            lambda c: c.viewing.go_last(),
            keys=("End",),
            enabled=has_study,
            menu=MenuPlace("go", 20),
            sheet=Sheet(_SLICES, tr("first, last slice"), 31),
        ),
        _to_series("next_series", tr("Next &series"), "Ctrl+Down", 1, 60),
        _to_series("previous_series", tr("Previous se&ries"), "Ctrl+Up", -1, 61),
    ]


def _to_slice(name: str, words: str, keys: tuple[str, ...], steps: int, sheet: Sheet) -> Command:
    return Command(
        f"go.{name}",
        words,
        plain(words),
        lambda c: c.viewing.step(steps),
        keys=keys,
        enabled=has_study,
        menu=MenuPlace("go", 20),
        sheet=sheet,
    )


def _to_series(name: str, words: str, key: str, step: int, order: int) -> Command:
    return Command(
        f"go.{name}",
        words,
        plain(words),
        lambda c: c.series.go(step),
        keys=(key,),
        enabled=has_study,
        menu=MenuPlace("go", 30),
        sheet=Sheet(_SLICES, tr("next, previous series"), order),
    )


def analysis_commands() -> list[Entry]:
    """The analysis, its thresholds and its model."""
    return [
        Menu("analysis", tr("&Analysis"), order=40),
        Command(
            "analysis.pause",
            tr("&Pause analysis"),
            tr("Hold the analysis, or let it go on"),
            lambda c: c.analysis.toggle_pause(),
            icon=lambda state: "resume" if state.paused else "pause",
            keys=("Ctrl+P",),
            enabled=is_analyzing,
            checked=lambda state: state.paused,
            menu=MenuPlace("analysis", 10),
            sheet=Sheet(_PROGRAM, tr("pause the analysis, or go on"), 70),
        ),
        Command(
            "analysis.cancel",
            tr("&Cancel analysis"),
            tr("Stop the analysis; what was found stays"),
            lambda c: c.analysis.cancel(),
            icon="cancel",
            keys=("Esc",),
            enabled=is_busy,
            menu=MenuPlace("analysis", 10),
            sheet=Sheet(_PROGRAM, tr("cancel the analysis"), 60),
        ),
        Command(
            "analysis.restart",
            tr("Analyze &again"),
            tr("Analyze everything again"),
            lambda c: c.analysis.again(),
            icon="reset",
            keys=("Ctrl+R",),
            enabled=can_analyze,
            menu=MenuPlace("analysis", 10),
            sheet=Sheet(_PROGRAM, tr("analyze again", "what a key does"), 80),
        ),
        Menu("analysis.thresholds", tr("&Thresholds"), place=MenuPlace("analysis", 20)),
        Command(
            "analysis.open_model",
            tr("Open &model…"),
            tr("Use another model: a .keras file with its model.json"),
            lambda c: c.model.ask(),
            icon="model",
            menu=MenuPlace("analysis", 30),
        ),
        Command(
            "analysis.bundled_model",
            tr("Use the &bundled model"),
            tr("Go back to the model that comes with the program"),
            lambda c: c.model.use_bundled(),
            enabled=has_own_model,
            menu=MenuPlace("analysis", 30),
        ),
    ]


def help_commands() -> list[Entry]:
    """What tells something."""
    return [
        Menu("help", tr("&Help"), order=90),
        Command(
            "help.keys",
            tr("&Keyboard and mouse"),
            tr("Keys and mouse"),
            lambda c: c.help.show_keys(),
            icon="keyboard",
            keys=("F1", "?"),
            menu=MenuPlace("help", 10),
            toolbar=ToolbarPlace(FAR_END, 3),
            sheet=Sheet(_PROGRAM, tr("this help"), 110, readme=tr("all keys, and changing them")),
        ),
        Command(
            "help.problems",
            tr("&Problems of the input…"),
            tr("What was repaired, doubted or left out"),
            lambda c: c.help.show_problems(),
            icon="warning",
            keys=("F2",),
            enabled=has_study,
            menu=MenuPlace("help", 10),
            toolbar=ToolbarPlace(FAR_END, 1),
            sheet=Sheet(_PROGRAM, tr("problems of the input"), 100),
        ),
        Command(
            "help.news",
            tr("&What's new"),
            tr("What changed from version to version"),
            lambda c: c.help.show_news(),
            menu=MenuPlace("help", 20),
        ),
        Command(
            "help.about",
            tr("&About ichviewer"),
            tr("Version, model, licenses"),
            lambda c: c.help.show_about(),
            icon="info",
            menu=MenuPlace("help", 20),
        ),
    ]
