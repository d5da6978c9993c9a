"""What a tool is, and the table of all tools.

A plug-in adds one with a single line, before the window is built: ``TOOLS.add(MyTool())``. It then has a command in
the menu, a key and a line in the key sheet as the others have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ichviewer.domain.annotation.base import Kind
from ichviewer.ui.panes.view_state import WINDOW_TOOL
from ichviewer.ui.tools.surface import Places

SELECT_TOOL = "select"
"""The tool that selects and moves what was drawn; it draws nothing itself."""

VOLUME_TOOL = "volume"
"""The tool that paints regions; it makes no annotation."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class ToolCursor(StrEnum):
    """What the mouse looks like over a picture."""

    CROSS = "cross"
    ARROW = "arrow"
    TEXT = "text"


class Tool(Protocol):
    """Makes annotations of one kind from clicks and drags with the left button."""

    @property
    def name(self) -> str:
        """Names it for good: changed keys are stored under it."""

    @property
    def words(self) -> str:
        """In the menu, with ``&`` before the letter that chooses it."""

    @property
    def tip(self) -> str:
        """What it is for."""

    @property
    def icon(self) -> str:
        """Name of an icon."""

    @property
    def keys(self) -> tuple[str, ...]:
        """At first; none of another command."""

    @property
    def cursor(self) -> ToolCursor:
        """What the mouse looks like while it is active."""

    @property
    def kind(self) -> Kind:
        """What it makes."""

    @property
    def steps(self) -> tuple[str, ...]:
        """What each click places, in words; a drag is two of them. One step for a tool that traces."""

    @property
    def traces(self) -> bool:
        """Whether it takes all places of one drag, rather than a place for each click."""

    @property
    def asks_words(self) -> bool:
        """Whether words are asked for at the end."""

    @property
    def joins(self) -> tuple[tuple[int, int], ...]:
        """Which clicks are joined by lines before all are made."""

    def places(self, clicks: Places) -> Places:
        """Where the points of the annotation lie, for as many clicks as it has steps; for a trace, of all of it."""


@dataclass(frozen=True)
class ClickTool:
    """A tool with a place for each click (see `Tool`).

    Parameters
    ----------
    shape : callable, optional
        From the clicks to the points of the annotation; the same unless told.
    """

    name: str
    words: str
    tip: str
    icon: str
    kind: Kind
    steps: tuple[str, ...]
    keys: tuple[str, ...] = ()
    cursor: ToolCursor = ToolCursor.CROSS
    traces: bool = False
    asks_words: bool = False
    joins: tuple[tuple[int, int], ...] = ((0, 1),)
    shape: Callable[[Places], Places] | None = None

    def places(self, clicks: Places) -> Places:
        """Where the points of the annotation lie."""
        return clicks if self.shape is None else self.shape(clicks)


class ToolTable:
    """All tools, in the order in which they were added."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        for tool in tools:
            self.add(tool)

    def __iter__(self) -> Iterator[Tool]:
        return iter(tuple(self._tools.values()))

    def add(self, tool: Tool) -> None:
        """Add a tool.

        Raises
        ------
        ValueError
            If another one has its name, or it has no step.
        """
        taken = {*self._tools, SELECT_TOOL, VOLUME_TOOL, WINDOW_TOOL}
        if tool.name in taken or not _NAME.fullmatch(tool.name):
            raise ValueError(f"a tool has a name of its own, as blood_level. Received: {tool.name!r}")
        if not tool.steps or (tool.traces and len(tool.steps) > 1):
            raise ValueError(f"a tool has steps, one that traces has one. Received: {tool.steps}")
        self._tools[tool.name] = tool

    def remove(self, name: str) -> None:
        """Take a tool out again."""
        del self._tools[name]

    def find(self, name: str) -> Tool | None:
        """The tool of a name, None if it draws nothing."""
        return self._tools.get(name)
