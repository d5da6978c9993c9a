"""One object sent with STOW-RS (PS3.18 section 10.5), and what the server says became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests
from pydicom import Dataset, dcmread

from ichviewer.errors import NetworkError
from ichviewer.network.http_session import StatusError
from ichviewer.network.source import SendOutcome, SendResult
from ichviewer.network.web_line import Line
from ichviewer.network.web_words import BusyError, UnreachableError

_ALREADY_THERE = 0x0111
# Failure reasons of PS3.18 table I.2-2 under which the same object may be taken later.
_OUT_OF_RESOURCES = range(0xA700, 0xA800)
_PROCESSING_FAILURE = 0x0110

_REASONS = {
    _PROCESSING_FAILURE: "the server failed while it stored the object",
    0x0122: "the server keeps no objects of this kind (SOP class)",
    0x0124: "the server does not allow this object to be stored by whoever asks",
    0xC122: "the server does not take objects in this transfer syntax",
}


def store(line: Line, path: Path, sop_uid: str) -> SendResult:
    """Send one file; its data set is written anew by pydicom in the transfer syntax that it has.

    Raises
    ------
    BusyError
        If the server asks to come again.
    UnreachableError
        If there is no connection to it.
    Cancelled
    """
    before = line.session.n_requests
    try:
        with line.speaking():
            answer = _answer(line, path)
            reason = _failure(answer, sop_uid)
            warning = _reason_of(answer, "ReferencedSOPSequence", sop_uid, "WarningReason")
    except (BusyError, UnreachableError):
        raise
    except NetworkError as error:
        if line.session.n_requests == before:
            # Nothing was sent: it is the file that pydicom cannot read or write.
            why = f"this side cannot send it: the file is damaged ({type(error.__cause__).__name__})"
            return SendResult(path, sop_uid, SendOutcome.REFUSED, why)
        outcome = SendOutcome.FAILED if error.may_retry else SendOutcome.REFUSED
        return SendResult(path, sop_uid, outcome, str(error))
    return _result(path, sop_uid, reason, warning)


def _answer(line: Line, path: Path) -> Dataset:
    try:
        return line.client.store_instances([dcmread(path)])
    except requests.HTTPError as error:
        # 409: all objects refused; the body says why, if there is one.
        if error.response is None or not error.response.content:
            raise StatusError(409, None, "") from error
        return Dataset.from_json(error.response.json())


def _result(path: Path, sop_uid: str, reason: int | None, warning: int | None) -> SendResult:
    if reason is None and warning is None:
        return SendResult(path, sop_uid, SendOutcome.STORED)
    if reason is None:
        return SendResult(
            path,
            sop_uid,
            SendOutcome.STORED_CHANGED,
            f"the server stored it with changes (warning {warning:04X})",
        )
    if reason == _ALREADY_THERE:
        return SendResult(
            path,
            sop_uid,
            SendOutcome.STORED_CHANGED,
            "the server had an object of this UID already and kept that one",
        )
    passing = reason == _PROCESSING_FAILURE or reason in _OUT_OF_RESOURCES
    usual = "the server cannot store it now" if passing else "the server does not take this object"
    what = _REASONS.get(reason, usual)
    outcome = SendOutcome.FAILED if passing else SendOutcome.REFUSED
    return SendResult(path, sop_uid, outcome, f"{what} (failure reason {reason:04X})")


def _failure(answer: Dataset, sop_uid: str) -> int | None:
    """Why an object was not stored; 0110 where the answer counts a failure but not of which object."""
    reason = _reason_of(answer, "FailedSOPSequence", sop_uid, "FailureReason")
    if reason is None and answer.get("FailedSOPSequence"):
        return _PROCESSING_FAILURE
    return reason


def _reason_of(answer: Dataset, sequence: str, sop_uid: str, keyword: str) -> int | None:
    items: Any = answer.get(sequence) or ()
    for item in items:
        if str(item.get("ReferencedSOPInstanceUID", "")) == sop_uid:
            value = item.get(keyword)
            return int(value) if value is not None else None
    return None
