"""What commands may ask of the window: a few objects by what they are for, and no widgets."""

from __future__ import annotations

from typing import Protocol

from ichviewer.domain.slab import Projection


class Opens(Protocol):
    """Opens studies."""

    def ask_folder(self) -> None:
        """Let the user choose a folder."""

    def ask_files(self) -> None:
        """Let the user choose files."""

    def ask_folder_beside(self) -> None:
        """Let the user choose a folder that is opened beside what is open."""

    def ask_files_beside(self) -> None:
        """Let the user choose files that are opened beside what is open."""

    def open_demo(self) -> None:
        """Open the demo studies."""

    def close_study(self) -> None:
        """Close everything that is open."""

    def close_study_in_view(self) -> None:
        """Close the study in the active pane, and leave all others."""

    def close_folder_in_view(self) -> None:
        """Close all that was opened together with the study in the active pane, and leave all else."""

    def toggle_remember(self) -> None:
        """Remember what is opened from now on, or forget all of it."""


class Exports(Protocol):
    """Writes findings to files."""

    def ask(self) -> None:
        """Let the user choose where the CSV goes."""


class SavesResults(Protocol):
    """Writes results as DICOM objects."""

    def ask(self) -> None:
        """Let the user choose which objects are written and where they go."""

    def ask_send(self) -> None:
        """Let the user choose which objects are sent and to whom."""


class StoredResults(Protocol):
    """Results that lie beside the images."""

    def toggle_drawn(self) -> None:
        """Draw those that are shown over the images, or not."""

    def show_all_slices(self) -> None:
        """Show the slices that are not key objects, too."""


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


class ShowsImage(Protocol):
    """The image of the active pane."""

    def zoom_by(self, factor: float) -> None:
        """Make the picture larger (over 1) or smaller, about the center of the view."""

    def fit(self) -> None:
        """Show the whole picture, as large as it fits."""

    def one_to_one(self) -> None:
        """Show a column of the picture as wide as a pixel of the screen."""

    def flip_horizontal(self) -> None:
        """Mirror it, left for right."""

    def flip_vertical(self) -> None:
        """Mirror it, top for bottom."""

    def rotate(self, degrees: int) -> None:
        """Rotate it clockwise by a multiple of 90 degrees."""

    def type_window(self) -> None:
        """Let the user enter center and width."""

    def toggle_picking(self) -> None:
        """Wait for a rectangle whose HU give the window, or not any more."""

    def next_detail(self) -> None:
        """Write fewer words on the images; after the last step all again."""

    def toggle_magnifier(self) -> None:
        """Have a magnifier under the cursor, or not."""

    def magnify(self, factor: int) -> None:
        """Have a magnifier of a factor."""


class Plays(Protocol):
    """Playing through the slices."""

    def stop(self) -> None:
        """Stop at the slice in view."""

    def toggle(self) -> None:
        """Play, or stop."""

    def set_speed(self, slices_per_s: int) -> None:
        """Play faster or slower from now on."""

    def change_speed(self, steps: int) -> None:
        """The next faster (1) or slower (-1) speed."""


class Switches(Protocol):
    """Something that is on or off."""

    def toggle(self) -> None:
        """Switch it."""


class Reformats(Protocol):
    """The series in view in three planes."""

    def toggle(self) -> None:
        """Show them in place of the acquired slices, or these again."""

    def thicker(self) -> None:
        """A thicker slab."""

    def thinner(self) -> None:
        """A thinner slab, the plane alone in the end."""

    def project(self, projection: Projection) -> None:
        """What is shown of a slab."""

    def straighten(self) -> None:
        """Let the reader draw the lines that straighten the head."""

    def reset_planes(self) -> None:
        """The patient's own planes through the middle of the volume."""

    def go_to_nearest(self) -> None:
        """Back to the acquired slice nearest to the crosshair."""


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

    def show_news(self) -> None:
        """What changed from version to version."""

    def show_about(self) -> None:
        """Version, model, licenses."""


class ArrangesPanes(Protocol):
    """Which panes are shown, how they lie, and how they are linked."""

    def use_layout(self, layout_id: str) -> None:
        """Show the panes in another layout."""

    def toggle_only(self) -> None:
        """Show the active pane alone, or all of the layout again."""

    def go(self, step: int) -> None:
        """Work with the next pane (1) or the one before (-1)."""

    def toggle_three_windows(self) -> None:
        """Show the slice in view through three windows, or go back to what was there."""

    def show_prior(self) -> None:
        """Show the patient's newest earlier study beside the series in view."""

    def toggle_link(self, name: str) -> None:
        """Let linked panes do one more thing together (``scroll``, ``window`` or ``zoom``), or not."""

    def toggle_active_link(self) -> None:
        """Let the active pane take part in the links, or not."""

    def toggle_fixed_link(self) -> None:
        """Keep the distance between the slices in view, or go by their positions again."""


class Reports(Protocol):
    """Reports of the series in view."""

    def ask_pdf(self) -> None:
        """Let the user choose what is in it and where it goes."""

    def ask_print(self) -> None:
        """Let the user choose what is in it and a printer."""


class TakesPictures(Protocol):
    """Pictures of what is in view."""

    def copy(self, *, patient_data: bool) -> None:
        """Put what the image shows on the clipboard."""

    def ask_save(self) -> None:
        """Let the user choose what the picture shows and where it goes."""

    def ask_series(self) -> None:
        """Let the user choose how the series becomes pictures and where they go."""


class ShowsTags(Protocol):
    """The tags of the slice in view."""

    def show(self) -> None:
        """Show them."""


class ChoosesSettings(Protocol):
    """The settings."""

    def open(self) -> None:
        """Show them."""


class UsesNetwork(Protocol):
    """Studies over the network."""

    def find_studies(self) -> None:
        """Show the search."""

    def show_sources(self) -> None:
        """Show the sources."""

    def show_outbox(self) -> None:
        """Show the outbox."""

    def show_worklist(self) -> None:
        """Show the worklist of a node."""


class CommandContext(Protocol):
    """What a command gets when it is run."""

    @property
    def opening(self) -> Opens:
        """Opening and closing."""

    @property
    def exports(self) -> Exports:
        """Writing findings."""

    @property
    def saving(self) -> SavesResults:
        """Writing results as DICOM objects."""

    @property
    def results(self) -> StoredResults:
        """Results that lie beside the images."""

    @property
    def viewing(self) -> ShowsSeries:
        """The series in view."""

    @property
    def series(self) -> ChangesSeries:
        """From series to series."""

    @property
    def image(self) -> ShowsImage:
        """The image of the active pane."""

    @property
    def cine(self) -> Plays:
        """Playing through the slices."""

    @property
    def panels(self) -> Switches:
        """Hiding what stands around the images."""

    @property
    def full_screen(self) -> Switches:
        """The whole screen for the window."""

    @property
    def panes(self) -> ArrangesPanes:
        """Which panes are shown."""

    @property
    def regions(self) -> Switches:
        """The outlines of the regions that influenced the score."""

    @property
    def painted(self) -> Switches:
        """The painted regions."""

    @property
    def reformats(self) -> Reformats:
        """The series in view in three planes."""

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

    @property
    def report(self) -> Reports:
        """Reports."""

    @property
    def pictures(self) -> TakesPictures:
        """Pictures."""

    @property
    def tags(self) -> ShowsTags:
        """Tags."""

    @property
    def network(self) -> UsesNetwork:
        """Studies over the network."""

    @property
    def settings(self) -> ChoosesSettings:
        """The settings."""

    def quit(self) -> None:
        """Close the window."""
