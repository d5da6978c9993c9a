"""The commands for several panes: layouts, three windows, links."""

from __future__ import annotations

from ichviewer.ui.app.commands import Command, Entry, Menu, MenuPlace, MouseHelp, Sheet, SheetGroup, plain
from ichviewer.ui.app.window_state import Condition, has_grey_image, has_several_panes, has_study
from ichviewer.ui.look.language import small, tr
from ichviewer.ui.panes.layouts import LAYOUTS, PaneLayout

_PANES = SheetGroup.PANES


def pane_commands() -> list[Entry]:
    """Layouts as they are registered, ways through the panes, and their links."""
    return [
        Menu("view.layout", tr("&Layout"), place=MenuPlace("view", 15)),
        *(_use_layout(place, layout) for place, layout in enumerate(LAYOUTS.all(), 1)),
        Command(
            "layout.only",
            tr("&Only this pane"),
            tr("Show the active pane alone, or all again"),
            lambda c: c.panes.toggle_only(),
            keys=("Alt+Return",),
            enabled=has_several_panes,
            checked=lambda state: state.only_pane,
            menu=MenuPlace("view.layout", 20),
            sheet=Sheet(_PANES, tr("only this pane, or all again"), 20),
        ),
        MouseHelp(tr("Double click on title or edge"), Sheet(_PANES, tr("only this pane, or all again"), 21)),
        MouseHelp(tr("Drag from the list of studies"), Sheet(_PANES, tr("show a series in that pane"), 25)),
        _go("next", tr("&Next pane"), "F6", 1),
        _go("previous", tr("&Previous pane"), "Shift+F6", -1),
        Command(
            "layout.three_windows",
            tr("&Three windows"),
            tr("Brain, subdural and bone window of this slice side by side, or back to what was there"),
            lambda c: c.panes.toggle_three_windows(),
            keys=("W",),
            enabled=has_grey_image,
            checked=lambda state: state.three_windows,
            menu=MenuPlace("view.layout", 30),
            sheet=Sheet(_PANES, tr("brain, subdural and bone window side by side, or back"), 30),
        ),
        Command(
            "layout.prior",
            tr("P&rior beside it"),
            tr("The patient's newest earlier study beside this one, where both are open"),
            lambda c: c.panes.show_prior(),
            keys=("B",),
            enabled=has_study,
            menu=MenuPlace("view.layout", 30),
            sheet=Sheet(_PANES, tr("the patient's earlier study beside this one"), 35),
        ),
        Menu("view.links", tr("Lin&ks"), place=MenuPlace("view", 15)),
        _link("scroll", tr("&Position"), tr("Linked panes show the same place of the patient"), "Ctrl+K", 40),
        _link("window", tr("&Window"), tr("Linked panes have the same window"), "", 41),
        _link("zoom", tr("&Zoom and pan"), tr("Linked panes have the same zoom and pan"), "", 42),
        Command(
            "links.here",
            tr("&Link here"),
            tr("Keep the distance between the slices in view, or go by their positions again"),
            lambda c: c.panes.toggle_fixed_link(),
            keys=("Ctrl+Shift+L",),
            enabled=has_several_panes,
            checked=lambda state: state.links_fixed,
            menu=MenuPlace("view.links", 20),
            sheet=Sheet(_PANES, tr("link the slices in view, or go by position again"), 45),
        ),
        Command(
            "links.pane",
            tr("&This pane takes part"),
            tr("Link the active pane with the others, or let it stand alone"),
            lambda c: c.panes.toggle_active_link(),
            enabled=has_several_panes,
            checked=lambda state: state.pane_linked,
            menu=MenuPlace("view.links", 20),
        ),
    ]


def _use_layout(place: int, layout: PaneLayout) -> Command:
    words = plain(layout.words)
    return Command(
        f"layout.panes_{layout.id.replace('+', '_and_')}",
        layout.words,
        words,
        lambda c: c.panes.use_layout(layout.id),
        keys=(layout.key,) if layout.key else (),
        checked=lambda state: state.layout == layout.id,
        menu=MenuPlace("view.layout", 10, place),
        sheet=Sheet(_PANES, tr("layout: {words}").format(words=small(words)), place),
    )


def _go(name: str, words: str, key: str, step: int) -> Command:
    return Command(
        f"layout.{name}_pane",
        words,
        plain(words),
        lambda c: c.panes.go(step),
        keys=(key,),
        enabled=has_several_panes,
        menu=MenuPlace("view.layout", 20),
        sheet=Sheet(_PANES, tr("next, previous pane"), 15),
    )


def _link(name: str, words: str, tip: str, key: str, order: int) -> Command:
    on: dict[str, Condition] = {
        "scroll": lambda state: state.links_scroll,
        "window": lambda state: state.links_window,
        "zoom": lambda state: state.links_zoom,
    }
    return Command(
        f"links.{name}",
        words,
        tip,
        lambda c: c.panes.toggle_link(name),
        keys=(key,) if key else (),
        enabled=has_study,
        checked=on[name],
        menu=MenuPlace("view.links", 10),
        sheet=Sheet(_PANES, tr("link panes by position, or not"), order) if key else None,
    )
