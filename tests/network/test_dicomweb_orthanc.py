"""The DICOMweb source against a real server: Orthanc with its DICOMweb plugin."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from dicom_factory import compressed, make_slice, uid_of, write, write_series
from pydicom import Dataset, dcmread
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from ichviewer.bundle import demo_dir
from ichviewer.errors import NetworkError, SettingsError
from ichviewer.network.dicomweb import WebSource, secret_name
from ichviewer.network.outbox import Outbox, State
from ichviewer.network.outbox_sender import Sent, send_due
from ichviewer.network.peers import WebAuthorization, WebServer
from ichviewer.network.query import StudyQuery
from ichviewer.network.secrets import Secret, Secrets
from ichviewer.network.source import ReceivedObject, SendOutcome
from ichviewer.network.study_cache import StudyCache
from ichviewer.progress import CancelToken, silent
from ichviewer.services.open_study import open_study


class Collector:
    """A receiver in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, ReceivedObject] = {}

    def has(self, sop_instance_uid: str) -> bool:
        return sop_instance_uid in self.objects

    def __call__(self, received: ReceivedObject) -> None:
        self.objects[received.sop_instance_uid] = received


def source_of(server, **options: object) -> WebSource:
    return WebSource(WebServer("orthanc", server.dicomweb_url, **options), Secrets())


def send_all(source: WebSource, files: list[Path]) -> list:
    return list(source.send(files, silent, CancelToken()))


def demo_files() -> list[Path]:
    return sorted(p for p in (demo_dir() / "bleed").rglob("*") if p.is_file())


def a_report(image: Dataset) -> Dataset:
    """A Basic Text SR about an image: an object without pixels."""
    from pydicom.dataset import FileMetaDataset

    report = Dataset()
    report.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.88.11")
    report.SOPInstanceUID = uid_of("report")
    report.SeriesInstanceUID = uid_of("report series")
    for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "StudyDate", "StudyTime"):
        setattr(report, keyword, image.get(keyword, ""))
    report.Modality = "SR"
    report.SeriesDescription = "Research use: findings"
    report.file_meta = FileMetaDataset()
    report.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    report.file_meta.MediaStorageSOPClassUID = report.SOPClassUID
    report.file_meta.MediaStorageSOPInstanceUID = report.SOPInstanceUID
    return report


def test_the_demo_study_and_a_report_go_there_through_the_outbox_and_come_back_the_same(orthanc, tmp_path):
    source, files = source_of(orthanc), demo_files()
    study_uid = dcmread(files[0], stop_before_pixels=True).StudyInstanceUID
    report = tmp_path / "report.dcm"
    a_report(dcmread(files[0])).save_as(report, enforce_file_format=True)
    with Outbox(tmp_path / "outbox") as outbox:
        for file in (*files, report):
            outbox.add(file, ["orthanc"])
        sent = send_due(outbox, {"orthanc": source}.__getitem__, silent, CancelToken())
        assert sent == Sent(n_stored=len(files) + 1)
        assert {item.state for item in outbox.items()} == {State.SENT}
    assert orthanc.get("/statistics")["CountInstances"] == len(files) + 1

    (found,) = source.find_studies(StudyQuery(study_uid=study_uid), CancelToken())
    assert (found.study.uid, found.n_instances) == (study_uid, len(files) + 1)
    assert set(found.modalities) == {"CT", "SR"}
    seen = []
    with StudyCache(tmp_path / "cache") as cache, cache.open("orthanc", study_uid) as study:
        told = []
        brought = source.retrieve(
            study_uid, None, study, lambda *now: seen.append(now), CancelToken(), on_listed=told.append
        )
        assert sorted(len(listing.sop_uids) for listing in told) == sorted(
            listing.n_objects for listing in told
        )
        assert frozenset().union(*(listing.sop_uids for listing in told)) == {
            str(dcmread(file, stop_before_pixels=True).SOPInstanceUID) for file in (*files, report)
        }
        assert (brought.n_arrived, brought.n_there, brought.failed) == (len(files) + 1, 0, ())
        for file in (*files, report):
            sent_one = dcmread(file)
            path = study.path_of(sent_one.SOPInstanceUID)
            assert path is not None
            assert path.read_bytes() == orthanc.file_of(sent_one.SOPInstanceUID)
            assert dcmread(path) == sent_one
        # Nothing is fetched twice.
        again = source.retrieve(study_uid, None, study, silent, CancelToken())
        assert (again.n_arrived, again.n_there) == (0, len(files) + 1)
        catalog = open_study([study.objects_folder])
        assert sum(len(series) for series in catalog.series) == len(files)
    assert seen[-1][:2] == (len(files) + 1, len(files) + 1)


