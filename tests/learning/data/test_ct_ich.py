"""Reading CT-ICH."""

from __future__ import annotations

import csv
import shutil

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.ct_ich import (
    CtIchSource,
    CtIchTask,
    Demographics,
    LabelledSlice,
    by_patient,
    demographics,
    read_hu,
    read_table,
)
from ichviewer.learning.data.ct_ich_masks import bit_of, clean_polygon
from ichviewer.learning.data.volumes import UNTYPED_BIT
from ichviewer.learning.data.workers import HereRunner
from ichviewer.progress import silent

SETTINGS = PreprocessSettings(size_px=96, mm_per_px=2.0)


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


@pytest.fixture
def as_physionet(made_up_ct_ich, tmp_path):
    """The first patient and the second, in the layout in which PhysioNet distributes the data set."""
    from PIL import Image

    table = ["PatientNumber,SliceNumber,Intraventricular,Intraparenchymal,Subarachnoid,Epidural,Subdural"]
    table[0] += ",No_Hemorrhage,Fracture_Yes_No"
    for item in read_table(made_up_ct_ich):
        if item.patient > 2:
            continue
        folder = tmp_path / "Patients_CT" / f"{item.patient:03d}"
        for kind, picture in (("brain", item.brain), ("bone", item.bone)):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            if picture is not None and kind == "brain":
                (folder / kind / f"{item.index}.jpg").write_bytes(picture.read_bytes())
            elif picture is not None:
                Image.open(picture).save(folder / kind / f"{item.index}.jpg", quality=95)
        # A drawing of where the blood is lies among the pictures.
        if item.labels[0]:
            drawn = Image.new("L", (160, 160))
            drawn.paste(255, (95, 55, 118, 85))
            drawn.save(folder / "brain" / f"{item.index}_HGE_Seg.jpg", quality=95)
        _, epidural, parenchymal, ventricular, subarachnoid, subdural = item.labels
        row = (item.patient, item.index, ventricular, parenchymal, subarachnoid, epidural, subdural)
        table.append(",".join(map(str, (*row, 1 - item.labels[0], 0))))
    (tmp_path / "hemorrhage_diagnosis.csv").write_text("\n".join(table) + "\n", encoding="utf-8-sig")
    return tmp_path


def test_physionets_layout_says_the_same(as_physionet, made_up_ct_ich):
    found, expected = read_table(as_physionet), read_table(made_up_ct_ich)[:20]
    assert [(s.patient, s.index, s.labels) for s in found] == [
        (s.patient, s.index, s.labels) for s in expected
    ]
    assert [s.bone is None for s in found] == [s.bone is None for s in expected]
    one, other = (CtIchTask(tuple(table[:10])).read(SETTINGS).volumes[0] for table in (found, expected))
    assert np.array_equal(one.labels, other.labels)
    # Bone pictures were compressed once more, which moves the estimated scale a little.
    ours, theirs = (v.hu.clip(-20, 100).astype(int) for v in (one, other))
    assert np.abs(ours - theirs).mean() < 1


def test_a_picture_that_the_table_names_and_the_folder_lacks_is_left_out(as_physionet):
    (as_physionet / "Patients_CT" / "001" / "brain" / "3.jpg").unlink()
    found = CtIchSource(as_physionet).find(HereRunner(), silent)
    assert [task.name for task in found.tasks] == ["ct-ich-001", "ct-ich-002"]
    assert found.notes == ("1 slices have no bone picture",)
    result = found.tasks[0].read(SETTINGS)
    assert [item.file.rpartition("/")[2] for item in result.left_out] == ["3.jpg"]
    (volume,) = result.volumes
    assert 10.0 not in volume.positions_mm
    assert len(volume.hu) == 9
    assert result.bytes_read > 0


def test_a_patient_without_any_picture_makes_no_volume(as_physionet):
    shutil.rmtree(as_physionet / "Patients_CT" / "001")
    result = CtIchSource(as_physionet).find(HereRunner(), silent).tasks[0].read(SETTINGS)
    assert result.volumes == ()
    assert len(result.left_out) == 10


def test_a_picture_of_another_size_is_left_out(as_physionet):
    from PIL import Image

    Image.new("L", (80, 80)).save(as_physionet / "Patients_CT" / "001" / "brain" / "5.jpg")
    result = CtIchSource(as_physionet).find(HereRunner(), silent).tasks[0].read(SETTINGS)
    assert len(result.volumes[0].hu) == 9
    assert "pixels" in result.left_out[0].reason


