"""Tables of the synthetic sets, of strata, of the region maps, and of several data sets side by side."""

from __future__ import annotations

from ichviewer.learning.evaluation.table import POINT_NAMES, Row, Table, interval, number, span


def synthetic_table(synthetic: Row) -> Table:
    """AUC of each label on each held-back synthetic set."""
    sets = synthetic["sets"]
    labels = list(next(iter(sets.values()))["labels"])
    rows = tuple(
        (
            name,
            f"{f['slices']} / {f['heads']}",
            *(interval(f["labels"][label], "auc") for label in labels),
            interval(f, "auc_of_types"),
        )
        for name, f in sets.items()
    )
    header = ("held-back synthetic set", "slices / heads", *labels, "mean of the types")
    return Table("AUC on held-back synthetic sets (95 %)", header, rows)


def twin_sentence(twins: Row) -> str:
    """What is said of heads whose blood was left out."""
    if not twins.get("pairs"):
        return "There are no pairs of heads with and without blood in the synthetic set."
    rates = "; ".join(
        f"{POINT_NAMES.get(name, name)}: {interval(twins['false_positives'], name)} of slices, "
        f"{interval(twins['series_flagged'], name)} of series"
        for name in twins["false_positives"]
        if not name.endswith("_ci95")
    )
    ranks = (
        f" The slice with blood gets the higher probability than the same slice without in "
        f"{interval(twins, 'bleed_ranks_above')} of {twins['slice_pairs']} pairs of slices."
        if "bleed_ranks_above" in twins
        else ""
    )
    return (
        f"Flagged falsely in the same heads without blood ({twins['pairs']} pairs, {twins['slices']} slices): "
        f"{rates}.{ranks}"
    )


def hard_negative_table(synthetic: Row) -> Table:
    """Slices and series flagged falsely, by what was put in."""
    rows = tuple(
        (
            f["trait"],
            f"{f['series']} / {f['slices']}",
            interval(f["false_positives"], "balanced"),
            interval(f["false_positives"], "high_sensitivity"),
            interval(f["series_flagged"], "balanced"),
        )
        for f in synthetic["hard_negatives"]
    )
    header = (
        "put in",
        "series / slices",
        "slices flagged, balanced (95 %)",
        "high sensitivity (95 %)",
        "series flagged, balanced (95 %)",
    )
    note = "A series with several of them counts under each, and once for each model that spoke about it."
    return Table("Flagged as any hemorrhage in heads without blood", header, rows, note)


def stratum_tables(metrics: Row) -> list[Table]:
    """By volume, brightness, place, thickness, age and type, what there is of them."""
    synthetic = metrics.get("synthetic") or {}
    tables = [
        blood_table("Blood in the slice, synthetic sets", "mL", synthetic.get("by_volume_ml") or {}),
        blood_table("Mean HU of the blood, synthetic sets", "HU", synthetic.get("by_hu") or {}),
        _study_table(synthetic.get("by_study_volume_ml") or []),
        place_table("Where the blood lies, real slices", metrics.get("by_place") or []),
        place_table("Where the blood lies, synthetic sets", synthetic.get("by_place") or []),
        _range_table("Slice thickness, real slices", "mm", metrics.get("by_thickness_mm") or []),
        _range_table("Slice thickness, synthetic sets", "mm", synthetic.get("by_thickness_mm") or []),
        _range_table("Age of the patient, real slices", "years", metrics.get("by_age") or []),
        _type_table(metrics.get("any_by_type") or {}),
    ]
    return [table for table in tables if table.rows]


def blood_table(title: str, unit: str, bins: dict[str, list[Row]]) -> Table:
    """What is found of each type by how much there is of it, or how bright it is."""
    rows = tuple(
        (label, span(f, unit), str(f["slices"]), interval(f, "auc"), *_sensitivities(f))
        for label, some in bins.items()
        for f in some
    )
    header = ("type", unit, "slices", "AUC (95 %)", "sensitivity, balanced", "high sensitivity")
    return Table(title, header, rows)


