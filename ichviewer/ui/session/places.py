"""Folders, archives and files that are open beside each other, each a place of its own. Nothing here knows Qt.

Two places may hold copies of one study. Their series have the same UIDs and are kept apart by the number of the place
in their keys; the very same files, reached by way of two places, are listed once.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Series, SeriesKey, SliceSource, Study
from ichviewer.domain.stored_object import StoredObject
from ichviewer.ui.session.arrival import Arrival, Received, Stage, as_received

Files = Mapping[SeriesKey, frozenset[SliceSource]]
"""The files of series, by the paths that they have in the end, whatever links lead to them."""

StudyName = tuple[str, str, str]


def study_name(study: Study) -> StudyName:
    """What tells the studies of a place apart: a UID, and the patient, since some files have none."""
    return study.info.uid, study.patient.id, study.patient.name


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read of a place so far.

    Parameters
    ----------
    catalog : Catalog
        Its series have the number of the place in their keys.
    refusals : mapping of SeriesKey to Problem or None
        Why series are not analysed; empty while it is being read.
    files : Files
        Of its series; empty for the first place, which stands beside nothing.
    elsewhere : Files
        Of the series that were open when the reading began.
    """

    catalog: Catalog
    refusals: Mapping[SeriesKey, Problem | None] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    elsewhere: Files = field(default_factory=dict)

    def received(self, what: Received, before: Sequence[Series]) -> Reading:
        """The same of a study that arrives (see `ichviewer.ui.session.arrival.as_received`)."""
        catalog, refusals = as_received(self.catalog, self.refusals, what, before)
        return replace(self, catalog=catalog, refusals=refusals)


class PlaceReader:
    """Makes readings of what is found in a place. Used on the thread that reads.

    Parameters
    ----------
    number : int
        Of the place.
    others : sequence of Series
        What is open already.
    """

    def __init__(self, number: int, others: Sequence[Series]) -> None:
        self._number = number
        self._folders: dict[Path, Path] = {}
        self._placed: dict[SeriesKey, tuple[Series, Series]] = {}
        self._elsewhere = {series.key: self._files(series) for series in others} if number else {}

    def reading(self, found: Catalog, refusals: Mapping[SeriesKey, Problem | None] | None = None) -> Reading:
        """What was found so far; with the refusals by the keys that the files say."""
        if not self._number:
            return Reading(found, refusals or {})
        catalog = Catalog(
            tuple(replace(study, series=tuple(map(self._place, study.series))) for study in found.studies),
            found.problems,
            found.stored,
        )
        files = {series.key: self._files(series) for series in catalog.series}
        judged = {replace(key, place=self._number): why for key, why in (refusals or {}).items()}
        return Reading(catalog, judged, files, self._elsewhere)

    def _place(self, series: Series) -> Series:
        # A series that is as it was stays the same object: who shows it need not show it anew.
        known = self._placed.get(series.key)
        if known is None or known[0] is not series:
            placed = replace(series, key=replace(series.key, place=self._number))
            known = self._placed[series.key] = series, placed
        return known[1]

    def _files(self, series: Series) -> frozenset[SliceSource]:
        return frozenset(replace(info.source, path=self._real(info.source.path)) for info in series.slices)

    def _real(self, path: Path) -> Path:
        folder = path.parent
        if folder not in self._folders:
            self._folders[folder] = Path(os.path.realpath(folder))
        return self._folders[folder] / path.name


def names_of(paths: Sequence[Path]) -> str:
    """Paths in a few words: their last parts."""
    names = [path.name or str(path) for path in paths]
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


