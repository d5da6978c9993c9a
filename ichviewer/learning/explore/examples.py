"""Contact sheets of examples: each type real and made, windows, augmentations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ichviewer.bundle import resources_dir
from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.window import Window
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.augment import augment, grey_tables, window
from ichviewer.learning.config import AugmentConfig
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume, blood
from ichviewer.learning.evaluation.sheet import Tile, contact_sheet
from ichviewer.learning.explore.survey import NEGATIVE, Place, Survey
from ichviewer.services.windows import NAME, read_presets

COLUMNS = 8


@dataclass(frozen=True, eq=False)
class Example:
    """A slice with all that is known of it."""

    volume: Volume
    index: int
    settings: PreprocessSettings

    @property
    def grey(self) -> NDArray[np.uint8]:
        """The slice."""
        return self.volume.grey(self.index, self.settings)

    @property
    def truth(self) -> str:
        """Types in the slice, in words."""
        labels = self.volume.labels[self.index]
        named = [label.value for label, y in zip(TYPES, labels[1:].tolist(), strict=True) if y == 1]
        return ", ".join(named) or "no blood"

    @property
    def name(self) -> str:
        """Series and number, as a person counts."""
        return f"{self.volume.name} / {self.index + 1}"


def load(places: Sequence[Place]) -> list[Example]:
    """The slices at some places."""
    stores = {place.store: Store.open(place.store) for place in places}
    return [Example(stores[p.store].load(p.series), p.index, stores[p.store].settings) for p in places]


def pick(survey: Survey, key: str, count: int, rng: np.random.Generator) -> list[Example]:
    """Some slices with a label, or `NEGATIVE` ones, of different series."""
    places = survey.places.get(key, [])
    chosen = rng.permutation(len(places))[:count].tolist()
    return load([places[i] for i in chosen])


def type_sheet(
    kind: Hemorrhage, surveys: dict[str, Survey], rng: np.random.Generator, *, real: Sequence[str]
) -> Image.Image | None:
    """Slices with a type from every source, one source after another; None if there is none.

    Slices whose mask shows the type are shown twice: as the network sees them, and with the blood outlined.

    Parameters
    ----------
    kind : Hemorrhage
    surveys : dict of str to Survey
    rng : numpy Generator
    real : sequence of str
        Sources that were found rather than made; they come first.
    """
    tiles: list[Tile] = []
    bit = np.uint8(1 << TYPES.index(kind))
    for source in sorted(surveys, key=lambda s: (s not in real, s)):
        row: list[Tile] = []
        for example in pick(surveys[source], kind.value, COLUMNS, rng):
            row.append(Tile(example.grey, (f"{source}: {example.name}", example.truth)))
            masks = example.volume.masks
            if masks is not None and len(row) < COLUMNS:
                marked = (masks[example.index] & bit) > 0
                if marked.any():
                    row.append(Tile(example.grey, ("outlined",), marked))
        tiles += _filled(row[:COLUMNS])
    return contact_sheet(tiles, COLUMNS, kind.value) if tiles else None


def window_sheet(examples: Sequence[Example]) -> Image.Image:
    """Each slice as the network sees it and through each of the program's windows, a row a slice."""
    windows = [p.voi for p in read_presets(resources_dir() / NAME) if isinstance(p.voi, Window)]
    tiles = []
    for example in examples:
        main = example.settings.channels[example.settings.main]
        tiles.append(
            Tile(
                example.grey,
                (f"network: {main.center_hu:g}/{main.width_hu:g}", f"{example.name}; {example.truth}"),
            )
        )
        hu = example.volume.hu[example.index]
        tiles += [Tile(w.grey(hu), (f"{w.name}: {w.center_hu:g}/{w.width_hu:g}",)) for w in windows]
    return contact_sheet(
        tiles, 1 + len(windows), "The same slices through the program's windows (center/width in HU)"
    )


def augmentation_sheet(
    examples: Sequence[Example], rng: np.random.Generator, config: AugmentConfig | None = None
) -> Image.Image:
    """Each slice and what training makes of it, a row a slice; the blood is outlined where a mask tells."""
    how = config or AugmentConfig()
    tiles = []
    for example in examples:
        volume, settings = example.volume, example.settings
        places = volume.channels(settings)[example.index]
        low_hu = round(settings.clip_hu[0])
        mask = None if volume.masks is None else volume.masks[example.index]
        tiles.append(Tile(example.grey, (example.name, example.truth), None if mask is None else blood(mask)))
        for _ in range(COLUMNS - 1):
            tables = grey_tables(settings.channels, settings.clip_hu, how, rng)
            greys = [window(volume.hu[j], table, low_hu) for j, table in zip(places, tables, strict=True)]
            x, moved = augment(
                greys, mask, settings.size_px, how, rng, channels=settings.channels, slices=places
            )
            varied = np.round(x[..., settings.main]).astype(np.uint8)
            tiles.append(Tile(varied, ("varied",), None if moved is None else blood(moved)))
    return contact_sheet(tiles, COLUMNS, "Slices and their random variations (main channel)")


def mixed(surveys: dict[str, Survey], count: int, rng: np.random.Generator) -> list[Example]:
    """Some slices with and without blood, from every source in turn."""
    chosen: list[Example] = []
    for source in sorted(surveys):
        chosen += pick(surveys[source], "any", max(1, count // (2 * len(surveys))), rng)
        chosen += pick(surveys[source], NEGATIVE, max(1, count // (2 * len(surveys))), rng)
    return chosen[:count]


def _filled(row: list[Tile]) -> list[Tile]:
    """A row as long as the sheet is wide, so that the next source begins a new one."""
    if not row:
        return []
    empty = Tile(np.full(row[0].picture.shape[:2], 250, np.uint8))
    return row + [empty] * (COLUMNS - len(row))
