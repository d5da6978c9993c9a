"""Volumes of decoded slices: HU, what is missing, and what they were read from."""

import numpy as np
import pytest
from volume_builders import axial_series, decoded, make_geometry, make_volume

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.hu import PaddingRange, Rescale
from ichviewer.domain.identity import series_identity
from ichviewer.domain.volume import MISSING, Volume, as_hu, build_volume, missing_in
from ichviewer.domain.volume_source import NoVolume, NoVolumeReason

RAMP = np.arange(20).reshape(4, 5)


class TestBuild:
    def test_hu_and_what_they_were_read_from(self):
        series = axial_series(0, 2)
        slices = [decoded(RAMP), decoded(RAMP + 100)]
        volume = build_volume(series, enumerate(slices))
        assert volume.voxels.dtype == np.int16
        assert np.array_equal(volume.voxels, [RAMP - 1000, RAMP - 900])
        assert volume.series_identity == series_identity(series)
        assert volume.frame_of_reference_uid == "1.9"
        assert volume.pixel_hashes == tuple(one.pixel_hash for one in slices)
        assert volume.undecoded == ()
        assert volume.nbytes == 2 * 4 * 5 * 2

    def test_slices_may_come_in_any_order(self):
        slices = [(0, decoded(RAMP)), (1, decoded(RAMP + 7)), (2, decoded(RAMP + 9))]
        forth, back = (build_volume(axial_series(0, 2, 4), some) for some in (slices, slices[::-1]))
        assert np.array_equal(forth.voxels, back.voxels)
        assert forth.pixel_hashes == back.pixel_hashes

    def test_slices_that_were_not_decoded_are_missing_and_counted(self):
        volume = build_volume(axial_series(0, 2, 4), [(1, decoded(RAMP))])
        assert volume.undecoded == (0, 2)
        assert volume.missing(0).all()
        assert not volume.missing(1).any()
        assert volume.pixel_hashes[0] == ""

    def test_padding_and_missing_rows_are_missing(self):
        padded = decoded(RAMP, padding=PaddingRange(0, 2))
        cut = decoded(RAMP, rows_read=3)
        volume = build_volume(axial_series(0, 2), [(0, padded), (1, cut)])
        assert volume.missing(0).sum() == 3
        assert volume.missing(0)[0, :3].all()
        assert volume.missing(1).sum() == 5
        assert volume.missing(1)[3].all()
        assert volume.voxels[1, 2, 4] == 14 - 1000

    def test_fractions_of_hu_are_kept_in_float32(self):
        whole, fraction = decoded(RAMP), decoded(RAMP, Rescale(0.5, -1000))
        volume = build_volume(axial_series(0, 2, 4), [(0, whole), (2, fraction)])
        assert volume.voxels.dtype == np.float32
        assert volume.voxels[0, 0, 3] == -997
        assert volume.voxels[2, 0, 3] == -998.5
        assert volume.undecoded == (1,)
        assert np.isnan(volume.voxels[1]).all()
        assert volume.missing(1).all()

    @pytest.mark.parametrize(("highest", "dtype"), [(32767, np.int16), (32768, np.float32)])
    def test_hu_beyond_int16_are_kept_in_float32(self, highest, dtype):
        stored = RAMP.astype(np.uint16)
        stored[0, 0] = highest
        volume = build_volume(axial_series(0, 2), [(0, decoded(stored, Rescale(1, 0)))])
        assert volume.voxels.dtype == dtype
        assert volume.voxels[0, 0, 0] == highest

    def test_an_hu_that_stands_for_missing_is_not_taken_for_it(self):
        stored = RAMP.astype(np.int16)
        stored[0, 0] = MISSING
        volume = build_volume(axial_series(0, 2), [(0, decoded(stored, Rescale(1, 0)))])
        assert not volume.missing(0).any()
        assert volume.voxels[0, 0, 0] == MISSING

    def test_colors_are_no_volume(self):
        colored = DecodedSlice(decoded(RAMP).image, rgb=np.zeros((4, 5, 3), np.uint8))
        found = build_volume(axial_series(0, 2), [(1, colored)])
        assert found == NoVolume(NoVolumeReason.COLOR, "slice 2 of 2")

    def test_a_series_that_is_no_volume_is_refused_before_any_slice_is_decoded(self):
        def decode():
            raise AssertionError("decoded")
            yield

        assert build_volume(axial_series(0), decode()) == NoVolume(NoVolumeReason.ONE_SLICE)

    def test_a_hash_is_made_where_the_decoder_made_none(self):
        one = decoded(RAMP)
        volume = build_volume(axial_series(0, 2), [(0, DecodedSlice(one.image))])
        assert volume.pixel_hashes == (one.pixel_hash, "")

    @pytest.mark.parametrize("wrong", [(2, RAMP), (-1, RAMP), (0, RAMP.T)])
    def test_slices_of_another_series_are_not_taken(self, wrong):
        with pytest.raises(ValueError, match="Received"):
            build_volume(axial_series(0, 2), [(wrong[0], decoded(wrong[1]))])


