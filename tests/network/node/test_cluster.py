"""A node whose studies are analyzed by the workers of a Dask scheduler."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dask_cluster import DaskCluster
from kill_run import StoppingPacs, make_studies, run
from node_parts import study_uid
from pydicom import dcmread
from test_node import SHORT, send, settings_for, slices, state, until

from ichviewer.__main__ import main
from ichviewer.errors import ReadError
from ichviewer.network.node import cluster as node_cluster
from ichviewer.network.node.cluster import Cluster, check_cluster
from ichviewer.network.node.entry import Group, StudyState
from ichviewer.network.node.node import Node
from ichviewer.network.node.settings import AnalysisSettings, NodeSettings, ResultSettings
from ichviewer.network.node.study_analysis import HeadCtAnalyzer
from ichviewer.network.outbox_counts import OutboxCounts, count_outbox
from ichviewer.network.peers import DicomNode
from ichviewer.progress import CancelToken
from ichviewer.services.batch_pools import PoolError
from ichviewer.services.open_study import open_study

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

TINY = Path(__file__).parents[2] / "inference" / "tiny_model"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
AT_S = 1_700_000_000.0


@pytest.fixture(scope="module")
def inside() -> Iterator[Any]:
    """A scheduler with a worker in this process."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", dashboard_address=":0"
    ) as running:
        yield running.scheduler_address


@pytest.fixture
def dask(tmp_path) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path / "dask") as made:
        yield made


def told(folder: Path, scheduler: str, **more: Any) -> NodeSettings:
    return settings_for(folder, analysis={"scheduler": scheduler, "model": TINY}, **more)


def test_results_are_those_of_this_machine_byte_for_byte(tmp_path, inside):
    (study,) = make_studies(tmp_path / "study", 1, n_slices=6)
    kinds = ResultSettings(kinds=("sr", "ko", "sc"))
    contents, summaries = [], []
    for name, scheduler in (("here", ""), ("there", inside)):
        settings = NodeSettings(
            tmp_path / "data", analysis=AnalysisSettings(scheduler=scheduler), results=kinds
        )
        folder = tmp_path / name
        folder.mkdir()
        cluster = Cluster(settings) if scheduler else None
        analyzer = HeadCtAnalyzer(settings, cluster)
        try:
            analyzed = analyzer.analyze(study, CancelToken())
            analyzed.write(folder, lambda _: AT_S)
        finally:
            analyzer.close()
            if cluster is not None:
                cluster.close()
        summaries.append(analyzed.summary)
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert len(contents[0]) == 3
    assert contents[0] == contents[1]
    assert summaries[0] == summaries[1]
    assert summaries[0].group is Group.FLAGGED


def test_a_worker_that_sees_other_images_is_refused(tmp_path, inside, monkeypatch):
    series = open_study(slices(tmp_path, "a", 1, 2)).series[0]

    class Others:
        def key(self, series: object, settings: str) -> str:
            return "of other images"

    with Cluster(told(tmp_path, inside)) as cluster:
        monkeypatch.setattr(node_cluster, "SeriesKeys", Others)
        with pytest.raises(PoolError, match="a worker finds other images under these names"):
            cluster.annotate(series, CancelToken())
        for info in series.slices:
            info.source.path.unlink()
        with pytest.raises(PoolError, match="a worker cannot read the images"):
            cluster.annotate(series, CancelToken())


def test_images_that_are_not_here_either_are_no_fault_of_a_worker(tmp_path, inside):
    series = open_study(slices(tmp_path, "a", 1)).series[0]
    series.slices[0].source.path.unlink()
    with Cluster(told(tmp_path, inside)) as cluster, pytest.raises(ReadError) as caught:
        cluster.annotate(series, CancelToken())
    assert not isinstance(caught.value, PoolError)


def written(folder: Path, scheduler: str) -> str:
    path = folder / "node.toml"
    path.write_text(
        f'version = 1\ndata_folder = "{folder}/data"\n[analysis]\nmodel = "{TINY}"\nscheduler = "{scheduler}"\n'
    )
    return str(path)


