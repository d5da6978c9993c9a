"""What the window gives its commands to act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ichviewer.ui.app.command_context import (
    Analyzes,
    ChangesSeries,
    ChoosesModel,
    Exports,
    Helps,
    Measures,
    Opens,
    ShowsSeries,
    Switches,
    Zooms,
)


@dataclass(frozen=True)
class WindowCommands:
    """The window's `CommandContext`; its parts are described there.

    Parameters
    ----------
    close : callable
        Closes the window.
    """

    opening: Opens
    exports: Exports
    viewing: ShowsSeries
    series: ChangesSeries
    image: Zooms
    regions: Switches
    theme: Switches
    analysis: Analyzes
    model: ChoosesModel
    tools: Measures
    help: Helps
    close: Callable[[], object]

    def quit(self) -> None:
        """Close the window."""
        self.close()