def test_masks_lie_where_the_blood_is_with_the_bit_of_its_type(as_physionet):
    (volume,) = CtIchTask(tuple(read_table(as_physionet)[:10])).read(SETTINGS).volumes
    assert volume.mask_known.all()
    assert (volume.masks.any(axis=(1, 2)) == (volume.labels[:, 0] == 1)).all()
    assert set(np.unique(volume.masks)) == {0, 2}
    # Blood of 68 HU in brain of 32: the corners of the rectangle that was drawn are gone.
    assert (volume.hu[volume.masks > 0] > 36).mean() > 0.95


def test_a_slice_whose_mask_is_missing_or_broken_stays_unknown(as_physionet):
    folder = as_physionet / "Patients_CT" / "001" / "brain"
    (folder / "4_HGE_Seg.jpg").unlink()
    (folder / "5_HGE_Seg.jpg").write_bytes(b"no picture")
    result = CtIchTask(tuple(read_table(as_physionet)[:10])).read(SETTINGS)
    (volume,) = result.volumes
    assert np.flatnonzero(~volume.mask_known).tolist() == [3, 4]
    assert volume.mask(3) is None and volume.mask(4) is None
    assert volume.mask(5).any() and not volume.mask(0).any()
    assert [item.file.rpartition("/")[2] for item in result.left_out] == ["5_HGE_Seg.jpg"]


def test_blood_of_several_types_has_the_bit_of_none():
    assert bit_of((1, 0, 0, 0, 0, 1)) == 4
    assert bit_of((1, 1, 0, 0, 0, 1)) == UNTYPED_BIT


def test_a_polygon_loses_bone_and_keeps_what_has_no_contrast():
    hu = np.full((60, 60), 32.0)
    hu[:, :10] = 1000
    drawn = np.zeros((60, 60), bool)
    drawn[20:40, 5:30] = True
    assert np.array_equal(clean_polygon(drawn, hu, 0.7), drawn & (hu < 90))
    hu[20:40, 10:20] = 65
    cleaned = clean_polygon(drawn, hu, 0.7)
    assert cleaned[22:38, 10:19].all() and not cleaned[:, 23:].any() and not cleaned[:, :10].any()
    assert not clean_polygon(drawn, np.full((60, 60), 500.0), 0.7).any()


def test_ages_of_children_and_blanks_are_read(tmp_path):
    assert demographics(tmp_path) == {}
    path = tmp_path / "patient_demographics.csv"
    path.write_text(
        '"Patient Number","Age\n(years)","Gender"\n"50","0.58","Female"\n"51","","male"\n"52"\n',
        encoding="utf-8-sig",
    )
    found = demographics(tmp_path)
    assert found[50] == Demographics(0.58, "F")
    assert np.isnan(found[51].age_years) and found[51].sex == "M"
    assert np.isnan(found[52].age_years) and found[52].sex == ""
    path.write_text("Patient Number,Age(years)\n50,old\n")
    with pytest.raises(ValueError, match="line 2"):
        demographics(tmp_path)


def test_another_folder_is_told(tmp_path):
    with pytest.raises(LearningError, match="not the CT-ICH data set"):
        CtIchSource(tmp_path).find(HereRunner(), silent)


@pytest.mark.realdata
def test_the_data_sets_own_table_says_the_same_as_ours(shared_data, tmp_path):
    (tmp_path / "hemorrhage_diagnosis.csv").write_bytes(
        (shared_data / "ct-ich" / "hemorrhage_diagnosis.csv").read_bytes()
    )
    ours = {(s.patient, s.index): s.labels for s in read_table(shared_data / "ct-ich")}
    theirs = {(s.patient, s.index): s.labels for s in read_table(tmp_path)}
    assert {key: theirs[key] for key in ours} == ours


@pytest.mark.realdata
def test_the_real_table_holds_what_its_authors_say(shared_data):
    table = read_table(shared_data / "ct-ich")
    assert len(table) == 2501
    assert len(dict(by_patient(table))) == 82
    assert np.array([s.labels for s in table]).sum(axis=0).tolist() == [318, 173, 73, 24, 18, 56]
    assert sum(s.bone is None for s in table) == 1
    with (shared_data / "ct-ich" / "slices.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 2502


@pytest.mark.realdata
def test_every_real_slice_with_blood_has_a_mask_and_every_patient_an_age(shared_data):
    table = read_table(shared_data / "ct-ich")
    assert [s.mask is not None for s in table] == [s.labels[0] == 1 for s in table]
    ages = [one.age_years for one in demographics(shared_data / "ct-ich").values()]
    assert len(ages) == 82 and min(ages) < 0.01 and max(ages) == 72
    (volume,) = CtIchTask(tuple(s for s in table if s.patient == 49), 35.0).read(SETTINGS).volumes
    assert (volume.masks.any(axis=(1, 2)) == (volume.labels[:, 0] == 1)).all()
    assert volume.hu[volume.masks > 0].max() <= 90
    assert volume.age_years == 35
