"""From the files of a series to volumes."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from dicom_factory import compressed, make_enhanced, make_slice, write, write_series
from pydicom.uid import JPEG2000Lossless
from synthetic_head import air_hu, body_hu, head_hu

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.labels import N_LABELS
from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS
from ichviewer.inference.engine import Outputs
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.dicom_series import DicomTask, SeriesFiles, only_negative
from ichviewer.learning.data.volumes import UNKNOWN

SETTINGS = PreprocessSettings(size_px=96, mm_per_px=2.0)
POSITIVE, NEGATIVE = (1, 0, 0, 0, 0, 1), (0,) * 6
SPACING = (1.8, 1.8)


def task(paths, labels=None, **fields):
    labels = {str(p): NEGATIVE for p in paths} if labels is None else labels
    return DicomTask("one", "patient", "folder", tuple(map(str, paths)), labels, **fields)


def write_heads(folder, n=6, *, names=None, **options):
    """Slices of a head whose brain gets brighter upwards."""
    options = {"pixel_spacing_mm": SPACING, "z_mm": None, **options}
    options.pop("z_mm")
    paths = []
    for i in range(n):
        ds = make_slice(hu=head_hu(30.0 + i), z_mm=5.0 * i, instance_number=i + 1, **options)
        paths.append(write(folder / (names[i] if names else f"{i}.dcm"), ds))
    return paths


class Recorder:
    """An engine that keeps the inputs it is given."""

    name, batch_size, at_once = "recorder", 4, 1

    def __init__(self):
        self.inputs = []

    def run(self, inputs):
        self.inputs.extend(inputs)
        return Outputs(np.zeros((len(inputs), N_LABELS)))

    def close(self):
        pass


class Card:
    """As much of a model's card as an analysis asks for."""

    preprocessing = SETTINGS
    sigma_mm = 1.0
    calibration = PlattCalibration.identity()
    regions = None
    outputs = HEMORRHAGE_OUTPUTS
    raw: ClassVar = {}


def assert_same_but_for_rounding(volume, engine):
    """A volume holds whole HU, and half of one is 1.06 grey levels."""
    apart = np.abs(volume.inputs(SETTINGS).astype(int) - np.stack(engine.inputs))
    assert apart.max() <= 2
    assert (apart == 2).mean() < 0.01


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"orientation": (-1, 0, 0, 0, -1, 0)},
        {"orientation": (1, 0, 0, 0, 0.96, -0.28)},
        {"pixel_spacing_mm": None},
    ],
    ids=["plain", "turned", "tilted", "without spacing"],
)
def test_the_volume_holds_what_the_products_analysis_gives_the_model(tmp_path, options):
    from ichviewer.services.annotate import annotate_series

    paths = write_heads(tmp_path, names=[f"{k}.dcm" for k in "cfadbe"], **options)
    (volume,) = task(sorted(paths)).read(SETTINGS).volumes
    engine = Recorder()
    (series,) = read_catalog([tmp_path]).series
    annotate_series(series, PixelCache(), engine, Card())
    assert len(engine.inputs) == len(volume.hu) == 6
    assert_same_but_for_rounding(volume, engine)


def test_thin_slices_are_averaged_as_the_product_does(tmp_path):
    from ichviewer.services.annotate import annotate_series

    paths = []
    for i in range(12):
        ds = make_slice(
            hu=head_hu(30.0 + 8 * (i % 2)), z_mm=1.25 * i, instance_number=i, pixel_spacing_mm=SPACING
        )
        paths.append(write(tmp_path / f"{i:02d}.dcm", ds))
    (volume,) = task(paths).read(SETTINGS).volumes
    engine = Recorder()
    (series,) = read_catalog([tmp_path]).series
    annotate_series(series, PixelCache(), engine, Card())
    assert_same_but_for_rounding(volume, engine)
    brain = volume.hu[1:-1, 48, 48].astype(int)
    assert np.ptp(brain) < 3  # 8 HU apart without the averaging


def test_slices_are_in_order_with_their_own_labels_and_names(tmp_path):
    names = ["5.dcm", "4.dcm", "3.dcm", "2.dcm", "1.dcm", "0.dcm"]
    paths = write_heads(tmp_path, names=names)
    labels = {str(paths[2]): POSITIVE, str(paths[3]): NEGATIVE}
    (volume,) = task(sorted(paths), labels).read(SETTINGS).volumes
    assert volume.positions_mm.tolist() == [0, 5, 10, 15, 20, 25]
    assert volume.labels[:, 0].tolist() == [UNKNOWN, UNKNOWN, 1, 0, UNKNOWN, UNKNOWN]
    assert volume.labels[2].tolist() == list(POSITIVE)
    brain = volume.hu[:, 48, 48].astype(int)
    assert np.all(np.diff(brain) > 0)
    assert len(set(volume.slice_ids)) == 6
    assert volume.has_brain.all()
    assert (volume.patient, volume.source, volume.name) == ("patient", "folder", "one")


