"""A Dask scheduler and workers in processes of their own, on the loopback, which can be killed and frozen."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[1]


class DaskCluster:
    """A scheduler that can be started again at the same address, and its workers.

    Parameters
    ----------
    folder : Path
        For logs and what the workers keep.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_workers()
        self.kill_scheduler()

    @property
    def log(self) -> str:
        """What they said."""
        return (self._folder / "log").read_text(errors="replace")

    def _start(self, module: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"],
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                cwd=self._folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "DASK_TEMPORARY_DIRECTORY": str(self._folder),
                    # The tests need not wait as long as a person may have to.
                    "DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT": "2s",
                    **environment,
                },
            )

    def start_scheduler(self) -> None:
        self._scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", str(self._port), "--dashboard-address", ":0"
        )
        self._wait(self._listens)

    def start_worker(self, *, threads: int = 1, **environment: str) -> subprocess.Popen[bytes]:
        before = self.n_workers()
        arguments = ("--no-nanny", "--nthreads", str(threads), "--host", "127.0.0.1")
        worker = self._start("dask_worker", self.address, *arguments, **environment)
        self._workers.append(worker)
        self._wait(lambda: self.n_workers() > before)
        return worker

    def kill_scheduler(self) -> None:
        if self._scheduler is not None:
            _kill(self._scheduler)
            self._scheduler = None

    def freeze_scheduler(self, *, frozen: bool = True) -> None:
        assert self._scheduler is not None
        self._scheduler.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def kill_workers(self) -> None:
        while self._workers:
            _kill(self._workers.pop())

    def n_workers(self) -> int:
        """How many the scheduler has."""
        from distributed import Client

        with Client(self.address, timeout=30, set_as_default=False) as client:
            return len(client.nthreads())

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
            return True
        return False

    def _wait(self, condition: object) -> None:
        end_s = time.monotonic() + 60
        while not condition():  # type: ignore[operator]
            assert time.monotonic() < end_s, self.log
            time.sleep(0.05)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.kill()
    process.wait()
