"""`ichviewer node`: reads what arrives, without a window."""

# ruff: noqa: PLC0415 - the network is loaded only by the commands that use it
from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from ichviewer.cli.console import OF_FINDINGS, say, tell
from ichviewer.cli.exit_codes import OK, UNUSABLE
from ichviewer.cli.options import FILE, verbose_option


@click.command("node")
@click.argument("file", metavar="FILE.toml", type=FILE)
@click.option("--check", is_flag=True, help="Name everything that is wrong with the settings, and end.")
@click.option("--retry", is_flag=True, help="Let what failed or was refused be tried again, and end.")
@verbose_option
def node(file: Path, check: bool, retry: bool) -> int:
    """Take studies over the network, analyze head CT, send results; until it is told to end (SIGTERM, Ctrl+C).

    FILE.toml says where it listens, whom it lets in, and where results go; docs/hospital.md explains it. Killed at
    any point it goes on from there when it is started again.
    """
    from ichviewer.network.node.cluster import check_cluster
    from ichviewer.network.node.node import Node
    from ichviewer.network.node.node import retry as try_again
    from ichviewer.network.node.settings_file import read_settings

    settings, faults = read_settings(file)
    if settings is not None and check:
        # Only here: a node takes studies also while nobody analyzes them.
        faults = check_cluster(settings)
    for fault in faults:
        say(f"{file}: {fault}")
    if settings is None or faults:
        return UNUSABLE
    if check:
        tell(f"{file}: nothing is wrong.")
        return OK
    if retry:
        studies, objects = try_again(settings)
        tell(f"{studies:,} studies to be analyzed again, {objects:,} objects to be sent again.")
        return OK
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    say(OF_FINDINGS)
    with Node(settings) as running:
        host = settings.receiver.address.host
        say(f"{settings.receiver.ae_title} takes studies at {host}:{running.port}.")
        while running.bug is None and not ending.wait(0.5):
            pass
        say("The node ends; what is under way goes on with the next start.")
    if running.bug is not None:
        raise running.bug
    return OK
