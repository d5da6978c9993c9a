#!/bin/sh
# Adds the program, where it lies now, to the desktop's menu of this user, and has it open links ichviewer://open?...
# Run it again after moving the folder.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
# They mean something in the Exec line of an entry, or to sed below.
case $folder in
*[\"\`\$\\\&\|%]* | *'
'*)
    echo "the folder's name must not hold any of \" \` \$ \\ & | % or a line break: $folder" >&2
    exit 1
    ;;
esac
menu=${XDG_DATA_HOME:-$HOME/.local/share}/applications
mkdir -p "$menu"
for entry in ichviewer.desktop ichviewer-link.desktop; do
    # In a desktop entry a path with spaces stands in quotes in Exec, and as it is in Icon.
    sed -e "s|^Exec=@FOLDER@/ichviewer|Exec=\"$folder/ichviewer\"|" -e "s|@FOLDER@|$folder|" \
        "$folder/$entry" > "$menu/$entry"
    echo "added: $menu/$entry"
done
# Desktops find out who opens what in a list that this program keeps.
if command -v update-desktop-database > /dev/null; then
    update-desktop-database "$menu"
fi
