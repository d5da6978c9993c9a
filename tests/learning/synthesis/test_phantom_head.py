"""The phantom's anatomy and bleeds, looked at where one knows what must be there."""

import numpy as np
import pytest

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.demo import INJURIES
from ichviewer.learning.synthesis.phantom.fields import Points
from ichviewer.learning.synthesis.phantom.head import Head, Sample
from ichviewer.learning.synthesis.phantom.parameters import Injuries


def _grid(step_mm: float = 3.0) -> Points:
    axes = [
        np.arange(low, high, step_mm, dtype=np.float32) for low, high in ((-94, 95), (-120, 110), (-30, 125))
    ]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    return Points(x, y, z)


@pytest.fixture(scope="module")
def grid() -> Points:
    return _grid()


@pytest.fixture(scope="module")
def injured(demo_head: Head, grid: Points) -> Sample:
    return demo_head.sample(grid)


@pytest.fixture(scope="module")
def clean(demo_head: Head, grid: Points) -> Sample:
    return demo_head.injured(Injuries()).sample(grid)


def _mean_near(head: Head, center: tuple[float, float, float], radius_mm: float = 2.0) -> float:
    offsets = np.linspace(-radius_mm, radius_mm, 5, dtype=np.float32)
    x, y, z = np.meshgrid(*(offsets + np.float32(c) for c in center), indexing="ij")
    return float(head.sample(Points(x, y, z)).hu.mean())


def test_values_are_float32_and_within_what_a_scanner_stores(clean: Sample) -> None:
    assert clean.hu.dtype == clean.bone.dtype == np.float32
    assert float(clean.hu.min()) >= -1024 and float(clean.hu.max()) < 3071
    assert float(clean.bone.min()) >= 0 and float(clean.bone.max()) <= 1


@pytest.mark.parametrize(
    ("what", "center", "low", "high"),
    [
        ("air before the face", (0, -119, 60), -1000, -990),
        ("white matter of the left centrum semiovale", (26, -8, 74), 24, 33),
        ("left thalamus", (11, 8, 46), 30, 42),
        ("left lateral ventricle", (11, 2, 63), 0, 16),
        ("left vitreous body", (33.5, -74, 4), 4, 16),
        ("left maxillary sinus", (30, -60, -24), -1000, -850),
        ("fat of the left orbit", (33, -52, 11), -110, -30),
        ("left dense bone of the ear", (36, 13, 5), 900, 1900),
        ("cerebellum", (20, 52, 4), 28, 40),
    ],
)
def test_tissue_is_where_it_belongs(
    demo_head: Head, what: str, center: tuple[float, float, float], low: float, high: float
) -> None:
    value = _mean_near(demo_head.injured(Injuries()), center, 1.5)
    assert low <= value <= high, f"{what}: {value:.0f} HU"


def test_the_head_has_the_size_of_an_adult(clean: Sample, grid: Points) -> None:
    head = clean.hu > -300
    level = np.abs(grid.z - 48) < 1.6
    for axis, low, high in ((grid.x, 140, 168), (grid.y, 175, 208)):
        extent = float(np.ptp(axis[head & level])) + 3.0
        assert low <= extent <= high
    assert 100 <= float(grid.z[head].max()) <= 124


def test_the_outline_is_no_ellipse_and_the_sides_differ(clean: Sample, grid: Points) -> None:
    level = np.argmin(np.abs(grid.z[0, 0] - 48))
    skull = clean.bone > 0.3
    widths = {
        float(y): float(np.ptp(grid.x[:, j, level][skull[:, j, level]]))
        for j, y in enumerate(grid.y[0, :, 0])
        if abs(y) < 70
    }
    # The widest place lies behind the ears, and the forehead is narrower than the back at the same distance from it.
    widest = max(widths, key=widths.__getitem__)
    assert widest > 5
    front, back = (min(widths, key=lambda y: abs(y - at)) for at in (widest - 66, widest + 36))
    assert widths[front] < widths[back]
    assert (clean.hu != clean.hu[::-1]).mean() > 0.3


def test_the_skull_is_closed_above_the_base(clean: Sample, grid: Points) -> None:
    level = np.argmin(np.abs(grid.z[0, 0] - 60))
    bone = clean.bone[:, :, level] > 0.2
    # From the middle of the brain every ray meets bone.
    for angle in np.linspace(0, 2 * np.pi, 72, endpoint=False):
        r = np.arange(0, 115, 1.0)
        i = np.rint((r * np.cos(angle) + 94) / 3).astype(int).clip(0, bone.shape[0] - 1)
        j = np.rint((r * np.sin(angle) + 120) / 3).astype(int).clip(0, bone.shape[1] - 1)
        assert bone[i, j].any()


def test_without_injuries_there_is_no_blood(clean: Sample) -> None:
    assert all(not clean.blood[kind].any() for kind in TYPES)


def test_bleeds_lie_on_their_side_and_are_shares(injured: Sample, grid: Points) -> None:
    total = sum(injured.blood[kind] for kind in TYPES)
    assert float(total.max()) <= 1.001
    for kind in TYPES:
        assert float(injured.blood[kind].min()) >= 0
        assert float(injured.blood[kind].max()) > 0.9, kind
    assert (grid.x[injured.blood[Hemorrhage.EPIDURAL] > 0.1] > 40).all()
    assert (grid.x[injured.blood[Hemorrhage.SUBDURAL] > 0.1] < 0).all()
    assert (grid.x[injured.blood[Hemorrhage.INTRAPARENCHYMAL] > 0.1] < -5).all()
    level = min(bleed.level_mm for bleed in INJURIES.intraventricular)
    assert (grid.y[injured.blood[Hemorrhage.INTRAVENTRICULAR] > 0.6] > level - 1).all()


def test_blood_is_as_dense_as_acute_blood(injured: Sample) -> None:
    for kind in TYPES:
        values = injured.hu[injured.blood[kind] > 0.97]
        assert 45 <= float(values.mean()) <= 80, kind
        assert float(values.std()) > 1


def test_the_pair_differs_only_where_something_happened(injured: Sample, clean: Sample, grid: Points) -> None:
    same = injured.hu == clean.hu
    # The face, the base and the left side high up are out of reach of every bleed and of the swelling.
    far = (grid.z < -5) | ((grid.x > 55) & (grid.z > 85))
    assert same[far].mean() > 0.999
    assert not same.all()


def test_a_subdural_hematoma_pushes_the_midline(demo_head: Head) -> None:
    axis = np.arange(-36, 37, 1, dtype=np.float32)
    x, y, z = np.meshgrid(
        axis, np.arange(-20, 20, 2, dtype=np.float32), np.float32([56, 60, 64]), indexing="ij"
    )
    pair = [head.sample(Points(x, y, z)).hu for head in (demo_head, demo_head.injured(Injuries()))]
    hurt, whole = (np.minimum(hu, 60) for hu in pair)
    errors = {k: float(np.square(hurt[12 + k : 60 + k] - whole[12:60]).mean()) for k in range(-8, 9)}
    # The ventricles of the injured head fit those of the whole one best when moved to the left.
    assert 3 <= min(errors, key=errors.__getitem__) <= 6


def test_a_point_does_not_depend_on_the_others(demo_head: Head) -> None:
    axis = np.arange(-80, 80, 5, dtype=np.float32)
    x, y, z = np.meshgrid(axis, axis, np.float32([10, 40]), indexing="ij")
    together = demo_head.sample(Points(x, y, z)).hu
    alone = demo_head.sample(Points(x[7:9], y[7:9], z[7:9])).hu
    assert (together[7:9] == alone).all()