@pytest.mark.parametrize(
    "syntax",
    [ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless, RLELossless, DeflatedExplicitVRLittleEndian],
)
def test_objects_come_back_in_the_transfer_syntax_that_they_were_sent_in(orthanc, tmp_path, syntax):
    image = compressed(make_slice(), syntax)
    file = write(tmp_path / "image.dcm", image)
    source, into = source_of(orthanc), Collector()
    (result,) = send_all(source, [file])
    assert result.outcome is SendOutcome.STORED, result.reason
    source.retrieve(image.StudyInstanceUID, image.SeriesInstanceUID, into, silent, CancelToken())
    (received,) = into.objects.values()
    assert received.transfer_syntax_uid == syntax
    assert received.data == orthanc.file_of(image.SOPInstanceUID)
    assert dcmread(BytesIO(received.data)).PixelData == dcmread(file).PixelData


def test_only_what_is_missing_is_asked_for(orthanc, tmp_path):
    files = write_series(tmp_path / "ct", n=5)
    source, into = source_of(orthanc), Collector()
    assert all(result.stored for result in send_all(source, files))
    study_uid = dcmread(files[0]).StudyInstanceUID
    source.retrieve(study_uid, None, into, silent, CancelToken())
    lost = sorted(into.objects)[1::2]
    for uid in lost:
        del into.objects[uid]
    brought = source.retrieve(study_uid, None, into, silent, CancelToken())
    assert (brought.n_arrived, brought.n_there) == (2, 3)
    assert len(into.objects) == 5


def test_studies_are_found_by_name_date_and_modality_page_by_page(orthanc, tmp_path):
    names = ["Doe^Jane", "Doe^John", "Roe^Richard"]
    for number in range(103):
        image = make_slice(
            StudyInstanceUID=uid_of("study", number),
            SeriesInstanceUID=uid_of("series", number),
            SOPInstanceUID=uid_of("sop", number),
            PatientName=names[number % 3],
            PatientID=f"P{number:03}",
            StudyDate=f"202401{1 + number % 28:02}",
        )
        write(tmp_path / f"{number}.dcm", image)
    source = source_of(orthanc)
    assert all(result.stored for result in send_all(source, sorted(tmp_path.glob("*.dcm"))))

    def find(**keys: object) -> list:
        return list(source.find_studies(StudyQuery(**keys), CancelToken()))

    assert len({answer.study.uid for answer in find()}) == 103
    assert len(find(limit=7)) == 7
    # Of 103 names in turn every third is the last, the one at 102 included: 34.
    assert len(find(patient_name="Roe*")) == 34
    (one,) = find(patient_id="P005")
    assert one.patient.name == "Roe, Richard"
    assert one.study.date == "2024-01-06"
    assert (one.n_series, one.n_instances, one.modalities) == (1, 1, ("CT",))
    within = find(first_date=date(2024, 1, 27), last_date=date(2024, 1, 28))
    # Days 27 and 28 come round in 26 + 28 k and 27 + 28 k under 103: three times each.
    assert len(within) == 6
    assert find(modality="MR") == []
    (series,) = source.find_series(one.study.uid, CancelToken())
    assert (series.modality, series.n_instances) == ("CT", 1)


def test_a_study_that_is_not_there_is_said(orthanc):
    with pytest.raises(NetworkError, match=r"orthanc \(http.*no study of this UID"):
        source_of(orthanc).retrieve("1.2.3", None, Collector(), silent, CancelToken())


def test_what_is_no_object_is_refused_here_and_costs_no_other(orthanc, tmp_path):
    nothing = tmp_path / "nothing.dcm"
    nothing.write_bytes(b"not DICOM")
    (good,) = write_series(tmp_path / "ct", n=1)
    results = send_all(source_of(orthanc), [nothing, tmp_path / "missing.dcm", good])
    assert [result.outcome for result in results] == [
        SendOutcome.REFUSED,
        SendOutcome.REFUSED,
        SendOutcome.STORED,
    ]
    assert "this side cannot send it" in results[0].reason


def test_sending_twice_does_not_double(orthanc, tmp_path):
    (file,) = write_series(tmp_path / "ct", n=1)
    source = source_of(orthanc)
    assert all(result.stored for _ in range(2) for result in send_all(source, [file]))
    assert orthanc.get("/statistics")["CountInstances"] == 1


def test_a_password_is_asked_for_accepted_and_refused(tmp_path_factory):
    from servers import running_orthanc

    folder = tmp_path_factory.mktemp("locked")
    options = {"AuthenticationEnabled": True, "RegisteredUsers": {"doctor": "p\u00e4ss:word"}}
    with running_orthanc(folder, **options) as server:
        with pytest.raises(NetworkError, match=r"wants to know who asks.*401"):
            source_of(server).check(CancelToken())
        peer = WebServer("o", server.dicomweb_url, authorization=WebAuthorization.BASIC, user="doctor")
        secrets = Secrets()
        source = WebSource(peer, secrets)
        with pytest.raises(SettingsError, match="password is not known"):
            source.check(CancelToken())
        secrets.keep(secret_name(peer), Secret("wrong"))
        with pytest.raises(NetworkError, match=r"does not accept the user and password.*401"):
            source.check(CancelToken())
        secrets.keep(secret_name(peer), Secret("p\u00e4ss:word"))
        assert "answers" in source.check(CancelToken())
        assert "wrong" not in repr(source.__dict__) and "word" not in repr(vars(secrets))
