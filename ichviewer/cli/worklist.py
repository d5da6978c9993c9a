"""`ichviewer worklist`: what a node has found, the most urgent first."""

# ruff: noqa: PLC0415 - the network is loaded only by the commands that use it
from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ichviewer.cli.console import OF_FINDINGS, pour, say, table
from ichviewer.cli.exit_codes import OK
from ichviewer.cli.options import path_argument, verbose_option

if TYPE_CHECKING:
    from ichviewer.network.node.entry import Entry

_HEADS = (
    "urgency",
    ">probability",
    "types",
    "patient",
    "id",
    "accession",
    "study",
    "arrived",
    "state",
    "model",
    "remarks",
)


@click.command("worklist")
@path_argument
@click.option("--json", "as_json", is_flag=True, help="Write everything as JSON to stdout.")
@verbose_option
def worklist(path: Path, as_json: bool) -> int:
    """List the studies of a node, the most urgent first. PATH is the node's data folder, or its worklist file.

    Flagged studies come first, then those that were NOT ANALYZED, of which nothing is known. "Analyzed, nothing
    flagged" says that no probability reaches its threshold, and no more.
    """
    from ichviewer.network.node.entry import by_urgency
    from ichviewer.network.node.worklist import read_worklist
    from ichviewer.services.write_findings import json_bytes

    entries = by_urgency(read_worklist(path))
    if as_json:
        pour(json_bytes({"version": 1, "studies": [entry.to_record() for entry in entries]}))
        return OK
    table(_HEADS, (_cells(entry) for entry in entries))
    say(OF_FINDINGS)
    return OK


def _cells(entry: Entry) -> tuple[str, ...]:
    from ichviewer.network.node.entry import StudySummary

    when = datetime.fromtimestamp(entry.first_arrival_s).astimezone().isoformat(" ", timespec="seconds")
    summary = entry.summary or StudySummary()
    return (
        entry.group.words,
        "" if summary.probability is None else f"{summary.probability:.3f}",
        ", ".join(summary.flagged),
        summary.patient_name,
        summary.patient_id,
        summary.accession_number,
        entry.title,
        when,
        entry.state.value,
        f"{summary.model} {summary.model_version}".strip(),
        "; ".join(entry.remarks),
    )
