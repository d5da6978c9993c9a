"""Files of results that were cut, changed anywhere or patched together give an error of ours or sound values."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from analysis_factory import only_series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored_files import images, whole_files, write_images
from stored_reading import read_all

from ichviewer.domain.series import Series

MOST_SECONDS = 5.0


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Series:
    folder = tmp_path_factory.mktemp("ct")
    write_images(folder)
    return only_series(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.mark.parametrize("name", whole_files())
def test_each_whole_file_is_read_as_what_it_is(name, series, folder):
    path = folder / "whole"
    path.write_bytes(whole_files()[name])
    words = {
        "binary": "segmentation on (0, 1, 2), 0 problems",
        "rle": "segmentation on (0, 1, 2), 0 problems",
        "label map": "segmentation on (0, 1, 2), 0 problems",
        "map": "map on (0, 1, 2)",
        "key objects": "key objects (0,)",
        "report": f"Imaging Measurement Report\nName: 12.5 mm\n{images()[0].SOPInstanceUID}\nName: point (1, 2) px",
        "presentation": "presentation of (0, 1, 2)",
        "pdf": "pdf of 14 bytes",
    }
    assert words[name] in read_all(path, series)


changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=6
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(name=st.sampled_from(sorted(whole_files())), changed=changes, kept=st.none() | st.floats(0, 1))
def test_no_change_of_any_byte_makes_anything_but_an_error_of_ours(series, folder, name, changed, kept):
    data = bytearray(whole_files()[name])
    # The preamble says nothing, and a broken prefix only makes all of it no DICOM.
    for share, new in changed:
        at = 132 + int(share * (len(data) - 132))
        data[at : at + len(new)] = new
    path = folder / "changed"
    path.write_bytes(bytes(data if kept is None else data[: int(kept * len(data))]))
    started = time.monotonic()
    read_all(path, series)
    assert time.monotonic() - started < MOST_SECONDS
