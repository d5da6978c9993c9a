"""Calibration and outlines of maps, and how they agree with drawn blood, on a few cells counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from fake_runs import fake_region_cells

from ichviewer.domain.calibration import sigmoid
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.localisation import localisation, region_figures, volume_agreement
from ichviewer.learning.evaluation.predictions import FINAL_FOLD, from_columns
from ichviewer.learning.evaluation.regions import RegionCells, read_all_regions, read_regions
from ichviewer.learning.measure import ALL, BIN_LOGITS, BINS, HIT, KNOWN, SHARE
from ichviewer.learning.region_fit import RegionFit, cross_fit_regions, fit_regions

PLAIN = RegionFit((1.0,) * 6, (0.0,) * 6, (BINS // 2,) * 6)


def columns(series, blood):
    """Slices with subdural blood or none; pointing hits in every other one of them."""
    n = len(series)
    labels = np.zeros((n, 6), np.uint8)
    labels[blood, 0] = labels[blood, 5] = 1
    ml = np.where(labels == 1, 0.08, 0.0)
    pointing = np.where(labels == 1, (np.cumsum(blood) % 2)[:, None], -1)
    return {
        "name": np.array(series),
        "patient": np.array(series),
        "index": np.arange(n),
        "logits": np.zeros((n, 6)),
        "labels": labels,
        "blood_ml": ml,
        "pointing": pointing,
    } | fake_region_cells(labels == 1)


def cells_of(series=("a", "a", "b", "b"), blood=(True, False, True, True), fold=0):
    parts = columns(series, np.array(blood))
    return RegionCells(
        from_columns(parts, fold), parts["region_cells"], parts["region_cell_ml"].astype(np.float64)
    )


def test_dice_and_volume_worked_by_hand():
    cells = cells_of()
    dice = PLAIN.dice(cells)
    # An outline from a logit of 0 holds 3 of the 4 cells of blood and nothing else: 2 * 3 / (3 + 4).
    assert dice[:, 5].tolist() == pytest.approx([6 / 7, np.nan, 6 / 7, 6 / 7], nan_ok=True)
    assert np.isnan(dice[:, 1]).all()
    high, low = sigmoid(np.array([2.125, -3.875]))
    assert PLAIN.found_ml(cells)[0, 5] == pytest.approx((3 * high + 97 * low) * 0.02)
    assert PLAIN.found_ml(cells)[1, 5] == pytest.approx(100 * low * 0.02)


def test_the_fit_gives_the_shares_that_were_counted_and_the_best_outline():
    few = cells_of()
    # So many that the pull of the slope towards 1 does not count.
    many = RegionCells(few.slices, few.cells.astype(np.float64) * 10_000, few.cell_ml)
    fitted = fit_regions(many)
    # In 3 slices with blood and one without: at the high logit 9 of 9 cells, at the low one 3 of 391.
    low, high = sigmoid(BIN_LOGITS[[16, 40]] * fitted.slope[5] + fitted.intercept[5])
    assert low == pytest.approx(3 / 391, rel=0.001)
    assert high > 0.999
    assert fitted.found_ml(many)[:, 5].sum() == pytest.approx(12 * 10_000 * 0.02, rel=0.001)
    # All edges above the low bin and up to the high one are alike; the first is taken.
    assert fitted.edge[5] == 17
    assert fitted.threshold[5] == pytest.approx(
        float(sigmoid((BIN_LOGITS[17] - 0.125) * fitted.slope[5] + fitted.intercept[5]))
    )


def test_what_is_shipped_outlines_as_what_was_fitted():
    many = cells_of()
    fitted = fit_regions(RegionCells(many.slices, many.cells.astype(np.float64) * 100, many.cell_ml))
    fitted = RegionFit(fitted.slope, fitted.intercept, (32, 20, 30, 40, 35, 28))
    again = RegionFit.of_settings(RegionSettings.from_json(fitted.shipped()))
    inside = [0.05 < t < 0.95 for t in fitted.threshold[1:]]
    assert any(inside)
    assert [e for e, i in zip(again.edge[1:], inside, strict=True) if i] == [
        e for e, i in zip(fitted.edge[1:], inside, strict=True) if i
    ]
    assert again.slope[1:] == fitted.slope[1:]


def test_a_type_that_is_nowhere_keeps_its_logits():
    fitted = fit_regions(cells_of())
    assert (fitted.slope[1], fitted.intercept[1], fitted.threshold[1]) == (1.0, 0.0, 0.5)
    shipped = fitted.shipped()
    assert shipped["stride_px"] == 8
    assert [len(shipped[name]) for name in ("slope", "intercept", "threshold")] == [5, 5, 5]
    assert shipped["slope"] == list(fitted.slope[1:])


def test_the_fit_of_a_fold_does_not_know_the_fold():
    one, other = cells_of(fold=0), cells_of(("c", "d"), (True, True), fold=1)
    fits = cross_fit_regions(RegionCells.join([one, other]))
    assert fits[0] == fit_regions(other)
    assert fits[1] == fit_regions(one)
    assert set(fits) == {0, 1, FINAL_FOLD}


def test_localisation_worked_by_hand():
    cells = cells_of()
    row = localisation(cells, {FINAL_FOLD: PLAIN}, Bootstrap.over(cells.slices.patient, 20, 1))["subdural"]
    assert (row["slices"], row["slices_dice"], row["series"]) == (3, 3, 2)
    assert row["pointing"] == pytest.approx(2 / 3)
    assert row["dice"] == row["dice_median"] == pytest.approx(6 / 7)
    assert "bias_ml" not in row  # two series tell nothing of agreement


def test_agreement_of_volumes_worked_by_hand():
    series = np.array(["a", "a", "b", "c", "d", "e"])
    true = np.array([1.0, 1.0, 4.0, 6.0, 0.0, np.nan])
    found = np.array([2.0, 1.0, 3.0, 9.0, 0.5, 1.0])
    row = volume_agreement(series, true, found)
    # Of series 2, 4, 6 mL: 3, 3, 9 found; differences 1, -1, 3, mean 1, standard deviation 2.
    assert (row["series"], row["true_ml"], row["bias_ml"]) == (3, 4.0, 1.0)
    assert row["limits_ml"] == pytest.approx([1 - 3.92, 1 + 3.92])
    # Ranks 1, 2, 3 and 1.5, 1.5, 3.
    assert row["spearman"] == pytest.approx(1.5 / np.sqrt(2 * 1.5))
    assert volume_agreement(series, np.zeros(6), found) == {"series": 0}


def test_without_maps_there_are_no_figures(tmp_path):
    plain = {k: v for k, v in columns(["a"], np.array([True])).items() if not k.startswith("region_")}
    np.savez(tmp_path / "p.npz", **plain)
    assert read_regions(tmp_path / "p.npz") is None
    assert region_figures(None, {}, resamples=5, seed=1) is None


def test_the_patients_of_a_single_fold_are_dealt_out(tmp_path):
    (tmp_path / "fold_0").mkdir()
    (tmp_path / "config.json").write_text('{"folds": 2}', encoding="utf-8")
    np.savez(tmp_path / "fold_0" / "out_of_fold.npz", **columns(["a", "b", "c"], np.array([True] * 3)))
    real, made = read_all_regions(tmp_path)
    assert sorted(real.slices.fold.tolist()) == [0, 1, 2]
    assert made == {}


def test_real_blood_is_what_is_fitted_on_where_there_is_any():
    real, made = cells_of(), cells_of(("m",), (True,), fold=FINAL_FOLD)
    figures = region_figures(real, {"final": made}, resamples=5, seed=1)
    assert figures["fit"] == fit_regions(real).shipped()
    assert list(figures["sets"]) == ["unnamed, out of fold", "unnamed, final model"]


@pytest.mark.parametrize("wrong", [(0.0,) * 6, (1.0,) * 5])
def test_an_impossible_fit_is_refused(wrong):
    with pytest.raises(ValueError, match="slopes"):
        RegionFit(wrong, (0.0,) * 6, (0,) * 6)


def test_cells_that_do_not_fit_are_refused():
    cells = cells_of()
    with pytest.raises(ValueError, match="maps"):
        RegionCells(cells.slices, cells.cells[:, :, [ALL, KNOWN, HIT]], cells.cell_ml)
    assert cells.of(np.array([True, False, False, False])).cells[0, 5, SHARE].sum() == 4
