# shellcheck shell=bash
# What the scripts share; sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/work/tools
python=$tools/venv/bin/python
cd "$root"

say() { printf '== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# compact: of a build's steps shows one line that is rewritten on a terminal, and a line for every tenth of the way
# elsewhere; everything else (warnings, errors, the closing line) passes unchanged.
compact() {
    local line tenth shown=-1 open=
    while IFS= read -r line; do
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] && ((BASH_REMATCH[2] > 0)); then
            if [[ -t 1 ]]; then
                printf '\r\033[K   %.90s' "$line"
                open=1
            else
                tenth=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
                ((tenth == shown)) || printf '   %s\n' "$line"
                shown=$tenth
            fi
        elif [[ $line == *"explicitly declare them as resources"* || $line == *.build/checkouts/*CMakeLists.txt ]]; then
            continue # a warning about a dependency's own package, of no use here
        elif [[ -n $line ]]; then
            [[ -z $open ]] || printf '\r\033[K'
            open=
            printf '   %s\n' "$line"
        fi
    done
}

# build ARGUMENTS…: `swift build` with compact output. Fetching packages is tried three times, since networks fail.
build() {
    local try log=$root/work/build.log
    mkdir -p "$root/work"
    for try in 1 2 3; do
        swift package resolve >"$log" 2>&1 && break
        ((try < 3)) || { tail -n 20 "$log" >&2; die "the Swift packages could not be fetched; the whole output is in $log"; }
        say "fetching the Swift packages failed, trying again"
        sleep $((try * 5))
    done
    swift build "$@" 2>&1 | tee "$log" | compact || die "the build failed; the whole output is in $log"
}
