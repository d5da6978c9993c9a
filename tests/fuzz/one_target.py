"""One fuzzing process: `one_target.py TARGET FINDINGS [options and corpora of libFuzzer]`.

What fails is written into the folder FINDINGS, once for each place where it fails, and the fuzzer goes on; only what
kills the process, as a native decoder may, ends it.
"""

from __future__ import annotations

import hashlib
import re
import resource
import shlex
import shutil
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))
with atheris.instrument_imports(include=["ichviewer", "pydicom"]):
    from fuzz.targets import TARGETS

_MOST_MEMORY = 6 << 30


class Findings:
    """The failures of a target, the smallest input of each kind."""

    def __init__(self, folder: Path, target: str) -> None:
        self._folder = folder
        self._target = target
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, data: bytes, error: BaseException) -> None:
        """Write an input and what it led to, unless a smaller one did the same."""
        told = "".join(traceback.format_exception(error))
        name = f"{self._target}-{kind_of(str(error) or told)}"
        file = self._folder / name
        if file.exists() and file.stat().st_size <= len(data):
            return
        file.write_bytes(data)
        file.with_name(f"{name}.txt").write_text(told, encoding="utf-8", errors="backslashreplace")


def kind_of(text: str) -> str:
    """Names a kind of failure: the lines of code in its text where there are some, else its words without values."""
    places = re.findall(r'File "[^"]*/([^"/]+)", line (\d+)', text)
    words = re.sub(r"'[^']*'|\"[^\"]*\"|[\d.e+-]+", "#", text.partition("\n")[0])[:200]
    return hashlib.sha256(repr(places or words).encode()).hexdigest()[:12]


def main() -> None:
    """Fuzz until libFuzzer says that it is over."""
    target, folder, *arguments = sys.argv[1:]
    # As in the tests: what warns would reach the terminal of whoever runs the program.
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", category=UserWarning, module="pydicom")
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    findings = Findings(Path(folder), target)
    run = TARGETS[target]
    # libFuzzer ends the process at once: whoever started it takes this folder away.
    place = Path(tempfile.mkdtemp()) / "opened"

    def once(data: bytes) -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        try:
            run(data, place)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - everything that comes out of a target is a finding
            findings.add(data, error)

    # The name of the program is the command by which libFuzzer starts helpers of its own, in a shell.
    program = shlex.join([sys.executable, *sys.argv[:3]])
    atheris.Setup([program, *arguments], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
