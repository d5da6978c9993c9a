"""A further model as somebody else would write it: the volume of what is of brain-like density inside the skull."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.findings import Status
from ichviewer.domain.model_result import NotMeasured, Value
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.domain.problems import ProblemCode
from ichviewer.progress import CancelToken, Progress
from ichviewer.services.series_slices import SeriesSlices

BONE_HU = 250.0
LOWEST_HU, HIGHEST_HU = 0.0, 100.0


class IntracranialVolume:
    """Pixels of 0 to 100 HU with bone on all four sides, times the distance of the slices."""

    spec = ModelSpec(
        "intracranial",
        "Intracranial volume 1.0",
        (Output("volume", "Intracranial volume estimate", "ICV", Scope.SERIES, Unit.ML, 1),),
    )

    def measure(self, slices: SeriesSlices, cancel: CancelToken, progress: Progress) -> Mapping[str, Value]:
        return {"volume": _volume_ml(slices, progress)}


def _volume_ml(slices: SeriesSlices, progress: Progress) -> float | NotMeasured:
    series = slices.series
    if any(problem.code is ProblemCode.GAP for problem in series.problems):
        return NotMeasured("slices seem to be missing")
    spacing, positions_mm = series.slices[0].spacing, series.positions_mm()
    if spacing is None or positions_mm is None or len(positions_mm) < 2:
        return NotMeasured("pixel spacing and the positions of at least two slices are needed")
    heights_mm = np.gradient(np.array(positions_mm))
    if heights_mm.min() <= 0:
        return NotMeasured("several slices at one position")
    volume_mm3 = 0.0
    for index, finding in enumerate(slices.findings.slices):
        progress(index, len(slices), f"slice {index + 1} of {len(slices)}")
        # A slice without brain holds none of the volume; one that failed raises, because its share is not known.
        if finding.status is not Status.NOT_ANALYSED:
            pixels = int(_inside(slices.hu(index)).sum())
            volume_mm3 += pixels * spacing.row_mm * spacing.column_mm * float(heights_mm[index])
    return volume_mm3 / 1000


def _inside(hu: NDArray[np.float32]) -> NDArray[np.bool_]:
    bone = hu >= BONE_HU
    enclosed = np.logical_and.reduce(
        [
            np.flip(np.logical_or.accumulate(np.flip(bone, axis), axis=axis), axis)
            if flipped
            else np.logical_or.accumulate(bone, axis=axis)
            for axis in (0, 1)
            for flipped in (False, True)
        ]
    )
    return enclosed & ~bone & (hu >= LOWEST_HU) & (hu <= HIGHEST_HU)