def test_a_file_cut_short_and_one_that_is_none_are_named_and_left_out(tmp_path):
    paths = write_heads(tmp_path)
    data = paths[2].read_bytes()
    paths[2].write_bytes(data[: len(data) // 2])
    paths[4].write_bytes(b"\0" * 128 + b"DICM" + b"\xff" * 9)
    result = task([*paths, tmp_path / "gone.dcm"]).read(SETTINGS)
    (volume,) = result.volumes
    assert volume.positions_mm.tolist() == [0, 5, 15, 25]
    reasons = {Path(item.file).name: item.reason for item in result.left_out}
    assert sorted(reasons) == ["2.dcm", "4.dcm", "gone.dcm"]
    assert "cut short" in reasons["2.dcm"]
    assert all(item.is_error for item in result.left_out)


def test_the_12_bit_defect_is_repaired_on_the_way(rsna_like):
    files = SeriesFiles(tuple(str(p) for p in sorted(rsna_like.wrapped)))
    (series,) = files.series
    image = files.image(series, 2)
    assert image.hu().min() == -1000
    # Stored as they are, values below 0 HU would be beyond 3000.
    assert image.hu().max() < 1500


def test_what_is_no_head_ct_is_left_out_without_being_an_error(tmp_path):
    chest = [
        write(tmp_path / f"b{i}.dcm", make_slice(hu=body_hu(), z_mm=5.0 * i, pixel_spacing_mm=SPACING))
        for i in range(3)
    ]
    result = task(chest).read(SETTINGS)
    assert result.volumes == ()
    assert "no brain" in result.left_out[0].reason
    scout = write(
        tmp_path / "s.dcm", make_slice(hu=head_hu(), image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    )
    magnet = write(tmp_path / "m.dcm", make_slice(hu=head_hu(), modality="MR"))
    for path in (scout, magnet):
        result = task([path]).read(SETTINGS)
        assert result.volumes == ()
        assert not result.left_out[0].is_error


def test_a_series_of_several_shapes_makes_several_volumes(tmp_path):
    paths = write_heads(tmp_path, 3)
    for i in range(3):
        ds = make_slice(hu=head_hu(size=160), z_mm=5.0 * i, instance_number=10 + i, pixel_spacing_mm=SPACING)
        paths.append(write(tmp_path / f"large{i}.dcm", ds))
    volumes = task(paths).read(SETTINGS).volumes
    assert [v.name for v in volumes] == ["one", "one-part2"]
    assert [len(v.hu) for v in volumes] == [3, 3]


def test_nothing_is_taught_far_from_the_head(tmp_path):
    paths = write_heads(tmp_path, 4)
    for i, z in enumerate((-60.0, -55.0)):
        ds = make_slice(hu=air_hu(), z_mm=z, instance_number=100 + i, pixel_spacing_mm=SPACING)
        paths.append(write(tmp_path / f"air{i}.dcm", ds))
    (volume,) = task(paths).read(SETTINGS).volumes
    assert volume.labels[:, 0].tolist() == [UNKNOWN, UNKNOWN, 0, 0, 0, 0]
    assert volume.has_brain.tolist() == [False, False, True, True, True, True]


def test_compressed_and_multi_frame_files_give_the_same_as_plain_ones(tmp_path):
    plain = write_heads(tmp_path / "plain", 4)
    (expected,) = task(plain).read(SETTINGS).volumes
    packed = []
    for i in range(4):
        ds = make_slice(
            hu=head_hu(30.0 + i),
            z_mm=5.0 * i,
            instance_number=i + 1,
            pixel_spacing_mm=SPACING,
            intercept=-1024.0,
        )
        packed.append(write(tmp_path / "packed" / f"{i}.dcm", compressed(ds, JPEG2000Lossless)))
    (volume,) = task(packed).read(SETTINGS).volumes
    assert np.array_equal(volume.hu, expected.hu)


def test_labels_of_a_multi_frame_file_teach_only_where_they_say_no(tmp_path):
    ds = make_enhanced(n=4)
    stack = np.stack([head_hu(30.0 + i) for i in range(4)])
    from dicom_factory import set_pixels

    set_pixels(ds, (stack + 1024).astype(np.uint16))
    shared = ds.SharedFunctionalGroupsSequence[0]
    shared.PixelMeasuresSequence[0].PixelSpacing = list(SPACING)
    path = write(tmp_path / "multi.dcm", ds)
    for labels, expected in ((POSITIVE, UNKNOWN), (NEGATIVE, 0)):
        (volume,) = task([path], {str(path): labels}).read(SETTINGS).volumes
        assert len(volume.hu) == 4
        assert volume.labels[:, 0].tolist() == [expected] * 4
        assert volume.slice_ids[1].endswith("#1")


def test_pixels_beyond_what_is_kept_are_read_again(tmp_path, monkeypatch):
    from ichviewer.learning.data import dicom_series

    paths = write_heads(tmp_path, 5)
    (expected,) = task(paths).read(SETTINGS).volumes
    monkeypatch.setattr(dicom_series, "_KEPT_BYTES", 2 * 128 * 128 * 2)
    (volume,) = task(paths).read(SETTINGS).volumes
    assert np.array_equal(volume.hu, expected.hu)


def test_a_task_can_be_sent_to_another_process(tmp_path):
    one = task(write_heads(tmp_path, 2))
    assert pickle.loads(pickle.dumps(one)) == one


def test_only_negative_labels_hold_for_every_slice():
    assert only_negative((0, 0, 1, UNKNOWN, 0, 1)) == (0, 0, UNKNOWN, UNKNOWN, 0, UNKNOWN)


@pytest.mark.realdata
def test_a_real_tilted_scan_is_read_whole(shared_data):
    paths = sorted(p for p in (shared_data / "ge-head-ct").rglob("*") if p.suffix.lower() == ".dcm")
    result = DicomTask("ge", "p", "folder", tuple(map(str, paths)), {}).read(SETTINGS)
    assert sum(len(v.hu) for v in result.volumes) == 28
    assert not [item for item in result.left_out if item.is_error]


def test_write_series_without_heads_makes_no_volume(tmp_path):
    assert task(write_series(tmp_path, 3)).read(SETTINGS).volumes == ()
