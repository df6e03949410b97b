#!/usr/bin/env bash
# Builds llama.cpp for this machine, for `--llama-lib OUT_DIR`.
#
#   tools/llama-native/build.sh SOURCE_DIR OUT_DIR [cmake arguments...]
#
# SOURCE_DIR  a checkout of llama.cpp at a tag that the engine binds: b4916, or b10573 and the
#             tags after it while llama.h keeps its layout
# OUT_DIR     receives libllama, the libggml files beside it and llama-bench
#
# The library shipped with Rackmark is compiled for AVX2 and an old compiler; one built here uses
# every instruction of this CPU. For an NVIDIA GPU add the CUDA back end:
#
#   tools/llama-native/build.sh ~/llama.cpp ~/llama-cuda -DGGML_CUDA=ON
#
# and for llama-server, to be measured as a server, `-DLLAMA_BUILD_SERVER=ON` (built without its
# web page, which recent tags download).
#
# Needs cmake, a C++17 compiler and, for CUDA, the CUDA toolkit. Environment: JOBS, the number of
# compilers at a time (default: all cores).
set -euo pipefail

usage() {
    sed -n '4,8p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
}

[ $# -ge 2 ] || usage
source_dir=$1
out_dir=$2
shift 2

[ -f "$source_dir/include/llama.h" ] || {
    echo "$source_dir holds no include/llama.h: it is not a llama.cpp checkout" >&2
    exit 2
}
command -v cmake >/dev/null || {
    echo "cmake is missing: install cmake and a C++17 compiler" >&2
    exit 3
}

mkdir -p "$out_dir"
out_dir=$(cd "$out_dir" && pwd)
build_dir=$out_dir/build

# $ORIGIN: the libraries find one another beside themselves, wherever OUT_DIR is copied to.
cmake -S "$source_dir" -B "$build_dir" \
    -DCMAKE_BUILD_TYPE=Release \
    -DBUILD_SHARED_LIBS=ON \
    -DCMAKE_BUILD_RPATH_USE_ORIGIN=ON \
    -DLLAMA_BUILD_TESTS=OFF \
    -DLLAMA_BUILD_SERVER=OFF \
    -DLLAMA_BUILD_APP=OFF \
    -DLLAMA_BUILD_UI=OFF \
    -DLLAMA_USE_PREBUILT_UI=OFF \
    -DLLAMA_CURL=OFF \
    -DLLAMA_OPENSSL=OFF \
    --no-warn-unused-cli \
    "$@"

programs=(llama-bench)
if grep -q '^LLAMA_BUILD_SERVER:[A-Z]*=\(ON\|TRUE\|YES\|1\)$' "$build_dir/CMakeCache.txt"; then
    programs+=(llama-server)
fi
cmake --build "$build_dir" --config Release --target llama "${programs[@]}" \
    --parallel "${JOBS:-$(getconf _NPROCESSORS_ONLN)}"

# llama.cpp puts all of them, and nothing else, into bin.
cp -P "$build_dir"/bin/lib* "${programs[@]/#/$build_dir/bin/}" "$out_dir"/

echo "built: rackmark run --llama-lib $out_dir"
