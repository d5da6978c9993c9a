"""The workers of a Dask cluster do what worker processes of this machine do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import make_slice, write
from synthetic_head import SPACING_MM, head_hu

from ichviewer.__main__ import main
from ichviewer.services import dask_pool
from ichviewer.services.batch_pools import PoolError
from ichviewer.services.batch_worker import WorkOrder
from ichviewer.services.dask_pool import DaskPool
from ichviewer.services.series_key import model_digest

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

TINY = Path(__file__).parents[1] / "inference" / "tiny_model"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
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


def test_workers_that_may_have_no_children_are_told(order, cluster, monkeypatch):
    monkeypatch.setattr(dask_pool, "may_start_processes", _no)
    with pytest.raises(PoolError, match="--no-nanny"):
        DaskPool(cluster.scheduler_address, order)


def _no() -> bool:
    return False


def test_a_missing_package_is_named_with_its_extra(order, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PoolError, match=r"ichviewer\[cluster\]"):
        DaskPool("tcp://127.0.0.1:9", order)
