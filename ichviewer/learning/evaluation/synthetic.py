"""The held-back synthetic sets: heads and lesions no model had seen, with truth that is certain.

Painted volumes are judged by the models of the folds that left their patients out, heads from label maps by the final
model. Their seeds are kept out of every training. Calibration and thresholds are those fitted
on real slices: nothing is fitted here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation.bootstrap import RESAMPLES, Bootstrap, mean_estimate
from ichviewer.learning.evaluation.cases import hardest
from ichviewer.learning.evaluation.crossfit import Answers, CrossFit
from ichviewer.learning.evaluation.figures import rates
from ichviewer.learning.evaluation.predictions import Predictions
from ichviewer.learning.evaluation.strata import by_hu, by_place, by_study_volume, by_thickness, by_volume

Row = dict[str, Any]

CLEAN, BLEED = "-clean", "-bleed"
"""How names of twins end: the same head without and with blood."""
NO_TRAIT = "nothing put in"


def synthetic_figures(
    sets: dict[str, Predictions], crossed: CrossFit, *, resamples: int = RESAMPLES, seed: int = 1
) -> dict[str, Any]:
    """Every figure of the held-back synthetic sets.

    Parameters
    ----------
    sets : dict of str to Predictions
        ``folds`` and ``final``, what there is of them.
    crossed : CrossFit
        Fitted on real slices.
    resamples, seed : int
        Of the bootstrap over heads.
    """
    out: dict[str, Any] = {"sets": {}}
    for name, predictions in _by_kind(sets).items():
        boot = Bootstrap.over(predictions.patient, resamples, seed)
        out["sets"][name] = set_row(predictions, crossed.answers(predictions), boot)
    whole = sets.get("folds") or sets["final"]
    boot = Bootstrap.over(whole.patient, resamples, seed)
    answers = crossed.answers(whole)
    out["hardest"] = hardest(whole, answers)
    out["twins"] = twins(whole, answers, boot)
    out["hard_negatives"] = hard_negatives(whole, answers, boot)
    out["by_volume_ml"] = by_volume(whole, answers, boot)
    out["by_hu"] = by_hu(whole, answers, boot)
    out["by_place"] = by_place(whole, answers, boot)
    out["by_thickness_mm"] = by_thickness(whole, answers, boot)
    out["by_study_volume_ml"] = by_study_volume(_each_model(whole), answers, boot)
    return out


def twins(predictions: Predictions, answers: Answers, boot: Bootstrap) -> Row:
    """What is said of the same head without its blood.

    Returns
    -------
    dict
        ``false_positives``: share of the clean twins' slices flagged, by operating point; ``series_flagged``: share
        of clean twins with a flagged slice; ``bleed_ranks_above``: of slices with blood, how often they get the
        higher probability than the very same slice without.
    """
    clean = _twin_of(predictions)
    row: Row = {"pairs": 0}
    if not clean:
        return row
    key = {
        (int(f), s, int(i)): at
        for at, (f, s, i) in enumerate(
            zip(predictions.fold, predictions.series.tolist(), predictions.index, strict=True)
        )
    }
    names = set(clean.values())
    here = np.array([s in names for s in predictions.series.tolist()])
    row |= {"pairs": len(names), "slices": int(here.sum())}
    row["false_positives"] = flag_rates(here, answers, boot)
    row["series_flagged"] = _series_rates(here, predictions, answers, boot)
    at_bleed, at_clean = [], []
    for (fold, series, index), at in key.items():
        other = key.get((fold, clean.get(series, ""), index))
        if other is not None and predictions.labels[at, 0] == 1:
            at_bleed.append(at)
            at_clean.append(other)
    if at_bleed:
        difference = answers.probabilities[at_bleed, 0] - answers.probabilities[at_clean, 0]
        won = np.where(difference > 0, 1.0, np.where(difference == 0, 0.5, 0.0))
        chosen = np.array(at_bleed)
        Bootstrap(boot.member[chosen], boot.weights).ratio(won, np.ones(len(won))).put(
            row, "bleed_ranks_above"
        )
        row["slice_pairs"] = len(won)
    return row


def hard_negatives(predictions: Predictions, answers: Answers, boot: Bootstrap) -> list[Row]:
    """Share of slices flagged in series without any blood, by what was put in that is not blood.

    A series with several traits counts under each. The most often flagged trait comes first.
    """
    _, of = np.unique(predictions.series, return_inverse=True)
    bloodless = (np.bincount(of, predictions.labels[:, 0] != 0) == 0)[of]
    traits = [set(filter(None, text.split(","))) for text in predictions.traits.tolist()]
    rows = []
    for trait in [*sorted(set().union(*traits)), NO_TRAIT]:
        has = np.array([trait in t or (trait == NO_TRAIT and not t) for t in traits]) & bloodless
        if not has.any():
            continue
        row: Row = {
            "trait": trait,
            "series": len(np.unique(predictions.series[has])),
            "slices": int(has.sum()),
            "false_positives": flag_rates(has, answers, boot),
            "series_flagged": _series_rates(has, predictions, answers, boot),
        }
        rows.append(row)
    return sorted(rows, key=lambda r: -(r["false_positives"].get("balanced") or 0.0))


def cross_data_table(sets: dict[str, tuple[Predictions, Answers]], *, resamples: int, seed: int) -> list[Row]:
    """AUC of each label on each data set: a row a set, with its slices, patients and positives."""
    rows = []
    for name, (predictions, answers) in sets.items():
        boot = Bootstrap.over(predictions.patient, resamples, seed)
        row: Row = {
            "set": name,
            "slices": len(predictions),
            "patients": len(np.unique(predictions.patient)),
            "labels": auc_rows(predictions, answers, boot),
        }
        rows.append(row)
    return rows


def auc_rows(predictions: Predictions, answers: Answers, boot: Bootstrap) -> dict[str, Row]:
    """AUC of each label, and the number of its positives."""
    rows: dict[str, Row] = {}
    for i, label in enumerate(LABELS):
        known = predictions.labels[:, i] != UNKNOWN
        y = predictions.labels[known, i]
        row: Row = {"positives": int((y == 1).sum())}
        boot.of(known).auc(y, answers.probabilities[known, i]).put(row, "auc")
        rows[label.value] = row
    return rows


def by_source(predictions: Predictions) -> dict[str, NDArray[np.bool_]]:
    """Which slices come from which source."""
    return {str(s): predictions.source == s for s in np.unique(predictions.source)}


def _by_kind(sets: dict[str, Predictions]) -> dict[str, Predictions]:
    """Painted heads and heads from label maps, by the models of the folds and by the final one."""
    found: dict[str, Predictions] = {}
    for model, predictions in sets.items():
        kinds = by_source(predictions)
        for kind, here in kinds.items():
            found[f"{kind}, {_SPEAKER[model]}"] = predictions.of(here)
        if len(kinds) > 1:
            found[f"both kinds, {_SPEAKER[model]}"] = predictions
    return found


_SPEAKER = {"folds": "models of the folds", "final": "final model"}


def _each_model(predictions: Predictions) -> Predictions:
    """The same with series told apart by the model that spoke about them."""
    return replace(predictions, series=predictions.series_by_fold)


def set_row(predictions: Predictions, answers: Answers, boot: Bootstrap) -> Row:
    """AUC and rates of each label on one set, the mean AUC of the types, and how much there is of it."""
    labels = auc_rows(predictions, answers, boot)
    draws = []
    for i, label in enumerate(LABELS):
        known = predictions.labels[:, i] != UNKNOWN
        y = predictions.labels[known, i]
        labels[label.value]["operating_points"] = {
            name: rates(y, flags[known, i], boot.of(known)) for name, flags in answers.flags.items()
        }
        draws.append(boot.of(known).auc_draws(y, answers.probabilities[known, i]))
    row: Row = {
        "slices": len(predictions),
        "series": len(np.unique(predictions.series)),
        "heads": len(np.unique(predictions.patient)),
        "models": len(np.unique(predictions.fold)),
        "labels": labels,
    }
    mean_estimate([labels[t.value]["auc"] for t in TYPES], draws[1:]).put(row, "auc_of_types")
    return row


def _twin_of(predictions: Predictions) -> dict[str, str]:
    """Name of the clean twin of each series that has one among the predictions."""
    names = set(predictions.series.tolist())
    told = dict(zip(predictions.series.tolist(), predictions.twin.tolist(), strict=True))
    bloody = set(predictions.series[(predictions.labels[:, 0] != 0)].tolist())
    pairs = {}
    for name in names:
        twin = told[name] or (name.removesuffix(BLEED) + CLEAN if name.endswith(BLEED) else "")
        # A twin may be named in both directions; the clean one is the one without blood.
        if twin in names and twin != name and name in bloody and twin not in bloody:
            pairs[name] = twin
    return pairs


def flag_rates(here: NDArray[np.bool_], answers: Answers, boot: Bootstrap) -> Row:
    """Share of some slices flagged as any hemorrhage, by operating point."""
    row: Row = {}
    for name, flags in answers.flags.items():
        boot.ratio(here & flags[:, 0], here).put(row, name)
    return row


def _series_rates(
    here: NDArray[np.bool_], predictions: Predictions, answers: Answers, boot: Bootstrap
) -> Row:
    """Share of series with a flagged slice."""
    _, first, of = np.unique(_each_model(predictions).series, return_index=True, return_inverse=True)
    draws = Bootstrap(boot.member[first], boot.weights)
    present = np.bincount(of, here) > 0
    row: Row = {}
    for name, flags in answers.flags.items():
        draws.ratio(np.bincount(of, here & flags[:, 0]) > 0, present).put(row, name)
    return row
