#!/usr/bin/env bash
# Exercises every path that needs an NVIDIA GPU, one step after the other, in under eight minutes.
#
#   tools/gpu-check/run.sh [--out DIR] [--device cuda:0] [--torch-lib DIR] [--llama-lib DIR]
#
# Works on a machine without network from a tree that is built already (RACKMARK_CUDA=1). Each step
# leaves NAME.log and NAME.rc in the folder; steps.tsv lists them. Goes on after a failure and ends
# with 1 if any step failed. See README.md beside this file.
set -uo pipefail

home=$(cd "$(dirname "$0")/../.." && pwd -P) || exit 3
out=$home/results/gpu/$(date -u +%Y%m%dT%H%M%SZ)
device=cuda:0
torch_lib=
llama_lib=
model=${RACKMARK_GPU_CHECK_MODEL:-embedded}
limit=${RACKMARK_GPU_CHECK_SECONDS:-470}

usage() {
  sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//' >&2
  exit 2
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
    --out) out=$2 ;;
    --device) device=$2 ;;
    --torch-lib) torch_lib=$2 ;;
    --llama-lib) llama_lib=$2 ;;
    *) usage ;;
  esac
  shift 2
done

[ -d "$home/target/rackmark/lib" ] || {
  echo "gpu-check: nothing is built in $home; run 'RACKMARK_CUDA=1 ./rackmark engines' where there is a network and carry the folder here" >&2
  exit 3
}
mkdir -p "$out" || exit 3
out=$(cd "$out" && pwd -P)
# A copied tree has new times; without this the launcher would build it again.
touch "$home/target/rackmark/.built"
export RACKMARK_CACHE=${RACKMARK_CACHE:-$out/cache} RACKMARK_STORE=$out/runs.db
[ -f "$home/target/rackmark/.cuda" ] && export RACKMARK_CUDA=1

started=$SECONDS
failed=0
printf 'step\trc\tseconds\n' >"$out/steps.tsv"

# step NAME SECONDS COMMAND... : at most SECONDS, and no longer than what is left of the whole.
step() {
  local name=$1 most=$2 left rc begun=$SECONDS
  shift 2
  left=$((limit - (SECONDS - started)))
  [ "$left" -lt "$most" ] && most=$left
  if [ "$most" -lt 5 ]; then
    echo "no time left" >"$out/$name.log"
    rc=124
  else
    { printf '$'; printf ' %q' "$@"; printf '\n'; } >"$out/$name.log"
    timeout --kill-after=5 "$most" "$@" >>"$out/$name.log" 2>&1 </dev/null
    rc=$?
  fi
  echo "$rc" >"$out/$name.rc"
  printf '%s\t%s\t%s\n' "$name" "$rc" "$((SECONDS - begun))" >>"$out/steps.tsv"
  [ "$rc" -eq 0 ] || failed=$((failed + 1))
  printf '%-28s rc %-3s %3d s\n' "$name" "$rc" "$((SECONDS - begun))"
}

rackmark() {
  local name=$1 most=$2
  shift 2
  step "$name" "$most" "$home/rackmark" "$@"
}

# speed NAME ENGINE PRECISION [OPTION...]: a short run, with energy where there is a meter.
speed() {
  local name=$1 engine=$2 precision=$3
  shift 3
  rackmark "$name" 60 run --workload speed --engine "$engine" --model "$model" \
    --precision "$precision" --device "$device" --context 512 --repeats 1 --requests 3 \
    --warm-ups 3 --steady-percent 0 --prompt-tokens 128 --output-tokens 64 --require-all "$@"
}

step driver 20 nvidia-smi -q
rackmark engines 60 engines
rackmark doctor 60 doctor

# The meter apart from the engines: it reads the GPU's counter while the CPU computes.
rackmark energy-nvml 60 run --workload speed --engine onnxruntime --model "$model" \
  --precision int4 --context 512 --repeats 1 --requests 3 --warm-ups 3 --steady-percent 0 \
  --prompt-tokens 128 --output-tokens 64 --meters nvml --idle-seconds 10 --require-all

for precision in f16 f32; do
  rackmark "onnx-cuda-verify-$precision" 60 models verify "$model" --engine onnxruntime \
    --precision "$precision" --device "$device"
done
rackmark onnx-tensorrt-basic 90 models verify "$model" --engine onnxruntime --precision f32 \
  --device "$device" --option provider=tensorrt
# In 16 bits the f32 bound does not hold, so these run rather than verify; the second finds the
# engines of the first in the cache.
for round in first second; do
  speed "onnx-tensorrt-optimised-$round" onnxruntime f32 --option provider=tensorrt \
    --option tensorrt=optimised
done
speed onnx-cuda-speed-f16 onnxruntime f16

torch=()
[ -n "$torch_lib" ] && torch=(--option "lib=$torch_lib")
for precision in f32 bf16 f16; do
  rackmark "pytorch-cuda-verify-$precision" 60 models verify "$model" --engine pytorch \
    --precision "$precision" --device "$device" ${torch[@]+"${torch[@]}"}
done
speed pytorch-cuda-speed-f16 pytorch f16 ${torch[@]+"${torch[@]}"}

llama=()
[ -n "$llama_lib" ] && llama=(--option "lib=$llama_lib")
for precision in f16 q8_0; do
  rackmark "llamacpp-cuda-verify-$precision" 60 models verify "$model" --engine llamacpp \
    --precision "$precision" --device "$device" ${llama[@]+"${llama[@]}"}
done
speed llamacpp-cuda-speed-f16 llamacpp f16 ${llama[@]+"${llama[@]}"}

echo "$failed steps failed; raw output is in $out"
[ "$failed" -eq 0 ]
