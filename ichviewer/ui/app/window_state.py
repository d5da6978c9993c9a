"""What of the window decides which commands are possible and which switches are on, and the conditions by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ichviewer.domain.slab import Projection
from ichviewer.ui.panes.word_detail import WordDetail


@dataclass(frozen=True)
class ToolState:
    """A moment of the tools.

    Parameters
    ----------
    active : str
        Name of the active tool.
    undo, redo : str
        What can be undone and done again, in words; empty for nothing.
    selected : bool
        Whether an annotation is selected.
    key_image : bool
        Whether the slice in view is marked as a key image.
    listed : bool
        Whether the list is shown.
    painted, painted_hidden : bool
        Whether regions are painted on what is open; whether they are not drawn.
    """

    active: str = "window"
    undo: str = ""
    redo: str = ""
    selected: bool = False
    key_image: bool = False
    listed: bool = False
    painted: bool = False
    painted_hidden: bool = False


@dataclass(frozen=True)
class WindowState:
    """A moment of the window.

    Parameters
    ----------
    is_open, reading : bool
        Whether something is open; whether files are still being read.
    analyzing, paused : bool
        Whether the analysis is under way, held or not; whether it is held.
    has_card, has_model : bool
        Whether the facts of the model are known; whether it can be run.
    own_model : bool
        Whether a model is in use that did not come with the program.
    color_image, inverted : bool
        Whether the image in view is a color image; whether black and white are swapped.
    has_maps, lacks_maps : bool
        Whether the model gives maps of regions; whether it is known to give none.
    regions_shown : bool
        Whether they are outlined.
    reformats_shown : bool
        Whether the series in view is shown in three planes, in place of its slices.
    projection : Projection
        What is shown of slabs there.
    remembers_paths : bool
        Whether what was opened is remembered.
    dark : bool
        Whether the theme is the dark one.
    layout : str
        Id of the layout of the panes.
    several_panes : bool
        Whether the layout has more than one pane.
    only_pane, three_windows : bool
        Whether one of them is shown alone; whether the three windows are shown.
    links_scroll, links_window, links_zoom : bool
        Whether linked panes show the same place, have the same window, the same zoom and pan.
    links_fixed : bool
        Whether they keep a distance that a person has set.
    pane_linked : bool
        Whether the active pane takes part.
    picture : bool
        Whether a slice is on screen: not while it is read, or if it cannot be.
    slices : int
        Of the series in view.
    results_drawn, results_visible : bool
        Whether stored results lie over the images; whether they are drawn.
    key_objects : int
        How many slices a selection of key objects leaves of the series in view; 0 where none is shown.
    picking : bool
        Whether a rectangle is waited for that gives a window.
    detail : WordDetail
        How much is written on the images.
    magnified : int
        Factor of the magnifier, 0 while there is none.
    playing : bool
        Whether the slices are played through.
    cine_speed : int
        Slices a second that are played.
    panels_hidden, full_screen : bool
        Whether the panels are hidden; whether the window has the whole screen.
    tools : ToolState
        What is drawn, and with what.
    """

    is_open: bool = False
    reading: bool = False
    analyzing: bool = False
    paused: bool = False
    has_card: bool = False
    has_model: bool = False
    own_model: bool = False
    color_image: bool = False
    inverted: bool = False
    has_maps: bool = False
    lacks_maps: bool = False
    regions_shown: bool = False
    reformats_shown: bool = False
    projection: Projection = Projection.MEAN
    remembers_paths: bool = True
    dark: bool = True
    layout: str = "1x1"
    several_panes: bool = False
    only_pane: bool = False
    three_windows: bool = False
    links_scroll: bool = True
    links_window: bool = False
    links_zoom: bool = False
    links_fixed: bool = False
    pane_linked: bool = True
    picture: bool = False
    slices: int = 0
    results_drawn: bool = False
    results_visible: bool = False
    key_objects: int = 0
    picking: bool = False
    detail: WordDetail = WordDetail.ALL
    magnified: int = 0
    playing: bool = False
    cine_speed: int = 12
    panels_hidden: bool = False
    full_screen: bool = False
    tools: ToolState = ToolState()


Condition = Callable[[WindowState], bool]


def always(_: WindowState) -> bool:
    """At any time."""
    return True


def has_study(state: WindowState) -> bool:
    """Something is open."""
    return state.is_open


def has_grey_image(state: WindowState) -> bool:
    """Something is open, and windows apply to it: they turn HU into grey, a color image is shown as it is."""
    return state.is_open and not state.color_image


def has_picture(state: WindowState) -> bool:
    """An acquired slice is on screen."""
    return state.picture


def has_grey_picture(state: WindowState) -> bool:
    """A slice is on screen, and windows apply to it."""
    return state.picture and not state.color_image


def has_slices(state: WindowState) -> bool:
    """Acquired slices are in view, not reformats of them."""
    return state.slices > 0 and not state.reformats_shown


def has_series(state: WindowState) -> bool:
    """A series is in view."""
    return state.slices > 0


def can_play(state: WindowState) -> bool:
    """A series of several slices is in view."""
    return state.slices > 1


def can_reformat(state: WindowState) -> bool:
    """All of a grey series is known, or it is shown in three planes already."""
    return state.reformats_shown or (has_grey_image(state) and not state.reading)


def shows_reformats(state: WindowState) -> bool:
    """The series in view is shown in three planes."""
    return state.reformats_shown


def can_export(state: WindowState) -> bool:
    """Something is open, and the model that the findings are of is known."""
    return state.is_open and state.has_card


def can_analyze(state: WindowState) -> bool:
    """Something is open, and there is a model to run."""
    return state.is_open and state.has_model


def is_analyzing(state: WindowState) -> bool:
    """The analysis is under way or held."""
    return state.analyzing


def is_busy(state: WindowState) -> bool:
    """Something is under way that can be stopped: the reading or the analysis."""
    return state.analyzing or state.reading


def has_own_model(state: WindowState) -> bool:
    """A model is in use that did not come with the program."""
    return state.own_model


def has_maps(state: WindowState) -> bool:
    """The model gives maps of the regions that influenced its score."""
    return state.has_maps


def has_several_panes(state: WindowState) -> bool:
    """Something is open, and the layout has more than one pane."""
    return state.is_open and state.several_panes


def can_save_results(state: WindowState) -> bool:
    """A series is in view, and the model that its findings are of is known."""
    return state.slices > 0 and state.has_card


def has_drawn_results(state: WindowState) -> bool:
    """Stored results lie over the images, drawn or hidden."""
    return state.results_drawn


def shows_key_objects(state: WindowState) -> bool:
    """Only the key objects of a selection are shown."""
    return state.key_objects > 0
