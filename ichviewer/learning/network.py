"""The network: features of a backbone, six logits, and a map of where each type of blood is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS, TYPES
from ichviewer.learning import backbones

if TYPE_CHECKING:
    import keras

LOGITS = "logits"
"""Output (n, 6): logits in the order of `domain.labels.LABELS`."""
REGIONS = "regions"
"""Output (n, rows / 8, columns / 8, maps): logits of blood at each place, in the order of `domain.labels.TYPES`; in
training perhaps one more, of what is mistaken for blood."""
REGION_STRIDE = 8


def region_maps(*, mimics: bool = False) -> int:
    """How many maps `REGIONS` has: the types and, while a network is taught what is mistaken for blood, that."""
    return len(TYPES) + int(mimics)


_WIDTH = 96
_COLUMNS_AXIS = 2


def build_network(
    size_px: int | None,
    *,
    channels: int = 3,
    region_maps: int = len(TYPES),
    backbone: str = "efficientnet-lite0",
    weights: str = "random",
    dropout: float = 0.2,
    segmentation: bool = True,
    mirrored: bool = False,
) -> keras.Model:
    """A flat functional model from grey pictures to logits.

    The deep features see the whole picture coarsely. A decoder carries them back to a stride of 8, where it is
    taught with the masks of made lesions; its features, their mean and their peak, help the six logits, so that a
    small bleed is not averaged away. Flat, because the LiteRT export needs every layer at the top level.

    Parameters
    ----------
    size_px : int or None
        Rows and columns of the input, a multiple of 32; None for any, as training needs it. A model to be shipped
        has a fixed size.
    channels : int
        Of the input.
    region_maps : int
        Maps of `REGIONS`; those beyond the types are for training only.
    backbone, weights : str
        See `backbones`.
    dropout : float
        Share of the pooled features dropped in training.
    segmentation : bool
        With the decoder and its output `REGIONS`; without, the logits come from the mean of the deep features.
    mirrored : bool
        Look at every picture and at its mirror image, and give the mean: steadier, in twice the time. It has the
        same weights as the network without.

    Returns
    -------
    keras.Model
        Input (n, size_px, size_px, channels) grey 0..255; outputs a dict of `LOGITS` and `REGIONS`.
    """
    import keras  # noqa: PLC0415
    from keras import layers  # noqa: PLC0415

    inputs = keras.Input((size_px, size_px, channels), name="grey")
    taps = backbones.build(backbone, _with_mirror_image(inputs) if mirrored else inputs)
    pooled = [layers.GlobalAveragePooling2D(name="pool_deep")(taps.deep)]
    outputs: dict[str, Any] = {}
    if segmentation:
        fine = _decoder(taps)
        # The last layers stay float32 under mixed precision, as the losses need it.
        regions = layers.Conv2D(
            region_maps, 1, name=REGIONS, dtype="float32", bias_initializer=keras.initializers.Constant(-4.0)
        )(fine)
        pooled += [
            layers.GlobalAveragePooling2D(name="pool_fine")(fine),
            layers.GlobalMaxPooling2D(name="peak_fine")(fine),
        ]
        outputs[REGIONS] = regions
    x = layers.Concatenate(name="pooled")(pooled) if len(pooled) > 1 else pooled[0]
    x = layers.Dropout(dropout, name="dropout")(x)
    outputs[LOGITS] = layers.Dense(N_LABELS, name=LOGITS, dtype="float32")(x)
    if mirrored:
        outputs = {name: _mean_of_both(output) for name, output in outputs.items()}
    model = keras.Model(inputs, outputs, name="ich")
    backbones.load_weights(model, backbone, weights)
    return model


def copy_weights(source: keras.Model, target: keras.Model) -> list[str]:
    """Give the layers of `target` the weights of the layers of the same names.

    Keras orders the weights of a model by the depth of its layers, which another ending changes; names stay. Of
    region maps those that both have are copied.

    Returns
    -------
    list of str
        Layers with weights for which `source` has none of these shapes; they keep their own.
    """
    weights = {layer.name: layer.get_weights() for layer in source.layers}
    missing = []
    for layer in target.layers:
        found = weights.get(layer.name, [])
        if [w.shape for w in found] == [tuple(w.shape) for w in layer.weights]:
            layer.set_weights(found)
        elif layer.name == REGIONS and found:
            layer.set_weights(
                [_common_maps(w, own) for w, own in zip(found, layer.get_weights(), strict=True)]
            )
        elif layer.weights:
            missing.append(layer.name)
    return missing


def _common_maps(source: NDArray[Any], target: NDArray[Any]) -> NDArray[Any]:
    """`target` with the first maps, along the last axis, of `source`."""
    maps = min(source.shape[-1], target.shape[-1])
    return np.concatenate([source[..., :maps], target[..., maps:]], axis=-1)


def _with_mirror_image(pictures: Any) -> Any:
    """A batch of pictures, and after it the same mirrored."""
    from keras import ops  # noqa: PLC0415

    return ops.concatenate([pictures, ops.flip(pictures, axis=_COLUMNS_AXIS)], axis=0)


def _mean_of_both(outputs: Any) -> Any:
    """Mean of the outputs of pictures and of their mirror images; maps are mirrored back."""
    from keras import layers, ops  # noqa: PLC0415

    straight, mirrored = ops.split(outputs, 2, axis=0)
    if len(outputs.shape) > _COLUMNS_AXIS:
        mirrored = ops.flip(mirrored, axis=_COLUMNS_AXIS)
    return layers.Average()([straight, mirrored])


def _decoder(taps: backbones.Taps) -> Any:
    """Features at stride 8 that know what the deeper ones know."""
    from keras import layers  # noqa: PLC0415

    def norm(x: Any, name: str) -> Any:
        return layers.ReLU(6.0, name=f"{name}_relu")(
            layers.BatchNormalization(epsilon=1e-3, name=f"{name}_bn")(x)
        )

    def narrow(x: Any, name: str) -> Any:
        return layers.Conv2D(_WIDTH, 1, use_bias=False, name=name)(x)

    def mix(x: Any, name: str) -> Any:
        x = norm(x, f"{name}_sum")
        x = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"{name}_depthwise")(x)
        return norm(layers.Conv2D(_WIDTH, 1, use_bias=False, name=f"{name}_mix")(x), f"{name}_mix")

    x = narrow(taps.deep, "fpn32")
    for stride, tap in ((16, taps.stride16), (8, taps.stride8)):
        up = layers.UpSampling2D(2, interpolation="nearest", name=f"fpn{stride}_up")(x)
        x = layers.Add(name=f"fpn{stride}_add")([up, narrow(tap, f"fpn{stride}")])
        x = mix(x, f"fpn{stride}")
    return x