def _study_table(bins: list[Row]) -> Table:
    rows = tuple((span(f, "mL"), str(f["series"]), *_sensitivities(f)) for f in bins)
    header = ("blood in the series", "series", "sensitivity, balanced", "high sensitivity")
    return Table("Series found, by all blood in it, synthetic sets", header, rows)


def place_table(title: str, places: list[Row]) -> Table:
    """What is found by where the blood lies."""
    rows = tuple((f["place"], str(f["slices"]), interval(f, "auc"), *_sensitivities(f)) for f in places)
    header = ("place", "slices", "AUC of any (95 %)", "sensitivity of any, balanced", "high sensitivity")
    return Table(title, header, rows, "The place of the blood is worked out roughly, from its mask.")


def _range_table(title: str, unit: str, bins: list[Row]) -> Table:
    rows = tuple(
        (
            span(f, unit),
            f"{f['positives']} / {f['slices']}",
            interval(f, "auc"),
            *_sensitivities(f),
            interval(f, "specificity_balanced"),
        )
        for f in bins
    )
    header = (
        unit,
        "positives / slices",
        "AUC of any (95 %)",
        "sensitivity, balanced",
        "high sensitivity",
        "specificity, balanced",
    )
    return Table(title, header, rows)


def _type_table(by_type: dict[str, Row]) -> Table:
    rows = tuple(
        (label, str(f["slices"]), interval(f, "balanced"), interval(f, "high_sensitivity"))
        for label, f in by_type.items()
    )
    header = ("slices with", "slices", "balanced", "high sensitivity")
    return Table("Flagged as any hemorrhage, by the type that is there (real slices)", header, rows)


def region_table(metrics: Row) -> Table | None:
    """Pointing game, Dice and volumes of the region maps; None where no map was judged."""
    regions = metrics.get("regions")
    if not regions:
        return None
    rows = tuple(
        (
            name,
            label,
            str(f["slices"]),
            interval(f, "pointing"),
            interval(f, "dice"),
            number(f["dice_median"], 2),
            str(f["series"]),
            number(f.get("true_ml"), 1),
            "{:+.1f} ({:+.1f} to {:+.1f})".format(f["bias_ml"], *f["limits_ml"]) if "bias_ml" in f else "-",
            number(f.get("spearman"), 2),
        )
        for name, labels in regions["sets"].items()
        for label, f in labels.items()
    )
    header = (
        "set",
        "label",
        "slices",
        "map peaks in the blood (95 %)",
        "Dice, mean (95 %)",
        "Dice, median",
        "series",
        "drawn, mL (mean)",
        "volume found minus drawn, mL (limits of agreement)",
        "Spearman",
    )
    note = (
        "A map is judged wherever its type is drawn in a mask, flagged or not; a peak within 5 mm counts. Outlines "
        f"and volumes are calibrated on {', '.join(regions['fitted_on'])}, each fold's on the other folds. Volumes "
        "are those of whole series with blood; 95 % of the differences lie within the limits of agreement."
    )
    return Table("Where the blood is", header, rows, note)


def data_set_table(metrics: Row) -> Table | None:
    """AUC of each label on each data set; None for figures that hold none."""
    sets = metrics.get("by_data_set")
    if not sets:
        return None
    labels = list(sets[0]["labels"])
    rows = tuple(
        (
            f["set"],
            f"{f['slices']} / {f['patients']}",
            *(
                f"{interval(f['labels'][label], 'auc')}, n={f['labels'][label]['positives']}"
                for label in labels
            ),
        )
        for f in sets
    )
    return Table("AUC by data set and label", ("data set", "slices / patients", *labels), rows)


def _sensitivities(row: Row) -> tuple[str, str]:
    return interval(row, "sensitivity_balanced"), interval(row, "sensitivity_high_sensitivity")
