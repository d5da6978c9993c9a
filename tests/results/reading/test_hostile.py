"""Files of results that were cut, changed anywhere or patched together give an error of ours or sound values."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from analysis_factory import only_series
from dicom_factory import RLELossless, compressed, make_slice, to_bytes, uid_of, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored_factory import (
    KEY_OBJECTS,
    PDF,
    PRESENTATION,
    code,
    content,
    frame_group,
    item,
    make_report,
    make_segmentation,
    make_stored,
    masks_of,
    reference,
    referenced_series,
    segment,
    shared_group,
)
from stored_reading import read_all

from ichviewer.domain.series import Series

MOST_SECONDS = 5.0


@cache
def images() -> list:
    return [
        make_slice(z_mm=5.0 * n, instance_number=n + 1, FrameOfReferenceUID=uid_of("frame")) for n in range(3)
    ]


@cache
def whole_files() -> dict[str, bytes]:
    """One file of each kind that can be read."""
    first = images()[0]
    groups = [frame_group(1, position_mm=i.ImagePositionPatient, sources=[reference(i)]) for i in images()]
    fractions = np.random.default_rng(1).integers(0, 255, (3, 16, 16)).astype(np.uint8)
    marked = [content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(first)])]
    name = code("1", "99TEST", "Name")
    measured = item(NumericValue="12.5", MeasurementUnitsCodeSequence=code("mm", "UCUM", "mm"))
    graphic = item(
        GraphicAnnotationUnits="PIXEL",
        GraphicDimensions=2,
        NumberOfGraphicPoints=2,
        GraphicData=[1.0, 2.0, 3.0, 4.0],
        GraphicType="POLYLINE",
        GraphicFilled="N",
    )
    shared = shared_group()
    shared.update(
        item(
            RealWorldValueMappingSequence=[
                item(
                    RealWorldValueSlope=0.5,
                    RealWorldValueIntercept=1.0,
                    MeasurementUnitsCodeSequence=code("1", "UCUM", "no units"),
                )
            ]
        )
    )
    heat = make_segmentation(first, fractions, groups, kind="FRACTIONAL", shared=shared, Modality="PM")
    heat.SOPClassUID = "1.2.840.10008.5.1.4.1.1.30"
    files = {
        "binary": make_segmentation(first, masks_of((0, 1, 1), (2, 3, 3), n=3), groups),
        "rle": compressed(make_segmentation(first, fractions, groups, kind="FRACTIONAL"), RLELossless),
        "label map": make_segmentation(
            first, fractions % 3, groups, kind="LABELMAP", segments=[segment(1, "a"), segment(2, "b")]
        ),
        "map": heat,
        "key objects": make_report(first, marked, KEY_OBJECTS),
        "report": make_report(
            first,
            [
                content("CONTAINS", "NUM", name, MeasuredValueSequence=[measured], ContentSequence=marked),
                content("CONTAINS", "SCOORD", name, GraphicType="POINT", GraphicData=[1.0, 2.0]),
            ],
        ),
        "presentation": make_stored(
            PRESENTATION,
            "PR",
            first,
            ReferencedSeriesSequence=referenced_series(images(), "ReferencedImageSequence"),
            SoftcopyVOILUTSequence=[item(WindowCenter=40, WindowWidth=80)],
            GraphicAnnotationSequence=[item(GraphicLayer="A", GraphicObjectSequence=[graphic])],
        ),
        "pdf": make_stored(
            PDF,
            "DOC",
            first,
            MIMETypeOfEncapsulatedDocument="application/pdf",
            EncapsulatedDocument=b"%PDF-1.4 %%EOF",
        ),
    }
    return {name: to_bytes(ds) for name, ds in files.items()}


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Series:
    folder = tmp_path_factory.mktemp("ct")
    for number, image in enumerate(images()):
        write(folder / f"{number}.dcm", image)
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
