"""`ichviewer learn`: preparing data, training, evaluating and exporting the model."""

from __future__ import annotations

import click

from ichviewer.cli.lazy import LazyGroup

_HERE = "ichviewer.cli.learn"


@click.group(
    "learn",
    cls=LazyGroup,
    lazy={
        "prepare": (f"{_HERE}.prepare:prepare", "Turn a labelled data set into a cache that trains fast."),
        "train": (f"{_HERE}.train:train", "Train the model, by folds or on everything."),
        "evaluate": (f"{_HERE}.evaluate:evaluate", "Print and save what the model reached out of fold."),
        "export": (f"{_HERE}.export:export", "Write the model's fast form and its metadata."),
        "demo-study": (f"{_HERE}.demo_study:demo_study", "Make or check the bundled demo study."),
    },
)
def learn() -> None:
    """Prepare data, train, evaluate and export the model."""