@dataclass(eq=False)
class Place:
    """What was opened at a time.

    Parameters
    ----------
    number : int
        From 0; never given twice while anything is open.
    paths : tuple of Path
        At least one.
    catalog : Catalog
        What is open of it, without the studies that were closed.
    refusals : dict of SeriesKey to Problem or None
    complete : bool
        Whether all of it was read.
    known : int
        How many of its series are open in other places, and are listed there.
    whole : bool
        Whether none of its studies was closed.
    title : str
        What it is called; empty for its paths.
    arrival : Arrival or None
        How far the study is, where its images are still to come.
    received : Received or None
        What of it was read last.
    """

    number: int
    paths: tuple[Path, ...]
    catalog: Catalog = field(default_factory=Catalog)
    refusals: dict[SeriesKey, Problem | None] = field(default_factory=dict)
    complete: bool = False
    known: int = 0
    whole: bool = True
    title: str = ""
    arrival: Arrival | None = None
    received: Received | None = None
    _closed: set[StudyName] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.number < 0 or not self.paths:
            raise ValueError(f"a place has a number and a path. Received: {self.number}, {self.paths}")

    @property
    def name(self) -> str:
        """Its title, or its paths in a few words."""
        return self.title or names_of(self.paths)

    @property
    def reading(self) -> bool:
        """Whether a person waits for it to be read; not for images of a study of which some are shown."""
        return not self.complete and (self.arrival is None or not self.catalog.studies)

    @property
    def arriving(self) -> bool:
        """Whether it is a study of which images are shown and more may come."""
        return not self.complete and not self.reading

    @property
    def broken(self) -> bool:
        """Whether it is a study that broke off while it arrived."""
        return self.arrival is not None and self.arrival.stage is Stage.BROKEN

    @property
    def incomplete(self) -> str:
        """How much of its study was received, e.g. ``12 of 34 images received``; empty for all of it."""
        return "" if self.received is None else self.received.words

    @property
    def has_news(self) -> bool:
        """Whether there is more to be read than was read last."""
        if self.complete or self.arrival is None:
            return not self.complete
        now = self.arrival.received()
        return (now.over or bool(now.paths)) and now != self.received

    def resume(self, arrival: Arrival) -> None:
        """More of its study comes, after that had broken off."""
        self.arrival, self.complete = arrival, False

    def take(self, reading: Reading, open_keys: Collection[SeriesKey], *, complete: bool) -> None:
        """Take what was read, without what is open elsewhere or was closed meanwhile.

        Parameters
        ----------
        reading : Reading
        open_keys : collection of SeriesKey
            The series that are open in other places now.
        complete : bool
            Whether that is all.
        """
        elsewhere = {file for key in reading.elsewhere if key in open_keys for file in reading.elsewhere[key]}
        catalog, known = reading.catalog, 0
        if elsewhere:
            double = {key for key, files in reading.files.items() if files <= elsewhere}
            catalog, known = _without_series(catalog, double), len(double)
        for study in catalog.studies:
            if study_name(study) in self._closed:
                catalog = without_study(catalog, study)
        self.catalog, self.known, self.complete = catalog, known, complete
        self.refusals = dict(reading.refusals)

    def close_study(self, study: Study) -> None:
        """Close a study of it; what is still read of it is not taken either."""
        self.whole = False
        if not self.complete:
            self._closed.add(study_name(study))
        self.catalog = without_study(self.catalog, study)
        for series in study.series:
            self.refusals.pop(series.key, None)


