"""Runs the `.keras` file itself with TensorFlow: the reference, and the engine for models a person brings along."""

from __future__ import annotations

import logging
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.chatter import without_chatter
from ichviewer.inference.engine import LOGITS, REGIONS, Outputs, run_in_batches
from ichviewer.inference.litert import available_cpus
from ichviewer.inference.model_card import ModelCard, verify_file

log = logging.getLogger("ichviewer.inference")

BATCH = 4
"""Fixed, so that TensorFlow traces the network once; small, so that results stream."""


class KerasEngine:
    """`ichviewer.inference.engine.Engine` on Keras and TensorFlow.

    Calls a `tf.function` of one fixed shape: `predict` in a loop leaks, and XLA is many times slower on a CPU for
    networks with depthwise convolutions.

    Raises
    ------
    ModelError
        If the file is missing, damaged, or does not take and give what the metadata says.
    EngineError
        If TensorFlow is not installed.
    """

    name = "keras"
    batch_size = BATCH
    at_once = 1

    def __init__(self, card: ModelCard) -> None:
        verify_file(card.keras_file, card.keras_sha256)
        self._card = card
        tf, keras = _import_quietly()
        try:
            # safe_mode refuses layers that carry code: a model file must not be able to run any.
            model = keras.saving.load_model(card.keras_file, compile=False, safe_mode=True)
        except (ValueError, TypeError, OSError, KeyError, ImportError) as error:
            raise ModelError(
                f"this file cannot be loaded with Keras {keras.__version__}",
                str(card.keras_file),
                str(error)[:300],
            ) from error
        if tuple(model.input_shape) != (None, *card.input_shape):
            raise ModelError(
                f"the network must take {('n', *card.input_shape)}",
                str(card.keras_file),
                str(model.input_shape),
            )
        _check_outputs(model, card)
        signature = [tf.TensorSpec((BATCH, *card.input_shape), tf.float32)]
        self._tf = tf
        self._call: Any = tf.function(lambda x: _by_name(model(x, training=False)), input_signature=signature)

    def run(self, inputs: NDArray[np.uint8]) -> Outputs:
        """See `ichviewer.inference.engine.Engine.run`."""
        if self._call is None:
            raise EngineError("the engine has been closed")
        return run_in_batches(self._card, inputs, BATCH, self._run_batch)

    def _run_batch(self, batch: NDArray[np.uint8]) -> tuple[NDArray[np.generic], NDArray[np.generic] | None]:
        try:
            outputs = self._call(self._tf.constant(batch.astype(np.float32)))
        except self._tf.errors.OpError as error:
            raise EngineError("the model could not be run", found=str(error)[:300]) from error
        return outputs[LOGITS].numpy(), outputs[REGIONS].numpy() if REGIONS in outputs else None

    def close(self) -> None:
        """Free the model."""
        self._call = None


def _by_name(outputs: Any) -> dict[str, Any]:
    """Outputs of a network by name; the only one of a network with one is the logits."""
    return outputs if isinstance(outputs, dict) else {LOGITS: outputs}


def _check_outputs(model: Any, card: ModelCard) -> None:
    """Refuse a network that does not give what the metadata says."""
    expected: dict[str, tuple[int, ...]] = {LOGITS: (len(card.outputs),)}
    if card.region_shape is not None:
        expected[REGIONS] = card.region_shape
    found = {name: tuple(output.shape) for name, output in _by_name(model.output).items()}
    for name, shape in expected.items():
        if found.get(name) != (None, *shape):
            raise ModelError(
                f"the network must give {name} of shape {('n', *shape)}", str(card.keras_file), str(found)
            )


def _import_quietly() -> tuple[Any, Any]:
    """TensorFlow and Keras, without their start-up messages, on the CPU's threads."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        with without_chatter():
            import keras  # noqa: PLC0415 - takes seconds, and need not be installed
            import tensorflow as tf  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(
            "the keras engine is not installed; install it with: pip install 'ichviewer[keras]'",
            found=str(error),
        ) from error
    if keras.backend.backend() != "tensorflow":
        raise EngineError("Keras was already started on another backend", found=str(keras.backend.backend()))
    tf.get_logger().setLevel(logging.ERROR)
    try:
        tf.config.threading.set_intra_op_parallelism_threads(available_cpus())
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        # TensorFlow was already running in this process (a test, a training run): its threads stay as they are.
        log.debug("TensorFlow's threads were set before")
    return tf, keras
