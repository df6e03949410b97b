"""Speed of onnxruntime-genai on one export: a JSON object of tokens per second.

The export comes from onnxruntime-genai's own builder (see README.md). One request is a prompt of
random ids and greedy decoding. Prefill is prompt tokens over the time to the first token, decode
the tokens after it over their time: the definitions of docs/methodology.md.
"""

import argparse
import json
import time

import numpy
import onnxruntime_genai


def request(model, ids, output):
    """One request on ids [prompt]; returns (prefill, decode) in tokens/s."""
    length = len(ids) + output
    parameters = onnxruntime_genai.GeneratorParams(model)
    # min_length keeps random weights from ending early.
    parameters.set_search_options(do_sample=False, min_length=length, max_length=length)
    generator = onnxruntime_genai.Generator(model, parameters)
    begin = time.perf_counter()
    generator.append_tokens(ids)
    generator.generate_next_token()
    generator.get_next_tokens()
    first = time.perf_counter()
    for _ in range(output - 1):
        generator.generate_next_token()
        generator.get_next_tokens()
    end = time.perf_counter()
    return len(ids) / (first - begin), (output - 1) / (end - first)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="directory of the export")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--output", type=int, default=64)
    parser.add_argument("--requests", type=int, default=3)
    arguments = parser.parse_args()
    config = onnxruntime_genai.Config(arguments.model)
    config.overlay(
        json.dumps(
            {"model": {"decoder": {"session_options": {"intra_op_num_threads": arguments.threads}}}}
        )
    )
    model = onnxruntime_genai.Model(config)
    vocabulary = json.load(open(f"{arguments.model}/genai_config.json"))["model"]["vocab_size"]
    random = numpy.random.default_rng(7)
    prefill, decode = [], []
    for i in range(arguments.requests + 1):
        ids = random.integers(0, vocabulary, arguments.prompt, dtype=numpy.int32)
        speeds = request(model, ids, arguments.output)
        if i > 0:  # the first one warms up
            prefill.append(speeds[0])
            decode.append(speeds[1])
    library = "onnxruntime-genai " + onnxruntime_genai.__version__
    print(json.dumps({"prefill": prefill, "decode": decode, "library": library}))


if __name__ == "__main__":
    main()