class Places:
    """The places that are open, in the order in which they were opened."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._next = 0
        self.catalog = Catalog()
        """Everything that is open."""
        self.several_patients = False
        """Whether it is of more than one patient."""

    def __len__(self) -> int:
        return len(self._places)

    @property
    def all(self) -> tuple[Place, ...]:
        """All of them."""
        return tuple(self._places)

    @property
    def paths(self) -> list[Path]:
        """All that was opened."""
        return [path for place in self._places for path in place.paths]

    @property
    def reading(self) -> bool:
        """Whether a person waits for any of them to be read."""
        return any(place.reading for place in self._places)

    @property
    def incomplete(self) -> dict[int, str]:
        """How much was received of studies that are not whole, by the numbers of their places."""
        return {place.number: words for place in self._places if (words := place.incomplete)}

    def arrives(self, key: SeriesKey) -> bool:
        """Whether more images may come of the study of a series."""
        return any(place.number == key.place and place.arriving for place in self._places)

    def broken(self, folder: Path) -> Place | None:
        """The place of a study that broke off while it arrived in a folder, None where there is none."""
        return next(
            (place for place in self._places if place.broken and place.whole and place.paths == (folder,)),
            None,
        )

    def open(self, paths: Sequence[Path], title: str = "", arrival: Arrival | None = None) -> Place:
        """Another place, called by its paths unless it has a title; nothing of it is read yet."""
        place = Place(self._next, tuple(paths), title=title, arrival=arrival)
        self._next += 1
        self._places.append(place)
        return place

    def close(self, place: Place) -> None:
        """Close a place."""
        self._places.remove(place)
        self.gather()

    def clear(self) -> None:
        """Close all places."""
        self._places.clear()
        self._next = 0
        self.gather()

    def gather(self) -> None:
        """Put the catalogs of all places together anew: one of them has changed."""
        catalogs = [place.catalog for place in self._places]
        if len(catalogs) == 1:
            self.catalog = catalogs[0]
        else:
            self.catalog = Catalog(
                tuple(study for catalog in catalogs for study in catalog.studies),
                tuple(problem for catalog in catalogs for problem in catalog.problems),
                tuple(stored for catalog in catalogs for stored in catalog.stored),
            )
        patients = {(study.patient.id, study.patient.name) for study in self.catalog.studies}
        self.several_patients = len(patients) > 1

    def of(self, key: SeriesKey) -> tuple[Place, Study] | None:
        """The place and the study that a series belongs to, None where it is not open."""
        for place in self._places:
            if place.number == key.place:
                for study in place.catalog.studies:
                    if any(series.key == key for series in study.series):
                        return place, study
        return None

    def keys_beside(self, place: Place) -> set[SeriesKey]:
        """The series of all other places."""
        return {series.key for other in self._places if other is not place for series in other.catalog.series}

    def names(self) -> dict[int, str]:
        """What the places are called, by their numbers; nothing where there is only one."""
        return {place.number: place.name for place in self._places} if len(self._places) > 1 else {}

    def opened(self, path: Path) -> bool:
        """Whether a path was opened already, by this or another way to it, and nothing of it was closed."""
        real = os.path.realpath(path)
        whole = (place for place in self._places if place.whole)
        return any(os.path.realpath(known) == real for place in whole for known in place.paths)


def without_study(catalog: Catalog, gone: Study) -> Catalog:
    """A catalog without a study, and without what is said of files in folders in which only that study lies.

    Which study a file that cannot be read belongs to is not known; it goes with the study that it lies beside.
    """
    left = tuple(study for study in catalog.studies if study is not gone)
    own, others = _folders([gone]), _folders(left)
    slices = {str(info.source) for series in gone.series for info in series.slices}
    problems = tuple(
        problem
        for problem in catalog.problems
        if not _is_copy_of(problem, slices) and _nearest(problem.where, own | others) not in own - others
    )
    stored = tuple(result for result in catalog.stored if not _goes_with(result, gone, left))
    return Catalog(left, problems if left else (), stored if left else ())


def _goes_with(stored: StoredObject, gone: Study, left: Sequence[Study]) -> bool:
    """Whether a result goes with a study: it is of that patient, or no study is left that it could be of."""
    if stored.study.uid != gone.info.uid:
        return False
    same_patient = (stored.patient.id, stored.patient.name) == (gone.patient.id, gone.patient.name)
    return same_patient or all(study.info.uid != stored.study.uid for study in left)


def _without_series(catalog: Catalog, keys: Collection[SeriesKey]) -> Catalog:
    for study in catalog.studies:
        series = tuple(one for one in study.series if one.key not in keys)
        if not series:
            catalog = without_study(catalog, study)
        elif len(series) < len(study.series):
            less = replace(study, series=series)
            catalog = replace(catalog, studies=tuple(less if s is study else s for s in catalog.studies))
    return catalog


def _is_copy_of(problem: Problem, slices: Collection[str]) -> bool:
    if problem.code is not ProblemCode.DUPLICATE_INSTANCE:
        return False
    original = problem.found.removeprefix("same as ")
    return original in slices or original.rpartition("#")[0] in slices


def _folders(studies: Iterable[Study]) -> set[PurePath]:
    return {
        _as_path(str(info.source)).parent
        for study in studies
        for series in study.series
        for info in series.slices
    }


def _nearest(where: str, folders: Collection[PurePath]) -> PurePath | None:
    """The folder among some that a file lies in or below, the innermost one."""
    return next((folder for folder in _as_path(where).parents if folder in folders), None)


def _as_path(source: str) -> PurePath:
    """A member of an archive as if the archive were a folder."""
    return PurePath(source.replace("!", os.sep))
