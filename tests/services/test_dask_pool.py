"""The workers of a Dask cluster do what worker processes of this machine do."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dask_cluster import DaskCluster
from dicom_factory import make_slice, write
from synthetic_head import SPACING_MM, head_hu

from ichviewer.__main__ import main
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series
from ichviewer.errors import ModelError, ReadError
from ichviewer.progress import Cancelled, CancelToken, silent
from ichviewer.services import dask_pool
from ichviewer.services.batch_pools import PoolError, PoolLostError
from ichviewer.services.batch_worker import FINDINGS, SeriesOrder, WorkOrder
from ichviewer.services.dask_pool import DaskPool
from ichviewer.services.dask_worker import refusal_there
from ichviewer.services.open_study import open_study
from ichviewer.services.series_key import SeriesKeys, model_digest

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

TINY = Path(__file__).parents[1] / "inference" / "tiny_model"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0"
    ) as running:
        yield running


@pytest.fixture
def order(tiny_card) -> WorkOrder:
    return WorkOrder(TINY, model_digest(tiny_card), "auto", tiny_card.point)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for number in range(3):
        for i in range(2):
            ds = make_slice(
                hu=head_hu(28 + 4 * i + number),
                z_mm=5.0 * i,
                instance_number=i + 1,
                pixel_spacing_mm=(SPACING_MM,) * 2,
                study=f"study {number}",
                series=f"series {number}",
            )
            write(tmp_path / "archive" / f"study{number}" / f"IM{i}", ds)
    return tmp_path / "archive"


def test_a_cluster_writes_what_this_machine_does(archive, tmp_path, cluster, capsys, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    alone, out = tmp_path / "alone.csv", tmp_path / "f.csv"
    arguments = ["annotate", str(archive), "--model", str(TINY)]
    assert main([*arguments, "-o", str(alone), "--jobs", "1"]) == 0
    scheduler = ["--scheduler", cluster.scheduler_address]
    assert main([*arguments, "-o", str(out), *scheduler]) == 0
    assert "2 at a time on " in capsys.readouterr().err
    assert out.read_bytes() == alone.read_bytes()
    assert main([*arguments, "-o", str(out), *scheduler]) == 0
    assert "3 of them from before" in capsys.readouterr().err


def test_a_scheduler_that_is_not_there_is_told(order, monkeypatch):
    monkeypatch.setattr(dask_pool, "CONNECT_S", 1)
    with pytest.raises(PoolError, match="does not answer"):
        DaskPool("tcp://127.0.0.1:9", order)


def test_a_scheduler_without_workers_is_told(order):
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as running,
        pytest.raises(PoolError, match="no workers"),
    ):
        DaskPool(running.scheduler_address, order)


def test_workers_that_may_have_no_children_are_told(order):
    with (
        distributed.LocalCluster(n_workers=1, processes=True, dashboard_address=":0") as running,
        pytest.raises(PoolError, match="--no-nanny"),
    ):
        DaskPool(running.scheduler_address, order)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"version": "0.0.1"}, "it has version .* of the program, not 0.0.1"),
        ({"model_digest": "another"}, "it has another model at "),
        ({"model": Path("/no/such/model")}, "it cannot read the model"),
    ],
)
def test_workers_with_another_program_or_model_are_told(order, cluster, changed, words):
    with pytest.raises(PoolError, match=words):
        DaskPool(cluster.scheduler_address, replace(order, **changed))


def test_a_folder_that_a_worker_cannot_look_into_is_told(order, cluster, tmp_path):
    assert refusal_there(order, tmp_path) == ""
    with pytest.raises(PoolError, match=r"it cannot look into .*No such file"):
        DaskPool(cluster.scheduler_address, order, folder=tmp_path / "missing")


def test_somebody_who_is_no_scheduler_is_told(order):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()  # of who looks whether somebody listens
            connection.close()
            connection, _ = listening.accept()
            connection.sendall(b"\xff" * 4096)
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(PoolError, match="Dask scheduler"):
            DaskPool(f"tcp://127.0.0.1:{listening.getsockname()[1]}", order)


def test_schedulers_that_cannot_be_reached_leave_no_threads(order):
    before = threading.active_count()
    for _ in range(5):
        with pytest.raises(PoolError):
            DaskPool("tcp://127.0.0.1:9", order)
    # The loop of all clients may have been begun.
    assert threading.active_count() <= before + 1


@pytest.fixture
def series(archive) -> Series:
    return open_study([archive / "study0"]).series[0]


def findings(
    pool: DaskPool, series: Series, cancel: CancelToken | None = None, **changed: Any
) -> SeriesFindings:
    key = changed.pop("key", None) or SeriesKeys().key(series, "")
    wanted = SeriesOrder(series, key, **changed)
    found, engine = pool.run(
        0, FINDINGS, wanted, subject=series_identity(series), progress=silent, cancel=cancel or CancelToken()
    )
    assert engine == "litert"
    return found


def test_findings_come_of_the_very_images_only(order, cluster, series):
    with closing(DaskPool(cluster.scheduler_address, order)) as pool:
        assert len(findings(pool, series).slices) == len(series)
        with pytest.raises(ReadError, match="a worker finds other images under these names"):
            findings(pool, series, key="of others")
        with pytest.raises(ModelError, match="other further models"):
            findings(pool, series, models=("one",))
        key = SeriesKeys().key(series, "")
        series.slices[0].source.path.unlink()
        with pytest.raises(ReadError, match="a worker cannot read the images"):
            findings(pool, series, key=key)


def test_programs_that_share_workers_do_not_stop_one_another(order, cluster, series):
    others = replace(order, engine="litert")
    pools = [DaskPool(cluster.scheduler_address, each) for each in (order, order, others)]
    came: list[int] = []
    threads = [
        threading.Thread(target=lambda p=p: came.append(len(findings(p, series).slices))) for p in pools[1:]
    ]
    for thread in threads:
        thread.start()
    # Their processes are being started now.
    time.sleep(0.5)
    pools[0].close()
    for thread in threads:
        thread.join(120)
    assert came == [len(series)] * 2
    for pool in pools:
        pool.close()


def test_a_cancel_ends_the_wait_at_once(order, cluster, series):
    cancel = CancelToken()
    with closing(DaskPool(cluster.scheduler_address, replace(order, engine="litert"))) as pool:
        threading.Timer(0.3, cancel.cancel).start()
        with pytest.raises(Cancelled):
            findings(pool, series, cancel)


@pytest.fixture(scope="module")
def processes(tmp_path_factory) -> Iterator[DaskCluster]:
    if sys.platform == "win32":
        pytest.skip("signals of POSIX")
    with DaskCluster(tmp_path_factory.mktemp("dask")) as running:
        yield running


@pytest.fixture
def started(processes: DaskCluster) -> DaskCluster:
    processes.kill_workers()
    processes.kill_scheduler()
    processes.start_scheduler()
    processes.start_worker()
    return processes


def meanwhile(work: Callable[[], object], after_s: float = 0.5) -> threading.Timer:
    timer = threading.Timer(after_s, work)
    timer.start()
    return timer


@pytest.mark.alone
def test_a_worker_with_an_old_program_is_left_out_and_another_does_it(order, started, series, tmp_path):
    (tmp_path / "old" / "ichviewer").mkdir(parents=True)
    (tmp_path / "old" / "ichviewer" / "__init__.py").write_text("__version__ = '0.0.1'")
    started.start_worker(PYTHONPATH=str(tmp_path / "old"))
    with closing(DaskPool(started.address, order)) as pool:
        assert pool.workers == 1
        (reason,) = pool.refusals.values()
        assert "it has not this version of the program" in reason
        for _ in range(3):
            assert len(findings(pool, series).slices) == len(series)


@pytest.mark.alone
def test_a_worker_that_comes_later_takes_the_place_of_one_that_was_killed(order, started, series):
    def replace_worker() -> None:
        started.kill_workers()
        started.start_worker()

    with closing(DaskPool(started.address, order)) as pool:
        replacing = meanwhile(replace_worker)
        assert len(findings(pool, series).slices) == len(series)
        replacing.join()


@pytest.mark.alone
def test_without_any_worker_left_it_is_said_and_one_that_comes_is_used(order, started, series):
    with closing(DaskPool(started.address, order, patience_s=1.0)) as pool:
        killing = meanwhile(started.kill_workers)
        with pytest.raises(PoolLostError, match="no workers"):
            findings(pool, series)
        killing.join()
        assert not pool.lost
        with pytest.raises(PoolError, match="no workers") as caught:
            findings(pool, series)
        assert not isinstance(caught.value, PoolLostError)
        started.start_worker()
        assert len(findings(pool, series).slices) == len(series)


@pytest.mark.alone
@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_a_scheduler_that_is_killed_or_frozen_is_told(order, started, series, how, monkeypatch):
    monkeypatch.setattr(dask_pool, "ANSWER_S", 2.0)
    monkeypatch.setattr(dask_pool, "CONNECT_S", 3.0)
    with closing(DaskPool(started.address, order)) as pool:
        ending = meanwhile(started.kill_scheduler if how == "killed" else started.freeze_scheduler)
        with pytest.raises(PoolLostError, match="Dask scheduler"):
            findings(pool, series)
        ending.join()
        assert pool.lost
        with pytest.raises(PoolError):
            DaskPool(started.address, order)
    if how == "frozen":
        started.freeze_scheduler(frozen=False)
        with closing(DaskPool(started.address, order)) as pool:
            assert len(findings(pool, series).slices) == len(series)


def test_a_missing_package_is_named_with_its_extra(order, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PoolError, match=r"ichviewer\[cluster\]"):
        DaskPool("tcp://127.0.0.1:9", order)
