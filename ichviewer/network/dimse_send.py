"""C-STORE: files to a node, as they are, with a result for each (PS3.4 annex B)."""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydicom.filereader import read_file_meta_info

from ichviewer.dicom.boundary import foreign_code
from ichviewer.errors import NetworkError, ReadError
from ichviewer.network.association import Line, associated
from ichviewer.network.peers import DicomNode
from ichviewer.network.query import check_uid
from ichviewer.network.sop_classes import MOST_CONTEXTS, name_of
from ichviewer.network.source import SendOutcome, SendResult
from ichviewer.network.statuses import CHANGED, SUCCESS, in_words, may_pass
from ichviewer.progress import CancelToken, Progress

_PREFIX_BYTES = 132
_WORD = "sending"


@dataclass(frozen=True)
class _Outgoing:
    """A file and what its file meta information says of it (PS3.10 section 7.1)."""

    path: Path
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str

    @property
    def context(self) -> tuple[str, str]:
        """What a presentation context has to offer for it."""
        return self.sop_class_uid, self.transfer_syntax_uid


def send(
    node: DicomNode, files: Sequence[Path], progress: Progress, cancel: CancelToken
) -> Iterator[SendResult]:
    """Send files in order; nothing is converted, and one result comes for each as soon as it is known.

    A line that breaks after something was sent is tried once more; what is then still missing has failed.

    Raises
    ------
    Cancelled
    """
    done = 0
    for batch in _batches(files):
        waiting = [item for item in batch if isinstance(item, _Outgoing)]
        with closing(_send_batch(node, waiting, cancel)) as results:
            for item in batch:
                result = item if isinstance(item, SendResult) else next(results)
                done += 1
                progress(done, len(files), _WORD)
                yield result
            # Only then the association is released.
            assert next(results, None) is None


def _batches(files: Sequence[Path]) -> Iterator[list[_Outgoing | SendResult]]:
    """Files in groups that one association has presentation contexts for."""
    batch: list[_Outgoing | SendResult] = []
    contexts: set[tuple[str, str]] = set()
    for path in files:
        item = _look_at(path)
        if isinstance(item, _Outgoing):
            if item.context not in contexts and len(contexts) == MOST_CONTEXTS:
                yield batch
                batch, contexts = [], set()
            contexts.add(item.context)
        batch.append(item)
    if batch:
        yield batch


def _look_at(path: Path) -> _Outgoing | SendResult:
    try:
        with foreign_code(ReadError, "this is no DICOM file that can be sent", str(path)):
            with path.open("rb") as file:
                if file.read(_PREFIX_BYTES)[128:] != b"DICM":
                    raise ReadError("this is no DICOM file", str(path), "no prefix DICM")
            meta = read_file_meta_info(path)
            keywords = ("MediaStorageSOPInstanceUID", "MediaStorageSOPClassUID", "TransferSyntaxUID")
            values = [str(meta.get(keyword, "") or "") for keyword in keywords]
            for keyword, value in zip(keywords, values, strict=True):
                if not value:
                    raise ReadError("the file meta information is incomplete", str(path), f"no {keyword}")
                check_uid(value)
            return _Outgoing(path, *values)
    except ReadError as error:
        return SendResult(path, "", SendOutcome.REFUSED, f"not sent: {error.what} ({error.found})")


def _send_batch(
    node: DicomNode, waiting: Sequence[_Outgoing], cancel: CancelToken
) -> Generator[SendResult, None, None]:
    position = 0
    retried_at = -1
    while position < len(waiting):
        try:
            with closing(_send_over_one_line(node, waiting[position:], cancel)) as results:
                for result in results:
                    position += 1
                    yield result
        except NetworkError as error:
            if error.may_retry and position > 0 and retried_at != position:
                retried_at = position
                continue
            outcome = SendOutcome.FAILED if error.may_retry else SendOutcome.REFUSED
            for item in waiting[position:]:
                yield SendResult(item.path, item.sop_instance_uid, outcome, f"not sent: {error}")
            return


def _send_over_one_line(
    node: DicomNode, waiting: Sequence[_Outgoing], cancel: CancelToken
) -> Generator[SendResult, None, None]:
    from pynetdicom import build_context

    contexts = [build_context(*pair) for pair in dict.fromkeys(item.context for item in waiting)]
    with associated(node, contexts, cancel) as line:
        accepted = {
            (str(context.abstract_syntax), str(context.transfer_syntax[0]))
            for context in line.association.accepted_contexts
        }
        for number, item in enumerate(waiting):
            cancel.check()
            if item.context not in accepted:
                sop_class, syntax = (name_of(uid) for uid in item.context)
                reason = f"the node does not take {sop_class} in {syntax}; nothing is converted"
                yield SendResult(item.path, item.sop_instance_uid, SendOutcome.REFUSED, reason)
            else:
                yield _send_one(line, item, number % 0xFFFF + 1)


def _send_one(line: Line, item: _Outgoing, message_id: int) -> SendResult:
    try:
        status = line.association.send_c_store(item.path, msg_id=message_id)
    except RuntimeError:  # the association ended in the meantime
        line.no_answer("the line broke while sending")
    except (OSError, ValueError, AttributeError) as error:
        # The file is no longer what it was a moment ago.
        reason = f"not sent: the file cannot be read ({error})"
        return SendResult(item.path, item.sop_instance_uid, SendOutcome.REFUSED, reason)
    code = status.get("Status")
    if code is None:
        line.no_answer("the line broke while sending")
    if code == SUCCESS:
        return SendResult(item.path, item.sop_instance_uid, SendOutcome.STORED)
    words = in_words(code, str(status.get("ErrorComment", "")))
    if code in CHANGED:
        return SendResult(item.path, item.sop_instance_uid, SendOutcome.STORED_CHANGED, words)
    outcome = SendOutcome.FAILED if may_pass(code) else SendOutcome.REFUSED
    return SendResult(item.path, item.sop_instance_uid, outcome, f"the node refuses it: {words}")
