"""Painted regions in the CSV and the JSON of annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ichviewer.domain import run_lengths
from ichviewer.domain.painted_region import PaintedRegion, SliceMask
from ichviewer.domain.region_numbers import NoMl, RegionNumbers
from ichviewer.domain.region_volume import RegionVolume
from ichviewer.domain.series import SeriesKey
from ichviewer.services.csv_cells import text_cell

KIND = "region"
"""Stands in the column of kinds."""

ESTIMATED, GAP, NOT_CHECKED = "estimated_spacing", "slices_missing", "not_checked"
"""Codes of notes beside those of `ichviewer.domain.region_numbers.NoMl`."""


@dataclass(frozen=True)
class ExportedRegion:
    """A region, and what was measured of it on the pixels that it was painted on.

    Parameters
    ----------
    region : PaintedRegion
    numbers : RegionNumbers or None
        None where its slices were not checked.
    """

    region: PaintedRegion
    numbers: RegionNumbers | None = None

    def __post_init__(self) -> None:
        numbers = self.numbers
        here = self.region.n_pixels, len(self.region.masks)
        if numbers is not None and (numbers.n_pixels, numbers.n_slices) != here:
            raise ValueError(f"what is exported was measured of this region. Received: {numbers} for {here}")

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said beside the numbers, as codes."""
        numbers = self.numbers
        if numbers is None:
            return (NOT_CHECKED,)
        why = () if numbers.no_ml is None else (numbers.no_ml.value,)
        return why + (ESTIMATED,) * numbers.estimated + (GAP,) * numbers.has_gap

    def quantities(self) -> tuple[tuple[str, float, str], ...]:
        """Name, value and unit of all that was measured."""
        found: list[tuple[str, float, str]] = [
            ("n_pixels", self.region.n_pixels, "pixels"),
            ("n_slices", len(self.region.masks), "slices"),
        ]
        volume = None if self.numbers is None else self.numbers.volume
        if volume is not None:
            found += [("volume", volume.ml, "mL"), ("volume_low", volume.low_ml, "mL")]
            found += [("volume_high", volume.high_ml, "mL")]
        if self.numbers is not None and self.numbers.abc2_ml is not None:
            found.append(("volume_abc2", self.numbers.abc2_ml, "mL"))
        return tuple(found)


def region_cells(exported: ExportedRegion) -> Iterator[dict[str, str]]:
    """Cells of the CSV by their columns: a row for each quantity, and one for each slice with its pixels."""
    region = exported.region
    shared = {
        "id": text_cell(region.id),
        "kind": KIND,
        "notes": ";".join(exported.notes),
        "label": text_cell(region.name),
        "created": region.created.astimezone(UTC).isoformat(),
        "modified": region.modified.astimezone(UTC).isoformat(),
        "study_uid": text_cell(region.series.study_uid),
        "series_uid": text_cell(region.series.series_uid),
    }
    for name, value, unit in exported.quantities():
        yield {**shared, "quantity": name, "value": f"{value + 0.0:.6g}", "unit": unit}
    for mask in region.masks:
        yield {
            **shared,
            "quantity": "n_pixels_on_slice",
            "value": str(mask.n_pixels),
            "unit": "pixels",
            "sop_uid": text_cell(mask.sop_uid),
            "frame_number": str(mask.frame + 1),
            "coordinates": "slice_px",
            "pixel_hash": text_cell(mask.pixel_hash),
        }


def region_record(exported: ExportedRegion) -> dict[str, Any]:
    """A region as JSON can hold it. Frames are counted from 1 there, as DICOM does (PS3.3 C.7.6.16)."""
    region, numbers = exported.region, exported.numbers
    return {
        "id": region.id,
        "study_uid": region.series.study_uid,
        "series_uid": region.series.series_uid,
        "series_part": region.series.part,
        "name": region.name,
        "created": region.created.isoformat(),
        "modified": region.modified.isoformat(),
        "slices": [
            {
                "sop_uid": mask.sop_uid,
                "frame_number": mask.frame + 1,
                "pixel_hash": mask.pixel_hash,
                "rows": mask.rows,
                "columns": mask.columns,
                "run_lengths": run_lengths.as_text(mask.runs),
            }
            for mask in region.masks
        ],
        "measured": None if numbers is None else _numbers_record(numbers),
    }


def region_from(record: Mapping[str, Any]) -> ExportedRegion:
    """The region of a record.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        masks = tuple(
            SliceMask(
                one["sop_uid"],
                one["frame_number"] - 1,
                one["pixel_hash"],
                one["rows"],
                one["columns"],
                run_lengths.from_text(one["run_lengths"]),
            )
            for one in record["slices"]
        )
        region = PaintedRegion(
            record["id"],
            SeriesKey(record["study_uid"], record["series_uid"], record["series_part"]),
            masks,
            datetime.fromisoformat(record["created"]),
            datetime.fromisoformat(record["modified"]),
            record["name"],
        )
        measured = record["measured"]
        return ExportedRegion(region, None if measured is None else _numbers_from(region, measured))
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"this is no region. Received: {type(error).__name__} {error}") from error


def _numbers_record(numbers: RegionNumbers) -> dict[str, Any]:
    volume = numbers.volume
    return {
        "volume_ml": None if volume is None else volume.ml,
        "volume_low_ml": None if volume is None else volume.low_ml,
        "volume_high_ml": None if volume is None else volume.high_ml,
        "volume_abc2_ml": numbers.abc2_ml,
        "no_ml": None if numbers.no_ml is None else numbers.no_ml.value,
        "estimated_spacing": numbers.estimated,
        "slices_missing": numbers.has_gap,
    }


def _numbers_from(region: PaintedRegion, record: Mapping[str, Any]) -> RegionNumbers:
    ml = record["volume_ml"]
    volume = None if ml is None else RegionVolume(ml, record["volume_low_ml"], record["volume_high_ml"])
    no_ml = None if record["no_ml"] is None else NoMl(record["no_ml"])
    return RegionNumbers(
        region.n_pixels,
        len(region.masks),
        volume,
        no_ml,
        record["volume_abc2_ml"],
        record["estimated_spacing"],
        record["slices_missing"],
    )
