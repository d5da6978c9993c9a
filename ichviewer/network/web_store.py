"""One object sent with STOW-RS (PS3.18 section 10.5), and what the server says became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests
from pydicom import Dataset, dcmread

from ichviewer.errors import NetworkError, ReadError
from ichviewer.network.object_identity import ObjectIdentity, identify
from ichviewer.network.source import SendOutcome, SendResult
from ichviewer.network.web_line import Line
from ichviewer.network.web_words import BusyError

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


def read_identity(path: Path) -> ObjectIdentity:
    """Which object a file is.

    Raises
    ------
    ReadError
    """
    try:
        return identify(path.read_bytes(), str(path))
    except OSError as error:
        raise ReadError("the file cannot be read", str(path), error.strerror or str(error)) from error


def store(line: Line, path: Path, identity: ObjectIdentity) -> SendResult:
    """Send one file; its data set is written anew by pydicom in the transfer syntax that it has.

    Raises
    ------
    BusyError
        If the server asks to come again.
    Cancelled
    """
    dataset = dcmread(path)
    try:
        with line.speaking():
            try:
                answer = line.client.store_instances([dataset])
            except requests.HTTPError as error:
                # 409: all objects refused; the body says why.
                if error.response is None:
                    raise
                answer = Dataset.from_json(error.response.json())
            reason = _failure(answer, identity.sop_uid)
            warning = _reason_of(answer, "ReferencedSOPSequence", identity.sop_uid, "WarningReason")
    except BusyError:
        raise
    except NetworkError as error:
        outcome = SendOutcome.FAILED if error.may_retry else SendOutcome.REFUSED
        return SendResult(path, identity.sop_uid, outcome, str(error))
    return _result(path, identity.sop_uid, reason, warning)


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
