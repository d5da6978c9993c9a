"""The network on a backbone."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.learning.network import LOGITS, REGION_STRIDE, REGIONS, build_network, copy_weights

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


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_mirrored_network_gives_the_mean_of_both_sides_and_is_saved_whole(tmp_path):
    import keras

    plain, mirrored = build_network(64), build_network(64, mirrored=True)
    assert copy_weights(plain, mirrored) == []
    grey = np.random.default_rng(0).uniform(0, 255, (3, 64, 64, 3)).astype(np.float32)
    straight, turned = (plain(x, training=False) for x in (grey, grey[:, :, ::-1]))
    mirrored.save(tmp_path / "both.keras")
    found = keras.saving.load_model(tmp_path / "both.keras", compile=False)(grey, training=False)
    np.testing.assert_allclose(found[LOGITS], (straight[LOGITS] + turned[LOGITS]) / 2, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        found[REGIONS],
        (straight[REGIONS] + turned[REGIONS].numpy()[:, :, ::-1]) / 2,
        rtol=1e-4,
        atol=1e-5,
    )


def test_weights_go_by_the_names_of_layers_and_what_is_missing_is_named():
    whole, part = build_network(64), build_network(64, segmentation=False)
    missing = copy_weights(part, whole)
    # The logits of the whole network also look at the decoder.
    assert LOGITS in missing
    assert REGIONS in missing
    assert "head_relu" not in missing
    copied = next(layer for layer in whole.layers if layer.weights)
    for mine, its in zip(copied.get_weights(), part.get_layer(copied.name).get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)


def test_any_size_in_training_is_the_same_network_as_a_fixed_one():
    free, fixed = build_network(None, segmentation=False), build_network(96, segmentation=False)
    fixed.set_weights(free.get_weights())
    grey = np.random.default_rng(0).uniform(0, 255, (1, 96, 96, 3)).astype(np.float32)
    np.testing.assert_allclose(
        free(grey, training=False)[LOGITS], fixed(grey, training=False)[LOGITS], rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize("backbone", ["efficientnet-lite0", "mobilenet"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_the_network_takes_as_many_channels_as_it_is_told(backbone, channels):
    import keras

    model = build_network(64, channels=channels, backbone=backbone)
    assert not any(isinstance(layer, keras.Model) for layer in model.layers)
    assert model.input_shape == (None, 64, 64, channels)
    grey = np.random.default_rng(0).uniform(0, 255, (1, 64, 64, channels)).astype(np.float32)
    before = model(grey, training=False)[LOGITS].numpy()
    for channel in range(channels):  # each of them counts
        other = grey.copy()
        other[..., channel] = 0
        assert np.abs(model(other, training=False)[LOGITS].numpy() - before).max() > 1e-6


def test_a_map_of_mimics_comes_after_those_of_the_types_and_is_not_copied_into_the_model():
    training, finished = build_network(64, region_maps=6), build_network(64)
    assert training.output_shape[REGIONS] == (None, 8, 8, 6)
    grey = np.random.default_rng(0).uniform(0, 255, (1, 64, 64, 3)).astype(np.float32)
    assert copy_weights(training, finished) == []
    one, other = training(grey, training=False), finished(grey, training=False)
    np.testing.assert_allclose(one[REGIONS][..., :5], other[REGIONS], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(one[LOGITS], other[LOGITS], rtol=1e-5, atol=1e-5)
    # And back: the five are taken over, the sixth stays as it was.
    again = build_network(64, region_maps=6)
    sixth = again.get_layer(REGIONS).get_weights()[0][..., 5]
    assert copy_weights(finished, again) == []
    np.testing.assert_array_equal(again.get_layer(REGIONS).get_weights()[0][..., 5], sixth)
    np.testing.assert_allclose(
        again(grey, training=False)[REGIONS][..., :5], other[REGIONS], rtol=1e-5, atol=1e-5
    )


def test_imagenet_weights_reach_the_backbone():
    from ichviewer.learning.backbones.efficientnet_lite import imagenet_weights

    model = build_network(64, weights="imagenet", segmentation=False)
    for layer, weights in imagenet_weights().items():
        np.testing.assert_array_equal(model.get_layer(layer).get_weights()[0], weights[0])
