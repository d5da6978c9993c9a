"""What the window gives its commands to act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ichviewer.ui.app.command_context import (
    Analyzes,
    ArrangesPanes,
    ChangesSeries,
    ChoosesModel,
    Exports,
    Helps,
    Opens,
    Reformats,
    ShowsSeries,
    Switches,
    Zooms,
)


@dataclass(frozen=True)
class WindowCommands:
    """The window's `CommandContext`; its parts are described there.

    Parameters
    ----------
    active_image : callable
        Gives the image of the active pane.
    close : callable
        Closes the window.
    """

    opening: Opens
    exports: Exports
    viewing: ShowsSeries
    series: ChangesSeries
    active_image: Callable[[], Zooms]
    panes: ArrangesPanes
    regions: Switches
    reformats: Reformats
    theme: Switches
    analysis: Analyzes
    model: ChoosesModel
    help: Helps
    close: Callable[[], object]

    @property
    def image(self) -> Zooms:
        """The image of the active pane."""
        return self.active_image()

    def quit(self) -> None:
        """Close the window."""
        self.close()
