"""What the program's exit codes mean; the same for every command."""

OK = 0
BUG = 1
UNUSABLE = 2
"""Wrong usage, or nothing readable."""
INPUT_FAILED = 3
"""Done, but some input failed; it is listed on stderr and in the CSV."""
INTERRUPTED = 130
"""What shells expect after Ctrl+C."""
