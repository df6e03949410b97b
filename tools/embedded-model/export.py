"""Writes a training checkpoint as a Hugging Face folder (bf16 safetensors and configs)."""

import argparse
import json
import os
import shutil

import torch

import checkpoint

TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\n' }}{% endif %}"
)
START, STOP = "<|im_start|>", "<|im_end|>"
PAD = "<|endoftext|>"


def model_config(config, special):
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        **{key: config[key] for key in ("vocab_size", "hidden_size", "intermediate_size")},
        "num_hidden_layers": config["num_hidden_layers"],
        "num_attention_heads": config["num_attention_heads"],
        "num_key_value_heads": config["num_key_value_heads"],
        "head_dim": config["head_dim"],
        "hidden_act": "silu",
        "max_position_embeddings": config["max_position_embeddings"],
        "rms_norm_eps": config["rms_norm_eps"],
        "rope_theta": config["rope_theta"],
        "rope_scaling": None,
        "attention_bias": False,
        "mlp_bias": False,
        "attention_dropout": 0.0,
        "initializer_range": 0.02,
        "pretraining_tp": 1,
        "tie_word_embeddings": True,
        "use_cache": True,
        "bos_token_id": special[PAD],
        "eos_token_id": special[STOP],
        "pad_token_id": special[PAD],
        "torch_dtype": "bfloat16",
    }


def generation_config(special):
    return {
        "bos_token_id": special[PAD],
        "eos_token_id": special[STOP],
        "pad_token_id": special[PAD],
        "do_sample": False,
        "max_new_tokens": 256,
    }


def tokenizer_config(special):
    flags = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
    added = {
        str(index): {"content": content, **flags, "special": True}
        for content, index in special.items()
    }
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "add_prefix_space": False,
        "add_bos_token": False,
        "add_eos_token": False,
        "bos_token": PAD,
        "eos_token": STOP,
        "pad_token": PAD,
        "unk_token": PAD,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 2048,
        "added_tokens_decoder": added,
        "chat_template": TEMPLATE,
    }


def special_tokens():
    return {
        "bos_token": PAD,
        "eos_token": STOP,
        "pad_token": PAD,
        "unk_token": PAD,
        "additional_special_tokens": [START, STOP],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", help="training checkpoint (.pt)")
    parser.add_argument("--tokenizer", required=True, help="tokenizer.json to ship")
    parser.add_argument("--out", required=True, help="folder to write")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    saved = torch.load(options.state, weights_only=True)
    config = saved["config"]
    tensors = checkpoint.to_hugging_face(saved["model"], config)
    checkpoint.write_safetensors(os.path.join(options.out, "model.safetensors"), tensors)
    target = os.path.join(options.out, "tokenizer.json")
    if os.path.abspath(options.tokenizer) != os.path.abspath(target):
        shutil.copyfile(options.tokenizer, target)
    with open(target, encoding="utf-8") as file:
        special = {token["content"]: token["id"] for token in json.load(file)["added_tokens"]}
    files = {
        "config.json": model_config(config, special),
        "generation_config.json": generation_config(special),
        "tokenizer_config.json": tokenizer_config(special),
        "special_tokens_map.json": special_tokens(),
    }
    for name, content in files.items():
        with open(os.path.join(options.out, name), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
    parameters = sum(tensor.numel() for tensor in tensors.values())
    print(f"step {saved['step']}: {parameters} parameters written to {options.out}")


if __name__ == "__main__":
    main()
