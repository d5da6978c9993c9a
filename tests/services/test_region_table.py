"""Painted regions in the file of annotations: kept, brought up from an older file, and told where damaged."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from annotation_factory import make
from hypothesis import given, settings
from region_factory import NOON, mask_of, region_in, regions
from synthetic_head import SIZE, make_series

from ichviewer.domain.annotation.kinds import Length
from ichviewer.domain.painted_region import PaintedRegion, RegionStep
from ichviewer.errors import ExportError
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.services.annotations_file import MIGRATIONS
from ichviewer.services.region_table import REGION_TABLES, insert_region, stored_regions, to_stored

SERIES = make_series(4)
SQUARE = np.zeros((SIZE, SIZE), dtype=bool)
SQUARE[10:20, 10:20] = True


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "annotations.sqlite3"


def painted(slices: int = 3, region_id: str = "r") -> PaintedRegion:
    return region_in(SERIES, dict.fromkeys(range(slices), SQUARE), region_id)


def saved(path: Path) -> tuple[PaintedRegion, ...]:
    with AnnotationsDb(path) as db:
        assert db.set_aside is None
        return db.regions_of_series(SERIES)


def raw(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(sql)
    connection.close()


@given(regions())
@settings(max_examples=60)
def test_any_region_comes_back_equal(region):
    connection = sqlite3.connect(":memory:")
    for statement in REGION_TABLES:
        connection.execute(statement)
    insert_region(connection, to_stored(region))
    (stored,) = stored_regions(connection)
    assert stored.region() == region
    connection.close()


def test_steps_and_their_undoing_are_saved(path):
    one = painted()
    masks = (*one.masks[:2], mask_of(one.masks[2].sop_uid, ~SQUARE))
    other = replace(one, masks=masks, modified=NOON + timedelta(1), name="larger")
    with AnnotationsDb(path) as db:
        db.apply(RegionStep(None, one))
        assert db.regions_of_series(SERIES) == (one,)
        db.apply(RegionStep(one, other))
        assert db.regions_of_series(SERIES) == (other,)
        db.apply(RegionStep(one, other).inverse)
        db.apply(RegionStep(one, None))
        assert db.regions_of_series(SERIES) == ()
        db.apply(RegionStep(None, other))
    assert saved(path) == (other,)


def test_only_masks_that_changed_are_written(path):
    one = painted(4)
    masks = (mask_of(one.masks[0].sop_uid, ~SQUARE), *one.masks[1:])
    with AnnotationsDb(path) as db:
        db.apply(RegionStep(None, one))
        connection = sqlite3.connect(path)
        ids = "SELECT sop_uid, rowid FROM region_mask"
        before = dict(connection.execute(ids).fetchall())
        db.apply(RegionStep(one, replace(one, masks=masks)))
        after = dict(connection.execute(ids).fetchall())
        connection.close()
    changed = {uid for uid in after if after[uid] != before[uid]}
    assert changed <= {one.masks[0].sop_uid} and len(after) == 4


def test_what_another_program_changed_is_not_overwritten(path):
    one = painted()
    with AnnotationsDb(path) as db, AnnotationsDb(path) as other:
        db.apply(RegionStep(None, one))
        other.apply(RegionStep(one, replace(one, name="theirs")))
        with pytest.raises(ExportError, match="another program"):
            db.apply(RegionStep(one, replace(one, name="ours")))
        with pytest.raises(ExportError, match="another program"):
            db.apply(RegionStep(None, one))
    assert [region.name for region in saved(path)] == ["theirs"]


def test_regions_of_other_series_are_left_out(path):
    with AnnotationsDb(path) as db:
        db.apply(RegionStep(None, painted()))
        other = replace(SERIES, key=replace(SERIES.key, series_uid="9.9"))
        assert db.regions_of_series(other) == ()
        part = replace(SERIES, slices=SERIES.slices[3:])
        assert db.regions_of_series(part) == ()


def test_a_file_without_regions_is_brought_up_to_date_and_keeps_its_annotations(path):
    drawn = make(Length, [(0, 0), (3, 4)])
    with AnnotationsDb(path, migrations=MIGRATIONS[:1]) as db:
        db.add(drawn)
    with AnnotationsDb(path) as db:
        assert db.set_aside is None and db.all() == (drawn,)
        db.apply(RegionStep(None, painted()))
    assert saved(path) == (painted(),)


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM region_mask WHERE rowid = 1",
        "UPDATE region_mask SET runs = '0 1 ' || runs WHERE rowid = 2",
        "UPDATE region_mask SET pixel_hash = 'q' WHERE rowid = 2",
        "UPDATE region_mask SET image_rows = image_rows / 2, image_columns = image_columns * 2 WHERE rowid = 2",
        "UPDATE region_mask SET frame = 1.5 WHERE rowid = 1",
        "UPDATE region SET record = '{}' WHERE id = 'a'",
        "UPDATE region SET series_uid = '9' WHERE id = 'a'",
    ],
)
def test_a_damaged_region_is_told_and_set_aside_and_the_others_are_kept(path, damage):
    drawn, whole = make(Length, [(0, 0), (3, 4)]), painted(region_id="b")
    with AnnotationsDb(path) as db:
        db.add(drawn)
        db.apply(RegionStep(None, painted(region_id="a")))
        db.apply(RegionStep(None, whole))
    raw(path, damage)
    with AnnotationsDb(path) as db:
        assert db.set_aside is not None
        assert db.set_aside.found == "1 painted regions are not what was saved"
        assert (db.set_aside.recovered, db.set_aside.recovered_regions) == (1, 1)
        assert "1 painted regions" in db.set_aside.text and db.set_aside.path.is_file()
        assert db.all() == (drawn,) and db.regions_of_series(SERIES) == (whole,)
    assert saved(path) == (whole,)
