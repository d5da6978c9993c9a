"""Panes that follow each other: what the reader does in one of them is done in the ones linked with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.geometry import Plane
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import signed
from ichviewer.ui.panes.links import (
    Anchor,
    Beside,
    LinkSettings,
    Picture,
    Stack,
    beside,
    linked_placement,
    shares_patient_space,
    stack_of,
)
from ichviewer.ui.panes.pane_view import PaneView


@dataclass(frozen=True)
class LinkMemory:
    """How panes are linked, so that it can be put back.

    Parameters
    ----------
    settings : LinkSettings
    alone : frozenset of PaneView
        Panes that take no part.
    anchors : dict of PaneView to Anchor
        Slices that a person put beside each other.
    """

    settings: LinkSettings
    alone: frozenset[PaneView] = frozenset()
    anchors: Mapping[PaneView, Anchor] = field(default_factory=dict)


class PaneLinks(QObject):
    """Links the panes that are shown. Only what the reader does is passed on, never what a pane did for another.

    Parameters
    ----------
    shown : callable
        Gives the panes that are shown.
    parent : QObject, optional

    Signals
    -------
    changed()
        Other panes are linked, or in another way; or one went out of range or came back.
    """

    changed = Signal()

    def __init__(self, shown: Callable[[], Sequence[PaneView]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._settings = LinkSettings()
        self._alone: set[PaneView] = set()
        self._anchors: dict[PaneView, Anchor] = {}
        self._stacks: dict[PaneView, tuple[Series, Stack | None]] = {}
        self._out: frozenset[PaneView] = frozenset()

    def add(self, pane: PaneView) -> None:
        """Link another pane."""
        pane.steered.connect(lambda: self._scrolled(pane))
        pane.windowSteered.connect(lambda: self._windowed(pane))
        pane.placementSteered.connect(lambda: self._zoomed(pane))

    @property
    def settings(self) -> LinkSettings:
        """What linked panes do together."""
        return self._settings

    def is_linked(self, pane: PaneView) -> bool:
        """Whether a pane takes part."""
        return pane not in self._alone

    @property
    def fixed(self) -> bool:
        """Whether the panes keep the distance that a person has set."""
        return bool(self._anchors)

    def memory(self) -> LinkMemory:
        """How the panes are linked."""
        return LinkMemory(self._settings, frozenset(self._alone), dict(self._anchors))

    def restore(self, memory: LinkMemory) -> None:
        """Link the panes as they were; nothing else of what was said about their series is kept."""
        self._settings = memory.settings
        self._alone, self._anchors = set(memory.alone), dict(memory.anchors)
        self._stacks.clear()
        self.changed.emit()

    def forget(self, panes: Iterable[PaneView]) -> None:
        """Forget what was said about the series of these panes: they are closed."""
        closed = set(panes)
        for pane in closed:
            self._stacks.pop(pane, None)
        left = {pane: anchor for pane, anchor in self._anchors.items() if pane not in closed}
        # A distance is one between two.
        self._anchors = left if len(left) > 1 else {}

    # What a person says

    def use(self, settings: LinkSettings, leader: PaneView) -> None:
        """Link in other ways; the panes follow the leader at once."""
        before, self._settings = self._settings, settings
        if settings.scroll and not before.scroll:
            self._scrolled(leader)
        if settings.window and not before.window:
            self._windowed(leader)
        if settings.zoom and not before.zoom:
            self._zoomed(leader)
        self.changed.emit()

    def toggle(self, pane: PaneView) -> None:
        """Let a pane take part or stand alone; once it takes part again it follows the others."""
        if pane in self._alone:
            self._alone.remove(pane)
            self.align(pane)
        else:
            self._alone.add(pane)
        self.changed.emit()

    def toggle_fixed(self) -> None:
        """Keep the distance that the slices in view have now, whatever their positions say; or go by these again."""
        if self._anchors:
            self._anchors.clear()
        else:
            for pane in self._shown():
                stack = self._stack(pane)
                if stack is not None and self.is_linked(pane) and not pane.out_of_range:
                    place = float(stack.places_mm[pane.index])
                    self._anchors[pane] = Anchor(stack.series.key, place)
        self.changed.emit()

    def align(self, pane: PaneView) -> None:
        """Another series has come into a pane: show the slice that fits the others, where it has one."""
        if not (self._settings.scroll and self.is_linked(pane)):
            return
        for other in self._others(pane):
            found = None if other.out_of_range else self._beside(other, pane)
            if found is not None:
                if found.index is not None:
                    pane.follow(found.index)
                break
        self.changed.emit()

    def note(self, pane: PaneView) -> str:
        """In words, how a pane is linked with the other ones; empty where it is not."""
        if not self._settings.scroll or pane.series is None:
            return ""
        if not self.is_linked(pane):
            return tr("Link off") if len(self._shown()) > 1 else ""
        if pane.out_of_range:
            return tr("Out of range")
        for other in self._others(pane):
            found = self._beside(other, pane)
            if found is not None:
                apart = found.offset_mm
                return (
                    tr("Linked")
                    if apart is None
                    else tr("Linked at {value}{apart} mm").format(
                        value="+" * (apart > 0), apart=signed(apart)
                    )
                )
        return ""

    # What the reader does

    def _scrolled(self, pane: PaneView) -> None:
        if self._settings.scroll and self.is_linked(pane):
            for other in self._others(pane):
                found = self._beside(pane, other)
                if found is not None:
                    other.follow(found.index)
        out = frozenset(other for other in self._shown() if other.out_of_range)
        if out != self._out:
            self._out = out
            self.changed.emit()

    def _windowed(self, pane: PaneView) -> None:
        if self._settings.window and self.is_linked(pane):
            for other in self._others(pane):
                other.follow_window(pane)

    def _zoomed(self, pane: PaneView) -> None:
        frame = pane.image.frame
        if frame is None or not (self._settings.zoom and self.is_linked(pane)):
            return
        size = pane.image.width(), pane.image.height()
        for other in self._others(pane):
            there = other.image.frame
            if there is None or other.series is None or pane.series is None:
                continue
            planes: tuple[Plane | None, Plane | None] = (None, None)
            stacks = self._stack(pane), self._stack(other)
            if stacks[0] is not None and stacks[1] is not None and shares_patient_space(stacks[0], stacks[1]):
                planes = pane.series.slices[pane.index].plane, other.series.slices[other.index].plane
            placement = linked_placement(
                pane.image.state.placement,
                Picture(frame, size, planes[0]),
                Picture(there, (other.image.width(), other.image.height()), planes[1]),
                other.image.state.orientation,
            )
            other.image.take(other.image.state.at_place(placement))

    # Parts

    def _others(self, pane: PaneView) -> list[PaneView]:
        return [p for p in self._shown() if p is not pane and p.series is not None and self.is_linked(p)]

    def _beside(self, source: PaneView, target: PaneView) -> Beside | None:
        here, there = self._stack(source), self._stack(target)
        if here is None or there is None:
            # Without positions, a series still runs along itself.
            return Beside(source.index) if source.series is target.series else None
        return beside(here, source.index, there, (self._anchors.get(source), self._anchors.get(target)))

    def _stack(self, pane: PaneView) -> Stack | None:
        series = pane.series
        if series is None:
            self._stacks.pop(pane, None)
            return None
        known = self._stacks.get(pane)
        if known is None or known[0] is not series:
            known = self._stacks[pane] = series, stack_of(series)
        return known[1]
