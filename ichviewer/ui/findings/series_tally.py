"""What the findings of a series amount to so far: counts, the strongest slices, the flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.ui.look.language import tr


@dataclass(frozen=True)
class SeriesTally:
    """Counts findings once; of findings that have changed since, another one is needed.

    Parameters
    ----------
    count : int
        Slices of the series.
    findings : mapping of slice index to SliceFinding
        Slices that are missing are pending.
    """

    count: int
    findings: Mapping[int, SliceFinding]

    def __post_init__(self) -> None:
        outside = [index for index in self.findings if not 0 <= index < self.count]
        if outside:
            raise ValueError(f"the series has {self.count} slices. Received: index {outside[0]}")

    @cached_property
    def strongest(self) -> dict[Hemorrhage, tuple[float, int]]:
        """Highest probability a label and the first slice that shows it; empty where none was analysed."""
        best: dict[Hemorrhage, tuple[float, int]] = {}
        for index in sorted(self.findings):
            probabilities = self.findings[index].probabilities
            if probabilities is None:
                continue
            for label, p in zip(LABELS, probabilities, strict=True):
                if label not in best or p > best[label][0]:
                    best[label] = (p, index)
        return best

    @property
    def pending(self) -> int:
        """Slices without a finding."""
        return self.count - len(self.findings)

    def number(self, status: Status) -> int:
        """How many slices have a status."""
        return self._numbers[status]

    @cached_property
    def _numbers(self) -> Counter[Status]:
        return Counter(finding.status for finding in self.findings.values())

    def words(self, *, over: bool = False) -> str:
        """The counts in words; what is zero is left out, except that analyzed slices are always counted.

        Parameters
        ----------
        over : bool
            The analysis has ended: slices it never came to are not analyzed. Before that they are waiting.
        """
        analyzed, left_out, failed = (
            self.number(s) for s in (Status.ANALYSED, Status.NOT_ANALYSED, Status.FAILED)
        )
        waiting = 0 if over else self.pending
        parts = [tr("{analyzed} analyzed").format(analyzed=analyzed)]
        for number, word in (
            (left_out + self.pending - waiting, tr("not analyzed")),
            (failed, tr("failed")),
            (waiting, tr("waiting")),
        ):
            if number:
                parts.append(f"{number} {word}")
        return ", ".join(parts)
