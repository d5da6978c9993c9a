"""The network on a backbone."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.learning.network import LOGITS, REGION_STRIDE, REGIONS, build_network

pytestmark = pytest.mark.tensorflow


@pytest.mark.parametrize("backbone", ["efficientnet-lite0", "mobilenet"])
def test_the_network_is_flat_with_six_logits_and_a_map_of_five_types(backbone):
    import keras

    model = build_network(64, backbone=backbone)
    assert not any(isinstance(layer, keras.Model) for layer in model.layers)
    assert model.input_shape == (None, 64, 64, 3)
    outputs = model(np.zeros((2, 64, 64, 3), np.float32))
    assert set(outputs) == {LOGITS, REGIONS}
    assert outputs[LOGITS].shape == (2, 6)
    assert outputs[REGIONS].shape == (2, 64 // REGION_STRIDE, 64 // REGION_STRIDE, 5)


def test_without_the_decoder_the_logits_come_from_the_mean_of_the_deep_features():
    model = build_network(64, segmentation=False)
    outputs = model(np.zeros((1, 64, 64, 3), np.float32))
    assert set(outputs) == {LOGITS}
    # What a class-activation map is made of: the last feature map and the weights behind its mean.
    assert model.get_layer("head_relu").output.shape == (None, 2, 2, 1280)
    assert model.get_layer(LOGITS).kernel.shape == (1280, 6)


def test_any_size_in_training_is_the_same_network_as_a_fixed_one():
    free, fixed = build_network(None, segmentation=False), build_network(96, segmentation=False)
    fixed.set_weights(free.get_weights())
    grey = np.random.default_rng(0).uniform(0, 255, (1, 96, 96, 3)).astype(np.float32)
    np.testing.assert_allclose(
        free(grey, training=False)[LOGITS], fixed(grey, training=False)[LOGITS], rtol=1e-5, atol=1e-5
    )


def test_imagenet_weights_reach_the_backbone():
    from ichviewer.learning.backbones.efficientnet_lite import imagenet_weights

    model = build_network(64, weights="imagenet", segmentation=False)
    for layer, weights in imagenet_weights().items():
        np.testing.assert_array_equal(model.get_layer(layer).get_weights()[0], weights[0])
