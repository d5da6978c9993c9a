"""A DICOM node as a source of studies."""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ichviewer.errors import NetworkError
from ichviewer.network.association import associated
from ichviewer.network.dimse_find import find_series, find_studies
from ichviewer.network.dimse_retrieve import retrieve
from ichviewer.network.dimse_send import send
from ichviewer.network.peers import DicomNode
from ichviewer.network.query import SeriesAnswer, StudyAnswer, StudyQuery, check_uid
from ichviewer.network.sop_classes import VERIFICATION
from ichviewer.network.source import OnListed, Receiver, Retrieved, SendResult, unheard
from ichviewer.network.statuses import SUCCESS, in_words, may_pass
from ichviewer.progress import CancelToken, Progress


class DimseSource:
    """A `ichviewer.network.source.Source` over the DICOM upper layer; each call makes an association of its own.

    Parameters
    ----------
    node : DicomNode
    """

    def __init__(self, node: DicomNode) -> None:
        self.node = node

    def check(self, cancel: CancelToken) -> str:
        """C-ECHO (PS3.7 section 9.1.5); what answered, in words.

        Raises
        ------
        Cancelled
        NetworkError
        """
        from pynetdicom import build_context

        with associated(self.node, [build_context(VERIFICATION)], cancel) as line:
            try:
                status = line.association.send_c_echo()
            except RuntimeError:  # the association ended in the meantime
                line.no_answer("the node does not answer C-ECHO")
            code = status.get("Status")
            if code is None:
                line.no_answer("the node does not answer C-ECHO")
            if code != SUCCESS:
                raise NetworkError(
                    "the node refuses C-ECHO", str(self.node), in_words(code), may_retry=may_pass(code)
                )
            peer = line.association.acceptor
            name = peer.implementation_version_name or peer.implementation_class_uid or "of unknown make"
            return f"{self.node} answers: {name}"

    def find_studies(self, query: StudyQuery, cancel: CancelToken) -> Iterator[StudyAnswer]:
        """See `ichviewer.network.dimse_find.find_studies`."""
        return find_studies(self.node, query, cancel)

    def find_series(self, study_uid: str, cancel: CancelToken) -> Iterator[SeriesAnswer]:
        """See `ichviewer.network.dimse_find.find_series`."""
        check_uid(study_uid)
        return find_series(self.node, study_uid, cancel)

    def retrieve(
        self,
        study_uid: str,
        series_uid: str | None,
        into: Receiver,
        progress: Progress,
        cancel: CancelToken,
        *,
        on_listed: OnListed = unheard,
    ) -> Retrieved:
        """See `ichviewer.network.dimse_retrieve.retrieve`."""
        check_uid(study_uid)
        if series_uid is not None:
            check_uid(series_uid)
        return retrieve(
            self.node, study_uid, series_uid, into, progress=progress, cancel=cancel, on_listed=on_listed
        )

    def send(self, files: Sequence[Path], progress: Progress, cancel: CancelToken) -> Iterator[SendResult]:
        """See `ichviewer.network.dimse_send.send`."""
        return send(self.node, files, progress, cancel)
