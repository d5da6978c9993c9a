"""C-GET and C-MOVE: objects of a node, handed over as they arrive (PS3.4 C.4.2 and C.4.3, Study Root model)."""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from pydicom.dataset import Dataset

from ichviewer.errors import ExportError, NetworkError
from ichviewer.network.arrivals import DuplicateObjectError
from ichviewer.network.association import Line, associated
from ichviewer.network.dimse_find import InstanceAnswer, find_instances, identifier_of, stop
from ichviewer.network.line_guard import LineGuard
from ichviewer.network.peers import DicomNode, RetrieveBy
from ichviewer.network.query import SeriesAnswer
from ichviewer.network.receiver import ReceiverSettings, StorageReceiver, store
from ichviewer.network.sop_classes import STUDY_ROOT_GET, STUDY_ROOT_MOVE, joint_contexts, wanted_contexts
from ichviewer.network.source import (
    FailedObject,
    OnListed,
    ReceivedObject,
    Receiver,
    Retrieved,
    SeriesListing,
    unheard,
)
from ichviewer.network.statuses import PENDING, SUBOPERATIONS_FAILED, SUCCESS, in_words, may_pass
from ichviewer.progress import CancelToken, Progress

_log = logging.getLogger("ichviewer.network")

_MESSAGE_ID = 1
_AT_ONCE = 100
"""UIDs in one request: 6.4 KB at most."""
_NOT_OFFERED = (0x0122, 0x0211)
_WORD = "receiving images"


class _NotOfferedError(NetworkError):
    """The node does not do C-GET at all."""


class _Arrivals:
    """Counts what arrives of one study on its way to the receiver that was given; used from several threads."""

    def __init__(
        self,
        study_uid: str,
        into: Receiver,
        progress: Progress,
        cancel: CancelToken,
        expected: list[InstanceAnswer] | None,
    ) -> None:
        self.study_uid = study_uid
        self.expected = expected
        self.n_there = sum(into.has(instance.sop_instance_uid) for instance in expected or ())
        self.n_announced = len(expected or ()) - self.n_there
        self.trouble: ExportError | None = None
        self._into = into
        self._progress = progress
        self._cancel = cancel
        self._lock = threading.Lock()
        self._arrived: set[str] = set()
        self._refused: dict[str, str] = {}

    def __call__(self, received: ReceivedObject) -> None:
        uid = received.sop_instance_uid
        if self._cancel.cancelled:
            raise ExportError("the retrieval was cancelled", uid)
        try:
            self._into(received)
        except DuplicateObjectError as error:
            with self._lock:
                self._refused[uid] = str(error)
            raise
        except ExportError as error:
            with self._lock:
                self.trouble = self.trouble or error
            raise
        with self._lock:
            self._arrived.add(uid)
            self.report()

    def has(self, sop_instance_uid: str) -> bool:
        """Whether an object came or was there."""
        return sop_instance_uid in self._arrived or self._into.has(sop_instance_uid)

    def is_wanted(self, study_uid: str) -> bool:
        """Whether an object is of the study that was asked for; no other may end up under its name."""
        return study_uid == self.study_uid

    def report(self) -> None:
        """Tell how far it is."""
        done = len(self._arrived) + self.n_there
        total = max(done, self.n_announced + self.n_there)
        self._progress(done, total if self.n_announced else 0, _WORD)

    @property
    def n_arrived(self) -> int:
        """Objects that came and were stored."""
        return len(self._arrived)

    def missing(self) -> list[InstanceAnswer]:
        """What was to come and is not there, of what the node said it has."""
        return [
            instance
            for instance in self.expected or ()
            if not self.has(instance.sop_instance_uid) and instance.sop_instance_uid not in self._refused
        ]

    def classes(self) -> set[str]:
        """SOP classes of what is missing, empty where the node does not say them all."""
        found = {instance.sop_class_uid for instance in self.missing()}
        return set() if "" in found else found

    def result(self, failed: Sequence[FailedObject]) -> Retrieved:
        """What came of it."""
        series = {instance.sop_instance_uid: instance.series_uid for instance in self.expected or ()}
        refused = [FailedObject(uid, reason, series.get(uid, "")) for uid, reason in self._refused.items()]
        return Retrieved(self.n_arrived, self.n_there, (*refused, *failed))


def retrieve(
    node: DicomNode,
    study_uid: str,
    series_uid: str | None,
    into: Receiver,
    *,
    progress: Progress,
    cancel: CancelToken,
    on_listed: OnListed = unheard,
) -> Retrieved:
    """Fetch a study, or one series of it; after a broken line go on with what is missing.

    ``on_listed``: see `ichviewer.network.source.Source.retrieve`.

    Raises
    ------
    Cancelled
    NetworkError
        What arrived before is whole and stays.
    ExportError
        If the receiver cannot store any more.
    """
    series: list[SeriesAnswer] = []
    expected = _expected(node, study_uid, series_uid, cancel, series)
    if expected == []:
        raise NetworkError(
            "the node has no such images", str(node), f"nothing under {series_uid or study_uid}"
        )
    for listing in _listings(series, expected):
        on_listed(listing)
    arrivals = _Arrivals(study_uid, into, progress, cancel, expected)
    arrivals.report()
    if expected is not None and arrivals.n_there == len(expected):
        return arrivals.result(())
    return _fetch(node, series_uid, arrivals, cancel)


