"""The commands for the series in view in three planes."""

from __future__ import annotations

from collections.abc import Callable

from ichviewer.domain.slab import Projection
from ichviewer.ui.app.command_context import CommandContext
from ichviewer.ui.app.commands import (
    Command,
    Entry,
    Menu,
    MenuPlace,
    MouseHelp,
    Sheet,
    SheetGroup,
    ToolbarPlace,
    plain,
)
from ichviewer.ui.app.window_state import can_reformat, shows_reformats

Run = Callable[[CommandContext], None]

_MENU = "view.reformats"
_IMAGE = SheetGroup.IMAGE


def _toggle(context: CommandContext) -> None:
    # The next slice that is played would leave them.
    context.cine.stop()
    context.reformats.toggle()


def reformat_commands() -> list[Entry]:
    """Reformats, their slabs, and straightening the head."""
    return [
        Menu(_MENU, "Re&formats", place=MenuPlace("view", 15), icon="reformats", enabled=can_reformat),
        Command(
            "view.reformats_shown",
            "&Reformats",
            "Axial, coronal and sagittal planes of the series, or its slices again",
            _toggle,
            icon="reformats",
            keys=("F",),
            enabled=can_reformat,
            checked=shows_reformats,
            menu=MenuPlace(_MENU, 10),
            toolbar=ToolbarPlace(30, 4),
            sheet=Sheet(_IMAGE, "reformats: axial, coronal, sagittal", 100),
        ),
        Command(
            "view.reformats_nearest_slice",
            "&Nearest acquired slice",
            "The acquired slice nearest to the crosshair, with its findings",
            lambda c: c.reformats.go_to_nearest(),
            keys=("A",),
            enabled=shows_reformats,
            menu=MenuPlace(_MENU, 10),
            sheet=Sheet(_IMAGE, "from a reformat to the nearest slice", 105),
        ),
        _slab("thinner", "Th&inner slab", "[", lambda c: c.reformats.thinner(), 110),
        _slab("thicker", "&Thicker slab", "]", lambda c: c.reformats.thicker(), 111),
        *(_projection(projection) for projection in Projection),
        Command(
            "view.reformats_straighten",
            "&Straighten",
            "Draw the midline and the orbitomeatal line to straighten the head, or stop that",
            lambda c: c.reformats.straighten(),
            enabled=shows_reformats,
            menu=MenuPlace(_MENU, 40),
        ),
        Command(
            "view.reformats_reset_planes",
            "Reset &planes",
            "The patient's own planes through the middle of the volume",
            lambda c: c.reformats.reset_planes(),
            enabled=shows_reformats,
            menu=MenuPlace(_MENU, 40),
        ),
        MouseHelp("Click on a reformat", Sheet(_IMAGE, "move the crosshair", 120)),
        MouseHelp("Drag a line, its end", Sheet(_IMAGE, "move a plane, turn planes", 130)),
    ]


def _slab(name: str, words: str, key: str, run: Run, order: int) -> Command:
    return Command(
        f"view.reformats_{name}",
        words,
        f"{plain(words)} on the reformats",
        run,
        keys=(key,),
        enabled=shows_reformats,
        menu=MenuPlace(_MENU, 20),
        sheet=Sheet(_IMAGE, "thinner, thicker slab", order),
    )


_LETTERS = {Projection.MEAN: "M&ean", Projection.MAXIMUM: "M&aximum", Projection.MINIMUM: "Minim&um"}


def _projection(projection: Projection) -> Command:
    words = f"{_LETTERS[projection]} of the slab"
    return Command(
        f"view.reformats_{projection}",
        words,
        plain(words),
        lambda c: c.reformats.project(projection),
        enabled=shows_reformats,
        checked=lambda state: state.reformats_shown and state.projection is projection,
        menu=MenuPlace(_MENU, 30),
    )
