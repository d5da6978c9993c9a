"""What the window gives its commands to act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ichviewer.ui.app.command_context import (
        Analyzes,
        ArrangesPanes,
        ChangesSeries,
        ChoosesModel,
        ChoosesSettings,
        Exports,
        Helps,
        Measures,
        Opens,
        Plays,
        Reformats,
        Reports,
        SavesResults,
        ShowsImage,
        ShowsSeries,
        ShowsTags,
        StoredResults,
        Switches,
        TakesPictures,
        UsesNetwork,
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
    saving: SavesResults
    results: StoredResults
    viewing: ShowsSeries
    series: ChangesSeries
    panes: ArrangesPanes
    image: ShowsImage
    cine: Plays
    panels: Switches
    full_screen: Switches
    regions: Switches
    painted: Switches
    reformats: Reformats
    theme: Switches
    analysis: Analyzes
    model: ChoosesModel
    tools: Measures
    help: Helps
    report: Reports
    pictures: TakesPictures
    tags: ShowsTags
    network: UsesNetwork
    settings: ChoosesSettings
    close: Callable[[], object]

    def quit(self) -> None:
        """Close the window."""
        self.close()