def _fetch(node: DicomNode, series_uid: str | None, arrivals: _Arrivals, cancel: CancelToken) -> Retrieved:
    """Ask in each way that the node is set to, as long as something is missing."""
    ways = [_get, _get_jointly] if node.retrieve_by is not RetrieveBy.MOVE else []
    if node.retrieve_by is not RetrieveBy.GET and node.receiver is not None:
        ways.append(_move)
    missing: list[FailedObject] | None = None
    while ways:
        before = arrivals.n_arrived
        try:
            failed = ways[0](node, _requests(arrivals, series_uid), arrivals, cancel)
        except _NotOfferedError:
            ways = [way for way in ways[1:] if way is _move]
            if not ways and missing is None:
                raise
            continue
        except NetworkError as error:
            if arrivals.trouble is None and error.may_retry and arrivals.n_arrived > before:
                # Only a line that brought something is worth another try at once.
                _log.warning("the line broke after %d objects; going on", arrivals.n_arrived)
                if arrivals.expected is None or arrivals.missing():
                    continue
                failed = []
            elif missing is None or error.may_retry:
                raise
            else:
                break
        missing = _failures(arrivals, failed)
        if not missing or arrivals.expected is None:
            break
        _log.info("%d objects did not come", len(missing))
        ways = ways[1:]
    return arrivals.result(missing or ())


def _expected(
    node: DicomNode, study_uid: str, series_uid: str | None, cancel: CancelToken, series: list[SeriesAnswer]
) -> list[InstanceAnswer] | None:
    """What the node says it has; None where it does not answer that. The series that it names join ``series``."""
    try:
        return find_instances(node, study_uid, series_uid, cancel, series.append)
    except NetworkError as error:
        if error.may_retry:
            raise
        _log.info("the node does not list its objects: %s", error.what)
        return None


def _listings(
    series: Sequence[SeriesAnswer], expected: Sequence[InstanceAnswer] | None
) -> list[SeriesListing]:
    """What the node says that it has, a series each: by name, or by number where it names no objects."""
    counts = {one.series_uid: one.n_instances for one in series}
    if expected is None:
        return [SeriesListing(uid, count) for uid, count in counts.items()]
    named: dict[str, set[str]] = {uid: set() for uid in counts}
    for instance in expected:
        named.setdefault(instance.series_uid, set()).add(instance.sop_instance_uid)
    return [SeriesListing(uid, counts.get(uid), frozenset(uids)) for uid, uids in named.items()]


def _requests(arrivals: _Arrivals, series_uid: str | None) -> list[Dataset]:
    """Identifiers of the requests: all at once where nothing is there yet, else the missing objects by their UIDs."""
    missing = arrivals.missing()
    if arrivals.expected is None or len(missing) == len(arrivals.expected) or not missing:
        keys = {
            "QueryRetrieveLevel": "SERIES" if series_uid else "STUDY",
            "StudyInstanceUID": arrivals.study_uid,
        }
        if series_uid:
            keys["SeriesInstanceUID"] = series_uid
        return [identifier_of(keys)]
    requests = []
    for series in dict.fromkeys(instance.series_uid for instance in missing):
        uids = [i.sop_instance_uid for i in missing if i.series_uid == series]
        for start in range(0, len(uids), _AT_ONCE):
            keys = {
                "QueryRetrieveLevel": "IMAGE",
                "StudyInstanceUID": arrivals.study_uid,
                "SeriesInstanceUID": series,
                "SOPInstanceUID": "\\".join(uids[start : start + _AT_ONCE]),
            }
            requests.append(identifier_of(keys))
    return requests


def _failures(arrivals: _Arrivals, told: Sequence[FailedObject]) -> list[FailedObject]:
    """What did not come: by name where the node said what it has, else as the node counts it."""
    reasons = {failure.sop_instance_uid: failure.reason for failure in told}
    if arrivals.expected is None:
        return list(told)
    unsaid = next((f.reason for f in told if not f.sop_instance_uid), "the node did not send it")
    return [
        FailedObject(i.sop_instance_uid, reasons.get(i.sop_instance_uid, unsaid), i.series_uid)
        for i in arrivals.missing()
    ]


def _get(
    node: DicomNode, requests: Sequence[Dataset], arrivals: _Arrivals, cancel: CancelToken
) -> list[FailedObject]:
    """C-GET with a context for each class and transfer syntax."""
    return _get_under(wanted_contexts(arrivals.classes()), node, requests, arrivals, cancel=cancel)


def _get_jointly(
    node: DicomNode, requests: Sequence[Dataset], arrivals: _Arrivals, cancel: CancelToken
) -> list[FailedObject]:
    """C-GET with one context for each class."""
    return _get_under(joint_contexts(arrivals.classes()), node, requests, arrivals, cancel=cancel)


