"""Writes the README's tables of keys anew from the command table, between the marks that stand there.

.venv/bin/python packaging/write_key_tables.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def main() -> int:
    """Write the README if it differs, and say whether it did."""
    sys.path.insert(0, str(ROOT))
    from ichviewer.ui.app.readme_keys import with_key_tables  # noqa: PLC0415 - found from here on

    old = README.read_text(encoding="utf-8")
    new = with_key_tables(old)
    if new == old:
        print("README.md: the tables of keys are up to date")
    else:
        README.write_text(new, encoding="utf-8")
        print("README.md: tables of keys written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
