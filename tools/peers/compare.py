"""Rackmark's engines against the library people would otherwise use, in turns on one checkpoint.

Each round runs the peer and then the engine, in fresh processes, with the same lengths, precision
and threads, and prints the ratio of their tokens per second (engine over peer; above 1, the engine
is faster). The medians of the rounds come last. Use an otherwise idle machine.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LAUNCHER = HERE.parent.parent / "rackmark"
SPEEDS = {"prefill": "prefill_speed", "decode": "output_speed"}


def lengths(arguments):
    return {
        "threads": arguments.threads,
        "prompt": arguments.prompt,
        "output": arguments.output,
        "requests": arguments.requests,
    }


def peer(arguments):
    """Mean tokens/s of prefill and decode."""
    options = [f"--{name}={value}" for name, value in lengths(arguments).items()]
    if arguments.peer == "transformers":
        dtype = {"f32": "float32", "bf16": "bfloat16"}[arguments.precision]
        command = [HERE / "transformers_eager.py", arguments.model, "--dtype", dtype]
    else:
        command = [HERE / "onnxruntime_genai_speed.py", arguments.export]
    printed = run([sys.executable, *command, *options])
    answer = json.loads(printed.splitlines()[-1])
    return {name: statistics.mean(answer[name]) for name in SPEEDS}


def engine(arguments, store):
    """Mean tokens/s of prefill and decode."""
    name = "pytorch" if arguments.peer == "transformers" else "onnxruntime"
    command = [LAUNCHER, "run", "--json", "--store", store, "--workload", "speed"]
    command += ["--engine", name, "--model", arguments.model, "--precision", arguments.precision]
    command += ["--threads", arguments.threads, "--concurrency", 1, "--repeats", 1]
    command += ["--prompt-tokens", arguments.prompt, "--output-tokens", arguments.output]
    command += ["--requests", arguments.requests, "--warm-ups", 0, "--steady-percent", 0]
    command += ["--meters", "none"]
    for option in arguments.option:
        command += ["--option", option]
    report = json.loads(run(command))
    found = {figure["metric"]: figure["value"] for figure in report["systems"][0]["figures"]}
    return {name: found[metric] for name, metric in SPEEDS.items()}


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=["transformers", "onnxruntime-genai"])
    parser.add_argument("model", help="directory of the checkpoint")
    parser.add_argument("--export", help="directory onnxruntime-genai's builder wrote")
    parser.add_argument("--precision", default="f32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--output", type=int, default=64)
    parser.add_argument("--requests", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--option", action="append", default=[], help="of the engine, KEY=VALUE")
    arguments = parser.parse_args()
    if arguments.peer == "onnxruntime-genai" and not arguments.export:
        parser.error("onnxruntime-genai needs --export")
    ratios = {name: [] for name in SPEEDS}
    with tempfile.TemporaryDirectory() as folder:
        store = pathlib.Path(folder) / "runs.db"
        engine(arguments, store)  # converts, and fills the caches
        for number in range(1, arguments.rounds + 1):
            theirs, ours = peer(arguments), engine(arguments, store)
            line = f"round {number}:"
            for name, values in ratios.items():
                values.append(ours[name] / theirs[name])
                line += f"  {name} {theirs[name]:.1f} | {ours[name]:.1f} tok/s | {values[-1]:.3f}"
            print(line, flush=True)
    medians = "  ".join(f"{name} {statistics.median(v):.3f}" for name, v in ratios.items())
    print(f"median ratio, engine over {arguments.peer}:  {medians}")


if __name__ == "__main__":
    main()
