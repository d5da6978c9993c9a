"""What a worker makes of a study, with the bundled model: the same as `annotate` does."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from kill_run import make_studies
from pydicom import dcmread

from ichviewer.domain.labels import Hemorrhage
from ichviewer.errors import EngineError
from ichviewer.network.node.entry import Group
from ichviewer.network.node.settings import NodeSettings, ResultSettings
from ichviewer.network.node.study_analysis import HeadCtAnalyzer
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.analyse_paths import analyse_paths

AT_S = 1_700_000_000.0


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> list[Path]:
    (paths,) = make_studies(tmp_path_factory.mktemp("study"), 1, n_slices=6)
    return paths


@pytest.fixture(scope="module")
def analyzer(tmp_path_factory):
    made = HeadCtAnalyzer(
        NodeSettings(tmp_path_factory.mktemp("data"), results=ResultSettings(kinds=("sr", "ko")))
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def analyzed(analyzer, study):
    return analyzer.analyze(study, CancelToken())


def test_the_summary_is_what_annotate_says(analyzed, study):
    result = analyse_paths(study)
    (findings,) = result.findings.values()
    point = result.card.operating_point(None)
    expected, _ = findings.strongest(Hemorrhage.ANY)
    summary = analyzed.summary
    assert summary.probability == pytest.approx(expected, abs=1e-6)
    assert set(summary.flagged) == {
        label.value for found in findings.slices for label in found.flagged(point)
    }
    assert (summary.n_series, summary.n_analyzed, summary.reasons) == (1, 1, ())
    assert (summary.model, summary.model_version) == (result.card.name, result.card.version)
    assert (summary.patient_id, summary.study_date) == ("BENCH-0", "2026-01-05")
    assert summary.group is Group.FLAGGED


def test_written_twice_the_objects_are_the_same_byte_for_byte(analyzed, study, tmp_path):
    digests: list[str] = []

    def at(digest: str) -> float:
        digests.append(digest)
        return AT_S

    contents = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        objects = analyzed.write(folder, at)
        assert sorted(path.name for path in folder.iterdir()) == sorted(item.name for item in objects)
        contents.append({item.sop_uid: (folder / item.name).read_bytes() for item in objects})
    assert contents[0] == contents[1]
    assert len(set(digests)) == 1
    studies = {str(dcmread(path).StudyInstanceUID) for path in (tmp_path / "one").iterdir()}
    assert studies == {str(dcmread(study[0]).StudyInstanceUID)}


def test_other_slices_make_other_objects(analyzer, analyzed, study, tmp_path):
    fewer = analyzer.analyze(study[:-1], CancelToken())
    for name in ("all", "fewer"):
        (tmp_path / name).mkdir()
    objects = analyzed.write(tmp_path / "all", lambda _: AT_S)
    others = fewer.write(tmp_path / "fewer", lambda _: AT_S)
    assert not {item.sop_uid for item in objects} & {item.sop_uid for item in others}


def test_with_later_slices_the_new_report_names_the_old_one_also_when_it_is_made_again(
    analyzer, analyzed, study, tmp_path
):
    fewer = analyzer.analyze(study[:-1], CancelToken())
    (old,) = (item for item in fewer.write(tmp_path, lambda _: AT_S) if item.name.startswith("sr_"))
    (new,) = (item for item in analyzed.write(tmp_path, lambda _: AT_S + 60) if item.name.startswith("sr_"))
    made = (tmp_path / new.name).read_bytes()
    (named,) = dcmread(tmp_path / new.name).PredecessorDocumentsSequence
    assert named.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == old.sop_uid
    # The node was killed before it noted that they are written; or the old one is deleted by then.
    analyzed.write(tmp_path, lambda _: AT_S + 60)
    (tmp_path / old.name).unlink()
    analyzed.write(tmp_path, lambda _: AT_S + 60)
    assert (tmp_path / new.name).read_bytes() == made


def test_a_slice_that_cannot_be_decoded_makes_the_study_not_analyzed_unless_it_is_flagged(
    analyzer, study, tmp_path
):
    paths = [Path(shutil.copy2(path, tmp_path)) for path in study]
    data = paths[2].read_bytes()
    paths[2].write_bytes(data[: len(data) // 2])
    summary = analyzer.analyze(paths, CancelToken()).summary
    assert summary.reasons
    assert (summary.n_series, summary.n_analyzed) in ((1, 0), (1, 1))
    assert summary.group is (Group.FLAGGED if summary.flagged else Group.NOT_ANALYZED)


@pytest.mark.parametrize(
    "options",
    [
        {"modality": "MR", "sop_class": "1.2.840.10008.5.1.4.1.1.4"},
        {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")},
    ],
)
def test_a_study_without_ct_of_sections_is_not_analyzed_and_has_no_objects(analyzer, tmp_path, options):
    path = write(tmp_path / "1.dcm", make_slice(**options))
    (tmp_path / "out").mkdir()
    found = analyzer.analyze([path], CancelToken())
    assert found.summary.group is Group.NOT_ANALYZED
    assert found.summary.probability is None
    assert "no CT of sections" in found.summary.reasons[0]
    assert found.write(tmp_path / "out", lambda _: AT_S) == ()


def test_a_study_without_any_image_is_not_analyzed_and_says_why(analyzer, tmp_path):
    ds = make_slice(modality="SR", sop_class="1.2.840.10008.5.1.4.1.1.88.11")
    for keyword in ("PixelData", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit"):
        delattr(ds, keyword)
    path = write(tmp_path / "1.dcm", ds)
    found = analyzer.analyze([path], CancelToken())
    assert found.summary.group is Group.NOT_ANALYZED
    assert found.summary.reasons
    assert found.write(tmp_path, lambda _: AT_S) == ()


def test_ct_that_is_no_head_is_not_analyzed(analyzer, tmp_path):
    paths = [
        write(tmp_path / f"{n}.dcm", make_slice(z_mm=5.0 * n, instance_number=n, rows=64, columns=64))
        for n in range(1, 4)
    ]
    summary = analyzer.analyze(paths, CancelToken()).summary
    assert (summary.n_series, summary.n_analyzed) == (1, 0)
    assert summary.reasons
    assert summary.group is Group.NOT_ANALYZED


def test_a_cancel_ends_it(analyzer, study):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        analyzer.analyze(study, cancel)


def test_it_goes_on_after_its_process_was_killed(analyzer, study, tmp_path):
    import os
    import signal

    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if not children.exists():
        pytest.skip("needs /proc")
    for pid in children.read_text().split():
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"spawn_main" in command:
            os.kill(int(pid), signal.SIGKILL)
    # The study during which that happens may fail; the next one must not.
    with suppress(EngineError):
        analyzer.analyze(study, CancelToken())
    assert analyzer.analyze(study, CancelToken()).summary.group is Group.FLAGGED
