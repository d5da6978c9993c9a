"""What commands may ask of the window: a few objects by what they are for, and no widgets."""

from __future__ import annotations

from typing import Protocol


class Opens(Protocol):
    """Opens studies."""

    def ask_folder(self) -> None:
        """Let the user choose a folder."""

    def ask_files(self) -> None:
        """Let the user choose files."""

    def open_demo(self) -> None:
        """Open the demo studies."""

    def close_study(self) -> None:
        """Close what is open."""

    def toggle_remember(self) -> None:
        """Remember what is opened from now on, or forget all of it."""


class Exports(Protocol):
    """Writes findings to files."""

    def ask(self) -> None:
        """Let the user choose where the CSV goes."""


class ShowsSeries(Protocol):
    """The series in view: which slice, and through which window."""

    def step(self, steps: int) -> None:
        """Move by a number of slices."""

    def go_first(self) -> None:
        """Move to the first slice."""

    def go_last(self) -> None:
        """Move to the last slice."""

    def go_flagged(self, direction: int) -> None:
        """Move to the next (1) or the previous (-1) flagged slice."""

    def go_most_suspicious(self) -> None:
        """Move to the slice with the highest probability of any hemorrhage."""

    def toggle_inverted(self) -> None:
        """Swap black and white."""

    def reset(self) -> None:
        """Undo zoom, pan, inversion and changes of the window."""

    def use_preset(self, place: int) -> None:
        """Use the window preset at a place in the list."""


class ChangesSeries(Protocol):
    """Moves from series to series."""

    def go(self, step: int) -> None:
        """Move to a series further on (1) or back (-1) in the list."""


class Zooms(Protocol):
    """The image in view."""

    def zoom_by(self, factor: float) -> None:
        """Make the picture larger (over 1) or smaller, about the center of the view."""


class Switches(Protocol):
    """Something that is on or off."""

    def toggle(self) -> None:
        """Switch it."""


class Analyzes(Protocol):
    """The analysis of what is open."""

    def toggle_pause(self) -> None:
        """Hold it between two slices, or let it go on."""

    def cancel(self) -> None:
        """Stop the reading, else the analysis."""

    def again(self) -> None:
        """Analyze everything again."""


class ChoosesModel(Protocol):
    """The model in use."""

    def ask(self) -> None:
        """Let the user choose another model."""

    def use_bundled(self) -> None:
        """Go back to the model that comes with the program."""


class Measures(Protocol):
    """Tools that draw on the image, and what was drawn."""

    def use(self, tool: str) -> None:
        """Make a tool the active one."""

    def undo(self) -> None:
        """Take the last change back."""

    def redo(self) -> None:
        """Do what was taken back again."""

    def delete(self) -> None:
        """Delete the annotation that is selected."""

    def copy_to_next(self) -> None:
        """Copy the annotation that is selected to the next slice, and go there."""

    def toggle_key_image(self) -> None:
        """Mark the slice in view as a key image, or not any more."""

    def go_key_image(self, direction: int) -> None:
        """Move to the next (1) or the previous (-1) key image."""

    def toggle_list(self) -> None:
        """Show the list of annotations, or not."""

    def export(self, form: str) -> None:
        """Let the user choose where the annotations go, as ``csv`` or ``json``."""


class Helps(Protocol):
    """Dialogs that tell something."""

    def show_keys(self) -> None:
        """Keys and mouse."""

    def show_problems(self) -> None:
        """What was repaired, doubted or left out."""

    def show_about(self) -> None:
        """Version, model, licenses."""


class CommandContext(Protocol):
    """What a command gets when it is run."""

    @property
    def opening(self) -> Opens:
        """Opening and closing."""

    @property
    def exports(self) -> Exports:
        """Writing findings."""

    @property
    def viewing(self) -> ShowsSeries:
        """The series in view."""

    @property
    def series(self) -> ChangesSeries:
        """From series to series."""

    @property
    def image(self) -> Zooms:
        """The image in view."""

    @property
    def regions(self) -> Switches:
        """The outlines of the regions that influenced the score."""

    @property
    def theme(self) -> Switches:
        """The dark or the light theme."""

    @property
    def analysis(self) -> Analyzes:
        """The analysis."""

    @property
    def model(self) -> ChoosesModel:
        """The model."""

    @property
    def tools(self) -> Measures:
        """Tools, and what was drawn with them."""

    @property
    def help(self) -> Helps:
        """Help."""

    def quit(self) -> None:
        """Close the window."""
