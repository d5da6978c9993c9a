"""The network: EfficientNet-Lite0 features, their average, six logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ichviewer.domain.labels import N_LABELS
from ichviewer.learning.backbones import efficientnet_lite

if TYPE_CHECKING:
    import keras

LOGITS = "logits"
"""Name of the last layer; class-activation maps are the features times its weights."""


def build_network(size_px: int | None, *, dropout: float = 0.2, imagenet: bool = True) -> keras.Model:
    """A flat functional model from grey pictures to logits.

    Flat, because the LiteRT export and activation maps need every layer at the top level.

    Parameters
    ----------
    size_px : int or None
        Rows and columns of the input; None for any, as training needs it. A model to be shipped has a fixed size.
    dropout : float
        Share of the pooled features dropped in training.
    imagenet : bool
        Start from ImageNet weights rather than from random ones.

    Returns
    -------
    keras.Model
        Input (n, size_px, size_px, 3) grey 0..255, output (n, 6) logits in the order of `domain.labels.LABELS`.
    """
    import keras  # noqa: PLC0415
    from keras import layers  # noqa: PLC0415

    inputs = keras.Input((size_px, size_px, 3), name="grey")
    features = efficientnet_lite.features(inputs)
    x = layers.GlobalAveragePooling2D(name="pool")(features)
    x = layers.Dropout(dropout, name="dropout")(x)
    # The last layer stays float32 under mixed precision, as the loss needs it.
    outputs = layers.Dense(N_LABELS, name=LOGITS, dtype="float32")(x)
    model = keras.Model(inputs, outputs, name="ich_lite0")
    if imagenet:
        efficientnet_lite.load_imagenet(model)
    return model
