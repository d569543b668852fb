# Set-up that ./run and ./test share; they source it. Everything it says goes to standard error,
# so that the output of `./run ... --json` stays clean.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
not_ready=7  # the exit status of Anima for "something must be installed first"

say() { printf 'anima: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit "$not_ready"
}

# Runs a command as root, through sudo where needed.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    die "cannot install packages: not root, and there is no sudo. As root, run: $*"
  fi
}

# Names the packages of tools/packages.txt that are wanted for "$@" (run, test) and missing.
# An own Node.js with npm, of whatever source, is used as it is.
missing_packages() {
  local when package _ wanted=()
  while read -r when package _; do
    [[ " $* " == *" $when "* ]] || continue
    [[ $package == nodejs || $package == npm ]] && command -v npm > /dev/null && continue
    wanted+=("$package")
  done < "$root/tools/packages.txt"
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2> /dev/null | sed -n 's/^installed //p' | sort -u)
}

install_packages() {
  command -v apt-get > /dev/null || die "this system has no apt-get. Anima is built on Debian 12; elsewhere install what tools/packages.txt lists, then build with: cmake --preset release && cmake --build --preset release"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -eq 0 ]] && return
  if [[ ${ANIMA_NO_INSTALL:-} == 1 ]]; then
    die "missing Debian packages: ${missing[*]} — install them with: apt-get install ${missing[*]} (or unset ANIMA_NO_INSTALL)"
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q)
  as_root "${apt[@]}" update < /dev/null >&2 || say "the package lists could not be updated; going on with those at hand"
  as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" < /dev/null >&2 \
    || die "apt-get could not install: ${missing[*]} — check the network and that /etc/apt/sources.list names Debian 12, then run this again"
}

install_npm_packages() {
  local installed="$root/node_modules/.package-lock.json"
  [[ $installed -nt "$root/package-lock.json" ]] && return
  if [[ ${ANIMA_NO_INSTALL:-} == 1 ]]; then
    die "the face models or the dictionary of Chinese are missing — install them with: npm ci --ignore-scripts (or unset ANIMA_NO_INSTALL)"
  fi
  say "installing the face models and the dictionary of Chinese (npm ci)"
  (cd "$root" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error < /dev/null >&2) \
    || die "npm could not install what package-lock.json names — check the network, then run this again"
  touch "$installed"
}

# Of calls that come at once, one at a time gets past take_turn until it calls end_turn or ends; the
# others wait, and then find done what the first one did.
take_turn() {
  mkdir -p "$root/build"
  exec 9> "$root/build/.turn"
  if ! flock --nonblock 9; then
    say "another call is setting up or building; waiting for it"
    flock 9
  fi
}
end_turn() {
  flock --unlock 9 # a program that was started meanwhile may still hold the file open
  exec 9>&-
}

# Compilers of libtorch code need up to 2 GB each.
build_jobs() {
  local cores memory_gb
  cores="$(nproc)"
  memory_gb="$(awk '/MemAvailable/ { print int($2 / 2097152) }' /proc/meminfo)"
  echo $((memory_gb < 1 ? 1 : memory_gb < cores ? memory_gb : cores))
}

# configure FOLDER OPTION...: once; afterwards Ninja calls CMake again by itself.
configure() {
  local folder="$1"
  shift
  # The compiler cache then also serves other clones on this machine.
  export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
  [[ -f $folder/build.ninja ]] && return
  say "configuring $folder"
  cmake -S "$root" -B "$folder" -G Ninja "$@" < /dev/null >&2 || die "configuring failed; see above for what is missing"
}

# build FOLDER TARGET...
build() {
  local folder="$1"
  shift
  cmake --build "$folder" --parallel "$(build_jobs)" --target "$@" < /dev/null >&2
}
