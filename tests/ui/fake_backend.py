"""A backend whose reading and pixels are real and whose model is scripted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.region_map import RegionMap
from ichviewer.domain.series import Catalog, Series, SliceInfo
from ichviewer.inference.model_card import ModelCard, TrainingData
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.progress import Cancelled, CancelToken, Progress, silent
from ichviewer.services.open_study import open_study
from ichviewer.ui.session.backend import Backend, default_backend

LOW = (0.03, 0.01, 0.03, 0.01, 0.02, 0.01)
HIGH = (0.91, 0.04, 0.88, 0.02, 0.12, 0.07)
"""Flags "any" and "intraparenchymal"."""


MAPS = RegionSettings(8, (1.0,) * 5, (0.0,) * 5, (0.4,) * 5)
"""How the maps of a model that gives some are read."""


def card(folder: Path = Path("model"), regions: RegionSettings | None = None) -> ModelCard:
    return ModelCard(
        folder=folder,
        name="scripted",
        version="1.0",
        preprocessing=PreprocessSettings(),
        sigma_mm=2.5,
        calibration=PlattCalibration.identity(),
        operating_points={
            "balanced": OperatingPoint("balanced", (0.5,) * 6),
            "high_sensitivity": OperatingPoint("high_sensitivity", (0.1,) * 6),
        },
        default_point="balanced",
        keras_file=folder / "ich.keras",
        keras_sha256="0" * 64,
        regions=regions,
        training_data=(TrainingData("nothing", "CC0", "", 10, 2),),
    )


class Script:
    """An analyser that finds what it is told, as fast as it is told.

    Parameters
    ----------
    flagged : sequence of int
        Slices that are flagged, by index.
    seconds : float
        Time a slice takes.
    gate : threading.Event, optional
        Set: the analysis runs. Unset: it waits before the next slice.
    regions : RegionMap, optional
        Where in every slice something is suspected. The findings then name the pixels they belong to.
    """

    def __init__(
        self,
        flagged: Sequence[int] = (2,),
        seconds: float = 0.0,
        gate: threading.Event | None = None,
        regions: RegionMap | None = None,
    ) -> None:
        self.flagged = set(flagged)
        self.seconds = seconds
        self.gate = gate
        self.regions = regions
        self.closed = False
        self.analysed: list[Any] = []

    name = "litert"

    def close(self) -> None:
        self.closed = True

    def annotate(
        self,
        series: Series,
        *,
        on_finding: Callable[[int, SliceFinding], None],
        progress: Progress = silent,
        cancel: CancelToken,
        paused: Callable[[], bool],
    ) -> SeriesFindings:
        self.analysed.append(series.key)
        found = []
        for index in range(len(series)):
            progress(index, len(series), "scripted")
            while paused() or (self.gate is not None and not self.gate.wait(0.01)):
                if cancel.cancelled or self.closed:
                    raise Cancelled
                time.sleep(0.002)
            cancel.check()
            time.sleep(self.seconds)
            finding = SliceFinding(Status.ANALYSED, HIGH if index in self.flagged else LOW)
            if self.regions is not None:
                pixels = read_slice(series.slices[index]).pixel_hash
                finding = replace(finding, regions=self.regions, pixel_hash=pixels)
            found.append(finding)
            on_finding(index, finding)
        return SeriesFindings(series.key, tuple(found), series_identity(series))


class InProcessReader:
    """Reads for real, on the calling thread: a test need not start a process."""

    def open_study(self, paths: Sequence[Path], **options: Any) -> Catalog:
        return open_study(paths, **options)

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        return read_slice(info)

    def close(self) -> None:
        pass


def scripted_backend(script: Script | None = None, **changes: Any) -> Backend:
    """The real backend with a scripted model; further fields can be replaced."""
    script = script or Script()
    fields: dict[str, Any] = {
        "load_card": lambda folder: card(Path(folder)),
        "model_folder": lambda: Path("model"),
        "open_analyser": lambda _card, _kind, *, cancel: script,
        "open_reader": InProcessReader,
        **changes,
    }
    return replace(default_backend(), **fields)
