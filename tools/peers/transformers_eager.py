"""Speed of Hugging Face transformers, eager, on one checkpoint: a JSON object of tokens per second.

One request is a prompt of random ids and greedy decoding by the model's own forward pass with a
DynamicCache. Prefill is prompt tokens over the time to the first token, decode the tokens after it
over their time: the definitions of docs/methodology.md.
"""

import argparse
import json
import time

import torch
from transformers import AutoModelForCausalLM, DynamicCache


def request(model, ids, output):
    """One request on ids [1, prompt]; returns (prefill, decode) in tokens/s."""
    cache = DynamicCache(config=model.config)
    begin = time.perf_counter()
    step = model(ids, past_key_values=cache, logits_to_keep=1)
    token = step.logits[:, -1:].argmax(-1)
    token.item()
    first = time.perf_counter()
    for _ in range(output - 1):
        step = model(token, past_key_values=cache, logits_to_keep=1)
        token = step.logits[:, -1:].argmax(-1)
        token.item()
    end = time.perf_counter()
    return ids.shape[1] / (first - begin), (output - 1) / (end - first)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="directory of the checkpoint")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--output", type=int, default=64)
    parser.add_argument("--requests", type=int, default=3)
    parser.add_argument("--attention", choices=["eager", "sdpa"], default="eager")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_pretrained(
        arguments.model,
        dtype=getattr(torch, arguments.dtype),
        attn_implementation=arguments.attention,
    ).eval()
    prefill, decode = [], []
    with torch.inference_mode():
        for i in range(arguments.requests + 1):
            ids = torch.randint(0, model.config.vocab_size, (1, arguments.prompt))
            speeds = request(model, ids, arguments.output)
            if i > 0:  # the first one warms up
                prefill.append(speeds[0])
                decode.append(speeds[1])
    print(json.dumps({"prefill": prefill, "decode": decode, "library": "torch " + torch.__version__}))


if __name__ == "__main__":
    main()
