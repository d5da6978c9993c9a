"""Small studies that are easily told apart: every slice of every study has a brain of its own value."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from dicom_factory import make_slice, write
from synthetic_head import SIZE, SPACING_MM, head_hu

SPACING = (SPACING_MM, SPACING_MM)


def _head(value: float, blood: bool) -> NDArray[np.int16]:
    hu = head_hu(value)
    if blood:
        y, x = (np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2) * SPACING_MM
        hu[((x - 25) / 14) ** 2 + ((y + 10) / 20) ** 2 < 1] = 68
    return hu


def _series(
    folder: Path, n: int, *, base: float, blood: range = range(0), modality: str = "CT", **names: object
) -> None:
    for i in range(n):
        ds = make_slice(
            hu=_head(base + i, i in blood),
            z_mm=5.0 * i,
            instance_number=i + 1,
            pixel_spacing_mm=SPACING,
            SOPInstanceUID=f"{names['SeriesInstanceUID']}.{i + 1}",
            Modality=modality,
            **names,
        )
        write(folder / f"{i:03}.dcm", ds)


def make_studies(root: Path) -> dict[str, Path]:
    """Write all studies; name to folder."""
    able = {"PatientName": "Able^Ann", "PatientID": "A1", "StudyInstanceUID": "1.2.1"}
    baker = {"PatientName": "Baker^Bob", "PatientID": "B2", "StudyInstanceUID": "1.2.1"}
    _series(root / "able", 12, base=20, blood=range(4, 8), SeriesInstanceUID="1.2.1.1", **able)
    # Another patient, other pixels, and the same UIDs: a copy that somebody changed.
    _series(root / "baker", 12, base=21, SeriesInstanceUID="1.2.1.1", **baker)
    cole = {"PatientName": "Cole^Cat", "PatientID": "C3", "StudyInstanceUID": "1.2.3"}
    _series(root / "cole" / "1", 10, base=33, SeriesInstanceUID="1.2.3.1", SeriesNumber=1, **cole)
    blood = range(6)
    _series(root / "cole" / "2", 6, base=44, blood=blood, SeriesInstanceUID="1.2.3.2", SeriesNumber=2, **cole)
    _series(
        root / "cole" / "mr", 4, base=30, modality="MR", SeriesInstanceUID="1.2.3.3", SeriesNumber=3, **cole
    )
    dean = {"PatientName": "Dean^Don", "PatientID": "D4", "StudyInstanceUID": "1.2.4"}
    _series(root / "dean", 1, base=38, blood=range(1), SeriesInstanceUID="1.2.4.1", **dean)
    earl = {"PatientName": "Earl^Eve", "PatientID": "E5", "StudyInstanceUID": "1.2.5"}
    _series(root / "earl", 9, base=26, blood=range(5, 9), SeriesInstanceUID="1.2.5.1", **earl)
    for name in ("002.dcm", "007.dcm"):  # cut within the head
        whole = (root / "earl" / name).read_bytes()
        (root / "earl" / name).write_bytes(whole[: len(whole) * 6 // 10])
    frost = {"PatientName": "Frost^Fay", "PatientID": "F6", "StudyInstanceUID": "1.2.6"}
    _series(root / "frost", 40, base=15, blood=range(20, 30), SeriesInstanceUID="1.2.6.1", **frost)
    (root / "nothing").mkdir()
    (root / "nothing" / "notes.txt").write_text("no image")
    names = ("able", "baker", "cole", "dean", "earl", "frost", "nothing")
    return {**{name: root / name for name in names}, "missing": root / "is not there"}
