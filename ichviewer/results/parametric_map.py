"""The heat map of the regions as a Parametric Map (DICOM PS3.3 A.75)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.model_spec import Unit
from ichviewer.results import codes
from ichviewer.results.finish import finish
from ichviewer.results.frame_source import batches, frame_images, name_frames, placed, settle_dimensions
from ichviewer.results.segmentation import flagged_types

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source

MOST_SLICES = 128
"""Frames in one object: 4 bytes for each pixel, all in memory at once."""

_MEANING = "Regions that influenced the score"


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """Maps of flagged slices: at each pixel the highest calibrated probability of the types that were flagged there.

    Slices that were not flagged, or not analyzed, have no frame: a frame of zeros would say that nothing is there.
    None where the model gives no regions.
    """
    del extras
    types = {i: flagged_types(source, i) for i in range(len(source.series))}
    wanted = placed(source, [i for i, found in types.items() if found])
    objects: list[Dataset] = []
    for batch in batches(source, wanted, MOST_SLICES):
        info = source.series.slices[batch[0]]
        pixels = np.zeros((len(batch), info.rows, info.columns), np.float32)
        for at, index in enumerate(batch):
            regions = source.analysis.findings.slices[index].regions
            assert regions is not None
            for hemorrhage in types[index]:
                found = regions.on_slice(hemorrhage, (info.rows, info.columns)).astype(np.float32)
                np.maximum(pixels[at], found, out=pixels[at])
        objects.append(_map(source, kind, batch, pixels, len(objects) + 1))
    return objects


def _map(
    source: Source, kind: ResultKind, indices: list[int], pixels: NDArray[np.float32], number: int
) -> Dataset:
    from highdicom import VOILUTTransformation  # noqa: PLC0415
    from highdicom.pm import ParametricMap, RealWorldValueMapping  # noqa: PLC0415

    mapping = RealWorldValueMapping(
        lut_label="PROBABILITY",
        lut_explanation=_MEANING,
        unit=codes.UNITS[Unit.PROBABILITY].coded(),
        value_range=(0.0, 1.0),
        slope=1.0,
        intercept=0.0,
        quantity_definition=codes.PROBABILITY.coded(),
    )
    made = ParametricMap(
        source_images=frame_images(source, indices),
        pixel_array=pixels,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[mapping],
        voi_lut_transformations=[VOILUTTransformation(window_center=0.5, window_width=1.0)],
        content_label="REGIONS",
        content_description=f"Research use: {_MEANING[0].lower()}{_MEANING[1:]}",
        **source.common(kind, "map", str(indices[0]), number=number),
    )
    name_frames(made, source, indices)
    settle_dimensions(made)
    # Not of one side of a paired organ, as far as it is known (type 2C; PS3.3 C.7.3.1).
    made.add_new("Laterality", "CS", None)
    return finish(made, source)
