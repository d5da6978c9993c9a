from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import LearningError
from ichviewer.learning.evaluation.head_scans import HeadScan, ct_ich_scans, dicom_scans
from ichviewer.learning.evaluation.input_cases import (
    MADE_CASES,
    cropped,
    few_slices,
    of_size,
    thicker,
    thin_slices,
    with_contrast,
    with_noise,
    without_vertex,
)
from ichviewer.learning.evaluation.input_check import count_errors, error_table
from ichviewer.learning.synthesis.contrast import Phase
from ichviewer.progress import silent

CONTRAST = ProblemCode.CONTRAST_MEDIUM


def round_head(n=24, age=None, name="round"):
    """A head of ellipses in slices of 5 mm: skull 142 x 178 mm, smaller at the top, brain of 35 HU, 3 HU of noise."""
    y, x = (np.mgrid[:220, :220] - 109.5) * 1.0
    rng = np.random.default_rng(3)
    stack = np.full((n, 220, 220), -1000, np.float32)
    for k, hu in enumerate(stack):
        share = min(1.0, 0.55 + 0.15 * (n - 1 - k))
        for value, shrink in ((20, -4.0), (1000, 0.0), (35, 7.0)):
            hu[(x / (71 * share - shrink)) ** 2 + (y / (89 * share - shrink)) ** 2 < 1] = value
    stack += rng.normal(0, 3, stack.shape).astype(np.float32)
    positions = tuple(5.0 * k for k in range(n))
    return HeadScan(name, stack, positions, (1.0, 1.0), True, 5.0, age)


def rng():
    return np.random.default_rng(9)


def test_each_change_is_seen_and_by_the_check_it_is_made_for():
    scan = round_head()
    assert scan.judged()[0] == set()
    for make, code in (
        (with_contrast(Phase.MIXED), CONTRAST),
        (with_noise(25.0), ProblemCode.HIGH_NOISE),
        (thicker(2), ProblemCode.UNUSUAL_THICKNESS),
        (of_size(120.0), ProblemCode.CHILD_HEAD),
        (cropped, ProblemCode.UNUSUAL_FIELD_OF_VIEW),
        (few_slices, ProblemCode.UNUSUAL_FIELD_OF_VIEW),
        (without_vertex, ProblemCode.UNUSUAL_FIELD_OF_VIEW),
    ):
        assert code in make(scan, rng()).judged()[0]


def test_a_made_head_has_the_size_asked_for():
    _, measures = of_size(150.0, spread=0.0)(round_head(), rng()).judged()
    assert measures["skull_mm"] == pytest.approx(150, abs=3)


def test_thin_slices_lie_between_the_real_ones():
    thin = thin_slices(round_head(), rng())
    assert thin.thickness_mm == 1.0
    assert np.diff(thin.positions_mm) == pytest.approx(1.0)
    assert thin.positions_mm[-1] == 115.0
    assert thin.positions_mm[0] == 15.0


def test_noise_has_the_spread_asked_for_and_leaves_the_scan_as_it_was():
    scan = round_head(6)
    before = scan.stack.copy()
    noisy = with_noise(10.0)(scan, rng())
    assert np.std(noisy.stack - before) == pytest.approx(10.0, rel=0.02)
    np.testing.assert_array_equal(scan.stack, before)


def test_thick_slices_are_means():
    thick = thicker(2)(round_head(7), rng())
    assert thick.positions_mm == (2.5, 12.5, 22.5)
    np.testing.assert_allclose(thick.stack[0], round_head(7).stack[:2].mean(axis=0), rtol=1e-5)


def test_the_counts_and_the_table_tell_errors_apart():
    scans = [round_head(), round_head(age=5.0, name="child")]
    counted = count_errors(scans, seed=1, progress=silent, total=2)
    assert counted["scans"] == 2
    assert counted["children"] == ["child"]
    assert counted["real"]["child_head"] == ["child"]
    assert counted["real"]["contrast_medium"] == []
    assert counted["made"]["contrast, arterial"] == {"n": 2, "flagged": 2}
    assert sum(row["n"] for row in counted["made"].values()) == sum(
        2 if c.every == 1 else 1 for c in MADE_CASES
    )
    lines = error_table(counted).splitlines()
    assert next(line for line in lines if line.startswith("child_head")).split()[1:3] == ["0", "1"]
    assert next(line for line in lines if line.startswith("contrast, arterial  ")).split()[-4:] == [
        "2",
        "2",
        "yes",
        "0",
    ]


