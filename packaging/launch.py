"""Where the frozen program starts: the same entry point as the `ichviewer` command."""

import sys

from ichviewer.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
