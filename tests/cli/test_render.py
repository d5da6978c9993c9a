from __future__ import annotations

import numpy as np
import pytest
from dicom_factory import make_slice, write
from PIL import Image

from ichviewer.__main__ import main


@pytest.fixture
def folder(tmp_path):
    """Two series of the same patient: CT of 0 and 40 HU from feet to head with tall pixels, and an MR."""
    for i, value in enumerate((0, 40)):
        hu = np.full((20, 30), value)
        write(
            tmp_path / "study" / f"ct{i}",
            make_slice(hu=hu, z_mm=5.0 * i, instance_number=9 - i, pixel_spacing_mm=(1.0, 0.5)),
        )
    write(tmp_path / "study" / "mr", make_slice(modality="MR", series="mr", series_number=0, sop_class=None))
    return tmp_path / "study"


def test_slices_count_from_the_feet_and_have_their_true_shape(folder, capsys):
    for number, grey in ((1, 0), (2, 129)):
        assert main(["render", str(folder), "--slice", str(number), "--window", "brain", "-o", "s.png"]) == 0
        with Image.open("s.png") as picture:
            assert picture.size == (30, 40)
            assert np.unique(np.asarray(picture)).tolist() == [grey]
    assert "Slice 2 of 2" in capsys.readouterr().err


def test_windows_by_name_and_numbers(folder):
    greys = []
    for window in ("bone", "40/80", "from-file"):
        assert main(["render", str(folder), "--slice", "2", "--window", window, "-o", "s.png"]) == 0
        with Image.open("s.png") as picture:
            greys.append(int(np.asarray(picture)[0, 0]))
    # 600/2800: (40 - 599.5) / 2799 + 0.5 = 0.300 of 255; the file's own is 40/80.
    assert greys == [77, 129, 129]


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--slice", "3"], "slices 1 to 2, not 3"),
        (["--slice", "0"], "slices 1 to 2, not 0"),
        (["--slice", "1", "--series", "7"], "series 1 to 2, not 7"),
        (["--slice", "1", "--window", "brian"], "there is no window 'brian'"),
        ([], "Missing option '--slice'"),
    ],
)
def test_wrong_usage(folder, capsys, extra, words):
    assert main(["render", str(folder), "-o", "s.png", *extra]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_series_by_number(folder):
    sizes = set()
    for number in ("1", "2"):
        assert main(["render", str(folder), "--slice", "1", "--series", number, "-o", "s.png"]) == 0
        with Image.open("s.png") as picture:
            sizes.add(picture.size)
    assert sizes == {(30, 40), (16, 16)}
