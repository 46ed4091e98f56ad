#!/usr/bin/env bash
# Makes a Git repository of sample files, unless there is one: application.yaml at its top, all other
# files below mesh/.
#
#   make-repository.sh REPOSITORY FOLDER...
set -euo pipefail
repository=$1
shift

[ -d "$repository/.git" ] && exit 0
mkdir -p "$repository/mesh"
for folder in "$@"; do
    for file in "$folder"/*.yaml; do
        case $file in
        */application.yaml) cp -L "$file" "$repository/" ;;
        *) cp -L "$file" "$repository/mesh/" ;;
        esac
    done
done
cd "$repository"
git init -q -b main
git config user.name weft
git config user.email weft@example.com
git add -A
git commit -q -m "The blog behind the mesh"
