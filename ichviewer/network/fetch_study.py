"""A study from a source into the cache, and what the person must be told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ichviewer.errors import NetworkError
from ichviewer.network.cache_key import KeyState
from ichviewer.network.cached_study import CachedStudy
from ichviewer.network.series_watch import SeriesWatch
from ichviewer.network.source import FailedObject, Retrieved, Source
from ichviewer.progress import CancelToken, Progress


@dataclass(frozen=True)
class Fetched:
    """What fetching came to.

    Parameters
    ----------
    retrieved : Retrieved or None
        None where the source could not be asked, and the study is shown as it was fetched before.
    notes : tuple of str
        Sentences to be shown with the study; empty if all of it came.
    """

    retrieved: Retrieved | None
    notes: tuple[str, ...] = ()

    @property
    def not_sent(self) -> Mapping[str, str]:
        """What the source lists and did not send, in words, by the UID of the series; empty for nothing.

        Under "" stands what is lacking of a series that cannot be told.
        """
        lacking: dict[str, list[FailedObject]] = {}
        for failed in () if self.retrieved is None else self.retrieved.failed:
            lacking.setdefault(failed.series_uid, []).append(failed)
        return {uid: _not_sent(failed) for uid, failed in lacking.items()}


def fetch_study(
    source: Source,
    study: CachedStudy,
    progress: Progress,
    cancel: CancelToken,
    on_begin: Callable[[SeriesWatch], None] = lambda _: None,
) -> Fetched:
    """Fetch what the cache lacks of a study. Files can be read as they arrive.

    Parameters
    ----------
    source : Source
    study : CachedStudy
        Open, and left open.
    progress : Progress
    cancel : CancelToken
    on_begin : callable
        Given, before anything is fetched, what says which series are whole while the others arrive.

    Raises
    ------
    NetworkError
        If the source cannot be asked and the cache does not hold all that it had before.
    ExportError
        If there is no room.
    Cancelled
    """
    watch = SeriesWatch(study)
    on_begin(watch)
    try:
        retrieved = source.retrieve(study.study_uid, None, watch, progress, cancel, on_listed=watch.listed)
    except NetworkError as error:
        if not study.complete:
            raise
        paths = study.paths(progress, cancel)
        if study.n_unreadable:
            raise NetworkError(
                f"{error.what}. The copy in the cache cannot be read: the system's keyring did not give its key",
                error.where,
                error.found,
                may_retry=error.may_retry,
            ) from error
        if study.n_damaged or not paths:
            raise
        return Fetched(
            None, (f"This is the study as it was fetched before; it may have grown since. {error}",)
        )
    notes = []
    if study.n_damaged:
        notes.append(
            f"Files in the cache were damaged ({study.n_damaged}); they were removed and fetched again."
        )
    if study.n_unreadable:
        notes.append(
            f"Files in the cache could not be read ({study.n_unreadable}), because the system's keyring did not give "
            "their key; they were fetched again."
        )
    if study.key_state in (KeyState.REFUSED, KeyState.LATE):
        notes.append(f"It is kept in the cache. {study.key_state.value}")
    if retrieved.complete:
        study.mark_complete()
    else:
        first = retrieved.failed[0].reason
        notes.append(f"Objects that the source lists did not come ({len(retrieved.failed)}): {first}")
    return Fetched(retrieved, tuple(notes))


def _not_sent(failed: Sequence[FailedObject]) -> str:
    objects = "object" if len(failed) == 1 else "objects"
    where = " of this series" if failed[0].series_uid else ""
    return f"{len(failed):,} {objects}{where} did not come: {failed[0].reason}"
