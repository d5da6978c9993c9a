"""The recipe of a model: which data are made from what, which stages of training follow, what ships.

It is one TOML file, ``model/recipe.toml``. Stores and stages are tables by name, worked through in the order of the
file; a stage names stores and earlier stages rather than paths, so that the recipe holds wherever it is carried
out.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.config import TrainConfig, changed, checked, train_config

STORES_FOLDER, MODEL_FOLDER = "stores", "model"
"""Where the stores and the finished model lie, within the folder the recipe is carried out in; beside the stages."""
RESERVED = (STORES_FOLDER, MODEL_FOLDER)
STORE_KINDS = ("data", "maps", "painted", "lesions")
"""Read from a data set; heads made from label maps; lesions made in real heads; real lesions put into them."""


@dataclass(frozen=True)
class StoreRecipe:
    """One store of volumes.

    Parameters
    ----------
    name : str
    kind : str
        One of `STORE_KINDS`.
    data : str
        Kinds ``data`` and ``maps``: folder of the data set or of the maps, within the folder of all data.
    onto, lesions : str
        Stores whose heads, and whose lesions, are used.
    patients : tuple of str
        Kind ``painted``: only into the heads of these; empty for all.
    maps : tuple of int
        Kind ``maps``: which of them.
    seeds, first_seed : int
        How often each head or map is drawn from, and the first seed.
    limit : int
        Kind ``data``: only the first so many series; 0 for all.
    minutes : float
        How long it took where the bundled model was made, on two CPU cores; only to tell the time left.
    """

    name: str
    kind: str
    data: str = ""
    onto: str = ""
    lesions: str = ""
    patients: tuple[str, ...] = ()
    maps: tuple[int, ...] = ()
    seeds: int = 1
    first_seed: int = 1
    limit: int = 0
    minutes: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in STORE_KINDS:
            raise ValueError(
                f"the kind of a store is one of {', '.join(STORE_KINDS)}. Received: {self.kind!r}"
            )
        needed: dict[str, dict[str, object]] = {
            "data": {"data": self.data},
            "maps": {"data": self.data, "maps": self.maps},
            "painted": {"onto": self.onto},
            "lesions": {"onto": self.onto, "lesions": self.lesions},
        }
        missing = [key for key, value in needed[self.kind].items() if not value]
        if missing:
            raise ValueError(f"the store {self.name} of kind {self.kind} needs {', '.join(missing)}")
        if self.seeds < 1 or self.first_seed < 0 or self.limit < 0 or self.minutes <= 0:
            raise ValueError(f"seeds and minutes must be positive. Received: {self}")


@dataclass(frozen=True)
class StageRecipe:
    """One round of training.

    Parameters
    ----------
    name : str
    stores : tuple of str
        What it learns from.
    start : tuple of str
        Earlier stages it starts from: run by run where these have folds, else all from their one model. Of several
        the mean of the weights is taken.
    folds : bool
        Leave a fold out in turn; without, there is only the run on everything.
    final : bool
        Run on everything too.
    tests : tuple of str
        Stores of made volumes that the models are run on.
    minutes : float
        As of `StoreRecipe`.
    train : dict
        Settings of `config.TrainConfig` but for stores and start.
    """

    name: str
    stores: tuple[str, ...]
    start: tuple[str, ...] = ()
    folds: bool = True
    final: bool = True
    tests: tuple[str, ...] = ()
    minutes: float = 1.0
    train: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.stores or not (self.folds or self.final):
            raise ValueError(f"the stage {self.name} needs stores, and folds or a final run")
        if self.minutes <= 0:
            raise ValueError(f"minutes must be positive. Received: {self.minutes}")
        if given := {"stores", "start_from"} & set(self.train):
            raise ValueError(f"the stage {self.name} tells {', '.join(sorted(given))} by name, not in train")


@dataclass(frozen=True)
class Recipe:
    """How a model is made from the data.

    Parameters
    ----------
    version : str
        Of the model.
    size_px, mm_per_px, clip_hu
        Pictures in the stores; see `PreprocessSettings`.
    stores : tuple of StoreRecipe
    stages : tuple of StageRecipe
    ship : str
        The stage whose models are judged and shipped.
    int8 : bool
        Whether the fast form is quantized, if that costs next to nothing.
    frozen : tuple of str
        Stores of the frozen set that the finished model is measured on.
    clean_scan : str
        Folder of a head CT without acute blood, within the folder of all data: its flagged slices are counted.
    """

    version: str
    size_px: int
    mm_per_px: float
    clip_hu: tuple[float, float]
    stores: tuple[StoreRecipe, ...]
    stages: tuple[StageRecipe, ...]
    ship: str
    int8: bool = False
    frozen: tuple[str, ...] = ()
    clean_scan: str = ""

    def __post_init__(self) -> None:
        _ = self.settings  # refuses what makes no picture
        known: set[str] = set()
        for store in self.stores:
            if missing := {store.onto, store.lesions} - {""} - known:
                raise ValueError(f"the store {store.name} needs earlier stores: {', '.join(sorted(missing))}")
            known.add(store.name)
        stages: dict[str, StageRecipe] = {}
        for stage in self.stages:
            if stage.name in RESERVED or Path(stage.name).name != stage.name:
                raise ValueError(f"the name of a stage becomes a folder's. Received: {stage.name!r}")
            if missing := {*stage.stores, *stage.tests} - known:
                raise ValueError(f"the stage {stage.name} needs stores: {', '.join(sorted(missing))}")
            if missing := set(stage.start) - set(stages):
                raise ValueError(f"the stage {stage.name} needs earlier stages: {', '.join(sorted(missing))}")
            for start in stage.start:
                if stage.final and not stages[start].final:
                    raise ValueError(f"the final run of {stage.name} has none of {start} to start from")
            stages[stage.name] = stage
        if missing := set(self.frozen) - known:
            raise ValueError(f"the frozen set needs stores: {', '.join(sorted(missing))}")
        shipped = stages.get(self.ship)
        if shipped is None or not (shipped.folds and shipped.final):
            raise ValueError(f"a stage with folds and a final run ships. Received: {self.ship!r}")

    @property
    def settings(self) -> PreprocessSettings:
        """How the pictures of the stores are made."""
        return PreprocessSettings(self.size_px, self.mm_per_px, self.clip_hu)

    def train_config(self, stage: StageRecipe, output: Path) -> TrainConfig:
        """The settings of a stage's training, with the paths of its stores and of what it starts from.

        Parameters
        ----------
        stage : StageRecipe
        output : Path
            Where the recipe is carried out.
        """
        by_name = {other.name: other for other in self.stages}
        starts = [
            str(stage_folder(output, name) / ("{run}" if by_name[name].folds else "final") / "model.keras")
            for name in stage.start
        ]
        places = {"stores": [str(store_folder(output, name)) for name in stage.stores], "start_from": starts}
        return train_config({**stage.train, **places})


def store_folder(output: Path, name: str) -> Path:
    """Where a store lies."""
    return output / STORES_FOLDER / name


def stage_folder(output: Path, name: str) -> Path:
    """Where the runs of a stage lie."""
    return output / name


def read_recipe(path: Path, changes: Iterable[str] = ()) -> Recipe:
    """Read and check a recipe.

    Parameters
    ----------
    path : Path
        A TOML file.
    changes : iterable of str
        Lines of TOML that count instead of what the file says, such as ``stages.main.train.batch = 8``.

    Raises
    ------
    LearningError
        If the file cannot be read, or it or a change is not a recipe.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for line in changes:
            data = changed(data, tomllib.loads(line))
        return _recipe(data)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LearningError("the recipe could not be read", str(path), str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LearningError("the recipe is not valid", str(path), str(error)) from error


def _recipe(data: dict[str, Any]) -> Recipe:
    stores = tuple(
        checked(
            StoreRecipe, {"name": name, **table, **{k: tuple(table.get(k, ())) for k in ("maps", "patients")}}
        )
        for name, table in data.get("stores", {}).items()
    )
    stages = tuple(
        checked(
            StageRecipe,
            {"name": name, **table, **{k: tuple(table.get(k, ())) for k in ("stores", "start", "tests")}},
        )
        for name, table in data.get("stages", {}).items()
    )
    low, high = data["clip_hu"]
    told = {
        **data,
        "stores": stores,
        "stages": stages,
        "clip_hu": (float(low), float(high)),
        "frozen": tuple(data.get("frozen", ())),
    }
    recipe: Recipe = checked(Recipe, told)
    for stage in recipe.stages:
        recipe.train_config(stage, Path())  # a wrong setting is told now, not after hours
    return recipe
