"""Networks that turn a picture into features, by name, with weights from a package, a download or a file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import LearningError
from ichviewer.learning.backbones import applications, efficientnet_lite
from ichviewer.learning.backbones.applications import COLORS

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


def names() -> tuple[str, ...]:
    """Names of all backbones: EfficientNet-Lite0, 1, 2, and the networks of keras.applications."""
    return (*efficientnet_lite.VARIANTS, *applications.names())


def build(name: str, inputs: Any) -> Taps:
    """Feature maps of grey pictures 0..255, shape (n, rows, columns, channels), by the named backbone.

    Every backbone scales the grey levels on its own, and all its layers lie at the top level of the model. Backbones
    are trained on three channels; fewer are repeated, and of more each is treated as one of the three in
    turn (see `load_weights`).

    Parameters
    ----------
    name : str
        One of `names`; capitals, hyphens and underscores make no difference.
    inputs : KerasTensor
        What `keras.Input` gives; rows and columns multiples of 32, or None.

    Raises
    ------
    LearningError
        If there is no such backbone.
    """
    name = _known(name)
    inputs = _at_least_three(inputs)
    if name in efficientnet_lite.VARIANTS:
        return Taps(*efficientnet_lite.taps(inputs, name))
    return Taps(*applications.taps(name, inputs))


def load_weights(model: keras.Model, name: str, weights: str) -> None:
    """Put pretrained weights into a model built on `build`.

    Weights of three channels also fit a network of more: its channels take those of the three in turn, divided by how
    many take the same, so that it answers equal channels as the network of three does.

    Parameters
    ----------
    model : keras.Model
    name : str
        The backbone.
    weights : str
        ``imagenet``; ``random``, which leaves the model as it is; or a file: a ``.keras`` of any network on this
        backbone, a ``.weights.h5`` or ``.h5`` of the backbone without its top or of this very model, or for
        EfficientNet-Lite a ``.pth``.

    Raises
    ------
    LearningError
        If there is no such backbone or file, it is not of this backbone, or a download failed.
    """
    name = _known(name)
    if weights == "random":
        return
    lite = name in efficientnet_lite.VARIANTS
    if weights == "imagenet":
        _assign(
            model,
            name,
            efficientnet_lite.imagenet_weights(name) if lite else applications.pretrained(name, weights),
            name,
        )
        return
    path = Path(weights)
    if not path.is_file():
        raise LearningError("there is no such file of weights", weights)
    if lite and path.suffix == ".pth":
        _assign(model, name, efficientnet_lite.imagenet_weights(name, path), weights)
    elif path.suffix == ".keras":
        _assign(model, name, _saved_network(path), weights)
    elif path.suffix == ".h5":
        _load_h5(model, name, path)
    else:
        raise LearningError("weights are read from .keras, .h5 and, for EfficientNet-Lite, .pth", weights)


def early_layers(name: str, blocks: int) -> tuple[str, ...]:
    """Names of the layers with weights in the stem and the first blocks of a backbone; none for 0 blocks."""
    name = _known(name)
    if blocks <= 0:
        return ()
    if name in efficientnet_lite.VARIANTS:
        return efficientnet_lite.early_layers(name, blocks)
    return applications.early_layers(name, blocks)


def _known(name: str) -> str:
    """The name as `names` spells it."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    # The Lite ones first: Keras' own need it imported.
    for known in efficientnet_lite.VARIANTS:
        if plain == known.replace("-", ""):
            return known
    if plain in applications.names():
        return plain
    raise LearningError(
        f"there is no backbone of this name; there are {', '.join(names())}", "backbone", name
    )


def _layer_names(name: str) -> tuple[str, ...]:
    lite = name in efficientnet_lite.VARIANTS
    return efficientnet_lite.layer_names(name) if lite else applications.layer_names(name)


def _assign(model: keras.Model, name: str, weights: Mapping[str, list[NDArray[Any]]], where: str) -> None:
    """Give each layer of the backbone its weights; none is changed unless all are there and fit."""
    layers = {layer: model.get_layer(layer) for layer in _layer_names(name)}
    fitted = {}
    for layer, target in layers.items():
        wanted = [tuple(w.shape) for w in target.weights]
        fitted[layer] = [
            _for_channels(w, shape) for w, shape in zip(weights.get(layer, ()), wanted, strict=False)
        ]
        found = [w.shape for w in fitted[layer]] if layer in weights else "nothing"
        if wanted != found or len(weights[layer]) != len(wanted):
            raise LearningError(
                f"these are not weights of {name}: layer {layer} needs {wanted}", where, str(found)
            )
    for layer, target in layers.items():
        target.set_weights(fitted[layer])


def _for_channels(weight: NDArray[Any], wanted: tuple[int, ...]) -> NDArray[Any]:
    """A kernel for three channels as one for more; anything else as it is."""
    if len(wanted) != 4 or weight.shape != (*wanted[:2], COLORS, wanted[3]) or wanted[2] <= COLORS:
        return weight
    taken = np.arange(wanted[2]) % COLORS
    shared: NDArray[Any] = weight[:, :, taken] / np.bincount(taken)[taken][:, None].astype(weight.dtype)
    return shared


def _at_least_three(inputs: Any) -> Any:
    from keras import layers  # noqa: PLC0415

    channels = inputs.shape[-1]
    if channels >= COLORS:
        return inputs
    return layers.Concatenate(name="repeated_channels")([inputs] * (3 if channels == 1 else 2))


def _saved_network(path: Path) -> dict[str, list[NDArray[Any]]]:
    """Weights by layer of a saved network, ours or one of Keras' own."""
    import keras  # noqa: PLC0415

    try:
        saved = keras.saving.load_model(path, compile=False)
    except (ValueError, TypeError, OSError, KeyError) as error:
        raise LearningError("the network could not be read", str(path), str(error)) from error
    return applications.named_weights(saved) | {
        layer.name: layer.get_weights() for layer in saved.layers if layer.weights
    }


def _load_h5(model: keras.Model, name: str, path: Path) -> None:
    """Such files tell layers by their order alone, so they fit the bare backbone or the whole model."""
    unfit = (ValueError, OSError, KeyError, UserWarning)
    with warnings.catch_warnings():
        # Keras only warns where a file lacks some of the layers.
        warnings.simplefilter("error", UserWarning)
        try:
            weights = _bare_weights(name, path)
        except unfit:
            before = model.get_weights()
            try:
                model.load_weights(path)
            except unfit as error:
                # Keras fills layer by layer, and had begun.
                model.set_weights(before)
                raise LearningError(f"these are not weights of {name}", str(path), str(error)) from error
            return
    _assign(model, name, weights, str(path))


def _bare_weights(name: str, path: Path) -> dict[str, list[NDArray[Any]]]:
    import keras  # noqa: PLC0415

    if name not in efficientnet_lite.VARIANTS:
        return applications.pretrained(name, str(path))
    inputs = keras.Input((64, 64, 3))
    bare = keras.Model(inputs, build(name, inputs).deep)
    bare.load_weights(path)
    return {layer.name: layer.get_weights() for layer in bare.layers}
