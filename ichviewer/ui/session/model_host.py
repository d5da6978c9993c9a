"""The model in use: its card, its engine, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.errors import IchViewerError
from ichviewer.ui.session.backend import Analyser, Backend
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard

ANALYSIS_LANE = "analysis"
"""The analyser is opened and used on this thread only."""


@dataclass(frozen=True)
class Model:
    """A model that is ready to run."""

    card: ModelCard
    analyser: Analyser


class ModelHost(QObject):
    """Opens a model on the analysis thread and holds it.

    Signals
    -------
    cardRead(ModelCard)
        The thresholds and facts of the model are known; its engine is still starting.
    ready(Model)
        The model can be run.
    failed(IchViewerError)
        It cannot; `failure` says why.
    pointChanged()
        The thresholds in use are others, or there are none until the next card is read.
    """

    cardRead = Signal(object)
    ready = Signal(object)
    failed = Signal(object)
    pointChanged = Signal()

    def __init__(
        self, workers: Workers, backend: Backend, engine: str = "auto", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workers = workers
        self._backend = backend
        self._kind = engine
        self._task: Task | None = None
        self._analyser: Analyser | None = None
        self.source: Path | None = None
        self.card: ModelCard | None = None
        self.model: Model | None = None
        self.failure: IchViewerError | None = None
        self._point = ""

    @property
    def loading(self) -> bool:
        """Whether it is still being opened."""
        return self.model is None and self.failure is None

    @property
    def point(self) -> OperatingPoint | None:
        """The thresholds in use, None before the card is read."""
        if self.card is None:
            return None
        return self.card.operating_points.get(
            self._point, self.card.operating_points[self.card.default_point]
        )

    @property
    def series_rule(self) -> SeriesRule | None:
        """How the model answers for a whole series; None where it has no rule, and before the card is read."""
        return None if self.card is None else self.card.series_rule

    def choose_point(self, name: str) -> None:
        """Use the operating point of this name where the model has it, else the model's default."""
        self._point = name
        self.pointChanged.emit()

    def open(self, source: Path | None) -> None:
        """Open a model (its folder or `.keras` file), or the bundled one for None; the one in use is closed."""
        if self._task is not None:
            self._task.drop()
        old, self._analyser = self._analyser, None
        self.source, self.card, self.model, self.failure = source, None, None, None
        self.pointChanged.emit()
        self._task = self._workers.run(
            lambda context: self._open(context, source, old),
            on_item=self._card_read,
            on_result=self._opened,
            on_error=self._not_opened,
            lane=ANALYSIS_LANE,
        )

    def close(self) -> None:
        """Stop the engine; call when the analysis thread has ended or is ending."""
        if self._task is not None:
            self._task.drop()
        if self._analyser is not None:
            self._analyser.close()
            self._analyser = None

    def _open(self, context: TaskContext, source: Path | None, old: Analyser | None) -> Model:
        if old is not None:
            old.close()
        card = self._backend.load_card(source or self._backend.model_folder())
        context.item(card)
        # A .keras that somebody brought need not be what its LiteRT sibling was made from.
        analyser = self._backend.open_analyser(
            card, self._kind if source is None else "keras", cancel=context.cancel
        )
        if context.cancel.cancelled:
            analyser.close()
            context.cancel.check()
        self._analyser = analyser
        return Model(card, analyser)

    def _card_read(self, card: ModelCard) -> None:
        self.card = card
        self.cardRead.emit(card)

    def _opened(self, model: Model) -> None:
        self.model = model
        self.ready.emit(model)

    def _not_opened(self, error: BaseException) -> None:
        if not isinstance(error, IchViewerError):
            self._workers.report_bug(error)
            error = IchViewerError("the model could not be opened", found=f"{type(error).__name__}: {error}")
        self.failure = error
        self.failed.emit(error)
