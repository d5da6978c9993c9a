"""Where benches run: on which checkout's package, how often, and how a process is measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invariants import tree_mb

PROBES = Path(__file__).with_name("probes")


@dataclass(frozen=True)
class Measured:
    """One run of a process.

    Parameters
    ----------
    wall_s : float
    cpu_s : float
        Of it and all its children that it waited for.
    peak_mb : float
        Peak of resident memory, all its processes together, shared pages counted in each; 0 unless asked for.
    said : dict
        The JSON on its last line of output; empty where there is none.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    said: dict[str, Any]


@dataclass(frozen=True)
class Setup:
    """What every bench is told.

    Parameters
    ----------
    package : Path
        The checkout whose package is measured.
    folder : Path
        For what is made to measure with; removed at the end.
    runs : int
        How often each thing is run.
    slices : tuple of int
        Lengths of the series for `annotate`.
    many : tuple of int
        Slices of whole archives for `annotate --jobs`.
    """

    package: Path
    folder: Path
    runs: int
    slices: tuple[int, ...]
    many: tuple[int, ...] = (10, 100, 200, 1000)

    def run(
        self,
        command: Sequence[str],
        *,
        memory: bool = False,
        timeout_s: float = 3600.0,
        env: Mapping[str, str] | None = None,
    ) -> Measured:
        """Run Python with the package of this checkout, in its folder, without a display unless ``env`` names one.

        Raises
        ------
        SystemExit
            If it fails, with what it said.
        """
        settings = self.folder / "settings"
        settings.mkdir(exist_ok=True)
        env = {
            **os.environ,
            "PYTHONPATH": str(self.package),
            "QT_QPA_PLATFORM": "offscreen",
            "OPENBLAS_NUM_THREADS": "1",
            **{
                f"XDG_{name}_HOME": str(settings / name.lower())
                for name in ("CONFIG", "STATE", "CACHE", "DATA")
            },
            **(env or {}),
        }
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            started = time.monotonic()
            env["BENCH_STARTED_S"] = repr(started)
            process = subprocess.Popen(
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.package,
                env=env,
            )
            peak = 0.0
            while True:
                if memory:
                    peak = max(peak, tree_mb(process.pid))
                ended, status, usage = os.wait4(process.pid, os.WNOHANG)
                if ended:
                    break
                if time.monotonic() - started > timeout_s:
                    process.kill()
                # A probe tells its own times; only `annotate` is timed from here.
                time.sleep(0.05 if memory else 0.01)
            wall = time.monotonic() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            if process.returncode != 0:
                raise SystemExit(f"{' '.join(command)} failed:\n{err.read().decode(errors='replace')}")
            lines = out.read().decode(errors="replace").strip().splitlines()
        said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
        return Measured(wall, usage.ru_utime + usage.ru_stime, peak, said)

    def probe(
        self, name: str, *arguments: object, memory: bool = False, env: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What a script of ``probes/`` tells.

        Raises
        ------
        SystemExit
            If it fails, or measured another package than it should.
        """
        said = self.run([str(PROBES / f"{name}.py"), *map(str, arguments)], memory=memory, env=env).said
        where = said.pop("package", None)
        if where is not None and not Path(where).is_relative_to(self.package):
            raise SystemExit(f"the probe {name} measured {where}, not {self.package}")
        return said
