"""Bleeds of further kinds, looked at where one knows what must hold."""

import numpy as np
import pytest

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.phantom.bleeding import (
    Blood,
    Clot,
    FalxBlood,
    FluidBlood,
    Hematoma,
    TentoriumBlood,
    VentricleBlood,
)
from ichviewer.learning.synthesis.phantom.cases import draw_case
from ichviewer.learning.synthesis.phantom.fields import Points, borrowed_fields
from ichviewer.learning.synthesis.phantom.head import Head, Sample
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Cap, Crescent, Injuries

CLOT = Clot(58.0)


@pytest.fixture(scope="module")
def head() -> Head:
    with borrowed_fields(5):
        return Head(Anatomy(seed=5))


@pytest.fixture(scope="module")
def grid() -> Points:
    axes = [np.arange(low, high, 3.5, dtype=np.float32) for low, high in ((-70, 71), (-88, 92), (-24, 112))]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    return Points(x, y, z)


@pytest.fixture(scope="module")
def clean(head: Head, grid: Points) -> Sample:
    return head.sample(grid)


def _hurt(head: Head, grid: Points, *further: Blood) -> Sample:
    return head.injured(Injuries(further=further)).sample(grid)


@pytest.mark.parametrize("side", [-1, 1])
def test_blood_along_the_falx_and_the_tentorium_keeps_to_its_side(
    head: Head, grid: Points, side: int
) -> None:
    for blood in (
        FalxBlood(side, (-20, 60), (40, 95), 7.0, CLOT),
        TentoriumBlood(side, 5.0, (10, 80), CLOT),
    ):
        share = _hurt(head, grid, blood).blood[Hemorrhage.SUBDURAL]
        assert share.max() > 0.8
        assert (grid.x[share > 0.1] * side > -1.0).all()


def test_a_crescent_does_not_cross_the_midline(head: Head, grid: Points) -> None:
    crescent = Crescent(1, (10, 170), (20, 100), 9.0, 5.0)
    share = head.injured(Injuries(subdural=(crescent,))).sample(grid).blood[Hemorrhage.SUBDURAL]
    assert (grid.x[share > 0.1] > 0).all()


def test_an_epidural_hematoma_may_cross_the_midline_but_not_its_suture(head: Head, grid: Points) -> None:
    top = Cap((0.0, 0.0, 104.0), 34.0, 16.0)
    share = head.injured(Injuries(epidural=(top,))).sample(grid).blood[Hemorrhage.EPIDURAL]
    assert grid.x[share > 0.5].min() < -8 and grid.x[share > 0.5].max() > 8
    bounded = Cap((64.0, 0.0, 45.0), 40.0, 16.0, suture=(0.0, 1.0, 0.0, -10.0))
    share = head.injured(Injuries(epidural=(bounded,))).sample(grid).blood[Hemorrhage.EPIDURAL]
    assert share.max() > 0.8 and (grid.y[share > 0.1] > -12).all()


def test_settled_blood_lies_at_the_back_of_the_ventricle(head: Head, grid: Points) -> None:
    blood = VentricleBlood((26.0, 46.0, 50.0), (20.0, 44.0, 24.0), 40.0, CLOT, 0.0)
    share = _hurt(head, grid, blood).blood[Hemorrhage.INTRAVENTRICULAR]
    assert share.max() > 0.5 and (grid.y[share > 0.2] > 38).all()


def test_blood_in_fluid_replaces_fluid_only(head: Head, grid: Points, clean: Sample) -> None:
    blood = FluidBlood((0.0, -12.0, 26.0), (19.0, 17.0, 12.0), CLOT, patchy=0.0)
    share = _hurt(head, grid, blood).blood[Hemorrhage.SUBARACHNOID]
    assert share.max() > 0.8
    assert clean.hu[share > 0.8].mean() < 20


def test_a_hematoma_is_as_dense_as_told_and_pushes(head: Head, grid: Points, clean: Sample) -> None:
    blood = Hematoma((26.0, -4.0, 50.0), (13.0, 13.0, 13.0), CLOT, rim_share=0.8)
    hurt = _hurt(head, grid, blood)
    share = hurt.blood[Hemorrhage.INTRAPARENCHYMAL]
    assert 50 < hurt.hu[share > 0.9].mean() < 64
    volume_ml = float(share.sum()) * 3.5**3 / 1000
    assert 5 < volume_ml < 15
    # The twin's values are taken over where no blood is near.
    far = (grid.x < -25) & (clean.bone == 0)
    again = head.injured(Injuries(further=(blood,))).sample(grid, clean)
    assert np.array_equal(again.hu[far], clean.hu[far])
    assert np.allclose(again.hu, hurt.hu, atol=1e-3)


def test_most_drawn_cases_bleed_and_every_type_is_frequent() -> None:
    cases = [draw_case(seed) for seed in range(300)]
    bleeding = [case for case in cases if case.bleeds]
    assert 0.68 < len(bleeding) / len(cases) < 0.82
    for kind in TYPES:
        found = [
            case
            for case in bleeding
            if (kind is Hemorrhage.SUBDURAL and case.injuries.subdural)
            or (kind is Hemorrhage.EPIDURAL and case.injuries.epidural)
            or any(blood.kind is kind for blood in case.injuries.further)
        ]
        assert len(found) / len(bleeding) > 0.22, kind


def test_densities_of_drawn_blood_are_those_of_blood() -> None:
    for seed in range(200):
        injuries = draw_case(seed).injuries
        assert all(34 <= cap.hu <= 84 for cap in injuries.epidural if isinstance(cap, Cap))
        assert all(10 <= crescent.hu <= 84 for crescent in injuries.subdural)
