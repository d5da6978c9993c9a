"""Maps of where blood is, from the engine to the findings: each lies on the pixels of its own slice."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from synthetic_head import SIZE, SPACING_MM, Slices, head_hu, make_series

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import LABELS, TYPES, Hemorrhage
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.errors import DecodeError
from ichviewer.inference.engine import Outputs
from ichviewer.inference.regions import RegionSettings
from ichviewer.services.annotate import annotate_series

SPOT_HU = 80.0
SPOT_RADIUS_MM = 25.0
STRIDE = 2
REGIONS = RegionSettings(STRIDE, (1.0,) * 5, (0.0,) * 5, (0.5,) * 5)
KIND = Hemorrhage.SUBARACHNOID


class SpotEngine:
    """Sees blood in cells that are all as bright as the spot."""

    name = "litert"
    batch_size = 2
    at_once = 1

    def run(self, inputs):
        n, size = inputs.shape[:2]
        cells = size // STRIDE
        grey = inputs[..., 1].reshape(n, cells, STRIDE, cells, STRIDE)
        bright = (grey.min(axis=(2, 4)) >= 205) & (grey.max(axis=(2, 4)) <= 220)
        regions = np.full((n, cells, cells, 5), -9.0, np.float32)
        regions[..., TYPES.index(KIND)] = np.where(bright, 3.0, -9.0)
        return Outputs(np.zeros((n, len(LABELS))), regions)

    def close(self) -> None:
        pass


@pytest.fixture
def card(tiny_card):
    return dataclasses.replace(tiny_card, regions=REGIONS)


def with_spot(hu, at_px):
    y, x = np.mgrid[:SIZE, :SIZE]
    spot = np.hypot(y - at_px[0], x - at_px[1]) * SPACING_MM < SPOT_RADIUS_MM
    return np.where(spot, SPOT_HU, hu).astype(np.int16)


@pytest.mark.parametrize(
    "directions",
    [
        ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
        ((-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)),
        ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
        ((0.0, -1.0, 0.0), (1.0, 0.0, 0.0)),
    ],
    ids=["plain", "half turn", "transposed", "quarter turn"],
)
def test_a_spot_is_found_where_it_lies_in_its_slice(card, directions):
    # The head drifts through the slices, so that every slice is cut out elsewhere.
    heads = [np.roll(head_hu(), (i, -i), (0, 1)) for i in range(9)]
    spots = {4: (50, 70), 6: (78, 52)}
    slices = [with_spot(hu, spots[i]) if i in spots else hu for i, hu in enumerate(heads)]
    series = make_series(9, row_direction=directions[0], column_direction=directions[1])
    found = annotate_series(series, Slices(slices), SpotEngine(), card)
    assert found.analysed == 9
    assert {i for i, s in enumerate(found.slices) if s.regions is not None} == set(spots)
    for index, at_px in spots.items():
        regions = found.slices[index].regions
        assert (regions.rows, regions.columns) == (16, 16)
        mask = regions.mask(KIND, 0.5, (SIZE, SIZE))
        center = np.argwhere(mask).mean(axis=0)
        half_cell_mm = STRIDE * card.preprocessing.mm_per_px / 2
        assert math.dist(center, at_px) * SPACING_MM <= half_cell_mm
        assert not regions.mask(Hemorrhage.EPIDURAL, 0.5, (SIZE, SIZE)).any()


def test_a_model_without_maps_gives_none(tiny_card):
    class NoMaps(SpotEngine):
        def run(self, inputs):
            return Outputs(super().run(inputs).logits)

    found = annotate_series(make_series(1), Slices([with_spot(head_hu(), (50, 70))]), NoMaps(), tiny_card)
    assert [s.regions for s in found.slices] == [None]


def test_a_slice_that_fails_has_no_map(card):
    slices = [with_spot(head_hu(), (50, 70)), DecodeError("broken"), with_spot(head_hu(), (50, 70))]
    found = annotate_series(make_series(3), Slices(slices), SpotEngine(), card)
    assert [s.regions is not None for s in found.slices] == [True, False, True]
    with pytest.raises(ValueError, match="only an analysed slice has regions"):
        SliceFinding(
            Status.FAILED, None, Problem(ProblemCode.DECODE_FAILED, "x"), regions=found.slices[0].regions
        )
