"""What a reader drew and painted on a series, as the writers of DICOM objects take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.series import Series
from ichviewer.progress import CancelToken
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted
from ichviewer.ui.session.backend import Pixels

if TYPE_CHECKING:
    from ichviewer.results.extras import Extras
    from ichviewer.results.painted import PaintedSegment

_MOST_LABEL = 64
"""Characters of a Segment Label (DICOM PS3.5 section 6.2)."""


@dataclass(frozen=True, eq=False)
class ReaderMarks:
    """What goes into the objects beside the analysis.

    Parameters
    ----------
    extras : Extras
    notes : tuple of str
        What of the reader's is left out, and why.
    """

    extras: Extras
    notes: tuple[str, ...] = ()


def written_regions(
    regions: Sequence[PaintedRegion],
    series: Series,
    findings: SeriesFindings,
    pixels: Pixels,
    cancel: CancelToken,
) -> tuple[tuple[PaintedSegment, ...], tuple[str, ...]]:
    """Painted regions for a segmentation; called beside the main thread.

    Parameters
    ----------
    regions : sequence of PaintedRegion
        Of the series.
    series : Series
    findings : SeriesFindings
        Of that series.
    pixels : Pixels
        Decodes the slices: a mask goes with the very pixels that it was painted on.
    cancel : CancelToken

    Returns
    -------
    (tuple of PaintedSegment, tuple of str)
        The regions, and what is left out of them.

    Raises
    ------
    ReadError, DecodeError, Cancelled
    """
    from ichviewer.results.painted import PaintedSegment  # noqa: PLC0415 - when it is needed

    written, notes = [], []
    for place, region in enumerate(regions):
        masks, other = {}, 0
        for index, info in enumerate(series.slices):
            mask = region.on(info)
            if mask is None:
                continue
            cancel.check()
            known = findings.slices[index].pixel_hash
            same = mask.pixel_hash == pixels.get(info).pixel_hash and known in ("", mask.pixel_hash)
            if same and (mask.rows, mask.columns) == (info.rows, info.columns):
                masks[index] = mask.mask()
            else:
                other += 1
        label = _label(region.name) or f"Region {place + 1}"
        if other:
            notes.append(
                tr("{label} is left out on {slices} whose pixels have changed.").format(
                    label=label, slices=counted("slice", "slices", other)
                )
            )
        if masks:
            written.append(PaintedSegment(label, Hemorrhage.ANY, findings.series, masks))
    return tuple(written), tuple(notes)


def _label(name: str) -> str:
    """A name as a Segment Label takes it."""
    kept = "".join(letter if letter.isprintable() and letter != "\\" else " " for letter in name)
    return " ".join(kept.split())[:_MOST_LABEL].rstrip()
