# shellcheck shell=bash
# What the scripts share. Sourced from the root of the tree, by bash with `set -euo pipefail`.

# One cache for every checkout of this tree, wherever it stands.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

say() {
  printf '== %s\n' "$*"
}

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    die "this needs root or sudo: $*"
  fi
}

# quietly LOG COMMAND...: runs a command into a file, and shows the end of it when the command fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" > "$log" 2>&1; then
    tail -n 60 "$log" >&2
    printf 'error: failed: %s (all of it: %s)\n' "$*" "$log" >&2
    return 1
  fi
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

# install_packages LIST...: installs what is missing of script/packages/LIST.txt.
install_packages() {
  local list name missing=()
  command -v dpkg-query > /dev/null || return 0
  for list in "$@"; do
    while read -r name; do
      is_installed "$name" || missing+=("$name")
    done < "script/packages/$list.txt"
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  quietly build/log/apt-update.txt as_root apt-get -q update
  quietly build/log/apt-install.txt as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y --no-install-recommends install "${missing[@]}"
}

# install_node: Debian's, unless a Node.js that is new enough is there already.
install_node() {
  if command -v node > /dev/null && command -v npm > /dev/null \
    && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]; then
    return 0
  fi
  install_packages node
}

# client_bundles: gathers the bundles of the official client in build/client, once for each version.
# Fails when that cannot be; the hub does without.
client_bundles() {
  local wanted
  wanted=$(sed -n 's/.*"socket.io-client": "\(.*\)".*/\1/p' web/client/package.json)
  if [ "$(cat build/client/version 2> /dev/null)" = "$wanted" ]; then
    return 0
  fi
  command -v npm > /dev/null || return 1
  say "gathering the bundles of the client"
  quietly build/log/client.txt npm --prefix web/client ci --no-audit --no-fund || return 1
  quietly build/log/client.txt node web/client/bundles.mjs build/client
}

# build PRESET TARGET...: builds, and says so when there is something to do.
build() {
  local preset=$1
  shift
  if ! ninja -C "build/$preset" -n "$@" 2> /dev/null | grep -q 'no work to do'; then
    say "building $preset: $* (the first time takes some minutes)"
    quietly "build/log/build-$preset.txt" nice ninja -j "$(nproc)" -C "build/$preset" "$@"
  fi
}

# configure PRESET OPTION...: once; after that, the build notices what changed.
configure() {
  local preset=$1
  shift
  quietly "build/log/configure-$preset.txt" cmake --preset "$preset" "$@"
}