class TestValue:
    def test_voxels_are_read_only(self):
        with pytest.raises(ValueError, match="read-only"):
            make_volume(np.zeros((3, 4, 5))).voxels[0, 0, 0] = 1

    @pytest.mark.parametrize(
        ("voxels", "hashes"),
        [
            (np.zeros((3, 4, 4), np.int16), 3),
            (np.zeros((3, 4, 5), np.int32), 3),
            (np.zeros((3, 4, 5), np.int16), 2),
            (np.zeros((3, 4, 5), np.int16, order="F"), 3),
        ],
    )
    def test_what_does_not_fit_the_geometry_cannot_be_built(self, voxels, hashes):
        with pytest.raises(ValueError, match="Received"):
            Volume(voxels, make_geometry(), "", "", ("a",) * hashes)

    def test_hu_at_a_point_is_that_of_the_nearest_voxel(self):
        volume = make_volume(np.arange(60).reshape(3, 4, 5))
        # Slice 1 (z 2), row 2 (y 2), column 3 (x 3): 20 + 10 + 3.
        assert volume.hu_at((3.4, 1.6, 2.9)) == 33
        assert volume.hu_at((4.6, 0, 0)) is None
        assert volume.hu_at((0, 0, -1.1)) is None

    def test_there_is_no_hu_where_there_is_no_image(self):
        voxels = np.zeros((3, 4, 5))
        voxels[0, 0, 0] = MISSING
        assert make_volume(voxels).hu_at((0, 0, 0)) is None
        assert make_volume(voxels).hu_at((1, 0, 0)) == 0


def test_missing_voxels_become_nan():
    voxels = np.array([[MISSING, 5]], np.int16)
    assert missing_in(voxels).tolist() == [[True, False]]
    hu = as_hu(voxels)
    assert hu.dtype == np.float32
    assert np.isnan(hu[0, 0])
    assert hu[0, 1] == 5
    assert missing_in(hu).tolist() == [[True, False]]


class TestForScripts:
    def test_hu_are_a_copy_with_nan_where_there_is_no_image(self):
        volume = build_volume(axial_series(0, 2), [(1, decoded(RAMP))])
        hu = volume.hu()
        assert (hu.dtype, hu.shape) == (np.float32, (2, 4, 5))
        assert np.isnan(hu[0]).all()
        assert hu[1, 0, 3] == -997
        hu[1] = 0
        assert volume.voxels[1, 0, 3] == -997

    def test_the_affine_takes_indices_to_the_patient(self):
        volume = build_volume(axial_series(0, 2, 4), [])
        # x = -10 + 4 * 0.4, y = -20 + 3 * 0.5, z = 2 * 2.
        assert np.allclose(volume.affine @ [2, 3, 4, 1], [-8.4, -18.5, 4, 1])
        assert build_volume(axial_series(0, 2, 5), []).affine is None
