"""The folder that `ichviewer learn explore` writes: pictures, and a page that shows them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.learning.data.volumes import MADE_SOURCES
from ichviewer.learning.evaluation.page import Page
from ichviewer.learning.evaluation.runs import data_names
from ichviewer.learning.evaluation.sheet import png
from ichviewer.learning.evaluation.table import Table
from ichviewer.learning.explore.examples import augmentation_sheet, mixed, type_sheet, window_sheet
from ichviewer.learning.explore.plots import hu_chart, label_chart, together_chart, volume_chart
from ichviewer.learning.explore.survey import Survey, survey
from ichviewer.progress import Progress, silent
from ichviewer.services.atomic_file import write_atomically

PAGE = "index.html"
"""Sources that were made rather than found."""

_EXAMPLES = 6


def explore(
    stores: Sequence[Path],
    folder: Path,
    *,
    most: int | None = None,
    seed: int = 1,
    progress: Progress = silent,
) -> dict[str, Survey]:
    """Draw what some stores hold.

    Parameters
    ----------
    stores : sequence of Path
    folder : Path
        Where to: PNG files, and ``index.html`` with all of them inside.
    most : int, optional
        At most so many series of each store.
    seed : int
        Of the examples.
    progress : Progress

    Returns
    -------
    dict of str to Survey
        What was counted, by source.

    Raises
    ------
    LearningError
        If a store is missing, empty or damaged.
    """
    found = survey(stores, most=most, seed=seed, progress=progress)
    folder.mkdir(parents=True, exist_ok=True)
    page = Page(
        "What the data hold", f"{data_names(list(found))}; from {', '.join(str(store) for store in stores)}"
    )
    page.section("How much there is")
    page.table(_counts(found), heading=False)
    for name, picture, caption in _pictures(found, np.random.default_rng(seed)):
        (folder / f"{name}.png").write_bytes(picture)
        page.section(caption.partition(":")[0])
        page.picture(picture, caption)
    _tables(page, found)
    write_atomically(folder / PAGE, page.html().encode())
    return found


def _pictures(found: dict[str, Survey], rng: np.random.Generator) -> list[tuple[str, bytes, str]]:
    """Name, PNG and caption of every picture."""
    pictures = [
        ("labels", label_chart(found), "Labels: share of slices with each, and how many."),
        ("together", together_chart(found), "What occurs together: over series."),
        ("hu", hu_chart(found), "Brightness: inside the skull, and of blood that masks mark."),
    ]
    volumes = volume_chart(found)
    if volumes:
        told = "Volume: mL of each type in a series that has it, 5 to 95 %, quartiles and median."
        pictures.append(("volume", volumes, told))
    some = mixed(found, _EXAMPLES, rng)
    pictures.append(
        (
            "windows",
            png(window_sheet(some)),
            "Windows: as a network sees it, and through each.",
        )
    )
    pictures.append(
        ("augmentations", png(augmentation_sheet(some, rng)), "Augmentations: what training varies.")
    )
    real = [source for source in found if source not in MADE_SOURCES]
    for kind in TYPES:
        sheet = type_sheet(kind, found, rng, real=real)
        if sheet:
            pictures.append(
                (kind.value, png(sheet), f"{kind.value.capitalize()}: real slices first, then made ones.")
            )
    return pictures


def _counts(found: dict[str, Survey]) -> Table:
    rows = tuple(
        (
            source,
            str(s.series),
            str(len(s.patients)),
            str(s.slices),
            str(s.without_brain),
            f"{np.median(s.spacing_mm):.1f}" if s.spacing_mm else "-",
            *(
                f"{n} ({u} unknown)" if u else str(n)
                for n, u in zip(s.positives.tolist(), s.unknown.tolist(), strict=True)
            ),
        )
        for source, s in found.items()
    )
    header = (
        "source",
        "series",
        "patients",
        "slices",
        "without brain",
        "slice distance, mm (median)",
        *(label.value for label in LABELS),
    )
    return Table("", header, rows)


def _tables(page: Page, found: dict[str, Survey]) -> None:
    rows = []
    for source, s in found.items():
        for kind in TYPES:
            ml = np.array(s.blood_ml[kind.value])
            ml = ml[np.isfinite(ml)]
            if ml.size:
                low, middle, high = np.percentile(ml, [5, 50, 95])
                rows.append((source, kind.value, str(ml.size), f"{low:.1f} / {middle:.1f} / {high:.1f}"))
    traits = tuple(
        (source, trait, str(n)) for source, s in found.items() for trait, n in s.traits.most_common()
    )
    if rows or traits:
        page.section("What was made")
        page.table(
            Table("Blood in a series", ("source", "type", "series", "mL at 5 / 50 / 95 %"), tuple(rows))
        )
        page.table(
            Table("Put in that is no blood, and ways of scanning", ("source", "trait", "series"), traits)
        )