def test_real_scans_only_makes_no_cases():
    counted = count_errors([round_head()], seed=1, progress=silent, total=1, thorough=False)
    assert counted["made"] == {}
    assert "made cases" not in error_table(counted)


def test_a_scan_needs_a_position_for_every_slice():
    with pytest.raises(ValueError, match="3 positions"):
        HeadScan("x", np.zeros((2, 8, 8), np.float32), (0.0, 5.0, 10.0), (1.0, 1.0), True, 5.0)


def test_ct_ich_is_read_with_ages_where_they_are_told(made_up_ct_ich, tmp_path):
    assert [scan.age_years for scan in ct_ich_scans(made_up_ct_ich)] == [None] * 6
    for name in ("brain", "bone", "slices.csv"):
        (tmp_path / name).symlink_to(made_up_ct_ich / name)
    (tmp_path / "patient_demographics.csv").write_text(
        '"Patient Number","Age(years)","Gender"\n"1","0.5","Male"\n"2","40","Female"\n"3","",""\n',
        encoding="utf-8",
    )
    scans = list(ct_ich_scans(tmp_path))
    assert [scan.age_years for scan in scans[:4]] == [0.5, 40.0, None, None]
    assert scans[0].stack.shape == (10, 80, 80)
    assert scans[0].positions_mm == tuple(5.0 * k for k in range(10))


def test_ages_are_read_from_every_copy_of_the_table_and_one_without_patients_is_told(
    made_up_ct_ich, tmp_path
):
    for name in ("brain", "bone", "slices.csv"):
        (tmp_path / name).symlink_to(made_up_ct_ich / name)
    table = tmp_path / "patient_demographics.csv"
    table.write_text('"Patient Number","Age\n(years)"\n"1","0.5"\n', encoding="utf-8")
    assert next(ct_ich_scans(tmp_path)).age_years == 0.5
    table.write_text("Age(years)\n40\n", encoding="utf-8")
    with pytest.raises(LearningError, match="not the CT-ICH"):
        next(ct_ich_scans(tmp_path))


def test_another_folder_is_not_taken_for_a_data_set(tmp_path):
    with pytest.raises(LearningError, match="not the CT-ICH"):
        next(ct_ich_scans(tmp_path))
    with pytest.raises(LearningError, match="no series"):
        next(dicom_scans(tmp_path))


@pytest.mark.realdata
def test_real_heads_without_contrast_medium_raise_no_alarm_and_with_it_they_do(shared_data):
    """A sample; `ichviewer learn evaluate-input-check` counts over all."""
    judged = missed = 0
    for scan in islice(ct_ich_scans(shared_data / "ct-ich"), 0, None, 16):
        codes, _ = scan.judged()
        assert codes & {CONTRAST, ProblemCode.HIGH_NOISE, ProblemCode.UNUSUAL_THICKNESS} == set(), scan.name
        assert (ProblemCode.CHILD_HEAD in codes) == (scan.age_years is not None and scan.age_years < 18)
        # Vessels are judged in whole heads only; one of these scans ends below the vertex.
        if ProblemCode.UNUSUAL_FIELD_OF_VIEW not in codes:
            judged += 1
            missed += CONTRAST not in with_contrast(Phase.MIXED)(scan, rng()).judged()[0]
    assert (judged, missed) == (5, 0)


@pytest.mark.realdata
def test_a_real_dicom_series_is_inside_and_with_contrast_medium_outside(shared_data):
    (scan,) = dicom_scans(shared_data / "ge-head-ct")
    assert scan.judged()[0] == set()
    assert with_contrast(Phase.VENOUS)(scan, rng()).judged()[0] == {CONTRAST}
