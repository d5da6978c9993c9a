"""Reading CT-ICH."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from ichviewer.learning.data.ct_ich import LabelledSlice, by_patient, read_hu, read_table


def test_the_table_is_read_by_patient_and_from_the_feet_up(made_up_ct_ich):
    table = read_table(made_up_ct_ich)
    assert len(table) == 60
    assert [(s.patient, s.index) for s in table] == sorted((s.patient, s.index) for s in table)
    groups = dict(by_patient(table))
    assert {patient: len(group) for patient, group in groups.items()} == dict.fromkeys(range(1, 7), 10)
    assert groups[1][3].labels == (1, 0, 1, 0, 0, 0)
    assert groups[2][3].labels == (0,) * 6
    assert [s.index for s in groups[2] if s.bone is None] == [10]


def test_hu_come_from_the_brain_window_and_beyond_it_from_the_bone_window(made_up_ct_ich):
    hu = read_hu(read_table(made_up_ct_ich)[3])
    assert hu.dtype == np.float32
    assert np.median(hu[60:70, 70:74]) == pytest.approx(32, abs=4)  # brain
    assert hu.max() == pytest.approx(1100, abs=120)  # bone
    assert hu[0, 0] == pytest.approx(-800, abs=15)  # air, as far as the bone window goes down
    assert np.median(hu[66:72, 100:106]) == pytest.approx(68, abs=4)  # blood


def test_a_slice_without_a_bone_picture_ends_at_the_brain_window(made_up_ct_ich):
    item = next(s for s in read_table(made_up_ct_ich) if s.bone is None)
    hu = read_hu(item)
    assert hu.min() >= -20
    assert hu.max() <= 100


def test_a_bad_row_is_named_by_its_line(tmp_path):
    (tmp_path / "slices.csv").write_text(
        "patient,slice,brain,bone,any\n1,x,a.jpg,b.webp,0\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="line 2"):
        read_table(tmp_path)


def test_labels_must_be_six_of_0_or_1(tmp_path):
    with pytest.raises(ValueError, match="Received"):
        LabelledSlice(1, 1, tmp_path, None, (0, 1, 2, 0, 0, 0))


@pytest.mark.realdata
def test_the_real_table_holds_what_its_authors_say(shared_data):
    table = read_table(shared_data / "ct-ich")
    assert len(table) == 2501
    assert len(dict(by_patient(table))) == 82
    assert np.array([s.labels for s in table]).sum(axis=0).tolist() == [318, 173, 73, 24, 18, 56]
    assert sum(s.bone is None for s in table) == 1
    with (shared_data / "ct-ich" / "slices.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 2502
