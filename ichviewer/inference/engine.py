"""What runs the model: one Protocol, several engines behind it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.model_card import ModelCard, sha256_of

log = logging.getLogger("ichviewer.inference")

KINDS = ("auto", "litert", "keras")

LOGITS = "logits"
REGIONS = "regions"
"""What a network with several outputs calls them."""


@dataclass(frozen=True, eq=False)
class Outputs:
    """What the model says of some inputs.

    Parameters
    ----------
    logits : ndarray of float64, shape (n, 6)
        In the order of `ichviewer.domain.labels.LABELS`.
    regions : ndarray of float32, shape (n, rows, columns, 5), or None
        Logits of blood at each place, in the order of `ichviewer.domain.labels.TYPES`; None if the model has no maps.
    """

    logits: NDArray[np.float64]
    regions: NDArray[np.float32] | None = None


class Engine(Protocol):
    """Runs the model, on several threads at once where it can."""

    @property
    def name(self) -> str:
        """``litert`` or ``keras``."""

    @property
    def batch_size(self) -> int:
        """How many inputs it runs together; any number may be given, this one wastes nothing."""

    @property
    def at_once(self) -> int:
        """How many threads may run it at the same time; from more than these it takes turns, or fails."""

    def run(self, inputs: NDArray[np.uint8]) -> Outputs:
        """Run the model.

        Parameters
        ----------
        inputs : ndarray of uint8, shape (n, size, size, channels)
            Grey levels as `ichviewer.inference.preprocess` makes them.

        Returns
        -------
        Outputs
            With maps exactly if the model's metadata has settings for them.

        Raises
        ------
        EngineError
            If the model cannot be run or gives what no model should: another shape, NaN, infinity.
        """

    def close(self) -> None:
        """Free what it holds. May be called twice."""


def open_engine(card: ModelCard, kind: str = "auto", *, at_once: int | None = None) -> Engine:
    """Open an engine for a model, in this process.

    A window does so in another one (`ichviewer.services.analysis_process`): importing TensorFlow holds the
    interpreter lock for seconds, and LiteRT holds it while it prepares the model, 10 to 17 ms of work that took 40
    to 60 ms on a busy machine with two cores.

    Parameters
    ----------
    card : ModelCard
    kind : str
        ``litert``, ``keras``, or ``auto``: LiteRT where its file was made from the model's very `.keras`, else
        Keras.
    at_once : int, optional
        How many slices LiteRT runs at the same time, where several engines share the cores.

    Raises
    ------
    ModelError
        If a file of the model is missing or is not the one its metadata was written for.
    EngineError
        If the engine is not installed or cannot be started.
    """
    if kind not in KINDS:
        raise EngineError(f"there is no engine {kind!r}; there are {', '.join(KINDS)}")
    chosen = choose(card) if kind == "auto" else kind
    if chosen == "litert":
        from ichviewer.inference.litert import LiteRtEngine  # noqa: PLC0415 - both need this module

        return LiteRtEngine(card, at_once)
    from ichviewer.inference.keras_engine import KerasEngine  # noqa: PLC0415

    return KerasEngine(card)


def choose(card: ModelCard) -> str:
    """What ``auto`` takes: LiteRT if its file belongs to the `.keras` file, else Keras.

    The hash on record must match; where the `.keras` file itself is there (a packaged program may come without),
    so must its real hash, which takes about 10 ms for 16 MB.

    Raises
    ------
    ModelError
        If neither can run: there is no fitting LiteRT file, and the `.keras` file or TensorFlow is missing.
    """
    doubt = _doubt_litert(card)
    if doubt is None:
        return "litert"
    log.info("auto takes the keras engine: %s", doubt)
    if not card.keras_file.is_file():
        raise ModelError(
            f"the model cannot run: {doubt}, and {card.keras_file.name} is missing", str(card.folder)
        )
    if not keras_installed():
        raise EngineError(
            f"this model needs the keras engine ({doubt}), which is not installed; "
            "install it with: pip install 'ichviewer[keras]'",
            str(card.folder),
        )
    return "keras"


def _doubt_litert(card: ModelCard) -> str | None:
    """Why the LiteRT file must not stand in for the `.keras` file, or None if it may."""
    if card.litert_sha256 is None or not card.litert_file.is_file():
        return f"there is no {card.litert_file.name}"
    if card.litert_exported_from != card.keras_sha256:
        return f"{card.litert_file.name} was made from another model"
    if card.keras_file.is_file() and sha256_of(card.keras_file) != card.keras_sha256:
        return f"{card.keras_file.name} has changed since {card.litert_file.name} was made from it"
    return None


def keras_installed() -> bool:
    """Whether the keras engine could be imported; does not import it."""
    return find_spec("keras") is not None and find_spec("tensorflow") is not None


def checked_outputs(
    card: ModelCard, logits: NDArray[np.generic], regions: NDArray[np.generic] | None, n: int
) -> Outputs:
    """Outputs of a network for n inputs.

    Raises
    ------
    EngineError
        If they have another shape than the model's metadata says, or hold NaN or infinity.
    """
    wanted = len(card.outputs)
    if logits.shape != (n, wanted):
        raise EngineError(
            f"the model must give {wanted} numbers a slice", found=f"shape {logits.shape} for {n}"
        )
    _check_finite(logits)
    values = logits.astype(np.float64)
    if card.region_shape is None:
        return Outputs(values)
    if regions is None or regions.shape != (n, *card.region_shape):
        raise EngineError(
            f"the model must give maps of shape {card.region_shape}",
            found="none" if regions is None else f"shape {regions.shape} for {n}",
        )
    _check_finite(regions)
    return Outputs(values, regions.astype(np.float32))


def _check_finite(values: NDArray[Any]) -> None:
    if not np.all(np.isfinite(values)):
        raise EngineError(
            "the model gave a value that is no number", found=str(values[~np.isfinite(values)][0])
        )


def joined(card: ModelCard, parts: Sequence[Outputs]) -> Outputs:
    """Outputs of several batches as one; none give outputs for no inputs."""
    logits = np.concatenate([np.zeros((0, len(card.outputs))), *(part.logits for part in parts)])
    if card.region_shape is None:
        return Outputs(logits)
    maps = [part.regions for part in parts if part.regions is not None]
    return Outputs(logits, np.concatenate([np.zeros((0, *card.region_shape), np.float32), *maps]))


def run_in_batches(
    card: ModelCard,
    inputs: NDArray[np.uint8],
    size: int,
    run: Callable[[NDArray[np.uint8]], tuple[NDArray[np.generic], NDArray[np.generic] | None]],
) -> Outputs:
    """Run a network that takes batches of one size on any number of inputs.

    Parameters
    ----------
    card : ModelCard
        Tells the shapes of inputs and outputs.
    inputs : ndarray of uint8, shape (n, size, size, channels)
    size : int
        Inputs in a batch.
    run : function
        From a batch to logits and region logits.

    Raises
    ------
    EngineError
        See `checked_outputs`.
    """
    check_inputs(inputs, card.input_shape)
    parts = []
    for batch, real in padded_batches(inputs, size):
        whole = checked_outputs(card, *run(batch), size)
        parts.append(Outputs(whole.logits[:real], None if whole.regions is None else whole.regions[:real]))
    return joined(card, parts)


def padded_batches(inputs: NDArray[np.uint8], size: int) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Cut inputs into batches of one fixed size; the last is padded with zeros.

    Yields
    ------
    tuple of (ndarray of uint8, shape (size, ...); int)
        Each batch, and how many of its rows are real.
    """
    for start in range(0, len(inputs), size):
        part = inputs[start : start + size]
        real = len(part)
        if real < size:
            part = np.concatenate([part, np.zeros((size - real, *inputs.shape[1:]), np.uint8)])
        yield part, real


def check_inputs(inputs: NDArray[np.uint8], shape: tuple[int, int, int]) -> None:
    """Raise ValueError unless inputs are uint8 and each of them has this shape."""
    if inputs.dtype != np.uint8 or inputs.ndim != 4 or inputs.shape[1:] != shape:
        raise ValueError(
            f"needs uint8 inputs of shape {('n', *shape)}. Received: {inputs.dtype}, {inputs.shape}"
        )
