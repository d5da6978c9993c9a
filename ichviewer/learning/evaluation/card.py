"""The model card in Markdown, generated from what the model and its figures say of themselves.

Its parts are those of Mitchell et al., "Model Cards for Model Reporting", FAT* 2019, and it answers what CLAIM asks
of a model's evaluation (Mongan et al., "Checklist for Artificial Intelligence in Medical Imaging", Radiology: AI
2(2), 2020; Tejani et al., its 2024 update, Radiology: AI 6(4), 2024).
"""

from __future__ import annotations

from typing import Any

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.evaluation.frozen_tables import NOTE, frozen_tables
from ichviewer.learning.evaluation.strata_tables import (
    data_set_table,
    hard_negative_table,
    region_table,
    stratum_tables,
    synthetic_table,
    twin_sentence,
)
from ichviewer.learning.evaluation.table import POINT_NAMES, Table, interval, number
from ichviewer.learning.evaluation.tables import (
    calibration_table,
    loss_sentence,
    methods_table,
    operating_table,
    ranking_table,
    series_answers_table,
    study_answer,
    study_table,
)
from ichviewer.learning.evaluation.training_curve import curve_table

CARD_FILE = "MODEL_CARD.md"

Row = dict[str, Any]

_REFERENCE = {
    "CT-ICH": "CT-ICH: consensus of two radiologists, slice by slice; many epidural and subarachnoid bleeds are "
    "subtle.",
    "painted": "Painted lesions: truth is what was painted; a slice whose blood is too faint or too little to be "
    "seen has no label and is left out.",
    "label maps": "Heads made from label maps: truth is what was painted, by the same rule.",
    "RSNA": "RSNA 2019: volunteer neuroradiologists, slice by slice.",
}


def model_card(metadata: Row, metrics: Row, frozen: Row | None = None) -> str:
    """The model card.

    Parameters
    ----------
    metadata : dict
        ``model.json``.
    metrics : dict
        ``metrics.json``; what it lacks is left out.
    frozen : dict, optional
        ``frozen.json``: every version on the frozen set.
    """
    return "\n\n".join(part.strip() for part in _parts(metadata, metrics, frozen) if part) + "\n"


def _parts(metadata: Row, metrics: Row, frozen: Row | None) -> list[str]:
    data, labels = metrics["data"], ", ".join(metadata["labels"])
    return [
        f"# Model card: {metadata['name']} {metadata['version']}",
        "Generated from `model.json` and `metrics.json`; no figure in it was typed by hand.",
        "## Model details",
        _details(metadata, metrics, labels),
        _trained(metadata["trained"]),
        "## Intended use",
        "Research and education: to show how such a model behaves on head CT, slice by slice, in the viewer it ships "
        "with. Its users are people who can read head CT themselves, or learn to.",
        "## Out of scope",
        _OUT_OF_SCOPE,
        "## Factors",
        _FACTORS,
        "## Training data",
        _training_data(metadata),
        _share(metrics),
        "## Reference standard",
        _reference(metadata, metrics),
        "## How it was measured",
        _protocol(metrics),
        f"## Results over slices ({data['slices']} slices of {data['patients']} patients)",
        ranking_table(metrics).markdown(),
        f"{loss_sentence(metrics)}. (Weighted: any counts twice, as in the RSNA 2019 challenge.)",
        "AUC of any by fold: " + ", ".join(number(v, 3) for v in metrics["fold_auc_any"]) + ".",
        _titled(operating_table(metrics["slice"], "At the operating points")),
        _titled(calibration_table(metrics)),
        _titled(methods_table(metrics)),
        "## Results over studies",
        f"The answer for a study: {study_answer(metrics)}.",
        study_table(metrics).markdown(),
        _titled(series_answers_table(metrics)),
        _titled(
            operating_table(metrics["study"], "At the operating points, a study flagged if one slice is")
        ),
        *_frozen(frozen),
        *_synthetic(metrics),
        *_regions(metrics),
        *_data_sets(metrics),
        *_strata(metrics),
        *_training_curve(metrics),
        "## External test",
        _external(metrics),
        "## Operating points",
        "\n".join(f"- `{name}`: {rule}." for name, rule in metadata["operating_point_rules"].items()),
        "## Known failures and limits",
        _failures(metrics),
        "## Ethical considerations",
        _ETHICS,
        "## Where CLAIM's questions are answered",
        _CLAIM,
    ]


