# Set-up shared by installer/run.sh and tests/run.sh; sourced, not run. Each step looks first and does only what is
# missing, so a second call takes seconds and needs no network.
#
#   prepare   packages, LibTorch, configure
#   build     build/release with as many jobs as memory allows
#
# A LibTorch named by Torch_DIR or CMAKE_PREFIX_PATH is used as it is, and nothing is downloaded.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD="$ROOT/build/release"
DEPS="$ROOT/.deps"
LIBTORCH_VERSION=$(sed -nE 's/^set\(AURORAEDGE_LIBTORCH_VERSION ([0-9.]+)\).*/\1/p' "$ROOT/installer/libtorch-version.cmake")

# Build tools, Qt, pictures and cameras, text, data, small libraries, tests.
PACKAGES=(
  g++ cmake ninja-build ccache mold pkg-config git ca-certificates python3-pip
  qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools qt6-translations-l10n libgl-dev
  libopencv-dev libturbojpeg0-dev libavformat-dev libavcodec-dev libswscale-dev libavutil-dev
  libsentencepiece-dev libicu-dev libpcre2-dev
  libsqlite3-dev libsodium-dev libssl-dev
  nlohmann-json3-dev libcli11-dev libspdlog-dev
  libgtest-dev libgmock-dev xvfb xauth fonts-noto-cjk
)

stop() {
  printf 'auroraedge set-up: %s\n' "$*" >&2
  exit 1
}

# step TITLE COMMAND...: runs the command and prints how long it took.
step() {
  local title=$1 started=$SECONDS
  shift
  printf '== %s\n' "$title" >&2
  "$@"
  printf '   %s: %d s\n' "$title" "$((SECONDS - started))" >&2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    stop "root or sudo is needed for: $*"
  fi
}

missing_packages() {
  local package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || printf '%s\n' "$package"
  done
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "   not a Debian system; please see to these yourself: ${PACKAGES[*]}" >&2
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} = 0 ]; then
    echo "   all ${#PACKAGES[@]} are installed" >&2
    return
  fi
  echo "   missing: ${missing[*]}" >&2
  as_root apt-get update -q >&2 || echo "   the package lists could not be refreshed; trying with the old ones" >&2
  if ! as_root apt-get install -q -y --no-install-recommends "${missing[@]}" >&2; then
    mapfile -t missing < <(missing_packages)
    stop "these packages could not be installed: ${missing[*]}"
  fi
}

# Prints the folder of a LibTorch that the caller named, if any.
given_libtorch() {
  local prefix root
  IFS=: read -r -a prefixes <<<"${CMAKE_PREFIX_PATH:-}"
  for prefix in ${Torch_DIR:+"$Torch_DIR/../../.." "$Torch_DIR"} "${prefixes[@]}"; do
    for root in "$prefix" "$prefix/../.."; do
      if [ -n "$prefix" ] && [ -e "$root/include/ATen/core/Tensor.h" ]; then
        (cd "$root" && pwd)
        return
      fi
    done
  done
}

# download REQUIREMENT FOLDER: one wheel without what it depends on.
download() {
  local python_tag=()
  # Only the C++ libraries inside are used, so any wheel will do where there is none for the Python at hand.
  local -a attempts=("" "--python-version 3.11 --implementation cp --abi cp311 --platform manylinux_2_28_$(uname -m)")
  local attempt
  for attempt in "${attempts[@]}"; do
    read -r -a python_tag <<<"$attempt"
    if python3 -m pip download -q --no-deps --only-binary=:all: --no-cache-dir "${python_tag[@]}" --dest "$2" "$1" >&2; then
      return
    fi
  done
  return 1
}

# unpack WHEEL FOLDER PREFIX...: the files whose names start with one of the prefixes.
unpack() {
  python3 - "$@" <<'PYTHON'
import sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if name.startswith(tuple(prefixes))])
PYTHON
}

