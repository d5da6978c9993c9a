"""Studies stored in, searched in and fetched from real archives: Orthanc and dcmtk's dcmqrscp."""

from __future__ import annotations

import io
import subprocess
import threading
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_slice, uid_of, write, write_series
from objects import SYNTAXES, data_set, pixels, write_each_syntax
from pydicom import dcmread
from servers import free_port, listening, running, running_dcmqrscp, running_orthanc, tool

from ichviewer.bundle import resources_dir
from ichviewer.errors import NetworkError
from ichviewer.network.arrivals import FolderReceiver
from ichviewer.network.dimse import DimseSource
from ichviewer.network.peers import DicomNode, ReceiverAddress, RetrieveBy
from ichviewer.network.query import StudyQuery
from ichviewer.network.receiver import ReceiverSettings, StorageReceiver
from ichviewer.network.source import SendOutcome, SeriesListing
from ichviewer.progress import Cancelled, CancelToken, silent
from ichviewer.services.open_study import open_study

STUDY = uid_of("study", "study")
OLDER = tuple(name for name in SYNTAXES if "HTJ2K" not in name)
"""What archives built on dcmtk 3.6.7 know; our own sender and receiver speak to each other in all of them."""
QRSCP = 4 * ("ImplicitVRLittleEndian", "ExplicitVRLittleEndian", "ExplicitVRBigEndian")
"""What dcmtk's archive takes and gives; it sends compressed objects under the first context that it finds."""


@dataclass(frozen=True)
class Archive:
    """An archive that holds a file in each of its syntaxes."""

    source: DimseSource
    files: dict[str, Path]

    def by(self, way: RetrieveBy) -> DimseSource:
        return DimseSource(replace(self.source.node, retrieve_by=way))