_OUT_OF_SCOPE = """
- Any decision about a patient. This is no medical device, has been cleared by nobody, and no clinical claim is made.
- Anything but non-contrast axial head CT of adults: other body parts, other modalities, contrast-enhanced scans.
- Ruling hemorrhage out. A slice without a flag is not a slice without blood.
- Sorting a worklist, or telling old blood from new.
"""

_FACTORS = """
Expected to change how well it does: the amount of blood and how bright it is (see the strata below), its place
(convexity, falx, tentorium, posterior fossa), slice thickness, kernel and dose of the scan, motion and metal, age and
earlier surgery of the patient. Results by age are below where the data tell it; nothing can be said about groups of
patients by sex or origin.
"""

_ETHICS = """
- The real scans are public and de-identified; no patient was scanned for this model.
- Whoever is not in the data is not in the figures: children, other hospitals, other scanners.
- A flag draws the eye. A reader who trusts it may miss what is not flagged; the viewer says so on every screen.
"""

_CLAIM = """
| question | part |
|---|---|
| data sources, eligibility, partitions | Training data; How it was measured |
| ground truth and who set it | Reference standard |
| model, initialization, training | Model details |
| performance with uncertainty, calibration, subgroups | Results |
| robustness, synthetic and external tests | Results; External test |
| failure analysis, limitations, intended use | Known failures; Intended use; Out of scope |
"""


def _details(metadata: Row, metrics: Row, labels: str) -> str:
    preprocessing, recipe = metadata["preprocessing"], metrics.get("recipe", {})
    settings = PreprocessSettings.from_json(preprocessing)
    windows = " and from ".join(
        dict.fromkeys(f"{c.low_hu:g} to {c.low_hu + c.width_hu:g}" for c in settings.channels)
    )
    shown = "shows the regions that influenced the score" if metadata.get("regions") else "does not ship"
    maps = (
        f"; a second head, taught with the masks of lesions, helped in training and {shown}"
        if recipe.get("segmentation")
        else ""
    )
    mirrored = ", and at its mirror image; the mean of both counts" if recipe.get("mirrored") else ""
    return (
        f"A convolutional network ({recipe.get('backbone', 'efficientnet-lite0')}) with six outputs, one for each of "
        f"{labels}{maps}. It looks at one axial CT slice with its neighbors "
        f"{settings.reach_mm:g} mm below and above, cut out around the head at "
        f"{settings.mm_per_px:g} mm a pixel ({settings.size_px} x {settings.size_px})"
        f"{mirrored}. It sees HU from {windows}. Logits are smoothed over neighboring slices "
        f"(Gaussian, sigma {metadata['smoothing']['sigma_mm']:g} mm) and calibrated by label (Platt); "
        "no type is more likely than any."
    )


def _trained(trained: Row) -> str:
    return (
        f"Trained on {trained['date']} with Keras {trained['keras']} in {trained['minutes']:g} minutes on "
        f"{trained['machine']}:\n`{trained['command']}`."
    )


def _training_data(metadata: Row) -> str:
    lines = []
    for item in metadata["training_data"]:
        size = f"; {item['slices']} slices of {item['patients']} patients" if item.get("slices") else ""
        citation = f" {item['citation']}." if item.get("citation") else ""
        lines.append(f"- {item['name']} ({item.get('licence') or 'license not told'}){size}.{citation}")
    return "\n".join(lines)


def _share(metrics: Row) -> str:
    shares = metrics.get("synthetic_share")
    if not shares:
        return ""
    made = {kind: share for kind, share in shares.items() if kind != "real" and share > 0}
    if not made:
        return "Synthetic share: none."
    parts = " and ".join(f"{share:.0%} {kind}" for kind, share in made.items())
    return (
        f"Synthetic share: {sum(made.values()):.0%} of what the network saw in training was made rather than found "
        f"({parts}). No figure over real slices below was measured on made ones."
    )


def _reference(metadata: Row, metrics: Row) -> str:
    told = " ".join(item["name"] for item in metadata["training_data"]) + " " + metrics["data"]["name"]
    lines = [text for word, text in _REFERENCE.items() if word.lower() in told.lower()]
    return "\n".join(f"- {line}" for line in lines)


def _protocol(metrics: Row) -> str:
    without = metrics["data"].get("slices_without_brain")
    brain = f" {without} slices in which no brain was found are counted too." if without else ""
    return (
        f"{metrics['protocol']} {metrics['folds']} folds; {metrics['bootstraps']} resamples.{brain} The model that "
        "ships was trained on all patients by the same recipe, so no figure over real slices is of that very model: "
        f"each is of one of the {metrics['folds']} models that left the patient out. Calibration and thresholds that "
        "ship were fitted on all out-of-fold logits. The recipe was chosen with these folds in sight, which may "
        "flatter the figures a little."
    )


