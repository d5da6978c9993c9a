"""The commands for several panes: layouts, three windows, links."""

from __future__ import annotations

from ichviewer.ui.app.commands import Command, Entry, Menu, MenuPlace, MouseHelp, Sheet, SheetGroup, plain
from ichviewer.ui.app.window_state import Condition, has_grey_image, has_several_panes, has_study
from ichviewer.ui.panes.layouts import LAYOUTS, PaneLayout

_PANES = SheetGroup.PANES


def pane_commands() -> list[Entry]:
    """Layouts as they are registered, ways through the panes, and their links."""
    return [
        Menu("view.layout", "&Layout", place=MenuPlace("view", 15)),
        *(_use_layout(place, layout) for place, layout in enumerate(LAYOUTS.all(), 1)),
        Command(
            "layout.only",
            "&Only this pane",
            "Show the active pane alone, or all again",
            lambda c: c.panes.toggle_only(),
            keys=("Alt+Return",),
            enabled=has_several_panes,
            checked=lambda state: state.only_pane,
            menu=MenuPlace("view.layout", 20),
            sheet=Sheet(_PANES, "only this pane, or all again", 20),
        ),
        MouseHelp("Double click on title or edge", Sheet(_PANES, "only this pane, or all again", 21)),
        MouseHelp("Drag from the list of studies", Sheet(_PANES, "show a series in that pane", 25)),
        _go("next", "&Next pane", "F6", 1),
        _go("previous", "&Previous pane", "Shift+F6", -1),
        Command(
            "layout.three_windows",
            "&Three windows",
            "Brain, subdural and bone window of this slice side by side, or back to what was there",
            lambda c: c.panes.toggle_three_windows(),
            keys=("W",),
            enabled=has_grey_image,
            checked=lambda state: state.three_windows,
            menu=MenuPlace("view.layout", 30),
            sheet=Sheet(_PANES, "brain, subdural and bone window side by side, or back", 30),
        ),
        Command(
            "layout.prior",
            "P&rior beside it",
            "The patient's newest earlier study beside this one, where both are open",
            lambda c: c.panes.show_prior(),
            keys=("B",),
            enabled=has_study,
            menu=MenuPlace("view.layout", 30),
            sheet=Sheet(_PANES, "the patient's earlier study beside this one", 35),
        ),
        Menu("view.links", "Lin&ks", place=MenuPlace("view", 15)),
        _link("scroll", "&Position", "Linked panes show the same place of the patient", "Ctrl+K", 40),
        _link("window", "&Window", "Linked panes have the same window", "", 41),
        _link("zoom", "&Zoom and pan", "Linked panes have the same zoom and pan", "", 42),
        Command(
            "links.here",
            "&Link here",
            "Keep the distance between the slices in view, or go by their positions again",
            lambda c: c.panes.toggle_fixed_link(),
            keys=("Ctrl+Shift+L",),
            enabled=has_several_panes,
            checked=lambda state: state.links_fixed,
            menu=MenuPlace("view.links", 20),
            sheet=Sheet(_PANES, "link the slices in view, or go by position again", 45),
        ),
        Command(
            "links.pane",
            "&This pane takes part",
            "Link the active pane with the others, or let it stand alone",
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
        sheet=Sheet(_PANES, f"layout: {words.lower()}", place),
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
        sheet=Sheet(_PANES, "next, previous pane", 15),
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
        sheet=Sheet(_PANES, "link panes by position, or not", order) if key else None,
    )
