"""`ichviewer sources`: studies from and to DICOM nodes and DICOMweb servers."""

# ruff: noqa: PLC0415 - the network is loaded only by the commands that use it
from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from ichviewer.cli.console import progress_bar, say, table, tell
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.options import FOLDER, paths_argument, verbose_option
from ichviewer.cli.web_sources import add_web, forget_secrets, opened, put_source
from ichviewer.errors import IchViewerError
from ichviewer.network.peers import (
    OWN_AE_TITLE,
    DicomNode,
    FolderSource,
    Peer,
    ReceiverAddress,
    RetrieveBy,
    TlsFiles,
)
from ichviewer.network.query import USUAL_LIMIT, SeriesAnswer, StudyAnswer, StudyQuery, check_uid
from ichviewer.network.sources_file import Sources, load_sources, save_sources, user_sources_file
from ichviewer.progress import CancelToken

_DATE = "%Y-%m-%d"


@click.group("sources")
def sources() -> None:
    """Find, fetch and send studies: DICOM nodes and DICOMweb servers.

    The sources stand in a file, whose place `ichviewer sources list` prints. Nothing is sent anywhere but by these
    commands.
    """


@sources.command("list")
@verbose_option
def list_sources() -> int:
    """List the sources that are configured."""
    known = load_sources()
    table(("name", "kind", "address"), [(peer.name, *_described(peer)) for peer in known.peers])
    say(f"{len(known.peers)} in {user_sources_file()}")
    return OK


def _described(peer: Peer) -> tuple[str, str]:
    if isinstance(peer, DicomNode):
        tls = "" if peer.tls is None else ", TLS"
        return "node", f"{peer.ae_title} at {peer.host}:{peer.port}, images by {peer.retrieve_by.value}{tls}"
    if isinstance(peer, FolderSource):
        return "folder", str(peer.path)
    return "web", peer.url


def _host_and_port(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, int] | None:
    if value is None:
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit():
        raise click.BadParameter(f"write HOST:PORT, not {value!r}", ctx, param)
    return host.strip("[]"), int(port)


