"""A key is another as soon as a pixel, a name, the model or a setting is."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import make_slice, write, write_zip
from plugins.intracranial_volume import IntracranialVolume

from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.errors import ReadError
from ichviewer.services.open_study import open_study
from ichviewer.services.series_key import SeriesKeys, model_digest, settings_digest


@pytest.fixture
def study(tmp_path: Path) -> Path:
    for i in range(3):
        write(tmp_path / "study" / f"IM{i}", make_slice(z_mm=5.0 * i, instance_number=i + 1))
    return tmp_path / "study"


def key(path: Path, settings: str = "s", keys: SeriesKeys | None = None) -> str:
    return (keys or SeriesKeys()).key(open_study([path]).series[0], settings)


def test_it_is_the_same_again_also_in_another_process(study):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from ichviewer.services.open_study import open_study\n"
        "from ichviewer.services.series_key import SeriesKeys\n"
        "print(SeriesKeys().key(open_study([Path(sys.argv[1])]).series[0], 's'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(study)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == key(study) == key(study)


def test_a_changed_byte_makes_another_whatever_size_and_time_say(study):
    before, file = key(study), study / "IM1"
    status, data = file.stat(), bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert key(study) != before


def test_other_settings_and_slices_that_came_or_went_make_another(study):
    keys = {key(study), key(study, "t")}
    write(study / "IM3", make_slice(z_mm=15.0, instance_number=4))
    keys.add(key(study))
    (study / "IM0").unlink()
    keys.add(key(study))
    study.rename(study.with_name("renamed"))
    keys.add(key(study.with_name("renamed")))
    assert len(keys) == 5


def test_a_file_that_is_gone_is_said(study):
    series = open_study([study]).series[0]
    (study / "IM2").unlink()
    with pytest.raises(ReadError, match="IM2"):
        SeriesKeys().key(series, "s")


def test_an_archive_that_changed_is_read_again(study, tmp_path):
    keys = SeriesKeys()
    archive = write_zip(tmp_path / "a.zip", [study / "IM0"], study)
    first = key(archive, keys=keys)
    assert key(archive, keys=keys) == first
    write_zip(archive, [study / "IM0", study / "IM1"], study)
    assert key(archive, keys=keys) != first


def test_everything_that_decides_on_a_result_is_in_the_settings(tiny_card):
    point = tiny_card.point
    other = OperatingPoint(point.name, tuple(t / 2 for t in point.thresholds))
    found = [
        settings_digest(tiny_card, point, "auto", ()),
        settings_digest(tiny_card, other, "auto", ()),
        settings_digest(tiny_card, point, "litert", ()),
        settings_digest(tiny_card, point, "auto", (IntracranialVolume(),)),
        settings_digest(tiny_card, point, "auto", (), "objects"),
        settings_digest(replace(tiny_card, keras_sha256="0" * 64), point, "auto", ()),
        settings_digest(replace(tiny_card, raw={**tiny_card.raw, "note": 1}), point, "auto", ()),
    ]
    assert len({*found}) == len(found)
    assert settings_digest(tiny_card, point, "auto", ()) == found[0]


def test_a_model_has_one_digest(tiny_card):
    assert model_digest(tiny_card) == model_digest(replace(tiny_card, folder=Path("elsewhere")))
