"""A person's annotations, kept through the end of the program, however it ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.history import Change, Step
from ichviewer.domain.annotation.place import OnReformat, OnSlice
from ichviewer.domain.annotation.record import from_record, to_record
from ichviewer.domain.painted_region import PaintedRegion, RegionStep, of_series
from ichviewer.domain.series import Series
from ichviewer.errors import ExportError, ReadError
from ichviewer.services.annotations_file import (
    MIGRATIONS,
    Row,
    SetAside,
    damaged_files,
    default_path,
    identity_of,
    insert,
    is_whole,
    open_file,
    refusal,
    row_of,
    select,
    transaction,
)
from ichviewer.services.database_file import key_of
from ichviewer.services.region_table import is_stored, replace_region, series_values, stored_regions

WAIT_S = 5.0
"""How long another program may keep the file busy before an error says so."""

# SQLite before 3.32 takes 999 at most.
_MOST_VARIABLES = 500


class AnnotationsDb:
    """Annotations in a file of SQLite. One program's changes are seen by the others that have it open.

    A connection belongs to the thread that opened it. Nothing else in the program may open the file.

    Parameters
    ----------
    path : Path, optional
        The user's data folder unless told.
    wait_s : float
        How long to wait for another program.
    migrations : sequence of sequences of str
        See `open_file`.

    Raises
    ------
    ReadError
        If it cannot be opened. A damaged file is set aside and replaced, which `set_aside` says.
    ExportError
        If there is none yet and none can be made.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        wait_s: float = WAIT_S,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
    ) -> None:
        self._file = open_file(path or default_path(), wait_s, migrations)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._file.path

    @property
    def set_aside(self) -> SetAside | None:
        """The damaged file that was found when this one was opened; a person must be told."""
        return self._file.set_aside

    @property
    def damaged_files(self) -> tuple[Path, ...]:
        """All files that were ever set aside and are still there."""
        return damaged_files(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; all is saved already."""
        self._file.connection.close()

    def apply(self, step: Step | RegionStep) -> None:
        """Save what a person did at once: all of it, or nothing.

        When it returns, what was done outlives the program and a power cut.

        Parameters
        ----------
        step : Step or RegionStep
            As it was done, undone (`Step.inverse`) or done again.

        Raises
        ------
        ExportError
            If it cannot be saved, or if another program has changed one of the annotations in the meantime.
        """
        self._check_file()
        with transaction(self._file.connection, self.path):
            if isinstance(step, RegionStep):
                self._apply_to_region(step)
            else:
                for change in step.changes:
                    self._apply(change)
        # A program that found damage may just have put another file in the place of the one written to.
        self._check_file()

    def add(self, annotation: Annotation) -> None:
        """Save a new annotation; errors as for `apply`."""
        self.apply(Step.add(annotation))

    def change(self, before: Annotation, after: Annotation) -> None:
        """Save another version of an annotation; errors as for `apply`."""
        self.apply(Step.change(before, after))

    def delete(self, annotation: Annotation) -> None:
        """Forget an annotation; errors as for `apply`."""
        self.apply(Step.delete(annotation))

    def find(self, annotation_id: str) -> Annotation | None:
        """An annotation by its id.

        Raises
        ------
        ReadError
            If it cannot be read.
        """
        return next(iter(self._select("WHERE id = ?", [key_of(annotation_id)])), None)

    def all(self) -> tuple[Annotation, ...]:
        """All annotations, the oldest first; errors as for `find`."""
        return _in_order(self._select("", []))

    def of_slice(self, place: OnSlice, pixel_hash: str) -> tuple[Annotation, ...]:
        """Annotations of a slice, the oldest first; errors as for `find`.

        By its SOPInstanceUID and frame, also those that were drawn on other pixels under the same UID: it is for the
        window to say so and not to show them. Where a file has no UID, by its pixels.
        """
        if place.sop_uid:
            found = self._select("WHERE sop_uid = ? AND frame = ?", [key_of(place.sop_uid), place.frame])
        else:
            found = self._select("WHERE sop_uid = '' AND pixel_hash = ?", [key_of(pixel_hash)])
        return _in_order(a for a in found if isinstance(a.drawn_on.place, OnSlice))

    def of_series(self, series: Series) -> tuple[Annotation, ...]:
        """Annotations of all slices of a series and of reformats of it, the oldest first; errors as for `find`.

        Slices are found by SOPInstanceUID and frame, whatever series they were in when they were drawn on. Reformats,
        and slices without a UID, are found by the UIDs of series and study.
        """
        slices = {(info.sop_uid, info.source.frame) for info in series.slices}
        uids = sorted({uid for uid, _ in slices if uid})
        found: dict[str, Annotation] = {}
        for start in range(0, len(uids), _MOST_VARIABLES):
            some = [key_of(uid) for uid in uids[start : start + _MOST_VARIABLES]]
            marks = ", ".join("?" * len(some))
            for annotation in self._select(f"WHERE sop_uid IN ({marks})", some):
                place = annotation.drawn_on.place
                if isinstance(place, OnSlice) and (place.sop_uid, place.frame) in slices:
                    found[annotation.id] = annotation
        frames_of_reference = {info.frame_of_reference_uid for info in series.slices}
        keys = [key_of(series.key.series_uid), key_of(series.key.study_uid)]
        for annotation in self._select("WHERE series_uid = ? AND study_uid = ? AND sop_uid = ''", keys):
            place = annotation.drawn_on.place
            if not isinstance(place, OnReformat) or place.frame_of_reference_uid in frames_of_reference:
                found[annotation.id] = annotation
        return _in_order(found.values())

    def regions_of_series(self, series: Series) -> tuple[PaintedRegion, ...]:
        """Painted regions of a series, the oldest first; errors as for `find`.

        By the UIDs of series and study, and with at least one slice of the series by SOPInstanceUID and frame; also
        those that were painted on other pixels under the same UIDs, which is for the window to say.
        """
        connection, found = self._file.connection, []
        try:
            values = series_values(series.key)
            for stored in list(stored_regions(connection, "WHERE series_uid = ? AND study_uid = ?", values)):
                found.append(stored.region())
        except sqlite3.Error as error:
            raise refusal(error, self.path, ReadError) from error
        except ValueError as error:
            raise ReadError("a painted region cannot be read", str(self.path), str(error)) from error
        return tuple(sorted((r for r in found if of_series(r, series)), key=lambda r: (r.created, r.id)))

    def _apply_to_region(self, step: RegionStep) -> None:
        if not is_stored(self._file.connection, step.id, step.before):
            raise ExportError(
                "the region was changed or deleted by another program in the meantime",
                str(self.path),
                step.id,
            )
        replace_region(self._file.connection, step.before, step.after)

    def _apply(self, change: Change) -> None:
        connection, key = self._file.connection, key_of(change.id)
        if self.find(change.id) != change.before:
            raise ExportError(
                "the annotation was changed or deleted by another program in the meantime",
                str(self.path),
                change.id,
            )
        if change.before is not None:
            connection.execute("DELETE FROM annotation WHERE id = ?", [key])
        if change.after is not None:
            insert(connection, _row(change.after))

    def _select(self, where: str, values: Sequence[str | int]) -> Iterator[Annotation]:
        try:
            for row in list(select(self._file.connection, where, values)):
                if not is_whole(row):
                    raise ReadError("an annotation is not what was saved", str(self.path), str(row[0]))
                yield from_record(json.loads(str(row[7])))
        except sqlite3.Error as error:
            raise refusal(error, self.path, ReadError) from error
        except ValueError as error:
            raise ReadError("an annotation cannot be read", str(self.path), str(error)) from error

    def _check_file(self) -> None:
        """The file that is open must still be the one under its name: what goes elsewhere would be lost."""
        if identity_of(self.path) != self._file.identity:
            raise ExportError(
                "annotations cannot be saved: the file was replaced or deleted while it was open; "
                "start the program again",
                str(self.path),
            )


def _row(annotation: Annotation) -> Row:
    place, drawn = annotation.drawn_on.place, annotation.drawn_on
    sop_uid, frame = (place.sop_uid, place.frame) if isinstance(place, OnSlice) else ("", 0)
    return row_of(
        key_of(annotation.id),
        annotation.kind.value,
        key_of(sop_uid),
        frame,
        key_of(drawn.series.study_uid),
        key_of(drawn.series.series_uid),
        key_of(drawn.pixel_hash),
        json.dumps(to_record(annotation), allow_nan=False),
    )


def _in_order(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    return tuple(sorted(annotations, key=lambda a: (a.created, a.id)))
