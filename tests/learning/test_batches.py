"""What batches are made of."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.batches import TrainingSet, batches
from ichviewer.learning.config import Phase, SamplingConfig, TrainConfig
from ichviewer.learning.data.cache import PatientPictures

SETTINGS = PreprocessSettings(size_px=48, mm_per_px=4.0)
CONFIG = TrainConfig(batch=20, phases=(Phase(32, 3), Phase(48, 2)), seed=3)


def patient(number, *, blood=False, painted=5):
    """Ten slices whose grey tells the patient and what they are."""
    labels = np.zeros((10, 6), np.uint8)
    if blood:
        labels[3:5, [0, 2]] = 1
        labels[5, [0, 5]] = 1
    painted_labels = np.zeros((painted, 6), np.uint8)
    painted_labels[:, [0, 1]] = 1
    return PatientPictures(
        number,
        np.full((10, 48, 48), 10 * number, np.uint8),
        labels,
        np.arange(10) > 2,
        np.full((painted, 48, 48, 3), 200, np.uint8),
        painted_labels,
    )


@pytest.fixture
def data():
    return TrainingSet.of([patient(1, blood=True), patient(2), patient(3)], SETTINGS)


def test_pools_are_told_apart(data):
    assert data.positive.tolist() == [3, 4, 5]
    assert data.negative.size == 27
    assert data.painted.tolist() == list(range(30, 45))
    assert data.grey.shape == (45, 48, 48, 3)


def test_rare_kinds_and_slices_with_brain_weigh_more(data):
    # Two slices of one kind and one of another: weights 1/sqrt(2), 1/sqrt(2), 1.
    assert data.positive_weight == pytest.approx(np.array([0.7071, 0.7071, 1.0]) / 2.4142, abs=1e-4)
    without_brain = data.negative % 10 < 3
    assert data.negative_weight.sum() == pytest.approx(1)
    assert data.negative_weight[without_brain][0] < data.negative_weight[~without_brain][0]


def test_shares_are_kept(data):
    drawn = np.concatenate([data.draw(CONFIG, np.random.default_rng(i)) for i in range(200)])
    assert drawn.size == 4000
    assert np.isin(drawn, data.positive).mean() == pytest.approx(0.25, abs=0.03)
    assert np.isin(drawn, data.painted).mean() == pytest.approx(0.4, abs=0.03)


def test_empty_pools_leave_their_share_to_the_others():
    data = TrainingSet.of([patient(1, painted=0)], SETTINGS)
    drawn = data.draw(CONFIG, np.random.default_rng(0))
    assert np.isin(drawn, data.negative).all()


def test_batches_are_those_of_their_step_wherever_a_run_starts(data):
    whole = {step: (x, y) for step, x, y in batches(data, CONFIG, 0, 7)}
    assert sorted(whole) == [0, 1, 2, 3, 4]
    assert [whole[step][0].shape for step in range(5)] == [(20, 32, 32, 3)] * 3 + [(20, 48, 48, 3)] * 2
    resumed = {step: (x, y) for step, x, y in batches(data, CONFIG, 3, 7)}
    assert sorted(resumed) == [3, 4]
    for step, (x, y) in resumed.items():
        assert np.array_equal(x, whole[step][0])
        assert np.array_equal(y, whole[step][1])


def test_runs_and_rounds_draw_differently(data):
    plain = data.batch(CONFIG, 0, 0)[0]
    assert not np.array_equal(plain, data.batch(CONFIG, 0, 1)[0])
    later = TrainConfig(batch=20, phases=CONFIG.phases, seed=3, round=1)
    assert not np.array_equal(plain, data.batch(later, 0, 0)[0])


def test_an_error_in_the_thread_reaches_the_one_who_waits(data, monkeypatch):
    def fail(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(TrainingSet, "batch", fail)
    with pytest.raises(OSError, match="the disk is gone"):
        next(batches(data, CONFIG, 0, 0))


def test_labels_travel_with_their_pictures(data):
    config = TrainConfig(batch=12, phases=(Phase(48, 1),), sampling=SamplingConfig(0.0, 0.9))
    x, y = data.batch(config, 0, 0)
    painted = x[:, 24, 24, 1] > 120  # 200 before the grey window was varied; the others are 30 at most
    assert np.array_equal(painted, y[:, 1] == 1)
