"""Lists the files of a folder: `ours` as the program does, `bare` with pydicom alone. Prints JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    how, folder = sys.argv[1], Path(sys.argv[2])
    found: dict[str, object] = {}
    if how == "ours":
        import ichviewer
        from ichviewer.services.open_study import open_study

        found["package"] = ichviewer.__file__
        wall, cpu = time.perf_counter(), time.process_time()
        count = sum(len(series) for series in open_study([folder]).series)
    else:
        import pydicom

        wall, cpu = time.perf_counter(), time.process_time()
        count = len([pydicom.dcmread(path, stop_before_pixels=True) for path in sorted(folder.iterdir())])
    found |= {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    assert count == len(list(folder.iterdir()))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
