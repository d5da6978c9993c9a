"""What the machine has to train on, and how Keras is told."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ichviewer.learning.batches import Batch
log = logging.getLogger(__name__)


def has_gpu() -> bool:
    """Whether Keras' backend sees an accelerator."""
    import keras  # noqa: PLC0415

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf  # noqa: PLC0415

        return bool(tf.config.list_physical_devices("GPU"))
    if keras.backend.backend() == "torch":
        import torch  # noqa: PLC0415

        return bool(torch.cuda.is_available())
    # JAX asked for a kind of device that it has none of raises an error.
    return any(not name.startswith("cpu") for name in keras.distribution.list_devices())


def machine() -> str:
    """What this machine is, for the card of a model trained on it."""
    import keras  # noqa: PLC0415

    parts = [platform.system(), platform.machine(), f"{os.cpu_count()} CPU cores"]
    backend = keras.backend.backend()
    if has_gpu():
        parts.append(_gpu_name(backend))
    return ", ".join(parts) + f" (Keras on {backend})"


def _gpu_name(backend: str) -> str:
    if backend == "torch":
        import torch  # noqa: PLC0415

        return str(torch.cuda.get_device_name(0))
    if backend == "jax":
        import jax  # noqa: PLC0415

        return str(jax.devices()[0].device_kind)
    import tensorflow as tf  # noqa: PLC0415

    device = tf.config.list_physical_devices("GPU")[0]
    return str(tf.config.experimental.get_device_details(device).get("device_name", "GPU"))


def prepare(precision: str) -> None:
    """Set Keras up for the machine.

    Several devices share each batch (data parallel) where the backend can do that, which is JAX: set
    ``KERAS_BACKEND=jax``. Mixed precision is for GPUs; on a CPU it is slower than float32.

    Parameters
    ----------
    precision : str
        ``float32``, ``bfloat16``, or ``auto``.
    """
    import keras  # noqa: PLC0415

    gpu = has_gpu()
    mixed = precision == "bfloat16" or (precision == "auto" and gpu)
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    if keras.backend.backend() == "jax":
        devices = keras.distribution.list_devices()
        if len(devices) > 1:
            keras.distribution.set_distribution(keras.distribution.DataParallel(devices=devices))
            log.info("training on %d devices", len(devices))


def compile_well() -> bool:
    """Whether compiling pays: with XLA on a GPU; on a CPU it makes depthwise convolutions ten times slower."""
    import keras  # noqa: PLC0415

    # JAX without compiling would run operation by operation; PyTorch takes longer to compile than to train.
    return keras.backend.backend() == "jax" or (keras.backend.backend() == "tensorflow" and has_gpu())


def settle(model: Any) -> None:
    """Have the variables of a model say where it stands amid ``fit``: JAX keeps them elsewhere till its end."""
    import keras  # noqa: PLC0415

    if keras.backend.backend() == "jax":
        model.jax_state_sync()


def feed(batches: Iterator[Batch]) -> Any:
    """Batches as Keras' ``fit`` takes them best.

    TensorFlow traces a step anew for each shape; told that rows and columns vary, it does so once.
    """
    import keras  # noqa: PLC0415

    if keras.backend.backend() != "tensorflow":
        return batches
    import tensorflow as tf  # noqa: PLC0415

    x, y = first = next(batches)

    def varying(array: NDArray[np.float32]) -> Any:
        shape = (array.shape[0], *(None,) * (array.ndim - 2), array.shape[-1])
        return tf.TensorSpec(shape if array.ndim > 2 else array.shape, tf.float32)

    spec = (varying(x), {name: varying(array) for name, array in y.items()})
    return tf.data.Dataset.from_generator(lambda: chain([first], batches), output_signature=spec)
