"""Splits by patient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.split import patients_of, split_patients, without


@given(
    table=st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=10, max_size=90),
    folds=st.integers(2, 5),
    seed=st.integers(0, 5),
)
def test_every_patient_is_in_one_fold_and_folds_are_even(table, folds, seed):
    labels = {f"p{i * 3}": row for i, row in enumerate(table)}
    fold_of = split_patients(labels, folds, seed)
    assert set(fold_of) == set(labels)
    sizes = np.bincount(list(fold_of.values()), minlength=folds)
    assert sizes.max() - sizes.min() <= 1


def test_the_rarest_label_is_spread_over_all_folds():
    # Patients 0 to 4 have the rarest label, 5 to 19 a common one besides the first, the rest none.
    labels = {f"{i:02d}": [i < 20, i < 5, 5 <= i < 20] for i in range(82)}
    for seed in range(5):
        fold_of = split_patients(labels, 5, seed)
        assert sorted(fold_of[f"{i:02d}"] for i in range(5)) == [0, 1, 2, 3, 4]
        assert np.bincount([fold_of[f"{i:02d}"] for i in range(5, 20)]).tolist() == [3] * 5


def test_the_seed_decides():
    labels = {f"{i:02d}": [i % 3 == 0] for i in range(40)}
    assert split_patients(labels, 5, 1) == split_patients(labels, 5, 1)
    assert split_patients(labels, 5, 1) != split_patients(labels, 5, 2)


@pytest.mark.parametrize("folds", [0, 1, 4])
def test_impossible_numbers_of_folds_are_refused(folds):
    with pytest.raises(ValueError, match="Received"):
        split_patients({"1": [0], "2": [1], "3": [0]}, folds, 1)


def made_volume(patient, donors):
    one = np.zeros((1, 4, 4), np.int16)
    return Volume(
        "-".join((patient, *donors)),
        patient,
        "painted",
        one,
        np.zeros(1, np.float32),
        np.zeros((1, 6), np.uint8),
        np.ones(1, bool),
        donors=donors,
    )


@given(
    whose=st.lists(
        st.tuples(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=2).map(tuple)),
        max_size=12,
    ),
    left_out=st.frozensets(st.sampled_from("abcdef"), max_size=4),
)
def test_who_is_left_out_is_seen_neither_as_a_head_nor_as_a_donor(whose, left_out):
    volumes = [made_volume(patient, donors) for patient, donors in whose]
    training = without(volumes, left_out)
    assert not patients_of(training) & left_out
    # Nothing is lost that shows none of them.
    assert len(training) == sum(not {patient, *donors} & left_out for patient, donors in whose)
    # What a model is judged on shows nobody it was trained on.
    judged = without(volumes, patients_of(training))
    assert not patients_of(judged) & patients_of(training)
