"""Twelve cut JPEG Lossless frames are failed, and the others are judged as if those had never been there.

Cut frames once decoded "successfully": one slice then moved ten others from 0.46 to 0.78.
"""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import pydicom
import pytest
from cases import cut, with_frame
from dicom_factory import write
from pydicom.uid import JPEGLosslessSV1

from ichviewer.bundle import demo_dir
from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.services.analyse_paths import analyse_paths

SHARES = (0.05, 0.15, 0.25, 0.35, 0.45, 0.5, 0.55, 0.65, 0.75, 0.85, 0.95, 0.99)
STEP_MM = 2.5


def demo_slices() -> list[pydicom.FileDataset]:
    """The head of the demo study, uncompressed, from feet to head."""
    files = [pydicom.dcmread(path) for path in sorted(demo_dir().rglob("*.dcm"))]
    uids = [ds.SeriesInstanceUID for ds in files]
    longest = max(set(uids), key=uids.count)
    slices = [ds for ds in files if ds.SeriesInstanceUID == longest]
    slices.sort(key=lambda ds: float(ds.ImagePositionPatient[2]))
    for ds in slices:
        if ds.file_meta.TransferSyntaxUID.is_compressed:
            ds.decompress(generate_instance_uid=False)
    return slices


def results(folder: Path) -> dict[str, SliceFinding]:
    """Findings by SOPInstanceUID."""
    analysis = analyse_paths([folder])
    (series,) = analysis.catalog.series
    found = analysis.findings[series.key].slices
    return {info.sop_uid: finding for info, finding in zip(series.slices, found, strict=True)}


@pytest.mark.timeout(240)
def test_twelve_of_twelve(tmp_path: Path) -> None:
    broken: set[str] = set()
    slices = demo_slices()
    chosen = {round(i * (len(slices) - 1) / (len(SHARES) - 1)): share for i, share in enumerate(SHARES)}
    assert len(chosen) == len(SHARES)
    for i, ds in enumerate(slices):
        stored = ds.pixel_array.astype("uint16")
        frame = bytes(imagecodecs.ljpeg_encode(stored, bitspersample=int(ds.BitsStored)))
        if i in chosen:
            frame = cut(frame, chosen[i])
            broken.add(ds.SOPInstanceUID)
        with_frame(ds, frame, JPEGLosslessSV1)
        write(tmp_path / "all" / f"{i:03}.dcm", ds)
        if i not in chosen:
            write(tmp_path / "sound" / f"{i:03}.dcm", ds)
    everything, sound = results(tmp_path / "all"), results(tmp_path / "sound")
    failed = {uid for uid in broken if everything[uid].status is Status.FAILED}
    assert len(failed) == 12, f"{len(failed)} of 12 cut frames are failed"
    assert everything.keys() - broken == sound.keys()
    for uid, finding in sound.items():
        assert everything[uid].status is finding.status
        assert everything[uid].probabilities == finding.probabilities
        assert everything[uid].pixel_hash == finding.pixel_hash
    assert sum(finding.status is Status.ANALYSED for finding in sound.values()) > 10
