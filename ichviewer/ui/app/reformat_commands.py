"""The commands for the series in view in three planes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ichviewer.domain.slab import Projection
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
from ichviewer.ui.look.language import tr

if TYPE_CHECKING:
    from ichviewer.ui.app.command_context import CommandContext

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
        Menu(_MENU, tr("Re&formats"), place=MenuPlace("view", 15), icon="reformats", enabled=can_reformat),
        Command(
            "view.reformats_shown",
            tr("&Reformats"),
            tr("Axial, coronal and sagittal planes of the series, or its slices again"),
            _toggle,
            icon="reformats",
            keys=("F",),
            enabled=can_reformat,
            checked=shows_reformats,
            menu=MenuPlace(_MENU, 10),
            toolbar=ToolbarPlace(30, 4),
            sheet=Sheet(_IMAGE, tr("reformats: axial, coronal, sagittal"), 100),
        ),
        Command(
            "view.reformats_nearest_slice",
            tr("&Nearest acquired slice"),
            tr("The acquired slice nearest to the crosshair, with its findings"),
            lambda c: c.reformats.go_to_nearest(),
            keys=("A",),
            enabled=shows_reformats,
            menu=MenuPlace(_MENU, 10),
            sheet=Sheet(_IMAGE, tr("from a reformat to the nearest slice"), 105),
        ),
        _slab("thinner", tr("Th&inner slab"), "[", lambda c: c.reformats.thinner(), 110),
        _slab("thicker", tr("&Thicker slab"), "]", lambda c: c.reformats.thicker(), 111),
        *(_projection(projection) for projection in Projection),
        Command(
            "view.reformats_straighten",
            tr("&Straighten"),
            tr("Draw the midline and the orbitomeatal line to straighten the head, or stop that"),
            lambda c: c.reformats.straighten(),
            enabled=shows_reformats,
            menu=MenuPlace(_MENU, 40),
        ),
        Command(
            "view.reformats_reset_planes",
            tr("Reset &planes"),
            tr("The patient's own planes through the middle of the volume"),
            lambda c: c.reformats.reset_planes(),
            enabled=shows_reformats,
            menu=MenuPlace(_MENU, 40),
        ),
        MouseHelp(tr("Click on a reformat"), Sheet(_IMAGE, tr("move the crosshair"), 120)),
        MouseHelp(tr("Drag a line, its end"), Sheet(_IMAGE, tr("move a plane, turn planes"), 130)),
    ]


def _slab(name: str, words: str, key: str, run: Run, order: int) -> Command:
    return Command(
        f"view.reformats_{name}",
        words,
        tr("{words} on the reformats").format(words=plain(words)),
        run,
        keys=(key,),
        enabled=shows_reformats,
        menu=MenuPlace(_MENU, 20),
        sheet=Sheet(_IMAGE, tr("thinner, thicker slab"), order),
    )


_LETTERS = {
    Projection.MEAN: tr("M&ean"),
    Projection.MAXIMUM: tr("M&aximum"),
    Projection.MINIMUM: tr("Minim&um"),
}


def _projection(projection: Projection) -> Command:
    words = tr("{letters} of the slab").format(letters=_LETTERS[projection])
    return Command(
        f"view.reformats_{projection}",
        words,
        plain(words),
        lambda c: c.reformats.project(projection),
        enabled=shows_reformats,
        checked=lambda state: state.reformats_shown and state.projection is projection,
        menu=MenuPlace(_MENU, 30),
    )
