"""From a data set to a store."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.ct_ich import CtIchSource
from ichviewer.learning.data.folder import FolderSource
from ichviewer.learning.data.journal import JOURNAL_NAME, UNREADABLE_NAME
from ichviewer.learning.data.prepare import open_source, prepare
from ichviewer.learning.data.rsna import RsnaSource
from ichviewer.learning.data.source import Answer, Found, LeftOut, SeriesResult, name_for_file
from ichviewer.learning.data.store import INDEX_NAME, Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.data.workers import HereRunner

SETTINGS = PreprocessSettings(size_px=32, mm_per_px=6.0)


@dataclass(frozen=True)
class MadeUpTask:
    name: str
    reads: ClassVar[list[str]] = []

    def read(self, settings):
        self.reads.append(self.name)
        if self.name == "refused":
            return SeriesResult((), (LeftOut("refused.dcm", "no head", is_error=False),), 1)
        rng = np.random.default_rng(len(self.name))
        volume = Volume(
            name=self.name,
            patient=self.name,
            source="folder",
            hu=rng.integers(-160, 241, (3, settings.size_px, settings.size_px)).astype(np.int16),
            positions_mm=np.arange(3, dtype=np.float32),
            labels=np.zeros((3, 6), np.uint8),
            has_brain=np.ones(3, bool),
        )
        return SeriesResult((volume,), (LeftOut(f"{self.name}.dcm", "broken"),), 1000)


@dataclass(frozen=True)
class MadeUpSource:
    names: tuple[str, ...] = ("a", "b", "c", "refused")
    left_out: tuple[LeftOut, ...] = (LeftOut("x.dcm", "no DICOM"),)

    @property
    def recipe(self):
        return {"source": "made up"}

    def find(self, runner, progress):
        return Found([MadeUpTask(name) for name in self.names], self.left_out, ("a note",))


class FailingRunner:
    """Stands for a worker that dies on one item, or a machine that is switched off after so many."""

    workers = 1

    def __init__(self, fails=(), stops_after=None):
        self._fails, self._stops_after = fails, stops_after

    def run(self, function, items):
        for index, item in enumerate(items):
            if index == self._stops_after:
                raise KeyboardInterrupt
            if item.name in self._fails:
                yield Answer(index, None, failure="KilledWorker: gone")
            else:
                yield Answer(index, function(item))


@pytest.fixture(autouse=True)
def reads():
    MadeUpTask.reads.clear()
    return MadeUpTask.reads


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_series_is_in_the_store_and_every_file_left_out_in_the_list(tmp_path):
    seen = []
    report = prepare(
        MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner(), progress=lambda *told: seen.append(told)
    )
    store = Store.open(tmp_path)
    assert [entry.name for entry in store.entries] == ["a", "b", "c"]
    assert store.settings == SETTINGS
    assert (report.series, report.slices, report.patients) == (3, 9, 3)
    assert (report.new_series, report.new_slices, report.new_bytes) == (3, 9, 3001)
    assert report.slices_per_second > 0
    assert report.megabytes_per_second > 0
    assert report.notes == ("a note",)
    assert {item.file for item in report.left_out} == {"x.dcm", "a.dcm", "b.dcm", "c.dcm", "refused.dcm"}
    assert {item.file for item in report.errors} == {"x.dcm", "a.dcm", "b.dcm", "c.dcm"}
    listed = lines(tmp_path / UNREADABLE_NAME)
    assert {entry["file"] for entry in listed} == {"x.dcm", "a.dcm", "b.dcm", "c.dcm", "refused.dcm"}
    assert {"file": "a.dcm", "reason": "broken", "error": True, "series": "a"} in listed
    assert [done for done, _, _ in seen] == [1, 2, 3, 4]
    assert "slices/s" in seen[-1][2]
    assert "MB/s" in seen[-1][2]


def test_a_run_that_was_stopped_goes_on_and_ends_the_same(tmp_path, reads):
    with pytest.raises(KeyboardInterrupt):
        prepare(MadeUpSource(), tmp_path / "a", SETTINGS, runner=FailingRunner(stops_after=2))
    # ... in the middle of a line of each list.
    for name in (INDEX_NAME, JOURNAL_NAME, UNREADABLE_NAME):
        with (tmp_path / "a" / name).open("ab") as file:
            file.write(b'{"name": "c", "pat')
    assert reads == ["a", "b"]
    report = prepare(MadeUpSource(), tmp_path / "a", SETTINGS, runner=HereRunner())
    assert reads == ["a", "b", "c", "refused"]
    assert (report.new_series, report.series) == (1, 3)
    whole = prepare(MadeUpSource(), tmp_path / "b", SETTINGS, runner=HereRunner())
    assert set(whole.left_out) == set(report.left_out)
    one, other = Store.open(tmp_path / "a"), Store.open(tmp_path / "b")
    assert [(e.name, e.sha256) for e in one.entries] == [(e.name, e.sha256) for e in other.entries]
    key = lambda entry: entry["file"]  # noqa: E731
    assert sorted(lines(tmp_path / "a" / UNREADABLE_NAME), key=key) == sorted(
        lines(tmp_path / "b" / UNREADABLE_NAME), key=key
    )


def test_a_run_with_nothing_left_to_do_reads_nothing(tmp_path, reads):
    prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner())
    reads.clear()
    report = prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner())
    assert reads == []
    assert (report.new_slices, report.slices, report.slices_per_second) == (0, 9, 0.0)


def test_a_volume_that_is_gone_is_made_again(tmp_path, reads):
    prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner())
    Store.open(tmp_path).path("b").unlink()
    reads.clear()
    prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner())
    assert reads == ["b"]


def test_a_series_whose_worker_died_is_named_and_tried_again_next_time(tmp_path, reads):
    report = prepare(MadeUpSource(), tmp_path, SETTINGS, runner=FailingRunner(fails=("b",)))
    assert [entry.name for entry in Store.open(tmp_path).entries] == ["a", "c"]
    assert LeftOut("b", "KilledWorker: gone") in report.errors
    assert any(entry["series"] == "b" for entry in lines(tmp_path / UNREADABLE_NAME))
    reads.clear()
    report = prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner())
    assert reads == ["b"]
    assert LeftOut("b", "KilledWorker: gone") not in report.errors


def test_a_limit_takes_the_first_and_another_run_the_rest(tmp_path, reads):
    assert prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner(), limit=2).series == 2
    assert prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner()).series == 3
    assert reads == ["a", "b", "c", "refused"]


def test_a_data_set_without_any_head_is_an_error(tmp_path):
    with pytest.raises(LearningError, match=r"no series could be prepared.*x\.dcm"):
        prepare(MadeUpSource(("refused",)), tmp_path / "a", SETTINGS, runner=HereRunner())
    with pytest.raises(LearningError, match=r"no head"):
        prepare(MadeUpSource(("refused",), ()), tmp_path / "b", SETTINGS, runner=HereRunner())


def test_a_store_made_otherwise_is_refused(tmp_path):
    prepare(MadeUpSource(), tmp_path, SETTINGS, runner=HereRunner())
    with pytest.raises(LearningError, match="other settings"):
        prepare(MadeUpSource(), tmp_path, PreprocessSettings(), runner=HereRunner())


def test_the_kind_of_a_data_set_is_seen_from_what_is_there(tmp_path, rsna_like, made_up_ct_ich):
    table = tmp_path / "labels.csv"
    table.write_text("file,any\n")
    assert isinstance(open_source(rsna_like.folder.parent), RsnaSource)
    assert isinstance(open_source(made_up_ct_ich), CtIchSource)
    assert isinstance(open_source(tmp_path, labels=table), FolderSource)
    assert isinstance(open_source(rsna_like.folder.parent, "folder", table), FolderSource)
    with pytest.raises(LearningError, match="--labels"):
        open_source(tmp_path)
    with pytest.raises(LearningError, match="--labels"):
        open_source(tmp_path, "folder")
    with pytest.raises(LearningError, match="one of auto"):
        open_source(tmp_path, "nifti")
    (tmp_path / "hemorrhage_diagnosis.csv").write_text("")
    (tmp_path / "Patients_CT").mkdir()
    assert isinstance(open_source(tmp_path), CtIchSource)


def test_a_set_like_rsnas_is_prepared_with_all_its_defects(rsna_like, tmp_path):
    settings = PreprocessSettings(size_px=96, mm_per_px=2.0)
    report = prepare(open_source(rsna_like.folder.parent), tmp_path, settings, runner=HereRunner())
    assert (report.series, report.patients, report.slices) == (4, 4, 23)
    (bad,) = report.errors
    assert bad.file == str(rsna_like.truncated)
    assert "cut short" in bad.reason
    store = Store.open(tmp_path)
    for volume in (store.load(entry.name, check=True) for entry in store.entries):
        assert volume.source == "rsna"
        for name, labels in zip(volume.slice_ids, volume.labels, strict=True):
            assert tuple(labels) == rsna_like.labels[name]
        assert volume.has_brain.all()
        # The 12-bit defect would make air and ventricles white; everything outside of the head is air.
        assert volume.hu[:, :, :4].max() == -160
    bleeding = {v.patient for v in store.entries if v.labels[:, 0].any()}
    assert bleeding == {"rsna-ID_patient1", "rsna-ID_patient3"}


def test_prepared_ct_ich_has_its_names_and_labels(made_up_ct_ich, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(made_up_ct_ich, data)
    (data / "brain" / "001_02.jpg").write_bytes(b"no picture")
    report = prepare(open_source(data), tmp_path / "store", SETTINGS, runner=HereRunner())
    assert (report.patients, report.slices, len(report.errors)) == (6, 59, 1)
    first = Store.open(tmp_path / "store").load("ct-ich-001")
    assert (first.patient, first.source) == ("ct-ich-001", "ct-ich")
    assert first.slice_ids[:2] == ("001_01", "001_03")
    assert first.positions_mm.tolist() == [0, *range(10, 50, 5)]
    assert first.labels[:, 0].tolist() == [0, 0, 1, 1, 1, 0, 0, 0, 0]


def test_names_fit_every_file_system():
    assert name_for_file("rsna-ID_1/2:3é.4") == "rsna-ID_1_2_3_.4"