get_libtorch() {
  local given home="$DEPS/libtorch-$LIBTORCH_VERSION"
  given=$(given_libtorch)
  if [ -n "$given" ]; then
    echo "   using $given" >&2
    return
  fi
  if [ -e "$home/torch/lib/libtorch_cpu.so" ] && [ -e "$home/torch/include/ATen/core/Tensor.h" ]; then
    echo "   already unpacked" >&2
    return
  fi
  python3 -m pip --version >/dev/null 2>&1 || stop "python3 with pip is needed once, to fetch LibTorch"

  # Unpacked beside its place and moved there whole: a broken-off download leaves nothing that looks finished.
  local scratch="$DEPS/unpacking"
  rm -rf "$scratch"
  mkdir -p "$scratch/wheels" "$scratch/tree"
  download "torch==$LIBTORCH_VERSION" "$scratch/wheels" \
    || stop "LibTorch $LIBTORCH_VERSION could not be fetched with pip. Give one (2.6 or newer) by Torch_DIR or CMAKE_PREFIX_PATH"
  unpack "$scratch"/wheels/torch-*.whl "$scratch/tree" torch/lib/ torch/include/

  # Even the CPU library of a CUDA wheel wants these two, in pip's own layout, where its relative RPATH looks.
  local library wheel
  for library in $(readelf -d "$scratch/tree/torch/lib/libtorch_cpu.so" \
                   | sed -nE 's/.*\[lib(cupti|cudart)\.so\.([0-9]+)\].*/\1:\2/p'); do
    local major=${library#*:} name=nvidia-cuda-runtime
    [ "${library%:*}" = cupti ] && name=nvidia-cuda-cupti
    [ "$major" -lt 13 ] && name="$name-cu$major"
    echo "   CUDA wheel: also $name $major" >&2
    mkdir -p "$scratch/wheels/$name"
    download "$name>=$major,<$((major + 1))" "$scratch/wheels/$name" \
      || stop "$name $major, which LibTorch needs, could not be fetched with pip"
    for wheel in "$scratch/wheels/$name"/*.whl; do
      unpack "$wheel" "$scratch/tree" nvidia/
    done
  done

  mkdir -p "$home"
  local part
  for part in "$scratch"/tree/*; do
    rm -rf "${home:?}/${part##*/}"
    mv "$part" "$home/"
  done
  rm -rf "$scratch"
}

configure() {
  local -a arguments=(-S "$ROOT" -B "$BUILD" -DCMAKE_BUILD_TYPE=Release)
  if [ ! -e "$BUILD/CMakeCache.txt" ] && command -v ninja >/dev/null; then
    arguments+=(-G Ninja)
  fi
  # Which LibTorch is used is decided anew each time: an unset or changed Torch_DIR must not be outlived by the cache.
  arguments+=(-U 'TORCH_*_DIR' -U 'TORCH_*_LIBRARY' -U Torch_DIR)
  [ -n "${Torch_DIR:-}" ] && arguments+=("-DTorch_DIR=$Torch_DIR")
  cmake "${arguments[@]}" >"$BUILD.configure.log" 2>&1 || {
    tail -n 40 "$BUILD.configure.log" >&2
    stop "CMake could not configure the build (the whole log: $BUILD.configure.log)"
  }
}

# As many compilers as there are cores, but no more than one for each 2 GiB that is free: a LibTorch file takes 1.3.
build_jobs() {
  local cores gib
  cores=$(nproc)
  gib=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  local jobs=$((gib / 2 < cores ? gib / 2 : cores))
  echo $((jobs > 0 ? jobs : 1))
}

compile() {
  cmake --build "$BUILD" -j "$(build_jobs)" >&2 || stop "the build failed"
}

# The two commands share a build folder; the second waits for the first.
prepare() {
  mkdir -p "$BUILD" "$DEPS"
  if command -v flock >/dev/null; then
    exec 8>"$ROOT/build/setup.lock"
    flock -n 8 || { echo "waiting for another set-up in this folder" >&2; flock 8; }
  fi
  step "packages" install_packages
  step "LibTorch $LIBTORCH_VERSION" get_libtorch
  step "configure" configure
}

build() {
  step "build" compile
  exec 8>&-
}