@pytest.fixture(scope="module", params=["ORTHANC", "QRSCP"])
def archive(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    mover_port = free_port()
    if request.param == "ORTHANC":
        server = running_orthanc(folder / "server", modalities={"us": ["ICHVIEWER", "127.0.0.1", mover_port]})
    else:
        server = running_dcmqrscp(folder / "server", mover_port=mover_port)
    names = OLDER if request.param == "ORTHANC" else QRSCP
    files = write_each_syntax(folder / "sent", names)
    with server as running_server:
        port = running_server if isinstance(running_server, int) else running_server.dicom_port
        node = DicomNode(
            "archive", request.param, "127.0.0.1", port, receiver=ReceiverAddress(port=mover_port)
        )
        source = DimseSource(node)
        results = list(source.send(list(files.values()), silent, CancelToken()))
        assert [(r.path, r.outcome, r.reason) for r in results] == [
            (path, SendOutcome.STORED, "") for path in files.values()
        ]
        yield Archive(source, files)


@pytest.mark.parametrize("way", [RetrieveBy.GET, RetrieveBy.MOVE])
def test_every_transfer_syntax_comes_back_as_it_was_stored(archive, tmp_path, way):
    into = FolderReceiver(tmp_path)
    result = archive.by(way).retrieve(STUDY, None, into, silent, CancelToken())
    assert (result.n_arrived, result.n_there, result.failed) == (len(archive.files), 0, ())
    for uid, sent in archive.files.items():
        came = into.path_of(uid).read_bytes()
        if archive.source.node.ae_title == "ORTHANC":
            assert data_set(came) == data_set(sent.read_bytes()), sent.stem
        else:  # which changes the byte order and the VRs under way
            assert np.array_equal(dcmread(io.BytesIO(came)).pixel_array, dcmread(sent).pixel_array), sent.stem


def test_only_what_is_missing_is_asked_for_again(archive, tmp_path):
    way = RetrieveBy.MOVE if archive.source.node.ae_title == "ORTHANC" else RetrieveBy.GET
    into = FolderReceiver(tmp_path)
    archive.by(way).retrieve(STUDY, None, into, silent, CancelToken())
    kept, lost = into.arrived[::2], into.arrived[1::2]
    for path in lost:
        path.unlink()
    times = {path: path.stat().st_mtime_ns for path in kept}
    again = FolderReceiver(tmp_path)
    result = archive.by(way).retrieve(STUDY, None, again, silent, CancelToken())
    assert (result.n_arrived, result.n_there, result.failed) == (len(lost), len(kept), ())
    assert set(again.arrived) == set(lost)
    assert {path: path.stat().st_mtime_ns for path in kept} == times
    third = archive.by(way).retrieve(STUDY, None, again, silent, CancelToken())
    assert (third.n_arrived, third.n_there) == (0, len(archive.files))


def test_objects_are_there_one_by_one_and_progress_counts_them(archive, tmp_path):
    seen = []
    into = FolderReceiver(tmp_path)

    def progress(done: int, total: int, what: str) -> None:
        seen.append((done, total, len(list(tmp_path.glob("*.dcm")))))

    archive.source.retrieve(STUDY, None, into, progress, CancelToken())
    n = len(archive.files)
    assert seen == [(done, n, done) for done in range(n + 1)]


def test_a_cancelled_retrieval_ends_soon_leaves_whole_files_and_can_go_on(archive, tmp_path):
    way = RetrieveBy.GET if archive.source.node.ae_title == "ORTHANC" else RetrieveBy.MOVE
    cancel = CancelToken()

    def progress(done: int, total: int, what: str) -> None:
        if done == 3:
            cancel.cancel()

    into = FolderReceiver(tmp_path)
    with pytest.raises(Cancelled):
        archive.by(way).retrieve(STUDY, None, into, progress, cancel)
    assert 3 <= len(into.arrived) < len(archive.files)
    result = archive.by(way).retrieve(STUDY, None, into, silent, CancelToken())
    assert result.complete
    assert {path.name for path in tmp_path.iterdir()} == {into.path_of(uid).name for uid in archive.files}


def test_the_node_answers_a_check(archive):
    assert "OFFIS_DCMTK" in archive.source.check(CancelToken())


@pytest.mark.parametrize(
    ("query", "n"),
    [
        (StudyQuery(), 1),
        (StudyQuery(patient_name="Doe*"), 1),
        (StudyQuery(patient_name="D?e^John"), 1),
        (StudyQuery(patient_name="Roe*"), 0),
        (StudyQuery(patient_id="P1", first_date=date(2024, 1, 31), last_date=date(2024, 1, 31)), 1),
        (StudyQuery(first_date=date(2024, 2, 1)), 0),
        (StudyQuery(last_date=date(2024, 1, 30)), 0),
        (StudyQuery(first_date=date(2023, 1, 1), last_date=date(2025, 1, 1)), 1),
        (StudyQuery(modality="CT", study_uid=STUDY), 1),
        (StudyQuery(accession_number="A*"), 0),
    ],
)
def test_studies_are_found_by_their_keys(archive, query, n):
    assert len(list(archive.source.find_studies(query, CancelToken()))) == n


def test_a_study_and_its_series_are_what_was_stored(archive):
    (study,) = archive.source.find_studies(StudyQuery(study_uid=STUDY), CancelToken())
    assert (study.study.uid, study.study.date, study.study.time) == (STUDY, "2024-01-31", "10:15:00")
    assert (study.patient.id, study.patient.name) == ("P1", "Doe, John")
    (series,) = archive.source.find_series(STUDY, CancelToken())
    assert (series.study_uid, series.series_uid) == (STUDY, uid_of("series", "study", "series"))
    assert (series.modality, series.number) == ("CT", 1)


def test_an_unknown_study_is_said_to_be_unknown(archive, tmp_path):
    with pytest.raises(NetworkError, match=r"no such images\. Found: nothing under 1\.2\.3\.4"):
        archive.source.retrieve("1.2.3.4", None, FolderReceiver(tmp_path), silent, CancelToken())
    assert list(tmp_path.iterdir()) == []


def test_a_node_that_uses_the_first_context_is_asked_once_more_for_what_it_could_not_send(tmp_path):
    files = write_each_syntax(tmp_path / "sent", ("ExplicitVRLittleEndian", "JPEG2000Lossless") * 2)
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    with running_dcmqrscp(tmp_path / "server", "+xv") as port:
        source = DimseSource(DicomNode("q", "QRSCP", "127.0.0.1", port))
        assert all(r.stored for r in source.send(list(files.values()), silent, CancelToken()))
        result = source.retrieve(STUDY, None, into, silent, CancelToken())
    assert (result.n_arrived, result.failed) == (4, ())
    for uid, sent in files.items():
        assert pixels(into.path_of(uid).read_bytes()) == pixels(sent.read_bytes()), sent.stem


def test_the_demo_study_comes_back_byte_for_byte_and_is_listed_as_before(tmp_path):
    port = free_port()
    demo = resources_dir() / "demo" / "studies" / "bleed"
    sent = sorted(path for path in demo.rglob("*") if path.is_file())
    with running_orthanc(tmp_path / "o", modalities={"us": ["ICHVIEWER", "127.0.0.1", port]}) as server:
        node = DicomNode("o", "ORTHANC", "127.0.0.1", server.dicom_port, receiver=ReceiverAddress(port=port))
        assert all(r.stored for r in DimseSource(node).send(sent, silent, CancelToken()))
        (found,) = DimseSource(node).find_studies(StudyQuery(modality="CT"), CancelToken())
        for way in (RetrieveBy.GET, RetrieveBy.MOVE):
            into = FolderReceiver(tmp_path / way.value)
            (tmp_path / way.value).mkdir()
            source = DimseSource(replace(node, retrieve_by=way))
            result = source.retrieve(found.study.uid, None, into, silent, CancelToken())
            assert (result.n_arrived, result.failed) == (len(sent), ())
            assert {data_set(p.read_bytes()) for p in into.arrived} == {
                data_set(p.read_bytes()) for p in sent
            }
            assert listed(tmp_path / way.value) == listed(demo)


def listed(folder: Path) -> dict[str, list[str]]:
    """UIDs of the slices of each series, in the order that the viewer shows them in."""
    series = open_study([folder]).series
    return {one.key.series_uid: [info.sop_uid for info in one.slices] for one in series}


def test_the_limit_stops_the_search(orthanc, tmp_path):
    source = DimseSource(DicomNode("o", "ORTHANC", "127.0.0.1", orthanc.dicom_port))
    names = ("Müller^Jürgen", "Doe^A", "Doe^B", "Doe^C")
    files = [
        write(tmp_path / f"{i}", make_slice(study=f"s{i}", patient_name=name, patient_id=f"P{i}"))
        for i, name in enumerate(names)
    ]
    assert all(r.stored for r in source.send(files, silent, CancelToken()))
    found = [list(source.find_studies(StudyQuery(limit=n), CancelToken())) for n in (1, 3, 4, 200)]
    assert [len(f) for f in found] == [1, 3, 4, 4]
    (umlaut,) = source.find_studies(StudyQuery(patient_name="Müller*"), CancelToken())
    assert umlaut.patient.name == "Müller, Jürgen"
    first = source.find_studies(StudyQuery(), CancelToken())
    next(first)
    first.close()
    assert [t.name for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon] == []


def test_one_series_of_a_study_is_fetched_alone(orthanc, tmp_path):
    source = DimseSource(DicomNode("o", "ORTHANC", "127.0.0.1", orthanc.dicom_port))
    files = [*write_series(tmp_path / "a", 3), *write_series(tmp_path / "b", 2, series="other")]
    assert all(r.stored for r in source.send(files, silent, CancelToken()))
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    result = source.retrieve(STUDY, uid_of("series", "study", "other"), into, silent, CancelToken())
    assert result.n_arrived == 2
    assert {pixels(path.read_bytes()) for path in into.arrived} == {
        pixels(path.read_bytes()) for path in files[3:]
    }
    assert [s.n_instances for s in source.find_series(STUDY, CancelToken())] in ([3, 2], [2, 3])


def test_move_to_a_place_the_node_does_not_know_says_so(orthanc, tmp_path):
    node = DicomNode(
        "o",
        "ORTHANC",
        "127.0.0.1",
        orthanc.dicom_port,
        retrieve_by=RetrieveBy.MOVE,
        receiver=ReceiverAddress(port=0),
    )
    source = DimseSource(node)
    list(source.send(write_series(tmp_path / "a", 1), silent, CancelToken()))
    (tmp_path / "got").mkdir()
    with pytest.raises(NetworkError, match="the node refuses to send the images"):
        source.retrieve(STUDY, None, FolderReceiver(tmp_path / "got"), silent, CancelToken())


def test_our_sender_and_receiver_pass_every_transfer_syntax_byte_for_byte(tmp_path):
    files = write_each_syntax(tmp_path / "sent")
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    with StorageReceiver(ReceiverSettings(ReceiverAddress(port=0)), into) as receiver:
        source = DimseSource(DicomNode("us", "ICHVIEWER", "127.0.0.1", receiver.port))
        results = list(source.send(list(files.values()), silent, CancelToken()))
    assert {r.outcome for r in results} == {SendOutcome.STORED}
    for uid, sent in files.items():
        assert data_set(into.path_of(uid).read_bytes()) == data_set(sent.read_bytes()), sent.stem


def test_dcmtk_stores_into_the_receiver_and_gets_its_echo(tmp_path):
    # storescu proposes one compressed syntax at a time; it sends these as they are.
    ways = {
        "-xe": "ExplicitVRLittleEndian",
        "-xi": "ImplicitVRLittleEndian",
        "-xs": "JPEGLosslessSV1",
        "-xv": "JPEG2000Lossless",
        "-xt": "JPEGLSLossless",
        "-xr": "RLELossless",
    }
    files = write_each_syntax(tmp_path / "sent", tuple(ways.values()))
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    with StorageReceiver(ReceiverSettings(ReceiverAddress(port=0)), into) as receiver:
        to = ["-aec", "ICHVIEWER", "127.0.0.1", str(receiver.port)]
        subprocess.run([tool("echoscu"), *to], timeout=30, check=True)
        for option, path in zip(ways, files.values(), strict=True):
            subprocess.run([tool("storescu"), "-R", option, *to, str(path)], timeout=30, check=True)
    for uid, sent in files.items():
        # dcmtk encodes the header anew; pixels it leaves alone.
        assert pixels(into.path_of(uid).read_bytes()) == pixels(sent.read_bytes()), sent.stem


def test_a_node_that_takes_no_compression_refuses_object_by_object(tmp_path):
    program, port = tool("storescp"), free_port()
    stored = tmp_path / "stored"
    stored.mkdir()
    files = write_each_syntax(
        tmp_path / "sent", ("ExplicitVRLittleEndian", "JPEG2000Lossless", "RLELossless")
    )
    command = [program, "-od", str(stored), "+xe", str(port)]
    with running(command, tmp_path / "log", lambda: listening(port)):
        source = DimseSource(DicomNode("s", "ANY", "127.0.0.1", port))
        results = list(source.send([*files.values(), *files.values()], silent, CancelToken()))
    outcomes = [r.outcome for r in results]
    assert outcomes == [SendOutcome.STORED, SendOutcome.REFUSED, SendOutcome.REFUSED] * 2
    assert "CT Image Storage in JPEG 2000 Image Compression (Lossless Only)" in results[1].reason
    assert "nothing is converted" in results[1].reason
    assert len(list(stored.iterdir())) == 1


@pytest.mark.parametrize("way", [RetrieveBy.GET, RetrieveBy.MOVE])
def test_what_the_archive_has_of_each_series_is_told_before_it_comes(archive, tmp_path, way):
    into, told = FolderReceiver(tmp_path), []

    def listed(listing: SeriesListing) -> None:
        told.append(listing)
        assert not into.arrived

    archive.by(way).retrieve(STUDY, None, into, silent, CancelToken(), on_listed=listed)
    (listing,) = told
    (series_uid,) = {str(dcmread(path, stop_before_pixels=True).SeriesInstanceUID) for path in into.arrived}
    assert (listing.series_uid, listing.sop_uids) == (series_uid, frozenset(archive.files))
    # dcmtk's archive does not count.
    assert listing.n_objects == (len(archive.files) if archive.source.node.ae_title == "ORTHANC" else None)
