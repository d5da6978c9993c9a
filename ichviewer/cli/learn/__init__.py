"""`ichviewer learn`: preparing data, training, evaluating and exporting the model."""

from __future__ import annotations

import click

from ichviewer.cli.lazy import LazyGroup

_HERE = "ichviewer.cli.learn"


@click.group(
    "learn",
    cls=LazyGroup,
    lazy={
        "prepare": (f"{_HERE}.prepare:prepare", "Turn a labeled data set into a cache that trains fast."),
        "synthesise": (
            f"{_HERE}.synthesise:synthesise",
            "Make volumes with known blood, to train and test on.",
        ),
        "rebuild": (f"{_HERE}.rebuild:rebuild", "Make the model anew from the data, by its recipe."),
        "train": (f"{_HERE}.train:train", "Train the model, by folds or on everything."),
        "evaluate": (f"{_HERE}.evaluate:evaluate", "Print and save what the model reached out of fold."),
        "evaluate-frozen": (
            f"{_HERE}.evaluate_frozen:evaluate_frozen",
            "Measure a shipped model on the frozen synthetic set, beside earlier versions.",
        ),
        "evaluate-input-check": (
            f"{_HERE}.input_check:evaluate_input_check",
            "Count the errors of the check that says when a series lies outside what the model knows.",
        ),
        "explore": (f"{_HERE}.explore:explore", "Draw what a prepared data set holds."),
        "report": (f"{_HERE}.report:report", "Write one HTML report and the model card."),
        "calibrate": (f"{_HERE}.calibrate:calibrate", "Fit probabilities and thresholds out of fold."),
        "submit": (f"{_HERE}.submit:submit", "Write a submission of the RSNA 2019 challenge."),
        "export": (f"{_HERE}.export:export", "Write the model's fast form and its metadata."),
        "demo-study": (f"{_HERE}.demo_study:demo_study", "Make or check the bundled demo studies."),
    },
)
def learn() -> None:
    """Prepare or make data, train, evaluate, report and export the model."""
