"""Tables of the synthetic sets, of strata, of localisation, and of several data sets side by side."""

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
    """By volume, brightness, age and thickness, what there is of them."""
    synthetic = metrics.get("synthetic") or {}
    tables = [
        _blood_table("Blood in the slice, synthetic sets", "mL", synthetic.get("by_volume_ml") or {}),
        _blood_table("Mean HU of the blood, synthetic sets", "HU", synthetic.get("by_hu") or {}),
        _study_table(synthetic.get("by_study_volume_ml") or []),
        _amount_table("Age, real slices", "age", "years", metrics.get("by_age_years") or []),
        _amount_table(
            "Slice thickness, real slices", "thickness", "mm", metrics.get("by_thickness_mm") or []
        ),
        _amount_table(
            "Slice thickness, synthetic sets", "thickness", "mm", synthetic.get("by_thickness_mm") or []
        ),
        _type_table(metrics.get("any_by_type") or {}),
    ]
    return [table for table in tables if table.rows]


def _blood_table(title: str, unit: str, bins: dict[str, list[Row]]) -> Table:
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


def _amount_table(title: str, what: str, unit: str, bins: list[Row]) -> Table:
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
        what,
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


def localisation_table(metrics: Row) -> Table | None:
    """Pointing game and Dice; None where no map was judged."""
    figures = metrics.get("localisation")
    if not figures:
        return None
    rows = tuple(
        (
            label,
            str(f["slices"]),
            interval(f, "pointing"),
            interval(f, "dice"),
            number(f["dice_median"], 2),
        )
        for label, f in figures.items()
    )
    return Table(
        "Localization on synthetic slices",
        ("type", "slices", "map peaks in the blood (95 %)", "Dice, mean (95 %)", "Dice, median"),
        rows,
        "A map is judged wherever its type is drawn in a mask, flagged or not; a peak within 5 mm counts.",
    )


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
