from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLER = Path(__file__).with_name("cache_killer.py")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("where", ["memory", "disk"])
@pytest.mark.parametrize("story", ["fetch", "look", "change", "clear", "from before"])
def test_a_program_that_is_killed_at_any_step_loses_nothing_and_leaves_nothing_decrypted(
    tmp_path, story, where
):
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "none")}
    command = [sys.executable, str(KILLER), str(tmp_path), story, where]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # It was killed in the middle of something.
    assert int(done.stdout) > 20