def _synthetic(metrics: Row) -> list[str]:
    synthetic = metrics.get("synthetic")
    if not synthetic:
        return []
    parts = [
        "## Results on held-back synthetic sets",
        "Heads and lesions that no model was trained on. Painted volumes are judged by the models that left their "
        "patients out; calibration and thresholds are those fitted on real slices.",
        synthetic_table(synthetic).markdown(),
        twin_sentence(synthetic["twins"]),
    ]
    if synthetic["hard_negatives"]:
        parts.append(_titled(hard_negative_table(synthetic)))
    return parts


def _frozen(frozen: Row | None) -> list[str]:
    tables = frozen_tables(frozen)
    if not tables:
        return []
    first, *others = tables
    return [
        "## Versions side by side on the frozen synthetic set",
        first.markdown(),
        NOTE,
        *map(_titled, others),
    ]


def _regions(metrics: Row) -> list[str]:
    table = region_table(metrics)
    return ["## Where the blood is", table.markdown(), table.note] if table else []


def _training_curve(metrics: Row) -> list[str]:
    table = curve_table(metrics.get("training_curve") or [])
    return [f"## {table.title}", table.markdown(), table.note] if table else []


def _data_sets(metrics: Row) -> list[str]:
    table = data_set_table(metrics)
    return ["## Results by data set", table.markdown()] if table else []


def _strata(metrics: Row) -> list[str]:
    tables = stratum_tables(metrics)
    heading = ["## Results by volume, brightness, place, thickness, age and type"] if tables else []
    return [*heading, *(_titled(table) for table in tables)]


def _external(metrics: Row) -> str:
    external = metrics.get("external_test")
    if not external:
        return (
            "**External test: none yet.** How it does on scans of other hospitals is not known; usually it is "
            "worse."
        )
    return (
        f"{external['slices']} slices of {external['patients']} patients ({', '.join(external['sources'])}) on which "
        f"nothing was trained or fitted.\n\n{ranking_table(external).markdown()}\n\n"
        f"{operating_table(external['slice'], '').markdown()}\n\n{study_table(external).markdown()}"
    )


def _failures(metrics: Row) -> str:
    lines = [*_no_better_than_chance(metrics), *_few(metrics)]
    lines += [
        "- Small or isodense bleeds are missed, above all subarachnoid blood and thin collections along the skull.",
        "- Bright things that are no blood may be flagged: calcification, dense falx and sinuses, streaks of bone "
        "and metal, bone that is cut flat at the vertex and the skull base. So may old, shrunken and infarcted "
        "heads, heads turned far to a side, and air in the skull.",
        "- The real slices are of one hospital, trauma, mostly adults: children and other scanners are hardly "
        "represented.",
        "- Epidural and subdural blood are told apart by shape, and are mistaken for each other.",
        "- CT-ICH does not tell the pixel spacing: the width of the skull stands in for it, so that the scale of its "
        "pictures is right to about 5 % only. Its slices are taken to be 5 mm apart.",
    ]
    return "\n".join(lines)


def _no_better_than_chance(metrics: Row) -> list[str]:
    """Names the labels whose interval reaches down to chance, and those that hardly ever are flagged."""
    figures = metrics["slice"].items()
    chance = [label for label, f in figures if f["auc_ci95"] is None or f["auc_ci95"][0] <= 0.5]
    silent = [
        label for label, f in figures if (f["operating_points"]["balanced"]["sensitivity"] or 0.0) < 0.15
    ]
    lines = []
    if chance:
        lines.append(f"- Not shown to be better than chance over slices: {', '.join(chance)}.")
    if silent:
        lines.append(
            f"- Hardly ever flagged at the {POINT_NAMES['balanced']} operating point, even where it is: "
            f"{', '.join(silent)}."
        )
    return lines


def _few(metrics: Row) -> list[str]:
    """Names the labels with few patients, with what that means for their interval."""
    few = [
        f"{label} ({f['patients']} patients; AUC {interval(f, 'auc')})"
        for label, f in metrics["slice"].items()
        if f.get("patients", 99) < 20
    ]
    if not few:
        return [
            "- Few patients stand behind the rarer types: see the positives and the width of the intervals."
        ]
    return [
        f"- Few patients stand behind some figures, which are worth as much as their interval: {'; '.join(few)}."
    ]


def _titled(table: Table) -> str:
    if not table.rows:
        return ""
    note = f"\n\n{table.note}" if table.note else ""
    return f"### {table.title}\n{table.markdown()}{note}"
