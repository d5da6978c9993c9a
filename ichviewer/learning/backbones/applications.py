"""The networks of keras.applications as backbones: any of them by name, flat, from grey pictures of any size.

A network is built once as Keras ships it, and its layers are then called anew on our inputs. On the way the scaling
it was trained with is put in front as a plain layer, nested parts are spread out, and layers that Keras numbered as
they came get a name that is the same in every process, so that saved weights find them again.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import LearningError

COLORS = 3
"""Channels of the pictures that networks are pretrained on."""
_PROBE_PX = 224
"""Size that the strides are told at."""

_STD, _MEAN = (0.229, 0.224, 0.225), (0.485, 0.456, 0.406)
# x * scale + offset, for each channel in turn or for all. The channels are slices and not colors, so those of "caffe"
# are simply taken to be in its order: blue, green, red.
_SCALINGS: dict[str, tuple[Any, Any]] = {
    "tf": (1 / 127.5, -1.0),
    "128": (1 / 128, -1.0),
    "caffe": (1.0, [-103.939, -116.779, -123.68]),
    "torch": ([1 / (255 * s) for s in _STD], [-m / s for m, s in zip(_MEAN, _STD, strict=True)]),
}


@dataclass(frozen=True)
class Family:
    """What networks have in common whose names begin alike.

    Parameters
    ----------
    begins : str
        How their names begin, as `names` gives them.
    scaling : str
        Of the input, as they were trained: ``tf``, ``128``, ``caffe`` or ``torch``.
    scales_itself : bool
        Whether Keras has to be told to leave the scaling to us.
    loses_rim : bool
        Whether convolutions without padding leave maps of no exact stride; they are padded then.
    """

    begins: str
    scaling: str
    scales_itself: bool = False
    loses_rim: bool = False


# The first that fits counts.
_FAMILIES = (
    Family("resnet50v2", "tf"),
    Family("resnet101v2", "tf"),
    Family("resnet152v2", "tf"),
    Family("resnet", "caffe"),
    Family("vgg", "caffe"),
    Family("densenet", "torch"),
    Family("convnext", "torch", scales_itself=True),
    Family("efficientnetv2b", "torch", scales_itself=True),
    Family("efficientnetv2", "128", scales_itself=True),
    Family("efficientnetb", "torch"),
    Family("mobilenetv3", "tf", scales_itself=True),
    Family("mobilenet", "tf"),
    Family("inception", "tf", loses_rim=True),
    Family("xception", "tf", loses_rim=True),
    Family("nasnet", "tf", loses_rim=True),
)

_BLOCK = re.compile(
    r"conv\d+_block\d+|stage_\d+_block_\d+|block_?\d+[a-z]?(?=_)|expanded_conv(_\d+)?(?=_)|conv_[dp]w_(?P<n>\d+)"
)
"""What the names of the layers of one block share; in MobileNet two layers with one number are a block."""


@functools.cache
def names() -> tuple[str, ...]:
    """Names of the networks of keras.applications, in small letters and digits."""
    return tuple(sorted(_builders()))


def taps(name: str, inputs: Any) -> tuple[Any, Any, Any]:
    """Feature maps of grey pictures at strides 8, 16 and 32.

    Of the maps of one stride the last is taken in which branches meet, as it sums up what came before; the very last
    where there are no branches.

    Parameters
    ----------
    name : str
        One of `names`.
    inputs : KerasTensor, shape (n, rows, columns, channels), float32
        Grey levels 0..255; rows and columns multiples of 32, or None.

    Returns
    -------
    tuple of three KerasTensor
    """
    from keras import layers, models  # noqa: PLC0415

    family = _family(name)
    base = _built(name, None)
    own_names = {id(layer): own for own, layer in _named_layers(base)}
    scale, offset = _SCALINGS[family.scaling]
    scaled = layers.Rescaling(
        *(_for_each(part, inputs.shape[-1]) for part in (scale, offset)), name="grey_to_unit"
    )(inputs)
    maps: dict[str, Any] = {}

    def renew(layer: Any) -> Any:
        # Nested parts are taken apart where they are called; a sum outside of any layer has nothing to renew.
        if id(layer) not in own_names:
            return layer
        config = layer.get_config() | {"name": own_names[id(layer)]}
        if family.loses_rim and config.get("padding") == "valid":
            config["padding"] = "same"
        return type(layer).from_config(config)

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        first = scaled if args[0] is inputs else args[0]
        if isinstance(layer, layers.Rescaling | layers.Normalization):
            return first
        if isinstance(layer, models.Sequential):
            for inner in layer.layers:
                first = call(renew(inner), first)
            return first
        maps[layer.name] = result = layer(first, *args[1:], **kwargs)
        return result

    models.clone_model(base, input_tensors=inputs, clone_function=renew, call_function=call)
    # Not the output of the clone: where the inputs are no `keras.Input`, that is one of a copy of the graph.
    return maps[_last_map(base, own_names, 8)], maps[_last_map(base, own_names, 16)], list(maps.values())[-1]


def layer_names(name: str) -> tuple[str, ...]:
    """Names of all layers with weights, as `taps` names them."""
    return _layer_names(name)


def early_layers(name: str, blocks: int) -> tuple[str, ...]:
    """Names of the layers with weights before and in so many first blocks, as far as their names tell blocks.

    In the Inception and NASNet families, whose layers are merely numbered, three layers with weights count as a
    block.
    """
    seen: dict[str, None] = {}
    early = []
    for number, layer in enumerate(_layer_names(name)):
        match = _BLOCK.search(layer)
        if match:
            seen.setdefault(match["n"] or match[0])
        elif not any(map(_BLOCK.search, _layer_names(name))):
            seen.setdefault(str(number // 3))
        if len(seen) > blocks:
            break
        early.append(layer)
    return tuple(early)


def pretrained(name: str, weights: str) -> dict[str, list[NDArray[Any]]]:
    """Weights of each layer, as `taps` names them.

    Parameters
    ----------
    name : str
        One of `names`.
    weights : str
        ``imagenet``, or a file that Keras reads into the network without its top.

    Raises
    ------
    LearningError
        If the download failed.
    ValueError, OSError
        If the file does not fit.
    """
    if weights == "imagenet":
        try:
            base = _built(name, weights)
        except Exception as error:  # Keras raises nothing more special when a download fails
            if type(error) is not Exception:
                raise
            raise LearningError("the ImageNet weights could not be downloaded", name, str(error)) from error
    else:
        base = _built(name, None)
        base.load_weights(weights)
    return {own: layer.get_weights() for own, layer in _weighted(base)}


def named_weights(model: Any) -> dict[str, list[NDArray[Any]]]:
    """Weights of the layers of any saved network, under the names that `taps` would give them."""
    return {own: layer.get_weights() for own, layer in _weighted(model)}


def _for_each(values: Any, channels: int) -> Any:
    """Values of three channels for more, in turn; one for all stays."""
    return values if np.isscalar(values) else [values[i % COLORS] for i in range(channels)]


@functools.cache
def _builders() -> dict[str, Any]:
    from keras import applications  # noqa: PLC0415

    found = {name.lower(): getattr(applications, name) for name in dir(applications) if name[0].isupper()}
    return {name: build for name, build in found.items() if any(name.startswith(f.begins) for f in _FAMILIES)}


def _family(name: str) -> Family:
    return next(family for family in _FAMILIES if name.startswith(family.begins))


def _built(name: str, weights: str | None) -> Any:
    """The network without its top, as Keras ships it."""
    own_scaling = {"include_preprocessing": False} if _family(name).scales_itself else {}
    return _builders()[name](
        include_top=False, weights=weights, input_shape=(_PROBE_PX, _PROBE_PX, COLORS), **own_scaling
    )


def _named_layers(base: Any) -> list[tuple[str, Any]]:
    """All layers, those inside of others too, with names that do not depend on what else was built before."""
    from keras import layers, models  # noqa: PLC0415

    def flat(model: Any) -> list[Any]:
        found = []
        for layer in model.layers:
            if isinstance(layer, models.Model):
                found += flat(layer)
            elif not isinstance(layer, layers.InputLayer):
                found.append(layer)
        return found

    numbers: Counter[str] = Counter()
    named = []
    for layer in flat(base):
        kind = re.sub(r"_\d+$", "", layer.name)
        own = layer.name
        if kind.replace("_", "") == type(layer).__name__.lower():
            own = f"{kind}_{numbers[kind]:03d}"
            numbers[kind] += 1
        named.append((own, layer))
    return named


def _weighted(model: Any) -> list[tuple[str, Any]]:
    """Layers with weights, without the scaling that we replace."""
    from keras import layers  # noqa: PLC0415

    return [
        (own, layer)
        for own, layer in _named_layers(model)
        if layer.weights and not isinstance(layer, layers.Normalization)
    ]


@functools.cache
def _layer_names(name: str) -> tuple[str, ...]:
    return tuple(own for own, _ in _weighted(_built(name, None)))


def _last_map(base: Any, own_names: dict[int, str], stride: int) -> str:
    """Own name of the layer that makes the map to take at a stride."""
    from keras import layers  # noqa: PLC0415

    at_stride = [
        layer
        for layer in base.layers
        if id(layer) in own_names
        and not isinstance(layer, layers.ZeroPadding2D)
        and len(shape := layer.output.shape) == 4
        and round(math.log2(_PROBE_PX / shape[1])) == math.log2(stride)
    ]
    meeting = [
        layer
        for layer in at_stride
        if isinstance(layer.input, list) and not isinstance(layer, layers.Multiply)
    ]
    last = (meeting or at_stride)[-1]
    # A sum is taken after its ReLU, if that comes right behind.
    for layer in at_stride:
        if isinstance(layer, layers.Activation | layers.ReLU) and layer.input is last.output:
            last = layer
    return own_names[id(last)]
