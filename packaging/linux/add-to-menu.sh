#!/bin/sh
# Adds the program, where it lies now, to the desktop's menu of this user. Run it again after moving the folder.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
menu=${XDG_DATA_HOME:-$HOME/.local/share}/applications
mkdir -p "$menu"
# In a desktop entry a path with spaces stands in quotes in Exec, and as it is in Icon.
sed -e "s|^Exec=@FOLDER@/ichviewer|Exec=\"$folder/ichviewer\"|" -e "s|@FOLDER@|$folder|" \
    "$folder/ichviewer.desktop" > "$menu/ichviewer.desktop"
echo "added: $menu/ichviewer.desktop"