@sources.command("add-node")
@click.argument("name")
@click.argument("ae_title", metavar="AE_TITLE")
@click.argument("address", metavar="HOST:PORT", callback=_host_and_port)
@click.option("--own-ae-title", default=OWN_AE_TITLE, show_default=True, help="What we call ourselves.")
@click.option(
    "--retrieve-by",
    type=click.Choice([way.value for way in RetrieveBy]),
    default=RetrieveBy.GET.value,
    show_default=True,
    help="How images are asked for: C-GET, C-MOVE, or C-MOVE where the node refuses C-GET.",
)
@click.option(
    "--receiver",
    metavar="HOST:PORT",
    callback=_host_and_port,
    help="Where we listen for what C-MOVE sends; the node must know this address by our AE title.",
)
@click.option("--tls", is_flag=True, help="Connect with TLS.")
@click.option("--authorities", type=click.Path(path_type=Path), help="Certificates (PEM) of whom to trust.")
@click.option("--certificate", type=click.Path(path_type=Path), help="Our own certificate (PEM).")
@click.option("--key", type=click.Path(path_type=Path), help="The key of our certificate (PEM).")
@click.option("--no-host-check", is_flag=True, help="The node's certificate need not name its host.")
@verbose_option
def add_node(name: str, ae_title: str, address: tuple[str, int], **options: Any) -> int:
    """Add a DICOM node, or replace the one of that name."""
    files = {part: options[part] for part in ("authorities", "certificate", "key")}
    if not options["tls"] and (options["no_host_check"] or any(files.values())):
        raise click.UsageError("certificates are for connections with --tls")
    try:
        node = DicomNode(
            name,
            ae_title,
            *address,
            own_ae_title=options["own_ae_title"],
            tls=TlsFiles(**files, check_host=not options["no_host_check"]) if options["tls"] else None,
            retrieve_by=RetrieveBy(options["retrieve_by"]),
            receiver=ReceiverAddress(*options["receiver"]) if options["receiver"] else None,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    put_source(load_sources(), node)
    return OK


sources.add_command(add_web)


@sources.command("remove")
@click.argument("name")
@verbose_option
def remove(name: str) -> int:
    """Forget a source."""
    known = load_sources()
    gone = known[name]
    left = Sources(tuple(peer for peer in known.peers if peer != gone))
    save_sources(left)
    say(f"{gone} is forgotten")
    forget_secrets(known, left)
    return OK


@sources.command("check")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@verbose_option
def check(names: tuple[str, ...]) -> int:
    """Ask sources for a sign of life, all of them unless named.

    A node is asked by C-ECHO, a DICOMweb server by a search for one study.
    """
    known = load_sources()
    peers = [known[name] for name in names] or [p for p in known.peers if not isinstance(p, FolderSource)]
    failed = 0
    for peer in peers:
        try:
            tell(f"{peer.name}: {opened(peer).check(CancelToken())}")
        except IchViewerError as error:
            failed += 1
            say(f"{peer.name}: {error}")
    return INPUT_FAILED if failed else OK


def _day(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()


@sources.command("find")
@click.argument("name")
@click.option("--patient-id", default="", help="* stands for any characters, ? for one.")
@click.option("--patient-name", default="", help="Such as 'Doe^J*'.")
@click.option("--from", "first_date", type=click.DateTime([_DATE]), callback=_day, help="First study date.")
@click.option("--to", "last_date", type=click.DateTime([_DATE]), callback=_day, help="Last study date.")
@click.option("--modality", default="", help="Such as CT.")
@click.option("--accession", "accession_number", default="", help="Accession number.")
@click.option("--study", "study_uid", default="", metavar="UID", help="One study; its series are listed too.")
@click.option("--limit", default=USUAL_LIMIT, show_default=True, help="How many studies at most.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@verbose_option
def find(name: str, *, as_json: bool, **query: Any) -> int:
    """List studies of a source, each as soon as it is known."""
    try:
        wanted = StudyQuery(**query)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    source = opened(load_sources()[name])
    cancel = CancelToken()
    n = 0
    for study in source.find_studies(wanted, cancel):
        n += 1
        tell(json.dumps(_study_fields(study), ensure_ascii=False) if as_json else _study_line(study))
    if wanted.study_uid:
        for series in source.find_series(wanted.study_uid, cancel):
            tell(json.dumps(_series_fields(series), ensure_ascii=False) if as_json else _series_line(series))
    more = f"; there may be more than these (--limit {wanted.limit})" if n == wanted.limit else ""
    say(f"{n:,} {'study' if n == 1 else 'studies'}{more}")
    return OK


def _study_fields(study: StudyAnswer) -> dict[str, object]:
    return {
        "study_uid": study.study.uid,
        "date": study.study.date,
        "time": study.study.time,
        "description": study.study.description,
        "accession_number": study.study.accession,
        "patient_id": study.patient.id,
        "patient_name": study.patient.name,
        "birth_date": study.patient.birth_date,
        "sex": study.patient.sex,
        "modalities": list(study.modalities),
        "n_series": study.n_series,
        "n_instances": study.n_instances,
    }


def _series_fields(series: SeriesAnswer) -> dict[str, object]:
    return {
        "study_uid": series.study_uid,
        "series_uid": series.series_uid,
        "modality": series.modality,
        "description": series.description,
        "number": series.number,
        "n_instances": series.n_instances,
    }


def _study_line(study: StudyAnswer) -> str:
    words = (
        study.study.date or "-",
        study.patient.id or "-",
        study.patient.name or "-",
        "/".join(study.modalities) or "-",
        study.study.description or "-",
        study.study.uid,
    )
    return "  ".join(words)


def _series_line(series: SeriesAnswer) -> str:
    count = "?" if series.n_instances is None else f"{series.n_instances:,}"
    number = "-" if series.number is None else str(series.number)
    return "  ".join(
        ("  series", number, series.modality or "-", count, series.description or "-", series.series_uid)
    )


def _uid(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        try:
            check_uid(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from error
    return value


@sources.command("get")
@click.argument("name")
@click.option("--study", "study_uid", required=True, metavar="UID", callback=_uid, help="The study to fetch.")
@click.option("--series", "series_uid", metavar="UID", callback=_uid, help="Only this series of it.")
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="FOLDER",
    type=FOLDER,
    help="Where the files go; what lies there already is not fetched again.",
)
@verbose_option
def get(name: str, study_uid: str, series_uid: str | None, out: Path) -> int:
    """Fetch a study, as it is stored, into a folder."""
    from ichviewer.network.open_source import fetch_into_folder

    source = opened(load_sources()[name])
    with progress_bar() as progress:
        result = fetch_into_folder(
            source, study_uid, series_uid, out, progress=progress, cancel=CancelToken()
        )
    for failure in result.failed:
        say(f"missing: {failure.sop_instance_uid or 'an object'} ({failure.reason})")
    there = f", {result.n_there:,} were there" if result.n_there else ""
    say(f"{result.n_arrived:,} objects to {out}{there}; {len(result.failed):,} missing")
    return OK if result.complete else INPUT_FAILED


@sources.command("send")
@click.argument("name")
@paths_argument
@verbose_option
def send(name: str, paths: tuple[Path, ...]) -> int:
    """Send DICOM files, or those in folders, as they are."""
    from ichviewer.network.open_source import files_to_send

    source = opened(load_sources()[name])
    files, left_out = files_to_send(paths)
    n_stored = 0
    with progress_bar() as progress:
        for result in source.send(files, progress, CancelToken()):
            n_stored += result.stored
            if result.reason:
                say(f"{result.path}: {result.outcome.value}: {result.reason}")
    ignored = f"; {left_out:,} other files are no DICOM objects" if left_out else ""
    say(f"{n_stored:,} of {len(files):,} files are stored at {name}{ignored}")
    return OK if n_stored == len(files) else INPUT_FAILED
