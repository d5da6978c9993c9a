"""The sequence head fold by fold, with a head that is made up."""

from __future__ import annotations

import numpy as np
from fake_runs import write_fake_runs

from ichviewer.learning.evaluation.predictions import read_out_of_fold, read_predictions, read_synthetic
from ichviewer.learning.evaluation.sequence_fit import fit_sequence, series_of


class FakeHead:
    """Adds the number of series it learned from."""

    def __init__(self, count):
        self.count = count

    def apply(self, logits, positions_mm):
        assert len(positions_mm) == len(logits) > 1
        assert (np.diff(positions_mm) > 0).all()
        return logits + self.count

    def save(self, path):
        path.write_bytes(b"a head")


def test_no_head_has_seen_the_patients_it_speaks_about(tmp_path):
    runs = write_fake_runs(tmp_path / "runs", folds=3, patients=10, synthetic=True)
    before = read_out_of_fold(runs)
    taught = {}

    def train(series, seed):
        taught[seed] = np.concatenate([one.logits for one in series])
        return FakeHead(len(series))

    written = fit_sequence(runs, seed=5, train=train)
    after = read_out_of_fold(runs)
    # Folds have 4, 3 and 3 patients of 10: their heads learn from 6, 7 and 7, the final one from 10.
    assert np.unique((after.sequence_logits - after.logits).round(3)).tolist() == [6.0, 7.0]
    for fold, seed in ((0, 5), (1, 6), (2, 7)):
        assert not (before.logits[before.fold == fold][:, None] == taught[seed][None]).all(axis=2).any()
    assert len(taught[8]) == len(before)
    final = read_synthetic(runs)["final"]
    assert (final.sequence_logits - final.logits).round(3).tolist() == np.full(
        final.logits.shape, 10.0
    ).tolist()
    assert (runs / "final" / "sequence.npz").read_bytes() == b"a head"
    assert len(written) == 3 * 2 + 2


def test_all_other_columns_stay_as_they_are_and_it_can_be_done_again(tmp_path):
    runs = write_fake_runs(tmp_path / "runs", folds=2, patients=6)
    path = runs / "fold_1" / "out_of_fold.npz"
    with np.load(path) as data:
        before = dict(data)
    for _ in range(2):
        fit_sequence(runs, train=lambda series, seed: FakeHead(1))
    with np.load(path) as data:
        assert set(data.files) == {*before, "sequence_logits"}
        assert all(np.array_equal(data[name], before[name]) for name in before)
    told = read_predictions(path)
    assert np.allclose(told.sequence_logits, told.logits + 1, atol=1e-5)


def test_slices_of_a_series_are_kept_together(tmp_path):
    told = read_out_of_fold(write_fake_runs(tmp_path / "runs", folds=2, patients=6, slices=5))
    shuffled = told.of(np.random.default_rng(0).permutation(len(told)))
    assert [len(one.logits) for one in series_of(shuffled)] == [5] * 6
