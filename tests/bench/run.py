"""All figures of speed and memory, each beside its floor or a peer.

    python tests/bench/run.py [--only scan,annotate] [--runs 3] [--package DIR] [--json out/bench.json]

Prints a table (smallest, median and largest of the runs, processor time, and the ratio of the smallest values) and
writes it as JSON. On a machine that does other work, compare processor times and ratios. ``--package DIR`` measures
the package of another checkout with the same benches, so that two versions can be compared. Exit code 1 where a
figure is over its bound.

A bench is a module ``bench_NAME.py`` with ``figures(setup)``; one without is a script of its own, run as it is.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "ui"), str(ROOT)]

from figures import Figure, table  # noqa: E402 - after the path
from processes import Setup  # noqa: E402


def names() -> list[str]:
    """All benches."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def measure(name: str, setup: Setup) -> tuple[list[Figure], bool]:
    """The figures of one bench, and whether a bench that prints for itself ended well."""
    module = importlib.import_module(f"bench_{name}")
    if hasattr(module, "figures"):
        return list(module.figures(setup)), True
    env = {**os.environ, "PYTHONPATH": str(setup.package)}
    script = [sys.executable, str(HERE / f"bench_{name}.py")]
    return [], subprocess.run(script, env=env, cwd=setup.package, check=False).returncode == 0


def where() -> dict[str, object]:
    """The machine and how busy it is."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    return {"cpus": os.cpu_count(), "load": load, "machine": platform.platform(), "python": sys.version}


def commit_of(package: Path) -> str:
    """What is checked out there; empty where git does not know."""
    said = subprocess.run(
        ["git", "-C", str(package), "describe", "--always", "--dirty"],
        check=False,
        capture_output=True,
        text=True,
    )
    return said.stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help=f"some of: {', '.join(names())}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--slices", type=int, nargs="+", default=[28, 200, 2000], help="for annotate")
    parser.add_argument("--many", type=int, nargs="+", default=[10, 100, 200, 1000], help="slices for many")
    parser.add_argument("--package", type=Path, default=ROOT, help="a checkout")
    parser.add_argument("--json", type=Path, default=ROOT / "out" / "bench.json")
    options = parser.parse_args()
    wanted = [name for name in options.only.split(",") if name] or names()
    unknown = sorted(set(wanted) - set(names()))
    if unknown or options.runs < 1:
        parser.error(f"needs names of benches and at least one run. Received: {unknown}, {options.runs}")
    package = options.package.resolve()
    if not (package / "ichviewer" / "__init__.py").is_file():
        parser.error(f"--package must be a checkout of ichviewer. Received: {package}")
    found: dict[str, list[Figure]] = {}
    loads: dict[str, object] = {}
    ok = True
    with tempfile.TemporaryDirectory(prefix="ichviewer-bench-") as temporary:
        setup = Setup(package, Path(temporary), options.runs, tuple(options.slices), tuple(options.many))
        for name in wanted:
            loads[name] = where()
            began = time.monotonic()
            found[name], well = measure(name, setup)
            ok = ok and well and all(figure.within_bounds for figure in found[name])
            print(f"\n{name} ({time.monotonic() - began:.0f} s, load {loads[name]['load']})")  # type: ignore[index]
            if found[name]:
                print(table(found[name]), flush=True)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "package": str(package),
        "commit": commit_of(package),
        "runs": options.runs,
        "where": loads,
        "figures": {name: [figure.to_json() for figure in figures] for name, figures in found.items()},
    }
    options.json.write_text(json.dumps(content, indent=1), encoding="utf-8")
    print(f"\nwritten to {options.json}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
