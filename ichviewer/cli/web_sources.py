"""DICOMweb servers on the command line: adding one, and its password or token."""

# ruff: noqa: PLC0415 - the network is loaded only by the commands that use it
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ichviewer.cli.console import say
from ichviewer.cli.exit_codes import OK
from ichviewer.cli.options import verbose_option
from ichviewer.network.peers import Peer, TlsFiles, WebAuthorization, WebServer
from ichviewer.network.secrets import Kept, Secret, Secrets
from ichviewer.network.source import Source
from ichviewer.network.sources_file import Sources, load_sources, save_sources, user_sources_file

_FILE = click.Path(path_type=Path)


@click.command("add-web")
@click.argument("name")
@click.argument("url", metavar="URL")
@click.option("--query-prefix", default="", help="Path of QIDO-RS below URL, where it has one.")
@click.option("--retrieve-prefix", default="", help="Path of WADO-RS below URL.")
@click.option("--store-prefix", default="", help="Path of STOW-RS below URL.")
@click.option("--user", default="", help="Log in with this name and a password, which is asked for.")
@click.option("--token", is_flag=True, help="Log in with a bearer token, which is asked for.")
@click.option("--authorities", type=_FILE, help="Certificates (PEM) of whom to trust.")
@click.option("--certificate", type=_FILE, help="Our own certificate (PEM).")
@click.option("--key", type=_FILE, help="The key of our certificate (PEM).")
@click.option("--no-host-check", is_flag=True, help="The server's certificate need not name its host.")
@verbose_option
def add_web(name: str, url: str, *, user: str, token: bool, **options: Any) -> int:
    """Add a DICOMweb server, or replace the source of that name.

    A password or token goes into the system's keyring and nowhere else; without a keyring it is asked for each time.
    """
    if user and token:
        raise click.UsageError("--user and --token exclude each other")
    way = WebAuthorization.BASIC if user else WebAuthorization.BEARER if token else WebAuthorization.NONE
    try:
        server = WebServer(
            name,
            url,
            query_prefix=options["query_prefix"],
            retrieve_prefix=options["retrieve_prefix"],
            store_prefix=options["store_prefix"],
            authorization=way,
            user=user,
            tls=TlsFiles(
                options["authorities"],
                options["certificate"],
                options["key"],
                check_host=not options["no_host_check"],
            ),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    known = load_sources()
    kept = None if way is WebAuthorization.NONE else _ask(server, Secrets())
    put_source(known, server)
    if kept is not None:
        say(kept.text)
    return OK


def put_source(known: Sources, peer: Peer) -> None:
    """Store a source, in place of the one of its name."""
    after = known.put(peer)
    save_sources(after)
    say(f"{peer} stands in {user_sources_file()}")
    forget_secrets(known, after)


def forget_secrets(before: Sources, after: Sources) -> None:
    """Forget passwords and tokens of servers that are not there any more, unless others log in with them."""
    from ichviewer.network.dicomweb import unused_secret

    for peer in before.peers:
        name = unused_secret(peer, after.peers)
        if name is not None:
            say(f"The password or token of {peer}: {Secrets().forget(name).text}")


def opened(peer: Peer) -> Source:
    """What speaks to a peer; a password or token that no keyring has is asked for, where there is somebody to ask.

    Raises
    ------
    SettingsError
        If the peer is a folder.
    """
    from ichviewer.network.dicomweb import secret_name
    from ichviewer.network.open_source import open_source

    secrets = Secrets()
    if isinstance(peer, WebServer) and peer.authorization is not WebAuthorization.NONE:
        known = secrets.find(secret_name(peer)) is not None
        if not known and sys.stdin.isatty():
            _ask(peer, secrets)
    return open_source(peer, secrets)


def _ask(server: WebServer, secrets: Secrets) -> Kept:
    """Ask for a password or token and keep it."""
    from ichviewer.network.dicomweb import secret_name

    what = "Password" if server.authorization is WebAuthorization.BASIC else "Token"
    text = click.prompt(f"{what} for {server.name}", hide_input=True, err=True)
    try:
        secret = Secret(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return secrets.keep(secret_name(server), secret)
