"""The commands of the menu "Measure": a command for each tool, and what can be done with what was drawn."""

from __future__ import annotations

from collections.abc import Iterable

from ichviewer.ui.app.commands import Command, Entry, Menu, MenuPlace, MouseHelp, Sheet, SheetGroup, plain
from ichviewer.ui.app.window_state import WindowState, has_picture, has_study
from ichviewer.ui.look.language import small, tr
from ichviewer.ui.panes.view_state import WINDOW_TOOL
from ichviewer.ui.tools.tool import SELECT_TOOL, VOLUME_TOOL, Tool

_MENU = "measure"
_GROUP = SheetGroup.MEASURING


def tool_commands(tools: Iterable[Tool]) -> list[Entry]:
    """Choosing a tool, changing what was drawn, key images, the list, and exports."""
    return [
        Menu(_MENU, tr("&Measure"), order=35),
        _use(
            WINDOW_TOOL,
            tr("Chan&ge the window"),
            tr("Drag to change the window"),
            "window",
            ("Shift+D",),
            section=10,
        ),
        _use(
            SELECT_TOOL,
            tr("&Select and move"),
            tr("Select, move and reshape"),
            "tool-select",
            ("Shift+S",),
            section=10,
        ),
        *(_use(tool.name, tool.words, tool.tip, tool.icon, tool.keys, section=20) for tool in tools),
        _use(
            VOLUME_TOOL,
            tr("Volume by brus&h or seed"),
            tr("Paint or grow a region and measure its volume"),
            "tool-volume",
            ("Shift+U",),
            section=20,
        ),
        *_changes(),
        *_key_images(),
        *_lists(),
        MouseHelp(
            tr("Left click or drag"), Sheet(_GROUP, tr("draw with the tool, or move what it selects"), 0)
        ),
    ]


def _use(name: str, words: str, tip: str, image: str, keys: tuple[str, ...], *, section: int) -> Command:
    # AB for ABC/2 and the like keep their capitals.
    told = plain(words)
    told = told if told[1:2].isupper() else small(told)
    return Command(
        f"measure.{name}",
        words,
        tip,
        lambda c: c.tools.use(name),
        icon=image,
        keys=keys,
        enabled=has_study,
        checked=lambda state: state.tools.active == name,
        menu=MenuPlace(_MENU, section),
        sheet=Sheet(_GROUP, told, section),
    )


def _has_selected(state: WindowState) -> bool:
    return state.is_open and state.tools.selected


def _changes() -> list[Entry]:
    return [
        Command(
            "measure.undo",
            tr("&Undo"),
            lambda state: tr("Undo {undo}").format(undo=state.tools.undo) if state.tools.undo else tr("Undo"),
            lambda c: c.tools.undo(),
            keys=("Ctrl+Z",),
            enabled=lambda state: bool(state.tools.undo),
            menu=MenuPlace(_MENU, 30),
            sheet=Sheet(_GROUP, tr("undo, redo"), 30),
        ),
        Command(
            "measure.redo",
            tr("Red&o"),
            lambda state: tr("Redo {redo}").format(redo=state.tools.redo) if state.tools.redo else tr("Redo"),
            lambda c: c.tools.redo(),
            keys=("Ctrl+Shift+Z",),
            enabled=lambda state: bool(state.tools.redo),
            menu=MenuPlace(_MENU, 30),
            sheet=Sheet(_GROUP, tr("undo, redo"), 31),
        ),
        Command(
            "measure.delete",
            tr("&Delete"),
            tr("Delete what is selected"),
            lambda c: c.tools.delete(),
            keys=("Del",),
            enabled=_has_selected,
            menu=MenuPlace(_MENU, 30),
            sheet=Sheet(_GROUP, tr("delete what is selected"), 32),
        ),
        Command(
            "measure.copy_to_next",
            tr("Copy to the &next slice"),
            tr("Copy what is selected to the next slice"),
            lambda c: c.tools.copy_to_next(),
            keys=("Ctrl+Shift+D",),
            enabled=_has_selected,
            menu=MenuPlace(_MENU, 30),
            sheet=Sheet(_GROUP, tr("copy it to the next slice"), 33),
        ),
    ]


def _key_images() -> list[Entry]:
    return [
        Command(
            "measure.key_image",
            tr("Ke&y image"),
            tr("Mark this slice as a key image, or not any more"),
            lambda c: c.tools.toggle_key_image(),
            icon="key-image",
            keys=("K",),
            enabled=has_picture,
            checked=lambda state: state.tools.key_image,
            menu=MenuPlace(_MENU, 40),
            sheet=Sheet(_GROUP, tr("key image, or not"), 40),
        ),
        _to_key_image("next_key_image", tr("Ne&xt key image"), "Shift+K", 1, 41),
        _to_key_image("previous_key_image", tr("Prev&ious key image"), "Ctrl+Shift+K", -1, 42),
    ]


def _to_key_image(name: str, words: str, key: str, direction: int, order: int) -> Command:
    return Command(
        f"measure.{name}",
        words,
        plain(words),
        lambda c: c.tools.go_key_image(direction),
        keys=(key,),
        enabled=has_study,
        menu=MenuPlace(_MENU, 40),
        sheet=Sheet(_GROUP, tr("next, previous key image"), order),
    )


def _lists() -> list[Entry]:
    return [
        Command(
            "measure.list",
            tr("List with &values"),
            tr("List the measurements of this series, or not"),
            lambda c: c.tools.toggle_list(),
            icon="measurements",
            keys=("Ctrl+M",),
            enabled=has_study,
            checked=lambda state: state.tools.listed,
            menu=MenuPlace(_MENU, 50),
            sheet=Sheet(_GROUP, tr("list of measurements"), 50),
        ),
        _export("csv", tr("Export measurements as CSV…")),
        _export("json", tr("Export measurements as &JSON…")),
    ]


def _export(form: str, words: str) -> Command:
    return Command(
        f"measure.export_{form}",
        words,
        tr("Write all measurements of what is open to a {upper} file").format(upper=form.upper()),
        lambda c: c.tools.export(form),
        icon="export",
        enabled=has_study,
        menu=MenuPlace(_MENU, 60),
    )
