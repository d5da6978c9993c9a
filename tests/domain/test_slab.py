"""Thickness of slabs, and where they are sampled."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.slab import Projection, Slab, slab_samples

slabs = st.builds(Slab, st.floats(1, 50), st.sampled_from(Projection))


@pytest.mark.parametrize("thickness", [0.9, 50.1, 0, -5, math.nan, math.inf])
def test_slabs_are_1_to_50_mm_thick(thickness):
    with pytest.raises(ValueError, match="Received"):
        Slab(thickness)


def test_without_a_slab_the_plane_alone_is_sampled():
    samples = slab_samples(None, 0.5)
    assert samples.offsets_mm.tolist() == [0]
    assert samples.weights.tolist() == [1]


@pytest.mark.parametrize(
    ("thickness", "step", "offsets", "weights"),
    [
        # Five slices of 1 mm; one of 5 mm.
        (5, 1, [-2, -1, 0, 1, 2], [0.2] * 5),
        (5, 5, [0], [1]),
        # 10 mm across slices of 5 mm: half of each neighbor.
        (10, 5, [-5, 0, 5], [0.25, 0.5, 0.25]),
        # 4 mm: the ends are half inside.
        (4, 1, [-2, -1, 0, 1, 2], [0.125, 0.25, 0.25, 0.25, 0.125]),
        # 7 mm at steps of 2: up to 2 mm; the ends stand for 1 ... 3.5 mm.
        (7, 2, [-2, 0, 2], [2.5 / 7, 2 / 7, 2.5 / 7]),
        # Thinner than the distance of slices.
        (1, 5, [0], [1]),
    ],
)
def test_samples_by_hand(thickness, step, offsets, weights):
    samples = slab_samples(Slab(thickness), step)
    assert samples.offsets_mm.tolist() == pytest.approx(offsets)
    assert samples.weights.tolist() == pytest.approx(weights)


def test_slices_that_nearly_touch_do_not_make_thousands_of_samples():
    # 50 mm at 0.2 mm: 125 to each side.
    assert slab_samples(Slab(50), 0.01).offsets_mm.size == 251


@given(slabs, st.floats(0.2, 10))
def test_samples_are_symmetric_stay_in_the_slab_and_weigh_one(slab, step):
    samples = slab_samples(slab, step)
    assert samples.projection is slab.projection
    assert np.allclose(samples.offsets_mm, -samples.offsets_mm[::-1])
    assert np.allclose(samples.weights, samples.weights[::-1])
    assert samples.weights.sum() == pytest.approx(1)
    assert (samples.weights > 0).all()
    assert samples.offsets_mm.max() <= slab.thickness_mm / 2 + 1e-5
    assert samples.offsets_mm.max() > slab.thickness_mm / 2 - step - 1e-5
