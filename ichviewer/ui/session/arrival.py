"""A study of which images are still to come: how far it is, and its series marked so that nobody takes it for whole.

Nothing here knows Qt or the network. Whoever fetches a study says how far it is; whoever shows it asks for the files
that stand, lists them now and then, and marks the series as `as_received` does. The mark is a problem of each series
(`ProblemCode.NOT_ALL_RECEIVED`): the analysis, volumes, mL and the CSV refuse or name such a series by it. A series
that is known to be whole while others arrive has no mark.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from ichviewer.domain.eligibility import is_of_headers
from ichviewer.domain.identity import series_identity
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.ui.look.language import english, tr
from ichviewer.ui.look.words import counted, series_title

Refusals = Mapping[SeriesKey, Problem | None]
"""Why series are not analyzed; None for those that are."""

Objects = Mapping[str, frozenset[str]]
"""SOP Instance UIDs of all objects of series, by the Series Instance UIDs."""


class Stage(Enum):
    """How far a study is."""

    RECEIVING = "receiving"
    BROKEN = "broken"
    """Nothing more comes, and images are missing: the line broke, or a person stopped it."""
    WHOLE = "whole"
    """The source has sent what it has, but for what `Received.not_sent` says."""


@dataclass(frozen=True)
class Received:
    """What of a study stands at a moment.

    Parameters
    ----------
    paths : tuple of Path
        Whole files that were checked, or the folders of a whole study.
    n_received : int
        Images that stand.
    n_expected : int
        Images that the source lists; 0 where it does not say.
    stage : Stage
    not_sent : mapping of str to str
        Of a whole study, what the source lists and did not send, in words, by the UIDs of the series that lack it;
        under "" where the series cannot be told. Empty for nothing.
    whole : mapping of str to frozenset of str
        The series of which all stands while others arrive, with all that the source lists of them.
    """

    paths: tuple[Path, ...]
    n_received: int
    n_expected: int
    stage: Stage
    not_sent: Mapping[str, str] = field(default_factory=dict)
    whole: Objects = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.n_received, self.n_expected) < 0:
            raise ValueError(f"images are counted from 0. Received: {self.n_received}, {self.n_expected}")
        if self.not_sent and self.stage is not Stage.WHOLE:
            raise ValueError(f"the source is asked for more while it sends. Received: {self.stage}")

    @property
    def words(self) -> str:
        """E.g. ``12 of 34 images received``; empty for a whole study."""
        if self.stage is Stage.WHOLE:
            return ""
        # More may come than was announced.
        if self.n_expected and self.n_expected >= self.n_received:
            return tr("{done:,} of {images} received").format(
                done=self.n_received, images=counted("image", "images", self.n_expected)
            )
        return tr("{images} received").format(images=counted("image", "images", self.n_received))

    @property
    def found(self) -> str:
        """`words` in English, for problems, which stand in files too."""
        with english():
            return self.words

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self.stage is not Stage.RECEIVING


class Arrival:
    """A study that arrives; may be used from any thread.

    Parameters
    ----------
    folder : Path
        Where its files lie, nothing else among them.
    files : callable
        Gives its files that stand whole and were checked; from any thread, without waiting.
    more_folders : callable
        Gives further folders in which files lie, for which the first had no room.
    whole : callable
        Gives the series of which all stands, as `Received.whole`; as ``files``. No series unless told.
    """

    def __init__(
        self,
        folder: Path,
        files: Callable[[], Sequence[Path]],
        *,
        more_folders: Callable[[], Sequence[Path]] = tuple,
        whole: Callable[[], Objects] = dict,
    ) -> None:
        self.folder = folder
        self._files, self._more_folders, self._whole = files, more_folders, whole
        self._lock = threading.Lock()
        self._n_expected = 0
        self._stage = Stage.RECEIVING
        self._not_sent: Mapping[str, str] = {}

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self._stage

    def expect(self, n_images: int) -> None:
        """Say how many images the source lists; 0 where it does not say."""
        with self._lock:
            self._n_expected = max(0, n_images)

    def end(self, stage: Stage, not_sent: Mapping[str, str] | None = None) -> None:
        """Say that nothing more comes.

        Parameters
        ----------
        stage : Stage
            `Stage.WHOLE` only after all files of the folder were checked.
        not_sent : mapping of str to str, optional
            See `Received`.
        """
        with self._lock:
            if self._stage is not Stage.RECEIVING or stage is Stage.RECEIVING:
                raise ValueError(f"a study ends to arrive once. Received: {stage} after {self._stage}")
            self._stage, self._not_sent = stage, dict(not_sent or {})

    def received(self) -> Received:
        """What stands now."""
        with self._lock:
            # The stage first: after it no file is added.
            stage, n_expected, not_sent = self._stage, self._n_expected, self._not_sent
        # Before the files, for the same reason: all objects of a whole series are among them.
        whole = {} if stage is Stage.WHOLE else dict(self._whole())
        files = tuple(self._files())
        paths = (self.folder, *self._more_folders()) if stage is Stage.WHOLE else files
        return Received(paths, len(files), n_expected, stage, not_sent, whole)


def as_received(
    catalog: Catalog, refusals: Refusals, received: Received, before: Sequence[Series]
) -> tuple[Catalog, Refusals]:
    """A catalog of what stands of a study, with its series marked, and why they are not analyzed.

    Parameters
    ----------
    catalog : Catalog
    refusals : mapping of SeriesKey to Problem or None
        Why its series are not analyzed, by their headers.
    received : Received
        What was listed.
    before : sequence of Series
        As they were marked the last time: a series that is as it was stays the same object, so that who shows it need
        not show it anew.

    Returns
    -------
    tuple of (Catalog, mapping of SeriesKey to Problem or None)
        With the number of images in the reasons, as long as the study is not whole.
    """
    known, whole = {series.key: series for series in before}, _whole_series(catalog.series, received.whole)

    def marked(series: Series) -> Series:
        new, old = _marked(series, received, whole), known.get(series.key)
        return old if old is not None and _same(old, new) else new

    studies = tuple(
        replace(study, series=tuple(marked(one) for one in study.series)) for study in catalog.studies
    )
    found = replace(catalog, studies=studies, problems=(*catalog.problems, *_not_shown(catalog, received)))
    why = {
        series.key: refusals.get(series.key)
        if series.all_received or is_of_headers(refusals.get(series.key))
        else Problem(ProblemCode.NOT_ALL_RECEIVED, _title(series), received.found)
        for series in found.series
    }
    return found, why


def _whole_series(shown: Sequence[Series], whole: Objects) -> set[str]:
    """UIDs of the series that are whole beyond doubt: they hold nothing that the source does not list of them."""
    held: dict[str, set[str]] = {}
    places: dict[str, set[str]] = {}
    for series in shown:
        for info in series.slices:
            held.setdefault(series.key.series_uid, set()).add(info.sop_uid)
            places.setdefault(info.sop_uid, set()).add(series.key.series_uid)
    return {
        uid
        for uid, listed in whole.items()
        # An image may say that it is of another series than the source says; then both are in doubt.
        if held.get(uid, set()) <= listed and all(places.get(sop, {uid}) == {uid} for sop in listed)
    }


def _not_shown(catalog: Catalog, received: Received) -> tuple[Problem, ...]:
    """What the source did not send of series of which nothing came, so that no series can say it."""
    shown = {"", *(series.key.series_uid for series in catalog.series)}
    return tuple(
        Problem(ProblemCode.IMAGES_NOT_SENT, str(received.paths[0]), words)
        for uid, words in received.not_sent.items()
        if uid not in shown
    )


def _marked(series: Series, received: Received, whole: Collection[str]) -> Series:
    if received.stage is Stage.WHOLE:
        said = (received.not_sent.get(uid) for uid in (series.key.series_uid, ""))
        words = next(filter(None, said), "")
        if not words:
            return series
        problem = Problem(ProblemCode.IMAGES_NOT_SENT, _title(series), words)
    elif series.key.series_uid in whole:
        return series
    else:
        # Without the number while it rises: the series would be another one with every image of any series.
        found = received.found if received.over else "they are still being received"
        problem = Problem(ProblemCode.NOT_ALL_RECEIVED, _title(series), found)
    return replace(series, problems=(problem, *series.problems))


def _title(series: Series) -> str:
    """Of a series, for problems: in English."""
    with english():
        return series_title(series)


def _same(old: Series, new: Series) -> bool:
    return old.problems == new.problems and series_identity(old) == series_identity(new)
