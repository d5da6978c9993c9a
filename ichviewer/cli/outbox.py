"""`ichviewer outbox`: what waits to be sent, and what became of it."""

from __future__ import annotations

from datetime import datetime

import click

from ichviewer.cli.console import pour, progress_bar, say, table, tell
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.options import verbose_option
from ichviewer.network.outbox import Item, Outbox, State
from ichviewer.network.outbox_sender import send_due
from ichviewer.progress import CancelToken
from ichviewer.services.write_findings import json_bytes


@click.group("outbox")
def outbox() -> None:
    """List, send, try again or forget what waits to be sent to DICOM nodes and DICOMweb servers."""


@outbox.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write everything as JSON to stdout.")
@verbose_option
def list_items(as_json: bool) -> int:
    """List what is in the outbox, the oldest first."""
    with _opened() as box:
        items = box.items()
    if as_json:
        pour(json_bytes({"version": 1, "items": [_record(item) for item in items]}))
        return OK
    heads = (">#", "to", "what", "state", ">tries", "next try", "last error")
    table(heads, ([*_cells(item)] for item in items))
    return OK


@outbox.command("send")
@verbose_option
def send() -> int:
    """Send everything whose time has come; what cannot be sent now stays and is tried later."""
    from ichviewer.cli.web_sources import opened  # noqa: PLC0415 - only sending speaks to anybody
    from ichviewer.network.sources_file import load_sources  # noqa: PLC0415

    known = load_sources()
    with _opened() as box, progress_bar() as progress:
        sent = send_due(box, lambda name: opened(known[name]), progress, CancelToken())
        left = [item for item in box.items() if item.state is not State.SENT]
    for item in left:
        if item.last_error:
            say(f"{item.destination}, {item.sop_uid}: {item.last_error}")
    say(f"{sent.n_stored:,} sent, {sent.n_postponed:,} to be tried again, {sent.n_refused:,} refused.")
    return INPUT_FAILED if sent.n_postponed or sent.n_refused else OK


@outbox.command("retry")
@click.argument("numbers", nargs=-1, type=int, metavar="[NUMBER...]")
@verbose_option
def retry(numbers: tuple[int, ...]) -> int:
    """Let what was refused, or waits for its time, be sent with the next `send`: all of it, or these NUMBERs."""
    with _opened() as box:
        chosen = box.retry(numbers or None)
    tell(f"{chosen:,} to be sent.")
    return OK if chosen or not numbers else INPUT_FAILED


@outbox.command("clear")
@click.option("--undelivered", is_flag=True, help="Also what was not delivered: it is lost then.")
@verbose_option
def clear(undelivered: bool) -> int:
    """Forget what was sent."""
    with _opened() as box:
        forgotten = box.clear(undelivered=undelivered)
        kept = len(box.items())
    tell(f"{forgotten:,} forgotten, {kept:,} kept.")
    return OK


def _opened() -> Outbox:
    box = Outbox()
    if box.set_aside is not None:
        say(
            f"The outbox was damaged. What was in it now lies at {box.set_aside}; nothing of it will be sent."
        )
    return box


def _cells(item: Item) -> tuple[str, ...]:
    later = item.state is State.WAITING and item.attempts > 0
    return (
        str(item.id),
        item.destination,
        item.description or item.sop_uid,
        item.state.value,
        str(item.attempts),
        _local(item.next_try_s) if later else "",
        item.last_error,
    )


def _record(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "destination": item.destination,
        "study_uid": item.study_uid,
        "sop_uid": item.sop_uid,
        "description": item.description,
        "state": item.state.value,
        "attempts": item.attempts,
        "last_error": item.last_error,
        "added": _local(item.added_s),
        "changed": _local(item.changed_s),
        "next_try": _local(item.next_try_s) if item.state is State.WAITING else None,
    }


def _local(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