def test_the_check_reaches_the_scheduler_and_its_workers(tmp_path, inside, capsys):
    file = written(tmp_path, inside)
    assert main(["node", "--check", file]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    assert main(["node", "--check", written(tmp_path, "tcp://127.0.0.1:9")]) == 2
    err = capsys.readouterr().err
    assert "analysis.scheduler: the Dask scheduler does not answer. Found: " in err
    assert "refused" in err
    assert check_cluster(settings_for(tmp_path)) == ()


def test_the_check_names_what_workers_cannot_do(tmp_path, inside, monkeypatch):
    monkeypatch.setattr(node_cluster, "model_digest", lambda card: "another")
    (fault,) = check_cluster(told(tmp_path, inside))
    assert "it has another model at " in str(fault)


@contextmanager
def running(settings: NodeSettings) -> Iterator[Node]:
    with Node(settings) as node:
        yield node
    assert node.bug is None


def waits(node: Node, study: str, words: str) -> bool:
    entry = node.worklist.find(study_uid(study))
    return (
        entry is not None
        and entry.state is StudyState.QUEUED
        and entry.group is Group.WAITING
        and any(words in remark for remark in entry.remarks)
    )


@pytest.mark.alone
@POSIX
def test_a_scheduler_that_is_not_there_at_the_start_and_is_lost_later_costs_nothing(tmp_path, dask):
    pacs = StoppingPacs()
    pacs.start()
    peer = DicomNode("pacs", "PACS", "127.0.0.1", pacs.port, timeouts=SHORT)
    settings = told(tmp_path, dask.address, results=ResultSettings(("sr",), ("pacs",)), peers=(peer,))
    try:
        with running(settings) as node:
            send(node.port, slices(tmp_path, "a", 1, 2))
            until(lambda: waits(node, "a", "the Dask scheduler does not answer"))
            dask.start_scheduler()
            until(lambda: waits(node, "a", "the Dask scheduler has no workers"))
            dask.start_worker()
            until(lambda: state(node, "a") is StudyState.DONE)
            dask.kill_scheduler()
            send(node.port, slices(tmp_path, "b", 1, 2))
            until(lambda: waits(node, "b", "the Dask scheduler"))
            dask.kill_workers()
            dask.start_scheduler()
            dask.start_worker()
            until(lambda: state(node, "b") is StudyState.DONE)
            for study in ("a", "b"):
                entry = node.worklist.find(study_uid(study))
                assert (entry.failures, entry.error, entry.summary.n_series) == (0, "", 1)
        assert sorted(pacs.stored.values()) == sorted((study_uid("a"), study_uid("b")))
        assert set(pacs.times.values()) == {1}
    finally:
        pacs.stop()
    assert count_outbox(tmp_path / "data" / "outbox") == OutboxCounts(sent=2)


@pytest.mark.alone
@POSIX
def test_a_node_that_ends_while_a_scheduler_is_frozen_ends_in_time(tmp_path, dask):
    dask.start_scheduler()
    dask.start_worker()
    with running(told(tmp_path, dask.address)) as node:
        dask.freeze_scheduler()
        send(node.port, slices(tmp_path, "a", 1, 2))
        until(lambda: state(node, "a") is StudyState.ANALYZING)
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 30
    dask.freeze_scheduler(frozen=False)
    with running(told(tmp_path, dask.address)) as node:
        until(lambda: state(node, "a") is StudyState.DONE)


@pytest.mark.alone
@POSIX
@pytest.mark.timeout(900)
def test_each_study_has_one_result_whatever_is_killed(tmp_path, dask):
    dask.start_scheduler()
    dask.start_worker()

    def disturb(before: int) -> None:
        dask.kill_workers()
        if before % 2:
            dask.kill_scheduler()
            time.sleep(1.0)
            dask.start_scheduler()
        dask.start_worker()

    studies = make_studies(tmp_path / "studies", 4, n_slices=6)
    outcome = run(
        tmp_path,
        studies,
        senders=2,
        kills=3,
        stops=1,
        seed=7,
        longest_s=600,
        workers=2,
        scheduler=dask.address,
        disturb=disturb,
    )
    assert (outcome.n_kills, outcome.n_stops) == (3, 1)
    assert len(outcome.complete) == 4
    assert {entry["n_objects"] for entry in outcome.entries} == {6}
    assert set(outcome.contents.values()) == {1}
    assert outcome.exit_code == 0
    made = [dcmread(path) for path in (tmp_path / "data" / "results").rglob("sr_*.dcm")]
    assert len({str(ds.StudyInstanceUID) for ds in made}) == len(made) == 4
