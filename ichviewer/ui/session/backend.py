# ruff: noqa: PLC0415 - imports inside functions are the point of this module
"""What the window uses of the rooms behind it, as one value, so that a test can put something else in its place.

Nothing heavy is imported before it is used: the window stands before pydicom or a model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series, SliceInfo
from ichviewer.progress import CancelToken, Progress

if TYPE_CHECKING:
    from ichviewer.dicom.pixel_cache import PixelCache
    from ichviewer.domain.tags import SeriesTags, TagList
    from ichviewer.inference.model_card import ModelCard
    from ichviewer.services.annotations_db import AnnotationsDb
    from ichviewer.services.reading_process import ReadingProcess
    from ichviewer.services.windows import Preset


class Pixels(Protocol):
    """Decodes slices and keeps the last ones (see `ichviewer.dicom.pixel_cache.PixelCache`)."""

    def get(self, info: SliceInfo) -> DecodedSlice:
        """The decoded slice; from any thread."""

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        """The slice if it is there already; never decodes."""

    def clear(self) -> None:
        """Forget all."""


class Reader(Protocol):
    """Reads headers and decodes slices (see `ichviewer.services.reading_process.ReadingProcess`)."""

    def open_study(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress,
        cancel: CancelToken,
        on_partial: Callable[[Catalog], None],
    ) -> Catalog:
        """What is under the paths; from any thread."""

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        """Decode a slice; from any thread."""

    def close(self) -> None:
        """Free everything; from any thread."""


class Tags(Protocol):
    """Reads tags (see `ichviewer.services.tags.TagReader`)."""

    def read(self, info: SliceInfo, *, cancel: CancelToken | None = None) -> TagList:
        """All tags of a slice's file; from any thread."""

    def read_series(
        self, slices: Sequence[SliceInfo], *, progress: Progress, cancel: CancelToken | None = None
    ) -> SeriesTags:
        """The tags of all slices of a series; from any thread."""

    def close(self) -> None:
        """Free everything; from any thread."""


class Analyser(Protocol):
    """Analyses series with a model (see `ichviewer.services.analysis_process.AnalysisProcess`)."""

    @property
    def name(self) -> str:
        """The engine: ``litert`` or ``keras``."""

    def annotate(
        self,
        series: Series,
        *,
        on_finding: Callable[[int, SliceFinding], None],
        progress: Progress,
        cancel: CancelToken,
        paused: Callable[[], bool],
    ) -> SeriesFindings:
        """Analyse a series, telling findings as they come, from the calling thread."""

    def close(self) -> None:
        """Free everything; from any thread."""


def _share_nothing(kept: PixelCache) -> None:
    """The analyser has its slices decoded for itself."""


@dataclass(frozen=True)
class Backend:
    """The functions behind the window; each has the signature of the one named."""

    open_reader: Callable[[], Reader]
    """`ichviewer.services.reading_process.ReadingProcess`"""
    refusal: Callable[[Series], Problem | None]
    """`ichviewer.domain.eligibility.refusal`"""
    load_card: Callable[[Path], ModelCard]
    """`ichviewer.inference.model_card.load_model_card`"""
    open_analyser: Callable[..., Analyser]
    """`ichviewer.services.analysis_process.AnalysisProcess`"""
    write_report: Callable[..., int]
    """`ichviewer.services.write_findings.write_report`"""
    sidecar_path: Callable[[Path], Path | None]
    """`ichviewer.services.write_findings.sidecar_path`"""
    presets: Callable[[], tuple[Preset, ...]]
    """`ichviewer.services.windows.load_presets`"""
    model_folder: Callable[[], Path]
    """`ichviewer.bundle.model_dir`"""
    demo_folder: Callable[[], Path]
    """`ichviewer.bundle.demo_dir`"""
    open_tags: Callable[[], Tags]
    """`ichviewer.services.tags.TagReader`"""
    open_annotations: Callable[[Path], AnnotationsDb]
    """`ichviewer.services.annotations_db.AnnotationsDb` in a folder; called on the thread that it is used on"""
    write_annotations: Callable[..., int]
    """`ichviewer.services.annotation_export.write_annotations`"""
    share: Callable[[PixelCache], None] = _share_nothing
    """`ichviewer.services.reading_process.ReadingProcess.share`: what the window keeps is for the analyser too."""


def default_backend(open_reader: Callable[[], ReadingProcess] | None = None) -> Backend:
    """The real rooms, each imported on first use.

    Parameters
    ----------
    open_reader : callable, optional
        Gives the reader in place of a new one.
    """
    reading = _SharedReading(open_reader or _open_reader)
    return Backend(
        open_reader=reading.open,
        refusal=_refusal,
        load_card=_load_card,
        open_analyser=reading.open_analyser,
        share=reading.share,
        write_report=_write_report,
        sidecar_path=_sidecar_path,
        presets=_presets,
        model_folder=_model_folder,
        demo_folder=_demo_folder,
        open_tags=_open_tags,
        open_annotations=_open_annotations,
        write_annotations=_write_annotations,
    )


class _SharedReading:
    """A reader whose slices the analyser gets too, so that each is decoded once."""

    def __init__(self, open_reader: Callable[[], ReadingProcess]) -> None:
        self._open = open_reader
        self._reader: ReadingProcess | None = None

    def open(self) -> Reader:
        self._reader = self._open()
        return self._reader

    def share(self, kept: PixelCache) -> None:
        if self._reader is not None:
            self._reader.share(kept)

    def open_analyser(self, card: ModelCard, kind: str, *, cancel: CancelToken) -> Analyser:
        from ichviewer.services.analysis_process import AnalysisProcess

        # Without a reader, where a test has put another in its place, the analyser has its own decoder.
        read_slice = None if self._reader is None else self._reader.read_for_analysis
        return AnalysisProcess(card, kind, cancel=cancel, read_slice=read_slice)


def _open_reader() -> ReadingProcess:
    from ichviewer.services.reading_process import ReadingProcess

    return ReadingProcess()


def _refusal(series: Series) -> Problem | None:
    from ichviewer.domain.eligibility import refusal

    return refusal(series)


def _load_card(folder: Path) -> ModelCard:
    from ichviewer.inference.model_card import load_model_card

    return load_model_card(folder)


def _write_report(*args: Any, **kwargs: Any) -> int:
    from ichviewer.services.write_findings import write_report

    return write_report(*args, **kwargs)


def _sidecar_path(path: Path) -> Path | None:
    from ichviewer.services.write_findings import sidecar_path

    return sidecar_path(path)


def _presets() -> tuple[Preset, ...]:
    from ichviewer.services.windows import load_presets

    return load_presets()


def _model_folder() -> Path:
    from ichviewer.bundle import model_dir

    return model_dir()


def _demo_folder() -> Path:
    from ichviewer.bundle import demo_dir

    return demo_dir()


def _open_tags() -> Tags:
    from ichviewer.services.tags import TagReader

    return TagReader()


def _open_annotations(folder: Path) -> AnnotationsDb:
    from ichviewer.services.annotations_db import AnnotationsDb
    from ichviewer.services.annotations_file import NAME

    return AnnotationsDb(folder / NAME)


def _write_annotations(*args: Any, **kwargs: Any) -> int:
    from ichviewer.services.annotation_export import write_annotations

    return write_annotations(*args, **kwargs)
