"""Functional groups of enhanced multi-frame images (DICOM PS3.3 C.7.6.16)."""

from __future__ import annotations

from ichviewer.dicom.values import Elements


class FrameGroups:
    """Finds the elements that hold for one frame: in its own functional groups, the shared ones, or the data set.

    Parameters
    ----------
    root : Elements
        The data set. For one without functional groups every answer is the data set itself.
    """

    def __init__(self, root: Elements) -> None:
        self._root = root
        shared = root.items("SharedFunctionalGroupsSequence")
        self._shared = shared[0] if shared else None
        self._frames = root.datasets("PerFrameFunctionalGroupsSequence")

    @property
    def present(self) -> bool:
        """Whether the data set has functional groups at all."""
        return self._shared is not None or bool(self._frames)

    @property
    def count(self) -> int:
        """For how many frames there are groups of their own; the same holds for all frames behind them."""
        return len(self._frames)

    def own(self, frame: int, sequence: str) -> Elements | None:
        """The item of a functional group in the frame's own groups; None where there is none."""
        if frame >= len(self._frames):
            return None
        items = self._root.inside(self._frames[frame]).items(sequence)
        return items[0] if items else None

    def find(self, frame: int, sequence: str) -> Elements:
        """The elements of a functional group that hold for a frame (counted from 0)."""
        own = self.own(frame, sequence)
        if own is not None:
            return own
        if self._shared is not None:
            items = self._shared.items(sequence)
            if items:
                return items[0]
        return self._root
