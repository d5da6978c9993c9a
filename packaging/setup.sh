#!/usr/bin/env bash
# Makes .venv ready: `packaging/setup.sh core` for using the program, `packaging/setup.sh dev` for working on it.
# Does nothing, fast, when that was done before and pyproject.toml has not changed. Never writes outside the
# checkout, but for system packages, and those only where it runs as root; otherwise it names them and stops.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

flavor=${1:-core}
case $flavor in
    core) target=. ;;
    dev) target='.[dev]' ;;
    *) echo "usage: packaging/setup.sh core|dev" >&2; exit 2 ;;
esac
venv=.venv

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_updated=
install_packages() { # WHY PACKAGE... : install Debian packages, or say how to and stop
    local why=$1; shift
    can_install || die "$why. On Debian or Ubuntu, install what is missing with: sudo apt-get install $*"
    say "$why; installing $*"
    export DEBIAN_FRONTEND=noninteractive
    local log
    log=$(mktemp)
    if [ -z "$apt_updated" ]; then
        apt-get -qq update >"$log" 2>&1 || say "the package lists could not be refreshed; going on with the old ones"
        apt_updated=yes
    fi
    if ! apt-get -qq -y --no-install-recommends install "$@" >"$log" 2>&1; then
        cat "$log" >&2
        die "apt-get could not install $*"
    fi
    rm -f "$log"
}

suitable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if command -v "$candidate" >/dev/null && suitable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
}

# --- the virtual environment -----------------------------------------------------------------------------------
if [ ! -x $venv/bin/python ] || ! suitable $venv/bin/python; then
    python=$(find_python)
    [ -n "$python" ] || die "Python 3.11, 3.12 or 3.13 is needed and none was found." \
        "On Debian 12 or newer, or Ubuntu 24.04 or newer: sudo apt-get install python3 python3-venv"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        install_packages "Python's venv module is missing" "python$version-venv"
    fi
    say "making $venv with $("$python" --version)"
    rm -rf $venv
    "$python" -m venv $venv
fi
python=$venv/bin/python

# --- what Qt needs from the system -----------------------------------------------------------------------------
if [ "$(uname -s)" = Linux ]; then
    # The program's own list of libraries; it needs nothing installed. All of them where we can install them
    # ourselves, else those without which the program cannot start here.
    if can_install || [ -n "${DISPLAY:-}" ]; then platform=xcb; else platform=offscreen; fi
    missing=$("$python" -c "
import sys
from ichviewer.ui.platform_check import missing_libraries
print(*sorted(set(missing_libraries(sys.argv[1]).values())))" $platform)
    # shellcheck disable=SC2086  # one word a package
    [ -z "$missing" ] || install_packages "the window needs system libraries" $missing
    if [ $flavor = dev ] && can_install; then
        # For the tests in a real window; they are skipped where these are missing.
        tools=
        command -v Xvfb >/dev/null || tools="$tools xvfb"
        command -v xdotool >/dev/null || tools="$tools xdotool"
        # shellcheck disable=SC2086
        [ -z "$tools" ] || install_packages "tests in a real window need a virtual display" $tools
    fi
fi

# --- the program and its dependencies --------------------------------------------------------------------------
# The stamp lies in .venv so that it goes when .venv goes. A dev environment serves as a core one too.
key=$({ cat pyproject.toml; pwd; "$python" --version; } | sha256sum | cut -c1-16)
if [ -e "$venv/.ready-dev-$key" ] || [ -e "$venv/.ready-$flavor-$key" ]; then
    exit 0
fi
say "installing ichviewer and its dependencies into $venv"
rm -f $venv/.ready-*
"$python" -m pip install --quiet --disable-pip-version-check --editable "$target"
touch "$venv/.ready-$flavor-$key"
