"""A process that analyzes one series after the other, with an engine and a decoder of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ichviewer import __version__
from ichviewer.bundle import model_dir
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.model_spec import ModelSpec
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import EngineError, ModelError, ReadError
from ichviewer.inference.engine import Engine, Outputs, open_engine
from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.services.annotate_catalog import annotate_catalog
from ichviewer.services.decoder import Decoder
from ichviewer.services.series_key import SeriesKeys, model_digest, settings_digest
from ichviewer.services.series_models import SeriesModel, register, registered_models
from ichviewer.services.series_result import SeriesResult, catalog_of, result_of
from ichviewer.services.two_passes import TwoPassPixels
from ichviewer.services.worker_serve import Asker, Staff

KEY = "key"
ANALYSE = "analyse"
FINDINGS = "findings"


@dataclass(frozen=True)
class FilesBeside:
    """Files made of a series beside its rows.

    Parameters
    ----------
    files : tuple of str
        Their names.
    refusals : tuple of str
        Why some were not made.
    lasting : bool
        Whether trying again would end the same.
    """

    files: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    lasting: bool = True


class MakesFiles(Protocol):
    """Makes files of each series; it is sent to the processes, so it must be picklable and importable by name."""

    @property
    def settings(self) -> str:
        """Where they go and which they are, as part of the key of a result."""

    def make(
        self,
        series: Series,
        findings: SeriesFindings,
        card: ModelCard,
        engine: str,
        read_slice: Callable[[SliceInfo], DecodedSlice],
    ) -> FilesBeside:
        """Make the files of a series."""

    def are_there(self, files: tuple[str, ...]) -> bool:
        """Whether files that were made before are still where they were."""


@dataclass(frozen=True)
class WorkOrder:
    """How all series are to be analyzed.

    Parameters
    ----------
    model : Path or None
        Folder or `.keras` file; None for the bundled one, which may lie elsewhere on other machines.
    model_digest : str
        What must be found there.
    engine : str
    point : OperatingPoint
        Thresholds in use.
    added : tuple of SeriesModel
        Further models that no installed package brings.
    beside : MakesFiles or None
    at_once : int or None
        How many slices an engine runs at the same time.
    version : str
        Of the program that gives the order.
    """

    model: Path | None
    model_digest: str
    engine: str
    point: OperatingPoint
    added: tuple[SeriesModel, ...] = ()
    beside: MakesFiles | None = None
    at_once: int | None = None
    version: str = __version__

    def load_card(self) -> ModelCard:
        """What is found of the model here.

        Raises
        ------
        ModelError
        """
        return load_model_card(self.model or model_dir())

    def settings(self, card: ModelCard) -> str:
        """See `ichviewer.services.series_key.settings_digest`."""
        more = "" if self.beside is None else self.beside.settings
        return settings_digest(card, self.point, self.engine, registered_models(), more)


@dataclass(frozen=True, eq=False)
class SeriesOrder:
    """A series to be analyzed by somebody who must find the same files and have the same further models.

    Parameters
    ----------
    series : Series
    key : str
        Of `ichviewer.services.series_key.SeriesKeys`, with no settings.
    models : tuple of ModelSpec
        Further models.
    """

    series: Series
    key: str
    models: tuple[ModelSpec, ...] = ()


def open_worker(order: WorkOrder) -> Staff:
    """What a worker process can do: ``key``, ``analyse`` and ``findings``.

    Raises
    ------
    ModelError
        If it finds another model, or is another version of the program, than the order came from.
    """
    if order.version != __version__:
        raise ModelError(f"a worker has version {__version__} of the program, not {order.version}")
    card = order.load_card()
    if model_digest(card) != order.model_digest:
        raise ModelError("a worker found another model under this name", str(card.path))
    for model in order.added:
        register(model)
    worker = _Worker(order, card)
    jobs = {KEY: worker.key, ANALYSE: worker.analyse, FINDINGS: worker.findings}
    return Staff(jobs, close=worker.close)


class _Worker:
    def __init__(self, order: WorkOrder, card: ModelCard) -> None:
        self._order = order
        self._card = card
        self._settings = order.settings(card)
        self._specs = tuple(model.spec for model in registered_models())
        self._keys = SeriesKeys()
        self._stack = ExitStack()
        self._decoder = self._stack.enter_context(Decoder())
        self._engine: Engine | None = None

    def close(self) -> None:
        self._stack.close()

    def key(self, argument: object, asker: Asker) -> str:
        """The key of a series; empty if a file cannot be read."""
        assert isinstance(argument, Series)
        try:
            return self._keys.key(argument, self._settings)
        except ReadError:
            return ""  # the analysis says why

    def analyse(self, argument: object, asker: Asker) -> SeriesResult:
        """Analyze a series whose key was ``key`` a moment ago."""
        assert isinstance(argument, tuple)
        series, key = argument
        assert isinstance(series, Series)
        read = self._decoder.read_slice
        findings, engine = self._annotate(series, asker)
        point = self._order.point
        # Files that changed meanwhile are others the next time, and so is their key.
        same = self.key(series, asker) == key
        result = result_of(
            series,
            findings,
            point,
            self._card.series_rule,
            self._specs,
            key=key if same else "",
            engine=engine or "",
        )
        if self._order.beside is None:
            return result
        beside = self._order.beside.make(series, findings, self._card, engine or "", read)
        return replace(
            result,
            files=beside.files,
            refusals=beside.refusals,
            lasting=result.lasting and beside.lasting,
        )

    def findings(self, argument: object, asker: Asker) -> tuple[SeriesFindings, str]:
        """Findings of a series, and the engine's name, for somebody who has its files and further models, too."""
        assert isinstance(argument, SeriesOrder)
        if argument.models != self._specs:
            raise ModelError("a worker has other further models", found=", ".join(m.id for m in self._specs))
        self._check_bytes(argument)
        # As in `ichviewer.services.analysis_process`, results name it also where nothing had to be analyzed.
        name = self._open_engine().name
        findings, _ = self._annotate(argument.series, asker)
        self._check_bytes(argument)
        return findings, name

    def _check_bytes(self, order: SeriesOrder) -> None:
        try:
            same = self._keys.key(order.series, "") == order.key
        except ReadError as error:
            raise ReadError(
                "a worker cannot read the images", error.where, f"{error.found}{_here()}"
            ) from error
        if not same:
            folder = str(order.series.slices[0].source.path.parent) if len(order.series) else ""
            raise ReadError("a worker finds other images under these names", folder, f"others{_here()}")

    def _annotate(self, series: Series, asker: Asker) -> tuple[SeriesFindings, str | None]:
        found, engine = annotate_catalog(
            catalog_of(series),
            lambda one: TwoPassPixels(one, self._decoder.read_slice),
            self._open_engine,
            self._card,
            progress=asker.progress,
            cancel=asker.cancel,
        )
        asker.cancel.check()
        return found[series.key], engine

    def _open_engine(self) -> Engine:
        if self._engine is None:
            try:
                self._engine = open_engine(self._card, self._order.engine, at_once=self._order.at_once)
            except EngineError as error:
                # Of no series: none can be analyzed.
                raise ModelError(error.what, error.where, error.found) from error
            self._stack.callback(self._engine.close)
        return _Kept(self._engine)


class _Kept:
    """An engine for one series that stays open for the next."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.batch_size = engine.batch_size
        self.at_once = engine.at_once
        self.run: Callable[..., Outputs] = engine.run

    def close(self) -> None:
        """Leave it open."""


def _here() -> str:
    return f", on {socket.gethostname()}"
