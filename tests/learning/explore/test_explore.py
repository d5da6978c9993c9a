"""Pictures of what prepared data hold."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ichviewer.__main__ import main
from ichviewer.bundle import resources_dir
from ichviewer.domain.window import Window
from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import MIMIC_BIT, UNTYPED_BIT, Volume
from ichviewer.learning.explore.examples import (
    COLUMNS,
    Example,
    augmentation_sheet,
    mixed,
    type_sheet,
    window_sheet,
)
from ichviewer.learning.explore.folder import explore
from ichviewer.learning.explore.survey import (
    HU_EDGES,
    NEGATIVE,
    hu_histogram,
    inside_skull,
    survey,
)
from ichviewer.services.windows import NAME, read_presets

SETTINGS = PreprocessSettings(size_px=48, mm_per_px=4.0)
BRAIN, BLOOD, BONE, AIR = 35, 70, 240, -160
"""In HU."""


def head(blood=False):
    y, x = np.mgrid[:48, :48] - 23.5
    radius = np.hypot(y, x)
    hu = np.where(radius < 16, BRAIN, np.where(radius < 20, BONE, AIR)).astype(np.int16)
    spot = np.hypot(y, x - 5) < 3
    if blood:
        hu[spot] = BLOOD
    return hu, spot & blood


def volume(name, patient, source, bleeds=(), kind=1, **more):
    pairs = [head(i in bleeds) for i in range(4)]
    labels = np.zeros((4, 6), np.uint8)
    labels[list(bleeds), 0] = labels[list(bleeds), kind + 1] = 1
    masks = np.stack([spot for _, spot in pairs]).astype(np.uint8) << kind
    return Volume(
        name=name,
        patient=patient,
        source=source,
        hu=np.stack([hu for hu, _ in pairs]),
        positions_mm=np.arange(4, dtype=np.float32) * 5,
        labels=labels,
        has_brain=np.array([False, True, True, True]),
        masks=masks if source != "ct-ich" else None,
        **more,
    )


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    root = tmp_path_factory.mktemp("stores")
    real = Store.create(root / "real", SETTINGS, {"source": "ct-ich"})
    real.add(volume("a", "a", "ct-ich", bleeds=(2,)))
    real.add(volume("b", "b", "ct-ich"))
    made = Store.create(root / "made", SETTINGS, {"source": "painted"})
    bleed = volume("a-bleed", "a", "painted", bleeds=(1, 2), twin="a-clean", traits=("streaks",))
    bleed.labels[3] = 255
    made.add(bleed)
    made.add(volume("a-clean", "a", "painted", traits=("streaks", "calcified pineal")))
    return [root / "real", root / "made"]


def test_counts_worked_by_hand(stores):
    found = survey(stores)
    real, made = found["ct-ich"], found["painted"]
    assert (real.series, len(real.patients), real.slices, real.without_brain) == (2, 2, 8, 2)
    assert (made.series, len(made.patients)) == (2, 1)
    assert real.positives.tolist() == [1, 0, 1, 0, 0, 0]
    assert made.positives.tolist() == [2, 0, 2, 0, 0, 0]
    assert made.unknown.tolist() == [1] * 6
    assert made.together[0].tolist() == [1, 0, 1, 0, 0, 0]
    assert made.traits == {"streaks": 2, "calcified pineal": 1}
    assert made.spacing_mm == [5.0, 5.0]
    # Two slices of the spot, at 4 x 4 x 5 mm a pixel.
    spot = int(head(True)[1].sum())
    assert made.blood_ml["intraparenchymal"] == [pytest.approx(2 * spot * 0.08)]
    assert made.blood_ml["subdural"] == []
    # Of the bleed, one slice has no brain, two have blood, and of one it is not known.
    assert [p.series for p in made.places[NEGATIVE]] == ["a-clean"]


def test_brightness_lies_in_the_bins_it_should(stores):
    found = survey(stores)
    middle = (HU_EDGES[:-1] + HU_EDGES[1:]) / 2
    assert middle[np.argmax(found["ct-ich"].brain_hu)] == pytest.approx(35, abs=1.01)
    assert middle[np.argmax(found["painted"].blood_hu[1])] == pytest.approx(70, abs=1.01)
    assert found["ct-ich"].blood_hu.sum() == 0


def test_a_histogram_counts_every_pixel_of_its_range_once():
    every = np.arange(-160, 241, dtype=np.int16)
    counts = hu_histogram(every)
    # Two HU a bin, the last of which includes its end.
    assert counts.tolist() == [2.0] * 79 + [3.0]
    assert hu_histogram(np.array([-160, 240], np.int16)).sum() == 0


def test_only_what_bone_encloses_is_inside():
    hu, _ = head()
    inside = inside_skull(hu)
    assert inside[24, 24]
    assert not inside[hu == BONE].any()
    assert not inside[0].any()


def test_at_most_so_many_series_are_looked_at(stores):
    assert sum(s.series for s in survey(stores, most=1).values()) == 2


def test_real_slices_stand_before_made_ones_and_made_ones_are_outlined(stores):
    from ichviewer.domain.labels import Hemorrhage

    found, rng = survey(stores), np.random.default_rng(0)
    sheet = type_sheet(Hemorrhage.INTRAPARENCHYMAL, found, rng, real=["ct-ich"])
    # Two rows: the real one with one slice, the made one with the slice and its outline.
    assert sheet.size[0] == 8 + COLUMNS * (48 + 8)
    pixels = np.asarray(sheet)
    orange = (pixels[..., 0] > 240) & (pixels[..., 2] < 60)
    assert orange.any()
    assert not orange[: sheet.size[1] // 2].any()
    assert type_sheet(Hemorrhage.SUBDURAL, found, rng, real=["ct-ich"]) is None


def test_nothing_is_said_to_be_outlined_where_nobody_told_the_type(tmp_path):
    from ichviewer.domain.labels import Hemorrhage

    store = Store.create(tmp_path, SETTINGS, {})
    untyped = volume("u", "u", "folder", bleeds=(2,))
    untyped.masks[:] = (untyped.masks > 0).astype(np.uint8) << UNTYPED_BIT
    store.add(untyped)
    sheet = type_sheet(
        Hemorrhage.INTRAPARENCHYMAL, survey([tmp_path]), np.random.default_rng(0), real=["folder"]
    )
    first, second = (np.asarray(sheet)[40:80, left : left + 48] for left in (8, 64))
    assert first.min() < 10 and second.min() >= 248  # no picture beside the slice


@pytest.mark.parametrize(("bit", "outlined"), [(1, True), (MIMIC_BIT, False)])
def test_only_blood_is_outlined_in_what_training_makes_of_slices(bit, outlined):
    marked = volume("c", "c", "painted", bleeds=(1,), kind=1)
    marked.masks[:] = (marked.masks > 0).astype(np.uint8) << bit
    example = Example(marked, 1, SETTINGS)
    pixels = np.asarray(augmentation_sheet([example], np.random.default_rng(0)))
    orange = (pixels[..., 0] > 240) & (pixels[..., 2] < 60)
    assert orange.any() == outlined


def test_windows_are_those_of_the_program(stores):
    found = survey(stores)
    sheet = np.asarray(window_sheet(mixed(found, 4, np.random.default_rng(0))[:1]))
    # As the network sees it, then brain, subdural, stroke, soft tissue and bone.
    assert sheet.shape[1] == 8 + 6 * (48 + 8)
    # All are drawn from HU, so that wide windows show more than the network sees.
    windows = [p.voi for p in read_presets(resources_dir() / NAME) if isinstance(p.voi, Window)]
    for i, voi in enumerate(windows, 1):
        tile = sheet[:, 8 + i * 56 : 8 + i * 56 + 48]
        shown = {tuple(voi.grey(np.array([hu])).tolist() * 3) for hu in (BRAIN, BONE, AIR)}
        assert shown <= {tuple(pixel) for pixel in tile.reshape(-1, 3).tolist()}


def test_the_folder_holds_every_picture_and_a_page_with_them(stores, tmp_path, capsys):
    folder = tmp_path / "out"
    assert main(["learn", "explore", *map(str, stores), "-o", str(folder)]) == 0
    assert "painted: 2 series, 1 patients, 8 slices, 2 with blood" in capsys.readouterr().err
    pictures = {path.stem for path in folder.glob("*.png")}
    assert pictures == {"labels", "together", "hu", "volume", "windows", "augmentations", "intraparenchymal"}
    for path in folder.glob("*.png"):
        Image.open(path).verify()
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == len(pictures)
    assert "http" not in page
    assert "calcified pineal" in page
    assert "2 (1 unknown)" in page


def test_the_same_seed_draws_the_same_pictures(stores, tmp_path):
    for name in ("one", "two"):
        explore(stores, tmp_path / name, seed=3)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_empty_store_is_told(tmp_path):
    Store.create(tmp_path / "empty", SETTINGS, {})
    with pytest.raises(LearningError, match="no volumes yet"):
        survey([tmp_path / "empty"])
