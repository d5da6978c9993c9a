"""Further models: whatever measures a whole series can be added beside the bundled model.

A model is added with `register`, or by a package that is installed beside the program and names it under the entry
point group ``ichviewer.models``. Further models run in the process that analyzes, after the bundled model; an error
of theirs costs their own values, while one that ends the process costs the series as a crash of an engine does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ichviewer.domain.model_result import Value
from ichviewer.domain.model_spec import HEMORRHAGE_ID, ModelSpec
from ichviewer.progress import CancelToken, Progress

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from ichviewer.services.series_slices import SeriesSlices


log = logging.getLogger("ichviewer.services")

GROUP = "ichviewer.models"
"""Entry points of this group name a function (or class) without arguments that returns a `SeriesModel`."""


@runtime_checkable
class SeriesModel(Protocol):
    """Measures a series.

    One added by `register` is sent to the process that analyzes, so it must be picklable and importable by name.
    """

    @property
    def spec(self) -> ModelSpec:
        """Its name and outputs."""

    def measure(self, slices: SeriesSlices, cancel: CancelToken, progress: Progress) -> Mapping[str, Value]:
        """Measure a series of which at least one slice was analyzed.

        Parameters
        ----------
        slices : SeriesSlices
            Decoded when asked for. An error of a slice that is let through leaves all outputs without values.
        cancel : CancelToken
            To be checked at every step, as ``progress`` does.
        progress : Progress

        Returns
        -------
        mapping of str to Value
            By name of the output: a float for one about the series, a tuple with an entry for every slice for one
            about slices, `ichviewer.domain.model_result.NotMeasured` where there is no value. An output that is
            missing was not measured.
        """


_added: dict[str, SeriesModel] = {}


def register(model: SeriesModel) -> None:
    """Add a model for the rest of the program's run.

    Raises
    ------
    ValueError
        If a model of this id is there already, or it is the bundled model's.
    """
    _check(model)
    if model.spec.id in _added:
        raise ValueError(f"each model is registered once. Received: {model.spec.id} again")
    _added[model.spec.id] = model


@contextmanager
def registered(model: SeriesModel) -> Iterator[SeriesModel]:
    """Add a model for the time of a ``with`` block."""
    register(model)
    try:
        yield model
    finally:
        del _added[model.spec.id]


def added_models() -> tuple[SeriesModel, ...]:
    """The models that were added by `register`."""
    return tuple(_added.values())


def registered_models() -> tuple[SeriesModel, ...]:
    """All further models: those that were added, then those of installed packages; no two of one id."""
    models = dict(_added)
    for model in _installed():
        if model.spec.id in models:
            log.warning("two models have the id %s; the later one is not used", model.spec.id)
        models.setdefault(model.spec.id, model)
    return tuple(models.values())


def _check(model: object) -> None:
    if not isinstance(model, SeriesModel) or not isinstance(model.spec, ModelSpec):
        raise ValueError(f"a model has a spec and can measure. Received: {type(model).__name__}")
    if model.spec.id == HEMORRHAGE_ID:
        raise ValueError(f"the id of the bundled model is taken. Received: {HEMORRHAGE_ID}")


@cache
def _installed() -> tuple[SeriesModel, ...]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - what only hands work over needs none

    found = (_load(point) for point in entry_points(group=GROUP))
    return tuple(model for model in found if model is not None)


def _load(point: EntryPoint) -> SeriesModel | None:
    try:
        model: SeriesModel = point.load()()
        _check(model)
    except (Exception, SystemExit) as error:
        # Without its text and traceback, which may hold names of files.
        log.warning("the model %s cannot be loaded (%s) and is not used", point.name, type(error).__name__)
        log.debug("details", exc_info=True)
        return None
    return model
