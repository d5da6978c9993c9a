"""A Qt action for every command, kept as the state of the window and the key map say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QWidget

from ichviewer.ui.app.commands import Command, CommandTable, Words
from ichviewer.ui.app.key_map import KeyMap
from ichviewer.ui.app.window_state import WindowState
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.key_names import native
from ichviewer.ui.look.plain_widgets import set_tip

if TYPE_CHECKING:
    from ichviewer.ui.app.command_context import CommandContext


_PORTABLE = QKeySequence.SequenceFormat.PortableText


class Actions:
    """The actions of a table, by the ids of their commands.

    Parameters
    ----------
    table : CommandTable
    parent : QWidget
        Gets the actions, so that their keys work in it.
    """

    def __init__(self, table: CommandTable, parent: QWidget) -> None:
        self._table, self._parent = table, parent
        self._commands = table.commands
        self._keys = KeyMap(table)
        self._state = WindowState()
        self._worded: dict[str, tuple[tuple[str, ...], str, str]] = {}
        self._context: CommandContext | None = None
        self._read: Callable[[], WindowState] = WindowState
        self._actions = {command.id: self._make(command, parent) for command in self._commands}
        parent.addActions(self.all())
        self._show()

    def renew(self, keys: KeyMap) -> None:
        """Follow a table in which commands were replaced; the actions of commands that stayed stay, too."""
        stay = {id(command) for command in self._table.commands}
        for command in self._commands:
            if id(command) not in stay:
                action = self._actions.pop(command.id)
                self._worded.pop(command.id, None)
                self._parent.removeAction(action)
                action.deleteLater()
        self._commands = self._table.commands
        for command in self._commands:
            if command.id not in self._actions:
                self._actions[command.id] = self._make(command, self._parent)
                self._parent.addAction(self._actions[command.id])
        self.set_keys(keys)

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def all(self) -> list[QAction]:
        """Every action, in the table's order."""
        return list(self._actions.values())

    @property
    def state(self) -> WindowState:
        """The state of the window that they show."""
        return self._state

    def connect_to(self, context: CommandContext, read_state: Callable[[], WindowState]) -> None:
        """Let the actions act.

        Parameters
        ----------
        context : CommandContext
            What they act on.
        read_state : callable
            Says what state the window is in.
        """
        self._context, self._read = context, read_state

    def refresh(self) -> None:
        """Enable, check and word every action as the window is now."""
        state = self._read()
        if state != self._state:
            self._state = state
            self._show()

    def set_keys(self, keys: KeyMap) -> None:
        """Give the actions their keys."""
        self._keys = keys
        self._show()

    def _make(self, command: Command, parent: QWidget) -> QAction:
        made = QAction(command.words, parent)
        made.setObjectName(command.id)
        made.setCheckable(command.checked is not None)
        made.triggered.connect(lambda _=False: self._run(command))
        return made

    def _run(self, command: Command) -> None:
        if self._context is None:
            return
        try:
            command.run(self._context)
        finally:
            self.refresh()
            if command.checked is not None:
                # Qt has switched it already, whether or not the command did what it stands for.
                self._actions[command.id].setChecked(command.checked(self._state))

    def _show(self) -> None:
        state = self._state
        for command in self._commands:
            action = self._actions[command.id]
            possible = command.enabled(state)
            if action.isEnabled() != possible:
                action.setEnabled(possible)
            if command.checked is not None:
                action.setChecked(command.checked(state))
            worded = (self._keys.keys(command.id), said(command.tip, state), said(command.icon, state))
            # Only what changes: this is done while results stream in.
            if self._worded.get(command.id) != worded:
                self._worded[command.id] = worded
                _word(action, *worded)


def said(words: Words, state: WindowState) -> str:
    """Words as they are in a state of the window."""
    return words if isinstance(words, str) else words(state)


def _word(action: QAction, keys: tuple[str, ...], tip: str, image: str) -> None:
    """Give an action its keys, its tooltip, which ends with the first of them, and its icon."""
    action.setShortcuts([QKeySequence.fromString(key, _PORTABLE) for key in keys])
    set_tip(action, f"{tip}  ({native(keys[0])})" if keys else tip)
    action.setStatusTip("")
    action.setIcon(icon(image) if image else QIcon())
