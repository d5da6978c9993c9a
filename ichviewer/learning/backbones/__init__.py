"""Networks that turn a picture into features, by name, with weights from a file or a package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ichviewer.errors import LearningError
from ichviewer.learning.backbones import efficientnet_lite

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class Taps:
    """Feature maps of a backbone, each tensor of shape (n, rows / stride, columns / stride, channels).

    Parameters
    ----------
    stride8, stride16 : KerasTensor
        Maps on the way, for the decoder.
    deep : KerasTensor
        The last features, at stride 32.
    """

    stride8: Any
    stride16: Any
    deep: Any


def build(name: str, inputs: Any) -> Taps:
    """Feature maps of grey pictures 0..255, shape (n, rows, columns, 3), by the named backbone."""
    if name != "efficientnet-lite0":
        raise LearningError("there is no backbone of this name", name)
    return Taps(*efficientnet_lite.taps(inputs))


def load_weights(model: keras.Model, name: str, weights: str) -> None:
    """Put pretrained weights into a model built on `build`.

    Parameters
    ----------
    model : keras.Model
    name : str
        The backbone.
    weights : str
        ``imagenet``, ``random``, or the path of a file.
    """
    if weights == "random":
        return
    efficientnet_lite.load_imagenet(model, None if weights == "imagenet" else Path(weights))


def early_layers(name: str, blocks: int) -> tuple[str, ...]:
    """Names of the layers with weights in the stem and the first blocks of a backbone."""
    names = []
    for layer in efficientnet_lite.weight_names():
        if layer == "stem" or (layer.startswith("block") and int(layer[5:7]) < blocks):
            names += [layer, f"{layer}_bn"]
    return tuple(names) if blocks else ()
