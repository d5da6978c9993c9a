"""The whole job without a window: open paths, analyse every head CT, keep what became of each slice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ichviewer.bundle import model_dir
from ichviewer.dicom.lean_pydicom import import_pydicom
from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, SeriesKey
from ichviewer.inference.engine import Engine, open_engine
from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.decoder import Decoder
from ichviewer.services.engine_at_once import EngineAtOnce
from ichviewer.services.export import unreadable

log = logging.getLogger("ichviewer.services")


@dataclass(frozen=True, eq=False)
class Analysis:
    """What came of the job.

    Parameters
    ----------
    catalog : Catalog
    findings : dict of SeriesKey to SeriesFindings
        One for every series.
    card : ModelCard
    engine : str
        Name of the engine that ran the model; empty if nothing could be analysed.
    """

    catalog: Catalog
    findings: dict[SeriesKey, SeriesFindings]
    card: ModelCard
    engine: str

    def failures(self) -> tuple[Problem, ...]:
        """Every file and slice that failed, with why."""
        slices = [s for result in self.findings.values() for s in result.slices]
        failed = tuple(s.reason for s in slices if s.status is Status.FAILED and s.reason is not None)
        return unreadable(self.catalog) + failed

    def problems(self) -> tuple[Problem, ...]:
        """Everything that a person should hear: failures, refusals, and what was repaired or doubted."""
        found = [*self.catalog.problems]
        for series in self.catalog.series:
            found += series.problems
            for finding in self.findings[series.key].slices:
                found += finding.problems
                if finding.reason is not None:
                    found.append(finding.reason)
        return tuple(dict.fromkeys(found))


def analyse_paths(
    paths: Sequence[Path],
    *,
    model: Path | None = None,
    engine: str = "auto",
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> Analysis:
    """Open paths and analyse every head CT series under them.

    Parameters
    ----------
    paths : sequence of Path
    model : Path or None
        A model's folder or `.keras` file; the bundled model unless told.
    engine : str
        ``auto``, ``litert`` or ``keras``.
    progress : Progress
    cancel : CancelToken, optional

    Raises
    ------
    ModelError, EngineError, NothingReadableError
        See `load_model_card`, `open_engine`, `open_study`.
    """
    card = load_model_card(model or model_dir())
    with _getting_ready(card, engine) as (decoder, open_when_needed):
        # Only now, because loading it takes as long as the decoder takes to start.
        import_pydicom()
        from ichviewer.services.open_study import open_study  # noqa: PLC0415

        catalog = open_study(paths, progress=progress, cancel=cancel, read_slice=decoder.read_slice)
        return _analyse(catalog, card, decoder, open_when_needed, progress=progress, cancel=cancel)


def analyse_catalog(
    catalog: Catalog,
    *,
    model: Path | None = None,
    engine: str = "auto",
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> Analysis:
    """Analyse every head CT series of what was opened.

    Parameters
    ----------
    catalog : Catalog
    model, engine, progress, cancel
        See `analyse_paths`.

    Raises
    ------
    ModelError, EngineError
        See `load_model_card`, `open_engine`.
    """
    card = load_model_card(model or model_dir())
    with _getting_ready(card, engine) as (decoder, open_when_needed):
        return _analyse(catalog, card, decoder, open_when_needed, progress=progress, cancel=cancel)


@contextmanager
def _getting_ready(card: ModelCard, engine: str) -> Iterator[tuple[Decoder, Callable[[], Engine]]]:
    """A decoder, and what opens the engine; both get ready meanwhile.

    TensorFlow takes seconds, and the interpreter lock for all of them: it starts only when it is needed.
    """
    with ExitStack() as stack:
        decoder = stack.enter_context(Decoder())
        open_when_needed: Callable[[], Engine] = partial(open_engine, card, engine)
        if engine != "keras" and card.litert_sha256 is not None:
            open_when_needed = stack.enter_context(EngineAtOnce(open_when_needed)).take
        yield decoder, open_when_needed


def _analyse(
    catalog: Catalog,
    card: ModelCard,
    decoder: Decoder,
    open_when_needed: Callable[[], Engine],
    *,
    progress: Progress,
    cancel: CancelToken | None,
) -> Analysis:
    # Loaded while the decoder starts.
    from ichviewer.services.annotate_catalog import annotate_catalog  # noqa: PLC0415
    from ichviewer.services.two_passes import TwoPassPixels, first_bytes_alone  # noqa: PLC0415

    slices = sum(map(len, catalog.series))
    findings, engine_name = annotate_catalog(
        catalog,
        lambda series: TwoPassPixels(series, decoder.read_slice, first_bytes_alone(slices)),
        open_when_needed,
        card,
        progress=progress,
        cancel=cancel,
    )
    return Analysis(catalog, findings, card, engine_name or "")
