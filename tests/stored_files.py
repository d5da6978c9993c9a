"""One file of each kind of result that can be read, and the images that they are about."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from dicom_factory import RLELossless, compressed, make_slice, to_bytes, uid_of, write
from pydicom.dataset import FileDataset
from stored_factory import (
    KEY_OBJECTS,
    PARAMETRIC_MAP,
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


@cache
def images() -> list[FileDataset]:
    """Three slices."""
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
    heat.SOPClassUID = PARAMETRIC_MAP
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


def write_images(folder: Path) -> None:
    """Write the three slices into a folder."""
    for number, image in enumerate(images()):
        write(folder / f"{number}.dcm", image)
