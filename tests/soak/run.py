"""Random actions on a real window over several studies, everything it shows compared with fresh analyses.

    python tests/soak/run.py [--seconds 600] [--seed N]

Prints the seed first: the same seed does the same actions (how far they come in between depends on the machine).
Exit code 1 at the first mismatch, with the actions before it.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    print(f"soak: seed {seed}, {options.seconds:g} s", flush=True)
    from studies import make_studies
    from window_driver import Mismatch, WindowDriver, random_action

    from ichviewer.ui.app.app import make_app
    from ichviewer.ui.look.theme import DARK, apply_theme

    chance = random.Random(seed)
    mismatches, done, last = 0, 0, []
    with tempfile.TemporaryDirectory(prefix="ichviewer-soak-") as temporary:
        folder = Path(temporary)
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = str(folder / "home")
        apply_theme(make_app(), DARK)
        driver = WindowDriver(make_studies(folder / "studies"), folder)
        until = time.monotonic() + options.seconds
        try:
            while time.monotonic() < until:
                last = [*last[-29:], random_action(driver, chance)]
                done += 1
                driver.check()
            if driver.window.session.analysis.paused:
                driver.pause()
            driver.open("able")
            driver.wait_until_done()
            driver.check()
            driver.check_complete()
        except Mismatch as found:
            mismatches = 1
            print(f"MISMATCH after {done} actions: {found}\nlast actions: {'; '.join(last)}")
        finally:
            driver.close()
    print(f"soak: {done} actions, {driver.compared} comparisons, {mismatches} mismatches")
    return 1 if mismatches else 0


if __name__ == "__main__":
    if sys.platform == "win32":
        sys.exit("the soak test reads /proc and sends signals; it runs on Linux")
    sys.exit(main())
