"""Which window a pane uses: a preset, one of the file's own, or what fits an image that has no HU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ichviewer.domain.window import Voi, Window
from ichviewer.ui.look.language import marked
from ichviewer.ui.panes.view_state import BRAIN, ShownWindow

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset

NO_PRESET = -1
"""Stands for a window that is no preset."""


@dataclass(frozen=True)
class PresetChoice:
    """The preset in use.

    Parameters
    ----------
    place : int
        Among the presets, from 0.
    own : int
        Which of the file's own windows, from 0, where the preset asks for these.
    chosen : bool
        Whether the reader chose it for the series in view: then it is used whatever the image is.
    """

    place: int = 0
    own: int = 0
    chosen: bool = False

    def __post_init__(self) -> None:
        if self.place < 0 or self.own < 0:
            raise ValueError(f"presets and windows count from 0. Received: {self.place}, {self.own}")

    def kept(self, *, same_series: bool) -> PresetChoice:
        """The same for the next series, for which nobody chose it."""
        return replace(self, chosen=self.chosen and same_series)

    def chose(self, place: int, own_windows: int) -> PresetChoice:
        """The reader chose a preset.

        Parameters
        ----------
        place : int
        own_windows : int
            How many windows the file has, where the preset asks for them: again the same preset means the next one.
            0 where it does not.
        """
        if own_windows == 0:
            return replace(self, place=place, chosen=True)
        return PresetChoice(place, (self.own + 1) % own_windows if place == self.place else 0, chosen=True)

    def among(self, old: Sequence[Preset], new: Sequence[Preset], start: int) -> PresetChoice:
        """The same choice among other presets, found by its value, else by its name.

        Parameters
        ----------
        old, new : sequence of Preset
        start : int
            Place of the one to use where nobody chose one, or the chosen one is gone.
        """
        used = old[self.place]
        same = next((place for place, preset in enumerate(new) if preset == used), None)
        if same is None:
            same = next((place for place, preset in enumerate(new) if preset.name == used.name), None)
        return PresetChoice(start) if same is None or not self.chosen else PresetChoice(same, chosen=True)


@dataclass(frozen=True)
class ImageWindows:
    """What an image brings along for the choice of its window.

    Parameters
    ----------
    own : tuple of Window or VoiLut
        The file's own windows.
    in_hu : bool
        Whether windows made for HU fit it.
    hu_range : tuple of 2 floats or None
        Lowest and highest value of its pixels; None while they are not known.
    """

    own: tuple[Voi, ...] = ()
    in_hu: bool = True
    hu_range: tuple[float, float] | None = None


def window_for(choice: PresetChoice, presets: Sequence[Preset], image: ImageWindows) -> ShownWindow:
    """The window to show an image through."""
    preset = presets[choice.place]
    if preset.voi is None and image.own:
        voi = image.own[choice.own % len(image.own)]
        return ShownWindow(voi, voi.name or preset.name)
    if not choice.chosen and not image.in_hu:
        if image.own:
            return ShownWindow(image.own[0], image.own[0].name or marked("From file"))
        if image.hu_range is not None:
            low, high = image.hu_range
            return ShownWindow(Window((low + high) / 2, max(1.0, high - low)), marked("Full range"))
    elif preset.voi is not None:
        return ShownWindow(preset.voi, preset.name)
    with_window = (ShownWindow(p.voi, p.name) for p in presets if p.voi is not None)
    # A person's presets may all ask for the image's own window.
    return next(with_window, BRAIN)


def preset_in_use(choice: PresetChoice, image: ImageWindows) -> int:
    """Place of the preset in use, `NO_PRESET` where the image decides by itself."""
    return choice.place if choice.chosen or image.in_hu else NO_PRESET
