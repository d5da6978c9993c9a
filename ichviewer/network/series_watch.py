"""Which series of a study are whole while its objects still arrive: all stands that the source lists of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from ichviewer.errors import ReadError
from ichviewer.network.object_identity import identify
from ichviewer.network.source import ReceivedObject, Receiver, SeriesListing

_log = logging.getLogger("ichviewer.network")


class SeriesWatch:
    """A `Receiver` in front of another one; may be used from any thread.

    A series whose objects the source lists by name is whole when each of them stands, and the number that the source
    tells, if it tells one, is theirs. One of which it tells the number only is whole when that many objects of it
    have come and another series has begun, so that a number that is too small is noticed. Of any other nothing is
    known before the whole study has come.

    Parameters
    ----------
    into : Receiver
        Stores the objects.
    """

    def __init__(self, into: Receiver) -> None:
        self._into = into
        self._lock = threading.Lock()
        self._named: dict[str, frozenset[str]] = {}
        self._missing: dict[str, set[str]] = {}
        self._counts: dict[str, int] = {}
        self._came: dict[str, set[str]] = {}
        self._latest = ""

    def listed(self, listing: SeriesListing) -> None:
        """The source says what it has of a series; said before anybody asks `has` for its objects."""
        uid, named = listing.series_uid, listing.sop_uids
        with self._lock:
            for known in (self._named, self._missing, self._counts):
                known.pop(uid, None)
            if named is None:
                if listing.n_objects:
                    self._counts[uid] = listing.n_objects
            elif named and listing.n_objects in (None, len(named)):
                self._named[uid], self._missing[uid] = named, set(named)
            else:
                _log.info(
                    "the source counts %s objects of a series and names %d", listing.n_objects, len(named)
                )

    def has(self, sop_instance_uid: str) -> bool:
        """See `Receiver`."""
        stands = self._into.has(sop_instance_uid)
        with self._lock:
            for uid, missing in self._missing.items():
                if stands:
                    missing.discard(sop_instance_uid)
                elif sop_instance_uid in self._named[uid]:
                    missing.add(sop_instance_uid)
        return stands

    def __call__(self, received: ReceivedObject) -> None:
        """See `Receiver`."""
        self._into(received)
        with self._lock:
            for missing in self._missing.values():
                missing.discard(received.sop_instance_uid)
            if self._counts:
                self._count(received)

    @property
    def whole(self) -> Mapping[str, frozenset[str]]:
        """The series that are whole: SOP Instance UIDs of their objects by their Series Instance UIDs."""
        with self._lock:
            named = {uid: self._named[uid] for uid, missing in self._missing.items() if not missing}
            counted = {
                uid: frozenset(came)
                for uid, came in self._came.items()
                if len(came) == self._counts.get(uid) and uid != self._latest
            }
        return named | counted

    def _count(self, received: ReceivedObject) -> None:
        try:
            found = identify(received.data, received.sop_instance_uid)
        except ReadError:
            # It may be of any series.
            self._counts.clear()
            return
        self._came.setdefault(found.series_uid, set()).add(found.sop_uid)
        self._latest = found.series_uid
