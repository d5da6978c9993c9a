"""Regions as segmentations (DICOM PS3.3 A.51): those of the model as probabilities, those of a reader as masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.errors import ExportError
from ichviewer.results import codes
from ichviewer.results.equipment import Algorithm
from ichviewer.results.finish import finish
from ichviewer.results.frame_source import batches, frame_images, name_frames, placed, settle_dimensions

if TYPE_CHECKING:
    from highdicom.seg import SegmentDescription
    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.painted import PaintedSegment
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source

MOST_SLICES = 64
"""Slices in one object of the model's regions."""
MOST_BYTES = 1 << 27
"""Of the pixels of one object while it is made: highdicom wants all of them at once, as 4 bytes for each type."""

_MAX_FRACTION = 255
# CIELab under D50 of the colors of Okabe and Ito ("Color Universal Design", 2008) for each type.
_COLORS_LAB = {
    Hemorrhage.ANY: (60.0, 0.0, 0.0),
    Hemorrhage.EPIDURAL: (72.0, 21.0, 77.0),
    Hemorrhage.INTRAPARENCHYMAL: (56.0, 48.0, 63.0),
    Hemorrhage.INTRAVENTRICULAR: (71.0, -17.0, -36.0),
    Hemorrhage.SUBARACHNOID: (55.0, -43.0, 10.0),
    Hemorrhage.SUBDURAL: (60.0, 36.0, -11.0),
}


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """Segmentations of the model's regions, and one of each region that a reader painted.

    A slice has a segment for each type that it is flagged for, as regions are outlined in the window; a frame holds
    the calibrated probability of each pixel in steps of 1 / 255. Slices without a region have no frame: that says
    nothing of them. None where the model gives no regions or nothing was painted.

    Raises
    ------
    ExportError
        If a painted region is of another series or of no slice that could be referenced by its place.
    """
    found = _of_model(source, kind)
    for painted in extras.painted:
        found += _of_reader(source, kind, painted, len(found))
    return found


def flagged_types(source: Source, index: int) -> tuple[Hemorrhage, ...]:
    """The types that a slice is flagged for and has a region of."""
    finding = source.analysis.findings.slices[index]
    if finding.regions is None:
        return ()
    flagged = finding.flagged(source.analysis.point)
    return tuple(t for t in TYPES if t in flagged and finding.regions.probabilities(t).any())


def _of_model(source: Source, kind: ResultKind) -> list[Dataset]:
    types = {i: flagged_types(source, i) for i in range(len(source.series))}
    wanted = placed(source, [i for i, found in types.items() if found])
    objects: list[Dataset] = []
    if not wanted:
        return objects
    first = source.series.slices[wanted[0]]
    of_slice = 4 * first.rows * first.columns * len({t for i in wanted for t in types[i]})
    for batch in batches(source, wanted, max(1, min(MOST_SLICES, MOST_BYTES // of_slice))):
        present = [t for t in TYPES if any(t in types[i] for i in batch)]
        info = source.series.slices[batch[0]]
        pixels = np.zeros((len(batch), info.rows, info.columns, len(present)), np.float32)
        for at, index in enumerate(batch):
            regions = source.analysis.findings.slices[index].regions
            assert regions is not None
            for kind_at, hemorrhage in enumerate(present):
                if hemorrhage in types[index]:
                    pixels[at, :, :, kind_at] = regions.on_slice(hemorrhage, (info.rows, info.columns))
        if not pixels.any():
            continue
        descriptions = [
            _description(number + 1, f"{t.value} hemorrhage", t, source) for number, t in enumerate(present)
        ]
        words = ("regions", str(batch[0]))
        objects.append(
            _segmentation(source, kind, batch, pixels, descriptions, words, len(objects) + 1, "FRACTIONAL")
        )
    return objects


def _of_reader(source: Source, kind: ResultKind, painted: PaintedSegment, before: int) -> list[Dataset]:
    if painted.series != source.analysis.findings.series:
        raise ExportError("the painted region is of another series", found=painted.label)
    slices = source.series.slices
    for index, mask in painted.masks.items():
        if index >= len(slices) or mask.shape != (slices[index].rows, slices[index].columns):
            raise ExportError(
                "the painted region does not fit the slices", found=f"slice {index + 1}, {mask.shape}"
            )
    wanted = placed(source, painted.masks)
    if len(wanted) != len(painted.masks):
        raise ExportError(
            "the painted region cannot be saved: its slices do not say where in the patient they lie",
            str(slices[next(iter(painted.masks))].source),
        )
    objects: list[Dataset] = []
    first = slices[wanted[0]]
    for batch in batches(source, wanted, max(1, MOST_BYTES // (first.rows * first.columns))):
        pixels = np.stack([painted.masks[i] for i in batch])[..., None].astype(np.uint8)
        description = _description(
            1, painted.label, painted.finding, None, semiautomatic=painted.semiautomatic
        )
        words = ("painted", painted.digest(), str(batch[0]))
        number = before + len(objects) + 1
        objects.append(_segmentation(source, kind, batch, pixels, [description], words, number, "BINARY"))
    return objects


def _segmentation(  # noqa: PLR0917 - one place where an object is made
    source: Source,
    kind: ResultKind,
    indices: list[int],
    pixels: NDArray[np.float32] | NDArray[np.uint8],
    descriptions: list[SegmentDescription],
    words: tuple[str, ...],
    number: int,
    segmentation_type: str,
) -> Dataset:
    from highdicom.seg import Segmentation  # noqa: PLC0415

    is_model = segmentation_type == "FRACTIONAL"
    segmentation = Segmentation(
        source_images=frame_images(source, indices),
        pixel_array=pixels,
        segmentation_type=segmentation_type,
        segment_descriptions=descriptions,
        fractional_type="PROBABILITY",
        max_fractional_value=_MAX_FRACTION,
        omit_empty_frames=True,
        content_label="REGIONS" if is_model else "PAINTED",
        content_description=(
            "Research use: regions that influenced the score"
            if is_model
            else "Research use: painted by a reader"
        ),
        **source.common(kind, *words, number=number),
    )
    name_frames(segmentation, source, indices)
    settle_dimensions(segmentation)
    return finish(segmentation, source)


def _description(
    number: int, label: str, finding: Hemorrhage, source: Source | None, *, semiautomatic: bool = False
) -> SegmentDescription:
    from highdicom import AlgorithmIdentificationSequence  # noqa: PLC0415
    from highdicom.color import CIELabColor  # noqa: PLC0415
    from highdicom.seg import SegmentDescription  # noqa: PLC0415

    algorithm = None
    if source is not None:
        model = Algorithm.of(source.analysis)
        algorithm = AlgorithmIdentificationSequence(
            name=model.name,
            family=codes.LEARNED.coded(),
            version=model.version,
            source=model.manufacturer,
            parameters=dict(model.parameters),
        )
    by_hand = "SEMIAUTOMATIC" if semiautomatic else "MANUAL"
    if semiautomatic:
        algorithm = AlgorithmIdentificationSequence(
            name="Region growing",
            family=codes.GROWN.coded(),
            version="1",
        )
    return SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=codes.MORPHOLOGY.coded(),
        segmented_property_type=codes.FINDINGS[finding].coded(),
        anatomic_regions=[codes.SITES[finding].coded()] if finding in codes.SITES else None,
        algorithm_type="AUTOMATIC" if source is not None else by_hand,
        algorithm_identification=algorithm,
        display_color=CIELabColor(*_COLORS_LAB[finding]),
    )
