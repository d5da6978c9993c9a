#!/usr/bin/env bash
# Makes .venv ready: `packaging/setup.sh core` for using the program, `packaging/setup.sh dev` for working on it.
# Does nothing, fast, when that was done before and pyproject.toml has not changed; goes on where an earlier run was
# interrupted. Never writes outside the checkout, but for system packages, and those only where it runs as root;
# otherwise it names them and stops. Needs no Python: it installs that too.
set -euo pipefail
unset CDPATH
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."

flavor=${1:-core}
case $flavor in
    core) target=. ;;
    dev) target='.[dev]' ;;
    *) echo "usage: packaging/setup.sh core|dev" >&2; exit 2 ;;
esac
venv=.venv
unfinished=$venv/.unfinished # there while the environment itself is being made

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# --- system packages -------------------------------------------------------------------------------------------
apt() { # ARGUMENT... : apt-get, waiting up to ten minutes where another program holds its lock
    local tries=120
    until LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -qq -y "$@" >"$log" 2>&1; do
        grep -q 'Could not get lock' "$log" || return 1
        [ $tries != 120 ] || say "another program is installing packages; waiting for it"
        [ $((tries -= 1)) != 0 ] || return 1
        sleep 5
    done
}

stop() { # WHAT : stop after an installer failed; the log is its own words
    local reason='for the reason above'
    if grep -qE 'NewConnectionError|Temporary failure|Could not (resolve|connect)|ProxyError|imed out' "$log"; then
        reason='because the network, or the server of the packages, does not answer'
    else
        cat "$log" >&2
    fi
    die "$1 could not be installed, $reason. When that is mended, run the same command again; it goes on from here"
}

apt_updated=
install_packages() { # WHY PACKAGE... : install Debian packages, or say how to and stop
    local why=$1; shift
    if ! can_install; then
        local update=
        compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || update='sudo apt-get update && '
        die "$why. On Debian or Ubuntu, install what is missing with: ${update}sudo apt-get install $*"
    fi
    say "$why; installing $*"
    if [ -z "$apt_updated" ]; then
        apt update || say "the package lists could not be refreshed; going on with the old ones"
        apt_updated=yes
    fi
    apt --no-install-recommends install "$@" || stop "$*"
}

libraries() { # PYTHON : packages that Qt needs and that are not there; all of them where there is no PYTHON yet
    # All that a window needs where we can install them or there is a display, else what drawing without one needs.
    local platform=offscreen list=ichviewer/ui/platform_check.py
    if can_install || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then platform=xcb; fi
    if [ "$(uname -s)" != Linux ]; then
        return
    elif [ -z "$1" ]; then
        sed -n 's/^    "lib.*": "\(.*\)",$/\1/p' $list | sort -u | tr '\n' ' '
    else # the program's own list; it needs nothing installed
        "$1" -c "
import sys
from ichviewer.ui.platform_check import missing_libraries
print(*sorted(set(missing_libraries(sys.argv[1]).values())))" $platform
    fi
}

# --- Python ----------------------------------------------------------------------------------------------------
suitable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && suitable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
}

venv_package() { # PYTHON : the package that completes it; nothing where it is complete
    "$1" -c 'import ensurepip, venv' 2>/dev/null || "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

venv_serves() { # whether the environment is whole, suits, and was made here: its scripts hold the folder's name
    [ ! -e $unfinished ] && suitable $venv/bin/python && grep -qsF "$(cd -P $venv && pwd)/bin/python" $venv/bin/pip
}

[ -w . ] && { [ ! -d $venv ] || [ -w $venv/ ]; } || readonly=yes
if ! venv_serves; then
    [ -z "${readonly:-}" ] || die "nothing can be written in $PWD. Work in a copy of it that is yours"
    python=$(find_python)
    if [ -z "$python" ]; then
        why="Python 3.11, 3.12 or 3.13 is needed and none was found"
        # shellcheck disable=SC2046  # one word a package
        install_packages "$why" python3 python3-venv $(can_install || libraries "")
        python=$(find_python)
        [ -n "$python" ] || die "$why, not in this system's packages either: that needs Debian 12 or Ubuntu 24.04," \
            "or newer. With a Python of your own: PYTHON=/path/to/python3.13"
    fi
    package=$(venv_package "$python")
    # shellcheck disable=SC2046  # one word a package
    [ -z "$package" ] || install_packages "Python's venv module is missing" "$package" \
        $(can_install || libraries "$python")
    say "making $venv with $("$python" --version)"
    rm -rf $venv
    mkdir $venv
    touch $unfinished
    "$python" -m venv $venv || die "$python could not make a virtual environment, for the reason above"
    rm $unfinished
fi
python=$venv/bin/python

# --- what Qt needs from the system -----------------------------------------------------------------------------
missing=$(libraries "$python")
# shellcheck disable=SC2086  # one word a package
[ -z "$missing" ] || install_packages "the window needs system libraries" $missing
if [ "$flavor" = dev ] && can_install; then
    # For the tests in a real window and with DICOM servers; they are skipped where these are missing.
    tools=
    command -v Xvfb >/dev/null || tools="$tools xvfb"
    command -v xdotool >/dev/null || tools="$tools xdotool"
    command -v Orthanc >/dev/null || tools="$tools orthanc orthanc-dicomweb"
    # Judges of the DICOM objects that are written, and of grey levels; tests that ask them are skipped without.
    command -v dciodvfy >/dev/null || tools="$tools dicom3tools"
    command -v dsrdump >/dev/null || tools="$tools dcmtk"
    command -v desktop-file-validate >/dev/null || tools="$tools desktop-file-utils"
    # A keyring, and a message bus that does not bring systemd.
    command -v gnome-keyring-daemon >/dev/null || tools="$tools gnome-keyring dbus-x11"
    # shellcheck disable=SC2086
    [ -z "$tools" ] || install_packages "tests need a display, servers, a keyring and judges of what is written" $tools
fi

# --- the program and its dependencies --------------------------------------------------------------------------
# The stamp lies in .venv so that it goes when .venv goes. A dev environment serves as a core one too.
key=$({ cat pyproject.toml; pwd; "$python" --version; } | sha256sum | cut -c1-16)
if [ -e "$venv/.ready-dev-$key" ] || [ -e "$venv/.ready-$flavor-$key" ]; then
    exit 0
fi
[ -z "${readonly:-}" ] || die "nothing can be written in $PWD. Work in a copy of it that is yours"
say "installing ichviewer and its dependencies into $venv; the first time takes some minutes"
rm -f $venv/.ready-*
# pip writes INSTALLER last. What an interrupted pip left without it looks installed, but lacks its scripts.
for package in "$venv"/lib/python3*/site-packages/*.dist-info; do
    [ -e "$package/INSTALLER" ] || rm -rf "$package"
done
"$python" -m pip install --quiet --disable-pip-version-check --editable "$target" >"$log" 2>&1 ||
    stop "ichviewer's dependencies"
touch "$venv/.ready-$flavor-$key"
