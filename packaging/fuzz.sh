#!/usr/bin/env bash
# Fuzzes for FUZZ_SECONDS (3600): `packaging/fuzz.sh [TARGET...]`. Says so and stops well where the fuzzer, atheris, is
# not to be had for this Python and system.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/setup.sh dev
python=.venv/bin/python
if ! $python -c 'import atheris' 2>/dev/null; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    echo "fuzz: installing atheris" >&2
    if ! $python -m pip install --quiet --disable-pip-version-check --only-binary atheris --editable '.[fuzz]' \
        >"$log" 2>&1; then
        if grep -q 'No matching distribution found for atheris' "$log" && ! grep -q 'Retrying' "$log"; then
            echo "fuzz: SKIPPED, there is no atheris for $($python --version) on $(uname -sm)"
            exit 0
        fi
        cat "$log" >&2
        exit 1
    fi
fi
nice -n 19 $python tests/fuzz/campaign.py "$@"
