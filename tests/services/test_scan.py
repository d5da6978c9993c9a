from __future__ import annotations

import json

import numpy as np
import pytest
from dicom_factory import compressed, make_slice, set_pixels, write, write_series
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.scan import scan_pixels, to_json


def test_range_over_all_slices(tmp_path):
    for i, (low, high) in enumerate([(-1000, 40), (-50, 1234)]):
        hu = np.full((8, 8), low)
        hu[0, 0] = high
        write(tmp_path / f"{i}", make_slice(hu=hu, z_mm=5.0 * i, instance_number=i))
    catalog = read_catalog([tmp_path])
    (report,) = scan_pixels(catalog, read_slice).values()
    assert report.range_hu == (-1000.0, 1234.0)
    assert report.decoded == 2
    assert report.problems == ()


def test_what_cannot_be_decoded_is_named_and_the_rest_counts(tmp_path):
    write_series(tmp_path, n=2)
    ds = make_slice(z_mm=10.0, instance_number=3)
    compressed(ds, JPEG2000Lossless)
    ds.PixelData = encapsulate([b"no JPEG 2000 at all."])
    ds["PixelData"].is_undefined_length = True
    path = write(tmp_path / "broken.dcm", ds)
    catalog = read_catalog([tmp_path])
    (report,) = scan_pixels(catalog, read_slice).values()
    assert report.decoded == 2
    assert report.range_hu is not None
    (problem,) = report.problems
    assert problem.where == str(path)
    assert problem.severity.value == "error"


def test_json_is_json_and_names_values_by_what_they_are(tmp_path):
    write_series(tmp_path / "ct", n=2)
    write_series(tmp_path / "mr", n=1, modality="MR", series="mr", study="b", intercept=None, slope=None,
                 hu=np.full((4, 4), 7))  # fmt: skip
    catalog = read_catalog([tmp_path])
    data = json.loads(json.dumps(to_json(catalog, scan_pixels(catalog, read_slice))))
    series = {s["modality"]: s for study in data["studies"] for s in study["series"]}
    assert series["CT"]["range_hu"][0] < 0
    assert series["CT"]["analysable"] is True
    assert series["CT"]["positions_mm"] == [0.0, 5.0]
    assert "range_hu" not in series["MR"]
    assert series["MR"]["range_values"] == [7.0, 7.0]
    assert series["MR"]["why_not"]["code"] == "not_ct"
    assert to_json(catalog, {})["studies"][0]["series"][0]["decoded"] is None


def test_cancelled(ct_series):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        scan_pixels(read_catalog([ct_series[0].parent]), read_slice, cancel=cancel)


def test_padding_only(tmp_path):
    ds = make_slice(PixelPaddingValue=0)
    set_pixels(ds, np.zeros((4, 4), np.uint16))
    write(tmp_path / "a", ds)
    (report,) = scan_pixels(read_catalog([tmp_path]), read_slice).values()
    assert report.range_hu is None
    assert report.decoded == 1
