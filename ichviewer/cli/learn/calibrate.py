"""`ichviewer learn calibrate`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ichviewer.cli.console import say, table
from ichviewer.cli.options import EXISTING_FOLDER
from ichviewer.learning.evaluation.table import number


@click.command()
@click.argument("runs", type=EXISTING_FOLDER)
@click.option(
    "-o",
    "--output",
    "model",
    type=EXISTING_FOLDER,
    default=Path("model"),
    show_default=True,
    help="Folder of the model whose model.json gets what is fitted.",
)
@click.option(
    "--golden/--no-golden",
    default=True,
    show_default=True,
    help="Put the demo studies' probabilities on record anew, as they change; needs Keras.",
)
def calibrate(runs: Path, model: Path, golden: bool) -> None:
    """Fit smoothing, probabilities and thresholds on what the folds in RUNS said of the patients they left out.

    The network itself stays as it is. What is fitted goes into model.json: the width of the smoothing over
    neighboring slices, a slope and an intercept for each label (Platt), the thresholds of the operating points, and,
    if it gains on the maximum over the slices, the rule that answers for a series.
    """
    # Here, because SciPy takes a while to import.
    from ichviewer.learning.evaluation.bootstrap import Bootstrap  # noqa: PLC0415
    from ichviewer.learning.evaluation.crossfit import compare_calibrations, cross_fit  # noqa: PLC0415
    from ichviewer.learning.evaluation.predictions import FINAL_FOLD, read_out_of_fold  # noqa: PLC0415
    from ichviewer.learning.evaluation.series_answers import series_answers  # noqa: PLC0415
    from ichviewer.learning.ship import write_fit  # noqa: PLC0415

    predictions = read_out_of_fold(runs)
    crossed = cross_fit(predictions)
    rows = compare_calibrations(predictions, crossed)
    table(
        ("calibration, fitted on the other folds", ">weighted log loss", ">ECE of any", ">Brier of any"),
        [
            (name, f"{f['weighted_log_loss']:.4f}", f"{f['ece_any']:.4f}", f"{f['brier_any']:.4f}")
            for name, f in rows.items()
        ],
    )
    fitted = crossed.fits[FINAL_FOLD]
    whole = series_answers(predictions, crossed, Bootstrap.over(predictions.patient, resamples=1))
    table(
        ("answer for a series, fitted on the other folds", ">AUC of any", ">weighted log loss"),
        [
            (way, number(f["auc_any"], 4), number(f["weighted_log_loss"], 4))
            for way, f in whole.figures["ways"].items()
        ],
    )
    write_fit(model, replace(fitted, series_rule=whole.rule))
    say(
        f"Platt calibration, smoothing of {fitted.sigma_mm:g} mm and thresholds written to {model / 'model.json'}; "
        f"for a series: {whole.way}."
    )
    if golden:
        from ichviewer.inference.model_card import load_model_card  # noqa: PLC0415
        from ichviewer.services.golden import write_golden  # noqa: PLC0415

        card = load_model_card(model)
        say(f"the demo studies' probabilities written to {write_golden(card)}.")
