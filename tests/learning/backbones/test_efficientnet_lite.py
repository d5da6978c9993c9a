"""The port of EfficientNet-Lite0 against its PyTorch original."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.learning.backbones.efficientnet_lite import blocks, imagenet_classifier, weight_names

# Logits of PyTorch 2.13 with efficientnet_lite_pytorch 0.1.0 for `picture()`, computed once.
TORCH_LOGITS = {
    0: -1.6170405,
    1: -0.5824591,
    2: -1.4090556,
    3: -1.4689103,
    4: -0.0058838,
    5: -0.436213,
    100: -0.21287431,
    549: 4.106981,
    999: 1.449172,
}
TORCH_SUM_OF_MAGNITUDES = 842.56604


def picture():
    i = np.arange(224 * 224 * 3, dtype=np.float64).reshape(224, 224, 3)
    return np.floor(127.5 + 127.5 * np.sin(i * 0.001) * np.cos(i * 0.0137)).astype(np.float32)


def test_the_structure_is_the_published_one():
    table = list(blocks())
    assert len(table) == 16
    assert [b.filters_out for b in table] == [
        16,
        24,
        24,
        40,
        40,
        80,
        80,
        80,
        112,
        112,
        112,
        192,
        192,
        192,
        192,
        320,
    ]
    assert [b.index for b in table if b.stride == 2] == [1, 3, 5, 11]
    assert [b.index for b in table if b.has_skip] == [2, 4, 6, 7, 9, 10, 12, 13, 14]
    assert len(weight_names()) == 2 + 16 * 3 - 1  # the first block has no expansion


@pytest.mark.tensorflow
def test_logits_agree_with_pytorch():
    import keras

    from ichviewer.learning.network import build_network

    model = build_network(224)
    pooled = keras.Model(model.input, model.get_layer("pool").output)(picture()[None], training=False)
    weights, bias = imagenet_classifier()
    logits = (np.asarray(pooled) @ weights + bias)[0]
    assert logits.shape == (1000,)
    assert int(np.argmax(logits)) == 549
    assert np.abs(logits).sum() == pytest.approx(TORCH_SUM_OF_MAGNITUDES, rel=1e-5)
    for index, expected in TORCH_LOGITS.items():
        assert logits[index] == pytest.approx(expected, abs=1e-4)


@pytest.mark.tensorflow
def test_the_network_is_flat_with_six_logits_and_the_features_before_them():
    import keras

    from ichviewer.learning.network import LOGITS, build_network

    model = build_network(64, imagenet=False)
    assert not any(isinstance(layer, keras.Model) for layer in model.layers)
    assert model.input_shape == (None, 64, 64, 3)
    assert model.output_shape == (None, 6)
    # What a class-activation map is made of: the last feature map and the weights behind its mean.
    assert model.get_layer("head_relu").output.shape == (None, 2, 2, 1280)
    assert model.get_layer(LOGITS).kernel.shape == (1280, 6)
    assert model.count_params() == 3_420_710
