"""Analyses series in a process of its own, which gets its slices from the window or has them decoded in another.

A window that shares its interpreter with the analysis stalls: between two paints the analysis holds the
interpreter lock for tens of milliseconds (measured: 50 to 100 ms gaps with LiteRT, whose model itself releases the
lock; the search for the head and the preprocessing do not). A process of its own leaves the window alone. A crash in
a decoder fails one slice, a crash in an engine one series.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding
from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.pixel_feed import FedPixels
from ichviewer.services.pixel_slot import PixelSlot
from ichviewer.services.series_models import SeriesModel, added_models, register
from ichviewer.services.worker_process import WorkerProcess, never_paused
from ichviewer.services.worker_serve import Asker, Staff

if TYPE_CHECKING:
    # What analyses is loaded in the process only, not in the window that starts it.
    from ichviewer.inference.model_card import ModelCard

NICE = 5
"""What is done for the analysis gives way to what a person looks at by so much."""


class AnalysisProcess:
    """Runs `ichviewer.services.annotate.annotate_series` somewhere else.

    The process ends with `close` and with the program, however that ends. If it ends by itself, the series under way
    fails, and the next one starts another process.

    Parameters
    ----------
    card : ModelCard
    kind : str
        ``auto``, ``litert`` or ``keras``, as for `ichviewer.inference.engine.open_engine`.
    cancel : CancelToken, optional
        Gives up waiting for the engine.
    read_slice : callable, optional
        Gives decoded slices, from a thread of its own, so that none is decoded twice; without it the process has a
        decoder of its own.

    Raises
    ------
    ModelError, EngineError
        What opening the engine raised there, or the process could not be started.
    Cancelled
    """

    def __init__(
        self,
        card: ModelCard,
        kind: str = "auto",
        *,
        cancel: CancelToken | None = None,
        read_slice: Callable[[SliceInfo], DecodedSlice] | None = None,
    ) -> None:
        added = added_models()
        self._worker = WorkerProcess(
            "the analysis process",
            _open_analysis,
            (card, kind, added),
            niceness=NICE,
            # Models may be those of a script.
            with_main=bool(added),
            read_slice=read_slice,
        )
        try:
            self.name: str = self._worker.wait_ready(cancel)
        except BaseException:
            self._worker.close()
            raise

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        return self._worker.pid

    def annotate(
        self,
        series: Series,
        *,
        on_finding: Callable[[int, SliceFinding], None] | None = None,
        progress: Progress = silent,
        cancel: CancelToken | None = None,
        paused: Callable[[], bool] = never_paused,
    ) -> SeriesFindings:
        """Analyse a series; see `ichviewer.services.annotate.annotate_series`.

        Parameters
        ----------
        series : Series
        on_finding, progress, cancel
            As there; called from this thread.
        paused : callable
            While it gives True, the analysis is held between two slices.

        Raises
        ------
        Cancelled
            It was asked to stop; what was found until then has been told.
        EngineError
            The process ended before it was done.
        """

        def take(item: tuple[int, SliceFinding]) -> None:
            if on_finding is not None:
                on_finding(*item)

        findings: SeriesFindings = self._worker.run(
            "annotate",
            series,
            subject=series_identity(series),
            on_item=take,
            progress=progress,
            cancel=cancel,
            paused=paused,
        )
        return findings

    def close(self) -> None:
        """End the process at once: it holds nothing worth saving. May be called twice and from any thread."""
        self._worker.close()


# In the process


def _open_analysis(
    card: ModelCard,
    kind: str,
    models: tuple[SeriesModel, ...],
    pipe: Connection | None = None,
    slot: PixelSlot | None = None,
) -> Staff:
    from ichviewer.inference.engine import open_engine  # noqa: PLC0415
    from ichviewer.services.annotate import annotate_series  # noqa: PLC0415
    from ichviewer.services.decoder import Decoder  # noqa: PLC0415
    from ichviewer.services.two_passes import TwoPassPixels  # noqa: PLC0415

    for model in models:
        register(model)
    pixels = Decoder() if pipe is None else FedPixels(pipe, slot)
    try:
        engine = open_engine(card, kind)
    except BaseException:
        pixels.close()
        raise

    def annotate(series: object, asker: Asker) -> SeriesFindings:
        assert isinstance(series, Series)
        return annotate_series(
            series,
            TwoPassPixels(series, pixels.read_slice),
            engine,
            card,
            on_finding=lambda index, finding: asker.item((index, finding)),
            progress=asker.progress,
            cancel=asker.cancel,
        )

    def close() -> None:
        engine.close()
        pixels.close()

    return Staff({"annotate": annotate}, about=engine.name, close=close)
