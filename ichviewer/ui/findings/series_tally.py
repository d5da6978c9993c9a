"""Running totals over the findings of a series while they stream in: counts, the strongest slices, the flags."""

from __future__ import annotations

from collections import Counter

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint


class SeriesTally:
    """Takes one finding after the other, in any order, and knows at every moment what they amount to.

    Parameters
    ----------
    count : int
        Slices of the series.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._findings: dict[int, SliceFinding] = {}
        self._strongest: dict[Hemorrhage, tuple[float, int]] = {}

    @property
    def findings(self) -> dict[int, SliceFinding]:
        """Findings so far, by slice index."""
        return self._findings

    @property
    def strongest(self) -> dict[Hemorrhage, tuple[float, int]]:
        """Highest probability a label and the first slice that shows it; empty until a slice was analysed."""
        return self._strongest

    @property
    def pending(self) -> int:
        """Slices without a finding."""
        return self._count - len(self._findings)

    def put(self, index: int, finding: SliceFinding) -> None:
        """Take the finding of a slice; a second one for the same slice replaces the first."""
        if not 0 <= index < self._count:
            raise ValueError(f"the series has {self._count} slices. Received: index {index}")
        replaced = self._findings.get(index)
        self._findings[index] = finding
        if replaced is not None and replaced.probabilities is not None:
            self._strongest = {}
            for i, known in self._findings.items():
                self._raise(i, known)
        else:
            self._raise(index, finding)

    def number(self, status: Status) -> int:
        """How many slices have a status."""
        return Counter(f.status for f in self._findings.values())[status]

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
        parts = [f"{analyzed} analyzed"]
        for number, word in (
            (left_out + self.pending - waiting, "not analyzed"),
            (failed, "failed"),
            (waiting, "waiting"),
        ):
            if number:
                parts.append(f"{number} {word}")
        return ", ".join(parts)

    def _raise(self, index: int, finding: SliceFinding) -> None:
        if finding.probabilities is None:
            return
        for label, p in zip(LABELS, finding.probabilities, strict=True):
            best, where = self._strongest.get(label, (-1.0, -1))
            if p > best or (p == best and index < where):
                self._strongest[label] = (p, index)


def flagged_labels(finding: SliceFinding, point: OperatingPoint) -> tuple[Hemorrhage, ...]:
    """Flagged types of a slice; ``any`` only where no type is flagged."""
    flagged = finding.flagged(point)
    return tuple(label for label in flagged if label is not Hemorrhage.ANY) or flagged
