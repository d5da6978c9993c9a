"""Whether a form of the model in 8-bit integers is good enough."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ichviewer.domain.calibration import PlattCalibration
from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import UNKNOWN, Volume
from ichviewer.learning.quantize import (
    LabelledInputs,
    draw_inputs,
    lossy_layers,
    outline_overlap,
    quantization_loss,
)

PLAIN = PlattCalibration.identity()


def slices(n=400, seed=0):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n, 6)) < 0.3).astype(np.uint8)
    labels[:, 0] = labels.max(axis=1)
    return labels, np.where(labels == 1, 1.5, -1.5) + rng.normal(0, 1.5, (n, 6))


def test_figures_by_hand():
    labels = np.array([[1, 0, 0, 0, 0, 0], [0] * 6])
    logits = np.zeros((2, 6))
    logits[:, 0] = [2.0, -2.0]
    quantized = logits.copy()
    quantized[0, 0] = 1.0
    quantized[1, 3] = -0.5
    loss = quantization_loss(labels, logits, quantized, PLAIN)
    assert loss.largest_logit_difference == 1.0
    assert loss.mean_logit_difference == pytest.approx(1.5 / 12)
    # "any" counts 2/7 a slice, each type 1/7. The second slice's types are lowered to its "any", in both forms.
    sure, half = math.log(1 + math.exp(-2)), math.log(2)
    assert loss.log_loss == pytest.approx((2 * sure + 5 * half + 2 * sure + 5 * sure) / 14)
    assert loss.quantized_log_loss - loss.log_loss == pytest.approx(
        2 * (math.log(1 + math.exp(-1)) - sure) / 14
    )
    assert (loss.auc, loss.quantized_auc, loss.slices) == (1.0, 1.0, 2)


def test_the_same_logits_cost_nothing():
    labels, logits = slices()
    loss = quantization_loss(labels, logits, logits, PLAIN)
    assert loss.refusal == ""
    assert "computes in 8-bit integers" in loss.in_words
    assert loss.largest_logit_difference == 0


def test_a_little_noise_is_allowed_and_much_is_not():
    labels, logits = slices(4000)
    noise = np.random.default_rng(1).normal(0, 1, logits.shape)
    assert quantization_loss(labels, logits, logits + 0.02 * noise, PLAIN).refusal == ""
    much = quantization_loss(labels, logits, logits + noise, PLAIN)
    assert "weighted log loss" in much.refusal
    assert "AUC" in much.refusal
    assert "stays in float32" in much.in_words


def test_loss_and_rank_are_judged_each_by_itself():
    labels, logits = slices()
    # The same order with other probabilities, and another order with about the same loss.
    assert "AUC" not in (stretched := quantization_loss(labels, logits, 3 * logits, PLAIN)).refusal
    assert "log loss" in stretched.refusal
    assert "AUC" in quantization_loss(labels, logits, -logits, PLAIN).refusal


def test_not_a_number_is_refused():
    labels, logits = slices()
    broken = logits.copy()
    broken[3, 2] = np.nan
    assert "log loss" in quantization_loss(labels, logits, broken, PLAIN).refusal


def test_unknown_labels_count_for_nothing():
    labels, logits = slices()
    labels[:50] = UNKNOWN
    worse = logits.copy()
    worse[:50] = -logits[:50]
    assert quantization_loss(labels, logits, worse, PLAIN).refusal == ""


def test_needs_slices_with_and_without_blood():
    with pytest.raises(LearningError, match=r"with and without blood.*0 and 3"):
        quantization_loss(np.zeros((3, 6)), np.zeros((3, 6)), np.zeros((3, 6)), PLAIN)
    with pytest.raises(ValueError, match="one shape"):
        quantization_loss(np.zeros((3, 6)), np.zeros((3, 6)), np.zeros((2, 6)), PLAIN)


SETTINGS = PreprocessSettings(size_px=32, mm_per_px=7.0)


def made_up_store(folder, source, hu, *, volumes=3, n=12):
    store = Store.create(folder, SETTINGS, {"source": source})
    for k in range(volumes):
        labels = np.zeros((n, 6), np.uint8)
        labels[3:6, [0, 2]] = 1
        has_brain = np.ones(n, bool)
        has_brain[0] = False
        picture = np.full((n, 32, 32), hu, np.int16)
        picture[labels[:, 0] == 1] += 10
        store.add(
            Volume(
                f"{source}{k}",
                f"p{k}",
                source,
                picture,
                np.arange(n, dtype=np.float32) * 5,
                labels,
                has_brain,
            )
        )
    return store


def test_draws_from_all_stores_with_blood_and_without(tmp_path):
    stores = [
        made_up_store(tmp_path / "a", "ct-ich", 10),
        made_up_store(tmp_path / "b", "painted", 60, volumes=30),
    ]
    drawn = draw_inputs(stores, SETTINGS, 20)
    assert drawn.inputs.shape == (20, 32, 32, 3)
    assert drawn.inputs.dtype == np.uint8
    middle = drawn.inputs[:, 16, 16, 1]
    grey = {hu: round((hu + 20) / 120 * 255) for hu in (10, 20, 60, 70)}
    # As many of each store, half of them with blood: 24 were drawn, of which 20 are kept.
    counts = {hu: int((np.abs(middle.astype(int) - g) <= 1).sum()) for hu, g in grey.items()}
    assert sum(counts.values()) == 20
    assert min(counts.values()) >= 2
    blood = np.isin(middle, [m for m in middle if min(abs(int(m) - grey[20]), abs(int(m) - grey[70])) <= 1])
    np.testing.assert_array_equal(drawn.labels[:, 0] == 1, blood)
    np.testing.assert_array_equal(draw_inputs(stores, SETTINGS, 20).inputs, drawn.inputs)
    part = drawn.part(5, None)
    np.testing.assert_array_equal(part.labels, drawn.labels[5:])


def test_draws_inputs_of_the_networks_own_size(tmp_path):
    smaller = PreprocessSettings(size_px=64, mm_per_px=3.5)
    drawn = draw_inputs([made_up_store(tmp_path / "a", "ct-ich", 10)], smaller, 5)
    assert drawn.inputs.shape == (5, 64, 64, 3)


def test_stores_without_slices_are_refused(tmp_path):
    with pytest.raises(LearningError, match="no slices"):
        draw_inputs([Store.create(tmp_path / "a", SETTINGS, {})], SETTINGS, 5)
    with pytest.raises(LearningError, match="no slices"):
        draw_inputs([], SETTINGS, 5)


def test_overlap_of_outlines_by_hand():
    settings = RegionSettings(8, (1.0,) * 5, (0.0,) * 5, (0.5, 0.5, 0.5, 0.5, 0.9))
    one, other = np.full((2, 1, 2, 5), -1.0, np.float32), np.full((2, 1, 2, 5), -1.0, np.float32)
    assert outline_overlap(one, other, settings) == 1.0
    one[0, 0, :, 1] = 2.0  # two cells
    other[0, 0, 1, 1] = 2.0  # one of them
    one[1, 0, 0, 4] = 2.0  # a probability of 0.88, below its threshold
    assert outline_overlap(one, other, settings) == pytest.approx(2 / 3)


def test_inputs_and_labels_belong_together():
    with pytest.raises(ValueError, match="as many"):
        LabelledInputs(np.zeros((2, 8, 8, 3), np.uint8), np.zeros((3, 6), np.uint8))


def test_layers_off_by_more_than_half_a_step_are_lossy():
    table = "op_name,tensor_name,scale,mean_squared_error\n"
    # Off by 0.4, 0.6 and 4 steps in the root mean square.
    table += "CONV_2D,close,0.5,0.04\nCONV_2D,off,0.5,0.09\nCONV_2D,far,0.02,0.0064\n"
    assert lossy_layers(table) == ["off", "far"]
