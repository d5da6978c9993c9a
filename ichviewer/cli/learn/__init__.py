"""`ichviewer learn`: preparing data, training, evaluating and exporting the model."""

from __future__ import annotations

import click

from ichviewer.cli.lazy import LazyGroup


@click.group(
    "learn",
    cls=LazyGroup,
    package="ichviewer.cli.learn",
    lazy={
        "prepare": "Turn a labeled data set into a cache that trains fast.",
        "synthesise": "Make volumes with known blood, to train and test on.",
        "rebuild": "Make the model anew from the data, by its recipe.",
        "train": "Train the model, by folds or on everything.",
        "evaluate": "Print and save what the model reached out of fold.",
        "evaluate-frozen": "Measure a shipped model on the frozen synthetic set, beside earlier versions.",
        "evaluate-input-check": "Count the errors of the check for series outside what the model knows.",
        "explore": "Draw what a prepared data set holds.",
        "report": "Write one HTML report and the model card.",
        "calibrate": "Fit probabilities and thresholds out of fold.",
        "submit": "Write a submission of the RSNA 2019 challenge.",
        "export": "Write the model's fast form and its metadata.",
        "demo-study": "Make or check the bundled demo studies.",
    },
)
def learn() -> None:
    """Prepare or make data, train, evaluate, report and export the model."""
