"""What of the window decides which commands are possible and which switches are on, and the conditions by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


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
    """

    active: str = "window"
    undo: str = ""
    redo: str = ""
    selected: bool = False
    key_image: bool = False
    listed: bool = False


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
    remembers_paths : bool
        Whether what was opened is remembered.
    dark : bool
        Whether the theme is the dark one.
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
    remembers_paths: bool = True
    dark: bool = True
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
