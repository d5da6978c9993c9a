"""Runs the `.keras` file itself with TensorFlow: the reference, and the engine for models a person brings along."""

from __future__ import annotations

import logging
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.chatter import without_chatter
from ichviewer.inference.engine import check_inputs, checked_logits, padded_batches
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

    def __init__(self, card: ModelCard) -> None:
        verify_file(card.keras_file, card.keras_sha256)
        self._size_px = card.preprocessing.size_px
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
        size = self._size_px
        if tuple(model.input_shape) != (None, size, size, 3) or tuple(model.output_shape) != (None, 6):
            raise ModelError(
                f"the network must take (n, {size}, {size}, 3) and give (n, 6)",
                str(card.keras_file),
                f"{model.input_shape} and {model.output_shape}",
            )
        signature = [tf.TensorSpec((BATCH, size, size, 3), tf.float32)]
        self._tf = tf
        self._run: Any = tf.function(lambda x: model(x, training=False), input_signature=signature)

    def logits(self, inputs: NDArray[np.uint8]) -> NDArray[np.float64]:
        """See `ichviewer.inference.engine.Engine.logits`."""
        check_inputs(inputs, self._size_px)
        run = self._run
        if run is None:
            raise EngineError("the engine has been closed")
        parts = []
        for batch, real in padded_batches(inputs, BATCH):
            try:
                outputs = run(self._tf.constant(batch)).numpy()
            except self._tf.errors.OpError as error:
                raise EngineError("the model could not be run", found=str(error)[:300]) from error
            parts.append(checked_logits(outputs, BATCH)[:real])
        return np.concatenate(parts) if parts else checked_logits(np.zeros((0, 6)), 0)

    def close(self) -> None:
        """Free the model."""
        self._run = None


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