def _get_under(
    contexts: list[Any],
    node: DicomNode,
    requests: Sequence[Dataset],
    arrivals: _Arrivals,
    *,
    cancel: CancelToken,
) -> list[FailedObject]:
    from pynetdicom import build_context, build_role, evt

    roles = [build_role(c, scp_role=True) for c in dict.fromkeys(c.abstract_syntax for c in contexts)]
    guard = LineGuard(node.timeouts.idle_s)
    cancelled = threading.Event()

    def take(event: Any) -> int:
        try:
            return store(event, arrivals, arrivals.is_wanted)
        finally:
            guard.handled()
            # Between objects the library gives nobody else the word.
            if (cancel.cancelled or arrivals.trouble is not None) and not cancelled.is_set():
                cancelled.set()
                event.assoc.send_c_cancel(_MESSAGE_ID, query_model=STUDY_ROOT_GET)

    with associated(
        node,
        [build_context(STUDY_ROOT_GET), *contexts],
        cancel,
        negotiation=roles,
        handlers=[(evt.EVT_C_STORE, take)],
        guard=guard,
    ) as line:
        if all(context.abstract_syntax != STUDY_ROOT_GET for context in line.association.accepted_contexts):
            raise _NotOfferedError("the node does not offer C-GET", str(node), "another way is C-MOVE")
        failed = []
        for request in requests:
            try:
                responses = line.association.send_c_get(request, STUDY_ROOT_GET, msg_id=_MESSAGE_ID)
            except RuntimeError:  # the association ended in the meantime
                line.no_answer("the images could not be asked for")
            failed += _follow(line, responses, STUDY_ROOT_GET, arrivals)
        return failed


def _move(
    node: DicomNode, requests: Sequence[Dataset], arrivals: _Arrivals, cancel: CancelToken
) -> list[FailedObject]:
    from pynetdicom import build_context

    if node.receiver is None:
        raise NetworkError("C-MOVE needs a receiver to send to", str(node))
    settings = ReceiverSettings(
        node.receiver,
        node.own_ae_title,
        (node.ae_title,),
        tls=node.tls if node.tls is not None and node.tls.certificate is not None else None,
        timeouts=node.timeouts,
    )
    with (
        StorageReceiver(settings, arrivals, arrivals.is_wanted) as receiver,
        associated(
            node, [build_context(STUDY_ROOT_MOVE)], cancel, also_heard=lambda: receiver.last_heard_s
        ) as line,
    ):
        failed = []
        for request in requests:
            try:
                responses = line.association.send_c_move(
                    request, node.own_ae_title, STUDY_ROOT_MOVE, msg_id=_MESSAGE_ID
                )
            except RuntimeError:  # the association ended in the meantime
                line.no_answer("the images could not be asked for")
            failed += _follow(line, responses, STUDY_ROOT_MOVE, arrivals)
        return failed


def _follow(
    line: Line, responses: Iterator[tuple[Dataset, Dataset | None]], model: str, arrivals: _Arrivals
) -> list[FailedObject]:
    """Wait for the end of one request; what it says of objects that failed."""
    ended = False
    try:
        for status, identifier in responses:
            code = status.get("Status")
            if code is None:
                ended = True
                _raise_trouble(arrivals)
                line.no_answer("the images did not all arrive")
            if code in PENDING:
                _raise_trouble(arrivals)
                line.cancel.check()
                _announce(arrivals, status)
                continue
            ended = True
            _raise_trouble(arrivals)
            line.cancel.check()
            return _ending(line, code, status, identifier)
        raise NetworkError("the node did not answer", str(line.node), may_retry=True)
    finally:
        if not ended:
            stop(line, responses, model)


def _raise_trouble(arrivals: _Arrivals) -> None:
    if arrivals.trouble is not None:
        raise arrivals.trouble


def _announce(arrivals: _Arrivals, status: Dataset) -> None:
    if arrivals.expected is None:
        counted = [
            int(status.get(f"NumberOf{word}Suboperations", 0) or 0)
            for word in ("Remaining", "Completed", "Failed", "Warning")
        ]
        arrivals.n_announced = max(arrivals.n_announced, sum(counted))


def _ending(line: Line, code: int, status: Dataset, identifier: Dataset | None) -> list[FailedObject]:
    """What a final status means (PS3.4 tables C.4-2 and C.4-3)."""
    words = in_words(code, str(status.get("ErrorComment", "")))
    if code in _NOT_OFFERED:
        raise _NotOfferedError("the node refuses to send images this way", str(line.node), words)
    named = [] if identifier is None else identifier.get("FailedSOPInstanceUIDList", None) or []
    uids = [str(named)] if isinstance(named, str) else [str(uid) for uid in named]
    n_failed = int(status.get("NumberOfFailedSuboperations", 0) or 0)
    if code in (SUCCESS, SUBOPERATIONS_FAILED) or uids:
        unnamed = max(0, n_failed - len(uids))
        return [FailedObject(uid, words) for uid in uids] + [FailedObject("", words)] * unnamed
    raise NetworkError("the node refuses to send the images", str(line.node), words, may_retry=may_pass(code))
