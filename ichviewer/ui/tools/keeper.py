"""Saves annotations on a thread beside the window, in the order in which they were made."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.history import Step
from ichviewer.domain.painted_region import PaintedRegion, RegionStep
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr

if TYPE_CHECKING:
    from ichviewer.services.annotations_file import SetAside


class KeptFile(Protocol):
    """Keeps annotations (see `ichviewer.services.annotations_db.AnnotationsDb`); used on one thread only."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def damaged_files(self) -> tuple[Path, ...]:
        """Files that were set aside and are still there."""

    @property
    def set_aside(self) -> SetAside | None:
        """The damaged file that was found when this one was opened."""

    def apply(self, step: Step | RegionStep) -> None:
        """Save a step."""

    def of_series(self, series: Series) -> tuple[Annotation, ...]:
        """Annotations of a series."""

    def regions_of_series(self, series: Series) -> tuple[PaintedRegion, ...]:
        """Painted regions of a series."""

    def close(self) -> None:
        """Close the file."""


@dataclass(frozen=True)
class Kept:
    """What was read, and what a person must be told of the file.

    Parameters
    ----------
    annotations : tuple of Annotation
    regions : tuple of PaintedRegion
    told : str
        That a damaged file was set aside; empty for nothing. It is told once.
    """

    annotations: tuple[Annotation, ...]
    regions: tuple[PaintedRegion, ...] = ()
    told: str = ""


class Keeper:
    """Opens the file when it is first needed, and saves what was put in, the oldest first.

    What could not be saved stays in line and is tried again with what comes next, so that the file never holds a step
    without those before it. `put` may be called from any thread, all else from the one that saves.
    """

    def __init__(self, open_file: Callable[[], KeptFile]) -> None:
        self._open = open_file
        self._file: KeptFile | None = None
        self._waiting: deque[Step | RegionStep] = deque()
        self._told = False
        self.finished = threading.Event()
        """Set when `finish` is over."""

    @property
    def waiting(self) -> int:
        """How many steps are not saved."""
        return len(self._waiting)

    def put(self, step: Step | RegionStep) -> None:
        """Have a step saved with the next `save`."""
        self._waiting.append(step)

    def save(self) -> None:
        """Save all steps in line; errors as of `AnnotationsDb.apply`."""
        while self._waiting:
            self._opened().apply(self._waiting[0])
            self._waiting.popleft()

    def read(self, series: Sequence[Series]) -> Kept:
        """What is kept of series, after all in line is saved; errors as of `AnnotationsDb`."""
        self.save()
        file = self._opened()
        found = {a.id: a for one in series for a in file.of_series(one)}
        regions = {r.id: r for one in series for r in file.regions_of_series(one)}
        return Kept(tuple(found.values()), tuple(regions.values()), self._to_tell(file))

    def finish(self) -> None:
        """Save all and close the file."""
        try:
            self.save()
        finally:
            if self._file is not None:
                self._file.close()
                self._file = None
            self.finished.set()

    def _opened(self) -> KeptFile:
        if self._file is None:
            self._file = self._open()
        return self._file

    def _to_tell(self, file: KeptFile) -> str:
        if self._told:
            return ""
        self._told = True
        earlier = file.damaged_files
        if file.set_aside is not None:
            return file.set_aside.text
        if not earlier:
            return ""
        names = ", ".join(str(path) for path in earlier)
        return tr(
            "Annotations that were damaged earlier still lie at {names}. Delete them if they are not needed."
        ).format(names=names)
